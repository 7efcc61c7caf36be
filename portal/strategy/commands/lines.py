"""Lines of a draft: added, written, moved, removed, with their indicators."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core import db, ledger
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_gettext as _l
from portal.strategy import queries, seen
from portal.strategy.commands.drafts import MEANWHILE, Draft, Goal, Line, Step
from portal.strategy.models import Indicator, Node


def add_node(actor: Actor, tree_id: int, parent_id: int | None, line: Line) -> Node:
    """A new last line below a parent (None: a root). Invalid below the deepest named level."""
    draft = Draft.of(actor, tree_id)
    parent = draft.line(parent_id) if parent_id is not None else None
    depth = parent.depth + 1 if parent else 1
    if depth not in queries.levels(tree_id):
        raise Invalid({"": _l("The tree has no level below this one.")})
    draft.check_line(line)
    node = draft.insert(parent, line)
    ledger.record("strategy.node_added", actor, "strategy_node", node, district_id=draft.tree.district_id)
    return node


def write_node(actor: Actor, node_id: int, line: Line, *, seen_hash: str) -> Node:
    """Change a line of a draft. Conflict when somebody has written it since it was ``seen_hash``."""
    draft, node = Draft.of_node(actor, node_id)
    if seen_hash != seen.of_line(node):
        raise Conflict(MEANWHILE)
    draft.check_line(line)
    before = {"number": node.number, "title": node.title}
    node.number, node.title, node.title_en = line.number, line.title, line.title_en
    node.note, node.continues_id = line.note, line.continues_id
    ledger.record(
        "strategy.node_written",
        actor,
        "strategy_node",
        node_id,
        district_id=draft.tree.district_id,
        changes={"before": before, "after": {"number": line.number, "title": line.title}},
    )
    return node


def move_node(actor: Actor, node_id: int, places: int) -> None:
    """Move a line of a draft up (-1) or down (+1) among its sisters; beyond the ends nothing changes."""
    draft, node = Draft.of_node(actor, node_id)
    sisters = list(
        db.session().scalars(
            sa.select(Node)
            .where(Node.tree_id == draft.tree.id, Node.parent_id.is_not_distinct_from(node.parent_id))
            .order_by(Node.position, Node.id)
        )
    )
    at = sisters.index(node)
    to = max(0, min(len(sisters) - 1, at + places))
    sisters.insert(to, sisters.pop(at))
    for place, sister in enumerate(sisters, 1):
        sister.position = place
    draft.order_again()
    ledger.record(
        "strategy.node_moved",
        actor,
        "strategy_node",
        node_id,
        district_id=draft.tree.district_id,
        changes={"to": to + 1},
    )


def remove_node(actor: Actor, node_id: int, *, seen_hash: str) -> None:
    """Remove a line of a draft with everything below it; WrongState while something refers to one of them, Conflict
    when somebody has written any of it since it was ``seen_hash``."""
    draft, node = Draft.of_node(actor, node_id)
    if seen_hash != seen.of_branch(node):
        raise Conflict(MEANWHILE)
    ledger.record(
        "strategy.node_removed",
        actor,
        "strategy_node",
        node_id,
        district_id=draft.tree.district_id,
        changes={"number": node.number, "title": node.title},
    )
    with db.refusing_duplicates(draft.refusal_to_lose_a_line()):
        db.session().execute(sa.delete(Node).where(Node.id == node_id))
    db.session().expire_all()
    draft.order_again()


def write_indicator(
    actor: Actor,
    node_id: int,
    indicator_id: int | None,
    title: str,
    unit: str,
    targets: list[Goal],
    measures: list[Step],
    *,
    seen_hash: str = "",
) -> Indicator:
    """A new indicator (``indicator_id`` None) or a changed one, with all its targets and measures. Invalid without a
    title, or for two targets of one year and agency; Conflict when somebody has written it since it was ``seen_hash``,
    or removed it."""
    draft, _node = Draft.of_node(actor, node_id)
    now = _aim(node_id, indicator_id)
    if indicator_id is not None and now is None:
        raise Conflict(_l("Someone else has removed this indicator in the meantime."))
    if now is not None and seen_hash != seen.of_aim(now):
        raise Conflict(MEANWHILE)
    if not title.strip():
        raise Invalid({"title": _l("This must be filled in.")})
    if len({(goal.fiscal_year, goal.agency) for goal in targets}) != len(targets):
        raise Invalid({"": _l("An agency has one target a year.")})
    if now is None:
        indicator = draft.insert_indicator(node_id, title, unit, targets, measures)
    else:
        indicator = db.session().get_one(Indicator, now.id)
        indicator.title, indicator.unit = title, unit
        draft.set_goals(indicator, targets, measures)
    ledger.record(
        "strategy.indicator_written",
        actor,
        "strategy_indicator",
        indicator.id,
        district_id=draft.tree.district_id,
        changes={"title": title, "targets": len(targets), "measures": len(measures)},
    )
    return indicator


def remove_indicator(actor: Actor, node_id: int, indicator_id: int, *, seen_hash: str) -> None:
    """Remove an indicator of a draft with its targets and measures. Conflict when somebody has written it since it was
    ``seen_hash``; nothing happens when it is gone already."""
    draft, _node = Draft.of_node(actor, node_id)
    found = _aim(node_id, indicator_id)
    if found is None:
        return
    if seen_hash != seen.of_aim(found):
        raise Conflict(MEANWHILE)
    ledger.record(
        "strategy.indicator_removed",
        actor,
        "strategy_indicator",
        indicator_id,
        district_id=draft.tree.district_id,
        changes={"title": found.title},
    )
    db.session().execute(sa.delete(Indicator).where(Indicator.id == indicator_id))


def _aim(node_id: int, indicator_id: int | None) -> queries.Aim | None:
    """An indicator of a line as it stands now."""
    return next((aim for aim in queries.aims([node_id]) if aim.id == indicator_id), None)
