"""The life of a plan: begin, hearing, answers, approval, publication, new editions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.actionplan import editions, policy, queries, words
from portal.actionplan.commands.holding import hold_plan
from portal.actionplan.commands.preparing import put_in_force
from portal.actionplan.commands.printing import print_edition
from portal.actionplan.commands.telling import (
    follow_along,
    tell_fates,
    tell_of_hearing,
    tell_of_removals_since,
)
from portal.actionplan.models import ActionPlan, ActionPlanEdition
from portal.actionplan.queries import hearing, merging
from portal.actionplan.workflow import (
    ACTION_PLANS,
    APPROVE,
    CLOSE_CHANGE,
    FINISH_HEARING,
    OPEN_HEARING,
    PUBLISH,
    PUBLISH_EDITION,
    REOPEN,
    TAKE_BACK,
)
from portal.core import clock, db, hashing, ledger, state, topics
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext as _n
from portal.cycles import queries as cycles
from portal.cycles.models import Cycle, PhaseKind
from portal.notifications import commands as notifications
from portal.places.models import District

BEFORE_HEARING = ("projects", "complete")
BEFORE_EDITION = ("projects", "complete", "placed", "fits", "envelope", "accepted")
BEFORE_APPROVAL = (*BEFORE_EDITION, "committee", "answered")


def begin_plan(actor: Actor, cycle_id: int) -> ActionPlan:
    """Begin the plan of a cycle. NotFound without such a cycle, NotAllowed for others than the district's planners,
    Conflict when somebody has begun it already."""
    cycle = db.session().get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    if actor.id is None or not policy.can_begin(actor, cycle.district_id):
        raise NotAllowed(_l("You may not do this here."))
    district = db.session().get_one(District, cycle.district_id)
    begun = Conflict(
        _l("This year's plan has already been started."),
        way_on=("actionplan.desk", {}, _l("Action plan desk")),
    )
    with db.refusing_duplicates(begun):
        topic = topics.create(
            "action_plan",
            words.TITLE.compose(year=cycle.fiscal_year, district=district.name_th),
            text=district.name_en,
            district_id=district.id,
        )
        plan = ActionPlan(
            cycle_id=cycle.id,
            district_id=district.id,
            created_by=actor.id,
            created_at=clock.now(),
            topic_id=topic.id,
        )
        db.session().add(plan)
    topics.tie(topic.id, plan.id)
    ledger.record(
        "action_plan.begun",
        actor,
        "action_plan",
        plan.id,
        district_id=plan.district_id,
        changes={"fiscal_year": cycle.fiscal_year},
    )
    return plan


def open_hearing(actor: Actor, plan: ActionPlan) -> None:
    """Show the draft to everybody and ask what they think: only in the cycle's hearing phase, and once every sheet is
    written. Raises RulesMissing or WrongState outside the phase, Invalid while something is missing."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, OPEN_HEARING)
    cycles.require_open(held.cycle_id, PhaseKind.HEARING)
    _nothing_missing(held, BEFORE_HEARING)
    held.hearing_opened_at = clock.now()
    _advance(actor, held, OPEN_HEARING, "action_plan.hearing_opened")
    follow_along(actor, held)
    tell_of_hearing(actor, held)


def finish_hearing(actor: Actor, plan: ActionPlan) -> None:
    """Close the hearing once its days are over and every remark has an official answer; WrongState says what is left."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, FINISH_HEARING)
    way_on = ("actionplan.answers", {"plan_id": held.id}, _l("Answer the hearing"))
    if cycles.is_open(held.cycle_id, PhaseKind.HEARING):
        raise WrongState(
            _l("The days of the hearing are not over: people may still say something."), way_on=way_on
        )
    left = hearing.waiting(held)
    if left:
        raise WrongState(
            _n(
                "%(num)s comment still waits for an answer.",
                "%(num)s comments still wait for an answer.",
                left,
            ),
            way_on=way_on,
        )
    held.answered_at = clock.now()
    _advance(actor, held, FINISH_HEARING, "action_plan.answered")


def approve_plan(actor: Actor, plan: ActionPlan, seen: str) -> None:
    """The director approves what they have read: ``seen`` is the content's hash (:func:`queries.content_sha256`) on the
    page they decided from. Conflict when it reads otherwise now; Invalid while something is missing; NotAllowed for
    somebody who drafted a part of it (four eyes)."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, APPROVE)
    if queries.took_part(actor, held):
        raise NotAllowed(_l("You wrote a part of this plan: someone else approves it."))
    _nothing_missing(held, BEFORE_APPROVAL)
    if queries.content_sha256(held) != seen:
        raise Conflict(
            _l("The plan was changed since you opened this page. Read it again before you approve it."),
            way_on=(
                "actionplan.move",
                {"plan_id": held.id, "name": "approve"},
                _l("Read it as it stands now"),
            ),
        )
    held.approved_by, held.approved_at = actor.id, clock.now()
    _advance(actor, held, APPROVE, "action_plan.approved", changes={"content_sha256": seen})


