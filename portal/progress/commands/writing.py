"""Writing the next report, and handing it to a second person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger, storage
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.storage import StoredFile
from portal.notifications import commands as notifications
from portal.progress import policy, queries, rules
from portal.progress.commands.sheets import hold_sheet
from portal.progress.models import WHOLE, DraftState, Moment, ProgressSheet, ReportDraft

MOST_PHOTOS = 8


@dataclass(frozen=True)
class Photo:
    """A picture as it was handed in, when it was taken, and what it shows."""

    stream: IO[bytes]
    name: str
    moment: Moment
    caption: str = ""


@dataclass(frozen=True)
class ReportData:
    """What an officer reports. ``done`` is all that is done so far, in hundredths of a percent; ``spent_satang`` what was
    spent this time. ``reason`` says why it does not go to plan or target, ``over_reason`` why more is spent than was
    received."""

    text: str
    done: int
    reported_on: dt.date | None
    spent_satang: int = 0
    is_on_plan: bool = True
    is_on_target: bool = True
    reason: str = ""
    over_reason: str = ""
    correction_reason: str = ""
    photos: Sequence[Photo] = ()


def hold(actor: Actor, sheet_id: int) -> tuple[ProgressSheet, ReportDraft | None]:
    """The sheet and the draft on its way, held for somebody who writes there; raises NotFound, NotAllowed."""
    sheet = hold_sheet(actor, sheet_id)
    if not policy.can_write(actor, sheet):
        raise NotAllowed(_l("You may not do this here."))
    return sheet, queries.draft_of(sheet.id)


def write_draft(actor: Actor, sheet_id: int, data: ReportData, *, version: int | None = None) -> ReportDraft:
    """Keep what is written of the next report; whoever writes last is its author, none who wrote certifies it. Nothing needs to be whole yet, but
    what is said must be possible. ``version`` is that of the draft the page showed (None: none).

    Raises NotFound, NotAllowed, WrongState once it is sent, when the work is finished, or before the month begins; Conflict when somebody else
    wrote first; Invalid by form field.
    """
    sheet, draft = hold(actor, sheet_id)
    if draft is None:
        _refuse_over(sheet)
    else:
        _refuse_sent(draft)
    if (draft.version_id if draft else None) != version:
        raise Conflict(_l("Someone else has changed this in the meantime."))
    situation = queries.situation(sheet, draft)
    rules.refuse_early(sheet, situation[0])
    if wrong := rules.faults_of(data, *situation):
        raise Invalid(wrong)
    if draft is None:
        draft = ReportDraft(
            sheet_id=sheet.id, for_month=sheet.next_month, done=data.done, photos=[], writers=[]
        )
        db.session().add(draft)
    sign(actor, draft)
    for name in (
        "text",
        "done",
        "reported_on",
        "spent_satang",
        "is_on_plan",
        "is_on_target",
        "reason",
        "over_reason",
    ):
        value = getattr(data, name)
        setattr(draft, name, value.strip() if isinstance(value, str) else value)
    if draft.corrects_id is not None:
        draft.correction_reason = data.correction_reason.strip()
    db.session().flush()
    _add_photos(actor, draft, data.photos)
    record(actor, "progress.written", sheet, draft)
    return draft


def sign(actor: Actor, draft: ReportDraft) -> None:
    """The actor has written on the draft now, and is one of those who do not certify it."""
    writer = actor.id or 0
    draft.written_by, draft.written_at = writer, clock.now()
    if writer not in draft.writers:
        draft.writers = [*draft.writers, writer]


def _refuse_sent(draft: ReportDraft) -> None:
    if draft.state is not DraftState.WRITING:
        raise WrongState(_l("The report is waiting for a second person. Take it back first."))


def _refuse_over(sheet: ProgressSheet) -> None:
    """Raises WrongState where all of the work is reported as done, or the project was taken out of its plan."""
    way_on = ("progress.show", {"sheet_id": sheet.id}, _l("See the reports"))
    if sheet.done >= WHOLE:
        said = _l("All of the work is reported as done. What was reported can still be corrected.")
        raise WrongState(said, way_on=way_on)
    if queries.is_withdrawn(sheet):
        said = _l("This project was removed from the plan; there is nothing more to report.")
        raise WrongState(said, way_on=way_on)


def _add_photos(actor: Actor, draft: ReportDraft, photos: Sequence[Photo]) -> None:
    if len(draft.photos) + len(photos) > MOST_PHOTOS:
        raise Invalid({"photos": _l("A report has at most 8 pictures.")})
    added: list[dict[str, Any]] = []
    for photo in photos:
        try:
            stored = storage.save(
                actor,
                photo.stream,
                photo.name,
                owner_kind=queries.DRAFT_PHOTOS,
                owner_id=draft.id,
                caption=photo.caption,
            )
        except Invalid as refused:
            raise Invalid({"photos": refused.message}) from refused
        if not stored.media_type.startswith("image/"):
            raise Invalid({"photos": _l("Only JPEG, PNG and WebP pictures can be sent here.")})
        added.append(
            {"file": stored.id, "moment": photo.moment.value, "caption": photo.caption.strip()[:500]}
        )
    if added:
        draft.photos = [*draft.photos, *added]


def send_draft(actor: Actor, sheet_id: int) -> ReportDraft:
    """Hand the report to a second person; those who may certify it hear of it. Raises NotFound, NotAllowed, WrongState,
    Invalid by form field for what is missing."""
    sheet, draft = hold(actor, sheet_id)
    draft = _present(draft)
    _refuse_sent(draft)
    rules.refuse_early(sheet, draft.for_month)
    wrong = {**rules.faults_of(draft, *queries.situation(sheet, draft)), **rules.missing_in(draft)}
    if wrong:
        raise Invalid(wrong)
    draft.state, draft.sent_at, draft.sent_back = DraftState.SENT, clock.now(), ""
    db.session().flush()
    notifications.tell(
        "progress.to_certify",
        topic_id=sheet.topic_id,
        person_ids=accounts.officers_with(Permission.PROGRESS_CERTIFY, sheet.district_id),
        dedupe_key=f"progress.to_certify:{draft.id}:{clock.now().isoformat()}",
        except_person=actor.id,
    )
    record(actor, "progress.sent", sheet, draft)
    return draft


def recall_draft(actor: Actor, sheet_id: int) -> ReportDraft:
    """Take a sent report back to go on writing. Raises NotFound, NotAllowed, WrongState."""
    sheet, draft = hold(actor, sheet_id)
    draft = _present(draft)
    if draft.state is not DraftState.SENT:
        raise WrongState(_l("The report is already being written."))
    draft.state, draft.sent_at = DraftState.WRITING, None
    record(actor, "progress.recalled", sheet, draft)
    return draft


def discard_draft(actor: Actor, sheet_id: int) -> None:
    """Throw away what was written and not sent, its pictures too. Raises NotFound, NotAllowed, WrongState."""
    sheet, draft = hold(actor, sheet_id)
    draft = _present(draft)
    _refuse_sent(draft)
    record(actor, "progress.discarded", sheet, draft)
    for photo in draft.photos:
        _delete_file(photo["file"])
    db.session().delete(draft)
    db.session().flush()


def drop_photo(actor: Actor, sheet_id: int, file_id: int) -> None:
    """Take a picture out of a draft; one that is not there is gone already. Raises NotFound, NotAllowed, WrongState."""
    _sheet, draft = hold(actor, sheet_id)
    draft = _present(draft)
    _refuse_sent(draft)
    if any(photo["file"] == file_id for photo in draft.photos):
        draft.photos = [photo for photo in draft.photos if photo["file"] != file_id]
        sign(actor, draft)
        _delete_file(file_id)


def _present(draft: ReportDraft | None) -> ReportDraft:
    """The draft; raises WrongState where none is on its way."""
    if draft is None:
        raise WrongState(_l("There is no report under way here any more."))
    return draft


def _delete_file(file_id: int) -> None:
    """The row of a draft's picture; one that a certified report carries on belongs to that report and stays."""
    file = db.session().get(StoredFile, file_id)
    if file is not None and file.owner_kind == queries.DRAFT_PHOTOS:
        db.session().delete(file)


def record(actor: Actor, event: str, sheet: ProgressSheet, draft: ReportDraft, note: str = "") -> None:
    """Write an event of a draft into the ledger."""
    ledger.record(
        event,
        actor,
        "progress_sheet",
        sheet.id,
        district_id=sheet.district_id,
        changes={
            "month": draft.for_month.isoformat(),
            "done": draft.done,
            "spent_satang": draft.spent_satang,
            "corrects_id": draft.corrects_id,
        },
        note=note,
    )
