"""Who sees and who keeps strategy trees."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core.actor import Actor, Permission
from portal.strategy.models import Tree, TreeState


def can_keep(actor: Actor, district_id: int | None) -> bool:
    """Whether the actor keeps the trees of a district (None: the city's): STRATEGY_EDIT held there."""
    where = actor.districts_where(Permission.STRATEGY_EDIT)
    return where is None or (district_id is not None and district_id in where)


def can_edit(actor: Actor, tree: Tree) -> bool:
    """A draft, by those who keep it; a published tree is edited by nobody."""
    return tree.state is TreeState.DRAFT and can_keep(actor, tree.district_id)


def can_see(actor: Actor, tree: Tree) -> bool:
    """Everyone sees what is published; a draft only those who keep it."""
    return tree.state is TreeState.PUBLISHED or can_keep(actor, tree.district_id)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The same as :func:`can_see`, as a filter on trees."""
    where = actor.districts_where(Permission.STRATEGY_EDIT)
    if where is None:
        return sa.true()
    return sa.or_(Tree.state == TreeState.PUBLISHED, Tree.district_id.in_(where))
