"""What a person does with the own account."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts import passwords, queries
from portal.accounts.commands.registering import Names
from portal.accounts.commands.signing import end_other_sessions
from portal.accounts.commands.throttle import PASSWORDS_PER_EMAIL
from portal.accounts.models import CommitteeMember, GrantRow, MailToken, Person, Residency
from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.outbox import OutboxMessage

CLOSED_NAME = "ผู้ใช้ที่ปิดบัญชีแล้ว"


def write_person(actor: Actor, names: Names, *, language: str, wants_mail: bool) -> None:
    """Change one's names, language and wish for mail."""
    person = _self(actor)
    person.title, person.given_name, person.family_name = names.title, names.given, names.family
    person.display_name = names.display
    person.language, person.wants_mail = language, wants_mail
    ledger.record("person.changed", actor, "person", person.id)


def change_password(actor: Actor, current: str, password: str) -> None:
    """Set a new password; other browsers are signed out. Raises Invalid for a wrong or weak one, TooMany after too many
    wrong ones (the caller keeps the failed try)."""
    person = _self(actor)
    _check_password(person, current, "current")
    fault = passwords.weakness(password, person.email)
    if fault is not None:
        raise Invalid({"password": fault})
    person.password_hash = passwords.hashed(password)
    end_other_sessions(actor)
    ledger.record("person.password_changed", actor, "person", person.id)


def close_account(actor: Actor, password: str) -> None:
    """Close one's account for good: what belongs to the person alone goes, what was said and decided stays.

    Somebody who decided things for an office or a committee keeps name and post on those decisions; everybody else
    becomes a closed account without a name. Raises Invalid for a wrong password, or while a duty is still in force.
    """
    person = _self(actor)
    _check_password(person, password, "password")
    if actor.grants:
        raise Invalid(_l("You still have a role. Ask for it to be ended first, then close the account."))
    email, now = person.email, clock.now()
    if not _ever_in_office(person.id):
        person.title = person.family_name = ""
        person.given_name = person.display_name = CLOSED_NAME
    person.email, person.password_hash = f"closed-{person.id}@invalid", ""
    person.wants_mail, person.closed_at = False, now
    db.session().execute(
        sa.update(Residency)
        .where(Residency.person_id == person.id, Residency.ended_at.is_(None))
        .values(ended_at=now)
    )
    for table, column in queries.tables_of_people(going_with_the_person=True):
        db.session().execute(sa.delete(table).where(column == person.id))
    db.session().execute(sa.delete(MailToken).where(MailToken.email == email))
    db.session().execute(sa.delete(OutboxMessage).where(OutboxMessage.address == email))
    ledger.record("person.closed", actor, "person", person.id)


def _self(actor: Actor) -> Person:
    person = queries.person(actor.id) if actor.id is not None else None
    if person is None:
        raise NotFound
    return person


def _check_password(person: Person, password: str, field: str) -> None:
    PASSWORDS_PER_EMAIL.refuse(person.email)
    if not passwords.fits(person.password_hash, password):
        PASSWORDS_PER_EMAIL.count(person.email)
        raise Invalid({field: _l("This is not your password.")})


def _ever_in_office(person_id: int) -> bool:
    granted = sa.exists().where(GrantRow.person_id == person_id, GrantRow.confirmed_at.is_not(None))
    seated = sa.exists().where(CommitteeMember.person_id == person_id)
    return bool(db.session().scalar(sa.select(sa.or_(granted, seated))))
