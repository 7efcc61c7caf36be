"""Which projects a process buys for: more or fewer, until suppliers are invited."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.procurement import policy, queries
from portal.procurement.commands.processes import hold_process, projects_of_plans
from portal.procurement.commands.releasing import publish_release
from portal.procurement.models import Process, ProcessProject


def add_projects(actor: Actor, process: Process, project_ids: Sequence[int]) -> None:
    """Buy for more projects of the same district, until suppliers are invited. Raises NotAllowed, WrongState afterwards,
    Invalid for projects of another district or of no published plan."""
    process = _hold_open(actor, process)
    own = _own_projects(process)
    projects = projects_of_plans(actor, [*own, *project_ids])
    new = [one for one in projects if one.id not in own]
    if not new:
        raise Invalid({"projects": _l("Choose at least one project.")})
    db.session().add_all(ProcessProject(process_id=process.id, project_id=one.id) for one in new)
    db.session().flush()
    _record_projects(actor, process, own)
    notifications.tell(
        "procurement.begun",
        topic_id=process.topic_id,
        **queries.hearers(process.id, "procurement.begun"),
        dedupe_key=f"procurement.begun:{process.id}:{min(one.id for one in new)}",
        except_person=actor.id,
    )
    publish_release(actor, process)


def remove_project(actor: Actor, process: Process, project_id: int, reason: str) -> None:
    """Buy no longer for a project, until suppliers are invited; at least one remains. Its followers are told before it
    goes. Raises NotAllowed, WrongState, NotFound, Invalid by form field."""
    process = _hold_open(actor, process)
    own = _own_projects(process)
    if project_id not in own:
        raise NotFound
    if len(own) == 1 and process.imported_at is None:
        raise Invalid({"": _l("A process must buy for at least one project. Cancel it instead.")})
    if not reason.strip():
        raise Invalid({"reason": _l("This must be filled in.")})
    notifications.tell(
        "procurement.project_removed",
        topic_id=process.topic_id,
        **queries.hearers(process.id, "procurement.project_removed"),
        params={"reason": reason.strip()[:500]},
        dedupe_key=f"procurement.project_removed:{process.id}:{project_id}:{clock.now().isoformat()}",
        except_person=actor.id,
    )
    db.session().execute(
        sa.delete(ProcessProject).where(
            ProcessProject.process_id == process.id, ProcessProject.project_id == project_id
        )
    )
    _record_projects(actor, process, own, reason.strip())
    publish_release(actor, process)


def _hold_open(actor: Actor, process: Process) -> Process:
    process = hold_process(actor, process.id)
    steps = queries.steps_of(process.id)
    if not policy.can_change_projects(steps):
        raise WrongState(
            _l("Suppliers are already invited: the projects can no longer change."),
            way_on=("procurement.show", {"process_id": process.id}, _l("See the process")),
        )
    return process


def _own_projects(process: Process) -> list[int]:
    return list(
        db.session().scalars(
            sa.select(ProcessProject.project_id)
            .where(ProcessProject.process_id == process.id)
            .order_by(ProcessProject.project_id)
        )
    )


def _record_projects(actor: Actor, process: Process, before: list[int], note: str = "") -> None:
    ledger.record(
        "process.projects_changed",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={"projects": [before, _own_projects(process)]},
        note=note,
    )
