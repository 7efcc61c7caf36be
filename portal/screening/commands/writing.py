"""Many cases written at once, with the same traces as if each had been worked on its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.screening import queries
from portal.screening.commands.holding import hold_case
from portal.screening.judging import Change, Standing
from portal.screening.models import CardAnswer, Case, CaseState, Decision

_CASES: Any = Case.__table__
_CARD: Any = CardAnswer.__table__
_DECISIONS: Any = Decision.__table__
_MERIT_REACHED = frozenset({CaseState.MERIT_CHECK, CaseState.PROPOSED})


@dataclass(frozen=True)
class Planned:
    """What is to be written about a case, and what the portal knew of it when that was judged."""

    standing: Standing
    change: Change


def write_all(actor: Actor, planned: Sequence[Planned], sheet_id: int) -> int:
    """Write every change; returns how many cases have moved since they were judged, in which case nothing is written."""
    stale = _stale(actor, planned)
    if stale:
        return stale
    now = clock.now()
    _write_answers(actor, planned, now)
    proposals = _write_proposals(actor, planned, now)
    _write_cases(planned, now)
    for one in planned:
        _note(actor, one, sheet_id, proposals.get(one.standing.docket.case.id))
    return 0


def _stale(actor: Actor, planned: Sequence[Planned]) -> int:
    """Cases with another version than judged; the others are held until the transaction ends. Waits that lapsed are
    brought to their end, as on the pages."""
    versions = {one.standing.docket.case.id: one.standing.docket.case.version_id for one in planned}
    ids = sorted(versions)
    found: dict[int, int] = {}
    for start in range(0, len(ids), queries.CHUNK):
        chunk = ids[start : start + queries.CHUNK]
        held = sa.select(Case.id, Case.version_id).where(Case.id.in_(chunk)).order_by(Case.id)
        found |= dict(db.session().execute(held.with_for_update()).all())
    stale = sum(found.get(number) != version for number, version in versions.items())
    if not stale:
        for one in planned:
            if one.standing.docket.has_lapsed:
                hold_case(actor, db.session().get_one(Case, one.standing.docket.case.id))
    return stale


def _write_answers(actor: Actor, planned: Sequence[Planned], now: dt.datetime) -> None:
    fresh, changed = [], []
    for one in planned:
        for key, (answer, reason) in one.change.answers.items():
            said = {"answer": answer, "reason": reason, "answered_by": actor.id, "answered_at": now}
            where = {"case_id": one.standing.docket.case.id, "criterion": key}
            if key not in one.standing.card:
                fresh.append({**where, **said})
            elif one.standing.card[key] != (answer, reason):
                changed.append({**{f"of_{name}": value for name, value in where.items()}, **said})
    if fresh:
        db.session().execute(sa.insert(_CARD), fresh)
    if changed:
        statement = sa.update(_CARD).where(
            _CARD.c.case_id == sa.bindparam("of_case_id"),
            _CARD.c.criterion == sa.bindparam("of_criterion"),
        )
        names = ("answer", "reason", "answered_by", "answered_at")
        statement = statement.values({name: sa.bindparam(name) for name in names})
        db.session().connection().execute(statement, changed)


def _write_proposals(actor: Actor, planned: Sequence[Planned], now: dt.datetime) -> dict[int, int]:
    """The proposals' ids by case."""
    blank: dict[str, Any] = {column.name: None for column in _DECISIONS.columns if column.name != "id"}
    blank |= {"changes": "", "agency": "", "agency_reply": ""}
    rows = [
        {
            **blank,
            **one.change.decision.facts(),
            "case_id": one.standing.docket.case.id,
            "proposed_by": actor.id,
            "proposed_at": now,
        }
        for one in planned
        if one.change.decision is not None
    ]
    if not rows:
        return {}
    made = sa.insert(_DECISIONS).returning(_DECISIONS.c.case_id, _DECISIONS.c.id)
    return dict(db.session().execute(made, rows).all())


def _write_cases(planned: Sequence[Planned], now: dt.datetime) -> None:
    rows = []
    for one in planned:
        case = one.standing.docket.case
        rows.append(
            {
                "of_id": case.id,
                "to_state": one.change.state,
                "to_area": one.change.nodes.get("area", case.area_node_id),
                "to_city": one.change.nodes.get("city", case.city_node_id),
                "to_changed_at": max(now, case.changed_at + dt.timedelta(microseconds=1)),
            }
        )
    if rows:
        statement = (
            sa.update(_CASES)
            .where(_CASES.c.id == sa.bindparam("of_id"))
            .values(
                state=sa.bindparam("to_state"),
                area_node_id=sa.bindparam("to_area"),
                city_node_id=sa.bindparam("to_city"),
                changed_at=sa.bindparam("to_changed_at"),
                version_id=_CASES.c.version_id + 1,
            )
        )
        db.session().connection().execute(statement, rows)


def _note(actor: Actor, one: Planned, sheet_id: int, decision_id: int | None) -> None:
    """The entries the pages would have made, each with the workbook's number."""
    docket, change = one.standing.docket, one.change

    def record(event: str, **changes: Any) -> None:
        ledger.record(
            event,
            actor,
            "screening_case",
            docket.case.id,
            district_id=docket.case.district_id,
            changes={**changes, "sheet_id": sheet_id},
        )

    if change.answers:
        record(
            "screening.card_answered",
            **{key: answer.value for key, (answer, _reason) in change.answers.items()},
        )
    for which, node_id in change.nodes.items():
        record("screening.node_chosen", strategy=which, node_id=node_id)
    if docket.state not in _MERIT_REACHED and _passes(one):
        record("screening.formal_finished")
    if decision_id is not None:
        record("screening.proposed", decision_id=decision_id)


def _passes(one: Planned) -> bool:
    """Whether the formal check is passed by this change: lines of merit are answered with it."""
    merit = {line.key for line in one.standing.criteria if line.group == "merit"}
    return bool(merit & one.change.answers.keys())
