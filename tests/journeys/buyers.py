"""Who buys, and looks after the observers: see tests/journeys/people.py."""

import datetime as dt
import re
from typing import Any

from playwright.sync_api import expect

from portal.procurement import words as buying_words
from portal.procurement.models import StepKind
from tests.journeys.people import Planner


class ProcurementOfficer(Planner):
    """Who buys."""

    role = "procurement"

    def day(self, day: dt.date) -> str:
        """A day as this person types it: with the Buddhist year, or the Common Era's in English."""
        return f"{day:%d/%m}/{day.year + (543 if self.language == 'th' else 0)}"

    def begins(
        self, project: str, title: str, budget: str, first_day: str = "", way: str = "e-bidding"
    ) -> None:
        """A purchase for the first project that is called so."""
        self.goes_by_menu("Procurement desk")
        self.goes("Start a process")
        self.main.get_by_label(re.compile(f"^{re.escape(project)}")).first.check()
        self.types("What is bought", title)
        self.field("Method").select_option(way)
        self.types("Budget", budget)
        self.types("First date of a lawful plan", first_day)
        self.presses("Start the process")

    def goes_to_work(self, title: str) -> None:
        self.goes_by_menu("Procurement desk")
        self.link(title)

    def _goes_to_step(self, message: str, step: StepKind) -> None:
        self.link(f"{self.says(message)} – {self.says(buying_words.STEPS[step])}")

    def does(self, step: StepKind, **given: str) -> None:
        self._fills_in(step, given)
        self.presses("Record the step")

    def _fills_in(self, step: StepKind, given: dict[str, str]) -> None:
        self._goes_to_step("Mark as done", step)
        for message, text in given.items():
            self.types(message.replace("_", " "), text)

    def does_on(self, day: dt.date, step: StepKind, **given: str) -> None:
        """As an officer who enters what happened earlier on paper."""
        self.does(step, Date_it_happened=self.day(day), **given)

    def is_warned(self, day: dt.date, step: StepKind, warning: Any, **given: str) -> None:
        """A rule would be broken: the page says which, and asks for a reason and who signed."""
        self._fills_in(step, {"Date it happened": self.day(day), **given})
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.main.get_by_role("button", name=self.says("Record the step"), exact=True).click()
        expect(self.main.locator("#warnings")).to_contain_text(self.says(warning).split("%(")[0])

    def goes_on_all_the_same(self, reason: str, signer: str) -> None:
        self.types("Why you are going ahead anyway", reason)
        self.types("Who signed", signer)
        self.presses("Record the step")

    def shows_draft(self, text: str) -> None:
        self._goes_to_step("Publish the draft terms", StepKind.DRAFT_TOR)
        self.types("Text of the draft terms", text)
        self.presses("Publish the draft terms")

    def changes_draft(self, text: str, what: str) -> None:
        self._goes_to_step("Change the draft terms", StepKind.DRAFT_TOR)
        self.types("Text of the draft terms", text)
        self.types("What has changed", what)
        self.presses("Publish the draft terms")

    def names_who_offered(self, lines: str) -> None:
        self.goes("Contracts and instalments")
        self.goes("Name the bidders")
        self.types("Bidders", lines)
        self.presses("Publish the list")

    def divides_contract(self, parts: list[tuple[str, str]]) -> None:
        self.goes("Contracts and instalments")
        self.goes("Divide into instalments")
        for number, (what, amount) in enumerate(parts, 1):
            row = self.main.get_by_role("group", name=self.says("Instalment %(number)s", number=number))
            row.get_by_label(re.compile(f"^{self.says('What is delivered')}")).fill(what)
            row.get_by_label(re.compile(f"^{self.says('Amount')}")).fill(amount)
        self.presses("Set the instalments")

    def settles(self, turn: StepKind, **given: str) -> None:
        """What comes next about the first instalment of which this comes next."""
        self.goes(buying_words.TURNS[turn])
        for message, text in given.items():
            self.types(message.replace("_", " "), text)
        self.presses(buying_words.TURNS[turn])

    def invites_observers(self, step: StepKind, time: str, place: str, places: int) -> None:
        self._goes_to_step("Set date and place", step)
        self.types("Time of the meeting", time)
        self.types("Place", place)
        self.ticks("Observers may attend")
        self.types("Places for observers", str(places))
        self.presses("Save the plan")

    def goes_to_observers(self) -> None:
        self.goes_by_menu("Observers to confirm")

    def confirms_observer(self, title: str) -> None:
        self.goes_to_observers()
        self.presses("Confirm the place", inside=self.part("li", title))

    def notes_who_came(self, title: str) -> None:
        self.goes_to_observers()
        self.goes("Who came?")
        self.presses("Came", inside=self.part("li", title))

    def answers_observer(self, title: str, text: str) -> None:
        self.goes_to_observers()
        self.goes("To answer")
        self.clicks(self.part("li", title).get_by_role("link").first)
        self.main.get_by_role("textbox").first.fill(text)
        self.presses("Publish the answer")
