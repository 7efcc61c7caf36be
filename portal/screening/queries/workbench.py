"""Everything a planner needs beside the card: the item's facts, what is like it, and what such things cost before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import db, topics
from portal.core.topics import Topic
from portal.cycles import body
from portal.cycles.body import Rules
from portal.cycles.models import Cycle, RulesEdition
from portal.forums.models import Forum, Issue
from portal.places.models import Community
from portal.plans.models import BudgetLine, Endorsement, Item, Plan
from portal.plans.policy import is_being_changed, is_handed_in, is_taken_back
from portal.screening import likeness
from portal.screening.models import (
    Appeal,
    CardAnswer,
    Case,
    Correction,
    Decision,
    Outcome,
    Referral,
)
from portal.screening.policy import Docket

SHOWN_PRICES = 5  # past items shown beside a price


@dataclass(frozen=True)
class Bench:
    """The left side of the workbench. ``issue`` has problem, votes, raised_by, forum_id, forum_title, held_at or is
    None; ``lines`` are the budget lines in order."""

    item: Item
    plan: Plan
    community: str
    fiscal_year: int
    signatures: int
    tokens: str
    rules: Rules
    issue: Any | None
    assignee: str | None
    lines: list[BudgetLine]


def bench(docket: Docket) -> Bench:
    """The item with its plan, money, forum issue and signatures: two queries."""
    signatures = (
        sa.select(sa.func.count(Endorsement.member_id.distinct()))
        .where(Endorsement.plan_id == Plan.id)
        .scalar_subquery()
    )
    row = (
        db.session()
        .execute(
            sa.select(
                Item,
                Plan,
                Community.name.label("community"),
                Cycle.fiscal_year,
                signatures.label("signatures"),
                Topic.tokens,
                RulesEdition,
                Issue.problem,
                Issue.votes,
                Issue.raised_by,
                Forum.id.label("forum_id"),
                Forum.title.label("forum_title"),
                Forum.starts_at.label("held_at"),
                Person.display_name.label("assignee"),
            )
            .select_from(Case)
            .join(Item, Item.id == Case.item_id)
            .join(Plan, Plan.id == Item.plan_id)
            .join(Community, Community.id == Plan.community_id)
            .join(Cycle, Cycle.id == Plan.cycle_id)
            .join(Topic, Topic.id == Item.topic_id)
            .join(RulesEdition, RulesEdition.id == Case.edition_id)
            .outerjoin(Issue, Issue.id == Item.issue_id)
            .outerjoin(Forum, Forum.id == Issue.forum_id)
            .outerjoin(Person, Person.id == Case.assigned_to)
            .where(Case.id == docket.case.id)
        )
        .one()
    )
    lines = db.session().scalars(
        sa.select(BudgetLine).where(BudgetLine.item_id == row.Item.id).order_by(BudgetLine.position)
    )
    return Bench(
        item=row.Item,
        plan=row.Plan,
        community=row.community,
        fiscal_year=row.fiscal_year,
        signatures=row.signatures,
        tokens=row.tokens,
        rules=_read(row.RulesEdition),
        issue=row if row.forum_id is not None else None,
        assignee=row.assignee,
        lines=list(lines),
    )


def criteria_of(edition_id: int) -> Rules:
    """The frozen rules a case is judged by."""
    return _read(db.session().get_one(RulesEdition, edition_id))


def _read(edition: RulesEdition) -> Rules:
    return body.rules_from(
        body.read(edition.body),
        edition_id=edition.id,
        number=edition.number,
        sha256=edition.sha256,
        published_at=edition.published_at,
    )


def card_of(case_id: int) -> dict[str, Any]:
    """The card's answers by criterion: answer, reason, answered_at, by (a name)."""
    rows = db.session().execute(
        sa.select(
            CardAnswer.criterion,
            CardAnswer.answer,
            CardAnswer.reason,
            CardAnswer.answered_at,
            Person.display_name.label("by"),
        )
        .join(Person, Person.id == CardAnswer.answered_by)
        .where(CardAnswer.case_id == case_id)
    )
    return {row.criterion: row for row in rows}


def decision_waiting(case_id: int) -> Decision | None:
    """The proposal that waits for its second person."""
    return db.session().scalar(
        sa.select(Decision).where(
            Decision.case_id == case_id, Decision.confirmed_by.is_(None), Decision.sent_back_by.is_(None)
        )
    )


