"""Writing one project: its sheet, strategy nodes, money, documents, withdrawal."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from portal.actionplan import commands, policy, queries, sheet, words
from portal.actionplan.forms import DocumentForm, MoneyForm, NodeForm, ProjectForm, ReasonForm, VersionedForm
from portal.actionplan.models import ActionPlan, BudgetKind, Project, ProjectKind, Section
from portal.actionplan.queries import browsing, merging, workbench
from portal.actionplan.views.merging import chosen_items
from portal.actionplan.views.room import blueprint, desk_project, refuse_closed, writable_plan
from portal.core import calendar, clock, storage
from portal.core.actor import Permission
from portal.core.errors import Conflict, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.places.models import title_of
from portal.strategy import queries as strategy
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/<int:plan_id>/projects/new", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def new_project(plan_id: int) -> Any:
    """A new project, empty or made from chosen items."""
    actor = current_actor()
    plan, heading = writable_plan(plan_id)
    items = workbench.accepted(plan, chosen_items())
    form = ProjectForm(data=_first_draft(heading, items))
    ids = tuple(one.item_id for one in items)
    if form.accepts(lambda: commands.add_project(actor, plan, form.sheet, ids)):
        flash.say(_("The project is in the plan."))
        return see_other("actionplan.project", project_id=form.result.id)
    return page(
        "actionplan/new_project.html", plan=plan, heading=heading, items=items, form=form
    ), form.status


def _first_draft(heading: queries.Heading, items: list[merging.Accepted]) -> dict[str, Any]:
    """What a new project begins with: the fiscal year, and what its items already say."""
    first, last = calendar.fiscal_year_span(heading.fiscal_year)
    draft: dict[str, Any] = {
        "kind": ProjectKind.PROJECT,
        "starts_on": first,
        "ends_on": last,
        "quarters": list(sheet.QUARTERS),
        "budget_kind": BudgetKind.AMOUNT,
        "section": Section.COMMUNITY_WELFARE,
    }
    if items:
        communities = dict.fromkeys(title_of(item.community) for item in items)
        draft |= {
            "name": items[0].title,
            "area": ", ".join(communities)[:500],
            "budget_satang": sum(item.rest_satang for item in items),
        }
    return draft


@blueprint.route("/projects/<int:project_id>/edit", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def edit_project(project_id: int) -> Any:
    """The ten heads. Who writes second sees both versions and loses nothing."""
    actor = current_actor()
    project, plan = desk_project(project_id)
    refuse_closed(plan)
    written = sheet.prepared(project)
    form = ProjectForm(obj=written, quarters=list(written.quarters), version=str(project.version_id))
    status, theirs = 200, []
    try:
        if form.accepts(lambda: commands.write_project(actor, project, form.expected_version, form.sheet)):
            flash.say(_("The project is saved."))
            return see_other("actionplan.project", project_id=project.id)
        status = form.status
    except Conflict as conflict:
        status = conflict.status
        theirs = _differences(project, form)
        form.version.data = str(project.version_id)
    return (
        page(
            "actionplan/edit_project.html",
            plan=plan,
            heading=queries.heading(plan),
            project=project,
            form=form,
            theirs=theirs,
            words=words,
        ),
        status,
    )


def _differences(project: Project, form: ProjectForm) -> list[tuple[str, object, object]]:
    """Fields that read otherwise in what was typed and in what is stored: (name, theirs, mine)."""
    theirs, mine = sheet.prepared(project), form.sheet
    return [
        (name, getattr(theirs, name), getattr(mine, name))
        for name in sheet.SHEET_FIELDS
        if getattr(theirs, name) != getattr(mine, name) and not (name == "code" and mine.code is None)
    ]


@blueprint.route("/projects/<int:project_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def withdraw(project_id: int) -> Any:
    """Take a project out of the plan."""
    actor = current_actor()
    project, plan = desk_project(project_id)
    if project.withdrawn_at is not None or not policy.can_edit(actor, plan):
        raise WrongState(
            _l("This project cannot be withdrawn now."),
            way_on=("actionplan.project", {"project_id": project.id}, _l("See the project")),
        )
    form = ReasonForm(version=str(project.version_id))
    if form.accepts(
        lambda: commands.withdraw_project(actor, project, form.expected_version, form.reason.data or "")
    ):
        flash.say(_("The project is withdrawn; its items can be placed again."))
        return see_other("actionplan.project", project_id=project.id)
    return (
        page(
            "actionplan/withdraw.html",
            plan=plan,
            project=project,
            heading=queries.heading(plan),
            items=queries.items_of_project(actor, project.id),
            form=form,
        ),
        form.status,
    )


@blueprint.route("/projects/<int:project_id>/put-back", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def put_back(project_id: int) -> Any:
    """Put a project back that was taken out since the plan was reopened."""
    actor = current_actor()
    project, plan = desk_project(project_id)
    if not policy.can_put_back(actor, plan, project):
        raise WrongState(
            _l("This project cannot be put back now."),
            way_on=("actionplan.project", {"project_id": project.id}, _l("See the project")),
        )
    form = VersionedForm(version=str(project.version_id))
    if form.accepts(lambda: commands.put_back_project(actor, project, form.expected_version)):
        flash.say(_("The project is in the plan again."))
        return see_other("actionplan.project", project_id=project.id)
    return (
        page(
            "actionplan/put_back.html",
            plan=plan,
            project=project,
            heading=queries.heading(plan),
            items=queries.items_of_project(actor, project.id),
            form=form,
        ),
        form.status,
    )


@blueprint.route("/projects/<int:project_id>/nodes", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def nodes(project_id: int) -> Any:
    """Choose the strategy nodes a project serves."""
    actor = current_actor()
    project, plan = desk_project(project_id)
    form = NodeForm()
    act = commands.remove_node if request.form.get("do") == "remove" else commands.add_node
    if form.accepts(lambda: act(actor, project, form.node_id)):
        return see_other("actionplan.nodes", project_id=project.id, q=request.args.get("q") or None)
    heading = queries.heading(plan)
    q = request.args.get("q", "")[:200]
    branches = browsing.branches_to(queries.served_by(project))
    return (
        page(
            "actionplan/nodes.html",
            plan=plan,
            heading=heading,
            project=project,
            branches=branches,
            served={branch[-1].id for branch in branches},
            choices=strategy.node_choices(plan.district_id, heading.fiscal_year, q),
            q=q,
            form=form,
            may_edit=policy.can_edit(actor, plan) and project.withdrawn_at is None,
        ),
        form.status,
    )


@blueprint.route("/projects/<int:project_id>/money", methods=["GET", "POST"])
@requires(Permission.ACTION_PLAN_EDIT)
def money(project_id: int) -> Any:
    """Enter a step of the money's way."""
    actor = current_actor()
    project, plan = desk_project(project_id)
    form = MoneyForm(on=clock.today(), amount=project.budget_satang)
    if form.accepts(
        lambda: commands.record_money(
            actor, project, form.step.data, form.amount.data or 0, form.on.data, form.note.data or ""
        )
    ):
        flash.say(_("The step is recorded."))
        return see_other("actionplan.money", project_id=project.id)
    return (
        page(
            "actionplan/money.html",
            plan=plan,
            heading=queries.heading(plan),
            project=project,
            way=queries.money_of(project.id),
            form=form,
            words=words,
        ),
        form.status,
    )


