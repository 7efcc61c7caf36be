"""Opening cycles; proposing, confirming and sending back their rules."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.core import clock, db, ledger, state
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import body as bodies
from portal.cycles import policy, queries
from portal.cycles.models import Cycle, Phase, RulesEdition, RulesProposal
from portal.cycles.workflow import CONFIRM, PROPOSALS, SEND_BACK
from portal.notifications import commands as notifications
from portal.places import titles
from portal.places.models import District

EARLIEST_YEAR, LATEST_YEAR = 2560, 2650


def open_cycle(actor: Actor, district_id: int, fiscal_year: int) -> Cycle:
    """Begin the cycle of a district for a fiscal year (BE). It has no windows until rules are published.

    Raises NotAllowed without RULES_PROPOSE there, Invalid for a year out of range or already open.
    """
    if not policy.can_open_cycle(actor, district_id):
        raise NotAllowed(_l("You may not do this here."))
    if not EARLIEST_YEAR <= fiscal_year <= LATEST_YEAR:
        raise Invalid({"fiscal_year": _l("Write the fiscal year in the Buddhist Era, such as 2571.")})
    cycle = Cycle(district_id=district_id, fiscal_year=fiscal_year, created_at=clock.now())
    taken = Invalid({"fiscal_year": _l("This district already has a cycle for that year.")})
    with db.refusing_duplicates(taken):
        db.session().add(cycle)
    ledger.record(
        "cycle.opened",
        actor,
        "cycle",
        cycle.id,
        district_id=district_id,
        changes={"fiscal_year": fiscal_year},
    )
    return cycle


def propose_rules(actor: Actor, cycle: Cycle, body: bodies.Body, reason: str) -> RulesProposal:
    """Put rules forward for a second person. District and fiscal year of the body are always the cycle's own.

    Raises NotAllowed; Invalid by form field for dates, money and days that cannot be, for a phase that has begun and
    would change, and for a missing reason of a change; WrongState while another proposal waits.
    """
    if not policy.can_propose_rules(actor, cycle) or actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    district = db.session().get_one(District, cycle.district_id)
    body = {**body, "format": bodies.FORMAT, "district": district.code, "fiscal_year": cycle.fiscal_year}
    wrong = bodies.problems(body) | _touched(cycle.id, body)
    if not reason.strip():
        wrong["reason"] = _l("Say why in a sentence: it is published with the rules.")
    newest = queries.newest_body(cycle.id)
    if newest is not None and not bodies.changes(newest, body):
        wrong[""] = _l("Nothing differs from the rules now in force.")
    if wrong:
        raise Invalid(wrong)
    proposal = RulesProposal(
        cycle_id=cycle.id,
        cycle=cycle,
        body=bodies.write(body)[0],
        reason=reason.strip(),
        proposed_by=actor.id,
        proposed_at=clock.now(),
    )
    waiting = WrongState(
        _l("Another proposal for this cycle is waiting to be confirmed."),
        way_on=("cycles.desk", {}, _l("Cycles and rules")),
    )
    with db.refusing_duplicates(waiting):
        db.session().add(proposal)
    ledger.record(
        "rules.proposed", actor, "rules_proposal", proposal.id, district_id=cycle.district_id, note=reason
    )
    notifications.tell(
        "rules.proposed",
        person_ids=people.officers_with(Permission.RULES_CONFIRM, cycle.district_id),
        params=_title(district, cycle),
        way=("cycles.proposal", {"proposal_id": proposal.id}),
        dedupe_key=f"rules.proposed:{proposal.id}",
        except_person=actor.id,
    )
    return proposal


def confirm_rules(actor: Actor, proposal: RulesProposal) -> RulesEdition:
    """Publish a proposal as the next edition: the second pair of eyes, never the proposer's own.

    Windows that have not begun are placed anew and run under this edition; a window whose start has already passed
    keeps what it had, or stays closed for want of rules. Raises NotAllowed, WrongState (decided already, or a phase
    that began meanwhile would change).
    """
    proposal = _held(proposal, actor)
    body = bodies.read(proposal.body)
    if PROPOSALS.is_open(CONFIRM, actor, proposal) and _touched(proposal.cycle_id, body):
        raise WrongState(
            _l("A phase that these rules would move has begun since they were proposed. Send them back."),
            way_on=("cycles.proposal", {"proposal_id": proposal.id}, _l("See the proposal")),
        )
    now = clock.now()
    PROPOSALS.advance(proposal, CONFIRM, actor)
    proposal.decided_by, proposal.decided_at = actor.id, now
    last = db.session().scalar(
        sa.select(sa.func.max(RulesEdition.number)).where(RulesEdition.cycle_id == proposal.cycle_id)
    )
    text, sha256 = bodies.write(body)
    edition = RulesEdition(
        cycle_id=proposal.cycle_id,
        number=(last or 0) + 1,
        body=text,
        sha256=sha256,
        reason=proposal.reason,
        proposed_by=proposal.proposed_by,
        confirmed_by=actor.id,
        published_at=now,
    )
    with db.refusing_duplicates(Conflict(_l("Someone else published rules at the same moment."))):
        db.session().add(edition)
    _place_phases(proposal.cycle_id, edition, body)
    ledger.record(
        "rules.published",
        actor,
        "rules_edition",
        edition.id,
        district_id=proposal.cycle.district_id,
        changes={"cycle_id": proposal.cycle_id, "number": edition.number, "sha256": sha256},
        note=proposal.reason,
    )
    district = db.session().get_one(District, proposal.cycle.district_id)
    notifications.tell(
        "rules.published",
        topic_id=district.topic_id,
        person_ids=[proposal.proposed_by],
        followers_of=[district.topic_id],
        params=_title(district, proposal.cycle),
        way=("cycles.show", {"cycle_id": proposal.cycle_id}),
        dedupe_key=f"rules.published:{edition.id}",
        except_person=actor.id,
    )
    state.bump_epoch()
    return edition


def send_back_rules(actor: Actor, proposal: RulesProposal, note: str) -> None:
    """Refuse a proposal with a note for the proposer, who may put forward a better one."""
    proposal = _held(proposal, actor)
    if not note.strip():
        raise Invalid({"note": _l("Say what must change.")})
    PROPOSALS.advance(proposal, SEND_BACK, actor)
    proposal.decided_by, proposal.decided_at = actor.id, clock.now()
    proposal.decision_note = note.strip()
    ledger.record(
        "rules.sent_back",
        actor,
        "rules_proposal",
        proposal.id,
        district_id=proposal.cycle.district_id,
        note=note,
    )
    district = db.session().get_one(District, proposal.cycle.district_id)
    notifications.tell(
        "rules.sent_back",
        person_ids=[proposal.proposed_by],
        params=_title(district, proposal.cycle),
        way=("cycles.proposal", {"proposal_id": proposal.id}),
        dedupe_key=f"rules.sent_back:{proposal.id}",
        except_person=actor.id,
    )


def _title(district: District, cycle: Cycle) -> dict[str, str]:
    return {"title": titles.IN_YEAR.compose(district=district.name_th, year=cycle.fiscal_year)}


def _held(proposal: RulesProposal, actor: Actor) -> RulesProposal:
    """The proposal, and its cycle with it, held against a second confirmer."""
    held = db.get_for_update(RulesProposal, proposal.id)
    if held is None:
        raise NotFound
    if held.proposed_by == actor.id:
        raise NotAllowed(_l("Rules are confirmed by someone other than the person who proposed them."))
    return held


def _touched(cycle_id: int, body: bodies.Body) -> dict[str, object]:
    """Phases that have begun and that the body would move or drop, by form field."""
    given = bodies.windows(body)
    message = _l("This phase has begun: its dates can no longer change.")
    return {
        f"{kind.value}_from": message
        for kind, window in queries.begun_windows(cycle_id).items()
        if given.get(kind) != window
    }


def _place_phases(cycle_id: int, edition: RulesEdition, body: bodies.Body) -> None:
    begun = queries.begun_windows(cycle_id)
    standing = {phase.kind: phase for phase in queries.phases(cycle_id) if phase.kind not in begun}
    for kind, (starts_at, ends_at) in bodies.windows(body).items():
        if kind in begun:
            continue
        phase = standing.pop(kind, None)
        if phase is None:
            phase = Phase(cycle_id=cycle_id, kind=kind)
            db.session().add(phase)
        phase.starts_at, phase.ends_at = starts_at, ends_at
        phase.edition_id = edition.id if starts_at > edition.published_at else None
    for dropped in standing.values():
        db.session().delete(dropped)
    db.session().flush()
