"""The second person reads what was written and certifies it, or sends it back."""

from __future__ import annotations

from typing import Any

from portal.core.actor import Permission
from portal.core.errors import NotAllowed, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.progress import commands, forms, policy, queries, words
from portal.progress.models import DraftState, ReportDraft
from portal.progress.views.room import blueprint, desk_head, place_of
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


def _sent(sheet_id: int) -> tuple[queries.Head, ReportDraft]:
    head, draft = desk_head(sheet_id), queries.draft_of(sheet_id)
    if draft is None or draft.state is not DraftState.SENT:
        raise WrongState(
            _l("No report waits to be certified here."),
            way_on=("progress.show", {"sheet_id": sheet_id}, _l("See the reports")),
        )
    if not policy.can_certify(current_actor(), head.sheet, draft):
        raise NotAllowed(_l("A report is certified by a second person, not by the person who wrote it."))
    return head, draft


@blueprint.route("/<int:sheet_id>/certify", methods=["GET", "POST"])
@requires(Permission.PROGRESS_CERTIFY)
def certify(sheet_id: int) -> Any:
    """Read the report as it would stand, and certify it."""
    actor = current_actor()
    head, draft = _sent(sheet_id)
    form = forms.CertifyForm(data={"version": str(draft.version_id)})
    if form.accepts(lambda: commands.certify_report(actor, sheet_id, form.shown_version)):
        flash.say(_("The report is certified and public. It can no longer be changed."))
        return see_other("progress.report", sheet_id=sheet_id, number=form.result.number)
    reports = queries.reports_of(sheet_id)
    before = [
        told for told in reports if told.corrected_by is None and told.report.for_month < draft.for_month
    ]
    return (
        page(
            "progress/certify.html",
            head=head,
            place=place_of(head),
            report=draft,
            number=len(reports) + 1,
            corrects=queries.corrected_number(draft),
            before=before[-1] if before else None,
            writer=queries.writer_of(draft),
            pictures=queries.pictures(draft.photos),
            form=form,
            words=words,
        ),
        form.status,
    )


@blueprint.route("/<int:sheet_id>/send-back", methods=["GET", "POST"])
@requires(Permission.PROGRESS_CERTIFY)
def send_back(sheet_id: int) -> Any:
    """Give the report back, with a reason."""
    head, _draft = _sent(sheet_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.send_back(current_actor(), sheet_id, form.reason.data or "")):
        flash.say(_("The report is back with its writer, who can read your reason."))
        return see_other("progress.desk", view="certify")
    return page("progress/send_back.html", head=head, place=place_of(head), form=form), form.status
