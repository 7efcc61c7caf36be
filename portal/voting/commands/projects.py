"""The projects of a round: chosen, told in plain words, paired, withdrawn."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO

import sqlalchemy as sa

from portal.core import clock, db, state, storage
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.plans.models import Item, Side
from portal.screening import queries as screening
from portal.voting import editions, policy, queries
from portal.voting.commands.rounds import hold_draft, hold_round, note_change, tell_followers
from portal.voting.models import Candidate, CandidateConflict, RoundCap, RoundState

PICTURE = (480, 360)  # what a phone shows of a project, and what a ballot prints


def add_items(actor: Actor, round_id: int, item_ids: Iterable[int]) -> list[Candidate]:
    """Put items on the ballot whose acceptance is final, at the cost that was accepted. Numbers follow each other.

    Raises Invalid when one of them is not to be voted on (any more), or stands on this ballot or another already."""
    held = hold_draft(actor, round_id)
    if held.cycle_id is None:
        raise Invalid({"items": _l("This round has no year whose items could be chosen.")})
    cycles = [one.id for one in queries.cycles_voted_on(held)]
    accepted = {row.item_id: row for row in screening.final_accepted_items(*cycles)}
    standing = queries.candidates(round_id)
    wanted = list(dict.fromkeys(item_ids))
    taken = {one.item_id for one in standing}
    if not wanted or any(one not in accepted or one in taken for one in wanted):
        raise Invalid({"items": _l("Choose items that are finally accepted and not yet on the ballot.")})
    for one in queries.on_other_ballots(held, wanted):
        raise Invalid(
            {
                "items": _(
                    "%(name)s is on the ballot of another round: %(title)s. A project can be voted on only once.",
                    name=one.name,
                    title=one.title,
                )
            }
        )
    number = max((one.number for one in standing), default=0)
    items = {row.id: row for row in db.session().scalars(sa.select(Item).where(Item.id.in_(wanted))).unique()}
    added = [
        Candidate(
            round_id=round_id,
            number=number + place,
            item_id=item_id,
            topic_id=items[item_id].topic_id,
            community_id=accepted[item_id].community_id,
            name=items[item_id].title,
            summary=items[item_id].proposal,
            place=items[item_id].place,
            side=items[item_id].side,
            cost_satang=accepted[item_id].accepted_satang,
        )
        for place, item_id in enumerate(wanted, 1)
    ]
    db.session().add_all(added)
    db.session().flush()
    note_change(actor, held, "round.projects_added", items=wanted)
    return added


def edit_project(
    actor: Actor,
    candidate_id: int,
    *,
    name: str,
    summary: str,
    place: str,
    picture: IO[bytes] | None = None,
    picture_text: str = "",
) -> Candidate:
    """Say on the ballot in plain words what the project is; the cost stays as accepted. A picture is made small;
    ``picture_text`` says what it shows to whoever cannot see it. Raises Invalid by field."""
    one = _candidate(candidate_id)
    held = hold_draft(actor, one.round_id)
    if not name.strip():
        raise Invalid({"name": _l("This must be filled in.")})
    one.name, one.summary, one.place = name.strip(), summary.strip(), place.strip()
    if picture is not None:
        if not picture_text.strip():
            raise Invalid({"picture_text": _l("Say what the picture shows, for those who cannot see it.")})
        stored = storage.save(
            actor,
            _small(picture),
            f"{one.number}.jpg",
            owner_kind="candidate",
            owner_id=one.id,
            caption=picture_text.strip(),
        )
        one.picture_file_id = stored.id
    elif one.picture_file_id is not None and picture_text.strip():
        db.session().get_one(storage.StoredFile, one.picture_file_id).caption = picture_text.strip()[:500]
    note_change(actor, held, "round.project_edited", number=one.number)
    return one


def remove_project(actor: Actor, candidate_id: int) -> None:
    """Take a project off a draft; the numbers behind it move up."""
    one = _candidate(candidate_id)
    held = hold_draft(actor, one.round_id)
    pairs = sa.or_(CandidateConflict.first_id == one.id, CandidateConflict.second_id == one.id)
    db.session().execute(sa.delete(CandidateConflict).where(pairs))
    db.session().delete(one)
    db.session().flush()
    later = sa.select(Candidate).where(Candidate.round_id == held.id, Candidate.number > one.number)
    for behind in db.session().scalars(later.order_by(Candidate.number)).all():
        behind.number -= 1
        db.session().flush()
    note_change(actor, held, "round.project_removed", item=one.item_id)


def exclude_each_other(
    actor: Actor, round_id: int, first: int, second: int, reason: str
) -> CandidateConflict:
    """Of these two numbers at most one can be built. Raises Invalid for a pair that is none or stands already."""
    held = hold_draft(actor, round_id)
    by_number = {one.number: one.id for one in queries.candidates(round_id)}
    if first == second or first not in by_number or second not in by_number:
        raise Invalid({"second": _l("Choose two different projects of this ballot.")})
    if not reason.strip():
        raise Invalid({"reason": _l("Say why both cannot be built.")})
    low, high = sorted((by_number[first], by_number[second]))
    pair = CandidateConflict(round_id=round_id, first_id=low, second_id=high, reason=reason.strip())
    with db.refusing_duplicates(Invalid({"second": _l("This pair has already been noted.")})):
        db.session().add(pair)
    note_change(actor, held, "round.conflict_noted", numbers=sorted((first, second)))
    return pair


def allow_together(actor: Actor, conflict_id: int) -> int:
    """Take a pair out again; returns the round's id."""
    pair = db.session().get(CandidateConflict, conflict_id)
    if pair is None:
        raise NotFound
    held = hold_draft(actor, pair.round_id)
    db.session().delete(pair)
    note_change(actor, held, "round.conflict_dropped")
    return held.id


