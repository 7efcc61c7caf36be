"""Signing in and out: sessions that can be revoked, and a throttle that is one table."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts import passwords, policy, queries
from portal.accounts.models import LoginSession, Person, SignInTry
from portal.core import clock, db, hashing, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.i18n import lazy_gettext as _l

SESSION_LASTS = dt.timedelta(days=30)
TRIES_COUNT_FOR = dt.timedelta(minutes=15)
MOST_TRIES_PER_EMAIL = 8
MOST_TRIES_PER_NETWORK = 60  # many phones share one address of a mobile operator
MOST_MAILS_PER_NETWORK = 20


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
    keys = (_key("email", email), _key("network", browser.network))
    refuse_too_many(keys[0], MOST_TRIES_PER_EMAIL)
    refuse_too_many(keys[1], MOST_TRIES_PER_NETWORK)
    person = queries.person_by_email(email)
    is_right = passwords.fits(person.password_hash if person else "", password)
    if person is None or not is_right:
        for key in keys:
            count_try(key)
        raise Invalid(_l("E-mail and password do not fit together."))
    _forget_tries(keys[0])
    if passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hashed(password)
    if actor.session_id is not None:
        _revoke(LoginSession.id == actor.session_id)
    return begin_session(person, browser)


def begin_session(person: Person, browser: Browser) -> str:
    """A new session of ``person`` in this browser; returns its token."""
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


def end_all_sessions(person: Person) -> None:
    """Nobody stays signed in as this person (a new password after a reset, a closed account)."""
    _revoke(LoginSession.person_id == person.id)


def _revoke(*which: sa.ColumnElement[bool]) -> None:
    db.session().execute(
        sa.update(LoginSession)
        .where(LoginSession.revoked_at.is_(None), *which)
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )


# -- the throttle ---------------------------------------------------------------------------------------------------


def refuse_too_many(key: str, most: int) -> None:
    """Raises TooMany when ``key`` was counted ``most`` times in the last quarter of an hour."""
    tries = db.session().scalar(
        sa.select(sa.func.count())
        .select_from(SignInTry)
        .where(SignInTry.key == key, SignInTry.at > clock.now() - TRIES_COUNT_FOR)
    )
    if (tries or 0) >= most:
        raise TooMany(_l("Too many tries. Wait a quarter of an hour, then try again."))


def count_try(key: str) -> None:
    """Count one try, and forget those too old to matter."""
    now = clock.now()
    db.session().execute(
        sa.delete(SignInTry)
        .where(SignInTry.at <= now - TRIES_COUNT_FOR)
        .execution_options(synchronize_session=False)
    )
    db.session().add(SignInTry(key=key, at=now))
    db.session().flush()


def count_mail(browser: Browser) -> None:
    """Count one mail asked for from a network. Raises TooMany beyond what one place needs."""
    key = _key("mail", browser.network)
    refuse_too_many(key, MOST_MAILS_PER_NETWORK)
    count_try(key)


def _forget_tries(key: str) -> None:
    db.session().execute(
        sa.delete(SignInTry).where(SignInTry.key == key).execution_options(synchronize_session=False)
    )


def _key(kind: str, value: str) -> str:
    return hashing.sha256_hex(f"{kind}:{value}")
