"""Elections as files: what is read, what is refused and with which line, and results that are known."""

import hashlib
import json

import pytest

from portal.voting import announce, ballotlines, pabulib, tally
from portal.voting.tally import Rule
from tests.voting import known

FILE = """META
key;value
num_projects;3
num_votes;4
budget;100.50
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name;selected
1;60;"A park; with a pond";1
2;60.5;Lamps;0
3;40;Chairs;1
VOTES
voter_id;age;vote
7;20;1,3
8;30;2
9;40;1
10;50;
"""


def names(found: tally.Result, read: pabulib.Recorded) -> list[str]:
    return [read.election.projects[one].id for one in found.order]


def test_a_file_is_read():
    read = pabulib.parse(FILE)
    assert (read.election.unit, read.election.budget, read.election.empty, read.election.voters) == (
        10,
        1005,
        1,
        3,
    )
    assert [(one.id, one.cost, one.name) for one in read.election.projects] == [
        ("1", 600, "A park; with a pond"),
        ("2", 605, "Lamps"),
        ("3", 400, "Chairs"),
    ]
    assert read.election.scores == [2, 1, 1]
    assert read.selected == {"1", "3"}
    assert not read.remarks
    assert names(tally.count(read.election, Rule()), read) == ["1", "3"]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("META\n", "", 1, "does not begin with META"),
        ("PROJECTS\n", "", 12, "VOTES before PROJECTS"),
        ("VOTES\n", "VOTES\nvoter_id;vote\nVOTES\n", 15, "second time"),
        ("budget;100.50\n", "", 1, "no budget"),
        ("budget;100.50", "budget;lots", 5, "'lots'"),
        ("budget;100.50", "budget;0", 5, "nothing"),
        ("vote_type;approval", "vote_type;shouting", 6, "'shouting'"),
        ("project_id;cost;", "project_id;price;", 9, "no column cost"),
        ("3;40;Chairs", "1;40;Chairs", 12, "'1' a second time"),
        ("3;40;Chairs", "3;-40;Chairs", 12, "'-40'"),
        ("3;40;Chairs", "3;1e3;Chairs", 12, "'1e3'"),
        ("3;40;Chairs;1", "3;40;Chairs;1;2;3", 12, "6 values under 4"),
        ("8;30;2", "8;30;4", 16, "unknown project '4'"),
        ("8;30;2", "8;30;2,2", 16, "twice"),
        ("8;30;2", "7;30;2", 16, "voter '7' a second time"),
        ("rule;greedy", "budget;9", 7, "budget a second time"),
        ("8;30;2", "8;30", 16, "without a vote"),
        ('"A park; with a pond"', '"A park" x', 10, "expected after"),
    ],
)
def test_a_broken_file_is_refused_by_line_and_reason(old, new, line, reason):
    assert old in FILE
    with pytest.raises(pabulib.Malformed, match=reason) as refused:
        pabulib.parse(FILE.replace(old, new))
    assert refused.value.line == line


@pytest.mark.parametrize("file", known.small_files(), ids=lambda file: file.stem)
def test_votes_are_read_many_at_once_as_they_are_one_by_one(file, monkeypatch):
    text = file.read_text(encoding="utf-8-sig")
    top, _, votes = text.partition("\nVOTES\n")
    one_by_one = pabulib.parse(
        f'{top}\nVOTES\n{votes.rstrip()}\n""\n'
    )  # quotes are left to the reader of tables
    monkeypatch.setattr(ballotlines, "_AT_ONCE", 7)
    monkeypatch.setattr(ballotlines, "_PIECE", 90)
    assert pabulib.parse(text) == one_by_one


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8;30;2\n", "8;30;2;more\n"),
        ("8;30;2\n", "8;30;2;\n"),
        ("8;30;2\n", "8;30; 2 \n"),
        ("8;30;2\n", "8;30;3,1\n"),
        ("8;30;2\n9;40;1\n", "8;2\n9;40;50;1\n"),
        ("8;30;2\n9;40;1\n", "8;30\n9;40;1;2\n"),
        ("8;30;2\n", "8;30;\x002\n"),
        ("8;30;2\n", "8;30;2\x00\n"),
        ("8;30;2\n", "8;30;2,\n"),
        ("\n3;40", "\n3,1;40"),
        ("\n3;40", "\nlonger than a word;40"),
    ],
)
def test_a_file_that_asks_for_a_closer_look_is_read_as_it_is_row_by_row(old, new):
    assert old in FILE
    top, votes = FILE.replace(old, new).split("\nVOTES\n")

    def said(text):
        try:
            return pabulib.parse(text)
        except pabulib.Malformed as refused:
            return refused.line, refused.reason

    assert said(f"{top}\nVOTES\n{votes}") == said(f'{top}\nVOTES\n{votes}""\n')


