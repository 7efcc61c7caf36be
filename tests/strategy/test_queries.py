"""Which trees count for a year, and the choice of lines."""

import pytest

from portal.core.actor import ANONYMOUS
from portal.strategy import commands, queries
from tests.client import counted_queries
from tests.factories import places, strategy

DUSIT, PHRA_NAKHON = 1002, 1001


@pytest.fixture
def seeded(db):
    places.district("1001")
    places.district("1002")
    return strategy.seeded()


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2562, []),
        (2563, ["bma-phase-2/1"]),
        (2564, ["bma-phase-2/2"]),
        (2565, ["bma-phase-2/2 past"]),
        (2569, ["bma-phase-3/1", "district-1002/1"]),
        (2571, ["bma-phase-3/1 past", "district-1002/1 past"]),
    ],
)
def test_a_year_is_planned_by_the_trees_that_hold_it_or_the_last_before(seeded, year, expected):
    names = {tree.id: name for name, tree in seeded.items()}
    found = [names[row.id] + (" past" if row.is_past else "") for row in queries.trees_for(DUSIT, year)]
    assert found == expected


def test_a_district_is_not_offered_anothers_tree(seeded):
    assert [row.district_id for row in queries.trees_for(PHRA_NAKHON, 2569)] == [None]


def test_of_two_versions_the_newest_counts(seeded):
    keeper = strategy.keeper()
    new = commands.begin_version(keeper, seeded["bma-phase-3/1"].id)
    assert new.id not in {row.id for row in queries.trees_for(DUSIT, 2569)}
    strategy.publish(keeper, new)
    assert new.id in {row.id for row in queries.trees_for(DUSIT, 2569)}
    assert seeded["bma-phase-3/1"].id not in {row.id for row in queries.trees_for(DUSIT, 2569)}


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("5", ["5", "5.1", "5.2", "5.3", "5.4"]),
        ("5.3", ["5.3"]),
        ("๕.๓", ["5.3"]),
        ("กระจายอำนาจ", ["5.3"]),
        ("decentral", ["5.3"]),
        ("พลเมืองขับเคลื่อน", ["5.2"]),
        ("ไม่มีคำนี้เลย", []),
    ],
)
def test_lines_are_chosen_by_number_or_words(seeded, q, numbers):
    city = [choice for choice in queries.node_choices(DUSIT, 2569, q) if choice.district_id is None]
    assert [choice.number for choice in city] == numbers


def test_a_choice_says_where_it_stands(seeded):
    (choice,) = queries.node_choices(DUSIT, 2569, "5.3")
    assert [(row.number, row.title) for row in choice.above] == [("5", "การสร้างเมืองประชาธิปไตยแบบมีส่วนร่วม")]
    assert choice.tree_en
    assert choice.above[0].title_en
    assert not choice.is_past
    assert all(choice.is_past for choice in queries.node_choices(DUSIT, 2571))


def test_a_branch_leads_from_the_root(seeded):
    (node,) = queries.search_nodes(seeded["bma-phase-2/2"].id, "5.2.1.2")
    assert [row.number for row in queries.branch(node.id)] == ["5", "5.2", "5.2.1", "5.2.1.2"]
    assert queries.branch(10**9) == []


def test_a_filter_keeps_what_is_above_and_below(seeded):
    roots, count = queries.branches(seeded["bma-phase-2/2"].id, "5.4.1")
    assert count == 3
    (side,) = roots
    assert [one.node.number for one in side.children] == ["5.4"]
    assert [one.node.number for one in side.children[0].children[0].children] == ["5.4.1.1", "5.4.1.2"]


def test_a_whole_tree_takes_four_queries(seeded):
    with counted_queries() as seen:
        roots, _ = queries.branches(seeded["bma-phase-2/2"].id)
    assert len(roots) == 7
    assert len(seen) == 4


def test_the_list_shows_the_city_first_and_newest_first(seeded):
    rows = queries.trees(ANONYMOUS)
    assert [(row.slug, row.version) for row in rows] == [
        ("bma-phase-3", 1),
        ("bma-phase-2", 2),
        ("bma-phase-2", 1),
        ("district-1002", 1),
    ]
    assert [row.lines for row in rows][2:] == [4, 4]
