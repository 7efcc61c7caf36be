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

from portal.voting.ballotlines import Found, approvals
from portal.voting.election import Election, Project

SECTIONS = ("META", "PROJECTS", "VOTES")
APPROVAL = ("approval", "choose-1")
_VOTES = b"\nVOTES\n"
_MONEY = re.compile(r"(?P<whole>\d{1,15})(?:[.,](?P<part>\d{1,6}))?")
_COUNT = re.compile(r"\d{1,9}")


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


# From the tables, the places of projects, and the kind of vote.
_Take = Callable[[_Tables, Mapping[str, int], str], Found]


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
            votes.decode()
            return _recorded(_tables(written[:start].decode()), partial(_many_at_once, votes + b"\n"))
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


def _many_at_once(lines: bytes, tables: _Tables, places: Mapping[str, int], vote_type: str) -> Found:
    """Approvals in lines without quotes. Raises ``LookupError`` or ``ValueError`` where one asks for a closer look."""
    if vote_type not in APPROVAL:
        raise LookupError
    return approvals(lines, tables.vote_columns, list(places), 1 if vote_type == "choose-1" else len(places))


def _one_by_one(tables: _Tables, places: Mapping[str, int], vote_type: str) -> Found:
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
    return Found(ballots, scores, empty)


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
