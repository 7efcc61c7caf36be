"""Screening: an item's case in any state, and an item already decided."""

from datetime import timedelta

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.actor import Actor
from portal.cycles.models import RulesEdition
from portal.plans.models import Item, Plan
from portal.screening.models import (
    Answer,
    Appeal,
    AppealOutcome,
    CardAnswer,
    Case,
    CaseState,
    Correction,
    Decision,
    Outcome,
    Referral,
)
from tests.factories import accounts

DECIDED = {CaseState.CONFIRMED, CaseState.APPEALED, CaseState.APPEAL_PROPOSED, CaseState.APPEAL_CONFIRMED}
APPEALED = DECIDED - {CaseState.CONFIRMED}


def case(item: Item, state: CaseState = CaseState.WAITING, **given) -> Case:
    """The case of an item with all the rows its state rests on. ``proposer``, ``confirmer`` and ``filer`` are people;
    the other keywords are columns of the case."""
    session = db.session()
    plan = session.get_one(Plan, item.plan_id)
    edition = session.scalars(
        sa.select(RulesEdition)
        .where(RulesEdition.cycle_id == plan.cycle_id)
        .order_by(RulesEdition.number.desc())
    ).first()
    proposer, confirmer, filer = (given.pop(name, None) for name in ("proposer", "confirmer", "filer"))
    now = clock.now()
    made = Case(
        **{
            "item_id": item.id,
            "plan_id": plan.id,
            "district_id": plan.district_id,
            "edition_id": edition.id,
            "opened_at": now - timedelta(days=10),
            "changed_at": now - timedelta(days=10),
            "due_on": clock.today() + timedelta(days=20),
            **given,
        }
    )
    session.add(made)
    session.flush()
    if state in DECIDED:
        first = decision(made, proposer=proposer, confirmer=confirmer or accounts.person())
        made.decision_id = first.id
    if state in APPEALED and made.released_at is None:
        made.released_at, made.appeals_until = now - timedelta(days=2), now + timedelta(days=12)
    made.state = state
    session.flush()
    if state is CaseState.PROPOSED:
        decision(made, proposer=proposer)
    elif state is CaseState.NEEDS_CORRECTION:
        session.add(Correction(**_pause(made)))
    elif state is CaseState.AWAITING_AGENCY:
        session.add(Referral(agency="สำนักการโยธา", **_pause(made)))
    elif state in APPEALED:
        appeal(made, filer=filer or accounts.person(), proposer=None, state=state)
    session.flush()
    return made


def decision(
    case: Case, outcome: Outcome = Outcome.ACCEPT, *, proposer=None, confirmer=None, **given
) -> Decision:
    """A proposed decision; a confirmed one where ``confirmer`` is given."""
    session = db.session()
    item = session.get_one(Item, case.item_id)
    now = clock.now()
    details = {
        Outcome.ACCEPT: {"accepted_satang": item.budget_satang},
        Outcome.ACCEPT_CHANGED: {"accepted_satang": item.budget_satang // 2, "changes": "ลดจำนวนลงครึ่งหนึ่ง"},
        Outcome.MERGE_WITH: {"merge_into_item_id": item.id},
        Outcome.REFER: {"agency": "สำนักการระบายน้ำ"},
        Outcome.DEFER: {"defer_to_year": 2572},
    }
    made = Decision(
        **{
            "case_id": case.id,
            "outcome": outcome,
            "reason_code": "fits" if outcome is Outcome.ACCEPT else "other",
            "reason": "ตรงตามภารกิจของสำนักงานเขตและคุ้มค่ากับงบประมาณ",
            "proposed_by": (proposer or accounts.person()).id,
            "proposed_at": now - timedelta(days=5),
            **details.get(outcome, {}),
            **given,
        }
    )
    if confirmer is not None:
        made.confirmed_by, made.confirmed_at = confirmer.id, now - timedelta(days=4)
    session.add(made)
    session.flush()
    return made


def decided(item: Item, outcome: Outcome = Outcome.ACCEPT, *, released=True, final=True, **given) -> Case:
    """The case of an item with a confirmed decision. ``released`` and not ``final``: the appeal window is open."""
    confirmer = given.pop("confirmer", None) or accounts.person()
    proposer = given.pop("proposer", None)
    details = {
        name: given.pop(name) for name in list(given) if hasattr(Decision, name) and not hasattr(Case, name)
    }
    made = case(item, CaseState.MERIT_CHECK, **given)
    made.decision_id = decision(made, outcome, proposer=proposer, confirmer=confirmer, **details).id
    made.state = CaseState.CONFIRMED
    if released:
        now = clock.now()
        made.released_at = now - timedelta(days=30 if final else 1)
        made.appeals_until = now - timedelta(days=10) if final else now + timedelta(days=14)
    db.session().flush()
    return made


def appeal(case: Case, *, filer, proposer=None, state: CaseState = CaseState.APPEALED) -> Appeal:
    """The appeal against a released decision, as far as ``state`` says; confirmed means changed to acceptance."""
    session = db.session()
    made = Appeal(
        case_id=case.id,
        grounds="ชุมชนมีเอกสารยืนยันสิทธิการใช้ที่ดินแล้ว",
        filed_by=filer.id,
        filed_at=clock.now() - timedelta(days=1),
        first_decision_id=case.decision_id,
    )
    session.add(made)
    session.flush()
    if state is CaseState.APPEAL_PROPOSED:
        decision(case, proposer=proposer, appeal_id=made.id)
    elif state is CaseState.APPEAL_CONFIRMED:
        chosen = decision(case, proposer=proposer, confirmer=accounts.person(), appeal_id=made.id)
        made.decision_id, made.decided_at, made.outcome = (
            chosen.id,
            chosen.confirmed_at,
            AppealOutcome.CHANGED,
        )
    session.flush()
    return made


def _pause(case: Case) -> dict[str, object]:
    return {
        "case_id": case.id,
        "request": "ขอให้แนบใบเสนอราคาเพิ่ม",
        "due_on": clock.today() + timedelta(days=7),
        "clock_due_on": case.due_on,
        "back_to": CaseState.MERIT_CHECK,
        "asked_by": accounts.person().id,
        "asked_at": clock.now() - timedelta(days=1),
    }


def answer(
    case: Case, criterion: str, actor: Actor, answer: Answer = Answer.MET, reason: str = ""
) -> CardAnswer:
    """One line of the card."""
    made = CardAnswer(
        case_id=case.id,
        criterion=criterion,
        answer=answer,
        reason=reason,
        answered_by=actor.id,
        answered_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    return made
