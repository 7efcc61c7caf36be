"""Drafts, versions, publication; what nobody may change any more."""

import json
import threading

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ProjectNode
from portal.core import db as core_db
from portal.core import ledger
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.topics import Topic
from portal.strategy import commands, policy, queries, seen
from portal.strategy.models import Indicator, Measure, Node, PolicyTag, Target, Tree, TreeState
from tests.factories import accounts, actionplan, cycles, places, strategy


def test_the_documents_are_entered_once(db):
    places.district()
    keeper = strategy.keeper()
    first = commands.load_seeds(keeper)
    assert [(tree.slug, tree.version) for tree in first] == [
        ("bma-phase-2", 1),
        ("bma-phase-2", 2),
        ("bma-phase-3", 1),
        ("district-1002", 1),
    ]
    assert commands.load_seeds(keeper) == []
    assert db.scalar(sa.select(sa.func.count()).select_from(PolicyTag)) == 9
    assert db.scalar(sa.select(sa.func.count()).select_from(Target)) == 11
    assert db.scalar(sa.select(sa.func.sum(Measure.budget_satang))) == 19_763_000_00


def test_a_districts_tree_waits_for_its_district(db):
    assert "district-1002/1" not in strategy.seeded()
    places.district()
    assert list(strategy.seeded()) == ["district-1002/1"]


def test_phase_three_continues_phase_two_and_says_so(db):
    trees = strategy.seeded()
    (node,) = queries.search_nodes(trees["bma-phase-3/1"].id, "การกระจายอำนาจ")
    older, newer = queries.kin(db.get(Node, node.id))
    assert [(row.number, row.last_year) for row in older] == [("5.3", 2564)]
    assert newer == []
    _, newer = queries.kin(db.get(Node, older[0].id))
    assert [row.id for row in newer] == [node.id]


def test_published_lines_are_found_and_drafts_are_not(db):
    keeper = strategy.keeper()
    draft = strategy.draft(keeper)
    assert db.scalar(sa.select(sa.func.count()).select_from(Topic)) == 0
    strategy.publish(keeper, draft)
    assert db.scalars(sa.select(Topic.title).order_by(Topic.id)).all() == ["1 เมืองน่าอยู่", "1.1 ทางเดินสะดวก"]


def every_change(actor, tree):
    """Each command that writes to a tree."""
    node = queries.nodes_of([tree.id])[-1]
    aim = queries.aims([node.id])[0]
    line = commands.Line("อื่น")
    return {
        "write_tree": lambda: commands.write_tree(actor, tree.id, tree.version_id, strategy.facts()),
        "remove_tree": lambda: commands.remove_tree(actor, tree.id, seen_hash=""),
        "publish_tree": lambda: commands.publish_tree(actor, tree.id, seen_hash=""),
        "add_node": lambda: commands.add_node(actor, tree.id, None, line),
        "write_node": lambda: commands.write_node(actor, node.id, line, seen_hash=""),
        "move_node": lambda: commands.move_node(actor, node.id, 1),
        "remove_node": lambda: commands.remove_node(actor, node.id, seen_hash=""),
        "write_indicator": lambda: commands.write_indicator(actor, node.id, aim.id, "x", "", [], []),
        "remove_indicator": lambda: commands.remove_indicator(actor, node.id, aim.id, seen_hash=""),
    }


def test_a_published_tree_is_changed_by_no_command(db):
    keeper = strategy.keeper()
    tree = strategy.draft(keeper)
    strategy.publish(keeper, tree)
    for change in every_change(keeper, tree).values():
        with pytest.raises(WrongState):
            change()


def test_a_draft_is_hidden_from_all_but_its_keepers(db):
    here = places.district()
    tree = strategy.draft(strategy.keeper(here), here.id)
    strangers = {
        "visitor": ANONYMOUS,
        "resident": accounts.actor_of(accounts.person()),
        "planner": accounts.officer(Role.PLANNER, here),
        "keeper elsewhere": strategy.keeper(places.district("1001")),
    }
    for stranger in strangers.values():
        assert not policy.can_see(stranger, tree)
        assert tree.id not in {row.id for row in queries.trees(stranger)}
        for change in every_change(stranger, tree).values():
            with pytest.raises(NotFound):
                change()
    for keeper in (strategy.keeper(here), strategy.keeper()):
        assert policy.can_see(keeper, tree)
        assert tree.id in {row.id for row in queries.trees(keeper)}


def test_a_district_does_not_keep_the_citys_tree(db):
    keeper = strategy.keeper(places.district())
    with pytest.raises(NotAllowed):
        commands.begin_tree(keeper, None, strategy.facts())
    with pytest.raises(NotAllowed):
        commands.load_seeds(keeper)
    city = strategy.draft(strategy.keeper())
    with pytest.raises(NotFound):
        strategy.publish(keeper, city)


def test_a_new_version_copies_every_line_and_continues_it(db):
    trees = strategy.seeded()
    keeper = strategy.keeper()
    old = trees["bma-phase-2/2"]
    new = commands.begin_version(keeper, old.id)
    before, after = queries.nodes_of([old.id]), queries.nodes_of([new.id])
    assert [(row.path, row.number, row.title) for row in after] == [
        (row.path, row.number, row.title) for row in before
    ]
    assert [row.continues_id for row in after] == [row.id for row in before]
    assert (new.version, new.state, new.continues_id) == (3, TreeState.DRAFT, old.id)
    aims = queries.aims([row.id for row in after])
    assert (len(aims), sum(len(aim.measures) for aim in aims)) == (10, 10)
    assert list(queries.levels(new.id)) == [1, 2, 3, 4]
    with pytest.raises(WrongState):
        commands.begin_version(keeper, old.id)


