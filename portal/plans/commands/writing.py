"""Writing: begin a plan, its texts, its items, their order and their files."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import IO, Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger, storage, topics
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.storage import StoredFile
from portal.cycles import queries as cycles
from portal.cycles.models import Cycle, PhaseKind
from portal.forums import queries as forums
from portal.notifications import commands as notifications
from portal.places.models import Community
from portal.plans import queries, words
from portal.plans.commands import holding
from portal.plans.content import PLAN_TEXTS, ItemData
from portal.plans.models import Item, Plan, Review, ReviewMark, Way
from portal.plans.workflow import PLAN
from portal.strategy import queries as strategy
from portal.strategy.models import Node

MOST_ITEMS = 100
MOST_FILES = 10
_ITEMS: Any = Item.__table__
_ITEM_FACTS = [part.name for part in dataclasses.fields(ItemData) if part.name != "lines"]


def begin_plan(actor: Actor, community_id: int, cycle_id: int) -> Plan:
    """A community's empty plan for a cycle of its district; there is one only. The committee follows it."""
    session = db.session()
    community = session.get(Community, community_id)
    cycle = session.get(Cycle, cycle_id)
    if community is None or cycle is None or cycle.district_id != community.district_id:
        raise NotFound
    if community_id not in actor.communities_where(Permission.PLAN_WRITE):
        raise NotAllowed(_l("Only the committee of this community can change its plan."))
    topic = topics.create(
        "plan",
        words.TITLE.compose(community=community.name.removeprefix("ชุมชน"), year=cycle.fiscal_year),
        district_id=community.district_id,
    )
    now = clock.now()
    plan = Plan(
        cycle_id=cycle_id,
        district_id=community.district_id,
        community_id=community_id,
        created_by=actor.id,
        created_at=now,
        changed_at=now,
        topic_id=topic.id,
    )
    taken = WrongState(
        _l("This community already has a plan for this year."),
        way_on=("plans.desk", {"community": community_id}, _l("To the community desk")),
    )
    with db.refusing_duplicates(taken):
        session.add(plan)
    topics.tie(topic.id, plan.id)
    ledger.record("plan.begun", actor, "plan", plan.id, district_id=plan.district_id)
    notifications.follow_for(accounts.leaders_of(community_id), topic.id)
    holding.tell_leaders(actor, plan, "plan.begun", "1")
    return plan


def write_plan(
    actor: Actor, plan: Plan, expected_version: int, *, vision: str, profile: str, analysis: str
) -> Plan:
    """Write the texts of a plan. Conflict (409) when somebody has written since ``expected_version`` was read."""
    held = holding.hold_to_write(actor, plan)
    _require_version(held, expected_version)
    written = {"vision": vision, "profile": profile, "analysis": analysis}
    changed = [name for name in PLAN_TEXTS if getattr(held, name) != written[name]]
    if not changed:
        return held
    for name in changed:
        setattr(held, name, written[name])
    held.changed_at = clock.now()
    holding.settle_content(actor, held, "plan.written", changes={"parts": changed})
    return held


def _require_version(thing: Plan | Item, expected: int) -> None:
    if thing.version_id != expected:
        raise Conflict(_l("Someone else has written here since you opened this page."))


def add_item(actor: Actor, plan: Plan, data: ItemData, *, issue_id: int | None = None) -> Item:
    """A new item at the end of the plan."""
    held = holding.hold_to_write(actor, plan)
    item = place_item(actor, held, data, issue_id=issue_id)
    holding.settle_content(
        actor, held, "plan.item_added", item=item, changes={"title": data.title, "issue_id": issue_id}
    )
    return item


def _next_rank(plan_id: int) -> int:
    """The rank of one more item. Invalid when the plan holds as many as it can."""
    last, count = (
        db.session()
        .execute(
            sa.select(sa.func.coalesce(sa.func.max(Item.rank), 0), sa.func.count()).where(
                Item.plan_id == plan_id, Item.withdrawn_at.is_(None)
            )
        )
        .one()
    )
    if count >= MOST_ITEMS:
        raise Invalid(_l("A plan holds at most 100 items. Join or withdraw some first."))
    return int(last) + 1


def place_item(
    actor: Actor,
    plan: Plan,
    data: ItemData,
    *,
    issue_id: int | None = None,
    continues_id: int | None = None,
) -> Item:
    """Put an item at the end of a plan held to write; the caller settles the content. Its author follows it."""
    rank = _next_rank(plan.id)
    now = clock.now()
    topic = topics.create(
        "item", data.title, text=f"{data.problem} {data.proposal}", district_id=plan.district_id
    )
    item = Item(
        plan_id=plan.id,
        rank=rank,
        issue_id=issue_id,
        continues_id=continues_id,
        created_by=actor.id,
        created_at=now,
        changed_at=now,
        topic_id=topic.id,
        **{name: getattr(data, name) for name in _ITEM_FACTS},
    )
    db.session().add(item)
    db.session().flush()
    holding.replace_lines(actor, item, data.lines)
    topics.tie(topic.id, item.id)
    notifications.follow_for([actor.id] if actor.id else [], topic.id)
    return item


