"""Nothing shows before its time, through any way in: a decision before its release, a plan before it is handed in, a
project before the hearing of its plan.

Every address that can be read is opened by everybody from whom it is to be kept, with the secret things in the places
of its variables; what they hold is looked for in pages, feeds, tables, workbooks and JSON, in search, notices and mails,
and in every table of the database. The same search must find all of it with those at work, and after its time has come.
"""

import datetime as dt
import io
import zipfile

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, jobs
from portal.places.models import Community
from portal.plans.models import Item, PlanState
from portal.screening import commands, queries
from portal.screening.decisions import DecisionData
from portal.screening.models import Case, Outcome
from tests import samples
from tests.factories import accounts, actionplan, places, plans
from tests.screening.conftest import furnish

DECISION, DRAFT, PROJECT = "ถ้อยคำในคำวินิจฉัยลับ", "ถ้อยคำในร่างแผนลับ", "ถ้อยคำในโครงการลับ"
SATANG = 12_345_67
FIGURES = ("12,345.67", "12345.67", str(SATANG))
SECRETS = (DECISION, DRAFT, PROJECT, *FIGURES)
# Of the demonstration, one for each role; the desk of communities and the registry are district offices too.
ELSEWHERE = (
    "resident",
    "leader",
    "community_desk",
    "registry",
    "planner",
    "director",
    "procurement",
    "strategy",
    "moderator",
    "auditor",
    "admin",
)
# These change with every act anywhere, whatever it is: the ledger's head, and forms with a key of their own.
RESTLESS = {"audit.head", "audit.head_text", "healthz"}


@pytest.fixture
def secrets(demo_app, demo_visit):
    """In a district of its own: a case ready to be decided, a plan being written, a project of a draft."""
    with db.transaction() as session:
        desk = furnish(items=1, code="1024", name="ชุมชนทดสอบการปิดความลับ")
        case = desk.case()
        desk.fill_card(case)
        writing = places.community(desk.district, "ชุมชนที่ยังเขียนแผน")
        draft = plans.plan(writing, desk.cycle, PlanState.DRAFT, items=0, vision=DRAFT)
        item = plans.item(draft, title=DRAFT, problem=DRAFT)
        project = actionplan.project(actionplan.action_plan(desk.cycle), PROJECT, rationale=PROJECT)
        session.flush()
        open_topic = session.get_one(Item, case.item_id).topic_id

        def token(actor):
            return accounts.token_of(session.get_one(Person, actor.id))

        return {
            "planner": desk.planner,
            "director": desk.director,
            "case_id": case.id,
            "cycle_id": desk.cycle.id,
            "tokens": {
                "planner": token(desk.planner),
                "leader": token(desk.leader),
                "writer": token(accounts.leader(session.get_one(Community, writing.id))),
            },
            # Each address is opened with the things of either set.
            "places": [
                {
                    "code": 1024,
                    "cycle_id": desk.cycle.id,
                    "community_id": desk.community.id,
                    "plan_id": desk.plan.id,
                    "item_id": case.item_id,
                    "case_id": case.id,
                    "topic_id": open_topic,
                },
                {
                    "code": 1024,
                    "community_id": writing.id,
                    "plan_id": draft.id,
                    "item_id": item.id,
                    "project_id": project.id,
                    "topic_id": item.topic_id,
                },
            ],
            "action_plan": project.action_plan_id,
            "items": (case.item_id, item.id),
        }


def addresses(app, secrets):
    """(endpoint, address) of everything that can be read, with the secret things in it wherever they fit."""
    found = []
    for rule in samples.rules(app):
        if "GET" not in rule.methods:
            continue
        for place in secrets["places"]:
            own = {name: value for name, value in place.items() if name in rule.arguments}
            if rule.endpoint.startswith("actionplan.") and "plan_id" in rule.arguments:
                own["plan_id"] = secrets["action_plan"]
            address = samples.address(app, rule, **own)
            if (rule.endpoint, address) not in found:
                found.append((rule.endpoint, address))
    narrowed = [
        "/dossier/districts/1024/ideas?part=waiting",
        "/dossier/districts/1024/ideas?part=answered",
        f"/screening/results/{secrets['cycle_id']}?outcome=accept_changed",
        "/screening?tab=confirm",
        "/audit?event=screening.proposed",
        "/audit?event=screening.confirmed",
        "/?district=1024",
    ]
    return found + [("narrowed", address) for address in narrowed]


def words_in(answer):
    """What an answer says, also where it is packed."""
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return str(answer.data.decode("utf-8", "replace"))


def reader(visit, token=""):
    """A browser of somebody; of a visitor without a token."""
    client = visit("")
    if token:
        with client.session_transaction() as session:
            session["_user_id"] = token
        client.signed_in = True
    return client


