"""Pages of progress: everybody's, writing, certifying, the form as a paper."""

import io

import pytest
from pypdf import PdfReader

from portal.actionplan.models import ActionPlanState, Project, Section
from portal.actionplan.words import SECTIONS
from portal.core import i18n
from portal.core.actor import ANONYMOUS, Role
from portal.progress import paper, queries
from portal.progress.models import ProgressSheet
from tests.factories import accounts, actionplan, cycles, places, procurement, progress
from tests.page import values


@pytest.fixture
def world(transaction):
    """A followed project with one certified report; two officers who can sign in."""
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(fiscal_year=2570), ActionPlanState.PUBLISHED)
        project, other = actionplan.project(plan), actionplan.project(plan, "ติดตั้งไฟริมคลอง")
        progress.transfer(project, 500_000_00)
        people = [accounts.person(f"{who}@example.org") for who in ("writer", "second")]
        for person in people:
            accounts.grant(person, Role.PLANNER, places.district())
        writer, second = (accounts.actor_of(person) for person in people)
        sheet = progress.sheet(writer, project)
        progress.report(writer, second, sheet.id, 20, spent_satang=100_000_50, text="สำรวจและสั่งซื้อเต็นท์แล้ว")
        return {"sheet": sheet.id, "project": project.id, "other": other.id}


def sign_in(client, who):
    client.sign_in(f"{who}@example.org", accounts.PASSWORD)
    return client


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_everybody_reads_what_is_certified(client, world, prefix):
    at = f"{prefix}/progress/{world['sheet']}"
    assert at in client.get(f"{prefix}/progress", status=200).page.links
    page = client.get(at, status=200).page
    assert "สำรวจและสั่งซื้อเต็นท์แล้ว" in page.text
    assert "20%" in page.text
    client.get(f"{at}/reports/1", status=200)
    client.get(f"{at}/reports/2", status=404)
    client.get(f"{prefix}/progress?standing=finished&district=1002", status=200)
    client.get("/progress/999", status=404)
    assert at in client.get(f"{prefix}/actionplan/projects/{world['project']}", status=200).page.links


@pytest.mark.parametrize(
    ("paid", "shared", "is_told"),
    [(300_000_00, False, True), (100_000_50, False, False), (300_000_00, True, False)],
)
def test_the_list_says_what_procurement_paid_beyond_the_reports(
    client, world, transaction, paid, shared, is_told
):
    with transaction() as session:
        bought = [session.get_one(Project, world[name]) for name in ("project", "other")[: 1 + shared]]
        procurement.process(bought, paid_satang=paid)
        procurement.process(bought[0], paid_satang=999_000_00, state="cancelled", cancel_reason="ไม่มีผู้เสนอ")
    page = client.get("/en/progress", status=200).page
    assert ("Procurement paid ฿300,000" in page.text) == is_told
    assert "100,000.50" in page.text


def test_one_writes_another_certifies_and_nothing_is_public_before(
    client, new_client, world, clock, transaction
):
    clock.travel("2026-12-20 09:00")
    writer, second = sign_in(client, "writer"), sign_in(new_client(), "second")
    at = f"/progress/{world['sheet']}"
    said = {
        "reported_on": "20/12/2569",
        "text": "ส่งมอบเต็นท์แล้วครึ่งหนึ่ง",
        "done": "๕๕.๕",
        "spent_satang": "0",
        "is_on_plan": "no",
        "is_on_target": "yes",
    }
    refused = writer.submit(f"{at}/write", said, button=("do", "send"))
    assert refused.status_code == 422
    assert "ส่งมอบเต็นท์แล้วครึ่งหนึ่ง" in refused.page.text
    sent = writer.submit(f"{at}/write", {**said, "reason": "ผู้ขายส่งช้า"}, button=("do", "send"))
    assert sent.status_code == 303
    assert "ส่งมอบเต็นท์แล้วครึ่งหนึ่ง" not in new_client().get(at, status=200).page.text
    writer.get(f"{at}/certify", status=403)
    assert f"{at}/certify" in second.get("/progress/desk?view=certify", status=200).page.links
    assert second.submit(f"{at}/certify").status_code == 303
    page = new_client().get(at, status=200).page
    assert "ส่งมอบเต็นท์แล้วครึ่งหนึ่ง" in page.text
    assert "ผู้ขายส่งช้า" in page.text
    assert "55.50%" in page.text
    with transaction() as session:
        assert session.get_one(ProgressSheet, world["sheet"]).done == 5550


def test_a_project_is_followed_from_the_desk(client, world, transaction):
    writer = sign_in(client, "writer")
    at = f"/progress/projects/{world['other']}/open"
    assert at in writer.get("/progress/desk?view=open", status=200).page.links
    assert writer.submit(at, {"responsible": ""}).status_code == 422
    assert writer.submit(at, {"responsible": "หัวหน้าฝ่ายโยธา", "first": "10"}).status_code == 303
    with transaction() as session:
        sheet = session.query(ProgressSheet).filter_by(project_id=world["other"]).one()
        assert sheet.planned == [1000, 5000, 7500, 10000]
    for view in ("due", "late", "stalled", "certify", "all"):
        writer.get(f"/progress/desk?view={view}", status=200)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_sheet_begins_with_the_plans_section_in_thai_whatever_the_officer_reads(client, world, prefix):
    at = f"{prefix}/progress/projects/{world['other']}/open"
    given = values(sign_in(client, "writer").get(at, status=200).page.form(action=at))
    with i18n.speaking("th"):
        assert given["division"] == [str(SECTIONS[Section.COMMUNITY_WELFARE])]


def test_the_form_says_what_the_citys_form_says(client, world, transaction):
    with transaction() as session, i18n.speaking("th"):
        head = queries.head(ANONYMOUS, world["sheet"])
        said = paper.content(head, queries.reports_of(world["sheet"]), [])
        project = session.get_one(Project, world["project"])
        facts = dict(said["facts"])
        assert facts["ชื่อโครงการ/กิจกรรม"] == project.name
        assert facts["งบประมาณที่ได้รับ"] == "฿500,000"
        assert facts["งบประมาณที่ใช้ไป"] == "฿100,000.50"
        assert "1519" in facts["ผู้รับผิดชอบ"]
        assert dict(said["texts"])["หลักการและเหตุผล"] == project.rationale
        assert said["reports"][0][2:5] == ["สำรวจและสั่งซื้อเต็นท์แล้ว", "20%", "฿100,000.50"]
        assert said["certified"].startswith("ขอรับรอง")
    answer = client.get(f"/progress/{world['sheet']}/form.pdf", status=200)
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for figure in ("100,000.50", "20%", "500,000", "1519"):
        assert figure in printed
    client.get(f"/progress/{world['sheet']}/form.pdf?digits=thai", status=200)
    client.get(f"/en/progress/{world['sheet']}/form.pdf", status=200)
