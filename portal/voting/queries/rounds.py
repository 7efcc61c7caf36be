"""Rounds, their projects and their editions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, paging
from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.storage import StoredFile
from portal.cycles.models import Cycle
from portal.places.models import Community, District
from portal.plans.models import Item
from portal.screening import queries as screening
from portal.voting import policy, together
from portal.voting.models import (
    BallotType,
    Candidate,
    CandidateConflict,
    Round,
    RoundCap,
    RoundEdition,
    RoundResult,
    RoundState,
)

FEWEST_PROJECTS = 2


def round_visible(actor: Actor, round_id: int) -> Round:
    """The round, if this actor may see it; NotFound otherwise."""
    found = _visible(Actor(None, actor.grants), round_id=round_id).scalar()
    if found is None:
        raise NotFound
    return found  # type: ignore[no-any-return]


@db.prepared
def _visible(anybody_with: Actor, *, round_id: Any) -> Any:
    return sa.select(Round).where(Round.id == round_id, policy.visible_to(anybody_with))


def candidate_visible(actor: Actor, candidate_id: int) -> tuple[Candidate, Round]:
    """A project of a ballot with its round; NotFound otherwise."""
    one = db.session().get(Candidate, candidate_id)
    if one is None:
        raise NotFound
    return one, round_visible(actor, one.round_id)


def rounds(district_id: int | None = None, *, cursor: str | None = None, size: int = 20) -> paging.Slice:
    """Published rounds, those open now first, then those to come, the soonest first, then the rest, newest first: id,
    title, state, district_id, name_th, name_en, envelope_satang, opens_at, closes_at, project_count."""
    now, lives = clock.now(), Round.state == RoundState.PUBLISHED
    opens = sa.cast(sa.extract("epoch", Round.opens_at), sa.BigInteger)
    turn = sa.case(
        (sa.and_(lives, Round.opens_at <= now, now < Round.closes_at), 0),
        (sa.and_(lives, now < Round.opens_at), 1),
        else_=2,
    ).label("turn")
    within = sa.case((sa.and_(lives, now < Round.closes_at), opens), else_=-opens).label("within")
    statement = (
        sa.select(
            Round.id,
            Round.title,
            Round.state,
            Round.district_id,
            District.name_th,
            District.name_en,
            Round.envelope_satang,
            Round.opens_at,
            Round.closes_at,
            _count().label("project_count"),
            turn,
            within,
        )
        .outerjoin(District, District.id == Round.district_id)
        .where(Round.edition_sha256.is_not(None))
    )
    if district_id is not None:
        statement = statement.where(sa.or_(Round.district_id == district_id, Round.district_id.is_(None)))
    order = [(turn, "asc"), (within, "asc"), (Round.id, "desc")]
    return paging.keyset(statement, order, cursor=cursor, size=size)


def desk(actor: Actor, *, size: int = 100) -> list[Any]:
    """Rounds of the actor's desk, newest first: as :func:`rounds`, with proposed_by and send_back_note."""
    return list(
        db.session().execute(
            sa.select(
                Round.id,
                Round.title,
                Round.state,
                District.name_th,
                District.name_en,
                Round.opens_at,
                Round.closes_at,
                Round.proposed_by,
                Round.send_back_note,
                _count().label("project_count"),
            )
            .outerjoin(District, District.id == Round.district_id)
            .where(policy.visible_to_desk(actor))
            .order_by(Round.opens_at.desc(), Round.id.desc())
            .limit(size)
        )
    )


def _count() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Candidate)
        .where(Candidate.round_id == Round.id)
        .correlate(Round)
        .scalar_subquery()
    )


def candidates(round_id: int) -> list[Any]:
    """The projects of a ballot by number: id, number, item_id, topic_id, name, summary, place, side, cost_satang,
    community_id, community, district_th, district_en, picture_file_id, width, height, picture_text (what it shows),
    withdrawn_at, withdrawn_reason."""
    return list(_candidates(round_id=round_id))


@db.prepared
def _candidates(*, round_id: Any) -> Any:
    return (
        sa.select(
            Candidate.id,
            Candidate.number,
            Candidate.item_id,
            Candidate.topic_id,
            Candidate.name,
            Candidate.summary,
            Candidate.place,
            Candidate.side,
            Candidate.cost_satang,
            Candidate.community_id,
            Community.name.label("community"),
            District.name_th.label("district_th"),
            District.name_en.label("district_en"),
            Candidate.picture_file_id,
            StoredFile.width,
            StoredFile.height,
            sa.func.coalesce(StoredFile.caption, "").label("picture_text"),
            Candidate.withdrawn_at,
            Candidate.withdrawn_reason,
        )
        .outerjoin(Community, Community.id == Candidate.community_id)
        .outerjoin(District, District.id == Community.district_id)
        .outerjoin(StoredFile, StoredFile.id == Candidate.picture_file_id)
        .where(Candidate.round_id == round_id)
        .order_by(Candidate.number)
    )


