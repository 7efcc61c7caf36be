"""What differs between two texts, word by word, as a reader wants to see it.

Words are those of :func:`portal.core.thai.words`, so that a change of a Thai text is shown in whole words and never
inside a letter with its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from portal.core.thai import words

AROUND = 60
"""About how many letters of an unchanged passage stand before and after a change in an excerpt."""

MOST_PAIRS = 500 * 500
"""Up to so many pairs of words every word is compared with every other."""

_LITTLE_IN_COMMON = 0.2
_LETTERS = re.compile(r"\w")


class Kind(StrEnum):
    """What became of a passage. ``LEFT_OUT`` stands in excerpts only: both texts go on there alike."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Run:
    """A passage of one kind."""

    kind: Kind
    text: str


@lru_cache(maxsize=2048)
def compare(before: str, after: str) -> tuple[Run, ...]:
    """The passages that lead from one text to the other.

    What is the same and what is deleted give the old text; what is the same and what is inserted give the new one.
    Neighbours are of different kinds, none is empty, and a deletion stands before the insertion that replaces it.
    Texts with next to nothing in common are shown as one replaced by the other.
    """
    old, new = words(before), words(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = _middle(old[start : len(old) - end], new[start : len(new) - end])
    return _joined(
        [Run(Kind.SAME, "".join(old[:start])), *middle, Run(Kind.SAME, "".join(old[len(old) - end :]))]
    )


def excerpt(runs: Iterable[Run], around: int = AROUND) -> tuple[Run, ...]:
    """The changes with the words around them; what is far from any change is left out."""
    passages = list(runs)
    shown: list[Run] = []
    for place, run in enumerate(passages):
        if run.kind is not Kind.SAME:
            shown.append(run)
            continue
        pieces = words(run.text)
        head = 0 if place == 0 else _reach(pieces, around)
        tail = 0 if place == len(passages) - 1 else _reach(pieces[::-1], around)
        left_out = "".join(pieces[head : len(pieces) - tail])
        if head + tail >= len(pieces) or len(left_out) < around:
            shown.append(run)
            continue
        shown += [
            Run(Kind.SAME, "".join(pieces[:head])),
            Run(Kind.LEFT_OUT, left_out),
            Run(Kind.SAME, "".join(pieces[len(pieces) - tail :])),
        ]
    return tuple(run for run in shown if run.text)


def _common(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    count = 0
    for mine, other in zip(old, new, strict=False):
        if mine != other:
            break
        count += 1
    return count


def _middle(old: list[str], new: list[str]) -> list[Run]:
    # Spaces are nothing to hold on to: without this, two sentences would "share" every space between their words.
    # In very long texts words that stand everywhere are no anchors either, else time grows with the square.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=len(old) * len(new) > MOST_PAIRS)
    blocks = matcher.get_matching_blocks()
    kept = sum(len(word) for block in blocks for word in old[block.a : block.a + block.size])
    if kept < _LITTLE_IN_COMMON * max(len("".join(old)), len("".join(new))):
        return [Run(Kind.DELETED, "".join(old)), Run(Kind.INSERTED, "".join(new))]
    runs = []
    a = b = 0
    for block in blocks:
        runs += [Run(Kind.DELETED, "".join(old[a : block.a])), Run(Kind.INSERTED, "".join(new[b : block.b]))]
        a, b = block.a + block.size, block.b + block.size
        runs.append(Run(Kind.SAME, "".join(old[block.a : a])))
    return runs


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """Runs in one line: marks and spaces between two changes belong to the change, equal kinds become one."""
    done: list[Run] = []
    deleted = inserted = ""
    last = len(runs) - 1

    def close() -> None:
        nonlocal deleted, inserted
        done.extend(run for run in (Run(Kind.DELETED, deleted), Run(Kind.INSERTED, inserted)) if run.text)
        deleted = inserted = ""

    for place, run in enumerate(runs):
        if run.kind is Kind.DELETED:
            deleted += run.text
        elif run.kind is Kind.INSERTED:
            inserted += run.text
        elif deleted and inserted and 0 < place < last and run.text and not _LETTERS.search(run.text):
            deleted, inserted = deleted + run.text, inserted + run.text
        elif run.text:
            close()
            if done and done[-1].kind is Kind.SAME:
                done[-1] = Run(Kind.SAME, done[-1].text + run.text)
            else:
                done.append(run)
    close()
    return tuple(done)


def _reach(pieces: list[str], around: int) -> int:
    """How many pieces it takes to have so many letters."""
    letters = 0
    for count, piece in enumerate(pieces):
        if letters >= around:
            return count
        letters += len(piece)
    return len(pieces)
