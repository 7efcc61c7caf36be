"""Codes by letter: printed once, redeemed once, kept as keyed hashes."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.voting import rollkeys
from portal.voting.commands.roll import attach, hold_round_of_roll
from portal.voting.models import LetterCode, RollEntry, Round, Stage


def write_letters(actor: Actor, round_id: int, numbers: Iterable[str]) -> dict[str, str]:
    """A fresh code for each person of the registry's roll, by the number it was asked for; older letters to them become
    void. Who is not on that roll, is struck or has an account already gets none. The codes are kept nowhere: print them
    now."""
    round_ = hold_round_of_roll(actor, round_id)
    if round_.stage(clock.now()) not in (Stage.PLANNED, Stage.OPEN):
        raise WrongState(_l("Letters are written until the round closes."))
    without = sa.select(RollEntry.person_key, RollEntry.id).where(
        RollEntry.round_id == round_id,
        RollEntry.person_id.is_(None),
        RollEntry.struck_at.is_(None),
        RollEntry.paper_on.is_(None),
    )
    where = actor.districts_where(Permission.ROLL_KEEP)
    if where is not None:
        without = without.where(RollEntry.district_id.in_(sorted(where)))
    entries = {row.person_key: row.id for row in db.session().execute(without)}
    wanted = {}
    for typed in numbers:
        digits = rollkeys.citizen_number(typed)
        entry_id = entries.pop(rollkeys.person_key(round_id, digits), None) if digits else None
        if entry_id is not None:  # one letter each, however often typed
            wanted[typed] = entry_id
    ids = list(wanted.values())
    for at in range(0, len(ids), 500):
        db.session().execute(
            sa.update(LetterCode)
            .where(LetterCode.roll_entry_id.in_(ids[at : at + 500]), LetterCode.voided_on.is_(None))
            .values(voided_on=clock.today(), redeemed_on=None)
            .execution_options(synchronize_session=False)
        )
    codes = {typed: rollkeys.new_code() for typed in wanted}
    now = clock.now()
    if codes:
        db.session().execute(
            sa.insert(LetterCode),
            [
                {
                    "round_id": round_id,
                    "roll_entry_id": wanted[typed],
                    "code_hash": rollkeys.code_hash(code),
                    "issued_by": actor.id,
                    "issued_at": now,
                }
                for typed, code in codes.items()
            ],
        )
    ledger.record(
        "roll.letters_written",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"letters": len(codes)},
    )
    return codes


def redeem_code(actor: Actor, round_: Round, code: str) -> int:
    """Let one's account vote for the row a letter was written to; once. Returns the row's id. Raises Invalid for a code
    that is none (any more), Conflict when the account votes for another row already."""
    if actor.id is None:
        raise NotAllowed(_l("Sign in first."))
    wrong = Invalid(
        {"code": _l("This code is not (or no longer) valid here. Look for mistakes, or ask the district.")}
    )
    claimed = db.session().scalar(
        sa.update(LetterCode)
        .where(
            LetterCode.code_hash == rollkeys.code_hash(rollkeys.typed_code(code)),
            LetterCode.round_id == round_.id,
            LetterCode.redeemed_on.is_(None),
            LetterCode.voided_on.is_(None),
        )
        .values(redeemed_on=clock.today())
        .returning(LetterCode.roll_entry_id)
        .execution_options(synchronize_session=False)
    )
    if claimed is None or round_.stage(clock.now()) not in (Stage.PLANNED, Stage.OPEN):
        raise wrong
    entry = db.get_for_update(RollEntry, claimed)
    if entry is None or entry.struck_at is not None:
        raise wrong
    attach(actor, entry, actor.id, "code")
    return entry.id
