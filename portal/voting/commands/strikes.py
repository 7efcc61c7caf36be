"""Striking somebody from the roll, their objection, and its answer by somebody else."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.core import clock, db, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.voting import policy, queries, rollkeys
from portal.voting.commands.roll import hold_round_of_roll
from portal.voting.models import Area, AreaKind, RollEntry, RollStrike, Round, Stage
from portal.voting.queries import ballots


def strike(actor: Actor, round_id: int, number: str, reason: str) -> RollStrike:
    """The registry strikes the person of this citizen's number, with a reason they are told. Only before anybody can
    vote: of a ballot that is cast nobody knows whose it is. Raises Invalid by field, WrongState, NotAllowed."""
    round_ = hold_round_of_roll(actor, round_id)
    ballots.hold_board(round_id)  # nobody votes from here to the end of this transaction
    if round_.is_open(clock.now()) or round_.stage(clock.now()) not in (Stage.PLANNED, Stage.OPEN):
        raise WrongState(_l("Voting has begun: nobody can be removed from the roll any more."))
    digits = rollkeys.citizen_number(number)
    if digits is None:
        raise Invalid({"number": _l("These are not the 13 digits of an identity card.")})
    if not reason.strip():
        raise Invalid({"reason": _l("Say why, so that the person can correct it.")})
    key = rollkeys.person_key(round_id, digits)
    held = sa.select(RollEntry).where(RollEntry.round_id == round_id, RollEntry.person_key == key)
    entry = db.session().scalars(held.with_for_update()).first()
    if (
        entry is None
        or entry.struck_at is not None
        or not actor.may(Permission.ROLL_KEEP, district_id=entry.district_id)
    ):
        raise Invalid({"number": _l("Nobody with this number is on your roll.")})
    if entry.person_id == actor.id:
        raise NotAllowed(_l("The registry of the district decides, and nobody decides about themselves."))
    now = clock.now()
    made = RollStrike(
        round_id=round_id,
        roll_entry_id=entry.id,
        reason=reason.strip(),
        struck_by=actor.id,
        struck_at=now,
        objection="",
        answer="",
    )
    db.session().add(made)
    db.session().flush()  # a locked roll lets a row be struck, and put back, for what is on record alone
    entry.struck_at, entry.struck_reason = now, reason.strip()
    _recount(round_, entry.area_id)
    ledger.record("roll.struck", actor, "round", round_id, district_id=entry.district_id)
    _tell(actor, made, entry, round_, "voting.struck", reason=reason.strip())
    return made


def object_to_strike(actor: Actor, round_: Round, objection: str) -> RollStrike:
    """Whoever voted for the row says why it must come back; once, until the close. Raises WrongState, Invalid."""
    found = queries.strike_of(actor, round_)
    made = db.get_for_update(RollStrike, found.id) if found is not None else None
    if (
        made is None
        or made.objected_at is not None
        or round_.stage(clock.now()) not in (Stage.PLANNED, Stage.OPEN)
    ):
        raise WrongState(_l("There is nothing left to object to. The page shows the current state."))
    if not objection.strip():
        raise Invalid({"objection": _l("Say in a sentence or two why you belong on the roll.")})
    made.objection, made.objected_at = objection.strip(), clock.now()
    entry = db.session().get_one(RollEntry, made.roll_entry_id)
    ledger.record("roll.objected", actor, "round", round_.id, district_id=entry.district_id)
    notifications.tell(
        "voting.objection",
        topic_id=round_.topic_id,
        person_ids=people.officers_with(Permission.ROUND_CONFIRM, entry.district_id),
        params={"title": round_.title},
        dedupe_key=f"voting.objection:{made.id}",
        except_person=actor.id,
    )
    return made


def answer_objection(actor: Actor, strike_id: int, answer: str, *, restore: bool) -> None:
    """Somebody other than who struck puts the row back, until the close, or says why not. Raises NotFound, NotAllowed,
    WrongState, Invalid."""
    peeked = db.session().get(RollStrike, strike_id)
    round_ = db.get_for_update(Round, peeked.round_id) if peeked else None  # the round first, as everywhere
    made = db.get_for_update(RollStrike, strike_id)
    entry = db.get_for_update(RollEntry, made.roll_entry_id) if made else None
    if round_ is None or made is None or entry is None:
        raise NotFound
    if not policy.can_answer_objection(actor, round_, made, entry):
        raise NotAllowed(_l("Someone else decides, who did not make the removal and is not involved."))
    if made.objected_at is None or made.decided_at is not None:
        raise WrongState(_l("No objections are waiting here."))
    if restore and round_.stage(clock.now()) not in (Stage.PLANNED, Stage.OPEN):
        raise WrongState(_l("Voting has ended: nobody can be put back on the roll any more."))
    if not answer.strip():
        raise Invalid({"answer": _l("Say why: the person can read it.")})
    made.is_restored, made.answer = restore, answer.strip()
    made.decided_by, made.decided_at = actor.id, clock.now()
    db.session().flush()
    if restore:
        entry.struck_at, entry.struck_reason = None, ""
        if round_.roll_locked_at is not None and entry.area_id is None:
            entry.area_id = _largest_area(round_.id)
        _recount(round_, entry.area_id)
    ledger.record(
        "roll.restored" if restore else "roll.stays_struck",
        actor,
        "round",
        round_.id,
        district_id=entry.district_id,
    )
    event = "voting.restored" if restore else "voting.stays_struck"
    _tell(actor, made, entry, round_, event, reason=answer.strip())


def _largest_area(round_id: int) -> int | None:
    """The widest area of a locked roll: whoever comes back alone from a place must not be told apart there."""
    width = sa.case(
        {AreaKind.CITY: 0, AreaKind.DISTRICT: 1, AreaKind.SUBDISTRICT: 2}, value=Area.kind, else_=3
    )
    statement = sa.select(Area.id).where(Area.round_id == round_id).order_by(width, Area.roll_count.desc())
    return db.session().scalars(statement.limit(1)).first()


def _tell(
    actor: Actor, made: RollStrike, entry: RollEntry, round_: Round, event: str, *, reason: str
) -> None:
    if entry.person_id is None:
        return
    notifications.tell(
        event,
        topic_id=round_.topic_id,
        person_ids=[entry.person_id],
        params={"title": round_.title, "reason": reason},
        dedupe_key=f"{event}:{made.id}",
        except_person=actor.id,
    )


def _recount(round_: Round, area_id: int | None) -> None:
    """Who was struck from a locked roll, or came back onto it, changes its numbers: of the round, and of this area. The
    caller holds the round."""
    if round_.roll_locked_at is None:
        return
    db.session().flush()
    on_roll = sa.select(sa.func.count()).select_from(RollEntry).where(RollEntry.struck_at.is_(None))
    round_.roll_count = db.session().scalar(on_roll.where(RollEntry.round_id == round_.id))
    area = db.session().get(Area, area_id) if area_id is not None else None
    if area is not None:
        area.roll_count = db.session().scalar(on_roll.where(RollEntry.area_id == area_id)) or 0
    db.session().flush()
