"""Who may vote: asked for by residents, granted by the registry, one row for one person, no number kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.accounts.models import Person
from portal.core import clock, db, ledger, outbox
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.voting import policy, queries, rollkeys
from portal.voting.models import (
    EntrySource,
    ReminderRequest,
    RequestState,
    RollEntry,
    RollRequest,
    Round,
    RoundState,
    Stage,
)
from portal.voting.queries.roll import Standing, has_account


@dataclass(frozen=True)
class Line:
    """A line of the registry's list: the number off the identity card, the community's name (may be empty), the number
    of a request that it answers (may be empty)."""

    row: int
    number: str
    community: str = ""
    request: str = ""


@dataclass
class Outcome:
    """What a list would do, or did: people who are new, known before, accounts attached; and what is wrong by row."""

    new: int = 0
    known: int = 0
    attached: int = 0
    problems: list[tuple[int, object]] = field(default_factory=list)


def ask_place(actor: Actor, round_: Round) -> RollRequest:
    """Ask the registry of one's district for a place on the roll. Raises WrongState unless one can ask now."""
    place = queries.place_on_roll(actor, round_)
    if place.standing is not Standing.CAN_ASK or actor.id is None:
        raise WrongState(_l("You cannot ask for a place on this roll now. The page says why."))
    named = people.residence_of(actor.id)
    home = people.residency(named.id) if named is not None else None
    if home is None:
        raise NotFound
    asked = RollRequest(
        round_id=round_.id,
        person_id=actor.id,
        district_id=home.district_id,
        community_id=home.community_id,
        asked_at=clock.now(),
    )
    with db.refusing_duplicates(Conflict(_l("You have just asked for this. Look at your page."))):
        db.session().add(asked)
    ledger.record("roll.asked", actor, "round", round_.id, district_id=home.district_id)
    return asked


def grant_place(actor: Actor, request_id: int, number: str) -> RollEntry:
    """The registry found the person: the number off the identity card is hashed, finds or makes the row, and the account
    votes for it. Raises Invalid for a number that cannot be or a row another account votes for; NotAllowed for one's
    own request."""
    asked, round_ = _request(actor, request_id)
    digits = rollkeys.citizen_number(number)
    if digits is None:
        raise Invalid({"number": _l("These are not the 13 digits of an identity card.")})
    entry = _row(actor, round_, digits, asked.district_id, asked.community_id, EntrySource.DESK)
    attach(actor, entry, asked.person_id, "number")
    _decide(actor, asked, RequestState.GRANTED, "")
    _answer(actor, asked, round_, "voting.on_roll")
    return entry


def refuse_place(actor: Actor, request_id: int, reason: str) -> None:
    """The registry did not find the person; the reason is shown to them alone."""
    asked, round_ = _request(actor, request_id)
    if not reason.strip():
        raise Invalid({"reason": _l("Say why, so that the person can correct it.")})
    _decide(actor, asked, RequestState.REFUSED, reason.strip())
    _answer(actor, asked, round_, "voting.not_on_roll", reason=reason.strip())


def take_list(actor: Actor, round_id: int, lines: Iterable[Line], *, is_rehearsal: bool) -> Outcome:
    """The registry's list of verified residents. All or nothing: with one wrong line nothing is written.

    Numbers are hashed while they are read and kept nowhere. Raises NotAllowed, WrongState once the roll is locked."""
    round_ = hold_open_roll(actor, round_id)
    district_id = district_of(actor, round_)
    communities = {row.name: row.id for row in queries.communities_of(district_id)}
    known = set(
        db.session().scalars(sa.select(RollEntry.person_key).where(RollEntry.round_id == round_id)).all()
    )
    waiting = {row.id: row for row in queries.requests(actor, round_, size=None)}
    found, seen, rows = Outcome(), {}, []
    for line in lines:
        digits = rollkeys.citizen_number(line.number)
        name = line.community.removeprefix("ชุมชน").strip()
        request = int(line.request) if line.request.isdecimal() and len(line.request) < 16 else None
        if digits is None:
            found.problems.append((line.row, _l("These are not the 13 digits of an identity card.")))
            continue
        key = rollkeys.person_key(round_id, digits)
        if key in seen:
            found.problems.append((line.row, _l("This person is in the list twice.")))
        elif name and name not in communities and line.community not in communities:
            found.problems.append((line.row, _l("The district has no community with this name.")))
        elif line.request and request not in waiting:
            found.problems.append((line.row, _l("No request with this number is waiting.")))
        else:
            community = communities.get(name) or communities.get(line.community)
            rows.append((key, digits, community, request))
            found.known += key in known
            found.new += key not in known
        seen[key] = line.row
    if found.problems or is_rehearsal:
        return found
    now = clock.now()
    fresh = [
        {
            "round_id": round_id,
            "person_key": key,
            "district_id": district_id,
            "community_id": community,
            "source": EntrySource.LIST,
            "added_by": actor.id,
            "added_at": now,
            "struck_reason": "",
        }
        for key, _digits, community, _request_id in rows
        if key not in known
    ]
    for at in range(0, len(fresh), 500):
        db.session().execute(outbox.insert_ignoring(RollEntry.__table__), fresh[at : at + 500])
    for _key, digits, _community, request in rows:
        if request is not None:
            grant_place(actor, request, digits)
            found.attached += 1
    ledger.record(
        "roll.list_taken", actor, "round", round_id, district_id=district_id, changes={"new": found.new}
    )
    return found


