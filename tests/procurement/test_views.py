"""Pages of procurement, as people get them."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.comments.models import Purpose
from portal.core import clock as core_clock
from portal.core import db
from portal.core.actor import Role
from portal.core.ledger import LedgerEntry
from portal.procurement import queries
from portal.procurement.models import Method, Process, ProcessState, Step, StepKind
from tests.factories import accounts, actionplan, comments, cycles, places, plans, procurement
from tests.page import values

S = StepKind
NOW = "2026-11-25 09:00"


@pytest.fixture
def world(transaction, clock):
    """A running process with everything on its page, an officer and a resident."""
    clock.travel(NOW)
    with transaction():
        year = cycles.cycle()
        plan = actionplan.action_plan(year, ActionPlanState.PUBLISHED)
        project = actionplan.project(plan)
        for item in range(3):
            actionplan.link(project, plans.item(plans.plan(cycle=year), title=f"เต็นท์ชุมชนที่ {item}"))
        person = accounts.person("officer@example.org", "พัสดุ ดุสิต")
        accounts.grant(person, Role.PROCUREMENT, places.district())
        accounts.person("resident@example.org")
        process = procurement.process(
            project,
            budget_satang=8_600_000_00,
            median_price_satang=279_800_00,
            description="เต็นท์สนามพร้อมโครง ๗ รายการ",
            egp_number="69089283521",
            created_by=person.id,
        )
        procurement.done_until(process, S.DRAFT_TOR, dt.date(2026, 11, 20))
        procurement.step_done(process, S.DRAFT_TOR, dt.date(2026, 11, 23), ends_on=dt.date(2026, 11, 27))
        procurement.draft(process, "1. เต็นท์กันน้ำ\n2. ส่งมอบ 43 แห่ง", ends_on=dt.date(2026, 11, 27))
        procurement.override(
            process,
            S.DRAFT_TOR,
            "draft_short",
            '{"law":"procurement.draft_tor_days","needed":3,"given":2,"earliest":"2026-11-27","source":"ระเบียบ",'
            '"is_verified":false}',
        )
        procurement.step_planned(
            process,
            S.BID_OPENING,
            dt.date(2026, 12, 15),
            meets_at=core_clock.at(dt.date(2026, 12, 15), 10),
            place="ห้องประชุมชั้น ๒",
        )
        comments.comment(process.topic_id, purpose=Purpose.DRAFT_TOR)
        return {
            "process": process.id,
            "project": project.id,
            "topic": process.topic_id,
            "steps": {step.kind: step.id for step in db.session().scalars(sa.select(Step))},
        }


@pytest.fixture
def officer(world, client):
    client.sign_in("officer@example.org", accounts.PASSWORD)
    return client


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_everybody_reads_the_calendar_and_the_process(world, client, prefix):
    calendar = client.get(f"{prefix}/procurement", status=200).page
    assert "จัดซื้อเต็นท์สนามพร้อมโครงสำหรับชุมชน" in calendar.text
    assert "ห้องประชุมชั้น ๒" in calendar.text
    shown = client.get(f"{prefix}/procurement/{world['process']}", status=200)
    assert "69089283521" in shown.page.text
    assert "มีความจำเป็นเร่งด่วนก่อนฤดูฝน" in shown.page.text
    assert "ผู้อำนวยการเขต" in shown.page.text
    assert "เต็นท์ชุมชนที่ 2" in shown.page.text
    assert not shown.page.all("textarea")


@pytest.mark.parametrize(("baht", "is_drawn"), [(860_000, True), (859_999, False)])
def test_a_median_price_that_cannot_be_of_the_whole_is_told_not_drawn(
    world, client, transaction, baht, is_drawn
):
    with transaction() as session:
        session.get_one(Process, world["process"]).median_price_satang = baht * 100
    page = client.get(f"/en/procurement/{world['process']}", status=200).page
    drawn = {cell.text.strip() for cell in page.all("th")}
    assert ("Median price" in drawn, "Median price in the notice" in page.text) == (is_drawn, not is_drawn)
    assert f"{baht:,}" in page.text


def test_a_signed_in_resident_can_say_something_on_the_draft(world, client):
    client.sign_in("resident@example.org", accounts.PASSWORD)
    path = f"/procurement/{world['process']}"
    assert client.get(path, status=200).page.form(action=f"/comments/{world['topic']}")
    said = client.submit(
        path, {"text": "ขอให้กันแดดด้วย", "clause": "ข้อ ๒"}, action=f"/comments/{world['topic']}"
    )
    assert said.status_code == 303
    assert "ขอให้กันแดดด้วย" in client.get(path).page.text


def test_filters_keep_their_choice(world, client):
    found = client.get("/procurement?method=open&district=1002&q=เต้นท์&state=running", status=200).page
    assert "จัดซื้อเต็นท์" in found.text
    for query in ("method=direct", "district=1001", "q=ไม่มี", "state=closed", "method=x&district=y&cursor=z"):
        client.get(f"/procurement?{query}", status=200)
    assert not listed(client.get("/procurement?method=direct").page)
    assert listed(found) == [f"/procurement/{world['process']}"]


def listed(page):
    """Where the processes of the list lead."""
    return [link["href"] for heading in page.all("h3") if heading.inside("ul") for link in heading.all("a")]


def test_a_long_list_is_read_page_by_page_at_the_same_price(world, client, transaction):
    with transaction() as session:
        project = session.get_one(actionplan.Project, world["project"])
        for number in range(25):
            procurement.process(project, title=f"จัดซื้อลำดับ {number}")
    first = client.get("/procurement", status=200)
    (older,) = [link for link in first.page.links if "cursor=" in link]
    second = client.get(older, status=200)
    assert "จัดซื้อเต็นท์" in second.page.text
    assert len(second.queries) <= len(first.queries)


def test_a_district_has_a_calendar_for_phones(world, client):
    answer = client.get("/procurement/districts/1002/calendar.ics", status=200)
    text = answer.get_data(as_text=True)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "DTSTART:20261215T030000Z" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    client.get("/procurement/districts/9999/calendar.ics", status=404)


def test_a_document_has_its_own_page(world, client, transaction):
    with transaction() as session:
        document = session.scalar(sa.select(procurement.StepDocument.id))
    assert "เต็นท์กันน้ำ" in client.get(f"/procurement/documents/{document}", status=200).page.text
    client.get("/procurement/documents/999", status=404)


def test_what_is_not_there_is_not_found(world, client):
    client.get("/procurement/999", status=404)


def test_desks_are_for_officers(world, client):
    client.sign_in("resident@example.org", accounts.PASSWORD)
    for path in ("desk", "new", f"{world['process']}/work", f"{world['process']}/edit"):
        client.get(f"/procurement/{path}", status=403)


def test_an_officer_of_another_district_is_kept_out(world, client, transaction):
    with transaction():
        other = accounts.person("other@example.org")
        accounts.grant(other, Role.PROCUREMENT, places.district("1001"))
    client.sign_in("other@example.org", accounts.PASSWORD)
    step = world["steps"][S.INVITATION]
    for path in (
        f"{world['process']}/work",
        f"steps/{step}/do",
        f"steps/{step}/plan",
        f"{world['process']}/draft",
    ):
        client.get(f"/procurement/{path}", status=403)


@pytest.mark.parametrize(
    ("page", "field", "day"),
    [
        ("steps/{payment}/plan", "planned_on", "21/12/2643"),
        ("steps/{payment}/plan", "planned_on", "26/11/2579"),
        ("{process}/plan", "first", "21/12/2643"),
        ("{process}/draft", "ends_on", "21/12/2643"),
    ],
)
def test_a_day_further_off_than_ten_years_is_refused_and_kept_as_typed(officer, world, page, field, day):
    path = "/procurement/" + page.format(payment=world["steps"][S.PAYMENT], process=world["process"])
    answer = officer.submit(path, {field: day}, having={field})
    assert answer.status_code == 422
    assert day in answer.text
    assert "ภายใน 10 ปี" in answer.text


def test_a_day_of_another_age_locks_no_desk(officer, world, transaction):
    with transaction() as session:
        session.get_one(Step, world["steps"][S.PAYMENT]).planned_on = dt.date(2100, 12, 21)
        session.get_one(Step, world["steps"][S.PROCUREMENT_PLAN]).actual_on = dt.date(1900, 1, 1)
    for path in (f"{world['process']}/work", *(f"steps/{step}/plan" for step in world["steps"].values())):
        officer.get(f"/procurement/{path}", status=200)
    fields = {"planned_on": "21/12/2569", "reason": "พิมพ์ปีผิด"}
    path = f"/procurement/steps/{world['steps'][S.PAYMENT]}/plan"
    assert officer.submit(path, fields, having={"planned_on"}).status_code == 303


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_an_officer(officer, world, prefix):
    process, steps = world["process"], world["steps"]
    for view in ("running", "mine", "overdue", "undated", "done"):
        officer.get(f"{prefix}/procurement/desk?view={view}", status=200)
    for path in ("new", *(f"{process}/{one}" for one in ("work", "edit", "plan", "cancel", "draft"))):
        officer.get(f"{prefix}/procurement/{path}", status=200)
    for kind, step in steps.items():
        verbs = ["documents", "skip", "plan", "correct"] + (["do"] if kind is not S.DRAFT_TOR else [])
        for verb in verbs:
            officer.get(f"{prefix}/procurement/steps/{step}/{verb}", status=200)
    officer.get(f"{prefix}/procurement/{process}", status=200)


def test_a_process_is_begun(officer, world, transaction):
    answer = officer.submit(
        "/procurement/new",
        {
            "projects": [str(world["project"])],
            "title": "จัดซื้อเก้าอี้พลาสติก",
            "way": "direct",
            "category": "goods",
            "budget_satang": "๙๐,๐๐๐",
            "begins_on": "1/12/2569",
        },
        action="/procurement/new",
    )
    assert answer.status_code == 303
    with transaction() as session:
        made = session.scalars(sa.select(Process).order_by(Process.id.desc())).first()
        assert (made.method, made.budget_satang) == (Method.DIRECT, 90_000_00)
        assert made.ocid.startswith("ocds-213czf-1002-")


def test_a_warning_keeps_what_was_typed_and_asks_who_signed(officer, world, transaction):
    typed = {
        "projects": [str(world["project"])],
        "title": "ปรับภูมิทัศน์",
        "way": "direct",
        "category": "services",
        "budget_satang": "5,843,799.50",
    }
    refused = officer.submit("/procurement/new", typed, action="/procurement/new")
    assert refused.status_code == 422
    page = refused.page
    assert "ปรับภูมิทัศน์" in refused.get_data(as_text=True)
    assert "5,843,799.50" in page.text
    assert not page.problems()
    form = page.form(having={"override_reason"})
    token = next(one["value"] for one in form.all("input") if one["name"] == "csrf_token")
    receipt = next(one["value"] for one in form.all("input") if one["name"] == "form_token")
    signed = {"override_reason": "งานต่อเนื่อง", "override_signer": "ผู้อำนวยการเขต"}
    accepted = officer.post(
        "/procurement/new", data={**typed, **signed, "csrf_token": token, "form_token": receipt}
    )
    assert accepted.status_code == 303
    with transaction() as session:
        made = session.scalars(sa.select(Process.id).order_by(Process.id.desc())).first()
        events = session.scalars(
            sa.select(LedgerEntry.event).where(
                LedgerEntry.subject_kind == "process", LedgerEntry.subject_id == made
            )
        ).all()
    assert events == ["process.created", "process.rule_overridden", "process.released"]
    assert "งานต่อเนื่อง" in officer.get(f"/procurement/{made}").page.text


def test_nobody_is_invited_before_the_remarks_are_answered(officer, world, clock):
    clock.travel("2026-11-30 09:00")
    path = f"/procurement/steps/{world['steps'][S.INVITATION]}/do"
    refused = officer.submit(path, {"actual_on": "30/11/2569", "ends_on": "30/12/2569"}, action=path)
    assert refused.status_code == 422
    assert "ของพอร์ทัลเอง" in refused.page.text
    assert not refused.page.all("textarea")[0]["id"].startswith("override")
    assert "30/12/2569" in refused.get_data(as_text=True)


def test_a_step_is_done_through_its_page(officer, world, clock, transaction):
    with transaction() as session:
        process = session.get_one(Process, world["process"])
        procurement.step_done(process, S.INVITATION, dt.date(2026, 11, 1), ends_on=dt.date(2026, 11, 24))
    path = f"/procurement/steps/{world['steps'][S.BID_OPENING]}/do"
    done = officer.submit(path, {"actual_on": "25/11/2569"}, action=path)
    assert done.status_code == 303
    again = officer.post(path, data={"actual_on": "25/11/2569"})
    assert again.status_code in (400, 409)


def test_a_double_click_does_a_step_once(officer, world, transaction):
    path = f"/procurement/steps/{world['steps'][S.MONTHLY_SUMMARY]}/skip"
    form = officer.get(path, status=200).page.form(action=path)
    data = {one["name"]: one["value"] for one in form.all("input")} | {"reason": "รวมในเดือนถัดไป"}
    first, second = officer.post(path, data=data), officer.post(path, data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location


def test_the_second_editor_sees_both_and_loses_nothing(officer, world, transaction):
    path = f"/procurement/{world['process']}/edit"
    form = officer.get(path, status=200).page.form(action=path)
    with transaction() as session:
        session.get_one(Process, world["process"]).title = "จัดซื้อเต็นท์ ฉบับของคนอื่น"
    answer = officer.post(path, data={**values(form), "title": "จัดซื้อเต็นท์ ฉบับของฉัน"})
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert "ฉบับของคนอื่น" in html
    assert "ฉบับของฉัน" in html


def test_a_cancelled_process_keeps_its_page(officer, world, new_client):
    path = f"/procurement/{world['process']}/cancel"
    assert officer.submit(path, {"reason": ""}, action=path).status_code == 422
    assert officer.submit(path, {"reason": "ไม่มีผู้เสนอราคา"}, action=path).status_code == 303
    assert "ไม่มีผู้เสนอราคา" in new_client().get(f"/procurement/{world['process']}", status=200).page.text
    told = new_client().get(f"/en/procurement/{world['process']}").page.text
    assert "was not done" in told
    assert "no date yet" not in told
    officer.get(f"/procurement/{world['process']}/work", status=200)
    late = officer.submit(
        f"/procurement/steps/{world['steps'][S.INVITATION]}/skip", {"reason": "ไม่ใช้"}, action="/skip"
    )
    assert late.status_code == 409


def test_a_closed_process_reads_the_same(world, client, transaction):
    with transaction() as session:
        process = session.get_one(Process, world["process"])
        process.state, process.ended_on = ProcessState.CLOSED, process.created_at.date()
    client.get(f"/procurement/{world['process']}", status=200)


def test_the_draft_is_no_form_any_more_once_suppliers_are_invited(officer, world, transaction):
    path = f"/procurement/{world['process']}/draft"
    officer.get(path, status=200)
    with transaction() as session:
        procurement.step_done(session.get_one(Process, world["process"]), S.INVITATION, dt.date(2026, 11, 24))
    refused = officer.get(path, status=409)
    assert f"/procurement/{world['process']}" in refused.page.links


def test_residents_speak_on_a_clause_and_read_what_changed(world, client, new_client):
    path = f"/procurement/{world['process']}/draft-terms"
    assert "ข้อ 2" in client.get(path, status=200).page.text
    resident, officer = new_client(), new_client()
    resident.sign_in("resident@example.org", accounts.PASSWORD)
    asked, action = f"{path}?clause=2", f"/comments/{world['topic']}"
    form = resident.get(asked, status=200).page.form(action=action)
    assert values(form)["clause"] == ["ข้อ 2"]
    assert resident.submit(asked, {"text": "ขอให้ส่งถึงซอย"}, action=action).status_code == 303
    officer.sign_in("officer@example.org", accounts.PASSWORD)
    draft = f"/procurement/{world['process']}/draft"
    changed = {"text": "1. เต็นท์กันน้ำ\n2. ส่งมอบถึงซอย 43 แห่ง", "ends_on": "30/11/2569"}
    assert officer.submit(draft, changed, action=draft).status_code == 422  # it says what is new
    changed["changes"] = "ส่งถึงซอย"
    assert officer.submit(draft, changed, action=draft).status_code == 303
    page = client.get(path, status=200).page
    assert "ถึงซอย" in "".join(one.text for one in page.all("ins"))
    assert "ขอให้ส่งถึงซอย" in page.text
    assert (
        "ถึงซอย" not in client.get(f"{path}?wording=1", status=200).page.all("section")[2].text.split("ขอ")[0]
    )
    client.get(f"{path}?wording=9", status=404)


def test_a_contract_is_divided_amended_delivered_accepted_and_paid(
    officer, world, transaction, new_client, clock
):
    clock.travel("2026-12-21 09:00")
    with transaction() as session:
        process = session.get_one(Process, world["process"])
        procurement.done_until(process, S.AWARD, dt.date(2026, 11, 24))
        for kind in (S.AWARD, S.APPEAL):
            procurement.step_done(process, kind, dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 15))
        award = procurement.award(process, satang=8_000_000_00)

    def posts(path, **typed):
        answer = officer.submit(path, typed, action=path)
        assert answer.status_code == 303, answer.page.text
        officer.get(f"/procurement/{world['process']}/contracts", status=200)

    posts(f"/procurement/{world['process']}/tenderers", offers="ร้านหนึ่ง | 8,000,000\nร้านสอง | 8,200,000")
    posts(f"/procurement/awards/{award.id}/sign", contract_number="1/2570", ends_on="30/6/2570")
    with transaction():
        (contract,) = queries.contracts_of(world["process"])
    posts(f"/procurement/contracts/{contract.id}/amend", new_ends_on="30/7/2570", reason="น้ำท่วม")
    parts = {"what_1": "งวดแรก", "amount_1": "5,000,000", "what_2": "งวดสอง", "amount_2": "3,000,000"}
    posts(f"/procurement/contracts/{contract.id}/instalments", **parts)
    with transaction():
        first = queries.instalments_of(world["process"])[0]
    for given in ({}, {"committee_size": "3"}, {"paid_satang": "4,900,000", "voucher": "ฎ. 12/2570"}):
        posts(f"/procurement/instalments/{first.id}", **given)
    text = new_client().get(f"/procurement/{world['process']}", status=200).page.text
    for shown in ("1/2570", "ร้านสอง", "น้ำท่วม", "4,900,000", "ฎ. 12/2570", "งวดสอง"):
        assert shown in text
