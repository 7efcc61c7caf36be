"""Reading for the merge workbench: what is accepted, where it went, and what is missing before the next step."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from portal.actionplan import editions, sheet
from portal.actionplan.committee import NOT_ASKED, Voice
from portal.actionplan.models import ActionPlan, ActionPlanEdition, BudgetKind, Project, ProjectItem
from portal.actionplan.queries import hearing, plans, projects, published, sittings, sums
from portal.core import db, hashing, money
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.screening import queries as screening


@dataclass(frozen=True)
class Accepted:
    """An item whose acceptance is final, with what became of it: ``placed_satang`` in projects that stand, ``links``
    how many of them, ``reason`` why it is in none yet."""

    item_id: int
    title: str
    side: Any
    community_id: int
    community: str
    accepted_satang: int
    placed_satang: int
    links: int
    reason: str | None

    @property
    def rest_satang(self) -> int:
        """What is accepted and in no project."""
        return self.accepted_satang - self.placed_satang

    @property
    def is_settled(self) -> bool:
        """In a project, or with a reason."""
        return self.links > 0 or self.reason is not None


def accepted_items(plan: ActionPlan) -> list[Accepted]:
    """Every item of the plan's cycle whose acceptance is final, by community and rank: three queries."""
    return _accepted(plan, projects.links_of_plan(plan.id), plans.not_yet_of_plan(plan.id))


def _accepted(plan: ActionPlan, links: Iterable[Any], reasons: Iterable[Any]) -> list[Accepted]:
    placed: dict[int, list[int]] = {}
    for link in links:
        placed.setdefault(link.item_id, []).append(link.amount_satang)
    why = {row.item_id: row.reason for row in reasons}
    return [
        Accepted(
            item_id=row.item_id,
            title=row.title,
            side=row.side,
            community_id=row.community_id,
            community=row.community,
            accepted_satang=row.accepted_satang,
            placed_satang=sum(placed.get(row.item_id, ())),
            links=len(placed.get(row.item_id, ())),
            reason=why.get(row.item_id),
        )
        for row in screening.final_accepted_items(plan.cycle_id)
    ]


def shares_of_item(plan: ActionPlan, item_id: int) -> dict[int, ProjectItem]:
    """The links of one item by project id, in projects of the plan that stand."""
    rows = db.session().scalars(
        sa.select(ProjectItem)
        .join(Project, Project.id == ProjectItem.project_id)
        .where(
            ProjectItem.item_id == item_id,
            Project.action_plan_id == plan.id,
            Project.withdrawn_at.is_(None),
        )
    )
    return {link.project_id: link for link in rows}


def standing_projects(plan: ActionPlan) -> list[Any]:
    """Projects that stand, in the plan's order, as the next edition will have them: id, code, name."""
    rows = db.session().execute(
        sa.select(Project.id, Project.code, Project.name, Project.pending)
        .where(Project.action_plan_id == plan.id, Project.withdrawn_at.is_(None))
        .order_by(Project.position, Project.id)
    )
    return [sheet.laid_over(row) for row in rows]


@dataclass(frozen=True)
class Check:
    """One line of the check-list. ``wrong`` counts what is missing (0: fine); ``subjects`` are (name, project id or
    item id) of the first few; ``is_moot``: without a project there is nothing to look at yet."""

    key: str
    wrong: int
    subjects: tuple[tuple[str, int], ...] = ()
    is_moot: bool = False


FIRST_FEW = 5
OF_PROJECTS = ("complete", "fits", "envelope", "accepted")


