"""Heads of the board and receipts: what is signed, in canonical texts, so that anyone can check the signature.

A head is one line of JSON: ``{"head": {…}, "signature": "…"}``. It names the root of the tree over all leaves so far, their
number, and the SHA-256 of the line before it: whoever keeps one line has kept all lines before. A receipt promises that
a leaf will stand on the board.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from portal.core import hashing
from portal.voting import ballot, merkle
from portal.voting.keykeeper import Keeper, is_signed

Kind = Literal["opening", "batch", "closing", "result", "annulled"]
GENESIS = "0" * 64
_RECEIPT = re.compile(r"1\.(\d{1,15})\.(\d{4}-\d\d-\d\d)\.([0-9a-f]{64})\.([0-9a-f]{128})")


def line_hash(line: str) -> str:
    """By what the next head names this one."""
    return hashing.sha256_hex(line)


def written(
    keeper: Keeper,
    *,
    round_id: int,
    rules: str,
    kind: Kind,
    number: int,
    previous: str,
    leaves: list[bytes],
    day: dt.date,
    **more: Any,
) -> str:
    """The signed line of a head. ``rules`` is the SHA-256 of the round's frozen rules; ``previous`` the hash of the line
    before, ``GENESIS`` for the first; ``more`` stands in the opening (public key), the closing (counts) the head of the result (the outside number, SHA-256 of the result), and that of its annulling (SHA-256 of the reason).
    """
    head = {
        "round": round_id,
        "rules": rules,
        "kind": kind,
        "number": number,
        "previous": previous,
        "size": len(leaves),
        "root": merkle.root(leaves).hex(),
        "day": day.isoformat(),
        **more,
    }
    text = hashing.canonical_json(head)
    return hashing.canonical_json({"head": head, "signature": keeper.sign(round_id, "head", text)})


def read(line: str) -> dict[str, Any]:
    """What a head says."""
    found: dict[str, Any] = json.loads(line)["head"]
    return found


@dataclass(frozen=True)
class Receipt:
    """What a voter keeps: the leaf of the ballot, its short code, the day, and all of it signed."""

    leaf_hex: str
    code20: str
    signed: str
    day: dt.date


def receipt(keeper: Keeper, round_id: int, leaf_hex: str, day: dt.date) -> Receipt:
    """Sign a receipt. The same leaf on the same day gives the same receipt."""
    text = _receipt_text(round_id, leaf_hex, day)
    signature = keeper.sign(round_id, "receipt", text)
    return Receipt(leaf_hex, ballot.code(leaf_hex), f"1.{round_id}.{day}.{leaf_hex}.{signature}", day)


def _receipt_text(round_id: int, leaf_hex: str, day: dt.date) -> str:
    return hashing.canonical_json({"v": 1, "round": round_id, "leaf": leaf_hex, "day": day.isoformat()})


def read_receipt(text: str, round_id: int, public_key: str) -> Receipt | None:
    """The receipt behind a signed text; None if it is not one of this round or the signature is wrong."""
    found = _RECEIPT.fullmatch(text.strip())
    if not found or int(found[1]) != round_id:
        return None
    try:
        day = dt.date.fromisoformat(found[2])
    except ValueError:
        return None
    if not is_signed(public_key, "receipt", _receipt_text(round_id, found[3], day), found[4]):
        return None
    return Receipt(found[3], ballot.code(found[3]), text.strip(), day)
