"""What changed from one edition to another, as everybody reads it."""

import datetime as dt

import pytest

from portal.core import clock
from portal.plans import queries
from portal.plans.commands import writing
from portal.plans.models import Item, Plan, PlanState
from tests.factories import accounts, plans


@pytest.fixture
def changed(world, transaction):
    """A plan of three items handed in twice: texts, money and order changed, one item withdrawn, one added."""
    here = world(state=PlanState.SUBMITTED, items=3)
    with transaction() as session, clock.travel(clock.now() + dt.timedelta(days=1)):
        plan = session.get_one(Plan, here.id)
        leader = accounts.leader(here.community)
        first, second, third = (session.get_one(Item, number) for number in here.items)
        first.proposal = "รื้อผิวเดิมและเทยางมะตอยใหม่พร้อมราวจับ"
        first.beneficiaries = None
        line, _other = queries.lines_of([first.id])[first.id]
        line.unit_price_satang, line.amount_satang = 4_000_00, 10_000_00
        first.budget_satang = 22_500_00
        writing.mark_withdrawn(leader, second, "รวมกับข้ออื่นแล้ว")
        first.rank, third.rank = 2, 1
        plans.item(plan, title="ลานกีฬา", created_at=plan.submitted_at)
        plans.hand_in(plan, leader)
    return here


@pytest.mark.parametrize(
    ("lang", "marks"), [("", ("[เพิ่ม]", "[ตัดออก]")), ("/en", ("[inserted]", "[deleted]"))]
)
def test_words_money_and_order_that_changed(changed, client, lang, marks):
    text = client.get(f"{lang}/plans/{changed.id}/editions/2/changes", status=200).page.text
    inserted, deleted = marks
    assert f"{inserted} ยางมะตอย" in text
    assert f"{deleted} คอนกรีต" in text
    assert "รื้อผิวเดิมและเท" in text
    assert "฿12,500" in text
    assert "(−฿2,500)" in text
    assert "รวมกับข้ออื่นแล้ว" in text
    assert "ลานกีฬา" in text
    assert "วัสดุรายการที่ 1" in text
    assert "วัสดุรายการที่ 2" not in text


def test_the_other_way_round_and_with_itself(changed, client):
    text = client.get(f"/en/plans/{changed.id}/editions/1/changes?from=2", status=200).page.text
    assert "[inserted] คอนกรีต" in text
    assert (
        "Nothing changed"
        in client.get(f"/en/plans/{changed.id}/editions/2/changes?from=2", status=200).page.text
    )


def test_unknown_editions_are_not_found(changed, client):
    for rest in (
        "1/changes",
        "3/changes",
        "2/changes?from=9",
        "2/changes?from=",
        "2/changes?from=x",
        "2/changes?from=-1",
    ):
        client.get(f"/plans/{changed.id}/editions/{rest}", status=404)
    client.get("/plans/999999/editions/2/changes", status=404)


def test_pages_lead_there(changed, client):
    link = f"/plans/{changed.id}/editions/2/changes"
    for page in ("", "/editions/2"):
        assert link in client.get(f"/plans/{changed.id}{page}", status=200).page.links
    assert (
        f"/plans/{changed.id}/editions/1/changes"
        not in client.get(f"/plans/{changed.id}", status=200).page.links
    )


def test_what_was_asked_back_in_between_stands_there(world, transaction, client):
    here = world(state=PlanState.RETURNED)
    with transaction() as session, clock.travel(clock.now() + dt.timedelta(days=1)):
        plans.hand_in(session.get_one(Plan, here.id), accounts.leader(here.community))
    page = client.get(f"/plans/{here.id}/editions/2/changes", status=200).page
    assert "ขอให้ระบุจำนวนผู้ได้รับประโยชน์ให้ชัดเจน" in page.text
    assert "ไม่มีอะไรเปลี่ยนแปลง" in page.text
