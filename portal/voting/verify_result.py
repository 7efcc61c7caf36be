#!/usr/bin/env python3
"""Check a published vote: the board, its signatures, every ballot, and the result by a count of its own.

    python verify_result.py round-7.zip                 # the downloaded file, or the folder it was unpacked to
    python verify_result.py round-7.zip --kept LINE     # and a head (its line or its SHA-256) that you kept earlier

Needs Python 3.9 or later, shares no code with the portal and asks nobody. Exit 0: everything holds; 1: a fault, named;
3: what can be seen holds, but the ballots are not in the file and the result was not counted anew.

Who voted it cannot see: the closing head only says that the server held all ballots against the roll.
"""

import argparse
import hashlib
import heapq
import json
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import groupby
from math import gcd
from pathlib import Path

FILES = ("round.json", "result.json", "heads.jsonl", "leaves.txt", "ballots.jsonl", "superseded.txt")
BALLOT = {"area", "channel", "choices", "nonce", "round", "salt", "v"}
WORDS = {"name_th", "name_en", "reason"}  # what is told of sheets beside figures
BAHT = 100  # satang


class Fault(Exception):
    """Something does not hold."""


def need(holds, *words):
    """Raise the fault unless it holds."""
    if not holds:
        raise Fault(" ".join(map(str, words)))


