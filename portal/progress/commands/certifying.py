"""The second person: certifying a report, sending it back; and beginning a correction."""

from __future__ import annotations

import sqlalchemy as sa

from portal.actionplan import queries as actionplan
from portal.core import clock, db, hashing, ledger, state
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.storage import StoredFile
from portal.notifications import commands as notifications
from portal.progress import policy, queries, rules, words
from portal.progress.commands.sheets import hold_sheet
from portal.progress.commands.writing import hold, record, sign
from portal.progress.models import WHOLE, DraftState, ProgressReport, ProgressSheet, ReportDraft
from portal.progress.months import after, stuck


def _hold_sent(actor: Actor, sheet_id: int) -> tuple[ProgressSheet, ReportDraft]:
    sheet, draft = hold_sheet(actor, sheet_id), queries.draft_of(sheet_id)
    if draft is None or draft.state is not DraftState.SENT:
        raise WrongState(_l("The report was taken back in the meantime."))
    if not policy.can_certify(actor, sheet, draft):
        raise NotAllowed(_l("A report is certified by a second person, not by the person who wrote it."))
    return sheet, draft


def certify_report(actor: Actor, sheet_id: int, version: int) -> ProgressReport:
    """Take the report into the sheet for good: it gets the next number and its hash goes into the ledger. Followers of
    the project and of the ideas in it hear how far it is, or why it does not go to plan.

    ``version`` is that of the draft the certifier read. Raises NotFound, NotAllowed, WrongState, Conflict when it was
    changed since, Invalid when something else was certified in between that it contradicts.
    """
    sheet, draft = _hold_sent(actor, sheet_id)
    if draft.version_id != version:
        raise Conflict(_l("Someone else has changed this in the meantime."))
    rules.refuse_early(sheet, draft.for_month)
    wrong = {**rules.faults_of(draft, *queries.situation(sheet, draft)), **rules.missing_in(draft)}
    if wrong:
        raise Invalid(wrong)
    report = ProgressReport(
        sheet_id=sheet.id,
        number=sheet.reports + 1,
        certified_by=actor.id,
        certified_at=clock.now(),
        sha256="",
        **{name: getattr(draft, name) for name in _CARRIED},
    )
    report.sha256 = hashing.sha256_hex(
        hashing.canonical_json(rules.body_of(report, queries.hashes_of(report.photos)))
    )
    session = db.session()
    session.add(report)
    session.flush()
    files = [photo["file"] for photo in draft.photos]
    if files:
        session.execute(
            sa.update(StoredFile)
            .where(StoredFile.id.in_(files), StoredFile.owner_kind == queries.DRAFT_PHOTOS)
            .values(owner_kind=queries.PHOTOS, owner_id=report.id)
        )
    session.delete(draft)
    session.flush()
    _settle(sheet)
    ledger.record(
        "progress.certified",
        actor,
        "progress_sheet",
        sheet.id,
        district_id=sheet.district_id,
        changes={"report": report.id, "number": report.number, "sha256": report.sha256},
    )
    _tell(actor, sheet, report)
    state.bump_epoch()
    return report


_CARRIED = (
    "corrects_id",
    "correction_reason",
    "for_month",
    "reported_on",
    "text",
    "done",
    "spent_satang",
    "is_on_plan",
    "is_on_target",
    "reason",
    "over_reason",
    "photos",
    "written_by",
)


def _settle(sheet: ProgressSheet) -> None:
    """Bring what the sheet keeps of its reports into step with those that count."""
    series = queries.counting(sheet.id)
    newest = series[-1]
    sheet.reports = (
        db.session().scalar(
            sa.select(sa.func.count()).select_from(ProgressReport).where(ProgressReport.sheet_id == sheet.id)
        )
        or 0
    )
    sheet.last_month, sheet.next_month = newest.for_month, after(newest.for_month)
    sheet.done = newest.done
    sheet.spent_satang = sum(one.spent_satang for one in series)
    sheet.stuck_months = stuck([(one.for_month, one.done) for one in series])
    sheet.is_on_plan, sheet.is_on_target = newest.is_on_plan, newest.is_on_target
    db.session().flush()


def _tell(actor: Actor, sheet: ProgressSheet, report: ProgressReport) -> None:
    params: dict[str, str | int] = {"number": report.number, "percent": words.percent(report.done)}
    if report.corrects_id is not None:
        event, params["reason"] = "progress.corrected", report.correction_reason
    elif report.done >= WHOLE:
        event = "progress.finished"
    elif not (report.is_on_plan and report.is_on_target):
        event, params["reason"] = "progress.delayed", report.reason
    else:
        event = "progress.reported"
    if sheet.project_id is not None:
        hearers = actionplan.concerned_by([sheet.project_id])
    else:
        hearers = {"followers_of": [sheet.topic_id]}
    notifications.tell(
        event,
        topic_id=sheet.topic_id,
        **hearers,
        params=params,
        dedupe_key=f"{event}:{report.id}",
        except_person=actor.id,
    )


def send_back(actor: Actor, sheet_id: int, reason: str) -> None:
    """Give the report back to those who wrote it, with a reason. Raises NotFound, NotAllowed, WrongState, Invalid."""
    sheet, draft = _hold_sent(actor, sheet_id)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("This must be filled in.")})
    draft.state, draft.sent_at, draft.sent_back = DraftState.WRITING, None, why
    db.session().flush()
    notifications.tell(
        "progress.sent_back",
        topic_id=sheet.topic_id,
        person_ids=draft.writers,
        params={"reason": why},
        dedupe_key=f"progress.sent_back:{draft.id}:{clock.now().isoformat()}",
        except_person=actor.id,
    )
    record(actor, "progress.sent_back", sheet, draft, note=why)


def begin_correction(actor: Actor, sheet_id: int, number: int) -> ReportDraft:
    """Begin a new report that is to replace a certified one: it starts with what that one says.

    Raises NotFound, NotAllowed, WrongState when another report is on its way or this one is corrected already.
    """
    sheet, draft = hold(actor, sheet_id)
    old = queries.report_numbered(sheet.id, number)
    if old.corrected_by is not None:
        raise WrongState(_l("This report has already been corrected. Correct the newer one."))
    if draft is not None and draft.corrects_id == old.report.id:
        return draft
    if draft is not None:
        raise WrongState(
            _l("Another report is under way. Finish it or discard it first."),
            way_on=("progress.write", {"sheet_id": sheet.id}, _l("Continue writing")),
        )
    if actor.id is None:
        raise NotFound
    made = ReportDraft(
        sheet_id=sheet.id,
        corrects_id=old.report.id,
        writers=[],
        **{
            name: getattr(old.report, name)
            for name in _CARRIED
            if name not in ("corrects_id", "correction_reason", "written_by")
        },
    )
    sign(actor, made)
    db.session().add(made)
    db.session().flush()
    record(actor, "progress.correction_begun", sheet, made)
    return made
