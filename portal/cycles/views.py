"""Pages of cycles: the public rules and their editions; the desk where rules are proposed and confirmed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, Response
from wtforms import SelectChoice

from portal.accounts import queries as people
from portal.core import clock, i18n
from portal.core.actor import Permission
from portal.core.calendar import fiscal_year
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import body as bodies
from portal.cycles import commands, defaults, forms, policy, queries, words
from portal.cycles.models import Cycle, ProposalState, RulesProposal
from portal.rulebook import queries as rulebook
from portal.web import flash, headers
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

blueprint = Blueprint("cycles", __name__, url_prefix="/cycles")


def _cycle(cycle_id: int) -> Cycle:
    found = queries.cycle(cycle_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get("")
@public()
def index() -> Any:
    """Every district with its cycles."""
    rows = [list(group) for _code, group in groupby(queries.all_cycles(), key=lambda row: row.code)]
    if i18n.language() == "en":
        rows.sort(key=lambda row: row[0].name_en)
    return page("cycles/index.html", districts=rows)


@blueprint.get("/<int:cycle_id>")
@public()
def show(cycle_id: int) -> Any:
    """The days, the money, the criteria, and every edition of the rules with its hash and the phases that keep to it."""
    cycle = _cycle(cycle_id)
    windows = queries.phases(cycle_id)
    editions = queries.editions(cycle_id)
    read = [bodies.read(edition.body) for edition in editions]
    under: dict[int | None, list[object]] = {}
    for window in windows:
        under.setdefault(window.edition_id, []).append(words.PHASES[window.kind])
    headers.fresh_until(queries.boundary_of(windows))
    return page(
        "cycles/show.html",
        cycle=cycle,
        district=queries.place_of(cycle),
        steps=queries.line_of(windows),
        body=read[0] if read else None,
        editions=[
            (edition, bodies.changes(read[place + 1], read[place]) if place + 1 < len(read) else [])
            for place, edition in enumerate(editions)
        ],
        under=under,
        names=people.names_of(
            person for edition in editions for person in (edition.proposed_by, edition.confirmed_by)
        ),
        words=words,
    )


@blueprint.get("/<int:cycle_id>/editions/<int:number>.json")
@public()
def edition(cycle_id: int, number: int) -> Any:
    """The canonical text of an edition, byte for byte what was hashed."""
    found = queries.edition(cycle_id, number)
    name = f"rules-{cycle_id}-{number}.json"
    return Response(
        found.body.encode(),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.route("/desk", methods=["GET", "POST"])
@requires(Permission.RULES_PROPOSE, Permission.RULES_CONFIRM)
def desk() -> Any:
    """Rules waiting for a second person, the cycles of one's districts, and a new cycle."""
    actor = current_actor()
    districts = queries.desk_districts(actor)
    cycles = queries.desk_cycles(actor)
    last = max((row.fiscal_year for row in cycles), default=fiscal_year(clock.today()))
    form = forms.OpenForm(data={"fiscal_year": last + 1})
    name = "name_en" if i18n.language() == "en" else "name_th"
    form.district_id.choices = [SelectChoice(row.id, getattr(row, name)) for row in districts]
    if districts and form.accepts(
        lambda: commands.open_cycle(actor, form.district_id.data, form.fiscal_year.data or 0)
    ):
        flash.say(
            _l(
                "The cycle is open. Now propose its rules: until they are published, every phase stays closed."
            )
        )
        return see_other("cycles.propose", cycle_id=form.result.id)
    proposals = queries.desk_proposals(actor)
    waiting = [row for row in proposals if row.state is ProposalState.PROPOSED]
    return page(
        "cycles/desk.html",
        form=form,
        districts=districts,
        cycles=cycles,
        waiting=waiting,
        proposed={row.cycle_id: row.id for row in waiting},
        decided=[row for row in proposals if row.state is not ProposalState.PROPOSED][:10],
        names=people.names_of(row.proposed_by for row in proposals),
    ), form.status


