import datetime as dt

import pytest

from portal.actionplan.models import ActionPlanState, MoneyStep, NotYet, ProjectMoney
from portal.core import clock, db
from portal.cycles.models import PhaseKind
from portal.dossier import stops, words
from portal.observation.models import SignupState
from portal.plans.models import PlanState
from portal.procurement.models import StepKind
from portal.procurement.words import STEPS
from portal.screening.models import Answer, CardAnswer, Outcome
from tests.factories import (
    accounts,
    actionplan,
    cycles,
    forums,
    observation,
    places,
    plans,
    procurement,
    screening,
)


@pytest.fixture
def world(transaction):
    """One community's plan, handed in, with two items."""
    with transaction():
        community = places.community(name="วัดโบสถ์สามเสน")
        cycle = cycles.cycle(open=PhaseKind.SCREENING)
        forum = forums.forum(community, cycle)
        issue = forums.issue(forum, problem="ไฟทางเดินริมคลองดับ")
        plan = plans.plan(community, cycle, items=0)
        first = plans.item(plan, title="ไฟโซลาร์เซลล์ทางเดินริมคลอง", issue_id=issue.id)
        second = plans.item(plan, title="เต็นท์สนามสำหรับงานชุมชน")
        plans.sign(plan)
        plans.hand_in(plan, accounts.leader(community))
    return {"cycle": cycle, "plan": plan, "first": first, "second": second, "community": community}


def page_of(client, item, **kwargs):
    return client.get(f"/dossier/{item.id}", status=200, **kwargs).page


def states(page):
    (line,) = [one for one in page.all("ol") if one["class"].startswith("line")]
    return [(one.all("a", "span")[1].text, one["class"]) for one in line.all("li")]


def test_an_idea_that_waits_shows_its_forum_and_no_answer(world, client):
    page = page_of(client, world["first"])
    assert "ไฟทางเดินริมคลองดับ" in page.text
    assert "รอคำตอบ" in page.text
    assert [state for _label, state in states(page)] == [
        "done",
        "done",
        "now",
        "next",
        "next",
        "next",
        "next",
    ]


def test_nothing_leaks_before_release(world, client, transaction):
    with transaction():
        case = screening.decided(world["first"], Outcome.REJECT, released=False, reason="เหตุผลที่ยังไม่เผยแพร่")
        db.session().add(
            CardAnswer(
                case_id=case.id,
                criterion="complete",
                answer=Answer.NOT_MET,
                reason="คำตอบลับ",
                answered_by=accounts.person().id,
                answered_at=clock.now(),
            )
        )
    page = page_of(client, world["first"])
    assert "เหตุผลที่ยังไม่เผยแพร่" not in page.text
    assert "คำตอบลับ" not in page.text
    assert "ไม่เห็นชอบ" not in page.text


def test_a_release_in_the_future_is_not_shown_yet(world, client, transaction, clock):
    with transaction():
        case = screening.decided(world["first"], Outcome.REJECT, reason="เหตุผลของวันพรุ่งนี้")
        case.released_at = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        case.appeals_until = case.released_at + dt.timedelta(days=15)
    assert "เหตุผลของวันพรุ่งนี้" not in page_of(client, world["first"]).text
    clock.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    page = page_of(client, world["first"])
    assert "เหตุผลของวันพรุ่งนี้" in page.text
    assert states(page)[-1] == ("ไม่เห็นชอบ", "done")


def test_a_draft_and_an_item_added_since_are_no_pages(world, client, transaction):
    with transaction():
        draft = plans.plan(places.community(), world["cycle"], PlanState.DRAFT, items=1)
        hidden = plans.item(draft)
        late = plans.item(world["plan"], created_at=clock.now() + dt.timedelta(seconds=5))
    client.get(f"/dossier/{hidden.id}", status=404)
    client.get(f"/dossier/{late.id}", status=404)
    client.get("/dossier/999999", status=404)


def test_what_is_changed_after_a_return_is_not_public(world, client, transaction):
    with transaction() as session:
        item = session.merge(world["first"])
        item.problem = "ข้อความที่กำลังแก้"
    page = page_of(client, world["first"])
    assert "ข้อความที่กำลังแก้" not in page.text


