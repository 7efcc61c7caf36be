"""Codes by letter: asked for by one, released by another, printed in parts, redeemed once, kept as keyed hashes."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.core import clock, db, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.voting import policy, rollkeys
from portal.voting.commands.roll import attach, district_of
from portal.voting.models import (
    LetterCode,
    LetterPart,
    LetterPrint,
    LetterRow,
    PrintState,
    RollEntry,
    Round,
    Stage,
)
from portal.voting.queries import letters as figures
from portal.voting.queries.roll import has_account, without_account


def ask_letters(actor: Actor, round_id: int, keys: Sequence[str], list_sha256: str) -> LetterPrint:
    """Ask for letters to everybody of a list (keys of people, in its order) who stands on the district's roll, has no account
    and no code in use. Somebody else releases them. Raises NotAllowed, WrongState once the round is open, Invalid when
    there is nobody to write to."""
    round_ = _round(actor, round_id)
    if round_.stage(clock.now()) is not Stage.PLANNED:
        raise WrongState(_l("The round is open: a lost letter is reissued, one at a time, and no lists."))
    district_id = district_of(actor, round_)
    found = figures.entries_without_letter(round_id, district_id)
    entries = [found[key] for key in dict.fromkeys(keys) if key in found]
    if not entries:
        raise Invalid({"file": _l("Everyone in this list who is on your roll has an account or a code.")})
    return _ask(actor, round_, district_id, entries, list_sha256=list_sha256)


def ask_letter(actor: Actor, round_id: int, number: str, reason: str) -> LetterPrint:
    """Ask for one letter, in the place of a lost one, with a reason. Somebody else releases it. Raises NotAllowed,
    WrongState once the round has closed, Invalid by field."""
    round_ = _round(actor, round_id)
    digits = rollkeys.citizen_number(number)
    if digits is None:
        raise Invalid({"number": _l("These are not the 13 digits of an identity card.")})
    if not reason.strip():
        raise Invalid({"reason": _l("Say why: the second person can read it.")})
    entry = db.session().scalar(
        sa.select(RollEntry).where(
            RollEntry.round_id == round_id, RollEntry.person_key == rollkeys.person_key(round_id, digits)
        )
    )
    if entry is None or not actor.may(Permission.ROLL_KEEP, district_id=entry.district_id):
        raise Invalid({"number": _l("Nobody with this number is on your roll.")})
    if has_account(entry) or entry.struck_at is not None or entry.paper_on is not None:
        raise Invalid(
            {
                "number": _l(
                    "This person votes with an account or on paper, or was removed: a letter is no use."
                )
            }
        )
    return _ask(actor, round_, entry.district_id, [entry.id], reason=reason.strip())


def release_letters(actor: Actor, print_id: int) -> None:
    """The second person lets the letters be printed, while whoever asked still keeps the roll. Raises NotFound, NotAllowed
    for who asked, WrongState."""
    held, round_ = _waiting(actor, print_id)
    if not policy.can_release_letters(actor, held):
        raise NotAllowed(_l("You asked for these letters, so someone else releases them."))
    _in_time(held, round_)
    asker = people.actor_of_person(held.asked_by)
    if asker is None or not policy.can_see_letters(asker, held):
        raise WrongState(
            _l(
                "The person who asked for these letters no longer manages the roll: reject them, and ask again."
            )
        )
    _decide(actor, held, PrintState.RELEASED, "")
    _tell(actor, held, round_, "voting.letters_released", [held.asked_by])


def decline_letters(actor: Actor, print_id: int, note: str) -> None:
    """Turn the letters down, or take one's own asking back; with a reason. Raises NotFound, WrongState, Invalid."""
    held, round_ = _waiting(actor, print_id)
    if not note.strip():
        raise Invalid({"note": _l("Say why in a sentence.")})
    is_own = held.asked_by == actor.id
    _decide(actor, held, PrintState.TAKEN_BACK if is_own else PrintState.TURNED_DOWN, note.strip())
    _tell(actor, held, round_, "voting.letters_turned_down", [held.asked_by], reason=held.note)


