"""One writer at a time: every change of a plan's content holds the plan's row first."""

from __future__ import annotations

from portal.actionplan import policy
from portal.actionplan.models import ActionPlan, Project
from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l


def hold_plan(actor: Actor, plan_id: int) -> ActionPlan:
    """The plan as it stands now, held against other writers until the transaction ends; NotFound when out of sight."""
    held = db.get_for_update(ActionPlan, plan_id)
    if held is None or not policy.can_see(actor, held):
        raise NotFound
    return held


def hold_editable(actor: Actor, plan_id: int) -> ActionPlan:
    """As :func:`hold_plan`; NotAllowed for who does not write this plan, WrongState once it may not be changed."""
    held = hold_plan(actor, plan_id)
    if not policy.is_editor(actor, held):
        raise NotAllowed(_l("You may not do this here."))
    if not policy.can_edit(actor, held):
        raise WrongState(
            _l("The plan is approved or published. To change it, prepare a new edition."),
            way_on=("actionplan.check", {"plan_id": held.id}, _l("See where the plan stands")),
        )
    return held


def hold_project(
    actor: Actor, project_id: int, expected_version: int | None = None, *, even_withdrawn: bool = False
) -> tuple[Project, ActionPlan]:
    """A standing project and its editable plan, both held. WrongState for a withdrawn project unless the caller asks for
    it ``even_withdrawn``, Conflict when somebody else wrote it since ``expected_version``."""
    project = db.session().get(Project, project_id)
    if project is None:
        raise NotFound
    plan = hold_editable(actor, project.action_plan_id)
    held = db.get_for_update(Project, project_id)
    if held is None:
        raise NotFound
    if held.withdrawn_at is not None and not even_withdrawn:
        raise WrongState(
            _l("This project has been withdrawn."),
            way_on=("actionplan.project", {"project_id": project_id}, _l("See the project")),
        )
    if expected_version is not None and held.version_id != expected_version:
        raise Conflict(_l("Someone else changed this while you were writing."))
    return held, plan
