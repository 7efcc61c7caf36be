"""Reading places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.core import db, paging, thai, topics
from portal.core.actor import Actor, Permission
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.places import atlas, spelling, titles
from portal.places.models import (
    Community,
    CommunityState,
    CommunityType,
    District,
    NameCorrection,
    NameQuality,
    Subdistrict,
)


def district(code: int) -> District | None:
    """The district with that DOPA code (its id), or None."""
    return db.session().get(District, code)


def districts() -> Sequence[Any]:
    """The 50 districts as rows of every column, in the order of the language they are read in."""
    order = District.sort_key if language() == "th" else District.name_en
    return db.session().execute(sa.select(District.__table__).order_by(order)).all()


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


def names_to_proof(actor: Actor, *, typed: str, is_flagged: bool, cursor: str | None) -> paging.Slice:
    """Communities whose name the actor may correct, by district and in Thai order: id, name, name_quality, sort_key,
    district_id and the district's names. ``is_flagged`` leaves out the names that are sound."""
    statement = (
        sa.select(
            Community.id,
            Community.name,
            Community.name_quality,
            Community.sort_key,
            Community.district_id,
            District.name_th,
            District.name_en,
        )
        .join(District, District.id == Community.district_id)
        .where(_correctable_by(actor), Community.state != CommunityState.DISSOLVED)
    )
    if is_flagged:
        statement = statement.where(Community.name_quality == NameQuality.CHECK)
    wanted = thai.normalise(typed)
    if wanted:
        statement = statement.where(Community.name.contains(wanted, autoescape=True))
    order = [(Community.district_id, "asc"), (Community.sort_key, "asc"), (Community.id, "asc")]
    return paging.keyset(statement, order, cursor=cursor, size=40)


def names_waiting(actor: Actor) -> int:
    """How many names the actor should proof."""
    count = sa.select(sa.func.count()).select_from(Community)
    waiting = count.where(
        _correctable_by(actor),
        Community.state != CommunityState.DISSOLVED,
        Community.name_quality == NameQuality.CHECK,
    )
    return db.session().scalar(waiting) or 0


def _correctable_by(actor: Actor) -> sa.ColumnElement[Any]:
    """The filter that goes with ``policy.can_correct_name``."""
    districts = actor.districts_where(Permission.PLACE_EDIT)
    if districts is None:
        return sa.true()
    return sa.or_(
        Community.district_id.in_(districts),
        Community.id.in_(actor.communities_where(Permission.PLACE_EDIT)),
    )


def corrections_of(community_id: int) -> Sequence[Any]:
    """Every correction of a community's name, newest first."""
    return (
        db.session()
        .execute(
            sa.select(NameCorrection.__table__)
            .where(NameCorrection.community_id == community_id)
            .order_by(NameCorrection.number.desc())
        )
        .all()
    )


def suggested_name(name: str) -> str | None:
    """The spelling a damaged name was probably meant to have, read with the words of all sound names; or None."""
    sound = db.session().scalars(sa.select(Community.name).where(Community.name_quality == NameQuality.OK))
    places = (row["name_th"] for kind in ("districts", "subdistricts") for row in atlas.read(kind))
    return spelling.suggestion(name, spelling.words_of([*sound, *places]))


def _districts_visible_to(actor: Actor) -> sa.Select[Any]:
    return sa.select(District.topic_id)


def _communities_visible_to(actor: Actor) -> sa.Select[Any]:
    return sa.select(Community.topic_id)


# The pages of a place join many rooms, so they stand in the reading room.
KINDS = (
    topics.Kind(
        *("district", _districts_visible_to, "dossier.district", "code", _l("District")), told=titles.told
    ),
    topics.Kind("community", _communities_visible_to, "dossier.community", "community_id", _l("Community")),
)
