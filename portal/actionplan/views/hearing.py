"""The hearing on the draft plan: what is said, and the official answers."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from portal.actionplan import commands, policy, queries
from portal.actionplan import words as wording
from portal.actionplan.forms import AnswersForm, GroupForm
from portal.actionplan.models import ActionPlan, ActionPlanState
from portal.actionplan.queries import browsing
from portal.actionplan.queries import hearing as hearings
from portal.actionplan.views.room import blueprint, desk_plan
from portal.comments import queries as comments
from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext as _n
from portal.web import flash
from portal.web.access import public, requires
from portal.web.headers import fresh_until
from portal.web.login import current_actor
from portal.web.redirects import see
from portal.web.render import page


@blueprint.get("/<int:plan_id>/hearing")
@public("cursor")
def hearing(plan_id: int) -> Any:
    """The draft's projects with what is said about each, and what is said about the plan as a whole."""
    actor = current_actor()
    plan, heading = queries.plan_and_heading(actor, plan_id)
    for edge in (heading.hearing_starts_at, heading.hearing_ends_at):
        if edge is not None and edge > clock.now():
            fresh_until(edge)
    said = hearings.counts(plan)
    return page(
        "actionplan/hearing.html",
        plan=plan,
        heading=heading,
        said=said,
        total=sum(count for count, _answered in said.values()),
        answered=sum(answered for _count, answered in said.values()),
        is_open=plan.state is ActionPlanState.HEARING and heading.is_hearing_open,
        found=browsing.hearing_projects(plan, request.args.get("cursor")),
        thread=comments.thread(actor, plan.topic_id),
        topic_id=plan.topic_id,
        can_answer=policy.can_answer(actor, plan),
        words=wording,
    )


@blueprint.route("/<int:plan_id>/answers", methods=["GET", "POST"])
@requires(Permission.HEARING_ANSWER)
def answers(plan_id: int) -> Any:
    """Answer the hearing, by project or by group: tick remarks that say the same, give them one official reply."""
    actor = current_actor()
    plan, heading = desk_plan(plan_id)
    if not policy.can_answer(actor, plan):
        raise NotAllowed(_l("Answers here are given by another office."))
    show = "answered" if request.args.get("show") == "answered" else "waiting"
    narrow: dict[str, Any] = {
        name: number for name in ("topic", "group") if (number := _number(name)) is not None
    }
    found = hearings.remarks(plan, show=show, cursor=request.args.get("cursor"), **narrow)
    choices = [(row.id, row.author) for row in found.rows]
    form, grouping = AnswersForm(), GroupForm()
    form.comments.choices = grouping.comments.choices = choices
    address = url_for("actionplan.answers", plan_id=plan.id, **narrow)
    if request.form.get("do") == "group":
        if grouping.accepts(
            lambda: commands.group_remarks(
                actor, plan, grouping.comments.data or [], grouping.group.data or ""
            )
        ):
            flash.say(_("The comments are in the group “%(name)s”.", name=grouping.result.name))
            return see(address)
    elif form.accepts(lambda: _answer(plan, form, narrow)):
        flash.say(_n("%(num)s comment is answered.", "%(num)s comments are answered.", form.result))
        return see(address)
    about = hearings.subjects(plan)
    return (
        page(
            "actionplan/answers.html",
            plan=plan,
            heading=heading,
            found=found,
            show=show,
            form=form,
            grouping=grouping,
            narrow=narrow,
            subjects=about,
            groups=hearings.groups(plan),
            total=sum(one.said for one in about),
            answered=sum(one.said - one.waiting for one in about),
        ),
        grouping.status if request.form.get("do") == "group" else form.status,
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _answer(plan: ActionPlan, form: AnswersForm, narrow: dict[str, Any]) -> int:
    """One reply to the ticked remarks, or to all that wait about the project or in the group that is shown."""
    chosen = form.comments.data or []
    if form.whole.data and narrow:
        chosen = hearings.waiting_ids(plan, **narrow)
    return commands.answer_hearing(
        current_actor(), plan, chosen, form.text.data or "", form.office.data or ""
    )