def take_approval_back(actor: Actor, plan: ActionPlan, reason: str) -> None:
    """Before publication the director lets the plan be changed again. Invalid without a reason."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, TAKE_BACK)
    why = _reason(reason)
    held.approved_by = held.approved_at = None
    _advance(actor, held, TAKE_BACK, "action_plan.approval_taken_back", note=why)


def publish_plan(actor: Actor, plan: ActionPlan) -> ActionPlanEdition:
    """Publish the approved plan as edition 1 and tell everybody whose idea is in it, or not yet."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, PUBLISH)
    held.published_at = clock.now()
    _advance(actor, held, PUBLISH, "action_plan.published")
    made = _write_edition(actor, held, 1, "")
    follow_along(actor, held)
    tell_fates(actor, held)
    notifications.tell(
        "actionplan.published",
        topic_id=held.topic_id,
        followers_of=[held.topic_id],
        dedupe_key=f"actionplan.published:{held.id}:1",
        except_person=actor.id,
    )
    return made


def reopen_plan(actor: Actor, plan: ActionPlan, reason: str) -> None:
    """Begin a change of a published plan; the edition in force stays until the next one is published. Invalid without a
    reason."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, REOPEN)
    held.reopened_reason = _reason(reason)
    held.reopened_by, held.reopened_at = actor.id, clock.now()
    _advance(actor, held, REOPEN, "action_plan.reopened", note=held.reopened_reason)


def publish_edition(actor: Actor, plan: ActionPlan, seen: str, reason: str) -> ActionPlanEdition:
    """Publish the change as the next edition, by somebody who neither began nor wrote it. ``seen`` as for :func:`approve_plan`.
    Invalid when nothing differs, something is missing or no reason is given."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, PUBLISH_EDITION)
    if queries.took_part(actor, held):
        raise NotAllowed(_l("You wrote a part of this change: someone else publishes it."))
    _nothing_missing(held, BEFORE_EDITION)
    why = _reason(reason)
    newest = queries.newest_edition(held.id)
    if newest is None:
        raise NotFound
    if not queries.changes_since(queries.body_now(held), newest):
        raise Invalid(_l("Nothing differs from the edition in force."))
    if queries.content_sha256(held) != seen:
        raise Conflict(
            _l("The plan was changed since you opened this page. Read it again before you publish it."),
            way_on=(
                "actionplan.move",
                {"plan_id": held.id, "name": "publish-edition"},
                _l("Read it as it stands now"),
            ),
        )
    put_in_force(actor, held)
    _end_change(held)
    _advance(actor, held, PUBLISH_EDITION, "action_plan.changed", note=why)
    made = _write_edition(actor, held, newest.number + 1, why)
    follow_along(actor, held)
    tell_fates(actor, held)
    tell_of_removals_since(actor, newest)
    notifications.tell(
        "actionplan.changed",
        topic_id=held.topic_id,
        followers_of=[held.topic_id],
        params={"reason": why},
        dedupe_key=f"actionplan.published:{held.id}:{made.number}",
        except_person=actor.id,
    )
    return made


def close_change(actor: Actor, plan: ActionPlan) -> None:
    """End a change that changed nothing; Invalid while something differs from the edition in force."""
    held = hold_plan(actor, plan.id)
    _may(actor, held, CLOSE_CHANGE)
    newest = queries.newest_edition(held.id)
    if newest is not None and queries.changes_since(queries.body_now(held), newest):
        raise Invalid(_l("Something differs from the edition in force: publish it, or put it back by hand."))
    _end_change(held)
    _advance(actor, held, CLOSE_CHANGE, "action_plan.change_closed")


# -- what the steps share ---------------------------------------------------------------------------------------------


def _may(actor: Actor, plan: ActionPlan, move: str) -> None:
    """Ask before anything is checked or changed, so that state and duty answer first."""
    if not ACTION_PLANS.is_open(move, actor, plan):
        ACTION_PLANS.advance(plan, move, actor)  # raises what fits


def _advance(
    actor: Actor,
    plan: ActionPlan,
    move: str,
    event: str,
    *,
    changes: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    ACTION_PLANS.advance(plan, move, actor)
    db.session().flush()
    ledger.record(
        event, actor, "action_plan", plan.id, district_id=plan.district_id, changes=changes, note=note
    )
    state.bump_epoch()


def _end_change(plan: ActionPlan) -> None:
    plan.reopened_by = plan.reopened_at = plan.reopened_reason = None


def _reason(text: str) -> str:
    why = text.strip()
    if not why:
        raise Invalid({"reason": _l("Say why in a sentence: everyone can read it.")})
    return why[:500]


def _nothing_missing(plan: ActionPlan, keys: Sequence[str]) -> None:
    found = merging.review(plan).checks
    wrong = [key for key in keys if found[key].wrong]
    if wrong:
        raise Invalid(
            _n(
                "%(num)s point of the checklist is still open.",
                "%(num)s points of the checklist are still open.",
                len(wrong),
            )
        )


def _write_edition(actor: Actor, plan: ActionPlan, number: int, reason: str) -> ActionPlanEdition:
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    text = hashing.canonical_json(merging.body_now(plan, number))
    made = ActionPlanEdition(
        action_plan_id=plan.id,
        number=number,
        body=text,
        sha256=hashing.sha256_hex(text),
        reason=reason,
        published_by=actor.id,
        published_at=clock.now(),
    )
    with db.refusing_duplicates(Conflict(_l("Someone else published this edition."))):
        db.session().add(made)
    ledger.record(
        "action_plan.edition_published",
        actor,
        "action_plan",
        plan.id,
        district_id=plan.district_id,
        changes={"number": number, "sha256": made.sha256, "format": editions.FORMAT},
        note=reason,
    )
    print_edition(actor, made)
    return made
