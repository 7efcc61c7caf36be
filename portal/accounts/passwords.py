"""Passwords: how they are kept and how long they must be."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.core.i18n import lazy_gettext as _l

SHORTEST = 10
LONGEST = 200

# Argon2id at 19 MiB and two passes: the OWASP floor, chosen because every worker must stay under 200 MB.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The password as it is kept."""
    return hasher.hash(_one_form(password))


def fits(password_hash: str, password: str) -> bool:
    """Whether the password is the one that was hashed. A hash of nobody takes as long and fits nothing."""
    try:
        hasher.verify(password_hash or _hash_of_nobody(), _one_form(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def weakness(password: str, email: str) -> object | None:
    """Why a password will not do for that address, in words; None when it will."""
    text = password.strip()
    if len(text) < SHORTEST:
        return _l("A password has at least %(n)s characters.", n=SHORTEST)
    if len(text) > LONGEST:
        return _l("A password has at most %(n)s characters.", n=LONGEST)
    if len(set(text)) < 5 or text.lower() in (email, email.split("@")[0]):
        return _l("This password is too easy to guess. Choose another one.")
    return None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return hasher.check_needs_rehash(password_hash)


@cache
def _hash_of_nobody() -> str:
    return hasher.hash("nobody has this password")


def _one_form(password: str) -> str:
    # Two keyboards may send the same Thai letters in two forms.
    return unicodedata.normalize("NFC", password)
