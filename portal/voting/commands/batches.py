"""Batches of paper ballots: declared, keyed by two people apart, settled by a third, entered among the ballots."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import policy, sheet, workflow
from portal.voting.commands import ballots
from portal.voting.models import (
    MOST_SHEETS,
    Area,
    BatchState,
    PaperBatch,
    PaperEntry,
    PaperKeying,
    PaperRuling,
    PaperSheet,
    Round,
    RoundState,
    Stage,
    Verdict,
)
from portal.voting.queries import ballots as limits
from portal.voting.queries import batches as queries


def declare_batch(
    actor: Actor, round_id: int, area_code: str, desk: str, declared: int, district_id: int | None = None
) -> PaperBatch:
    """Sheets of one area, mixed, counted and numbered from 1, become a batch; it gets the round's next number. The boxes
    are opened after the close of voting. ``district_id``: whose clerks key it, where the area leaves that open
    (``queries.districts_of_batch``). Raises WrongState, NotAllowed, Invalid."""
    round_ = _hold_round(round_id)
    if not policy.can_enter_paper(actor, round_):
        raise NotAllowed(_l("Paper ballot clerks count the boxes."))
    if round_.state is not RoundState.PUBLISHED or round_.stage(clock.now()) is not Stage.CLOSED:
        raise WrongState(_l("The boxes are opened after the close of voting and before the board is closed."))
    session = db.session()
    area = session.scalar(sa.select(Area.id).where(Area.round_id == round_id, Area.code == area_code))
    wrong: dict[str, object] = {}
    keyers: Sequence[int | None] = [district_id]
    if area is None:
        wrong["area"] = _l("Choose the area that is printed on the sheets.")
    else:
        keyers = queries.districts_of_batch(actor, round_, area)
    if len(keyers) > 1 and district_id not in keyers:
        wrong["district"] = _l("You count in several districts. Say in which of them this box stood.")
    if not desk.strip():
        wrong["desk"] = _l("Write where the box stood.")
    if not 1 <= declared <= MOST_SHEETS:
        wrong["declared"] = _l("A batch holds 1 to 200 sheets. Split a larger pile in two.")
    if wrong:
        raise Invalid(wrong)
    last = session.scalar(sa.select(sa.func.max(PaperBatch.number)).where(PaperBatch.round_id == round_id))
    made = PaperBatch(
        round_id=round_id,
        number=(last or 0) + 1,
        area_id=area,
        district_id=keyers[0] if len(keyers) == 1 else district_id,
        desk=desk.strip(),
        declared=declared,
        declared_by=actor.id,
        declared_at=clock.now(),
        void_reason="",
    )
    session.add(made)
    session.flush()
    _record("paper.declared", actor, made, sheets=declared)
    return made


def begin_keying(actor: Actor, batch_id: int) -> PaperKeying:
    """Begin to key a batch, or go on with one's own, also where somebody else gave it up meanwhile. Two people key it,
    neither sees the other's. Raises Conflict when two others do, WrongState for whoever gave up their own."""
    batch = _hold_open(actor, batch_id)
    if not policy.can_key(actor, batch):
        raise NotAllowed(_l("Paper ballot clerks key the sheets."))
    session = db.session()
    mine = session.scalars(
        sa.select(PaperKeying).where(PaperKeying.batch_id == batch_id, PaperKeying.keyed_by == actor.id)
    ).first()
    if mine is not None and mine.given_up_by == actor.id:
        raise WrongState(_l("You gave this batch up: someone else keys it."))
    if mine is not None and mine.given_up_at is None:
        return mine
    taken = {one.turn for one in queries.keyings(batch_id)}
    both = Conflict(_l("Two other people key this batch."))
    if len(taken) == 2:
        raise both
    made = mine or PaperKeying(batch_id=batch_id, keyed_by=actor.id, begun_at=clock.now())
    with db.refusing_duplicates(both):
        made.turn, made.given_up_at, made.given_up_by = 2 if 1 in taken else 1, None, None
        session.add(made)
    _record("paper.keying_begun", actor, batch)
    return made


