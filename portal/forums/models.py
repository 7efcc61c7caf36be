"""Forums: when, where, who came (figures in public, names in private), what was said, what it asks for."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import (
    Base,
    Day,
    Id,
    Instant,
    Json,
    Line,
    Sha256,
    Short,
    Text,
    Versioned,
    enum_column,
    reference,
)


class ForumPurpose(StrEnum):
    """What a forum is for (domain.md section 5)."""

    MONTHLY = "monthly"
    PLAN_1 = "plan_1"
    PLAN_2 = "plan_2"
    DISTRICT_POLICY = "district_policy"
    HEARING = "hearing"
    PLAN_COMMITTEE = "plan_committee"
    STANDING_BODY = "standing_body"

    @property
    def is_of_community(self) -> bool:
        """Held by one community; the others are the district's."""
        return self in (ForumPurpose.MONTHLY, ForumPurpose.PLAN_1, ForumPurpose.PLAN_2)


class BodyKind(StrEnum):
    """Bodies of citizens that meet again and again (domain.md section 5)."""

    PEOPLES_COUNCIL = "peoples_council"
    YOUTH_COUNCIL = "youth_council"
    NETWORK = "network"


class PaperKind(StrEnum):
    """What a district policy forum stands between: the problems before it, the policy adopted after it."""

    SYNTHESIS = "synthesis"
    POLICY = "policy"


class ForumState(StrEnum):
    """Announced, recorded with attendance and minutes, or called off with a reason."""

    ANNOUNCED = "announced"
    RECORDED = "recorded"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """The five sides of community development (domain.md section 6)."""

    PHYSICAL = "physical"
    ECONOMY = "economy"
    SOCIAL = "social"
    HEALTH = "health"
    MIND = "mind"


class Sex(StrEnum):
    """As counted at the door."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class AgeBand(StrEnum):
    """Age bands of the attendance sheet."""

    UNDER_18 = "under_18"
    FROM_18_TO_35 = "18_35"
    FROM_36_TO_59 = "36_59"
    OVER_60 = "60_up"


class StandingBody(Versioned, Base):
    """A council or network of citizens of a district. ``closed_on`` is the day it ended; its forums stay."""

    __tablename__ = "standing_bodies"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "name"),
        sa.CheckConstraint("closed_on IS NULL OR since_on IS NULL OR since_on <= closed_on", name="forward"),
    )

    id: Mapped[Id]
    district_id: Mapped[int] = reference("districts.id", index=False)
    kind: Mapped[BodyKind] = enum_column(BodyKind, name="kind")
    name: Mapped[Short]
    about: Mapped[Text] = mapped_column(default="")
    since_on: Mapped[Day | None]
    closed_on: Mapped[Day | None]
    registered_by: Mapped[int] = reference("people.id")
    registered_at: Mapped[Instant]


class Forum(Versioned, Base):
    """One meeting of a community (``community_id``) or of the district (None)."""

    __tablename__ = "forums"
    __table_args__ = (
        sa.CheckConstraint("(state = 'recorded') = (recorded_at IS NOT NULL)", name="recorded_with_instant"),
        sa.CheckConstraint("(recorded_at IS NULL) = (recorded_by IS NULL)", name="recorded_with_officer"),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_with_reason"
        ),
        sa.CheckConstraint("starts_at < ends_at", name="forward"),
        sa.CheckConstraint(
            "(community_id IS NOT NULL) = (purpose IN ('monthly', 'plan_1', 'plan_2'))",
            name="community_with_purpose",
        ),
        sa.CheckConstraint(
            "cycle_id IS NOT NULL OR purpose NOT IN ('plan_1', 'plan_2', 'hearing')",
            name="cycle_with_purpose",
        ),
        sa.CheckConstraint("(body_id IS NOT NULL) = (purpose = 'standing_body')", name="body_with_purpose"),
        sa.Index("ix_forums_district_id_starts_at", "district_id", "starts_at"),
        sa.Index("ix_forums_community_id_starts_at", "community_id", "starts_at"),
        sa.Index("ix_forums_starts_at", "starts_at"),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int | None] = reference("cycles.id", nullable=True)
    district_id: Mapped[int] = reference("districts.id", index=False)
    community_id: Mapped[int | None] = reference("communities.id", nullable=True, index=False)
    body_id: Mapped[int | None] = reference("standing_bodies.id", nullable=True)
    purpose: Mapped[ForumPurpose] = enum_column(ForumPurpose, name="purpose")
    title: Mapped[Short]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    place: Mapped[Line]
    minutes: Mapped[Text] = mapped_column(default="")
    state: Mapped[ForumState] = enum_column(ForumState, name="state", default=ForumState.ANNOUNCED)
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]
    recorded_by: Mapped[int | None] = reference("people.id", nullable=True)
    recorded_at: Mapped[Instant | None]
    cancel_reason: Mapped[Line | None]
    topic_id: Mapped[int] = reference("topics.id", unique=True)


class AgendaItem(Base):
    """One matter of the agenda, in its order; ``is_done`` says that the forum came to it."""

    __tablename__ = "forum_agenda_items"
    __table_args__ = (sa.UniqueConstraint("forum_id", "position"),)

    id: Mapped[Id]
    forum_id: Mapped[int] = reference("forums.id", ondelete="CASCADE", index=False)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    matter: Mapped[Text]
    is_done: Mapped[bool] = mapped_column(sa.Boolean, default=False)


class Attendance(Base):
    """How many people of one sex and age band came."""

    __tablename__ = "forum_attendances"
    __table_args__ = (
        sa.UniqueConstraint("forum_id", "sex", "age_band"),
        sa.CheckConstraint("people >= 0", name="not_negative"),
    )

    id: Mapped[Id]
    forum_id: Mapped[int] = reference("forums.id", ondelete="CASCADE", index=False)
    sex: Mapped[Sex] = enum_column(Sex)
    age_band: Mapped[AgeBand] = enum_column(AgeBand)
    people: Mapped[int] = mapped_column(sa.Integer)


class Attendee(Base):
    """A line of the private attendance list: seen by the community's leaders and the district only."""

    __tablename__ = "forum_attendees"

    id: Mapped[Id]
    forum_id: Mapped[int] = reference("forums.id", ondelete="CASCADE")
    name: Mapped[Short]
    note: Mapped[Line] = mapped_column(default="")


