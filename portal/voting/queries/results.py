"""What is published of a round after its close, and what the count found."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from portal.core import db, hashing, jobs
from portal.places.models import Community
from portal.voting import ballot
from portal.voting.models import (
    Area,
    Candidate,
    CandidateConflict,
    PublishedBallot,
    RollEntry,
    Round,
    RoundEdition,
    RoundKey,
    RoundResult,
    RoundState,
    SupersededLeaf,
)
from portal.voting.queries import board, paper

COUNT_JOB = "voting.count"
UNIT = 100  # satang in a baht


def seed(round_: Round, outside: str) -> str:
    """What draws the order of equals: SHA-256 of the secret, a bar and the outside number."""
    return hashing.sha256_hex(f"{round_.tie_secret}|{outside}")


def withdrawn_numbers(round_id: int) -> list[int]:
    """Numbers of the projects that fell away."""
    return list(
        db.session().scalars(
            sa.select(Candidate.number)
            .where(Candidate.round_id == round_id, Candidate.withdrawn_at.is_not(None))
            .order_by(Candidate.number)
        )
    )


def rivals(round_id: int) -> list[tuple[int, int]]:
    """Pairs of numbers that exclude each other."""
    first, second = sa.orm.aliased(Candidate), sa.orm.aliased(Candidate)
    rows = db.session().execute(
        sa.select(first.number, second.number)
        .select_from(CandidateConflict)
        .join(first, first.id == CandidateConflict.first_id)
        .join(second, second.id == CandidateConflict.second_id)
        .where(CandidateConflict.round_id == round_id)
        .order_by(first.number, second.number)
    )
    return [(row[0], row[1]) for row in rows]


def published(round_id: int) -> list[tuple[str, str]]:
    """The ballots that count: leaf and text, in the order of the leaves."""
    rows = db.session().execute(
        sa.select(PublishedBallot.leaf, PublishedBallot.body)
        .where(PublishedBallot.round_id == round_id)
        .order_by(PublishedBallot.leaf)
    )
    return [(row.leaf, row.body) for row in rows]


def superseded(round_id: int) -> list[str]:
    """Leaves of ballots that were replaced, sorted."""
    statement = sa.select(SupersededLeaf.leaf).where(SupersededLeaf.round_id == round_id)
    return sorted(db.session().scalars(statement))


def areas(round_id: int) -> list[Any]:
    """Publication areas: code, name_th, name_en, roll_count."""
    return list(
        db.session().execute(
            sa.select(Area.code, Area.name_th, Area.name_en, Area.roll_count)
            .where(Area.round_id == round_id)
            .order_by(Area.code)
        )
    )


def result_of(round_id: int) -> RoundResult | None:
    """The count of a round, running or finished."""
    return db.session().get(RoundResult, round_id)


def with_rules(round_id: int) -> tuple[RoundResult, RoundEdition] | None:
    """The count of a round with the rules it followed."""
    row = (
        db.session()
        .execute(
            sa.select(RoundResult, RoundEdition)
            .join(RoundEdition, RoundEdition.round_id == RoundResult.round_id)
            .where(RoundResult.round_id == round_id)
        )
        .first()
    )
    return (row[0], row[1]) if row else None


def count_job(round_id: int) -> jobs.Job | None:
    """The newest job that counts (or counted) a round."""
    found = db.session().scalars(
        sa.select(jobs.Job).where(jobs.Job.kind == COUNT_JOB).order_by(jobs.Job.id.desc()).limit(200)
    )
    return next((job for job in found if job.params["round_id"] == round_id), None)


def communities_of_areas(round_id: int) -> dict[str, list[str]]:
    """The communities of each publication area, by its code, in Thai order."""
    rows = db.session().execute(
        sa.select(Area.code, Community.name, Community.sort_key)
        .select_from(RollEntry)
        .join(Area, Area.id == RollEntry.area_id)
        .join(Community, Community.id == RollEntry.community_id)
        .where(RollEntry.round_id == round_id)
        .distinct()
        .order_by(Area.code, Community.sort_key)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row.name)
    return found


def by_area(
    bodies: Iterable[dict[str, Any]],
    places: Iterable[Any],
    communities: Mapping[str, Sequence[str]] = MappingProxyType({}),
    rolls: Mapping[str, int] = MappingProxyType({}),
    funded: Collection[int] = (),
) -> list[dict[str, Any]]:
    """Ballots, sheets of paper among them, voters ``served`` (who chose one of the ``funded`` projects), votes of each project,
    and the communities, for every area. ``rolls``: people on the roll when the board was closed, where that is known."""
    ballots: Counter[str] = Counter()
    paper: Counter[str] = Counter()
    served: Counter[str] = Counter()
    votes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for body in bodies:
        ballots[body["area"]] += 1
        paper[body["area"]] += body["channel"] == "paper"
        choices = ballot.read_choices(body)
        served[body["area"]] += any(one in choices for one in funded)
        votes[body["area"]].update(choices)
    return [
        {
            "code": one.code,
            "name_th": one.name_th,
            "name_en": one.name_en,
            "roll": rolls.get(one.code, one.roll_count),
            "ballots": ballots[one.code],
            "paper": paper[one.code],
            "served": served[one.code],
            "votes": {str(number): count for number, count in sorted(votes[one.code].items())},
            "communities": list(communities.get(one.code, ())),
        }
        for one in places
    ]


def told(rules: dict[str, Any], found: dict[str, Any], projects: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """The projects for the page, funded ones first in their order, then by votes: what the edition says of each, its votes,
    its reason, and by how many per cent a cost that is ``enough`` lies below its own (rounded up). ``projects`` (as
    ``queries.candidates`` gives them) add community and picture."""
    shown = {one.number: one for one in projects}
    reasons = {one["number"]: one for one in found["projects"]}
    names = {one["number"]: one["name"] for one in rules["projects"]}
    rows = []
    for project in rules["projects"]:
        reason = reasons[project["number"]]
        cost, enough = project["cost_satang"], reason.get("enough_cost")
        rows.append(
            {
                **project,
                "shown": shown.get(project["number"]),
                "votes": found["votes"][str(project["number"])],
                "reason": reason,
                "cheaper": -(-(cost - enough) * 100 // cost) if enough and enough < cost else None,
                "went_to": [
                    {"number": one, "name": names[one], "satang": money}
                    for one, money in reason.get("went_to", [])[:3]
                ],
            }
        )
    rows.sort(key=lambda row: (row["reason"].get("place") or 10_000, -row["votes"], row["number"]))
    return rows


def narrowly_missed(rows: Iterable[dict[str, Any]], size: int = 3) -> list[dict[str, Any]]:
    """Of the rows of :func:`told` those without money that lacked the fewest votes."""
    close = [row for row in rows if row["reason"].get("more_votes")]
    return sorted(close, key=lambda row: (row["reason"]["more_votes"], row["number"]))[:size]


def files(round_: Round, *, opened: bool) -> dict[str, str]:
    """Everything an outsider needs to check a counted round, by the name of the file. No tag is in it, and no ballot
    unless ``opened``."""
    session = db.session()
    edition, key, result = session.execute(
        sa.select(RoundEdition, RoundKey, RoundResult)
        .join(RoundKey, RoundKey.round_id == RoundEdition.round_id)
        .join(RoundResult, RoundResult.round_id == RoundEdition.round_id)
        .where(RoundEdition.round_id == round_.id)
    ).one()
    found = json.loads(result.body)
    about = {
        "format": "ruamngop-result-1",
        "rules": json.loads(edition.body),
        "rules_sha256": edition.sha256,
        "public_key": key.public_key,
        "tie_secret": round_.tie_secret,
        "outside": result.outside,
        "withdrawn": withdrawn_numbers(round_.id),
        "roll": sum(one["roll"] for one in found["areas"]),
        "areas": found["areas"],
        "paper": found.get("paper", []),
        "letters": found.get("letters", {}),
        "result": {
            name: found[name] for name in ("order", "spent_satang", "votes", "ties", "voters", "empty")
        },
    }
    rules = about["rules"]
    if round_.state is RoundState.CANCELLED:
        about["annulled"] = round_.cancel_reason
        rules = rules | {"title": f"ANNULLED – {rules['title']}"}
    ballots = published(round_.id) if opened else []
    given = {
        "round.json": json.dumps(about, ensure_ascii=False, indent=1) + "\n",
        "result.json": result.body,
        "heads.jsonl": _lines(row.line for row in board.head_rows(round_.id)),
        "leaves.txt": _lines(board.leaves(round_.id)),
        "ballots.jsonl": _lines(body for _, body in ballots),
        "superseded.txt": _lines(superseded(round_.id)),
        "areas.csv": areas_csv(found),
        "projects.csv": projects_csv(about["rules"], found),
        "paper.csv": paper.csv_of(about["paper"]),
    }
    if opened:
        given[f"round-{round_.id}.pb"] = pabulib(rules, found, (json.loads(body) for _, body in ballots))
    return given


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def areas_csv(found: dict[str, Any]) -> str:
    """Ballots and votes of each project, area by area."""
    out = io.StringIO()
    numbers = sorted(map(int, found["votes"]))
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(
        [
            *("area", "name_th", "name_en", "roll", "ballots", "paper", "served"),
            *(f"project_{one}" for one in numbers),
        ]
    )
    for area in found["areas"]:
        given = [area["votes"].get(str(one), 0) for one in numbers]
        rows.writerow(
            [
                area["code"],
                paper.tame(area["name_th"]),
                paper.tame(area["name_en"]),
                area["roll"],
                area["ballots"],
                area["paper"],
                area.get("served", ""),
                *given,
            ]
        )
    return out.getvalue()


def projects_csv(rules: dict[str, Any], found: dict[str, Any]) -> str:
    """Each project with its cost, its votes and what became of it."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["number", "name", "cost_satang", "votes", "funded", "place", "why"])
    reasons = {one["number"]: one for one in found["projects"]}
    for project in rules["projects"]:
        reason = reasons[project["number"]]
        rows.writerow(
            [
                project["number"],
                paper.tame(project["name"]),
                project["cost_satang"],
                found["votes"][str(project["number"])],
                int(reason["why"] == "funded"),
                reason.get("place") or "",
                reason["why"],
            ]
        )
    return out.getvalue()


