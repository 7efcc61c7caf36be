"""The district's annual action plan: projects with the ten heads, lineage from items, money's own way, editions."""

from __future__ import annotations

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


class ActionPlanState(StrEnum):
    """Life of an action plan (domain.md section 8). ``reopened``: published, and a new edition is in preparation."""

    DRAFT = "draft"
    HEARING = "hearing"
    ANSWERED = "answered"
    APPROVED = "approved"
    PUBLISHED = "published"
    REOPENED = "reopened"


class ActionPlan(Versioned, Base):
    """One district's plan for one cycle."""

    __tablename__ = "action_plans"
    __table_args__ = (
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_with_instant"),
        sa.CheckConstraint(
            "(state IN ('approved','published','reopened')) = (approved_by IS NOT NULL)",
            name="approved_first",
        ),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> created_by", name="four_eyes"),
        sa.CheckConstraint(
            "(state IN ('published','reopened')) = (published_at IS NOT NULL)", name="published_with_instant"
        ),
        sa.CheckConstraint(
            "(state = 'reopened') = (reopened_by IS NOT NULL) AND (reopened_by IS NULL) = (reopened_at IS NULL) "
            "AND (reopened_by IS NULL) = (reopened_reason IS NULL)",
            name="reopened_whole",
        ),
        sa.CheckConstraint("state IN ('draft','hearing') OR answered_at IS NOT NULL", name="answered_before"),
        sa.CheckConstraint("state = 'draft' OR hearing_opened_at IS NOT NULL", name="hearing_before"),
    )

    id: Mapped[Id]
    cycle_id: Mapped[int] = reference("cycles.id", unique=True)
    district_id: Mapped[int] = reference("districts.id")
    state: Mapped[ActionPlanState] = enum_column(ActionPlanState, name="state", default=ActionPlanState.DRAFT)
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]
    hearing_opened_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    approved_by: Mapped[int | None] = reference("people.id", nullable=True)
    approved_at: Mapped[Instant | None]
    published_at: Mapped[Instant | None]
    reopened_by: Mapped[int | None] = reference("people.id", nullable=True)
    reopened_at: Mapped[Instant | None]
    reopened_reason: Mapped[Line | None]
    topic_id: Mapped[int] = reference("topics.id", unique=True)


class ProjectKind(StrEnum):
    """โครงการ, กิจกรรม, มาตรการ."""

    PROJECT = "project"
    ACTIVITY = "activity"
    MEASURE = "measure"


class BudgetKind(StrEnum):
    """An amount, or the words the city's sheet prints instead of one."""

    AMOUNT = "amount"
    NONE = "none"
    ANNUAL_EXPENDITURE = "annual_expenditure"


class Section(StrEnum):
    """The ten sections (ฝ่าย) of a district office [S 002], and the office as a whole."""

    ADMINISTRATION = "administration"
    REGISTRATION = "registration"
    PUBLIC_WORKS = "public_works"
    ENVIRONMENT_SANITATION = "environment_sanitation"
    REVENUE = "revenue"
    CLEANSING_PARKS = "cleansing_parks"
    EDUCATION = "education"
    FINANCE = "finance"
    CITY_LAW = "city_law"
    COMMUNITY_WELFARE = "community_welfare"
    WHOLE_OFFICE = "whole_office"


class Project(Versioned, Base):
    """A line of the plan with the ten heads of the city's project sheet [S 002]. ``code`` is NNNNNNNN-NNNN.
    A withdrawn project keeps its page and its reason; its links stay on record and count no more.
    ``quarters`` are the digits of the quarters of the fiscal year in which work is done. The row is what the edition in force
    says, ``pending`` what a change writes otherwise: fields of the sheet, and ``nodes``, the ids of strategy nodes."""

    __tablename__ = "projects"
    __table_args__ = (
        sa.UniqueConstraint("action_plan_id", "code"),
        sa.Index("ix_projects_action_plan_id_position", "action_plan_id", "position"),
        sa.CheckConstraint(
            "(budget_kind = 'amount') = (budget_satang IS NOT NULL)", name="budget_amount_or_words"
        ),
        sa.CheckConstraint("budget_satang IS NULL OR budget_satang >= 0", name="budget_not_negative"),
        sa.CheckConstraint("starts_on <= ends_on", name="period_forward"),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn_with_reason"
        ),
        sa.CheckConstraint("pending IS NULL OR withdrawn_at IS NULL", name="pending_while_it_stands"),
    )

    id: Mapped[Id]
    action_plan_id: Mapped[int] = reference("action_plans.id", index=False)
    district_id: Mapped[int] = reference("districts.id")
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    kind: Mapped[ProjectKind] = enum_column(ProjectKind, name="kind")
    code: Mapped[Short | None]
    printed_number: Mapped[Short] = mapped_column(default="")
    name: Mapped[Line]
    rationale: Mapped[Text] = mapped_column(default="")
    objectives: Mapped[Text] = mapped_column(default="")
    outputs: Mapped[Text] = mapped_column(default="")
    area: Mapped[Line] = mapped_column(default="")
    method: Mapped[Text] = mapped_column(default="")
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    budget_kind: Mapped[BudgetKind] = enum_column(BudgetKind, name="budget_kind")
    budget_satang: Mapped[Satang | None]
    fund_source: Mapped[Line] = mapped_column(default="")
    section: Mapped[Section] = enum_column(Section, name="section")
    sections_text: Mapped[Line] = mapped_column(default="")
    indicators: Mapped[Text] = mapped_column(default="")
    quarters: Mapped[str] = mapped_column(sa.String(8), default="1234")
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]
    changed_by: Mapped[int] = reference("people.id")
    changed_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    withdrawn_reason: Mapped[Line | None]
    pending: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    topic_id: Mapped[int] = reference("topics.id", unique=True)


