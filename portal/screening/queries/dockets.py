"""One case with everything its rules ask for, in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import InterestDeclaration
from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.plans.models import Item, Plan
from portal.screening import policy
from portal.screening.models import Appeal, CardAnswer, Case, Correction, Decision, Referral
from portal.screening.policy import Docket
from portal.screening.queries.released import final


def case_of_item(item_id: int) -> Case | None:
    """The screening of an item, released or not; for the district's own pages only."""
    return db.session().scalar(sa.select(Case).where(Case.item_id == item_id))


def is_final(case: Case) -> bool:
    """Released, and no appeal is open or possible any more."""
    return bool(
        db.session().scalar(
            sa.select(final())
            .select_from(Case)
            .outerjoin(Appeal, Appeal.case_id == Case.id)
            .where(Case.id == case.id)
        )
    )


def get_visible(actor: Actor, case_id: int) -> Docket:
    """The docket of a case whose workbench this actor may open. Raises NotFound."""
    return _one(_run(actor, [case_id], seen_by=actor))


def of_community(actor: Actor, case_id: int) -> Docket:
    """The docket of a case of a community this actor leads. Raises NotAllowed where others may know of the case
    (its decision is public, or they work on it), else NotFound."""
    found = docket(actor, case_id)
    if policy.can_speak_for(actor, found):
        return found
    if found.is_released or policy.can_see(actor, found):
        raise NotAllowed(_l("Only the leaders of the community act for its items."))
    raise NotFound


def docket(actor: Actor, case_id: int, *, hold: bool = False) -> Docket:
    """The docket of any case; ``hold`` keeps other writers of the case out until the transaction ends. Raises
    NotFound."""
    return _one(_run(actor, [case_id], hold=hold))


def dockets(actor: Actor, case_ids: Iterable[int], *, hold: bool = False) -> list[Docket]:
    """The dockets of several cases by id, in one query; missing ones are left out."""
    return [_from(row) for row in _run(actor, case_ids, hold=hold)]


def _run(
    actor: Actor, case_ids: Iterable[int], *, seen_by: Actor | None = None, hold: bool = False
) -> sa.Result[Any]:
    return _dockets(hold, seen_by, actor_id=actor.id, case_ids=list(case_ids))


def _one(found: sa.Result[Any]) -> Docket:
    row = found.first()
    if row is None:
        raise NotFound
    return _from(row)


def _from(row: Any) -> Docket:
    return Docket(
        case=row.Case,
        cycle_id=row.cycle_id,
        community_id=row.community_id,
        item_title=row.item_title,
        item_topic_id=row.item_topic_id,
        plan_topic_id=row.plan_topic_id,
        asked_satang=row.asked_satang,
        authors=frozenset({row.item_author, row.plan_author}),
        has_interest=row.has_interest,
        took_part=row.took_part,
        proposal=row.proposal,
        decision=row.decision,
        waits_until=row.correction_due_on or row.referral_due_on,
        back_to=row.correction_back_to or row.referral_back_to,
        appeal_id=row.appeal_id,
        appeal_released_at=row.appeal_released_at,
    )


@db.prepared
def _dockets(hold: bool, seen_by: Actor | None, *, actor_id: Any, case_ids: Any) -> Any:
    first = sa.orm.aliased(Decision, name="decision")
    waiting = sa.orm.aliased(Decision, name="proposal")
    interest = sa.exists().where(
        InterestDeclaration.person_id == actor_id,
        InterestDeclaration.community_id == Plan.community_id,
        InterestDeclaration.ended_at.is_(None),
    )
    answered = sa.exists().where(CardAnswer.case_id == Case.id, CardAnswer.answered_by == actor_id)
    decided = sa.exists().where(
        Decision.case_id == Case.id,
        Decision.appeal_id.is_(None),
        sa.or_(
            Decision.proposed_by == actor_id,
            Decision.confirmed_by == actor_id,
            Decision.sent_back_by == actor_id,
            Decision.set_aside_by == actor_id,
        ),
    )
    statement = (
        sa.select(
            Case,
            Plan.cycle_id,
            Plan.community_id,
            Plan.created_by.label("plan_author"),
            Plan.topic_id.label("plan_topic_id"),
            Item.title.label("item_title"),
            Item.topic_id.label("item_topic_id"),
            Item.created_by.label("item_author"),
            Item.budget_satang.label("asked_satang"),
            interest.label("has_interest"),
            sa.or_(answered, decided).label("took_part"),
            waiting,
            first,
            Correction.due_on.label("correction_due_on"),
            Correction.back_to.label("correction_back_to"),
            Referral.due_on.label("referral_due_on"),
            Referral.back_to.label("referral_back_to"),
            Appeal.id.label("appeal_id"),
            Appeal.released_at.label("appeal_released_at"),
        )
        .join(Item, Item.id == Case.item_id)
        .join(Plan, Plan.id == Case.plan_id)
        .outerjoin(first, first.id == Case.decision_id)
        .outerjoin(
            waiting,
            sa.and_(
                waiting.case_id == Case.id, waiting.confirmed_by.is_(None), waiting.sent_back_by.is_(None)
            ),
        )
        .outerjoin(Correction, sa.and_(Correction.case_id == Case.id, Correction.closed_at.is_(None)))
        .outerjoin(Referral, sa.and_(Referral.case_id == Case.id, Referral.closed_at.is_(None)))
        .outerjoin(Appeal, Appeal.case_id == Case.id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id)
    )
    if seen_by is not None:
        statement = statement.where(policy.visible_to(seen_by))
    if hold:
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    return statement
