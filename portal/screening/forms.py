"""What officers and leaders type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.body import Rules
from portal.screening import words
from portal.screening.decisions import DecisionData
from portal.screening.models import Answer, Outcome
from portal.web.forms import BahtField, CountField, DayField, MaxLength, PortalForm, Required, TimeField

LONG = 4000


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


class VersionedForm(PortalForm):
    """A form that remembers which version of the case it was opened on."""

    version = HiddenField()

    @property
    def expected(self) -> int | None:
        """The version the page was opened on; None for a damaged one, which then conflicts with nothing."""
        value = self.version.data or ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1

    def renew(self, version: int) -> None:
        """After a conflict: the next sending is meant for the case as it now stands."""
        self.version.raw_data = None
        self.version.data = str(version)


class CardForm(VersionedForm):
    """The criteria card. :func:`card_form` adds ``answer_<key>`` and ``reason_<key>`` for each criterion asked."""

    criteria: tuple[Any, ...] = ()

    def answers(self) -> dict[str, tuple[Answer, str]]:
        """What has been answered so far, by criterion."""
        found = {}
        for one in self.criteria:
            chosen = self[f"answer_{one.key}"].data
            if chosen:
                found[one.key] = (Answer(chosen), self[f"reason_{one.key}"].data or "")
        return found


def card_form(rules: Rules, card: Mapping[str, Any], version: int, *, with_merit: bool) -> CardForm:
    """The card's form for the frozen criteria, filled with what was answered before."""
    criteria = tuple(one for one in rules.criteria if one.group == "formal" or with_merit)
    answers = [SelectChoice(answer.value, label) for answer, label in words.ANSWERS.items()]
    fields: dict[str, Any] = {"criteria": criteria}
    given: dict[str, Any] = {"version": str(version)}
    for one in criteria:
        fields[f"answer_{one.key}"] = RadioField(
            one.text(language()), choices=answers, validate_choice=False, filters=[_known_answer]
        )
        fields[f"reason_{one.key}"] = TextAreaField(_l("Reason"), [MaxLength(LONG)])
        if one.key in card:
            given[f"answer_{one.key}"] = card[one.key].answer.value
            given[f"reason_{one.key}"] = card[one.key].reason
    form: CardForm = type("AskedCard", (CardForm,), fields)(data=given)
    return form


def _known_answer(value: Any) -> Any:
    return value if value in {answer.value for answer in Answer} else None


class AssignForm(PortalForm):
    """Give the ticked cases to somebody."""

    person_id = SelectField(_l("Assign to"), coerce=_number, validate_choice=False)
    case_ids = SelectMultipleField(_l("Items"), coerce=int, validate_choice=False)

    def offer(self, people: Sequence[Any]) -> None:
        """Fill in who can be chosen."""
        self.person_id.choices = [
            SelectChoice("", _("Nobody")),
            *(SelectChoice(row.id, row.name) for row in people),
        ]


class OneButtonForm(PortalForm):
    """A move without words."""


class ReasonForm(PortalForm):
    """A move that needs a reason."""

    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(LONG)])


class CorrectionRequestForm(PortalForm):
    """What the community is to correct, and by when."""

    request = TextAreaField(_l("What to correct"), [Required(), MaxLength(LONG)])
    due_on = DayField(_l("By this date"), [Required()])

    @property
    def day(self) -> dt.date:
        """The due day, once it is there."""
        return cast(dt.date, self.due_on.data)


class AgencyForm(PortalForm):
    """What another agency is asked."""

    agency = StringField(_l("Agency"), [Required(), MaxLength(500)])
    request = TextAreaField(_l("Question"), [Required(), MaxLength(LONG)])
    due_on = DayField(_l("By this date"), [Required()])

    @property
    def day(self) -> dt.date:
        """The due day, once it is there."""
        return cast(dt.date, self.due_on.data)


class AnswerForm(PortalForm):
    """An answer to what was asked."""

    answer = TextAreaField(_l("Answer"), [Required(), MaxLength(LONG)])


class AppealForm(PortalForm):
    """The grounds of an appeal."""

    grounds = TextAreaField(
        _l("What was overlooked or judged wrongly"),
        [Required(), MaxLength(LONG)],
        description=_l("Cite facts, documents or the wording of the card. You can appeal once."),
    )


