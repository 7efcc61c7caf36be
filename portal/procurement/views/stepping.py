"""Work on one step, the draft terms, documents."""

from __future__ import annotations

from typing import Any

from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.procurement import commands, forms, policy, queries, rules, words, workflow
from portal.procurement.models import Process, Step, StepKind
from portal.procurement.steps import DOCUMENT_OF
from portal.procurement.views.room import blueprint
from portal.procurement.views.work import own_process
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


def _own_step(step_id: int) -> tuple[Step, Process]:
    actor = current_actor()
    step, process = queries.step_visible(actor, step_id)
    if not policy.can_edit(actor, process):
        raise NotAllowed(_l("Only the procurement officers of this district work on this process."))
    return step, process


def _page(template: str, form: Any, step: Step, process: Process, **context: Any) -> Any:
    """A step's page with the lawful days beside the form."""
    now = queries.situation(process)
    return page(
        template,
        form=form,
        step=step,
        process=process,
        words=words,
        lawful=rules.earliest(now, step.kind),
        lawful_end=rules.earliest_end(now, step.kind),
        **context,
    ), form.status


@blueprint.route("/steps/<int:step_id>/plan", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def plan_step(step_id: int) -> Any:
    """Day, time, place and observers of a step to come."""
    step, process = _own_step(step_id)
    meets = step.meets_at.astimezone(clock.BANGKOK).time() if step.meets_at else None
    form = forms.PlanForm(obj=step, data={"meets": meets})
    form.fit(step)
    actor = current_actor()
    if form.accepts(lambda: commands.plan_step(actor, step, form.content, override=form.override)):
        flash.say(_("The step is planned."))
        return see_other("procurement.work", process_id=process.id)
    return _page("procurement/plan_step.html", form, step, process)


@blueprint.route("/steps/<int:step_id>/do", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def do_step(step_id: int) -> Any:
    """Record that a step has happened."""
    step, process = _own_step(step_id)
    if step.kind is StepKind.DRAFT_TOR:
        return see_other("procurement.draft", process_id=process.id)
    form = forms.DoForm(
        data={
            "actual_on": clock.today(),
            "ends_on": step.ends_on,
            "median_price_satang": process.median_price_satang,
            "contract_satang": process.award_satang,
            "number_of_tenderers": process.number_of_tenderers,
            "paid_satang": process.contract_satang,
        }
    )
    form.fit(step)
    actor = current_actor()
    if form.accepts(
        lambda: commands.do_step(actor, step, form.actual_on.data, form.content, override=form.override)
    ):
        flash.say(_("The step is done; followers are told."))
        return see_other("procurement.work", process_id=process.id)
    return _page("procurement/do_step.html", form, step, process)


@blueprint.route("/steps/<int:step_id>/skip", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def skip_step(step_id: int) -> Any:
    """Leave a step out, with a reason."""
    step, process = _own_step(step_id)
    form, actor = forms.SkipForm(), current_actor()
    if form.accepts(lambda: commands.skip_step(actor, step, form.reason.data or "", override=form.override)):
        flash.say(_("The step is skipped; the reason is shown on the page."))
        return see_other("procurement.work", process_id=process.id)
    return _page("procurement/skip_step.html", form, step, process)


@blueprint.post("/steps/<int:step_id>/take-up")
@requires(Permission.PROCUREMENT_EDIT)
def take_up_step(step_id: int) -> Any:
    """Take up a step again that was left out."""
    step, process = _own_step(step_id)
    commands.take_up_step(current_actor(), step)
    flash.say(_("The step is resumed."))
    return see_other("procurement.work", process_id=process.id)


@blueprint.route("/steps/<int:step_id>/correct", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def correct_step(step_id: int) -> Any:
    """Put a recorded day right."""
    step, process = _own_step(step_id)
    form, actor = forms.CorrectForm(obj=step), current_actor()
    form.fit(step)
    if form.accepts(
        lambda: commands.correct_step(
            actor,
            step,
            form.actual_on.data,
            form.ends_on.data if "ends_on" in form else None,
            form.reason.data or "",
            override=form.override,
        )
    ):
        flash.say(_("The date is corrected; both dates are in the ledger."))
        return see_other("procurement.work", process_id=process.id)
    return _page("procurement/correct_step.html", form, step, process)


@blueprint.route("/<int:process_id>/draft", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def draft(process_id: int) -> Any:
    """Publish the draft terms, or a changed wording of them."""
    actor, process = current_actor(), own_process(process_id)
    steps = queries.steps_of(process_id)
    workflow.refuse_closed_draft(process, steps)
    step = next(one for one in steps if one.kind is StepKind.DRAFT_TOR)
    now = queries.situation(process)
    today = clock.today()
    shown = now.with_step(StepKind.DRAFT_TOR, rules.Facts(actual_on=today))
    lawful_end = rules.earliest_end(shown, StepKind.DRAFT_TOR)
    days = [day for day in (lawful_end, step.ends_on) if day]
    form = forms.DraftForm(data={"text": process.draft_tor, "ends_on": max(days, default=None)})
    form.changes.flags.required = step.actual_on is not None
    if form.accepts(
        lambda: commands.publish_draft(
            actor,
            process,
            form.text.data or "",
            form.ends_on.data,
            changes=form.changes.data or "",
            file=form.upload,
            override=form.override,
        )
    ):
        flash.say(_("The draft terms are shown; residents can make comments from now on."))
        return see_other("procurement.work", process_id=process_id)
    return page(
        "procurement/draft.html",
        form=form,
        process=process,
        step=step,
        lawful_end=lawful_end,
        duty=rules.draft_duty(process.method, process.budget_satang, now.law),
        words=words,
    ), form.status


@blueprint.route("/steps/<int:step_id>/documents", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def add_document(step_id: int) -> Any:
    """Publish a document with a step."""
    step, process = _own_step(step_id)
    form, actor = forms.DocumentForm(data={"document_type": DOCUMENT_OF[step.kind]}), current_actor()
    if form.accepts(
        lambda: commands.publish_document(
            actor,
            step,
            form.title.data or "",
            form.document_type.data,
            form.text.data or "",
            file=form.upload,
        )
    ):
        flash.say(_("The document is published."))
        return see_other("procurement.work", process_id=process.id)
    return page(
        "procurement/add_document.html", form=form, step=step, process=process, words=words
    ), form.status
