"""The desk, and the work on one process as a whole."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import current_app, request
from wtforms import SelectChoice

from portal.comments.models import Purpose
from portal.comments.queries import unanswered
from portal.core import clock, money
from portal.core.actor import Permission
from portal.core.errors import Conflict, NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import language, ngettext
from portal.core.i18n import lazy_gettext as _l
from portal.procurement import commands, forms, policy, queries, rules, words
from portal.procurement.models import Process, ProcessState
from portal.procurement.steps import COMMITTEES, WINDOWS
from portal.procurement.views.room import blueprint
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

VIEWS = {
    "running": _l("Running"),
    "mine": _l("Mine"),
    "overdue": _l("Overdue"),
    "undated": _l("No date"),
    "done": _l("Closed and cancelled"),
}


def own_process(process_id: int) -> Process:
    """The process, if it is on the actor's desk. Raises NotFound, NotAllowed."""
    actor = current_actor()
    process = queries.process_visible(actor, process_id)
    if not policy.can_edit(actor, process):
        raise NotAllowed(_l("Only the procurement officers of this district work on this process."))
    return process


@blueprint.get("/desk")
@requires(Permission.PROCUREMENT_EDIT)
def desk() -> Any:
    """What waits for a procurement officer."""
    view = request.args.get("view", "running")
    view = view if view in VIEWS else "running"
    found = queries.desk(current_actor(), view, request.args.get("cursor"))
    return page(
        "procurement/desk.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        view=view,
        views=VIEWS,
        words=words,
        today=clock.today(),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def new() -> Any:
    """Begin a process for projects of published plans."""
    actor = current_actor()
    q = request.args.get("q", "").strip()[:200]
    projects = queries.desk_projects(actor, q)
    form = forms.ProcessForm()
    form.projects.choices = [SelectChoice(row.id, _project_label(row)) for row in projects]
    if form.accepts(
        lambda: commands.create_process(
            actor,
            form.projects.data,
            form.content,
            ocid_prefix=current_app.config["PORTAL"].ocid_prefix,
            override=form.override,
        )
    ):
        flash.say(_("The process is started. Its page is public from now on."))
        return see_other("procurement.work", process_id=form.result.id)
    return page("procurement/new.html", form=form, projects=projects, q=q, words=words), form.status


def _project_label(row: Any) -> str:
    parts = [row.name]
    if row.budget_satang is not None:
        parts.append(money.baht(row.budget_satang, language()))
    if row.processes:
        parts.append(ngettext("already in %(num)s process", "already in %(num)s processes", row.processes))
    return " · ".join(parts)


@blueprint.get("/<int:process_id>/work")
@requires(Permission.PROCUREMENT_EDIT)
def work(process_id: int) -> Any:
    """Every step with its day, the earliest lawful one, and what can be done."""
    process = own_process(process_id)
    steps = queries.steps_of(process_id)
    now = queries.situation(process, steps)
    return page(
        "procurement/work.html",
        process=process,
        steps=steps,
        lawful={step.kind: rules.earliest(now, step.kind) for step in steps},
        lawful_end={step.kind: rules.earliest_end(now, step.kind) for step in steps if step.kind in WINDOWS},
        warned={step.kind: rules.of_step(now, step.kind) for step in steps if step.actual_on is None},
        duty=rules.draft_duty(process.method, process.budget_satang, now.law),
        documents=Counter(row.step_id for row in queries.documents_of(process_id)),
        waiting=unanswered([process.topic_id], Purpose.DRAFT_TOR),
        is_over=process.state is not ProcessState.RUNNING,
        can_show_draft=policy.can_show_draft(steps),
        can_close=all(step.actual_on or step.is_skipped for step in steps),
        form=forms.CancelForm(formdata=None),
        words=words,
        today=clock.today(),
        committees=COMMITTEES,
    )


@blueprint.route("/<int:process_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def edit(process_id: int) -> Any:
    """Put the facts of a process right."""
    actor, process = current_actor(), own_process(process_id)
    form = forms.EditForm(obj=process, data={"version": process.version_id})
    theirs = None
    try:
        if form.accepts(
            lambda: commands.edit_process(
                actor, process, form.expected_version, form.content, override=form.override
            )
        ):
            flash.say(_("The facts are changed; what was there before is kept in the ledger."))
            return see_other("procurement.work", process_id=process_id)
    except Conflict as conflict:
        theirs, form.version.data = conflict.message, process.version_id
    status = 409 if theirs else form.status
    return page("procurement/edit.html", form=form, process=process, theirs=theirs, words=words), status


@blueprint.route("/<int:process_id>/plan", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def lay_out(process_id: int) -> Any:
    """Give every step to come the earliest lawful day."""
    actor, process = current_actor(), own_process(process_id)
    form = forms.LayOutForm(data={"first": clock.today()})
    if form.accepts(lambda: commands.lay_out_plan(actor, process, form.first.data, form.reason.data or "")):
        flash.say(_("Every step still to come has the earliest lawful date."))
        return see_other("procurement.work", process_id=process_id)
    return page("procurement/lay_out.html", form=form, process=process), form.status


@blueprint.post("/<int:process_id>/close")
@requires(Permission.PROCUREMENT_EDIT)
def close(process_id: int) -> Any:
    """Everything is paid."""
    commands.close_process(current_actor(), own_process(process_id))
    flash.say(_("The process is closed."))
    return see_other("procurement.show", process_id=process_id)


@blueprint.route("/<int:process_id>/cancel", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def cancel(process_id: int) -> Any:
    """Cancel a process, with a reason."""
    actor, process = current_actor(), own_process(process_id)
    form = forms.CancelForm()
    if form.accepts(lambda: commands.cancel_process(actor, process, form.reason.data or "")):
        flash.say(_("The process is cancelled. Its page stays, with your reason."))
        return see_other("procurement.show", process_id=process_id)
    return page("procurement/cancel.html", form=form, process=process), form.status
