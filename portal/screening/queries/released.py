"""What everybody may read: only decisions released by now. Every public read begins at :func:`shown_decisions`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, paging
from portal.cycles.models import Cycle
from portal.places.models import Community, District
from portal.plans.models import Item, Plan
from portal.screening.models import Appeal, Case, Correction, Decision, Outcome

ACCEPTED = (Outcome.ACCEPT, Outcome.ACCEPT_CHANGED)


def released_outcomes(item_ids: Iterable[int]) -> dict[int, Any]:
    """By item id, the decision the public may see now: item_id, case_id, outcome, reason_code, reason, changes,
    accepted_satang, merge_into_item_id, agency, agency_reply, defer_to_year, released_at, is_final, was_appealed.

    An item whose decision is not released (yet, or any more) is not in the answer.
    """
    wanted = list(item_ids)
    if not wanted:
        return {}
    rows = db.session().execute(shown_decisions().where(Case.item_id.in_(wanted)))
    return {row.item_id: row for row in rows}


def final_accepted_items(*cycle_ids: int) -> list[Any]:
    """Items of a cycle, or of several, whose acceptance is final, in the order of their communities and ranks: item_id, title, side,
    community_id, community, accepted_satang, outcome, case_id. Voting and merging take only these (rulings)."""
    shown = shown_decisions().where(Decision.outcome.in_(ACCEPTED), final()).subquery()
    return list(
        db.session().execute(
            sa.select(
                Item.id.label("item_id"),
                Item.title,
                Item.side,
                Community.id.label("community_id"),
                Community.name.label("community"),
                shown.c.accepted_satang,
                shown.c.outcome,
                shown.c.case_id,
            )
            .join(shown, shown.c.item_id == Item.id)
            .join(Plan, Plan.id == Item.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .where(Plan.cycle_id.in_(cycle_ids))
            .order_by(Community.sort_key, Item.rank, Item.id)
        )
    )


def shown_decisions() -> Any:
    """A SELECT of every decision that is public now (Case ⋈ Decision, with Appeal): the appeal's once that is released,
    else the first. Every public read of a decision begins here."""
    return (
        sa.select(
            Case.item_id,
            Case.id.label("case_id"),
            Decision.id.label("decision_id"),
            Decision.outcome,
            Decision.reason_code,
            Decision.reason,
            Decision.changes,
            Decision.accepted_satang,
            Decision.merge_into_item_id,
            Decision.agency,
            Decision.agency_reply,
            Decision.defer_to_year,
            told_at().label("released_at"),
            final().label("is_final"),
            Appeal.id.is_not(None).label("was_appealed"),
        )
        .select_from(Case)
        .outerjoin(Appeal, Appeal.case_id == Case.id)
        .join(Decision, Decision.id == in_force())
        .where(Case.released_at <= db.NOW)
    )


def shown_decision_of(item_id: sa.orm.InstrumentedAttribute[int]) -> sa.ScalarSelect[int | None]:
    """The id of the decision of :func:`shown_decisions` on the item of a SELECT (a column), as a scalar."""
    return (
        sa.select(in_force())
        .select_from(Case)
        .outerjoin(Appeal, Appeal.case_id == Case.id)
        .where(Case.item_id == item_id)
        .correlate(item_id.class_)
        .scalar_subquery()
    )


def in_force() -> sa.Case[int | None]:
    """The id of the decision that is public now, else none: for a SELECT of Case with Appeal."""
    return sa.case(
        (Appeal.released_at <= db.NOW, Appeal.decision_id), (Case.released_at <= db.NOW, Case.decision_id)
    )


def told_at() -> sa.Case[dt.datetime | None]:
    """When the decision of :func:`in_force` was released."""
    return sa.case(
        (Appeal.released_at <= db.NOW, Appeal.released_at), (Case.released_at <= db.NOW, Case.released_at)
    )


def final() -> sa.ColumnElement[bool]:
    """Released, and no appeal is open or possible any more: for a SELECT of Case with Appeal."""
    now = db.NOW
    return sa.and_(
        Case.released_at <= now,
        sa.or_(
            sa.and_(Appeal.id.is_(None), Case.appeals_until <= now),
            sa.and_(Appeal.released_at.is_not(None), Appeal.released_at <= now),
        ),
    )


def results(
    cycle_id: int,
    *,
    outcome: Outcome | None = None,
    community_id: int | None = None,
    cursor: str | None = None,
    size: int = 30,
) -> paging.Slice:
    """One page of a cycle's released decisions in the order of communities: item_id, case_id, title, side, community,
    community_id, asked_satang, outcome, reason, accepted_satang, released_at, is_final."""
    shown = shown_decisions().subquery()
    statement = (
        sa.select(
            Item.id.label("item_id"),
            shown.c.case_id,
            Item.title,
            Item.side,
            Item.budget_satang.label("asked_satang"),
            Community.id.label("community_id"),
            Community.name.label("community"),
            Community.sort_key,
            shown.c.outcome,
            shown.c.reason,
            shown.c.accepted_satang,
            shown.c.released_at,
            shown.c.is_final,
        )
        .join(shown, shown.c.item_id == Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .join(Community, Community.id == Plan.community_id)
        .where(Plan.cycle_id == cycle_id)
    )
    if outcome is not None:
        statement = statement.where(shown.c.outcome == outcome)
    if community_id is not None:
        statement = statement.where(Plan.community_id == community_id)
    order = [(Community.sort_key, "asc"), (Item.id.label("item_id"), "asc")]
    return paging.keyset(statement, order, cursor=cursor, size=size)


def released_counts(cycle_id: int) -> list[Any]:
    """How many released decisions a cycle has of each outcome, with the money accepted: outcome, item_count, satang."""
    shown = shown_decisions().subquery()
    return list(
        db.session().execute(
            sa.select(
                shown.c.outcome,
                sa.func.count().label("item_count"),
                sa.func.coalesce(sa.func.sum(shown.c.accepted_satang), 0).label("satang"),
            )
            .select_from(shown)
            .join(Item, Item.id == shown.c.item_id)
            .join(Plan, Plan.id == Item.plan_id)
            .where(Plan.cycle_id == cycle_id)
            .group_by(shown.c.outcome)
        )
    )


def released_communities(cycle_id: int) -> list[Any]:
    """Communities with a released decision in a cycle (id, name), in Thai order, for the filter."""
    shown = shown_decisions().subquery()
    own = (
        sa.select(Plan.community_id)
        .join(Item, Item.plan_id == Plan.id)
        .join(shown, shown.c.item_id == Item.id)
        .where(Plan.cycle_id == cycle_id)
    )
    return list(
        db.session().execute(
            sa.select(Community.id, Community.name)
            .where(Community.id.in_(own))
            .order_by(Community.sort_key, Community.id)
        )
    )


def next_release(cycle_id: int) -> dt.datetime | None:
    """The next instant at which a decision of the cycle becomes public (for ``headers.fresh_until``; not to be shown)."""
    now = clock.now()
    firsts = sa.select(Case.released_at.label("at"), Case.plan_id).where(Case.released_at > now)
    answers = (
        sa.select(Appeal.released_at, Case.plan_id)
        .join(Case, Case.id == Appeal.case_id)
        .where(Appeal.released_at > now)
    )
    upcoming = sa.union_all(firsts, answers).subquery()
    return db.session().scalar(
        sa.select(sa.func.min(upcoming.c.at))
        .join(Plan, Plan.id == upcoming.c.plan_id)
        .where(Plan.cycle_id == cycle_id)
    )


def letter_of(case_id: int) -> Any | None:
    """Where the letter of a case goes: item_id, title, side, asked_satang, place, community, community_id, district_th,
    district_en, fiscal_year, submitted_at. Tells nothing of the decision."""
    return (
        db.session()
        .execute(
            sa.select(
                Item.id.label("item_id"),
                Item.title,
                Item.side,
                Item.place,
                Item.budget_satang.label("asked_satang"),
                Plan.submitted_at,
                Community.id.label("community_id"),
                Community.name.label("community"),
                District.name_th.label("district_th"),
                District.name_en.label("district_en"),
                Cycle.fiscal_year,
            )
            .select_from(Case)
            .join(Item, Item.id == Case.item_id)
            .join(Plan, Plan.id == Case.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .join(District, District.id == Case.district_id)
            .join(Cycle, Cycle.id == Plan.cycle_id)
            .where(Case.id == case_id)
        )
        .first()
    )


def community_cases(community_ids: Iterable[int]) -> list[Any]:
    """Items of communities in screening, newest year first, as their leaders may see them: case_id, item_id, title,
    plan_id, community, fiscal_year, state, correction_due_on, request, outcome (released only), released_at, appeals_until, is_final,
    was_appealed. States say nothing of an outcome that is not released."""
    own = list(community_ids)
    # Narrowed from inside: a database works such a part out as a whole before it joins it.
    plans = sa.select(Plan.id).where(Plan.community_id.in_(own))
    shown = shown_decisions().where(Case.plan_id.in_(plans)).subquery()
    return list(
        db.session().execute(
            sa.select(
                Case.id.label("case_id"),
                Item.id.label("item_id"),
                Item.title,
                Case.plan_id,
                Community.name.label("community"),
                Cycle.fiscal_year,
                Case.state,
                Correction.due_on.label("correction_due_on"),
                Correction.request,
                shown.c.outcome,
                shown.c.released_at,
                shown.c.is_final,
                shown.c.was_appealed,
                Case.appeals_until,
            )
            .select_from(Case)
            .join(Item, Item.id == Case.item_id)
            .join(Plan, Plan.id == Case.plan_id)
            .join(Cycle, Cycle.id == Plan.cycle_id)
            .join(Community, Community.id == Plan.community_id)
            .outerjoin(shown, shown.c.case_id == Case.id)
            .outerjoin(
                Correction,
                sa.and_(
                    Correction.case_id == Case.id,
                    Correction.closed_at.is_(None),
                    Correction.due_on >= clock.today(),
                ),
            )
            .where(Plan.community_id.in_(own))
            .order_by(Cycle.fiscal_year.desc(), Plan.id, Item.rank, Item.id)
            .limit(200)
        )
    )