def pabulib(rules: dict[str, Any], found: dict[str, Any], bodies: Iterable[dict[str, Any]]) -> str:
    """The election as a file of the Pabulib format, money in baht. Ballots stand in the order of their leaves."""
    kind, rule = rules["ballot"], rules["rule"]
    projects = rules["projects"]
    is_points = kind["type"] == "points"
    meta = {
        "description": rules["title"],
        "country": "Thailand",
        "unit": "Bangkok",
        "instance": str(rules["round"]),
        "num_projects": str(sum(one["why"] != "withdrawn" for one in found["projects"])),
        "num_votes": str(found["voters"] + found["empty"]),
        "budget": _baht(rules["envelope_satang"]),
        "vote_type": "scoring" if is_points else "approval",
        "rule": "equalshares" if rule["name"] == "equal-shares" else rule["name"],
        "date_begin": rules["opens_at"][:10],
        "date_end": rules["closes_at"][:10],
        "min_length": str(kind["min_choices"]),
        "language": "th",
        "currency": "THB",
    }
    if kind["type"] == "approval":
        meta["max_length"] = str(kind["max_choices"])
    elif is_points:
        meta["max_points"] = str(kind["max_points"])
        meta["max_sum_points"] = str(kind["max_choices"])
    else:
        meta["max_sum_cost"] = meta["budget"]
    if rule["min_support"]:
        meta["min_project_score_threshold"] = str(rule["min_support"])
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerows([["META"], ["key", "value"], *meta.items()])
    score = "score" if is_points else "votes"
    rows.writerows([["PROJECTS"], ["project_id", "cost", score, "name", "selected"]])
    funded, withdrawn = (
        set(found["order"]),
        {one["number"] for one in found["projects"] if one["why"] == "withdrawn"},
    )
    for one in projects:
        if one["number"] not in withdrawn:
            rows.writerow(
                [
                    one["number"],
                    _baht(one["cost_satang"]),
                    found["votes"][str(one["number"])],
                    one["name"],
                    int(one["number"] in funded),
                ]
            )
    rows.writerows(
        [["VOTES"], ["voter_id", "vote", *(["points"] if is_points else []), "neighborhood", "voting_method"]]
    )
    for place, body in enumerate(bodies, 1):
        choices = {one: points for one, points in ballot.read_choices(body).items() if one not in withdrawn}
        given = [",".join(map(str, choices.values()))] if is_points else []
        method = "internet" if body["channel"] == "web" else "paper"
        rows.writerow([place, ",".join(map(str, choices)), *given, body["area"], method])
    return out.getvalue()


def _baht(satang: int) -> str:
    whole, part = divmod(satang, UNIT)
    return f"{whole}.{part:02d}" if part else str(whole)
