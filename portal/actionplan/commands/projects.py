"""Writing projects: the sheet, strategy nodes, documents, withdrawal, the money's way."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import IO

import sqlalchemy as sa

from portal.actionplan import policy, queries, sheet
from portal.actionplan.commands import preparing, shares
from portal.actionplan.commands.holding import hold_editable, hold_project
from portal.actionplan.commands.merging import link_items
from portal.actionplan.commands.telling import tell_of_removal
from portal.actionplan.models import (
    ActionPlan,
    ActionPlanState,
    BudgetKind,
    MoneyStep,
    Project,
    ProjectItem,
    ProjectMoney,
    ProjectNode,
)
from portal.actionplan.queries import shares as picked
from portal.actionplan.queries import workbench
from portal.actionplan.sheet import Sheet
from portal.actionplan.workflow import MONEY_BEFORE
from portal.core import clock, db, ledger, money, state, storage, topics
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.places.models import District
from portal.strategy import queries as strategy


def add_project(actor: Actor, plan: ActionPlan, written: Sheet, item_ids: tuple[int, ...] = ()) -> Project:
    """A new project at the end of the plan, taking in accepted items with what is left of them.

    Without a code it gets the district's next one. Raises Invalid by field of the sheet; WrongState or NotAllowed when
    the plan may not be changed (by this actor).
    """
    held = hold_editable(actor, plan.id)
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    agency_code = _agency_code(held)
    taken = _codes(held)
    written = _checked(
        written if written.code else replace(written, code=sheet.next_code(agency_code, taken))
    )
    _check_code(written, agency_code, taken)
    last = db.session().scalar(
        sa.select(sa.func.max(Project.position)).where(Project.action_plan_id == held.id)
    )
    topic = topics.create("project", written.name, text=sheet.searched(written), district_id=held.district_id)
    now = clock.now()
    made = Project(
        action_plan_id=held.id,
        district_id=held.district_id,
        position=(last or 0) + 1,
        created_by=actor.id,
        created_at=now,
        changed_by=actor.id,
        changed_at=now,
        topic_id=topic.id,
        **asdict(written),
    )
    db.session().add(made)
    db.session().flush()
    topics.tie(topic.id, made.id)
    ledger.record(
        "project.added",
        actor,
        "project",
        made.id,
        district_id=held.district_id,
        changes={"plan_id": held.id, "code": made.code, "name": made.name},
    )
    if item_ids:
        link_items(actor, held, list(item_ids), [made.id])
    return made


def write_project(actor: Actor, project: Project, expected_version: int, written: Sheet) -> None:
    """Change the sheet; of a project that the edition in force names, the change waits for the next one. Conflict when
    somebody wrote since ``expected_version``; Invalid by field; WrongState when the plan may not be changed or the
    project is withdrawn."""
    held, plan = hold_project(actor, project.id, expected_version)
    if actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    before = sheet.prepared(held)
    written = _checked(written if written.code else replace(written, code=before.code))
    _check_code(written, _agency_code(plan), _codes(plan, besides=held.id))
    changes = {
        name: [sheet.plain(getattr(before, name)), sheet.plain(value)]
        for name, value in asdict(written).items()
        if getattr(before, name) != value
    }
    if not changes:
        return
    if policy.is_for_next_edition(plan, held):
        preparing.prepare(actor, held, changes)
        return
    for name in changes:
        setattr(held, name, getattr(written, name))
    held.changed_by, held.changed_at = actor.id, clock.now()
    topics.retitle(held.topic_id, held.name, text=sheet.searched(written))
    ledger.record("project.changed", actor, "project", held.id, district_id=held.district_id, changes=changes)
    db.session().flush()


def _codes(plan: ActionPlan, besides: int = 0) -> list[str | None]:
    """Every code of the plan's projects, those in force and those a change gives them, but of one project."""
    rows = db.session().execute(
        sa.select(Project.code, Project.pending).where(
            Project.action_plan_id == plan.id, Project.id != besides
        )
    )
    return [code for row in rows for code in (row.code, (row.pending or {}).get("code")) if code]


def _agency_code(plan: ActionPlan) -> str:
    return db.session().scalars(sa.select(District.agency_code).where(District.id == plan.district_id)).one()


