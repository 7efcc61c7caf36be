"""Elections as files of the Pabulib format (``.pb``): three tables, META, PROJECTS and VOTES, with semicolons between.

Format: Stolicki, Szufa, Talmon, "Pabulib: A Participatory Budgeting Library", arXiv 2012.06539.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from portal.voting.election import Election, Indexes, Project

SECTIONS = ("META", "PROJECTS", "VOTES")
APPROVAL = ("approval", "choose-1")
_VOTES = b"\nVOTES\n"
_LINE, _PART = b"\n,"
_LONGEST = 8  # letters of a word that make a number
_MASKS = np.array([(1 << 8 * letters) - 1 for letters in range(_LONGEST + 1)], np.uint64)
_MONEY = re.compile(r"(?P<whole>\d{1,15})(?:[.,](?P<part>\d{1,6}))?")
_COUNT = re.compile(r"\d{1,9}")
_PIECE = 60_000  # letters that are split at once, for the same reason
_AT_ONCE = 2_000  # votes that are looked at together: enough to be quick, few enough to stay small


class Malformed(Exception):
    """The file breaks the format: ``line`` as an editor shows it, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Recorded:
    """An election as it was read. ``selected`` are the winners the file itself records (code 1), None where it records
    none; ``set_aside`` those with another code; ``remarks`` say what is odd but does not matter."""

    election: Election
    vote_type: str
    rule: str
    selected: frozenset[str] | None
    set_aside: frozenset[str]
    remarks: tuple[str, ...]