def print_letters(
    actor: Actor, print_id: int, number: int, turn: int, keys: Sequence[str], list_sha256: str | None = None
) -> dict[str, str]:
    """Write the codes of one part of a released print: fresh ones by the key of each person, kept nowhere. Who has an account
    by now, was struck, votes on paper or got another letter is left out. ``turn`` is how often the part is printed
    with this one: so of two who print it at once one succeeds, and a later printing voids the codes of the earlier. Whoever
    printed it last does not print it anew: no letter in the post becomes void by one person's will.

    Short, so that the transaction may end before the letters are set. Raises NotFound, NotAllowed, WrongState, and Invalid
    for another list or person than was released."""
    held, round_ = _held(actor, print_id)
    if held.state is not PrintState.RELEASED:
        raise WrongState(_l("These letters are not released."))
    _in_time(held, round_)
    turns = figures.turns(print_id)
    if not 1 <= number <= min(held.parts, len(turns) + 1) or turn != turns.get(number, 0) + 1:
        raise WrongState(_l("This part has been printed in the meantime. Reload the page to see who has it."))
    if held.list_sha256 != list_sha256:
        raise Invalid({"file": _l("This is another file than the list that was released.")})
    rows = figures.rows_of_part(print_id, number)
    given = set(keys)
    if not all(row.person_key in given for row in rows):
        raise Invalid({"number": _l("This is not the person the letter was asked for.")})
    if turn > 1 and actor.id == figures.last_printer(print_id, number):
        raise NotAllowed(_l("You have printed this part. Another officer of the registry prints it again."))
    entry_ids = _to_write(held, [row.roll_entry_id for row in rows])
    now = clock.now()
    voided = db.session().execute(
        sa.update(LetterCode)
        .where(LetterCode.roll_entry_id.in_(entry_ids), LetterCode.voided_on.is_(None))
        .values(voided_on=clock.today(), redeemed_on=None)
        .returning(LetterCode.id)
        .execution_options(synchronize_session=False)
    )
    part = LetterPart(
        print_id=print_id,
        number=number,
        turn=turn,
        letters=len(entry_ids),
        voided=len(voided.all()),
        printed_by=actor.id,
        printed_at=now,
    )
    db.session().add(part)
    db.session().flush()
    codes = {row.person_key: rollkeys.new_code() for row in rows if row.roll_entry_id in entry_ids}
    made = [
        {
            "round_id": round_.id,
            "roll_entry_id": row.roll_entry_id,
            "part_id": part.id,
            "code_hash": rollkeys.code_hash(codes[row.person_key]),
            "issued_by": actor.id,
            "issued_at": now,
        }
        for row in rows
        if row.person_key in codes
    ]
    if made:
        db.session().execute(sa.insert(LetterCode), made)
    changes = {
        "print": print_id,
        "part": number,
        "turn": turn,
        "letters": part.letters,
        "voided": part.voided,
    }
    ledger.record(
        "roll.letters_written", actor, "round", round_.id, district_id=held.district_id, changes=changes
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


def _round(actor: Actor, round_id: int) -> Round:
    """A published round for the registry that keeps its roll, until it closes; not held, nothing of it changes."""
    round_ = db.session().get(Round, round_id)
    if round_ is None or not round_.is_frozen:
        raise NotFound
    if not policy.can_keep_roll(actor, round_):
        raise NotAllowed(_l("The registry of the district keeps the roll."))
    if round_.stage(clock.now()) not in (Stage.PLANNED, Stage.OPEN):
        raise WrongState(_l("Letters can be issued until the round closes."))
    return round_


def _ask(
    actor: Actor,
    round_: Round,
    district_id: int,
    entries: Sequence[int],
    *,
    list_sha256: str | None = None,
    reason: str = "",
) -> LetterPrint:
    asked = LetterPrint(
        round_id=round_.id,
        district_id=district_id,
        list_sha256=list_sha256,
        reason=reason,
        letters=len(entries),
        asked_by=actor.id,
        asked_at=clock.now(),
    )
    db.session().add(asked)
    db.session().flush()
    rows = [
        {"print_id": asked.id, "place": place, "roll_entry_id": entry_id}
        for place, entry_id in enumerate(entries, 1)
    ]
    for at in range(0, len(rows), 500):
        db.session().execute(sa.insert(LetterRow), rows[at : at + 500])
    ledger.record(
        "roll.letters_asked",
        actor,
        "round",
        round_.id,
        district_id=district_id,
        changes={"print": asked.id, "letters": asked.letters, "list": list_sha256 or ""},
    )
    officers = people.officers_with(Permission.ROLL_KEEP, district_id)
    _tell(actor, asked, round_, "voting.letters_asked", officers, letters=asked.letters)
    return asked


def _held(actor: Actor, print_id: int) -> tuple[LetterPrint, Round]:
    held = db.get_for_update(LetterPrint, print_id)
    if held is None or not policy.can_see_letters(actor, held):
        raise NotFound
    return held, _round(actor, held.round_id)


def _waiting(actor: Actor, print_id: int) -> tuple[LetterPrint, Round]:
    held, round_ = _held(actor, print_id)
    if held.state is not PrintState.ASKED:
        raise WrongState(_l("These letters have been released, rejected or taken back in the meantime."))
    return held, round_


def _in_time(held: LetterPrint, round_: Round) -> None:
    if held.list_sha256 is not None and round_.stage(clock.now()) is not Stage.PLANNED:
        raise WrongState(_l("The round is open: a lost letter is reissued, one at a time, and no lists."))


_DECIDED = {
    PrintState.RELEASED: "roll.letters_released",
    PrintState.TURNED_DOWN: "roll.letters_turned_down",
    PrintState.TAKEN_BACK: "roll.letters_taken_back",
}


def _decide(actor: Actor, held: LetterPrint, state: PrintState, note: str) -> None:
    held.state, held.note = state, note
    held.decided_by, held.decided_at = actor.id, clock.now()
    db.session().flush()
    ledger.record(
        _DECIDED[state],
        actor,
        "round",
        held.round_id,
        district_id=held.district_id,
        changes={"print": held.id, "letters": held.letters},
    )


def _tell(
    actor: Actor, held: LetterPrint, round_: Round, event: str, officers: Sequence[int], **more: object
) -> None:
    notifications.tell(
        event,
        topic_id=round_.topic_id,
        person_ids=officers,
        params={"title": round_.title, **more},
        dedupe_key=f"{event}:{held.id}",
        except_person=actor.id,
    )


def _to_write(held: LetterPrint, entry_ids: list[int]) -> set[int]:
    """Which of these rows get a letter; they and their codes are held, the codes first, as whoever redeems one does."""
    codes = db.session().execute(
        sa.select(LetterCode.roll_entry_id, LetterCode.redeemed_on, LetterPart.print_id)
        .outerjoin(LetterPart, LetterPart.id == LetterCode.part_id)
        .where(LetterCode.roll_entry_id.in_(entry_ids), LetterCode.voided_on.is_(None))
        .order_by(LetterCode.id)
        .with_for_update(of=LetterCode)
    )
    elsewhere = {
        code.roll_entry_id
        for code in codes
        if held.list_sha256 is not None and code.redeemed_on is None and code.print_id != held.id
    }
    free = db.session().scalars(
        sa.select(RollEntry.id)
        .where(
            RollEntry.id.in_(entry_ids),
            without_account(),
            RollEntry.struck_at.is_(None),
            RollEntry.paper_on.is_(None),
        )
        .order_by(RollEntry.id)
        .with_for_update(key_share=True)
    )
    return set(free) - elsewhere
