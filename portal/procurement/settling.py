"""What a step settles, and what happens next to an instalment. No database here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from portal.core.i18n import lazy_gettext as _l
from portal.procurement.models import Instalment, StepKind

WHOLE = "ทั้งสัญญา"
"""What the only instalment of a contract is called until somebody divides it."""


@dataclass(frozen=True)
class Outcome:
    """What a step settles, besides its day; amounts in satang. Each step asks only for its own."""

    ends_on: dt.date | None = None
    committee_size: int | None = None
    median_price_satang: int | None = None
    number_of_tenderers: int | None = None
    supplier: str = ""
    award_satang: int | None = None
    contract_number: str = ""
    contract_satang: int | None = None
    starts_on: dt.date | None = None
    contract_ends_on: dt.date | None = None
    paid_satang: int | None = None
    voucher: str = ""
    note: str = ""


DAY_OF: Mapping[StepKind, str] = {
    StepKind.DELIVERY: "delivered_on",
    StepKind.ACCEPTANCE: "accepted_on",
    StepKind.PAYMENT: "paid_on",
}
"""Which day of an instalment each step settles."""


def is_done(part: Instalment, kind: StepKind) -> bool:
    """Whether an instalment has been delivered, accepted or paid; an advance is only paid."""
    if part.is_advance and kind is not StepKind.PAYMENT:
        return True
    return getattr(part, DAY_OF[kind]) is not None


def next_of(part: Instalment) -> StepKind | None:
    """What happens next to an instalment: delivery, acceptance or payment; None when nothing is left."""
    return next((kind for kind in DAY_OF if not is_done(part, kind)), None)


def period_wrong(
    signed_on: dt.date, starts_on: dt.date | None, ends_on: dt.date | None, field: str
) -> dict[str, object]:
    """A contract's period goes forward, from the day it begins, else from the day it was signed."""
    if ends_on is not None and ends_on < (starts_on or signed_on):
        return {field: _l("The last day cannot be before the first.")}
    return {}
