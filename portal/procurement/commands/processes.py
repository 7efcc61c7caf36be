"""Beginning, correcting, closing and cancelling a process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, Project
from portal.actionplan.policy import is_in_force
from portal.core import clock, db, ledger, topics
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.procurement import policy, queries, rules, settling, words
from portal.procurement.commands.releasing import publish_release
from portal.procurement.commands.warning import Override, heed_warnings
from portal.procurement.models import (
    Category,
    Method,
    Postponement,
    Process,
    ProcessProject,
    ProcessState,
    Step,
    StepKind,
)
from portal.procurement.steps import LEFT_OUT, ORDER
from portal.procurement.workflow import CANCEL, CLOSE, PROCESSES, TOO_FAR, is_too_far


@dataclass(frozen=True)
class ProcessData:
    """What an officer enters when a process begins. ``budget_satang`` is the money set aside; ``egp_number`` the
    project's number in the e-GP system; ``begins_on`` asks for a lawful plan of every step from that day."""

    title: str
    method: Method
    method_details: str
    category: Category
    budget_satang: int
    description: str = ""
    egp_number: str = ""
    begins_on: dt.date | None = None


@dataclass(frozen=True)
class Correction:
    """The facts of a process that can be put right while it runs; amounts in satang, empty ones None."""

    title: str
    description: str
    category: Category
    egp_number: str
    budget_satang: int
    median_price_satang: int | None = None
    egp_url: str = ""
    buyer: str = ""
    unit: str = ""


def hold_process(actor: Actor, process_id: int) -> Process:
    """The running process, held against everybody else who writes to it. Raises NotFound, NotAllowed, WrongState."""
    process = db.get_for_update(Process, process_id)
    if process is None:
        raise NotFound
    if not policy.can_edit(actor, process):
        raise NotAllowed(_l("Only the procurement officers of this district work on this process."))
    if process.state is not ProcessState.RUNNING:
        raise WrongState(
            _l("This process is closed or cancelled and can no longer change."),
            way_on=("procurement.show", {"process_id": process_id}, _l("See the process")),
        )
    return process


def create_process(
    actor: Actor,
    project_ids: Sequence[int],
    data: ProcessData,
    *,
    ocid_prefix: str,
    override: Override | None = None,
) -> Process:
    """Begin buying for one or several projects of one district's published plans, with its sixteen steps.

    Steps the method does not have are left out at once, saying so. The ocid never changes again. Raises NotAllowed,
    Invalid by form field, RuleWarning where the method is not for such a sum.
    """
    projects = projects_of_plans(actor, project_ids)
    district_id = projects[0].district_id
    if not policy.can_create(actor, district_id):
        raise NotAllowed(_l("Only the procurement officers of this district work on this process."))
    process, steps = begin_process(actor, district_id, data, ocid_prefix=ocid_prefix)
    db.session().add_all(ProcessProject(process_id=process.id, project_id=one.id) for one in projects)
    db.session().flush()
    if is_too_far(data.begins_on):
        raise Invalid({"begins_on": TOO_FAR})
    if data.begins_on is not None:
        _lay_out(process, steps, data.begins_on)
    ledger.record(
        "process.created",
        actor,
        "process",
        process.id,
        district_id=district_id,
        changes={
            "ocid": process.ocid,
            "title": data.title,
            "method": data.method.value,
            "budget_satang": data.budget_satang,
            "projects": [one.id for one in projects],
        },
    )
    warned = rules.of_method(process.method, process.budget_satang, queries.figures())
    heed_warnings(actor, process, steps[0], warned, override)
    notifications.tell(
        "procurement.begun",
        topic_id=process.topic_id,
        **queries.hearers(process.id, "procurement.begun"),
        dedupe_key=f"procurement.begun:{process.id}",
        except_person=actor.id,
    )
    publish_release(actor, process)
    return process