class ProjectNode(Base):
    """A project serves a strategy node; it may serve several."""

    __tablename__ = "project_nodes"

    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    node_id: Mapped[int] = mapped_column(
        sa.ForeignKey("strategy_nodes.id", ondelete="RESTRICT"), primary_key=True, index=True
    )


class ProjectItem(Base):
    """Lineage: an item feeds a project with an amount. One item may feed several projects and the reverse.

    Amounts of one item in projects that are not withdrawn never add up to more than its accepted amount: every writer
    holds the plan's row, and an item belongs to one cycle and so to one plan."""

    __tablename__ = "project_items"
    __table_args__ = (
        sa.UniqueConstraint("project_id", "item_id"),
        sa.CheckConstraint("amount_satang >= 0", name="amount_not_negative"),
    )

    id: Mapped[Id]
    project_id: Mapped[int] = reference("projects.id", index=False)
    item_id: Mapped[int] = reference("plan_items.id")
    amount_satang: Mapped[Satang]
    note: Mapped[Line] = mapped_column(default="")
    linked_by: Mapped[int] = reference("people.id")
    linked_at: Mapped[Instant]


class NotYet(Base):
    """An accepted item that is in no project yet carries a published reason why."""

    __tablename__ = "items_not_yet"

    id: Mapped[Id]
    action_plan_id: Mapped[int] = reference("action_plans.id", index=False)
    item_id: Mapped[int] = reference("plan_items.id")
    reason: Mapped[Text]
    given_by: Mapped[int] = reference("people.id")
    given_at: Mapped[Instant]

    __table_args__ = (sa.UniqueConstraint("action_plan_id", "item_id"),)


class MergeAct(StrEnum):
    """What was done at the merge workbench."""

    PUT = "put"
    SHARE = "share"
    MOVE = "move"
    TAKE_OUT = "take_out"
    NOT_YET = "not_yet"
    UNDO = "undo"
    REDO = "redo"


@promises.append_only()
class MergeStep(Base):
    """One act at the merge workbench, with what it found and what it left, so that it can be taken back.

    ``changes`` has one entry for each share that changed (project, name, item, title, community, before, after: amount in
    satang and note, or None for no share) and one for each not-yet reason (item, title, community, before, after: the
    reason or None). Taking a step back is a step itself, which names it in ``undoes_id``; a step is taken back once.
    Taking an undo back does the act again."""

    __tablename__ = "merge_steps"
    __table_args__ = (
        sa.Index("ix_merge_steps_action_plan_id_id", "action_plan_id", "id"),
        sa.CheckConstraint("(act IN ('undo', 'redo')) = (undoes_id IS NOT NULL)", name="undo_names_step"),
    )

    id: Mapped[Id]
    action_plan_id: Mapped[int] = reference("action_plans.id", index=False)
    act: Mapped[MergeAct] = enum_column(MergeAct, name="act")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    undoes_id: Mapped[int | None] = reference("merge_steps.id", nullable=True, unique=True)
    done_by: Mapped[int] = reference("people.id")
    done_at: Mapped[Instant]


class MoneyStep(StrEnum):
    """The money's own way: being in the plan is not being funded [S 001]."""

    REQUESTED = "requested"
    ALLOCATED = "allocated"
    REFUSED = "refused"
    TRANSFERRED = "transferred"


