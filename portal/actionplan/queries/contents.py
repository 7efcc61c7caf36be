"""What a paper, a workbook or an open file of a plan is made of: an edition word for word, or the plan as it reads."""

from __future__ import annotations

import json

import sqlalchemy as sa

from portal.actionplan import words
from portal.actionplan.editions import Body
from portal.actionplan.models import ActionPlan, ActionPlanEdition
from portal.actionplan.papers import Content, Origin
from portal.actionplan.queries import merging, published
from portal.actionplan.queries.plans import Heading
from portal.core import clock, db, i18n
from portal.forums.models import Forum, Issue
from portal.plans.models import Item


def content(
    plan: ActionPlan, heading: Heading, edition: ActionPlanEdition | None = None, address: str = ""
) -> Content:
    """The content of an edition; without one, of the plan as it reads now."""
    body: Body = json.loads(edition.body) if edition else merging.body_now(plan, heading=heading)
    return Content(
        body=body,
        origins=_origins(body),
        district=heading.name_en if i18n.language() == "en" else heading.name_th,
        fiscal_year=heading.fiscal_year,
        state=str(words.STATES[plan.state]),
        number=edition.number if edition else 0,
        published_at=edition.published_at if edition else None,
        sha256=edition.sha256 if edition else "",
        address=address,
    )


def content_for_all(plan: ActionPlan, heading: Heading) -> Content:
    """The content of a plan as everybody reads it: while a change is made, of the edition in force."""
    return content(plan, heading, published.newest_edition(plan.id) if plan.reopened_at else None)


def _origins(body: Body) -> dict[int, Origin]:
    """Side and forum of every item the body names, in one query."""
    named = {link["item"] for one in body["projects"] for link in one["items"]}
    named |= {one["item"] for one in body["not_yet"]}
    rows = db.session().execute(
        sa.select(Item.id, Item.side, Forum.title, Forum.starts_at, Issue.problem)
        .outerjoin(Issue, Issue.id == Item.issue_id)
        .outerjoin(Forum, Forum.id == Issue.forum_id)
        .where(Item.id.in_(sorted(named)))
    )
    return {
        row.id: Origin(
            row.side,
            row.title or "",
            clock.day_of(row.starts_at) if row.starts_at else None,
            row.problem or "",
        )
        for row in rows
    }