def conflicts(round_id: int) -> list[Any]:
    """Pairs of which at most one can be built: id, first_id, second_id, reason."""
    return list(_conflicts(round_id=round_id))


@db.prepared
def _conflicts(*, round_id: Any) -> Any:
    return (
        sa.select(
            CandidateConflict.id,
            CandidateConflict.first_id,
            CandidateConflict.second_id,
            CandidateConflict.reason,
        )
        .where(CandidateConflict.round_id == round_id)
        .order_by(CandidateConflict.first_id, CandidateConflict.second_id)
    )


def caps(round_id: int) -> list[Any]:
    """The most money for one side or one community: id, side, community_id, community, most_satang."""
    return list(
        db.session().execute(
            sa.select(
                RoundCap.id,
                RoundCap.side,
                RoundCap.community_id,
                Community.name.label("community"),
                RoundCap.most_satang,
            )
            .outerjoin(Community, Community.id == RoundCap.community_id)
            .where(RoundCap.round_id == round_id)
            .order_by(RoundCap.id)
        )
    )


def picture_hashes(round_id: int) -> dict[int, str]:
    """SHA-256 of the pictures of a ballot, by the file's id."""
    rows = db.session().execute(
        sa.select(StoredFile.id, StoredFile.sha256)
        .join(Candidate, Candidate.picture_file_id == StoredFile.id)
        .where(Candidate.round_id == round_id)
    )
    return {row.id: row.sha256 for row in rows}


def picture_text(candidate: Candidate) -> str:
    """What the picture of a project shows, in words; empty without a picture."""
    if candidate.picture_file_id is None:
        return ""
    return db.session().get_one(StoredFile, candidate.picture_file_id).caption


def edition(round_id: int) -> RoundEdition | None:
    """The published edition; None for a draft."""
    return db.session().scalar(sa.select(RoundEdition).where(RoundEdition.round_id == round_id))


def place_of(round_: Round) -> Any | None:
    """The district of a round (id, code, name_th, name_en, topic_id); None for the whole city."""
    if round_.district_id is None:
        return None
    return (
        db.session()
        .execute(
            sa.select(
                District.id, District.code, District.name_th, District.name_en, District.topic_id
            ).where(District.id == round_.district_id)
        )
        .one()
    )


def district_code(district_id: int | None) -> str | None:
    """The district's code, as editions name it."""
    if district_id is None:
        return None
    return db.session().scalar(sa.select(District.code).where(District.id == district_id))


def cycles_voted_on(round_: Round) -> list[Any]:
    """The cycles whose items may stand on this ballot, by district: id, district_id, name_th, name_en. That of a district's
    round; of the city's those of every district in the same year."""
    if round_.cycle_id is None:
        return []
    year = sa.select(Cycle.fiscal_year).where(Cycle.id == round_.cycle_id).scalar_subquery()
    meant = Cycle.id == round_.cycle_id if round_.district_id is not None else Cycle.fiscal_year == year
    return list(
        db.session().execute(
            sa.select(Cycle.id, Cycle.district_id, District.name_th, District.name_en)
            .join(District, District.id == Cycle.district_id)
            .where(meant)
            .order_by(District.sort_key)
        )
    )


def accepted_left(round_: Round, cycle_id: int) -> list[Any]:
    """Finally accepted items of a cycle that are not on the round's ballot yet, as the screening room gives them."""
    taken = set(
        db.session().scalars(sa.select(Candidate.item_id).where(Candidate.round_id == round_.id)).all()
    )
    return [row for row in screening.final_accepted_items(cycle_id) if row.item_id not in taken]


def on_other_ballots(round_: Round, item_ids: Iterable[int]) -> list[Any]:
    """Which of these items stand on the ballot of another round that is not cancelled, or were funded by it (item_id, name,
    title): what got nothing in a certified round may stand again. They are held, so that of two rounds that take one at the
    same moment the later sees the earlier."""
    wanted = sorted(item_ids)
    db.session().execute(
        sa.select(Item.id).where(Item.id.in_(wanted)).order_by(Item.id).with_for_update(key_share=True)
    )
    certified = sa.and_(RoundResult.round_id == Round.id, Round.state == RoundState.CERTIFIED)
    rows = db.session().execute(
        sa.select(Candidate.item_id, Candidate.name, Candidate.number, Round.title, RoundResult.body)
        .join(Round, Round.id == Candidate.round_id)
        .outerjoin(RoundResult, certified)
        .where(
            Candidate.item_id.in_(wanted),
            Candidate.withdrawn_at.is_(None),
            Round.id != round_.id,
            Round.state != RoundState.CANCELLED,
        )
        .order_by(Candidate.id)
    )
    return [row for row in rows if row.body is None or row.number in json.loads(row.body)["order"]]


