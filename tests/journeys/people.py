"""The people of a journey. Each is one browser; their verbs are what they would say they did.

They only click what they see: every label is said in English here and looked up in the portal's own catalogue, so the
same journey walks through the Thai pages.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

from portal.core import i18n
from portal.forums import words as forum_words
from portal.forums.models import AgeBand, Sex, Side
from portal.observation import words as observer_words
from portal.observation.models import Grade
from portal.procurement import words as buying_words
from portal.procurement.models import StepKind
from portal.screening import words as screening_words
from portal.screening.models import Answer, Outcome

KEPT = """text => new Promise((done) => {
  const look = () => Object.values(localStorage).some((kept) => kept.includes(text)) ? done() : setTimeout(look, 50);
  look();
})"""


class Visitor:
    """Somebody who has not signed in."""

    role = ""
    password = ""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.opens_home()
        if self.role:
            self.signs_in()

    # -- words and things on the page -------------------------------------------------------------------------

    def says(self, message: Any, **values: Any) -> str:
        """A message of the portal in this person's language."""
        with i18n.speaking(self.language):
            if not isinstance(message, str):
                return str(message)
            assert message in i18n.catalogue(self.language)._catalog, f"no page says “{message}”"
            return i18n.gettext(message, **values)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def link(self, text: str, *, inside: Locator | None = None) -> None:
        """Follow the first link that begins with the text."""
        self.clicks((inside or self.main).get_by_role("link", name=re.compile(f"^{re.escape(text)}")).first)

    def goes(self, message: Any, **values: Any) -> None:
        """Follow the link of the page's own words."""
        self.link(self.says(message, **values))

    def field(self, message: Any, *, more: str = "") -> Locator:
        name = re.escape(f"{self.says(message)}{more}")
        optional = re.escape(self.says("(optional)"))
        return self.main.get_by_label(re.compile(rf"^\s*{name}\s*({optional})?\s*$"))

    def types(self, message: Any, text: str, *, more: str = "") -> None:
        self.field(message, more=more).fill(text)

    def ticks(self, message: Any) -> None:
        self.field(message).check()

    def presses(self, message: Any, *, inside: Locator | None = None) -> None:
        """Press the button of these words; the page must not complain."""
        name = self.says(message)
        self.clicks((inside or self.main).get_by_role("button", name=name, exact=True).first)

    def clicks(self, thing: Locator) -> None:
        """Click, and read the next page."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            thing.click()
        self.is_well()

    def is_well(self) -> None:
        """Nothing on the page is refused, and it is no page of an error."""
        refused = self.page.locator(".error-summary")
        assert not refused.count(), f"{self.page.url}: {refused.inner_text()}"
        assert self.main.locator("h1").count() == 1, f"{self.page.url}: {self.page.title()}"

    def sees(self, text: str) -> None:
        expect(self.main).to_contain_text(text)

    # -- everywhere -------------------------------------------------------------------------------------------

    def opens_home(self) -> None:
        self.page.goto("/" if self.language == "th" else "/en/")

    @contextmanager
    def menu(self) -> Iterator[Locator]:
        """The menu of the page, unfolded: one's own pages on a wide window, everything on a phone."""
        header = self.page.locator("header.site-header")
        folded = header.locator("details.menu:visible > summary")
        if folded.count():
            folded.first.click()
        yield header

    def goes_by_menu(self, message: str) -> None:
        with self.menu() as header:
            self.clicks(header.locator("a:visible").get_by_text(self.says(message), exact=True).first)

    def signs_in(self) -> None:
        """By the button of the demonstration's sign-in page."""
        self.goes_by_menu("Sign in")
        self.clicks(self.page.locator(f"button[name=role][value={self.role}]"))

    def signs_out(self) -> None:
        with self.menu() as header:
            self.clicks(header.locator("button:visible").get_by_text(self.says("Sign out"), exact=True))

    def loses_the_session(self) -> None:
        """As after a long break."""
        self.page.context.clear_cookies()

    def gives_password(self, message: str, email: str = "", password: str = "") -> None:
        """Sign in on the page as it stands."""
        self.types("Email", email or f"{self.role}@example.org")
        self.types("Password", password or self.password)
        self.presses(message)

    def waits_until_kept(self, text: str) -> None:
        """Until this device has kept what was typed, which it does in a pause of the typing."""
        self.page.evaluate(KEPT, text)

    def closes_the_window(self) -> None:
        """And opens a new one; the browser stays the same."""
        context = self.page.context
        self.page.close()
        self.page = context.new_page()
        self.opens_home()

    def opens_mail(self, address: str) -> None:
        """The newest mail to this address, from the page that says one was sent, and the link in it."""
        self.goes("Read it here")
        self.link_in(self.main.get_by_role("row").filter(has_text=address).first)
        self.link_in(self.main.locator(".typed"))

    def link_in(self, part: Locator) -> None:
        """The first link of a part of the page."""
        self.clicks(part.get_by_role("link").first)

    def moves_clock(self, day: str) -> None:
        """Over a waiting period, by the demonstration's clock."""
        self.clicks(self.page.locator("aside.demo a"))
        self.types("Go to a date", day)
        self.presses("Move the clock")

    # -- reading ----------------------------------------------------------------------------------------------

    def searches(self, text: str) -> None:
        self.opens_home()
        self.main.get_by_role("searchbox").first.fill(text)
        self.presses("Search")

    def part(self, kind: str, text: str) -> Locator:
        """The smallest part of this kind in which the text stands."""
        return self.main.locator(kind).filter(has_text=text).last


