"""Pages of the information centre."""

import datetime as dt

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core.actor import SYSTEM, Role
from portal.information import commands
from portal.information.models import InfoClass
from portal.procurement.models import StepKind
from tests.factories import accounts, actionplan, cycles, places, procurement
from tests.information.conftest import contract


@pytest.fixture
def world(transaction):
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        process = procurement.process(actionplan.project(plan))
        procurement.document(process, StepKind.DRAFT_TOR, "เสาเหล็กชุบสังกะสี")
        contract(process, dt.date(2026, 10, 12))
        accounts.grant(accounts.person("officer@example.org"), Role.PROCUREMENT, places.district())
        commands.gather(SYSTEM)
        return process.id


@pytest.fixture
def officer(new_client, world):
    client = new_client()
    client.sign_in("officer@example.org", accounts.PASSWORD)
    return client


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_month_is_published_and_read(client, officer, world, prefix):
    at = f"{prefix}/information/summaries/1002/202610"
    assert at in client.get(f"{prefix}/information/summaries", status=200).page.links
    assert "1/2570" in client.get(at, status=200).page.text
    client.get(f"{at}/1.pdf", status=404)
    assert ("Open invitation" in client.get(at, status=200).page.text) == (prefix == "/en")
    assert f"{at}/publish" in officer.get(f"{prefix}/information/desk", status=200).page.links
    assert officer.submit(f"{at}/publish").status_code == 303
    again = officer.get(f"{at}/publish", status=200).page
    assert again.h1.startswith("Correct" if prefix else "แก้ไข")
    assert all("required" in one.attributes for one in again.all("textarea"))
    assert f"{at}/1.pdf" in client.get(at, status=200).page.links
    assert client.get(f"{at}/1.pdf", status=200).data.startswith(b"%PDF-")
    assert client.get(f"{at}/1.xlsx", status=200).data.startswith(b"PK")
    client.get(f"{at}?edition=2", status=404)
    client.get(f"{prefix}/information/summaries/1002/202613", status=404)


def test_documents_are_found_and_archived(client, officer, world, clock):
    page = client.get("/information?q=สังกะสี", status=200).page
    (found,) = [link for link in page.links if link.startswith(("/information/1", "/information/2"))]
    assert f"/procurement/{world}" not in page.links
    client.get(found, status=200)
    at = "/information/districts/1002/new"
    assert officer.submit(at, {"title": "ประกาศ"}).status_code == 422
    sent = {"title": "ประกาศ", "text": "เปิดทางเดินริมคลอง", "info_class": InfoClass.RULES.value}
    assert officer.submit(at, sent).status_code == 303
    assert "ประกาศ" in client.get("/information?class=7.4&q=ริมคลอง", status=200).page.text
    clock.travel("2028-01-10 09:00")
    assert "พ้นระยะแสดง" in client.get("/information?class=7.4", status=200).page.text


def test_a_service_is_described_and_changed(client, officer, world):
    typed = {
        "name": "ขอเลขที่บ้าน",
        "section": "registration",
        "what": "เจ้าบ้านขอเลขที่บ้านใหม่",
        "papers": "บัตรประจำตัว\nสำเนาทะเบียนบ้าน",
        "steps": "ยื่นคำขอ | 15 นาที\nตรวจบ้าน | 3 วันทำการ",
        "duration": "7 วันทำการ",
        "fee": "ไม่มี",
        "place": "ฝ่ายทะเบียน",
    }
    answer = officer.submit("/information/districts/1002/services/new", typed)
    assert answer.status_code == 303
    at = answer.headers["Location"]
    assert "ตรวจบ้าน" in client.get(at, status=200).page.text
    (why,) = (
        one for one in officer.get(f"{at}/edit", status=200).page.all("input") if one["name"] == "reason"
    )
    assert "required" in why.attributes
    assert officer.submit(f"{at}/edit", {"duration": "5 วันทำการ"}).status_code == 422
    assert officer.submit(f"{at}/edit", {"duration": "5 วันทำการ", "reason": "ลดขั้นตอน"}).status_code == 303
    assert "5 วันทำการ" in client.get(at, status=200).page.text
    assert "7 วันทำการ" in client.get(f"{at}?edition=1", status=200).page.text
    assert at in client.get("/information/services?district=1002", status=200).page.links
