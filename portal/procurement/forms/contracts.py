"""What officers type about offers, lots, contracts and instalments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.money import baht, parse_baht
from portal.procurement.commands import AmendmentData, AwardData, ContractData, Offer, Part
from portal.procurement.forms.steps import OverrideForm
from portal.procurement.models import Instalment, StepKind, Tenderer
from portal.web.forms import BahtField, CountField, DayField, MaxLength, PortalForm, Required

SPARE_ROWS = 3


class TenderersForm(PortalForm):
    """Who offered: one line each, with the amount after a bar."""

    offers = TextAreaField(
        _l("Bidders"),
        [Required(), MaxLength(50_000)],
        description=_l("One supplier per line; the amount offered after a bar: name | 1,250,000.00"),
    )

    @staticmethod
    def lines(tenderers: Sequence[Tenderer]) -> str:
        """The list as it is typed."""
        return "\n".join(
            one.name
            + (f" | {baht(one.offer_satang, 'en').lstrip('฿')}" if one.offer_satang is not None else "")
            for one in tenderers
        )

    @property
    def content(self) -> list[Offer]:
        """What was typed. Raises Invalid naming the line whose amount cannot be read."""
        found = []
        for number, line in enumerate((self.offers.data or "").splitlines(), 1):
            name, _bar, amount = line.partition("|")
            try:
                satang = parse_baht(amount) if amount.strip() else None
            except ValueError as problem:
                raise Invalid(
                    {
                        "offers": _(
                            "Line %(number)s: write the amount in baht, such as 12,500.50.", number=number
                        )
                    }
                ) from problem
            found.append(Offer(name.strip(), satang))
        return found


class AwardForm(PortalForm):
    """A lot and who won it."""

    lot = StringField(_l("Lot"), [MaxLength(500)], description=_l("Leave empty if everything is one lot."))
    supplier = StringField(_l("Winner"), [Required(), MaxLength(500)])
    amount_satang = BahtField(_l("Amount of the award"), [Required()])
    reason = StringField(_l("What was wrong"), [MaxLength(500)])

    @property
    def content(self) -> AwardData:
        """What was typed, as the command takes it."""
        return AwardData(self.supplier.data or "", self.amount_satang.data or 0, self.lot.data or "")


class SignForm(OverrideForm):
    """The contract of a lot."""

    contract_number = StringField(_l("Contract number"), [Required(), MaxLength(200)])
    signed_on = DayField(_l("Date of signature"), [Required()])
    amount_satang = BahtField(_l("Amount of the contract"), [Required()])
    starts_on = DayField(_l("The contract begins"))
    ends_on = DayField(_l("The contract ends"))

    @property
    def content(self) -> ContractData:
        """What was typed, as the command takes it."""
        return ContractData(
            self.contract_number.data or "",
            self.signed_on.data,
            self.amount_satang.data or 0,
            self.starts_on.data,
            self.ends_on.data,
        )


class AmendForm(PortalForm):
    """An amendment of a contract."""

    signed_on = DayField(_l("Date the amendment was signed"), [Required()])
    new_satang = BahtField(_l("Amount from now on"), [Required()])
    new_ends_on = DayField(_l("Last day from now on"))
    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])

    @property
    def content(self) -> AmendmentData:
        """What was typed, as the command takes it."""
        return AmendmentData(
            self.signed_on.data, self.new_satang.data or 0, self.new_ends_on.data, self.reason.data or ""
        )


class CancelContractForm(PortalForm):
    """A contract ends before its time."""

    cancelled_on = DayField(_l("Date of cancellation"), [Required()])
    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])


class InstalmentForm(OverrideForm):
    """What happens next to an instalment."""

    on = DayField(_l("Date it happened"), [Required()])
    committee_size = CountField(_l("Members of the committee"), [Required()], high=100)
    paid_satang = BahtField(
        _l("Amount paid"), [Required()], description=_l("Less than the amount due if a penalty is deducted.")
    )
    voucher = StringField(_l("Number of the payment voucher"), [MaxLength(200)])

    def fit(self, kind: StepKind) -> None:
        """Leave what this turn settles."""
        more = {StepKind.ACCEPTANCE: {"committee_size"}, StepKind.PAYMENT: {"paid_satang", "voucher"}}
        self.keep_only({"on", *more.get(kind, set())})

    def given(self, name: str) -> Any:
        """A field's content, None where this turn does not ask for it."""
        return self[name].data if name in self else None


class DivideForm(PortalForm):
    """Instalments that are still to come: numbered rows (:func:`divide_form`); an empty row is no instalment."""

    rows: range = range(0)

    @property
    def parts(self) -> list[Part]:
        """The rows with anything in them."""
        found = []
        for row in self.rows:
            what, amount = self[f"what_{row}"].data or "", self[f"amount_{row}"].data
            if what.strip() or amount:
                found.append(
                    Part(what, amount or 0, self[f"due_on_{row}"].data, bool(self[f"is_advance_{row}"].data))
                )
        return found

    @property
    def expected_version(self) -> int:
        """The version the page showed; 0 when it was tampered with, which no row has."""
        given = self["version"].data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def divide_form(version: int, parts: Sequence[Instalment]) -> DivideForm:
    """A form with a row for every instalment still to come and some to spare."""
    rows = range(1, len(parts) + SPARE_ROWS + 1)
    fields: dict[str, Any] = {"rows": rows, "version": HiddenField()}
    for row in rows:
        fields[f"what_{row}"] = StringField(_l("What is delivered"), [MaxLength(500)])
        fields[f"amount_{row}"] = BahtField(_l("Amount"))
        fields[f"due_on_{row}"] = DayField(_l("Due date"))
        fields[f"is_advance_{row}"] = BooleanField(_l("Advance"))
    data: dict[str, Any] = {"version": str(version)}
    for row, part in enumerate(parts, 1):
        data[f"what_{row}"], data[f"amount_{row}"] = part.what, part.amount_satang
        data[f"due_on_{row}"], data[f"is_advance_{row}"] = part.due_on, part.is_advance
    made: DivideForm = type("DivideRowsForm", (DivideForm,), fields)(data=data)
    return made


class ProjectsForm(PortalForm):
    """One more project to buy for."""

    project = SelectField(_l("Project"), [Required()], coerce=int)

    def offer(self, projects: Sequence[tuple[int, str]]) -> None:
        """What can be chosen."""
        self.project.choices = [SelectChoice(value, label) for value, label in projects]


class RemoveProjectForm(PortalForm):
    """A project is no longer bought for."""

    reason = StringField(_l("Reason"), [Required(), MaxLength(500)])
