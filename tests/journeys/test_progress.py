"""The report of a month: one officer writes it with a picture, a second certifies it, and it stands there for good."""

import pytest

from portal.progress.models import Moment
from portal.progress.words import MOMENTS
from tests.journeys.people import Meet, Planner, SecondPlanner, Visitor
from tests.journeys.test_whole_way import SCAN

PROJECT = "โครงการถังดับเพลิง"
DONE = "จัดซื้อถังดับเพลิงและสำรวจจุดติดตั้งแล้ว"
REASON = "ผู้ขายส่งของช้า นัดส่งใหม่ต้นเดือนหน้า"


@pytest.mark.parametrize("meet_here", [("en", "desktop", True)], indirect=True, ids=["english"])
def test_report_of_a_month(meet_here: Meet, axe) -> None:
    writer, second, visitor = meet_here(Planner), meet_here(SecondPlanner), meet_here(Visitor)
    writer.goes_by_menu("Progress reports")
    writer.goes("All followed")
    writer.link(writer.says("Write the report"), inside=writer.part("tr", PROJECT))
    writer.types("What was done", DONE)
    writer.types("Total done so far, in percent", "15")
    no = writer.main.get_by_role("group", name=writer.says("Is it on schedule?"))
    no.get_by_label(writer.says("No"), exact=True).check()
    writer.types("If not: why, and what happens now", REASON)
    writer.field("Pictures").set_input_files(SCAN)
    writer.field("When the new pictures were taken").select_option(Moment.BEFORE.value)
    writer.types("What the new pictures show", "จุดติดตั้งในตรอก")
    axe(writer.page)
    writer.presses("Pass it to a second person")
    sheet = writer.page.url

    visitor.page.goto(f"{sheet}?before")  # a page that is not kept for the next who asks
    assert DONE not in visitor.main.inner_text(), "nothing is public before it is certified"
    second.goes_by_menu("Progress reports")
    second.goes("To certify")
    second.link(second.says("Read and certify"), inside=second.part("tr", PROJECT))
    second.sees(DONE)
    second.presses("Certify the report")

    visitor.page.goto(sheet)
    for said in (DONE, REASON, "15%", visitor.says(MOMENTS[Moment.BEFORE])):
        visitor.sees(said)
    form = visitor.main.get_by_role("link", name=visitor.says("The city's form to print (PDF)"))
    assert visitor.page.request.get(form.get_attribute("href") or "").body().startswith(b"%PDF-")
