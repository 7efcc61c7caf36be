"""Pages of trees for readers, and the desk of their keepers."""

import re

import pytest

from portal.core.actor import Role
from portal.strategy import commands, queries, seen
from portal.strategy.models import Node
from tests.factories import accounts, places, strategy
from tests.page import values


@pytest.fixture
def seeded(transaction):
    """The documents' trees: ids by "slug/version"."""
    with transaction():
        places.district()
        return {name: tree.id for name, tree in strategy.seeded().items()}


@pytest.fixture
def signed_in(new_client, transaction):
    """A browser of somebody with a role, in Dusit or the whole city."""

    def enter(role, *, city=True):
        with transaction():
            person = accounts.person()
            accounts.grant(person, role, None if city else places.district())
        browser = new_client()
        browser.sign_in(person.email, accounts.PASSWORD)
        return browser

    return enter


def draft_id(answer):
    assert answer.status_code == 303, answer.page.text
    return int(re.search(r"/strategy/(\d+)", answer.headers["Location"])[1])


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_public_page_stands_in_both_languages(client, seeded, prefix):
    client.get(f"{prefix}/strategy", status=200)
    for tree_id in seeded.values():
        client.get(f"{prefix}/strategy/{tree_id}", status=200)
    page = client.get(f"{prefix}/strategy/{seeded['bma-phase-2/2']}?open=all").page
    assert len([link for link in page.links if "/strategy/nodes/" in link]) > 40


def test_a_line_says_where_it_stands_and_what_became_of_it(client, seeded, transaction):
    with transaction():
        (old,) = queries.search_nodes(seeded["bma-phase-2/2"], "5.5")[:1]
        (new,) = queries.search_nodes(seeded["bma-phase-3/1"], "5.2")
    page = client.get(f"/en/strategy/nodes/{new.id}", status=200).page
    assert page.h1 == "5.2 Citizens who drive the metropolis"
    assert f"/en/strategy/nodes/{old.id}" in page.links
    back = client.get(f"/strategy/nodes/{old.id}", status=200).page
    assert f"/strategy/nodes/{new.id}" in back.links


def test_money_and_words_stand_as_printed(client, seeded):
    text = client.get(f"/strategy/{seeded['bma-phase-2/1']}").page.text
    for words in ("10,000,000", "เขตละ 200,000 บาท", "4,763,000", "ไม่ใช้งบประมาณเป็นการเฉพาะ"):
        assert words in text


def test_a_tree_is_searched(client, seeded):
    page = client.get(f"/strategy/{seeded['bma-phase-2/2']}?q=งบประมาณแบบมีส่วนร่วม", status=200).page
    assert "5.2.1.2" in page.text
    assert "5.4.1" not in page.text
    client.get(f"/strategy/{seeded['bma-phase-2/2']}?q=ไม่มีคำนี้", status=200)


def test_a_draft_is_missing_for_readers(client, transaction):
    with transaction():
        keeper = strategy.keeper()
        tree = strategy.draft(keeper)
        node = queries.nodes_of([tree.id])[0]
    client.get(f"/strategy/{tree.id}", status=404)
    client.get(f"/strategy/nodes/{node.id}", status=404)
    assert tree.title not in client.get("/strategy").page.text


