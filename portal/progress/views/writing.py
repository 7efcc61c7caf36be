"""Writing the report of a month, and correcting a certified one."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import clock
from portal.core.actor import Permission
from portal.core.i18n import gettext as _
from portal.progress import commands, forms, queries, words
from portal.progress.models import DraftState, ReportDraft
from portal.progress.months import due_on, month_of
from portal.progress.views.room import blueprint, place_of, writable_head
from portal.web import flash
from portal.web.access import requires
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/<int:sheet_id>/write", methods=["GET", "POST"])
@requires(Permission.PROGRESS_WRITE)
def write(sheet_id: int) -> Any:
    """The report on its way: write it, keep it, hand it to a second person."""
    actor, head = current_actor(), writable_head(sheet_id)
    sheet, draft = head.sheet, queries.draft_of(sheet_id)
    form = forms.ReportForm(data=_first_draft(head, draft))
    is_sending = request.form.get("do") == "send"

    def act() -> Any:
        commands.write_draft(actor, sheet_id, form.report, version=form.shown_version)
        return commands.send_draft(actor, sheet_id) if is_sending else None

    if (draft is None or draft.state is DraftState.WRITING) and form.accepts(act):
        if is_sending:
            flash.say(_("The report has been passed to a second person, who certifies it."))
            return see_other("progress.show", sheet_id=sheet_id)
        flash.say(_("What you wrote is kept. Nothing of it is public yet."))
        return see_other("progress.write", sheet_id=sheet_id)
    rules = queries.rules()
    month = draft.for_month if draft else sheet.next_month
    return (
        page(
            "progress/write.html",
            head=head,
            sheet=sheet,
            place=place_of(head),
            draft=draft,
            is_sent=draft is not None and draft.state is DraftState.SENT,
            corrects=queries.corrected_number(draft) if draft else None,
            month=month,
            due=due_on(month, rules[0]),
            is_early=month > month_of(clock.today()),
            is_past_due=due_on(month, rules[0]) < clock.today(),
            pictures=queries.pictures(draft.photos) if draft else [],
            form=form,
            drop_form=PortalForm(formdata=None),
            words=words,
        ),
        form.status,
    )


def _first_draft(head: queries.Head, draft: ReportDraft | None) -> dict[str, Any]:
    """What the form begins with: the draft, else today and what the report before said."""
    if draft is None:
        return {
            "version": "",
            "reported_on": clock.today(),
            "done": head.sheet.done,
            "spent_satang": 0,
            "is_on_plan": forms.YES,
            "is_on_target": forms.YES,
        }
    return {
        "version": str(draft.version_id),
        "reported_on": draft.reported_on or clock.today(),
        "text": draft.text,
        "done": draft.done,
        "spent_satang": draft.spent_satang,
        "is_on_plan": forms.YES if draft.is_on_plan else forms.NO,
        "is_on_target": forms.YES if draft.is_on_target else forms.NO,
        "reason": draft.reason,
        "over_reason": draft.over_reason,
        "correction_reason": draft.correction_reason,
    }


@blueprint.post("/<int:sheet_id>/recall")
@requires(Permission.PROGRESS_WRITE)
def recall(sheet_id: int) -> Any:
    """Take a sent report back."""
    writable_head(sheet_id)
    commands.recall_draft(current_actor(), sheet_id)
    flash.say(_("The report is yours again; continue writing."))
    return see_other("progress.write", sheet_id=sheet_id)


@blueprint.post("/<int:sheet_id>/discard")
@requires(Permission.PROGRESS_WRITE)
def discard(sheet_id: int) -> Any:
    """Throw a draft away."""
    writable_head(sheet_id)
    commands.discard_draft(current_actor(), sheet_id)
    flash.say(_("The draft is discarded."))
    return see_other("progress.show", sheet_id=sheet_id)


@blueprint.post("/<int:sheet_id>/photos/<int:file_id>/drop")
@requires(Permission.PROGRESS_WRITE)
def drop_photo(sheet_id: int, file_id: int) -> Any:
    """Take a picture out of a draft."""
    writable_head(sheet_id)
    commands.drop_photo(current_actor(), sheet_id, file_id)
    flash.say(_("The picture is removed from the draft."))
    return see_other("progress.write", sheet_id=sheet_id)


@blueprint.route("/<int:sheet_id>/reports/<int:number>/correct", methods=["GET", "POST"])
@requires(Permission.PROGRESS_WRITE)
def correct(sheet_id: int, number: int) -> Any:
    """Begin a report that replaces a certified one."""
    head = writable_head(sheet_id)
    form = PortalForm()
    if form.accepts(lambda: commands.begin_correction(current_actor(), sheet_id, number)):
        return see_other("progress.write", sheet_id=sheet_id)
    told = queries.report_numbered(sheet_id, number)
    return page("progress/correct.html", head=head, place=place_of(head), told=told, form=form), form.status