def test_voters_with_long_numbers_are_told_apart_and_one_who_votes_twice_is_found(monkeypatch):
    monkeypatch.setattr(ballotlines, "_PIECE", 40)
    top = FILE.split("\nVOTES\n")[0].replace("num_votes;3", "num_votes;9")
    votes = [f"household-of-the-city-{one:03};30;{one % 3 + 1}" for one in range(9)]
    assert pabulib.parse("\n".join([top, "VOTES", "voter_id;age;vote", *votes, ""])).election.voters == 9
    with pytest.raises(pabulib.Malformed, match=r"household-of-the-city-000.*second time"):
        pabulib.parse("\n".join([top, "VOTES", "voter_id;age;vote", *votes, votes[0], ""]))


def test_a_file_may_hold_empty_ballots_alone():
    top = FILE.split("\nVOTES\n")[0]
    election = pabulib.parse(f"{top}\nVOTES\nvoter_id;vote\n7;\n8;\n").election
    assert (election.voters, election.empty, election.scores, dict(election.ballots)) == (0, 2, [0, 0, 0], {})


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_computers_end_them(end, tmp_path):
    (tmp_path / "one.pb").write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", end).encode())
    assert pabulib.read(tmp_path / "one.pb") == pabulib.parse(FILE)
    (tmp_path / "one.pb").write_bytes(FILE.encode().replace(b"Lamps", b"\xff"))
    with pytest.raises(pabulib.Malformed, match="UTF-8") as refused:
        pabulib.read(tmp_path / "one.pb")
    assert refused.value.line == 11


@pytest.mark.parametrize("blank", ["\n", " \n", '""\n'])
def test_a_blank_line_is_no_row(blank):
    read = pabulib.parse(FILE)
    for line in FILE.splitlines(keepends=True)[:-1]:
        assert pabulib.parse(FILE.replace(line, line + blank)) == read


def test_points_and_orders_are_scores():
    points = FILE.replace("vote_type;approval", "vote_type;cumulative").replace("age;vote", "points;vote")
    points = points.replace("7;20;1,3", '7;"2,5";1,3').replace("8;30;", "8;3;").replace("9;40;", "9;1;")
    assert pabulib.parse(points).election.scores == [3, 3, 5]
    assert pabulib.parse(FILE.replace("vote_type;approval", "vote_type;ordinal")).election.scores == [4, 2, 1]


def test_the_command_prints_json_alone_and_ends_with_2_for_a_bad_file(app, tmp_path):
    file = tmp_path / "small.pb"
    file.write_text(FILE, encoding="utf-8")
    run = app.test_cli_runner().invoke
    done = run(
        args=["voting", "tally", str(file), "--rule", "equal-shares", "--completion", "add1u", "--json"]
    )
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert (found["selected"], found["order"], found["spent"], found["budget"]) == (
        ["1", "3"],
        ["1", "3"],
        100,
        100.5,
    )
    assert found["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert "3 ballots" in done.stderr
    file.write_text(FILE.replace("8;30;2", "8;30;4"), encoding="utf-8")
    done = run(args=["voting", "tally", str(file), "--json"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "line 16: a vote for the unknown project '4'" in done.stderr
    assert run(args=["voting", "tally", str(tmp_path / "none.pb")]).exit_code == 2


def test_equals_are_decided_by_cost_then_votes_then_the_drawn_order_and_told(tmp_path):
    file = tmp_path / "equals.pb"
    file.write_text(FILE.replace("9;40;1", "9;40;2,1,3").replace("3;40;", "3;60;"), encoding="utf-8")
    told = []
    found = {
        seed: announce.tally_file(file, progress=told.append, rule="greedy", seed=seed) for seed in "uvwxyz"
    }
    (tie,) = found["x"]["ties"]
    assert tie["by"] == "draw"
    assert tie["tied"][2] == "2"
    assert {one["order"][0] for one in found.values()} == {"1", "3"}
