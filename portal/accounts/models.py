"""People, what they may do, where they live, how they sign in."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.actor import Role, Scope
from portal.core.db import Base, Day, Id, Instant, Line, Sha256, Short, Text, enum_column, reference


class Person(Base):
    """An account. ``display_name`` is what others see; names are title, given, family, and one-name people exist."""

    __tablename__ = "people"

    id: Mapped[Id]
    email: Mapped[Short] = mapped_column(unique=True)
    password_hash: Mapped[Line]
    title: Mapped[Short] = mapped_column(default="")
    given_name: Mapped[Short]
    family_name: Mapped[Short] = mapped_column(default="")
    display_name: Mapped[Short]
    language: Mapped[str] = mapped_column(sa.String(2), default="th")
    position: Mapped[Short] = mapped_column(default="")
    wants_mail: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


# Where a role holds: the duties of a district, and those of the whole city. A leader's duty comes from a seat.
DISTRICT_ROLES = (
    Role.PLANNER,
    Role.DIRECTOR,
    Role.PROCUREMENT,
    Role.COMMUNITY_DESK,
    Role.REGISTRY,
    Role.ROUND_OFFICER,
    Role.KEY_CUSTODIAN,
    Role.PAPER_CLERK,
    Role.CERTIFIER,
)
CITY_ROLES = (Role.STRATEGY, Role.MODERATOR, Role.AUDITOR, Role.ADMIN)


class GrantRow(Base):
    """A role in force from ``valid_from`` to before ``valid_to``; an officer's grant needs two people and rests on an
    order (คำสั่ง). It counts only once ``confirmed_at`` is set; nobody proposes, confirms or revokes their own.
    ``section`` is the ฝ่าย, ``position`` the post as the order prints it."""

    __tablename__ = "grants"
    __table_args__ = (
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_by_with_instant"
        ),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint("proposed_by <> person_id", name="not_own_proposal"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> person_id", name="not_own_confirmation"),
        sa.CheckConstraint(
            "(revoked_by IS NULL) = (revoked_at IS NULL) AND (revoked_by IS NULL) = (revoke_reason = '')",
            name="revoked_by_with_instant_and_reason",
        ),
        sa.CheckConstraint("revoked_by IS NULL OR revoked_by <> person_id", name="not_own_revocation"),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="term_forward"),
        sa.CheckConstraint(
            "(scope = 'city' AND district_id IS NULL AND community_id IS NULL) OR "
            "(scope = 'district' AND district_id IS NOT NULL AND community_id IS NULL) OR "
            "(scope = 'community' AND district_id IS NOT NULL AND community_id IS NOT NULL)",
            name="scope_with_place",
        ),
        sa.Index("ix_grants_person_id_confirmed_at", "person_id", "confirmed_at"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", index=False)
    role: Mapped[Role] = enum_column(Role)
    scope: Mapped[Scope] = enum_column(Scope)
    district_id: Mapped[int | None] = reference("districts.id", nullable=True)
    community_id: Mapped[int | None] = reference("communities.id", nullable=True)
    section: Mapped[Short] = mapped_column(default="")
    position: Mapped[Short] = mapped_column(default="")
    order_reference: Mapped[Line]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    proposed_by: Mapped[int] = reference("people.id")
    proposed_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = reference("people.id", nullable=True)
    confirmed_at: Mapped[Instant | None]
    revoked_by: Mapped[int | None] = reference("people.id", nullable=True)
    revoked_at: Mapped[Instant | None]
    revoke_reason: Mapped[Line] = mapped_column(default="")


class CommitteePost(StrEnum):
    """Posts of a community committee (domain.md section 2)."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    REGISTRAR = "registrar"
    PUBLIC_RELATIONS = "public_relations"
    MEMBER = "member"


class CommitteeMember(Base):
    """A seat on a community committee for a term, entered by the community desk with its appointment paper.
    In office ⇔ valid_from ≤ today < valid_to. A member with an account acts as a community leader."""

    __tablename__ = "committee_members"
    __table_args__ = (
        sa.Index("ix_committee_members_community_id_valid_to", "community_id", "valid_to"),
        sa.CheckConstraint("valid_from < valid_to", name="term_forward"),
        sa.CheckConstraint("(left_on IS NULL) = (left_reason = '')", name="left_with_reason"),
        sa.CheckConstraint("person_id IS NULL OR person_id <> entered_by", name="not_own_seat"),
    )

    id: Mapped[Id]
    community_id: Mapped[int] = reference("communities.id", index=False)
    person_id: Mapped[int | None] = reference("people.id", nullable=True)
    name: Mapped[Short]
    post: Mapped[CommitteePost] = enum_column(CommitteePost, name="post")
    valid_from: Mapped[Day]
    valid_to: Mapped[Day]
    appointment_reference: Mapped[Line]
    entered_by: Mapped[int] = reference("people.id")
    entered_at: Mapped[Instant]
    left_on: Mapped[Day | None]
    left_reason: Mapped[Line] = mapped_column(default="")


class ResidencyState(StrEnum):
    """A resident asks, the registry confirms or refuses."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Residency(Base):
    """Where a person says they live. *Verified* means a district confirmed it."""

    __tablename__ = "residencies"
    __table_args__ = (
        sa.CheckConstraint(
            "(state = 'requested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="decided_with_officer",
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> person_id", name="not_own_decision"),
        sa.CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_with_reason"),
        sa.Index(
            "uq_residencies_one_current",
            "person_id",
            unique=True,
            sqlite_where=sa.text("state <> 'refused' AND ended_at IS NULL"),
            postgresql_where=sa.text("state <> 'refused' AND ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id")
    district_id: Mapped[int] = reference("districts.id")
    community_id: Mapped[int | None] = reference("communities.id", nullable=True)
    state: Mapped[ResidencyState] = enum_column(
        ResidencyState, name="state", default=ResidencyState.REQUESTED
    )
    requested_at: Mapped[Instant]
    decided_by: Mapped[int | None] = reference("people.id", nullable=True)
    decided_at: Mapped[Instant | None]
    reason: Mapped[Line] = mapped_column(default="")
    ended_at: Mapped[Instant | None]


class InterestDeclaration(Base):
    """An officer's or leader's stated interest in a community or subject: who has one steps aside there."""

    __tablename__ = "interest_declarations"

    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id")
    community_id: Mapped[int] = reference("communities.id")
    description: Mapped[Text]
    declared_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class LoginSession(Base):
    """One signed-in browser; revoking the row signs it out. ``token_hash`` is SHA-256 of the token in the cookie."""

    __tablename__ = "login_sessions"

    id: Mapped[Id]
    person_id: Mapped[int] = reference("people.id", ondelete="CASCADE")
    token_hash: Mapped[Sha256] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    browser: Mapped[Short] = mapped_column(default="")


class MailTokenPurpose(StrEnum):
    """What a mailed link may do, once."""

    REGISTER = "register"
    RESET = "reset"


class MailToken(Base):
    """A one-time link sent by mail; kept as a hash."""

    __tablename__ = "mail_tokens"

    id: Mapped[Id]
    purpose: Mapped[MailTokenPurpose] = enum_column(MailTokenPurpose, name="purpose")
    email: Mapped[Short] = mapped_column(index=True)
    token_hash: Mapped[Sha256] = mapped_column(unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class SignInTry(Base):
    """Failed sign-ins per key (hash of e-mail, hash of network) for the throttle."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (sa.Index("ix_sign_in_tries_key_at", "key", "at"),)

    id: Mapped[Id]
    key: Mapped[Sha256]
    at: Mapped[Instant]
