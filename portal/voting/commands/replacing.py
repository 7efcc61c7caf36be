"""A new round in the place of a cancelled one."""

from __future__ import annotations

import sqlalchemy as sa

from portal.core import clock, db, storage
from portal.core.actor import Actor
from portal.core.errors import Conflict, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.storage import StoredFile
from portal.screening import queries as screening
from portal.voting import queries
from portal.voting.commands.rounds import RoundData, create_round, hold_round
from portal.voting.models import Candidate, CandidateConflict, Round, RoundCap, RoundState

_TOLD = ("item_id", "topic_id", "community_id", "name", "summary", "place", "side", "cost_satang")
_FILE = ("owner_kind", "name", "media_type", "size", "sha256", "width", "height", "caption", "uploaded_by")


def replace_round(actor: Actor, cancelled_id: int, data: RoundData) -> Round:
    """A draft that names the cancelled round and takes over its projects with their words and pictures, pairs and caps; not
    those that were withdrawn, or whose items are accepted no more or stand on another ballot. Costs are those accepted now.
    Raises NotAllowed, WrongState unless it is cancelled, Conflict when a round stands in its place already, Invalid by
    field."""
    old = hold_round(actor, cancelled_id)
    if old.state is not RoundState.CANCELLED:
        raise WrongState(_l("Only a cancelled round can be replaced."))
    standing = sa.select(Round.id).where(Round.replaces_id == old.id, Round.state != RoundState.CANCELLED)
    if db.session().scalar(standing.limit(1)) is not None:
        raise Conflict(_l("Another round takes the place of this one already."))
    made = create_round(actor, old.district_id, old.cycle_id, data, replaces_id=old.id)
    session = db.session()
    cycles = [one.id for one in queries.cycles_voted_on(old)]
    accepted = {row.item_id: row.accepted_satang for row in screening.final_accepted_items(*cycles)}
    known = session.scalars(
        sa.select(Candidate).where(Candidate.round_id == old.id).order_by(Candidate.number)
    )
    places: dict[int, int] = {}
    before = known.all()
    items = {one.item_id for one in before if one.item_id is not None}
    left = items & accepted.keys() - {one.item_id for one in queries.on_other_ballots(made, items)}
    for one in before:
        if one.withdrawn_at is not None or (one.item_id is not None and one.item_id not in left):
            continue
        taken = Candidate(
            round_id=made.id, number=len(places) + 1, **{name: getattr(one, name) for name in _TOLD}
        )
        taken.cost_satang = accepted.get(one.item_id or 0, one.cost_satang)
        session.add(taken)
        session.flush()
        places[one.id] = taken.id
        if one.picture_file_id is not None:
            file = session.get_one(StoredFile, one.picture_file_id)
            given = {name: getattr(file, name) for name in _FILE}
            picture = StoredFile(owner_id=taken.id, created_at=clock.now(), **given)
            session.add(picture)
            storage.keep(picture.sha256)
            session.flush()
            taken.picture_file_id = picture.id
    for pair in queries.conflicts(old.id):
        if pair.first_id in places and pair.second_id in places:
            first, second = sorted((places[pair.first_id], places[pair.second_id]))
            session.add(
                CandidateConflict(round_id=made.id, first_id=first, second_id=second, reason=pair.reason)
            )
    for cap in queries.caps(old.id):
        session.add(
            RoundCap(
                round_id=made.id, side=cap.side, community_id=cap.community_id, most_satang=cap.most_satang
            )
        )
    session.flush()
    return made
