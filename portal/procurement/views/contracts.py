"""Offers, lots, contracts, amendments, instalments; and which projects a process buys for."""

from __future__ import annotations

from typing import Any

from portal.core import clock, db
from portal.core.actor import Permission
from portal.core.errors import Conflict, NotFound
from portal.core.i18n import gettext as _
from portal.procurement import commands, forms, policy, queries, settling, words
from portal.procurement.models import Award, Contract, Instalment, Process, ProcessState
from portal.procurement.views.room import blueprint
from portal.procurement.views.work import own_process
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


def _back(process_id: int) -> Any:
    return see_other("procurement.contracts", process_id=process_id)


def _own_award(award_id: int) -> tuple[Award, Process]:
    award = db.session().get(Award, award_id)
    if award is None:
        raise NotFound
    return award, own_process(award.process_id)


def _own_contract(contract_id: int) -> tuple[Contract, Process]:
    contract = db.session().get(Contract, contract_id)
    if contract is None:
        raise NotFound
    return contract, own_process(contract.process_id)


@blueprint.get("/<int:process_id>/contracts")
@requires(Permission.PROCUREMENT_EDIT)
def contracts(process_id: int) -> Any:
    """Who offered, who won what, what is signed, delivered, accepted and paid."""
    process = own_process(process_id)
    steps = queries.steps_of(process_id)
    signed = queries.signed_of(process_id)
    in_force = {one.award.id for one in signed if one.contract.cancelled_on is None}
    return page(
        "procurement/contracts.html",
        process=process,
        tenderers=queries.tenderers_of(process_id),
        awards=queries.awards_of(process_id),
        signed=signed,
        in_force=in_force,
        is_sealed=policy.is_sealed(steps),
        is_over=process.state is not ProcessState.RUNNING,
        next_of=settling.next_of,
        words=words,
        today=clock.today(),
    )


