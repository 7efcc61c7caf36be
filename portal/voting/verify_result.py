#!/usr/bin/env python3
"""Check a published vote: the board, its signatures, every ballot, and the result by a count of its own.

    python verify_result.py round-7.zip                 # the downloaded file, or the folder it was unpacked to
    python verify_result.py round-7.zip --kept LINE     # and a head (its line or its SHA-256) that you kept earlier

Needs Python 3.9 or later, shares no code with the portal and asks nobody. Exit 0: everything holds; 1: a fault, named;
3: what can be seen holds, but the ballots are not in the file and the result was not counted anew; 4: the count was annulled.

It cannot see who voted: that all ballots belong to the roll is the server's word in the closing head. Nor does it work out
the reasons of single projects, the other rule beside, names and communities.
"""

import argparse
import hashlib
import heapq
import json
import re
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from datetime import datetime, timedelta
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
    """Signatures, chain, growth, days and roots of all heads. Returns the head of the closing and that of the result."""
    need(len(lines) > 2, "there is no closing head, or no head of the result")
    ends = ["closing", "result", "annulled"][: 2 + (json.loads(lines[-1])["head"]["kind"] == "annulled")]
    kinds = ["opening", *["batch"] * (len(lines) - 1 - len(ends)), *ends]
    ours = (about["rules"][at].replace("Z", "+00:00") for at in ("opens_at", "closes_at"))
    opens, closes = (str((datetime.fromisoformat(at) + timedelta(hours=7)).date()) for at in ours)  # Bangkok
    tree, previous, found, day = Tree(), "0" * 64, [], ""
    for number, line in enumerate(lines):
        head, where = (written := json.loads(line))["head"], f"head {number}:"
        need(canonical(written) == line, where, "not in canonical form")
        need(head["number"] == number, where, "a head is missing or out of order")
        need(head["previous"] == previous, where, "the chain is broken")
        need(head["rules"] == rules_sha256, where, "made under other rules")
        need(head["round"] == about["rules"]["round"], where, "of another round")
        need(is_signed(about["public_key"], canonical(head), written["signature"]), where, "signature wrong")
        need(head["kind"] == kinds[number], where, f"this is no {kinds[number]} head")
        need(number or head["size"] == 0, where, "ballots before the opening")
        day = max(day, {"opening": "", "batch": opens}.get(kinds[number], closes))
        need(day <= head["day"], where, "its day is before another, or not one of voting")
        need(tree.size <= head["size"] <= len(leaves), where, "its size is impossible")
        for leaf in leaves[tree.size : head["size"]]:
            tree.append(bytes.fromhex(leaf))
        need(tree.root() == head["root"], where, "its root is not that of the leaves on the board")
        previous, day = sha256(line), head["day"]
        found.append(head)
    need(found[0]["public_key"] == about["public_key"], "the key is not that of the opening")
    closing, last = found[-len(ends)], found[1 - len(ends)]
    need(closing["size"] == len(leaves), "leaves behind the closing head")
    why = sha256(about.get("annulled", ""))
    need(len(ends) == 2 or found[-1]["reason"] == why, "annulled, or for another reason than round.json says")
    return closing, last


def check_figures(about, closing):
    """What is said of roll, areas and sheets: that of the signed closing head, and nothing impossible."""
    told = [(one["code"], one["roll"], one["ballots"] - one["paper"], one["paper"]) for one in about["areas"]]
    signed = [tuple(one[name] for name in ("code", "roll", "web", "paper")) for one in closing["areas"]]
    need(told == signed, "other figures of an area than in the closing head")
    need(about["roll"] == closing["roll"] == sum(one[1] for one in told), "another roll than was signed")
    need(all(web + paper <= roll for _, roll, web, paper in told), "more ballots than people on the roll")
    need(closing["live"] == sum(one[2] + one[3] for one in told), "the areas have other ballots")
    need(closing["strangers"] == 0, "ballots that belong to nobody on the roll")
    sheets = [{name: one[name] for name in one.keys() - WORDS} for one in about["paper"]]
    need(sheets == closing["sheets"], "other sheets of paper than in the closing head")
    for one in sheets:
        invalid = sum(one["invalid"].values())
        need(one["found"] == one["valid"] + invalid, "sheets that are neither valid nor invalid")
        need(one["difference"] == one["handed"] - one["returned"] - one["found"], "sheets do not add up")
    of = {one["code"]: one for one in sheets}
    need(len(of) == len(sheets) and of.keys() <= {one[0] for one in told}, "sheets of no area, or told twice")
    for area in about["areas"]:
        one = of.get(area["code"], {"valid": 0, "invalid": {}})
        need(area["paper"] == one["valid"], "other ballots of paper than valid sheets")
        need(area["invalid"] == sum(one["invalid"].values()), "other invalid sheets of an area")


