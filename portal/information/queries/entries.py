"""The catalogue: its entries by class, month, district and words; and what earlier rooms have published since."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ActionPlan, ActionPlanEdition, ActionPlanState
from portal.core import clock, db, paging, thai, topics
from portal.core.actor import ANONYMOUS, Actor
from portal.core.errors import NotFound
from portal.core.storage import StoredFile
from portal.core.topics import Topic
from portal.forums.models import Forum, ForumPaper
from portal.information import policy, summary, titles
from portal.information.models import Entry, InfoClass, MonthlySummary, Service, ServiceEdition, Source
from portal.places.models import District
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Contract, DraftTerms, Process, ProcessState, Step, StepDocument
from portal.progress import policy as progress_policy
from portal.progress.models import ProgressReport, ProgressSheet
from portal.rulebook import queries as rulebook

PAGE = 25
MOST_FOUND = 500
DISPLAY_DAYS = "information.display_days"


@dataclass(frozen=True)
class Chosen:
    """The filters of the catalogue; empty ones let everything through. ``month`` is the first day of a month."""

    info_class: InfoClass | None = None
    district_id: int | None = None
    month: dt.date | None = None
    q: str = ""


def _chosen(statement: Any, chosen: Chosen) -> Any:
    if chosen.info_class is not None:
        statement = statement.where(Entry.info_class == chosen.info_class)
    if chosen.district_id is not None:
        statement = statement.where(Entry.district_id == chosen.district_id)
    if chosen.month is not None:
        last = summary.after(chosen.month)
        statement = statement.where(Entry.published_on >= chosen.month, Entry.published_on < last)
    return statement


def _signed() -> Any:
    """When the newest contract of the purchase was signed that a document belongs to; NULL for other documents."""
    return (
        sa.select(sa.func.max(Contract.signed_on))
        .join(Step, Step.process_id == Contract.process_id)
        .join(StepDocument, StepDocument.step_id == Step.id)
        .where(Entry.source == Source.PROCUREMENT, StepDocument.id == Entry.source_id)
        .correlate(Entry)
        .scalar_subquery()
    )


def _is_being_bought() -> Any:
    """The purchase that a document belongs to still runs and nothing of it is signed."""
    return (
        sa.exists()
        .where(
            Entry.source == Source.PROCUREMENT,
            StepDocument.id == Entry.source_id,
            Step.id == StepDocument.step_id,
            Process.id == Step.process_id,
            Process.state == ProcessState.RUNNING,
            ~sa.exists().where(Contract.process_id == Process.id),
        )
        .correlate(Entry)
    )


def last_day(shown_until: dt.date, row: Any, days: int) -> dt.date | None:
    """Until when a document counts as shown: what belongs to a purchase ``days`` after the signature of its contract at
    least, as anything else after its publication; None while nothing is signed. ``row`` has signed_on and
    is_being_bought."""
    if row.is_being_bought:
        return None
    return max(shown_until, row.signed_on + dt.timedelta(days=days)) if row.signed_on else shown_until


def entries(actor: Actor, chosen: Chosen, cursor: str | None = None) -> paging.Slice:
    """A page of the catalogue, newest first: id, title, info_class, source, published_on, shown_until, signed_on and
    is_being_bought (see :func:`last_day`), name_th, name_en.
    Words are looked for in titles and inside the documents."""
    statement = _chosen(
        sa.select(
            Entry.id,
            Entry.title,
            Entry.info_class,
            Entry.source,
            Entry.published_on,
            Entry.shown_until,
            _signed().label("signed_on"),
            _is_being_bought().label("is_being_bought"),
            District.name_th,
            District.name_en,
        )
        .outerjoin(District, District.id == Entry.district_id)
        .where(policy.visible_to(actor)),
        chosen,
    )
    terms = thai.query_terms(chosen.q)
    if chosen.q and not terms:
        return paging.Slice([], None)
    if terms:
        words = topics.words_query(terms, "document")
        found = topics.matches(words, limit=MOST_FOUND, kind="document").subquery()
        statement = statement.where(Entry.topic_id.in_(sa.select(found.c.topic_id)))
    return paging.keyset(statement, [(Entry.id, "desc")], cursor=cursor, size=PAGE)


def index(
    actor: Actor, district_id: int | None
) -> tuple[Mapping[InfoClass, int], Sequence[tuple[dt.date, int]]]:
    """How many documents each class has, and each of the months that have any, newest first; two queries."""
    where = [policy.visible_to(actor)]
    if district_id is not None:
        where.append(Entry.district_id == district_id)
    session = db.session()
    classes = dict(
        session.execute(
            sa.select(Entry.info_class, sa.func.count()).where(*where).group_by(Entry.info_class)
        ).all()
    )
    year, month = sa.extract("year", Entry.published_on), sa.extract("month", Entry.published_on)
    rows = session.execute(
        sa.select(year.label("year"), month.label("month"), sa.func.count().label("number"))
        .where(*where)
        .group_by(year, month)
        .order_by(year.desc(), month.desc())
    )
    return classes, [(dt.date(int(row.year), int(row.month), 1), row.number) for row in rows]


def entry(actor: Actor, entry_id: int) -> Any:
    """One entry with its file and district: (Entry, StoredFile or None, signed_on, is_being_bought, name_th, name_en); raises NotFound."""
    row = (
        db.session()
        .execute(
            sa.select(
                Entry,
                StoredFile,
                _signed().label("signed_on"),
                _is_being_bought().label("is_being_bought"),
                District.name_th,
                District.name_en,
            )
            .outerjoin(StoredFile, StoredFile.id == Entry.file_id)
            .outerjoin(District, District.id == Entry.district_id)
            .where(Entry.id == entry_id, policy.visible_to(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row


def display_days() -> int:
    """For how many days a document is shown before it counts as archived."""
    return rulebook.law(DISPLAY_DAYS)


# -- what earlier rooms published -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """A document of another room that is not in the catalogue yet; ``text`` are its words for the search."""

    source: Source
    source_id: int
    info_class: InfoClass
    district_id: int | None
    title: str
    text: str
    published_on: dt.date
    place: dict[str, Any]


def not_gathered(most: int = 500) -> list[Published]:
    """What visitors can read elsewhere and the catalogue does not have yet, oldest first: at most ``most`` of each
    source."""
    found = [
        one
        for source in (_procurement, _plans, _papers, _progress, _summaries, _services)
        for one in source(most)
    ]
    return sorted(found, key=lambda one: (one.published_on, one.source.value, one.source_id))


def _numbered(title: str, number: int | None) -> str:
    """The title of an edition: from the second on with its number, so that no two are called alike."""
    return titles.EDITION.compose(title=title, number=number) if number and number > 1 else title


def _new(statement: Any, source: Source, column: Any, most: int) -> Any:
    there = sa.exists().where(Entry.source == source, Entry.source_id == column)
    return db.session().execute(statement.where(~there).order_by(column).limit(most))


def _procurement(most: int) -> Iterator[Published]:
    statement = (
        sa.select(StepDocument, Process.title, Process.district_id, DraftTerms.number)
        .join(Step, Step.id == StepDocument.step_id)
        .join(Process, Process.id == Step.process_id)
        .outerjoin(DraftTerms, DraftTerms.document_id == StepDocument.id)
        .where(procurement_policy.visible_to(ANONYMOUS))
    )
    for document, title, district_id, number in _new(statement, Source.PROCUREMENT, StepDocument.id, most):
        yield Published(
            Source.PROCUREMENT,
            document.id,
            InfoClass.OTHER,
            district_id,
            _numbered(f"{document.title}: {title}", number),
            document.text,
            clock.day_of(document.published_at),
            {"document_id": document.id},
        )


def _plans(most: int) -> Iterator[Published]:
    statement = (
        sa.select(ActionPlanEdition, ActionPlan.district_id, Topic.title)
        .join(ActionPlan, ActionPlan.id == ActionPlanEdition.action_plan_id)
        .join(Topic, Topic.id == ActionPlan.topic_id)
        .where(ActionPlan.state != ActionPlanState.DRAFT)
    )
    for edition, district_id, title in _new(statement, Source.ACTION_PLAN, ActionPlanEdition.id, most):
        projects = json.loads(edition.body)["projects"]
        yield Published(
            Source.ACTION_PLAN,
            edition.id,
            InfoClass.PLANS,
            district_id,
            _numbered(title, edition.number),
            " ".join(f"{one['name']} {one['code'] or ''}" for one in projects),
            clock.day_of(edition.published_at),
            {"plan_id": edition.action_plan_id, "number": edition.number},
        )


def _papers(most: int) -> Iterator[Published]:
    statement = sa.select(ForumPaper, Forum.district_id, Forum.title).join(
        Forum, Forum.id == ForumPaper.forum_id
    )
    for paper, district_id, title in _new(statement, Source.FORUM, ForumPaper.id, most):
        yield Published(
            Source.FORUM,
            paper.id,
            InfoClass.POLICY,
            district_id,
            _numbered(titles.PAPERS[paper.kind].compose(title=title), paper.number),
            " ".join(_texts(paper.body)),
            clock.day_of(paper.published_at),
            {"forum_id": paper.forum_id, "kind": paper.kind.value, "edition": paper.number},
        )


def _texts(value: Any) -> Iterator[str]:
    """Every text inside a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def _progress(most: int) -> Iterator[Published]:
    statement = (
        sa.select(ProgressReport, ProgressSheet.district_id, Topic.title)
        .join(ProgressSheet, ProgressSheet.id == ProgressReport.sheet_id)
        .join(Topic, Topic.id == ProgressSheet.topic_id)
        .where(progress_policy.visible_to(ANONYMOUS))
    )
    for report, district_id, title in _new(statement, Source.PROGRESS, ProgressReport.id, most):
        yield Published(
            Source.PROGRESS,
            report.id,
            InfoClass.PLANS,
            district_id,
            titles.REPORT.compose(number=report.number, title=title),
            f"{report.text} {report.reason}",
            clock.day_of(report.certified_at),
            {"sheet_id": report.sheet_id, "number": report.number},
        )


