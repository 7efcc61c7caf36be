"""The first three administrators of a new portal, each of whom rests on the two others."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.accounts.models import GrantRow, Person
from portal.core import clock, db, ledger
from portal.core.actor import Actor, Role, Scope
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_gettext as _l


def found_office(actor: Actor, emails: Sequence[str], reference: str) -> list[Person]:
    """Make three accounts without a password, each an administrator proposed and confirmed by the two others: every
    later role then finds its two people. They set their passwords by the ordinary link.

    Raises Invalid unless there are three different addresses, Conflict once there is an administrator."""
    addresses = sorted({email.strip().lower() for email in emails})
    if len(addresses) != 3:
        raise Invalid(_l("Three different email addresses are needed."))
    if db.session().scalar(sa.select(sa.exists().where(GrantRow.role == Role.ADMIN))):
        raise Conflict(_l("There are already administrators; they propose and confirm the next ones."))
    people = [_newcomer(address) for address in addresses]
    db.session().add_all(people)
    db.session().flush()
    now = clock.now()
    for number, person in enumerate(people):
        grant = GrantRow(
            person_id=person.id,
            role=Role.ADMIN,
            scope=Scope.CITY,
            order_reference=reference,
            valid_from=clock.today(),
            proposed_by=people[number - 1].id,
            proposed_at=now,
            confirmed_by=people[number - 2].id,
            confirmed_at=now,
        )
        db.session().add(grant)
        ledger.record("grant.founded", actor, "grant", grant, changes={"order": reference})
    return people


def _newcomer(address: str) -> Person:
    name = address.split("@")[0]
    return Person(email=address, password_hash="", given_name=name, display_name=name, created_at=clock.now())
