"""Two keepers in one draft: what one typed for a line that the other removed is not lost, and nobody publishes or
discards a draft they have not seen."""

import pytest

from portal.core.actor import Role
from portal.strategy import commands, queries, seen
from portal.strategy.models import Tree, TreeState
from tests.factories import accounts, places, strategy
from tests.page import values

PREFIXES = pytest.mark.parametrize("prefix", ["", "/en"])


@pytest.fixture
def draft(transaction):
    """A keeper, and the ids of a draft, its upper line, the line below it and that line's indicator."""
    with transaction():
        keeper = strategy.keeper()
        tree = strategy.draft(keeper)
        top, below = queries.nodes_of([tree.id])
        return keeper, tree.id, top.id, below.id, queries.aims([below.id])[0].id


@pytest.fixture
def keeper(client, transaction):
    """The browser of another keeper."""
    with transaction():
        person = accounts.person()
        accounts.grant(person, Role.STRATEGY)
    client.sign_in(person.email, accounts.PASSWORD)
    return client


@pytest.fixture
def remove(transaction, draft):
    """Somebody removes a line of the draft."""

    def act(node_id):
        with transaction():
            node = next(row for row in queries.nodes_of([draft[1]]) if row.id == node_id)
            commands.remove_node(draft[0], node_id, seen_hash=seen.of_branch(node))

    return act


def typed(page, **fields):
    """What a browser sends of the form on this page, with these fields otherwise."""
    return {**values(page.form(having={"seen", "title"})), **fields}


def sent(keeper, answer, **fields):
    """The kept words, sent by the form of the page that kept them."""
    form = answer.page.form(having={"seen", "title"})
    return keeper.post(form["action"], data={**values(form), **fields})


def lines(transaction, tree_id):
    """Each line's words with those of the line above."""
    with transaction("read"):
        rows = queries.nodes_of([tree_id])
    titles = {row.id: row.title for row in rows}
    return [(row.title, titles.get(row.parent_id)) for row in rows]


@PREFIXES
def test_words_for_a_line_that_another_removed_are_kept_and_added_where_it_stood(
    keeper, draft, remove, transaction, prefix
):
    _keeper, tree_id, top_id, below_id, _aim = draft
    path = f"{prefix}/strategy/nodes/{below_id}/edit"
    read = keeper.get(path, status=200).page
    remove(below_id)
    answer = keeper.post(path, data=typed(read, title="ถ้อยคำที่พิมพ์", note="หมายเหตุที่พิมพ์"))
    assert answer.status_code == 409
    assert ("removed this line, or the line above it, in the meantime" in answer.page.text) == (
        prefix == "/en"
    )
    for words in ("ถ้อยคำที่พิมพ์", "หมายเหตุที่พิมพ์"):
        assert words in answer.text
    assert f"{prefix}/strategy/{tree_id}/edit" in answer.page.links
    assert typed(answer.page)["parent"] == [str(top_id)]
    assert lines(transaction, tree_id) == [("เมืองน่าอยู่", None)]
    keeper.get(path, status=404)
    assert sent(keeper, answer).status_code == 303
    assert lines(transaction, tree_id) == [("เมืองน่าอยู่", None), ("ถ้อยคำที่พิมพ์", "เมืองน่าอยู่")]


@PREFIXES
def test_words_for_a_new_line_below_one_that_another_removed_are_kept(
    keeper, draft, remove, transaction, prefix
):
    tree_id, top_id = draft[1:3]
    path = f"{prefix}/strategy/{tree_id}/lines/new?parent={top_id}"
    read = keeper.get(path, status=200).page
    remove(top_id)
    answer = keeper.post(path, data=typed(read, title="ถ้อยคำที่พิมพ์"))
    assert answer.status_code == 409
    assert sent(keeper, answer, title="").status_code == 422
    keeper.get(path, status=404)
    assert sent(keeper, answer).status_code == 303
    assert lines(transaction, tree_id) == [("ถ้อยคำที่พิมพ์", None)]


