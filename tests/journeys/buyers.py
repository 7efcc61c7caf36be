"""Who buys, and looks after the observers: see tests/journeys/people.py."""

import re

from portal.procurement import words as buying_words
from portal.procurement.models import StepKind
from tests.journeys.people import Planner


class ProcurementOfficer(Planner):
    """Who buys."""

    role = "procurement"

    def begins(self, project: str, title: str, budget: str, first_day: str) -> None:
        self.goes_by_menu("Procurement desk")
        self.goes("Begin a process")
        self.main.get_by_label(re.compile(f"^{re.escape(project)}")).check()
        self.types("What is bought", title)
        self.types("Budget", budget)
        self.types("First day of a lawful plan", first_day)
        self.presses("Begin the process")

    def goes_to_work(self, title: str) -> None:
        self.goes_by_menu("Procurement desk")
        self.link(title)

    def _goes_to_step(self, message: str, step: StepKind) -> None:
        self.link(f"{self.says(message)} – {self.says(buying_words.STEPS[step])}")

    def does(self, step: StepKind, **given: str) -> None:
        self._goes_to_step("It has happened", step)
        for message, text in given.items():
            self.types(message.replace("_", " "), text)
        self.presses("Record the step")

    def shows_draft(self, text: str) -> None:
        self._goes_to_step("Show the draft terms", StepKind.DRAFT_TOR)
        self.types("Text of the draft terms", text)
        self.presses("Show the draft terms")

    def invites_observers(self, step: StepKind, time: str, place: str, places: int) -> None:
        self._goes_to_step("Set day and place", step)
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
