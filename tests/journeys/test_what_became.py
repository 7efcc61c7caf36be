"""What became of our ideas: a neighbour follows one on a phone from the community's page to its contract; the leader
hears of news gathered into one mail a day, and a click in it ends the mails."""

import re
import time

import pytest

from tests.journeys.people import Leader, Meet, Resident, Visitor

COMMUNITY = "วัดโบสถ์สามเสน"
IDEA = "เต็นท์สนามพร้อมโครงเหล็กสำหรับงานส่วนรวม"
WAITED = 60


@pytest.mark.parametrize(
    "meet",
    [pytest.param(("th", "phone", True), id="thai"), pytest.param(("en", "phone", False), id="english")],
    indirect=True,
)
def test_what_became_of_our_ideas(meet: Meet) -> None:
    neighbour = meet(Visitor)
    neighbour.searches(COMMUNITY)
    neighbour.link(f"ชุมชน{COMMUNITY}")
    neighbour.goes("The whole path, from the forums to the inspected work")
    neighbour.clicks(neighbour.main.locator("ul.tabs a").filter(has_text="2569"))
    picture = neighbour.main.locator("svg.flow")
    assert picture.get_by_role("link").count() == 0, "the table beside it has the links"
    assert neighbour.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it fits the phone"
    signed = neighbour.main.get_by_role("row").filter(has_text=neighbour.says("Contract signed")).first
    neighbour.link_in(signed)
    neighbour.link(IDEA)
    neighbour.sees(neighbour.says("Contract signed, being delivered"))
    neighbour.clicks(neighbour.main.locator("a[href*='/procurement/']").first)
    neighbour.sees("69089283521")

    leader = meet(Leader)
    leader.opens_home()
    leader.goes("What became of our ideas")
    leader.sees(leader.says("The path of the ideas"))
    leader.goes_by_menu("Inbox")
    leader.goes("How I get news")
    leader.ticks("By email, once a day")
    leader.presses("Save")
    leader.sees(leader.says("Inbox"))

    leader.searches(IDEA)
    leader.link(IDEA)
    leader.presses("Follow")

    resident = meet(Resident)
    resident.searches(IDEA)
    resident.link(IDEA)
    resident.remarks("ขอทราบวันส่งมอบเต็นท์")
    resident.moves_clock("23/11/2569" if resident.language == "th" else "23/11/2026")

    letter = digest_to(leader)
    assert "ขอทราบวันส่งมอบเต็นท์" not in letter, "a mail names what happened and leads there"
    assert IDEA in letter
    address = re.search(r"/notifications/leave/\S+", letter)
    assert address is not None
    leader.page.goto(("" if leader.language == "th" else "/en") + address.group())
    leader.presses("Send me no more emails with news")
    leader.sees(leader.says("You get no more emails with news"))


def digest_to(leader: Leader) -> str:
    """The mail of gathered news, once the worker has written and sent it."""
    until = time.monotonic() + WAITED
    prefix = "" if leader.language == "th" else "/en"
    while True:
        leader.page.goto(f"{prefix}/demo/mail")
        gathered = leader.main.get_by_role("row").filter(has_text="leader@example.org")
        said = gathered.filter(has_text=re.compile(r"ข่าว \d+ เรื่องจากร่วมงบ|pieces? of news from"))
        if said.count():
            leader.link_in(said.first)
            return leader.main.inner_text()
        assert time.monotonic() < until, "no mail of gathered news came"
        leader.page.wait_for_timeout(500)
