"""Asking for a place, giving it, taking it back."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.observation import policy, queries, words
from portal.observation.commands import reminding
from portal.observation.models import Declaration, Signup, SignupState
from portal.observation.workflow import CANCEL, CONFIRM, DECLINE, SEATED, SIGNUPS
from portal.procurement.models import Process, Step


def record(actor: Actor, event: str, signup: Signup, process: Process, note: str = "") -> None:
    """What became of a sign-up, in the ledger."""
    ledger.record(
        event,
        actor,
        "observer_signup",
        signup.id,
        district_id=process.district_id,
        changes={"step_id": signup.step_id, "process_id": process.id, "state": signup.state.value},
        note=note,
    )


def sign_up(actor: Actor, step_id: int, *, has_no_interest: bool) -> Signup:
    """Ask for a place at a step. While places are free the office is asked to confirm; after that one waits in line.

    The declaration is kept in the words and the language it is signed in (:data:`words.DECLARATION`). Asking twice is
    asking once; after giving up one asks again at the end of the line. Raises NotAllowed for visitors and for officers
    of procurement there, WrongState when the step takes no observers now, Invalid without the declaration.
    """
    step, process = queries.step_held(step_id)
    if not policy.can_sign_up(actor, process.district_id) or actor.id is None:
        raise NotAllowed(_l("People who work on procurement here cannot observe it."))
    if not queries.is_sign_up_open(process, step):
        raise WrongState(
            _l("This step is not open to observers now: it has no date yet, is over, or is closed to them."),
            way_on=("observation.process", {"process_id": process.id}, _l("See the other steps")),
        )
    if not has_no_interest:
        raise Invalid({"has_no_interest": _l("Only people without a personal interest can observe.")})
    signup = db.session().scalar(
        sa.select(Signup).where(Signup.step_id == step_id, Signup.person_id == actor.id)
    )
    if signup is not None and signup.state is not SignupState.CANCELLED:
        return signup
    fill_places(actor, step, process)
    state = SignupState.ASKED if queries.taken(step_id) < step.observer_places else SignupState.WAITING
    if signup is None:
        signup = Signup(
            step_id=step_id, district_id=process.district_id, person_id=actor.id, has_no_interest=True
        )
        db.session().add(signup)
    signup.state, signup.asked_at, signup.reason = state, clock.now(), ""
    signup.decided_by = signup.decided_at = None
    signup.told_meets_at, signup.told_place = step.meets_at, step.place
    db.session().flush()
    db.session().add(
        Declaration(
            signup_id=signup.id,
            person_id=actor.id,
            text=str(words.DECLARATION),
            language=language(),
            signed_at=clock.now(),
        )
    )
    notifications.follow_for([actor.id], process.topic_id)
    record(actor, "observer.asked", signup, process)
    if state is SignupState.ASKED:
        tell_office(actor, "observation.asked", process, f"{step.id}:{clock.today().isoformat()}")
    return signup


def tell_office(actor: Actor, event: str, process: Process, key: str) -> None:
    """Tell the officers who look after observers in the process's district."""
    notifications.tell(
        event,
        topic_id=process.topic_id,
        person_ids=accounts.officers_with(Permission.OBSERVER_CONFIRM, process.district_id),
        dedupe_key=f"{event}:{key}",
        except_person=actor.id,
    )


def tell_observer(actor: Actor, event: str, signup: Signup, process: Process, **params: str) -> None:
    """Tell the one who signed up, once for each time of asking and each time and place of the meeting."""
    met = signup.told_meets_at.isoformat() if signup.told_meets_at else ""
    notifications.tell(
        event,
        topic_id=process.topic_id,
        person_ids=[signup.person_id],
        params=params,
        dedupe_key=f"{event}:{signup.id}:{signup.asked_at.isoformat()}:{met}:{signup.told_place[:60]}",
        except_person=actor.id,
    )


def fill_places(actor: Actor, step: Step, process: Process) -> None:
    """Whoever waited longest moves up while places are free and the step is to come. The caller holds the step."""
    free = step.observer_places - queries.taken(step.id)
    if free <= 0 or not queries.is_sign_up_open(process, step):
        return
    first = db.session().scalars(
        sa.select(Signup)
        .where(Signup.step_id == step.id, Signup.state == SignupState.WAITING)
        .order_by(Signup.asked_at, Signup.id)
        .limit(free)
    )
    for signup in first.all():
        signup.state = SignupState.ASKED
        db.session().flush()
        tell_observer(actor, "observation.moved_up", signup, process)