def item_from_issue(actor: Actor, plan: Plan, issue_id: int) -> Item:
    """Take an issue of one of the community's forums into the plan: its words become an item that remembers where it
    came from. An issue is in a plan once."""
    held = holding.hold_to_write(actor, plan)
    issue = next(
        (row for row in forums.issues_for_plan(held.community_id, held.cycle_id) if row.id == issue_id), None
    )
    if issue is None:
        raise NotFound
    taken = db.session().scalar(
        sa.select(Item.id).where(
            Item.plan_id == held.id, Item.issue_id == issue_id, Item.withdrawn_at.is_(None)
        )
    )
    if taken is not None:
        raise WrongState(
            _l("This issue is already in the plan."),
            way_on=("plans.edit_item", {"item_id": taken}, _l("See the item")),
        )
    title = " ".join((issue.proposal or issue.problem).split())
    data = ItemData(
        title=title if len(title) <= 120 else title[:119] + "…",
        side=issue.side,
        problem=issue.problem,
        cause=issue.cause,
        proposal=issue.proposal,
        way=Way.SUPPORT,
    )
    return add_item(actor, held, data, issue_id=issue_id)


def take_up_issue(actor: Actor, issue_id: int) -> Item:
    """Take an issue into the plan of its community and year from wherever one reads it; a plan that was not begun is
    begun with it, until handing in is over."""
    issue = forums.issue(issue_id)
    forum = forums.forum(issue.forum_id) if issue is not None else None
    if forum is None or forum.community_id is None or forum.cycle_id is None:
        raise NotFound
    plan = queries.plan_of(forum.community_id, forum.cycle_id)
    if plan is None:
        window = cycles.phase(forum.cycle_id, PhaseKind.SUBMISSION)
        if window is None or window.ends_at <= clock.now():
            raise WrongState(_l("Submission is over for this year, so no plan can be started for it."))
        plan = begin_plan(actor, forum.community_id, forum.cycle_id)
    return item_from_issue(actor, plan, issue_id)


def write_item(actor: Actor, item: Item, expected_version: int, data: ItemData) -> Item:
    """Write an item and its budget lines; of one that was handed in, everybody finds and reads the new words with the
    next edition. Conflict (409) when somebody has written since ``expected_version``."""
    plan, held = holding.hold_item(actor, item)
    _require_version(held, expected_version)
    before = queries.item_data(held)
    if data == before:
        return held
    changed = [
        part.name
        for part in dataclasses.fields(ItemData)
        if getattr(data, part.name) != getattr(before, part.name)
    ]
    for name in _ITEM_FACTS:
        setattr(held, name, getattr(data, name))
    if data.lines != before.lines:
        holding.replace_lines(actor, held, data.lines)
    held.changed_at = clock.now()
    if held.kept_title is None:
        topics.retitle(held.topic_id, data.title, text=f"{data.problem} {data.proposal}")
    holding.settle_content(actor, plan, "plan.item_written", item=held, changes={"parts": changed})
    return held


def hint_strategy(actor: Actor, item: Item, node_id: int | None) -> Item:
    """Say which line of a strategy the item may serve, or none: a hint for whoever screens it. NotFound for a line that
    this district does not plan by."""
    plan, held = holding.hold_item(actor, item)
    if node_id is not None:
        year = db.session().scalar(sa.select(Cycle.fiscal_year).where(Cycle.id == plan.cycle_id)) or 0
        trees = [tree.id for tree in strategy.trees_for(plan.district_id, year)]
        if db.session().scalar(sa.select(Node.id).where(Node.id == node_id, Node.tree_id.in_(trees))) is None:
            raise NotFound
    if held.node_id == node_id:
        return held
    held.node_id = node_id
    held.changed_at = clock.now()
    holding.settle_content(actor, plan, "plan.item_written", item=held, changes={"node_id": node_id})
    return held


def withdraw_item(actor: Actor, item: Item, reason: str) -> Item:
    """Take an item out of the plan with a reason; it stays on record and the others move up."""
    plan = holding.hold_plan(actor, db.session().get_one(Plan, item.plan_id))
    plan = holding.hold_to_write(actor, plan)
    held = db.get_for_update(Item, item.id)
    if held is None:
        raise NotFound
    mark_withdrawn(actor, held, reason)
    close_ranks(actor, plan.id)
    holding.settle_content(actor, plan, "plan.item_withdrawn", item=held, note=reason)
    return held


