"""Keyed hashes of the roll: who stands there, and the codes of letters, without keeping the number or the code.

The key is drawn from the portal's secret, which lies outside the database: a copy of the tables alone tells nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import lru_cache

from portal import settings
from portal.core import thai

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # no I, L, O, U, 0, 1: read aloud and off paper without mistake
CODE_LENGTH = 16  # 78 bits


def person_key(round_id: int, number: str) -> str:
    """The keyed hash of a citizen's number in one round; rounds cannot be joined by it."""
    return _hash(f"roll|{round_id}|{number}")


def code_hash(code: str) -> str:
    """The keyed hash of a letter's code."""
    return _hash(f"letter|{code}")


def citizen_number(typed: str) -> str | None:
    """The 13 digits of an identity card as people type them, if their check digit is right; None otherwise."""
    digits = re.sub(r"[\s-]", "", thai.arabic_digits(typed))
    if not re.fullmatch(r"[0-9]{13}", digits):
        return None
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return digits if int(digits[12]) == (11 - total % 11) % 10 else None


def new_code() -> str:
    """A fresh code for one letter."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def typed_code(text: str) -> str:
    """A code as it was made, from what somebody typed off the letter."""
    return re.sub(r"[^A-Z0-9]", "", thai.arabic_digits(text).upper())


def spaced(code: str) -> str:
    """A code in groups of four."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


@lru_cache(maxsize=1)
def _key() -> bytes:
    secret = settings.from_environment().secret_key.encode()
    return hmac.digest(secret, b"voting roll", "sha256")


def _hash(text: str) -> str:
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()