class DecisionForm(VersionedForm):
    """A decision of any outcome; what belongs to another outcome than the chosen one is ignored."""

    outcome = RadioField(
        _l("Decision"),
        [Required(_l("Choose a decision."))],
        choices=[SelectChoice(outcome.value, label) for outcome, label in words.OUTCOMES.items()],
        validate_choice=True,
    )
    accepted_satang = BahtField(_l("Amount accepted"))
    changes = TextAreaField(_l("What changes"), [MaxLength(LONG)])
    merge_into_item_id = SelectField(_l("Merged with"), coerce=_number, validate_choice=False)
    agency = StringField(_l("Agency"), [MaxLength(500)])
    agency_reply = TextAreaField(_l("What the agency has answered"), [MaxLength(LONG)])
    defer_to_year = CountField(_l("Put off to fiscal year (B.E.)"), high=2700)
    reason_code = SelectField(_l("Kind of reason"), validate_choice=False)
    reason = TextAreaField(
        _l("Reason in plain words"),
        [Required(_l("Give the reason in plain words: the community reads it.")), MaxLength(LONG)],
        description=_l(
            "What was considered and why it was decided this way. Everyone will be able to read this."
        ),
    )

    def offer(self, targets: Sequence[Any]) -> None:
        """Fill in the reason codes and the items to merge with."""
        self.reason_code.choices = [
            SelectChoice("", _("Choose one")),
            *(SelectChoice(code, str(label)) for code, label in words.REASONS.items()),
        ]
        self.merge_into_item_id.choices = [
            SelectChoice("", _("Choose one")),
            *(SelectChoice(one.row.item_id, f"{one.row.title} ({one.row.community})") for one in targets),
        ]

    def decision(self) -> DecisionData:
        """What was typed, as the command takes it."""
        return DecisionData(
            outcome=Outcome(self.outcome.data),
            reason_code=self.reason_code.data or "",
            reason=self.reason.data or "",
            accepted_satang=self.accepted_satang.data,
            changes=self.changes.data or "",
            merge_into_item_id=self.merge_into_item_id.data,
            agency=self.agency.data or "",
            agency_reply=self.agency_reply.data or "",
            defer_to_year=self.defer_to_year.data,
        )


class AppealAnswerForm(DecisionForm):
    """The answer to an appeal: the first decision stands, or a new one takes its place."""

    stands = RadioField(
        _l("Answer to the appeal"),
        [Required(_l("Choose whether the decision stands."))],
        choices=[
            SelectChoice("yes", _l("The decision stands, for the reason given below")),
            SelectChoice("no", _l("The decision is changed as written below")),
        ],
    )
    outcome = RadioField(
        _l("New decision"),
        choices=[SelectChoice(outcome.value, label) for outcome, label in words.OUTCOMES.items()],
        validate_choice=False,
    )

    def validate_outcome(self, field: Any) -> None:
        """Asked only where the decision changes."""
        if self.stands.data == "no" and field.data not in {outcome.value for outcome in Outcome}:
            raise ValidationError(_("Choose a decision."))


class ConfirmForm(VersionedForm):
    """The second pair of eyes agrees."""


class ConfirmManyForm(PortalForm):
    """The second pair of eyes agrees with several; each pick is ``case:version`` as it was looked at."""

    picks = SelectMultipleField(_l("Proposals"), coerce=str, validate_choice=False)

    def versions(self) -> dict[int, int]:
        """Case → version; damaged picks are left out."""
        pairs = (pick.split(":") for pick in self.picks.data or [])
        return {
            int(pair[0]): int(pair[1])
            for pair in pairs
            if len(pair) == 2 and all(one.isascii() and one.isdigit() and len(one) < 16 for one in pair)
        }


class ProposeManyForm(DecisionForm, ConfirmManyForm):
    """One decision for the ticked items; only outcomes that many can share."""

    picks = SelectMultipleField(_l("Items"), coerce=str, validate_choice=False)

    def share(self, outcomes: Sequence[Outcome]) -> None:
        """Fill in what can be chosen."""
        self.offer([])
        self.outcome.choices = [SelectChoice(one.value, words.OUTCOMES[one]) for one in outcomes]


class ReleaseForm(PortalForm):
    """Which decisions go out, and when."""

    case_ids = SelectMultipleField(_l("Decisions"), coerce=int, validate_choice=False)
    when = RadioField(
        _l("When"),
        [Required()],
        choices=[SelectChoice("now", _l("Now")), SelectChoice("at", _l("At a set time"))],
        default="now",
    )
    day = DayField(_l("Day"))
    time = TimeField(_l("Time"))

    def validate_day(self, field: Any) -> None:
        """A set time needs its day."""
        if self.when.data == "at" and field.data is None and not field.errors:
            raise ValidationError(_("Write the day like 21/11/2026."))

    def validate_time(self, field: Any) -> None:
        """A set time needs its time of day."""
        if self.when.data == "at" and field.data is None and not field.errors:
            raise ValidationError(_("Write the time like 16:30."))

    def instant(self) -> Any:
        """The set instant; None for now."""
        if self.when.data != "at" or self.day.data is None or self.time.data is None:
            return None
        return clock.at(self.day.data, self.time.data.hour, self.time.data.minute)


class SheetForm(PortalForm):
    """A workbook filled in."""

    file = FileField(_l("Filled-in spreadsheet (XLSX)"), [FileRequired(_l("Choose a file."))])


class OverruleForm(PortalForm):
    """Rows in conflict for which the workbook is to stand."""

    overruled = SelectMultipleField(_l("Replace it with mine"), coerce=int, validate_choice=False)


class NodeForm(PortalForm):
    """One line of a strategy."""

    node_id = RadioField(_l("Strategy line"), coerce=_number, validate_choice=False)

    def offer(self, lines: Sequence[Any]) -> None:
        """Fill in the lines found."""
        self.node_id.choices = [
            SelectChoice(line.id, f"{line.number} {line.title}".strip()) for line in lines
        ]
