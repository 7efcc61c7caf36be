"""Pages of observers and of the officers who receive them."""

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.actionplan.models import ActionPlanState
from portal.core.actor import Role
from portal.core.storage import StoredFile
from portal.observation.models import Grade, Report, Signup, SignupState
from portal.procurement.models import Process, ProcessState, StepKind
from tests.factories import accounts, actionplan, cycles, observation, places, procurement
from tests.observation.conftest import MEETS

STATEMENT = "has_no_interest"


@pytest.fixture
def world(transaction):
    """A step with two places, a resident, an officer."""
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        process = procurement.process(actionplan.project(plan))
        step = procurement.step_planned(
            process,
            StepKind.ACCEPTANCE,
            dt.date(2026, 12, 15),
            meets_at=MEETS,
            place="ห้องประชุมชั้น ๒",
            observer_places=2,
        )
        resident = accounts.person("resident@example.org", "มาลี ดูงาน")
        accounts.grant(accounts.person("officer@example.org"), Role.PROCUREMENT, places.district())
        return {"process": process.id, "step": step.id, "resident": resident.id}


def sign_in(client, who):
    client.sign_in(f"{who}@example.org", accounts.PASSWORD)
    return client


@pytest.fixture
def resident(client, world):
    return sign_in(client, "resident")


@pytest.fixture
def officer(new_client, world):
    return sign_in(new_client(), "officer")


def made(transaction, world, state, **given):
    with transaction() as session:
        step = session.get_one(procurement.Step, world["step"])
        person = session.get_one(accounts.Person, world["resident"])
        return observation.signup(step, person, state, **given).id


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_everybody_sees_the_steps_and_the_reports(client, world, transaction, prefix):
    signup = made(transaction, world, SignupState.ATTENDED)
    with transaction() as session:
        report = observation.report(session.get_one(Signup, signup), Grade.CONCERN)
        observation.answer(report)
    page = client.get(f"{prefix}/observation/processes/{world['process']}", status=200).page
    assert "เหตุใดจึงมีผู้เสนอราคารายเดียว" in page.text
    assert "มีผู้ซื้อเอกสารสามราย" in page.text
    assert f"{prefix}/observation/steps/{world['step']}/sign-up" in page.links
    client.get(f"{prefix}/observation/reports/{report.id}", status=200)
    client.get("/observation/processes/999", status=404)
    client.get("/observation/reports/999", status=404)


def test_no_step_of_a_cancelled_process_is_said_to_open(client, world, transaction):
    address = f"/en/observation/processes/{world['process']}"
    assert "opens when a date is set" in client.get(address).page.text
    with transaction() as session:
        process = session.get_one(Process, world["process"])
        process.state, process.cancel_reason = ProcessState.CANCELLED, "ไม่มีงบประมาณ"
        process.ended_on = dt.date(2026, 11, 25)
    page = client.get(address).page
    assert "opens when a date is set" not in page.text
    assert "No step of this process is open to observers." in page.text


def test_of_a_report_kept_from_the_public_visitors_see_that_it_is_there(
    client, new_client, officer, world, transaction
):
    signup = made(transaction, world, SignupState.ATTENDED)
    with transaction() as session:
        report = observation.report(session.get_one(Signup, signup), Grade.CONCERN, is_public=False).id
    visitor = new_client()
    for path in (f"/observation/reports/{report}", f"/observation/processes/{world['process']}"):
        shown = visitor.get(path, status=200).page.text
        assert "มีข้อกังวล" in shown
        for secret in ("คณะกรรมการเปิดซอง", "เหตุใดจึง", "มาลี"):
            assert secret not in shown
    assert "คณะกรรมการเปิดซอง" in officer.get(f"/observation/reports/{report}").page.text
    assert "คณะกรรมการเปิดซอง" in sign_in(client, "resident").get(f"/observation/reports/{report}").page.text


def test_who_corrects_a_report_to_keep_it_private_keeps_every_wording_private(
    resident, officer, new_client, world, transaction
):
    signup = made(transaction, world, SignupState.ATTENDED)
    path = f"/observation/sign-ups/{signup}/report"
    picture = io.BytesIO()
    Image.new("RGB", (30, 20)).save(picture, "JPEG")
    picture.seek(0)
    first = {"seen": "กรรมการคนหนึ่งมาสาย", "photos": (picture, "ประตู.jpg")}
    older = resident.submit(path, first, action=path).location
    visitor = new_client()
    assert "กรรมการคนหนึ่งมาสาย" in visitor.get(older, status=200).page.text
    newest = resident.submit(path, {"seen": "ไม่ขอเผยแพร่", "is_private": "y"}, action=path).location
    process = f"/observation/processes/{world['process']}"
    for shown in (visitor.get(one, status=200) for one in (older, newest, process)):
        for secret in ("กรรมการคนหนึ่งมาสาย", "ไม่ขอเผยแพร่", "มาลี"):
            assert secret not in shown.page.text
    assert older not in visitor.get(newest).page.links
    with transaction() as session:
        photo = session.scalars(sa.select(StoredFile.id)).one()
    visitor.get(f"/files/{photo}", status=404)
    for reader in (resident, officer):
        assert "กรรมการคนหนึ่งมาสาย" in reader.get(older, status=200).page.text
        assert older in reader.get(newest, status=200).page.links


