"""The screening desk: by the keyboard, in a spreadsheet, many at once, and at a set time."""

import re
from pathlib import Path

import openpyxl
from playwright.sync_api import Browser, expect

from portal.core.i18n import lazy_pgettext
from portal.screening import columns
from portal.screening import words as screening_words
from portal.screening.models import Answer, CaseState
from tests.journeys.conftest import Site, meeting
from tests.journeys.people import Director, Meet, Planner


class DeskPlanner(Planner):
    """A planner who knows the keys and likes spreadsheets."""

    def goes_through_the_inbox_by_keys(self) -> None:
        self.goes_to_inbox()
        self.goes("All")
        self.page.keyboard.press("j")
        self.page.keyboard.press("j")
        second = self.main.locator("table.cases tbody tr").nth(1)
        expect(second.locator("a")).to_be_focused()
        self.page.keyboard.press("x")
        expect(second.locator("[type=checkbox]")).to_be_checked()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.is_well()

    def takes_a_workbook(self, folder: Path) -> Path:
        """Downloads what is his."""
        self.goes_to_inbox()
        self.goes("Send a filled-in spreadsheet")
        with self.page.expect_download() as download:
            self.main.get_by_role("link", name=re.compile("XLSX")).first.click()
        path = folder / "desk.xlsx"
        download.value.save_as(path)
        return path

    def fills_in(self, path: Path) -> int:
        """Offline: every formal line of the items nobody has looked at is met; how many items."""
        book = openpyxl.load_workbook(path)
        page = book.worksheets[0]
        heads = {cell.value: cell.column for cell in page[columns.LEAD + 1]}
        met, waiting = (
            self.says(screening_words.ANSWERS[Answer.MET]),
            self.says(screening_words.STATES[CaseState.WAITING]),
        )
        lines = [place for head, place in heads.items() if re.match(r"[1-5]\. ", head or "")][::2]
        filled = 0
        for row in range(columns.LEAD + 2, page.max_row + 1):
            if page.cell(row, heads[self.says("State")]).value == waiting:
                filled += 1
                for place in lines:
                    page.cell(row, place, met)
        book.save(path)
        return filled

    def sends(self, path: Path) -> None:
        self.field("Filled-in spreadsheet (XLSX)").set_input_files(path)
        self.presses("Send and compare")
        expect(self.main).to_contain_text(self.says("rows that change something"), timeout=60_000)

    def has_it_written(self) -> None:
        self.presses("Write the changes")
        expect(self.main.locator(".notice-success, .notice").first).to_contain_text(
            self.says(lazy_pgettext("workbook", "Written")), timeout=60_000
        )


class DeskDirector(Director):
    """The second pair of eyes."""

    def confirms_several(self) -> None:
        self.goes_to_inbox()
        self.goes("Confirm several")
        self.main.locator("[name=picks]").first.check()
        self.presses("Confirm the selected proposals")

    def sets_a_release(self, day: str, time: str) -> None:
        self.goes_to_inbox()
        self.goes("Release decisions")
        self.main.get_by_label(self.says("At a set time"), exact=True).check()
        self.types("Day", day)
        self.types("Time", time)
        self.presses("Release the selected decisions")

    def calls_it_off(self, reason: str) -> None:
        self.page.goto("/screening/release")
        self.goes("Call off the release")
        self.types("Reason", reason)
        self.presses("Call off the release")


def test_a_day_at_the_desk(meet_here: Meet, tmp_path: Path) -> None:
    planner, director = meet_here(DeskPlanner), meet_here(DeskDirector)
    planner.goes_through_the_inbox_by_keys()
    planner.sees(planner.says("Similar items"))

    path = planner.takes_a_workbook(tmp_path)
    filled = planner.fills_in(path)
    assert filled
    planner.sends(path)
    planner.has_it_written()

    director.confirms_several()
    director.sets_a_release("15/1/2570", "09:00")
    director.page.goto("/screening/release")
    director.sees(director.says("Scheduled"))
    director.calls_it_off("รอตรวจแผนที่แนบ")
    expect(director.main.get_by_text(director.says("Scheduled"))).to_have_count(0)


def test_the_desk_in_english(meet_here: Meet, site: Site, browser: Browser) -> None:
    with meeting(browser, site, "en", "desktop", True) as meet_in_english:
        planner = meet_in_english(DeskPlanner)
        planner.goes_through_the_inbox_by_keys()
        planner.main.get_by_text("Compare side by side").first.click()
        planner.sees("The other item")
        planner.goes_to_inbox()
        planner.goes("Send a filled-in spreadsheet")
        planner.link("กลั่นกรอง-ตัวอย่าง.xlsx")
        planner.sees("Changed by someone else too")
        planner.sees("In your file")
