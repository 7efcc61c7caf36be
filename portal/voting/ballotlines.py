"""Approvals written in lines of cells, many lines at once: words become numbers, ballots sets of bits. No line is a Python
object, only each distinct ballot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from portal.voting.election import Ballots, Indexes

_LINE, _PART = b"\n,"
_IS_END = bytes(letter in b";\n," for letter in range(256))
_PIECE = 1 << 16  # letters that are looked at together: enough to be quick, few enough to stay small
_AT_ONCE = 2_000  # sets that are taken apart together
_LONGEST = 8  # letters of a word that make a number
_MASKS = np.array([(1 << 8 * letters) - 1 for letters in range(_LONGEST + 1)], np.uint64)
_WIDEST, _TURNS = 22, 200  # bits of a table, and factors that are tried
_SPREAD = (
    0x9E3779B97F4A7C15  # odd: what follows the first eight letters of a word is multiplied by its powers
)
_Numbers = npt.NDArray[np.uint64]


class Found(NamedTuple):
    """Distinct ballots with their numbers, the score of each project, and how many ballots were empty."""

    ballots: Mapping[tuple[int, ...], int]
    scores: list[int]
    empty: int


class _Cells(NamedTuple):
    """The cells of lines of words. ``ends`` of all words; of each cell, a row each line, the place of its last word among
    them and where it begins."""

    ends: Indexes
    last: Indexes
    starts: Indexes


def approvals(lines: bytes, columns: Sequence[str], ids: Sequence[str], most: int) -> Found:
    """The approvals of lines that end in a new line and hold no quotes. Raises ``LookupError`` or ``ValueError`` where
    something asks for a closer look: a line with other cells, a voter twice, an unknown project, one named twice, more than
    ``most`` of them, an id that is no word of up to eight letters."""
    voter_at, vote_at = columns.index("voter_id"), columns.index("vote")
    known = _known(ids)
    finder = _Finder(known)
    voters: list[_Numbers] = []
    sets: list[_Numbers] = []
    scores = np.zeros(len(ids), np.int64)
    empty = 0
    for piece in _pieces(lines):
        cells = _cells(piece, len(columns))
        starts, ends = cells.starts[:, voter_at], cells.ends[cells.last[:, voter_at]]
        voters.append(_marks(piece, starts, ends - starts))
        is_cast = cells.ends[cells.last[:, vote_at]] > cells.starts[:, vote_at]
        empty += len(is_cast) - int(is_cast.sum())
        words, many = _words(cells, vote_at, is_cast)
        starts = np.where(words, cells.ends[words - 1] + 1, 0)
        numbers = _numbers(piece, starts, cells.ends[words] - starts)
        chosen = finder.places(numbers)
        sets.append(_sets(chosen, many, len(ids)))
        if (
            (known[chosen] != numbers).any()
            or many.max(initial=0) > most
            or np.bitwise_count(sets[-1]).sum() < len(chosen)
        ):
            raise LookupError
        scores += np.bincount(chosen, minlength=len(ids))
    marks = np.concatenate(voters)
    marks.sort()
    if (marks[1:] == marks[:-1]).any():
        raise LookupError
    return Found(_together(np.concatenate(sets)), scores.tolist(), empty)


def _known(ids: Sequence[str]) -> _Numbers:
    """The numbers of the projects."""
    text = "".join(f"{one}\n" for one in ids).encode()
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _LINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    if len(ends) > len(ids) or (starts == ends).any():
        raise LookupError
    return _numbers(text, starts, ends - starts)


class _Finder:
    """Finds the places of numbers among a few known ones: a factor is looked for that spreads these over a table without
    two in one slot. A number that is not known gets any place."""

    def __init__(self, known: _Numbers) -> None:
        bits = min(max(2 * len(known).bit_length() - 2, 1), _WIDEST)
        self._shift = np.uint64(64 - bits)
        for turn in range(1, 2 * _TURNS, 2):
            self._factor = np.uint64(_SPREAD * turn % 2**64)
            slots = self._slots(known)
            if len(np.unique(slots)) == len(known):
                break
        else:
            raise LookupError
        self._table = np.zeros(1 << bits, np.intp)
        self._table[slots] = np.arange(len(known))

    def _slots(self, numbers: _Numbers) -> _Numbers:
        return numbers * self._factor >> self._shift

    def places(self, numbers: _Numbers) -> Indexes:
        """The place of each number."""
        return self._table[self._slots(numbers)]


def _pieces(lines: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(lines):
        end = lines.find(b"\n", start + _PIECE) + 1 or len(lines)
        yield lines[start:end]
        start = end


def _cells(lines: bytes, width: int) -> _Cells:
    ends = np.flatnonzero(np.frombuffer(lines.translate(_IS_END), np.bool_))
    kinds = np.frombuffer(lines, np.uint8)[ends]
    last = np.flatnonzero(kinds != _PART).reshape(-1, width)
    if (kinds[last[:, -1]] != _LINE).any() or np.count_nonzero(kinds == _LINE) > len(last):
        raise LookupError
    starts = np.concatenate(([0], ends[last.ravel()[:-1]] + 1)).reshape(-1, width)
    return _Cells(ends, last, starts)


def _words(cells: _Cells, column: int, rows: npt.NDArray[np.bool_]) -> tuple[Indexes, Indexes]:
    """The places of all words of these rows of a column, one after the other, and how many each row has."""
    many = np.diff(cells.last.ravel(), prepend=-1).reshape(cells.last.shape)[rows, column]
    ends = many.cumsum()
    return np.arange(many.sum()) + np.repeat(cells.last[rows, column] + 1 - ends, many), many


def _numbers(text: bytes, starts: Indexes, lengths: Indexes) -> _Numbers:
    """Words of up to eight letters as numbers of their own."""
    if lengths.max(initial=0) > _LONGEST or b"\0" in text:
        raise LookupError
    return _eight(text, starts) & _MASKS[lengths]


def _marks(text: bytes, starts: Indexes, lengths: Indexes) -> _Numbers:
    """A number for each word: equal words have equal ones, and others hardly ever."""
    marks = np.zeros(len(starts), np.uint64)
    for at in range(0, int(lengths.max(initial=0)), _LONGEST):
        rest = np.clip(lengths - at, 0, _LONGEST)
        marks += (_eight(text, np.minimum(starts + at, len(text))) & _MASKS[rest]) * np.uint64(
            _SPREAD**at % 2**64
        )
    return marks


def _eight(text: bytes, starts: Indexes) -> _Numbers:
    """The eight letters from each start on as a number, out of the two that the machine reads quickly."""
    aligned = np.frombuffer(text + bytes(3 * _LONGEST - len(text) % _LONGEST), "<u8")
    at, beside = starts >> 3, ((starts & 7) << 3).astype(np.uint64)
    return aligned[at] >> beside | aligned[at + 1] << np.uint64(1) << np.uint64(63) - beside


def _sets(chosen: Indexes, many: Indexes, size: int) -> _Numbers:
    """Ballots as rows of bits: the first ``many[0]`` of the chosen, and so on."""
    starts = many.cumsum() - many
    bits = np.uint64(1) << (chosen & 63).astype(np.uint64)
    columns = [
        np.bitwise_or.reduceat(np.where(chosen >> 6 == at, bits, 0), starts) for at in range(-(-size // 64))
    ]
    return np.stack(columns, axis=1).astype("<u8", copy=False)


def _together(sets: _Numbers) -> Ballots:
    """Equal sets as one ballot, with its number of voters."""
    sets = np.sort(sets, axis=0) if sets.shape[1] == 1 else sets[np.lexsort(sets.T)]
    is_new = np.concatenate((np.ones(len(sets[:1]), np.bool_), (sets[1:] != sets[:-1]).any(axis=1)))
    first = np.flatnonzero(is_new)
    packed = sets[first].view(np.uint8).reshape(len(first), 8 * sets.shape[1])
    named = [np.zeros(0, np.intp)]
    for at in range(0, len(packed), _AT_ONCE):
        bits = np.unpackbits(packed[at : at + _AT_ONCE], axis=1, bitorder="little")
        named.append(np.flatnonzero(bits.view(np.bool_)) % bits.shape[1])
    starts = np.zeros(len(first) + 1, np.int64)
    np.bitwise_count(packed).sum(axis=1, dtype=np.int64).cumsum(out=starts[1:])
    return Ballots(np.concatenate(named), starts, np.diff(first, append=len(sets)))
