"""The verifier an outsider downloads: it holds what is right, by a count of its own, and names what is not."""

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from portal.voting import keykeeper, verify_result
from tests.voting import made

SCRIPT = Path(verify_result.__file__)
RULES = {
    "greedy": {},
    "greedy-no-skip": {"name": "greedy-no-skip"},
    "greedy-threshold": {"name": "greedy-threshold", "min_support": 9},
    "greedy-no-skip with support": {"name": "greedy-no-skip", "min_support": 9},
    "equal-shares": {"name": "equal-shares"},
    "equal-shares utilitarian": {"name": "equal-shares", "completion": "utilitarian", "compares": True},
    "equal-shares add1": {"name": "equal-shares", "completion": "add1", "start": "floor", "min_support": 7},
    "equal-shares add1u": {"name": "equal-shares", "completion": "add1u", "stop": "overspent"},
    "equal-shares add1u in parts": {
        "name": "equal-shares",
        "completion": "add1u",
        "stop": "overspent",
        "step_parts": 7,
        "most_steps": 20,
    },
    "equal-shares add1, three steps": {
        "name": "equal-shares",
        "completion": "add1",
        "step_parts": 200,
        "most_steps": 3,
    },
    "equal-shares by number": {
        "name": "equal-shares",
        "utility": "cardinality",
        "counts_empty": True,
        "compares": True,
    },
}


@pytest.fixture
def keeper(tmp_path):
    return keykeeper.Folder(tmp_path / "keys")


def quiet(text):
    """Say nothing."""


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("voters", [40, 173])
def test_it_finds_what_we_found(keeper, rule, voters):
    stated = made.rules(projects=12, conflicts=[(1, 4), (2, 3)], **RULES[rule])
    files = made.vote(keeper, voters, stated, withdrawn=[5])
    assert json.loads(files["round.json"])["result"]["order"]
    verify_result.check(files, say=quiet)


@pytest.mark.parametrize("name", ["greedy-no-skip", "greedy-threshold", "equal-shares"])
def test_who_lacks_the_least_support_gets_nothing_though_there_is_money(keeper, name):
    stated = made.rules(projects=12, name=name, min_support=9)
    stated["envelope_satang"] = sum(one["cost_satang"] for one in stated["projects"])
    files = made.vote(keeper, 40, stated)
    result = json.loads(files["round.json"])["result"]
    weak = {int(number) for number, votes in result["votes"].items() if votes < 9}
    assert 0 < len(weak) < 12
    assert not weak & set(result["order"])
    verify_result.check(files, say=quiet)


@pytest.mark.parametrize(
    "rule", ["greedy", "greedy-no-skip", "equal-shares utilitarian", "equal-shares add1u"]
)
def test_it_keeps_the_caps_that_we_keep(keeper, rule):
    stated = made.rules(projects=12, caps=[(range(1, 7), 40), ((2, 3, 9), 60), ([4], 99)], **RULES[rule])
    files = made.vote(keeper, 90, stated)
    result = json.loads(files["round.json"])["result"]
    costs = {one["number"]: one["cost_satang"] for one in stated["projects"]}
    for cap in stated["caps"]:
        given = sum(costs[one] for one in result["order"] if one in cap["projects"])
        assert given <= cap["most_satang"]
    assert 4 not in result["order"]
    verify_result.check(files, say=quiet)
    free = made.vote(keeper, 90, stated | {"caps": []})
    assert json.loads(free["round.json"])["result"]["order"] != result["order"]


@pytest.mark.parametrize("kind", ["knapsack", "points"])
def test_it_counts_every_kind_of_ballot(keeper, kind):
    verify_result.check(made.vote(keeper, 80, made.rules(kind=kind)), say=quiet)


def lines(name, change):
    """A change of the lines of one file."""

    def tampered(files):
        found = files[name].split("\n")
        change(found)
        return files | {name: "\n".join(found)}

    return tampered


def about(change):
    """A change of round.json."""

    def tampered(files):
        found = json.loads(files["round.json"])
        change(found)
        return files | {"round.json": json.dumps(found, ensure_ascii=False)}

    return tampered


def altered(ballots):
    body = json.loads(ballots[3])
    body["choices"] = [8]
    ballots[3] = verify_result.canonical(body)


def swapped(found):
    found[2], found[3] = found[3], found[2]


def cut_anew(leaves):
    """Two neighbours of 32 bytes as 31 and 33: the node above them stays the same."""
    both = leaves[0] + leaves[1]
    leaves[:2] = both[:62], both[62:]


def result(change):
    """A change of result.json, and the same in round.json."""

    def tampered(files):
        found = json.loads(files["result.json"])
        change(found)
        same = about(lambda all_: all_["result"].update({name: found[name] for name in all_["result"]}))
        return same(files | {"result.json": verify_result.canonical(found)})

    return tampered


def other_winner(found):
    found["order"] = found["order"][::-1]