def check_told(text, about, closing, last):
    """The outside number and the result: those of the signed head; what it says of projects. Returns the result."""
    need(about["outside"].isascii() and about["outside"].isdigit(), "the outside number is not digits alone")
    need(about["outside"] == last["outside"], "another outside number than in the head of the result")
    need(sha256(text) == last["result"], "the result is another than in its head")
    told = json.loads(text)
    said = {**about["result"], "areas": about["areas"], "paper": about["paper"], "strangers": 0}
    need(all(told[name] == one for name, one in said.items()), "round.json tells another result")
    funded = [(place, one, "funded") for place, one in enumerate(told["order"], 1)]
    rows = [(one.get("place"), one["number"], one["why"]) for one in told["projects"]]
    need(sorted(row for row in rows if row[0] or row[2] == "funded") == funded, "other projects funded")
    need([row[1] for row in rows if row[2] == "withdrawn"] == about["withdrawn"], "others withdrawn")
    need(sorted(row[1] for row in rows) == sorted(map(int, told["votes"])), "reasons of other projects")
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
    sheets = [one["nonce"] for one in found if one["channel"] == "paper"]
    good = len({*sheets}) == len(sheets) and all(re.fullmatch("[1-9][0-9]*-[0-9]{3}", one) for one in sheets)
    need(good, "ballots of paper without the number of a sheet, or one twice")
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
    numbers, given = [one for one, _ in pairs], [points for _, points in pairs]
    need(numbers == sorted(set(numbers)), where, "choices not sorted, or one twice")
    need(all(one in costs for one in numbers), where, "an unknown project")
    need(len(numbers) >= kind["min_choices"], where, "too few choices")
    if kind["type"] == "knapsack":
        need(sum(map(costs.get, numbers)) <= rules["envelope_satang"], where, "dearer than the envelope")
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
        able = [one for one in self.costs if self.costs[one] <= self.budget and one not in withdrawn]
        self.standing = [one for one in able if self.votes[one] >= self.rule["min_support"]]
        self.ties: list[dict] = []  # of the count that stands
        self.share = None  # of Equal Shares, where they stand

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
            better = 0  # voters better off by votes, less those better off under Equal Shares
            for ballot, voters in self.groups.items():
                one, two = (sum(self.utility(at) for at in ballot if at in side) for side in (found, other))
                better += voters * ((two > one) - (two < one))
            if better > 0:
                self.share, found, ties = None, other, self.ties
            self.ties = ties
        return found

    def told(self, order):
        """The money spent, the voters with a funded project, and how many funded ones all voters together had named."""
        hits = [(len({*ballot} & {*order}), voters) for ballot, voters in self.groups.items()]
        served = {"voters": sum(voters for hit, voters in hits if hit), "named": sum(a * b for a, b in hits)}
        return {"spent_satang": sum(map(self.costs.get, order)), "served": served}

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
            best, ties, self.share = order, self.ties, str(share)
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


def check_areas(about, ballots, order):
    """Ballots, votes and voters with a funded project, by area. Tables beside (.csv, .pb) are for reading alone."""
    for one in about["areas"]:
        here = [ballot for ballot in ballots if ballot["area"] == one["code"]]
        count = Count(about, here, set())
        paper = sum(ballot["channel"] == "paper" for ballot in here)
        need((one["ballots"], one["paper"]) == (len(here), paper), "other ballots of an area or a channel")
        votes = {str(number): many for number, many in count.votes.items() if many}
        need(one["votes"] == votes, "other votes in the area", one["code"])
        need(one["served"] == count.told(order)["served"]["voters"], "other voters served in", one["code"])


def check(files, kept=None, say=print):
    """Check everything; ``files`` maps names to text. Returns whether the ballots are there. Raises Fault."""
    about = json.loads(files["round.json"])
    if "annulled" in about:
        say(f"ANNULLED, THIS RESULT DOES NOT STAND: {about['annulled']}")
    lines = {name: files[name].strip("\n").split("\n") if files[name] else [] for name in FILES[2:]}
    rules_sha256 = sha256(canonical(about["rules"]))
    need(rules_sha256 == about["rules_sha256"], "the rules are not those that were published")
    leaves, gone = lines["leaves.txt"], lines["superseded.txt"]
    need(all(re.fullmatch("[0-9a-f]{64}", one) for one in [*leaves, *gone]), "a leaf that is no SHA-256")
    closing, last = check_heads(lines["heads.jsonl"], leaves, about, rules_sha256)
    say(f"board: {len(leaves)} leaves, {len(lines['heads.jsonl'])} signed heads, one chain")
    heads = {*map(sha256, lines["heads.jsonl"])}
    need(not kept or {kept, sha256(kept)} & heads, "the head you kept is not on this board")
    need(about["withdrawn"] == closing["withdrawn"], "other projects are withdrawn than in the closing head")
    need(sha256(about["tie_secret"]) == about["rules"]["ties"]["commitment"], "the secret is another")
    check_figures(about, closing)
    say(f"roll: {closing['roll']} people, {closing['live']} ballots, none of them behind nobody")
    told = check_told(files["result.json"], about, closing, last)
    if closing["live"] and not lines["ballots.jsonl"] and not about["rules"]["shows_ballots"]:
        say("ballots: with auditors alone, as the rules say; nothing was counted anew")
        return False
    ballots = check_ballots(lines["ballots.jsonl"], about, leaves, gone, closing)
    say(f"ballots: {len(ballots)} count, {len(gone)} were superseded")
    count = Count(about, ballots, set(about["withdrawn"]))
    order = count.winners()
    found = {"votes": {str(one): votes for one, votes in count.votes.items()}, "order": order}
    found |= {"ties": count.ties, "voters": sum(count.groups.values()), "empty": count.empty}
    found |= {"share": count.share, **count.told(order)}
    other = [f"{name}: {one}" for name, one in found.items() if told[name] != one]
    need(not other, "the count gives other", *other)
    check_areas(about, ballots, order)
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
    code, words = 0, "Everything holds."
    if not is_counted:
        code, words = 3, "What is seen holds. THE RESULT IS NOT CHECKED: the ballots are with auditors alone."
    if "annulled" in json.loads(files["round.json"]):
        code, words = 4, "The files are whole, and say: ANNULLED. THIS RESULT DOES NOT STAND."
    unkept = "" if chosen.kept else "No head was kept: only that these files fit each other.\n"
    sys.stdout.write(f"{words}\n{unkept}")
    sys.exit(code)


if __name__ == "__main__":
    main()
