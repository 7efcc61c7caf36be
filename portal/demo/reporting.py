"""Progress of projects in the story: a project that is followed, its reports, its pictures."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image, ImageDraw

from portal.core import clock
from portal.demo import facts
from portal.demo.stage import Stage
from portal.progress import commands as progress
from portal.progress import queries
from portal.progress.commands import HeadData, OwnWords, Photo, ReportData
from portal.progress.models import Moment

DISTRICT = HeadData(
    agency="สำนักงานเขตดุสิต",
    division="ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม",
    responsible="หัวหน้าฝ่ายพัฒนาชุมชนและสวัสดิการสังคม (ตัวอย่าง)",
    coordinator="เจ้าหน้าที่ประสานงาน สยป. (ตัวอย่าง)",
)
SERIES = "progress_series"


class Followed:
    """One sheet on the stage; ``writer`` writes, ``second`` certifies."""

    def __init__(self, stage: Stage, sheet_id: int, writer: str, second: str) -> None:
        self.stage, self.id, self.writer, self.second = stage, sheet_id, writer, second

    @classmethod
    def project(cls, stage: Stage, project_id: int, at: dt.datetime, head: HeadData = DISTRICT) -> Followed:
        """A project of the district is followed from this hour on."""
        with stage.at(at):
            made = progress.open_sheet(stage.cast.actor("planner"), project_id, head)
            return cls(stage, made.id, "planner", "planner2")

    def write(self, at: dt.datetime, done: int, text: str, *, is_sent: bool = True, **said: Any) -> None:
        """A report is written, and handed over unless told otherwise; ``done`` in percent."""
        actor = self.stage.cast.actor(self.writer)
        said.setdefault("reported_on", clock.day_of(at))
        with self.stage.at(at):
            draft = queries.draft_of(self.id)
            data = ReportData(text=text, done=done * 100, **said)
            progress.write_draft(actor, self.id, data, version=draft.version_id if draft else None)
            if is_sent:
                progress.send_draft(actor, self.id)

    def certify(self, at: dt.datetime) -> int:
        """The second person certifies; returns the report's number."""
        with self.stage.at(at):
            draft = queries.draft_of(self.id)
            if draft is None:
                raise LookupError("there is nothing to certify")
            actor = self.stage.cast.actor(self.second)
            return progress.certify_report(actor, self.id, draft.version_id).number

    def report(self, at: dt.datetime, done: int, text: str, **said: Any) -> int:
        """Written, and certified three hours later."""
        self.write(at, done, text, **said)
        return self.certify(at + dt.timedelta(hours=3))

    def correct(self, at: dt.datetime, number: int) -> None:
        """The writer begins to correct a report."""
        with self.stage.at(at):
            progress.begin_correction(self.stage.cast.actor(self.writer), self.id, number)

    def send_back(self, at: dt.datetime, reason: str) -> None:
        """The second person sends the report back."""
        with self.stage.at(at):
            progress.send_back(self.stage.cast.actor(self.second), self.id, reason)


def real_series(stage: Stage) -> Followed:
    """The city's own series [S 003]: activity 21000000-3230 of the strategy office, eleven reports from 10 to 100 percent,
    one of them without a day, no money. Texts are told in short; people are named by post and extension."""
    lines: Sequence[dict[str, str]] = facts.rows(SERIES)
    head = HeadData(
        agency="สำนักยุทธศาสตร์และประเมินผล",
        division="กองยุทธศาสตร์เศรษฐกิจ การเงิน และการคลัง",
        group="กลุ่มงานประสานการถ่ายโอนภารกิจ",
        responsible="ผู้รับผิดชอบโครงการ",
        responsible_phone="1519",
        coordinator="ผู้ประสานงาน สยป.",
        coordinator_phone="1543",
    )
    own = OwnWords(
        name="กิจกรรมระดมความคิดเห็นเพื่อจัดทำยุทธศาสตร์การกระจายอำนาจ",
        code="21000000-3230",
        fiscal_year=2564,
        starts_on=dt.date(2020, 10, 1),
        ends_on=dt.date(2021, 9, 30),
        rationale="อำนาจหน้าที่ของกรุงเทพมหานครยังไม่ครอบคลุมบริการสาธารณะระดับมหานคร จึงทบทวนภารกิจที่ควรรับโอน (สรุปความ)",
        objectives="มียุทธศาสตร์การกระจายอำนาจจากส่วนกลางมายังกรุงเทพมหานคร และจากสำนักไปยังสำนักงานเขต (สรุปความ)",
        targets="ยุทธศาสตร์การกระจายอำนาจ 1 ฉบับ",
        strategy="ด้านที่ 5 มหานครประชาธิปไตย, 5.3 การกระจายอำนาจสู่ประชาชน, 5.3.1",
    )
    first = dt.date.fromisoformat(f"{lines[0]['month']}-20")
    with stage.at(clock.at(first, 9)):
        made = progress.open_bureau_sheet(stage.cast.actor("strategy"), head, own)
        series = Followed(stage, made.id, "strategy", "strategy2")
    for line in lines:
        day = dt.date.fromisoformat(line["reported_on"]) if line["reported_on"] else None
        month = dt.date.fromisoformat(f"{line['month']}-25")
        series.report(clock.at(day or month, 10), int(line["percent"]), line["text"], reported_on=day)
    return series


def _lamp(pen: ImageDraw.ImageDraw, x: int) -> None:
    pen.ellipse((x - 26, 300, x + 26, 352), fill="#ffd95a", outline="#33443c", width=4)


def loudspeaker(pen: ImageDraw.ImageDraw, x: int) -> None:
    """Two horns on a pole, back to back."""
    for turn in (-1, 1):
        horn = [(x + turn * 8, 322), (x + turn * 60, 292), (x + turn * 60, 372), (x + turn * 8, 342)]
        pen.polygon(horn, fill="#00694b", outline="#33443c", width=4)


def picture(
    moment: Moment, caption: str, top: Callable[[ImageDraw.ImageDraw, int], None] = _lamp, poles: int = 5
) -> Photo:
    """A drawn picture that says it is a sample: a street before, during and after its poles are put up; ``top`` draws
    what they carry."""
    drawn = Image.new("RGB", (960, 720), "#dfe9f2")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 470, 960, 720), fill="#b9b3a6")
    for left, height in ((60, 210), (340, 260), (640, 190)):
        pen.rectangle((left, height, left + 240, 470), fill="#c98f62", outline="#7d5636", width=4)
        pen.rectangle((left + 90, 380, left + 150, 470), fill="#6d4a2e")
    for number in range({Moment.BEFORE: 0, Moment.DURING: 2, Moment.AFTER: poles}[moment]):
        x = 70 + 760 // (poles - 1) * number
        pen.line((x, 640, x, 330), fill="#33443c", width=10)
        top(pen, x)
    stream = io.BytesIO()
    drawn.save(stream, "JPEG", quality=70)
    stream.seek(0)
    return Photo(stream, f"{moment.value}.jpg", moment, f"{caption} (ภาพวาดตัวอย่าง)")
