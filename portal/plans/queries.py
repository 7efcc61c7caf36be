"""Reading plans: what a person may see, what a plan says, who has signed it, what was handed in."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import CommitteePost
from portal.core import clock, db, paging, topics
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger import LedgerEntry
from portal.core.storage import StoredFile
from portal.cycles import queries as cycles
from portal.cycles.models import Cycle, Phase
from portal.forums import queries as forums
from portal.places.models import Community, District
from portal.plans import checklist, policy
from portal.plans import content as science
from portal.plans.content import Content, ItemData, LineData
from portal.plans.models import (
    BudgetLine,
    Endorsement,
    Item,
    Plan,
    PlanEdition,
    PlanReturn,
    PlanState,
)

DISCUSSION = "discussion"


def _place_columns() -> tuple[Any, ...]:
    return (
        Community.name.label("community"),
        District.name_th.label("district_th"),
        District.name_en.label("district_en"),
        District.code.label("district_code"),
        Cycle.fiscal_year,
    )


def _placed(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns, *_place_columns())
        .join(Community, Community.id == Plan.community_id)
        .join(District, District.id == Plan.district_id)
        .join(Cycle, Cycle.id == Plan.cycle_id)
    )


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The SQL filter on :class:`Plan` of what this actor may see."""
    return policy.visible_to(actor)


def placed_plan(actor: Actor, plan_id: int) -> Any:
    """(Plan, community, district_th, district_en, district_code, fiscal_year); NotFound when unseen."""
    row = db.session().execute(_placed(Plan).where(Plan.id == plan_id, visible_to(actor))).first()
    if row is None:
        raise NotFound
    return row


def place_of(plan: Plan) -> Any:
    """(community, district_th, district_en, district_code, fiscal_year) of a plan, for a caller who may see it."""
    return db.session().execute(_placed(Plan.id).where(Plan.id == plan.id)).one()


def get_visible(actor: Actor, plan_id: int) -> Plan:
    """The plan; NotFound when it is missing or unseen."""
    plan: Plan = placed_plan(actor, plan_id).Plan
    return plan


def plan_of(community_id: int, cycle_id: int) -> Plan | None:
    """A community's plan for a cycle."""
    return db.session().scalar(
        sa.select(Plan).where(Plan.cycle_id == cycle_id, Plan.community_id == community_id)
    )


def items_of(plan_id: int, include_withdrawn: bool = False) -> list[Item]:
    """A plan's items by rank."""
    statement = sa.select(Item).where(Item.plan_id == plan_id).order_by(Item.rank, Item.id)
    if not include_withdrawn:
        statement = statement.where(Item.withdrawn_at.is_(None))
    return list(db.session().scalars(statement))


def lines_of(item_ids: Iterable[int]) -> dict[int, list[BudgetLine]]:
    """Budget lines in their order, by item."""
    ids = list(item_ids)
    found: dict[int, list[BudgetLine]] = {}
    if ids:
        for line in db.session().scalars(
            sa.select(BudgetLine)
            .where(BudgetLine.item_id.in_(ids))
            .order_by(BudgetLine.item_id, BudgetLine.position)
        ):
            found.setdefault(line.item_id, []).append(line)
    return found


