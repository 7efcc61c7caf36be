"""From published ballots to a result with its reasons, as one canonical thing. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from portal.voting import ballot, reasons, tally
from portal.voting.election import Election, Project


def rule_of(rules: Mapping[str, Any], seed: str) -> tally.Rule:
    """The stated rule of a round's edition."""
    stated = rules["rule"]
    return tally.Rule(
        name=stated["name"],
        completion=stated["completion"],
        start=stated["start"],
        stop=stated["stop"],
        parts=stated.get("step_parts", 0),
        most=stated.get("most_steps", 0),
        utility=stated["utility"],
        threshold=stated["min_support"],
        with_empty=stated["counts_empty"],
        compares=stated["compares"],
        seed=seed,
    )


def election_of(
    rules: Mapping[str, Any], bodies: Iterable[Mapping[str, Any]], withdrawn: Collection[int]
) -> Election:
    """The election of a round: projects that stand, and ballots without those that were withdrawn."""
    standing = [one for one in rules["projects"] if one["number"] not in withdrawn]
    places = {one["number"]: place for place, one in enumerate(standing)}
    groups: Counter[tuple[int, ...]] = Counter()
    scores = [0] * len(standing)
    for body in bodies:
        choices = {places[one]: points for one, points in ballot.read_choices(body).items() if one in places}
        groups[tuple(sorted(choices))] += 1
        for place, points in choices.items():
            scores[place] += points
    empty = groups.pop((), 0)
    apart: dict[int, frozenset[int]] = {}
    for first, second in rules["conflicts"]:
        if first in places and second in places:
            for one, other in ((places[first], places[second]), (places[second], places[first])):
                apart[one] = apart.get(one, frozenset()) | {other}
    return Election(
        [Project(str(one["number"]), one["cost_satang"], one["name"]) for one in standing],
        rules["envelope_satang"],
        groups,
        scores,
        unit=100,
        empty=empty,
        is_approval=rules["ballot"]["type"] != "points",
        rivals=apart,
        caps=[
            (frozenset(places[one] for one in cap["projects"] if one in places), cap["most_satang"])
            for cap in rules.get("caps", ())
        ],
    )


def count(
    rules: Mapping[str, Any],
    bodies: Sequence[Mapping[str, Any]],
    withdrawn: Collection[int],
    seed: str,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The result: votes, winners in their order, every tie, a reason for each project, the other rule beside it, and how
    many voters have at least one funded project. Projects are told by their numbers, money in satang."""
    election = election_of(rules, bodies, withdrawn)
    rule = rule_of(rules, seed)
    found = tally.count(election, rule, progress)
    numbers = [int(one.id) for one in election.projects]
    told = reasons.reasons(election, rule, found)
    votes = {str(one["number"]): 0 for one in rules["projects"]}
    votes |= {str(number): score for number, score in zip(numbers, election.scores, strict=True)}
    return {
        "order": [numbers[one] for one in found.order],
        "spent_satang": found.spent,
        "votes": votes,
        "voters": election.voters,
        "empty": election.empty,
        "ties": [
            {
                "step": tie.step,
                "tied": [numbers[one] for one in tie.tied],
                "chosen": numbers[tie.chosen],
                "by": tie.by,
            }
            for tie in found.ties
        ],
        "share": str(found.shares.endowment) if found.shares else None,
        "better_off": list(found.better_off) if found.better_off else None,
        "projects": [
            *(
                {"number": number, **_told(reason, numbers)}
                for number, reason in zip(numbers, told, strict=True)
            ),
            *({"number": number, "why": "withdrawn"} for number in sorted(withdrawn)),
        ],
        "served": served(election, found.order),
        "other": _other(election, rule, numbers),
    }


def _told(reason: reasons.Reason, numbers: Sequence[int]) -> dict[str, Any]:
    told = {name: value for name, value in vars(reason).items() if value not in (None, 0, False, [])}
    told["went_to"] = [[numbers[one], money] for one, money in reason.went_to]
    if reason.rival is not None:
        told["rival"] = numbers[reason.rival]
    return told


def served(election: Election, order: Collection[int]) -> dict[str, int]:
    """How many voters have a funded project, and how many funded projects all voters together had named."""
    funded = set(order)
    some = named = 0
    for choice, voters in election.ballots.items():
        hits = sum(one in funded for one in choice)
        some += voters * (hits > 0)
        named += voters * hits
    return {"voters": some, "named": named}


def _other(election: Election, rule: tally.Rule, numbers: Sequence[int]) -> dict[str, Any] | None:
    """The same ballots under the other rule, for comparison: by votes, or by Equal Shares with what is left over by votes."""
    if rule.name != "equal-shares":
        if not election.is_approval:
            return None
        other = tally.Rule("equal-shares", "utilitarian", threshold=rule.threshold, seed=rule.seed)
    else:
        other = tally.Rule("greedy", threshold=rule.threshold, seed=rule.seed)
    found = tally.count(election, other)
    return {
        "rule": other.name,
        "order": [numbers[one] for one in found.order],
        "spent_satang": found.spent,
        "served": served(election, found.order),
    }
