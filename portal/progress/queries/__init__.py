"""Reads of the progress room. Drafts are in no answer meant for the public."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.comments.models import Purpose
from portal.core import db, topics
from portal.core.actor import Actor, Permission
from portal.core.i18n import lazy_gettext as _l
from portal.progress import policy
from portal.progress.models import ProgressReport, ProgressSheet, ReportDraft
from portal.progress.queries.kept import REPORTS
from portal.progress.queries.lists import (
    Standing,
    counts,
    desk,
    desk_counts,
    rules,
    sheets,
    standings,
    turns_of_projects,
    unopened,
)
from portal.progress.queries.reading import (
    Head,
    Picture,
    Told,
    corrected_number,
    counting,
    draft_of,
    hashes_of,
    head,
    is_withdrawn,
    pictures,
    project_to_open,
    purchases_of,
    report_numbered,
    reports_of,
    situation,
    title_of,
    writer_of,
)

__all__ = [
    "REPORTS",
    "Head",
    "Picture",
    "Standing",
    "Told",
    "corrected_number",
    "counting",
    "counts",
    "desk",
    "desk_counts",
    "draft_of",
    "hashes_of",
    "head",
    "is_withdrawn",
    "pictures",
    "project_to_open",
    "purchases_of",
    "report_numbered",
    "reports_of",
    "rules",
    "sheets",
    "situation",
    "standings",
    "title_of",
    "turns_of_projects",
    "unopened",
    "writer_of",
]

DRAFT_PHOTOS = "progress_draft"
PHOTOS = "progress_report"


def _own_topics(actor: Actor) -> sa.Select[Any]:
    """Sheets of bureaus: those of projects share the project's topic."""
    return sa.select(ProgressSheet.topic_id).where(
        ProgressSheet.project_id.is_(None), policy.visible_to(actor)
    )


def _purpose(sheet_id: int) -> str | None:
    return Purpose.DISCUSSION


def _may_read_photo(actor: Actor, report_id: int, _sha256: str) -> bool:
    return (
        db.session().scalar(
            sa.select(ProgressReport.id)
            .join(ProgressSheet, ProgressSheet.id == ProgressReport.sheet_id)
            .where(ProgressReport.id == report_id, policy.visible_to(actor))
        )
        is not None
    )


def _may_read_draft_photo(actor: Actor, draft_id: int, _sha256: str) -> bool:
    sheet = db.session().scalar(
        sa.select(ProgressSheet)
        .join(ReportDraft, ReportDraft.sheet_id == ProgressSheet.id)
        .where(ReportDraft.id == draft_id)
    )
    return sheet is not None and policy.is_on_desk(actor, sheet)


KINDS = (
    topics.Kind(
        "progress",
        _own_topics,
        "progress.show",
        "sheet_id",
        _l("Progress of a project"),
        _purpose,
        answered_by=(Permission.PROGRESS_WRITE,),
    ),
)
FILE_GUARDS = {PHOTOS: _may_read_photo, DRAFT_PHOTOS: _may_read_draft_photo}
AFTERWARDS = {"project": turns_of_projects}
NEWS = {
    "progress.reported": _l("“%(title)s”: report %(number)s says %(percent)s of the work is done."),
    "progress.delayed": _l("“%(title)s” is behind schedule: %(percent)s done. Reason: %(reason)s"),
    "progress.finished": _l("“%(title)s”: all of the work is done."),
    "progress.corrected": _l("“%(title)s”: report %(number)s corrects an earlier one. Reason: %(reason)s"),
    "progress.to_certify": _l("A progress report on “%(title)s” waits for you to certify it."),
    "progress.sent_back": _l("Your progress report on “%(title)s” was sent back. Reason: %(reason)s"),
}