class Resident(Visitor):
    """Somebody who lives there."""

    role = "resident"

    def remarks(self, text: str) -> None:
        self.types("Your comment", text)
        self.presses("Send the comment")
        self.sees(text)

    def said(self, text: str) -> Locator:
        """The remarks that say so."""
        return self.main.locator(".comment").filter(has_text=text)

    def remarks_on_draft_project(self, project: str, text: str) -> None:
        self.opens_home()
        place = "เขตดุสิต" if self.language == "th" else "Dusit"
        hearing = self.says("Hearing on the draft action plan of %(place)s, %(year)s", place=place, year="")
        self.link(hearing.strip())
        self.link(project)
        self.remarks(text)

    def goes_to_purchase(self, title: str) -> None:
        self.goes_by_menu("Procurement")
        self.link(title)

    def asks_to_observe(self, title: str, step: StepKind) -> None:
        self.goes_by_menu("Procurement")
        self.link(title, inside=self.main.locator("ul.ruled"))
        self.goes("Observe a step, read reports")
        self.link(f"{self.says('Ask for a place')} – {self.says(buying_words.STEPS[step])}")
        self.main.get_by_role("checkbox").check()
        self.presses("Ask for a place")

    def reports(self, seen: str, concern: str) -> None:
        self.goes_by_menu("My observations")
        self.goes("Write what I saw")
        self.types("What I saw", seen)
        first = self.main.get_by_role("group", name=self.says("Finding %(number)s", number=1))
        first.get_by_label(self.says(observer_words.GRADES[Grade.CONCERN][0]), exact=True).check()
        first.get_by_label(re.compile(self.says("What I noticed"))).fill(concern)
        self.presses("Send my report")


class Leader(Visitor):
    """The chair of the community."""

    role = "leader"

    def goes_to_desk(self) -> None:
        self.goes_by_menu("Community desk")

    def goes_to_plan(self) -> None:
        self.goes_to_desk()
        self.goes("See the plan")
        self.goes("Continue writing")

    def records_forum(self, community: str, title: str, women: int, men: int, minutes: str) -> None:
        self.goes_to_desk()
        self.link(community)
        self.goes(title)
        self.goes("Record the forum")
        for sex, people in ((Sex.FEMALE, women), (Sex.MALE, men)):
            age = self.says(forum_words.AGES[AgeBand.FROM_36_TO_59])
            cell = self.says("%(age)s, %(sex)s", age=age, sex=self.says(forum_words.SEXES[sex]))
            self.main.get_by_label(cell, exact=True).fill(str(people))
        self.types("Minutes", minutes)
        self.presses("Publish the record")

    def writes_issue_down(self, problem: str, proposal: str, raised_by: int, votes: int) -> None:
        self.goes("Write an issue down")
        self.ticks(forum_words.SIDES[Side.PHYSICAL])
        self.types("Problem", problem)
        self.types("What is proposed", proposal)
        self.types("Raised by how many people", str(raised_by))
        self.types("Hands counted", str(votes))
        self.presses("Save and write the next")

    def makes_item_of(self, proposal: str, community: str, forum: str) -> None:
        self.goes_to_desk()
        self.link(community)
        self.goes(forum)
        self.presses("Add it to the plan", inside=self.part("li", proposal))

    def completes_item(self, texts: dict[str, str], what: str, how_many: str, unit: str, price: str) -> None:
        for message, text in texts.items():
            self.types(message, text)
        line = " " + self.says("line %(number)s", number=1)
        for message, text in (
            ("What", what),
            ("How many", how_many),
            ("Unit", unit),
            ("Unit price", price),
        ):
            self.types(message, text, more=line)
        self.presses("Save the item")

    def signs(self) -> None:
        self.goes_to_desk()
        self.goes("Read and sign")
        self.presses("I have read the plan and sign it")

    def submits(self) -> None:
        self.goes_to_desk()
        self.goes("Submit")
        self.presses("Submit the plan")


