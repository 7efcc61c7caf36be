"""The desk of a merger: items taken out, dragged and carried by keys into projects, taken back, and in the end the plan
reads as before to the satang; a visitor takes the paper along, on a phone too."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.people import Meet, Planner, Visitor

YEAR = "2570"


class Merger(Planner):
    """A planner at the merge workbench."""

    def takes_step(self, year: str, message: str, reason: str = "") -> None:
        self.goes_to_action_plan(year)
        self.goes(message)
        if reason:
            self.types("Reason", reason)
        self.presses(message)

    def opens_bench(self) -> None:
        self.goes_to_action_plan(YEAR)
        self.goes("Merge workbench")

    @property
    def left(self) -> Locator:
        return self.main.locator("#items [data-pick]")

    def project(self, number: int) -> Locator:
        return self.main.locator("#projects [data-drop]").nth(number)

    def hears(self, message: str) -> None:
        """What a screen reader is told."""
        expect(self.page.locator("body > [role=status]")).to_contain_text(self.says(message))

    def takes_out(self, project: int, how_many: int) -> None:
        inside = self.project(project).locator("details[id^=in-]")
        inside.locator("summary").click()
        for box in inside.locator("input").all()[:how_many]:
            box.check()
        self.page.locator("#take").click()
        expect(self.left).to_have_count(how_many)

    def drags(self, item: int, project: int) -> None:
        self.left.nth(item).scroll_into_view_if_needed()
        start = self.left.nth(item).locator("[data-grip]").bounding_box()
        self.page.mouse.move(start["x"] + 5, start["y"] + 5)
        self.page.mouse.down()
        self.page.mouse.move(start["x"] + 40, start["y"] + 40, steps=3)
        end = self.project(project).locator("label").first.bounding_box()
        self.page.mouse.move(end["x"] + 20, end["y"] + 10, steps=6)
        self.page.mouse.up()

    def carries_by_keys(self, project: int) -> None:
        self.left.first.locator("input").focus()
        self.page.keyboard.press("Space")
        self.page.keyboard.press("Enter")
        for _ in range(project):
            self.page.keyboard.press("ArrowDown")
        expect(self.project(project).locator("[name=to]")).to_be_focused()
        self.page.keyboard.press("Space")

    def has_the_buttons_at_hand_on_a_phone(self) -> None:
        """As soon as something is picked, however long the lists are."""
        wide, box = self.page.viewport_size, self.left.first.locator("input")
        self.page.set_viewport_size({"width": 390, "height": 844})
        put = self.main.get_by_role(
            "button", name=self.says("Put into the selected project"), exact=True
        ).last
        box.check()
        expect(put).to_be_in_viewport(ratio=1)
        expect(box).to_be_in_viewport(ratio=1)
        box.uncheck()
        expect(put).not_to_be_in_viewport()
        self.page.set_viewport_size(wide)

    def takes_back(self) -> None:
        self.main.locator("form[action*='/undo'] button").first.click()


def test_merging_by_hand_and_by_keys(meet: Meet, axe) -> None:
    planner = meet(Merger)
    planner.takes_step(YEAR, "Prepare a new edition", reason="ตรวจการรวมข้อเสนออีกครั้ง")
    planner.opens_bench()
    planner.takes_out(0, 3)
    planner.has_the_buttons_at_hand_on_a_phone()
    planner.drags(0, 0)
    expect(planner.left).to_have_count(2)
    planner.carries_by_keys(1)
    expect(planner.left).to_have_count(1)
    planner.takes_back()
    expect(planner.left).to_have_count(2)
    planner.hears("The step is undone.")
    axe(planner.page)
    for left in (1, 0):
        planner.carries_by_keys(0)
        expect(planner.left).to_have_count(left)
    # Everything is where it was, to the satang: nothing is left to publish.
    planner.takes_step(YEAR, "Leave it as it was")
    planner.sees(planner.says("The plan stays as it was published."))


@pytest.mark.parametrize(
    "meet_here", [pytest.param(("en", "phone", True), id="english-phone")], indirect=True
)
def test_the_plan_is_taken_along(meet_here: Meet) -> None:
    visitor = meet_here(Visitor)
    visitor.page.goto("/en/actionplan?year=2570")
    visitor.link("Dusit")
    for message, kind, first in (
        ("The whole plan (PDF)", "application/pdf", b"%PDF"),
        ("Workbook with projects, items and totals (XLSX)", "openxmlformats", b"PK"),
    ):
        link = visitor.main.get_by_role("link", name=visitor.says(message))
        answer = visitor.page.request.get(link.get_attribute("href"))
        assert kind in answer.headers["content-type"]
        assert answer.body().startswith(first)
    visitor.goes("Plan committee")
    visitor.sees(visitor.says("Members in office"))
    # A plan that was changed says in its newest edition what became of its words and its money, and why.
    visitor.page.goto("/en/actionplan?year=2571")
    visitor.link("Samphanthawong")
    for _list_then_edition in range(2):
        visitor.link("Edition 2")
    visitor.sees("ขยายพื้นที่ตามความเห็นในการรับฟัง")
    expect(visitor.main.locator("ins").filter(has_text="ชุมชนริมทางรถไฟ")).to_be_visible()
    expect(visitor.main.locator("ins").filter(has_text="฿520,000")).to_be_visible()