def _checked(written: Sheet) -> Sheet:
    wrong: dict[str, object] = {}
    if not written.name.strip():
        wrong["name"] = _l("This must be filled in.")
    if written.ends_on < written.starts_on:
        wrong["ends_on"] = _l("The end is before the start.")
    if written.budget_kind is BudgetKind.AMOUNT and written.budget_satang is None:
        wrong["budget_satang"] = _l("Write the amount, or choose the words printed in its place.")
    if not written.quarters or set(written.quarters) - set(sheet.QUARTERS):
        wrong["quarters"] = _l("Choose at least one quarter.")
    if wrong:
        raise Invalid(wrong)
    if written.budget_kind is not BudgetKind.AMOUNT:
        written = replace(written, budget_satang=None)
    return replace(written, quarters="".join(sorted(set(written.quarters))))


def _check_code(written: Sheet, agency_code: str, taken: list[str | None]) -> None:
    code = written.code or ""
    if not sheet.CODE.fullmatch(code) or code[:8] != agency_code:
        raise Invalid(
            {"code": _l("A code is the district's %(agency)s, a dash and four digits.", agency=agency_code)}
        )
    if code in taken:
        raise Invalid({"code": _l("Another project of this plan has this code.")})


def withdraw_project(actor: Actor, project: Project, expected_version: int, reason: str) -> None:
    """Take a project out of the plan; its page and the reason stay, its items are free again. In a change of a published
    plan nobody is told before the edition that says so, and what else the change wrote of it is dropped. Invalid without a reason; Conflict, WrongState and NotAllowed as for :func:`write_project`."""
    held, plan = hold_project(actor, project.id, expected_version)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("Say why in a sentence: it stays on the project's page.")})
    held.withdrawn_at, held.withdrawn_reason = clock.now(), why[:500]
    held.changed_by, held.changed_at = actor.id or held.changed_by, clock.now()
    dropped, held.pending = held.pending, None
    links = queries.items_of_project(actor, held.id)
    changes: dict[str, object] = {"items": {str(link.item_id): link.amount_satang for link in links}}
    ledger.record(
        "project.withdrawn",
        actor,
        "project",
        held.id,
        district_id=held.district_id,
        changes=changes | ({"dropped": dropped} if dropped else {}),
        note=why,
    )
    db.session().flush()
    if plan.state is not ActionPlanState.DRAFT:
        state.bump_epoch()
    if plan.state not in (ActionPlanState.DRAFT, ActionPlanState.REOPENED):
        tell_of_removal(actor, held)


def put_back_project(actor: Actor, project: Project, expected_version: int) -> None:
    """Put a project back that the change takes out: it counts again, as the edition in force has it. WrongState for
    any other, and once its items were placed elsewhere or are accepted no more; Conflict and NotAllowed as for :func:`write_project`."""
    held, plan = hold_project(actor, project.id, expected_version, even_withdrawn=True)
    if not policy.can_put_back(actor, plan, held):
        raise WrongState(
            _l("This project cannot be put back now."),
            way_on=("actionplan.project", {"project_id": held.id}, _l("See the project")),
        )
    links = sa.select(ProjectItem.item_id, ProjectItem.amount_satang).where(ProjectItem.project_id == held.id)
    amounts = {row.item_id: row.amount_satang for row in db.session().execute(links)}
    items = workbench.accepted(plan, amounts)
    if len(items) < len(amounts):
        raise WrongState(
            _l("The item's acceptance has changed since."),
            way_on=("actionplan.project", {"project_id": held.id}, _l("See the project")),
        )
    for item in items:
        if amounts[item.item_id] > item.rest_satang:
            raise WrongState(
                picked.too_much(item),
                way_on=("actionplan.merge", {"plan_id": plan.id}, _l("Merge workbench")),
            )
    shares.drop_reasons(actor, plan, list(amounts))
    reason = held.withdrawn_reason
    held.withdrawn_at = held.withdrawn_reason = None
    held.changed_by, held.changed_at = actor.id or held.changed_by, clock.now()
    ledger.record(
        "project.put_back",
        actor,
        "project",
        held.id,
        district_id=held.district_id,
        changes={"withdrawn_reason": [reason, None]},
    )
    db.session().flush()
    state.bump_epoch()


