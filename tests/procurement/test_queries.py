"""What the public and the desk read."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanState
from portal.core import clock, i18n, thai
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import NotFound
from portal.core.topics import Topic
from portal.procurement import queries, words
from portal.procurement.models import Method, Process, StepKind, is_of_whole
from tests.factories import accounts, actionplan, cycles, places, procurement


def test_a_process_for_a_published_plan_is_public(project):
    process = procurement.process(project)
    assert queries.process_visible(ANONYMOUS, process.id) is process
    assert [row.id for row in queries.processes(ANONYMOUS).rows] == [process.id]


def test_a_process_for_a_draft_is_seen_by_the_districts_officers_only(db):
    plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.DRAFT)
    process = procurement.process(actionplan.project(plan))
    here = accounts.officer(Role.PROCUREMENT, places.district())
    elsewhere = accounts.officer(Role.PROCUREMENT, places.district("1001"))
    assert queries.process_visible(here, process.id) is process
    for actor in (ANONYMOUS, elsewhere):
        with pytest.raises(NotFound):
            queries.process_visible(actor, process.id)
        assert queries.processes(actor).rows == []


@pytest.mark.parametrize(
    ("median", "budget", "is_whole"),
    [
        (900_000_00, 900_000_00, True),
        (950_000_00, 900_000_00, True),
        (90_000_00, 900_000_00, True),
        (89_999_99, 900_000_00, False),
        (1, 900_000_00, False),
        (0, 0, True),
        (10**15, 10**16, True),
        (10**15 - 1, 10**16, False),
    ],
)
def test_a_query_holds_a_price_to_the_rule_of_the_release(project, db, median, budget, is_whole):
    process = procurement.process(project, median_price_satang=median, budget_satang=budget)
    rule = is_of_whole(Process.median_price_satang, Process.budget_satang)
    found = db.scalars(sa.select(Process.id).where(rule)).all()
    assert is_of_whole(median, budget) is process.is_median_of_whole is is_whole
    assert found == [process.id] * is_whole


def test_no_query_finds_a_price_that_is_not_known(project, db):
    process = procurement.process(project, median_price_satang=None)
    rule = is_of_whole(Process.median_price_satang, Process.budget_satang)
    assert db.scalars(sa.select(Process.id).where(rule)).all() == []
    assert process.is_median_of_whole


def test_a_lot_belongs_to_every_project_it_buys_for(project, db):
    plan = db.get_one(ActionPlan, project.action_plan_id)
    other = actionplan.project(plan, "จัดหาเก้าอี้สำหรับชุมชน")
    process = procurement.process([project, other])
    rows = queries.processes_of_projects(ANONYMOUS, [project.id, other.id])
    assert {(row.id, row.project_id) for row in rows} == {(process.id, project.id), (process.id, other.id)}
    assert [one.name for one in queries.bought_for(process.id)] == [project.name, other.name]


def test_sixteen_steps_in_order(project):
    process = procurement.process(project, Method.DIRECT)
    steps = queries.steps_of(process.id)
    assert [step.kind for step in steps] == list(StepKind)
    assert {step.kind for step in steps if step.is_skipped} == {
        StepKind.DRAFT_TOR,
        StepKind.INVITATION,
        StepKind.BID_OPENING,
        StepKind.EVALUATION,
        StepKind.APPEAL,
    }


def test_steps_to_come_stand_in_the_calendar_nearest_first(project):
    process = procurement.process(project)
    today = clock.today()
    procurement.step_planned(process, StepKind.ACCEPTANCE, today + dt.timedelta(days=9))
    procurement.step_planned(process, StepKind.BID_OPENING, today + dt.timedelta(days=2))
    procurement.step_planned(process, StepKind.MEDIAN_PRICE, today - dt.timedelta(days=2))
    procurement.step_planned(process, StepKind.AWARD, today, is_open_to_observers=False)
    assert [row.kind for row in queries.open_steps(ANONYMOUS)] == [StepKind.BID_OPENING, StepKind.ACCEPTANCE]
    assert queries.open_steps(ANONYMOUS, 1001) == []


def test_text_finds_a_process_however_tents_are_spelt(project):
    procurement.process(project)
    assert len(queries.processes(ANONYMOUS, text="เต้นท์").rows) == 1
    assert queries.processes(ANONYMOUS, text="ไม่มีคำนี้").rows == []
    assert queries.processes(ANONYMOUS, text="!!!").rows == []


def test_a_word_that_thousands_of_newer_ideas_hold_hides_no_process(project, db):
    procurement.process(project)
    title = "เต็นท์ใหม่"
    idea = {"kind": "item", "title": title, "tokens": thai.tokens(title), "created_at": clock.now()}
    db.execute(sa.insert(Topic), [idea] * 2001)
    assert len(queries.processes(ANONYMOUS, text="เต็นท์").rows) == 1
    buyer = accounts.officer(Role.PROCUREMENT, places.district())
    assert [one.name for one in queries.desk_projects(buyer, "เต็นท์")] == [project.name]


def test_a_cancelled_process_buys_for_nobody(project):
    buyer = accounts.officer(Role.PROCUREMENT, places.district())
    procurement.process(project)
    procurement.process(project, state="cancelled", cancel_reason="ไม่มีผู้เสนอราคา")
    assert [one.processes for one in queries.desk_projects(buyer)] == [1]


def test_a_process_is_said_to_buy_as_its_form_called_it(project):
    with i18n.speaking("en"):
        assert words.way_name(procurement.process(project)) == "Open: electronic bidding"
        assert words.way_name(procurement.process(project, method_details="อื่น ๆ")) == "Open invitation"


def test_the_list_knows_which_step_was_done_last_and_how_long_a_window_is_open(project):
    process = procurement.process(project)
    assert [(row.reached, row.open_until) for row in queries.processes(ANONYMOUS).rows] == [(None, None)]
    procurement.step_done(process, StepKind.MEDIAN_PRICE)
    end = clock.today() + dt.timedelta(days=3)
    procurement.step_done(process, StepKind.DRAFT_TOR, ends_on=end)
    assert [(row.reached, row.open_until) for row in queries.processes(ANONYMOUS).rows] == [
        (StepKind.DRAFT_TOR, end)
    ]


def test_the_desk_shows_the_next_step_and_what_is_late(project):
    officer = accounts.officer(Role.PROCUREMENT, places.district())
    late = procurement.process(project, created_by=officer.id)
    fresh = procurement.process(project)
    procurement.step_done(late, StepKind.PROCUREMENT_PLAN)
    procurement.step_planned(late, StepKind.COMMITTEE, clock.today() - dt.timedelta(days=1))
    rows = {row.id: row for row in queries.desk(officer, "running").rows}
    assert rows[late.id].kind is StepKind.COMMITTEE
    assert rows[fresh.id].kind is StepKind.PROCUREMENT_PLAN
    assert [row.id for row in queries.desk(officer, "overdue").rows] == [late.id]
    assert [row.id for row in queries.desk(officer, "mine").rows] == [late.id]
    assert [row.id for row in queries.desk(officer, "undated").rows] == [fresh.id]
    assert queries.desk(officer, "done").rows == []
