"""Reading one process: its steps, documents, overrides, what it buys for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.actionplan.models import Project, ProjectItem
from portal.actionplan.queries import concerned_by
from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.storage import StoredFile
from portal.notifications.models import Follow
from portal.places.models import Community, District
from portal.plans.models import Item, Plan
from portal.procurement import policy
from portal.procurement.models import (
    DraftTerms,
    Postponement,
    Process,
    ProcessProject,
    RuleOverride,
    Step,
    StepDocument,
    StepKind,
    Tenderer,
)


def process_visible(actor: Actor, process_id: int) -> Process:
    """The process, if the actor may see it; raises NotFound otherwise."""
    found = db.session().scalar(sa.select(Process).where(Process.id == process_id, policy.visible_to(actor)))
    if found is None:
        raise NotFound
    return found


def step_visible(actor: Actor, step_id: int) -> tuple[Step, Process]:
    """A step and its process, if the actor may see them; raises NotFound otherwise."""
    row = (
        db.session()
        .execute(
            sa.select(Step, Process)
            .join(Process, Process.id == Step.process_id)
            .where(Step.id == step_id, policy.visible_to(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row[0], row[1]


def steps_of(process_id: int) -> list[Step]:
    """The sixteen steps in order."""
    return list(
        db.session().scalars(sa.select(Step).where(Step.process_id == process_id).order_by(Step.position))
    )


@dataclass
class Heading:
    """A process with what stands at the head of its page; ``is_followed`` is of the actor who asked."""

    process: Process
    code: str
    district_th: str
    district_en: str
    is_followed: bool


def heading(actor: Actor, process_id: int) -> Heading:
    """The process with its district, if the actor may see it; raises NotFound otherwise."""
    followed = sa.exists().where(Follow.topic_id == Process.topic_id, Follow.person_id == actor.id)
    row = (
        db.session()
        .execute(
            sa.select(Process, District.code, District.name_th, District.name_en, followed.label("followed"))
            .join(District, District.id == Process.district_id)
            .where(Process.id == process_id, policy.visible_to(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    return Heading(row[0], row.code, row.name_th, row.name_en, actor.is_signed_in and row.followed)


@dataclass
class Passed:
    """A step with the warnings that were overridden in it, rows of (RuleOverride, name, post), how often it was put off,
    each time with its reason, and, with the opening, who offered."""

    step: Step
    overrides: list[Any] = field(default_factory=list)
    put_off: list[Postponement] = field(default_factory=list)
    tenderers: list[Tenderer] = field(default_factory=list)


def way_of(process_id: int) -> list[Passed]:
    """The steps in order, each with its overrides and who entered them, and its delays; one query."""
    found: dict[int, Passed] = {}
    rows = db.session().execute(
        sa.select(
            Step, RuleOverride, Person.display_name, Person.position.label("post"), Postponement, Tenderer
        )
        .outerjoin(RuleOverride, RuleOverride.step_id == Step.id)
        .outerjoin(Person, Person.id == RuleOverride.entered_by)
        .where(Step.process_id == process_id)
        .outerjoin(Postponement, Postponement.step_id == Step.id)
        .outerjoin(
            Tenderer,
            sa.and_(Tenderer.process_id == Step.process_id, Step.kind == StepKind.BID_OPENING),
        )
        .order_by(Step.position, RuleOverride.id, Postponement.id, Tenderer.position)
    )
    for row in rows:
        passed = found.setdefault(row.Step.id, Passed(row.Step))
        if row.RuleOverride is not None and all(
            one.RuleOverride is not row.RuleOverride for one in passed.overrides
        ):
            passed.overrides.append(row)
        if row.Postponement is not None and row.Postponement not in passed.put_off:
            passed.put_off.append(row.Postponement)
        if row.Tenderer is not None and row.Tenderer not in passed.tenderers:
            passed.tenderers.append(row.Tenderer)
    return list(found.values())


def documents_of(process_id: int) -> list[Any]:
    """Documents of a process in the order of its steps, newest first within a step: id, title, document_type, kind,
    step_id, has_text, file_id, size, published_at."""
    return list(
        db.session().execute(
            sa.select(
                StepDocument.id,
                StepDocument.title,
                StepDocument.document_type,
                StepDocument.step_id,
                StepDocument.file_id,
                StepDocument.published_at,
                (StepDocument.text != "").label("has_text"),
                StoredFile.size,
                Step.kind,
            )
            .join(Step, Step.id == StepDocument.step_id)
            .outerjoin(StoredFile, StoredFile.id == StepDocument.file_id)
            .where(Step.process_id == process_id)
            .order_by(Step.position, StepDocument.id.desc())
        )
    )


def document_visible(actor: Actor, document_id: int) -> Any:
    """(StepDocument, Step, Process, StoredFile or None, publisher's name and post), if the actor may see the process;
    raises NotFound otherwise."""
    row = (
        db.session()
        .execute(
            sa.select(
                StepDocument, Step, Process, StoredFile, Person.display_name, Person.position.label("post")
            )
            .join(Step, Step.id == StepDocument.step_id)
            .join(Process, Process.id == Step.process_id)
            .join(Person, Person.id == StepDocument.published_by)
            .outerjoin(StoredFile, StoredFile.id == StepDocument.file_id)
            .where(StepDocument.id == document_id, policy.visible_to(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row


class Wording(NamedTuple):
    """A wording of the draft terms as it was shown, with its file where there is one."""

    number: int
    text: str
    changes: str
    sha256: str
    ends_on: dt.date
    published_at: dt.datetime
    document_id: int
    file_id: int | None


def wordings_of(process_id: int) -> list[Wording]:
    """Every wording of the draft terms, newest first."""
    rows = db.session().execute(
        sa.select(
            DraftTerms.number,
            StepDocument.text,
            DraftTerms.changes,
            DraftTerms.sha256,
            DraftTerms.ends_on,
            DraftTerms.published_at,
            DraftTerms.document_id,
            StepDocument.file_id,
        )
        .join(StepDocument, StepDocument.id == DraftTerms.document_id)
        .where(DraftTerms.process_id == process_id)
        .order_by(DraftTerms.number.desc())
    )
    return [Wording(*row) for row in rows]


def draft_shown_on(process_id: int) -> dt.date | None:
    """The Bangkok day on which the newest wording of the draft terms was published; None before the first."""
    latest = db.session().scalar(
        sa.select(sa.func.max(StepDocument.published_at))
        .join(Step, Step.id == StepDocument.step_id)
        .where(
            Step.process_id == process_id,
            Step.kind == StepKind.DRAFT_TOR,
            StepDocument.document_type == "hearingNotice",
        )
    )
    return clock.day_of(latest) if latest else None


@dataclass
class Bought:
    """A project a process buys for, with the community items it takes in."""

    project_id: int
    name: str
    code: str | None
    topic_id: int
    items: list[Any] = field(default_factory=list)


def bought_for(process_id: int) -> list[Bought]:
    """The projects of a process, each with its items (item_id, item_title, community_id, community)."""
    found: dict[int, Bought] = {}
    rows = db.session().execute(
        sa.select(
            Project.id,
            Project.name,
            Project.code,
            Project.topic_id,
            Item.id.label("item_id"),
            Item.title.label("item_title"),
            Community.id.label("community_id"),
            Community.name.label("community"),
        )
        .join(ProcessProject, ProcessProject.project_id == Project.id)
        .outerjoin(ProjectItem, ProjectItem.project_id == Project.id)
        .outerjoin(Item, Item.id == ProjectItem.item_id)
        .outerjoin(Plan, Plan.id == Item.plan_id)
        .outerjoin(Community, Community.id == Plan.community_id)
        .where(ProcessProject.process_id == process_id)
        .order_by(Project.position, Project.id, Community.sort_key, Item.id)
    )
    for row in rows:
        bought = found.setdefault(row.id, Bought(row.id, row.name, row.code, row.topic_id))
        if row.item_id is not None:
            bought.items.append(row)
    return list(found.values())


# The turns of a purchase that everybody hears of whose idea it is.
NOTED = frozenset(
    f"procurement.{turn}"
    for turn in (
        "begun",
        "draft_tor",
        "invitation",
        "award",
        "contract",
        "delayed",
        "acceptance",
        "payment",
        "closed",
        "cancelled",
    )
)


def topics_upstream(process_id: int) -> list[int]:
    """Topics whose followers hear of the process: its own, its projects' and their items'."""
    own = sa.select(Process.topic_id).where(Process.id == process_id)
    projects = (
        sa.select(Project.topic_id)
        .join(ProcessProject, ProcessProject.project_id == Project.id)
        .where(ProcessProject.process_id == process_id)
    )
    items = (
        sa.select(Item.topic_id)
        .join(ProjectItem, ProjectItem.item_id == Item.id)
        .join(ProcessProject, ProcessProject.project_id == ProjectItem.project_id)
        .where(ProcessProject.process_id == process_id)
    )
    return list(db.session().scalars(own.union(projects, items)))


def hearers(process_id: int, event: str) -> dict[str, Any]:
    """Who is told of an event of a process, as ``notifications.tell`` takes it: whoever follows it, its projects or
    their ideas; of the turns that matter also the authors and leaders of those ideas, and who follows their plans and
    communities."""
    own = topics_upstream(process_id)
    if event not in NOTED:
        return {"followers_of": own}
    projects = db.session().scalars(
        sa.select(ProcessProject.project_id).where(ProcessProject.process_id == process_id)
    )
    found = concerned_by(projects.all())
    return {**found, "followers_of": sorted({*own, *found["followers_of"]})}
