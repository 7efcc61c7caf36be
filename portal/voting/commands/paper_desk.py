"""The desk hands out ballots of paper. What names a person and what a ballot leaves behind are written in transactions of
their own, with a gap between them (``portal.voting.commands.ballots``)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.voting import policy
from portal.voting.commands import ballots
from portal.voting.models import PaperHandout, RollEntry, Round, RoundState
from portal.voting.queries import paper


def hand_out(actor: Actor, round_id: int, number: str) -> Any:
    """Hand a sheet to the person of this number, once: the ballot on the web, if there is one, is set aside and none can be
    cast there. No transaction may be open. Returns the row of the roll (area_th, area_en).

    The web is closed to the person first: whatever breaks off in between, nobody votes twice, and handing out again
    ends it. It is closed once more in the end, in case the sheet before was being taken back meanwhile. Raises NotFound,
    NotAllowed, WrongState, Invalid, Conflict for a second sheet, KeeperAway."""
    with db.transaction("read"):
        row = _person(actor, _round(actor, round_id), number)
    if row.handed_on is not None:
        raise _taken()
    with _Apart(), db.transaction():
        _hold(actor, round_id)
        ballots.set_aside_for_paper(round_id, row.entry_id)
    with db.transaction() as session:
        round_ = db.get_for_update(Round, round_id)  # begun in time, so it is ended
        if round_ is None:
            raise NotFound
        if round_.state is not RoundState.PUBLISHED:
            raise WrongState(_l("The board has been closed in the meantime: no more sheets are handed out."))
        made = PaperHandout(
            round_id=round_id,
            area_id=row.area_id,
            roll_entry_id=row.entry_id,
            handed_on=clock.today(),
            handed_by=actor.id,
        )
        with db.refusing_duplicates(_taken()):
            session.add(made)
        _note_on_roll(row.entry_id, paper_on=clock.today())
        _tell(row.entry_id, round_, made)
        ledger.record("paper.handed_out", actor, "round", round_id, district_id=round_.district_id)
    with _Apart(), db.transaction():
        round_ = db.get_for_update(Round, round_id)
        if round_ is not None and round_.state is RoundState.PUBLISHED and _has_sheet(row.entry_id):
            ballots.set_aside_for_paper(round_id, row.entry_id)
    return row


def take_back(actor: Actor, round_id: int, number: str, reason: str) -> None:
    """A sheet comes back unused on the day it was handed out. The person may take another or vote on the web; a ballot cast
    there before stays set aside. Raises as :func:`hand_out`."""
    if not reason.strip():
        raise Invalid({"reason": _l("Say why the sheet came back: how many came back is published.")})
    with db.transaction() as session:
        round_ = _hold(actor, round_id)
        row = _person(actor, round_, number)
        given = session.scalars(
            sa.select(PaperHandout)
            .where(PaperHandout.roll_entry_id == row.entry_id, PaperHandout.returned_on.is_(None))
            .with_for_update()
        ).first()
        if given is None:
            raise WrongState(_l("This person has no paper ballot."))
        if given.handed_on != clock.today():
            raise WrongState(_l("A sheet comes back on the day it was handed out, not later."))
        given.returned_on, given.returned_by = clock.today(), actor.id
        given.return_reason = reason.strip()
        _note_on_roll(row.entry_id, paper_on=None)
        ledger.record(
            "paper.taken_back", actor, "round", round_id, district_id=round_.district_id, note=reason.strip()
        )
    with _Apart(), db.transaction():
        _hold(actor, round_id)
        if not _has_sheet(row.entry_id):  # handed out again meanwhile
            ballots.back_from_paper(round_id, row.entry_id)


def exchange(actor: Actor, round_id: int, number: str) -> None:
    """A spoiled sheet is struck through, kept at the desk, and replaced. Raises as :func:`hand_out`."""
    with db.transaction() as session:
        round_ = _hold(actor, round_id)
        row = _person(actor, round_, number)
        changed = session.scalar(
            sa.update(PaperHandout)
            .where(
                PaperHandout.roll_entry_id == row.entry_id,
                PaperHandout.returned_on.is_(None),
                PaperHandout.exchanged < 9,
            )
            .values(exchanged=PaperHandout.exchanged + 1)
            .returning(PaperHandout.id)
        )
        if changed is None:
            raise WrongState(_l("This person has no paper ballot."))
        ledger.record("paper.exchanged", actor, "round", round_id, district_id=round_.district_id)


class _Apart:
    """What a ballot leaves behind stands far from every row before and after it."""

    def __enter__(self) -> None:
        ballots.leave_a_gap()

    def __exit__(self, *_failure: object) -> None:
        ballots.leave_a_gap()


def _person(actor: Actor, round_: Round, number: str) -> Any:
    return paper.person_found(actor, round_, number)


def _taken() -> Conflict:
    return Conflict(_l("This person has already taken a paper ballot."))


def _has_sheet(entry_id: int) -> bool:
    given = sa.select(PaperHandout.id).where(
        PaperHandout.roll_entry_id == entry_id, PaperHandout.returned_on.is_(None)
    )
    return db.session().scalar(given) is not None


def _tell(entry_id: int, round_: Round, made: PaperHandout) -> None:
    """The account attached to the row, if there is one, hears of the sheet: whoever did not take it says so in time."""
    db.session().flush()
    person_id = db.session().scalar(sa.select(RollEntry.person_id).where(RollEntry.id == entry_id))
    if person_id is not None:
        notifications.tell(
            "voting.paper_taken",
            topic_id=round_.topic_id,
            person_ids=[person_id],
            params={"title": round_.title},
            dedupe_key=f"voting.paper_taken:{made.id}",
        )


def _note_on_roll(entry_id: int, **values: Any) -> None:
    db.session().execute(
        sa.update(RollEntry)
        .where(RollEntry.id == entry_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _round(actor: Actor, round_id: int) -> Round:
    return _checked(actor, db.session().get(Round, round_id))


def _hold(actor: Actor, round_id: int) -> Round:
    """The round while one votes, held against its closing."""
    return _checked(actor, db.get_for_update(Round, round_id))


def _checked(actor: Actor, round_: Round | None) -> Round:
    if round_ is None or not round_.is_frozen:
        raise NotFound
    if not policy.can_keep_roll(actor, round_):
        raise NotAllowed(_l("The registry of the district keeps the roll."))
    if round_.state is not RoundState.PUBLISHED or not round_.is_open(clock.now()):
        raise WrongState(_l("Paper ballots are handed out while voting is open."))
    return round_
