"""The desk's workbook in the hands of somebody who fills it in and sends it back."""

import io

import openpyxl

from portal.core import db as core_db
from portal.core import jobs
from portal.core.i18n import speaking
from portal.cycles.models import Cycle
from portal.screening import columns, commands, queries
from tests.screening.conftest import REASON


class Workbook:
    """A downloaded workbook, as somebody fills it in."""

    def __init__(self, desk, transaction, lang="th", actor=None):
        self.desk, self.transaction, self.lang = desk, transaction, lang
        with transaction("read"), speaking(lang):
            cycle = core_db.session().get_one(Cycle, desk.cycle.id)
            self.layout = queries.frame_of(cycle).layout
            content = queries.workbook_of(actor or desk.planner, cycle, desk.cases)
            self.name = columns.sheet_name()
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.page = self.book[self.name]
        self.heads = {cell.value: cell.column for cell in self.page[columns.LEAD + 1]}

    def row(self, number):
        return columns.LEAD + 2 + number

    def fill(self, number, **values):
        """Type into the row of an item: column → what is read there (a label, a number, a text)."""
        with speaking(self.lang):
            for key, value in values.items():
                key = key.replace("answer_", "answer.").replace("because_", "reason.")
                title = self.layout.title(key)
                self.page.cell(self.row(number), self.heads[title], value)
        return self

    def card(self, number, answer="met", reason="", group="both"):
        with speaking(self.lang):
            for one in self.layout.criteria:
                if group in ("both", one.group):
                    self.fill(number, **{f"answer_{one.key}": self.label("answer.x", answer)})
                    if reason:
                        self.fill(number, **{f"because_{one.key}": reason})
        return self

    def label(self, key, value):
        with speaking(self.lang):
            return self.layout.shown(key, value)

    def accept(self, number, **changed):
        """A full card, the lines of the strategies, and a proposal."""
        self.card(number)
        with speaking(self.lang):
            for which in ("area", "city"):
                lines = getattr(self.layout.strategies, which)
                if lines:
                    self.fill(number, **{which: next(iter(lines))})
        given = {
            "outcome": self.label("outcome", "accept"),
            "accepted_satang": 1000,
            "reason_code": self.label("reason_code", "fits"),
            "reason": REASON,
        }
        return self.fill(number, **{**given, **changed})

    def bytes(self):
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def send(self, actor=None, content=None):
        """Send it, and let the worker compare it; the sheet's id and what the comparison found."""
        with self.transaction():
            kept = commands.keep_sheet(
                actor or self.desk.planner, self.desk.cycle.id, "งาน.xlsx", content or self.bytes()
            )
        jobs.run_due()
        return kept.id, self.told(kept.id)

    def told(self, sheet_id):
        with self.transaction("read"):
            compared, _writing = queries.jobs_of(queries.sheet(self.desk.planner, sheet_id))
            assert compared.state == "done", compared.problems
            return compared.result

    def write(self, sheet_id, *overruled, actor=None):
        with self.transaction():
            job = commands.apply_sheet(actor or self.desk.planner, sheet_id, overruled)
        jobs.run_due()
        with self.transaction("read"):
            done = core_db.session().get_one(jobs.Job, job.id)
            assert done.state == "done", done.problems
            return done.result