def test_a_picture_of_a_private_wording_stays_private_when_the_public_one_is_without_it(
    resident, officer, new_client, world, transaction
):
    signup = made(transaction, world, SignupState.ATTENDED)
    path = f"/observation/sign-ups/{signup}/report"

    def picture(colour):
        found = io.BytesIO()
        Image.new("RGB", (30, 20), colour).save(found, "JPEG")
        found.seek(0)
        return found, f"{colour}.jpg"

    first = {"seen": "เห็นหน้าผู้เสนอราคา", "is_private": "y", "photos": picture("red")}
    older = resident.submit(path, first, action=path).location
    newest = resident.submit(path, {"seen": "เปิดซองตรงเวลา", "photos": picture("blue")}, action=path).location
    with transaction() as session:
        private, shown = session.scalars(sa.select(StoredFile.id).order_by(StoredFile.id))
    visitor = new_client()
    assert "เห็นหน้าผู้เสนอราคา" not in visitor.get(older, status=200).page.text
    assert "เปิดซองตรงเวลา" in visitor.get(newest, status=200).page.text
    visitor.get(f"/files/{private}", status=404)
    with visitor.get(f"/files/{shown}", status=200) as answer:
        assert answer.headers["Cache-Control"] == "private, max-age=300"
    for reader in (resident, officer):
        with reader.get(f"/files/{private}", status=200) as answer:
            assert answer.headers["Cache-Control"] == "private, no-store", "nobody reads it there after them"


def test_from_asking_to_the_answer(resident, officer, new_client, world, transaction, clock):
    path = f"/observation/steps/{world['step']}/sign-up"
    refused = resident.submit(path, action=path)
    assert refused.status_code == 422
    assert not refused.page.problems()
    assert resident.submit(path, {STATEMENT: "y"}, action=path).status_code == 303
    assert officer.submit("/observation/desk", action="/confirm").status_code == 303
    mine = resident.get("/observation/mine", status=200).page
    assert "ห้องประชุมชั้น ๒" in mine.text
    feed = resident.get("/observation/mine/calendar.ics", status=200).get_data(as_text=True)
    assert "DTSTART:20261215T030000Z" in feed
    clock.travel("2026-12-15 12:00")
    form = next(
        one
        for one in officer.get("/observation/desk?view=attendance", status=200).page.forms
        if any(field["name"] == "came" and field["value"] == "yes" for field in one.all("input"))
    )
    data = {one["name"]: one["value"] for one in form.all("input")}
    assert officer.post(form["action"], data=data).status_code == 303
    with transaction() as session:
        signup = session.scalars(sa.select(Signup.id)).one()
    picture = io.BytesIO()
    Image.new("RGB", (30, 20)).save(picture, "JPEG")
    picture.seek(0)
    path = f"/observation/sign-ups/{signup}/report"
    typed = {"seen": "เปิดซองสามซองต่อหน้าทุกคน", "findings-0-grade": "concern", "findings-0-text": ""}
    refused = resident.submit(path, typed, action=path)
    assert refused.status_code == 422
    assert "เปิดซองสามซอง" in refused.get_data(as_text=True)
    told = resident.submit(
        path, {**typed, "findings-0-text": "ซองที่สองไม่ปิดผนึก", "photos": (picture, "ซอง.jpg")}, action=path
    )
    assert told.status_code == 303
    visitor = new_client()
    assert "ซองที่สองไม่ปิดผนึก" in visitor.get(told.location, status=200).page.text
    with transaction() as session:
        photo = session.scalars(sa.select(StoredFile.id)).one()
        report = session.scalars(sa.select(Report.id)).one()
    with visitor.get(f"/files/{photo}", status=200) as shown:
        assert shown.mimetype == "image/jpeg"
    path = f"/observation/reports/{report}/answer"
    assert officer.submit(path, {"body": " "}, action=path).status_code == 422
    assert officer.submit(path, {"body": "ตรวจสอบแล้วผนึกครบ"}, action=path).status_code == 303
    assert "ตรวจสอบแล้วผนึกครบ" in visitor.get(f"/observation/processes/{world['process']}").page.text
    assert officer.get("/observation/desk?view=answer").page.text.count("ซองที่สอง") == 0


def test_a_full_step_offers_the_waiting_list(resident, world, transaction):
    with transaction() as session:
        step = session.get_one(procurement.Step, world["step"])
        for _ in range(2):
            observation.signup(step)
    path = f"/observation/steps/{world['step']}/sign-up"
    resident.submit(path, {STATEMENT: "y"}, action=path)
    with transaction() as session:
        signup = session.scalars(sa.select(Signup).where(Signup.person_id == world["resident"])).one()
        assert signup.state is SignupState.WAITING


