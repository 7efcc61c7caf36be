"""Where leaders write: the workroom of a plan, its texts, its items, their order and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.core.thai import parse_int
from portal.forums import queries as forums
from portal.plans import commands, forms, policy, queries
from portal.plans import content as science
from portal.plans.models import Item, Plan, PlanState
from portal.plans.views import keeping
from portal.plans.views.reading import reading
from portal.plans.views.room import blueprint
from portal.plans.workflow import EDITABLE
from portal.web import flash
from portal.web.access import signed_in
from portal.web.forms import PortalForm
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


def writable(actor: Actor, plan_id: int, *, in_any_state: bool = False) -> Any:
    """The placed plan, if the actor writes it. NotFound unseen, NotAllowed for readers; WrongState when it cannot be
    changed now, which a form that was already typed must not learn before its text is kept."""
    row = queries.placed_plan(actor, plan_id)
    if not policy.can_write(actor, row.Plan):
        raise NotAllowed(_("Only the committee of this community can change its plan."))
    if row.Plan.state not in EDITABLE and not in_any_state:
        raise _closed(row.Plan)
    return row


def _closed(plan: Plan) -> WrongState:
    return WrongState(
        _("The plan has been submitted or withdrawn, so it cannot be changed now."),
        way_on=("plans.show", {"plan_id": plan.id}, _("See the plan")),
    )


def _writable_item(actor: Actor, item_id: int) -> Any:
    row = queries.placed_item(actor, item_id)
    if not policy.can_write(actor, row.Plan):
        raise NotAllowed(_("Only the committee of this community can change its plan."))
    return row


def _is_open(item: Item, plan: Plan) -> bool:
    if item.withdrawn_at is not None:
        return False
    return plan.state in EDITABLE or (
        plan.state is PlanState.ACCEPTED_FOR_SCREENING and queries.open_return(item.id) is not None
    )


@blueprint.post("/begin/<int:community_id>/<int:cycle_id>")
@signed_in
def begin(community_id: int, cycle_id: int) -> Any:
    """Begin a community's plan."""
    form = PortalForm()
    if form.accepts(lambda: commands.begin_plan(current_actor(), community_id, cycle_id)):
        if queries.items_to_review(form.result):
            flash.say(_("The plan is started. First say what becomes of each item of last year's plan."))
            return see_other("plans.review", plan_id=form.result.id)
        flash.say(_("The plan is started. Write its vision, then add what the forums asked for."))
        return see_other("plans.write", plan_id=form.result.id)
    raise Invalid(_("The form was incomplete. Go back and try again."))


@blueprint.get("/<int:plan_id>/write")
@signed_in
def write(plan_id: int) -> Any:
    """The workroom: what is there, what is missing, who has signed, what to do next."""
    actor = current_actor()
    row = writable(actor, plan_id)
    plan = row.Plan
    to_review = queries.items_to_review(plan)
    said = queries.content_of(plan, to_review)
    checks = queries.checks_of(plan, said, to_review=to_review)
    standing = queries.standing(plan, said)
    return page(
        "plans/write.html",
        row=row,
        plan=plan,
        to_review=to_review,
        checks=checks,
        is_ready=not any(check.blocks for check in checks),
        standing=standing,
        own_seat=standing.seat_of(actor.id),
        returns=queries.returns_of(actor, plan, open_only=True) if plan.state is PlanState.RETURNED else [],
        lacking={item["id"]: science.missing(item) for item in said["items"]},
        button=PortalForm(formdata=None),
        **reading(said),
    )


def _write_or_compare(
    form: Any,
    thing: Plan | Item,
    plan: Plan,
    act: Callable[[], Any],
    now: Callable[[], dict[str, Any]],
    **context: Any,
) -> Any:
    """Run the command. Parts that only a colleague changed meanwhile are taken as the colleague wrote them; a part that
    both changed, or any other 409, shows both versions instead. Returns True, False (show the form) or an answer."""
    taken = None
    if request.method == "POST" and 0 < form.seen_version != thing.version_id:
        taken = keeping.merge(form, now())
        if taken is not None:
            form.version.data = str(thing.version_id)
    try:
        is_done = form.accepts(act)
    except (Conflict, WrongState) as refused:
        form.renew(thing.version_id)
        answer = page(
            "plans/_compare.html",
            form=form,
            plan=plan,
            differences=keeping.differences(form, now()),
            can_save=isinstance(refused, Conflict),
            message=refused.message,
            **context,
        )
        return answer, 409
    if is_done and taken:
        flash.say(
            _("Meanwhile a colleague has changed: %(parts)s. That is kept too.", parts=", ".join(taken))
        )
    return is_done


