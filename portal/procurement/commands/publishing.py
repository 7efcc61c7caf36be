"""Publishing the draft terms and other documents."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import IO

import sqlalchemy as sa

from portal.core import clock, db, ledger, storage
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l
from portal.procurement import policy, queries, scans, words, workflow
from portal.procurement.commands.processes import hold_process
from portal.procurement.commands.releasing import publish_release
from portal.procurement.commands.stepping import heed_days, hold_step, settle_step, tell_followers
from portal.procurement.commands.warning import Override
from portal.procurement.models import DraftTerms, Process, Step, StepDocument, StepKind
from portal.procurement.steps import SEALED


@dataclass(frozen=True)
class Upload:
    """A file somebody hands in: its bytes and its name."""

    stream: IO[bytes]
    name: str


def publish_draft(
    actor: Actor,
    process: Process,
    text: str,
    ends_on: dt.date,
    *,
    changes: str = "",
    file: Upload | None = None,
    override: Override | None = None,
) -> StepDocument:
    """Show the draft terms, as text that everybody can read and search, with the file beside it; the days for remarks
    begin today. A changed text is a new wording that says what changed (``changes``) and is shown again for the full
    days; every wording stays readable and can be compared with the one before.

    Raises NotAllowed, WrongState once suppliers are invited, Invalid by form field, RuleWarning for too few days.
    """
    process = hold_process(actor, process.id)
    steps = {step.kind: step for step in queries.steps_of(process.id)}
    step, today = steps[StepKind.DRAFT_TOR], clock.today()
    workflow.refuse_closed_draft(process, steps.values())
    wrong: dict[str, object] = {}
    if not text.strip():
        wrong["text"] = _l("This must be filled in.")
    elif text.strip() == process.draft_tor:
        wrong["text"] = _l("This text is already published.")
    if ends_on < today:
        wrong["ends_on"] = _l("Choose today or a later day.")
    elif workflow.is_too_far(ends_on):
        wrong["ends_on"] = workflow.TOO_FAR
    is_first = step.actual_on is None
    if not is_first and not changes.strip():
        wrong["changes"] = _l("This must be filled in.")
    if wrong:
        raise Invalid(wrong)
    heed_days(actor, process, step, step.actual_on or today, ends_on, None, override, draft_shown_on=today)
    if step.actual_on is None:
        settle_step(actor, step, today, ends_on)
    else:
        step.ends_on = max(ends_on, step.ends_on or ends_on)
    process.draft_tor = text.strip()
    document = _add_document(
        actor, process, step, words.DRAFT_TITLE, "hearingNotice", process.draft_tor, file
    )
    draft = _add_wording(
        process, document, step.ends_on or ends_on, "" if is_first else changes.strip()[:500]
    )
    ledger.record(
        "process.draft_published",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={
            "document": document.id,
            "number": draft.number,
            "sha256": draft.sha256,
            "ends_on": step.ends_on.isoformat() if step.ends_on else None,
            "is_first": is_first,
        },
    )
    event = "procurement.draft_tor" if is_first else "procurement.draft_changed"
    tell_followers(actor, process, event, f"{document.id}")
    publish_release(actor, process)
    return document


def _add_wording(process: Process, document: StepDocument, ends_on: dt.date, changes: str) -> DraftTerms:
    last = db.session().scalar(
        sa.select(sa.func.max(DraftTerms.number)).where(DraftTerms.process_id == process.id)
    )
    made = DraftTerms(
        process_id=process.id,
        number=(last or 0) + 1,
        document_id=document.id,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
        changes=changes,
        ends_on=ends_on,
        published_by=document.published_by,
        published_at=document.published_at,
    )
    db.session().add(made)
    db.session().flush()
    return made


def publish_document(
    actor: Actor,
    step: Step,
    title: str,
    document_type: str,
    text: str,
    *,
    file: Upload | None = None,
) -> StepDocument:
    """Publish a document with a step: text, a file, or both. It cannot be taken back; a better one stands above it. A scan
    needs its text beside it.

    Raises NotAllowed, WrongState for a process that is over, Invalid by form field. Bids are never published here, and
    nothing about them before they are opened.
    """
    process, step = hold_step(actor, step)
    wrong: dict[str, object] = {}
    if not title.strip():
        wrong["title"] = _l("This must be filled in.")
    if document_type not in words.DOCUMENTS:
        wrong["document_type"] = _l("Choose one from the list.")
    if not text.strip() and file is None:
        wrong["text"] = _l("Give the text, a file, or both.")
    elif not text.strip() and file is not None and not scans.has_words(file.stream):
        wrong["text"] = _l("A scan or picture can be neither read aloud nor searched: give its text as well.")
    if step.kind in SEALED and policy.is_sealed(queries.steps_of(process.id)):
        wrong[""] = words.SEALED
    if wrong:
        raise Invalid(wrong)
    document = _add_document(actor, process, step, title.strip()[:200], document_type, text.strip(), file)
    ledger.record(
        "process.document_published",
        actor,
        "process",
        process.id,
        district_id=process.district_id,
        changes={"step": step.kind.value, "document": document.id, "title": document.title},
    )
    publish_release(actor, process)
    return document


def _add_document(
    actor: Actor, process: Process, step: Step, title: str, document_type: str, text: str, file: Upload | None
) -> StepDocument:
    stored = None
    if file is not None:
        try:
            stored = storage.save(actor, file.stream, file.name, owner_kind="process", owner_id=process.id)
        except Invalid as refused:
            raise Invalid({"file": refused.message}) from refused
    document = StepDocument(
        step_id=step.id,
        title=title,
        document_type=document_type,
        text=text,
        file_id=stored.id if stored else None,
        published_at=clock.now(),
        published_by=actor.id,
    )
    db.session().add(document)
    db.session().flush()
    return document
