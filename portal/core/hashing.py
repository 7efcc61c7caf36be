"""One way to turn facts into bytes, so that anyone can compute the same hash again.

Published rules, bulletin boards and the ledger show SHA-256 values of the text made here. A citizen must be able to
rebuild that text in any language, so it holds only what every JSON reader agrees on: no floats, no numbers that a
JavaScript reader would round, text in one normal form, keys in one order.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping

LARGEST_INTEGER = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8259, section 6)."""

_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def canonical_json(obj: object) -> str:
    """Write ``obj`` as JSON in its one canonical form.

    Keys are sorted by code point, there are no spaces, text is NFC and not escaped beyond what JSON demands. Allowed
    are mappings with text keys, lists, tuples, text, integers, booleans and None; dates and money are written by the
    caller (ISO 8601 text, integer satang).

    Raises TypeError for anything else (floats above all) and ValueError for an integer beyond ``LARGEST_INTEGER``,
    two keys that are the same text, or text that cannot be encoded in UTF-8.
    """
    return _WRITER.encode(_canonical(obj))


def sha256_hex(data: str | bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hexadecimal digits; text is hashed as UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def _canonical(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"integer too large for a canonical text: {value}")
        return int(value)
    if isinstance(value, Mapping):
        members: dict[str, object] = {}
        for key, member in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {type(key).__name__}")
            name = _text(key)
            if name in members:
                raise ValueError(f"the same key twice: {name!r}")
            members[name] = _canonical(member)
        return members
    if isinstance(value, list | tuple):
        return [_canonical(member) for member in value]
    raise TypeError(f"{type(value).__name__} has no canonical text")


def _text(value: str) -> str:
    text = unicodedata.normalize("NFC", value)
    text.encode()  # a lone surrogate has no UTF-8 and so no hash
    return text
