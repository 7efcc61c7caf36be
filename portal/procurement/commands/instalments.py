"""Dividing a contract, and each part's delivery, inspection and payment. Amounts in satang, days are Bangkok days.

The last part that is delivered, accepted or paid does the step of the whole process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.procurement import queries, rules, settling
from portal.procurement.commands import settling as book
from portal.procurement.commands.contracting import hold_contract, record
from portal.procurement.commands.releasing import publish_release
from portal.procurement.commands.stepping import heed_days, record_done, settle_step, tell_followers
from portal.procurement.commands.warning import Override, heed_warnings
from portal.procurement.models import Contract, Instalment, StepKind


@dataclass(frozen=True)
class Part:
    """One instalment as it is planned. An advance is paid before anything is delivered."""

    what: str
    amount_satang: int
    due_on: dt.date | None = None
    is_advance: bool = False


def _is_begun(part: Instalment) -> bool:
    return part.delivered_on is not None or part.paid_on is not None


def divide_contract(actor: Actor, contract: Contract, expected_version: int, parts: Sequence[Part]) -> None:
    """Divide what is not delivered or paid yet into instalments; those that are stay as they are.

    Raises NotAllowed, WrongState, Conflict when the contract changed meanwhile, Invalid by form field
    (``what_1``, ``amount_1`` …) and where all parts come to more than the contract.
    """
    process, contract = hold_contract(actor, contract.id)
    if contract.version_id != expected_version:
        raise Conflict(
            _l("Someone else changed this contract while you were writing. Compare, then send yours again.")
        )
    own = [one for one in queries.instalments_of(process.id) if one.contract_id == contract.id]
    kept = [one for one in own if _is_begun(one)]
    _check_parts(contract, kept, parts)
    before = [[one.what, one.amount_satang] for one in own]
    for one in own:
        if not _is_begun(one):
            db.session().delete(one)
    db.session().flush()
    last = max((one.number for one in kept), default=0)
    db.session().add_all(
        Instalment(
            contract_id=contract.id,
            number=last + place,
            what=part.what.strip()[:500],
            amount_satang=part.amount_satang,
            due_on=part.due_on,
            is_advance=part.is_advance,
            voucher="",
        )
        for place, part in enumerate(parts, 1)
    )
    flag_modified(contract, "number")  # whoever wrote on the same page is told: its version moves on
    book.sum_up(actor, process)
    record(
        actor,
        process,
        "process.contract_divided",
        {
            "contract": contract.id,
            "instalments": [
                before,
                [[one.what, one.amount_satang] for one in kept]
                + [[one.what, one.amount_satang] for one in parts],
            ],
        },
    )
    publish_release(actor, process)


def _check_parts(contract: Contract, kept: Sequence[Instalment], parts: Sequence[Part]) -> None:
    wrong: dict[str, object] = {}
    must = _l("This must be filled in.")
    if not parts and not kept:
        wrong[""] = _l("A contract needs at least one instalment.")
    for place, part in enumerate(parts, 1):
        if not part.what.strip():
            wrong[f"what_{place}"] = must
        if part.amount_satang <= 0:
            wrong[f"amount_{place}"] = must
    total = sum(one.amount_satang for one in kept) + sum(part.amount_satang for part in parts)
    if total > contract.amount_satang:
        wrong[""] = _l("The instalments add up to more than the contract.")
    if wrong:
        raise Invalid(wrong)


def settle_instalment(
    actor: Actor,
    part: Instalment,
    on: dt.date,
    *,
    committee_size: int | None = None,
    paid_satang: int | None = None,
    voucher: str = "",
    override: Override | None = None,
) -> StepKind:
    """Record what happens next to an instalment on a day: it is delivered, or accepted by a committee, or paid.

    Less may be paid than is due, where a penalty is kept back, never more. Returns what was recorded. Raises NotAllowed,
    WrongState when nothing is left, Invalid by form field, RuleWarning for a small committee or a day that breaks a rule.
    """
    process, contract = hold_contract(actor, part.contract_id)
    held = db.get_for_update(Instalment, part.id)
    if held is None:
        raise NotFound
    kind = settling.next_of(held)
    if kind is None:
        raise WrongState(
            _l("This instalment is paid already."),
            way_on=("procurement.contracts", {"process_id": process.id}, _l("See the contracts")),
        )
    _check_day(contract, held, kind, on, committee_size, paid_satang)
    others = [one for one in queries.instalments_of(process.id) if one.id != held.id]
    is_last = all(settling.is_done(one, kind) for one in others)
    step = next(one for one in queries.steps_of(process.id) if one.kind is kind)
    does_step = is_last and step.actual_on is None and not step.is_skipped
    if does_step:
        heed_days(actor, process, step, on, None, committee_size, override)
    elif kind is StepKind.ACCEPTANCE:
        now = queries.situation(process)
        judged = now.with_step(kind, replace(now.steps[kind], committee_size=committee_size))
        heed_warnings(actor, process, step, rules.of_committee(judged, kind), override)
    setattr(held, settling.DAY_OF[kind], on)
    if kind is StepKind.ACCEPTANCE:
        held.committee_size = committee_size
    if kind is StepKind.PAYMENT:
        held.paid_satang, held.voucher = paid_satang, voucher.strip()[:200]
    book.sum_up(actor, process)
    facts: dict[str, Any] = {
        "contract": contract.id,
        "instalment": held.number,
        settling.DAY_OF[kind]: on.isoformat(),
        "committee_size": held.committee_size,
        "paid_satang": held.paid_satang,
        "voucher": held.voucher,
    }
    if does_step:
        settle_step(actor, step, on, None)
        step.committee_size = committee_size
        record_done(actor, process, step, facts)
    else:
        record(actor, process, _INSTALMENT[kind], facts)
        tell_followers(
            actor,
            process,
            f"procurement.part_{_PAST[kind]}",
            f"{held.id}",
            number=f"{held.number}",
            what=held.what,
        )
    publish_release(actor, process)
    return kind


_INSTALMENT = {
    StepKind.DELIVERY: "process.instalment_delivered",
    StepKind.ACCEPTANCE: "process.instalment_accepted",
    StepKind.PAYMENT: "process.instalment_paid",
}
_PAST: Mapping[StepKind, str] = {
    StepKind.DELIVERY: "delivered",
    StepKind.ACCEPTANCE: "accepted",
    StepKind.PAYMENT: "paid",
}


def _check_day(
    contract: Contract,
    part: Instalment,
    kind: StepKind,
    on: dt.date,
    committee_size: int | None,
    paid_satang: int | None,
) -> None:
    wrong: dict[str, object] = {}
    if on > clock.today():
        wrong["on"] = _l("A step is recorded once it has happened: today or earlier.")
    elif on < contract.signed_on:
        wrong["on"] = _l("The contract was not yet signed on this date.")
    elif kind is StepKind.ACCEPTANCE and part.delivered_on and on < part.delivered_on:
        wrong["on"] = _l("Nothing is accepted before it is delivered.")
    elif kind is StepKind.PAYMENT and part.accepted_on and on < part.accepted_on:
        wrong["on"] = _l("Nothing is paid before it is accepted.")
    if kind is StepKind.ACCEPTANCE and not committee_size:
        wrong["committee_size"] = _l("This must be filled in.")
    if kind is StepKind.PAYMENT:
        if paid_satang is None:
            wrong["paid_satang"] = _l("This must be filled in.")
        elif not 0 <= paid_satang <= part.amount_satang:
            wrong["paid_satang"] = _l("The payment cannot exceed the instalment.")
    if wrong:
        raise Invalid(wrong)
