"""Reading editions: what was published, word for word."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.actionplan.models import ActionPlanEdition
from portal.core import db
from portal.core.errors import NotFound


def editions(plan_id: int) -> list[Any]:
    """Editions of a plan, newest first, without their bodies: id, number, sha256, reason, published_at, name and post of
    who published it."""
    return list(
        db.session().execute(
            sa.select(
                ActionPlanEdition.id,
                ActionPlanEdition.number,
                ActionPlanEdition.sha256,
                ActionPlanEdition.reason,
                ActionPlanEdition.published_at,
                Person.display_name.label("name"),
                Person.position.label("post"),
            )
            .join(Person, Person.id == ActionPlanEdition.published_by)
            .where(ActionPlanEdition.action_plan_id == plan_id)
            .order_by(ActionPlanEdition.number.desc())
        )
    )


@db.prepared
def _newest_edition_line(*, plan_id: Any) -> Any:
    return (
        sa.select(
            ActionPlanEdition.id,
            ActionPlanEdition.number,
            ActionPlanEdition.sha256,
            ActionPlanEdition.reason,
            ActionPlanEdition.published_at,
        )
        .where(ActionPlanEdition.action_plan_id == plan_id)
        .order_by(ActionPlanEdition.number.desc())
        .limit(1)
    )


def newest_edition_line(plan_id: int) -> Any | None:
    """Id, number, hash, reason and instant of the edition in force, without its body."""
    return _newest_edition_line(plan_id=plan_id).first()


def edition(plan_id: int, number: int) -> ActionPlanEdition:
    """One edition with its body; raises NotFound."""
    found = db.session().scalar(
        sa.select(ActionPlanEdition).where(
            ActionPlanEdition.action_plan_id == plan_id, ActionPlanEdition.number == number
        )
    )
    if found is None:
        raise NotFound
    return found


def newest_edition(plan_id: int) -> ActionPlanEdition | None:
    """The edition in force."""
    return db.session().scalar(
        sa.select(ActionPlanEdition)
        .where(ActionPlanEdition.action_plan_id == plan_id)
        .order_by(ActionPlanEdition.number.desc())
        .limit(1)
    )
