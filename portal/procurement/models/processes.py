"""Contracting processes and their sixteen steps. Names follow OCDS 1.1.5."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, overload

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

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


class Method(StrEnum):
    """OCDS procurementMethod; the Thai name of the method stands in ``method_details``."""

    OPEN = "open"
    LIMITED = "limited"
    DIRECT = "direct"


class Category(StrEnum):
    """OCDS mainProcurementCategory."""

    GOODS = "goods"
    WORKS = "works"
    SERVICES = "services"


class ProcessState(StrEnum):
    """A process is running until it is closed (all paid) or cancelled with a reason."""

    RUNNING = "running"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@overload
def is_of_whole(median_price: int, budget: int) -> bool: ...
@overload
def is_of_whole(
    median_price: InstrumentedAttribute[int | None], budget: InstrumentedAttribute[int]
) -> sa.ColumnElement[bool]: ...
def is_of_whole(median_price: Any, budget: Any) -> Any:
    """Whether a median price can be of all that is bought (both in satang): of two amounts, or of the columns of
    :class:`Process` for a query. Notices also give that of one unit, without saying so: what is less than a tenth of the
    budget is held beside no other amount."""
    return median_price * 10 >= budget


class Process(Versioned, Base):
    """One contracting process; it belongs to one or more projects. All amounts in satang.

    ``supplier``, ``award_satang``, ``contract_number``, ``contract_satang`` and ``paid_satang`` sum up the awards,
    contracts and instalments below; one command keeps them (:func:`portal.procurement.commands.summing.sum_up`).
    ``buyer`` is the agency where it is not the district office itself, ``unit`` its section. ``imported_at``: it was
    taken over from a notice that is public elsewhere (``notice_source``). ``ended_on``: closed or cancelled that day.
    """

    __tablename__ = "processes"
    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_with_reason"
        ),
        sa.CheckConstraint("(supplier IS NULL) = (award_satang IS NULL)", name="award_with_supplier"),
        sa.CheckConstraint("contract_satang IS NULL OR supplier IS NOT NULL", name="contract_after_award"),
        sa.CheckConstraint("(state = 'running') = (ended_on IS NULL)", name="ended_with_day"),
        sa.CheckConstraint(
            "budget_satang >= 0 AND COALESCE(median_price_satang, 0) >= 0 AND COALESCE(award_satang, 0) >= 0 "
            "AND COALESCE(contract_satang, 0) >= 0 AND paid_satang >= 0 AND COALESCE(number_of_tenderers, 0) >= 0",
            name="nothing_negative",
        ),
        sa.CheckConstraint("(imported_at IS NULL) = (notice_source IS NULL)", name="imported_with_source"),
        sa.Index("ix_processes_district_id_state", "district_id", "state"),
    )

    id: Mapped[Id]
    district_id: Mapped[int] = reference("districts.id", index=False)
    ocid: Mapped[Short] = mapped_column(unique=True)
    egp_number: Mapped[Short | None] = mapped_column(unique=True)
    egp_url: Mapped[Line | None]
    buyer: Mapped[Line] = mapped_column(default="")
    unit: Mapped[Line] = mapped_column(default="")
    notice_source: Mapped[Line | None]
    imported_at: Mapped[Instant | None]
    title: Mapped[Line]
    description: Mapped[Text] = mapped_column(default="")
    method: Mapped[Method] = enum_column(Method, name="method")
    method_details: Mapped[Short]
    category: Mapped[Category] = enum_column(Category, name="category")
    budget_satang: Mapped[Satang]
    median_price_satang: Mapped[Satang | None]
    supplier: Mapped[Line | None]
    award_satang: Mapped[Satang | None]
    contract_satang: Mapped[Satang | None]
    contract_number: Mapped[Short | None]
    paid_satang: Mapped[Satang] = mapped_column(default=0)
    state: Mapped[ProcessState] = enum_column(ProcessState, name="state", default=ProcessState.RUNNING)
    cancel_reason: Mapped[Line | None]
    ended_on: Mapped[Day | None]
    number_of_tenderers: Mapped[int | None] = mapped_column(sa.SmallInteger)
    draft_tor: Mapped[Text] = mapped_column(default="")
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[Instant]
    topic_id: Mapped[int] = reference("topics.id", unique=True)

    @property
    def is_median_of_whole(self) -> bool:
        """See :func:`is_of_whole`; also where no median price is known."""
        return self.median_price_satang is None or is_of_whole(self.median_price_satang, self.budget_satang)


class ProcessProject(Base):
    """Which projects a process buys for: one lot can pool many."""

    __tablename__ = "process_projects"

    process_id: Mapped[int] = mapped_column(
        sa.ForeignKey("processes.id", ondelete="CASCADE"), primary_key=True
    )
    project_id: Mapped[int] = mapped_column(
        sa.ForeignKey("projects.id", ondelete="RESTRICT"), primary_key=True, index=True
    )


class StepKind(StrEnum):
    """The sixteen steps in order (domain.md section 9)."""

    PROCUREMENT_PLAN = "procurement_plan"
    COMMITTEE = "committee"
    MEDIAN_PRICE = "median_price"
    PURCHASE_REQUEST = "purchase_request"
    DRAFT_TOR = "draft_tor"
    INVITATION = "invitation"
    BID_OPENING = "bid_opening"
    EVALUATION = "evaluation"
    AWARD = "award"
    APPEAL = "appeal"
    CONTRACT = "contract"
    CONTRACT_ESSENTIALS = "contract_essentials"
    DELIVERY = "delivery"
    ACCEPTANCE = "acceptance"
    PAYMENT = "payment"
    MONTHLY_SUMMARY = "monthly_summary"


class Step(Versioned, Base):
    """One step of a process. Done ⇔ ``actual_on`` is set; ``ends_on`` closes a window (draft TOR, bids, appeals).
    ``is_skipped`` needs a reason in ``note`` (a method may not have the step). ``committee_size`` counts the members of
    a committee appointed or acting in this step."""

    __tablename__ = "process_steps"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "kind"),
        sa.CheckConstraint(
            "NOT is_skipped OR (actual_on IS NULL AND length(note) > 0)", name="skipped_with_reason"
        ),
        sa.CheckConstraint(
            "(done_by IS NULL) = (actual_on IS NULL) AND (done_at IS NULL) = (actual_on IS NULL)",
            name="done_with_officer",
        ),
        sa.CheckConstraint("observer_places >= 0", name="places_not_negative"),
        sa.CheckConstraint(
            "ends_on IS NULL OR actual_on IS NULL OR actual_on <= ends_on", name="window_forward"
        ),
        sa.CheckConstraint("committee_size > 0", name="committee_of_people"),
        sa.Index("ix_process_steps_planned_on", "planned_on"),
        sa.Index("ix_process_steps_kind_ends_on", "kind", "ends_on"),
    )

    id: Mapped[Id]
    process_id: Mapped[int] = reference("processes.id", ondelete="CASCADE", index=False)
    kind: Mapped[StepKind] = enum_column(StepKind, name="kind")
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    planned_on: Mapped[Day | None]
    actual_on: Mapped[Day | None]
    ends_on: Mapped[Day | None]
    meets_at: Mapped[Instant | None]
    place: Mapped[Line] = mapped_column(default="")
    note: Mapped[Text] = mapped_column(default="")
    committee_size: Mapped[int | None] = mapped_column(sa.SmallInteger)
    is_skipped: Mapped[bool] = mapped_column(default=False)
    is_open_to_observers: Mapped[bool] = mapped_column(default=True)
    observer_places: Mapped[int] = mapped_column(sa.SmallInteger, default=5)
    done_by: Mapped[int | None] = reference("people.id", nullable=True)
    done_at: Mapped[Instant | None]


@promises.append_only()
class StepDocument(Base):
    """A document published with a step: text that can be read and searched, and a file where there is one. It is never
    changed or taken back; a better one stands above it."""

    __tablename__ = "step_documents"
    __table_args__ = (sa.CheckConstraint("length(text) > 0 OR file_id IS NOT NULL", name="text_or_file"),)

    id: Mapped[Id]
    step_id: Mapped[int] = reference("process_steps.id", ondelete="CASCADE")
    title: Mapped[Short]
    document_type: Mapped[Short]
    text: Mapped[Text] = mapped_column(default="")
    file_id: Mapped[int | None] = reference("stored_files.id", nullable=True)
    published_at: Mapped[Instant]
    published_by: Mapped[int] = reference("people.id")


@promises.append_only()
class RuleOverride(Base):
    """A rule warned and an officer went on: which rule, why, who signed. ``warning`` is the warning as it stood, with
    the figure of law and the days (JSON of :class:`portal.procurement.rules.Warned`)."""

    __tablename__ = "rule_overrides"
    __table_args__ = (sa.CheckConstraint("length(reason) > 0", name="reason_given"),)

    id: Mapped[Id]
    step_id: Mapped[int] = reference("process_steps.id")
    rule: Mapped[Short]
    warning: Mapped[Line]
    reason: Mapped[Text]
    signer: Mapped[Short]
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]


@promises.append_only()
class Postponement(Base):
    """A step's planned day moved, and why: ``was_on`` and ``now_on`` are Bangkok days."""

    __tablename__ = "step_postponements"
    __table_args__ = (
        sa.CheckConstraint("length(reason) > 0", name="reason_given"),
        sa.CheckConstraint("was_on < now_on", name="later"),
    )

    id: Mapped[Id]
    step_id: Mapped[int] = reference("process_steps.id")
    was_on: Mapped[Day]
    now_on: Mapped[Day]
    reason: Mapped[Line]
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]


@promises.append_only()
class DraftTerms(Base):
    """One wording of the draft terms of reference, shown to the public from ``published_at`` to the end of ``ends_on``.
    Its text is the document's; ``sha256`` is of that text in UTF-8. From the second on, ``changes`` says in words what is
    new."""

    __tablename__ = "draft_terms"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "number"),
        sa.CheckConstraint("number >= 1 AND (number = 1) = (changes = '')", name="changes_with_number"),
    )

    id: Mapped[Id]
    process_id: Mapped[int] = reference("processes.id", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    document_id: Mapped[int] = reference("step_documents.id", unique=True)
    sha256: Mapped[Sha256]
    changes: Mapped[Line] = mapped_column(default="")
    ends_on: Mapped[Day]
    published_by: Mapped[int] = reference("people.id")
    published_at: Mapped[Instant]
