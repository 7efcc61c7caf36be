"""Forums themselves: one, a page of them, a feed of them, and where and when they may be held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, paging
from portal.core.actor import ANONYMOUS, Actor, Permission
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.models import Cycle, Phase, PhaseKind
from portal.forums.models import AgendaItem, Attendance, Forum, ForumPurpose, ForumState
from portal.notifications import queries as follows
from portal.places.models import Community, District

people_count = (
    sa.select(sa.func.coalesce(sa.func.sum(Attendance.people), 0))
    .where(Attendance.forum_id == Forum.id)
    .correlate(Forum)
    .scalar_subquery()
)
"""How many came to a forum, as a column beside it."""


def forum(forum_id: int) -> Forum:
    """One forum; every forum is public. Raises NotFound."""
    found = db.session().get(Forum, forum_id)
    if found is None:
        raise NotFound
    return found


def forum_held(forum_id: int) -> Forum:
    """One forum, held against other writers until the transaction ends. Raises NotFound."""
    found = db.get_for_update(Forum, forum_id)
    if found is None:
        raise NotFound
    return found


def agenda_of(forum_id: int) -> list[AgendaItem]:
    """The matters of a forum's agenda, in order."""
    return list(
        db.session().scalars(
            sa.select(AgendaItem).where(AgendaItem.forum_id == forum_id).order_by(AgendaItem.position)
        )
    )


def agendas_of(forum_ids: Iterable[int]) -> dict[int, list[str]]:
    """The matters of several forums' agendas."""
    found: dict[int, list[str]] = {}
    for forum_id, matter in db.session().execute(
        sa.select(AgendaItem.forum_id, AgendaItem.matter)
        .where(AgendaItem.forum_id.in_(list(forum_ids)))
        .order_by(AgendaItem.forum_id, AgendaItem.position)
    ):
        found.setdefault(forum_id, []).append(matter)
    return found


def way_to(forum: Forum) -> tuple[str, dict[str, Any], object]:
    """Where an error about a forum leads."""
    return "forums.show", {"forum_id": forum.id}, _l("See the forum")


def place_of(forum: Forum, reader: Actor = ANONYMOUS) -> Any:
    """The names of a forum's district and community, its cycle's year, and whom its announcement concerns
    (code, district_th, district_en, community, fiscal_year, district_topic_id, community_topic_id); and whether the
    reader follows the forum (is_following)."""
    return (
        db.session()
        .execute(
            sa.select(
                District.code,
                District.name_th.label("district_th"),
                District.name_en.label("district_en"),
                Community.name.label("community"),
                Cycle.fiscal_year,
                District.topic_id.label("district_topic_id"),
                Community.topic_id.label("community_topic_id"),
                follows.followed_by(reader, forum.topic_id).label("is_following"),
            )
            .select_from(District)
            .outerjoin(Community, Community.id == forum.community_id)
            .outerjoin(Cycle, Cycle.id == forum.cycle_id)
            .where(District.id == forum.district_id)
        )
        .one()
    )


def _listed() -> Any:
    return (
        sa.select(
            Forum.id,
            Forum.purpose,
            Forum.title,
            Forum.starts_at,
            Forum.ends_at,
            Forum.place,
            Forum.state,
            Forum.district_id,
            Forum.community_id,
            Forum.topic_id,
            District.name_th.label("district_th"),
            District.name_en.label("district_en"),
            Community.name.label("community"),
            people_count.label("people"),
        )
        .join(District, District.id == Forum.district_id)
        .outerjoin(Community, Community.id == Forum.community_id)
    )


def forums_page(
    *,
    past: bool,
    district_id: int | None = None,
    community_id: int | None = None,
    purpose: ForumPurpose | None = None,
    cursor: str | None = None,
    size: int = 20,
) -> paging.Slice:
    """Coming forums (the next first) or past ones (the latest first), by place and purpose, one page at a time.

    A forum is past once it has ended, and when it was called off or recorded.
    """
    is_coming = sa.and_(Forum.state == ForumState.ANNOUNCED, Forum.ends_at > clock.now())
    statement = _listed().where(sa.not_(is_coming) if past else is_coming)
    if district_id is not None:
        statement = statement.where(Forum.district_id == district_id)
    if community_id is not None:
        statement = statement.where(Forum.community_id == community_id)
    if purpose is not None:
        statement = statement.where(Forum.purpose == purpose)
    after = _decoded(cursor)
    if after is not None:
        key, last = sa.tuple_(Forum.starts_at, Forum.id), sa.tuple_(*after)
        statement = statement.where(key < last if past else key > last)
    order = (Forum.starts_at.desc(), Forum.id.desc()) if past else (Forum.starts_at.asc(), Forum.id.asc())
    rows = list(db.session().execute(statement.order_by(*order).limit(size + 1)))
    if len(rows) <= size:
        return paging.Slice(rows, None)
    last_row = rows[size - 1]
    return paging.Slice(rows[:size], paging.encode([last_row.starts_at.isoformat(), last_row.id]))


