"""One community: its plans, its ideas, its forums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import Project, ProjectItem
from portal.core import db
from portal.core.errors import NotFound
from portal.cycles.models import Cycle
from portal.dossier.fate import fate_of
from portal.dossier.queries.links import buying, open_tie
from portal.forums.models import Attendance, Forum, Issue
from portal.places.models import Community, CommunityType, District, Subdistrict
from portal.plans.models import Item, Plan
from portal.plans.policy import is_handed_in, is_taken_back
from portal.screening.models import Decision
from portal.screening.queries import shown_decision_of


@db.prepared
def _community(*, community_id: Any) -> Any:
    return (
        sa.select(
            *Community.__table__.columns,
            District.name_th.label("district_th"),
            District.name_en.label("district_en"),
            CommunityType.name_th.label("type_th"),
            CommunityType.name_en.label("type_en"),
            Subdistrict.name_th.label("subdistrict_th"),
            Subdistrict.name_en.label("subdistrict_en"),
        )
        .join(District, District.id == Community.district_id)
        .outerjoin(CommunityType, CommunityType.id == Community.type_id)
        .outerjoin(Subdistrict, Subdistrict.id == Community.subdistrict_id)
        .where(Community.id == community_id)
    )


def community(community_id: int) -> Any:
    """A community with its place: (every column of its row, district_th, district_en, type_th, type_en,
    subdistrict_th, subdistrict_en). Raises NotFound."""
    row = _community(community_id=community_id).first()
    if row is None:
        raise NotFound
    return row


@db.prepared
def _plans_of(*, community_id: Any) -> Any:
    return (
        sa.select(Plan.id, Plan.state, Plan.submitted_at, Plan.is_sample, Cycle.fiscal_year, Plan.cycle_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .where(Plan.community_id == community_id, Plan.submitted_at.is_not(None))
        .order_by(Cycle.fiscal_year.desc())
    )


def plans_of(community_id: int) -> Sequence[Any]:
    """The community's public plans, newest year first: id, state, submitted_at, fiscal_year, cycle_id, is_sample."""
    return _plans_of(community_id=community_id).all()


@db.prepared
def _ideas_of_community(*, community_id: Any) -> Any:
    # Looked up item by item: as parts of their own, decisions and links would first be gathered in full.
    return (
        sa.select(
            Item.id,
            Item.kept_title.label("title"),
            Item.kept_side.label("side"),
            Item.rank,
            Item.kept_satang.label("budget_satang"),
            is_taken_back().label("is_withdrawn"),
            Cycle.fiscal_year,
            Decision.outcome,
            Decision.reason,
            Decision.accepted_satang,
            Project.id.label("project_id"),
            sa.case((Project.id.is_not(None), ProjectItem.amount_satang)).label("amount_satang"),
            *buying(),
            Project.name.label("project"),
        )
        .select_from(Plan)
        .join(Item, Item.plan_id == Plan.id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .outerjoin(Decision, Decision.id == shown_decision_of(Item.id))
        .outerjoin(ProjectItem, ProjectItem.item_id == Item.id)
        .outerjoin(Project, sa.and_(Project.id == ProjectItem.project_id, open_tie()))
        .where(Plan.community_id == community_id, is_handed_in())
        .order_by(Cycle.fiscal_year.desc(), Item.rank, Item.id, Project.position)
        .limit(400)
    )


def ideas_of_community(community_id: int) -> tuple[Any, ...]:
    """Every public item of a community, newest year first, a row for each project it is in (:func:`gathered`)."""
    return tuple(_ideas_of_community(community_id=community_id).all())


def gathered(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The items of :func:`ideas_of_community` with what became of each: id, title, side, fiscal_year, asked_satang,
    accepted_satang, reason, fate, and its projects as (id, name, amount_satang)."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        idea = found.setdefault(
            row.id,
            {
                "id": row.id,
                "title": row.title,
                "side": row.side,
                "fiscal_year": row.fiscal_year,
                "asked_satang": row.budget_satang,
                "accepted_satang": row.accepted_satang,
                "reason": row.reason,
                "projects": [],
                "facts": {"is_withdrawn": row.is_withdrawn},
                "outcome": row.outcome,
            },
        )
        if row.project_id is not None:
            idea["projects"].append((row.project_id, row.project, row.amount_satang))
            idea["facts"]["in_project"] = True
            for fact in ("is_buying", "is_contracted", "is_delivered"):
                idea["facts"][fact] = idea["facts"].get(fact, False) or bool(getattr(row, fact))
    for idea in found.values():
        idea["fate"] = fate_of(idea.pop("outcome"), **idea.pop("facts"))
    return list(found.values())


@db.prepared
def _forums_of(limit: int, *, community_id: Any) -> Any:
    people = (
        sa.select(sa.func.sum(Attendance.people)).where(Attendance.forum_id == Forum.id).scalar_subquery()
    )
    issues = sa.select(sa.func.count()).where(Issue.forum_id == Forum.id).scalar_subquery()
    return (
        sa.select(
            Forum.id,
            Forum.purpose,
            Forum.title,
            Forum.starts_at,
            Forum.ends_at,
            Forum.state,
            people.label("people"),
            issues.label("issues"),
        )
        .where(Forum.community_id == community_id)
        .order_by(Forum.starts_at.desc(), Forum.id.desc())
        .limit(limit)
    )


def forums_of(community_id: int, limit: int = 12) -> Sequence[Any]:
    """A community's forums, newest first: id, purpose, title, starts_at, ends_at, state, people, issues."""
    return _forums_of(limit, community_id=community_id).all()