def sha256(data):
    """SHA-256 of bytes or text, in hex."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def canonical(thing):
    """The one text of a JSON value: sorted keys, no spaces, composed letters."""
    text = json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


# Ed25519 (RFC 8032, section 5.1), for checking only
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one, other):
    """The sum of two points in extended coordinates."""
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    """A point added to itself so many times."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def point_of(data):
    """The point behind 32 bytes, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, text, signature):
    """Whether a signature of a head is by this key."""
    key, sign = bytes.fromhex(public), bytes.fromhex(signature)
    a, r = (point_of(key), point_of(sign[:32])) if len(key) == 32 and len(sign) == 64 else (None, None)
    s = int.from_bytes(sign[32:], "little")
    if a is None or r is None or s >= L:
        return False
    digest = hashlib.sha512(sign[:32] + key + b"ballots head 1\n" + text.encode()).digest()
    h = int.from_bytes(digest, "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return not any((left[at] * right[2] - right[at] * left[2]) % P for at in (0, 1))


class Tree:
    """A Merkle tree (RFC 6962, section 2.1) that grows: whole subtrees, the largest first."""

    def __init__(self):
        self.parts = []  # (leaves below, hash)
        self.size = 0

    def append(self, leaf):
        """Put a leaf at the end."""
        self.parts.append((1, leaf))
        self.size += 1
        while len(self.parts) > 1 and self.parts[-1][0] == self.parts[-2][0]:
            (count, right), (_, left) = self.parts.pop(), self.parts.pop()
            self.parts.append((2 * count, hashlib.sha256(b"\x01" + left + right).digest()))

    def root(self):
        """The root now, in hex."""
        if not self.parts:
            return sha256(b"")
        found = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            found = hashlib.sha256(b"\x01" + left + found).digest()
        return found.hex()


def check_heads(lines, leaves, about, rules_sha256):
    """Signatures, chain, growth and roots of all heads. Returns the head of the closing and that of the result."""
    need(len(lines) > 2, "there is no closing head, or no head of the result")
    tree, previous, found = Tree(), "0" * 64, []
    for number, line in enumerate(lines):
        written = json.loads(line)
        head = written["head"]
        where = f"head {number}:"
        need(canonical(written) == line, where, "not in canonical form")
        need(head["number"] == number, where, "a head is missing or out of order")
        need(head["previous"] == previous, where, "the chain is broken")
        need(head["rules"] == rules_sha256, where, "made under other rules")
        need(head["round"] == about["rules"]["round"], where, "of another round")
        good = is_signed(about["public_key"], canonical(head), written["signature"])
        need(good, where, "the signature is wrong")
        kind = {0: "opening", len(lines) - 2: "closing", len(lines) - 1: "head of the result"}.get(
            number, "batch"
        )
        need(head["kind"] == kind.split()[-1], where, f"this is no {kind}")
        need(tree.size <= head["size"] <= len(leaves), where, "its size is impossible")
        for leaf in leaves[tree.size : head["size"]]:
            tree.append(bytes.fromhex(leaf))
        need(tree.root() == head["root"], where, "its root is not that of the leaves on the board")
        previous = sha256(line)
        found.append(head)
    need(found[0]["public_key"] == about["public_key"], "the key is not that of the opening")
    need(found[-2]["size"] == len(leaves), "leaves behind the closing head")
    return found[-2:]


def check_figures(about, closing):
    """What is said of roll, areas and sheets: that of the signed closing head, and nothing impossible."""
    told = [
        {
            "code": one["code"],
            "roll": one["roll"],
            "web": one["ballots"] - one["paper"],
            "paper": one["paper"],
        }
        for one in about["areas"]
    ]
    need(told == closing["areas"], "other figures of an area than in the closing head")
    need(
        about["roll"] == closing["roll"] == sum(one["roll"] for one in told),
        "another roll than in the closing head",
    )
    need(
        all(one["web"] + one["paper"] <= one["roll"] for one in told), "more ballots than people on the roll"
    )
    need(
        sum(one["web"] + one["paper"] for one in told) == closing["live"],
        "the areas have other ballots than the board",
    )
    need(closing["strangers"] == 0, "ballots that belong to nobody on the roll")
    sheets = [{name: one[name] for name in one.keys() - WORDS} for one in about["paper"]]
    need(sheets == closing["sheets"], "other sheets of paper than in the closing head")
    for one in sheets:
        need(
            one["found"] == one["valid"] + sum(one["invalid"].values()),
            "sheets that are neither valid nor invalid",
        )
        need(one["difference"] == one["handed"] - one["returned"] - one["found"], "sheets do not add up")
    valid = {one["code"]: one["valid"] for one in sheets}
    need(
        all(one["paper"] == valid.get(one["code"], 0) for one in told),
        "other ballots of paper than valid sheets",
    )


def check_told(text, about, last):
    """The outside number and the result: those of the last signed head. Returns the result."""
    need(about["outside"].isascii() and about["outside"].isdigit(), "the outside number is not digits alone")
    need(about["outside"] == last["outside"], "another outside number than in the head of the result")
    need(sha256(text) == last["result"], "the result is another than in its head")
    told = json.loads(text)
    said = {**about["result"], "areas": about["areas"], "paper": about["paper"]}
    need(all(told[name] == one for name, one in said.items()), "round.json tells another result")
    return told


def check_ballots(lines, about, leaves, superseded, closing):
    """Every ballot on its own and all together. Returns the ballots."""
    rules, areas = about["rules"], {one["code"] for one in about["areas"]}
    costs = {one["number"]: one["cost_satang"] for one in rules["projects"]}
    board, gone, found, last, live = set(leaves), set(superseded), [], "", Tree()
    need(len(board) == len(leaves), "a leaf stands twice on the board")
    need(superseded == sorted(gone), "superseded.txt is not sorted, or names a leaf twice")
    need(gone <= board, "superseded.txt names a leaf that is not on the board")
    for number, line in enumerate(lines, 1):
        where = f"ballot {number}:"
        one = json.loads(line)
        need(isinstance(one, dict) and set(one) == BALLOT, where, "not the fields of a ballot")
        need(canonical(one) == line, where, "not in canonical form")
        need(one["v"] == 1 and one["round"] == rules["round"], where, "of another round")
        need(one["channel"] in ("web", "paper") and one["area"] in areas, where, "of an unknown area")
        leaf = hashlib.sha256(b"\x00" + line.encode()).digest()
        need(leaf.hex() in board, where, "not on the board (altered or added)")
        need(leaf.hex() not in gone, where, "was superseded")
        need(leaf.hex() > last, where, "out of order, or twice")
        last = leaf.hex()
        live.append(leaf)
        check_choices(one["choices"], rules, costs, where)
        found.append(one)
    need(len(found) == closing["live"], "the closing head counts other ballots:", closing["live"])
    need(len(gone) == closing["superseded"], "the closing head counts other superseded leaves")
    need(len(found) + len(gone) == len(leaves), "leaves on the board that are neither ballots nor superseded")
    need(live.root() == closing["live_root"], "the ballots are not those of the closing head")
    return found


def check_choices(choices, rules, costs, where):
    """The limits of the rules on one ballot."""
    kind = rules["ballot"]
    pairs = choices if kind["type"] == "points" else [[one, 1] for one in choices]
    need(all(len(one) == 2 and all(type(part) is int for part in one) for one in pairs), where, "odd choices")
    numbers = [one for one, _ in pairs]
    need(numbers == sorted(set(numbers)), where, "choices not sorted, or one twice")
    need(all(one in costs for one in numbers), where, "an unknown project")
    need(len(numbers) >= kind["min_choices"], where, "too few choices")
    given = [points for _, points in pairs]
    if kind["type"] == "knapsack":
        need(
            sum(costs[one] for one in numbers) <= rules["envelope_satang"], where, "dearer than the envelope"
        )
    else:
        need(sum(given) <= kind["max_choices"], where, "too many choices or points")
        need(all(1 <= one <= kind["max_points"] for one in given), where, "points outside the limits")
    need(not any({*pair} <= {*numbers} for pair in rules["conflicts"]), where, "two that exclude each other")


class Count:
    """The stated rule, applied in exact numbers."""

    def __init__(self, about, ballots, withdrawn):
        rules = about["rules"]
        self.rule, self.budget = rules["rule"], rules["envelope_satang"]
        self.costs = {one["number"]: one["cost_satang"] for one in rules["projects"]}
        is_points = rules["ballot"]["type"] == "points"
        self.groups: Counter = Counter()
        self.votes = dict.fromkeys(self.costs, 0)
        for one in ballots:
            pairs = dict(one["choices"] if is_points else [(number, 1) for number in one["choices"]])
            for number in pairs.keys() - withdrawn:
                self.votes[number] += pairs[number]
            self.groups[tuple(number for number in pairs if number not in withdrawn)] += 1
        self.empty = self.groups.pop((), 0)
        self.supporters = defaultdict(list)  # of each project, the places of its voters
        for place, ballot in enumerate(self.groups.elements()):
            for one in ballot:
                self.supporters[one].append(place)
        self.rivals = defaultdict(set)
        for one, other in [*rules["conflicts"], *(pair[::-1] for pair in rules["conflicts"])]:
            self.rivals[one].add(other)
        self.caps = [({*cap["projects"]}, cap["most_satang"]) for cap in rules.get("caps", [])]
        seed = sha256(f"{about['tie_secret']}|{about['outside']}")
        drawn = sorted(self.costs, key=lambda one: sha256(f"{seed}\0{one}"))
        self.key = {one: (self.costs[one], -self.votes[one], drawn.index(one)) for one in self.costs}
        weak = {one for one in self.costs if self.votes[one] < self.rule["min_support"]} | withdrawn
        self.standing = [one for one in self.costs if self.costs[one] <= self.budget and one not in weak]
        self.ties: list[dict] = []  # of the count that stands

    def note(self, equals, step):
        """Write down equals, in the order in which they go."""
        (cost, votes, _), (other_cost, other_votes, _) = (self.key[one] for one in equals[:2])
        by = "cost" if cost != other_cost else "votes" if votes != other_votes else "draw"
        self.ties.append({"step": step, "tied": equals, "chosen": equals[0], "by": by})

    def winners(self):
        """The funded projects in their order."""
        if self.rule["name"] != "equal-shares":
            return self.greedy([])
        found = self.completed()
        if self.rule["compares"]:
            ties, self.ties = self.ties, []
            other = self.greedy([])
            ours, theirs = set(found), set(other)
            better: Counter = Counter()
            for ballot, voters in self.groups.items():
                worth = [sum(self.utility(one) for one in ballot if one in side) for side in (ours, theirs)]
                better[(worth[1] > worth[0]) - (worth[1] < worth[0])] += voters
            found, self.ties = (other, self.ties) if better[1] > better[-1] else (found, ties)
        return found

    def utility(self, one):
        """What a funded project is worth to a supporter."""
        return self.costs[one] if self.rule["utility"] == "cost" else 1

    def is_out(self, one, funded):
        """Whether a funded project excludes this one, or a cap leaves no room for it."""
        full = [(some & {*funded}, most) for some, most in self.caps if one in some]
        over = any(sum(self.costs[at] for at in some) + self.costs[one] > most for some, most in full)
        return over or bool(self.rivals[one] & {*funded})

    def greedy(self, funded):
        """By votes; what does not fit is passed over, or ends the count where the rule says so."""
        chosen, left = list(funded), self.budget - sum(self.costs[one] for one in funded)
        waiting = sorted({*self.standing} - {*funded}, key=lambda one: (-self.votes[one], self.key[one]))
        for _, some in groupby(waiting, key=self.votes.get):
            equals = list(some)
            if len(equals) > 1:
                self.note(equals, len(chosen) + 1)
            for one in equals:
                if self.is_out(one, chosen):
                    continue
                if self.costs[one] <= left:
                    left, chosen = left - self.costs[one], [*chosen, one]
                elif self.rule["name"] == "greedy-no-skip":
                    return chosen
        return chosen

    def completed(self):
        """Equal Shares, and what the rule does with money left over."""
        standing = [one for one in self.standing if self.votes[one] > 0]
        voters = sum(self.groups.values()) + (self.empty if self.rule["counts_empty"] else 0)
        if not standing or not self.groups:
            return []
        best, ties, share = list[int](), list[dict](), Fraction(self.budget, voters)
        share = Fraction(share // BAHT * BAHT) if self.rule["start"] == "floor" else share
        parts, most = self.rule.get("step_parts"), self.rule.get("most_steps")
        step = max(-(-share // (parts * BAHT)), 1) * BAHT if parts else BAHT
        while True:
            order = self.equal_shares(share, standing)
            left = self.budget - sum(self.costs[one] for one in order)
            if left < 0:
                break
            best, ties = order, self.ties
            open_ = [one for one in standing if one not in order and not self.is_out(one, order)]
            done = self.rule["stop"] == "exhaustive" and all(self.costs[one] > left for one in open_)
            if self.rule["completion"] not in ("add1", "add1u") or not open_ or done or most == 0:
                break
            share, most = share + step, most and most - 1
        self.ties = ties
        return self.greedy(best) if self.rule["completion"] in ("utilitarian", "add1u") else best

    def equal_shares(self, share, standing):
        """One count from one endowment. All money is whole numbers over one denominator, so nothing is rounded: ``held`` are
        the amounts that occur, and ``purse`` tells of each voter which of them is theirs."""
        self.ties = []
        purse, held, unit = [0] * sum(self.groups.values()), [share.numerator], share.denominator
        order: list[int] = []
        free = sorted((one for one in standing if not self.costs[one]), key=lambda one: self.key[one])
        order.extend(one for one in free if not self.is_out(one, order))  # each sees those before it
        waiting = [(Fraction(0), one) for one in standing if self.costs[one]]
        while waiting and sum(self.costs[one] for one in order) <= self.budget:
            offers, best = [], None
            while waiting and (best is None or waiting[0][0] <= best):
                _, one = heapq.heappop(waiting)
                price = self.price(one, purse, held, unit)
                if price is not None and not self.is_out(one, order):
                    per = price / self.utility(one)
                    offers.append((per, self.key[one], one, price))
                    best = per if best is None else min(best, per)
            if not offers:
                break
            best, _, chosen, price = min(offers)
            equals = [one for per, _, one, _ in sorted(offers) if per == best]
            if len(equals) > 1:
                self.note(equals, len(order) + 1)
            for per, _, one, _ in offers:
                if one != chosen:
                    heapq.heappush(waiting, (per, one))
            factor = price.denominator // gcd(price.denominator, unit)
            unit *= factor
            held = [money * factor for money in held]
            pays = price.numerator * (unit // price.denominator)
            known, after = {money: place for place, money in enumerate(held)}, {}
            for before in {*map(purse.__getitem__, self.supporters[chosen])}:
                money = max(held[before] - pays, 0)
                after[before] = known.setdefault(money, len(held))
                if after[before] == len(held):
                    held.append(money)
            for place in self.supporters[chosen]:
                purse[place] = after[purse[place]]
            order.append(chosen)
        return order

    def price(self, one, purse, held, unit):
        """What each supporter who can pays for the project; None if they cannot pay for it together."""
        purses = Counter(map(purse.__getitem__, self.supporters[one]))
        left, rich = self.costs[one] * unit, sum(purses.values())
        if sum(held[kind] * voters for kind, voters in purses.items()) < left:
            return None
        for money, voters in sorted((held[kind], voters) for kind, voters in purses.items()):
            if money * rich >= left:
                break
            left, rich = left - money * voters, rich - voters
        return Fraction(left, rich * unit)


def check_areas(about, ballots, funded):
    """Votes of each project, and voters with a funded one, by area. Tables beside (.csv, .pb) are for reading alone."""
    is_points = about["rules"]["ballot"]["type"] == "points"
    votes: dict = {one["code"]: Counter() for one in about["areas"]}
    served: Counter = Counter()
    for one in ballots:
        chosen = dict(one["choices"] if is_points else ((number, 1) for number in one["choices"]))
        votes[one["area"]].update(chosen)
        served[one["area"]] += not funded.isdisjoint(chosen)
    for one in about["areas"]:
        here = {str(number): many for number, many in votes[one["code"]].items()}
        need(one["votes"] == here, "other votes in the area", one["code"])
        need(one["served"] == served[one["code"]], "other voters served in the area", one["code"])


def check(files, kept=None, say=print):
    """Check everything; ``files`` maps names to text. Returns whether the ballots are there. Raises Fault."""
    about = json.loads(files["round.json"])
    lines = {name: files[name].strip("\n").split("\n") if files[name] else [] for name in FILES[2:]}
    rules_sha256 = sha256(canonical(about["rules"]))
    need(rules_sha256 == about["rules_sha256"], "the rules are not those that were published")
    closing, last = check_heads(lines["heads.jsonl"], lines["leaves.txt"], about, rules_sha256)
    say(f"board: {len(lines['leaves.txt'])} leaves, {len(lines['heads.jsonl'])} signed heads, one chain")
    heads, gone = set(map(sha256, lines["heads.jsonl"])), lines["superseded.txt"]
    need(not kept or {kept, sha256(kept)} & heads, "the head you kept is not on this board")
    need(about["withdrawn"] == closing["withdrawn"], "other projects are withdrawn than in the closing head")
    need(sha256(about["tie_secret"]) == about["rules"]["ties"]["commitment"], "the secret is another")
    check_figures(about, closing)
    say(f"roll: {closing['roll']} people, {closing['live']} ballots, none of them behind nobody")
    told = check_told(files["result.json"], about, last)
    if closing["live"] and not lines["ballots.jsonl"] and not about["rules"]["shows_ballots"]:
        say("ballots: with auditors alone, as the rules say; nothing was counted anew")
        return False
    ballots = check_ballots(lines["ballots.jsonl"], about, lines["leaves.txt"], gone, closing)
    say(f"ballots: {len(ballots)} count, {len(gone)} were superseded")
    cast = Counter((one["area"], one["channel"]) for one in ballots)
    for one in closing["areas"]:
        here = cast[one["code"], "web"], cast[one["code"], "paper"]
        need(here == (one["web"], one["paper"]), "other ballots of an area or a channel")
    count = Count(about, ballots, set(about["withdrawn"]))
    need({str(one): votes for one, votes in count.votes.items()} == told["votes"], "other votes per project")
    order = count.winners()
    need(order == told["order"], "the count gives", order, "and the result says", told["order"])
    need(count.ties == told["ties"], "the count meets other equals")
    numbers = {"voters": sum(count.groups.values()), "empty": count.empty}
    need(all(told[name] == number for name, number in numbers.items()), "other numbers of voters")
    need(sum(count.costs[one] for one in order) == told["spent_satang"], "another sum of money")
    check_areas(about, ballots, set(order))
    say(f"result: {len(order)} projects funded for {told['spent_satang'] / BAHT:,.2f} baht: {order}")
    return True


def main():
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("place", type=Path)
    options.add_argument("--kept", help="a head you kept: its line or its SHA-256")
    chosen = options.parse_args()
    try:
        root = chosen.place if chosen.place.is_dir() else zipfile.Path(chosen.place)
        files = {name: (root / name).read_bytes().decode() for name in FILES}
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile) as problem:
        sys.exit(f"CANNOT READ: {problem}")
    try:
        is_counted = check(files, chosen.kept and chosen.kept.strip())
    except (Fault, KeyError, TypeError, ValueError, AttributeError) as problem:
        sys.exit(f"FAULT: {problem}")
    if not is_counted:
        sys.stdout.write(
            "What can be seen holds. THE RESULT IS NOT CHECKED: the ballots are with auditors alone.\n"
        )
        sys.exit(3)
    sys.stdout.write("Everything holds.\n")


if __name__ == "__main__":
    main()
