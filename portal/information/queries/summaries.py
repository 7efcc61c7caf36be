"""Monthly summaries: the contracts of a month, what was published, which months have any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, hashing, witness
from portal.core.actor import ANONYMOUS
from portal.core.errors import NotFound
from portal.information import summary
from portal.information.models import MonthlySummary
from portal.places.models import District
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Award, Contract, Method, Process, Step, StepKind, Tenderer


def contracts_of_month(district_id: int, month: dt.date) -> Sequence[Any]:
    """Public contracts of a district that were signed in a month, by day and number: process_id, ocid, egp_number,
    title, lot, budget_satang, median_price_satang, method_details, supplier, amount_satang (of the award), number,
    signed_on, signed_satang."""
    return (
        db.session()
        .execute(
            sa.select(
                Process.id.label("process_id"),
                Process.ocid,
                Process.egp_number,
                Process.title,
                Award.lot,
                Process.budget_satang,
                Process.median_price_satang,
                Process.method_details,
                Award.supplier,
                Award.amount_satang,
                Contract.number,
                Contract.signed_on,
                Contract.signed_satang,
            )
            .join(Process, Process.id == Contract.process_id)
            .join(Award, Award.id == Contract.award_id)
            .where(
                Process.district_id == district_id,
                Contract.signed_on >= month,
                Contract.signed_on < summary.after(month),
                procurement_policy.visible_to(ANONYMOUS),
            )
            .order_by(Contract.signed_on, Contract.id)
        )
        .all()
    )


def body_now(district_id: int, month: dt.date) -> summary.Body:
    """The facts of a month as the contracts stand now; three queries."""
    contracts = contracts_of_month(district_id, month)
    processes = sorted({row.process_id for row in contracts})
    offers: dict[int, list[Any]] = {}
    for offer in db.session().scalars(
        sa.select(Tenderer)
        .where(Tenderer.process_id.in_(processes))
        .order_by(Tenderer.process_id, Tenderer.position)
    ):
        offers.setdefault(offer.process_id, []).append(offer)
    notes = db.session().execute(
        sa.select(Step.process_id, Step.note)
        .where(
            Step.process_id.in_(processes),
            Step.kind.in_((StepKind.EVALUATION, StepKind.AWARD)),
            Step.note != "",
            ~Step.is_skipped,
        )
        .order_by(Step.position)
    )
    return summary.body(district_id, month, contracts, offers, {row.process_id: row.note for row in notes})


def methods_of(found: summary.Body) -> dict[int, Method]:
    """The class of the method of every process in a summary."""
    named = {one["process"] for one in found["contracts"]}
    rows = db.session().execute(sa.select(Process.id, Process.method).where(Process.id.in_(named)))
    return {row.id: row.method for row in rows}


@dataclass(frozen=True)
class Published:
    """A summary as it was published, with the post of who did."""

    summary: MonthlySummary
    publisher: str


def editions(district_id: int, month: dt.date) -> list[Published]:
    """What was published of a month, newest first."""
    post = sa.case((Person.position == "", Person.display_name), else_=Person.position)
    rows = db.session().execute(
        sa.select(MonthlySummary, post)
        .join(Person, Person.id == MonthlySummary.published_by)
        .where(MonthlySummary.district_id == district_id, MonthlySummary.month == month)
        .order_by(MonthlySummary.number.desc())
    )
    return [Published(*row) for row in rows]


def edition(district_id: int, month: dt.date, number: int) -> MonthlySummary:
    """One of them; raises NotFound."""
    found = db.session().scalar(
        sa.select(MonthlySummary).where(
            MonthlySummary.district_id == district_id,
            MonthlySummary.month == month,
            MonthlySummary.number == number,
        )
    )
    if found is None:
        raise NotFound
    return found


def districts_with_contracts() -> Sequence[Any]:
    """The districts that have signed contracts or published summaries: id, name_th, name_en."""
    signing = (
        sa.select(Process.district_id)
        .join(Contract, Contract.process_id == Process.id)
        .where(procurement_policy.visible_to(ANONYMOUS))
    )
    return (
        db.session()
        .execute(
            sa.select(District.id, District.name_th, District.name_en)
            .where(sa.or_(District.id.in_(signing), District.id.in_(sa.select(MonthlySummary.district_id))))
            .order_by(District.id)
        )
        .all()
    )


@dataclass(frozen=True)
class Month:
    """A month of a district: contracts signed in it, what they come to in satang, the newest number published (0: none)."""

    month: dt.date
    contracts: int
    satang: int
    number: int
    is_over: bool


def months_of(district_id: int) -> list[Month]:
    """Every month from the first with a contract or a summary to the present one, newest first; two queries. Months
    without a contract are told too: a summary says that nothing was bought."""
    session = db.session()
    year, month = sa.extract("year", Contract.signed_on), sa.extract("month", Contract.signed_on)
    signed: Mapping[dt.date, tuple[int, int]] = {
        dt.date(int(row.year), int(row.month), 1): (row.number, int(row.satang))
        for row in session.execute(
            sa.select(
                year.label("year"),
                month.label("month"),
                sa.func.count().label("number"),
                sa.func.sum(Contract.signed_satang).label("satang"),
            )
            .join(Process, Process.id == Contract.process_id)
            .where(Process.district_id == district_id, procurement_policy.visible_to(ANONYMOUS))
            .group_by(year, month)
        )
    }
    published: dict[dt.date, int] = {
        row.month: row.number
        for row in session.execute(
            sa.select(MonthlySummary.month, sa.func.max(MonthlySummary.number).label("number"))
            .where(MonthlySummary.district_id == district_id)
            .group_by(MonthlySummary.month)
        )
    }
    if not signed and not published:
        return []
    today, found = clock.today(), []
    at, last = min([*signed, *published]), max([*signed, *published, today.replace(day=1)])
    while at <= last:
        number, satang = signed.get(at, (0, 0))
        found.append(Month(at, number, satang, published.get(at, 0), summary.is_over(at, today)))
        at = summary.after(at)
    return found[::-1]


def _made(after: int, limit: int) -> list[witness.Row]:
    rows = db.session().execute(
        sa.select(MonthlySummary.id, MonthlySummary.body, MonthlySummary.sha256, MonthlySummary.published_at)
        .where(MonthlySummary.id > after)
        .order_by(MonthlySummary.id)
        .limit(limit)
    )
    return [
        witness.Row(row.id, row.id, row.id, hashing.sha256_hex(row.body), row.sha256, row.published_at)
        for row in rows
    ]


SUMMARIES = witness.Witness(
    "monthly summary", ["information.summary_published"], None, MonthlySummary.id, _made
)
"""Published monthly summaries, as the ledger knows them."""
