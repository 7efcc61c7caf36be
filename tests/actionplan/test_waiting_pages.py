"""Who reads what of a change that waits, page by page, and once its edition is published; what the migration makes of one."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from portal.actionplan import commands, queries
from portal.actionplan.models import Project
from portal.core import db as core_db
from portal.core import migrate
from portal.core.topics import Topic
from tests.actionplan.test_waiting import NEW, OLD, begun, changed, publish
from tests.databases import bind
from tests.factories import accounts, actionplan
from tests.page import values


@pytest.fixture
def waiting(new_client, transaction):
    """Committed: a change that waits; browsers by role in ``waiting.browser(role)``."""
    with transaction():
        world = changed(begun())
        ids = SimpleNamespace(
            plan=world.plan.id,
            project=world.project.id,
            other=world.other.id,
            item=world.items[0].id,
            topic=world.project.topic_id,
            below=world.below,
            top=world.top,
        )

    def browser(role):
        made = new_client()
        if role:
            made.sign_in(f"{role}@example.org", accounts.PASSWORD)
        return made

    return SimpleNamespace(world=world, ids=ids, browser=browser)


PAGES = {
    "plan": "/actionplan/{plan}",
    "sheets": "/actionplan/{plan}/sheets",
    "project": "/actionplan/projects/{project}",
    "sheet": "/actionplan/projects/{project}/sheet",
    "dossier": "/dossier/{item}",
    "strategy": "/dossier/strategy/{below}",
    "search": "/search?q=โครงการ",
    "preview": "/actionplan/{plan}/check",
    "publish": "/actionplan/{plan}/steps/publish-edition",
    "edit": "/actionplan/projects/{project}/edit",
    "bench": "/actionplan/{plan}/merge",
}
# Who gets which status, and whether the page tells the old name and the new one: while the change waits, and after.
IN_FORCE, BOTH, COMING, AFTER = (True, False), (True, True), (False, True), (False, True)
NOBODY, CLOSED = 403, 409
TABLE = {
    "plan": {"": (IN_FORCE, AFTER), "resident": (IN_FORCE, AFTER), "planner": (IN_FORCE, AFTER)},
    "sheets": {"": (IN_FORCE, AFTER), "resident": (IN_FORCE, AFTER), "planner": (IN_FORCE, AFTER)},
    "project": {
        "": (IN_FORCE, AFTER),
        "resident": (IN_FORCE, AFTER),
        "planner": (BOTH, AFTER),
        "director": (BOTH, AFTER),
    },
    "sheet": {"": (IN_FORCE, AFTER), "resident": (IN_FORCE, AFTER), "planner": (IN_FORCE, AFTER)},
    "dossier": {
        "": (IN_FORCE, AFTER),
        "resident": (IN_FORCE, AFTER),
        "planner": (IN_FORCE, AFTER),
        "director": (IN_FORCE, AFTER),
    },
    "strategy": {"": (IN_FORCE, (False, False)), "planner": (IN_FORCE, (False, False))},
    "preview": {
        "resident": (NOBODY, NOBODY),
        "planner": (BOTH, (False, False)),
        "director": (BOTH, (False, False)),
    },
    "publish": {"resident": (NOBODY, NOBODY), "planner": (NOBODY, 303), "director": (BOTH, 303)},
    "edit": {"resident": (NOBODY, NOBODY), "planner": (BOTH, CLOSED), "director": (NOBODY, NOBODY)},
    "bench": {"planner": (COMING, COMING)},
}
CASES = [(page, role) for page, roles in TABLE.items() for role in roles]


def told(browser, path, expected):
    """What the page tells of both names, or its status where it is no page."""
    if isinstance(expected, int):
        browser.get(path, status=expected)
        return expected
    page = browser.get(path, status=200).page
    written = page.text + " ".join(
        str(value) for form in page.forms for found in values(form).values() for value in found
    )
    return (OLD in written, NEW in written)


def test_who_reads_what_while_it_waits_and_after(waiting, transaction):
    browsers = {role: waiting.browser(role) for role in ("", "resident", "planner", "director")}

    def read(moment):
        found = {}
        for page, role in CASES:
            expected = TABLE[page][role][moment]
            path = PAGES[page].format(**vars(waiting.ids))
            found[page, role] = told(browsers[role], path, expected)
        return found

    assert read(0) == {(page, role): TABLE[page][role][0] for page, role in CASES}
    with transaction():
        publish(waiting.world)
    assert read(1) == {(page, role): TABLE[page][role][1] for page, role in CASES}


def test_search_finds_it_by_the_words_in_force(waiting, client, transaction):
    link = f"/actionplan/projects/{waiting.ids.project}"

    def found(words):
        return link in client.get(f"/search?q={words}", max_queries=99).page.links

    assert (found("เต็นท์สนาม"), found("ลานกีฬา")) == (True, False)
    with transaction():
        publish(waiting.world)
    assert (found("เต็นท์สนาม"), found("ลานกีฬา")) == (False, True)


def test_what_is_taken_along_is_the_edition_in_force(waiting, client, transaction):
    base = f"/actionplan/{waiting.ids.plan}"
    body = json.loads(client.get(f"{base}/plan.json").get_data())
    assert (body.pop("state"), body["edition"]) == ("reopened", 2)
    assert body == json.loads(client.get(f"{base}/editions/2.json").get_data())
    table = client.get(f"{base}/projects.csv").get_data(as_text=True)
    assert (OLD in table, NEW in table) == (True, False)
    draft = f"{base}/plan.pdf"
    assert draft not in client.get(base).page.links
    assert draft in waiting.browser("planner").get(base).page.links


def test_officers_see_what_is_prepared_and_where_to_go(waiting, client):
    base, project = f"/en/actionplan/{waiting.ids.plan}", f"/en/actionplan/projects/{waiting.ids.project}"
    link = f"{base}/check#change"
    for role in ("planner", "director"):
        officer = waiting.browser(role)
        page = officer.get(base, status=200).page
        assert "1 project changed" in page.text
        assert link in page.links
        page = officer.get(project, status=200).page
        assert "The new edition in preparation changes this project" in page.text
        assert "฿240,000" in page.text
        assert "1.1" in page.text
        assert link in page.links
    for path in (base, project):
        page = client.get(path, status=200).page
        assert link not in page.links
        assert "A new edition is in preparation" in page.text
        assert "฿240,000" not in page.text


def test_a_project_that_a_change_adds_says_so(waiting, client, transaction):
    with transaction():
        added = actionplan.project(waiting.world.plan, "โครงการใหม่").id
    page = client.get(f"/en/actionplan/projects/{added}", status=200).page
    assert "The new edition in preparation adds this project" in page.text
    assert (
        f"/en/actionplan/projects/{added}" not in client.get(f"/en/actionplan/{waiting.ids.plan}").page.links
    )


def test_the_second_writer_of_a_change_sees_what_waits(waiting):
    planner = waiting.browser("planner")
    path = f"/actionplan/projects/{waiting.ids.project}/edit"
    shown = values(planner.get(path, status=200).page.form(having={"name"}))
    assert (shown["name"], shown["budget_satang"]) == ([NEW], ["240,000"])
    mine = {**shown, "name": "ชื่อของฉัน"}
    assert planner.submit(path, {"area": "ทั้งเขต"}, having={"name"}).status_code == 303
    answer = planner.post(path, data=mine)
    assert answer.status_code == 409
    assert NEW in answer.page.text
    assert "ทั้งเขต" in answer.page.text
    assert OLD not in answer.page.all("table")[0].text
    assert planner.post(path, data=values(answer.page.form(having={"name"}))).status_code == 303
    assert values(planner.get(path, status=200).page.form(having={"name"}))["name"] == ["ชื่อของฉัน"]


def test_the_desk_offers_to_publish_what_differs_and_to_close_what_does_not(waiting, transaction):
    steps = [f"/actionplan/{waiting.ids.plan}/steps/{name}" for name in ("publish-edition", "close-change")]
    check = f"/actionplan/{waiting.ids.plan}/check"

    def offered(role):
        links = waiting.browser(role).get(check, status=200).page.links
        return tuple(step in links for step in steps)

    assert (offered("planner"), offered("director")) == ((False, False), (True, False))
    with transaction():
        project = core_db.session().get_one(Project, waiting.ids.project)
        commands.withdraw_project(waiting.world.planner, project, project.version_id, "ยกเลิก")
        commands.put_back_project(waiting.world.planner, project, project.version_id)
    assert (offered("planner"), offered("director")) == ((False, True), (False, True))


@pytest.fixture
def older(database_url):
    """``with older() as connection:`` the schema before, and the newest one after the block."""

    @contextmanager
    def below():
        core_db.dispose()
        migrate.downgrade(database_url, "words_of_one_kind")
        engine = sa.create_engine(database_url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            yield connection
        migrate.upgrade(database_url)
        bind(database_url)

    return below


def test_an_older_schema_has_it_in_the_row_and_a_newer_one_takes_it_out(waiting, transaction, older):
    def read():
        with transaction("read") as session:
            project, topic = (
                session.get_one(Project, waiting.ids.project),
                session.get_one(Topic, waiting.ids.topic),
            )
            served = queries.nodes_in_force(project.id)
            is_found = {word: word in topic.tokens for word in ("เต็นท์", "ลาน")}
            return project.name, project.budget_satang, project.pending, topic.title, is_found, served

    before = read()
    with older() as connection:
        rows = connection.execute(sa.text("SELECT name, budget_satang FROM projects ORDER BY id"))
        assert tuple(rows.first()) == (NEW, 240_000_00)
    assert read() == before


def test_codes_that_changed_places_and_what_is_taken_out_go_back_to_their_edition(
    waiting, transaction, older
):
    def codes():
        with transaction("read") as session:
            return dict(session.execute(sa.select(Project.id, Project.code)).all())

    before, ids = codes(), waiting.ids
    change = sa.text("UPDATE projects SET code = :code WHERE id = :id")
    with older() as connection:
        for id_, code in (
            (ids.other, None),
            (ids.project, before[ids.other]),
            (ids.other, before[ids.project]),
        ):
            connection.execute(change, {"code": code, "id": id_})
        connection.execute(
            sa.text(
                "UPDATE projects SET name = 'อื่น', withdrawn_reason = 'ยกเลิก', withdrawn_at = "
                "(SELECT reopened_at FROM action_plans WHERE id = projects.action_plan_id) WHERE id = :id"
            ),
            {"id": ids.other},
        )
    assert codes() == before
    with transaction("read") as session:
        project, other = session.get_one(Project, ids.project), session.get_one(Project, ids.other)
        assert "name" in project.pending
        assert "code" not in project.pending, "another has it again"
        assert (other.name, other.pending, other.withdrawn_reason) == ("ลอกท่อระบายน้ำ", None, "ยกเลิก")
    with transaction():
        publish(waiting.world)
    assert codes() == before


def test_a_line_of_the_strategy_is_named_and_removed_by_the_buttons_of_its_page(waiting):
    planner, path = waiting.browser("planner"), f"/actionplan/projects/{waiting.ids.project}/nodes"

    def buttons(do):
        page = planner.get(path, status=200).page
        found = [values(form) for form in page.forms if form["action"].split("?")[0] == path]
        return [sent for sent in found if sent.get("do") == [do]]

    for do in ("add", "remove"):
        before = {kind: len(buttons(kind)) for kind in ("add", "remove")}
        assert before[do], before
        planner.post(path, data=buttons(do)[0])
        after = {kind: len(buttons(kind)) for kind in before}
        other = "remove" if do == "add" else "add"
        assert (after[do], after[other]) == (before[do] - 1, before[other] + 1)
