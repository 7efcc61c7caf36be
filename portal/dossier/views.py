"""Pages of the dossier."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Blueprint, Response, request

from portal.accounts import queries as accounts
from portal.actionplan import words as actionplan_words
from portal.comments import queries as comments
from portal.comments.models import Purpose
from portal.core import clock, memo, thai
from portal.core.i18n import language
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.dossier import exports, fate, flow, story, withdrawals, words
from portal.dossier.queries import communities, districts, ideas, records, strategy
from portal.dossier.queries import flow as flows
from portal.forums import words as forum_words
from portal.forums.models import Side
from portal.notifications import queries as notifications
from portal.places import policy as places_policy
from portal.places import words as place_words
from portal.places.models import title_of
from portal.procurement import words as procurement_words
from portal.screening import words as screening_words
from portal.strategy import queries as strategies
from portal.web import headers
from portal.web.access import public
from portal.web.links import absolute, url_for
from portal.web.login import current_actor
from portal.web.render import page

blueprint = Blueprint("dossier", __name__, url_prefix="/dossier")

MONEY_PHASES = (
    PhaseKind.FORUMS,
    PhaseKind.SUBMISSION,
    PhaseKind.PUBLICATION,
)  # the phases that spend or divide it


def _year() -> int | None:
    typed = request.args.get("year", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None


@blueprint.get("/<int:item_id>")
@public("cursor")
def show(item_id: int) -> str:
    """One idea, from the forum to the acceptance."""
    actor = current_actor()
    head = ideas.head(item_id)
    way = tuple(ideas.way(item_id))
    told = Told(head, tuple(records.of(head, way)), way, ideas.said(head))
    return page(
        "dossier/show.html",
        head=head,
        told=told,
        years=ideas.years(item_id),
        quantity=story.quantity_text,
        fates=fate,
        words=words,
        steps=procurement_words,
        forum_words=forum_words,
        outcomes=screening_words,
        thread=comments.thread(
            *(actor, head.topic_id),
            cursor=request.args.get("cursor"),
            known="closed" if head.is_withdrawn else Purpose.DISCUSSION,
        ),
        topic_id=head.topic_id,
        is_following=notifications.is_following(actor, head.topic_id),
    )


class Told:
    """An idea's story, told from its rows when a piece of the page asks for it: equal rows tell the same."""

    def __init__(self, head: Any, records: tuple[Any, ...], way: tuple[Any, ...], said: Any) -> None:
        self.rows = (head, records, way)
        self.said = said

    def __hash__(self) -> int:
        return hash(self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Told) and self.rows == other.rows and self.said == other.said

    @cached_property
    def item(self) -> dict[str, Any]:
        """What was handed in."""
        return story.as_told(self.said)

    @cached_property
    def story(self) -> story.Story:
        """Where it is, what happened, what the money did."""
        head, records, way = self.rows
        return story.tell(head, self.item, records, way)

    @property
    def stops(self) -> list[dict[str, Any]]:
        """The line of its way, with addresses."""
        return [
            {"label": one.label, "when": one.when, "state": one.state, "href": _address(one.link)}
            for one in self.story.stops
        ]

    @property
    def history(self) -> list[dict[str, Any]]:
        """What happened, newest first, as the time line takes it."""
        return [_as_row(event) for event in self.story.events]

    @property
    def withdrawal(self) -> withdrawals.Withdrawal | None:
        """When and why it was taken back."""
        head, records, _way = self.rows
        return withdrawals.withdrawal(head, records)

    @property
    def not_yet(self) -> list[Any]:
        """Why it is in no project yet."""
        return [record for record in self.rows[1] if record.kind == "not_yet"]

    @property
    def card(self) -> list[dict[str, Any]]:
        """The criteria card in the order and words of the rules it was filled in under."""
        head, records, _way = self.rows
        if head.outcome is None or head.rules_id is None:
            return []
        answers = {record.code: record for record in records if record.kind == "answer"}
        lang = language()
        return [
            {"text": criterion[f"text_{lang}"], "answer": answers[criterion["key"]]}
            for criterion in ideas.criteria(head)
            if criterion["key"] in answers
        ]


def _address(link: story.Link) -> str:
    return url_for(link[0], **{link[1]: link[2]}) if link else ""


