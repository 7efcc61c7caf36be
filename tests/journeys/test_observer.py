"""A citizen watches a step of a purchase: asks, is confirmed, types the code at the door, reports without network, is
answered and takes the certificate home."""

import datetime as dt
import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from portal.observation.models import Grade
from portal.observation.words import GRADES
from portal.procurement.models import StepKind
from portal.procurement.words import STEPS
from tests.journeys.buyers import ProcurementOfficer
from tests.journeys.people import Resident
from tests.journeys.test_forum_recorder import loses_its_memory
from tests.journeys.test_whole_way import SCAN

LOT = "โครงการชุมชนเข้มแข็ง"
WHO = "ผู้อยู่อาศัย 1"
CAMERA = {**SCAN, "name": "IMG_0001.png"}


class Observer(Resident):
    """Comes with a phone that has no network inside."""

    def is_told(self, message):
        expect(self.main.locator("[data-line]")).to_have_text(
            re.compile(re.escape(self.says(message).split("{")[0]))
        )

    def network(self, is_there):
        self.page.context.set_offline(not is_there)


@pytest.mark.parametrize("meet", [("th", "phone", True)], indirect=True, ids=["thai-phone"])
def test_from_the_door_to_the_answer(meet, axe):
    observer, officer = meet(Observer), meet(ProcurementOfficer)
    observer.asks_to_observe(LOT, StepKind.ACCEPTANCE)
    officer.goes_to_observers()
    waiting = officer.part("li", WHO).get_by_role("button", name=officer.says("Confirm the place"))
    officer.clicks(waiting.first)
    observer.goes_by_menu("My observations")
    observer.link(str(observer.says(STEPS[StepKind.ACCEPTANCE])))
    place = observer.page.url
    officer.moves_clock(officer.day(dt.date(2026, 12, 2)))
    officer.goes_to_observers()
    officer.goes("Meetings to come")
    officer.clicks(officer.main.locator("h2 a").first)
    officer.goes("Show the code at the door")
    axe(officer.page)
    code = officer.main.locator(".code").inner_text()
    observer.page.goto(place)
    observer.goes("Type the code at the door")
    observer.types("Code at the door", code)
    observer.presses("I am here")
    observer.goes("Write on the phone, online or offline")
    observer.is_told("Nothing to send. What you write is kept on this phone.")

    observer.network(False)
    loses_its_memory(observer.page, 1)
    observer.main.locator("[data-seen]").fill("นับเต็นท์ต่อหน้ากรรมการ")
    observer.main.get_by_role("button", name=observer.says("Add a finding")).click()
    finding = observer.main.locator("[data-findings] > li")
    finding.get_by_label(str(observer.says(GRADES[Grade.CONCERN][0])), exact=True).check()
    finding.locator("[data-text]").fill("ผ้าใบขาดสามหลัง")
    observer.main.locator("[data-take]").set_input_files(CAMERA)
    expect(observer.main.locator("[data-photos-list] > li")).to_have_count(1)
    observer.is_told("Kept on this phone at {time}, not sent yet.")
    axe(observer.page)
    context, address = observer.page.context, observer.page.url
    observer.page.close()
    observer.page = context.new_page()
    observer.page.goto(address)
    expect(observer.main.locator("[data-seen]")).to_have_value("นับเต็นท์ต่อหน้ากรรมการ")
    observer.main.get_by_role("button", name=observer.says("Send my report")).click()
    observer.is_told(
        "Kept on this phone. It is sent by itself as soon as there is a connection and this page is open."
    )

    # What comes to light while the report is on its way stays on the phone, and goes as its correction.
    more = "นับเต็นท์ต่อหน้ากรรมการ ขาดไปหนึ่งหลัง"
    seen = observer.main.locator("[data-seen]")

    def writes_on(sending):
        if sending.request.method == "POST" and seen.input_value() != more:
            seen.fill(more)
        sending.continue_()

    context.route("**/observation/reporter/*", writes_on)
    observer.network(True)
    expect(observer.main.locator("[data-trouble]")).to_contain_text(
        observer.says(
            "What you wrote before was sent. What you have written since is still here: send it as a correction."
        )
    )
    observer.page.reload()
    expect(seen).to_have_value(more)
    expect(observer.main.locator("[data-photos-list] > li")).to_have_count(0)
    observer.main.get_by_role("button", name=observer.says("Send my report")).click()
    observer.is_told("Sent at {time}. Nobody can change it any more.")
    observer.goes("See the report on the portal")
    observer.sees(more)
    observer.goes("The wording before the correction")
    expect(observer.main.locator(".photos img")).to_have_count(1)
    observer.goes("Read the newest wording")
    observer.sees("ผ้าใบขาดสามหลัง")

    officer.answers_observer("เต็นท์", "ผู้ขายเปลี่ยนผ้าใบให้ครบแล้ว")
    observer.page.reload()
    observer.sees("ผู้ขายเปลี่ยนผ้าใบให้ครบแล้ว")
    observer.page.goto(place)
    certificate = observer.main.get_by_role("link", name=observer.says("My certificate (PDF)"))
    printed = observer.page.request.get(certificate.get_attribute("href") or "").body()
    assert "/observation/certificates/" in PdfReader(io.BytesIO(printed)).pages[0].extract_text()
