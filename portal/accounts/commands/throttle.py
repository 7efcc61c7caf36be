"""How often one address or one network may try: one table, no extra server."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import SignInTry
from portal.core import clock, db, hashing
from portal.core.errors import TooMany
from portal.core.i18n import lazy_gettext as _l

WINDOW = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Throttle:
    """At most ``most`` counted tries per value in a quarter of an hour, then ``words``. Values are kept as hashes, for as
    long."""

    kind: str
    most: int
    words: object

    def refuse(self, value: str) -> None:
        """Raises TooMany once the value was counted too often."""
        tries = db.session().scalar(
            sa.select(sa.func.count())
            .select_from(SignInTry)
            .where(SignInTry.key == self._key(value), SignInTry.at > clock.now() - WINDOW)
        )
        if (tries or 0) >= self.most:
            raise TooMany(self.words)

    def count(self, value: str) -> None:
        """Count one try, and drop those too old to matter."""
        now = clock.now()
        db.session().execute(sa.delete(SignInTry).where(SignInTry.at <= now - WINDOW))
        db.session().add(SignInTry(key=self._key(value), at=now))
        db.session().flush()

    def forget(self, value: str) -> None:
        """The value proved itself: start from zero."""
        db.session().execute(sa.delete(SignInTry).where(SignInTry.key == self._key(value)))

    def _key(self, value: str) -> str:
        return hashing.sha256_hex(f"{self.kind}:{value}")


_WAIT = _l("Too many tries. Wait a quarter of an hour, then try again.")
PASSWORDS_PER_EMAIL = Throttle(
    "email",
    8,
    _l("Too many tries with this email address. Wait a quarter of an hour, or set a new password by email."),
)
# Thousands of phones share one address of a mobile operator, on the last day of a vote too: what somebody does from there is
# bounded by the e-mail address that is tried or written to.
PASSWORDS_PER_NETWORK = Throttle("network", 600, _WAIT)
MAILS_PER_NETWORK = Throttle("mail", 600, _WAIT)
