"""What a district keeps between its forums: the problems gathered, policies and the papers around them, bodies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.forums.models import (
    Forum,
    ForumPaper,
    ForumPurpose,
    ForumState,
    Issue,
    PaperKind,
    Side,
    StandingBody,
)
from portal.forums.queries.announced import people_count
from portal.places.models import Community

TOP_PROBLEMS = 5
"""So many problems of each side are named in a synthesis; all are counted."""


def problems_gathered(district_id: int, since: dt.date) -> dict[str, Any]:
    """What the recorded forums of a district's communities brought since a day, as a synthesis publishes it: forums,
    people, and by side the issues, votes and the problems with most votes. A problem that several communities raised
    in the same words is one, with its votes together; the first to raise it is named."""
    held = (
        sa.select(Forum.id, Forum.community_id, people_count.label("people"))
        .where(
            Forum.district_id == district_id,
            Forum.community_id.is_not(None),
            Forum.state == ForumState.RECORDED,
            Forum.starts_at >= clock.at(since, 0, 0),
            Forum.starts_at <= clock.now(),
        )
        .subquery()
    )
    forums, people = (
        db.session()
        .execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(held.c.people), 0)).select_from(held)
        )
        .one()
    )
    said = (
        sa.select(
            Issue.side,
            Issue.problem,
            sa.func.min(Issue.id).label("id"),
            sa.func.count().label("times"),
            sa.func.count(held.c.community_id.distinct()).label("communities"),
            sa.func.sum(Issue.votes).label("votes"),
            sa.func.sum(Issue.raised_by).label("raised_by"),
        )
        .join(held, held.c.id == Issue.forum_id)
        .group_by(Issue.side, Issue.problem)
        .subquery()
    )
    place = sa.func.row_number().over(
        partition_by=said.c.side, order_by=(said.c.votes.desc(), said.c.raised_by.desc(), said.c.id)
    )
    ranked = sa.select(
        *said.c,
        place.label("place"),
        sa.func.sum(said.c.times).over(partition_by=said.c.side).label("issues"),
        sa.func.sum(said.c.votes).over(partition_by=said.c.side).label("all_votes"),
    ).subquery()
    rows = db.session().execute(
        sa.select(ranked, Issue.forum_id, Community.name.label("community"))
        .join(Issue, Issue.id == ranked.c.id)
        .join(Forum, Forum.id == Issue.forum_id)
        .join(Community, Community.id == Forum.community_id)
        .where(ranked.c.place <= TOP_PROBLEMS)
        .order_by(ranked.c.side, ranked.c.place)
    )
    sides: dict[Side, dict[str, Any]] = {}
    for row in rows:
        told = sides.setdefault(
            row.side,
            {"side": row.side.value, "issues": int(row.issues), "votes": int(row.all_votes), "problems": []},
        )
        told["problems"].append(
            {
                "id": row.id,
                "forum_id": row.forum_id,
                "problem": row.problem,
                "votes": int(row.votes),
                "community": row.community,
                "communities": row.communities,
            }
        )
    return {
        "since": since.isoformat(),
        "until": clock.today().isoformat(),
        "forums": forums,
        "people": int(people),
        "sides": [sides[side] for side in Side if side in sides],
    }


def papers_of(forum_id: int, kind: PaperKind | None = None) -> list[ForumPaper]:
    """Published editions of a forum's papers, the newest first."""
    statement = sa.select(ForumPaper).where(ForumPaper.forum_id == forum_id)
    if kind is not None:
        statement = statement.where(ForumPaper.kind == kind)
    return list(db.session().scalars(statement.order_by(ForumPaper.kind, ForumPaper.number.desc())))


def policy_forums(district_id: int, limit: int = 20) -> Sequence[Any]:
    """District policy forums, the newest first, with the newest edition of each paper (synthesis, policy: numbers or
    None)."""
    newest = {
        kind: sa.select(sa.func.max(ForumPaper.number))
        .where(ForumPaper.forum_id == Forum.id, ForumPaper.kind == kind)
        .correlate(Forum)
        .scalar_subquery()
        .label(kind.value)
        for kind in PaperKind
    }
    return (
        db.session()
        .execute(
            sa.select(Forum.id, Forum.title, Forum.starts_at, Forum.state, *newest.values())
            .where(Forum.district_id == district_id, Forum.purpose == ForumPurpose.DISTRICT_POLICY)
            .order_by(Forum.starts_at.desc())
            .limit(limit)
        )
        .all()
    )


def body(body_id: int) -> StandingBody:
    """One council or network; all are public. Raises NotFound."""
    found = db.session().get(StandingBody, body_id)
    if found is None:
        raise NotFound
    return found


def bodies_of(district_id: int) -> list[StandingBody]:
    """Councils and networks of a district: those at work first."""
    order = (StandingBody.closed_on.is_not(None), StandingBody.kind, StandingBody.name)
    return list(
        db.session().scalars(
            sa.select(StandingBody).where(StandingBody.district_id == district_id).order_by(*order)
        )
    )


def forums_of_body(body_id: int, limit: int = 50) -> Sequence[Any]:
    """A body's forums, the newest first."""
    return (
        db.session()
        .execute(
            sa.select(Forum.id, Forum.title, Forum.starts_at, Forum.state, people_count.label("people"))
            .where(Forum.body_id == body_id)
            .order_by(Forum.starts_at.desc())
            .limit(limit)
        )
        .all()
    )