@blueprint.route("/<int:cycle_id>/propose", methods=["GET", "POST"])
@requires(Permission.RULES_PROPOSE)
def propose(cycle_id: int) -> Any:
    """Propose the first rules of a cycle, or a change of those in force."""
    actor, cycle = current_actor(), _cycle(cycle_id)
    if not policy.can_propose_rules(actor, cycle):
        raise NotAllowed(_l("You may not do this here."))
    newest = queries.newest_body(cycle_id)
    start = newest or defaults.default_rules(
        cycle.fiscal_year,
        defaults.default_phases(cycle.fiscal_year),
        screening_working_days=rulebook.law("screening.days"),
    )
    form = forms.RulesForm(data=forms.typed(start), begun=queries.begun_windows(cycle_id))
    if form.accepts(
        lambda: commands.propose_rules(
            actor,
            cycle,
            form.body(cycle.fiscal_year, queries.last_own_criterion(cycle_id)),
            form.reason.data,
        )
    ):
        flash.say(_l("Proposed. The rules are published once a second person has confirmed them."))
        return see_other("cycles.proposal", proposal_id=form.result.id)
    return page(
        "cycles/propose.html",
        form=form,
        cycle=cycle,
        district=queries.place_of(cycle),
        is_change=newest is not None,
        waiting=queries.waiting_proposal(cycle_id),
        words=words,
    ), form.status


@blueprint.get("/proposals/<int:proposal_id>")
@requires(Permission.RULES_PROPOSE, Permission.RULES_CONFIRM)
def proposal(proposal_id: int) -> Any:
    """What is proposed, what would change, and the second person's choice."""
    found = queries.proposal_visible(current_actor(), proposal_id)
    return _proposal_page(found, forms.ConfirmForm(), forms.SendBackForm())


@blueprint.post("/proposals/<int:proposal_id>/confirm")
@requires(Permission.RULES_CONFIRM)
def confirm(proposal_id: int) -> Any:
    """Publish the rules."""
    actor, form = current_actor(), forms.ConfirmForm()
    found = queries.proposal_visible(actor, proposal_id)
    if form.accepts(lambda: commands.confirm_rules(actor, found)):
        flash.say(_l("The rules are published."))
        return see_other("cycles.show", cycle_id=found.cycle_id)
    return _proposal_page(found, form, forms.SendBackForm())


@blueprint.post("/proposals/<int:proposal_id>/send-back")
@requires(Permission.RULES_CONFIRM)
def send_back(proposal_id: int) -> Any:
    """Send the rules back with a note."""
    actor, form = current_actor(), forms.SendBackForm()
    found = queries.proposal_visible(actor, proposal_id)
    if form.accepts(lambda: commands.send_back_rules(actor, found, form.note.data)):
        flash.say(_l("Sent back. The proposer has been told."))
        return see_other("cycles.desk")
    return _proposal_page(found, forms.ConfirmForm(), form)


def _proposal_page(found: RulesProposal, confirm_form: Any, send_back_form: Any) -> Any:
    actor = current_actor()
    body, newest = bodies.read(found.body), queries.newest_body(found.cycle_id)
    sha256 = bodies.write(body)[1]
    begun = queries.begun_windows(found.cycle_id)
    now = clock.now()
    return page(
        "cycles/proposal.html",
        proposal=found,
        district=queries.place_of(found.cycle),
        body=body,
        sha256=sha256,
        changes=bodies.changes(newest, body) if newest is not None else None,
        late=[
            words.PHASES[kind]
            for kind, (starts_at, _ends_at) in bodies.windows(body).items()
            if kind not in begun and starts_at <= now
        ],
        may_confirm=found.state is ProposalState.PROPOSED and policy.can_confirm_rules(actor, found),
        may_propose=policy.can_propose_rules(actor, found.cycle),
        is_own=found.proposed_by == actor.id,
        is_waiting=found.state is ProposalState.PROPOSED,
        names=people.names_of([found.proposed_by, found.decided_by]),
        confirm_form=confirm_form,
        send_back_form=send_back_form,
        words=words,
    ), send_back_form.status
