"""What observers and officers type."""

from __future__ import annotations

from wtforms import BooleanField, MultipleFileField, RadioField, SelectChoice, TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.observation import words
from portal.observation.commands import Photo, ReportData
from portal.observation.models import Grade
from portal.web.forms import MaxLength, PortalForm, Required


class SignUpForm(PortalForm):
    """Asking for a place."""

    has_no_interest = BooleanField(
        _l(
            "I declare that neither I nor my family bid here, work for a bidder, or gain or lose by who wins; and that I "
            "keep what I see of bids to myself until the winner is announced."
        )
    )


class ReasonForm(PortalForm):
    """Why a place is declined."""

    reason = TextAreaField(
        _l("Reason"), [Required(), MaxLength(500)], description=_l("The resident reads it.")
    )


class ReportForm(PortalForm):
    """What an observer saw."""

    seen = TextAreaField(
        _l("What I saw"),
        [Required(), MaxLength(5000)],
        description=_l("Who was there, what was done, in which order. Only what you saw yourself."),
    )
    grade = RadioField(
        _l("My judgement"),
        [Required()],
        choices=lambda: [SelectChoice(grade.value, str(shown[0])) for grade, shown in words.GRADES.items()],
    )
    concerns = TextAreaField(
        _l("Question or concern"),
        [MaxLength(5000)],
        description=_l("Needed when you have a question or a concern; the office must answer it."),
    )
    photos = MultipleFileField(
        _l("Pictures"),
        description=_l(
            "Up to 6 (JPEG, PNG, WebP). Place and time that the camera wrote into them are taken out."
        ),
    )
    is_private = BooleanField(
        _l("Keep my report from the public"),
        description=_l("Then only the office that must answer and you can read it."),
    )

    @property
    def content(self) -> ReportData:
        """What was typed, as the command takes it."""
        return ReportData(
            seen=self.seen.data or "",
            grade=Grade(self.grade.data),
            concerns=self.concerns.data or "",
            is_public=not self.is_private.data,
            photos=[
                Photo(one.stream, one.filename)
                for one in self.photos.data or []
                if getattr(one, "filename", "")
            ],
        )


class AnswerForm(PortalForm):
    """The office's answer to a report."""

    body = TextAreaField(_l("Answer"), [Required(), MaxLength(5000)])