@blueprint.route("/<int:process_id>/tenderers", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def tenderers(process_id: int) -> Any:
    """Who offered, once the bids are opened."""
    actor, process = current_actor(), own_process(process_id)
    form = forms.TenderersForm(data={"offers": forms.TenderersForm.lines(queries.tenderers_of(process_id))})
    if form.accepts(lambda: commands.record_tenderers(actor, process, form.content)):
        flash.say(_("The list of bidders is published."))
        return _back(process_id)
    return page("procurement/tenderers.html", form=form, process=process), form.status


@blueprint.route("/<int:process_id>/awards", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def add_award(process_id: int) -> Any:
    """One more lot."""
    actor, process = current_actor(), own_process(process_id)
    form = forms.AwardForm()
    del form.reason
    if form.accepts(lambda: commands.add_award(actor, process, form.content)):
        flash.say(_("The lot is added."))
        return _back(process_id)
    return page("procurement/add_award.html", form=form, process=process), form.status


@blueprint.route("/awards/<int:award_id>", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def correct_award(award_id: int) -> Any:
    """Put a lot right before anything is signed for it."""
    actor, (award, process) = current_actor(), _own_award(award_id)
    form = forms.AwardForm(obj=award)
    if form.accepts(lambda: commands.correct_award(actor, award, form.content, form.reason.data or "")):
        flash.say(_("The lot is corrected; what was there before is kept in the ledger."))
        return _back(process.id)
    return page("procurement/correct_award.html", form=form, process=process, award=award), form.status


@blueprint.route("/awards/<int:award_id>/sign", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def sign(award_id: int) -> Any:
    """Record the contract of a lot."""
    actor, (award, process) = current_actor(), _own_award(award_id)
    form = forms.SignForm(data={"signed_on": clock.today(), "amount_satang": award.amount_satang})
    if form.accepts(lambda: commands.sign_contract(actor, award, form.content, override=form.override)):
        flash.say(_("The contract is recorded; followers are told."))
        return _back(process.id)
    return page("procurement/sign.html", form=form, process=process, award=award, words=words), form.status


@blueprint.route("/contracts/<int:contract_id>/amend", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def amend(contract_id: int) -> Any:
    """Change the amount or the last day of a contract."""
    actor, (contract, process) = current_actor(), _own_contract(contract_id)
    form = forms.AmendForm(
        data={
            "signed_on": clock.today(),
            "new_satang": contract.amount_satang,
            "new_ends_on": contract.ends_on,
        }
    )
    if form.accepts(lambda: commands.amend_contract(actor, contract, form.content)):
        flash.say(_("The amendment is recorded for good; followers are told."))
        return _back(process.id)
    return page("procurement/amend.html", form=form, process=process, contract=contract), form.status


@blueprint.route("/contracts/<int:contract_id>/cancel", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def cancel_contract(contract_id: int) -> Any:
    """End a contract before its time."""
    actor, (contract, process) = current_actor(), _own_contract(contract_id)
    form = forms.CancelContractForm(data={"cancelled_on": clock.today()})
    if form.accepts(
        lambda: commands.cancel_contract(actor, contract, form.cancelled_on.data, form.reason.data or "")
    ):
        flash.say(_("The contract is cancelled. It stays on the page, with your reason."))
        return _back(process.id)
    return page(
        "procurement/cancel_contract.html", form=form, process=process, contract=contract
    ), form.status


@blueprint.route("/contracts/<int:contract_id>/instalments", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def divide(contract_id: int) -> Any:
    """Divide what is still to come of a contract into instalments."""
    actor, (contract, process) = current_actor(), _own_contract(contract_id)
    parts = [one for one in queries.instalments_of(process.id) if one.contract_id == contract_id]
    begun = [one for one in parts if one.delivered_on or one.paid_on]
    form = forms.divide_form(contract.version_id, [one for one in parts if one not in begun])
    theirs = None
    try:
        if form.accepts(lambda: commands.divide_contract(actor, contract, form.expected_version, form.parts)):
            flash.say(_("The instalments are set."))
            return _back(process.id)
    except Conflict as conflict:
        theirs, form["version"].data = conflict.message, contract.version_id
    status = 409 if theirs else form.status
    return page(
        "procurement/divide.html",
        form=form,
        process=process,
        contract=contract,
        begun=begun,
        parts=parts,
        theirs=theirs,
    ), status


@blueprint.route("/instalments/<int:instalment_id>", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def instalment(instalment_id: int) -> Any:
    """Record what happens next to an instalment: delivery, inspection and acceptance, payment."""
    actor = current_actor()
    part = db.session().get(Instalment, instalment_id)
    if part is None:
        raise NotFound
    contract, process = _own_contract(part.contract_id)
    kind = settling.next_of(part)
    if kind is None:
        return _back(process.id)
    form = forms.InstalmentForm(data={"on": clock.today(), "paid_satang": part.amount_satang})
    form.fit(kind)
    if form.accepts(
        lambda: commands.settle_instalment(
            actor,
            part,
            form.on.data,
            committee_size=form.given("committee_size"),
            paid_satang=form.given("paid_satang"),
            voucher=form.given("voucher") or "",
            override=form.override,
        )
    ):
        flash.say(_("It is recorded; followers are told."))
        return _back(process.id)
    return page(
        "procurement/instalment.html",
        form=form,
        process=process,
        contract=contract,
        part=part,
        turn=words.TURNS[kind],
        words=words,
    ), form.status


@blueprint.route("/<int:process_id>/projects", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def projects(process_id: int) -> Any:
    """Which projects it buys for; one more can be chosen until suppliers are invited."""
    actor, process = current_actor(), own_process(process_id)
    bought = queries.bought_for(process_id)
    own = {one.project_id for one in bought}
    form = forms.ProjectsForm()
    form.offer(
        [
            (row.id, row.name)
            for row in queries.desk_projects(actor)
            if row.id not in own and row.district_id == process.district_id
        ]
    )
    if form.accepts(lambda: commands.add_projects(actor, process, [form.project.data])):
        flash.say(_("The project is added; its followers are told."))
        return see_other("procurement.projects", process_id=process_id)
    return page(
        "procurement/projects.html",
        form=form,
        process=process,
        bought=bought,
        can_change=process.state is ProcessState.RUNNING
        and policy.can_change_projects(queries.steps_of(process_id)),
    ), form.status


@blueprint.route("/<int:process_id>/projects/<int:project_id>/remove", methods=["GET", "POST"])
@requires(Permission.PROCUREMENT_EDIT)
def remove_project(process_id: int, project_id: int) -> Any:
    """Buy no longer for a project."""
    actor, process = current_actor(), own_process(process_id)
    bought = next((one for one in queries.bought_for(process_id) if one.project_id == project_id), None)
    if bought is None:
        raise NotFound
    form = forms.RemoveProjectForm()
    if form.accepts(lambda: commands.remove_project(actor, process, project_id, form.reason.data or "")):
        flash.say(_("The project is removed; its followers were told why."))
        return see_other("procurement.projects", process_id=process_id)
    return page("procurement/remove_project.html", form=form, process=process, bought=bought), form.status
