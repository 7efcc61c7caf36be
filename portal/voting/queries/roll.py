"""The roll, and how a person stands to a round."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as people
from portal.accounts.models import Person, ResidencyState
from portal.core import clock, db
from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.places.models import Community, District, Subdistrict
from portal.voting import policy
from portal.voting.models import (
    LetterCode,
    ReminderRequest,
    RequestState,
    RollEntry,
    RollRequest,
    Round,
    RoundState,
    Stage,
)

REMINDED_BEFORE = dt.timedelta(days=2)  # a weekend is still ahead of most closes


class Standing(StrEnum):
    """Whether a person may vote in a round, and if not, why."""

    ON_ROLL = "on_roll"
    STRUCK = "struck"
    ON_PAPER = "on_paper"
    NOT_SIGNED_IN = "not_signed_in"
    NO_RESIDENCE = "no_residence"
    RESIDENCE_WAITS = "residence_waits"
    ELSEWHERE = "elsewhere"
    CAN_ASK = "can_ask"
    ASKED = "asked"
    REFUSED = "refused"
    AFTER_CUTOFF = "after_cutoff"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Place:
    """How a person stands, the row of the roll if there is one, and a reason an officer gave."""

    standing: Standing
    entry_id: int | None = None
    reason: str = ""

    @property
    def may_vote(self) -> bool:
        return self.standing is Standing.ON_ROLL


def row_of_voter(actor: Actor, round_id: int) -> tuple[str, Place | None]:
    """The hash of a published round's frozen rules, and how the actor stands to it by their row of its roll; None without a
    row. For casting, in one question. Raises NotFound."""
    found = _rules_and_entry(round_id=round_id, person_id=actor.id).first()
    if found is None:
        raise NotFound
    return found.edition_sha256, _place_by(found) if found.id is not None else None


@db.prepared
def _rules_and_entry(*, round_id: Any, person_id: Any) -> Any:
    own = sa.and_(RollEntry.round_id == Round.id, RollEntry.person_id == person_id)
    return (
        sa.select(Round.edition_sha256, *_ENTRY)
        .outerjoin(RollEntry, own)
        .where(Round.id == round_id, Round.edition_sha256.is_not(None))
    )


_ENTRY = (RollEntry.id, RollEntry.struck_at, RollEntry.struck_reason, RollEntry.paper_on)


def _place_by(entry: sa.Row[Any]) -> Place:
    if entry.struck_at is not None:
        return Place(Standing.STRUCK, None, entry.struck_reason)
    return Place(Standing.ON_PAPER if entry.paper_on else Standing.ON_ROLL, entry.id)


def place_on_roll(actor: Actor, round_: Round) -> Place:
    """How the actor stands to a round. Reads only."""
    if actor.id is None:
        return Place(Standing.NOT_SIGNED_IN)
    session = db.session()
    entry = _entry(round_id=round_.id, person_id=actor.id).first()
    if entry is not None:
        return _place_by(entry)
    asked = session.execute(
        sa.select(RollRequest.state, RollRequest.reason).where(
            RollRequest.round_id == round_.id, RollRequest.person_id == actor.id
        )
    ).first()
    if asked is not None and asked.state is RequestState.REFUSED:
        return Place(Standing.REFUSED, None, asked.reason)
    if round_.roll_locked_at is not None or round_.stage(clock.now()) is not Stage.PLANNED:
        return Place(Standing.TOO_LATE)
    if asked is not None:
        return Place(Standing.ASKED)
    residence = people.residence_of(actor.id)
    if residence is None or residence.state is ResidencyState.REFUSED:
        return Place(Standing.NO_RESIDENCE)
    if round_.district_id is not None and residence.district_id != round_.district_id:
        return Place(Standing.ELSEWHERE)
    if residence.state is ResidencyState.REQUESTED:
        return Place(Standing.RESIDENCE_WAITS)
    whole = people.residency(residence.id)
    if whole is None or whole.decided_at is None or clock.day_of(whole.decided_at) > round_.cutoff_day:
        return Place(Standing.AFTER_CUTOFF)
    return Place(Standing.CAN_ASK)


@db.prepared
def _entry(*, round_id: Any, person_id: Any) -> Any:
    return sa.select(*_ENTRY).where(RollEntry.round_id == round_id, RollEntry.person_id == person_id)


def has_reminder(actor: Actor, round_id: int) -> bool:
    """Whether the actor asked to be reminded."""
    return (
        db.session().scalar(
            sa.select(ReminderRequest.id).where(
                ReminderRequest.round_id == round_id, ReminderRequest.person_id == actor.id
            )
        )
        is not None
    )


def without_account() -> sa.ColumnElement[bool]:
    """Rows of the roll for which no account votes: none ever did, or it was closed."""
    closed = sa.exists().where(Person.id == RollEntry.person_id, Person.closed_at.is_not(None))
    return sa.or_(RollEntry.person_id.is_(None), closed)


def has_account(entry: RollEntry) -> bool:
    """Whether an account that is not closed votes for this row."""
    return entry.person_id is not None and people.actor_of_person(entry.person_id) is not None


def roll_counts(round_id: int) -> Any:
    """Of a round's roll: people on it, accounts (attached to them), struck (not on it any more), papers (handed out),
    letters (that can be redeemed), districts (that have people on it)."""
    stands = RollEntry.struck_at.is_(None)
    letters = (
        sa.select(sa.func.count())
        .where(
            LetterCode.round_id == round_id, LetterCode.redeemed_on.is_(None), LetterCode.voided_on.is_(None)
        )
        .scalar_subquery()
    )
    return (
        db.session()
        .execute(
            sa.select(
                sa.func.count(RollEntry.id).filter(stands).label("people"),
                sa.func.count(RollEntry.person_id).filter(stands).label("accounts"),
                sa.func.count(RollEntry.struck_at).label("struck"),
                sa.func.count(RollEntry.paper_on).label("papers"),
                sa.func.count(RollEntry.district_id.distinct()).filter(stands).label("districts"),
                letters.label("letters"),
            ).where(RollEntry.round_id == round_id)
        )
        .one()
    )


def requests(actor: Actor, round_: Round, size: int | None = 200) -> list[Any]:
    """Requests that wait for the actor's registry, oldest first, at most so many: id, display_name, given_name, family_name, community,
    asked_at."""
    where = actor.districts_where(Permission.ROLL_KEEP)
    statement = (
        sa.select(
            RollRequest.id,
            Person.display_name,
            Person.given_name,
            Person.family_name,
            Community.name.label("community"),
            RollRequest.asked_at,
        )
        .join(Person, Person.id == RollRequest.person_id)
        .outerjoin(Community, Community.id == RollRequest.community_id)
        .where(RollRequest.round_id == round_.id, RollRequest.state == RequestState.ASKED)
        .order_by(RollRequest.id)
        .limit(size)
    )
    if where is not None:
        statement = statement.where(RollRequest.district_id.in_(sorted(where)))
    return list(db.session().execute(statement))


def requests_left(round_id: int) -> list[Any]:
    """How many requests wait, by district: name_th, name_en, people."""
    return list(
        db.session().execute(
            sa.select(District.name_th, District.name_en, sa.func.count().label("people"))
            .join(RollRequest, RollRequest.district_id == District.id)
            .where(RollRequest.round_id == round_id, RollRequest.state == RequestState.ASKED)
            .group_by(District.id, District.name_th, District.name_en)
            .order_by(District.id)
        )
    )


def request_seen(actor: Actor, request_id: int) -> tuple[RollRequest, Round, Any]:
    """A request with its round and its person, for the registry it was sent to; NotFound otherwise."""
    asked = db.session().get(RollRequest, request_id)
    if asked is None or not actor.may(Permission.ROLL_KEEP, district_id=asked.district_id):
        raise NotFound
    round_ = db.session().get_one(Round, asked.round_id)
    return asked, round_, people.person(asked.person_id)


def rounds_of_roll(actor: Actor) -> list[Any]:
    """Rounds whose roll the actor keeps, newest first: id, title, opens_at, closes_at, state, roll_locked_at."""
    where = actor.districts_where(Permission.ROLL_KEEP)
    statement = (
        sa.select(Round.id, Round.title, Round.opens_at, Round.closes_at, Round.state, Round.roll_locked_at)
        .where(policy.visible_to(actor), Round.edition_sha256.is_not(None))
        .order_by(Round.opens_at.desc(), Round.id.desc())
        .limit(50)
    )
    if where is not None:
        statement = statement.where(sa.or_(Round.district_id.is_(None), Round.district_id.in_(sorted(where))))
    return list(db.session().execute(statement))


def communities_of(district_id: int) -> list[Any]:
    """Communities of a district (id, name) in Thai order."""
    return list(
        db.session().execute(
            sa.select(Community.id, Community.name)
            .where(Community.district_id == district_id)
            .order_by(Community.sort_key, Community.id)
        )
    )


def by_community(round_id: int) -> list[Any]:
    """How many of the roll live where: district_id, community_id, community, subdistrict_code, subdistrict_th,
    subdistrict_en, people (struck ones left out)."""
    return list(
        db.session().execute(
            sa.select(
                RollEntry.district_id,
                RollEntry.community_id,
                Community.name.label("community"),
                Subdistrict.code.label("subdistrict_code"),
                Subdistrict.name_th.label("subdistrict_th"),
                Subdistrict.name_en.label("subdistrict_en"),
                sa.func.count().label("people"),
            )
            .outerjoin(Community, Community.id == RollEntry.community_id)
            .outerjoin(Subdistrict, Subdistrict.id == Community.subdistrict_id)
            .where(RollEntry.round_id == round_id, RollEntry.struck_at.is_(None))
            .group_by(
                RollEntry.district_id,
                RollEntry.community_id,
                Community.name,
                Subdistrict.code,
                Subdistrict.name_th,
                Subdistrict.name_en,
            )
        )
    )


def reminders_due() -> list[int]:
    """Rounds whose last days have begun and whose reminders are not all sent."""
    now = clock.now()
    return list(
        db.session().scalars(
            sa.select(Round.id)
            .where(
                Round.state == RoundState.PUBLISHED,
                Round.opens_at <= now,
                Round.closes_at > now,
                Round.closes_at <= now + REMINDED_BEFORE,
                sa.exists().where(ReminderRequest.round_id == Round.id, ReminderRequest.sent_at.is_(None)),
            )
            .order_by(Round.id)
        )
    )
