"""Who came: by the sign at the door, or noted by an officer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.observation import doors, policy, queries
from portal.observation.commands.places import record
from portal.observation.doors import Door
from portal.observation.models import Arrival, Report, Signup, SignupState
from portal.observation.workflow import ARRIVE, ATTEND, MISS, SIGNUPS

WayOn = tuple[str, dict[str, Any], object]
_MINE: WayOn = ("observation.mine", {}, _l("See my observations"))
_DESK: WayOn = ("observation.desk", {}, _l("See the desk"))


def check_in(actor: Actor, step_id: int, code: str, door: Door) -> Signup:
    """An observer says by the sign at the door that they are there. Doing it twice is doing it once.

    Raises NotFound, NotAllowed for somebody without a confirmed place, WrongState before and after the hours of the
    door, Invalid for a code that is not, or no longer, that of this door.
    """
    step, process = queries.step_held(step_id)
    signup = db.session().scalar(
        sa.select(Signup)
        .where(Signup.step_id == step_id, Signup.person_id == actor.id)
        .execution_options(populate_existing=True)
    )
    if signup is None or actor.id is None:
        raise NotAllowed(_l("You have no confirmed place here. Ask the officer at the door."))
    if signup.state is SignupState.ATTENDED:
        return signup
    if signup.state is not SignupState.CONFIRMED:
        raise WrongState(_l("You have no confirmed place here. Ask the officer at the door."), way_on=_MINE)
    if step.meets_at is None or not doors.is_open(step.meets_at, clock.now()):
        raise WrongState(
            _l("You can check in from one hour before the meeting until four hours after it starts."),
            way_on=_MINE,
        )
    if not door.knows(code, step_id, step.meets_at, clock.now()):
        raise Invalid(
            {
                "code": _l(
                    "This is not the code at the door now. Scan it again, or type the one you see there."
                )
            }
        )
    SIGNUPS.advance(signup, ARRIVE, actor)
    signup.arrived_at, signup.arrived_by = clock.now(), Arrival.DOOR
    record(actor, "observer.checked_in", signup, process)
    return signup


def tick_by_code(actor: Actor, step_id: int, code: str, door: Door) -> Signup:
    """An officer notes by an observer's own code that they came. Raises NotFound, NotAllowed, WrongState as
    :func:`record_attendance`, Invalid for a code of nobody with a place here."""
    step, process = queries.step_held(step_id)
    if not policy.can_answer(actor, process.district_id):
        raise NotAllowed(_l("You may not do this here."))
    places = db.session().scalars(
        sa.select(Signup).where(
            Signup.step_id == step.id,
            Signup.state.in_((SignupState.CONFIRMED, SignupState.ATTENDED, SignupState.ABSENT)),
        )
    )
    found = next((one for one in places if door.is_own_code(code, one.id)), None)
    if found is None:
        raise Invalid({"code": _l("Nobody with a confirmed place here has this code.")})
    if found.state is not SignupState.ATTENDED:
        record_attendance(actor, found, is_present=True)
    return found


def record_attendance(actor: Actor, signup: Signup, *, is_present: bool) -> None:
    """Say whether a confirmed observer came, from the hour before the meeting for who came, from its beginning for who
    did not; can be put right until there is a report. Raises NotAllowed, WrongState."""
    signup, step, process = queries.signup_held(signup)
    begins = step.meets_at or (clock.at(step.planned_on) if step.planned_on else None)
    opens = begins - doors.OPENS_BEFORE if begins is not None and is_present else begins
    if opens is None or clock.now() < opens:
        raise WrongState(_l("Attendance is recorded once the meeting has begun."), way_on=_DESK)
    if db.session().scalar(sa.select(Report.id).where(Report.signup_id == signup.id).limit(1)) is not None:
        raise WrongState(_l("This observer has reported already."), way_on=_DESK)
    SIGNUPS.advance(signup, ATTEND if is_present else MISS, actor)
    signup.decided_by, signup.decided_at = actor.id, clock.now()
    signup.arrived_at = clock.now() if is_present else None
    signup.arrived_by = Arrival.OFFICER if is_present else None
    record(actor, "observer.attended" if is_present else "observer.absent", signup, process)
