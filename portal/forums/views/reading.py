"""What everybody may read: the list, a forum, its sheet for the door, the calendar feeds."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request, url_for

from portal.core import afterwards, clock, icalendar, typeset
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.forums import papers, policy, queries, words
from portal.forums.models import AgeBand, ForumPurpose, ForumState, PaperKind, Sex
from portal.forums.views.room import blueprint
from portal.forums.workflow import FORUMS
from portal.places import queries as places
from portal.places.models import title_of
from portal.web import headers, links
from portal.web.access import public
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.render import page

FILTERS = ("district", "community", "purpose", "when")


@blueprint.get("")
@public(*FILTERS, "after")
def index() -> Any:
    """Coming and past forums, by place and purpose."""
    asked = {name: request.args.get(name, "") for name in FILTERS}
    past = asked["when"] == "past"
    district_id, community_id = _number(asked["district"]), _number(asked["community"])
    purpose = next((one for one in ForumPurpose if one.value == asked["purpose"]), None)
    communities = places.communities_in(district_id) if district_id else []
    if community_id not in {row.id for row in communities}:
        community_id = None
    found = queries.forums_page(
        past=past,
        district_id=district_id,
        community_id=community_id,
        purpose=purpose,
        cursor=request.args.get("after"),
    )
    kept: dict[str, Any] = {
        "district": district_id,
        "community": community_id,
        "purpose": purpose.value if purpose else None,
        "when": "past" if past else None,
    }
    headers.fresh_until(queries.next_boundary(district_id))
    actor = current_actor()
    may_announce = any(queries.places_of(actor)) if actor.is_signed_in and actor.grants else False
    return page(
        "forums/index.html",
        rows=found.rows,
        past=past,
        kept=kept,
        districts=places.districts(),
        communities=communities,
        older=url_for("forums.index", **kept, after=found.next_cursor) if found.next_cursor else "",
        coming_address=url_for("forums.index", **{**kept, "when": None}),
        past_address=url_for("forums.index", **{**kept, "when": "past"}),
        is_first=not request.args.get("after"),
        may_announce=may_announce,
        words=words,
        title_of=title_of,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


@blueprint.get("/<int:forum_id>")
@public()
def show(forum_id: int) -> Any:
    """One forum: when and where, and afterwards who came, what was said, what was asked for."""
    actor = current_actor()
    forum = queries.forum(forum_id)
    place = queries.place_of(forum, actor)
    is_recorded = forum.state is ForumState.RECORDED
    has_begun = forum.starts_at <= clock.now()
    attendance = queries.attendance_of(forum_id) if is_recorded else {}
    issues = queries.issues_of(forum_id) if has_begun and policy.can_read_issues(actor, forum) else []
    issue_ids = [one.id for one in issues] if is_recorded and forum.community_id is not None else []
    offers = afterwards.offers_to(actor, "issue", issue_ids)
    written = queries.papers_of(forum_id) if forum.purpose is ForumPurpose.DISTRICT_POLICY else []
    corrections = queries.corrections_of(forum_id) if is_recorded else []
    if not has_begun:
        headers.fresh_until(forum.starts_at)
    elif forum.ends_at > clock.now():
        headers.fresh_until(forum.ends_at)
    return page(
        "forums/show.html",
        forum=forum,
        place=place,
        agenda=queries.agenda_of(forum_id),
        body=queries.body(forum.body_id) if forum.body_id else None,
        papers={one.kind.value: one for one in reversed(written)},
        may_write_papers=[kind for kind in PaperKind if policy.can_write_paper(actor, forum, kind)],
        has_begun=has_begun,
        attendance=attendance,
        total=sum(attendance.values()),
        issues=issues,
        turns=afterwards.turns_of("issue", issue_ids),
        offers=offers,
        button=PortalForm(formdata=None) if offers else None,
        photos=queries.photos_of(forum_id) if has_begun else [],
        corrections=[
            (row.at, json.loads(row.payload)["note"] if row.payload else "", row.who) for row in corrections
        ],
        moves=FORUMS.open_moves(actor, forum),
        may_keep=policy.can_keep_forum(actor, forum),
        may_write_issues=policy.can_write_issues(actor, forum),
        may_read_names=is_recorded and policy.can_read_names(actor, forum),
        topic_id=forum.topic_id,
        is_following=place.is_following,
        words=words,
        title_of=title_of,
        ages=AgeBand,
        sexes=Sex,
    )


@blueprint.get("/<int:forum_id>/sheet")
@public("rows")
def sheet(forum_id: int) -> Any:
    """The agenda and empty lines to sign on, for printing."""
    forum = queries.forum(forum_id)
    lines = _lines()
    return page(
        "forums/sheet.html",
        forum=forum,
        place=queries.place_of(forum),
        agenda=queries.agenda_of(forum_id),
        lines=lines,
        notice=papers.notice(),
        words=words,
        title_of=title_of,
    )


def _lines() -> int:
    return min(max(_number(request.args.get("rows", "")) or 40, 10), 400)


@blueprint.get("/<int:forum_id>/sheet.pdf")
@public("rows", "digits")
def sheet_pdf(forum_id: int) -> Response:
    """The same as a paper; ``digits=thai`` sets Thai digits."""
    forum = queries.forum(forum_id)
    body = papers.sheet(
        forum,
        queries.place_of(forum),
        queries.agenda_of(forum_id),
        _lines(),
        is_thai_digits=request.args.get("digits") == "thai",
    )
    return _paper(body, f"forum-{forum_id}-sheet.pdf")


def _paper(body: bytes, name: str) -> Response:
    answer = Response(body, mimetype=typeset.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@blueprint.get("/<int:forum_id>/cards")
@public()
def cards(forum_id: int) -> Any:
    """Empty cards for issues, four on a sheet, for printing."""
    forum = queries.forum(forum_id)
    return page(
        "forums/cards.html", forum=forum, place=queries.place_of(forum), words=words, title_of=title_of
    )


@blueprint.get("/<int:forum_id>/cards.pdf")
@public("sheets")
def cards_pdf(forum_id: int) -> Response:
    """The same as a paper: ``sheets`` (at most 25) with four cards each."""
    forum = queries.forum(forum_id)
    sheets = min(max(_number(request.args.get("sheets", "")) or 5, 1), 25)
    return _paper(papers.cards(forum, queries.place_of(forum), sheets), f"forum-{forum_id}-cards.pdf")


@blueprint.get("/districts/<int:code>.ics", endpoint="district_calendar")
@public()
def district_calendar(code: int) -> Any:
    """The forums of a district and of its communities, to subscribe to."""
    district = places.district(code)
    if district is None:
        raise NotFound
    name = district.name_en if language() == "en" else district.name_th
    return _feed(_("Forums: %(place)s", place=name), queries.calendar_of(district_id=district.id))


@blueprint.get("/communities/<int:community_id>.ics")
@public()
def calendar(community_id: int) -> Any:
    """The forums of one community, to subscribe to."""
    community = places.community(community_id)
    if community is None:
        raise NotFound
    name = title_of(community.name)
    return _feed(_("Forums: %(place)s", place=name), queries.calendar_of(community_id=community_id))


def _feed(name: str, rows: Any) -> Response:
    agendas = queries.agendas_of(row.id for row in rows)
    host = urlsplit(current_app.config["PORTAL"].public_url).hostname
    events = [
        icalendar.Event(
            uid=f"forum-{row.id}@{host}",
            starts=row.starts_at,
            ends=row.ends_at,
            title=row.title,
            place=row.place,
            text="\n".join(f"{number}. {matter}" for number, matter in enumerate(agendas.get(row.id, ()), 1)),
            url=links.absolute("forums.show", language(), forum_id=row.id),
            revision=row.version_id - 1,
            is_cancelled=row.state is ForumState.CANCELLED,
        )
        for row in rows
    ]
    text = icalendar.calendar(name, events, stamp=clock.now())
    return Response(text, content_type=icalendar.MEDIA_TYPE)
