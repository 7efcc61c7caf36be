"""Elections with known results: counted here by every rule of the command, by another program in exact fractions, and
held against the winners that the files record."""

import json
from dataclasses import replace

import pytest
from pabutools import fractions
from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
from pabutools.rules import (
    completion_by_rule_combination,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
)
from pabutools.tiebreaking import TieBreakingRule

from portal.voting import pabulib, tally
from portal.voting.ties import Ties, draw
from tests.voting import known

SECONDS = 500_000  # countings × projects × different ballots: what pabutools does in some seconds


@pytest.mark.parametrize("file", known.files(), ids=lambda file: file.stem)
def test_an_election_has_its_known_results(file):
    read = pabulib.read(file)
    found = known.results(file, read, is_short=read.election.voters > known.LARGE)
    assert found == known.expected()[file.name]
    assert known.difference(read, found) == known.differences().get(file.name, {}).get("others", [])


def test_every_known_election_and_every_difference_is_at_hand():
    at_hand = {file.name for file in known.files()}
    assert set(known.expected()) >= at_hand
    if known.FOLDER.is_dir():
        assert set(known.expected()) == at_hand
    assert all(one["cause"] and one["others"] for one in known.differences().values())
    assert set(known.differences()) <= set(known.expected())


@pytest.mark.parametrize(
    "file", [one for one in known.files() if "apart" in known.differences().get(one.name, {})]
)
def test_a_pair_told_in_a_remark_is_the_whole_difference(file):
    read = pabulib.read(file)
    ids = [one.id for one in read.election.projects]
    one, other = map(ids.index, known.differences()[file.name]["apart"])
    apart = replace(read.election, rivals={one: frozenset({other}), other: frozenset({one})})
    found = tally.count(apart, known.rules_of(file, read)["greedy"])
    assert {ids[place] for place in found.order} == read.selected


@pytest.mark.parametrize("name", ["Made_equals.pb", "Made_one_choice.pb"])
def test_the_command_draws_equals_as_the_known_results_do(app, name):
    expected = known.expected()[name]["greedy"]
    done = app.test_cli_runner().invoke(args=["voting", "tally", str(known.MADE / name), "--json"])
    told = json.loads(done.stdout)
    assert told["order"] == expected["order"]
    assert [[tie["step"], tie["by"], *tie["tied"]] for tie in told["ties"]] == expected["ties"]
    assert expected["ties"]


@pytest.mark.parametrize("file", known.small_files(), ids=lambda file: file.stem)
def test_another_program_counts_the_same(file):
    """pabutools in exact fractions, on an election of up to 3,000 ballots, given our order of equals. Counting again and
    again with add1 may take it minutes: only where it ends within seconds; the rest of that is in bench/voting.py."""
    assert fractions.FRACTION == "gmpy2"
    read = pabulib.read(file)
    election = read.election
    ids = [one.id for one in election.projects]
    ranks = draw(ids, known.sha256(file))
    keys = dict(zip(ids, map(Ties(election, ranks).key, range(len(ids))), strict=True))
    ties = TieBreakingRule(lambda _instance, _profile, one: keys[one.name])
    expected = known.expected()[file.name]
    threshold = int(election.meta.get("min_project_score_threshold", "0"))

    def instance_of(least=0):
        """Without what is out before counting: projects dearer than the budget, or with fewer votes."""
        instance, profile = parse_pabulib(str(file))
        votes = dict(zip(ids, election.scores, strict=True))
        for project in [
            one for one in instance if one.cost > instance.budget_limit or votes[one.name] < least
        ]:
            instance.remove(project)
            for ballot in profile:
                ballot.discard(project)
        return instance, profile.as_multiprofile()

    def agree(name, theirs):
        assert [one.name for one in theirs] == expected[name]["order"], name

    given = instance_of()
    shares = method_of_equal_shares(*given, Cost_Sat, tie_breaking=ties)
    agree("equal-shares", shares)
    agree("equal-shares by number", method_of_equal_shares(*given, Cardinality_Sat, tie_breaking=ties))
    agree("greedy", greedy_utilitarian_welfare(*given, Cost_Sat, tie_breaking=ties))
    completed = completion_by_rule_combination(
        *given,
        [method_of_equal_shares, greedy_utilitarian_welfare],
        [{"sat_class": Cost_Sat, "tie_breaking": ties}] * 2,
    )
    agree("equal-shares + utilitarian", completed)
    if threshold:
        agree(
            "greedy-threshold",
            greedy_utilitarian_welfare(*instance_of(threshold), Cost_Sat, tie_breaking=ties),
        )
    countings = []
    rule = known.rules_of(file, read)["equal-shares + add1"]
    tally.count(election, rule, lambda times, _spent: countings.append(times))
    if countings and countings[-1] * len(ids) * len(election.ballots) <= SECONDS:
        agree(
            "equal-shares + add1",
            method_of_equal_shares(*given, Cost_Sat, tie_breaking=ties, voter_budget_increment=1),
        )
