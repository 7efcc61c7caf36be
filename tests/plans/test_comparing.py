"""Two editions of a plan: what changed is said, all of it, and nothing else."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from portal.core.comparing import Kind
from portal.forums.models import Side
from portal.plans import content
from portal.plans.comparing import difference
from portal.plans.models import Way

texts = st.sampled_from(["", "ทางเดินแตกร้าว", "ทางเดินชำรุด ผู้สูงอายุหกล้ม", "น้ำท่วมขังในซอย", "ก\nข"])
few = st.integers(0, 3)
lines = st.builds(
    lambda what, unit, many, price: {
        "what": what,
        "unit": unit,
        "quantity_thousandths": many,
        "unit_price_satang": price,
        "amount_satang": many * price,
    },
    *(st.sampled_from(["ปูน", "ทราย", ""]), st.sampled_from(["ถุง", "ชุด"]), few, few),
)
items = st.fixed_dictionaries(
    {
        "id": st.integers(1, 6),
        "side": st.sampled_from([side.value for side in Side]),
        "way": st.sampled_from([way.value for way in Way]),
        "point": st.none() | st.just("13.770000,100.510000"),
        "beneficiaries": st.none() | few,
        "issue_id": st.none(),
        "lines": st.lists(lines, max_size=3),
        **dict.fromkeys(content.ITEM_TEXTS, texts),
    }
)


def ranked(rows):
    return [
        {"rank": rank, "budget_satang": sum(line["amount_satang"] for line in row["lines"]), **row}
        for rank, row in enumerate(rows, 1)
    ]


contents = st.fixed_dictionaries(
    {
        **dict.fromkeys(content.PLAN_TEXTS, texts),
        "items": st.lists(items, max_size=5, unique_by=lambda item: item["id"]).map(ranked),
    }
)


def ids(rows):
    return [row["id"] for row in rows]


@given(contents)
def test_nothing_differs_from_itself(said):
    assert not difference(said, copy.deepcopy(said))


@given(contents, contents)
def test_whatever_differs_is_said(before, after):
    assert bool(difference(before, after)) == (before != after)


@given(contents, contents)
def test_items_come_go_stay_or_move(before, after):
    found = difference(before, after)
    old, new = ids(before["items"]), ids(after["items"])
    assert ids(found.added) == [id_ for id_ in new if id_ not in old]
    assert ids(found.removed) == [id_ for id_ in old if id_ not in new]
    moved = {item.after["id"] for item in found.moved}
    stayed = [id_ for id_ in old if id_ in new and id_ not in moved]
    assert stayed == [id_ for id_ in new if id_ in stayed]
    for item in found.items:
        assert item.before["id"] == item.after["id"]


@given(contents, contents)
def test_money_adds_up(before, after):
    found = difference(before, after)
    more = sum(item["budget_satang"] for item in found.added)
    less = sum(item["budget_satang"] for item in found.removed)
    changed = sum(item.money_satang for item in found.items)
    assert found.after_satang - found.before_satang == more - less + changed
    for item in found.items:
        assert item.money_satang == sum(line.amount_satang for line in item.lines)


@given(contents, contents)
def test_every_changed_text_leads_from_old_to_new(before, after):
    found = difference(before, after)
    for part in [*found.parts, *(part for item in found.items for part in item.parts)]:
        assert part.before != part.after
        if part.runs:
            for value, gone in ((part.before, Kind.INSERTED), (part.after, Kind.DELETED)):
                assert "".join(run.text for run in part.runs if run.kind is not gone) == value


@given(contents, contents)
def test_budget_lines_are_told_by_their_names(before, after):
    for item in difference(before, after).items:
        names = [line.what for line in item.lines]
        for name in set(names):
            old = [line for line in item.before["lines"] if line["what"] == name]
            new = [line for line in item.after["lines"] if line["what"] == name]
            said = [line for line in item.lines if line.what == name]
            assert len([line for line in said if line.before is None]) == max(0, len(new) - len(old))
            assert len([line for line in said if line.after is None]) == max(0, len(old) - len(new))


def test_an_item_that_only_closes_a_gap_has_not_moved():
    rows = [{"id": number, "lines": []} for number in (1, 2, 3, 4)]
    blank = {
        **dict.fromkeys(content.ITEM_TEXTS, ""),
        "side": "physical",
        "way": "self",
        "point": None,
        "beneficiaries": None,
    }
    plan = dict.fromkeys(content.PLAN_TEXTS, "")

    def said(order):
        return {**plan, "items": ranked([{**blank, **rows[number - 1]} for number in order])}

    found = difference(said([1, 2, 3, 4]), said([2, 3, 4]))
    assert ids(found.removed) == [1]
    assert not found.items
    moved = difference(said([1, 2, 3, 4]), said([4, 1, 2, 3])).moved
    assert [(one.after["id"], one.before["rank"], one.after["rank"]) for one in moved] == [(4, 4, 1)]
