"""What observers and officers type."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    Form,
    FormField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)

from portal.core import thai
from portal.core.i18n import lazy_gettext as _l
from portal.observation import words
from portal.observation.commands import LONGEST, Finding, Photo, ReportData
from portal.observation.models import Grade
from portal.web.forms import FieldList, MaxLength, PortalForm, Required

ROWS = 5


class SignUpForm(PortalForm):
    """Asking for a place."""

    has_no_interest = BooleanField(words.DECLARATION)


class ReasonForm(PortalForm):
    """Why a place is declined."""

    reason = TextAreaField(
        _l("Reason"), [Required(), MaxLength(500)], description=_l("The resident can read it.")
    )


class CodeForm(PortalForm):
    """A code that is read off a screen, a sheet of paper or somebody's phone."""

    code = StringField(_l("Code"), [Required(), MaxLength(20)])


class FindingForm(Form):
    """One thing the observer noticed."""

    grade = RadioField(
        _l("My assessment"),
        default=Grade.NO_CONCERN.value,
        choices=lambda: [SelectChoice(grade.value, str(shown[0])) for grade, shown in words.GRADES.items()],
    )
    text = TextAreaField(_l("What I noticed"), [MaxLength(LONGEST)])

    @property
    def finding(self) -> Finding:
        """What was typed, as the command takes it."""
        return Finding(Grade(self.grade.data), thai.normalise(self.text.data or "").strip())


class ReportForm(PortalForm):
    """What an observer saw."""

    seen = TextAreaField(
        _l("What I saw"),
        [Required(), MaxLength(LONGEST)],
        description=_l("Who was there, what was done, in which order. Only what you saw yourself."),
    )
    findings = FieldList(FormField(FindingForm), _l("Findings"), min_entries=ROWS, max_entries=20)
    photos = MultipleFileField(
        _l("Pictures"),
        description=_l("Up to 6 (JPEG, PNG, WebP). The place and time recorded by the camera are removed."),
    )
    is_private = BooleanField(
        _l("Keep my report from the public"),
        description=_l(
            "Then only you and the office that must answer can read it; everyone sees that there is a report, and its grade."
        ),
    )

    def content(self, corrects_id: int | None) -> ReportData:
        """What was typed, as the command takes it."""
        given: list[Any] = self.photos.data or []
        return ReportData(
            seen=self.seen.data or "",
            findings=[row.form.finding for row in self.findings.entries],
            is_public=not self.is_private.data,
            photos=[Photo(one.stream, one.filename) for one in given if getattr(one, "filename", "")],
            corrects_id=corrects_id,
        )


class AnswerForm(PortalForm):
    """The office's answer to a report."""

    body = TextAreaField(_l("Answer"), [Required(), MaxLength(LONGEST)])
