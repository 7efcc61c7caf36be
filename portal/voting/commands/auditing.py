"""The participation audit: recorded voters, drawn at random under supervision, are asked whether they voted.

Nobody alone learns who voted, and nobody asks about one person: two people name the same draw, the list holds the whole
roll, and a round has one draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import keykeeper, policy, rollkeys
from portal.voting.commands.ballots import KeeperAway
from portal.voting.letterlist import Addressee
from portal.voting.models import RollEntry, Round, RoundState
from portal.voting.queries import auditing as queries
from portal.voting.queries import ballots

MOST = 320  # of whom 299 without a denial exclude one fake in a hundred


@dataclass(frozen=True)
class Sample:
    """Who is to be asked, as the registry's list names them, and how many of the draw the list does not know."""

    people: list[Addressee]
    unknown: int


def draw_sample(
    actor: Actor, round_id: int, size: int, seed: str, people: Sequence[Addressee]
) -> Sample | None:
    """Draw ``size`` rows of the roll behind which a ballot on the web stands, at most half of them, by a seed that was
    drawn in public, and find them in the registry's list. A certifier asks (None is returned); when somebody else, another
    certifier or who confirms rounds, gives the same seed and size, it is drawn. A round has one draw; the two may fetch it
    again. No leaf is looked at, and nothing of the draw is kept but who made it, its seed and its size. Raises NotAllowed,
    WrongState (before the count, once the key is gone, or after the draw), Invalid, KeeperAway."""
    round_ = db.get_for_update(Round, round_id)
    if round_ is None:
        raise NotFound
    if not policy.can_draw(actor, round_):
        raise NotAllowed(_l("Certifiers draw who is asked, and who confirms rounds agrees."))
    if round_.state is not RoundState.COUNTED:
        raise WrongState(_l("Recorded voters are drawn between the count and the certificate."))
    asked = queries.draw_of(round_id)
    seed = seed.strip()
    if not seed:
        raise Invalid({"seed": _l("Write the number as it was drawn.")})
    is_again = asked is not None and asked.is_drawn
    if (
        asked is not None
        and is_again
        and (actor.id not in asked.people or (asked.seed, asked.size) != (seed, size))
    ):
        raise WrongState(_l("Recorded voters were drawn already: a round has one draw."))
    if not is_again:
        _check_size(round_id, size)
    named = _on_the_roll(round_id, people)
    is_second = is_again or (asked is not None and actor.id not in asked.people)
    if is_second and asked is not None and (asked.seed, asked.size) != (seed, size):
        raise Invalid({"seed": _l("Someone else asked for another draw. Look at seed and size together.")})
    if not is_second and not policy.can_certify(actor, round_):
        raise NotAllowed(_l("A certifier asks for the draw first."))
    changes = {"size": size, "seed": seed}
    if not is_second:
        _record("round.participation_asked", actor, round_, changes)
        return None
    try:
        drawn = ballots.recorded_voters(round_id, size, seed)
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    _record("round.participation_drawn", actor, round_, {**changes, "drawn": len(drawn)})
    found = [named[entry] for entry in drawn if entry in named]
    return Sample(found, len(drawn) - len(found))


def _check_size(round_id: int, size: int) -> None:
    most = min(MOST, queries.voters_on_the_web(round_id) // 2)
    if not most:
        raise WrongState(_l("Too few people voted online for a draw that names no more than half of them."))
    if not 1 <= size <= most:
        raise Invalid(
            {
                "size": _(
                    "From 1 to %(most)s people: never more than half of those who voted online, nor more than 320.",
                    most=most,
                )
            }
        )


def _on_the_roll(round_id: int, people: Sequence[Addressee]) -> dict[int, Addressee]:
    """Whom the list names, by their row of the roll. Raises Invalid where somebody of the roll is not in the list: a list of
    a few would tell of these few whether they voted."""
    rows = db.session().execute(
        sa.select(RollEntry.person_key, RollEntry.id, RollEntry.struck_at).where(
            RollEntry.round_id == round_id
        )
    )
    roll = {row.person_key: row for row in rows}
    named: dict[int, Addressee] = {}
    for one in people:
        digits = rollkeys.citizen_number(one.number)
        row = roll.get(rollkeys.person_key(round_id, digits)) if digits is not None else None
        if row is not None:
            named[row.id] = one
    left = sum(row.struck_at is None and row.id not in named for row in roll.values())
    if left:
        raise Invalid(
            {"file": _("The list must contain everyone on the roll. Missing: %(num)s people.", num=left)}
        )
    return named


def _record(event: str, actor: Actor, round_: Round, changes: dict[str, object]) -> None:
    ledger.record(event, actor, "round", round_.id, district_id=round_.district_id, changes=changes)