@pytest.fixture
def bought(world, transaction):
    with transaction() as session:
        screening.decided(
            world["first"], Outcome.ACCEPT_CHANGED, reason="ลดจำนวนตามราคากลาง", changes="ลดเหลือ 5 ชุด"
        )
        made = actionplan.action_plan(world["cycle"], ActionPlanState.PUBLISHED)
        project = actionplan.project(made)
        actionplan.link(project, world["first"])
        person = accounts.person(position="เจ้าหน้าที่แผน")
        for step in (MoneyStep.REQUESTED, MoneyStep.ALLOCATED):
            session.add(
                ProjectMoney(
                    project_id=project.id,
                    step=step,
                    amount_satang=90_000_00,
                    on=clock.today(),
                    note="ข้อบัญญัติงบประมาณ",
                    entered_by=person.id,
                    entered_at=clock.now(),
                )
            )
        process = procurement.process(project)
        procurement.step_done(process, StepKind.MEDIAN_PRICE)
    return {**world, "project": project, "process": process, "action_plan": made}


def test_the_whole_way_is_on_the_page(bought, client, transaction):
    page = page_of(client, bought["first"])
    for said in ("ลดจำนวนตามราคากลาง", "ลดเหลือ 5 ชุด", bought["project"].name, "฿90,000"):
        assert said in page.text, said
    assert [state for _label, state in states(page)] == ["done"] * 5 + ["now", "next"]
    with transaction() as session:
        process = session.merge(bought["process"])
        for kind in (StepKind.CONTRACT, StepKind.ACCEPTANCE):
            procurement.step_done(process, kind)
    page = page_of(client, bought["first"])
    assert "ส่งมอบและตรวจรับแล้ว" in page.text
    assert {state for _label, state in states(page)} == {"done"}


@pytest.mark.parametrize("step", [MoneyStep.REFUSED, MoneyStep.REQUESTED])
def test_money_nobody_gave_is_not_done_by_what_was_bought(bought, client, transaction, step):
    with transaction() as session:
        session.add(
            ProjectMoney(
                project_id=bought["project"].id,
                step=step,
                amount_satang=90_000_00,
                on=clock.today(),
                note="ขอใหม่ในรอบถัดไป",
                entered_by=accounts.person().id,
                entered_at=clock.now(),
            )
        )
        procurement.step_done(session.merge(bought["process"]), StepKind.CONTRACT)
    money, buying, acceptance = str(words.MONEY[step]), "จัดซื้อจัดจ้าง", "ตรวจรับ"
    line = states(page_of(client, bought["first"]))[-3:]
    assert line == [(buying, "done"), (money, "now"), (acceptance, "next")]
    with transaction() as session:
        procurement.step_done(session.merge(bought["process"]), StepKind.ACCEPTANCE)
    line = states(page_of(client, bought["first"]))[-3:]
    assert line == [(buying, "done"), (acceptance, "done"), (money, "now")]


def test_a_second_instalment_is_told_once_with_the_first(bought, client, transaction):
    """Each entry says the sum so far; two of them are not two sums."""
    with transaction() as session:
        for number, satang in enumerate((40_000_00, 90_000_00)):
            session.add(
                ProjectMoney(
                    project_id=bought["project"].id,
                    step=MoneyStep.TRANSFERRED,
                    amount_satang=satang,
                    on=clock.today(),
                    entered_by=accounts.person().id,
                    entered_at=clock.now() + dt.timedelta(minutes=number),
                )
            )
    path = next(one for one in page_of(client, bought["first"]).all("table") if "โอนแล้ว" in one.text).text
    assert path.count("โอนแล้ว") == 1
    assert "฿40,000" not in path


