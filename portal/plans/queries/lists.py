"""Lists of plans, the rows of the desk, files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, paging
from portal.core.actor import Actor
from portal.core.storage import StoredFile
from portal.cycles.models import Cycle, Phase
from portal.places.models import Community, District
from portal.plans import policy
from portal.plans.models import (
    Item,
    Plan,
    PlanState,
    Writer,
)
from portal.plans.queries.reading import placed


def _figures() -> tuple[Any, Any]:
    live = sa.and_(Item.plan_id == Plan.id, Item.withdrawn_at.is_(None), policy.is_handed_in())
    number = sa.select(sa.func.count()).select_from(Item).where(live).correlate(Plan).scalar_subquery()
    total = (
        sa.select(sa.func.coalesce(sa.func.sum(Item.kept_satang), 0))
        .where(live)
        .correlate(Plan)
        .scalar_subquery()
    )
    return number.label("items"), total.label("total_satang")


def submitted_plans(
    *,
    district_id: int | None = None,
    fiscal_year: int | None = None,
    state: PlanState | None = None,
    cursor: str | None = None,
    size: int = 30,
) -> paging.Slice:
    """Plans handed in at least once, newest first, one page at a time: (id, state, submitted_at, item_count,
    total_satang, community, district…)."""
    number, total = _figures()
    statement = placed(
        Plan.id, Plan.state, Plan.submitted_at, number.label("item_count"), total, Plan.is_sample
    ).where(Plan.submitted_at.is_not(None))
    if district_id is not None:
        statement = statement.where(Plan.district_id == district_id)
    if fiscal_year is not None:
        statement = statement.where(Cycle.fiscal_year == fiscal_year)
    if state is not None:
        statement = statement.where(Plan.state == state)
    return paging.keyset(statement, [(Plan.id, "desc")], cursor=cursor, size=size)


def share_of_communities(district_id: int, fiscal_year: int) -> tuple[int, int]:
    """(communities with a plan handed in and standing, all communities) of a district in a fiscal year."""
    handed_in = (
        sa.select(sa.func.count())
        .select_from(Plan)
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .where(
            Plan.district_id == district_id,
            Cycle.fiscal_year == fiscal_year,
            policy.is_standing(),
        )
        .scalar_subquery()
    )
    every = sa.select(sa.func.count()).where(Community.district_id == district_id).scalar_subquery()
    row = db.session().execute(sa.select(handed_in.label("handed_in"), every.label("every"))).one()
    return row.handed_in, row.every


def fiscal_years() -> list[int]:
    """Fiscal years (BE) that have a cycle, newest first."""
    return list(
        db.session().scalars(sa.select(Cycle.fiscal_year).distinct().order_by(Cycle.fiscal_year.desc()))
    )


def plans_at_desk(actor: Actor, district_ids: frozenset[int] | None) -> Sequence[Any]:
    """Plans of the districts that are being written or signed, for the community desk and the director: at most 200,
    those changed last first; ``is_visible``: the actor may read it already."""
    is_visible = policy.visible_to(actor).label("is_visible")
    statement = placed(Plan.id, Plan.state, Plan.changed_at, Plan.late_permitted_by, is_visible).where(
        Plan.state.in_([PlanState.DRAFT, PlanState.ENDORSED, PlanState.RETURNED])
    )
    if district_ids is not None:
        statement = statement.where(Plan.district_id.in_(district_ids))
    return list(db.session().execute(statement.order_by(Plan.changed_at.desc(), Plan.id).limit(200)))


def desk_rows(community_ids: Iterable[int]) -> Sequence[Any]:
    """Communities in Thai order, each with its district's cycles, newest first: (id, name, district_id, district_th,
    district_en, district_code, cycle_id, fiscal_year, has_begun); a community without cycles has one row."""
    begun = sa.exists().where(Phase.cycle_id == Cycle.id, Phase.starts_at <= clock.now())
    return list(
        db.session().execute(
            sa.select(
                Community.id,
                Community.name,
                Community.district_id,
                District.name_th.label("district_th"),
                District.name_en.label("district_en"),
                District.code.label("district_code"),
                Cycle.id.label("cycle_id"),
                Cycle.fiscal_year,
                begun.label("has_begun"),
            )
            .join(District, District.id == Community.district_id)
            .outerjoin(Cycle, Cycle.district_id == Community.district_id)
            .where(Community.id.in_(list(community_ids)))
            .order_by(Community.sort_key, Community.id, Cycle.fiscal_year.desc())
        )
    )


def attachments_of(item_ids: Iterable[int]) -> dict[int, list[StoredFile]]:
    """Files of items, oldest first, by item."""
    ids = list(item_ids)
    found: dict[int, list[StoredFile]] = {}
    if ids:
        for file in db.session().scalars(
            sa.select(StoredFile)
            .where(StoredFile.owner_kind == "plan_item", StoredFile.owner_id.in_(ids))
            .order_by(StoredFile.id)
        ):
            found.setdefault(file.owner_id, []).append(file)
    return found


def writers_at(plan_id: int, place: str, *, except_person: int | None) -> list[str]:
    """Names of the colleagues who have a place of the plan open to write in, as seen within the last minute."""
    since = clock.now() - dt.timedelta(minutes=1)
    return list(
        db.session().scalars(
            sa.select(Person.display_name)
            .join(Writer, Writer.person_id == Person.id)
            .where(
                Writer.plan_id == plan_id,
                Writer.place == place,
                Writer.seen_at >= since,
                Writer.person_id != except_person,
            )
            .order_by(Person.id)
        )
    )
