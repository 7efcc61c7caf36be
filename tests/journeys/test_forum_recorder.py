"""The recorder on a phone: a forum is written down without network, nothing is lost, and it is sent once."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from portal.forums import words
from portal.forums.models import AgeBand, Sex, Side
from tests.journeys.people import Leader, SecondLeader

COMMUNITY = "วัดโบสถ์สามเสน"
FORUM = "Monthly community meeting"


LOSES = """times => {
  globalThis.lost ??= (() => {
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...all) {
      if (globalThis.lost.times-- > 0) throw new DOMException("The connection was lost", "InvalidStateError");
      return begin.apply(this, all);
    };
    return {};
  })();
  globalThis.lost.times = times;
}"""


def loses_its_memory(page, times):
    """The phone closes what it keeps, as some do while they sleep: the next ``times`` acts fail."""
    page.evaluate(LOSES, times)


class Recording:
    """What a keeper of a forum does with the recorder."""

    def opens_recorder(self):
        self.finds_forum()
        self.goes("Recorder for the phone")
        expect(self.line).to_contain_text(self.says("Nothing to send. What you write is kept on this phone."))

    def finds_forum(self):
        self.goes_to_desk()
        self.link(COMMUNITY)
        self.goes(FORUM)

    @property
    def line(self):
        return self.main.locator("[data-line]")

    def network(self, is_there):
        self.page.context.set_offline(not is_there)

    def comes_in(self, band, sex, people):
        group = self.main.get_by_role("group", name=str(self.says(words.AGES[band])))
        group.get_by_label(self.says(words.SEXES[sex]), exact=True).fill(str(people))

    def one_more(self, band, sex):
        group = self.main.get_by_role("group", name=str(self.says(words.AGES[band])))
        what = self.says("Add one: %(what)s", what=self.says(words.SEXES[sex]))
        group.get_by_role("button", name=what).click()

    def hears(self, problem, votes):
        self.main.get_by_role("button", name=self.says("Write an issue down")).click()
        card = self.main.locator("[data-issues] > li").last
        card.get_by_label(self.says("Theme")).select_option(Side.PHYSICAL.value)
        card.locator("[data-field=problem]").fill(problem)
        card.locator("[data-field=votes]").fill(str(votes))

    def writes_minutes(self, text):
        self.main.locator("[data-text=minutes]").fill(text)

    def takes_photo(self, caption):
        out = io.BytesIO()
        Image.new("RGB", (2400, 1800), "green").save(out, "JPEG")
        photo = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
        self.main.locator("[data-take]").set_input_files(photo)
        self.main.get_by_label(self.says("What the photo shows")).fill(caption)

    def sends(self):
        self.main.get_by_role("button", name=self.says("Send and publish")).click()

    def is_told(self, message):
        told = re.compile(re.escape(self.says(message).split("{")[0]))
        expect(self.line).to_have_text(told, timeout=20_000)


class Secretary(Recording, Leader):
    """Writes in the meeting."""


class Chair(Recording, SecondLeader):
    """Writes on the ordinary page meanwhile."""


def written(secretary):
    return secretary.main.locator("[data-text=minutes]")


@pytest.mark.parametrize("meet", [("th", "phone", True)], indirect=True)
def test_a_forum_without_network(meet, axe):
    secretary = meet(Secretary)
    secretary.opens_recorder()
    secretary.network(False)
    secretary.comes_in(AgeBand.FROM_36_TO_59, Sex.FEMALE, "๒๐")
    secretary.one_more(AgeBand.OVER_60, Sex.MALE)
    secretary.one_more(AgeBand.OVER_60, Sex.MALE)
    secretary.hears("ฝาท่อหน้าศาลาแตก", 40)
    secretary.writes_minutes("ที่ประชุมเห็นชอบให้ซ่อมฝาท่อก่อน")
    secretary.takes_photo("ชาวบ้านยกมือเลือกเรื่องฝาท่อ")
    secretary.is_told("Kept on this phone at {time}, not sent yet.")
    expect(secretary.main.locator("[data-people]")).to_have_text("22")
    axe(secretary.page)

    # More hands than people: refused with the reason, before anything is sent.
    secretary.sends()
    expect(secretary.main.locator("[data-trouble]")).to_contain_text("40")
    secretary.main.locator("[data-field=votes]").fill("18")
    secretary.is_told("Kept on this phone at {time}, not sent yet.")

    # The window is killed and opened again, still without network.
    context, address = secretary.page.context, secretary.page.url
    secretary.page.close()
    secretary.page = context.new_page()
    secretary.page.goto(address)
    expect(written(secretary)).to_have_value("ที่ประชุมเห็นชอบให้ซ่อมฝาท่อก่อน")
    expect(secretary.main.locator("[data-people]")).to_have_text("22")
    photo = secretary.main.get_by_label(secretary.says("What the photo shows"))
    expect(photo).to_have_value("ชาวบ้านยกมือเลือกเรื่องฝาท่อ")
    secretary.sends()
    secretary.is_told(
        "Kept on this phone. It is sent by itself as soon as there is a connection and this page is open."
    )
    secretary.page.reload()
    secretary.is_told(
        "Kept on this phone. It is sent by itself as soon as there is a connection and this page is open."
    )

    secretary.network(True)
    secretary.is_told("Sent at {time}. The record is published.")
    secretary.page.reload()
    secretary.is_told("Sent at {time}. The record is published.")
    expect(secretary.main.locator("[data-issues] > li")).to_have_count(1)
    expect(photo).to_have_count(0)

    # Somebody else corrects the record while this phone has no network: both versions, side by side.
    secretary.network(False)
    secretary.comes_in(AgeBand.OVER_60, Sex.MALE, 3)
    secretary.writes_minutes("ที่ประชุมเห็นชอบให้ซ่อมฝาท่อก่อน และตั้งผู้ติดตาม")
    secretary.main.locator("[data-text=reason]").fill("นับตกหนึ่งคน")
    secretary.is_told("Kept on this phone at {time}, not sent yet.")
    chair = meet(Chair)
    chair.finds_forum()
    expect(chair.main.locator(".photos img")).to_have_count(1)
    expect(chair.main.get_by_alt_text("ชาวบ้านยกมือเลือกเรื่องฝาท่อ")).to_be_visible()
    chair.goes("Correct the record")
    chair.types("Minutes", "ที่ประชุมเห็นชอบให้ซ่อมฝาท่อก่อน ภายในเดือนนี้")
    chair.types("What was wrong", "เติมกำหนดเวลา")
    chair.presses("Save the correction")
    secretary.sends()
    secretary.network(True)
    secretary.is_told("Not sent: two versions. Choose, then send.")
    versions = secretary.main.locator("[data-conflict]")
    expect(versions).to_contain_text("ภายในเดือนนี้")
    expect(versions).to_contain_text("และตั้งผู้ติดตาม")
    axe(secretary.page)
    expect(versions.get_by_role("group")).to_have_count(2)
    minutes = versions.get_by_role("group", name=secretary.says("Minutes"))
    minutes.get_by_label(secretary.says("Both, one after the other")).check()
    versions.get_by_role("button", name=secretary.says("Continue with what I have chosen")).click()
    expect(written(secretary)).to_have_value(re.compile("ภายในเดือนนี้.*และตั้งผู้ติดตาม", re.DOTALL))
    secretary.sends()
    secretary.is_told("Sent at {time}. The record is published.")
    chair.finds_forum()
    chair.sees("และตั้งผู้ติดตาม")
    chair.sees("ภายในเดือนนี้")


@pytest.mark.parametrize("meet_here", [("en", "desktop", True)], indirect=True)
def test_a_phone_that_is_shared(meet_here):
    secretary = meet_here(Secretary)
    secretary.opens_recorder()
    secretary.comes_in(AgeBand.FROM_18_TO_35, Sex.FEMALE, 9)
    secretary.writes_minutes("ความลับที่ยังไม่ส่ง")
    secretary.is_told("Kept on this phone at {time}, not sent yet.")
    address = secretary.page.url

    # Signed out meanwhile: it says so, and the text stays on the page and on the phone.
    secretary.loses_the_session()
    secretary.sends()
    secretary.is_told(
        "You are signed out. What you wrote is kept on this phone, sealed until you sign in again."
    )
    expect(written(secretary)).to_have_value("ความลับที่ยังไม่ส่ง")

    # Nobody's page, without network: sealed.
    secretary.network(False)
    secretary.page.goto(address)
    secretary.is_told(
        "Something may be kept on this phone, but it is sealed. The person who wrote it can sign in to open it."
    )
    expect(written(secretary)).to_have_value("")
    secretary.network(True)

    # Another account on the same phone finds nothing of it.
    secretary.role = Chair.role
    secretary.opens_home()
    secretary.signs_in()
    secretary.page.goto(address)
    secretary.is_told("Nothing to send. What you write is kept on this phone.")
    expect(written(secretary)).to_have_value("")
    secretary.opens_home()
    secretary.signs_out()

    # Whoever wrote it signs in, and it goes on its way by itself.
    secretary.role = Secretary.role
    secretary.opens_home()
    secretary.signs_in()
    secretary.page.goto(address)
    secretary.is_told("Sent at {time}. The record is published.")
    expect(written(secretary)).to_have_value("ความลับที่ยังไม่ส่ง")


@pytest.mark.parametrize("meet_here", [("en", "desktop", True)], indirect=True)
def test_a_phone_that_cannot_keep(meet_here):
    secretary = meet_here(Secretary)
    secretary.opens_recorder()

    # Once: it is kept all the same.
    loses_its_memory(secretary.page, 1)
    secretary.comes_in(AgeBand.FROM_18_TO_35, Sex.FEMALE, 9)
    secretary.writes_minutes("เขียนตอนที่โทรศัพท์หลับ")
    secretary.is_told("Kept on this phone at {time}, not sent yet.")
    secretary.page.reload()
    expect(written(secretary)).to_have_value("เขียนตอนที่โทรศัพท์หลับ")

    # For good: it says so, and sends nevertheless.
    loses_its_memory(secretary.page, 10_000)
    secretary.writes_minutes("เขียนตอนที่โทรศัพท์เต็ม")
    secretary.page.wait_for_load_state("networkidle")  # by now it knows whether the forum was recorded before
    reason = secretary.main.locator("[data-text=reason]")
    if reason.is_visible():
        reason.fill("แก้รายงาน")
    secretary.is_told("This phone could not keep what you wrote. Leave this page open until it is sent.")
    secretary.sends()
    secretary.is_told("Sent at {time}. The record is published.")

    # And as soon as the phone keeps again, it keeps.
    loses_its_memory(secretary.page, 0)
    secretary.writes_minutes("เขียนต่อหลังส่ง")
    secretary.is_told("Kept on this phone at {time}, not sent yet.")
    secretary.page.reload()
    expect(written(secretary)).to_have_value("เขียนต่อหลังส่ง")