def desk_districts(actor: Actor) -> list[Any]:
    """Districts whose rounds the actor may prepare (id, name_th, name_en)."""
    where = actor.districts_where(Permission.ROUND_KEEP)
    statement = sa.select(District.id, District.name_th, District.name_en).order_by(District.sort_key)
    if where is not None:
        statement = statement.where(District.id.in_(sorted(where)))
    return list(db.session().execute(statement))


def cycles_of(district_ids: Iterable[int]) -> list[Any]:
    """Cycles of districts, newest first: id, district_id, fiscal_year."""
    return list(
        db.session().execute(
            sa.select(Cycle.id, Cycle.district_id, Cycle.fiscal_year)
            .where(Cycle.district_id.in_(sorted(district_ids)))
            .order_by(Cycle.fiscal_year.desc(), Cycle.district_id)
            .limit(200)
        )
    )


def years_of_the_city() -> list[Any]:
    """Fiscal years, newest first, each with one cycle that stands for it (fiscal_year, id) in a round of the city."""
    first = sa.func.min(Cycle.id).label("id")
    return list(
        db.session().execute(
            sa.select(Cycle.fiscal_year, first)
            .group_by(Cycle.fiscal_year)
            .order_by(Cycle.fiscal_year.desc())
            .limit(10)
        )
    )


def title_of(actor: Actor, round_id: int) -> str:
    """The title of a round that another one names; empty where the actor may not see it."""
    found = sa.select(Round.title).where(Round.id == round_id, policy.visible_to(actor))
    return db.session().scalar(found) or ""


def successor(actor: Actor, round_id: int) -> Any | None:
    """The round in the place of a cancelled one (id, title), if the actor may see it."""
    return (
        db.session()
        .execute(
            sa.select(Round.id, Round.title)
            .where(
                Round.replaces_id == round_id,
                Round.state != RoundState.CANCELLED,
                policy.visible_to(actor),
            )
            .limit(1)
        )
        .first()
    )


def next_boundary(district_id: int | None = None) -> dt.datetime | None:
    """The next instant at which a published round opens or closes (for ``headers.fresh_until``)."""
    now = clock.now()
    published = sa.and_(
        Round.state == RoundState.PUBLISHED, *([Round.district_id == district_id] if district_id else [])
    )
    both = sa.union_all(
        sa.select(Round.opens_at.label("at")).where(published, Round.opens_at > now),
        sa.select(Round.closes_at).where(published, Round.closes_at > now),
    ).subquery()
    return db.session().scalar(sa.select(sa.func.min(both.c.at)))


def missing(round_: Round) -> list[object]:
    """What keeps a round from being published, in sentences; empty when nothing does."""
    found: list[object] = []
    projects = candidates(round_.id)
    if len(projects) < FEWEST_PROJECTS:
        found.append(_l("A ballot needs at least two projects."))
    if clock.now() >= round_.opens_at:
        found.append(_l("The opening has passed: rules are published before anyone votes. Set later days."))
    if round_.cutoff_day > clock.day_of(round_.opens_at):
        found.append(_l("The cut-off day comes after the opening. The roll is finished before people vote."))
    if round_.ballot_type is BallotType.APPROVAL and round_.max_choices > len(projects):
        found.append(_l("A voter may choose more projects than there are."))
    if projects and all(one.cost_satang > round_.envelope_satang for one in projects):
        found.append(_l("Every project costs more than the budget."))
    if projects and choosable(round_, projects) < round_.min_choices:
        found.append(_l("Nobody can choose as many projects as the rules ask for at least."))
    return found


def choosable(round_: Round, projects: Iterable[Any]) -> int:
    """How many of these projects one ballot can name: none beside one that excludes it, and where a ballot spends the money,
    within the envelope."""
    costs = {one.id: int(one.cost_satang) for one in projects}
    pairs = [(pair.first_id, pair.second_id) for pair in conflicts(round_.id)]
    money = round_.envelope_satang if round_.ballot_type is BallotType.KNAPSACK else None
    return together.most_together(costs, pairs, money)