def _summaries(most: int) -> Iterator[Published]:
    statement = sa.select(MonthlySummary, District.name_th).join(
        District, District.id == MonthlySummary.district_id
    )
    for made, name in _new(statement, Source.SUMMARY, MonthlySummary.id, most):
        title = titles.SUMMARY.compose(month=thai.month_text(made.month), district=name)
        if made.number > 1:
            title = titles.CORRECTED.compose(title=title, number=made.number - 1)
        yield Published(
            Source.SUMMARY,
            made.id,
            InfoClass.OTHER,
            made.district_id,
            title,
            summary.text_of(json.loads(made.body)),
            clock.day_of(made.published_at),
            {"code": made.district_id, "number": summary.number_of(made.month), "edition": made.number},
        )


def _services(most: int) -> Iterator[Published]:
    statement = sa.select(ServiceEdition, Service.district_id).join(
        Service, Service.id == ServiceEdition.service_id
    )
    for made, district_id in _new(statement, Source.SERVICE, ServiceEdition.id, most):
        words = [made.what, *made.papers, *(step["what"] for step in made.steps), made.place]
        yield Published(
            Source.SERVICE,
            made.id,
            InfoClass.MANUALS,
            district_id,
            titles.SERVICE.compose(name=made.name),
            " ".join(words),
            clock.day_of(made.published_at),
            {"service_id": made.service_id, "edition": made.number},
        )
