"""Who offered, who won, what was signed, amended, delivered, inspected and paid. Names follow OCDS 1.1.5."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Day, Id, Instant, Line, Satang, Short, Versioned, reference


class Tenderer(Base):
    """Who offered, and for how much; entered once the bids were opened. Amounts in satang."""

    __tablename__ = "tenderers"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "position"),
        sa.CheckConstraint("offer_satang >= 0", name="offer_not_negative"),
        sa.CheckConstraint("length(name) > 0", name="named"),
    )

    id: Mapped[Id]
    process_id: Mapped[int] = reference("processes.id", index=False)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[Line]
    offer_satang: Mapped[Satang | None]


class Award(Base):
    """Who won what, for how much: one for each lot. ``lot`` is empty where there is only one. Amounts in satang."""

    __tablename__ = "awards"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "position"),
        sa.CheckConstraint("amount_satang >= 0", name="amount_not_negative"),
        sa.CheckConstraint("length(supplier) > 0", name="supplier_named"),
    )

    id: Mapped[Id]
    process_id: Mapped[int] = reference("processes.id", index=False)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    lot: Mapped[Line] = mapped_column(default="")
    supplier: Mapped[Line]
    amount_satang: Mapped[Satang]
    announced_on: Mapped[Day]


class Contract(Versioned, Base):
    """A signed contract of an award, whose supplier is the contract's. ``signed_satang`` and ``signed_ends_on`` are what
    was signed; ``amount_satang`` and ``ends_on`` what holds now, after the amendments. Amounts in satang."""

    __tablename__ = "contracts"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "number"),
        sa.CheckConstraint("signed_satang >= 0 AND amount_satang >= 0", name="amount_not_negative"),
        sa.CheckConstraint("length(number) > 0", name="numbered"),
        sa.CheckConstraint(
            "starts_on IS NULL OR ((signed_ends_on IS NULL OR starts_on <= signed_ends_on) "
            "AND (ends_on IS NULL OR starts_on <= ends_on))",
            name="period_forward",
        ),
        sa.CheckConstraint("(cancelled_on IS NULL) = (cancel_reason IS NULL)", name="cancelled_with_reason"),
    )

    id: Mapped[Id]
    process_id: Mapped[int] = reference("processes.id", index=False)
    award_id: Mapped[int] = reference("awards.id")
    number: Mapped[Short]
    signed_on: Mapped[Day]
    starts_on: Mapped[Day | None]
    signed_ends_on: Mapped[Day | None]
    ends_on: Mapped[Day | None]
    signed_satang: Mapped[Satang]
    amount_satang: Mapped[Satang]
    cancelled_on: Mapped[Day | None]
    cancel_reason: Mapped[Line | None]


@promises.append_only()
class Amendment(Base):
    """A contract was amended: what was, what is now, and why. Amounts in satang; days are Bangkok days."""

    __tablename__ = "contract_amendments"
    __table_args__ = (
        sa.UniqueConstraint("contract_id", "number"),
        sa.CheckConstraint("number >= 1 AND length(reason) > 0", name="reason_given"),
        sa.CheckConstraint("old_satang >= 0 AND new_satang >= 0", name="amount_not_negative"),
        sa.CheckConstraint(
            "old_satang <> new_satang OR (new_ends_on IS NOT NULL AND (old_ends_on IS NULL OR old_ends_on <> new_ends_on))",
            name="something_changes",
        ),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = reference("contracts.id", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    signed_on: Mapped[Day]
    old_satang: Mapped[Satang]
    new_satang: Mapped[Satang]
    old_ends_on: Mapped[Day | None]
    new_ends_on: Mapped[Day | None]
    reason: Mapped[Line]
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]


class Instalment(Versioned, Base):
    """A part of a contract: what is delivered, inspected by a committee and paid. Amounts in satang.

    ``paid_satang`` may be less than ``amount_satang`` (a penalty is kept back), never more. Only an advance is paid
    before it is accepted.
    """

    __tablename__ = "contract_instalments"
    __table_args__ = (
        sa.UniqueConstraint("contract_id", "number"),
        sa.CheckConstraint("amount_satang >= 0", name="amount_not_negative"),
        sa.CheckConstraint("paid_satang >= 0 AND paid_satang <= amount_satang", name="paid_at_most_due"),
        sa.CheckConstraint("(paid_on IS NULL) = (paid_satang IS NULL)", name="paid_with_amount"),
        sa.CheckConstraint("paid_on IS NOT NULL OR voucher = ''", name="voucher_when_paid"),
        sa.CheckConstraint("(accepted_on IS NULL) = (committee_size IS NULL)", name="accepted_by_committee"),
        sa.CheckConstraint("committee_size > 0", name="committee_of_people"),
        sa.CheckConstraint(
            "accepted_on IS NULL OR (delivered_on IS NOT NULL AND delivered_on <= accepted_on)",
            name="accepted_after_delivery",
        ),
        sa.CheckConstraint(
            "paid_on IS NULL OR is_advance OR (accepted_on IS NOT NULL AND accepted_on <= paid_on)",
            name="paid_after_acceptance",
        ),
        sa.Index("ix_contract_instalments_due_on", "due_on"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = reference("contracts.id", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    what: Mapped[Line]
    is_advance: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[Day | None]
    amount_satang: Mapped[Satang]
    delivered_on: Mapped[Day | None]
    accepted_on: Mapped[Day | None]
    committee_size: Mapped[int | None] = mapped_column(sa.SmallInteger)
    paid_on: Mapped[Day | None]
    paid_satang: Mapped[Satang | None]
    voucher: Mapped[Short] = mapped_column(default="")
