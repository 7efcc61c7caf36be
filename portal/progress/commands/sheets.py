"""The head of the form: beginning to follow a project, and keeping its posts and its plan of the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from portal.core import clock, db, ledger, topics
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.progress import policy, queries, rules
from portal.progress.curve import EVEN
from portal.progress.models import ProgressSheet
from portal.progress.months import month_of


@dataclass(frozen=True)
class HeadData:
    """Who is responsible, by post and extension, and what is to be done by the end of each quarter of the fiscal year, in
    hundredths of a percent."""

    agency: str
    responsible: str
    division: str = ""
    group: str = ""
    responsible_phone: str = ""
    coordinator: str = ""
    coordinator_phone: str = ""
    planned: Sequence[int] = EVEN


@dataclass(frozen=True)
class OwnWords:
    """What a bureau's sheet says itself, since its project stands in no plan here. ``fiscal_year`` BE, money in satang."""

    name: str
    code: str
    fiscal_year: int
    starts_on: dt.date
    ends_on: dt.date
    received_satang: int = 0
    rationale: str = ""
    objectives: str = ""
    targets: str = ""
    strategy: str = ""


def open_sheet(actor: Actor, project_id: int, data: HeadData) -> ProgressSheet:
    """Begin to follow a project of a published plan: reports are owed from this month on, or from the first month of its
    period if that is still to come. Opening twice is opening once.

    Raises NotFound for projects that cannot be followed by this actor, Invalid by form field.
    """
    row = queries.project_to_open(actor, project_id)
    if wrong := rules.faults_of_head(data):
        raise Invalid(wrong)
    if row.sheet_id is not None:
        return db.session().get_one(ProgressSheet, row.sheet_id)
    first = max(month_of(row.Project.starts_on), month_of(clock.today()))
    sheet = ProgressSheet(
        project_id=project_id,
        district_id=row.Project.district_id,
        topic_id=row.Project.topic_id,
        first_month=first,
        next_month=first,
        opened_by=actor.id,
        opened_at=clock.now(),
        **_columns(data),
    )
    db.session().add(sheet)
    db.session().flush()
    _record("progress.opened", actor, sheet, data)
    return sheet


def open_bureau_sheet(actor: Actor, data: HeadData, own: OwnWords) -> ProgressSheet:
    """Begin to follow a project of one of the city's bureaus, which has no plan here.

    Raises NotAllowed for everybody but the city's own officers, Invalid by form field.
    """
    if not policy.can_open(actor, None):
        raise NotAllowed(_l("Projects of the city's bureaus are followed by the city's own officers."))
    wrong = rules.faults_of_head(data)
    if not own.name.strip():
        wrong["name"] = _l("This must be filled in.")
    if own.ends_on < own.starts_on:
        wrong["ends_on"] = _l("The end is before the start.")
    if own.received_satang < 0:
        wrong["received_satang"] = _l("Money cannot be less than zero.")
    if wrong:
        raise Invalid(wrong)
    topic = topics.create("progress", own.name, text=f"{own.objectives} {own.targets}")
    first = max(month_of(own.starts_on), month_of(clock.today()))
    sheet = ProgressSheet(
        topic_id=topic.id,
        first_month=first,
        next_month=first,
        opened_by=actor.id,
        opened_at=clock.now(),
        **_columns(data),
        **asdict(own),
    )
    db.session().add(sheet)
    db.session().flush()
    topics.tie(topic.id, sheet.id)
    _record("progress.opened", actor, sheet, data)
    return sheet


def edit_head(actor: Actor, sheet: ProgressSheet, version: int, data: HeadData) -> None:
    """Change posts, extensions and the plan of the year. Certified reports stay as they are.

    Raises NotAllowed, Conflict when somebody else wrote first, Invalid by form field.
    """
    sheet = hold_sheet(actor, sheet.id)
    if not policy.can_write(actor, sheet):
        raise NotAllowed(_l("You may not do this here."))
    if sheet.version_id != version:
        raise Conflict(_l("Someone else has changed this in the meantime."))
    if wrong := rules.faults_of_head(data):
        raise Invalid(wrong)
    for name, value in _columns(data).items():
        setattr(sheet, name, value)
    _record("progress.head_changed", actor, sheet, data)


def hold_sheet(actor: Actor, sheet_id: int) -> ProgressSheet:
    """The sheet, held against everybody else who works on it, for somebody who does; raises NotFound, NotAllowed."""
    sheet = db.get_for_update(ProgressSheet, sheet_id)
    if sheet is None:
        raise NotFound
    if not policy.is_on_desk(actor, sheet):
        raise NotAllowed(_l("Progress of this project is reported by another office."))
    return sheet


def _columns(data: HeadData) -> dict[str, object]:
    return {**asdict(data), "planned": list(data.planned)}


def _record(event: str, actor: Actor, sheet: ProgressSheet, data: HeadData) -> None:
    ledger.record(
        event,
        actor,
        "progress_sheet",
        sheet.id,
        district_id=sheet.district_id,
        changes={"project_id": sheet.project_id, **_columns(data)},
    )
