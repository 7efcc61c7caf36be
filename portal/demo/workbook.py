"""A workbook of the screening desk that came back: filled in offline, while a colleague worked on one of its items."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

import openpyxl

from portal.core import clock, db, jobs
from portal.core.i18n import speaking
from portal.cycles.models import Cycle
from portal.demo.stage import Stage
from portal.screening import columns, queries
from portal.screening import commands as screening
from portal.screening.models import Answer, Case

Cells = Mapping[str, str]


def send_back(
    stage: Stage,
    cycle_id: int,
    filled: Mapping[int, Cells],
    meanwhile: tuple[int, str, str],
    made_at: dt.datetime,
    sent_at: dt.datetime,
) -> None:
    """A planner downloads the cases of ``filled`` and types its cells (case → column → value); meanwhile a colleague
    finds a line of one case not met (case, criterion, reason); then the file is sent and compared."""
    planner, colleague = stage.cast.actor("planner"), stage.cast.actor("planner2")
    with stage.at(made_at), speaking("th"):
        cycle = db.session().get_one(Cycle, cycle_id)
        layout = queries.frame_of(cycle).layout
        name = columns.sheet_name()
        book = openpyxl.load_workbook(io.BytesIO(queries.workbook_of(planner, cycle, list(filled))))
        page = book[name]
        heads = {cell.value: cell.column for cell in page[columns.LEAD + 1]}
        for line, cells in enumerate(filled.values(), columns.LEAD + 2):
            for key, value in cells.items():
                page.cell(line, heads[layout.title(key)], layout.shown(key, value))
        content = io.BytesIO()
        book.save(content)
    case_id, criterion, reason = meanwhile
    with stage.at(made_at + (sent_at - made_at) / 2):
        screening.answer_card(
            colleague, db.session().get_one(Case, case_id), {criterion: (Answer.NOT_MET, reason)}
        )
    with stage.at(sent_at):
        screening.keep_sheet(planner, cycle_id, "กลั่นกรอง-ตัวอย่าง.xlsx", content.getvalue())
    with clock.travel(sent_at):
        jobs.run_due()