@dataclass
class _Tables:
    meta: dict[str, tuple[int, str]] = field(default_factory=dict)
    projects: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    vote_columns: Sequence[str] = ()
    voters: set[str] = field(default_factory=set)
    votes: Counter[tuple[str, str]] = field(default_factory=Counter)  # (vote, points) → voters
    first_line: dict[tuple[str, str], int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class _Votes(NamedTuple):
    """Distinct ballots with their numbers, the score of each project, and how many ballots were empty."""

    ballots: dict[tuple[int, ...], int]
    scores: list[int]
    empty: int


# From the tables, the places of projects, and the kind of vote.
_Take = Callable[[_Tables, Mapping[str, int], str], _Votes]


def read(path: Path) -> Recorded:
    """Read a file. Raises ``Malformed``; ``OSError`` when it cannot be opened."""
    return _read(path.read_bytes().removeprefix(codecs.BOM_UTF8))


def parse(text: str) -> Recorded:
    """Read the text of a file. Raises ``Malformed``."""
    return _read(text.encode())


def _read(written: bytes) -> Recorded:
    if b"\r" in written:
        written = written.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = written.find(b"\n", written.find(_VOTES) + len(_VOTES)) + 1
    votes = written[start:].rstrip(b"\n")
    if start and not any(odd in votes for odd in (b'"', b"\0")):
        with suppress(Malformed, LookupError, ValueError):  # then row by row, to tell what is wrong and where
            # The votes by themselves: beside one name in Polish each letter of a text takes two places.
            return _recorded(_tables(written[:start].decode()), partial(_approvals_of, votes.decode() + "\n"))
    try:
        text = written.decode()
    except UnicodeDecodeError as problem:
        raise Malformed(written.count(b"\n", 0, problem.start) + 1, "not UTF-8") from problem
    return _recorded(_tables(text), _one_by_one)


def _recorded(tables: _Tables, take: _Take) -> Recorded:
    meta = {key: value for key, (_, value) in tables.meta.items()}
    vote_type = _known(tables, "vote_type", (*APPROVAL, "ordinal", "cumulative", "scoring"))
    if not tables.projects:
        raise Malformed(1, "no projects")
    unit, budget, projects = _money(tables)
    places: dict[str, int] = {}
    for place, (line, row) in enumerate(tables.projects):
        if row["project_id"] in places:
            raise Malformed(line, f"project {row['project_id']!r} a second time")
        places[row["project_id"]] = place
    ballots, scores, empty = take(tables, places, vote_type)
    election = Election(
        projects,
        budget,
        ballots,
        scores,
        unit=unit,
        empty=empty,
        is_approval=vote_type in APPROVAL,
        meta=meta,
    )
    _compare(tables, election)
    chosen = {row["project_id"]: row.get("selected", "") for _, row in tables.projects}
    return Recorded(
        election,
        vote_type,
        meta.get("rule", ""),
        frozenset(one for one, code in chosen.items() if code == "1") if any(chosen.values()) else None,
        frozenset(one for one, code in chosen.items() if code not in ("", "0", "1")),
        tuple(tables.remarks),
    )


def _tables(text: str) -> _Tables:
    tables = _Tables()
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    section = ""
    head: list[str] = []
    seen: list[str] = []
    try:
        for row in lines:
            if not row or (len(row) == 1 and not row[0].strip()):
                continue
            if len(row) == 1 and row[0].strip() in SECTIONS:
                section = row[0].strip()
                if section in seen:
                    raise Malformed(lines.line_num, f"{section} a second time")
                if seen != list(SECTIONS[: len(seen)]) or section != SECTIONS[len(seen)]:
                    raise Malformed(lines.line_num, f"{section} before {SECTIONS[len(seen)]}")
                seen.append(section)
                head = []
            elif not section:
                raise Malformed(lines.line_num, "the file does not begin with META")
            elif not head:
                head = [one.strip() for one in row]
                _check_head(section, head, lines.line_num)
                tables.vote_columns = head if section == "VOTES" else ()
            elif section == "VOTES":
                _take_vote(tables, row, lines.line_num)
            else:
                _take(tables, section, head, row, lines.line_num)
    except csv.Error as problem:
        raise Malformed(lines.line_num, str(problem)) from problem
    for section in SECTIONS:
        if section not in seen:
            raise Malformed(max(lines.line_num, 1), f"{section} is missing")
    return tables


def _check_head(section: str, head: Sequence[str], line: int) -> None:
    needed = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
    for name in needed[section]:
        if name not in head:
            raise Malformed(line, f"{section} has no column {name}")
    if len(set(head)) < len(head):
        raise Malformed(line, f"{section} has a column twice")


def _take(tables: _Tables, section: str, head: Sequence[str], row: Sequence[str], line: int) -> None:
    if section == "META":
        if len(row) < 2:
            raise Malformed(line, "a key without a value")
        key = row[0].strip()
        if key in tables.meta:
            raise Malformed(line, f"{key} a second time")
        tables.meta[key] = line, ";".join(row[1:]).strip()
        return
    if len(row) > len(head) and any(one.strip() for one in row[len(head) :]):
        raise Malformed(line, f"{len(row)} values under {len(head)} columns")
    values = {name: value.strip() for name, value in zip(head, row, strict=False)}
    if not values.get("project_id") or "cost" not in values:
        raise Malformed(line, "a project without id or cost")
    tables.projects.append((line, values))


def _take_vote(tables: _Tables, row: Sequence[str], line: int) -> None:
    """Count a vote, and note where it stands first."""
    columns = tables.vote_columns
    voter = next(iter(row[columns.index("voter_id") :]), "")
    if voter in tables.voters:
        raise Malformed(line, f"voter {voter!r} a second time")
    tables.voters.add(voter)
    vote_at, points_at = columns.index("vote"), columns.index("points") if "points" in columns else len(row)
    if len(row) <= vote_at:
        raise Malformed(line, "a voter without a vote")
    vote = row[vote_at], row[points_at] if points_at < len(row) else ""
    tables.first_line.setdefault(vote, line)
    tables.votes[vote] += 1


def _known(tables: _Tables, key: str, choices: Sequence[str]) -> str:
    line, value = tables.meta.get(key, (1, ""))
    if value not in choices:
        raise Malformed(line, f"{key} is {value!r}; known: {', '.join(choices)}")
    return value


def _money(tables: _Tables) -> tuple[int, int, list[Project]]:
    """The unit, the budget and the projects, all money in the smallest unit any amount of the file needs."""
    if "budget" not in tables.meta:
        raise Malformed(1, "META has no budget")
    line, text = tables.meta["budget"]
    amounts = [(line, "budget", text)] + [(at, "cost", row["cost"]) for at, row in tables.projects]
    split: list[tuple[str, str]] = []
    for at, what, typed in amounts:
        found = _MONEY.fullmatch(typed)
        if not found:
            raise Malformed(at, f"{what} is {typed!r}, not an amount of money")
        split.append((found["whole"], (found["part"] or "").rstrip("0")))
    decimals = max(len(part) for _, part in split)
    budget, *costs = (int(whole + part.ljust(decimals, "0")) for whole, part in split)
    if budget <= 0:
        raise Malformed(line, "the budget is nothing")
    projects = [
        Project(row["project_id"], cost, row.get("name", ""))
        for (_, row), cost in zip(tables.projects, costs, strict=True)
    ]
    return 10**decimals, budget, projects


def _approvals_of(lines: str, tables: _Tables, places: Mapping[str, int], vote_type: str) -> _Votes:
    """Approvals in lines without quotes, many at once. Raises ``LookupError`` where one asks for a closer look."""
    if vote_type not in APPROVAL:
        raise LookupError
    votes = _votes(lines, tables.vote_columns)
    empty = votes.pop("", 0)
    texts, counts = list(votes), np.fromiter(votes.values(), np.intp, len(votes))
    known = _words("\n".join(places).encode())[0]
    in_order = known.argsort()
    rising = known[in_order]
    if len(known) > len(places):  # an id with a comma
        raise LookupError
    scores = np.zeros(len(places))
    sets: dict[bytes | tuple[int, ...], int] = {}
    for at in range(0, len(texts), _AT_ONCE):
        words, of = _words("\n".join(texts[at : at + _AT_ONCE]).encode())
        chosen = in_order[np.searchsorted(rising, words) % len(known)]
        voted = counts[at : at + _AT_ONCE]
        scores += np.bincount(chosen, voted[of], len(places))
        keys = chosen + of * len(places)
        keys.sort()
        if (
            (known[chosen] != words).any()
            or (keys[1:] == keys[:-1]).any()
            or (vote_type == "choose-1" and len(words) > len(voted))
        ):
            raise LookupError
        keys %= len(places)
        packed = keys.astype(np.uint8).tobytes() if len(places) <= 256 else tuple(keys.tolist())
        start = 0
        for end, count in zip(np.cumsum(np.bincount(of)).tolist(), voted.tolist(), strict=True):
            one = packed[start:end]
            sets[one] = sets.get(one, 0) + count
            start = end
    ballots = {tuple(one): count for one, count in sets.items()}
    return _Votes(ballots, [int(one) for one in scores], empty)


def _words(text: bytes) -> tuple[npt.NDArray[np.uint64], Indexes]:
    """Each word of lines of words with commas between as a number of its own, and which line it stands in. Raises
    ``LookupError`` if one is empty or too long for a number, or holds what a number is filled up with."""
    letters = np.frombuffer(text, np.uint8)
    borders = np.flatnonzero((letters == _LINE) | (letters == _PART))
    starts = np.concatenate(([0], borders + 1))
    lengths = np.concatenate((borders, [len(letters)])) - starts
    if lengths.max() > _LONGEST or not lengths.min() or b"\0" in text:
        raise LookupError
    eight = np.ndarray(
        len(text) + 1, "<u8", text + bytes(_LONGEST), strides=(1,)
    )  # that begin at each letter
    words = eight[starts] & _MASKS[lengths]
    return words, np.concatenate(([0], np.cumsum(letters[borders] == _LINE)))


def _votes(lines: str, columns: Sequence[str]) -> Counter[str]:
    """How often each vote was cast. Raises ``LookupError`` where a line or a voter is odd."""
    width = (
        len(columns) + 1
    )  # the end of a line is a cell, too: where it is not the last one, the line is odd
    voter_at, vote_at = columns.index("voter_id"), columns.index("vote")
    voters: set[str] = set()
    votes: Counter[str] = Counter()
    start = 0
    while start < len(lines):
        end = lines.find("\n", start + _PIECE) + 1 or len(lines)
        cells = lines[start:end].replace("\n", ";\n;").split(";")[:-1]
        if len(cells) % width or set(cells[width - 1 :: width]) != {"\n"}:
            raise LookupError
        voters.update(cells[voter_at::width])
        votes.update(cells[vote_at::width])
        start = end
    if len(voters) < votes.total():
        raise LookupError
    return votes


def _one_by_one(tables: _Tables, places: Mapping[str, int], vote_type: str) -> _Votes:
    ballots: dict[tuple[int, ...], int] = {}
    scores = [0] * len(places)
    empty = 0
    is_approval = vote_type in APPROVAL
    most = 0 if is_approval else _longest(tables)
    for (text, points), count in tables.votes.items():
        line = tables.first_line[text, points]
        choice = _choice(text, places, line)
        ballot = tuple(sorted(set(choice)))
        if len(ballot) < len(choice):
            raise Malformed(line, "a vote names a project twice")
        if vote_type == "choose-1" and len(choice) > 1:
            raise Malformed(line, "more than one choice in choose-1")
        if not choice:
            empty += count
            continue
        worth = [1] * len(choice) if is_approval else _points(vote_type, choice, points, most, line)
        for one, given in zip(choice, worth, strict=True):
            scores[one] += given * count
        ballots[ballot] = ballots.get(ballot, 0) + count
    return _Votes(ballots, scores, empty)


def _longest(tables: _Tables) -> int:
    """How many projects an order names at most: as stated, else as found."""
    if _is_count(tables, "max_length"):
        return int(tables.meta["max_length"][1])
    return max((text.count(",") + 1 for text, _ in tables.votes if text.strip()), default=0)


def _choice(text: str, places: Mapping[str, int], line: int) -> list[int]:
    named = [one.strip() for one in text.split(",")] if text.strip() else []
    try:
        return [places[one] for one in named]
    except KeyError as missing:
        raise Malformed(line, f"a vote for the unknown project {missing.args[0]!r}") from missing


def _is_count(tables: _Tables, key: str) -> bool:
    return key in tables.meta and bool(_COUNT.fullmatch(tables.meta[key][1]))


def _points(vote_type: str, choice: Sequence[int], points: str, most: int, line: int) -> Sequence[int]:
    """What each choice is worth: most for the first of an order, one less for each next; else as given."""
    if vote_type == "ordinal":
        return [max(most - place, 0) for place in range(len(choice))]
    given = [one.strip() for one in points.split(",")] if points.strip() else []
    if len(given) != len(choice):
        raise Malformed(line, f"{len(choice)} choices and {len(given)} points")
    for one in given:
        if not _COUNT.fullmatch(one):
            raise Malformed(line, f"points are {one!r}, not a whole number")
    return [int(one) for one in given]


def _compare(tables: _Tables, election: Election) -> None:
    """Note where the file's own figures differ from what stands in it."""
    counted = {"num_projects": len(election.projects), "num_votes": election.voters + election.empty}
    for key, found in counted.items():
        if key in election.meta and election.meta[key] != str(found):
            tables.remarks.append(f"META says {key} {election.meta[key]}, the file has {found}")
    column = "votes" if election.is_approval else "score"
    for (line, row), score in zip(tables.projects, election.scores, strict=True):
        if row.get(column) and row[column] != str(score):
            tables.remarks.append(
                f"line {line}: {column} of {row['project_id']} is given as {row[column]}, counted {score}"
            )
