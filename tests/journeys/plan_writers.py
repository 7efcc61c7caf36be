"""Leaders at the plan editor: what they would say they did there."""

from playwright.sync_api import expect

from portal.plans import words as plan_words
from portal.plans.models import ReviewMark
from tests.journeys.people import Leader


class PlanWriter(Leader):
    """The chair, who reviews last year's plan and writes this year's."""

    def goes_to_review(self) -> None:
        self.goes_to_plan()
        self.goes("See the review")

    def takes_mark_off(self, item: str) -> None:
        button = self.part("section", item).get_by_role("button")
        self.clicks(button.filter(has_text=self.says("Remove the mark")))

    def unfolds(self, message: str, item: str) -> None:
        self.part("section", item).locator("summary").filter(has_text=self.says(message)).click()

    def marks(self, item: str, mark: ReviewMark, reason: str) -> None:
        part = self.part("section", item)
        part.get_by_label(self.says(plan_words.MARKS[mark]), exact=True).check()
        part.get_by_role("textbox").fill(reason)
        self.presses("Save the mark", inside=part)

    def opens_item(self, item: str) -> None:
        self.goes_to_plan()
        self.link(item)

    def reckons(self, how_many: str, price: str, together: str) -> None:
        """Types the first budget line; the sum follows at once."""
        line = " " + self.says("line %(number)s", number=1)
        self.types("How many", how_many, more=line)
        self.types("Unit price", price, more=line)
        expect(self.main.locator("[data-total]")).to_have_text(together)


class SecondPlanWriter(PlanWriter):
    """The secretary, who writes at the same time."""

    role = "leader2"
