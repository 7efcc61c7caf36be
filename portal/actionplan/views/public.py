"""What everybody reads: the districts' plans of a year, one plan, one project, the editions."""

from __future__ import annotations

import json
from typing import Any

from flask import request

from portal.actionplan import editions as editing
from portal.actionplan import policy, queries, words
from portal.actionplan.models import ActionPlanState, MoneyStep, ProjectKind, Section
from portal.actionplan.queries import browsing
from portal.actionplan.views.room import blueprint
from portal.comments import queries as comments
from portal.core import afterwards, calendar, clock, i18n, money, thai
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext as _n
from portal.forums import words as forum_words
from portal.forums.models import Side
from portal.forums.words import SIDES
from portal.notifications import queries as notifications
from portal.web.access import public
from portal.web.headers import fresh_until
from portal.web.links import url_for
from portal.web.login import current_actor
from portal.web.render import page


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else None


def _one_of(name: str, kind: Any) -> Any:
    given = request.args.get(name, "")
    return kind(given) if given in {member.value for member in kind} else None


@blueprint.get("")
@public("year")
def index() -> Any:
    """Every district's plan of a year."""
    actor, years = current_actor(), queries.years()
    year = _number("year")
    if year is None or not 2500 <= year <= 2700:
        year = years[0] if years else calendar.fiscal_year(clock.today())
    rows = queries.plans_in_year(actor, year)
    tabs = [
        (
            thai.fiscal_year_text(one, i18n.language(), "short"),
            url_for("actionplan.index", year=one),
            one == year,
        )
        for one in sorted({*years, year}, reverse=True)
    ]
    return page("actionplan/index.html", year=year, years_tabs=tabs, rows=rows, words=words)


@blueprint.get("/<int:plan_id>")
@public("side", "section", "kind", "community", "node", "q", "cursor")
def show(plan_id: int) -> Any:
    """One plan: how the money falls, and its projects by side, section, strategy, community and kind."""
    actor = current_actor()
    plan, heading = queries.plain_plan(actor, plan_id)
    chosen = browsing.Chosen(
        side=_one_of("side", Side),
        section=_one_of("section", Section),
        kind=_one_of("kind", ProjectKind),
        community=_number("community"),
        node=_number("node"),
        q=request.args.get("q", "")[:200],
    )
    _keep_fresh(plan, heading)
    figures = queries.figures(plan.id) if actor.is_signed_in else queries.shared_figures(plan.id)
    edition = queries.newest_edition_line(plan.id) if plan.published_at else None
    is_officer = policy.is_officer(actor, plan.district_id)
    return page(
        "actionplan/show.html",
        plan=plan,
        heading=heading,
        figures=figures,
        share_parts=_share_parts,
        side_parts=_side_parts,
        community_rows=_community_rows,
        found=browsing.projects_in_plan(plan, chosen, request.args.get("cursor")),
        edition=edition,
        chosen=chosen,
        arguments=_arguments(),
        is_officer=is_officer,
        change=queries.change_in_figures(plan.id) if is_officer and plan.reopened_at else None,
        topic_id=plan.topic_id,
        is_following=notifications.is_following(actor, plan.topic_id),
        sides=forum_words,
        words=words,
    )


MOST_BARS = 10
TONES = ("one", "two", "three", "four", "five")


def _share_parts(totals: queries.Totals) -> list[dict[str, Any]]:
    """The split of the plan's money between ideas of communities and the office's own."""
    return [
        {
            "label": _("Community items"),
            "value": totals.community_satang,
            "text": money.baht(totals.community_satang),
            "tone": "one",
        },
        {
            "label": _("The office's own"),
            "value": totals.office_satang,
            "text": money.baht(totals.office_satang),
            "tone": "five",
        },
    ]


def _side_parts(plan_id: int, split: dict[Side, int]) -> list[dict[str, Any]]:
    """The split of items' money by the five sides, each leading to its projects; empty without items."""
    return [
        {
            "label": str(SIDES[side]),
            "value": split.get(side, 0),
            "text": money.baht(split.get(side, 0)),
            "tone": tone,
            "href": url_for("actionplan.show", plan_id=plan_id, side=side.value) + "#projects",
        }
        for side, tone in zip(Side, TONES, strict=True)
        if split
    ]


def _community_rows(plan_id: int, communities: list[Any]) -> list[dict[str, Any]]:
    """The communities with most money, each leading to its projects, and the rest together: without a bar, beside
    which all others would look small."""
    by_money = sorted(communities, key=lambda row: -row.satang)
    rows: list[dict[str, Any]] = [
        {
            "label": row.name,
            "value": row.satang,
            "text": money.baht(row.satang),
            "href": url_for("actionplan.show", plan_id=plan_id, community=row.id) + "#projects",
        }
        for row in by_money[:MOST_BARS]
    ]
    rest = by_money[MOST_BARS:]
    if rest:
        satang = sum(row.satang for row in rest)
        label = _n("%(num)s more community", "%(num)s more communities", len(rest))
        rows.append({"label": label, "value": 0, "text": money.baht(satang)})
    return rows


