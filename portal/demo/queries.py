"""What the demonstration shows of itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.outbox import OutboxMessage
from portal.cycles.models import Cycle, Phase, PhaseKind
from portal.places.models import District


@dataclass(frozen=True)
class Boundary:
    """An instant at which a phase of a cycle opens or closes."""

    at: dt.datetime
    kind: PhaseKind
    fiscal_year: int
    district_th: str
    district_en: str
    opens: bool


def next_boundaries(limit: int = 6) -> list[Boundary]:
    """The next instants at which something opens or closes, soonest first."""
    now = clock.now()
    found: list[Boundary] = []
    for column, opens in ((Phase.starts_at, True), (Phase.ends_at, False)):
        rows = db.session().execute(
            sa.select(column.label("at"), Phase.kind, Cycle.fiscal_year, District.name_th, District.name_en)
            .join(Cycle, Cycle.id == Phase.cycle_id)
            .join(District, District.id == Cycle.district_id)
            .where(column > now)
            .order_by(column)
            .limit(limit)
        )
        found += [Boundary(*row, opens) for row in rows]
    return sorted(found, key=lambda boundary: boundary.at)[:limit]


def mailbox(limit: int = 50) -> list[OutboxMessage]:
    """The newest mails, sent or waiting."""
    return list(
        db.session().scalars(
            sa.select(OutboxMessage)
            .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
            .limit(limit)
        )
    )


def mail(message_id: int) -> OutboxMessage | None:
    """One mail."""
    return db.session().get(OutboxMessage, message_id)
