"""The monthly summary of purchases, สขร.1: its months, its facts, its sums. Pure: no session.

Its columns are those of the form: what was bought, the budget, the median price, the method, who offered how much, who was
chosen at what price, why, and number and day of the contract. A contract belongs to the month in which it was signed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

FORMAT = "ruamngop/monthly-summary/1"
Body = dict[str, Any]


def month_of(number: int) -> dt.date | None:
    """The first day of a month written as 202611; None for what is no month."""
    year, month = divmod(number, 100)
    return dt.date(year, month, 1) if 2000 <= year <= 2200 and 1 <= month <= 12 else None


def number_of(month: dt.date) -> int:
    """A month as it stands in an address: 202611."""
    return month.year * 100 + month.month


def after(month: dt.date) -> dt.date:
    """The first day of the next month."""
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def is_over(month: dt.date, today: dt.date) -> bool:
    """Whether the month has ended, in Bangkok's days."""
    return today >= after(month)


def body(
    district: int,
    month: dt.date,
    contracts: Sequence[Any],
    offers: Mapping[int, Sequence[Any]],
    reasons: Mapping[int, str],
) -> Body:
    """The facts of a month. ``contracts`` are rows as :func:`portal.information.queries.contracts_of_month` gives them;
    ``offers`` and ``reasons`` are by process. Amounts in satang."""
    return {
        "format": FORMAT,
        "district": district,
        "month": month.isoformat()[:7],
        "contracts": [_line(row, offers.get(row.process_id, ()), reasons) for row in contracts],
    }


def _line(row: Any, offers: Sequence[Any], reasons: Mapping[int, str]) -> Body:
    known = [offer.offer_satang for offer in offers if offer.offer_satang is not None]
    return {
        "process": row.process_id,
        "ocid": row.ocid,
        "egp": row.egp_number,
        "what": f"{row.title} ({row.lot})" if row.lot else row.title,
        "budget_satang": row.budget_satang,
        "median_satang": row.median_price_satang,
        "method": row.method_details,
        "offers": [{"name": offer.name, "satang": offer.offer_satang} for offer in offers],
        "supplier": row.supplier,
        "award_satang": row.amount_satang,
        "is_lowest": bool(known) and row.amount_satang <= min(known),
        "reason": reasons.get(row.process_id, ""),
        "contract": row.number,
        "signed_on": row.signed_on.isoformat(),
        "contract_satang": row.signed_satang,
    }


def total(found: Body) -> int:
    """What the contracts of the month come to, in satang."""
    return sum(int(one["contract_satang"]) for one in found["contracts"])


def text_of(found: Body) -> str:
    """The words of a summary, for the search."""
    return " ".join(f"{one['what']} {one['supplier']} {one['contract']}" for one in found["contracts"])
