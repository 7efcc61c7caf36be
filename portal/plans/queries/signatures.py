"""Who has signed what a plan says now, and what stops it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import CommitteePost
from portal.core import db
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.forums import queries as forums
from portal.plans import checklist
from portal.plans import content as science
from portal.plans.content import Content
from portal.plans.models import (
    Endorsement,
    Plan,
    PlanEdition,
    PlanState,
)
from portal.plans.queries.reviews import items_to_review


@dataclass(frozen=True)
class Seat:
    """A committee member in office and whether they have signed what the plan says now."""

    member_id: int
    person_id: int | None
    name: str
    post: CommitteePost
    signature: Endorsement | None

    @property
    def has_signed(self) -> bool:
        """Whether this member's signature stands under the present content."""
        return self.signature is not None


@dataclass(frozen=True)
class Standing:
    """Who has signed the present content, and how many must. After a return that left items and money alone, the
    chair's signature is enough."""

    sha256: str
    seats: tuple[Seat, ...]
    chair_is_enough: bool = False

    @property
    def signed(self) -> int:
        """Signatures under the present content by members in office."""
        return sum(seat.has_signed for seat in self.seats)

    @property
    def needed(self) -> int:
        """More than half of the committee in office."""
        return science.more_than_half(len(self.seats))

    @property
    def is_complete(self) -> bool:
        """Whether the plan may be handed in as far as signatures go."""
        if not self.seats:
            return False
        by_chair = any(seat.has_signed and seat.post is CommitteePost.CHAIR for seat in self.seats)
        return self.signed >= self.needed or (self.chair_is_enough and by_chair)

    def seat_of(self, person_id: int | None) -> Seat | None:
        """A person's own seat."""
        return next((seat for seat in self.seats if person_id and seat.person_id == person_id), None)


@db.prepared
def _signatures(is_returned: bool, *, plan_id: Any, digest: Any) -> Any:
    newest = (
        sa.select(PlanEdition.body)
        .where(PlanEdition.plan_id == plan_id)
        .order_by(PlanEdition.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(Endorsement, newest if is_returned else sa.null())
        .select_from(Plan)
        .outerjoin(Endorsement, sa.and_(Endorsement.plan_id == Plan.id, Endorsement.content_sha256 == digest))
        .where(Plan.id == plan_id)
    )


def standing(plan: Plan, said: Content) -> Standing:
    """The signatures under ``said``, the plan's present content."""
    digest = science.sha256(said)
    is_returned = plan.state is PlanState.RETURNED
    rows = _signatures(is_returned, plan_id=plan.id, digest=digest).all()
    signatures = {row.member_id: row for row, _body in rows if row is not None}
    seats = tuple(
        Seat(member.id, member.person_id, member.name, member.post, signatures.get(member.id))
        for member in accounts.committee_in_office(plan.community_id)
    )
    is_enough = False
    if is_returned and rows[0][1] is not None:
        handed_in = json.loads(rows[0][1])["content"]
        is_enough = science.substance_sha256(said) == science.substance_sha256(handed_in)
    return Standing(digest, seats, is_enough)


def checks_of(
    plan: Plan,
    said: Content,
    held: Sequence[Any] | None = None,
    to_review: Sequence[Any] | None = None,
) -> list[checklist.Check]:
    """The check-list before signing and submitting. ``held``: its recorded plan forums, ``to_review``: the items of the
    earlier plan, if they are at hand."""
    rules = cycles.rules_in(plan.cycle_id, PhaseKind.SUBMISSION)
    return checklist.checks(
        plan,
        said,
        forums.recorded_plan_forums(plan.community_id, plan.cycle_id) if held is None else held,
        min_forums=rules.min_forums if rules else None,
        min_sides=rules.min_sides if rules else None,
        ceiling_satang=rules.community_ceiling_satang if rules else None,
        to_review=items_to_review(plan) if to_review is None else to_review,
        requires_review=rules is not None and rules.requires_review,
    )