def key_sheet(actor: Actor, keying_id: int, number: int, typed: str) -> str:
    """Key one sheet, or key it again; the newest counts and the older stays on record. Returns what was understood. Raises
    Invalid that says what to do, WrongState once one's keying is finished."""
    keying, batch, round_ = _own_keying(actor, keying_id)
    if not 1 <= number <= batch.declared:
        raise Invalid({"sheet": _("This batch has the sheets 1 to %(last)s.", last=batch.declared)})
    keyed = sheet.read(typed, round_.ballot_type.value, queries.numbers_on_paper(round_.id))
    session = db.session()
    newest = session.execute(
        sa.select(PaperEntry.revision, PaperEntry.keyed)
        .where(PaperEntry.keying_id == keying.id, PaperEntry.sheet == number)
        .order_by(PaperEntry.revision.desc())
        .limit(1)
    ).first()
    if newest is None or newest.keyed != keyed:
        revision = newest.revision + 1 if newest else 1
        session.add(PaperEntry(keying_id=keying.id, sheet=number, revision=revision, keyed=keyed))
    return keyed


def finish_keying(actor: Actor, keying_id: int) -> PaperBatch:
    """All sheets are keyed; nothing of it changes any more. Raises Invalid that names the sheets still missing."""
    keying, batch, _round = _own_keying(actor, keying_id)
    there = queries.entries([keying.id])[keying.id]
    left = [str(one) for one in range(1, batch.declared + 1) if one not in there]
    if left:
        raise Invalid(
            _(
                "Not keyed yet: sheets %(numbers)s. Type - for a sheet that is not in the pile.",
                numbers=", ".join(left[:12]),
            )
        )
    keying.finished_at = clock.now()
    _record("paper.keyed", actor, batch, turn=keying.turn)
    return batch


def give_up_keying(actor: Actor, keying_id: int) -> PaperBatch:
    """Let somebody else key this batch: one's own, or an absent colleague's, who goes on if they are back first. What was
    keyed so far counts no more."""
    keying = db.session().get(PaperKeying, keying_id)
    if keying is None:
        raise NotFound
    batch = _hold_open(actor, keying.batch_id)
    held = db.get_for_update(PaperKeying, keying_id)
    if held is None or held.finished_at is not None or held.given_up_at is not None:
        raise WrongState(_l("This keying is finished or was given up."))
    if not policy.can_settle(actor, batch):
        raise NotAllowed(_l("Paper ballot clerks key the sheets."))
    held.given_up_at, held.given_up_by = clock.now(), actor.id
    _record("paper.keying_given_up", actor, batch, turn=held.turn)
    return batch


def settle(actor: Actor, batch_id: int, number: int, typed: str, reason: str) -> None:
    """The third look at a sheet that two people keyed differently, by a third person, with a reason, once. Raises
    NotAllowed for one of the two, WrongState where nothing differs, Conflict, Invalid."""
    batch = _hold_open(actor, batch_id)
    if not policy.can_settle(actor, batch):
        raise NotAllowed(_l("Paper ballot clerks and certifiers take the third look."))
    found = queries.progress(batch)
    keyers = [one.keyed_by for one in found.keyings]
    if number not in {one.sheet for one in found.differences}:
        raise WrongState(_l("Nothing differs on this sheet."))
    if actor.id in keyers:
        raise NotAllowed(_l("You keyed this batch. A third person takes the third look."))
    round_ = db.session().get_one(Round, batch.round_id)
    keyed = sheet.read(typed, round_.ballot_type.value, queries.numbers_on_paper(round_.id))
    if not reason.strip():
        raise Invalid({"reason": _l("Say what you see on the sheet.")})
    with db.refusing_duplicates(Conflict(_l("Someone has just settled this sheet."))):
        db.session().execute(
            sa.insert(PaperRuling).values(
                batch_id=batch_id,
                sheet=number,
                keyed=keyed,
                reason=reason.strip(),
                first_keyer=keyers[0],
                second_keyer=keyers[1],
                decided_by=actor.id,
                decided_at=clock.now(),
            )
        )
    _record("paper.settled", actor, batch, sheet=batch.sheet_number(number))