def set_cap(actor: Actor, round_id: int, side: Side | None, community_id: int | None, most: int) -> RoundCap:
    """At most this much money (satang) for the projects of one side, or of one community; a second time changes it.
    Raises Invalid for a group without a project on this ballot, or an amount that is none."""
    held = hold_draft(actor, round_id)
    on_ballot = queries.candidates(round_id)
    wanted = RoundCap(round_id=round_id, side=side, community_id=community_id, most_satang=most)
    if (side is None) == (community_id is None) or not any(
        editions.is_under(wanted, one) for one in on_ballot
    ):
        raise Invalid({"group": _l("Choose a theme or a community that has a project on this ballot.")})
    if most <= 0:
        raise Invalid({"most_satang": _l("The cap must be above zero.")})
    group = RoundCap.side == side if side is not None else RoundCap.community_id == community_id
    known = db.session().scalar(sa.select(RoundCap).where(RoundCap.round_id == round_id, group))
    if known is not None:
        known.most_satang = most
    else:
        db.session().add(wanted)
    note_change(actor, held, "round.cap_set", most=most)
    return known or wanted


def drop_cap(actor: Actor, cap_id: int) -> int:
    """Take a cap out again; returns the round's id."""
    cap = db.session().get(RoundCap, cap_id)
    if cap is None:
        raise NotFound
    held = hold_draft(actor, cap.round_id)
    db.session().delete(cap)
    note_change(actor, held, "round.cap_dropped")
    return held.id


def withdraw_project(actor: Actor, candidate_id: int, reason: str) -> None:
    """A project of a published round falls away (its land is gone, it was built meanwhile): it stays on the ballot's
    record, marked, and gets nothing. Only until the close. Raises WrongState, NotAllowed, Invalid without a reason."""
    one = _candidate(candidate_id)
    held = hold_round(actor, one.round_id)
    if not policy.can_cancel(actor, held):
        raise NotAllowed(_l("You may not do this here."))
    if (
        held.state is not RoundState.PUBLISHED
        or clock.now() >= held.closes_at
        or one.withdrawn_at is not None
    ):
        raise WrongState(_l("Projects of this round can no longer be withdrawn."))
    if not reason.strip():
        raise Invalid({"reason": _l("Say why in a sentence: it is published with the round.")})
    standing = [row for row in queries.candidates(held.id) if row.withdrawn_at is None and row.id != one.id]
    if queries.choosable(held, standing) < held.min_choices:
        raise WrongState(
            _l(
                "Without it nobody can choose as many projects as the rules ask for: cancel the round instead."
            )
        )
    one.withdrawn_at, one.withdrawn_reason = clock.now(), reason.strip()
    note_change(actor, held, "round.project_withdrawn", number=one.number)
    tell_followers(
        actor,
        held,
        "voting.withdrawn",
        [held.proposed_by],
        project=one.name,
        reason=reason.strip(),
        key=one.id,
    )
    state.bump_epoch()


def _candidate(candidate_id: int) -> Candidate:
    one = db.session().get(Candidate, candidate_id)
    if one is None:
        raise NotFound
    return one


def _small(stream: IO[bytes]) -> IO[bytes]:
    """The picture at the size at which it is shown. Raises Invalid for what is no picture."""
    wrong = Invalid({"picture": _l("Only JPEG, PNG and WebP pictures can be sent.")})
    content = stream.read(storage.MAX_BYTES + 1)
    if len(content) > storage.MAX_BYTES:
        raise Invalid({"picture": _l("The file is larger than 10 MB.")})
    try:
        picture = storage.picture(content)
    except ValueError as problem:
        raise wrong from problem
    picture.thumbnail(PICTURE)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    out.seek(0)
    return out
