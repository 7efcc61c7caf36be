"""Reports with their answers, each as far as the reader may read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, hashing, witness
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.storage import StoredFile
from portal.observation import policy, words
from portal.observation.models import Grade, Report, ReportAnswer, Signup
from portal.observation.policy import Closed
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Process, Step, StepKind
from portal.procurement.words import STEPS

PHOTOS = "observer_signup"


def content_of(report: Report) -> dict[str, Any]:
    """What a report says, as it is hashed: anyone who may read it can make the same text again."""
    return {
        "signup": report.signup_id,
        "corrects": report.corrects_id,
        "seen": report.seen,
        "findings": report.findings,
        "photos": report.photos,
        "is_public": report.is_public,
    }


def fingerprint(report: Report) -> str:
    """The SHA-256 of :func:`content_of` in its canonical form; it stands in the ledger with the report's sending."""
    return hashing.sha256_hex(hashing.canonical_json(content_of(report)))


def newest_report(signup_id: int) -> Report | None:
    """The report that no other one corrects."""
    newer = sa.orm.aliased(Report)
    return db.session().scalar(
        sa.select(Report).where(
            Report.signup_id == signup_id, ~sa.exists().where(newer.corrects_id == Report.id)
        )
    )


@dataclass
class Told:
    """A report as this reader may see it, with its answer and its pictures. ``closed`` says why its words, its author and
    its answer are left out; ``newer_id`` is the report that corrects it, ``older_id`` the one it corrects."""

    id: int
    kind: StepKind
    held_on: dt.date | None
    grade: Grade
    is_public: bool
    submitted_at: dt.datetime
    due_on: dt.date | None
    answered_at: dt.datetime | None
    sha256: str
    newer_id: int | None
    older_id: int | None
    closed: Closed | None
    observer: str = ""
    seen: str = ""
    findings: list[tuple[object, str, str]] = field(default_factory=list)
    answer: str = ""
    answered_by: str = ""
    answered_post: str = ""
    photos: list[StoredFile] = field(default_factory=list)

    @property
    def step(self) -> object:
        """The step's name, in the reader's language."""
        return STEPS[self.kind]

    @property
    def grade_tag(self) -> tuple[object, str]:
        """(label, tone) of the grade."""
        return words.GRADES[self.grade]

    @property
    def closed_text(self) -> object:
        """Why the words are left out, for the reader."""
        return words.CLOSED[self.closed] if self.closed is not None else ""

    @property
    def is_owed(self) -> bool:
        """The office owes an answer."""
        return self.answered_at is None and self.due_on is not None and self.newer_id is None

    @property
    def is_overdue(self) -> bool:
        """The office owes an answer and its day has passed."""
        return self.is_owed and self.due_on is not None and self.due_on < clock.today()


def _told() -> Any:
    answerer, newer = sa.orm.aliased(Person), sa.orm.aliased(Report)
    return (
        sa.select(
            Report,
            Signup.person_id,
            Signup.id.label("signup_id"),
            Step.id.label("step_id"),
            Step.kind,
            Step.actual_on,
            Step.planned_on,
            Person.display_name.label("observer"),
            ReportAnswer.body,
            ReportAnswer.answered_at,
            answerer.display_name.label("answered_by"),
            answerer.position.label("answered_post"),
            newer.id.label("newer_id"),
            policy.is_withheld().label("is_withheld"),
            policy.is_sealed().label("is_sealed"),
            Process.id.label("process_id"),
            Process.title,
            Process.topic_id,
            Process.district_id,
        )
        .join(Signup, Signup.id == Report.signup_id)
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .join(Person, Person.id == Signup.person_id)
        .outerjoin(newer, newer.corrects_id == Report.id)
        .outerjoin(ReportAnswer, ReportAnswer.report_id == Report.id)
        .outerjoin(answerer, answerer.id == ReportAnswer.answered_by)
    )


def _as_told(actor: Actor, rows: Iterable[Any]) -> list[Told]:
    found: list[Told] = []
    photos: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        report = row.Report
        closed = _closed_to(actor, row)
        told = Told(
            id=report.id,
            kind=row.kind,
            held_on=row.actual_on or row.planned_on,
            grade=report.grade,
            is_public=report.is_public,
            submitted_at=report.submitted_at,
            due_on=report.answer_due_on,
            answered_at=row.answered_at,
            sha256=report.sha256,
            newer_id=row.newer_id,
            older_id=report.corrects_id,
            closed=closed,
        )
        if closed is None:
            told.observer, told.seen = row.observer, report.seen
            told.findings = [(*words.GRADES[Grade(one["grade"])], one["text"]) for one in report.findings]
            told.answer, told.answered_by = row.body or "", row.answered_by or ""
            told.answered_post = row.answered_post or ""
            photos[report.id] = [(report.signup_id, name) for name in report.photos]
        found.append(told)
    kept = _pictures({signup for wanted in photos.values() for signup, _name in wanted})
    for told in found:
        told.photos = [kept[one] for one in photos.get(told.id, []) if one in kept]
    return found


def _closed_to(actor: Actor, row: Any) -> Closed | None:
    return policy.is_closed_to(actor, row, is_withheld=row.is_withheld, is_sealed=row.is_sealed)


def _pictures(signup_ids: set[int]) -> dict[tuple[int, str], StoredFile]:
    """The pictures of these observers, by observer and SHA-256."""
    if not signup_ids:
        return {}
    rows = db.session().scalars(
        sa.select(StoredFile)
        .where(StoredFile.owner_kind == PHOTOS, StoredFile.owner_id.in_(sorted(signup_ids)))
        .order_by(StoredFile.id)
    )
    return {(one.owner_id, one.sha256): one for one in rows}


def reports_of_process(actor: Actor, process_id: int) -> list[Told]:
    """The newest wording of every report on a visible process, newest first (at most 100), each as far as the actor may
    read it; two queries."""
    newer = sa.orm.aliased(Report)
    rows = db.session().execute(
        _told()
        .where(
            Process.id == process_id,
            procurement_policy.visible_to(actor),
            ~sa.exists().where(newer.corrects_id == Report.id),
        )
        .order_by(Report.id.desc())
        .limit(100)
    )
    return _as_told(actor, rows)


def report_visible(actor: Actor, report_id: int) -> tuple[Told, Any]:
    """One report, as far as the actor may read it, and its process (process_id, title, topic_id, district_id, step_id,
    signup_id, person_id); raises NotFound."""
    row = (
        db.session()
        .execute(_told().where(Report.id == report_id, procurement_policy.visible_to(actor)))
        .first()
    )
    if row is None:
        raise NotFound
    return _as_told(actor, [row])[0], row


def may_read_photo(actor: Actor, signup_id: int, sha256: str) -> bool:
    """Whether the actor may see a picture of somebody's report: a wording whose words they may read shows it."""
    rows = db.session().execute(
        _told().where(Report.signup_id == signup_id, procurement_policy.visible_to(actor))
    )
    return any(sha256 in one.Report.photos and _closed_to(actor, one) is None for one in rows)


def _sent(after: int, limit: int) -> list[witness.Row]:
    reports = db.session().scalars(
        sa.select(Report)
        .where(Report.id > after)
        .order_by(Report.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [
        witness.Row(one.id, one.id, one.id, fingerprint(one), one.sha256, one.submitted_at) for one in reports
    ]


REPORTS = witness.Witness(
    "observer's report", ["observer.reported", "observer.corrected"], None, Report.id, _sent
)
"""Reports of observers, as the ledger knows them."""
