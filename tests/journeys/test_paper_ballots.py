"""Ballots of paper, in the words of those who deal with them: handed out, numbered, keyed twice, settled, counted."""

import re

import pytest
from playwright.sync_api import expect

from portal.demo.years.votes import sample_number
from tests.journeys.people import Meet, Planner, Visitor

OPEN, ENDED = "เลือกโครงการชุมชนเขตดุสิต ปี 2570", "เลือกทางเดินริมคลองที่จะติดไฟ"


class Registry(Visitor):
    """Hands out the sheets at the district office."""

    role = "registry"

    def opens_the_desk(self) -> None:
        self.goes_by_menu("Voter rolls")
        self.link(OPEN)
        self.goes("Hand out paper ballots")

    def finds(self, number: str) -> None:
        self.types("Number of the identity card", number)
        self.presses("Find on the roll")

    def hands_out(self, number: str) -> None:
        self.finds(number)
        self.presses("It is this person: hand out the sheet")
        expect(self.main.locator(".notice h2")).to_contain_text(re.compile("จ่ายบัตรของพื้นที่"))


class Clerk(Visitor):
    """Counts the boxes and keys what lies in them."""

    role = "paper_clerk"

    def opens_the_paper(self) -> None:
        self.goes_by_menu("Paper ballots")
        self.link(ENDED)

    def opens_batch(self, number: int) -> None:
        self.opens_the_paper()
        self.goes("Batch %(number)s", number=number)

    def begins_a_batch(self, sheets: int) -> None:
        self.opens_the_paper()
        self.types("Where the box stood", "หน้าห้องทะเบียน")
        self.types("Sheets in the batch", str(sheets))
        self.presses("Begin the batch")

    def keys(self, *sheets: str) -> None:
        """By the keyboard alone: what the sheet shows, Enter."""
        self.presses("Key this batch")
        for typed in sheets:
            expect(self.page.locator("#keyed")).to_be_focused()
            self.page.keyboard.type(typed)
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                self.page.keyboard.press("Enter")
            self.is_well()
        self.presses("Finish")

    def settles(self, sheet: str, reason: str) -> None:
        self.goes("Look a third time")
        self.types("What the sheet says", sheet)
        self.types("What you see on it", reason)
        self.presses("Settle this sheet")

    def enters(self) -> None:
        self.presses("Put the sheets among the ballots")

    def voids(self, reason: str) -> None:
        self.goes("Void the batch…")
        self.types("Reason", reason)
        self.presses("Void the batch")

    def says_why_one_is_missing(self, reason: str) -> None:
        self.opens_the_paper()
        self.types("Why", reason)
        self.presses("Note it")


class SecondClerk(Clerk):
    """Keys the same sheets, and sees nothing of what the first keyed."""

    role = "paper_clerk2"


class ThirdClerk(Clerk):
    """Looks where the two differ."""

    role = "paper_clerk3"


class RoundPlanner(Planner):
    """Closes the board and has the ballots counted."""

    def opens_the_close(self) -> None:
        self.goes_by_menu("Voting rounds")
        self.link(ENDED)
        self.goes("Key, board and count")

    def closes_and_counts(self) -> None:
        self.presses("Close the board")
        self.types_the_number("135790")

    def types_the_number(self, number: str) -> None:
        self.types("The outside number, as announced", number)
        self.presses("This is the number")

    def reads_the_result(self) -> None:
        for _wait in range(60):
            self.page.reload()
            if self.main.get_by_role("link", name=self.says("See the result")).count():
                break
            self.page.wait_for_timeout(1000)
        self.goes("See the result")


class RoundCertifier(RoundPlanner):
    """Types the outside number a second time."""

    role = "certifier"

    def opens_the_close(self) -> None:
        self.goes_by_menu("Paper ballots")
        self.link(ENDED)
        self.goes("Key, board and count")


@pytest.mark.parametrize("meet", [("th", "desktop", True)], indirect=True, ids=["th"])
def test_a_batch_of_paper_from_the_box_to_the_result(meet: Meet) -> None:
    registry = meet(Registry)
    registry.opens_the_desk()
    registry.hands_out(sample_number(700))
    registry.finds(sample_number(700))
    registry.sees(registry.says("This person has already taken a paper ballot: there is no second one."))

    clerk, second, third = meet(Clerk), meet(SecondClerk), meet(ThirdClerk)
    clerk.begins_a_batch(2)
    clerk.sees("4-001")
    clerk.keys("3+4", "0")
    second.opens_batch(4)
    second.keys("3 4", "5")
    third.opens_batch(4)
    third.settles("5", "เครื่องหมายจางแต่อ่านได้")
    third.enters()
    third.opens_batch(2)
    third.settles("0", "ไม่มีเครื่องหมาย")
    third.enters()

    planner = meet(RoundPlanner)
    planner.opens_the_close()
    planner.sees("ชุดที่ 3")  # what is left is said, and the board stays open
    assert not planner.main.get_by_role("button", name=planner.says("Close the board")).count()
    clerk.opens_batch(3)
    clerk.voids("บัตรสองใบนี้เป็นใบที่คืน")
    clerk.says_why_one_is_missing("ผู้มีสิทธิหนึ่งรายนำบัตรกลับบ้าน")
    planner.opens_the_close()
    planner.closes_and_counts()
    certifier = meet(RoundCertifier)
    certifier.opens_the_close()
    certifier.types_the_number("๑๓๕ ๗๙๐")
    planner.reads_the_result()
    paper = planner.main.locator("section").filter(has=planner.page.locator("#paper"))
    expect(paper).to_contain_text("ผู้มีสิทธิหนึ่งรายนำบัตรกลับบ้าน")
    row = paper.locator("tbody tr")
    expect(row.locator("td").first).to_have_text("11")
    expect(row.locator("td").nth(1)).to_have_text("10")
    planner.page.goto(planner.page.url.replace("/voting/", "/en/voting/"))
    expect(planner.page.locator("#paper")).to_have_text("Paper ballots")
    expect(row.locator("td").nth(3)).to_contain_text("nothing marked: 2")