def _refuse_without_place(step: Step) -> None:
    if step.meets_at is None or not step.place:
        raise WrongState(
            _l("Set the time and the place of the step first: the observer must know where to come."),
            way_on=("procurement.plan_step", {"step_id": step.id}, _l("Plan the step")),
        )


def _given(step_id: int) -> int:
    """Places that are given for good."""
    given = sa.select(sa.func.count()).where(
        Signup.step_id == step_id, Signup.state.in_(SEATED), Signup.state != SignupState.ASKED
    )
    return db.session().scalar(given) or 0


def confirm_signup(actor: Actor, signup: Signup) -> None:
    """Give the place; time and place of the step must be set. The observer is told, and once more on the morning of the
    day before. Raises NotAllowed, WrongState."""
    signup, step, process = queries.signup_held(signup)
    _refuse_without_place(step)
    if _given(step.id) >= step.observer_places:
        raise WrongState(
            _l("All places for this step are taken."), way_on=("observation.desk", {}, _l("See the desk"))
        )
    _confirm(actor, signup, step, process)


def _confirm(actor: Actor, signup: Signup, step: Step, process: Process) -> None:
    SIGNUPS.advance(signup, CONFIRM, actor)
    signup.decided_by, signup.decided_at = actor.id, clock.now()
    signup.told_meets_at, signup.told_place = step.meets_at, step.place
    db.session().flush()
    record(actor, "observer.confirmed", signup, process)
    tell_observer(actor, "observation.confirmed", signup, process, **words.meeting(step.meets_at, step.place))
    reminding.remind_observer(actor, signup)


def confirm_all(actor: Actor, step_id: int) -> int:
    """Give a place to everybody who asked for one at a step, first come first, as far as places go; returns to how many.
    Raises NotFound, NotAllowed, WrongState without time and place."""
    step, process = queries.step_held(step_id)
    if not policy.can_answer(actor, process.district_id):
        raise NotAllowed(_l("You may not do this here."))
    _refuse_without_place(step)
    left = max(0, step.observer_places - _given(step_id))
    asked = db.session().scalars(
        sa.select(Signup)
        .where(Signup.step_id == step_id, Signup.state == SignupState.ASKED, Signup.person_id != actor.id)
        .order_by(Signup.asked_at, Signup.id)
        .limit(left)
        .execution_options(populate_existing=True)
    )
    found = asked.all()
    for signup in found:
        _confirm(actor, signup, step, process)
    return len(found)


def decline_signup(actor: Actor, signup: Signup, reason: str) -> None:
    """Refuse a place, with a reason for the resident; whoever waited longest moves up. Raises NotAllowed, WrongState,
    Invalid."""
    signup, step, process = queries.signup_held(signup)
    why = reason.strip()
    if not why:
        raise Invalid({"reason": _l("This must be filled in.")})
    SIGNUPS.advance(signup, DECLINE, actor)
    signup.decided_by, signup.decided_at, signup.reason = actor.id, clock.now(), why
    db.session().flush()
    record(actor, "observer.declined", signup, process, why)
    tell_observer(actor, "observation.declined", signup, process, reason=why[:500])
    fill_places(actor, step, process)


def cancel_signup(actor: Actor, signup: Signup) -> None:
    """Give up one's place before the meeting begins; whoever waited longest moves up. Raises NotAllowed, WrongState."""
    signup, step, process = queries.signup_held(signup)
    if policy.can_cancel(actor, signup) and step.meets_at is not None and clock.now() >= step.meets_at:
        raise WrongState(
            _l("The meeting has started: a place can only be given up before it starts."),
            way_on=("observation.mine", {}, _l("See my observations")),
        )
    was_confirmed = signup.state is SignupState.CONFIRMED
    SIGNUPS.advance(signup, CANCEL, actor)
    db.session().flush()
    record(actor, "observer.cancelled", signup, process)
    if was_confirmed:
        tell_office(actor, "observation.withdrew", process, f"{signup.id}:{signup.asked_at.isoformat()}")
    fill_places(actor, step, process)
