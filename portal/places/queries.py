"""Reading places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.core import db, topics
from portal.core.actor import Actor
from portal.core.i18n import lazy_gettext as _l
from portal.places.models import Community, CommunityState, CommunityType, District, Subdistrict


def district(code: int) -> District | None:
    """The district with that DOPA code (its id), or None."""
    return db.session().get(District, code)


def districts() -> Sequence[Any]:
    """The 50 districts in Thai order, as rows of every column."""
    return db.session().execute(sa.select(District.__table__).order_by(District.sort_key)).all()


def subdistricts_in(district_id: int) -> Sequence[Any]:
    """A district's sub-districts in order of their codes."""
    return (
        db.session()
        .execute(
            sa.select(Subdistrict.__table__)
            .where(Subdistrict.district_id == district_id)
            .order_by(Subdistrict.code)
        )
        .all()
    )


def community(community_id: int) -> Community | None:
    """One community, or None."""
    return db.session().get(Community, community_id)


def communities_in(district_id: int) -> Sequence[Any]:
    """A district's communities in Thai order: id, name, state, name_quality, houses, type and sub-district names.
    Dissolved ones are left out."""
    return (
        db.session()
        .execute(
            sa.select(
                Community.id,
                Community.name,
                Community.state,
                Community.name_quality,
                Community.houses,
                Community.type_id,
                CommunityType.name_th.label("type_th"),
                CommunityType.name_en.label("type_en"),
                Subdistrict.name_th.label("subdistrict_th"),
                Subdistrict.name_en.label("subdistrict_en"),
            )
            .outerjoin(CommunityType, CommunityType.id == Community.type_id)
            .outerjoin(Subdistrict, Subdistrict.id == Community.subdistrict_id)
            .where(Community.district_id == district_id, Community.state != CommunityState.DISSOLVED)
            .order_by(Community.sort_key, Community.id)
        )
        .all()
    )


def community_counts() -> dict[int, int]:
    """How many communities each district has, dissolved ones left out, by district id."""
    rows = db.session().execute(
        sa.select(Community.district_id, sa.func.count())
        .where(Community.state != CommunityState.DISSOLVED)
        .group_by(Community.district_id)
    )
    return {row[0]: row[1] for row in rows}


def _districts_visible_to(actor: Actor) -> sa.Select[Any]:
    return sa.select(District.topic_id)


def _communities_visible_to(actor: Actor) -> sa.Select[Any]:
    return sa.select(Community.topic_id)


# The pages of a place join many rooms, so they stand in the reading room.
KINDS = (
    topics.Kind("district", _districts_visible_to, "dossier.district", "code", _l("District")),
    topics.Kind("community", _communities_visible_to, "dossier.community", "community_id", _l("Community")),
)
