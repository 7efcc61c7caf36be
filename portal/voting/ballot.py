"""One ballot as the board knows it: a canonical text, its leaf in the tree, and the short code on a receipt.

The text holds no person, no time and no number of order. The server's salt keeps anybody from finding a ballot by trying
all choices; the voter's nonce keeps the server from giving two like-minded voters one and the same receipt.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from portal.core import hashing

VERSION = 1
CODE_LENGTH = 20
SALT = re.compile(r"[0-9a-f]{32}")
NONCE_LENGTH = 80

Kind = Literal["approval", "knapsack", "points"]
Channel = Literal["web", "paper"]
Choices = Mapping[int, int]


@dataclass(frozen=True)
class Limits:
    """What a ballot of a round may say. ``costs`` maps the number of each project that stands to its cost in satang;
    ``envelope`` is satang. ``most`` projects may be chosen; where the ballot gives points, ``most`` points in all and
    ``points`` for one project. ``rivals`` are pairs that exclude each other."""

    kind: Kind
    costs: Mapping[int, int]
    envelope: int
    least: int = 1
    most: int = 500
    points: int = 1
    rivals: Sequence[tuple[int, int]] = ()


class Standing(StrEnum):
    """What a receipt's check finds. ``called_off``: nothing, and the round was cancelled before its last batch went up."""

    ON_BOARD = "on_board"
    COUNTED = "counted"
    WAITING = "waiting"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"
    CALLED_OFF = "called_off"
    MALFORMED = "malformed"
    FORGED = "forged"


def faults(choices: Choices, limits: Limits) -> list[str]:
    """What is wrong with these choices (project number → points, 1 where the ballot gives none): the names of broken
    limits, empty for a good ballot. Names: unknown, few, many, money, rivals, points."""
    found = []
    if any(number not in limits.costs for number in choices):
        return ["unknown"]
    if len(choices) < limits.least:
        found.append("few")
    if limits.kind == "approval" and len(choices) > limits.most:
        found.append("many")
    if limits.kind == "knapsack" and sum(limits.costs[one] for one in choices) > limits.envelope:
        found.append("money")
    if any(first in choices and second in choices for first, second in limits.rivals):
        found.append("rivals")
    given = choices.values()
    if limits.kind == "points":
        if any(not 1 <= one <= limits.points for one in given) or sum(given) > limits.most:
            found.append("points")
    elif any(one != 1 for one in given):
        found.append("points")
    return found


def written(choices: Choices, kind: Kind) -> list[Any]:
    """Choices as they stand in a ballot: numbers rising; pairs of number and points where the ballot gives points."""
    if kind == "points":
        return [[number, choices[number]] for number in sorted(choices)]
    return sorted(choices)


def read_choices(body: Mapping[str, Any]) -> dict[int, int]:
    """The choices of a written ballot: project number → points (1 by approval)."""
    return {one[0]: one[1] if len(one) == 2 else 1 for one in _pairs(body["choices"])}


def _pairs(choices: Sequence[Any]) -> list[Sequence[int]]:
    return [one if isinstance(one, list) else [one] for one in choices]


def body(
    *, round_id: int, area: str, channel: Channel, choices: Choices, kind: Kind, salt: str, nonce: str
) -> bytes:
    """The canonical text of a ballot. ``salt`` is 128 bit in hex; ``nonce`` is what the voter's device drew or the word
    the voter typed. Raises ValueError for a salt or a nonce that will not do."""
    nonce = unicodedata.normalize("NFC", nonce)
    if not SALT.fullmatch(salt):
        raise ValueError("a salt is 128 bit in hex")
    if (
        not nonce.strip()
        or len(nonce) > NONCE_LENGTH
        or any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in nonce)
    ):
        raise ValueError("a nonce is 1 to 80 printable characters")
    return hashing.canonical_json(
        {
            "v": VERSION,
            "round": round_id,
            "area": area,
            "channel": channel,
            "choices": written(choices, kind),
            "salt": salt,
            "nonce": nonce,
        }
    ).encode()


def leaf(text: bytes) -> str:
    """The leaf of a ballot in the tree (RFC 6962): SHA-256 of a zero byte and the text, in hex."""
    return hashlib.sha256(b"\x00" + text).hexdigest()


def code(leaf_hex: str) -> str:
    """The short code of a leaf on a receipt: its first 100 bits as 20 letters and digits of base 32."""
    return base64.b32encode(bytes.fromhex(leaf_hex)).decode()[:CODE_LENGTH]


def code_prefix(typed: str) -> str | None:
    """The first 96 bits of the leaf, in hex, behind a code as people type it (spaces, hyphens, small letters, 0 for O,
    1 for I, 8 for B); None if it is no code."""
    text = re.sub(r"[\s-]", "", typed).upper().translate(str.maketrans("018", "OIB"))
    if not re.fullmatch(rf"[A-Z2-7]{{{CODE_LENGTH}}}", text):
        return None
    return base64.b32decode(text + "====").hex()[:24]


def spaced(code20: str) -> str:
    """A code in groups of five, as it is read out."""
    return " ".join(code20[at : at + 5] for at in range(0, len(code20), 5))