@promises.append_only()
class ProjectMoney(Base):
    """One step of a project's money, with its day and amount; a refusal says why. An amount is the sum so far: a second
    instalment is entered with the first, a correction anew, and of the same step entered again the newest row counts."""

    __tablename__ = "project_money"
    __table_args__ = (
        sa.Index("ix_project_money_project_id_id", "project_id", "id"),
        sa.CheckConstraint("amount_satang >= 0", name="amount_not_negative"),
        sa.CheckConstraint("step <> 'refused' OR length(note) > 0", name="refused_with_reason"),
    )

    id: Mapped[Id]
    project_id: Mapped[int] = reference("projects.id", index=False)
    step: Mapped[MoneyStep] = enum_column(MoneyStep, name="step")
    amount_satang: Mapped[Satang]
    on: Mapped[Day]
    note: Mapped[Line] = mapped_column(default="")
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]


@promises.append_only()
class ActionPlanEdition(Base):
    """A published plan as it was published; a change after publication is a new number with a reason."""

    __tablename__ = "action_plan_editions"
    __table_args__ = (sa.UniqueConstraint("action_plan_id", "number"),)

    id: Mapped[Id]
    action_plan_id: Mapped[int] = reference("action_plans.id", index=False)
    number: Mapped[int] = mapped_column(sa.Integer)
    body: Mapped[Text]
    sha256: Mapped[Sha256]
    reason: Mapped[Line]
    published_by: Mapped[int] = reference("people.id")
    published_at: Mapped[Instant]


class HearingGroup(Base):
    """Remarks of a hearing that say the same, put together by hand: one official reply answers them all."""

    __tablename__ = "hearing_groups"
    __table_args__ = (sa.UniqueConstraint("action_plan_id", "name"),)

    id: Mapped[Id]
    action_plan_id: Mapped[int] = reference("action_plans.id", index=False)
    name: Mapped[Short]
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]


class GroupedRemark(Base):
    """A remark stands in one group at most."""

    __tablename__ = "hearing_group_remarks"

    comment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[int] = reference("hearing_groups.id", ondelete="CASCADE")


class SeatKind(StrEnum):
    """Who sits in the committee of the plan [S 002]; the district's director is its chair."""

    CHAIR = "chair"
    SECTION_HEAD = "section_head"
    OUTSIDE_AGENCY = "outside_agency"
    PEOPLES_REPRESENTATIVE = "peoples_representative"
    SECRETARY = "secretary"


class PlanCommitteeMember(Base):
    """A seat in the committee of a district's plan, as the order (คำสั่ง) gives it. ``represents`` names the section, the
    agency or the community; in office from ``from_on`` until the day before ``until_on``."""

    __tablename__ = "plan_committee_members"
    __table_args__ = (
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="term_forward"),
        sa.CheckConstraint("(until_on IS NULL) = (ended_reason IS NULL)", name="ended_with_reason"),
    )

    id: Mapped[Id]
    district_id: Mapped[int] = reference("districts.id")
    kind: Mapped[SeatKind] = enum_column(SeatKind, name="kind")
    name: Mapped[Short]
    represents: Mapped[Line] = mapped_column(default="")
    order_number: Mapped[Short]
    order_on: Mapped[Day]
    from_on: Mapped[Day]
    until_on: Mapped[Day | None]
    ended_reason: Mapped[Line | None]
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]


@promises.append_only()
class DeclaredInterest(Base):
    """What a member of the committee has to do with the plan or one of its projects; where they do, they step aside."""

    __tablename__ = "plan_committee_interests"

    id: Mapped[Id]
    member_id: Mapped[int] = reference("plan_committee_members.id")
    action_plan_id: Mapped[int] = reference("action_plans.id")
    project_id: Mapped[int | None] = reference("projects.id", nullable=True)
    what: Mapped[Line]
    declared_on: Mapped[Day]
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]


class Opinion(StrEnum):
    """What the committee resolves about a plan."""

    SUPPORTS = "supports"
    SUPPORTS_CHANGED = "supports_changed"
    SENDS_BACK = "sends_back"


@promises.append_only()
class PlanResolution(Base):
    """What the committee resolved about the plan at one of its meetings, which is a forum. ``content_sha256`` is the hash
    of what the plan said when the resolution was entered; a correction is a new row, the newest counts."""

    __tablename__ = "plan_resolutions"
    __table_args__ = (
        sa.CheckConstraint("in_favour >= 0 AND against >= 0 AND abstained >= 0", name="votes_not_negative"),
        sa.CheckConstraint("opinion = 'sends_back' OR in_favour > against", name="carried"),
    )

    id: Mapped[Id]
    action_plan_id: Mapped[int] = reference("action_plans.id")
    forum_id: Mapped[int] = reference("forums.id")
    opinion: Mapped[Opinion] = enum_column(Opinion, name="opinion")
    text: Mapped[Text]
    in_favour: Mapped[int] = mapped_column(sa.SmallInteger)
    against: Mapped[int] = mapped_column(sa.SmallInteger)
    abstained: Mapped[int] = mapped_column(sa.SmallInteger)
    content_sha256: Mapped[Sha256]
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]