def seen(client, places, prefix=""):
    """endpoint → the secrets it told, for every address that told one."""
    told = {}
    for endpoint, address in places:
        with client.get(prefix + address, check=False, max_queries=99) as answer:
            if answer.status_code != 200:
                continue
            text = words_in(answer)
            found = {secret for secret in SECRETS if secret in text}
            if found:
                told.setdefault(f"{endpoint} {address}", set()).update(found)
    return told


def decide(secrets, at):
    """Propose, confirm and release from an instant on, by the commands of the desk."""
    planner, director = secrets["planner"], secrets["director"]
    with db.transaction() as session:
        case = session.get_one(Case, secrets["case_id"])
        for which in ("area", "city"):
            lines, _more = queries.nodes_to_choose(queries.docket(planner, case.id), which, "")
            if lines:
                commands.choose_node(planner, case, which, lines[-1].id)
        said = DecisionData(Outcome.ACCEPT_CHANGED, "cost_reduced", DECISION, SATANG, DECISION)
        commands.propose_decision(planner, case, said)
        commands.confirm_decision(director, case)
        commands.release_decisions(director, secrets["cycle_id"], [case.id], at)


def tables_holding(secret):
    """The tables of the database in which some row says it."""
    found = set()
    with db.transaction("read") as session:
        names = sa.inspect(session.connection()).get_table_names()
        for name in names:
            table = sa.Table(name, sa.MetaData(), autoload_with=session.connection())
            rows = session.execute(sa.select(table))
            if any(secret in str(value) for row in rows for value in row):
                found.add(name)
    return found


@pytest.fixture
def outsiders(demo_visit, secrets):
    """Browsers of those from whom all three are to be kept: a visitor, everybody of another district and of the city, with
    every role there is, and the leader whose idea it is."""
    browsers = {who: demo_visit(who) for who in ("", *ELSEWHERE)}
    browsers["its leader"] = reader(demo_visit, secrets["tokens"]["leader"])
    return browsers


def test_nothing_is_told_before_its_time(demo_app, demo_visit, secrets, outsiders):
    places = addresses(demo_app, secrets)
    before = snapshot(reader(demo_visit), places)
    at = clock.now() + dt.timedelta(days=2)
    decide(secrets, at)
    told = {who: seen(client, places) for who, client in outsiders.items()}
    told["in English"] = seen(reader(demo_visit), places, "/en")
    told["planner, of the draft"] = {
        address: found & {DRAFT}
        for address, found in seen(reader(demo_visit, secrets["tokens"]["planner"]), places).items()
        if DRAFT in found
    }
    assert {who: found for who, found in told.items() if found} == {}
    # A paper cannot be searched for words: the letter is not there.
    letter = f"/screening/{secrets['case_id']}/letter.pdf"
    answers = {who: client.get(letter, check=False).status_code for who, client in outsiders.items()}
    assert set(answers.values()) == {404}, answers
    # Not a figure has moved for a visitor: no count tells that there is something to tell.
    after = snapshot(reader(demo_visit), places)
    assert [address for address in before if before[address] != after.get(address)] == []
    assert tables_holding(DECISION) == {"screening_decisions"}, (
        "no notice, mail, ledger line or index says it"
    )
    for name in SECRETS[:3]:
        found = reader(demo_visit).get("/search", query_string={"q": name}, check=False, max_queries=99)
        own = {f"/dossier/{item}" for item in secrets["items"]} | {f"/plans/items/{secrets['items'][1]}"}
        assert not own & {link["href"] for link in found.page.all("a")}


def snapshot(client, places):
    """What a visitor reads at each address, without the keys of forms."""
    kept = {}
    for endpoint, address in places:
        if endpoint in RESTLESS:
            continue
        with client.get(address, check=False, max_queries=99) as answer:
            if answer.status_code == 200 and b"csrf_token" not in answer.data:
                kept[address] = answer.data
    return kept


def test_the_search_for_leaks_finds_what_may_be_seen(demo_app, demo_visit, secrets):
    places = addresses(demo_app, secrets)
    at = clock.now() + dt.timedelta(days=2)
    decide(secrets, at)
    at_work = seen(reader(demo_visit, secrets["tokens"]["planner"]), places)
    assert {DECISION, PROJECT} <= set().union(*at_work.values())
    writer = seen(reader(demo_visit, secrets["tokens"]["writer"]), places)
    assert {DRAFT} == set().union(*writer.values()) & set(SECRETS[:3])
    with clock.travel(at):
        assert jobs.run_due() >= 1
        released = seen(reader(demo_visit), places)
        assert reader(demo_visit).get(f"/screening/{secrets['case_id']}/letter.pdf").data.startswith(b"%PDF-")
        assert set().union(*released.values()) >= {DECISION, *FIGURES}
        assert len(released) >= 5, "the page, the letter, the results and the open data say it now"
        assert not set().union(*released.values()) & {DRAFT, PROJECT}
        with db.transaction("read") as session:
            events = session.scalars(
                sa.text("SELECT event FROM notices WHERE dedupe_key LIKE 'screening.released:%'")
            )
            assert "screening.released" in set(events)
