"""A voting round: its rules, its projects, and the edition in which both are frozen before anybody votes."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import (
    Base,
    Day,
    Id,
    Instant,
    Line,
    Satang,
    Sha256,
    Short,
    Text,
    Versioned,
    enum_column,
    reference,
)
from portal.plans.models import Side


class RoundState(StrEnum):
    """What people have done to a round. Whether it is open follows from its days (:class:`Stage`).

    draft → proposed → published → closed → counted → certified; cancelled from every state before certified, once voting
    has begun by two people (:class:`CancelRequest`).
    ``closed``: the board is sealed. A published round is never edited: it is cancelled and another takes its place."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    CLOSED = "closed"
    COUNTED = "counted"
    CERTIFIED = "certified"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """Where a round stands for those who look at it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    CERTIFIED = "certified"
    CANCELLED = "cancelled"


class BallotType(StrEnum):
    """How a voter chooses. ``approval``: up to ``max_choices`` projects. ``knapsack``: projects that together cost no
    more than the envelope. ``points``: ``max_choices`` points in all, at most ``max_points`` for one project."""

    APPROVAL = "approval"
    KNAPSACK = "knapsack"
    POINTS = "points"


class Rule(StrEnum):
    """Values are the names of :data:`portal.voting.tally.Name`."""

    GREEDY = "greedy"
    GREEDY_NO_SKIP = "greedy-no-skip"
    GREEDY_THRESHOLD = "greedy-threshold"
    EQUAL_SHARES = "equal-shares"


class Completion(StrEnum):
    """What becomes of money that Equal Shares leaves over (:data:`portal.voting.tally.Completion`)."""

    NONE = "none"
    UTILITARIAN = "utilitarian"
    ADD1 = "add1"
    ADD1U = "add1u"


class Start(StrEnum):
    """The first equal share: exact, or rounded down to whole baht."""

    FRACTION = "fraction"
    FLOOR = "floor"


class Stop(StrEnum):
    """When adding one baht more for each voter ends."""

    EXHAUSTIVE = "exhaustive"
    OVERSPENT = "overspent"


class Utility(StrEnum):
    """What Equal Shares takes a project to be worth to its supporters."""

    COST = "cost"
    CARDINALITY = "cardinality"


class Round(Versioned, Base):
    """One vote on accepted items, in a district or (``district_id`` None) in the whole city.

    ``envelope_satang`` is the money to be given out. ``cutoff_day``: whoever is a verified resident at the end of it is
    on the roll. ``tie_source`` names the outside number that is known only after the close; with the secret behind
    ``tie_commitment`` (SHA-256, published with the rules) it draws the order of equals. ``compares``: greedy's result
    stays if more voters are better off under it. ``shows_ballots``: at the close the opened ballots go to everybody, else
    to accredited auditors. From publication on, everything but state, roll and tie secret is frozen by the database."""

    __tablename__ = "rounds"
    __table_args__ = (
        sa.CheckConstraint("envelope_satang > 0", name="envelope_positive"),
        sa.CheckConstraint(
            "min_choices BETWEEN 0 AND max_choices AND max_choices <= 500", name="choices_forward"
        ),
        sa.CheckConstraint("max_points BETWEEN 1 AND 500", name="points_positive"),
        sa.CheckConstraint("min_support >= 0", name="support_not_negative"),
        sa.CheckConstraint("min_age BETWEEN 0 AND 99", name="age_possible"),
        sa.CheckConstraint("opens_at < closes_at", name="forward"),
        sa.CheckConstraint(
            "ballot_type = 'approval' OR rule <> 'equal-shares'", name="equal_shares_of_approval"
        ),
        sa.CheckConstraint(
            "(state IN ('draft', 'proposed')) = (edition_sha256 IS NULL) OR state = 'cancelled'",
            name="published_with_edition",
        ),
        sa.CheckConstraint(
            "(edition_sha256 IS NULL) = (tie_commitment IS NULL)", name="edition_with_commitment"
        ),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="cancelled_with_reason"),
        sa.CheckConstraint("state <> 'proposed' OR proposed_by IS NOT NULL", name="proposed_with_officer"),
        sa.CheckConstraint("(roll_locked_at IS NULL) = (roll_count IS NULL)", name="locked_with_count"),
        sa.Index("ix_rounds_state_opens_at_closes_at", "state", "opens_at", "closes_at"),
    )

    id: Mapped[Id]
    district_id: Mapped[int | None] = reference("districts.id", nullable=True)
    cycle_id: Mapped[int | None] = reference("cycles.id", nullable=True)
    replaces_id: Mapped[int | None] = reference("rounds.id", nullable=True)
    title: Mapped[Short]
    about: Mapped[Text] = mapped_column(default="")
    state: Mapped[RoundState] = enum_column(RoundState, name="state", default=RoundState.DRAFT)
    envelope_satang: Mapped[Satang]
    ballot_type: Mapped[BallotType] = enum_column(BallotType)
    max_choices: Mapped[int] = mapped_column(sa.SmallInteger)
    min_choices: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    max_points: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    rule: Mapped[Rule] = enum_column(Rule, name="rule")
    completion: Mapped[Completion] = enum_column(Completion, default=Completion.NONE)
    start: Mapped[Start] = enum_column(Start, name="start", default=Start.FRACTION)
    stop: Mapped[Stop] = enum_column(Stop, name="stop", default=Stop.EXHAUSTIVE)
    utility: Mapped[Utility] = enum_column(Utility, name="utility", default=Utility.COST)
    compares: Mapped[bool] = mapped_column(default=False)
    min_support: Mapped[int] = mapped_column(sa.Integer, default=0)
    counts_empty: Mapped[bool] = mapped_column(default=False)
    shows_ballots: Mapped[bool] = mapped_column(default=True)
    min_age: Mapped[int] = mapped_column(sa.SmallInteger, default=18)
    cutoff_day: Mapped[Day]
    opens_at: Mapped[Instant]
    closes_at: Mapped[Instant]
    tie_source: Mapped[Line]
    tie_commitment: Mapped[Sha256 | None]
    tie_secret: Mapped[Sha256 | None]
    edition_sha256: Mapped[Sha256 | None]
    roll_locked_at: Mapped[Instant | None]
    roll_count: Mapped[int | None] = mapped_column(sa.Integer)
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]
    proposed_by: Mapped[int | None] = reference("people.id", nullable=True)
    proposed_at: Mapped[Instant | None]
    send_back_note: Mapped[Line] = mapped_column(default="")
    cancel_reason: Mapped[Line] = mapped_column(default="")
    cancelled_at: Mapped[Instant | None]
    topic_id: Mapped[int | None] = reference("topics.id", nullable=True, unique=True)

    @property
    def is_frozen(self) -> bool:
        """Whether its rules are published and can change no more."""
        return self.edition_sha256 is not None

    def stage(self, now: dt.datetime) -> Stage:
        """Where it stands at ``now``: a published round is planned, open or closed by its days alone."""
        return stage_at(self, now)

    def is_open(self, now: dt.datetime) -> bool:
        """Whether a ballot can be cast at ``now``."""
        return is_open_at(self, now)


def stage_at(round_: Any, now: dt.datetime) -> Stage:
    """:meth:`Round.stage` of a round or a row with its state, opens_at and closes_at."""
    if round_.state is not RoundState.PUBLISHED:
        return Stage(round_.state.value)
    if now < round_.opens_at:
        return Stage.PLANNED
    return Stage.OPEN if now < round_.closes_at else Stage.CLOSED


def is_open_at(round_: Any, now: dt.datetime) -> bool:
    """Whether a ballot can be cast: within its days, under published rules, on a roll that is locked. Of a round or a row
    with what :func:`stage_at` asks and roll_locked_at."""
    return stage_at(round_, now) is Stage.OPEN and round_.roll_locked_at is not None


class CancelRequest(Base):
    """That somebody asks to call off a round whose voting has begun, and why; ``state`` is that of the round then, and the
    request holds for it alone. ``carried_out_by``: another person did. One that is taken back or turned down goes; the
    ledger knows of it."""

    __tablename__ = "cancel_requests"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="with_reason"),
        sa.CheckConstraint("carried_out_by <> asked_by", name="four_eyes"),
    )

    round_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey("rounds.id", ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
    )
    asked_by: Mapped[int] = reference("people.id")
    asked_at: Mapped[Instant]
    state: Mapped[RoundState] = enum_column(RoundState, name="state")
    reason: Mapped[Line]
    carried_out_by: Mapped[int | None] = reference("people.id", nullable=True)


@promises.append_only()
class CancelAnswer(Base):
    """Whose request to call off a round was turned down: in that state of the round they ask no more, so nobody holds up a
    certificate for ever. Who turned it down after the count does not certify it."""

    __tablename__ = "cancel_answers"
    __table_args__ = (sa.UniqueConstraint("round_id", "state", "asked_by"),)

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", index=False)
    state: Mapped[RoundState] = enum_column(RoundState, name="state")
    asked_by: Mapped[int] = reference("people.id")
    answered_by: Mapped[int] = reference("people.id")
    answered_at: Mapped[Instant]


class Candidate(Base):
    """A project on the ballot under its ``number``. ``name`` and ``summary`` are as the item was accepted, so that the
    ballot reads the same whatever becomes of the item. A withdrawn one stays on record and gets nothing."""

    __tablename__ = "candidates"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.UniqueConstraint("round_id", "item_id"),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name="number_readable"),
        sa.CheckConstraint("cost_satang >= 0", name="cost_not_negative"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_reason"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", ondelete="CASCADE", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    item_id: Mapped[int | None] = reference("plan_items.id", nullable=True)
    topic_id: Mapped[int | None] = reference("topics.id", nullable=True)
    community_id: Mapped[int | None] = reference("communities.id", nullable=True)
    name: Mapped[Short]
    summary: Mapped[Text] = mapped_column(default="")
    place: Mapped[Line] = mapped_column(default="")
    side: Mapped[Side | None] = enum_column(Side, name="side", nullable=True)
    cost_satang: Mapped[Satang]
    picture_file_id: Mapped[int | None] = reference("stored_files.id", nullable=True)
    withdrawn_at: Mapped[Instant | None]
    withdrawn_reason: Mapped[Line] = mapped_column(default="")


class CandidateConflict(Base):
    """Two projects of which at most one can be built (the same place, the same thing). ``first_id`` has the lower id."""

    __tablename__ = "candidate_conflicts"
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="ordered"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", ondelete="CASCADE")
    first_id: Mapped[int] = reference("candidates.id", ondelete="CASCADE", index=False)
    second_id: Mapped[int] = reference("candidates.id", ondelete="CASCADE")
    reason: Mapped[Line]


class RoundCap(Base):
    """At most so much money for the projects of one side, or of one community."""

    __tablename__ = "round_caps"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "side"),
        sa.UniqueConstraint("round_id", "community_id"),
        sa.CheckConstraint("(side IS NULL) <> (community_id IS NULL)", name="one_group"),
        sa.CheckConstraint("most_satang > 0", name="most_positive"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", ondelete="CASCADE", index=False)
    side: Mapped[Side | None] = enum_column(Side, name="side", nullable=True)
    community_id: Mapped[int | None] = reference("communities.id", nullable=True)
    most_satang: Mapped[Satang]


@promises.append_only()
class RoundEdition(Base):
    """The published rules and projects of a round: canonical JSON and its SHA-256. There is one, for good."""

    __tablename__ = "round_editions"
    __table_args__ = (sa.CheckConstraint("proposed_by <> confirmed_by", name="four_eyes"),)

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", unique=True)
    body: Mapped[Text]
    sha256: Mapped[Sha256]
    proposed_by: Mapped[int] = reference("people.id")
    confirmed_by: Mapped[int] = reference("people.id")
    published_at: Mapped[Instant]


class AreaKind(StrEnum):
    """How large a publication area is."""

    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"
    CITY = "city"


class Area(Base):
    """A publication area, fixed when the roll is locked: at least 500 people on the roll, else they count one level up.
    ``code`` stands in ballots: ``c12`` a community, ``s100201`` a sub-district, ``d1002`` a district, ``city``."""

    __tablename__ = "voting_areas"
    __table_args__ = (sa.UniqueConstraint("round_id", "code"),)

    id: Mapped[Id]
    round_id: Mapped[int] = reference("rounds.id", ondelete="CASCADE", index=False)
    kind: Mapped[AreaKind] = enum_column(AreaKind, name="kind")
    code: Mapped[Short]
    name_th: Mapped[Short]
    name_en: Mapped[Short]
    roll_count: Mapped[int] = mapped_column(sa.Integer)
