"""Getting an account, and getting back into it: by a one-time link in a mail, so that nobody learns who has one."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts import passwords, queries
from portal.accounts.commands.signing import Browser, end_all_sessions
from portal.accounts.commands.throttle import MAILS_PER_NETWORK
from portal.accounts.models import MailToken, MailTokenPurpose, Person
from portal.core import clock, db, hashing, i18n, ledger, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_gettext as _l

LINK_LASTS = {
    MailTokenPurpose.REGISTER: dt.timedelta(hours=24),
    MailTokenPurpose.RESET: dt.timedelta(hours=1),
}
LONGEST_WANTED = 500
MOST_LINKS_PER_HOUR = 3
_ADDRESS = re.compile(r"[^@\s,;<>()\"\\]+@[^@\s,;<>()\"\\]+\.[^@\s,;<>()\"\\.]{2,}")


@dataclass(frozen=True)
class Names:
    """A person's names; people with one name have it in ``given`` and nothing in ``family``."""

    title: str
    given: str
    family: str

    @property
    def display(self) -> str:
        """What others see: without the title."""
        return f"{self.given} {self.family}".strip()


def ask_account(actor: Actor, email: str, browser: Browser, wanted: str = "") -> None:
    """Mail a link that finishes the registration and leads on to ``wanted``, a local address. Whoever has an account already gets a mail that says so, and the
    asker sees the same answer. Raises Invalid for what is no address, TooMany beyond what one network needs."""
    _send_link(email, browser, known="already_registered", unknown="register", wanted=wanted)


def ask_reset(actor: Actor, email: str, browser: Browser) -> None:
    """Mail a link that sets a new password. An address without an account gets a mail that says so, and the asker
    sees the same answer. Raises as :func:`ask_account`."""
    _send_link(email, browser, known="reset", unknown="no_account")


def _send_link(email: str, browser: Browser, *, known: str, unknown: str, wanted: str = "") -> None:
    address = email.strip().lower()
    if len(address) > 200 or not _ADDRESS.fullmatch(address):
        raise Invalid({"email": _l("Write an email address like somchai@example.com.")})
    MAILS_PER_NETWORK.refuse(browser.network)
    MAILS_PER_NETWORK.count(browser.network)
    person = queries.person_by_email(address)
    purpose = MailTokenPurpose.RESET if person else MailTokenPurpose.REGISTER
    now = clock.now()
    recent = db.session().scalar(
        sa.select(sa.func.count())
        .select_from(MailToken)
        .where(MailToken.email == address, MailToken.created_at > now - dt.timedelta(hours=1))
    )
    if (recent or 0) >= MOST_LINKS_PER_HOUR:
        return  # the same answer, and no flood of mails to somebody else's address
    token = secrets.token_urlsafe(32)
    digest = hashing.sha256_hex(token)
    db.session().add(
        MailToken(
            purpose=purpose,
            email=address,
            token_hash=digest,
            created_at=now,
            expires_at=now + LINK_LASTS[purpose],
        )
    )
    outbox.enqueue(
        known if person else unknown,
        address,
        dedupe_key=f"link:{digest}",
        language=person.language if person else i18n.language(),
        person_id=person.id if person else None,
        params={"token": token, "wanted": wanted if len(wanted) <= LONGEST_WANTED else ""},
    )


def finish_account(
    actor: Actor, token: str, names: Names, password: str, *, language: str = "th", wants_mail: bool = True
) -> Person:
    """Make the account the link was sent for. Raises NotFound for a link that is used, too old or unknown, Invalid for
    a weak password, Conflict when the account was made meanwhile."""
    link = _use_link(token, MailTokenPurpose.REGISTER)
    _refuse_weak(password, link.email)
    person = Person(
        email=link.email,
        password_hash=passwords.hashed(password),
        title=names.title,
        given_name=names.given,
        family_name=names.family,
        display_name=names.display,
        language=language,
        wants_mail=wants_mail,
        created_at=clock.now(),
    )
    taken = Conflict(
        _l("There is already an account with this address."),
        way_on=("accounts.sign_in", {}, _l("Sign in")),
    )
    with db.refusing_duplicates(taken):
        db.session().add(person)
    ledger.record("person.registered", actor, "person", person)
    return person


def reset_password(actor: Actor, token: str, password: str) -> Person:
    """Set a new password by a mailed link and sign every browser out. Raises as :func:`finish_account`."""
    link = _use_link(token, MailTokenPurpose.RESET)
    _refuse_weak(password, link.email)
    person = queries.person_by_email(link.email)
    if person is None:
        raise NotFound
    person.password_hash = passwords.hashed(password)
    end_all_sessions(actor, person)
    ledger.record("person.password_reset", actor, "person", person.id)
    return person


def _use_link(token: str, purpose: MailTokenPurpose) -> MailToken:
    """Take a link once; others sent to the same address for the same purpose are spent with it. Raises NotFound."""
    link = queries.open_link(token, purpose)
    if link is None:
        raise NotFound
    spent = db.session().execute(
        sa.update(MailToken)
        .where(MailToken.email == link.email, MailToken.purpose == purpose, MailToken.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if not spent.rowcount:  # type: ignore[attr-defined]
        raise NotFound
    return link


def _refuse_weak(password: str, email: str) -> None:
    fault = passwords.weakness(password, email)
    if fault is not None:
        raise Invalid({"password": fault})