def begin_process(
    actor: Actor, district_id: int, data: ProcessData, *, ocid_prefix: str, **more: Any
) -> tuple[Process, list[Step]]:
    """A process with its sixteen steps and whatever else is known of it, tied to no project yet. Raises Invalid for an
    e-GP number that is taken."""
    topic = topics.create(
        "process", data.title, text=f"{data.description} {data.egp_number}", district_id=district_id
    )
    process = Process(
        district_id=district_id,
        ocid=f"{ocid_prefix}-{district_id}-{topic.id}",
        egp_number=data.egp_number.strip() or None,
        title=data.title,
        description=data.description,
        method=data.method,
        method_details=data.method_details,
        category=data.category,
        budget_satang=data.budget_satang,
        paid_satang=0,
        created_by=actor.id,
        created_at=clock.now(),
        topic_id=topic.id,
    )
    for name, value in more.items():
        setattr(process, name, value)
    with db.refusing_duplicates(_taken_number()):
        db.session().add(process)
    topics.tie(topic.id, process.id)
    steps = [_new_step(process, place, kind) for place, kind in enumerate(ORDER, 1)]
    db.session().add_all(steps)
    db.session().flush()
    return process, steps


def projects_of_plans(actor: Actor, project_ids: Sequence[int]) -> list[Project]:
    """These projects, if they stand in published plans of one district where the actor buys. Raises Invalid, NotAllowed."""
    found = list(
        db.session().scalars(
            sa.select(Project)
            .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
            .where(
                Project.id.in_(list(project_ids)),
                Project.withdrawn_at.is_(None),
                ActionPlan.published_at.is_not(None),
                is_in_force(),
            )
            .order_by(Project.id)
        )
    )
    if not found or len(found) != len(set(project_ids)):
        raise Invalid({"projects": _l("Choose projects of a published plan.")})
    if len({one.district_id for one in found}) > 1:
        raise Invalid({"projects": _l("All projects of one process belong to the same district.")})
    return found


def _taken_number() -> Invalid:
    return Invalid({"egp_number": _l("Another process has this e-GP number.")})


def _new_step(process: Process, place: int, kind: StepKind) -> Step:
    is_skipped = kind in LEFT_OUT[process.method]
    return Step(
        process_id=process.id,
        kind=kind,
        position=place,
        is_skipped=is_skipped,
        note=words.BY_METHOD if is_skipped else "",
        is_open_to_observers=not is_skipped,
        observer_places=5,
    )


def _lay_out(process: Process, steps: Sequence[Step], first: dt.date) -> None:
    plan = rules.schedule(queries.situation(process, steps), first)
    for step in steps:
        if step.kind in plan:
            step.planned_on, step.ends_on = plan[step.kind]
    db.session().flush()


def lay_out_plan(actor: Actor, process: Process, first: dt.date, reason: str = "") -> None:
    """Give every step that is still to come the earliest lawful day from ``first`` on, one after the other. Times and
    places of meetings on other days are cleared. Raises as :func:`hold_process`, Invalid for a day that has passed and
    where a step is put off without a ``reason``."""
    process = hold_process(actor, process.id)
    if first < clock.today():
        raise Invalid({"first": _l("Choose today or a later day.")})
    if is_too_far(first):
        raise Invalid({"first": TOO_FAR})
    steps = queries.steps_of(process.id)
    before = {step.id: step.planned_on for step in steps}
    _lay_out(process, steps, first)
    for step in steps:
        if (
            step.meets_at is not None
            and clock.day_of(step.meets_at) != step.planned_on
            and not step.actual_on
        ):
            step.meets_at = None
    ledger.record(
        "process.planned",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={step.kind.value: step.planned_on.isoformat() for step in steps if step.planned_on},
        note=reason.strip(),
    )
    announce_days(actor, process, steps, before, reason)
    publish_release(actor, process)


def announce_days(
    actor: Actor, process: Process, steps: Sequence[Step], before: Mapping[int, dt.date | None], reason: str
) -> None:
    """Followers are told of new days: once a day that there are some, and each time something was put off, why. That it
    was put off is kept for good. ``before`` holds each step's planned day as it was. Raises Invalid without a reason."""
    put_off = [
        (step, was)
        for step in steps
        if (was := before[step.id]) and step.planned_on and step.planned_on > was
    ]
    why = reason.strip()[:500]
    if put_off and not why:
        raise Invalid({"reason": _l("This is later than planned. Say why: followers can read it.")})
    made = [
        Postponement(
            step_id=step.id,
            was_on=was,
            now_on=step.planned_on,
            reason=why,
            entered_by=actor.id,
            entered_at=clock.now(),
        )
        for step, was in put_off
    ]
    db.session().add_all(made)
    db.session().flush()
    event = "procurement.delayed" if made else "procurement.replanned"
    key = f"{made[0].id}" if made else f"{process.id}:{clock.today().isoformat()}"
    notifications.tell(
        event,
        topic_id=process.topic_id,
        **queries.hearers(process.id, event),
        params={"reason": why} if made else {},
        dedupe_key=f"{event}:{key}",
        except_person=actor.id,
    )


