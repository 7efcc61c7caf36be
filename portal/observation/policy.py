"""Who observes, who confirms, who reads which report."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core.actor import Actor, Permission
from portal.observation.models import Report, Signup


def can_sign_up(actor: Actor, district_id: int) -> bool:
    """Any resident with an account, but nobody who works on procurement there."""
    return actor.is_signed_in and not actor.may(Permission.PROCUREMENT_EDIT, district_id=district_id)


def can_decide(actor: Actor, signup: Signup) -> bool:
    """An officer of the district, about somebody else."""
    return (
        actor.may(Permission.OBSERVER_CONFIRM, district_id=signup.district_id)
        and actor.id != signup.person_id
    )


def can_cancel(actor: Actor, signup: Signup) -> bool:
    """The resident who signed up."""
    return actor.id is not None and actor.id == signup.person_id


def can_report(actor: Actor, signup: Signup) -> bool:
    """The observer."""
    return can_cancel(actor, signup)


def can_answer(actor: Actor, district_id: int) -> bool:
    """An officer of the district, in the office's name."""
    return actor.may(Permission.OBSERVER_CONFIRM, district_id=district_id)


def can_read(actor: Actor, report: Report, signup: Signup) -> bool:
    """A public report everybody; one the observer wants kept, the observer and the office that must answer."""
    return report.is_public or can_report(actor, signup) or can_answer(actor, signup.district_id)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The same rule as :func:`can_read`, as a filter on :class:`Report` joined with :class:`Signup`."""
    where = actor.districts_where(Permission.OBSERVER_CONFIRM)
    if where is None:
        return sa.true()
    allowed: list[sa.ColumnElement[bool]] = [Report.is_public.is_(True)]
    if actor.id is not None:
        allowed.append(Signup.person_id == actor.id)
    if where:
        allowed.append(Signup.district_id.in_(sorted(where)))
    return sa.or_(*allowed)


def visible_to_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """The filter on :class:`Signup`: those the actor decides about."""
    where = actor.districts_where(Permission.OBSERVER_CONFIRM)
    return sa.true() if where is None else Signup.district_id.in_(sorted(where))