@blueprint.route("/<int:plan_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(plan_id: int) -> Any:
    """The texts of the plan."""
    actor = current_actor()
    row = writable(actor, plan_id, in_any_state=request.method == "POST")
    plan = row.Plan
    form = forms.PlanForm(obj=plan, version=plan.version_id)

    def theirs() -> dict[str, Any]:
        return {name: getattr(plan, name) for name in science.PLAN_TEXTS}

    if request.method == "GET":
        form.base.data = keeping.base_of(form, science.PLAN_TEXTS)
    keeping.take_theirs(form, theirs())
    done = _write_or_compare(
        form,
        plan,
        plan,
        lambda: commands.write_plan(actor, plan, form.seen_version, **form.parts),
        theirs,
        row=row,
        item=None,
    )
    if done is True:
        flash.say(_("The texts of the plan are saved."))
        return see_other("plans.write", plan_id=plan.id)
    if done is not False:
        return done
    return page("plans/edit.html", form=form, row=row, plan=plan), form.status


@blueprint.get("/<int:plan_id>/issues")
@signed_in
def issues(plan_id: int) -> Any:
    """What the forums raised, to be taken into the plan with one click."""
    row = writable(current_actor(), plan_id)
    items = queries.items_of(plan_id)
    return page(
        "plans/issues.html",
        row=row,
        plan=row.Plan,
        issues=forums.issues_for_plan(row.Plan.community_id, row.Plan.cycle_id),
        taken={item.issue_id: item for item in items if item.issue_id},
        alike={item.problem: item for item in items if not item.issue_id},
        button=PortalForm(formdata=None),
    )


@blueprint.post("/<int:plan_id>/issues/<int:issue_id>")
@signed_in
def item_from_issue(plan_id: int, issue_id: int) -> Any:
    """Take one issue in; its words are ready in the item's form."""
    actor = current_actor()
    plan = queries.get_visible(actor, plan_id)
    form = PortalForm()
    if form.accepts(lambda: commands.item_from_issue(actor, plan, issue_id)):
        flash.say(_("The issue is now an item in the plan. Add what is still missing."))
        return see_other("plans.edit_item", item_id=form.result.id)
    raise Invalid(_("The form was incomplete. Go back and try again."))


@blueprint.post("/issues/<int:issue_id>")
@signed_in
def take_up_issue(issue_id: int) -> Any:
    """Take an issue in from the page of its forum; its words are ready in the item's form."""
    form = PortalForm()
    if form.accepts(lambda: commands.take_up_issue(current_actor(), issue_id)):
        flash.say(_("The issue is now an item in the plan. Add what is still missing."))
        return see_other("plans.edit_item", item_id=form.result.id)
    raise Invalid(_("The form was incomplete. Go back and try again."))


@blueprint.route("/<int:plan_id>/items/new", methods=["GET", "POST"])
@signed_in
def new_item(plan_id: int) -> Any:
    """A new item."""
    actor = current_actor()
    row = writable(actor, plan_id, in_any_state=request.method == "POST")
    form = forms.ItemForm(version=0)
    if _more_rows(form):
        return page("plans/new_item.html", form=form, row=row, plan=row.Plan)
    status = None
    try:
        if form.accepts(lambda: commands.add_item(actor, row.Plan, form.item)):
            flash.say(_("The item is in the plan. You can add pictures and documents to it now."))
            return see_other("plans.edit_item", item_id=form.result.id)
    except WrongState as refused:
        form.form_errors.append(str(refused.message))
        status = 409
    return page("plans/new_item.html", form=form, row=row, plan=row.Plan), status or form.status


def _more_rows(form: forms.ItemForm) -> bool:
    """ "More rows" was pressed: the page comes back with everything that was typed, and is a new form."""
    if request.method != "POST" or "more" not in request.form:
        return False
    form.add_rows()
    form.renew(form.seen_version)
    return True


@blueprint.route("/items/<int:item_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_item(item_id: int) -> Any:
    """An item, its budget lines and its files."""
    actor = current_actor()
    row = _writable_item(actor, item_id)
    item, plan = row.Item, row.Plan
    if request.method == "GET" and not _is_open(item, plan):
        raise _closed(plan)
    form = forms.ItemForm(data={**theirs_of(item), "version": item.version_id})
    context = {"row": row, "plan": plan, "item": item, "asked": _asked(item), "hinted": _hinted(item)}
    if request.method == "GET":
        form.base.data = keeping.base_of(form, theirs_of(item))
    if _more_rows(form):
        return page("plans/edit_item.html", form=form, attach=_attach_form(), files=_files(item), **context)
    keeping.take_theirs(form, theirs_of(item))
    done = _write_or_compare(
        form,
        item,
        plan,
        lambda: commands.write_item(actor, item, form.seen_version, form.item),
        lambda: theirs_of(item),
        row=row,
        item=item,
    )
    if done is True:
        flash.say(_("The item is saved."))
        return see_other("plans.write" if plan.state in EDITABLE else "plans.show", plan_id=plan.id)
    if done is not False:
        return done
    answer = page("plans/edit_item.html", form=form, attach=_attach_form(), files=_files(item), **context)
    return answer, form.status


def theirs_of(item: Item) -> dict[str, Any]:
    """The item as it stands now, in the form's terms."""
    return forms.values_of(queries.item_data(item))


def _asked(item: Item) -> Any:
    return queries.open_return(item.id)


def _hinted(item: Item) -> Any:
    """(id, title) of the line of a strategy the item points at."""
    return queries.hinted_line(item.node_id) if item.node_id is not None else None


def _files(item: Item) -> list[Any]:
    return queries.attachments_of([item.id]).get(item.id, [])


def _attach_form() -> forms.AttachForm:
    return forms.AttachForm(formdata=None)


@blueprint.route("/items/<int:item_id>/files", methods=["GET", "POST"])
@signed_in
def attach(item_id: int) -> Any:
    """Add a picture or a PDF to an item."""
    actor = current_actor()
    row = _writable_item(actor, item_id)
    form = forms.AttachForm()
    if form.accepts(lambda: _attach_all(actor, row.Item, form)):
        flash.say(_n("%(num)s file is added.", "%(num)s files are added.", len(form.result)))
        return see_other("plans.edit_item", item_id=item_id, _anchor="files")
    return page("plans/attach.html", form=form, row=row, plan=row.Plan, item=row.Item), form.status


def _attach_all(actor: Actor, item: Item, form: forms.AttachForm) -> list[Any]:
    caption = form.caption.data or ""
    return [
        commands.attach_file(actor, item, one.stream, one.filename or "", caption) for one in form.file.data
    ]


@blueprint.post("/items/<int:item_id>/files/<int:file_id>/remove")
@signed_in
def detach(item_id: int, file_id: int) -> Any:
    """Take a file off an item."""
    actor = current_actor()
    item = queries.item_visible(actor, item_id)
    form = PortalForm()
    if form.accepts(lambda: commands.remove_file(actor, item, file_id)):
        flash.say(_("The file is removed."))
    return see_other("plans.edit_item", item_id=item_id)


@blueprint.route("/items/<int:item_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_item(item_id: int) -> Any:
    """Take an item out of the plan, with a reason."""
    actor = current_actor()
    row = _writable_item(actor, item_id)
    form = forms.ReasonForm()
    if request.method == "GET" and (row.Plan.state not in EDITABLE or row.Item.withdrawn_at is not None):
        raise _closed(row.Plan)
    if form.accepts(lambda: commands.withdraw_item(actor, row.Item, form.reason.data)):
        flash.say(_("The item is withdrawn from the plan."))
        return see_other("plans.write", plan_id=row.Plan.id)
    return page("plans/withdraw_item.html", form=form, row=row, plan=row.Plan, item=row.Item), form.status


@blueprint.post("/<int:plan_id>/order")
@signed_in
def reorder(plan_id: int) -> Any:
    """Move one item up or down, or put all in the order of the numbers typed."""
    actor = current_actor()
    plan = queries.get_visible(actor, plan_id)
    if not policy.can_write(actor, plan):
        raise NotFound
    form = PortalForm()
    if form.accepts(lambda: commands.reorder_items(actor, plan, _wanted_order())):
        flash.say(_("The order is saved."))
    return see_other("plans.write", plan_id=plan_id)


def _wanted_order() -> list[int]:
    """The items of the page by the numbers beside them; the button pressed moves one of them by a place."""
    placed = []
    for place, (name, typed) in enumerate(request.form.items()):
        item_id = whole(name.removeprefix("rank-")) if name.startswith("rank-") else None
        if item_id is not None:
            try:
                rank = parse_int(typed, 0, 10_000)
            except ValueError:
                rank = 10_000
            placed.append((rank, place, item_id))
    order = [item_id for _rank, _place, item_id in sorted(placed)]
    name, _colon, way = request.form.get("move", "").partition(":")
    moved = whole(name)
    if moved in order:
        at = order.index(moved)
        to = max(0, min(len(order) - 1, at + (-1 if way == "up" else 1)))
        order.insert(to, order.pop(at))
    return order