def _as_row(event: story.Event) -> dict[str, Any]:
    when = (
        thai.day_text(clock.day_of(event.at), language())
        if event.is_day
        else thai.instant_text(event.at, language())
    )
    return {
        "title": event.title,
        "text": event.text,
        "by": event.by,
        "when": when,
        "href": _address(event.link),
        "lang": "th",
    }


@blueprint.get("/districts/<int:code>")
@public("year", "q")
def district(code: int) -> str:
    """A district's year: where it stands, what became of the ideas, communities, plan, what is coming."""
    with memo.anew(current_actor().is_signed_in):
        return _district(code)


def _district(code: int) -> str:
    found = districts.district(code)
    years = districts.years_of(found.id)
    year = districts.chosen_year(years, _year())
    typed = request.args.get("q", "").strip()[:100]
    listed = districts.communities_with_plans(found.id, year.cycle_id if year else None)
    soon = districts.to_take_part(found.id)
    headers.fresh_until(districts.boundary(year.phases if year else [], soon))
    now = clock.now()
    return page(
        "dossier/district.html",
        district=found,
        years=years,
        year=year,
        line=cycles.line_of(year.phases) if year else [],
        rules=cycles.rules_by_phase(year.cycle_id, *MONEY_PHASES) if year else {},
        ideas=districts.ideas_of(year.cycle_id) if year else None,
        communities=listed,
        found=_named(listed, typed),
        typed=typed,
        action_plan=districts.action_plan_of(year.cycle_id) if year else None,
        forums=[one for one in soon if one.kind == "forum"],
        votes=[(one, one.starts_at <= now) for one in soon if one.kind == "vote"],
        coming=districts.procurement_steps(found.id),
        steps=procurement_words,
        fates=fate,
        words=words,
        forum_words=forum_words,
        place_words=place_words,
    )


def _named(rows: Any, typed: str) -> Any:
    """Rows whose name holds what was typed, letter by letter or by its folded words (เต้นท์ finds เต็นท์)."""
    plain, folded = thai.normalise(typed), thai.tokens(typed).replace(" ", "")
    if not folded:
        return rows
    return [row for row in rows if plain in row.name or folded in thai.tokens(row.name).replace(" ", "")]


@blueprint.get("/communities/<int:community_id>")
@public()
def community(community_id: int) -> str:
    """A community: who speaks for it, its forums and plans, and what became of each idea."""
    actor = current_actor()
    found = communities.community(community_id)
    years = districts.years_of(found.district_id)
    year = districts.chosen_year(years, None)
    forums = communities.forums_of(community_id)
    headers.fresh_until(districts.boundary(year.phases if year else [], forums))
    return page(
        "dossier/community.html",
        found=found,
        title=title_of(found.name),
        year=year,
        line=cycles.line_of(year.phases) if year else [],
        committee=accounts.names_in_office(community_id),
        plans=communities.plans_of(community_id),
        idea_rows=communities.ideas_of_community(community_id),
        gathered=communities.gathered,
        forums=forums,
        fates=fate,
        words=words,
        forum_words=forum_words,
        topic_id=found.topic_id,
        is_following=notifications.is_following(actor, found.topic_id),
        may_correct_name=places_policy.can_correct_name(actor, found),
    )


@blueprint.get("/districts/<int:code>/ideas")
@public("year", "part", "side", "q", "cursor")
def district_ideas(code: int) -> str:
    """What became of the ideas of a district's year: the flow, its figures, and the list behind each figure."""
    found = districts.district(code)
    years = districts.years_of(found.id)
    year = districts.chosen_year(years, _year())
    counts = flows.counts(year.cycle_id) if year else []
    return page(
        "dossier/district_ideas.html",
        district=found,
        years=years,
        year=year,
        communities=flows.communities_of(found.id) if year else [],
        by_community=flow.by_community(counts),
        **_flow(counts, year, None),
    )


@blueprint.get("/communities/<int:community_id>/ideas")
@public("year", "part", "side", "q", "cursor")
def community_ideas(community_id: int) -> str:
    """What became of the ideas of one community in a year."""
    found = communities.community(community_id)
    years = districts.years_of(found.district_id)
    year = districts.chosen_year(years, _year())
    return page(
        "dossier/community_ideas.html",
        found=found,
        title=title_of(found.name),
        years=years,
        year=year,
        **_flow(flows.counts(year.cycle_id, community_id) if year else [], year, community_id),
    )


