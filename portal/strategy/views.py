"""Pages of strategy trees, and the desk of those who keep them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, request, url_for

from portal.core.actor import Permission
from portal.core.errors import Conflict, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.places import queries as places
from portal.strategy import commands, policy, queries, seen
from portal.strategy.forms import IndicatorForm, LineForm, SeenForm, TreeForm
from portal.strategy.models import Tree, TreeState
from portal.web import flash
from portal.web.access import public, requires
from portal.web.forms import PortalForm
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see, see_other
from portal.web.render import page

blueprint = Blueprint("strategy", __name__, url_prefix="/strategy")


# -- for everyone ---------------------------------------------------------------------------------------------------


@blueprint.get("")
@public()
def index() -> Any:
    """The city's trees by year, and each district's own."""
    rows = [row for row in queries.trees(current_actor()) if row.state is TreeState.PUBLISHED]
    return page(
        "strategy/index.html",
        city=[row for row in rows if row.district_id is None],
        districts=[row for row in rows if row.district_id is not None],
        tags=queries.policy_tags(),
    )


@blueprint.get("/<int:tree_id>")
@public("q", "open")
def show(tree_id: int) -> Any:
    """One tree, foldable, with its indicators, targets and measures."""
    tree = queries.get_visible(current_actor(), tree_id)
    q = request.args.get("q", "")[:200].strip()
    roots, found = queries.branches(tree_id, q)
    return page(
        "strategy/show.html",
        tree=tree,
        levels=queries.levels(tree_id),
        roots=roots,
        q=q,
        found=found,
        is_open=bool(q) or request.args.get("open") == "all",
        can_keep=policy.can_keep(current_actor(), tree.district_id),
    )


@blueprint.get("/nodes/<int:node_id>")
@public()
def node(node_id: int) -> Any:
    """One line: where it stands, what it aims at, what it continues and what continues it."""
    found, tree = queries.node(current_actor(), node_id)
    older, newer = queries.kin(found)
    return page(
        "strategy/node.html",
        node=found,
        tree=tree,
        levels=queries.levels(tree.id),
        above=queries.branch(node_id)[:-1],
        below=queries.children(node_id),
        aims=queries.aims([node_id]),
        older=older,
        newer=newer,
    )


# -- the keepers' desk ----------------------------------------------------------------------------------------------


@blueprint.get("/desk")
@requires(Permission.STRATEGY_EDIT)
def desk() -> Any:
    """The trees the actor keeps: drafts first."""
    rows = queries.trees_kept(current_actor())
    return page(
        "strategy/desk.html",
        drafts=[row for row in rows if row.state is TreeState.DRAFT],
        published=[row for row in rows if row.state is TreeState.PUBLISHED],
        form=PortalForm(formdata=None),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
def new() -> Any:
    """Begin a tree."""
    actor, form = current_actor(), TreeForm()
    where = actor.districts_where(Permission.STRATEGY_EDIT)
    owners = [] if where is not None else [("", _("The city"))]
    owners += [(str(row.id), row.name_th) for row in places.districts() if where is None or row.id in where]
    form.offer(owners)
    district = form.district_id.data
    if form.accepts(lambda: commands.begin_tree(actor, int(district) if district else None, form.facts)):
        flash.say(_("The draft is ready. Add its lines."))
        return see_other("strategy.edit", tree_id=form.result.id)
    return page("strategy/new.html", form=form), form.status


@blueprint.post("/<int:tree_id>/version")
@requires(Permission.STRATEGY_EDIT)
def version(tree_id: int) -> Any:
    """Begin a new version of a published tree."""
    made = commands.begin_version(current_actor(), queries.get_visible(current_actor(), tree_id).id)
    flash.say(_("The new version is a draft with every line of the old one."))
    return see_other("strategy.edit", tree_id=made.id)


@blueprint.get("/<int:tree_id>/edit")
@requires(Permission.STRATEGY_EDIT)
def edit(tree_id: int) -> Any:
    """A draft with a way to each of its lines."""
    tree = _draft(tree_id)
    roots, _found = queries.branches(tree_id)
    return page(
        "strategy/edit.html",
        tree=tree,
        levels=queries.levels(tree_id),
        roots=roots,
        form=PortalForm(formdata=None),
    )


@blueprint.route("/<int:tree_id>/facts", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
def facts(tree_id: int) -> Any:
    """What is said of a draft as a whole."""
    tree = _draft(tree_id)
    names = [f"{level.name_th} | {level.name_en}" for level in queries.levels(tree_id).values()]
    form = TreeForm(
        obj=tree,
        levels="\n".join(names),
        expected_version=str(tree.version_id),
        district_id=str(tree.district_id or ""),
    )
    form.offer([(str(tree.district_id or ""), "")])
    expected = whole(form.expected_version.data) or 0
    if form.accepts(lambda: commands.write_tree(current_actor(), tree_id, expected, form.facts)):
        flash.say(_("Saved."))
        return see_other("strategy.edit", tree_id=tree_id)
    return page("strategy/facts.html", form=form, tree=tree), form.status


def keeping_words(template: str, form_class: type[LineForm | IndicatorForm]) -> Callable[..., Any]:
    """A line that another keeper removed is missing for everyone but those who were writing in its form: they get their
    words back, to put them elsewhere in the draft."""

    def around(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(**address: int) -> Any:
            try:
                return view(**address)
            except NotFound:
                if request.method != "POST":
                    raise
            form = form_class()
            tree = _draft(address.get("tree_id") or whole(form.tree.data) or 0)
            form.offer_places(tree)
            return page(template, form=form, tree=tree, **address), 409

        return answer

    return around


@blueprint.route("/<int:tree_id>/lines/new", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
@keeping_words("strategy/add.html", LineForm)
def add(tree_id: int) -> Any:
    """A new line, below ``parent`` or at the top."""
    tree = _draft(tree_id)
    parent_id = whole(request.values.get("parent"))
    parent = queries.node(current_actor(), parent_id)[0] if parent_id else None
    form = LineForm()
    form.offer(queries.older_nodes(tree))
    if form.accepts(lambda: commands.add_node(current_actor(), tree_id, parent_id, form.line)):
        flash.say(_("The line is added."))
        return see(_line_in_draft(tree_id, form.result.id))
    return page("strategy/add.html", form=form, tree=tree, parent=parent), form.status


@blueprint.route("/nodes/<int:node_id>/edit", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
@keeping_words("strategy/add.html", LineForm)
def write(node_id: int) -> Any:
    """Change a line of a draft."""
    found, tree = queries.node(current_actor(), node_id)
    _draft(tree.id)
    form = LineForm(
        obj=found,
        continues_id=str(found.continues_id or ""),
        parent=str(found.parent_id or ""),
        tree=str(tree.id),
        seen=seen.of_line(found),
    )
    form.offer(queries.older_nodes(tree))
    theirs = None
    try:
        if form.accepts(
            lambda: commands.write_node(current_actor(), node_id, form.line, seen_hash=form.seen.data or "")
        ):
            flash.say(_("Saved."))
            return see(_line_in_draft(tree.id, node_id))
    except Conflict as conflict:
        theirs, form.seen.data = conflict.message, seen.of_line(found)
    status = 409 if theirs else form.status
    return page("strategy/write.html", form=form, tree=tree, node=found, theirs=theirs), status


@blueprint.post("/nodes/<int:node_id>/move")
@requires(Permission.STRATEGY_EDIT)
def move(node_id: int) -> Any:
    """One place up or down among its sisters."""
    found, tree = queries.node(current_actor(), node_id)
    commands.move_node(current_actor(), found.id, -1 if request.form.get("to") == "up" else 1)
    return see(_line_in_draft(tree.id, node_id))


@blueprint.route("/nodes/<int:node_id>/remove", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
def remove(node_id: int) -> Any:
    """Remove a line with everything below it."""
    found, tree = queries.node(current_actor(), node_id)
    _draft(tree.id)
    form, theirs = SeenForm(seen=seen.of_branch(found)), None
    try:
        if form.accepts(
            lambda: commands.remove_node(current_actor(), node_id, seen_hash=form.seen.data or "")
        ):
            flash.say(_("The line is removed."))
            return see_other("strategy.edit", tree_id=tree.id)
    except Conflict as conflict:
        theirs, form.seen.data = conflict.message, seen.of_branch(found)
    below, status = queries.children(node_id), 409 if theirs else form.status
    return page("strategy/remove.html", form=form, tree=tree, node=found, below=below, theirs=theirs), status


@blueprint.route("/nodes/<int:node_id>/indicators/new", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
@keeping_words("strategy/aim.html", IndicatorForm)
def aim(node_id: int) -> Any:
    """A new indicator of this line or, where it was removed meanwhile, of the ``line`` chosen instead."""
    return _indicator("strategy/aim.html", whole(request.form.get("line")) or node_id, None)


@blueprint.route("/nodes/<int:node_id>/indicators/<int:indicator_id>", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
@keeping_words("strategy/aim.html", IndicatorForm)
def rewrite_aim(node_id: int, indicator_id: int) -> Any:
    """Change an indicator, or remove it with the second button."""
    return _indicator("strategy/rewrite_aim.html", node_id, indicator_id)


def _indicator(template: str, node_id: int, indicator_id: int | None) -> Any:
    actor = current_actor()
    found, tree = queries.node(actor, node_id)
    _draft(tree.id)
    here, theirs = _aim_of(node_id, indicator_id), None
    form = IndicatorForm(tree=str(tree.id))
    if request.method == "GET":
        if indicator_id is not None and here is None:
            raise NotFound
        form.fill(here)

    def act() -> Any:
        if indicator_id is not None and request.form.get("act") == "remove":
            return commands.remove_indicator(actor, node_id, indicator_id, seen_hash=form.seen.data or "")
        return commands.write_indicator(
            actor,
            node_id,
            indicator_id,
            form.title.data or "",
            form.unit.data or "",
            form.goals(tree.first_year),
            form.steps(tree.first_year),
            seen_hash=form.seen.data or "",
        )

    try:
        if form.accepts(act):
            flash.say(_("Saved."))
            return see(_line_in_draft(tree.id, node_id))
    except Conflict as conflict:
        here, theirs = _aim_of(node_id, indicator_id), conflict.message
        form.seen.data = seen.of_aim(here) if here else ""
        if here is None:
            template = "strategy/aim.html"
    status = 409 if theirs else form.status
    return page(template, form=form, tree=tree, node=found, now=here, theirs=theirs), status


def _aim_of(node_id: int, indicator_id: int | None) -> Any:
    """An indicator of a line as it stands; None for a new one, or one that is gone."""
    return next((one for one in queries.aims([node_id]) if one.id == indicator_id), None)


@blueprint.route("/<int:tree_id>/publish", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
def publish(tree_id: int) -> Any:
    """Publish a draft for good."""
    tree, form, theirs = _draft(tree_id), SeenForm(), None
    try:
        if form.accepts(
            lambda: commands.publish_tree(current_actor(), tree_id, seen_hash=form.seen.data or "")
        ):
            flash.say(_("The tree is public."))
            return see_other("strategy.show", tree_id=tree_id)
    except Conflict as conflict:
        theirs = conflict.message
    return _whole_draft("strategy/publish.html", form, tree, theirs)


@blueprint.route("/<int:tree_id>/discard", methods=["GET", "POST"])
@requires(Permission.STRATEGY_EDIT)
def discard(tree_id: int) -> Any:
    """Throw a draft away."""
    tree, form, theirs = _draft(tree_id), SeenForm(), None
    try:
        if form.accepts(
            lambda: commands.remove_tree(current_actor(), tree_id, seen_hash=form.seen.data or "")
        ):
            flash.say(_("The draft is discarded."))
            return see_other("strategy.desk")
    except Conflict as conflict:
        theirs = conflict.message
    return _whole_draft("strategy/discard.html", form, tree, theirs)


def _whole_draft(template: str, form: SeenForm, tree: Tree, theirs: object) -> Any:
    """The question before a whole draft is published or discarded, above the draft as it stands."""
    levels, (roots, _found) = queries.levels(tree.id), queries.branches(tree.id)
    form.seen.data = seen.of_tree(tree, levels, roots)
    status = 409 if theirs else form.status
    return page(template, form=form, tree=tree, levels=levels, roots=roots, theirs=theirs), status


def _draft(tree_id: int) -> Tree:
    """A draft this actor keeps; a published tree answers as its commands do."""
    actor = current_actor()
    tree = queries.get_visible(actor, tree_id)
    if not policy.can_keep(actor, tree.district_id):
        raise NotAllowed(_("This tree is managed by another office."))
    if not policy.can_edit(actor, tree):
        raise WrongState(
            _("A published plan does not change. Start a new version."),
            way_on=("strategy.show", {"tree_id": tree_id}, _("See it as it stands now")),
        )
    return tree


def _line_in_draft(tree_id: int, node_id: int) -> str:
    return url_for("strategy.edit", tree_id=tree_id) + f"#node-{node_id}"
