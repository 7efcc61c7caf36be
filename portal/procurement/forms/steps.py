"""What officers type about a process and its steps. Fields are called like the columns and the keys of refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.procurement import words
from portal.procurement.commands import (
    BRINGS,
    MAY_BRING,
    Correction,
    Outcome,
    Override,
    ProcessData,
    RuleWarning,
    StepPlan,
    Upload,
)
from portal.procurement.models import Category, Step
from portal.procurement.rules import Warned
from portal.procurement.steps import COMMITTEES, WINDOWS
from portal.web.forms import BahtField, CountField, DayField, MaxLength, PortalForm, Required, TimeField


class OverrideForm(PortalForm):
    """A form whose command may warn: then the reason and the signer are asked for."""

    warnings: Sequence[Warned] = ()

    override_reason = TextAreaField(_l("Why you are going ahead anyway"), [MaxLength(2000)])
    override_signer = StringField(
        _l("Who signed"), [MaxLength(200)], description=_l("Post and name, such as: director of the district")
    )

    def refuse(self, refused: Invalid) -> None:
        if isinstance(refused, RuleWarning):
            self.warnings = refused.warnings
        super().refuse(refused)

    @property
    def override(self) -> Override | None:
        """What was given to go on; None when nothing was."""
        given = Override(self.override_reason.data or "", self.override_signer.data or "")
        return given if given.reason or given.signer else None

    def keep_only(self, wanted: Iterable[str]) -> None:
        """Leave out the fields a step does not ask for."""
        always = {"form_token", "csrf_token", "override_reason", "override_signer", *wanted}
        for name in [name for name in self._fields if name not in always]:
            del self[name]


def _choices(names: Mapping[Any, object]) -> list[SelectChoice]:
    """Choices in the reader's language."""
    return [SelectChoice(str(key), str(label)) for key, label in names.items()]


def _upload(field: Any) -> Upload | None:
    given = field.data
    return Upload(given.stream, given.filename) if given and getattr(given, "filename", "") else None


_PDF_OR_PICTURE = _l("PDF, or a picture (JPEG, PNG, WebP); at most 10 MB.")