def edit_process(
    actor: Actor,
    process: Process,
    expected_version: int,
    data: Correction,
    *,
    override: Override | None = None,
) -> None:
    """Put the facts of a running process right; what changed stands in the ledger, before and after.

    Awards, contracts and payments have their own commands. Raises NotAllowed, WrongState, Conflict when somebody else
    wrote first, Invalid by form field, RuleWarning where the sum is too high for the method.
    """
    process = hold_process(actor, process.id)
    if process.version_id != expected_version:
        raise Conflict(
            _l("Someone else changed this process while you were writing. Compare, then send yours again.")
        )
    steps = queries.steps_of(process.id)
    _check_link(data.egp_url.strip())
    before = _facts(process)
    with db.refusing_duplicates(_taken_number()):
        for name, value in asdict(data).items():
            setattr(process, name, value)
        process.egp_number = data.egp_number.strip() or None
        process.egp_url = data.egp_url.strip() or None
    changes = {
        name: [before[name], value] for name, value in _facts(process).items() if before[name] != value
    }
    if "budget_satang" in changes:
        warned = rules.of_method(process.method, process.budget_satang, queries.figures())
        heed_warnings(actor, process, steps[0], warned, override)
    if not changes:
        return
    if {"title", "description", "egp_number"} & changes.keys():
        topics.retitle(
            process.topic_id, process.title, text=f"{process.description} {process.egp_number or ''}"
        )
    ledger.record(
        "process.edited",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes=changes,
    )
    publish_release(actor, process)


def _facts(process: Process) -> dict[str, Any]:
    return {
        name: getattr(process, name).value if name == "category" else getattr(process, name)
        for name in Correction.__dataclass_fields__
    }


_EGP_HOSTS = (".gprocurement.go.th", ".bangkok.go.th")


def _check_link(address: str) -> None:
    """A link leads to the e-GP system or to the city's own copy of it, nowhere else."""
    if not address:
        return
    parts = urlsplit(address)
    if parts.scheme != "https" or not f".{parts.hostname or ''}".endswith(_EGP_HOSTS):
        raise Invalid({"egp_url": _l("Give an https address of gprocurement.go.th or bangkok.go.th.")})


def close_process(actor: Actor, process: Process) -> None:
    """Everything is delivered and paid. Raises NotAllowed, WrongState while a step is neither done nor left out."""
    process = hold_process(actor, process.id)
    steps = queries.steps_of(process.id)
    if any(step.actual_on is None and not step.is_skipped for step in steps):
        raise WrongState(
            _l("Every step must be done or skipped before the process is closed."),
            way_on=("procurement.work", {"process_id": process.id}, _l("See the steps")),
        )
    if any(settling.next_of(one) for one in queries.instalments_of(process.id)):
        raise WrongState(
            _l("Every instalment must be delivered, accepted and paid before the process is closed."),
            way_on=("procurement.contracts", {"process_id": process.id}, _l("See the contracts")),
        )
    PROCESSES.advance(process, CLOSE, actor)
    process.ended_on = clock.today()
    ledger.record("process.closed", actor, "process", process.id, district_id=process.district_id)
    _tell_end(actor, process, "procurement.closed", {})
    publish_release(actor, process)


def cancel_process(actor: Actor, process: Process, reason: str) -> None:
    """Stop the process for good; its page stays, with the reason. Raises NotAllowed, WrongState, Invalid."""
    process = hold_process(actor, process.id)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("This must be filled in.")})
    process.cancel_reason, process.ended_on = why[:500], clock.today()
    PROCESSES.advance(process, CANCEL, actor)
    ledger.record(
        "process.cancelled", actor, "process", process.id, district_id=process.district_id, note=why
    )
    _tell_end(actor, process, "procurement.cancelled", {"reason": why[:500]})
    publish_release(actor, process)


def _tell_end(actor: Actor, process: Process, event: str, params: dict[str, Any]) -> None:
    notifications.tell(
        event,
        topic_id=process.topic_id,
        **queries.hearers(process.id, event),
        params=params,
        dedupe_key=f"{event}:{process.id}",
        except_person=actor.id,
    )
