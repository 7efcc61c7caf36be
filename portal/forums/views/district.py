"""What belongs to the district: its policy forums with the papers around them, its standing bodies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request

from portal.accounts import queries as people
from portal.core import clock, comparing
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.forums import commands, forms, policy, queries, words
from portal.forums.models import ForumPaper, ForumPurpose, PaperKind, Side
from portal.forums.views.keeping import closed
from portal.forums.views.room import blueprint, kept
from portal.places import queries as places
from portal.places.models import District
from portal.web import flash
from portal.web.access import public, requires, signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


def _district(code: int) -> District:
    found = places.district(code)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/districts/<int:code>")
@public()
def district(code: int) -> Any:
    """A district's policy forums, and its councils and networks."""
    found = _district(code)
    actor = current_actor()
    return page(
        "forums/district.html",
        district=found,
        policies=queries.policy_forums(found.id),
        bodies=queries.bodies_of(found.id),
        may_register=policy.can_keep_bodies(actor, found.id),
        may_announce=policy.can_announce_forum(actor, found.id, None),
        words=words,
    )


# -- papers of a district policy forum ------------------------------------------------------------------------------


def _kind(word: str) -> PaperKind:
    if word not in set(PaperKind):
        raise NotFound
    return PaperKind(word)


@blueprint.get("/<int:forum_id>/papers/<string:kind>")
@public("edition")
def paper(forum_id: int, kind: str) -> Any:
    """The newest edition of a synthesis or a policy, or an earlier one, with what changed."""
    forum = queries.forum(forum_id)
    editions = queries.papers_of(forum_id, _kind(kind))
    asked = request.args.get("edition", "")
    chosen = [one for one in editions if str(one.number) == asked] if asked else editions[:1]
    if not chosen:
        raise NotFound
    shown = chosen[0]
    before = next((one for one in editions if one.number == shown.number - 1), None)
    return page(
        "forums/paper.html",
        forum=forum,
        place=queries.place_of(forum),
        shown=shown,
        editions=editions,
        asked=_asked(forum_id, shown),
        changes=comparing.compare(words.text_of(before), words.text_of(shown)) if before else (),
        names=people.names_of([one.published_by for one in editions]),
        since=dt.date.fromisoformat(shown.body["since"]) if "since" in shown.body else None,
        until=dt.date.fromisoformat(shown.body["until"]) if "until" in shown.body else None,
        words=words,
        Side=Side,
        may_write=policy.can_write_paper(current_actor(), forum, shown.kind),
    )


def _asked(forum_id: int, shown: ForumPaper) -> list[dict[str, Any]]:
    """By side the problems that a policy answers: those of the synthesis it names."""
    if shown.kind is not PaperKind.POLICY:
        return []
    synthesis = queries.papers_of(forum_id, PaperKind.SYNTHESIS)
    return next((one.body["sides"] for one in synthesis if one.number == shown.body["synthesis"]), [])


@blueprint.route("/<int:forum_id>/papers/<string:kind>/new", methods=["GET", "POST"])
@signed_in
def write_paper(forum_id: int, kind: str) -> Any:
    """Publish a synthesis before the forum, or the policy after it."""
    actor = current_actor()
    forum = kept(actor, forum_id)
    sort = _kind(kind)
    if request.method == "GET" and not policy.can_write_paper(actor, forum, sort):
        raise closed(forum)
    earlier = queries.papers_of(forum_id)
    newest = next((one for one in earlier if one.kind is sort), None)
    form = forms.PaperForm(data=forms.published(newest))
    since = form.since.data or (forum.starts_at - dt.timedelta(days=365)).astimezone(clock.BANGKOK).date()
    if form.since.data is None and not form.since.errors:
        form.since.data = since
    if sort is PaperKind.SYNTHESIS:
        told = queries.problems_gathered(forum.district_id, since)["sides"]
    else:
        synthesis = next((one for one in earlier if one.kind is PaperKind.SYNTHESIS), None)
        told = synthesis.body["sides"] if synthesis else []

    form.ask(newest is not None, [Side(one["side"]) for one in told] if sort is PaperKind.POLICY else [])

    def act() -> None:
        reason = form.reason.data or ""
        if sort is PaperKind.SYNTHESIS:
            commands.publish_synthesis(
                actor, forum, text=form.text.data, since=since, sides=form.words_by_side(), reason=reason
            )
        else:
            commands.publish_policy(actor, forum, text=form.text.data, answers=form.answers(), reason=reason)

    if form.accepts(act):
        flash.say(_l("Published. Those who follow the forum have been told."))
        return see_other("forums.paper", forum_id=forum_id, kind=kind)
    return page(
        "forums/write_paper.html",
        form=form,
        forum=forum,
        kind=sort,
        told=told,
        parts=form.parts(Side(one["side"]) for one in told),
        is_again=newest is not None,
        words=words,
    ), form.status