class ProcessForm(OverrideForm):
    """A new process."""

    projects = SelectMultipleField(
        _l("Projects it buys for"),
        [Required(_l("Choose at least one project."))],
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    title = StringField(_l("What is bought"), [Required(), MaxLength(500)])
    description = TextAreaField(_l("In a few sentences"), [MaxLength(5000)])
    way = SelectField(
        _l("Method"),
        [Required()],
        choices=lambda: _choices({key: way.label for key, way in words.WAYS.items()}),
    )
    category = SelectField(_l("Kind"), [Required()], choices=lambda: _choices(words.CATEGORIES))
    budget_satang = BahtField(_l("Budget"), [Required()])
    egp_number = StringField(_l("e-GP project number"), [MaxLength(200)])
    begins_on = DayField(
        _l("First date of a lawful plan"),
        description=_l("With a date here, every step gets the earliest lawful date from then on."),
    )

    @property
    def content(self) -> ProcessData:
        """What was typed, as the command takes it."""
        way = words.WAYS[self.way.data]
        return ProcessData(
            title=self.title.data or "",
            description=self.description.data or "",
            method=way.method,
            method_details=way.details,
            category=Category(self.category.data),
            budget_satang=self.budget_satang.data or 0,
            egp_number=self.egp_number.data or "",
            begins_on=self.begins_on.data,
        )


class EditForm(OverrideForm):
    """The facts of a process, to be put right."""

    version = HiddenField()
    title = StringField(_l("What is bought"), [Required(), MaxLength(500)])
    description = TextAreaField(_l("In a few sentences"), [MaxLength(5000)])
    category = SelectField(_l("Kind"), [Required()], choices=lambda: _choices(words.CATEGORIES))
    egp_number = StringField(_l("e-GP project number"), [MaxLength(200)])
    budget_satang = BahtField(_l("Budget"), [Required()])
    median_price_satang = BahtField(_l("Median price"))
    egp_url = StringField(
        _l("Link to the notice in e-GP"),
        [MaxLength(500)],
        description=_l("An https address of gprocurement.go.th or bangkok.go.th."),
    )
    buyer = StringField(
        _l("Buying agency"), [MaxLength(500)], description=_l("Leave empty for the district office itself.")
    )
    unit = StringField(_l("Section or school"), [MaxLength(500)])

    @property
    def expected_version(self) -> int:
        """The version the page showed; 0 when it was tampered with, which no row has."""
        given = self.version.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0

    @property
    def content(self) -> Correction:
        """What was typed, as the command takes it."""
        return Correction(
            title=self.title.data or "",
            description=self.description.data or "",
            category=Category(self.category.data),
            egp_number=self.egp_number.data or "",
            budget_satang=self.budget_satang.data or 0,
            median_price_satang=self.median_price_satang.data,
            egp_url=self.egp_url.data or "",
            buyer=self.buyer.data or "",
            unit=self.unit.data or "",
        )


class PlanForm(OverrideForm):
    """When and where a step is to happen."""

    planned_on = DayField(_l("Planned date"))
    ends_on = DayField(_l("Last day"))
    meets = TimeField(_l("Time of the meeting"), description=_l("24 hours, such as 13:30"))
    place = StringField(_l("Place"), [MaxLength(500)])
    is_open_to_observers = BooleanField(_l("Observers may attend"))
    observer_places = CountField(_l("Places for observers"), high=200)
    reason = StringField(
        _l("Why it is later"),
        [MaxLength(500)],
        description=_l("Needed when the date is later than planned; followers can read it."),
    )

    def fit(self, step: Step) -> None:
        """Only a step that lasts asks for a last day."""
        if step.kind not in WINDOWS:
            self.keep_only(
                {"planned_on", "meets", "place", "is_open_to_observers", "observer_places", "reason"}
            )

    @property
    def content(self) -> StepPlan:
        """What was typed, as the command takes it."""
        return StepPlan(
            planned_on=self.planned_on.data,
            ends_on=self.ends_on.data if "ends_on" in self else None,
            meets=self.meets.data,
            place=self.place.data or "",
            is_open_to_observers=bool(self.is_open_to_observers.data),
            observer_places=self.observer_places.data or 0,
            reason=self.reason.data or "",
        )


class DoForm(OverrideForm):
    """A step has happened."""

    actual_on = DayField(_l("Date it happened"), [Required()])
    ends_on = DayField(_l("Last day"), [Required()])
    committee_size = CountField(_l("Members of the committee"), [Required()], high=100)
    median_price_satang = BahtField(_l("Median price"), [Required()])
    number_of_tenderers = CountField(_l("Number of bidders"), high=1000)
    supplier = StringField(_l("Winner"), [Required(), MaxLength(500)])
    award_satang = BahtField(_l("Amount of the award"), [Required()])
    contract_number = StringField(_l("Contract number"), [Required(), MaxLength(200)])
    contract_satang = BahtField(_l("Amount of the contract"), [Required()])
    starts_on = DayField(_l("The contract begins"))
    contract_ends_on = DayField(_l("The contract ends"))
    paid_satang = BahtField(_l("Paid so far"), [Required()])
    voucher = StringField(_l("Number of the payment voucher"), [MaxLength(200)])
    note = TextAreaField(_l("Public note"), [MaxLength(2000)])

    def fit(self, step: Step) -> None:
        """Leave what this step settles."""
        wanted = {"actual_on", "note", *BRINGS.get(step.kind, ()), *MAY_BRING.get(step.kind, ())}
        if step.kind in WINDOWS:
            wanted.add("ends_on")
        if step.kind in COMMITTEES:
            wanted.add("committee_size")
        self.keep_only(wanted)

    @property
    def content(self) -> Outcome:
        """What was typed, as the command takes it."""
        given = {
            name: self[name].data
            for name in Outcome.__dataclass_fields__
            if name in self and self[name].data is not None
        }
        return Outcome(**given)


class CorrectForm(OverrideForm):
    """The recorded day of a step was wrong."""

    actual_on = DayField(_l("Date it happened"), [Required()])
    ends_on = DayField(_l("Last day"), [Required()])
    reason = TextAreaField(_l("What was wrong"), [Required(), MaxLength(500)])

    def fit(self, step: Step) -> None:
        """Only a step that lasts asks for a last day."""
        if step.kind not in WINDOWS:
            self.keep_only({"actual_on", "reason"})


class SkipForm(OverrideForm):
    """A step is left out."""

    reason = TextAreaField(
        _l("Reason"),
        [Required(), MaxLength(1000)],
        description=_l("Everyone can read it on the process's page."),
    )


class CancelForm(PortalForm):
    """A process is cancelled."""

    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])


class LayOutForm(PortalForm):
    """A lawful plan from a day on."""

    first = DayField(_l("First day"), [Required()])
    reason = StringField(
        _l("Why it is later"),
        [MaxLength(500)],
        description=_l("Needed when a date is later than planned; followers can read it."),
    )


class DraftForm(OverrideForm):
    """The draft terms of reference."""

    text = TextAreaField(
        _l("Text of the draft terms"),
        [Required(), MaxLength(100_000)],
        description=_l(
            "The whole text: a scan alone can be neither read aloud nor searched. Number the clauses."
        ),
    )
    changes = TextAreaField(
        _l("What has changed"),
        [MaxLength(500)],
        description=_l("In one sentence; everyone sees it above the comparison."),
    )
    ends_on = DayField(_l("Last day for comments"), [Required()])
    file = FileField(_l("The same as a file"), description=_PDF_OR_PICTURE)

    @property
    def upload(self) -> Upload | None:
        """The file, if there is one."""
        return _upload(self.file)


class DocumentForm(PortalForm):
    """A document of a step."""

    title = StringField(_lp("document", "Title"), [Required(), MaxLength(200)])
    document_type = SelectField(
        _l("Kind of document"), [Required()], choices=lambda: _choices(words.DOCUMENTS)
    )
    text = TextAreaField(
        _l("Text"),
        [MaxLength(100_000)],
        description=_l("Text can be read aloud and searched. Give it wherever there is one."),
    )
    file = FileField(_l("File"), description=_PDF_OR_PICTURE)

    @property
    def upload(self) -> Upload | None:
        """The file, if there is one."""
        return _upload(self.file)
