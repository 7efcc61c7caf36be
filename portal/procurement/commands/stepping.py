"""Planning, doing, leaving out and correcting steps; the draft terms; documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.comments.models import Purpose
from portal.comments.queries import unanswered
from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.notifications import commands as notifications
from portal.procurement import policy, queries, rules, words, workflow
from portal.procurement.commands import settling
from portal.procurement.commands.processes import announce_days, hold_process
from portal.procurement.commands.releasing import publish_release
from portal.procurement.commands.warning import Override, heed_warnings
from portal.procurement.models import Process, Step, StepKind
from portal.procurement.settling import Outcome
from portal.procurement.steps import COMMITTEES, WINDOWS

MOST_PLACES = 200


@dataclass(frozen=True)
class StepPlan:
    """When and where a step is to happen; ``meets`` is a Bangkok wall-clock time on ``planned_on``. A day later than
    planned before needs a ``reason``."""

    planned_on: dt.date | None
    ends_on: dt.date | None = None
    meets: dt.time | None = None
    place: str = ""
    is_open_to_observers: bool = True
    observer_places: int = 5
    reason: str = ""


# Facts of the process that a step must bring: form field and column are called alike.
BRINGS: Mapping[StepKind, tuple[str, ...]] = {
    StepKind.MEDIAN_PRICE: ("median_price_satang",),
    StepKind.AWARD: ("supplier", "award_satang"),
    StepKind.CONTRACT: ("contract_number", "contract_satang"),
    StepKind.PAYMENT: ("paid_satang",),
}
# Facts that a step may bring where they are known.
MAY_BRING: Mapping[StepKind, tuple[str, ...]] = {
    StepKind.BID_OPENING: ("number_of_tenderers",),
    StepKind.CONTRACT: ("starts_on", "contract_ends_on"),
    StepKind.PAYMENT: ("voucher",),
}


def hold_step(actor: Actor, step: Step) -> tuple[Process, Step]:
    """The running process and its step as they stand now, held against everybody else. Raises NotFound, NotAllowed,
    WrongState."""
    process = hold_process(actor, step.process_id)
    db.session().refresh(step)  # whoever writes a step holds its process first
    return process, step


def _refuse_settled(step: Step, *, but_skipped: bool = False) -> None:
    if step.actual_on is not None:
        raise _moved_on(step, _l("This step is done already."))
    if step.is_skipped and not but_skipped:
        raise _moved_on(step, _l("This step was skipped."))


def _moved_on(step: Step, message: object) -> WrongState:
    return WrongState(
        message, way_on=("procurement.work", {"process_id": step.process_id}, _l("See the steps"))
    )


def plan_step(actor: Actor, step: Step, plan: StepPlan, *, override: Override | None = None) -> None:
    """Set the day, time and place of a step to come, and whether observers may attend.

    Raises NotAllowed, WrongState for a step done or left out, Invalid by form field, RuleWarning where the day would
    break a rule. Followers are told of a changed day.
    """
    process, step = hold_step(actor, step)
    _refuse_settled(step)
    _check_plan(step, plan)
    now = queries.situation(process)
    facts = replace(now.steps[step.kind], planned_on=plan.planned_on, ends_on=plan.ends_on)
    heed_warnings(actor, process, step, rules.of_step(now.with_step(step.kind, facts), step.kind), override)
    before = (step.planned_on, step.ends_on, step.meets_at, step.place)
    step.planned_on, step.ends_on = plan.planned_on, plan.ends_on
    step.meets_at = (
        clock.at(plan.planned_on, plan.meets.hour, plan.meets.minute)
        if plan.planned_on is not None and plan.meets is not None
        else None
    )
    step.place = plan.place.strip()[:500]
    step.is_open_to_observers, step.observer_places = plan.is_open_to_observers, plan.observer_places
    ledger.record(
        "process.step_planned",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={
            "step": step.kind.value,
            "planned_on": [_iso(before[0]), _iso(plan.planned_on)],
            "ends_on": [_iso(before[1]), _iso(plan.ends_on)],
            "observer_places": plan.observer_places if plan.is_open_to_observers else 0,
        },
    )
    if before != (step.planned_on, step.ends_on, step.meets_at, step.place) and before[0] is not None:
        announce_days(actor, process, [step], {step.id: before[0]}, plan.reason)
    publish_release(actor, process)


def _check_plan(step: Step, plan: StepPlan) -> None:
    wrong: dict[str, object] = {}
    if plan.planned_on is not None and plan.planned_on < clock.today() and plan.planned_on != step.planned_on:
        wrong["planned_on"] = _l("Choose today or a later day.")
    elif workflow.is_too_far(plan.planned_on):
        wrong["planned_on"] = workflow.TOO_FAR
    if plan.ends_on is not None:
        if step.kind not in WINDOWS:
            wrong["ends_on"] = _l("Only a step with a duration has a last day.")
        elif plan.planned_on is None or plan.ends_on < plan.planned_on:
            wrong["ends_on"] = _l("The last day cannot be before the first.")
        elif workflow.is_too_far(plan.ends_on):
            wrong["ends_on"] = workflow.TOO_FAR
    if plan.meets is not None and plan.planned_on is None:
        wrong["planned_on"] = _l("A time needs a date.")
    if not 0 <= plan.observer_places <= MOST_PLACES:
        wrong["observer_places"] = _l("At most 200 places.")
    if wrong:
        raise Invalid(wrong)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def do_step(
    actor: Actor, step: Step, on: dt.date, outcome: Outcome, *, override: Override | None = None
) -> None:
    """Record that a step happened on a day, with what it settled; followers are told.

    The draft terms are published with :func:`publish_draft` instead. Two posts at once make one step. Raises
    NotAllowed, WrongState when it is done or left out, Invalid by form field (also for the portal's own rules: remarks
    on the draft terms are answered before anybody is invited, and bids stay sealed), RuleWarning for the law's.
    """
    process, step = hold_step(actor, step)
    _refuse_settled(step)
    if step.kind is StepKind.DRAFT_TOR:
        raise _moved_on(step, _l("Draft terms must be published with their text."))
    steps = queries.steps_of(process.id)
    _check_done(actor, process, step, on, outcome, steps)
    heed_days(actor, process, step, on, outcome.ends_on, outcome.committee_size, override)
    settle_step(actor, step, on, outcome.ends_on)
    step.committee_size = outcome.committee_size
    step.note = outcome.note.strip()
    settling.settle(actor, process, step.kind, on, outcome)
    names = (*BRINGS.get(step.kind, ()), *MAY_BRING.get(step.kind, ()))
    brought = {
        name: _iso(value) if isinstance(value, dt.date) else value
        for name in names
        if (value := getattr(outcome, name)) not in (None, "")
    }
    record_done(actor, process, step, brought)
    publish_release(actor, process)


def _check_done(
    actor: Actor, process: Process, step: Step, on: dt.date, outcome: Outcome, steps: list[Step]
) -> None:
    wrong: dict[str, object] = {}
    if on > clock.today():
        wrong["actual_on"] = _l("A step is recorded once it has happened: today or earlier.")
    if step.kind in WINDOWS and outcome.ends_on is None:
        wrong["ends_on"] = _l("This must be filled in.")
    elif outcome.ends_on is not None and outcome.ends_on < on:
        wrong["ends_on"] = _l("The last day cannot be before the first.")
    elif workflow.is_too_far(outcome.ends_on):
        wrong["ends_on"] = workflow.TOO_FAR
    if step.kind in COMMITTEES and not outcome.committee_size:
        wrong["committee_size"] = _l("This must be filled in.")
    for name in BRINGS.get(step.kind, ()):
        if getattr(outcome, name) in (None, ""):
            wrong[name] = _l("This must be filled in.")
    wrong = {**settling.check(actor, process, step.kind, on, outcome), **wrong}
    if step.kind in (StepKind.EVALUATION, StepKind.AWARD) and policy.is_sealed(steps):
        wrong[""] = words.SEALED
    if step.kind is StepKind.INVITATION:
        waiting = unanswered([process.topic_id], Purpose.DRAFT_TOR)
        if waiting:
            wrong[""] = ngettext(
                "%(num)s comment on the draft terms still waits for an official answer. This is the portal's own rule: it cannot be overridden.",
                "%(num)s comments on the draft terms still wait for an official answer. This is the portal's own rule: it cannot be overridden.",
                waiting,
            )
    if wrong:
        raise Invalid(wrong)


def heed_days(
    actor: Actor,
    process: Process,
    step: Step,
    on: dt.date,
    ends_on: dt.date | None,
    committee_size: int | None,
    override: Override | None,
    draft_shown_on: dt.date | None = None,
) -> None:
    """Check the days a step is about to get against the rules; see :func:`heed_warnings`."""
    now = queries.situation(process)
    facts = replace(
        now.steps[step.kind], actual_on=on, ends_on=ends_on, committee_size=committee_size, is_skipped=False
    )
    now = now.with_step(step.kind, facts)
    if draft_shown_on is not None:
        now = replace(now, draft_shown_on=draft_shown_on)
    heed_warnings(actor, process, step, rules.of_step(now, step.kind), override)


def settle_step(actor: Actor, step: Step, on: dt.date, ends_on: dt.date | None) -> None:
    """The step is done, by this officer, now."""
    step.actual_on, step.done_by, step.done_at = on, actor.id, clock.now()
    step.ends_on = ends_on


def record_done(actor: Actor, process: Process, step: Step, brought: dict[str, Any]) -> None:
    """Put a step just done into the ledger and tell its followers."""
    db.session().flush()
    ledger.record(
        "process.step_done",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={
            "step": step.kind.value,
            "actual_on": _iso(step.actual_on),
            "ends_on": _iso(step.ends_on),
            "committee_size": step.committee_size,
            **brought,
        },
        note=step.note,
    )
    tell_followers(actor, process, f"procurement.{step.kind.value}", f"{process.id}")


def tell_followers(actor: Actor, process: Process, event: str, key: str, **params: str) -> None:
    """Tell whoever follows the process, its projects or their items; ``key`` makes the news one."""
    notifications.tell(
        event,
        topic_id=process.topic_id,
        **queries.hearers(process.id, event),
        params=params,
        dedupe_key=f"{event}:{key}",
        except_person=actor.id,
    )


def skip_step(actor: Actor, step: Step, reason: str, *, override: Override | None = None) -> None:
    """Leave a step out, with a reason everybody reads. Raises NotAllowed, WrongState, Invalid, RuleWarning where the law
    asks for the step."""
    process, step = hold_step(actor, step)
    _refuse_settled(step)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("This must be filled in.")})
    heed_warnings(actor, process, step, rules.of_skipping(queries.situation(process), step.kind), override)
    step.is_skipped, step.note = True, why
    ledger.record(
        "process.step_skipped",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={"step": step.kind.value},
        note=why,
    )
    publish_release(actor, process)


def take_up_step(actor: Actor, step: Step) -> None:
    """Take a step up again that was left out. Raises NotAllowed, WrongState when it is not left out."""
    process, step = hold_step(actor, step)
    _refuse_settled(step, but_skipped=True)
    if not step.is_skipped:
        raise _moved_on(step, _l("This step is not skipped."))
    step.is_skipped, step.note = False, ""
    ledger.record(
        "process.step_taken_up",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={"step": step.kind.value},
    )
    publish_release(actor, process)


def correct_step(
    actor: Actor,
    step: Step,
    on: dt.date,
    ends_on: dt.date | None,
    reason: str,
    *,
    override: Override | None = None,
) -> None:
    """Put the recorded day of a done step right; both days and the reason stand in the ledger and followers are told.

    Raises NotAllowed, WrongState when it is not done, Invalid by form field, RuleWarning.
    """
    process, step = hold_step(actor, step)
    if step.actual_on is None:
        raise _moved_on(step, _l("This step is not done yet."))
    wrong: dict[str, object] = {}
    if on > clock.today():
        wrong["actual_on"] = _l("A step is recorded once it has happened: today or earlier.")
    if step.kind in WINDOWS and (ends_on is None or ends_on < on):
        wrong["ends_on"] = _l("The last day cannot be before the first.")
    elif workflow.is_too_far(ends_on):
        wrong["ends_on"] = workflow.TOO_FAR
    if not reason.strip():
        wrong["reason"] = _l("This must be filled in.")
    if wrong:
        raise Invalid(wrong)
    heed_days(actor, process, step, on, ends_on, step.committee_size, override)
    changes = {
        "step": step.kind.value,
        "actual_on": [_iso(step.actual_on), _iso(on)],
        "ends_on": [_iso(step.ends_on), _iso(ends_on)],
    }
    settling.follow_correction(actor, process, step.kind, step.actual_on, on)
    step.actual_on, step.ends_on = on, ends_on
    ledger.record(
        "process.step_corrected",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes=changes,
        note=reason.strip(),
    )
    key = f"{step.id}:{clock.now().isoformat()}"
    tell_followers(actor, process, "procurement.corrected", key, reason=reason.strip()[:500])
    publish_release(actor, process)