@PREFIXES
@pytest.mark.parametrize("is_new", [True, False])
def test_words_for_an_indicator_whose_line_another_removed_are_kept_and_added_to_another_line(
    keeper, draft, remove, transaction, prefix, is_new
):
    _keeper, tree_id, top_id, below_id, aim_id = draft
    path = f"{prefix}/strategy/nodes/{below_id}/indicators/{'new' if is_new else aim_id}"
    read = keeper.get(path, status=200).page
    remove(below_id)
    fields = {"title": "ตัวชี้วัดที่พิมพ์", "targets-0-words": "เป้าที่พิมพ์"}
    answer = keeper.post(path, data=typed(read, **fields))
    assert answer.status_code == 409
    assert ("removed the line of this indicator in the meantime" in answer.page.text) == (prefix == "/en")
    for words in fields.values():
        assert words in answer.text
    asked_again = sent(keeper, answer)
    assert asked_again.status_code == 409
    assert "เป้าที่พิมพ์" in asked_again.text
    assert sent(keeper, asked_again, line=str(top_id)).status_code == 303
    with transaction("read"):
        (kept,) = queries.aims([top_id])
        assert (kept.title, kept.targets[0].words) == ("ตัวชี้วัดที่พิมพ์", "เป้าที่พิมพ์")
        assert [row.id for row in queries.nodes_of([tree_id])] == [top_id]


def test_whoever_keeps_no_strategy_of_the_draft_gets_nothing_of_it(new_client, draft, remove, transaction):
    """The form names the draft; naming another office's opens nothing."""
    with transaction():
        from_dusit = accounts.person()
        district = places.district()
        accounts.grant(from_dusit, Role.STRATEGY, district)
        own = strategy.draft(strategy.keeper(district), district.id)
        own_line = queries.nodes_of([own.id])[0].id
    browser = new_client()
    browser.sign_in(from_dusit.email, accounts.PASSWORD)
    read = browser.get(f"/strategy/nodes/{own_line}/edit", status=200).page
    answer = browser.post("/strategy/nodes/999999/edit", data=typed(read, tree=str(draft[1])))
    assert answer.status_code == 404
    assert "เมืองน่าอยู่" not in answer.text


CHANGES = {
    "its title": lambda k, tree, top, below: commands.write_tree(
        k, tree.id, tree.version_id, strategy.facts(title="ที่คนอื่นพิมพ์")
    ),
    "its source": lambda k, tree, top, below: commands.write_tree(
        k, tree.id, tree.version_id, strategy.facts(source="ที่คนอื่นพิมพ์")
    ),
    "a level": lambda k, tree, top, below: commands.write_tree(
        k, tree.id, tree.version_id, strategy.facts(levels=(("ที่คนอื่นพิมพ์", "ที่คนอื่นพิมพ์"), ("กลยุทธ์", "Tactic")))
    ),
    "a line": lambda k, tree, top, below: commands.write_node(
        k, below.id, commands.Line("ที่คนอื่นพิมพ์"), seen_hash=seen.of_line(below)
    ),
    "a new line": lambda k, tree, top, below: commands.add_node(k, tree.id, None, commands.Line("ที่คนอื่นพิมพ์")),
    "an indicator": lambda k, tree, top, below: commands.write_indicator(
        k, top.id, None, "ที่คนอื่นพิมพ์", "", [], []
    ),
}


@PREFIXES
@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("move", ["publish", "discard"])
def test_nobody_publishes_or_discards_a_draft_they_have_not_seen(
    keeper, draft, transaction, prefix, what, move
):
    other, tree_id, *_ids = draft
    path = f"{prefix}/strategy/{tree_id}/{move}"
    read = keeper.get(path, status=200).page
    assert "เมืองน่าอยู่" in read.text
    with transaction() as session:
        CHANGES[what](other, session.get_one(Tree, tree_id), *queries.nodes_of([tree_id]))
    answer = keeper.post(path, data=values(read.form(action=f"/{move}")))
    assert answer.status_code == 409
    assert "ที่คนอื่นพิมพ์" in answer.page.text
    assert ("changed this in the meantime. The draft is shown below" in answer.page.text) == (prefix == "/en")
    with transaction("read") as session:
        assert session.get_one(Tree, tree_id).state is TreeState.DRAFT
    assert keeper.post(path, data=values(answer.page.form(action=f"/{move}"))).status_code == 303
    with transaction("read") as session:
        found = session.get(Tree, tree_id)
        assert (found and found.state) == (TreeState.PUBLISHED if move == "publish" else None)


def test_a_line_moved_to_another_place_is_a_change_of_the_draft(keeper, draft, transaction):
    other, tree_id, *_ids = draft
    with transaction():
        last = commands.add_node(other, tree_id, None, commands.Line("เมืองเดินดี")).id
    read = keeper.get(f"/strategy/{tree_id}/publish", status=200).page
    with transaction():
        commands.move_node(other, last, -1)
    answer = keeper.post(f"/strategy/{tree_id}/publish", data=values(read.form(action="/publish")))
    assert answer.status_code == 409
