"""Signing in and out: sessions that can be revoked, and a throttle that is one table."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts import passwords, policy, queries
from portal.accounts.commands.throttle import PASSWORDS_PER_EMAIL, PASSWORDS_PER_NETWORK
from portal.accounts.models import LoginSession, Person
from portal.core import clock, db, hashing, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_gettext as _l

SESSION_LASTS = dt.timedelta(days=30)


@dataclass(frozen=True)
class Browser:
    """Where a sign-in comes from: ``network`` is the address (IPv4) or its /64 (IPv6), ``name`` what it calls itself."""

    network: str
    name: str


def sign_in(actor: Actor, email: str, password: str, browser: Browser) -> str:
    """Begin a session and return its token, which is stored only as a hash.

    Raises TooMany when the address or the network has failed too often in a quarter of an hour, and Invalid when
    e-mail and password do not fit; the caller keeps the failed try. The answer and the work are the same for an
    unknown address.
    """
    email = email.strip().lower()
    PASSWORDS_PER_EMAIL.refuse(email)
    PASSWORDS_PER_NETWORK.refuse(browser.network)
    person = queries.person_by_email(email)
    is_right = passwords.fits(person.password_hash if person else "", password)
    if person is None or not is_right:
        PASSWORDS_PER_EMAIL.count(email)
        PASSWORDS_PER_NETWORK.count(browser.network)
        raise Invalid(_l("This email and password do not match."))
    PASSWORDS_PER_EMAIL.forget(email)
    if passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hashed(password)
    return begin_session(actor, person, browser)


def begin_session(actor: Actor, person: Person, browser: Browser) -> str:
    """A new session of ``person`` in this browser, whose former one ends; returns the token."""
    if actor.session_id is not None:
        _revoke(LoginSession.id == actor.session_id)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session().add(
        LoginSession(
            person_id=person.id,
            token_hash=hashing.sha256_hex(token),
            created_at=now,
            expires_at=now + SESSION_LASTS,
            browser=browser.name[:200],
        )
    )
    db.session().flush()
    return token


def sign_out(actor: Actor) -> None:
    """End this browser's session."""
    _revoke(LoginSession.id == actor.session_id)


def end_session(actor: Actor, session_id: int) -> None:
    """Sign one of one's own browsers out. Raises NotFound for a session that is not one's own or is over."""
    login = db.session().get(LoginSession, session_id)
    if login is None or not policy.can_end_session(actor, login) or login.revoked_at is not None:
        raise NotFound
    login.revoked_at = clock.now()
    ledger.record("person.session_ended", actor, "person", login.person_id)


def end_other_sessions(actor: Actor) -> None:
    """Sign out everywhere but here."""
    _revoke(LoginSession.person_id == actor.id, LoginSession.id != actor.session_id)
    ledger.record("person.sessions_ended", actor, "person", actor.id)


def end_all_sessions(actor: Actor, person: Person) -> None:
    """Nobody stays signed in as this person (a new password after a reset, a closed account)."""
    _revoke(LoginSession.person_id == person.id)


def _revoke(*which: sa.ColumnElement[bool]) -> None:
    db.session().execute(
        sa.update(LoginSession)
        .where(LoginSession.revoked_at.is_(None), *which)
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )
