"""Reading the committee of a plan: who sits in it, what they declared, what they resolved."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.actionplan.committee import Voice
from portal.actionplan.models import (
    ActionPlan,
    DeclaredInterest,
    PlanCommitteeMember,
    PlanResolution,
    Project,
    SeatKind,
)
from portal.core import clock, db
from portal.forums.models import Forum, ForumPurpose, ForumState

_RANK = {kind: place for place, kind in enumerate(SeatKind)}


def in_office() -> sa.ColumnElement[bool]:
    """The filter on :class:`PlanCommitteeMember`: in office today."""
    today = clock.today()
    return sa.and_(
        PlanCommitteeMember.from_on <= today,
        sa.or_(PlanCommitteeMember.until_on.is_(None), PlanCommitteeMember.until_on > today),
    )


def members(district_id: int) -> list[Any]:
    """Every seat of the district's committee, those in office first, by kind: id, kind, name, represents, order_number,
    order_on, from_on, until_on, ended_reason, is_in_office."""
    seats = PlanCommitteeMember.__table__
    rows = db.session().execute(
        sa.select(*seats.columns, in_office().label("is_in_office"))
        .where(PlanCommitteeMember.district_id == district_id)
        .order_by(PlanCommitteeMember.id)
    )
    return sorted(rows, key=lambda row: (not row.is_in_office, _RANK[SeatKind(row.kind)], row.id))


def interests(plan_id: int) -> list[Any]:
    """What members declared about a plan: name, represents, what, declared_on, project_id, project."""
    return list(
        db.session().execute(
            sa.select(
                PlanCommitteeMember.name,
                PlanCommitteeMember.represents,
                DeclaredInterest.what,
                DeclaredInterest.declared_on,
                DeclaredInterest.project_id,
                Project.name.label("project"),
            )
            .join(PlanCommitteeMember, PlanCommitteeMember.id == DeclaredInterest.member_id)
            .outerjoin(Project, Project.id == DeclaredInterest.project_id)
            .where(DeclaredInterest.action_plan_id == plan_id)
            .order_by(DeclaredInterest.id)
        )
    )


def resolutions(plan_id: int) -> list[Any]:
    """What the committee resolved about a plan, newest first: opinion, text, in_favour, against, abstained,
    content_sha256, entered_at, forum_id, forum (its title), starts_at."""
    return list(
        db.session().execute(
            sa.select(
                PlanResolution.opinion,
                PlanResolution.text,
                PlanResolution.in_favour,
                PlanResolution.against,
                PlanResolution.abstained,
                PlanResolution.content_sha256,
                PlanResolution.entered_at,
                PlanResolution.forum_id,
                Forum.title.label("forum"),
                Forum.starts_at,
            )
            .join(Forum, Forum.id == PlanResolution.forum_id)
            .where(PlanResolution.action_plan_id == plan_id)
            .order_by(PlanResolution.id.desc())
        )
    )


def meetings(district_id: int) -> list[Any]:
    """Recorded meetings of the district's committee, newest first: id, title, starts_at."""
    return list(
        db.session().execute(
            sa.select(Forum.id, Forum.title, Forum.starts_at)
            .where(
                Forum.district_id == district_id,
                Forum.purpose == ForumPurpose.PLAN_COMMITTEE,
                Forum.state == ForumState.RECORDED,
            )
            .order_by(Forum.starts_at.desc(), Forum.id)
            .limit(50)
        )
    )


def voice(plan: ActionPlan) -> Voice:
    """What the committee in office says about the plan, in one query."""
    seats = sa.select(sa.func.count()).where(PlanCommitteeMember.district_id == plan.district_id, in_office())
    newest = (
        sa.select(PlanResolution.id)
        .where(PlanResolution.action_plan_id == plan.id)
        .order_by(PlanResolution.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = (
        db.session()
        .execute(
            sa.select(
                seats.scalar_subquery(),
                seats.where(PlanCommitteeMember.kind == SeatKind.PEOPLES_REPRESENTATIVE).scalar_subquery(),
                sa.select(PlanResolution.opinion).where(PlanResolution.id == newest).scalar_subquery(),
                sa.select(PlanResolution.content_sha256).where(PlanResolution.id == newest).scalar_subquery(),
            )
        )
        .one()
    )
    return Voice(*row)
