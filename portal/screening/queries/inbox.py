"""The planner's inbox: what waits, for whom, until when; and how far the whole has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import GrantRow, Person
from portal.core import clock, db, paging, thai
from portal.core.actor import ROLE_PERMISSIONS, Actor, Permission, Scope
from portal.core.topics import Topic
from portal.forums.models import Side
from portal.places.models import Community
from portal.plans.models import Item, Plan, PlanState
from portal.screening.models import Appeal, Case, CaseState, Correction, Decision, Referral
from portal.screening.workflow import CHECKS, DECIDED, OPEN, WAITS

S = CaseState
TABS = ("mine", "unassigned", "overdue", "confirm", "waits", "appeals", "release", "all")
MOST_LISTED = 6000  # rows of a workbook
# A wait that lapsed is over: the item goes on as it stands, without anybody writing it down.
_STATE = sa.case(
    (
        sa.and_(Case.state == S.NEEDS_CORRECTION, Correction.due_on < sa.bindparam("today", type_=sa.Date())),
        Correction.back_to,
    ),
    (
        sa.and_(Case.state == S.AWAITING_AGENCY, Referral.due_on < sa.bindparam("today", type_=sa.Date())),
        Referral.back_to,
    ),
    else_=Case.state,
)


def _tabs(actor: Actor) -> Mapping[str, sa.ColumnElement[bool]]:
    open_here = _STATE.in_(OPEN)
    under_way = _STATE.in_(OPEN | WAITS)
    appealed = Case.state.in_([S.APPEALED, S.APPEAL_PROPOSED, S.APPEAL_CONFIRMED])
    return {
        "mine": sa.and_(Case.assigned_to == actor.id, sa.or_(under_way, Case.state == S.APPEALED)),
        "unassigned": sa.and_(Case.assigned_to.is_(None), under_way),
        "overdue": sa.and_(open_here, Case.due_on < clock.today()),
        "confirm": sa.and_(Case.state.in_([S.PROPOSED, S.APPEAL_PROPOSED]), Decision.proposed_by != actor.id),
        "waits": _STATE.in_(WAITS),
        "appeals": sa.and_(appealed, _appeal_is_hidden()),
        "release": sa.or_(
            sa.and_(Case.state == S.CONFIRMED, Case.released_at.is_(None)),
            sa.and_(Case.state == S.APPEAL_CONFIRMED, Appeal.released_at.is_(None)),
        ),
        "all": sa.true(),
    }


def _appeal_is_hidden() -> sa.ColumnElement[bool]:
    return sa.or_(Appeal.released_at.is_(None), Appeal.released_at > clock.now())


def _cases(columns: list[Any], district_id: int, cycle_id: int) -> Any:
    """Cases of a district's cycle, joined to what the tabs ask for."""
    return (
        sa.select(*columns)
        .select_from(Case)
        .join(Plan, Plan.id == Case.plan_id)
        .outerjoin(Correction, sa.and_(Correction.case_id == Case.id, Correction.closed_at.is_(None)))
        .outerjoin(Referral, sa.and_(Referral.case_id == Case.id, Referral.closed_at.is_(None)))
        .outerjoin(Appeal, Appeal.case_id == Case.id)
        .outerjoin(
            Decision,
            sa.and_(
                Decision.case_id == Case.id,
                Decision.confirmed_by.is_(None),
                Decision.sent_back_by.is_(None),
            ),
        )
        .where(Case.district_id == district_id, Plan.cycle_id == cycle_id)
        .params(today=clock.today())
    )


def counts(actor: Actor, district_id: int, cycle_id: int) -> Any:
    """How many cases each tab holds, ``done`` of ``total``, and those ``withdrawn``, which are in neither: one row, one
    query."""
    columns: list[Any] = [
        sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0).label(f"tab_{name}")
        for name, condition in _tabs(actor).items()
    ]
    done = sa.case((Case.state.in_(DECIDED), 1), else_=0)
    total = sa.case((Case.state != S.WITHDRAWN, 1), else_=0)
    columns += [
        sa.func.coalesce(sa.func.sum(done), 0).label("done"),
        sa.func.coalesce(sa.func.sum(total), 0).label("total"),
        sa.func.coalesce(sa.func.sum(1 - total), 0).label("withdrawn"),
    ]
    return db.session().execute(_cases(columns, district_id, cycle_id)).one()


