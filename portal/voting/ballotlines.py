"""Approvals written in lines of cells, many lines at once: words become numbers, ballots sets of bits. No line is a Python
object, only each distinct ballot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from portal.voting.election import Ballots, Counts, Indexes

_LINE, _PART = b"\n,"
_IS_END = bytes(letter in b";\n," for letter in range(256))
_PIECE = 1 << 18  # letters that are looked at together: enough to be quick, few enough to stay small
_AT_ONCE = 2_000  # sets that are taken apart together
_LONGEST = 8  # letters of a word that make a number
_MASKS = np.array([(1 << 8 * letters) - 1 for letters in range(_LONGEST + 1)], np.uint64)
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
    in_order = known.argsort()
    rising = known[in_order]
    voters: list[_Numbers] = []
    sets: Counter[bytes] = Counter()
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
        chosen = in_order[np.searchsorted(rising, numbers) % len(ids)]
        ballots = _sets(chosen, many, len(ids))
        if (
            (known[chosen] != numbers).any()
            or many.max(initial=0) > most
            or np.bitwise_count(ballots).sum() < len(chosen)
        ):
            raise LookupError
        scores += np.bincount(chosen, minlength=len(ids))
        sets.update(ballots.view(f"V{8 * ballots.shape[1]}").ravel().tolist())
    marks = np.concatenate(voters)
    marks.sort()
    if (marks[1:] == marks[:-1]).any():
        raise LookupError
    weights = np.fromiter(sets.values(), np.int64, len(sets))
    return Found(Ballots(*_places(list(sets)), weights), scores.tolist(), empty)


def _known(ids: Sequence[str]) -> _Numbers:
    """The numbers of the projects."""
    text = "".join(f"{one}\n" for one in ids).encode()
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _LINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    if len(ends) > len(ids) or (starts == ends).any():
        raise LookupError
    return _numbers(text, starts, ends - starts)


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
    """Ballots as rows of bits, the first ``many[0]`` of the chosen, and so on."""
    starts = many.cumsum() - many
    bits = np.uint64(1) << (chosen & 63).astype(np.uint64)
    columns = [
        np.bitwise_or.reduceat(np.where(chosen >> 6 == at, bits, 0), starts) for at in range(-(-size // 64))
    ]
    return np.stack(columns, axis=1).astype("<u8", copy=False)


def _places(sets: Sequence[bytes]) -> tuple[Indexes, Counts]:
    """The places of the bits of all sets, rising in each; and where each set begins."""
    named, lengths = [np.zeros(0, np.intp)], [np.zeros(1, np.int64)]
    for at in range(0, len(sets), _AT_ONCE):
        some = sets[at : at + _AT_ONCE]
        packed = np.frombuffer(b"".join(some), np.uint8).reshape(len(some), -1)
        bits = np.unpackbits(packed, axis=1, bitorder="little")
        named.append(np.flatnonzero(bits.view(np.bool_)) % bits.shape[1])
        lengths.append(np.bitwise_count(packed).sum(axis=1, dtype=np.int64))
    return np.concatenate(named), np.concatenate(lengths).cumsum()
