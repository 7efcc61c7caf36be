"""A resident votes, thinks again, finds the ballot on the board, and in the end counts the result themselves."""

import json
import re
import subprocess
import sys
import zipfile

import pytest
from playwright.sync_api import expect

from portal.voting import ballot
from tests.journeys.conftest import meeting
from tests.journeys.people import Resident, Visitor

OPEN, CERTIFIED = "เลือกโครงการชุมชนเขตดุสิต ปี 2570", "เลือกโครงการชุมชนเขตดุสิต รอบมีนาคม 2569"


class Voter(Resident):
    """Comes with a phone, or with an old computer."""

    def goes_to_round(self, title):
        self.opens_home()
        self.goes_by_menu("Votes")
        self.link(title)

    def chooses(self, *numbers):
        """Tick these projects, and look the ballot over."""
        boxes = self.main.locator(".booth-list input[type=checkbox]")
        for number in range(1, boxes.count() + 1):
            self.main.locator(f"#p{number}").set_checked(number in numbers)
        self.presses("Next: check it and cast it")
        self.sees(self.says("Your ballot is cast only when you press “Cast my ballot” below."))

    def casts(self, word=""):
        """Cast what was looked over; returns the code on the receipt."""
        if word:
            self.types("A word of your own", word)
        self.presses("Cast my ballot")
        self.sees(self.says("Your ballot is cast"))
        return self.main.locator(".receipt-code").inner_text()

    def votes_twice(self, title, word=""):
        """Cast a ballot and another in its place; returns the codes of both."""
        self.goes_to_round(title)
        self.goes("Vote now")
        self.chooses(4)
        first = self.casts(word)
        self.goes("Vote again")
        self.chooses(4, 9)
        code = self.casts(word)
        assert code != first
        self.checks_receipt(title, code)
        received = (
            "Your ballot is on the board",
            "Received: your ballot will be published with the next batch",
        )
        wanted = re.compile("|".join(re.escape(self.says(one)) for one in received))
        expect(self.main.locator(".notice")).to_contain_text(wanted)
        return first, code

    def checks_receipt(self, title, code):
        self.goes_to_round(title)
        self.goes("Check a receipt")
        self.types("The code on your receipt, or its whole signed text", code)
        self.presses("Check")

    def keeps_the_choices(self):
        """Take the offer on the receipt."""
        self.main.get_by_role("button", name=self.says("Keep my choices on this device")).click()
        self.sees(self.says("Kept. Check your receipt here after the count."))

    def checks_the_kept_receipt(self, title, code):
        """The page knows the code."""
        self.goes_to_round(title)
        self.goes("Check a receipt")
        expect(self.main.locator("#code")).to_have_value(code)
        self.presses("Check")

    def forgets_the_choices(self):
        self.main.get_by_role("button", name=self.says("Forget my choices on this device")).click()
        self.sees(self.says("Forgotten: this device keeps nothing of your ballot any more."))
        expect(self.own).to_be_hidden()

    def finds_nothing_kept(self, title):
        self.goes_to_round(title)
        self.goes("Check a receipt")
        expect(self.main.locator("#code")).to_have_value("")
        assert "own-ballot" not in self.page.evaluate("JSON.stringify(localStorage)")

    @property
    def own(self):
        """What this device says of the choices it kept."""
        return self.main.locator("[data-own]")

    def numbers(self, part):
        """The projects one sees in a part of the page."""
        expect(part).to_be_visible()
        return sorted(map(int, part.locator(".ballot-number:visible").all_inner_texts()))

    def amounts(self, part):
        """Every amount of money, as it is told."""
        return re.findall(r"฿[\d,]+(?:\.\d\d)?", part.inner_text())

    def downloads(self, message, folder):
        with self.page.expect_download() as found:
            self.main.get_by_role("link", name=self.says(message), exact=True).click()
        kept = folder / found.value.suggested_filename
        found.value.save_as(kept)
        return kept

    def counts_anew(self, folder):
        """Run the program that was downloaded over the file that was downloaded; returns the file."""
        packed = self.downloads("Download everything (ZIP)", folder)
        with self.page.expect_download() as found:
            self.main.get_by_role("link", name="verify_result.py").click()
        found.value.save_as(folder / "verify_result.py")
        run = [sys.executable, "-I", str(folder / "verify_result.py"), str(packed)]
        said = subprocess.run(run, capture_output=True, text=True, check=False)
        assert (said.returncode, said.stderr) == (0, ""), said.stderr
        assert "Everything holds" in said.stdout
        return packed


class SecondVoter(Voter):
    """The same on a desk."""

    role = "resident2"


class ThirdVoter(Voter):
    """The same without JavaScript."""

    role = "resident5"


class RoundOfficer(Visitor):
    """Keeps the round."""

    role = "planner"

    def opens_the_close(self, title):
        self.opens_home()
        self.goes_by_menu("Voting rounds")
        self.link(title)
        self.goes("Key, board and count")

    def counts_the_round(self, title, outside):
        self.opens_the_close(title)
        self.goes("Paper ballots")
        for _area in range(self.main.get_by_role("button", name=self.says("Note it"), exact=True).count()):
            self.field("Why").first.fill("ผู้มีสิทธินำบัตรกลับบ้าน")
            self.presses("Note it")
        self.opens_the_close(title)
        self.presses("Close the board")
        self.types_the_number(outside)

    def types_the_number(self, outside):
        self.types("The outside number, as announced", outside)
        self.presses("This is the number")

    def waits_for_the_result(self, title):
        self.opens_the_close(title)
        counted = self.main.get_by_role("link", name=self.says("See the result"))
        until_there(self.page, counted)
        self.clicks(counted)


