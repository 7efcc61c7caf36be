"""The law of the hash: the order in which rows arrive changes nothing; anything that is said changes it."""

import copy
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import i18n
from portal.forums.models import Side
from portal.plans import checklist, content
from portal.plans.models import ReviewMark, Way

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
amounts = st.integers(0, 10**9)
NODES = {7: "5.2.1 ชุมชนเข้มแข็ง"}


@st.composite
def plans(draw):
    """A plan's rows: (plan, items, lines by item)."""
    plan = SimpleNamespace(**{name: draw(texts) for name in content.PLAN_TEXTS})
    items, lines = [], {}
    for number in range(1, draw(st.integers(1, 4)) + 1):
        latitude = draw(st.none() | st.floats(13, 14))
        items.append(
            SimpleNamespace(
                id=number,
                rank=draw(st.integers(1, 5)),
                side=draw(st.sampled_from(Side)),
                other_sides=draw(st.frozensets(st.sampled_from(Side))),
                node_id=draw(st.none() | st.just(7)),
                way=draw(st.sampled_from(Way)),
                latitude=latitude,
                longitude=None if latitude is None else 100.5,
                beneficiaries=draw(st.none() | st.integers(0, 9999)),
                issue_id=draw(st.none() | st.integers(1, 99)),
                continues_id=draw(st.none() | st.integers(100, 199)),
                withdrawn_at=None,
                budget_satang=draw(amounts),
                **{name: draw(texts) for name in content.ITEM_TEXTS},
            )
        )
        lines[number] = [
            SimpleNamespace(
                position=position,
                what=draw(texts),
                unit=draw(texts),
                quantity_thousandths=draw(amounts),
                unit_price_satang=draw(amounts),
                amount_satang=draw(amounts),
            )
            for position in range(1, draw(st.integers(0, 3)) + 1)
        ]
    reviews = [
        SimpleNamespace(
            item_id=100 + number,
            fiscal_year=2570,
            rank=draw(st.integers(1, 3)),
            title=draw(texts),
            mark=draw(st.sampled_from(ReviewMark)),
            reason=draw(texts),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    return plan, items, lines, reviews


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    plan, items, lines, reviews = rows
    said = content.content(plan, items, lines, reviews, NODES)
    random.shuffle(items)
    random.shuffle(reviews)
    for some in lines.values():
        random.shuffle(some)
    assert content.sha256(content.content(plan, items, lines, reviews, NODES)) == content.sha256(said)


def _leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place))
    else:
        yield path, value


def _changed(said, path, value):
    other = copy.deepcopy(said)
    at = other
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value + 1 if isinstance(value, int) else f"{value}x"
    return other


@given(plans(), st.data())
def test_any_change_changes_the_hash(rows, data):
    said = content.content(*rows, NODES)
    path, value = data.draw(st.sampled_from(list(_leaves(said))))
    other = _changed(said, path, value)
    assert content.sha256(other) != content.sha256(said)
    is_substance = path[0] == "items" and path[2] in content.SUBSTANCE
    assert (content.substance_sha256(other) != content.substance_sha256(said)) == is_substance


@given(plans())
def test_a_withdrawn_item_is_not_part_of_what_is_said(rows):
    plan, items, lines, _reviews = rows
    before = content.content(plan, items[1:], lines, nodes=NODES)
    items[0].withdrawn_at = "now"
    assert content.content(plan, items, lines, nodes=NODES) == before


def test_what_was_added_to_the_form_later_leaves_older_texts_as_they_were():
    item = dict.fromkeys(
        (*content.ITEM_TEXTS, "latitude", "beneficiaries", "issue_id", "continues_id", "node_id")
    )
    row = SimpleNamespace(
        **item,
        id=1,
        rank=1,
        side=Side.SOCIAL,
        other_sides=frozenset(),
        way=Way.SELF,
        budget_satang=0,
        withdrawn_at=None,
    )
    said = content.content(SimpleNamespace(**dict.fromkeys(content.PLAN_TEXTS, "")), [row], {})
    assert set(said) == {*content.PLAN_TEXTS, "items"}
    assert "continues_id" not in said["items"][0]


@pytest.mark.parametrize(
    ("members", "needed"),
    [(7, 4), (8, 5), (9, 5), (10, 6), (11, 6), (12, 7), (13, 7), (14, 8), (15, 8)],
)
def test_more_than_half(members, needed):
    assert content.more_than_half(members) == needed
    assert needed * 2 > members >= (needed - 1) * 2


@given(st.integers(1, 10**6), st.integers(0, 10**9))
def test_an_amount_is_rounded_to_the_nearest_satang(quantity, price):
    exact = content.LineData("x", "x", quantity, price).amount_satang * 1000
    assert abs(exact - quantity * price) <= 500


@pytest.mark.parametrize(
    ("thousandths", "text"), [(1000, "1"), (2500, "2.5"), (1, "0.001"), (1_234_560, "1,234.56")]
)
def test_a_quantity_as_people_write_it(thousandths, text):
    assert content.quantity_text(thousandths) == text


@pytest.mark.parametrize(
    ("baht", "said"),
    [
        (200_000, "The money stays within ฿200,000 for one community (now: ฿200,000)"),
        (206_600, "The money is ฿6,600 above the ฿200,000 for one community (now: ฿206,600)"),
    ],
)
def test_a_plan_above_the_ceiling_is_not_said_to_stay_within_it(baht, said):
    asked = {"items": [{"budget_satang": baht * 100}]}
    with i18n.speaking("en"):
        line = checklist.ceiling(asked, 200_000_00, {})
    assert (line.text, line.is_met) == (said, baht <= 200_000)