# -- councils and networks ------------------------------------------------------------------------------------------


@blueprint.get("/bodies/<int:body_id>")
@public()
def body(body_id: int) -> Any:
    """One council or network, and its forums."""
    found = queries.body(body_id)
    actor = current_actor()
    return page(
        "forums/body.html",
        body=found,
        district=places.district(found.district_id),
        rows=queries.forums_of_body(body_id),
        may_keep=policy.can_keep_bodies(actor, found.district_id),
        may_announce=found.closed_on is None and policy.can_announce_forum(actor, found.district_id, None),
        words=words,
    )


@blueprint.route("/districts/<int:code>/bodies/new", methods=["GET", "POST"])
@requires(Permission.COMMITTEE_KEEP, Permission.DISTRICT_FORUM_KEEP)
def register_body(code: int) -> Any:
    """Register a council or network."""
    actor = current_actor()
    found = _district(code)
    _check_bodies(found.id)
    form = forms.BodyForm()
    if form.accepts(lambda: commands.register_body(actor, found.id, form.body())):
        flash.say(_l("Saved."))
        return see_other("forums.body", body_id=form.result.id)
    return page("forums/register_body.html", form=form, district=found), form.status


@blueprint.route("/bodies/<int:body_id>/edit", methods=["GET", "POST"])
@requires(Permission.COMMITTEE_KEEP, Permission.DISTRICT_FORUM_KEEP)
def edit_body(body_id: int) -> Any:
    """Correct what the register says of a body, or close it."""
    actor = current_actor()
    found = queries.body(body_id)
    _check_bodies(found.district_id)
    form = forms.BodyForm(data=forms.registered(found))
    if form.accepts(lambda: commands.write_body(actor, found, form.body())):
        flash.say(_l("Saved."))
        return see_other("forums.body", body_id=body_id)
    return page("forums/edit_body.html", form=form, body=found), form.status


def _check_bodies(district_id: int) -> None:
    if not policy.can_keep_bodies(current_actor(), district_id):
        raise NotAllowed(_l("Forums of this place are run by others."))


@blueprint.route("/bodies/<int:body_id>/new", methods=["GET", "POST"])
@requires(Permission.DISTRICT_FORUM_KEEP)
def announce_body(body_id: int) -> Any:
    """Announce a forum of a council or network."""
    actor = current_actor()
    found = queries.body(body_id)
    if not policy.can_announce_forum(actor, found.district_id, None):
        raise NotAllowed(_l("Forums of this place are run by others."))
    form = forms.AnnounceForm(purpose=ForumPurpose.STANDING_BODY.value)
    form.offer([ForumPurpose.STANDING_BODY])

    def act() -> Any:
        return commands.announce_forum(actor, found.district_id, None, form.announcement(), found)

    if form.accepts(act):
        flash.say(_l("The forum is announced. Those who follow the place have been told."))
        return see_other("forums.show", forum_id=form.result.id)
    return page("forums/announce_body.html", form=form, body=found, words=words), form.status
