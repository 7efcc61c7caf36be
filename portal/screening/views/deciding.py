"""Proposing, confirming with a second pair of eyes, releasing, taking back, opening again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request

from portal.core.actor import Permission
from portal.core.errors import Conflict
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.screening import commands, forms, policy, queries
from portal.screening.models import CaseState
from portal.screening.policy import Docket
from portal.screening.views.desk import cycle_of, district_of
from portal.screening.views.room import LABELS, blueprint
from portal.screening.workflow import CASE
from portal.web import flash
from portal.web.access import requires
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

RELEASES_A_PAGE = 100
APPEAL = frozenset({CaseState.APPEALED, CaseState.APPEAL_PROPOSED})


def _attempt(form: forms.VersionedForm, docket: Docket, act: Callable[[], Any]) -> int | None:
    """None when it is done; else the status of the page to show again, with what was typed."""
    try:
        return None if form.accepts(act) else form.status
    except Conflict as conflict:
        fresh = queries.docket(current_actor(), docket.case.id)
        form.renew(fresh.case.version_id)
        form.form_errors.append(str(conflict.message))
        return 409


def _start(docket: Docket) -> dict[str, Any]:
    """What a proposal begins with: the amount asked for, or the proposal that was sent back last."""
    return {"version": str(docket.case.version_id), "accepted_satang": docket.asked_satang}


@blueprint.route("/<int:case_id>/propose", methods=["GET", "POST"])
@requires(Permission.SCREEN)
def propose(case_id: int) -> Any:
    """Propose a decision, or an answer to an appeal."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    is_appeal = docket.state in APPEAL
    found = queries.bench(docket)
    form: Any = (forms.AppealAnswerForm if is_appeal else forms.DecisionForm)(data=_start(docket))
    form.offer(queries.merge_targets(docket, found))

    def act() -> Any:
        if not is_appeal:
            return commands.propose_decision(
                actor, docket.case, form.decision(), expected_version=form.expected
            )
        data = None if form.stands.data == "yes" else form.decision()
        return commands.propose_appeal(
            actor, docket.case, data, reason=form.reason.data or "", expected_version=form.expected
        )

    status = _attempt(form, docket, act)
    if status is None:
        flash.say(_("The proposal is on its way to someone else to confirm."))
        return see_other("screening.show", case_id=case_id)
    move = "propose_appeal" if is_appeal else "propose"
    return page(
        "screening/propose.html",
        docket=docket,
        found=found,
        card=queries.card_of(case_id),
        form=form,
        is_appeal=is_appeal,
        may=CASE.is_open(move, actor, docket),
        history=queries.history_of(case_id),
        **LABELS,
    ), status


@blueprint.route("/<int:case_id>/confirm", methods=["GET", "POST"])
@requires(Permission.SCREEN_CONFIRM)
def confirm(case_id: int) -> Any:
    """Confirm what somebody else proposed."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    is_appeal = docket.state in APPEAL
    form = forms.ConfirmForm(data={"version": str(docket.case.version_id)})
    command = commands.confirm_appeal if is_appeal else commands.confirm_decision
    status = _attempt(form, docket, lambda: command(actor, docket.case, expected_version=form.expected))
    if status is None:
        flash.say(_("The decision is confirmed. Nobody outside sees it before its release."))
        return see_other("screening.show", case_id=case_id)
    return _confirming(docket, form, forms.ReasonForm(formdata=None)), status


@blueprint.post("/<int:case_id>/send-back")
@requires(Permission.SCREEN_CONFIRM)
def send_back(case_id: int) -> Any:
    """Send a proposal back with a reason."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    is_appeal = docket.state in APPEAL
    form = forms.ReasonForm()
    command = commands.send_back_appeal if is_appeal else commands.send_back_decision
    if form.accepts(lambda: command(actor, docket.case, form.reason.data or "")):
        flash.say(_("The proposal is sent back with your reason."))
        return see_other(
            "screening.inbox", district=docket.case.district_id, cycle=docket.cycle_id, tab="confirm"
        )
    opened = forms.ConfirmForm(formdata=None, data={"version": str(docket.case.version_id)})
    return _confirming(docket, opened, form), form.status


