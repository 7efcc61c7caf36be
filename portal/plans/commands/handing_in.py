"""Handing in, taking back, sending back, taking in. A submission is an immutable edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.forums.models import Forum, Issue
from portal.notifications import commands as notifications
from portal.places.models import Community
from portal.plans import policy, queries
from portal.plans.commands import holding, reminding
from portal.plans.models import Item, Plan, PlanEdition, PlanReturn, PlanState
from portal.plans.workflow import PLAN


def submit_plan(actor: Actor, plan: Plan, *, note: str = "") -> PlanEdition:
    """Hand the plan in: in the submission phase, with the director's permission, or until the due day of a return.

    Makes the next edition and tells followers and the district's planners. Raises WrongState outside the window (or
    RulesMissing), Invalid while the check-list or the signatures are not complete.
    """
    held = holding.hold_plan(actor, plan)
    PLAN.check(held, "submit", actor)
    require_window(actor, held)
    said = queries.content_of(held)
    if holding.blocking_checks(actor, held, said):
        raise Invalid(_l("Some points of the checklist are not met yet."))
    standing = queries.standing(held, said)
    if not standing.is_complete:
        raise Invalid(_l("More members of the committee must sign the plan as it reads now."))
    edition = holding.keep_edition(actor, held, said, standing, note)
    PLAN.advance(held, "submit", actor)
    held.submitted_at, held.due_on, held.changed_at = edition.submitted_at, None, edition.submitted_at
    holding.settle_returns(actor, held)
    ledger.record(
        "plan.submitted",
        actor,
        "plan",
        held.id,
        district_id=held.district_id,
        changes={"number": edition.number, "sha256": edition.sha256},
        note=note,
    )
    _tell_all(actor, held, "plan.submitted", str(edition.number), planners=True)
    _tell_of_issues(actor, held)
    return edition


def _tell_of_issues(actor: Actor, plan: Plan) -> None:
    """Whoever follows a forum hears once that its issues became ideas of a plan: with the handing in, not before."""
    forums = db.session().execute(
        sa.select(Forum.id, Forum.title, Forum.topic_id)
        .join(Issue, Issue.forum_id == Forum.id)
        .join(Item, Item.issue_id == Issue.id)
        .where(Item.plan_id == plan.id, Item.withdrawn_at.is_(None))
        .distinct()
        .order_by(Forum.id)
    )
    for forum in forums.all():
        notifications.tell(
            "plan.issues_taken_up",
            topic_id=plan.topic_id,
            followers_of=[forum.topic_id],
            params={"forum": forum.title},
            dedupe_key=f"plan.issues_taken_up:{plan.id}:{forum.id}",
            except_person=actor.id,
        )


def require_window(actor: Actor, plan: Plan) -> None:
    """Pass when the plan may be handed in today. Raises WrongState with the day it opens or closed."""
    if plan.late_permitted_by is not None:
        return
    if plan.state is PlanState.RETURNED and plan.due_on is not None and clock.today() <= plan.due_on:
        return
    cycles.require_open(plan.cycle_id, PhaseKind.SUBMISSION)


def permit_late(actor: Actor, plan: Plan, reason: str) -> Plan:
    """The director lets this plan be handed in after its time, with a reason that everybody can read."""
    held = holding.hold_plan(actor, plan)
    if not policy.can_permit_late(actor, held):
        raise NotAllowed(_l("Only the director of the district permits a late submission."))
    if held.state not in (PlanState.DRAFT, PlanState.ENDORSED, PlanState.RETURNED):
        raise WrongState(_l("This plan has been submitted or withdrawn."))
    if held.late_permitted_by is not None:
        raise WrongState(_l("Late submission of this plan is already permitted."))
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    held.late_reason, held.late_permitted_by = reason.strip(), actor.id
    db.session().flush()
    ledger.record("plan.late_permitted", actor, "plan", held.id, district_id=held.district_id, note=reason)
    holding.tell_leaders(actor, held, "plan.late_permitted", "1")
    return held


def return_plan(actor: Actor, plan: Plan, reasons: Mapping[int | None, str], due_on: dt.date) -> Plan:
    """Send a submitted plan back to its community, to be corrected by ``due_on`` (a day to come).

    ``reasons`` maps an item's id to what is to be corrected there; None is the plan as a whole. Public.
    """
    held = holding.hold_plan(actor, plan)
    PLAN.check(held, "return", actor)
    _step_aside(actor, held)
    given = {item_id: reason.strip() for item_id, reason in reasons.items() if reason.strip()}
    if not given:
        raise Invalid(_l("Say what needs correcting, for the plan or for at least one item."))
    if due_on <= clock.today():
        raise Invalid({"due_on": _l("The due date must be in the future.")})
    own = set(db.session().scalars(sa.select(Item.id).where(Item.plan_id == held.id)))
    if not {item_id for item_id in given if item_id is not None} <= own:
        raise Invalid(_l("An item of another plan cannot be returned here."))
    held.due_on = due_on
    PLAN.advance(held, "return", actor)
    now = clock.now()
    db.session().add_all(
        PlanReturn(
            plan_id=held.id,
            item_id=item_id,
            reason=reason,
            due_on=due_on,
            returned_by=actor.id,
            returned_at=now,
        )
        for item_id, reason in given.items()
    )
    ledger.record(
        "plan.returned",
        actor,
        "plan",
        held.id,
        district_id=held.district_id,
        changes={
            "due_on": due_on.isoformat(),
            "reasons": {str(item_id or ""): reason for item_id, reason in given.items()},
        },
    )
    reminding.remind_before(actor, held, due_on)
    _tell_all(actor, held, "plan.returned", now.isoformat(), due=due_on.isoformat())
    return held


def accept_for_screening(actor: Actor, plan: Plan) -> Plan:
    """A planner takes the submitted plan in: from now on its items are screened and it cannot be changed."""
    held = holding.hold_plan(actor, plan)
    PLAN.check(held, "accept", actor)
    _step_aside(actor, held)
    held.accepted_by, held.accepted_at = actor.id, clock.now()
    PLAN.advance(held, "accept", actor)
    db.session().flush()
    ledger.record("plan.accepted_for_screening", actor, "plan", held.id, district_id=held.district_id)
    _tell_all(actor, held, "plan.accepted_for_screening", "1")
    return held


def withdraw_plan(actor: Actor, plan: Plan, reason: str) -> Plan:
    """The community takes its plan back before screening; it stays on record and can be taken up again."""
    held = holding.hold_plan(actor, plan)
    PLAN.check(held, "withdraw", actor)
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    PLAN.advance(held, "withdraw", actor)
    held.due_on = None
    holding.settle_returns(actor, held)
    ledger.record("plan.withdrawn", actor, "plan", held.id, district_id=held.district_id, note=reason.strip())
    was_public = held.submitted_at is not None
    if was_public:
        _tell_all(actor, held, "plan.withdrawn", clock.now().isoformat(), planners=True)
    else:
        holding.tell_leaders(actor, held, "plan.withdrawn", clock.now().isoformat())
    return held


def _step_aside(actor: Actor, plan: Plan) -> None:
    if actor.id is not None and accounts.has_interest(actor.id, plan.community_id):
        raise NotAllowed(_l("You have an interest in this community, so someone else must do this."))


def _tell_all(
    actor: Actor, plan: Plan, event: str, key: str, *, planners: bool = False, **params: str
) -> None:
    """News for the committee, for who follows the plan or the community, and for the planners where it is theirs to
    act."""
    community_topic = db.session().scalar(
        sa.select(Community.topic_id).where(Community.id == plan.community_id)
    )
    people = accounts.leaders_of(plan.community_id)
    if planners:
        people += accounts.officers_with(Permission.SCREEN, plan.district_id)
    notifications.tell(
        event,
        topic_id=plan.topic_id,
        person_ids=people,
        followers_of=[topic for topic in (plan.topic_id, community_topic) if topic is not None],
        params=params,
        dedupe_key=f"{event}:{plan.id}:{key}",
        except_person=actor.id,
    )