TAMPERED = {
    "a ballot altered": (lines("ballots.jsonl", altered), "not on the board"),
    "a ballot dropped": (lines("ballots.jsonl", lambda all_: all_.pop(5)), "counts"),
    "a ballot added": (
        lines("ballots.jsonl", lambda all_: all_.append(all_[0].replace('"salt":"', '"salt":"0'))),
        "not on the board",
    ),
    "a ballot duplicated": (lines("ballots.jsonl", lambda all_: all_.insert(4, all_[4])), "twice"),
    "ballots reordered": (lines("ballots.jsonl", swapped), "out of order"),
    "a ballot not in canonical form": (
        lines("ballots.jsonl", lambda all_: all_.__setitem__(0, all_[0].replace(",", ", ", 1))),
        "canonical",
    ),
    "a leaf with a blank": (
        lines("leaves.txt", lambda all_: all_.__setitem__(3, f"{all_[3][:30]} {all_[3][30:]}")),
        "no SHA-256",
    ),
    "a leaf in capitals": (
        lines("superseded.txt", lambda all_: all_.__setitem__(0, all_[0].upper())),
        "no SHA-256",
    ),
    "two leaves cut anew": (lines("leaves.txt", cut_anew), "no SHA-256"),
    "an annulling that no head knows of": (
        lines("heads.jsonl", lambda all_: all_.append(all_[-1].replace('"result"', '"annulled"', 1))),
        "out of order",
    ),
    "a leaf swapped": (lines("leaves.txt", swapped), "root"),
    "a leaf dropped": (lines("leaves.txt", lambda all_: all_.pop()), "size"),
    "a superseded leaf dropped": (lines("superseded.txt", lambda all_: all_.pop()), "superseded"),
    "a head dropped": (lines("heads.jsonl", lambda all_: all_.pop(2)), "out of order"),
    "a head altered": (
        lines("heads.jsonl", lambda all_: all_.__setitem__(1, all_[1].replace("2026-12-15", "2026-12-16"))),
        "signature",
    ),
    "another key": (about(lambda all_: all_.update(public_key="11" * 32)), "signature"),
    "the rule changed": (
        about(lambda all_: all_["rules"]["rule"].update(name="greedy-no-skip")),
        "published",
    ),
    "a cost changed": (about(lambda all_: all_["rules"]["projects"][0].update(cost_satang=1)), "published"),
    "a project withdrawn afterwards": (about(lambda all_: all_.update(withdrawn=[2])), "withdrawn"),
    "another draw": (about(lambda all_: all_.update(tie_secret="00" * 32)), "secret"),
    "another count of an area": (about(lambda all_: all_["areas"][0].update(ballots=1)), "area"),
    "people added to an area": (about(lambda all_: all_["areas"][0].update(roll=999)), "area"),
    "people added to the roll": (about(lambda all_: all_.update(roll=999)), "roll"),
    "ballots of the web passed off as paper": (
        about(lambda all_: all_["areas"][0].update(paper=all_["areas"][0]["paper"] + 1)),
        "area",
    ),
    "a sheet that is not told": (about(lambda all_: all_["paper"][0].update(found=0)), "sheets"),
    "an area without its sheets": (about(lambda all_: all_["paper"].pop()), "sheets"),
    "another outside number": (about(lambda all_: all_.update(outside="43")), "outside number"),
    "a result other than the one that was sealed": (
        result(lambda all_: all_["votes"].update({"1": 99})),
        "result is another",
    ),
    "a reason other than the one that was sealed": (
        result(lambda all_: all_["projects"][0].update(why="nobody knows")),
        "result is another",
    ),
    "round.json tells another result": (
        about(lambda all_: all_["result"].update(spent_satang=1)),
        "tells another",
    ),
    "the head of the result dropped": (lines("heads.jsonl", lambda all_: all_.pop()), "no closing"),
    "two heads of a result": (lines("heads.jsonl", lambda all_: all_.append(all_[-1])), "no batch"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_is_changed_is_found(keeper, what):
    change, said = TAMPERED[what]
    with pytest.raises(verify_result.Fault, match=said):
        verify_result.check(change(made.vote(keeper)), say=quiet)


WRONG = {
    "a vote more": (lambda found: found["votes"].update({"1": 99}), "votes"),
    "another sum": (lambda found: found.update(spent_satang=1), "spent"),
    "a voter more": (lambda found: found.update(voters=61), "voters"),
    "an empty ballot less": (lambda found: found.update(empty=-1), "empty"),
    "a tie that was not met": (
        lambda found: found["ties"].append({"step": 1, "tied": [1, 2], "chosen": 2, "by": "draw"}),
        "ties",
    ),
    "other winners": (other_winner, "funded"),
    "another project told as funded": (lambda found: told_of_loser(found, why="funded", place=1), "funded"),
    "a loser with a place": (lambda found: told_of_loser(found, place=1), "funded"),
    "a project told as withdrawn": (lambda found: told_of_loser(found, why="withdrawn"), "withdrawn"),
    "a project told twice": (lambda found: found["projects"].append(found["projects"][-1]), "projects"),
    "other voters served": (lambda found: found["served"].update(named=999), "served"),
    "another share": (lambda found: found.update(share="1"), "share"),
    "strangers": (lambda found: found.update(strangers=77), "another result"),
    "more invalid sheets of an area": (lambda found: found["areas"][0].update(invalid=999), "invalid"),
    "other votes in an area": (
        lambda found: found["areas"][0]["votes"].update({"1": 999}),
        "votes in the area",
    ),
    "more voters served": (lambda found: found["areas"][1].update(served=59), "served"),
}


def told_of_loser(found, **said):
    next(one for one in found["projects"] if one["why"] not in ("funded", "withdrawn")).update(said)


SIGNED = {
    "sheets of an area told twice": (
        {"sheets": lambda all_: [{**all_[0], "valid": 50, "found": 51, "handed": 53}, *all_]},
        "told twice",
    ),
    "sheets of an area that is none": (
        {"sheets": lambda all_: [*all_, {**all_[0], "code": "c9"}]},
        "no area",
    ),
    "ballots on the board at the opening": ({"opening": 30}, "before the opening"),
    "all heads of another year": ({"day": "2020-01-01"}, "its day"),
    "a ballot of paper with the word of a voter": ({"sheet": lambda number: "word"}, "number of a sheet"),
    "one number for all sheets of paper": ({"sheet": lambda number: "3-017"}, "one twice"),
}


@pytest.mark.parametrize("what", SIGNED)
def test_what_cannot_be_is_found_though_it_is_signed(keeper, what):
    other, said = SIGNED[what]
    with pytest.raises(verify_result.Fault, match=said):
        verify_result.check(made.vote(keeper, other=other), say=quiet)


def test_an_annulled_result_is_called_one(keeper, tmp_path):
    files = made.vote(keeper, annulled="เลขผิด")
    said = []
    verify_result.check(files, say=said.append)
    assert "DOES NOT STAND: เลขผิด" in said[0]
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    run = [sys.executable, "-I", "-X", "utf8", str(SCRIPT), str(tmp_path)]
    found = subprocess.run(run, capture_output=True, check=False)
    assert found.returncode == 4
    assert b"DOES NOT STAND" in found.stdout
    assert b"Everything holds" not in found.stdout
    for hidden in (about(lambda all_: all_.pop("annulled")), about(lambda all_: all_.update(annulled="x"))):
        with pytest.raises(verify_result.Fault, match="annulled"):
            verify_result.check(hidden(files), say=quiet)


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_result_is_found_though_its_head_is_signed(keeper, what):
    change, said = WRONG[what]
    with pytest.raises(verify_result.Fault, match=said):
        verify_result.check(made.vote(keeper, told=change), say=quiet)


def test_more_ballots_than_people_are_found_though_the_head_is_signed(keeper):
    with pytest.raises(verify_result.Fault, match="more ballots than people"):
        verify_result.check(made.vote(keeper, 60, roll=20), say=quiet)


def test_without_the_ballots_it_does_not_say_that_everything_holds(keeper, tmp_path):
    files = made.vote(keeper, 60, made.rules() | {"shows_ballots": False})
    assert verify_result.check(files, say=quiet)
    for name, text in (files | {"ballots.jsonl": ""}).items():
        (tmp_path / name).write_text(text, "utf-8")
    run = [sys.executable, "-I", str(SCRIPT), str(tmp_path)]
    found = subprocess.run(run, capture_output=True, text=True, check=False)
    assert found.returncode == 3
    assert "NOT CHECKED" in found.stdout
    assert "Everything holds" not in found.stdout


def test_a_head_kept_earlier_shows_a_board_made_anew(keeper, tmp_path):
    files = made.vote(keeper)
    kept = files["heads.jsonl"].split("\n")[1]
    verify_result.check(files, kept, say=quiet)
    other = made.vote(keykeeper.Folder(tmp_path / "other"), voters=61)
    verify_result.check(other, say=quiet)
    with pytest.raises(verify_result.Fault, match="you kept"):
        verify_result.check(other, kept, say=quiet)


def test_it_runs_alone_from_a_zip(keeper, tmp_path):
    (tmp_path / "verify_result.py").write_bytes(SCRIPT.read_bytes())
    with zipfile.ZipFile(tmp_path / "round.zip", "w") as packed:
        for name, text in made.vote(keeper).items():
            packed.writestr(name, text)
    run = [sys.executable, "-I", str(tmp_path / "verify_result.py"), str(tmp_path / "round.zip")]
    good = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.endswith("No head was kept: only that these files fit each other.\n")
    line = made.vote(keeper)["heads.jsonl"].split("\n")[1]
    kept = subprocess.run([*run, "--kept", line], capture_output=True, text=True, check=False)
    assert (kept.returncode, kept.stdout.splitlines()[-1]) == (0, "Everything holds.")
    bad = subprocess.run([*run, "--kept", "ab" * 32], capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert "FAULT" in bad.stderr


def test_it_imports_the_standard_library_only():
    for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))):
        names = (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            assert name.partition(".")[0] in sys.stdlib_module_names, name
