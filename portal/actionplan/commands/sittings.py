"""The committee of the plan [S 002]: its seats, what its members declare, what it resolves about a plan."""

from __future__ import annotations

import datetime as dt

from portal.actionplan import policy, queries
from portal.actionplan.commands.holding import hold_plan
from portal.actionplan.committee import Resolution, Seat
from portal.actionplan.models import (
    ActionPlan,
    ActionPlanState,
    DeclaredInterest,
    Opinion,
    PlanCommitteeMember,
    PlanResolution,
    Project,
)
from portal.actionplan.queries import sittings
from portal.core import clock, db, ledger, state
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l


def appoint_member(actor: Actor, plan: ActionPlan, seat: Seat) -> PlanCommitteeMember:
    """Enter a seat of the committee of the plan's district, as its order gives it. Invalid by field of the seat."""
    keeper = _keeper(actor, plan)
    wrong: dict[str, object] = {
        name: _l("This must be filled in.")
        for name in ("name", "represents", "order_number")
        if not getattr(seat, name).strip()
    }
    if seat.from_on < seat.order_on:
        wrong["from_on"] = _l("Nobody takes office before the order.")
    if wrong:
        raise Invalid(wrong)
    made = PlanCommitteeMember(
        district_id=plan.district_id,
        kind=seat.kind,
        name=seat.name.strip()[:200],
        represents=seat.represents.strip()[:500],
        order_number=seat.order_number.strip()[:200],
        order_on=seat.order_on,
        from_on=seat.from_on,
        entered_by=keeper,
        entered_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    _record(actor, plan, "plan_committee.member_appointed", {"member": made.id, "kind": seat.kind})
    return made


def end_membership(actor: Actor, plan: ActionPlan, member_id: int, until_on: dt.date, reason: str) -> None:
    """A member is in office until the day before ``until_on``. NotFound for other districts' members, WrongState once
    ended, Invalid without a reason or before the term began."""
    _keeper(actor, plan)
    member = _member(plan, member_id)
    if member.until_on is not None:
        raise WrongState(_l("This membership has already ended."))
    if until_on < member.from_on:
        raise Invalid({"until_on": _l("The end is before the start.")})
    if not reason.strip():
        raise Invalid({"reason": _l("Say why in a sentence: everyone can read it.")})
    member.until_on, member.ended_reason = until_on, reason.strip()[:500]
    db.session().flush()
    _record(actor, plan, "plan_committee.member_ended", {"member": member.id}, reason)


def declare_interest(
    actor: Actor, plan: ActionPlan, member_id: int, project_id: int | None, what: str, on: dt.date
) -> DeclaredInterest:
    """Enter what a member has to do with the plan (``project_id`` None) or with one of its projects. Invalid by field."""
    keeper = _keeper(actor, plan)
    member = _member(plan, member_id)
    if not what.strip():
        raise Invalid({"what": _l("This must be filled in.")})
    if on > clock.today():
        raise Invalid({"on": _l("This date has not come yet.")})
    project = db.session().get(Project, project_id) if project_id is not None else None
    if project_id is not None and (project is None or project.action_plan_id != plan.id):
        raise Invalid({"project": _l("Choose a project.")})
    made = DeclaredInterest(
        member_id=member.id,
        action_plan_id=plan.id,
        project_id=project_id,
        what=what.strip()[:500],
        declared_on=on,
        entered_by=keeper,
        entered_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    _record(actor, plan, "plan_committee.interest_declared", {"member": member.id, "project": project_id})
    return made


def record_resolution(actor: Actor, plan: ActionPlan, written: Resolution) -> PlanResolution:
    """Enter what the committee resolved about the plan; the newest resolution counts before approval.

    Invalid for a meeting that is not a recorded one of this district's committee, for votes that do not carry the
    resolution or are more than there are seats, and while nobody sits there for the people; WrongState once the plan is
    approved or published.
    """
    held = hold_plan(actor, plan.id)
    keeper = _keeper(actor, held)
    if held.state in (ActionPlanState.APPROVED, ActionPlanState.PUBLISHED):
        raise WrongState(_l("The plan is approved or published. To change it, prepare a new edition."))
    voice = sittings.voice(held)
    votes = written.in_favour + written.against + written.abstained
    wrong: dict[str, object] = {}
    if written.forum_id not in {one.id for one in sittings.meetings(held.district_id)}:
        wrong["forum"] = _l("Choose a meeting of the committee that has been recorded.")
    if not written.text.strip():
        wrong["text"] = _l("This must be filled in.")
    if votes > voice.seats:
        wrong["in_favour"] = _l("There are more votes than members in office.")
    elif written.opinion is not Opinion.SENDS_BACK and written.in_favour <= written.against:
        wrong["in_favour"] = _l("A resolution passes when more votes are for it than against it.")
    if not voice.of_the_people:
        wrong[""] = _l("No representative of the people is in office: the committee is not complete.")
    if wrong:
        raise Invalid(wrong)
    made = PlanResolution(
        action_plan_id=held.id,
        forum_id=written.forum_id,
        opinion=written.opinion,
        text=written.text.strip(),
        in_favour=written.in_favour,
        against=written.against,
        abstained=written.abstained,
        content_sha256=queries.content_sha256(held),
        entered_by=keeper,
        entered_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    _record(actor, held, "plan_committee.resolved", {"opinion": written.opinion, "forum": written.forum_id})
    return made


def _keeper(actor: Actor, plan: ActionPlan) -> int:
    if actor.id is None or not policy.is_editor(actor, plan):
        raise NotAllowed(_l("You may not do this here."))
    return actor.id


def _member(plan: ActionPlan, member_id: int) -> PlanCommitteeMember:
    member = db.get_for_update(PlanCommitteeMember, member_id)
    if member is None or member.district_id != plan.district_id:
        raise NotFound
    return member


def _record(actor: Actor, plan: ActionPlan, event: str, changes: dict[str, object], note: str = "") -> None:
    ledger.record(
        event, actor, "action_plan", plan.id, district_id=plan.district_id, changes=changes, note=note
    )
    state.bump_epoch()