class RoundCertifier(RoundOfficer):
    """Types the outside number a second time."""

    role = "certifier"

    def opens_the_close(self, title):
        self.opens_home()
        self.goes_by_menu("Paper ballots")
        self.link(title)
        self.goes("Key, board and count")


def until_there(page, thing):
    """Load the page again until the worker has done its part."""
    for _ in range(60):
        if thing.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(thing).to_be_visible(timeout=1)


@pytest.mark.parametrize("meet", [("th", "phone", True)], indirect=True, ids=["thai-phone"])
def test_three_voters_from_the_booth_to_ones_own_ballot_in_the_published_file(
    meet, own_site, browser, axe, tmp_path
):
    voter, officer = meet(Voter), meet(RoundOfficer)
    voter.goes_to_round(OPEN)
    voter.goes("Vote now")
    voter.main.locator("label[for=p5]").first.click()
    voter.sees(voter.says("{n} of {most} chosen").replace("{n}", "1").replace("{most}", "5"))
    voter.goes_to_round(OPEN)
    voter.sees(voter.says("Not yet cast"))
    voter.goes("Continue and cast it")
    expect(voter.main.locator("#p5")).to_be_checked()
    voter.chooses(3, 5)
    axe(voter.page)
    first = voter.casts()
    voter.keeps_the_choices()
    axe(voter.page)
    voter.goes("Vote again")
    voter.chooses(6, 14)
    code = voter.casts()
    assert code != first
    voter.keeps_the_choices()
    voter.goes_to_round(OPEN)
    expect(voter.main.locator(".uncast")).to_be_hidden()

    with (
        meeting(browser, own_site, "en", "desktop", True) as meet_english,
        meeting(browser, own_site, "en", "phone", False) as meet_plain,
    ):
        english, plain = meet_english(SecondVoter), meet_plain(ThirdVoter)
        cast = {english: english.votes_twice(OPEN), plain: plain.votes_twice(OPEN, "mango")}

        officer.moves_clock("22/11/2569")
        voter.checks_receipt(OPEN, code)
        until_there(voter.page, voter.main.get_by_text(voter.says("Your ballot is on the board")))
        officer.moves_clock("30/11/2569")
        officer.counts_the_round(OPEN, "738153")
        certifier = meet(RoundCertifier)
        certifier.opens_the_close(OPEN)
        certifier.types_the_number("738153")
        officer.waits_for_the_result(OPEN)

        for other, (earlier, own) in cast.items():
            other.checks_receipt(OPEN, earlier)
            other.sees(other.says("This ballot was replaced by a later one"))
            other.checks_receipt(OPEN, own)
            other.sees(other.says("Your ballot is counted"))
            other.goes("Open this ballot: what became of its projects")
            assert other.numbers(other.main.locator("#own")) == [4, 9]
            other.goes_to_round(CERTIFIED)
            other.goes("See the result")
            other.sees(other.says("These came closest"))
            other.counts_anew(tmp_path)

    voter.checks_receipt(OPEN, first)
    voter.sees(voter.says("This ballot was replaced by a later one"))
    expect(voter.own).to_be_hidden()
    voter.checks_the_kept_receipt(OPEN, code)
    voter.sees(voter.says("Your ballot is counted"))
    assert voter.numbers(voter.own) == [6, 14]
    told = voter.amounts(voter.own)
    axe(voter.page)
    voter.goes("Open this ballot: what became of its projects")
    assert voter.numbers(voter.main.locator("#own")) == [6, 14]
    assert voter.amounts(voter.main.locator("#own")) == told
    axe(voter.page)
    voter.checks_the_kept_receipt(OPEN, code)
    voter.forgets_the_choices()
    voter.finds_nothing_kept(OPEN)
    voter.goes_to_round(OPEN)
    voter.goes("See the result")
    voter.sees(voter.says("These get the money"))
    axe(voter.page)
    packed = voter.counts_anew(tmp_path)
    with zipfile.ZipFile(packed) as opened:
        bodies = opened.read("ballots.jsonl").decode().splitlines()
    own = [one for one in bodies if ballot.spaced(ballot.code(ballot.leaf(one.encode()))) == code]
    assert [json.loads(one)["choices"] for one in own] == [[6, 14]]


@pytest.mark.parametrize("meet_here", [("en", "phone", True)], indirect=True)
def test_choices_on_a_device_that_is_shared(meet_here):
    voter = meet_here(Voter)
    voter.goes_to_round(OPEN)
    voter.goes("Vote now")
    voter.main.locator("label[for=p5]").first.click()
    voter.goes_to_round(OPEN)
    expect(voter.main.locator(".uncast")).to_be_visible()

    # Somebody else signs in: it is nothing of theirs. And whoever signs out leaves nothing.
    voter.loses_the_session()
    voter.role = SecondVoter.role
    voter.opens_home()
    voter.signs_in()
    voter.goes_to_round(OPEN)
    expect(voter.main.locator(".uncast")).to_be_hidden()
    assert "booth:" in voter.page.evaluate("Object.keys(localStorage).join()")
    voter.signs_out()
    assert "booth:" not in voter.page.evaluate("Object.keys(localStorage).join()")
