"""The participation audit: recorded voters, drawn at random under supervision, are asked whether they voted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.voting import keykeeper, rollkeys, workflow
from portal.voting.commands.ballots import KeeperAway
from portal.voting.letterlist import Addressee
from portal.voting.models import RollEntry, Round
from portal.voting.queries import ballots

MOST = 2_000


@dataclass(frozen=True)
class Sample:
    """Who is to be asked, as the registry's list names them, and how many of the draw the list does not know."""

    people: list[Addressee]
    unknown: int


def draw_sample(actor: Actor, round_id: int, size: int, seed: str, people: Sequence[Addressee]) -> Sample:
    """Draw ``size`` rows of the roll behind which a ballot on the web stands, by a seed that was drawn in public, and find
    them in the registry's list. No leaf is looked at, and nothing of the draw is kept but that it was made. Raises
    NotAllowed, WrongState (before the count, or once the key is gone), Invalid, KeeperAway."""
    round_ = db.session().get(Round, round_id)
    if round_ is None:
        raise NotFound
    workflow.ROUNDS.check(round_, workflow.CERTIFY, actor)
    if not seed.strip():
        raise Invalid({"seed": _l("Write the number as it was drawn.")})
    if not 1 <= size <= MOST:
        raise Invalid({"size": _l("A number from 1 to %(most)s.", most=MOST)})
    try:
        drawn = set(ballots.recorded_voters(round_id, size, seed.strip()))
    except keykeeper.KeeperSilent as problem:
        raise KeeperAway from problem
    rows = db.session().execute(
        sa.select(RollEntry.person_key, RollEntry.id).where(
            RollEntry.round_id == round_id, RollEntry.id.in_(sorted(drawn))
        )
    )
    wanted = {row.person_key: row.id for row in rows}
    found: dict[int, Addressee] = {}
    for one in people:
        digits = rollkeys.citizen_number(one.number)
        entry = wanted.get(rollkeys.person_key(round_id, digits)) if digits is not None else None
        if entry is not None:
            found[entry] = one
    ledger.record(
        "round.participation_drawn",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"size": size, "seed": seed.strip(), "drawn": len(drawn)},
    )
    return Sample([found[entry] for entry in sorted(found)], len(drawn) - len(found))