def test_a_keeper_writes_a_tree_from_nothing_to_public(client, signed_in):
    keeper = signed_in(Role.STRATEGY)
    tree_id = draft_id(
        keeper.submit(
            "/strategy/new",
            {
                "title": "แผนใหม่",
                "first_year": "๒๕๗๑",
                "last_year": "2575",
                "source": "เอกสาร",
                "levels": "ยุทธศาสตร์ | Strategy\nกลยุทธ์",
            },
            having={"levels"},
        )
    )
    edit = f"/strategy/{tree_id}/edit"
    for number, title in (("1", "เมืองเดินดี"), ("2", "เมืองเขียว")):
        keeper.submit(f"/strategy/{tree_id}/lines/new", {"number": number, "title": title}, having={"title"})
    page = keeper.get(edit, status=200).page
    parent = next(link for link in page.links if "parent=" in link)
    keeper.submit(parent, {"number": "1.1", "title": "ทางเท้าทุกซอย"}, having={"title"})
    page = keeper.get(edit).page
    aim = [link for link in page.links if link.endswith("/indicators/new")][1]
    keeper.submit(
        aim,
        {
            "title": "จำนวนซอย",
            "unit": "ซอย",
            "targets-0-words": "50 ซอย",
            "measures-0-title": "ปรับปรุงทางเท้า",
            "measures-0-budget": "๑,๐๐๐,๐๐๐",
        },
        having={"unit"},
    )
    up = next(one for one in keeper.get(edit).page.all("button") if one["value"] == "down")
    token = next(one["value"] for one in keeper.get(edit).page.all("input") if one["name"] == "csrf_token")
    assert keeper.post(up["formaction"], data={"csrf_token": token, "to": "down"}).status_code == 303
    keeper.get(f"/strategy/{tree_id}", status=200)
    client.get(f"/strategy/{tree_id}", status=404)
    assert keeper.submit(f"/strategy/{tree_id}/publish").status_code == 303
    text = client.get(f"/strategy/{tree_id}", status=200).page.text
    assert text.index("เมืองเขียว") < text.index("เมืองเดินดี") < text.index("ทางเท้าทุกซอย")
    assert "฿1,000,000" in text
    assert "50 ซอย" in text


def test_what_is_published_answers_409_with_a_way_on(signed_in, seeded):
    keeper = signed_in(Role.STRATEGY)
    tree_id = seeded["bma-phase-3/1"]
    for path in ("edit", "facts", "lines/new", "publish", "discard"):
        page = keeper.get(f"/strategy/{tree_id}/{path}", status=409).page
        assert f"/strategy/{tree_id}" in page.links


def test_a_new_version_begins_at_the_desk(signed_in, seeded):
    keeper = signed_in(Role.STRATEGY)
    tree_id = draft_id(keeper.submit("/strategy/desk", action=f"/{seeded['bma-phase-3/1']}/version"))
    page = keeper.get(f"/strategy/{tree_id}/edit", status=200).page
    assert "เมืองประชาธิปไตย" in page.text
    write = next(link for link in page.links if "/nodes/" in link and link.endswith("/edit"))
    keeper.get(write, status=200)
    keeper.submit(f"/strategy/{tree_id}/facts", {"title": "ฉบับปรับปรุง"}, having={"levels"})
    assert "ฉบับปรับปรุง" in keeper.get("/strategy/desk").page.text
    assert keeper.submit(f"/strategy/{tree_id}/discard").status_code == 303
    assert "ฉบับปรับปรุง" not in keeper.get("/strategy/desk").page.text


def test_an_english_keeper_reads_the_english_name(signed_in, seeded):
    keeper = signed_in(Role.STRATEGY)
    made = draft_id(keeper.submit("/strategy/desk", action=f"/{seeded['bma-phase-3/1']}/version"))
    name = keeper.get(f"/en/strategy/{seeded['bma-phase-3/1']}").page.h1
    assert name.startswith("Bangkok development plan")
    assert keeper.get(f"/en/strategy/{made}/edit").page.h1 == name
    for page in ("publish", "discard", "facts", "lines/new"):
        assert name in keeper.get(f"/en/strategy/{made}/{page}").page.text


def test_an_indicator_is_changed_and_removed(signed_in, transaction):
    with transaction():
        tree = strategy.draft(strategy.keeper())
    keeper = signed_in(Role.STRATEGY)
    edit = f"/strategy/{tree.id}/edit"
    path = next(link for link in keeper.get(edit).page.links if re.search(r"/indicators/\d+$", link))
    keeper.submit(path, {"title": "ตัวชี้วัดใหม่"}, having={"unit"})
    page = keeper.get(path, status=200).page
    assert "ตัวชี้วัดใหม่" in page.text
    assert [one["value"] for one in page.all("input") if one["name"] == "measures-0-budget"] == ["500,000"]
    refused = keeper.submit(path, {"targets-0-fiscal_year": "ปีหน้า"}, having={"unit"})
    assert refused.status_code == 422
    keeper.submit(path, having={"unit"}, button=("act", "remove"))
    assert "ตัวชี้วัดใหม่" not in keeper.get(edit).page.text