def mark_withdrawn(actor: Actor, item: Item, reason: str) -> None:
    """Withdraw an item; one that the yearly review had carried on is dropped there for the same reason. Invalid without
    a reason, WrongState the second time."""
    if not reason.strip():
        raise Invalid({"reason": _l("Give a reason.")})
    if item.withdrawn_at is not None:
        raise WrongState(_l("This item has been withdrawn."))
    set_withdrawn(actor, item, reason.strip())
    review = db.session().scalar(
        sa.select(Review).where(Review.plan_id == item.plan_id, Review.item_id == item.continues_id)
    )
    if review is not None:
        set_mark(actor, review, ReviewMark.DROP, reason)


def set_mark(actor: Actor, review: Review, mark: ReviewMark, reason: str) -> None:
    """Say of an item of the earlier plan what becomes of it."""
    review.mark, review.reason, review.marked_at = mark, reason.strip(), clock.now()
    if actor.id is not None:
        review.marked_by = actor.id
    db.session().add(review)
    db.session().flush()


def set_withdrawn(actor: Actor, item: Item, reason: str) -> None:
    """The item is out of its plan from now on, for this reason."""
    item.withdrawn_at, item.withdrawn_reason = clock.now(), reason
    db.session().flush()


def restore_item(actor: Actor, plan: Plan, item: Item) -> None:
    """A withdrawn item stands in its plan again, at the end and as it was written; the caller settles the content."""
    item.withdrawn_at = item.withdrawn_reason = None
    item.rank = _next_rank(plan.id)
    db.session().flush()


def close_ranks(actor: Actor, plan_id: int) -> None:
    """Let the items of a plan count from one without a gap."""
    for rank, item_id in enumerate(_order_of(plan_id), 1):
        _set_rank(item_id, rank)


def _order_of(plan_id: int) -> list[int]:
    return list(
        db.session().scalars(
            sa.select(Item.id)
            .where(Item.plan_id == plan_id, Item.withdrawn_at.is_(None))
            .order_by(Item.rank, Item.id)
        )
    )


def _set_rank(item_id: int, rank: int) -> None:
    # Core, so that a new order is no conflict for somebody who is writing an item; the session's row is read anew.
    db.session().execute(
        sa.update(_ITEMS).where(_ITEMS.c.id == item_id, _ITEMS.c.rank != rank).values(rank=rank)
    )
    row = db.session().identity_map.get(db.session().identity_key(Item, item_id))
    if row is not None:
        db.session().expire(row, ["rank"])


def reorder_items(actor: Actor, plan: Plan, item_ids: Sequence[int]) -> None:
    """Put the items in this order. Conflict when the list is not exactly the plan's items (somebody added one)."""
    held = holding.hold_to_write(actor, plan)
    order = _order_of(held.id)
    if sorted(order) != sorted(item_ids):
        raise Conflict(
            _l("The items of the plan have changed since you opened this page."),
            way_on=("plans.write", {"plan_id": held.id}, _l("See the items as they stand now")),
        )
    if order == list(item_ids):
        return
    for rank, item_id in enumerate(item_ids, 1):
        _set_rank(item_id, rank)
    holding.settle_content(actor, held, "plan.items_reordered", changes={"order": list(item_ids)})


def attach_file(actor: Actor, item: Item, stream: IO[bytes], name: str, caption: str = "") -> StoredFile:
    """Add a picture or a PDF to an item. Files explain; they are not part of what is signed."""
    plan, held = holding.hold_item(actor, item)
    files = queries.attachments_of([held.id]).get(held.id, [])
    if len(files) >= MOST_FILES:
        raise Invalid({"file": _l("An item holds at most 10 files. Remove one first.")})
    try:
        file = storage.save(actor, stream, name, owner_kind="plan_item", owner_id=held.id, caption=caption)
    except Invalid as refused:
        raise Invalid({"file": refused.message}) from refused
    ledger.record(
        "plan.file_attached",
        actor,
        "item",
        held.id,
        district_id=plan.district_id,
        changes={"file_id": file.id, "sha256": file.sha256, "name": file.name},
    )
    return file


def remove_file(actor: Actor, item: Item, file_id: int) -> None:
    """Take a file off an item. NotFound for a file of another item."""
    plan, held = holding.hold_item(actor, item)
    file = db.session().get(StoredFile, file_id)
    if file is None or file.owner_kind != "plan_item" or file.owner_id != held.id:
        raise NotFound
    changes = {"file_id": file.id, "sha256": file.sha256, "name": file.name}
    db.session().delete(file)
    ledger.record("plan.file_removed", actor, "item", held.id, district_id=plan.district_id, changes=changes)


def resume_plan(actor: Actor, plan: Plan) -> Plan:
    """Take a withdrawn plan up again as a draft. Signatures under unchanged words still stand."""
    held = holding.hold_plan(actor, plan)
    PLAN.advance(held, "resume", actor)
    held.due_on = None
    holding.settle_content(actor, held, "plan.resumed")
    return held
