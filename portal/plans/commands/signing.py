"""Signing: a member of the committee signs what the plan says now, by account or on paper."""

from __future__ import annotations

from typing import IO

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger, storage
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.plans import policy, queries
from portal.plans.commands import holding
from portal.plans.content import Content
from portal.plans.models import Endorsement, Plan, PlanState
from portal.plans.queries import Seat, Standing
from portal.plans.workflow import EDITABLE


def endorse_plan(actor: Actor, plan: Plan, *, seen_sha256: str | None = None) -> Standing:
    """Sign the plan as it reads now, from one's own account and seat. With the signature that makes more than half,
    the plan is endorsed.

    ``seen_sha256`` is the content the person read: Conflict when it has changed. NotAllowed without a seat; WrongState
    for a second signature under the same words; Invalid while the check-list is not met.
    """
    held = holding.hold_plan(actor, plan)
    if not policy.can_write(actor, held):
        raise NotAllowed(_l("Only members of this community's committee sign its plan."))
    said, standing = _ready(actor, held, seen_sha256)
    seat = standing.seat_of(actor.id)
    if seat is None:
        raise NotAllowed(_l("Only members of this community's committee sign its plan."))
    return _sign(actor, held, said, standing, seat)


def endorse_on_paper(
    actor: Actor, plan: Plan, member_id: int, file: tuple[IO[bytes], str], *, seen_sha256: str | None = None
) -> Standing:
    """Enter a signature given on paper, with its scan: (stream, name). For the community desk of the district, never
    for a community whose committee the officer sits on. Raises as :func:`endorse_plan`; NotFound for a member who is not
    in office."""
    held = holding.hold_plan(actor, plan)
    if not policy.can_enter_paper(actor, held):
        raise NotAllowed(_l("Only the community desk of the district enters signed papers."))
    if actor.id is not None and accounts.has_interest(actor.id, held.community_id):
        raise NotAllowed(_l("You have an interest in this community, so someone else must do this."))
    said, standing = _ready(actor, held, seen_sha256)
    seat = next((seat for seat in standing.seats if seat.member_id == member_id), None)
    if seat is None:
        raise NotFound
    if seat.has_signed:
        raise _signed_already()
    try:
        scan = storage.save(actor, file[0], file[1], owner_kind="plan_signature", owner_id=held.id)
    except Invalid as refused:
        raise Invalid({"file": refused.message}) from refused
    return _sign(actor, held, said, standing, seat, paper_file_id=scan.id)


def _ready(actor: Actor, plan: Plan, seen_sha256: str | None) -> tuple[Content, Standing]:
    if plan.state not in EDITABLE:
        raise WrongState(
            _l("This plan cannot be signed now."),
            way_on=("plans.show", {"plan_id": plan.id}, _l("See the plan")),
        )
    said = queries.content_of(plan)
    standing = queries.standing(plan, said)
    if seen_sha256 is not None and seen_sha256 != standing.sha256:
        raise Conflict(
            _l("The plan was changed after you opened this page. Read it again before you sign."),
            way_on=("plans.endorse", {"plan_id": plan.id}, _l("Read the plan as it stands now")),
        )
    if holding.blocking_checks(actor, plan, said):
        raise Invalid(_l("Some points of the checklist are not met yet."))
    return said, standing


def _signed_already() -> WrongState:
    return WrongState(_l("This signature is already under the plan."))


def _sign(
    actor: Actor,
    plan: Plan,
    said: Content,
    standing: Standing,
    seat: Seat,
    *,
    paper_file_id: int | None = None,
) -> Standing:
    on_paper = paper_file_id is not None
    with db.refusing_duplicates(_signed_already()):
        db.session().add(
            Endorsement(
                plan_id=plan.id,
                member_id=seat.member_id,
                content_sha256=standing.sha256,
                signed_by=None if on_paper else actor.id,
                paper_file_id=paper_file_id,
                entered_by=actor.id if on_paper else None,
                signed_at=clock.now(),
            )
        )
    ledger.record(
        "plan.signed_on_paper" if on_paper else "plan.signed",
        actor,
        "plan",
        plan.id,
        district_id=plan.district_id,
        changes={"content_sha256": standing.sha256, "post": seat.post.value, "member_id": seat.member_id},
    )
    now = queries.standing(plan, said)
    if plan.state is PlanState.DRAFT and now.is_complete:
        holding.mark_endorsed(actor, plan, now)
    return now