@dataclass(frozen=True)
class Review:
    """A plan read once, for its check-list, figures and content. ``standing`` are whole rows of the projects that
    stand, with what a change writes of them, ``said`` the hearing by topic; ``envelope_satang`` is what the rules the plan is published
    under give for items (0: no limit)."""

    plan: ActionPlan
    heading: plans.Heading
    standing: list[Any]
    links: list[Any]
    reasons: list[Any]
    accepted: list[Accepted]
    envelope_satang: int
    said: dict[int, tuple[int, int]]
    voice: Voice

    @property
    def totals(self) -> sums.Totals:
        """The figures of :func:`sums.totals`, from what was read."""
        return sums.Totals(
            projects=len(self.standing),
            worded=sum(one.budget_satang is None for one in self.standing),
            budget_satang=sum(one.budget_satang or 0 for one in self.standing),
            community_satang=sum(link.amount_satang for link in self.links),
            community_projects=len({link.project_id for link in self.links}),
            items=len({link.item_id for link in self.links}),
            communities=len({link.community_id for link in self.links}),
            not_yet=len(self.reasons),
        )

    @property
    def checks(self) -> dict[str, Check]:
        """What stands between the plan and its next steps, by key:

        ``projects`` it has one; ``complete`` the heads of every sheet are written; ``placed`` every finally accepted
        item is in a project or has a reason; ``fits`` no project promises items more than its own budget; ``envelope``
        items keep within the money the rules give (wrong counts satang too many); ``accepted`` no project takes in an
        item whose acceptance does not stand; ``committee`` where a committee of the
        plan is in office, its newest resolution supports the plan; ``answered`` every remark of the hearing has an answer.
        """
        promised: dict[int, int] = {}
        for link in self.links:
            promised[link.project_id] = promised.get(link.project_id, 0) + link.amount_satang
        final = {item.item_id for item in self.accepted}
        over = max(sum(promised.values()) - self.envelope_satang, 0) if self.envelope_satang else 0
        found = [
            Check("projects", 0 if self.standing else 1),
            _check("complete", [(one.name, one.id) for one in self.standing if sheet.missing_heads(one)]),
            _check("placed", [(one.title, one.item_id) for one in self.accepted if not one.is_settled]),
            _check(
                "fits", [(one.name, one.id) for one in self.standing if promised.get(one.id, 0) > _most(one)]
            ),
            Check("envelope", over),
            _check(
                "accepted", [(link.title, link.item_id) for link in self.links if link.item_id not in final]
            ),
            Check(
                "committee",
                1 if self.voice.is_asked and not self.voice.supports else 0,
                is_moot=not self.voice.is_asked,
            ),
            self._answered(),
        ]
        if not self.standing:
            found = [
                replace(one, is_moot=one.is_moot or (one.key in OF_PROJECTS and not one.wrong))
                for one in found
            ]
        return {check.key: check for check in found}

    def _answered(self) -> Check:
        """Remarks that wait, with the topics of what they are about, the plan as a whole first."""
        names = {self.plan.topic_id: str(_l("The plan as a whole"))}
        names |= {one.topic_id: one.name for one in self.standing}
        waiting = {topic: said - answered for topic, (said, answered) in self.said.items() if said > answered}
        about = [(names[topic], topic) for topic in names if topic in waiting]
        return Check("answered", sum(waiting.values()), tuple(about[:FIRST_FEW]))

    def body(self, number: int = 0) -> editions.Body:
        """The plan as it reads now, as the body of edition ``number``; one query for its strategy nodes, one more when a
        change names others."""
        nodes = projects.nodes_prepared(self.standing)
        return editions.body(self.heading, self.standing, self.links, nodes, self.reasons, number)


def review(plan: ActionPlan, heading: plans.Heading | None = None) -> Review:
    """Read a plan once: seven queries, two less once it is published (the committee has spoken, the hearing is answered),
    one more without its heading."""
    links, reasons = projects.links_of_plan(plan.id), plans.not_yet_of_plan(plan.id)
    rules = cycles.rules_in(plan.cycle_id, PhaseKind.PUBLICATION)
    return Review(
        plan=plan,
        heading=heading or plans.heading(plan),
        standing=projects.standing(plan.id),
        links=links,
        reasons=reasons,
        accepted=_accepted(plan, links, reasons),
        envelope_satang=rules.envelope_satang if rules else 0,
        said=hearing.counts(plan) if plan.published_at is None else {},
        voice=sittings.voice(plan) if plan.published_at is None else NOT_ASKED,
    )


def _check(key: str, subjects: list[tuple[str, int]]) -> Check:
    return Check(key, len(subjects), tuple(subjects[:FIRST_FEW]))


def _most(project: Any) -> int:
    """What a project's items may add up to: its amount; nothing without a budget; the annual expenditure names none."""
    if project.budget_kind is BudgetKind.AMOUNT:
        return int(project.budget_satang)
    return 0 if project.budget_kind is BudgetKind.NONE else money.LARGEST


def body_now(plan: ActionPlan, number: int = 0, heading: plans.Heading | None = None) -> editions.Body:
    """The plan as it reads now, with what a change writes, as the body of edition ``number``."""
    standing = projects.standing(plan.id)
    return editions.body(
        heading or plans.heading(plan),
        standing,
        projects.links_of_plan(plan.id),
        projects.nodes_prepared(standing),
        plans.not_yet_of_plan(plan.id),
        number,
    )


def body_for_all(plan: ActionPlan, heading: plans.Heading | None = None) -> editions.Body:
    """The plan as everybody reads it: while a change is made the edition in force, word for word; else as it reads now."""
    newest = published.newest_edition(plan.id) if plan.reopened_at else None
    return json.loads(newest.body) if newest else body_now(plan, heading=heading)


def hash_of(body: editions.Body) -> str:
    """The hash of what a body says, whatever edition it is."""
    return hashing.sha256_hex(hashing.canonical_json({**body, "edition": 0}))


def content_sha256(plan: ActionPlan) -> str:
    """The hash of what the plan says now."""
    return hash_of(body_now(plan))


def changes_since(body: editions.Body, edition: ActionPlanEdition) -> editions.Difference:
    """What differs in a body from an edition."""
    return editions.difference(json.loads(edition.body), body)
