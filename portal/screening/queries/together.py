"""What the second person looks at in one go: proposals that wait, releases set for later, who may answer an appeal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import CommitteeMember, InterestDeclaration, Person
from portal.core import clock, db
from portal.core.actor import Actor
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.screening.models import Answer, Appeal, CardAnswer, Case, CaseState, Decision
from portal.screening.policy import Docket
from portal.screening.queries.inbox import assignees

TOGETHER = 50  # proposals looked at on one page


def proposals(actor: Actor, district_id: int, cycle_id: int) -> list[Any]:
    """Proposals that wait for somebody else than their proposer, the oldest first: case_id, version_id, item_id, title,
    community, asked_satang, outcome, accepted_satang, reason, changes, proposer, proposed_at, is_appeal, not_met,
    is_aside. Those in whose community the actor has an interest, or whose item they wrote, are marked."""
    not_met = (
        sa.select(sa.func.count())
        .where(CardAnswer.case_id == Case.id, CardAnswer.answer == Answer.NOT_MET)
        .scalar_subquery()
    )
    return list(
        db.session().execute(
            sa.select(
                Case.id.label("case_id"),
                Case.version_id,
                Item.id.label("item_id"),
                Item.title,
                Community.name.label("community"),
                Item.budget_satang.label("asked_satang"),
                Decision.outcome,
                Decision.accepted_satang,
                Decision.reason,
                Decision.changes,
                Person.display_name.label("proposer"),
                Decision.proposed_at,
                Decision.appeal_id.is_not(None).label("is_appeal"),
                not_met.label("not_met"),
                _is_aside(actor).label("is_aside"),
            )
            .select_from(Case)
            .join(Item, Item.id == Case.item_id)
            .join(Plan, Plan.id == Case.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .join(
                Decision,
                sa.and_(
                    Decision.case_id == Case.id,
                    Decision.confirmed_by.is_(None),
                    Decision.sent_back_by.is_(None),
                ),
            )
            .join(Person, Person.id == Decision.proposed_by)
            .where(
                Case.district_id == district_id,
                Plan.cycle_id == cycle_id,
                Case.state.in_([CaseState.PROPOSED, CaseState.APPEAL_PROPOSED]),
                Decision.proposed_by != actor.id,
            )
            .order_by(Decision.proposed_at, Case.id)
            .limit(TOGETHER)
        )
    )


def chosen(actor: Actor, district_id: int, cycle_id: int, case_ids: Sequence[int]) -> list[Any]:
    """Items of a cycle somebody has ticked, as they stand on their cards: case_id, version_id, title, community,
    asked_satang, state, answered, not_met, is_aside; in the order of the communities. At most :data:`TOGETHER`."""
    lines = sa.select(sa.func.count()).where(CardAnswer.case_id == Case.id)
    return list(
        db.session().execute(
            sa.select(
                Case.id.label("case_id"),
                Case.version_id,
                Item.title,
                Community.name.label("community"),
                Item.budget_satang.label("asked_satang"),
                Case.state,
                lines.scalar_subquery().label("answered"),
                lines.where(CardAnswer.answer == Answer.NOT_MET).scalar_subquery().label("not_met"),
                _is_aside(actor).label("is_aside"),
            )
            .select_from(Case)
            .join(Item, Item.id == Case.item_id)
            .join(Plan, Plan.id == Case.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .where(
                Case.district_id == district_id,
                Plan.cycle_id == cycle_id,
                Case.id.in_(sorted(set(case_ids))[:TOGETHER]),
            )
            .order_by(Community.name, Item.rank, Case.id)
        )
    )


def _is_aside(actor: Actor) -> sa.ColumnElement[bool]:
    interest = sa.exists().where(
        InterestDeclaration.person_id == actor.id,
        InterestDeclaration.community_id == Plan.community_id,
        InterestDeclaration.ended_at.is_(None),
    )
    return sa.or_(interest, Item.created_by == actor.id, Plan.created_by == actor.id)


def set_releases(cycle_id: int) -> list[Any]:
    """Decisions of a cycle whose release is set for an instant to come: case_id, at, title; the soonest first."""
    now = clock.now()
    first = sa.select(Case.id.label("case_id"), Case.released_at.label("at")).where(Case.released_at > now)
    answer = sa.select(Appeal.case_id, Appeal.released_at).where(Appeal.released_at > now)
    both = sa.union_all(first, answer).subquery()
    return list(
        db.session().execute(
            sa.select(both.c.case_id, both.c.at, Item.title)
            .join(Case, Case.id == both.c.case_id)
            .join(Item, Item.id == Case.item_id)
            .join(Plan, Plan.id == Case.plan_id)
            .where(Plan.cycle_id == cycle_id)
            .order_by(both.c.at, both.c.case_id)
        )
    )


def appeal_screeners(docket: Docket) -> list[tuple[str, str]]:
    """Planners of the district and why each may not answer this appeal: (name, "" | "part" | "interest"). Two queries."""
    case_id = docket.case.id
    parts = sa.union(
        sa.select(CardAnswer.answered_by).where(CardAnswer.case_id == case_id),
        *(
            sa.select(column).where(
                Decision.case_id == case_id, Decision.appeal_id.is_(None), column.is_not(None)
            )
            for column in (
                Decision.proposed_by,
                Decision.confirmed_by,
                Decision.sent_back_by,
                Decision.set_aside_by,
            )
        ),
    ).subquery()
    today = clock.today()
    declared = sa.select(InterestDeclaration.person_id).where(
        InterestDeclaration.community_id == docket.community_id, InterestDeclaration.ended_at.is_(None)
    )
    seated = sa.select(CommitteeMember.person_id).where(
        CommitteeMember.community_id == docket.community_id,
        CommitteeMember.person_id.is_not(None),
        CommitteeMember.valid_to > today,
    )
    marked = sa.union_all(
        sa.select(parts.c[0].label("person_id"), sa.literal("part").label("why")),
        declared.add_columns(sa.literal("interest")),
        seated.add_columns(sa.literal("interest")),
    )
    why = {row.person_id: row.why for row in db.session().execute(marked)}
    why |= dict.fromkeys(docket.authors, "interest")
    return [(row.name, why.get(row.id, "")) for row in assignees(docket.case.district_id)]
