"""What a step settles in awards, contracts and instalments, and the sums a process keeps of them.

A process with one contract and one instalment is settled by its steps alone; several lots, contracts and instalments have
their own commands (:mod:`portal.procurement.commands.contracting`). The caller holds the process. Amounts in satang.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from portal.core import db
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l
from portal.procurement.models import Award, Contract, Instalment, Process, StepKind
from portal.procurement.queries import awards_of, contracts_of, instalments_of, sums_of
from portal.procurement.settling import DAY_OF, WHOLE, Outcome, is_done, period_wrong


def sum_up(actor: Actor, process: Process) -> None:
    """Keep the sums of a process after its awards, contracts or instalments changed."""
    db.session().flush()
    for name, value in sums_of(process.id).items():
        setattr(process, name, value)
    db.session().flush()


# -- what each step settles -------------------------------------------------------------------------------------------


def check(actor: Actor, process: Process, kind: StepKind, on: dt.date, outcome: Outcome) -> dict[str, object]:
    """What stands against settling a step, by form field; empty when nothing does."""
    if kind is StepKind.CONTRACT:
        return _check_signing(process, on, outcome)
    if kind in (StepKind.DELIVERY, StepKind.ACCEPTANCE, StepKind.PAYMENT):
        return _check_parts(process, kind, on, outcome)
    return {}


def _check_signing(process: Process, on: dt.date, outcome: Outcome) -> dict[str, object]:
    awards = awards_of(process.id)
    if not awards:
        return {"": _l("Record the winner first.")}
    if len(awards) > 1:
        return {"": _l("There are several lots: record the contract of each on the contracts page.")}
    return period_wrong(on, outcome.starts_on, outcome.contract_ends_on, "contract_ends_on")


def _check_parts(process: Process, kind: StepKind, on: dt.date, outcome: Outcome) -> dict[str, object]:
    parts = instalments_of(process.id)
    if not parts:
        return {"": _l("Record the contract first.")}
    if kind is StepKind.DELIVERY:
        return {}
    if kind is StepKind.ACCEPTANCE:
        if any(one.delivered_on is None for one in parts if not one.is_advance):
            return {"": _l("Record the delivery first.")}
        if any(one.accepted_on is None and one.delivered_on and one.delivered_on > on for one in parts):
            return {"actual_on": _l("Nothing is accepted before it is delivered.")}
        return {}
    if any(one.accepted_on is None for one in parts if not one.is_advance):
        return {"": _l("Record inspection and acceptance first.")}
    if any(one.accepted_on > on for one in parts if one.accepted_on and one.paid_on is None):
        return {"actual_on": _l("Nothing is paid before it is accepted.")}
    return _check_payment(parts, outcome.paid_satang)


def _check_payment(parts: list[Instalment], total: int | None) -> dict[str, object]:
    if total is None:
        return {}
    waiting = [one for one in parts if one.paid_on is None]
    rest = total - sum(one.paid_satang or 0 for one in parts)
    if not waiting:
        return {} if rest == 0 else {"paid_satang": _l("The paid instalments add up to a different amount.")}
    due = sum(one.amount_satang for one in waiting)
    if rest < 0 or rest > due:
        return {"paid_satang": _l("What is paid is more than the contract, or less than was paid before.")}
    if len(waiting) > 1 and rest != due:
        return {
            "paid_satang": _l("Several instalments are waiting: record each payment on the contracts page.")
        }
    return {}


def settle(actor: Actor, process: Process, kind: StepKind, on: dt.date, outcome: Outcome) -> None:
    """Write what a step settles, checked before with :func:`check`."""
    if kind is StepKind.MEDIAN_PRICE:
        process.median_price_satang = outcome.median_price_satang
    elif kind is StepKind.BID_OPENING:
        process.number_of_tenderers = outcome.number_of_tenderers
    elif kind in _SETTLES:
        _SETTLES[kind](actor, process, on, outcome)
        sum_up(actor, process)


def _award(actor: Actor, process: Process, on: dt.date, outcome: Outcome) -> None:
    db.session().add(
        Award(
            process_id=process.id,
            position=1,
            supplier=outcome.supplier.strip(),
            amount_satang=outcome.award_satang or 0,
            announced_on=on,
        )
    )


def _sign(actor: Actor, process: Process, on: dt.date, outcome: Outcome) -> None:
    (award,) = awards_of(process.id)
    add_contract(
        actor,
        process,
        award,
        outcome.contract_number,
        on,
        outcome.contract_satang or 0,
        outcome.starts_on,
        outcome.contract_ends_on,
    )


def add_contract(
    actor: Actor,
    process: Process,
    award: Award,
    number: str,
    signed_on: dt.date,
    satang: int,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
) -> Contract:
    """A signed contract with one instalment of its whole amount. Raises Invalid for a number used in this process."""
    made = Contract(
        process_id=process.id,
        award_id=award.id,
        number=number.strip()[:200],
        signed_on=signed_on,
        starts_on=starts_on,
        signed_ends_on=ends_on,
        ends_on=ends_on,
        signed_satang=satang,
        amount_satang=satang,
    )
    with db.refusing_duplicates(
        Invalid({"contract_number": _l("Another contract of this process has this number.")})
    ):
        db.session().add(made)
    db.session().add(
        Instalment(
            contract_id=made.id, number=1, what=WHOLE, due_on=ends_on, amount_satang=satang, voucher=""
        )
    )
    return made


def _deliver(actor: Actor, process: Process, on: dt.date, _outcome: Outcome) -> None:
    for one in instalments_of(process.id):
        if not is_done(one, StepKind.DELIVERY):
            one.delivered_on = on


def _accept(actor: Actor, process: Process, on: dt.date, outcome: Outcome) -> None:
    for one in instalments_of(process.id):
        if not is_done(one, StepKind.ACCEPTANCE):
            one.accepted_on, one.committee_size = on, outcome.committee_size


def _pay(actor: Actor, process: Process, on: dt.date, outcome: Outcome) -> None:
    parts = instalments_of(process.id)
    waiting = [one for one in parts if one.paid_on is None]
    rest = (outcome.paid_satang or 0) - sum(one.paid_satang or 0 for one in parts)
    for one in waiting:
        one.paid_on, one.voucher = on, outcome.voucher.strip()[:200]
        one.paid_satang = rest if len(waiting) == 1 else one.amount_satang


_SETTLES: Mapping[StepKind, Callable[[Actor, Process, dt.date, Outcome], None]] = {
    StepKind.AWARD: _award,
    StepKind.CONTRACT: _sign,
    StepKind.DELIVERY: _deliver,
    StepKind.ACCEPTANCE: _accept,
    StepKind.PAYMENT: _pay,
}


def follow_correction(actor: Actor, process: Process, kind: StepKind, was: dt.date, now: dt.date) -> None:
    """A step's recorded day was wrong: what it settled on that day moves with it. Raises Invalid where the days of
    delivery, acceptance and payment would no longer follow each other."""
    with db.refusing_duplicates(
        Invalid({"actual_on": _l("Delivery, acceptance and payment would no longer follow each other.")})
    ):
        if kind is StepKind.AWARD:
            for award in awards_of(process.id):
                award.announced_on = now if award.announced_on == was else award.announced_on
        elif kind is StepKind.CONTRACT:
            for contract in contracts_of(process.id):
                contract.signed_on = now if contract.signed_on == was else contract.signed_on
        elif kind in DAY_OF:
            name = DAY_OF[kind]
            for part in instalments_of(process.id):
                if getattr(part, name) == was:
                    setattr(part, name, now)
