"""The inbox, and following from any page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.routing import BuildError

from portal.core import news, topics
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.notifications import commands, forms, queries
from portal.notifications.models import Hearing
from portal.web import flash, leaving
from portal.web.access import public, signed_in
from portal.web.forms import PortalForm
from portal.web.login import current_actor
from portal.web.redirects import see, see_other
from portal.web.render import page

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")


@blueprint.app_context_processor
def follow_button() -> dict[str, Any]:
    """What ``notifications/_follow.html`` needs on the pages of other rooms."""
    return {"follow_form": lambda: PortalForm(formdata=None)}


@blueprint.get("")
@signed_in
def index() -> Any:
    """The actor's inbox."""
    actor = current_actor()
    found = queries.inbox(actor, request.args.get("cursor"))
    rows = [
        {"row": row, "text": news.sentence(row.event, params)}
        for row, params, _is_seen in queries.telling(actor, found.rows)
    ]
    return page("notifications/index.html", rows=rows, next_cursor=found.next_cursor)


@blueprint.post("/<int:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> Any:
    """Mark a notice read and go to what it is about."""
    actor = current_actor()
    notice = queries.notice_of(actor, notice_id)
    if notice is None:
        raise NotFound
    commands.read_notice(actor, notice_id)
    way = queries.way_of(notice.params)
    if way:
        try:
            return see_other(way["endpoint"], **way["values"])
        except BuildError:  # Old news may lead to a page that is no more: its topic is left.
            pass
    topic = topics.visible_topic(actor, notice.topic_id) if notice.topic_id else None
    if topic is None:
        flash.warn(_("What this news was about can no longer be seen."))
        return see_other("notifications.index")
    kind = topics.kinds()[topic.kind]
    return see_other(kind.endpoint, **{kind.param: topic.ref_id})


@blueprint.post("/<int:notice_id>/read")
@signed_in
def read(notice_id: int) -> Any:
    """Mark one notice read and stay in the inbox."""
    commands.read_notice(current_actor(), notice_id)
    return see_other("notifications.index")


@blueprint.post("/read-all")
@signed_in
def read_all() -> Any:
    """Mark every notice read."""
    commands.read_all_notices(current_actor())
    flash.say(_("Everything is marked as read."))
    return see_other("notifications.index")


@blueprint.get("/following")
@signed_in
def following() -> Any:
    """What the actor follows."""
    found = queries.followed(current_actor(), request.args.get("cursor"))
    rows = []
    for row in found.rows:
        kind = topics.kinds()[row.kind]
        rows.append(
            {
                "topic_id": row.topic_id,
                "title": row.title,
                "kind": kind.label,
                "since": row.created_at,
                "href": url_for(kind.endpoint, **{kind.param: row.ref_id}),
            }
        )
    return page("notifications/following.html", rows=rows, next_cursor=found.next_cursor)


@blueprint.post("/follow/<int:topic_id>")
@signed_in
def follow(topic_id: int) -> Any:
    """Follow a topic and go back to the page the button stood on."""
    commands.follow(current_actor(), topic_id)
    flash.say(_("You follow this. News of it comes to your inbox."))
    return see(request.form.get("next", ""))


@blueprint.post("/unfollow/<int:topic_id>")
@signed_in
def unfollow(topic_id: int) -> Any:
    """Stop following a topic and go back to the page the button stood on."""
    commands.unfollow(current_actor(), topic_id)
    flash.say(_("You no longer follow this."))
    return see(request.form.get("next", ""))


@blueprint.route("/mail", methods=["GET", "POST"])
@signed_in
def mail() -> Any:
    """How the actor wants to hear of news: at once, gathered, or only here."""
    actor = current_actor()
    form = forms.HearingForm(hearing=queries.hearing_of(actor).value)
    if form.accepts(lambda: commands.choose_hearing(actor, Hearing(form.hearing.data))):
        flash.say(_("Saved. You now hear of news the way you chose."))
        return see_other("notifications.index")
    return page("notifications/mail.html", form=form), form.status


@blueprint.get("/leave/<string:token>")
@public(cached=False)
def leave(token: str) -> Any:
    """Ask before the mails end: programs that look into mails open every address in them."""
    if leaving.person_of(token) is None:
        raise NotFound
    return page("notifications/leave.html", token=token, is_done=False)


@blueprint.post("/leave/<string:token>")
@public(by_address=True)
def leave_now(token: str) -> Any:
    """No more mail of news for the person whom the address names; their inbox keeps everything."""
    person_id = leaving.person_of(token)
    if person_id is None:
        raise NotFound
    commands.choose_hearing(Actor(id=person_id), Hearing.INBOX)
    return page("notifications/leave.html", token=token, is_done=True)
