"""Who may do what with a case. Who judges an item has no part in it: not its author, not a leader of its community,
nobody with a declared interest there. Who confirms is never who proposed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import clock
from portal.core.actor import Actor, Permission
from portal.screening.models import Case, CaseState, Decision

DUTIES = (Permission.SCREEN, Permission.SCREEN_CONFIRM)


@dataclass
class Docket:
    """A case with the facts its rules ask for, as read for one actor by ``queries.docket``.

    ``proposal`` waits for confirmation; ``decision`` is the first one confirmed, which an appeal is against.
    ``has_interest`` and ``took_part`` (in the first decision: card, proposal, confirmation, sending back) are the
    actor's own. ``waits_until`` and ``back_to`` belong to an open correction or question to an agency.
    """

    case: Case
    cycle_id: int
    community_id: int
    item_title: str
    item_topic_id: int
    plan_topic_id: int
    asked_satang: int
    authors: frozenset[int]
    has_interest: bool = False
    took_part: bool = False
    proposal: Decision | None = None
    decision: Decision | None = None
    waits_until: dt.date | None = None
    back_to: CaseState | None = None
    appeal_id: int | None = None
    appeal_released_at: dt.datetime | None = None

    @property
    def has_lapsed(self) -> bool:
        """Waited for somebody beyond the due day: the item goes on as it stands (rulings)."""
        return self.waits_until is not None and self.waits_until < clock.today()

    @property
    def state(self) -> CaseState:
        """Where the case stands now; a wait that lapsed is over without anybody writing it down."""
        return self.back_to if self.has_lapsed and self.back_to is not None else self.case.state

    @state.setter
    def state(self, state: CaseState) -> None:
        self.case.state = state

    @property
    def is_released(self) -> bool:
        """Whether the decision is public now."""
        return self.case.released_at is not None and self.case.released_at <= clock.now()

    @property
    def is_appeal_open(self) -> bool:
        """Whether the community may appeal now: released, inside the window, not yet appealed."""
        return (
            self.state is CaseState.CONFIRMED
            and self.is_released
            and self.appeal_id is None
            and self.case.appeals_until is not None
            and clock.now() < self.case.appeals_until
        )

    @property
    def is_final(self) -> bool:
        """Released, and no appeal is open or possible any more."""
        if not self.is_released:
            return False
        if self.appeal_id is not None:
            return self.appeal_released_at is not None and self.appeal_released_at <= clock.now()
        return not self.is_appeal_open


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The cases whose workbench this actor may open: those of the districts where they screen or confirm."""
    seen: set[int] = set()
    for duty in DUTIES:
        districts = actor.districts_where(duty)
        if districts is None:
            return sa.true()
        seen |= districts
    return Case.district_id.in_(seen)


def can_see(actor: Actor, docket: Docket) -> bool:
    """Officers who screen or confirm in the district."""
    return any(actor.may(duty, district_id=docket.case.district_id) for duty in DUTIES)


def is_aside(actor: Actor, docket: Docket) -> bool:
    """Must stand aside: a declared interest, an author of the item or plan, a leader of the community."""
    return (
        docket.has_interest
        or actor.id in docket.authors
        or docket.community_id in actor.communities_where(Permission.PLAN_WRITE)
    )


def can_screen(actor: Actor, docket: Docket) -> bool:
    """Planners of the district without a part in the item."""
    return actor.may(Permission.SCREEN, district_id=docket.case.district_id) and not is_aside(actor, docket)


def can_decide(actor: Actor, docket: Docket) -> bool:
    """Officers of the district who may confirm, without a part in the item."""
    return actor.may(Permission.SCREEN_CONFIRM, district_id=docket.case.district_id) and not is_aside(
        actor, docket
    )


def can_confirm(actor: Actor, docket: Docket) -> bool:
    """Four eyes: a different person from the one who proposed."""
    return can_decide(actor, docket) and (docket.proposal is None or actor.id != docket.proposal.proposed_by)


def can_release(actor: Actor, docket: Docket) -> bool:
    """Making public what is already decided is no judgement: any officer of the district who may confirm."""
    return actor.may(Permission.SCREEN_CONFIRM, district_id=docket.case.district_id)


def can_screen_appeal(actor: Actor, docket: Docket) -> bool:
    """A planner who took no part in the first decision."""
    return can_screen(actor, docket) and not docket.took_part


def can_confirm_appeal(actor: Actor, docket: Docket) -> bool:
    """Neither who proposed the answer to the appeal nor who proposed the first decision. The director, who answers for
    both, may confirm both."""
    return can_confirm(actor, docket) and (docket.decision is None or actor.id != docket.decision.proposed_by)


def can_speak_for(actor: Actor, docket: Docket) -> bool:
    """Leaders of the item's community answer corrections, withdraw and appeal."""
    return docket.community_id in actor.communities_where(Permission.PLAN_WRITE)
