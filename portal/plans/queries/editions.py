"""What was handed in, what was asked back, why a plan was withdrawn."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.ledger import LedgerEntry
from portal.plans import content as science
from portal.plans import policy
from portal.plans.models import (
    Item,
    Plan,
    PlanEdition,
    PlanReturn,
)


@db.prepared
def _latest_edition(*, plan_id: Any) -> Any:
    return (
        sa.select(PlanEdition.body)
        .where(PlanEdition.plan_id == plan_id)
        .order_by(PlanEdition.number.desc())
        .limit(1)
    )


def latest_edition(plan_id: int) -> dict[str, Any] | None:
    """The body of the newest edition."""
    body = _latest_edition(plan_id=plan_id).scalar()
    return None if body is None else json.loads(body)


@db.prepared
def _latest_with_editions(*, plan_id: Any) -> Any:
    newest = (
        sa.select(sa.func.max(PlanEdition.number)).where(PlanEdition.plan_id == plan_id).scalar_subquery()
    )
    return (
        sa.select(
            PlanEdition.number,
            PlanEdition.sha256,
            PlanEdition.submitted_at,
            sa.case((PlanEdition.number == newest, PlanEdition.body)).label("body"),
        )
        .where(PlanEdition.plan_id == plan_id)
        .order_by(PlanEdition.number.desc())
    )


@dataclass(frozen=True)
class HandedIn:
    """The newest edition: canonical JSON, read when it is asked for."""

    number: int
    body: str

    @cached_property
    def read(self) -> dict[str, Any]:
        """The whole edition."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def content(self) -> science.Content:
        """What the plan says (:mod:`portal.plans.content`)."""
        said: science.Content = self.read["content"]
        return said

    @property
    def items(self) -> list[dict[str, Any]]:
        """Its items by rank."""
        found: list[dict[str, Any]] = self.content["items"]
        return found

    @property
    def endorsement(self) -> dict[str, Any]:
        """Who had signed: ``signed`` posts of ``members``, ``needed``."""
        found: dict[str, Any] = self.read["endorsement"]
        return found

    @property
    def total_satang(self) -> int:
        """All money it asks for or brings."""
        return science.total_satang(self.content)

    @property
    def sides_served(self) -> int:
        """How many of the five sides its items serve."""
        return len(science.sides_served(self.content))

    @property
    def by_side(self) -> list[Any]:
        """(side, items, satang) for each of the five sides."""
        return science.by_side(self.content)


def latest_with_editions(plan_id: int) -> tuple[HandedIn | None, Sequence[Any]]:
    """The newest edition and the list of :func:`editions_of`, in one query: older bodies stay in the database."""
    rows = _latest_with_editions(plan_id=plan_id).all()
    return (HandedIn(rows[0].number, rows[0].body) if rows else None), rows


@db.prepared
def _editions_of(*, plan_id: Any) -> Any:
    return (
        sa.select(PlanEdition.number, PlanEdition.sha256, PlanEdition.submitted_at)
        .where(PlanEdition.plan_id == plan_id)
        .order_by(PlanEdition.number.desc())
    )


def editions_of(plan_id: int) -> Sequence[Any]:
    """(number, sha256, submitted_at), newest first, without the bodies."""
    return list(_editions_of(plan_id=plan_id))


@db.prepared
def _edition(*, plan_id: Any, number: Any) -> Any:
    return sa.select(PlanEdition).where(PlanEdition.plan_id == plan_id, PlanEdition.number == number)


def edition(plan_id: int, number: int) -> PlanEdition:
    """One edition; NotFound for a number that was never handed in."""
    found = _edition(plan_id=plan_id, number=number).scalar()
    if found is None:
        raise NotFound
    return found


def editions(plan_id: int, *numbers: int) -> dict[int, PlanEdition]:
    """These editions by their numbers; NotFound when one was never handed in."""
    rows = db.session().scalars(
        sa.select(PlanEdition).where(PlanEdition.plan_id == plan_id, PlanEdition.number.in_(numbers))
    )
    found = {row.number: row for row in rows}
    if found.keys() != set(numbers):
        raise NotFound
    return found


def withdrawn_items(plan_id: int) -> dict[int, str]:
    """Why items were taken out of the plan, by item."""
    rows = db.session().execute(
        sa.select(Item.id, Item.withdrawn_reason).where(
            Item.plan_id == plan_id, Item.withdrawn_at.is_not(None)
        )
    )
    return {row.id: row.withdrawn_reason or "" for row in rows}


@db.prepared
def _returns_of(open_only: bool, with_screening: bool, *, plan_id: Any) -> Any:
    statement = (
        sa.select(
            PlanReturn.id,
            PlanReturn.item_id,
            Item.kept_title.label("title"),
            PlanReturn.reason,
            PlanReturn.due_on,
            PlanReturn.returned_at,
            PlanReturn.settled_at,
        )
        .outerjoin(Item, Item.id == PlanReturn.item_id)
        .where(PlanReturn.plan_id == plan_id)
        .order_by(PlanReturn.returned_at.desc(), Item.rank, PlanReturn.id)
    )
    if open_only:
        statement = statement.where(PlanReturn.settled_at.is_(None))
    if not with_screening:
        statement = statement.join(Plan, Plan.id == PlanReturn.plan_id).where(
            sa.or_(Plan.accepted_at.is_(None), PlanReturn.returned_at < Plan.accepted_at)
        )
    return statement


def returns_of(actor: Actor, plan: Any, *, open_only: bool = False) -> Sequence[Any]:
    """What was asked back, as far as this actor may read it (:func:`policy.can_read_screening`): (item_id, title, reason,
    due_on, returned_at, settled_at), newest first."""
    return _returns_of(open_only, policy.can_read_screening(actor, plan), plan_id=plan.id).all()


def open_return(item_id: int) -> PlanReturn | None:
    """The correction asked for one item and not yet settled."""
    return db.session().scalar(
        sa.select(PlanReturn)
        .where(PlanReturn.item_id == item_id, PlanReturn.settled_at.is_(None))
        .order_by(PlanReturn.id.desc())
        .limit(1)
    )


class Withdrawal(NamedTuple):
    """The community took its plan back; the reason is empty when it was blanked in the ledger."""

    at: dt.datetime
    reason: str
    reopened_at: dt.datetime | None = None


@db.prepared
def _turns_back(*, plan_id: Any) -> Any:
    return (
        sa.select(LedgerEntry.event, LedgerEntry.at, LedgerEntry.payload)
        .where(
            LedgerEntry.subject_kind == "plan",
            LedgerEntry.subject_id == plan_id,
            LedgerEntry.event.in_(["plan.withdrawn", "plan.resumed"]),
        )
        .order_by(LedgerEntry.id)
    )


def withdrawals(plan: Any, editions: Sequence[Any]) -> tuple[Withdrawal, ...]:
    """Each time the plan was withdrawn after it was public, newest first; while it is not, each time. ``editions`` are
    all it has: one that stands in its first edition was never withdrawn, which is known without asking the ledger."""
    if plan.state in policy.STANDING and len(editions) < 2:
        return ()
    since = min((one.submitted_at for one in editions), default=None)
    found: list[Withdrawal] = []
    for turn in _turns_back(plan_id=plan.id):
        if since is not None and turn.at < since:
            continue
        if turn.event == "plan.withdrawn":
            found.append(Withdrawal(turn.at, json.loads(turn.payload)["note"] if turn.payload else ""))
        elif found:
            found[-1] = found[-1]._replace(reopened_at=turn.at)
    return tuple(found[::-1])