def inbox(
    actor: Actor,
    district_id: int,
    cycle_id: int,
    *,
    tab: str = "mine",
    text: str = "",
    community_id: int | None = None,
    side: Side | None = None,
    cursor: str | None = None,
    size: int = 25,
) -> paging.Slice:
    """One page of a tab, the soonest due first: case_id, item_id, title, side, community, asked_satang, state, due_on,
    due_key, waits_until, assignee, assigned_to, proposed_by, released_at, is_overdue."""
    due_key = sa.cast(Case.due_on, sa.String(10)).label("due_key")
    columns: list[Any] = [
        Case.id.label("case_id"),
        Case.item_id,
        Item.title,
        Item.side,
        Item.budget_satang.label("asked_satang"),
        Community.name.label("community"),
        sa.type_coerce(_STATE, Case.state.type).label("state"),
        Case.due_on,
        due_key,
        sa.func.coalesce(Correction.due_on, Referral.due_on).label("waits_until"),
        Person.display_name.label("assignee"),
        Case.assigned_to,
        Decision.proposed_by,
        Case.released_at,
        sa.and_(_STATE.in_(OPEN), Case.due_on < clock.today()).label("is_overdue"),
    ]
    statement = _filtered(
        _cases(columns, district_id, cycle_id)
        .join(Item, Item.id == Case.item_id)
        .join(Community, Community.id == Plan.community_id)
        .outerjoin(Person, Person.id == Case.assigned_to)
        .where(_tabs(actor)[tab if tab in TABS else "mine"]),
        text,
        community_id,
        side,
    )
    return paging.keyset(
        statement, [(due_key, "asc"), (Case.id.label("case_id"), "asc")], cursor=cursor, size=size
    )


def _filtered(statement: Any, text: str, community_id: int | None, side: Side | None) -> Any:
    """Only the cases whose item holds the words, of one community, of one side: of a SELECT that knows the items."""
    if community_id is not None:
        statement = statement.where(Plan.community_id == community_id)
    if side is not None:
        statement = statement.where(Item.side == side)
    terms = thai.query_terms(text)
    if terms:
        words = sa.literal(" ") + Topic.tokens
        statement = statement.join(Topic, Topic.id == Item.topic_id).where(
            *(words.contains(f" {term}", autoescape=True) for term in terms)
        )
    return statement


def listed_cases(
    actor: Actor,
    district_id: int,
    cycle_id: int,
    *,
    tab: str = "mine",
    text: str = "",
    community_id: int | None = None,
    side: Side | None = None,
    most: int = MOST_LISTED,
) -> list[int]:
    """Ids of all cases of a tab as :func:`inbox` lists them; at most ``most``."""
    statement = (
        _cases([Case.id], district_id, cycle_id)
        .join(Item, Item.id == Case.item_id)
        .where(_tabs(actor)[tab if tab in TABS else "mine"])
        .order_by(Case.due_on, Case.id)
        .limit(most)
    )
    return list(db.session().scalars(_filtered(statement, text, community_id, side)))


def next_case(actor: Actor, docket: Any) -> int | None:
    """The case to work on after this one: the actor's own first, then unassigned ones, the soonest due first."""
    mine_first = sa.case((Case.assigned_to == actor.id, 0), else_=1)
    return db.session().scalar(
        _cases([Case.id], docket.case.district_id, docket.cycle_id)
        .where(
            Case.id != docket.case.id,
            _STATE.in_([S.WAITING, *CHECKS]),
            sa.or_(Case.assigned_to == actor.id, Case.assigned_to.is_(None)),
        )
        .order_by(mine_first, Case.due_on, Case.id)
        .limit(1)
    )