def _confirming(docket: Docket, form: forms.ConfirmForm, back: forms.ReasonForm) -> str:
    actor = current_actor()
    is_appeal = docket.state in APPEAL
    found = queries.bench(docket)
    return page(
        "screening/confirm.html",
        docket=docket,
        found=found,
        card=queries.card_of(docket.case.id),
        form=form,
        back=back,
        is_appeal=is_appeal,
        may=CASE.is_open("confirm_appeal" if is_appeal else "confirm", actor, docket),
        is_own=docket.proposal is not None and docket.proposal.proposed_by == actor.id,
        history=queries.history_of(docket.case.id),
        merged_into=queries.title_of(docket.proposal.merge_into_item_id) if docket.proposal else None,
        branches=queries.branches([docket.case.area_node_id, docket.case.city_node_id]),
        **LABELS,
    )


@blueprint.route("/release", methods=["GET", "POST"])
@requires(Permission.SCREEN_CONFIRM)
def release() -> Any:
    """Make confirmed decisions public, now or at a set time."""
    actor = current_actor()
    district = district_of(actor)
    rows = cycles.cycles_of(district.id)
    cycle_id = cycle_of(district.id, rows)
    start = whole(request.args.get("start")) or 0
    single = whole(request.args.get("case"))
    waiting = []
    if cycle_id is not None:
        waiting = queries.unreleased(district.id, cycle_id, start, RELEASES_A_PAGE, only=single)
    form = forms.ReleaseForm(data={"case_ids": [row.case_id for row in waiting], "when": "now"})
    if cycle_id and form.accepts(
        lambda: commands.release_decisions(actor, cycle_id, form.case_ids.data or [], form.instant())
    ):
        flash.say(_n("%(num)s decision is released.", "%(num)s decisions are released.", len(form.result)))
        return see_other("screening.inbox", district=district.id, cycle=cycle_id, tab="all")
    return page(
        "screening/release.html",
        form=form,
        district=district,
        cycle_id=cycle_id,
        waiting=waiting,
        start=start,
        a_page=RELEASES_A_PAGE,
        rules=cycles.rules_in(cycle_id, PhaseKind.SCREENING) if cycle_id else None,
        left=queries.undecided(cycle_id) if cycle_id else 0,
        later=queries.set_releases(cycle_id) if cycle_id else [],
        may=actor.may(Permission.SCREEN_CONFIRM, district_id=district.id),
        **LABELS,
    ), form.status


@blueprint.route("/<int:case_id>/unpublish", methods=["GET", "POST"])
@requires(Permission.SCREEN_CONFIRM)
def unpublish(case_id: int) -> Any:
    """Take a released decision back."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.unpublish_decision(actor, docket.case, form.reason.data or "")):
        flash.say(_("The decision is taken back. It is no longer public."))
        return see_other("screening.show", case_id=case_id)
    may = docket.case.released_at is not None and not docket.is_final and policy.can_decide(actor, docket)
    return page("screening/unpublish.html", docket=docket, form=form, may=may), form.status


@blueprint.route("/<int:case_id>/reopen", methods=["GET", "POST"])
@requires(Permission.SCREEN_CONFIRM)
def reopen(case_id: int) -> Any:
    """Set a confirmed decision aside and check the item again."""
    actor = current_actor()
    docket = queries.get_visible(actor, case_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.reopen_case(actor, docket.case, form.reason.data or "")):
        flash.say(_("The item is open again. The old decision stays on record."))
        return see_other("screening.show", case_id=case_id)
    may = docket.case.released_at is None and CASE.is_open("reopen", actor, docket)
    return page("screening/reopen.html", docket=docket, form=form, may=may), form.status
