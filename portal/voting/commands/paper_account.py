"""The paper of a round is accounted for before the board is closed, and a sample compared before the certificate."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core import clock, db, ledger, state
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import keykeeper, policy, sheet
from portal.voting.commands import ballots
from portal.voting.models import PaperAccount, PaperAnswer, PaperCheck, PaperSheet, Round, RoundState
from portal.voting.queries import batches
from portal.voting.queries import paper as queries


def explain_difference(actor: Actor, round_id: int, area_code: str, reason: str) -> None:
    """Say why the boxes of an area hold other than what was handed out there. It is published with the result, and holds
    for this difference only. Raises WrongState, NotAllowed, Invalid."""
    round_ = _hold(round_id)
    if not policy.can_explain_paper(actor, round_):
        raise NotAllowed(_l("Paper ballot clerks and the officers of the round explain it."))
    if round_.state is not RoundState.PUBLISHED:
        raise WrongState(_l("The board of this round is closed."))
    seen = queries.accounts_seen(actor, round_)
    one = next((one for one in seen if one.area.code == area_code), None)
    if one is not None and one.is_shared:
        raise NotAllowed(_l("Several districts share this area. The officers of the round explain it."))
    if one is None or not one.difference or one.waiting:
        raise WrongState(_l("Nothing needs explaining in this area, or some of its batches are still open."))
    if not reason.strip():
        raise Invalid({"reason": _l("Say why. It is published with the result.")})
    values = {
        "difference": one.difference,
        "reason": reason.strip(),
        "explained_by": actor.id,
        "explained_at": clock.now(),
    }
    if one.account is None:
        db.session().add(PaperAccount(area_id=one.area.id, **values))
    else:
        for name, value in values.items():
            setattr(one.account, name, value)
    ledger.record(
        "paper.explained",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"area": area_code, "difference": one.difference},
        note=reason.strip(),
    )


def settle_paper(actor: Actor, round_id: int) -> None:
    """Pass if every batch is entered or voided and every difference explained; the caller holds the round and closes the
    board. Whoever has a sheet has no ballot on the web, also where handing it out broke off. Raises WrongState that names what
    is left, KeeperAway."""
    left = queries.unsettled(round_id)
    if left:
        raise WrongState(_("The board stays open until the paper is settled.") + " " + " ".join(left))
    try:
        forgotten = queries.still_on_the_web(round_id)
    except keykeeper.KeeperSilent as problem:
        raise ballots.KeeperAway from problem
    for entry_id in forgotten:
        ballots.set_aside_for_paper(round_id, entry_id)


def check_sheet(actor: Actor, round_id: int, number: str, typed: str, note: str) -> bool:
    """Compare one sheet of the sample: what a certifier reads off the paper, blindly, with what was entered. They answer
    once, and the answer is kept whatever it is; where it differs, a ``note`` of theirs says what the paper shows, now or
    later, or another certifier answers too. Returns whether they agree. Raises NotAllowed for who had the batch in hand,
    WrongState for a second answer, Conflict, Invalid."""
    round_ = _hold(round_id)
    if not policy.can_certify(actor, round_) or actor.id is None:
        raise NotAllowed(_l("Certifiers compare the sample."))
    if round_.state is not RoundState.COUNTED:
        raise WrongState(_l("The sample is compared after the count and before the certificate."))
    drawn = next((one for one in queries.sample(round_id) if one.number == number), None)
    if drawn is None:
        raise NotFound
    if actor.id in queries.handled(drawn.batch_id):
        raise NotAllowed(_l("You handled this batch. Another certifier compares it."))
    if drawn.check is not None:
        raise Conflict(_l("This sheet has just been compared."))
    session = db.session()
    keyed = sheet.read(typed, round_.ballot_type.value, batches.numbers_on_paper(round_id))
    answered = session.get(PaperAnswer, (drawn.batch_id, drawn.sheet, actor.id))
    if answered is not None and answered.keyed != keyed:
        raise WrongState(_l("You answer each sheet once, and have answered this one."))
    agrees = keyed == session.get_one(PaperSheet, (drawn.batch_id, drawn.sheet)).keyed
    if answered is None:
        given = {"keyed": keyed, "answered_by": actor.id, "answered_at": clock.now()}
        session.add(PaperAnswer(batch_id=drawn.batch_id, sheet=drawn.sheet, **given))
        changes = {"sheet": number, "agrees": agrees}
        ledger.record(
            "paper.answered", actor, "round", round_id, district_id=round_.district_id, changes=changes
        )
    elif not note.strip():
        raise Invalid({"note": _l("Look at the sheet again, and write here what it shows.")})
    if agrees or note.strip():
        _compared(actor, round_, drawn, keyed, "" if agrees else note.strip())
    return agrees


def _compared(actor: Actor, round_: Round, drawn: queries.Sampled, keyed: str, note: str) -> None:
    with db.refusing_duplicates(Conflict(_l("This sheet has just been compared."))):
        db.session().execute(
            sa.insert(PaperCheck).values(
                batch_id=drawn.batch_id,
                sheet=drawn.sheet,
                keyed=keyed,
                agrees=not note,
                note=note,
                checked_by=actor.id,
                checked_at=clock.now(),
            )
        )
    ledger.record(
        "paper.compared",
        actor,
        "round",
        round_.id,
        district_id=round_.district_id,
        changes={"sheet": drawn.number, "agrees": not note},
    )
    state.bump_epoch()


def settle_sample(actor: Actor, round_id: int) -> None:
    """Pass if the whole sample is compared. Raises WrongState that says how much is left."""
    left = queries.left_to_compare(round_id)
    if left:
        raise WrongState(
            _("First the sample of paper ballots is compared; %(num)s sheets are left.", num=left)
        )


def _hold(round_id: int) -> Round:
    held = db.get_for_update(Round, round_id)
    if held is None or not held.is_frozen:
        raise NotFound
    return held
