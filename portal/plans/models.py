"""Community development plans, their items, signatures and editions."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from portal.core import promises, thai
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
from portal.forums.models import Side


class PlanState(StrEnum):
    """Life of a plan (domain.md section 6). ``decided`` is derived from its items, never stored."""

    DRAFT = "draft"
    ENDORSED = "endorsed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED_FOR_SCREENING = "accepted_for_screening"
    WITHDRAWN = "withdrawn"


class Plan(Versioned, Base):
    """A community's development plan for one cycle. Money is the sum of its items' budget lines."""

    __tablename__ = "plans"
    __table_args__ = (
        sa.UniqueConstraint("cycle_id", "community_id"),
        sa.Index("ix_plans_district_id_state", "district_id", "state"),
        sa.CheckConstraint(
            "state IN ('draft','endorsed','withdrawn') OR submitted_at IS NOT NULL",
            name="submitted_with_instant",
        ),
        sa.CheckConstraint("state <> 'returned' OR due_on IS NOT NULL", name="returned_with_due_day"),
        sa.CheckConstraint(
            "(state = 'accepted_for_screening') = (accepted_by IS NOT NULL) AND "
            "(accepted_by IS NULL) = (accepted_at IS NULL)",
            name="accepted_with_officer",
        ),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int] = reference("cycles.id", index=False)
    district_id: Mapped[int] = reference("districts.id", index=False)
    community_id: Mapped[int] = reference("communities.id")
    state: Mapped[PlanState] = enum_column(PlanState, name="state", default=PlanState.DRAFT)
    vision: Mapped[Text] = mapped_column(default="")
    profile: Mapped[Text] = mapped_column(default="")
    analysis: Mapped[Text] = mapped_column(default="")
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    submitted_at: Mapped[Instant | None]
    due_on: Mapped[Day | None]
    late_reason: Mapped[Line | None]
    late_permitted_by: Mapped[int | None] = reference("people.id", nullable=True)
    accepted_by: Mapped[int | None] = reference("people.id", nullable=True)
    accepted_at: Mapped[Instant | None]
    topic_id: Mapped[int] = reference("topics.id", unique=True)
    is_sample: Mapped[bool] = mapped_column(default=False)


class Way(StrEnum):
    """How an item is done: the community itself, together with others, or with support asked for."""

    SELF = "self"
    TOGETHER = "together"
    SUPPORT = "support"


class SideSet(sa.types.TypeDecorator[frozenset[Side]]):
    """Some of the five sides, as five bits in their official order."""

    impl = sa.SmallInteger
    cache_ok = True

    def process_bind_param(self, value: frozenset[Side] | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else sum(1 << place for place, side in enumerate(Side) if side in value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> frozenset[Side] | None:
        if value is None:
            return None
        return frozenset(side for place, side in enumerate(Side) if value >> place & 1)


class Item(Versioned, Base):
    """One proposal of a plan. ``issue_id`` is the forum issue it grew from, ``continues_id`` the item of an earlier year
    that the yearly review carried on: once in a plan. ``side`` is the one it counts under, ``other_sides`` it serves
    too; ``node_id`` the line of a strategy the community thinks it serves. Withdrawn items stay on record.

    ``kept_title``, ``kept_side`` and ``kept_satang`` are what the newest edition it stands in says of it, written with
    that edition: what everybody reads in lists, while its community may be writing the rest anew. Empty until the item
    is first handed in."""

    __tablename__ = "plan_items"
    __table_args__ = (
        sa.Index("ix_plan_items_plan_id_rank", "plan_id", "rank"),
        sa.CheckConstraint("beneficiaries IS NULL OR beneficiaries >= 0", name="beneficiaries_not_negative"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_whole"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_with_reason"
        ),
        sa.CheckConstraint("budget_satang >= 0", name="budget_not_negative"),
        sa.UniqueConstraint("plan_id", "continues_id"),
        sa.CheckConstraint("other_sides BETWEEN 0 AND 31", name="other_sides_of_five"),
        sa.CheckConstraint(
            "(kept_title IS NULL) = (kept_side IS NULL) AND (kept_title IS NULL) = (kept_satang IS NULL)",
            name="kept_whole",
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = reference("plans.id", index=False)
    rank: Mapped[int] = mapped_column(sa.SmallInteger)
    title: Mapped[Short]
    side: Mapped[Side] = enum_column(Side, name="side")
    other_sides: Mapped[frozenset[Side]] = mapped_column(SideSet(), default=frozenset())
    node_id: Mapped[int | None] = reference("strategy_nodes.id", nullable=True)
    problem: Mapped[Text] = mapped_column(default="")
    cause: Mapped[Text] = mapped_column(default="")
    proposal: Mapped[Text] = mapped_column(default="")
    objective: Mapped[Text] = mapped_column(default="")
    indicator: Mapped[Text] = mapped_column(default="")
    place: Mapped[Line] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    beneficiaries: Mapped[int | None] = mapped_column(sa.Integer)
    beneficiary_groups: Mapped[Line] = mapped_column(default="")
    way: Mapped[Way] = enum_column(Way, name="way", default=Way.SUPPORT)
    budget_satang: Mapped[Satang] = mapped_column(default=0)
    issue_id: Mapped[int | None] = reference("forum_issues.id", nullable=True)
    continues_id: Mapped[int | None] = reference("plan_items.id", nullable=True)
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    withdrawn_reason: Mapped[Line | None]
    kept_title: Mapped[Short | None]
    kept_side: Mapped[Side | None] = enum_column(Side, name="kept_side", nullable=True)
    kept_satang: Mapped[Satang | None]
    topic_id: Mapped[int] = reference("topics.id", unique=True)


class ReviewMark(StrEnum):
    """What the yearly review says of an item of the earlier plan (domain.md section 5)."""

    KEEP = "keep"
    CHANGE = "change"
    DONE = "done"
    DROP = "drop"

    @property
    def carries_on(self) -> bool:
        """Whether the item goes on in the new plan."""
        return self in (ReviewMark.KEEP, ReviewMark.CHANGE)


class Review(Versioned, Base):
    """What the committee of the new plan (``plan_id``) says of one item of the earlier one (``item_id``), and why."""

    __tablename__ = "plan_reviews"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "item_id"),
        sa.CheckConstraint("trim(reason) <> ''", name="with_reason"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = reference("plans.id", index=False)
    item_id: Mapped[int] = reference("plan_items.id")
    mark: Mapped[ReviewMark] = enum_column(ReviewMark, name="mark")
    reason: Mapped[Line]
    marked_by: Mapped[int] = reference("people.id")
    marked_at: Mapped[Instant]


class BudgetLine(Base):
    """What, how many (thousandths, so that 2.5 metres is exact), at which unit price. ``amount_satang`` is
    quantity × price, kept by the command that writes the line; ``tokens`` are the segmented, folded words of ``what``,
    so that prices of the same thing are compared without segmenting."""

    __tablename__ = "budget_lines"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "position"),
        sa.Index("ix_budget_lines_what", "what"),
        sa.CheckConstraint("quantity_thousandths > 0 AND unit_price_satang >= 0", name="positive"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = reference("plan_items.id", ondelete="CASCADE", index=False)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    what: Mapped[Short]
    unit: Mapped[Short]
    quantity_thousandths: Mapped[int] = mapped_column(sa.BigInteger)
    unit_price_satang: Mapped[Satang]
    amount_satang: Mapped[Satang]
    tokens: Mapped[Text]

    @validates("what")
    def _segment(self, _name: str, what: str) -> str:
        self.tokens = thai.tokens(what)
        return what


@promises.append_only()
class PlanEdition(Base):
    """A submission as it was handed in: canonical JSON and its SHA-256. Immutable; a resubmission is a new number."""

    __tablename__ = "plan_editions"
    __table_args__ = (sa.UniqueConstraint("plan_id", "number"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = reference("plans.id", index=False)
    number: Mapped[int] = mapped_column(sa.Integer)
    body: Mapped[Text]
    sha256: Mapped[Sha256]
    submitted_by: Mapped[int] = reference("people.id")
    submitted_at: Mapped[Instant]


class Endorsement(Base):
    """A committee member's signature under the plan as it reads (its content hash): by their own account, or on a
    paper entered by the community desk with a scan."""

    __tablename__ = "endorsements"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "member_id", "content_sha256"),
        sa.CheckConstraint(
            "(paper_file_id IS NULL AND signed_by IS NOT NULL) OR "
            "(paper_file_id IS NOT NULL AND signed_by IS NULL AND entered_by IS NOT NULL)",
            name="account_or_paper",
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = reference("plans.id", index=False)
    member_id: Mapped[int] = reference("committee_members.id")
    content_sha256: Mapped[Sha256]
    signed_by: Mapped[int | None] = reference("people.id", nullable=True)
    paper_file_id: Mapped[int | None] = reference("stored_files.id", nullable=True)
    entered_by: Mapped[int | None] = reference("people.id", nullable=True)
    signed_at: Mapped[Instant]


class PlanReturn(Base):
    """A plan sent back to its community: a reason, with a due day on the plan. ``item_id`` None is about the whole."""

    __tablename__ = "plan_returns"

    id: Mapped[Id]
    plan_id: Mapped[int] = reference("plans.id")
    item_id: Mapped[int | None] = reference("plan_items.id", nullable=True)
    reason: Mapped[Text]
    due_on: Mapped[Day]
    returned_by: Mapped[int] = reference("people.id")
    returned_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]


class Writer(Base):
    """Who has a page of a plan open to write in, so that colleagues see each other. ``place`` is ``texts`` or the
    item's id; what has not been seen for a minute counts no more and is removed by the next who writes."""

    __tablename__ = "plan_writers"
    __table_args__ = (sa.UniqueConstraint("plan_id", "place", "person_id"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = reference("plans.id", ondelete="CASCADE", index=False)
    place: Mapped[Short]
    person_id: Mapped[int] = reference("people.id", ondelete="CASCADE")
    seen_at: Mapped[Instant]
