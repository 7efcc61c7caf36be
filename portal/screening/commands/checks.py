"""The card, and asking others: the community for a correction, another agency for its word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import Invalid, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.outbox import insert_ignoring
from portal.plans import commands as plans
from portal.screening import deadlines, queries
from portal.screening.commands.holding import (
    end_wait,
    hold_case,
    item_of,
    require_version,
    tell_people,
    working_days,
    write_down,
)
from portal.screening.models import Answer, CardAnswer, Case, CaseState, Correction, Referral
from portal.screening.policy import Docket
from portal.screening.workflow import CASE, CHECKS
from portal.strategy import queries as strategy

LONGEST_WAIT_DAYS = 90
_CARD = CardAnswer.__table__


def answer_card(
    actor: Actor,
    case: Case,
    answers: Mapping[str, tuple[Answer, str]],
    *,
    expected_version: int | None = None,
) -> Case:
    """Write lines of the card: criterion → (answer, reason). A reason is mandatory unless the criterion is met.

    The first answer begins the formal check; until it is finished only formal criteria are answered. Raises Conflict
    when somebody wrote since ``expected_version``, Invalid (``reason_<key>``) without a reason.
    """
    held = hold_case(actor, case)
    require_version(actor, held, expected_version)
    _require_check(actor, held)
    rules = queries.criteria_of(held.case.edition_id)
    group = {"formal", "merit"} if held.state is CaseState.MERIT_CHECK else {"formal"}
    known = {one.key for one in rules.criteria if one.group in group}
    if not answers.keys() <= known:
        raise Invalid(_l("The merit check begins when the formal check is passed."))
    wrong: dict[str, object] = {
        f"reason_{key}": _l("Give the reason.")
        for key, (answer, reason) in answers.items()
        if answer is not Answer.MET and not reason.strip()
    }
    if wrong:
        raise Invalid(wrong)
    _begin(actor, held)
    _keep_answers(actor, held, answers)
    write_down(
        actor,
        held,
        "screening.card_answered",
        changes={key: answer.value for key, (answer, _reason) in answers.items()},
    )
    return held.case


def _keep_answers(actor: Actor, held: Docket, answers: Mapping[str, tuple[Answer, str]]) -> None:
    before = queries.card_of(held.case.id)
    for key, (answer, reason) in answers.items():
        said = {"answer": answer, "reason": reason.strip()}
        if key in before and (before[key].answer, before[key].reason) == (answer, reason.strip()):
            continue
        signed = {**said, "answered_by": actor.id, "answered_at": clock.now()}
        own = sa.and_(CardAnswer.case_id == held.case.id, CardAnswer.criterion == key)
        if key in before:
            db.session().execute(sa.update(CardAnswer).where(own).values(**signed))
        else:
            db.session().execute(insert_ignoring(_CARD).values(case_id=held.case.id, criterion=key, **signed))


def choose_node(actor: Actor, case: Case, which: str, node_id: int | None) -> Case:
    """Say which node of the area's (``which`` "area") or the city's ("city") published strategy the item serves."""
    held = hold_case(actor, case)
    _require_check(actor, held)
    own = None if which == "city" else held.case.district_id
    if node_id is not None and not strategy.is_line_of(node_id, own):
        raise Invalid({"node_id": _l("Choose a line of the strategy.")})
    _begin(actor, held)
    setattr(held.case, f"{which}_node_id", node_id)
    write_down(actor, held, "screening.node_chosen", changes={"strategy": which, "node_id": node_id})
    return held.case


def finish_formal(actor: Actor, case: Case, *, expected_version: int | None = None) -> Case:
    """The formal check is passed: every formal criterion answered and none failed. Else Invalid."""
    held = hold_case(actor, case)
    require_version(actor, held, expected_version)
    if held.state is CaseState.FORMAL_CHECK:
        formal = [one for one in queries.criteria_of(held.case.edition_id).criteria if one.group == "formal"]
        card = queries.card_of(held.case.id)
        if any(one.key not in card for one in formal):
            raise Invalid(_l("Answer every line of the formal check first."))
        if any(card[one.key].answer is Answer.NOT_MET for one in formal):
            raise Invalid(
                _l("A formal line is not met: ask the community to correct it, or propose a decision now.")
            )
    CASE.advance(held, "finish_formal", actor)
    write_down(actor, held, "screening.formal_finished")
    return held.case


def ask_correction(actor: Actor, case: Case, request: str, due_on: dt.date) -> Correction:
    """Ask the community to correct this item by a day; the clock pauses. Needs a line of the card that is not met and
    that the rules call correctable."""
    held = hold_case(actor, case)
    back_to = held.state
    CASE.check(held, "ask_correction", actor)
    card = queries.card_of(held.case.id)
    failed = (key for key, line in card.items() if line.answer is Answer.NOT_MET)
    correctable = {
        one.key for one in queries.criteria_of(held.case.edition_id).criteria if one.is_correctable
    }
    if not correctable & set(failed):
        raise Invalid(_l("First mark which line of the card is not met and can be corrected."))
    pause = _pause(actor, held, request, due_on, back_to)
    CASE.advance(held, "ask_correction", actor)
    asked = Correction(**pause)
    db.session().add(asked)
    plans.reopen_item_for_correction(actor, item_of(actor, held), request, due_on)
    write_down(
        actor, held, "screening.correction_asked", changes={"due_on": due_on.isoformat()}, note=request
    )
    return asked


def answer_correction(actor: Actor, case: Case, text: str) -> Case:
    """A leader says that the item is corrected, and how. After the due day: WrongState, it goes on as it stands."""
    held = hold_case(actor, case)
    if held.state is not CaseState.NEEDS_CORRECTION:
        raise WrongState(
            _l("The correction is no longer needed: the date has passed, or someone has answered."),
            way_on=("dossier.show", {"item_id": held.case.item_id}, _l("See where the item stands")),
        )
    CASE.check(held, "answer_correction", actor)
    if not text.strip():
        raise Invalid({"answer": _l("Say what you have corrected.")})
    CASE.advance(held, "answer_correction", actor)
    asker = end_wait(actor, held, at=clock.now(), answer=text.strip())
    write_down(actor, held, "screening.correction_answered", note=text)
    people = [person for person in {held.case.assigned_to, asker} if person is not None]
    tell_people(actor, held, "screening.correction_answered", people, clock.now().isoformat())
    return held.case


def ask_agency(actor: Actor, case: Case, agency: str, request: str, due_on: dt.date) -> Referral:
    """Note a question to another agency about this item, to be answered by a day; the clock pauses."""
    held = hold_case(actor, case)
    back_to = held.state
    CASE.check(held, "ask_agency", actor)
    if not agency.strip():
        raise Invalid({"agency": _l("Name the agency.")})
    asked = Referral(agency=agency.strip(), **_pause(actor, held, request, due_on, back_to))
    CASE.advance(held, "ask_agency", actor)
    db.session().add(asked)
    write_down(
        actor,
        held,
        "screening.agency_asked",
        changes={"agency": agency, "due_on": due_on.isoformat()},
        note=request,
    )
    return asked


def note_reply(actor: Actor, case: Case, answer: str) -> Case:
    """Enter what the agency answered; the case goes on where it was."""
    held = hold_case(actor, case)
    CASE.check(held, "note_reply", actor)
    if not answer.strip():
        raise Invalid({"answer": _l("Write what the agency answered.")})
    CASE.advance(held, "note_reply", actor)
    end_wait(actor, held, at=clock.now(), answer=answer.strip())
    write_down(actor, held, "screening.reply_noted", note=answer)
    return held.case


def _require_check(actor: Actor, held: Docket) -> None:
    """The card is open to this actor: before or during one of the checks."""
    if held.state is CaseState.WAITING:
        CASE.check(held, "begin", actor)
        return
    if held.state not in CHECKS:
        raise WrongState(
            _l("The card of this item is closed."),
            way_on=("screening.show", {"case_id": held.case.id}, _l("See it as it stands now")),
        )
    # Every move out of a check asks the same policy: one of them stands for all.
    CASE.check(held, "propose", actor)


def _begin(actor: Actor, held: Docket) -> None:
    if held.state is CaseState.WAITING:
        CASE.advance(held, "begin", actor)


def _pause(
    actor: Actor, held: Docket, request: str, due_on: dt.date, back_to: CaseState
) -> dict[str, object]:
    today = clock.today()
    if not request.strip():
        raise Invalid({"request": _l("Say what is asked for.")})
    if not today < due_on <= today + dt.timedelta(days=LONGEST_WAIT_DAYS):
        raise Invalid({"due_on": _l("The due date must be in the future, at most 90 days from now.")})
    case, before = held.case, held.case.due_on
    days = working_days(actor, today, due_on, before)
    case.due_on = deadlines.paused_due_on(days, before, today, due_on)
    return {
        "case_id": case.id,
        "request": request.strip(),
        "due_on": due_on,
        "clock_due_on": before,
        "back_to": back_to,
        "asked_by": actor.id,
        "asked_at": clock.now(),
    }