def test_lines_move_among_their_sisters_with_all_below(db):
    keeper = strategy.keeper()
    tree = strategy.draft(keeper)
    second = commands.add_node(keeper, tree.id, None, commands.Line("เมืองเดินทางดี", "2"))
    commands.move_node(keeper, second.id, -1)
    assert [row.number for row in queries.nodes_of([tree.id])] == ["2", "1", "1.1"]
    commands.move_node(keeper, second.id, -1)
    commands.move_node(keeper, second.id, 1)
    assert [(row.number, row.path) for row in queries.nodes_of([tree.id])] == [
        ("1", "001."),
        ("1.1", "001.001."),
        ("2", "002."),
    ]


def test_a_removed_line_takes_what_is_below_along(db):
    keeper = strategy.keeper()
    tree = strategy.draft(keeper)
    top = queries.nodes_of([tree.id])[0]
    commands.remove_node(keeper, top.id, seen_hash=seen.of_branch(top))
    assert queries.nodes_of([tree.id]) == []
    with pytest.raises(Invalid):
        strategy.publish(keeper, tree)
    commands.remove_tree(keeper, tree.id, seen_hash=seen.of_tree(tree))
    assert db.get(Tree, tree.id) is None


def test_what_something_refers_to_is_not_thrown_away(db):
    keeper = strategy.keeper()
    tree = strategy.draft(keeper)
    top, below = queries.nodes_of([tree.id])
    project = actionplan.project(actionplan.action_plan(cycles.cycle()))
    db.add(ProjectNode(project_id=project.id, node_id=below.id))
    db.flush()
    with pytest.raises(WrongState):
        commands.remove_tree(keeper, tree.id, seen_hash=seen.of_tree(tree))
    with pytest.raises(WrongState):
        commands.remove_node(keeper, top.id, seen_hash=seen.of_branch(top))
    assert [row.id for row in queries.nodes_of([tree.id])] == [top.id, below.id]


def test_bad_facts_and_lines_are_refused(db):
    keeper = strategy.keeper()
    for wrong in ({"title": " "}, {"last_year": 2570}, {"levels": ()}, {"source": ""}):
        with pytest.raises(Invalid):
            commands.begin_tree(keeper, None, strategy.facts(**wrong))
    tree = strategy.draft(keeper)
    deepest = queries.nodes_of([tree.id])[-1]
    with pytest.raises(Invalid):
        commands.add_node(keeper, tree.id, deepest.id, commands.Line("ลึกไป"))
    for line in (commands.Line(""), commands.Line("x", continues_id=deepest.id)):
        with pytest.raises(Invalid):
            commands.write_node(keeper, deepest.id, line, seen_hash=seen.of_line(deepest))
    with pytest.raises(Invalid):
        commands.write_tree(
            keeper, tree.id, tree.version_id, strategy.facts(levels=(("ยุทธศาสตร์", "Strategy"),))
        )
    twice = [commands.Goal(2571, "หนึ่ง"), commands.Goal(2571, "สอง")]
    with pytest.raises(Invalid):
        commands.write_indicator(keeper, deepest.id, None, "ตัวชี้วัด", "", twice, [])


def test_of_two_writers_the_second_is_told(db):
    keeper = strategy.keeper()
    tree = strategy.draft(keeper)
    seen = tree.version_id
    commands.write_tree(keeper, tree.id, seen, strategy.facts(title="ชื่อใหม่"))
    db.flush()
    with pytest.raises(WrongState):
        commands.write_tree(keeper, tree.id, seen, strategy.facts(title="อีกชื่อ"))


@pytest.mark.postgres_only
@pytest.mark.parametrize("what", ["line", "indicator"])
def test_of_two_writers_of_one_line_at_once_one_is_told(transaction, what):
    with transaction():
        keeper = strategy.keeper()
        node = queries.nodes_of([strategy.draft(keeper).id])[-1]
        aim = queries.aims([node.id])[0]
    start, answers = threading.Barrier(6), []

    def write(number):
        try:
            with core_db.transaction() as session:
                session.get_one(Node, node.id), session.get_one(Indicator, aim.id)
                start.wait()
                title = f"ฉบับที่ {number}"
                if what == "line":
                    commands.write_node(keeper, node.id, commands.Line(title), seen_hash=seen.of_line(node))
                else:
                    commands.write_indicator(
                        keeper, node.id, aim.id, title, "", [], [], seen_hash=seen.of_aim(aim)
                    )
            answers.append("written")
        except Conflict:
            answers.append("told")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["told"] * 5 + ["written"]


def test_publication_keeps_the_hash_of_the_content(transaction):
    with transaction():
        keeper = strategy.keeper()
        strategy.publish(keeper, strategy.draft(keeper))
    with transaction() as session:
        entry = session.scalars(
            sa.select(ledger.LedgerEntry).where(ledger.LedgerEntry.event == "strategy.tree_published")
        ).one()
        assert len(json.loads(entry.payload)["changes"]["sha256"]) == 64


@pytest.mark.postgres_only
def test_two_new_versions_at_once_are_one(transaction):
    with transaction():
        keeper = strategy.keeper()
        tree_id = strategy.publish(keeper, strategy.draft(keeper)).id
    start, answers = threading.Barrier(6), []

    def begin():
        start.wait()
        try:
            with core_db.transaction():
                commands.begin_version(keeper, tree_id)
            answers.append("begun")
        except WrongState:
            answers.append("refused")

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["begun"] + ["refused"] * 5