def _decoded(cursor: str | None) -> tuple[Any, Any] | None:
    values = paging.decode(cursor, 2)
    if values is None or not isinstance(values[0], str) or not isinstance(values[1], int):
        return None
    try:
        instant = dt.datetime.fromisoformat(values[0]).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    if not 0 < values[1] < 2**53:
        return None
    return sa.literal(instant, Forum.starts_at.type), sa.literal(values[1])


def forums_of_community(actor: Actor, community_id: int, cycle_id: int | None = None) -> Sequence[Any]:
    """A community's forums, newest first, of one cycle or of all; at most 100."""
    statement = _listed().where(Forum.community_id == community_id)
    if cycle_id is not None:
        statement = statement.where(Forum.cycle_id == cycle_id)
    return db.session().execute(statement.order_by(Forum.starts_at.desc()).limit(100)).all()


def coming_forums(*, district_id: int | None = None, limit: int = 5) -> Sequence[Any]:
    """The next announced forums, anywhere or in one district."""
    return forums_page(past=False, district_id=district_id, size=limit).rows


def calendar_of(*, district_id: int | None = None, community_id: int | None = None) -> Sequence[Any]:
    """Forums of the last year and all to come, of a district with its communities or of one community, for a feed."""
    statement = sa.select(
        Forum.id,
        Forum.title,
        Forum.starts_at,
        Forum.ends_at,
        Forum.place,
        Forum.state,
        Forum.version_id,
        Forum.created_at,
        Forum.recorded_at,
    ).where(Forum.starts_at > clock.now() - dt.timedelta(days=365))
    if community_id is not None:
        statement = statement.where(Forum.community_id == community_id)
    else:
        statement = statement.where(Forum.district_id == district_id)
    return db.session().execute(statement.order_by(Forum.starts_at, Forum.id).limit(500)).all()


def next_boundary(district_id: int | None = None) -> dt.datetime | None:
    """When the next forum begins or ends: lists and pages change by themselves then."""
    now = clock.now()
    place = [] if district_id is None else [Forum.district_id == district_id]
    edges = sa.union_all(
        *(
            sa.select(sa.func.min(column).label("edge")).where(
                column > now, Forum.state == ForumState.ANNOUNCED, *place
            )
            for column in (Forum.starts_at, Forum.ends_at)
        )
    )
    found: list[dt.datetime | None] = [row.edge for row in db.session().execute(edges)]
    return min((edge for edge in found if edge is not None), default=None)


def places_of(actor: Actor) -> tuple[Sequence[Any], Sequence[Any]]:
    """Where this actor may announce forums: districts (id, name_th, name_en) and communities (id, name, district_id)."""
    districts = actor.districts_where(Permission.DISTRICT_FORUM_KEEP)
    of_city = sa.select(District.id, District.name_th, District.name_en).order_by(District.sort_key)
    if districts is not None:
        of_city = of_city.where(District.id.in_(sorted(districts)))
    mine = sa.select(Community.id, Community.name, Community.district_id).where(
        Community.id.in_(sorted(actor.communities_where(Permission.FORUM_KEEP)))
    )
    return (
        db.session().execute(of_city).all() if districts is None or districts else (),
        db.session().execute(mine.order_by(Community.sort_key)).all(),
    )


# -- the cycle a forum belongs to -------------------------------------------------------------------------------------


def cycle_at(district_id: int, kind: PhaseKind, instant: dt.datetime) -> int | None:
    """The cycle of a district whose phase ``kind``, under published rules, holds the instant."""
    return db.session().scalar(
        sa.select(Phase.cycle_id)
        .join(Cycle, Cycle.id == Phase.cycle_id)
        .where(
            Cycle.district_id == district_id,
            Phase.kind == kind,
            Phase.edition_id.is_not(None),
            Phase.starts_at <= instant,
            Phase.ends_at > instant,
        )
        .order_by(Cycle.fiscal_year.desc())
        .limit(1)
    )


def windows_ahead(district_id: int, kind: PhaseKind) -> Sequence[Any]:
    """Windows of a phase that are open or to come, under published rules (fiscal_year, starts_at, ends_at)."""
    return (
        db.session()
        .execute(
            sa.select(Cycle.fiscal_year, Phase.starts_at, Phase.ends_at)
            .join(Cycle, Cycle.id == Phase.cycle_id)
            .where(
                Cycle.district_id == district_id,
                Phase.kind == kind,
                Phase.edition_id.is_not(None),
                Phase.ends_at > clock.now(),
            )
            .order_by(Phase.starts_at)
            .limit(3)
        )
        .all()
    )
