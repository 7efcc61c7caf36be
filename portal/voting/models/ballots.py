"""Ballots while they are cast, the public board of their leaves, and what is published of them at the end.

No row of a ballot names a person, an account, a time or a number of order, and none is written in one transaction with a
row that does. ``voter_tag`` is a keyed hash whose key lies outside the database (``portal.voting.keykeeper``).
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Instant, Sha256, Short, Text, reference


def round_key() -> Mapped[int]:
    """The round, as the first part of a key."""
    column: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey("rounds.id", ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
    )
    return column


class RoundKey(Base):
    """The round's secrets, drawn by the keeper when a second custodian has agreed; here stands only what is public of
    them. Destroyed with minutes."""

    __tablename__ = "round_keys"
    __table_args__ = (
        sa.CheckConstraint("second_custodian <> first_custodian", name="two_custodians"),
        sa.CheckConstraint("(second_custodian IS NULL) = (created_at IS NULL)", name="drawn_by_two"),
        sa.CheckConstraint("(created_at IS NULL) = (public_key IS NULL)", name="drawn_whole"),
        sa.CheckConstraint("(destroyed_at IS NULL) = (minutes = '')", name="destroyed_with_minutes"),
    )

    round_id: Mapped[int] = round_key()
    first_custodian: Mapped[int] = reference("people.id")
    asked_at: Mapped[Instant]
    second_custodian: Mapped[int | None] = reference("people.id", nullable=True)
    created_at: Mapped[Instant | None]
    public_key: Mapped[Sha256 | None]
    destroyed_at: Mapped[Instant | None]
    minutes: Mapped[Text] = mapped_column(default="")


class Ballot(Base):
    """The ballot that counts for one voter (or one sheet of paper). Casting again replaces it. Deleted at
    certification, when the published ballots stand for good."""

    __tablename__ = "ballots"
    __table_args__ = (sa.UniqueConstraint("round_id", "leaf"),)

    round_id: Mapped[int] = round_key()
    voter_tag: Mapped[Sha256] = mapped_column(primary_key=True)
    leaf: Mapped[Sha256]
    body: Mapped[Text]


class BallotRequest(Base):
    """What was answered to one sending of a ballot, so that sending it again gives the same answer. ``key`` hashes the
    sender's key together with the voter's tag, ``content`` what was sent with it."""

    __tablename__ = "ballot_requests"

    round_id: Mapped[int] = round_key()
    key: Mapped[Sha256] = mapped_column(primary_key=True)
    content: Mapped[Sha256]
    leaf: Mapped[Sha256]


class SupersededLeaf(Base):
    """The leaf of a ballot that was replaced by a later one, on the web or in person. What it said is not kept."""

    __tablename__ = "superseded_leaves"

    round_id: Mapped[int] = round_key()
    leaf: Mapped[Sha256] = mapped_column(primary_key=True)


class InPersonTag(Base):
    """Whoever took a ballot of paper: no ballot on the web counts for them any more."""

    __tablename__ = "in_person_tags"

    round_id: Mapped[int] = round_key()
    voter_tag: Mapped[Sha256] = mapped_column(primary_key=True)


@promises.append_only()
class BoardLeaf(Base):
    """A leaf at its place in the public tree. Leaves go up in batches, sorted by hash, so that a place tells nothing
    about the hour."""

    __tablename__ = "board_leaves"
    __table_args__ = (sa.UniqueConstraint("round_id", "leaf"),)

    round_id: Mapped[int] = round_key()
    place: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    leaf: Mapped[Sha256]


@promises.append_only()
class BoardHead(Base):
    """A signed head of the tree, as the line that is published (``portal.voting.heads``)."""

    __tablename__ = "board_heads"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('opening', 'batch', 'closing', 'result', 'annulled')", name="kind"),
    )

    round_id: Mapped[int] = round_key()
    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    kind: Mapped[Short]
    size: Mapped[int] = mapped_column(sa.Integer)
    line: Mapped[Text]
    sha256: Mapped[Sha256]
    published_at: Mapped[Instant]


@promises.never_changed
class PublishedBallot(Base):
    """A ballot that counts, as it is published after the close: written anew in the order of the leaves, so that nothing
    is left of the order in which they came. Kept for good, but for those of a cancelled round that nobody was shown
    (``frozen``)."""

    __tablename__ = "published_ballots"

    round_id: Mapped[int] = round_key()
    leaf: Mapped[Sha256] = mapped_column(primary_key=True)
    body: Mapped[Text]