def plans_to_take_in(district_id: int, cycle_id: int) -> list[Any]:
    """Plans handed in and not yet taken in: plan_id, community, submitted_at, item_count, asked_satang; oldest first.

    Also one accepted for screening whose cases were never opened: items without a case are counted either way."""
    items: Any = (
        sa.select(
            Item.plan_id,
            sa.func.count().label("item_count"),
            sa.func.sum(Item.budget_satang).label("asked_satang"),
        )
        .join(Plan, Plan.id == Item.plan_id)
        .outerjoin(Case, Case.item_id == Item.id)
        .where(
            Plan.district_id == district_id,
            Plan.cycle_id == cycle_id,
            Item.withdrawn_at.is_(None),
            Case.id.is_(None),
        )
        .group_by(Item.plan_id)
        .subquery()
    )
    return list(
        db.session().execute(
            sa.select(
                Plan.id.label("plan_id"),
                Community.name.label("community"),
                Plan.submitted_at,
                items.c.item_count,
                items.c.asked_satang,
            )
            .join(items, items.c.plan_id == Plan.id)
            .join(Community, Community.id == Plan.community_id)
            .where(Plan.state.in_([PlanState.SUBMITTED, PlanState.ACCEPTED_FOR_SCREENING]))
            .order_by(Plan.submitted_at, Plan.id)
            .limit(100)
        )
    )


def communities_of(district_id: int, cycle_id: int) -> list[Any]:
    """Communities with a case in the cycle (id, name), in Thai order, for the filter."""
    with_case = sa.select(Plan.community_id).join(Case, Case.plan_id == Plan.id)
    return list(
        db.session().execute(
            sa.select(Community.id, Community.name)
            .where(
                Community.id.in_(with_case.where(Plan.cycle_id == cycle_id, Plan.district_id == district_id))
            )
            .order_by(Community.sort_key)
        )
    )


def assignees(district_id: int) -> list[Any]:
    """Officers who may screen in the district now (id, name), for assigning: one query."""
    today = clock.today()
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.SCREEN in permissions]
    here = sa.or_(
        GrantRow.scope == Scope.CITY,
        sa.and_(GrantRow.scope == Scope.DISTRICT, GrantRow.district_id == district_id),
    )
    return list(
        db.session().execute(
            sa.select(Person.id, Person.display_name.label("name"))
            .join(GrantRow, GrantRow.person_id == Person.id)
            .where(
                GrantRow.role.in_(roles),
                here,
                GrantRow.confirmed_at.is_not(None),
                GrantRow.revoked_at.is_(None),
                GrantRow.valid_from <= today,
                sa.or_(GrantRow.valid_to.is_(None), GrantRow.valid_to > today),
                Person.closed_at.is_(None),
            )
            .distinct()
            .order_by(Person.display_name, Person.id)
        )
    )


def unreleased(
    district_id: int, cycle_id: int, start: int = 0, most: int | None = None, *, only: int | None = None
) -> list[Any]:
    """Confirmed decisions that no release has been set for (``only`` one case's), from the ``start``-th on: case_id, title, community,
    outcome, accepted_satang, is_appeal, confirmed_at, and in each row how many there are ``altogether``."""
    waiting_appeal = sa.and_(Case.state == S.APPEAL_CONFIRMED, Appeal.released_at.is_(None))
    in_force = sa.case((waiting_appeal, Appeal.decision_id), else_=Case.decision_id)
    return list(
        db.session().execute(
            sa.select(
                Case.id.label("case_id"),
                Item.title,
                Community.name.label("community"),
                Decision.outcome,
                Decision.accepted_satang,
                Decision.confirmed_at,
                waiting_appeal.label("is_appeal"),
                sa.func.count().over().label("altogether"),
            )
            .select_from(Case)
            .join(Item, Item.id == Case.item_id)
            .join(Plan, Plan.id == Case.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .outerjoin(Appeal, Appeal.case_id == Case.id)
            .join(Decision, Decision.id == in_force)
            .where(
                Case.district_id == district_id,
                Plan.cycle_id == cycle_id,
                sa.true() if only is None else Case.id == only,
                sa.or_(
                    waiting_appeal,
                    sa.and_(Case.state == S.CONFIRMED, Case.released_at.is_(None)),
                ),
            )
            .order_by(Community.sort_key, Item.rank, Case.id)
            .offset(start)
            .limit(most)
        )
    )


def undecided(cycle_id: int) -> int:
    """Items of a cycle that still wait for a confirmed decision: a batch is released only when there are none."""
    return (
        db.session().scalar(
            sa.select(sa.func.count())
            .select_from(Case)
            .join(Plan, Plan.id == Case.plan_id)
            .where(
                Plan.cycle_id == cycle_id,
                Case.decision_id.is_(None),
                Case.state != S.WITHDRAWN,
            )
        )
        or 0
    )