def enter_batch(actor: Actor, batch_id: int) -> dict[Verdict, int]:
    """Put the valid sheets of a batch that is agreed among the ballots; all sheets are kept with what they are. Returns how
    many are what. Raises WrongState, NotAllowed, KeeperAway."""
    batch = _hold_open(actor, batch_id)
    workflow.BATCHES.check(batch, workflow.ENTER, actor)
    agreed = queries.agreed(batch)
    if agreed is None:
        raise WrongState(
            _l("Two people key every sheet, and a third settles any differences. Then it is entered.")
        )
    session = db.session()
    rules = limits.frozen_limits(batch.round_id, session.get_one(Round, batch.round_id).edition_sha256)
    area = session.get_one(Area, batch.area_id).code
    counts: dict[Verdict, int] = {}
    rows = []
    for number in sorted(agreed):
        verdict, choices = sheet.judge(agreed[number], rules)
        if verdict is Verdict.VALID:
            ballots.enter_paper(batch.round_id, batch.sheet_number(number), area, choices)
        counts[verdict] = counts.get(verdict, 0) + 1
        rows.append({"batch_id": batch.id, "sheet": number, "keyed": agreed[number], "verdict": verdict})
    session.execute(sa.insert(PaperSheet), rows)
    workflow.BATCHES.advance(batch, workflow.ENTER, actor)
    batch.entered_by, batch.entered_at = actor.id, clock.now()
    _record("paper.entered", actor, batch, **{one.value: n for one, n in counts.items()})
    return counts


def void_batch(actor: Actor, batch_id: int, reason: str) -> PaperBatch:
    """The batch was put together wrongly (a sheet too many, the wrong area): its sheets go into another, under other
    numbers. What was keyed stays on record. Raises WrongState, NotAllowed, Invalid."""
    batch = _hold_open(actor, batch_id)
    workflow.BATCHES.check(batch, workflow.VOID, actor)
    if not reason.strip():
        raise Invalid({"reason": _l("Say what is wrong with the batch.")})
    workflow.BATCHES.advance(batch, workflow.VOID, actor)
    batch.voided_by, batch.voided_at, batch.void_reason = actor.id, clock.now(), reason.strip()
    _record("paper.voided", actor, batch)
    return batch


def _record(event: str, actor: Actor, batch: PaperBatch, **changes: object) -> None:
    """In the ledger: which batch, never what its sheets say."""
    told = {"batch": batch.number, **changes}
    ledger.record(event, actor, "round", batch.round_id, district_id=batch.district_id, changes=told)


def _hold_round(round_id: int) -> Round:
    held = db.get_for_update(Round, round_id)
    if held is None or not held.is_frozen:
        raise NotFound
    return held


def _hold_open(actor: Actor, batch_id: int) -> PaperBatch:
    """An open batch of a round whose board is open, both held: the board does not close meanwhile. The round comes first,
    as everywhere."""
    peeked = db.session().scalar(sa.select(PaperBatch.round_id).where(PaperBatch.id == batch_id))
    if peeked is None:
        raise NotFound
    round_ = _hold_round(peeked)
    batch = db.get_for_update(PaperBatch, batch_id)
    if batch is None:
        raise NotFound
    if not (policy.can_settle(actor, batch) or policy.can_keep(actor, round_)):
        raise NotFound
    if round_.state is not RoundState.PUBLISHED:
        raise WrongState(_l("The board of this round is closed."))
    if batch.state is not BatchState.OPEN:
        raise WrongState(_l("This batch has been entered or voided in the meantime."))
    return batch


def _own_keying(actor: Actor, keying_id: int) -> tuple[PaperKeying, PaperBatch, Round]:
    """One's own keying that is not finished, with its batch and round; somebody else's is NotFound."""
    seen, batch, round_, _row = queries.keying_seen(actor, keying_id)
    keying = db.get_for_update(PaperKeying, seen.id)
    if keying is None or keying.finished_at is not None or keying.given_up_at is not None:
        raise WrongState(_l("You have finished this batch, or gave it up."))
    if batch.state is not BatchState.OPEN or round_.state is not RoundState.PUBLISHED:
        raise WrongState(_l("This batch has been entered or voided in the meantime."))
    return keying, batch, round_
