"""Pages of the dossier."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from flask import Blueprint, request

from portal.accounts import queries as accounts
from portal.actionplan import words as actionplan_words
from portal.comments import queries as comments
from portal.core import clock, memo, thai
from portal.core.i18n import language
from portal.cycles import queries as cycles
from portal.dossier import fate, story, words
from portal.dossier.queries import communities, districts, ideas, strategy
from portal.forums import words as forum_words
from portal.notifications import queries as notifications
from portal.places import policy as places_policy
from portal.places.models import title_of
from portal.procurement import words as procurement_words
from portal.screening import words as screening_words
from portal.strategy import queries as strategies
from portal.web import headers
from portal.web.access import public
from portal.web.links import url_for
from portal.web.login import current_actor
from portal.web.render import page

blueprint = Blueprint("dossier", __name__, url_prefix="/dossier")


def _year() -> int | None:
    typed = request.args.get("year", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None


@blueprint.get("/<int:item_id>")
@public("cursor")
def show(item_id: int) -> str:
    """One idea, from the forum to the acceptance."""
    actor = current_actor()
    head = ideas.head(item_id)
    told = Told(head, tuple(ideas.records(item_id)), tuple(ideas.way(item_id)))
    return page(
        "dossier/show.html",
        head=head,
        told=told,
        quantity=story.quantity_text,
        fates=fate,
        words=words,
        steps=procurement_words,
        forum_words=forum_words,
        outcomes=screening_words,
        thread=comments.thread(actor, head.topic_id, cursor=request.args.get("cursor")),
        topic_id=head.topic_id,
        is_following=notifications.is_following(actor, head.topic_id),
    )


class Told:
    """An idea's story, told from its rows when a piece of the page asks for it: equal rows tell the same."""

    def __init__(self, head: Any, records: tuple[Any, ...], way: tuple[Any, ...]) -> None:
        self.rows = (head, records, way)

    def __hash__(self) -> int:
        return hash(self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Told) and self.rows == other.rows

    @cached_property
    def item(self) -> dict[str, Any]:
        """What was handed in."""
        return story.as_handed_in(self.rows[0], self.rows[0].edition)

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
    def not_yet(self) -> list[Any]:
        """Why it is in no project yet."""
        return [record for record in self.rows[1] if record.kind == "not_yet"]

    @property
    def card(self) -> list[dict[str, Any]]:
        """The criteria card in the order and words of the rules it was filled in under."""
        head, records, _way = self.rows
        if not head.rules_body:
            return []
        answers = {record.code: record for record in records if record.kind == "answer"}
        lang = language()
        return [
            {"text": criterion[f"text_{lang}"], "answer": answers[criterion["key"]]}
            for criterion in json.loads(head.rules_body)["criteria"]
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
    forums = districts.coming_forums(found.id)
    headers.fresh_until(districts.boundary(year.phases if year else [], forums))
    return page(
        "dossier/district.html",
        district=found,
        years=years,
        year=year,
        line=cycles.line_of(year.phases) if year else [],
        rules=cycles.rules(year.cycle_id) if year else None,
        ideas=districts.ideas_of(year.cycle_id) if year else None,
        communities=listed,
        found=_named(listed, typed),
        typed=typed,
        action_plan=districts.action_plan_of(year.cycle_id) if year else None,
        forums=forums,
        coming=districts.procurement_steps(found.id),
        steps=procurement_words,
        fates=fate,
        words=words,
        forum_words=forum_words,
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
