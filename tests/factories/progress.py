"""Followed projects and their reports, made by the room's own commands. Use inside an open transaction."""

from typing import Any

from portal.actionplan.models import MoneyStep, Project, ProjectMoney
from portal.core import clock, db
from portal.core.actor import Actor
from portal.progress import commands, queries
from portal.progress.models import ProgressReport, ProgressSheet

HEAD = commands.HeadData(agency="สำนักงานเขตดุสิต", responsible="หัวหน้าฝ่ายพัฒนาชุมชนฯ", responsible_phone="1519")


def transfer(project: Project, satang: int) -> None:
    """The money of a project has come."""
    db.session().add(
        ProjectMoney(
            project_id=project.id,
            step=MoneyStep.TRANSFERRED,
            amount_satang=satang,
            on=clock.today(),
            entered_by=project.created_by,
            entered_at=clock.now(),
        )
    )
    db.session().flush()


def sheet(writer: Actor, project: Project, head: commands.HeadData = HEAD) -> ProgressSheet:
    """The project is followed from this month on."""
    return commands.open_sheet(writer, project.id, head)


def data(done: int, **given: Any) -> commands.ReportData:
    """A whole report of today; ``done`` in percent."""
    values: dict[str, Any] = {"text": "ส่งมอบเต็นท์แล้วบางส่วน", "reported_on": clock.today(), **given}
    return commands.ReportData(done=done * 100, **values)


def sent(writer: Actor, sheet_id: int, done: int, **given: Any) -> int:
    """A report handed to a second person; returns the version of its draft."""
    draft = queries.draft_of(sheet_id)
    commands.write_draft(writer, sheet_id, data(done, **given), version=draft.version_id if draft else None)
    return commands.send_draft(writer, sheet_id).version_id


def report(writer: Actor, second: Actor, sheet_id: int, done: int, **given: Any) -> ProgressReport:
    """A certified report."""
    return commands.certify_report(second, sheet_id, sent(writer, sheet_id, done, **given))
