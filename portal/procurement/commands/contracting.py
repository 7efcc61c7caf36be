"""Offers, lots, contracts, amendments and cancellations. Amounts in satang, days are Bangkok days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.procurement import policy, queries, rules, words
from portal.procurement.commands import settling
from portal.procurement.commands.processes import hold_process
from portal.procurement.commands.releasing import publish_release
from portal.procurement.commands.stepping import heed_days, record_done, settle_step, tell_followers
from portal.procurement.commands.warning import Override, heed_warnings
from portal.procurement.models import (
    Amendment,
    Award,
    Contract,
    Instalment,
    Process,
    Step,
    StepKind,
    Tenderer,
)
from portal.procurement.rules import Rule
from portal.procurement.settling import period_wrong

MOST_OFFERS = 200


@dataclass(frozen=True)
class Offer:
    """Who offered; ``offer_satang`` where it is known."""

    name: str
    offer_satang: int | None = None


@dataclass(frozen=True)
class AwardData:
    """A lot and who won it; ``lot`` may be empty where there is only one."""

    supplier: str
    amount_satang: int
    lot: str = ""


@dataclass(frozen=True)
class ContractData:
    """What is signed; the period may be open at either end."""

    number: str
    signed_on: dt.date
    amount_satang: int
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True)
class AmendmentData:
    """What holds from now on: amount and last day, each as before where it does not change."""

    signed_on: dt.date
    new_satang: int
    new_ends_on: dt.date | None
    reason: str


def hold_contract(actor: Actor, contract_id: int) -> tuple[Process, Contract]:
    """The running process and its contract as they stand now, held against everybody else. Raises NotFound, NotAllowed,
    WrongState, also for a cancelled contract."""
    process_id = db.session().scalar(sa.select(Contract.process_id).where(Contract.id == contract_id))
    if process_id is None:
        raise NotFound
    process = hold_process(actor, process_id)
    contract = db.get_for_update(Contract, contract_id)
    if contract is None:
        raise NotFound
    if contract.cancelled_on is not None:
        raise WrongState(_l("This contract was cancelled."), way_on=_way_on(process.id))
    return process, contract


def _way_on(process_id: int) -> tuple[str, dict[str, Any], object]:
    return "procurement.contracts", {"process_id": process_id}, _l("See the contracts")


def record(actor: Actor, process: Process, event: str, changes: dict[str, Any], note: str = "") -> None:
    """One line of the ledger about a process's contracts."""
    ledger.record(
        event, actor, "process", process.id, district_id=process.district_id, changes=changes, note=note
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def record_tenderers(actor: Actor, process: Process, offers: Sequence[Offer]) -> None:
    """Say who offered; an earlier list is replaced, and stands in the ledger. Raises NotAllowed, WrongState, Invalid
    while the bids are sealed: nothing about them is entered before they are opened."""
    process = hold_process(actor, process.id)
    if policy.is_sealed(queries.steps_of(process.id)):
        raise Invalid({"": words.SEALED})
    given = [replace(one, name=one.name.strip()) for one in offers if one.name.strip()]
    if not given or len(given) > MOST_OFFERS:
        raise Invalid({"offers": _l("Name between 1 and 200 suppliers.")})
    before = [[one.name, one.offer_satang] for one in queries.tenderers_of(process.id)]
    db.session().execute(sa.delete(Tenderer).where(Tenderer.process_id == process.id))
    db.session().add_all(
        Tenderer(process_id=process.id, position=place, name=one.name[:500], offer_satang=one.offer_satang)
        for place, one in enumerate(given, 1)
    )
    process.number_of_tenderers = len(given)
    db.session().flush()
    after = [[one.name, one.offer_satang] for one in given]
    record(actor, process, "process.tenderers_recorded", {"tenderers": [before, after]})
    publish_release(actor, process)


def add_award(actor: Actor, process: Process, data: AwardData) -> Award:
    """One more lot and its winner, announced with the others. Raises NotAllowed, WrongState before a winner is announced,
    Invalid by form field."""
    process = hold_process(actor, process.id)
    awards = queries.awards_of(process.id)
    if not awards:
        raise WrongState(_l("Record the winner first."), way_on=_way_on(process.id))
    _check_award(data, needs_lot=True)
    made = Award(
        process_id=process.id,
        position=awards[-1].position + 1,
        lot=data.lot.strip()[:500],
        supplier=data.supplier.strip()[:500],
        amount_satang=data.amount_satang,
        announced_on=awards[0].announced_on,
    )
    db.session().add(made)
    settling.sum_up(actor, process)
    record(actor, process, "process.award_added", {"award": made.id, **_award_facts(made)})
    publish_release(actor, process)
    return made


def _check_award(data: AwardData, *, needs_lot: bool) -> None:
    wrong: dict[str, object] = {}
    must = _l("This must be filled in.")
    if not data.supplier.strip():
        wrong["supplier"] = must
    if data.amount_satang <= 0:
        wrong["amount_satang"] = must
    if needs_lot and not data.lot.strip():
        wrong["lot"] = must
    if wrong:
        raise Invalid(wrong)


def _award_facts(award: Award) -> dict[str, Any]:
    return {"lot": award.lot, "supplier": award.supplier, "amount_satang": award.amount_satang}


def correct_award(actor: Actor, award: Award, data: AwardData, reason: str) -> None:
    """Put a lot, its winner or its amount right while nothing is signed for it; what stood before is kept in the ledger.
    Raises NotAllowed, WrongState once a contract is signed, Invalid by form field."""
    process = hold_process(actor, award.process_id)
    db.session().refresh(award)
    if any(one.award_id == award.id for one in queries.contracts_of(process.id)):
        raise WrongState(_l("A contract is signed for this lot."), way_on=_way_on(process.id))
    _check_award(data, needs_lot=False)
    if not reason.strip():
        raise Invalid({"reason": _l("This must be filled in.")})
    before = _award_facts(award)
    award.lot, award.supplier = data.lot.strip()[:500], data.supplier.strip()[:500]
    award.amount_satang = data.amount_satang
    settling.sum_up(actor, process)
    after = _award_facts(award)
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    record(actor, process, "process.award_corrected", {"award": award.id, **changes}, reason.strip())
    key = f"{award.id}:{clock.now().isoformat()}"
    tell_followers(actor, process, "procurement.corrected", key, reason=reason.strip()[:500])
    publish_release(actor, process)


def sign_contract(
    actor: Actor, award: Award, data: ContractData, *, override: Override | None = None
) -> Contract:
    """Sign for a lot. The first contract does the step; each later one is held against the days for appeals as well.

    Raises NotAllowed, WrongState when the lot is signed for, Invalid by form field, RuleWarning while the days for
    appeals last.
    """
    process = hold_process(actor, award.process_id)
    if any(one.award_id == award.id and one.cancelled_on is None for one in queries.contracts_of(process.id)):
        raise WrongState(_l("A contract is signed for this lot."), way_on=_way_on(process.id))
    _check_contract(data)
    step = _step(process, StepKind.CONTRACT)
    is_first = step.actual_on is None
    if is_first:
        heed_days(actor, process, step, data.signed_on, None, None, override)
        settle_step(actor, step, data.signed_on, None)
    else:
        now = queries.situation(process)
        signed = now.with_step(
            StepKind.CONTRACT, replace(now.steps[StepKind.CONTRACT], actual_on=data.signed_on)
        )
        early = [one for one in rules.of_step(signed, StepKind.CONTRACT) if one.rule is Rule.SIGNED_EARLY]
        heed_warnings(actor, process, step, early, override)
    made = settling.add_contract(
        actor, process, award, data.number, data.signed_on, data.amount_satang, data.starts_on, data.ends_on
    )
    settling.sum_up(actor, process)
    facts = {"contract": made.id, "contract_number": made.number, "contract_satang": made.signed_satang}
    if is_first:
        record_done(actor, process, step, facts)
    else:
        record(actor, process, "process.contract_signed", {**facts, "signed_on": _iso(made.signed_on)})
        tell_followers(actor, process, "procurement.another_contract", f"{made.id}", number=made.number)
    publish_release(actor, process)
    return made


def _step(process: Process, kind: StepKind) -> Step:
    return next(one for one in queries.steps_of(process.id) if one.kind is kind)


def _check_contract(data: ContractData) -> None:
    wrong = period_wrong(data.signed_on, data.starts_on, data.ends_on, "ends_on")
    if not data.number.strip():
        wrong["contract_number"] = _l("This must be filled in.")
    if data.amount_satang <= 0:
        wrong["amount_satang"] = _l("This must be filled in.")
    if data.signed_on > clock.today():
        wrong["signed_on"] = _l("A step is recorded once it has happened: today or earlier.")
    if wrong:
        raise Invalid(wrong)


def amend_contract(actor: Actor, contract: Contract, data: AmendmentData) -> Amendment:
    """Change the amount or the last day of a contract. What was and what is now stay side by side for good; an undivided
    contract's only instalment follows. Raises NotAllowed, WrongState, Invalid by form field."""
    process, contract = hold_contract(actor, contract.id)
    parts = [one for one in queries.instalments_of(process.id) if one.contract_id == contract.id]
    _check_amendment(contract, parts, data)
    last = db.session().scalar(
        sa.select(sa.func.max(Amendment.number)).where(Amendment.contract_id == contract.id)
    )
    made = Amendment(
        contract_id=contract.id,
        number=(last or 0) + 1,
        signed_on=data.signed_on,
        old_satang=contract.amount_satang,
        new_satang=data.new_satang,
        old_ends_on=contract.ends_on,
        new_ends_on=data.new_ends_on,
        reason=data.reason.strip()[:500],
        entered_by=actor.id,
        entered_at=clock.now(),
    )
    db.session().add(made)
    contract.amount_satang, contract.ends_on = data.new_satang, data.new_ends_on
    if len(parts) == 1 and parts[0].paid_on is None:
        parts[0].amount_satang = data.new_satang
        if parts[0].delivered_on is None:
            parts[0].due_on = data.new_ends_on
    settling.sum_up(actor, process)
    record(
        actor,
        process,
        "process.contract_amended",
        {
            "contract": contract.id,
            "number": made.number,
            "amount_satang": [made.old_satang, made.new_satang],
            "ends_on": [_iso(made.old_ends_on), _iso(made.new_ends_on)],
        },
        made.reason,
    )
    tell_followers(actor, process, "procurement.amended", f"{made.id}", reason=made.reason)
    publish_release(actor, process)
    return made


def _check_amendment(contract: Contract, parts: Sequence[Instalment], data: AmendmentData) -> None:
    wrong: dict[str, object] = {}
    if not data.reason.strip():
        wrong["reason"] = _l("This must be filled in.")
    if not contract.signed_on <= data.signed_on <= clock.today():
        wrong["signed_on"] = _l("An amendment is signed between the day of the contract and today.")
    if data.new_ends_on is None and contract.ends_on is not None:
        wrong["new_ends_on"] = _l("This must be filled in.")
    elif (data.new_satang, data.new_ends_on) == (contract.amount_satang, contract.ends_on):
        wrong["new_satang"] = _l("Change the amount, the last day, or both.")
    elif data.new_ends_on is not None and data.new_ends_on < (contract.starts_on or contract.signed_on):
        wrong["new_ends_on"] = _l("The last day cannot be before the first.")
    if data.new_satang <= 0:
        wrong["new_satang"] = _l("This must be filled in.")
    elif len(parts) == 1 and parts[0].paid_on is None:
        pass
    elif sum(one.amount_satang for one in parts) > data.new_satang:
        wrong["new_satang"] = _l("The instalments add up to more than this. Divide the contract again first.")
    if wrong:
        raise Invalid(wrong)


def cancel_contract(actor: Actor, contract: Contract, on: dt.date, reason: str) -> None:
    """End a contract before its time, with a reason everybody reads; what was paid under it stays. The lot can be signed
    for again. Raises NotAllowed, WrongState, Invalid by form field."""
    process, contract = hold_contract(actor, contract.id)
    wrong: dict[str, object] = {}
    if not contract.signed_on <= on <= clock.today():
        wrong["cancelled_on"] = _l("Choose a day between the signature and today.")
    if not reason.strip():
        wrong["reason"] = _l("This must be filled in.")
    if wrong:
        raise Invalid(wrong)
    contract.cancelled_on, contract.cancel_reason = on, reason.strip()[:500]
    settling.sum_up(actor, process)
    record(
        actor,
        process,
        "process.contract_cancelled",
        {"contract": contract.id, "contract_number": contract.number, "cancelled_on": _iso(on)},
        contract.cancel_reason,
    )
    tell_followers(
        actor, process, "procurement.contract_cancelled", f"{contract.id}", reason=contract.cancel_reason
    )
    publish_release(actor, process)