class Issue(Base):
    """Something the forum raised: problem, cause, proposal, how many raised it, and its hand-count of votes.
    A plan's item may begin here: the lineage of every baht starts with an issue."""

    __tablename__ = "forum_issues"
    __table_args__ = (
        sa.CheckConstraint("raised_by >= 0 AND votes >= 0", name="counts_not_negative"),
        sa.UniqueConstraint("forum_id", "position"),
    )

    id: Mapped[Id]
    forum_id: Mapped[int] = reference("forums.id", ondelete="CASCADE", index=False)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    side: Mapped[Side] = enum_column(Side)
    problem: Mapped[Text]
    cause: Mapped[Text] = mapped_column(default="")
    proposal: Mapped[Text] = mapped_column(default="")
    raised_by: Mapped[int] = mapped_column(sa.Integer, default=0)
    votes: Mapped[int] = mapped_column(sa.Integer, default=0)


@promises.append_only()
class ForumPaper(Base):
    """An edition of what a district policy forum rests on or ends in. ``body`` is what was published, never changed;
    another edition says why it was needed."""

    __tablename__ = "forum_papers"
    __table_args__ = (
        sa.UniqueConstraint("forum_id", "kind", "number"),
        sa.CheckConstraint("number >= 1 AND (number = 1) = (reason = '')", name="reason_with_number"),
    )

    id: Mapped[Id]
    forum_id: Mapped[int] = reference("forums.id", index=False)
    kind: Mapped[PaperKind] = enum_column(PaperKind, name="kind")
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    body: Mapped[Json]
    reason: Mapped[Line] = mapped_column(default="")
    sha256: Mapped[Sha256]
    published_by: Mapped[int] = reference("people.id")
    published_at: Mapped[Instant]


class Sending(Base):
    """What a phone sent from a forum, once. ``key`` was made on the phone: a second sending under the same key finds
    this row and gets the same answer. ``sha256`` is that of what was sent; names and texts are not kept here."""

    __tablename__ = "forum_sendings"
    __table_args__ = (sa.UniqueConstraint("person_id", "key"),)

    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", ondelete="CASCADE", index=False)
    key: Mapped[str] = mapped_column(sa.String(64))
    forum_id: Mapped[int] = reference("forums.id", ondelete="CASCADE")
    sha256: Mapped[Sha256]
    answer: Mapped[Json]
    received_at: Mapped[Instant] = mapped_column(index=True)
