"""Announcing, changing, calling off, recording; the private list of names; photos."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, NotFound, WrongState
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.forums import commands, forms, policy, queries, words
from portal.forums.models import Forum, ForumPurpose, ForumState
from portal.forums.views.room import blueprint, kept
from portal.forums.workflow import CORRECT, EDIT, FORUMS, RECORD
from portal.places import queries as places
from portal.places.models import title_of
from portal.web import flash
from portal.web.access import requires, signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/new")
@requires(Permission.FORUM_KEEP, Permission.DISTRICT_FORUM_KEEP)
def new() -> Any:
    """For which community or district?"""
    districts, communities = queries.places_of(current_actor())
    if len(districts) + len(communities) == 1:
        if districts:
            return see_other("forums.announce_district", code=districts[0].id)
        return see_other("forums.announce", community_id=communities[0].id)
    return page("forums/new.html", districts=districts, communities=communities, title_of=title_of)


@blueprint.route("/communities/<int:community_id>/new", methods=["GET", "POST"])
@requires(Permission.FORUM_KEEP)
def announce(community_id: int) -> Any:
    """Announce a forum of a community."""
    community = places.community(community_id)
    if community is None:
        raise NotFound
    _check_keeper(community.district_id, community_id)
    return _announce(community.district_id, community_id, title_of(community.name))


@blueprint.route("/districts/<int:code>/new", methods=["GET", "POST"], endpoint="announce_district")
@requires(Permission.DISTRICT_FORUM_KEEP)
def announce_district(code: int) -> Any:
    """Announce a forum of a district."""
    district = places.district(code)
    if district is None:
        raise NotFound
    _check_keeper(district.id, None)
    return _announce(district.id, None, district.name_en if language() == "en" else district.name_th)


def _check_keeper(district_id: int, community_id: int | None) -> None:
    """Places are public: who may not announce there is told so."""
    if not policy.can_announce_forum(current_actor(), district_id, community_id):
        raise NotAllowed(_l("Forums of this place are run by others."))


def _announce(district_id: int, community_id: int | None, place_name: str) -> Any:
    actor = current_actor()
    form = forms.AnnounceForm(purpose=request.args.get("purpose"))
    form.offer(
        one
        for one in ForumPurpose
        if one.is_of_community == (community_id is not None) and one is not ForumPurpose.STANDING_BODY
    )
    if form.accepts(lambda: commands.announce_forum(actor, district_id, community_id, form.announcement())):
        flash.say(_l("The forum is announced. Those who follow the place have been told."))
        return see_other("forums.show", forum_id=form.result.id)
    return page(
        "forums/announce.html",
        form=form,
        district_id=district_id,
        community_id=community_id,
        place_name=place_name,
        words=words,
    ), form.status


@blueprint.route("/<int:forum_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(forum_id: int) -> Any:
    """Change the announcement until the forum begins."""
    actor = current_actor()
    forum = kept(actor, forum_id)
    agenda = queries.agenda_of(forum_id)
    form = forms.AnnounceForm(data=forms.announced(forum, agenda))
    form.offer([forum.purpose])
    if request.method == "GET" and not FORUMS.is_open(EDIT, actor, forum):
        raise closed(forum)
    if form.accepts(lambda: commands.write_forum(actor, forum, form.expected_version, form.announcement())):
        flash.say(_l("Saved."))
        return see_other("forums.show", forum_id=forum_id)
    form.go_on_from(forum.version_id)
    return page("forums/edit.html", form=form, forum=forum, agenda=agenda, words=words), form.status


@blueprint.route("/<int:forum_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(forum_id: int) -> Any:
    """Call the forum off."""
    actor = current_actor()
    forum = kept(actor, forum_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.cancel_forum(actor, forum, form.reason.data)):
        flash.say(_l("The forum is cancelled. Those who follow it have been told."))
        return see_other("forums.show", forum_id=forum_id)
    if forum.state is not ForumState.ANNOUNCED:
        raise closed(forum)
    return page("forums/cancel.html", form=form, forum=forum), form.status


@blueprint.route("/<int:forum_id>/record", methods=["GET", "POST"])
@signed_in
def record(forum_id: int) -> Any:
    """Record the forum, or correct its record."""
    actor = current_actor()
    forum = kept(actor, forum_id)
    is_correction = forum.state is ForumState.RECORDED
    if request.method == "GET" and not FORUMS.is_open(CORRECT if is_correction else RECORD, actor, forum):
        raise closed(forum)
    agenda = queries.agenda_of(forum_id)
    form = forms.RecordForm(
        data=forms.recorded(
            forum, queries.attendance_of(forum_id), agenda, queries.attendees_of(actor, forum)
        )
    )
    form.offer(agenda)

    def act() -> None:
        if is_correction:
            commands.correct_forum(actor, forum, form.expected_version, form.record(), form.reason.data or "")
        else:
            commands.record_forum(actor, forum, form.record())

    if form.accepts(act):
        flash.say(_l("Saved."))
        return see_other("forums.show", forum_id=forum_id)
    form.go_on_from(forum.version_id)
    return page(
        "forums/record.html",
        form=form,
        forum=forum,
        agenda=agenda,
        is_correction=is_correction,
        words=words,
    ), form.status


@blueprint.route("/<int:forum_id>/names", methods=["GET", "POST"])
@signed_in
def names(forum_id: int) -> Any:
    """The private list of names; its keepers may delete it."""
    actor = current_actor()
    forum = queries.forum(forum_id)
    rows = queries.attendees_of(actor, forum)
    form = forms.PlainForm()
    if form.accepts(lambda: commands.forget_names(actor, forum)):
        flash.say(_l("The list is deleted."))
        return see_other("forums.show", forum_id=forum_id)
    return page(
        "forums/names.html",
        form=form,
        forum=forum,
        rows=rows,
        kept_until=clock.day_of(forum.ends_at + queries.NAMES_KEPT),
        may_delete=policy.can_keep_forum(actor, forum),
    ), form.status


@blueprint.route("/<int:forum_id>/photos", methods=["GET", "POST"])
@signed_in
def photos(forum_id: int) -> Any:
    """Add photos, or choose one to take away."""
    actor = current_actor()
    forum = kept(actor, forum_id)
    if not policy.can_write_issues(actor, forum):
        raise closed(forum)
    form = forms.PhotoForm()
    if form.accepts(lambda: commands.add_photos(actor, forum, form.files(), form.caption.data)):
        flash.say(_l("The photos are on the page of the forum."))
        return see_other("forums.photos", forum_id=forum_id)
    return page(
        "forums/photos.html",
        form=form,
        forum=forum,
        photos=queries.photos_of(forum_id),
        remove_form=forms.PlainForm(formdata=None),
    ), form.status


@blueprint.post("/<int:forum_id>/photos/<int:file_id>/remove")
@signed_in
def remove_photo(forum_id: int, file_id: int) -> Any:
    """Take a photo away."""
    actor = current_actor()
    forum = kept(actor, forum_id)
    commands.remove_photo(actor, forum, queries.photo(forum_id, file_id))
    flash.say(_l("The photo is removed."))
    return see_other("forums.photos", forum_id=forum_id)


def closed(forum: Forum) -> WrongState:
    """What was asked for is not possible in this state."""
    return WrongState(_l("This is not possible in the forum's current state."), way_on=queries.way_to(forum))
