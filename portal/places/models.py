"""Districts, sub-districts, communities."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Day, Id, Instant, Line, Short, enum_column, reference


class AgencyCodeStatus(StrEnum):
    """Whether a district's budget agency code was seen in a city document or inferred from the sequence [C]."""

    VERIFIED = "verified"
    INFERRED = "inferred"


class CommunityState(StrEnum):
    """States that matter for the denominators of indicators (domain.md section 2)."""

    ACTIVE = "active"
    COMMITTEE_INCOMPLETE = "committee_incomplete"
    DISSOLVING = "dissolving"
    DISSOLVED = "dissolved"


class NameQuality(StrEnum):
    """A name marked ``check`` came damaged from its source and is proofed before it is shown as fact."""

    OK = "ok"
    CHECK = "check"


class District(Base):
    """One of the 50 districts. ``id`` is the DOPA code as a number (1002), ``code`` as text; ``agency_code`` is the
    budget agency's (50070000), another number. ``name_th`` is the full official name, เขตดุสิต."""

    __tablename__ = "districts"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(4), unique=True)
    name_th: Mapped[Short] = mapped_column(unique=True)
    name_en: Mapped[Short]
    sort_key: Mapped[Line]
    latitude: Mapped[float]
    longitude: Mapped[float]
    agency_code: Mapped[str] = mapped_column(sa.String(8), unique=True)
    agency_code_status: Mapped[AgencyCodeStatus] = enum_column(AgencyCodeStatus)
    group_th: Mapped[Short]
    tile_column: Mapped[int] = mapped_column(sa.SmallInteger)
    tile_row: Mapped[int] = mapped_column(sa.SmallInteger)
    topic_id: Mapped[int] = reference("topics.id", unique=True)

    __table_args__ = (sa.UniqueConstraint("tile_column", "tile_row"),)


class Subdistrict(Base):
    """One of the 180 sub-districts (แขวง)."""

    __tablename__ = "subdistricts"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(sa.String(6), unique=True)
    district_id: Mapped[int] = reference("districts.id")
    name_th: Mapped[Short]
    name_en: Mapped[Short]
    postal_code: Mapped[str] = mapped_column(sa.String(5))


class CommunityType(Base):
    """Kinds of community under one regulation: a dated list, since the 2555 and 2564 regulations differ."""

    __tablename__ = "community_types"
    __table_args__ = (sa.UniqueConstraint("name_th", "valid_from"),)

    id: Mapped[Id]
    name_th: Mapped[Short]
    name_en: Mapped[Short]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    source: Mapped[Line]


class Community(Base):
    """A registered community. Names repeat between districts, never within one. ``name`` is without ชุมชน in front;
    the sub-district is None where the city's list names one that is not among the 180."""

    __tablename__ = "communities"
    __table_args__ = (
        sa.UniqueConstraint("district_id", "name"),
        sa.Index("ix_communities_district_id_sort_key", "district_id", "sort_key"),
        sa.CheckConstraint("houses IS NULL OR houses >= 0", name="houses_not_negative"),
    )

    id: Mapped[Id]
    district_id: Mapped[int] = reference("districts.id", index=False)
    subdistrict_id: Mapped[int | None] = reference("subdistricts.id", nullable=True)
    type_id: Mapped[int | None] = reference("community_types.id", nullable=True)
    name: Mapped[Short]
    sort_key: Mapped[Line]
    state: Mapped[CommunityState] = enum_column(CommunityState, name="state", default=CommunityState.ACTIVE)
    name_quality: Mapped[NameQuality] = enum_column(NameQuality, default=NameQuality.OK)
    houses: Mapped[int | None] = mapped_column(sa.Integer)
    topic_id: Mapped[int] = reference("topics.id", unique=True)

    @property
    def title(self) -> str:
        """The name as people say it, with ชุมชน in front."""
        return title_of(self.name)


@promises.append_only()
class NameCorrection(Base):
    """A name as the list had it (``was``) and as an officer proofed it (``became``; the same where it was sound).

    ``number`` counts a community's corrections from 1, so of two officers who read the same name only one writes.
    The old names stay known: a list that is imported again still finds its community by them.
    """

    __tablename__ = "name_corrections"
    __table_args__ = (sa.UniqueConstraint("community_id", "number"),)

    id: Mapped[Id]
    community_id: Mapped[int] = reference("communities.id", index=False)
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    was: Mapped[Short]
    became: Mapped[Short]
    source: Mapped[Line]
    corrected_by: Mapped[int | None] = mapped_column(sa.BigInteger)
    corrected_at: Mapped[Instant]


def title_of(name: str) -> str:
    """A community's name as people say it: ชุมชนวัดโบสถ์สามเสน; เคหะชุมชน… and the like stay as they are."""
    return name if "ชุมชน" in name else f"ชุมชน{name}"