def _flow(counts: list[flow.Count], year: districts.Year | None, community_id: int | None) -> dict[str, Any]:
    """What both pages of a flow show."""
    cycle_id = year.cycle_id if year else 0
    figures = flow.figures_of(counts, *flows.issue_counts(cycle_id, community_id))
    side = request.args.get("side", "")
    wanted = flows.Wanted(
        flow.part_named(request.args.get("part", "")),
        Side(side) if side in set(Side) else None,
        thai.normalise(request.args.get("q", "")[:100]),
    )
    return {
        "figures": figures,
        "table": flow.table(figures),
        "flow": flow,
        "lots": flows.lots(cycle_id, community_id),
        "wanted": wanted,
        "listed": flows.rows(cycle_id, community_id, wanted, request.args.get("cursor")),
        "fates": fate,
        "forum_words": forum_words,
    }


@blueprint.get("/districts/<int:code>/ideas.csv")
@public("year")
def district_ideas_csv(code: int) -> Response:
    """The ideas of a district's year, one line each."""
    return _district_data(code, "csv")


@blueprint.get("/districts/<int:code>/ideas.json")
@public("year")
def district_ideas_json(code: int) -> Response:
    """The figures and ideas of a district's year."""
    return _district_data(code, "json")


def _district_data(code: int, form: str) -> Response:
    found = districts.district(code)
    place = {"district": found.name_th, "district_code": found.id}
    return _data(form, f"ideas-{found.id}", place, found.id, None)


@blueprint.get("/communities/<int:community_id>/ideas.csv")
@public("year")
def community_ideas_csv(community_id: int) -> Response:
    """The ideas of a community's year, one line each."""
    return _community_data(community_id, "csv")


@blueprint.get("/communities/<int:community_id>/ideas.json")
@public("year")
def community_ideas_json(community_id: int) -> Response:
    """The figures and ideas of a community's year."""
    return _community_data(community_id, "json")


def _community_data(community_id: int, form: str) -> Response:
    found = communities.community(community_id)
    place = {"community": found.name, "community_id": found.id, "district_code": found.district_id}
    return _data(form, f"ideas-community-{found.id}", place, found.district_id, found.id)


def _data(
    form: str, name: str, place: dict[str, Any], district_id: int, community_id: int | None
) -> Response:
    year = districts.chosen_year(districts.years_of(district_id), _year())
    cycle_id, fiscal_year = (year.cycle_id, year.fiscal_year) if year else (0, None)
    rows = flows.every_idea(cycle_id, community_id)
    projects = flows.projects_of(cycle_id, community_id)
    addresses = {row.item_id: absolute("dossier.show", language(), item_id=row.item_id) for row in rows}
    if form == "csv":
        text, kind = exports.ideas_csv(rows, projects, addresses), "text/csv"
    else:
        issues = flows.issue_counts(cycle_id, community_id)
        figures = flow.figures_of(flows.counts(cycle_id, community_id), *issues)
        whole = {**place, "fiscal_year": fiscal_year}
        text, kind = exports.ideas_json(whole, figures, rows, projects, addresses), "application/json"
    name = f"{name}-{fiscal_year}" if fiscal_year else name
    return Response(
        text, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    )


@blueprint.get("/strategy/<int:node_id>")
@public("part", "cursor")
def under(node_id: int) -> str:
    """What is done under a line of the strategy and the lines below it, with its money."""
    node, tree = strategies.node(current_actor(), node_id)
    sums = strategy.sums(node_id)
    chosen = request.args.get("part", "")
    part = (
        strategy.Part(chosen)
        if chosen in set(strategy.Part)
        else next((one for one in strategy.Part if sums[one].number), strategy.Part.ITEMS)
    )
    found = strategy.rows(part, node_id, request.args.get("cursor"))
    address = url_for("dossier.under", node_id=node_id, part=part.value)
    return page(
        "dossier/under.html",
        node=node,
        tree=tree,
        above=strategies.branch(node_id)[:-1],
        sums=sums,
        part=part,
        rows=found.rows,
        older=f"{address}&cursor={found.next_cursor}" if found.next_cursor else "",
        first=address if request.args.get("cursor") else "",
        budgets=actionplan_words.BUDGETS,
        process_states=procurement_words.STATES,
    )
