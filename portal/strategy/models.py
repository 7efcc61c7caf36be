"""Strategy trees: per plan, phase and fiscal year; the city's and each district's own."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Id, Instant, Line, Satang, Short, Text, Versioned, enum_column, reference


class TreeState(StrEnum):
    """A draft is edited; a published tree is not: a change is a new version."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Tree(Versioned, Base):
    """One version of one tree. ``district_id`` None is the city's; fiscal years are BE and inclusive.
    ``continues_id`` names the tree this one takes over from."""

    __tablename__ = "strategy_trees"
    __table_args__ = (
        sa.UniqueConstraint("slug", "version"),
        sa.CheckConstraint("first_year <= last_year", name="years_forward"),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name="published_with_instant"
        ),
        sa.CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_with_officer"),
    )

    id: Mapped[Id]
    slug: Mapped[Short]
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    title: Mapped[Line]
    title_en: Mapped[Line] = mapped_column(default="")
    district_id: Mapped[int | None] = reference("districts.id", nullable=True)
    first_year: Mapped[int] = mapped_column(sa.SmallInteger)
    last_year: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[TreeState] = enum_column(TreeState, name="state", default=TreeState.DRAFT)
    source: Mapped[Line]
    continues_id: Mapped[int | None] = reference("strategy_trees.id", nullable=True)
    published_at: Mapped[Instant | None]
    published_by: Mapped[int | None] = reference("people.id", nullable=True)


class Level(Base):
    """The name of one depth of a tree (ด้าน, มิติ, …): names of levels are data."""

    __tablename__ = "strategy_levels"
    __table_args__ = (sa.UniqueConstraint("tree_id", "depth"),)

    id: Mapped[Id]
    tree_id: Mapped[int] = reference("strategy_trees.id", ondelete="CASCADE", index=False)
    depth: Mapped[int] = mapped_column(sa.SmallInteger)
    name_th: Mapped[Short]
    name_en: Mapped[Short]


class Node(Base):
    """One line of a tree. ``number`` as printed ("5.2.1.1"); ``continues_id`` names an older node it carries on."""

    __tablename__ = "strategy_nodes"
    __table_args__ = (sa.Index("ix_strategy_nodes_tree_id_path", "tree_id", "path"),)

    id: Mapped[Id]
    tree_id: Mapped[int] = reference("strategy_trees.id", ondelete="CASCADE", index=False)
    parent_id: Mapped[int | None] = reference("strategy_nodes.id", ondelete="CASCADE", nullable=True)
    depth: Mapped[int] = mapped_column(sa.SmallInteger)
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    path: Mapped[Line]
    number: Mapped[Short] = mapped_column(default="")
    title: Mapped[Text]
    title_en: Mapped[Text] = mapped_column(default="")
    note: Mapped[Line] = mapped_column(default="")
    continues_id: Mapped[int | None] = reference("strategy_nodes.id", nullable=True)
    topic_id: Mapped[int | None] = reference("topics.id", nullable=True)


class Indicator(Base):
    """A measure of success (ตัวชี้วัด) under a node, with its unit as printed."""

    __tablename__ = "strategy_indicators"

    id: Mapped[Id]
    node_id: Mapped[int] = reference("strategy_nodes.id", ondelete="CASCADE")
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    title: Mapped[Text]
    unit: Mapped[Short] = mapped_column(default="")


class Target(Base):
    """What an indicator should reach in a fiscal year (BE) for an agency, in the document's words."""

    __tablename__ = "strategy_targets"
    __table_args__ = (sa.UniqueConstraint("indicator_id", "fiscal_year", "agency"),)

    id: Mapped[Id]
    indicator_id: Mapped[int] = reference("strategy_indicators.id", ondelete="CASCADE", index=False)
    fiscal_year: Mapped[int] = mapped_column(sa.SmallInteger)
    agency: Mapped[Short]
    words: Mapped[Line]


class Measure(Base):
    """A measure (มาตรการ) or flagship project under an indicator, with its budget per year: an amount or words."""

    __tablename__ = "strategy_measures"

    id: Mapped[Id]
    indicator_id: Mapped[int] = reference("strategy_indicators.id", ondelete="CASCADE")
    position: Mapped[int] = mapped_column(sa.SmallInteger)
    is_flagship: Mapped[bool] = mapped_column(default=False)
    title: Mapped[Text]
    agency: Mapped[Line] = mapped_column(default="")
    fiscal_year: Mapped[int] = mapped_column(sa.SmallInteger)
    budget_satang: Mapped[Satang | None]
    budget_words: Mapped[Line] = mapped_column(default="")


class PolicyTag(Base):
    """One of the nine "ดี" policy tags (2565–)."""

    __tablename__ = "policy_tags"

    id: Mapped[Id]
    position: Mapped[int] = mapped_column(sa.SmallInteger, unique=True)
    name_th: Mapped[Short] = mapped_column(unique=True)
    name_en: Mapped[Short]