def ask_reminder(actor: Actor, round_: Round) -> None:
    """Be reminded before the close. Only before the booth opens, so that asking tells nothing about voting."""
    if round_.stage(clock.now()) is not Stage.PLANNED or actor.id is None:
        raise WrongState(_l("A reminder can be asked for until voting opens."))
    db.session().execute(
        outbox.insert_ignoring(ReminderRequest.__table__).values(
            round_id=round_.id, person_id=actor.id, asked_at=clock.now()
        )
    )


def send_reminders(actor: Actor, round_id: int) -> int:
    """Remind everybody who asked, whether they have voted or not; each once. Returns how many."""
    round_ = db.session().get_one(Round, round_id)
    waiting = sa.select(ReminderRequest).where(
        ReminderRequest.round_id == round_id, ReminderRequest.sent_at.is_(None)
    )
    found = list(db.session().scalars(waiting.with_for_update()))
    if found:
        notifications.tell(
            "voting.reminder",
            topic_id=round_.topic_id,
            person_ids=[one.person_id for one in found],
            dedupe_key=f"voting.reminder:{round_id}",
        )
        for one in found:
            one.sent_at = clock.now()
        ledger.record("roll.reminded", actor, "round", round_id, district_id=round_.district_id)
    return len(found)


def hold_round_of_roll(
    actor: Actor, round_id: int, *, may: Callable[[Actor, Round], bool] = policy.can_keep_roll
) -> Round:
    """A published round, held against others, for the registry that keeps its roll."""
    round_ = db.get_for_update(Round, round_id)
    if round_ is None or not round_.is_frozen:
        raise NotFound
    if not may(actor, round_):
        if policy.can_keep_roll(actor, round_):
            raise NotAllowed(_l("The roll of the whole city is locked by the officers of its round."))
        raise NotAllowed(_l("The registry of the district keeps the roll."))
    return round_


def hold_open_roll(
    actor: Actor, round_id: int, *, may: Callable[[Actor, Round], bool] = policy.can_keep_roll
) -> Round:
    """The same while people can still be added."""
    round_ = hold_round_of_roll(actor, round_id, may=may)
    if round_.roll_locked_at is not None or round_.state is not RoundState.PUBLISHED:
        raise WrongState(_l("The roll of this round is locked."))
    return round_


def district_of(actor: Actor, round_: Round) -> int:
    """Whose people a list names: the round's district, or in a round of the city the registry's own."""
    if round_.district_id is not None:
        return round_.district_id
    own = actor.districts_where(Permission.ROLL_KEEP) or frozenset()
    if len(own) != 1:
        raise NotAllowed(_l("The registry of the district keeps the roll."))
    return next(iter(own))


def _request(actor: Actor, request_id: int) -> tuple[RollRequest, Round]:
    peeked = db.session().get(RollRequest, request_id)
    round_ = hold_open_roll(actor, peeked.round_id) if peeked else None  # the round first, as everywhere
    asked = db.get_for_update(RollRequest, request_id)
    if round_ is None or asked is None:
        raise NotFound
    if asked.state is not RequestState.ASKED:
        raise WrongState(_l("This request has been decided or taken back in the meantime."))
    if asked.person_id == actor.id:
        raise NotAllowed(_l("The registry of the district decides, and nobody decides about themselves."))
    return asked, round_


def _row(
    actor: Actor,
    round_: Round,
    digits: str,
    district_id: int,
    community_id: int | None,
    source: EntrySource,
) -> RollEntry:
    key = rollkeys.person_key(round_.id, digits)
    db.session().execute(
        outbox.insert_ignoring(RollEntry.__table__).values(
            round_id=round_.id,
            person_key=key,
            district_id=district_id,
            community_id=community_id,
            source=source,
            added_by=actor.id,
            added_at=clock.now(),
            struck_reason="",
        )
    )
    found = sa.select(RollEntry).where(RollEntry.round_id == round_.id, RollEntry.person_key == key)
    return db.session().scalars(found.with_for_update()).one()


def attach(actor: Actor, entry: RollEntry, person_id: int, named: str) -> None:
    """Let this account vote for the row, also in the place of one that was closed: the row, and so its ballot, stays one.
    Raises Invalid when another does, or the account votes for another row."""
    if entry.person_id != person_id and has_account(entry):
        raise Invalid({named: _l("Another account votes for this person already. Ask the district office.")})
    taken = Invalid({named: _l("This account already votes for another row of the roll.")})
    with db.refusing_duplicates(taken):
        entry.person_id, entry.attached_on = person_id, clock.today()
        db.session().add(entry)
    ledger.record("roll.attached", actor, "round", entry.round_id, district_id=entry.district_id)


def _decide(actor: Actor, asked: RollRequest, decided: RequestState, reason: str) -> None:
    asked.state, asked.reason = decided, reason
    asked.decided_by, asked.decided_at = actor.id, clock.now()
    event = "roll.granted" if decided is RequestState.GRANTED else "roll.refused"
    ledger.record(event, actor, "round", asked.round_id, district_id=asked.district_id)


def _answer(actor: Actor, asked: RollRequest, round_: Round, event: str, **more: str) -> None:
    if db.session().get(Person, asked.person_id) is None:
        return
    notifications.tell(
        event,
        topic_id=round_.topic_id,
        person_ids=[asked.person_id],
        params={"title": round_.title, **more},
        dedupe_key=f"{event}:{asked.id}",
        except_person=actor.id,
    )