def add_node(actor: Actor, project: Project, node_id: int) -> None:
    """The project serves this strategy node; naming it twice is naming it once. It waits as :func:`write_project`. Invalid
    for what is not a line of the city's or the district's published strategy."""
    held, plan = hold_project(actor, project.id)
    if not strategy.is_line_of(node_id, None, plan.district_id):
        raise Invalid({"node": _l("Choose a strategy line from the list.")})
    served = queries.served_by(held)
    if node_id in served:
        return
    if policy.is_for_next_edition(plan, held):
        preparing.prepare(actor, held, {sheet.NODES: [served, sorted([*served, node_id])]})
        return
    db.session().add(ProjectNode(project_id=held.id, node_id=node_id))
    ledger.record(
        "project.node_added",
        actor,
        "project",
        held.id,
        district_id=held.district_id,
        changes={"node_id": node_id},
    )
    db.session().flush()


def remove_node(actor: Actor, project: Project, node_id: int) -> None:
    """The project does not serve this node; removing it twice is removing it once. It waits as :func:`write_project`."""
    held, plan = hold_project(actor, project.id)
    served = queries.served_by(held)
    if node_id not in served:
        return
    if policy.is_for_next_edition(plan, held):
        preparing.prepare(actor, held, {sheet.NODES: [served, [one for one in served if one != node_id]]})
        return
    db.session().execute(
        sa.delete(ProjectNode).where(ProjectNode.project_id == held.id, ProjectNode.node_id == node_id)
    )
    ledger.record(
        "project.node_removed",
        actor,
        "project",
        held.id,
        district_id=held.district_id,
        changes={"node_id": node_id},
    )
    db.session().flush()


def add_document(actor: Actor, project: Project, stream: IO[bytes], name: str, caption: str) -> None:
    """Put a PDF or a picture on the project's page. The plan's state does not matter: papers come late. Invalid for
    other files; NotAllowed for who does not write this plan."""
    plan = db.session().get_one(ActionPlan, project.action_plan_id)
    if not policy.is_editor(actor, plan):
        raise NotAllowed(_l("You may not do this here."))
    file = storage.save(actor, stream, name, owner_kind="project", owner_id=project.id, caption=caption)
    ledger.record(
        "project.document_added",
        actor,
        "project",
        project.id,
        district_id=project.district_id,
        changes={"file": file.sha256, "name": file.name},
    )


def record_money(
    actor: Actor, project: Project, step: MoneyStep, amount_satang: int, on: dt.date, note: str
) -> ProjectMoney:
    """Enter one step of the money's way (S 001: being in the plan is not being funded). The amount is the sum so far, of
    all instalments together; a correction, like a further instalment, is the same step entered anew.

    Steps follow one another: requested, then allocated or refused (with a reason), then transferred. Raises Invalid by
    field, NotAllowed for who does not write this plan, WrongState for a withdrawn project.
    """
    plan = db.session().get_one(ActionPlan, project.action_plan_id)
    if actor.id is None or not policy.can_record_money(actor, plan):
        raise NotAllowed(_l("You may not do this here."))
    held = db.get_for_update(Project, project.id)
    if held is None or held.withdrawn_at is not None:
        raise WrongState(_l("This project has been withdrawn."))
    way = queries.money_of(held.id)
    wrong: dict[str, object] = {}
    if (way[-1].step if way else None) not in MONEY_BEFORE[step]:
        wrong["step"] = _l("This step does not follow the last one.")
    if step is MoneyStep.REFUSED and not note.strip():
        wrong["note"] = _l("Give a reason for a refusal.")
    if step is not MoneyStep.REFUSED and amount_satang <= 0:
        wrong["amount"] = _l("Write an amount above zero.")
    if on > clock.today():
        wrong["on"] = _l("This date has not come yet.")
    elif way and on < way[-1].on:
        wrong["on"] = _l("This is before the last step.")
    if wrong:
        raise Invalid(wrong)
    made = ProjectMoney(
        project_id=held.id,
        step=step,
        amount_satang=amount_satang,
        on=on,
        note=note.strip()[:500],
        entered_by=actor.id,
        entered_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    ledger.record(
        "project.money_recorded",
        actor,
        "project",
        held.id,
        district_id=held.district_id,
        changes={"step": step, "amount_satang": amount_satang, "on": on.isoformat()},
        note=note,
    )
    if step is not MoneyStep.REQUESTED and plan.state is not ActionPlanState.DRAFT:
        notifications.tell(
            f"actionplan.money_{step}",
            topic_id=held.topic_id,
            **queries.concerned_by([held.id]),
            params={"amount": money.baht(amount_satang), "reason": note},
            dedupe_key=f"actionplan.money:{made.id}",
            except_person=actor.id,
        )
    return made