def history_of(case_id: int) -> list[Any]:
    """What happened to the case, newest first, in one query: kind (correction, referral, proposed, confirmed, sent_back,
    set_aside, appeal), at, by (a name), text, agency, due_on, answer, answered_at, outcome."""

    def part(kind: str, model: Any, at: Any, by: Any, text: Any, **more: Any) -> sa.Select[Any]:
        none: dict[str, Any] = {
            "agency": sa.literal(""),
            "due_on": sa.cast(sa.null(), sa.Date()),
            "answer": sa.literal(""),
            "answered_at": sa.type_coerce(
                sa.cast(sa.null(), sa.DateTime(timezone=True)), Case.opened_at.type
            ),
            "outcome": sa.type_coerce(sa.cast(sa.null(), sa.String(40)), Decision.outcome.type),
        }
        columns = {**none, **more}
        return (
            sa.select(
                sa.literal(kind).label("kind"),
                at.label("at"),
                by.label("by_id"),
                text.label("text"),
                *(column.label(name) for name, column in columns.items()),
            )
            .select_from(model)
            .where(model.case_id == case_id, by.is_not(None))
        )

    def wait(kind: str, model: Any, **more: Any) -> sa.Select[Any]:
        told = {"due_on": model.due_on, "answer": model.answer, "answered_at": model.answered_at, **more}
        return part(kind, model, model.asked_at, model.asked_by, model.request, **told)

    one = Decision
    events = sa.union_all(
        wait("correction", Correction),
        wait("referral", Referral, agency=Referral.agency),
        part("proposed", one, one.proposed_at, one.proposed_by, one.reason, outcome=one.outcome),
        part("confirmed", one, one.confirmed_at, one.confirmed_by, sa.literal("")),
        part("sent_back", one, one.sent_back_at, one.sent_back_by, one.sent_back_reason),
        part("set_aside", one, one.set_aside_at, one.set_aside_by, one.set_aside_reason),
        part("appeal", Appeal, Appeal.filed_at, Appeal.filed_by, Appeal.grounds),
    ).subquery()
    return list(
        db.session().execute(
            sa.select(events, Person.display_name.label("by"))
            .join(Person, Person.id == events.c.by_id)
            .order_by(events.c.at.desc(), events.c.kind)
        )
    )


# -- what things like it cost -----------------------------------------------------------------------------------------


def reference_prices(docket: Docket, found: Bench) -> dict[int, likeness.PriceRange]:
    """By budget line id, what lines with the same words and unit cost before in the district, or anywhere under the same
    name; with the items they stand in (item_id, title), the newest first. What was never handed in, was taken back or is
    being written anew gives no price. One query."""
    if not found.lines:
        return {}
    words = {line.id: likeness.words_of(line.tokens) for line in found.lines}
    terms = [word for line in found.lines for word in line.tokens.split() if word in words[line.id]]
    near = topics.resembling(terms, kinds=("item",), district_id=docket.case.district_id).subquery()
    # Found one way or the other, each by its own index.
    same_name = sa.select(BudgetLine.id).where(BudgetLine.what.in_({line.what for line in found.lines}))
    nearby = (
        sa.select(BudgetLine.id)
        .join(Item, Item.id == BudgetLine.item_id)
        .where(Item.topic_id.in_(sa.select(near.c.topic_id)))
    )
    rows = list(
        db.session().execute(
            sa.select(
                BudgetLine.tokens,
                BudgetLine.unit,
                BudgetLine.unit_price_satang,
                Item.id.label("item_id"),
                Item.kept_title.label("title"),
                Case.id.label("case_id"),
            )
            .join(Item, Item.id == BudgetLine.item_id)
            .join(Plan, Plan.id == Item.plan_id)
            .outerjoin(Case, Case.item_id == Item.id)
            .where(
                BudgetLine.id.in_(same_name.union(nearby)),
                is_handed_in(),
                ~is_taken_back(),
                ~is_being_changed(),
                Item.id != docket.case.item_id,
            )
            .order_by(Item.id.desc())
            .limit(400)
        )
    )
    before = [(likeness.words_of(row.tokens), row.unit.strip(), row) for row in rows]
    ranges = {}
    for line in found.lines:
        same = [
            row
            for named, unit, row in before
            if unit == line.unit.strip() and likeness.same_thing(words[line.id], named)
        ]
        priced = likeness.price_range(((row.unit_price_satang, row) for row in same), most=SHOWN_PRICES)
        if priced is not None:
            ranges[line.id] = priced
    return ranges


def merge_targets_among(cycle_id: int, item_ids: Iterable[int]) -> frozenset[int]:
    """Those of some items that were handed in for a cycle and are neither taken back nor merged away themselves."""
    wanted = list(item_ids)
    if not wanted:
        return frozenset()
    gone = (
        sa.exists()
        .where(Case.item_id == Item.id, Decision.id == Case.decision_id)
        .where(Decision.outcome == Outcome.MERGE_WITH)
    )
    return frozenset(
        db.session().scalars(
            sa.select(Item.id)
            .join(Plan, Plan.id == Item.plan_id)
            .where(Item.id.in_(wanted), Plan.cycle_id == cycle_id, is_handed_in(), ~is_taken_back(), ~gone)
        )
    )


def is_merge_target(docket: Docket, item_id: int) -> bool:
    """Whether another item may be merged into the item of that id."""
    return item_id != docket.case.item_id and item_id in merge_targets_among(docket.cycle_id, [item_id])


def title_of(item_id: int | None) -> str | None:
    """The title of an item as it was handed in."""
    if item_id is None:
        return None
    return db.session().scalar(sa.select(Item.kept_title).where(Item.id == item_id))