def test_a_place_is_given_up_through_a_page_that_asks(resident, world, transaction):
    path = f"/observation/sign-ups/{made(transaction, world, SignupState.CONFIRMED)}/cancel"
    assert resident.submit(path, action=path).status_code == 303
    assert resident.submit(path, action=path).status_code == 409


def test_declining_needs_a_reason(officer, world, transaction):
    path = f"/observation/sign-ups/{made(transaction, world, SignupState.ASKED)}/decline"
    assert officer.submit(path, {"reason": ""}, action=path).status_code == 422
    assert officer.submit(path, {"reason": "มีส่วนได้เสีย"}, action=path).status_code == 303


def test_other_peoples_sign_ups_are_not_there(new_client, world, transaction):
    signup = made(transaction, world, SignupState.ATTENDED)
    with transaction():
        accounts.person("other@example.org")
    other = sign_in(new_client(), "other")
    for verb in ("cancel", "report"):
        other.get(f"/observation/sign-ups/{signup}/{verb}", status=404)
    other.get(f"/observation/sign-ups/{signup}/decline", status=403)
    other.get("/observation/desk", status=403)


def test_an_officer_elsewhere_finds_nothing_to_decide(new_client, world, transaction):
    signup = made(transaction, world, SignupState.ASKED)
    with transaction():
        accounts.grant(accounts.person("away@example.org"), Role.PROCUREMENT, places.district("1001"))
    away = sign_in(new_client(), "away")
    away.get(f"/observation/sign-ups/{signup}/decline", status=404)
    assert "มาลี" not in away.get("/observation/desk", status=200).page.text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_reads_well(resident, officer, world, transaction, prefix):
    signup = made(transaction, world, SignupState.ATTENDED)
    with transaction() as session:
        step = session.get_one(procurement.Step, world["step"])
        waiting = observation.signup(step)
        other = observation.signup(step, state=SignupState.ATTENDED)
        report = observation.report(other, Grade.QUESTION)
        session.flush()
        ids = {"waiting": waiting.id, "report": report.id}
    for path in (
        f"processes/{world['process']}",
        f"steps/{world['step']}/sign-up",
        "mine",
        f"mine/{signup}",
        f"steps/{world['step']}/come",
        f"sign-ups/{signup}/report",
        f"sign-ups/{signup}/cancel",
    ):
        resident.get(f"{prefix}/observation/{path}", status=200)
    for path in (
        "desk",
        "desk?view=doors",
        "desk?view=attendance",
        f"steps/{world['step']}/door",
        f"steps/{world['step']}/door/sheet",
        f"steps/{world['step']}/door/list",
        "desk?view=answer",
        "desk?view=overdue",
        f"sign-ups/{ids['waiting']}/decline",
        f"reports/{ids['report']}/answer",
        f"reports/{ids['report']}",
    ):
        officer.get(f"{prefix}/observation/{path}", status=200)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-12-15 08:00", "It is too early: you can check in from 15 Dec 2026, 09:00"),
        ("2026-12-15 14:00", "It is too late: one could check in until 15 Dec 2026, 14:00"),
        ("2026-12-15 10:00", None),
    ],
)
def test_a_closed_door_says_whether_it_is_too_early_or_too_late(resident, world, clock, when, said):
    clock.travel(when)
    text = resident.get(f"/en/observation/steps/{world['step']}/come", status=200).page.text
    assert [one for one in ("too early", "too late") if one in text] == (
        [said[6:].split(":")[0]] if said else []
    )
    assert said is None or said in text


def test_the_desk_counts_what_it_confirmed_and_calls_no_place_free_that_is_asked_for(
    officer, world, transaction
):
    with transaction() as session:
        step = session.get_one(procurement.Step, world["step"])
        for state in (SignupState.ASKED, SignupState.ASKED, SignupState.WAITING):
            observation.signup(step, accounts.person(), state)
    desk = officer.get("/en/observation/desk", status=200).page.text
    assert "2 people asking · 0 of 2 places confirmed · 1 person waiting" in desk
    assert "waiting list" in officer.get("/en/observation", status=200).page.text


def test_a_declaration_signed_in_thai_is_read_in_english_beside_the_words_that_count(resident, world):
    place = f"/observation/steps/{world['step']}/sign-up"
    resident.submit(place, {STATEMENT: "y"}, action=place)
    links = resident.get("/observation/mine", status=200).page.links
    address = next(link for link in links if link.startswith("/observation/mine/"))
    thai = resident.get(address, status=200).get_data(as_text=True)
    english = resident.get(f"/en{address}", status=200).get_data(as_text=True)
    assert "You signed it in Thai" in english
    assert "I declare that neither I nor my family" in english
    assert '<div class="typed" lang="th">' in english
    assert "I declare" not in thai
    assert "คุณลงชื่อรับรองเป็น" not in thai
