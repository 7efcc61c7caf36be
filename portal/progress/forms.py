"""What officers type: the head of a sheet, a report, a reason."""

from __future__ import annotations

from typing import Any

from wtforms import (
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from portal.core import thai
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.progress import words
from portal.progress.commands import HeadData, OwnWords, Photo, ReportData
from portal.progress.models import WHOLE, Moment
from portal.web.forms import BahtField, CountField, DayField, MaxLength, PortalForm, Required


def _number(given: str | None) -> int:
    """A version as the page carried it; 0, which no row has, when it is missing or damaged."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else 0


class PercentField(StringField):
    """A percentage with at most two places, Thai digits welcome; ``data`` is in hundredths of a percent."""

    keeps_raw = True

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else words.percent(int(self.data)).rstrip("%")

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        text = thai.arabic_digits(str(valuelist[0])).strip().rstrip("%").strip() if valuelist else ""
        if not text:
            return
        whole, _point, rest = text.partition(".")
        if not (whole.isascii() and whole.isdigit() and len(whole) <= 3) or not (
            rest == "" or (rest.isascii() and rest.isdigit() and len(rest) <= 2)
        ):
            raise ValidationError(_("Write a percentage such as 65 or 33.50."))
        self.data = int(whole) * 100 + int(rest.ljust(2, "0"))
        if self.data > WHOLE:
            raise ValidationError(_("A percentage lies between 0 and 100."))


class OwnForm(PortalForm):
    """What the plan would say of a project; it stands before who keeps it, as the fields are declared."""

    name = StringField(_l("Name"), [Required(), MaxLength(500)])
    code = StringField(_l("Code"), [Required(), MaxLength(200)])
    fiscal_year = CountField(_l("Fiscal year (B.E.)"), [Required()], high=3000)
    starts_on = DayField(_l("Starts on"), [Required()])
    ends_on = DayField(_l("Ends on"), [Required()])
    received_satang = BahtField(_l("Budget received"), [Required()])
    rationale = TextAreaField(_l("Rationale"), [MaxLength(5000)])
    objectives = TextAreaField(_l("Objectives"), [MaxLength(5000)])
    targets = TextAreaField(_l("Targets"), [MaxLength(5000)])
    strategy = TextAreaField(_l("Strategy it serves"), [MaxLength(5000)])


class HeadForm(PortalForm):
    """Who is responsible, and the plan of the year."""

    version = HiddenField()
    agency = StringField(_l("Agency"), [Required(), MaxLength(500)])
    division = StringField(_l("Division or section"), [MaxLength(500)])
    group = StringField(_l("Group of work"), [MaxLength(500)])
    responsible = StringField(
        _l("Responsible officer"),
        [Required(), MaxLength(200)],
        description=_l("The post, not a name."),
    )
    responsible_phone = StringField(_l("Telephone extension of the responsible officer"), [MaxLength(200)])
    coordinator = StringField(
        _l("Coordinator at the strategy office"),
        [MaxLength(200)],
        description=_l("The post, not a name."),
    )
    coordinator_phone = StringField(_l("Telephone extension of the coordinator"), [MaxLength(200)])
    first = PercentField(_l("Planned by 31 December, in percent"), [Required()])
    second = PercentField(_l("Planned by 31 March, in percent"), [Required()])
    third = PercentField(_l("Planned by 30 June, in percent"), [Required()])
    fourth = PercentField(_l("Planned by 30 September, in percent"), [Required()])

    @property
    def shown_version(self) -> int:
        """The version of the sheet the page showed."""
        return _number(self.version.data)

    @property
    def head(self) -> HeadData:
        """What was typed, as the command takes it."""
        return HeadData(
            agency=self.agency.data or "",
            responsible=self.responsible.data or "",
            division=self.division.data or "",
            group=self.group.data or "",
            responsible_phone=self.responsible_phone.data or "",
            coordinator=self.coordinator.data or "",
            coordinator_phone=self.coordinator_phone.data or "",
            planned=[one.data or 0 for one in (self.first, self.second, self.third, self.fourth)],
        )


class BureauForm(OwnForm, HeadForm):
    """A project of one of the city's bureaus."""

    @property
    def own(self) -> OwnWords:
        """What was typed, as the command takes it."""
        return OwnWords(
            name=self.name.data or "",
            code=self.code.data or "",
            fiscal_year=self.fiscal_year.data or 0,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            received_satang=self.received_satang.data or 0,
            rationale=self.rationale.data or "",
            objectives=self.objectives.data or "",
            targets=self.targets.data or "",
            strategy=self.strategy.data or "",
        )


YES, NO = "yes", "no"


def _yes_or_no() -> list[SelectChoice]:
    return [SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))]


class ReportForm(PortalForm):
    """The report of a month."""

    version = HiddenField()
    reported_on = DayField(_l("Day of the report"), [Required()])
    text = TextAreaField(
        _l("What was done"),
        [MaxLength(5000)],
        description=_l("In plain words, since the last report. Everyone can read it."),
    )
    done = PercentField(
        _l("Total done so far, in percent"), [Required()], description=_l("It can never go down.")
    )
    spent_satang = BahtField(_l("Spent this time, in baht"), [Required()])
    is_on_plan = RadioField(_l("Is it on schedule?"), [Required()], choices=_yes_or_no)
    is_on_target = RadioField(_l("Does it reach its target?"), [Required()], choices=_yes_or_no)
    reason = TextAreaField(
        _l("If not: why, and what happens now"),
        [MaxLength(5000)],
        description=_l("Who follows the idea is told of it."),
    )
    over_reason = TextAreaField(_l("Why more is spent than was received"), [MaxLength(5000)])
    correction_reason = TextAreaField(_l("What was wrong in the earlier report"), [MaxLength(5000)])
    photos = MultipleFileField(
        _l("Pictures"),
        description=_l(
            "At most 8 in total (JPEG, PNG, WebP). The place and time recorded by the camera are removed."
        ),
    )
    moment = SelectField(
        _l("When the new pictures were taken"),
        choices=lambda: [SelectChoice(one.value, str(label)) for one, label in words.MOMENTS.items()],
        default=Moment.DURING.value,
    )
    caption = StringField(_l("What the new pictures show"), [MaxLength(500)])

    @property
    def report(self) -> ReportData:
        """What was typed, as the command takes it."""
        return ReportData(
            text=self.text.data or "",
            done=self.done.data or 0,
            reported_on=self.reported_on.data,
            spent_satang=self.spent_satang.data or 0,
            is_on_plan=self.is_on_plan.data != NO,
            is_on_target=self.is_on_target.data != NO,
            reason=self.reason.data or "",
            over_reason=self.over_reason.data or "",
            correction_reason=self.correction_reason.data or "",
            photos=[
                Photo(one.stream, one.filename, Moment(self.moment.data), self.caption.data or "")
                for one in self.photos.data or []
                if getattr(one, "filename", "")
            ],
        )

    @property
    def shown_version(self) -> int | None:
        """The version of the draft the page showed; None where there was none."""
        return _number(self.version.data) or None


class CertifyForm(PortalForm):
    """Certifying the report whose version one has read."""

    version = HiddenField()

    @property
    def shown_version(self) -> int:
        """The version of the draft the page showed."""
        return _number(self.version.data)


class ReasonForm(PortalForm):
    """Why a report is sent back."""

    reason = TextAreaField(
        _l("Reason"), [Required(), MaxLength(1000)], description=_l("Its writer can read it.")
    )