class SecondLeader(Leader):
    """The secretary of the committee."""

    role = "leader2"


class CommunityDesk(Visitor):
    """The officer who keeps the committees of the district."""

    role = "community_desk"

    def enters_signatures(self, community: str, posts: list[str], scan: dict[str, Any]) -> None:
        self.goes_by_menu("Community desk")
        self.link(community)
        self.goes("Enter signatures on paper")
        for post in posts:
            who = self.main.locator("select").first
            value = who.locator("option").filter(has_text=post).first.get_attribute("value")
            who.select_option(value)
            self.field("Scan of the signed paper").set_input_files(scan)
            self.presses("Enter the signature")


class Planner(Visitor):
    """An officer who screens and plans."""

    role = "planner"

    def goes_to_inbox(self) -> None:
        self.goes_by_menu("Screening inbox")

    def takes_in(self, community: str) -> None:
        self.goes_to_inbox()
        self.presses("Accept for screening", inside=self.part("li", community))

    def finds_every_criterion_met(self) -> None:
        for criterion in self.main.locator("fieldset.criterion").all():
            criterion.get_by_label(self.says(screening_words.ANSWERS[Answer.MET]), exact=True).check()

    def fills_card(self, item: str, area: str, city: str) -> None:
        self.link(item)
        self.finds_every_criterion_met()
        self.presses("Save and continue to the merit check")
        for line in (area, city):
            self.finds_every_criterion_met()
            self.presses("Save and choose the line of the strategy")
            self.main.get_by_label(line, exact=True).check()
            self.presses("Choose this line")

    def proposes(self, reason: str) -> None:
        self.goes("Propose a decision")
        self.ticks(screening_words.OUTCOMES[Outcome.ACCEPT])
        self.field("Kind of reason").select_option(index=1)
        self.types("Reason in plain words", reason)
        self.presses("Send for confirmation")

    def confirms(self, item: str) -> None:
        self.goes_to_inbox()
        self.goes("To confirm")
        self.link(item)
        self.goes("Look at the proposal and confirm")
        self.presses("Confirm")

    def goes_to_action_plan(self, year: str) -> None:
        self.goes_by_menu("Action plan desk")
        row = self.part("tr", year)
        begin = row.get_by_role("button")
        self.clicks(begin if begin.count() else row.locator("td a"))

    def makes_project_of(self, item: str, texts: dict[str, str]) -> None:
        self.goes("Merge workbench")
        self.main.get_by_label(re.compile(f"^{re.escape(item)}")).check()
        self.presses("Make a new project of them")
        for message, text in texts.items():
            self.types(message, text)
        self.presses("Put it into the plan")

    def puts_the_rest_off(self, reason: str) -> None:
        self.goes("Merge workbench")
        for box in self.main.locator("#items input[type=checkbox]").all():
            box.check()
        self.presses("Not yet: give a reason")
        self.types("Why not yet", reason)
        self.presses("Keep the reason")

    def takes_step(self, year: str, message: str) -> None:
        """A step of the action plan: read what it does, then do it."""
        self.goes_to_action_plan(year)
        self.goes(message)
        self.presses(message)

    def answers(self, who: str, office: str, text: str, *others: str) -> None:
        """One reply for one person's remark, or for those of several."""
        for one in (who, *others):
            self.main.get_by_label(re.compile(f"^{re.escape(one)}")).first.check()
        self.types("Office that answers", office)
        self.types("Answer", text)
        self.presses("Publish the answer")


class SecondPlanner(Planner):
    """The second pair of eyes."""

    role = "planner2"


class Director(Planner):
    """Who answers for the district."""

    role = "director"

    def releases(self) -> None:
        self.goes_to_inbox()
        self.goes("Release decisions")
        self.presses("Release the selected decisions")


Meet = Callable[[type[Visitor]], Any]