@blueprint.get("/projects/<int:project_id>/documents")
@public()
def documents(project_id: int) -> Any:
    """Papers and pictures of a project."""
    return _documents(*queries.project_and_plan(current_actor(), project_id)), 200


@blueprint.post("/projects/<int:project_id>/documents")
@requires(Permission.ACTION_PLAN_EDIT)
def add_document(project_id: int) -> Any:
    """Put a paper or picture on the project's page."""
    actor = current_actor()
    project, plan = desk_project(project_id)
    form = DocumentForm()

    def act() -> None:
        upload = form.file.data
        commands.add_document(actor, project, upload.stream, upload.filename or "", form.caption.data or "")

    if form.accepts(act):
        flash.say(_("The document is on the page."))
        return see_other("actionplan.documents", project_id=project.id)
    return _documents(project, plan, form), form.status


def _documents(project: Project, plan: ActionPlan, form: DocumentForm | None = None) -> str:
    """The page; only who may add a document gets a form, since a form sets a cookie."""
    actor = current_actor()
    return page(
        "actionplan/documents.html",
        plan=plan,
        heading=queries.heading(plan),
        project=project,
        files=[
            {
                "name": file.name,
                "caption": file.caption,
                "href": url_for("files.show", file_id=file.id),
                "size": file.size,
                "created_at": file.created_at,
                "media_type": file.media_type,
            }
            for file in storage.files_of("project", project.id)
        ],
        form=(form or DocumentForm(formdata=None)) if policy.is_editor(actor, plan) else None,
    )
