"""Awards, contracts, amendments and instalments of a process, and what they come to. Amounts in satang."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.procurement.models import Amendment, Award, Contract, Instalment, Process, Tenderer


def awards_of(process_id: int) -> list[Award]:
    """The awards of a process, one for each lot, in order."""
    return list(
        db.session().scalars(sa.select(Award).where(Award.process_id == process_id).order_by(Award.position))
    )


def contracts_of(process_id: int) -> list[Contract]:
    """The contracts of a process, as they were signed, cancelled ones too."""
    return list(
        db.session().scalars(
            sa.select(Contract).where(Contract.process_id == process_id).order_by(Contract.id)
        )
    )


def instalments_of(process_id: int) -> list[Instalment]:
    """The instalments of a process's contracts that are in force, contract by contract."""
    return list(
        db.session().scalars(
            sa.select(Instalment)
            .join(Contract, Contract.id == Instalment.contract_id)
            .where(Contract.process_id == process_id, Contract.cancelled_on.is_(None))
            .order_by(Contract.id, Instalment.number)
        )
    )


def tenderers_of(process_id: int) -> list[Tenderer]:
    """Who offered, in the order they were entered; nobody before the bids were opened."""
    return list(
        db.session().scalars(
            sa.select(Tenderer).where(Tenderer.process_id == process_id).order_by(Tenderer.position)
        )
    )


@dataclass
class Signed:
    """A contract with its award, its amendments in order and its instalments."""

    contract: Contract
    award: Award
    amendments: list[Amendment]
    instalments: list[Instalment]

    @property
    def paid_satang(self) -> int:
        """What was paid under it."""
        return sum(one.paid_satang or 0 for one in self.instalments)

    @property
    def divided_satang(self) -> int:
        """What its instalments come to."""
        return sum(one.amount_satang for one in self.instalments)


def signed_of(process_id: int) -> list[Signed]:
    """The contracts of a process with all that belongs to them, cancelled ones too; one query."""
    rows: Any = db.session().execute(
        sa.select(Contract, Award, Amendment, Instalment)
        .join(Award, Award.id == Contract.award_id)
        .outerjoin(Amendment, Amendment.contract_id == Contract.id)
        .outerjoin(Instalment, Instalment.contract_id == Contract.id)
        .where(Contract.process_id == process_id)
        .order_by(Award.position, Contract.id, Amendment.number, Instalment.number)
    )
    found: dict[int, Signed] = {}
    for row in rows:
        one = found.setdefault(row.Contract.id, Signed(row.Contract, row.Award, [], []))
        for kept, new in ((one.amendments, row.Amendment), (one.instalments, row.Instalment)):
            if new is not None and new not in kept:
                kept.append(new)
    return list(found.values())


def sums_of(process_id: int) -> dict[str, Any]:
    """What the awards, contracts and instalments of a process come to: the columns of :class:`Process` that sum up.

    A cancelled contract counts with what was paid under it, no more.
    """
    session = db.session()
    awards = awards_of(process_id)
    contracts = contracts_of(process_id)
    paid: dict[int, int] = {
        row.contract_id: int(row.paid)
        for row in session.execute(
            sa.select(Instalment.contract_id, sa.func.sum(Instalment.paid_satang).label("paid"))
            .join(Contract, Contract.id == Instalment.contract_id)
            .where(Contract.process_id == process_id, Instalment.paid_satang.is_not(None))
            .group_by(Instalment.contract_id)
        )
    }
    held = [one.amount_satang if one.cancelled_on is None else paid.get(one.id, 0) for one in contracts]
    suppliers = list(dict.fromkeys(one.supplier for one in awards))
    numbers = [one.number for one in contracts if one.cancelled_on is None] or [
        one.number for one in contracts
    ]
    return {
        "supplier": ", ".join(suppliers)[:500] or None,
        "award_satang": sum(one.amount_satang for one in awards) if awards else None,
        "contract_number": ", ".join(numbers)[:200] or None,
        "contract_satang": sum(held) if contracts else None,
        "paid_satang": sum(paid.values()),
    }


def wrong_sums() -> Iterator[tuple[int, str, Any, Any]]:
    """Every sum a process keeps that is not what its awards, contracts and instalments come to: (process id, column,
    what is kept, what it should be). Nothing, if only the commands of this room ever wrote."""
    for process in db.session().scalars(sa.select(Process).order_by(Process.id)).all():
        for column, value in sums_of(process.id).items():
            kept = getattr(process, column)
            if kept != value:
                yield process.id, column, kept, value