def typed(page, **fields):
    """What a browser sends of the page's form as it was read, with these fields otherwise."""
    form = page.form(having={"seen", "title"})
    return {**values(form), **fields}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_of_two_who_write_one_indicator_the_second_sees_both_versions(signed_in, transaction, prefix):
    with transaction():
        node = queries.nodes_of([strategy.draft(strategy.keeper()).id])[-1]
        aim_id = queries.aims([node.id])[0].id
    first, second = signed_in(Role.STRATEGY), signed_in(Role.STRATEGY)
    path = f"{prefix}/strategy/nodes/{node.id}/indicators/{aim_id}"
    read = second.get(path, status=200).page
    fields = {"targets-1-agency": "ฝ่ายโยธา", "targets-1-words": "เป้าของคนแรก"}
    assert first.submit(path, fields, having={"unit"}).status_code == 303
    answer = second.post(path, data=typed(read, **{"title": "ตัวชี้วัดของคนที่สอง", "measures-0-title": ""}))
    assert answer.status_code == 409
    for words in ("เป้าของคนแรก", "ตัวชี้วัดของคนที่สอง"):
        assert words in answer.text
    with transaction("read"):
        (kept,) = queries.aims([node.id])
        assert [one.words for one in kept.targets] == ["ร้อยละ 80", "เป้าของคนแรก"]
        assert len(kept.measures) == 1
    assert second.post(path, data=typed(answer.page)).status_code == 303
    with transaction("read"):
        (kept,) = queries.aims([node.id])
        assert (kept.title, kept.measures) == ("ตัวชี้วัดของคนที่สอง", [])
        assert [one.words for one in kept.targets] == ["ร้อยละ 80"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_whoever_removes_an_indicator_sees_first_what_another_wrote_meanwhile(signed_in, transaction, prefix):
    with transaction():
        node = queries.nodes_of([strategy.draft(strategy.keeper()).id])[-1]
        aim_id = queries.aims([node.id])[0].id
    first, second = signed_in(Role.STRATEGY), signed_in(Role.STRATEGY)
    path = f"{prefix}/strategy/nodes/{node.id}/indicators/{aim_id}"
    read = second.get(path, status=200).page
    assert first.submit(path, {"title": "ตัวชี้วัดของคนแรก"}, having={"unit"}).status_code == 303
    answer = second.post(path, data=typed(read, act="remove"))
    assert answer.status_code == 409
    assert "ตัวชี้วัดของคนแรก" in answer.text
    with transaction("read"):
        assert [one.title for one in queries.aims([node.id])] == ["ตัวชี้วัดของคนแรก"]
    assert second.post(path, data=typed(answer.page, act="remove")).status_code == 303
    with transaction("read"):
        assert queries.aims([node.id]) == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_words_for_an_indicator_that_another_removed_are_kept_and_can_be_added_anew(
    signed_in, transaction, prefix
):
    with transaction():
        node = queries.nodes_of([strategy.draft(strategy.keeper()).id])[-1]
        aim_id = queries.aims([node.id])[0].id
    first, second, third = (signed_in(Role.STRATEGY) for _person in range(3))
    path = f"{prefix}/strategy/nodes/{node.id}/indicators/{aim_id}"
    read, also_read = second.get(path, status=200).page, third.get(path, status=200).page
    assert first.submit(path, having={"unit"}, button=("act", "remove")).status_code == 303
    third.get(path, status=404)
    assert third.post(path, data=typed(also_read, act="remove")).status_code == 303
    fields = {"title": "ตัวชี้วัดของคนที่สอง", "targets-0-words": "เป้าของคนที่สอง", "targets-0-fiscal_year": "ปีหน้า"}
    assert second.post(path, data=typed(read, **fields)).status_code == 422
    answer = second.post(path, data=typed(read, **{**fields, "targets-0-fiscal_year": "2571"}))
    assert answer.status_code == 409
    for words in ("ตัวชี้วัดของคนที่สอง", "เป้าของคนที่สอง", "ติดตั้งไฟส่องสว่าง"):
        assert words in answer.text
    with transaction("read"):
        assert queries.aims([node.id]) == []
    assert ("removed this indicator in the meantime. What you typed" in answer.page.text) == (prefix == "/en")
    anew = answer.page.form(having={"seen", "title"})
    assert anew["action"] == f"{prefix}/strategy/nodes/{node.id}/indicators/new"
    assert second.post(anew["action"], data=typed(answer.page)).status_code == 303
    with transaction("read"):
        (kept,) = queries.aims([node.id])
        assert (kept.title, kept.targets[0].words) == ("ตัวชี้วัดของคนที่สอง", "เป้าของคนที่สอง")


@pytest.mark.parametrize("what", ["the line", "a line below", "a new line below", "an indicator below"])
def test_whoever_removes_a_line_is_told_what_another_wrote_meanwhile(signed_in, transaction, what):
    with transaction():
        keeper = strategy.keeper()
        tree = strategy.draft(keeper)
        top, below = queries.nodes_of([tree.id])
    second = signed_in(Role.STRATEGY)
    path = f"/en/strategy/nodes/{top.id}/remove"
    read = second.get(path, status=200).page
    with transaction():
        match what:
            case "the line":
                commands.write_node(keeper, top.id, commands.Line("ใหม่"), seen_hash=seen.of_line(top))
            case "a line below":
                commands.write_node(keeper, below.id, commands.Line("ใหม่"), seen_hash=seen.of_line(below))
            case "a new line below":
                commands.add_node(keeper, tree.id, top.id, commands.Line("ใหม่"))
            case "an indicator below":
                commands.write_indicator(keeper, below.id, None, "ใหม่", "", [], [])
    answer = second.post(path, data=values(read.form(action="/remove")))
    assert answer.status_code == 409
    assert "Someone else was faster" in answer.text
    assert f"/en/strategy/{tree.id}/edit#node-{top.id}" in answer.page.links
    with transaction("read"):
        assert {top.id, below.id} <= {one.id for one in queries.nodes_of([tree.id])}
    assert second.post(path, data=values(answer.page.form(action="/remove"))).status_code == 303
    with transaction("read"):
        assert queries.nodes_of([tree.id]) == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_of_two_who_write_one_line_the_second_sees_both_versions(signed_in, transaction, prefix):
    with transaction():
        node_id = queries.nodes_of([strategy.draft(strategy.keeper()).id])[-1].id
    first, second = signed_in(Role.STRATEGY), signed_in(Role.STRATEGY)
    path = f"{prefix}/strategy/nodes/{node_id}/edit"
    read = second.get(path, status=200).page
    assert first.submit(path, {"note": "หมายเหตุของคนแรก"}, having={"note"}).status_code == 303
    answer = second.post(path, data=typed(read, title="ถ้อยคำของคนที่สอง"))
    assert answer.status_code == 409
    for words in ("หมายเหตุของคนแรก", "ถ้อยคำของคนที่สอง"):
        assert words in answer.text
    with transaction("read") as session:
        assert session.get_one(Node, node_id).title == "ทางเดินสะดวก"
    assert second.post(path, data=typed(answer.page)).status_code == 303
    with transaction("read") as session:
        kept = session.get_one(Node, node_id)
        assert (kept.title, kept.note) == ("ถ้อยคำของคนที่สอง", "")


def test_a_line_is_removed_with_what_is_below(signed_in, transaction):
    with transaction():
        tree = strategy.draft(strategy.keeper())
        top = queries.nodes_of([tree.id])[0]
    keeper = signed_in(Role.STRATEGY)
    assert "ทางเดินสะดวก" in keeper.get(f"/strategy/nodes/{top.id}/remove").page.text
    keeper.submit(f"/strategy/nodes/{top.id}/remove")
    assert "เมืองน่าอยู่" not in keeper.get(f"/strategy/{tree.id}/edit").page.text


def test_a_district_keeps_its_own_and_sees_no_other_draft(signed_in, transaction):
    with transaction():
        city = strategy.draft(strategy.keeper())
    keeper = signed_in(Role.STRATEGY, city=False)
    keeper.get(f"/strategy/{city.id}/edit", status=404)
    options = keeper.get("/strategy/new").page.all("option")
    assert [one["value"] for one in options] == ["1002"]


@pytest.mark.parametrize("role", [Role.PLANNER, Role.MODERATOR])
def test_the_desk_is_for_keepers(signed_in, role):
    signed_in(role).get("/strategy/desk", status=403)


def test_the_desk_shows_a_tree_of_any_size_in_bounded_queries(signed_in, transaction):
    with transaction():
        keeper = strategy.keeper()
        tree = strategy.draft(keeper)
        for number in range(30):
            commands.add_node(keeper, tree.id, None, commands.Line(f"ข้อ {number}"))
    signed_in(Role.STRATEGY).get(f"/strategy/{tree.id}/edit", status=200)
