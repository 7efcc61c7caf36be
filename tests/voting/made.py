"""A whole published vote, made in memory by the portal's own pieces: for the verifier."""

import datetime as dt
import json
import random
from collections import Counter
from types import SimpleNamespace

from portal.core import hashing
from portal.voting import ballot, counting, heads, merkle
from portal.voting.queries import results

SECRET = "5e" * 32
OUTSIDE = "42"
RULE = {
    "name": "greedy",
    "completion": "none",
    "start": "fraction",
    "stop": "exhaustive",
    "utility": "cost",
    "compares": False,
    "min_support": 0,
    "counts_empty": False,
}


def rules(projects=8, kind="approval", conflicts=(), caps=(), **rule):
    """The edition of a round."""
    chance = random.Random(projects)
    costs = [chance.randrange(500_00, 9_000_00, 100_00) for _ in range(projects)]
    return {
        "format": "ruamngop-round-1",
        "round": 7,
        "title": "เลือกโครงการ",
        "envelope_satang": sum(costs) // 2,
        "ballot": {"type": kind, "min_choices": 0, "max_choices": 10, "max_points": 5},
        "rule": RULE | rule,
        "ties": {"commitment": hashing.sha256_hex(SECRET)},
        "opens_at": "2026-12-01T01:00:00Z",
        "closes_at": "2026-12-14T10:00:00Z",
        "projects": [
            {"number": number, "name": f"โครงการ {number}", "cost_satang": cost}
            for number, cost in enumerate(costs, 1)
        ],
        "conflicts": sorted(sorted(pair) for pair in conflicts),
        "caps": [
            {"projects": list(group), "most_satang": sum(costs[one - 1] for one in group) * share // 100}
            for group, share in caps
        ],
    }


def vote(
    keeper,
    voters=60,
    stated=None,
    withdrawn=(),
    superseded=5,
    batches=3,
    roll=None,
    told=None,
    other=None,
    annulled=None,
):
    """The files of a vote: name → text. Choices are drawn by a seeded generator. ``roll``: people of each of two areas.
    ``told`` changes the result before it is sealed, ``other`` what is signed before it. ``annulled``: the reason."""
    stated, roll, other = stated or rules(), roll or voters, other or {}
    public, day, chance = (
        keeper.create(7),
        dt.date.fromisoformat(other.get("day", "2026-12-15")),
        random.Random(voters),
    )
    edition = hashing.sha256_hex(hashing.canonical_json(stated))
    number = other.get("sheet", lambda sheet: f"3-{sheet:03d}")
    bodies = [_ballot(stated, chance, number(sheet)) for sheet in range(voters)]
    texts = {ballot.leaf(body): body.decode() for body in bodies}
    gone = sorted(hashing.sha256_hex(f"an earlier ballot {one}") for one in range(superseded))
    board = [*texts, *gone]
    chance.shuffle(board)
    size = -(-len(board) // batches)
    board = [leaf for at in range(0, len(board), size) for leaf in sorted(board[at : at + size])]
    raw = [bytes.fromhex(leaf) for leaf in board]
    opened = other.get("opening", 0)
    common = {"round_id": 7, "rules": edition, "day": day}
    lines = [
        heads.written(
            keeper,
            kind="opening",
            number=0,
            previous=heads.GENESIS,
            leaves=raw[:opened],
            public_key=public,
            **common,
        )
    ]
    for at in range(0, len(board), size):
        lines.append(
            heads.written(
                keeper,
                kind="batch",
                number=len(lines),
                previous=heads.line_hash(lines[-1]),
                leaves=raw[: max(at + size, opened)],
                **common,
            )
        )
    lines.append(
        heads.written(
            keeper,
            kind="closing",
            number=len(lines),
            previous=heads.line_hash(lines[-1]),
            leaves=raw,
            live=len(texts),
            superseded=len(gone),
            live_root=merkle.root([bytes.fromhex(leaf) for leaf in sorted(texts)]).hex(),
            withdrawn=list(withdrawn),
            roll=2 * roll,
            strangers=0,
            areas=(figures := _figures(bodies, roll)),
            sheets=(sheets := other.get("sheets", list)([_sheets(one) for one in figures])),
            **common,
        )
    )
    read = [json.loads(texts[leaf]) for leaf in sorted(texts)]
    found = counting.count(stated, read, withdrawn, hashing.sha256_hex(f"{SECRET}|{OUTSIDE}"))
    places = [SimpleNamespace(code=one["code"], name_th="", name_en="", roll_count=roll) for one in figures]
    found["areas"] = results.by_area(read, places, funded=found["order"])
    found["strangers"] = 0
    for one in found["areas"]:
        one["invalid"] = 1
    found["paper"] = [{**one, "name_th": one["code"], "name_en": one["code"], "reason": ""} for one in sheets]
    if told is not None:
        told(found)
    result = hashing.canonical_json(found)
    lines.append(
        heads.written(
            keeper,
            kind="result",
            number=len(lines),
            previous=heads.line_hash(lines[-1]),
            leaves=raw,
            outside=OUTSIDE,
            result=hashing.sha256_hex(result),
            **common,
        )
    )
    if annulled is not None:
        lines.append(
            heads.written(
                keeper,
                kind="annulled",
                number=len(lines),
                previous=heads.line_hash(lines[-1]),
                leaves=raw,
                reason=hashing.sha256_hex(annulled),
                **common,
            )
        )
    about = {
        "rules": stated,
        "rules_sha256": edition,
        "public_key": public,
        "tie_secret": SECRET,
        "outside": OUTSIDE,
        "withdrawn": list(withdrawn),
        "roll": 2 * roll,
        "areas": found["areas"],
        "paper": found["paper"],
        "result": {
            name: found[name] for name in ("order", "spent_satang", "votes", "ties", "voters", "empty")
        },
    }
    if annulled is not None:
        about["annulled"] = annulled
    return {
        "round.json": json.dumps(about, ensure_ascii=False),
        "result.json": result,
        "heads.jsonl": "\n".join(lines),
        "leaves.txt": "\n".join(board),
        "ballots.jsonl": "\n".join(texts[leaf] for leaf in sorted(texts)),
        "superseded.txt": "\n".join(gone),
    }


def _figures(bodies, roll):
    """Ballots of two areas with so many people each."""
    cast = Counter((one["area"], one["channel"]) for one in map(json.loads, bodies))
    return [
        {"code": code, "roll": roll, "web": cast[code, "web"], "paper": cast[code, "paper"]}
        for code in ("c1", "c2")
    ]


def _sheets(area):
    """The paper of an area: one sheet more is blank, one did not come back."""
    valid = area["paper"]
    return {
        "code": area["code"],
        "handed": valid + 3,
        "returned": 1,
        "exchanged": 0,
        "found": valid + 1,
        "valid": valid,
        "invalid": {"blank": 1},
        "missing": 0,
        "difference": 1,
    }


def _ballot(stated, chance, sheet):
    kind, numbers = stated["ballot"]["type"], [one["number"] for one in stated["projects"]]
    weights = [1 / (place + 3) for place in range(len(numbers))]
    chosen = sorted(set(chance.choices(numbers, weights, k=chance.randint(0, 6))))
    rivals = {second for first, second in stated["conflicts"] if first in chosen}
    choices = {one: 1 for one in chosen if one not in rivals}
    if kind == "points":
        choices = {one: chance.randint(1, 2) for one in list(choices)[:5]}
    if kind == "knapsack":
        costs, left = (
            {one["number"]: one["cost_satang"] for one in stated["projects"]},
            stated["envelope_satang"],
        )
        for one in list(choices):
            if costs[one] > left:
                del choices[one]
            else:
                left -= costs[one]
    channel = chance.choice(["web", "web", "paper"])
    return ballot.body(
        round_id=7,
        area=chance.choice(["c1", "c2"]),
        channel=channel,
        choices=choices,
        kind=kind,
        salt=f"{chance.getrandbits(128):032x}",
        nonce=sheet if channel == "paper" else f"{chance.getrandbits(128):032x}",
    )