def _arguments() -> dict[str, str]:
    """The filters of this address, without the cursor, for links to the next page."""
    names = ("side", "section", "kind", "community", "node", "q")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _keep_fresh(plan: Any, heading: queries.Heading) -> None:
    if plan.state is ActionPlanState.HEARING:
        for edge in (heading.hearing_starts_at, heading.hearing_ends_at):
            if edge is not None and edge > clock.now():
                fresh_until(edge)


@blueprint.get("/projects/<int:project_id>")
@public()
def project(project_id: int) -> Any:
    """One project: whose ideas it takes in, the ten heads, the money's way, what is said about it."""
    actor = current_actor()
    found = browsing.project_page(actor, project_id)
    _keep_fresh(found.plan, found.heading)
    way = queries.money_of(project_id) if found.money_steps else []
    now = queries.purpose_of(found.plan.state, found.heading.is_hearing_open)
    is_closed = now is None or found.project.withdrawn_at is not None
    is_officer = policy.is_officer(actor, found.plan.district_id)
    return page(
        "actionplan/project.html",
        found=found,
        project=found.project,
        plan=found.plan,
        heading=found.heading,
        items=queries.items_of_project(actor, project_id) if found.items else [],
        branches=browsing.branches_of(project_id),
        way=way,
        turns=afterwards.turns_of("project", [project_id]).get(project_id, []),
        money_line=_money_line(way),
        refusal=way[-1].note if way and way[-1].step is MoneyStep.REFUSED else "",
        thread=comments.thread(actor, found.project.topic_id, known="closed" if is_closed else now),
        topic_id=found.project.topic_id,
        is_following=found.is_following,
        is_leaving=policy.is_project_leaving(found.plan, found.project),
        is_in_force=policy.is_project_in_force(found.plan, found.project),
        is_officer=is_officer,
        change=queries.change_of(found.project) if is_officer else None,
        can_edit=policy.is_editor(actor, found.plan),
        may_change=policy.can_edit(actor, found.plan) and found.project.withdrawn_at is None,
        may_put_back=policy.can_put_back(actor, found.plan, found.project),
        SIDES=SIDES,
        words=words,
    )


def _money_line(way: list[Any]) -> list[dict[str, Any]]:
    """The money's way as a line: requested, allocated, transferred, each with its newest entry that still holds; it
    ends where the money was refused."""
    newest = _holding(way)
    steps = [MoneyStep.REQUESTED, MoneyStep.ALLOCATED, MoneyStep.TRANSFERRED]
    if MoneyStep.REFUSED in newest:
        steps = [step for step in steps if step in newest] + [MoneyStep.REFUSED]
    line: list[dict[str, Any]] = []
    for step in steps:
        row = newest.get(step)
        is_next = row is None and all(one["state"] == "done" for one in line)
        passed = "refused" if step is MoneyStep.REFUSED else "done"
        line.append(
            {
                "label": str(words.MONEY[step]),
                "state": passed if row else "now" if is_next else "next",
                "when": _money_text(row) if row else _("not yet") if is_next else "",
            }
        )
    return line


def _holding(way: list[Any]) -> dict[MoneyStep, Any]:
    """The newest entry of each step that a refusal did not undo: what is entered after it begins anew, but an
    allocation after all still has its request."""
    newest: dict[MoneyStep, Any] = {}
    for row in way:
        if MoneyStep.REFUSED in newest and row.step is not MoneyStep.REFUSED:
            is_after_all = row.step is MoneyStep.ALLOCATED
            newest = {MoneyStep.REQUESTED: newest[MoneyStep.REQUESTED]} if is_after_all else {}
        newest[row.step] = row
    return newest


def _money_text(row: Any) -> str:
    language = i18n.language()
    return f"{money.baht(row.amount_satang, language)} · {thai.day_text(row.on, language)}"


@blueprint.get("/<int:plan_id>/reasons")
@public()
def reasons(plan_id: int) -> Any:
    """Accepted items that are in no project yet, and why."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    return page(
        "actionplan/reasons.html",
        plan=plan,
        heading=heading,
        rows=queries.not_yet_of_plan(plan.id),
        SIDES=SIDES,
    )


@blueprint.get("/<int:plan_id>/editions")
@public()
def editions(plan_id: int) -> Any:
    """Every edition with its hash and reason."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    return page(
        "actionplan/editions.html",
        plan=plan,
        heading=heading,
        rows=queries.editions(plan.id),
    )


@blueprint.get("/<int:plan_id>/editions/<int:number>")
@public()
def edition(plan_id: int, number: int) -> Any:
    """One edition: what it changed in the one before."""
    plan, heading = queries.plan_and_heading(current_actor(), plan_id)
    row = queries.edition(plan.id, number)
    after = json.loads(row.body)
    difference = None
    if number > 1:
        before = queries.edition(plan.id, number - 1)
        difference = editing.difference(json.loads(before.body), after)
    return page(
        "actionplan/edition.html",
        plan=plan,
        heading=heading,
        row=row,
        body=after,
        difference=difference,
        words=words,
    )