def test_what_was_paid_and_what_an_observer_saw(bought, client, transaction):
    with transaction() as session:
        process = session.merge(bought["process"])
        process.supplier, process.award_satang, process.paid_satang = "ร้านตัวอย่าง", 80_000_00, 79_500_00
        procurement.step_done(process, StepKind.PAYMENT)
        step = procurement.step(process, StepKind.ACCEPTANCE)
        seen = observation.report(
            observation.signup(step, state=SignupState.ATTENDED), seen="นับเต็นท์ครบต่อหน้าทุกคน"
        )
        observation.answer(seen, "ขอบคุณ ผู้ขายเปลี่ยนผ้าใบแล้ว")
        hidden = observation.report(
            observation.signup(step, state=SignupState.ATTENDED), seen="ไม่ให้เผยแพร่", is_public=False
        )
        observation.answer(hidden, "คำตอบที่ไม่เผยแพร่")
    page = page_of(client, bought["first"])
    assert "฿79,500" in page.text
    assert "นับเต็นท์ครบต่อหน้าทุกคน" in page.text
    assert f"/observation/reports/{seen.id}" in page.links
    assert "ขอบคุณ ผู้ขายเปลี่ยนผ้าใบแล้ว" in page.text
    assert "ไม่ให้เผยแพร่" not in page.text
    assert "คำตอบที่ไม่เผยแพร่" not in page.text


def test_what_happened_on_one_day_stands_newest_first_too(bought, client, transaction):
    with transaction() as session:
        for kind in (StepKind.CONTRACT, StepKind.DELIVERY, StepKind.ACCEPTANCE):
            procurement.step_done(session.merge(bought["process"]), kind)
    (told,) = [one for one in page_of(client, bought["first"]).all("ol") if one["class"] == "timeline"]
    titles = [one.text for one in told.all("h3")]
    wanted = [str(STEPS[kind]) for kind in (StepKind.ACCEPTANCE, StepKind.DELIVERY, StepKind.CONTRACT)]
    assert [one for one in titles if one in wanted] == wanted


def test_a_draft_action_plan_shows_nothing(world, client, transaction):
    with transaction():
        screening.decided(world["first"])
        made = actionplan.action_plan(world["cycle"], ActionPlanState.DRAFT)
        project = actionplan.project(made, name="โครงการที่ยังไม่เปิดเผย")
        actionplan.link(project, world["first"])
    page = page_of(client, world["first"])
    assert "โครงการที่ยังไม่เปิดเผย" not in page.text
    assert "เห็นชอบแล้ว ยังไม่บรรจุในแผน" in page.text


def test_why_it_is_not_in_the_plan_yet_is_said(world, client, transaction):
    with transaction() as session:
        screening.decided(world["first"])
        made = actionplan.action_plan(world["cycle"], ActionPlanState.HEARING)
        session.add(
            NotYet(
                action_plan_id=made.id,
                item_id=world["first"].id,
                reason="รอผลสำรวจแนวเขตที่ดิน",
                given_by=accounts.person().id,
                given_at=clock.now(),
            )
        )
    assert "รอผลสำรวจแนวเขตที่ดิน" in page_of(client, world["first"]).text


def test_the_number_of_queries_does_not_grow(bought, client, transaction):
    page = f"/dossier/{bought['first'].id}"
    first = len(client.get(page, status=200).queries)
    few = len(client.get(page, status=200).queries)
    assert (first, few) == (6, 5)  # the words of the editions are read once for good
    with transaction() as session:
        made = session.merge(bought["action_plan"])
        for _ in range(4):
            project = actionplan.project(made)
            actionplan.link(project, bought["first"])
            procurement.process(project)
    assert len(client.get(page, status=200).queries) <= few


def test_in_english(bought, client):
    page = client.get(f"/en/dossier/{bought['first'].id}", status=200).page
    assert "Accepted with changes" in page.text


@pytest.mark.parametrize(
    ("days", "order"),
    [
        ((6, 8, None), "abc"),
        ((8, 6, None), "bac"),
        ((9, 6, 8), "bca"),
        ((None, 6, 8), "abc"),
        ((None,) * 3, "abc"),
    ],
)
def test_what_is_done_stands_in_the_order_of_its_days(days, order):
    told = [day and dt.date(2026, 10, day) for day in days]
    assert "".join(stops.by_day(list("abc"), told)) == order