def placed_item(actor: Actor, item_id: int) -> Any:
    """(Item, Plan, community, district_th, …); NotFound when unseen."""
    row = (
        db.session()
        .execute(
            _placed(Item, Plan)
            .join_from(Plan, Item, Item.plan_id == Plan.id)
            .where(Item.id == item_id, policy.visible_to_as_item(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row


def item_visible(actor: Actor, item_id: int) -> Item:
    """The item; NotFound when it is missing or unseen."""
    item: Item = placed_item(actor, item_id).Item
    return item


def content_of(plan: Plan) -> Content:
    """What the plan says now, in one query."""
    rows = db.session().execute(
        sa.select(Item, BudgetLine)
        .outerjoin(BudgetLine, BudgetLine.item_id == Item.id)
        .where(Item.plan_id == plan.id, Item.withdrawn_at.is_(None))
        .order_by(Item.rank, Item.id, BudgetLine.position)
    )
    items: dict[int, Item] = {}
    lines: dict[int, list[BudgetLine]] = {}
    for item, line in rows:
        items[item.id] = item
        if line is not None:
            lines.setdefault(item.id, []).append(line)
    return science.content(plan, items.values(), lines)


def content_sha256(plan_id: int) -> str:
    """The hash signatures bind to now."""
    return science.sha256(content_of(db.session().get_one(Plan, plan_id)))


def item_data(item: Item) -> ItemData:
    """What is written about an item, as a form gives it back."""
    lines = tuple(
        LineData(line.what, line.unit, line.quantity_thousandths, line.unit_price_satang)
        for line in lines_of([item.id]).get(item.id, [])
    )
    names = [part.name for part in dataclasses.fields(ItemData) if part.name != "lines"]
    return ItemData(lines=lines, **{name: getattr(item, name) for name in names})


# -- signatures -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """A committee member in office and whether they have signed what the plan says now."""

    member_id: int
    person_id: int | None
    name: str
    post: CommitteePost
    signature: Endorsement | None

    @property
    def has_signed(self) -> bool:
        """Whether this member's signature stands under the present content."""
        return self.signature is not None


@dataclass(frozen=True)
class Standing:
    """Who has signed the present content, and how many must. After a return that left items and money alone, the
    chair's signature is enough."""

    sha256: str
    seats: tuple[Seat, ...]
    chair_is_enough: bool = False

    @property
    def signed(self) -> int:
        """Signatures under the present content by members in office."""
        return sum(seat.has_signed for seat in self.seats)

    @property
    def needed(self) -> int:
        """More than half of the committee in office."""
        return science.more_than_half(len(self.seats))

    @property
    def is_complete(self) -> bool:
        """Whether the plan may be handed in as far as signatures go."""
        if not self.seats:
            return False
        by_chair = any(seat.has_signed and seat.post is CommitteePost.CHAIR for seat in self.seats)
        return self.signed >= self.needed or (self.chair_is_enough and by_chair)

    def seat_of(self, person_id: int | None) -> Seat | None:
        """A person's own seat."""
        return next((seat for seat in self.seats if person_id and seat.person_id == person_id), None)


def standing(plan: Plan, said: Content) -> Standing:
    """The signatures under ``said``, the plan's present content."""
    digest = science.sha256(said)
    signatures = {
        row.member_id: row
        for row in db.session().scalars(
            sa.select(Endorsement).where(Endorsement.plan_id == plan.id, Endorsement.content_sha256 == digest)
        )
    }
    seats = tuple(
        Seat(member.id, member.person_id, member.name, member.post, signatures.get(member.id))
        for member in accounts.committee_in_office(plan.community_id)
    )
    is_enough = False
    if plan.state is PlanState.RETURNED:
        last = latest_edition(plan.id)
        is_enough = last is not None and science.substance_sha256(said) == science.substance_sha256(
            last["content"]
        )
    return Standing(digest, seats, is_enough)


def checks_of(plan: Plan, said: Content, held: Sequence[Any] | None = None) -> list[checklist.Check]:
    """The check-list before signing and submitting. ``held``: its recorded plan forums, if they are at hand."""
    rules = cycles.rules(plan.cycle_id)
    return checklist.checks(
        plan,
        said,
        forums.recorded_plan_forums(plan.community_id, plan.cycle_id) if held is None else held,
        min_forums=rules.min_forums if rules else None,
        min_sides=rules.min_sides if rules else None,
        ceiling_satang=rules.community_ceiling_satang if rules else None,
    )


# -- editions and returns -------------------------------------------------------------------------------------------


def latest_edition(plan_id: int) -> dict[str, Any] | None:
    """The body of the newest edition."""
    body = db.session().scalar(
        sa.select(PlanEdition.body)
        .where(PlanEdition.plan_id == plan_id)
        .order_by(PlanEdition.number.desc())
        .limit(1)
    )
    return None if body is None else json.loads(body)


def latest_with_editions(plan_id: int) -> tuple[dict[str, Any] | None, Sequence[Any]]:
    """The newest body and the list of :func:`editions_of`, in one query: older bodies stay in the database."""
    newest = (
        sa.select(sa.func.max(PlanEdition.number)).where(PlanEdition.plan_id == plan_id).scalar_subquery()
    )
    rows = list(
        db.session().execute(
            sa.select(
                PlanEdition.number,
                PlanEdition.sha256,
                PlanEdition.submitted_at,
                sa.case((PlanEdition.number == newest, PlanEdition.body)).label("body"),
            )
            .where(PlanEdition.plan_id == plan_id)
            .order_by(PlanEdition.number.desc())
        )
    )
    return (json.loads(rows[0].body) if rows else None), rows


def editions_of(plan_id: int) -> Sequence[Any]:
    """(number, sha256, submitted_at), newest first, without the bodies."""
    return list(
        db.session().execute(
            sa.select(PlanEdition.number, PlanEdition.sha256, PlanEdition.submitted_at)
            .where(PlanEdition.plan_id == plan_id)
            .order_by(PlanEdition.number.desc())
        )
    )


def edition(plan_id: int, number: int) -> PlanEdition:
    """One edition; NotFound for a number that was never handed in."""
    found = db.session().scalar(
        sa.select(PlanEdition).where(PlanEdition.plan_id == plan_id, PlanEdition.number == number)
    )
    if found is None:
        raise NotFound
    return found


def returns_of(plan_id: int, *, open_only: bool = False) -> Sequence[Any]:
    """What was asked back: (item_id, title, reason, due_on, returned_at, settled_at), newest first."""
    statement = (
        sa.select(
            PlanReturn.id,
            PlanReturn.item_id,
            Item.title,
            PlanReturn.reason,
            PlanReturn.due_on,
            PlanReturn.returned_at,
            PlanReturn.settled_at,
        )
        .outerjoin(Item, Item.id == PlanReturn.item_id)
        .where(PlanReturn.plan_id == plan_id)
        .order_by(PlanReturn.returned_at.desc(), Item.rank, PlanReturn.id)
    )
    if open_only:
        statement = statement.where(PlanReturn.settled_at.is_(None))
    return list(db.session().execute(statement))


def open_return(item_id: int) -> PlanReturn | None:
    """The correction asked for one item and not yet settled."""
    return db.session().scalar(
        sa.select(PlanReturn)
        .where(PlanReturn.item_id == item_id, PlanReturn.settled_at.is_(None))
        .order_by(PlanReturn.id.desc())
        .limit(1)
    )


def withdrawal_reason(plan_id: int) -> str:
    """Why the community withdrew the plan, as the ledger has it; empty when it was blanked."""
    payload = db.session().scalar(
        sa.select(LedgerEntry.payload)
        .where(
            LedgerEntry.subject_kind == "plan",
            LedgerEntry.subject_id == plan_id,
            LedgerEntry.event == "plan.withdrawn",
        )
        .order_by(LedgerEntry.id.desc())
        .limit(1)
    )
    return "" if payload is None else str(json.loads(payload)["note"])


# -- lists ----------------------------------------------------------------------------------------------------------


def _figures() -> tuple[Any, Any]:
    live = sa.and_(Item.plan_id == Plan.id, Item.withdrawn_at.is_(None), Item.created_at <= Plan.submitted_at)
    number = sa.select(sa.func.count()).select_from(Item).where(live).correlate(Plan).scalar_subquery()
    total = (
        sa.select(sa.func.coalesce(sa.func.sum(Item.budget_satang), 0))
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
    statement = _placed(
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
            Plan.submitted_at.is_not(None),
            Plan.state != PlanState.WITHDRAWN,
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


def plans_at_desk(district_ids: frozenset[int] | None) -> Sequence[Any]:
    """Plans of the districts that are being written or signed, for the community desk and the director: at most 200,
    those changed last first."""
    statement = _placed(Plan.id, Plan.state, Plan.changed_at, Plan.late_permitted_by).where(
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


# -- what this room tells the house ---------------------------------------------------------------------------------


def _visible_plans(actor: Actor) -> sa.Select[Any]:
    return sa.select(Plan.topic_id).where(visible_to(actor))


def _visible_items(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(Item.topic_id).join(Plan, Plan.id == Item.plan_id).where(policy.visible_to_as_item(actor))
    )


def _plan_purpose(actor: Actor, plan_id: int) -> str | None:
    is_open = sa.select(Plan.id).where(
        Plan.id == plan_id, Plan.submitted_at.is_not(None), Plan.state != PlanState.WITHDRAWN
    )
    return DISCUSSION if actor.is_signed_in and db.session().scalar(is_open) is not None else None


def _item_purpose(actor: Actor, item_id: int) -> str | None:
    is_open = (
        sa.select(Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(
            Item.id == item_id,
            Item.withdrawn_at.is_(None),
            Item.created_at <= Plan.submitted_at,
            Plan.state != PlanState.WITHDRAWN,
        )
    )
    return DISCUSSION if actor.is_signed_in and db.session().scalar(is_open) is not None else None


KINDS = (
    topics.Kind("plan", _visible_plans, "plans.show", "plan_id", _l("Community plan"), _plan_purpose),
    topics.Kind("item", _visible_items, "dossier.show", "item_id", _l("Item of a plan"), _item_purpose),
)

NEWS = {
    "plan.begun": _l("Work on “%(title)s” has begun"),
    "plan.endorsed": _l("“%(title)s” is endorsed and can be submitted"),
    "plan.reopened": _l("“%(title)s” was changed and needs new signatures"),
    "plan.submitted": _l("“%(title)s” was submitted"),
    "plan.returned": _l("“%(title)s” was returned, to be corrected by %(due)s"),
    "plan.accepted_for_screening": _l("“%(title)s” was accepted for screening"),
    "plan.withdrawn": _l("“%(title)s” was withdrawn by the community"),
    "plan.late_permitted": _l("“%(title)s” may be submitted late"),
    "plan.item_reopened": _l("“%(title)s” is to be corrected by %(due)s"),
    "plan.item_corrected": _l("“%(title)s” was corrected"),
}


def _may_read_attachment(actor: Actor, item_id: int) -> bool:
    seen = (
        sa.select(Item.id)
        .join(Plan, Plan.id == Item.plan_id)
        .where(Item.id == item_id, policy.visible_to_as_item(actor))
    )
    return db.session().scalar(seen) is not None


def _may_read_signed_paper(actor: Actor, plan_id: int) -> bool:
    """Signed papers carry names: for the community's leaders and the district's officers."""
    plan = db.session().get(Plan, plan_id)
    return plan is not None and policy.can_see_draft(actor, plan)


FILE_GUARDS = {"plan_item": _may_read_attachment, "plan_signature": _may_read_signed_paper}
