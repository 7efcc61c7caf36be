"""Calendars for phones, and the private address of one's own; the observer's certificate."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response, current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.accounts import queries as accounts
from portal.core import clock, icalendar, typeset
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.observation import commands, doors, exports, policy, queries
from portal.observation.models import SignupState
from portal.observation.views.room import blueprint
from portal.procurement import words as procurement_words
from portal.web import flash
from portal.web.access import public, signed_in
from portal.web.links import absolute
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

LASTS = dt.timedelta(hours=2)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="observer-feed")


def private_address(person_id: int) -> str:
    """The address of a person's own calendar: whoever has it reads that calendar, until its owner asks for another."""
    key = _signer().dumps([person_id, queries.feed_number(person_id)])
    return absolute("observation.feed", language(), key=str(key))


@blueprint.get("/mine/calendar.ics")
@signed_in
def calendar() -> Any:
    """The actor's places, for the calendar of a phone."""
    return _own_calendar(int(current_actor().id or 0))


@blueprint.get("/feeds/<string:key>.ics")
@public(cached=False)
def feed(key: str) -> Any:
    """The same at a private address that a calendar program can ask by itself."""
    try:
        person_id, number = _signer().loads(key)
    except (BadSignature, ValueError, TypeError) as unknown:
        raise NotFound from unknown
    person = accounts.person(person_id)
    if person is None or person.closed_at is not None or number != queries.feed_number(person_id):
        raise NotFound
    return _own_calendar(person_id)


@blueprint.post("/mine/feed")
@signed_in
def renew_feed() -> Any:
    """A new private address; the one before ends."""
    commands.renew_feed(current_actor())
    flash.say(_("This is a new address; the old one no longer works."))
    return see_other("observation.mine")


def _own_calendar(person_id: int) -> Response:
    """What a person is to observe; what is not confirmed yet says so."""
    events = [_own_event(row) for row in queries.to_come_of(person_id)]
    text = icalendar.calendar(_("My observations"), events, stamp=clock.now())
    return Response(text, content_type=icalendar.MEDIA_TYPE)


def _own_event(row: Any) -> icalendar.Event:
    title = f"{procurement_words.STEPS[row.kind]}: {row.title}"
    if row.state in (SignupState.ASKED, SignupState.WAITING):
        title = _("(not confirmed) %(title)s", title=title)
    return icalendar.Event(
        uid=f"observer-{row.id}@{row.ocid}",
        starts=row.meets_at or row.planned_on,
        ends=row.meets_at + LASTS if row.meets_at else None,
        title=title,
        place=row.place,
        url=absolute("observation.own", language(), signup_id=row.id),
        revision=row.version_id,
    )


def step_event(row: Any) -> icalendar.Event:
    """A step anybody can watch, as an entry of a calendar."""
    left = max(0, row.observer_places - row.taken)
    return icalendar.Event(
        uid=f"step-{row.step_id}@{row.ocid}",
        starts=row.meets_at or row.planned_on,
        ends=row.meets_at + LASTS if row.meets_at else None,
        title=f"{procurement_words.STEPS[row.kind]}: {row.title}",
        text=_("%(left)s of %(places)s places free", left=left, places=row.observer_places),
        place=row.place,
        url=absolute("observation.process", language(), process_id=row.process_id),
        revision=row.version_id,
    )


@blueprint.get("/mine/<int:signup_id>/certificate.pdf")
@signed_in
def certificate_pdf(signup_id: int) -> Response:
    """The certificate of an observer who came and reported."""
    row = queries.certificate_of(signup_id)
    if row is None or not policy.can_cancel(current_actor(), row):
        raise NotFound
    address = absolute("observation.certificate", language(), code=row.certificate_code)
    made = typeset.pdf(
        "observation/certificate.typ",
        exports.certificate_data(row, address, doors.spoken(row.certificate_code)),
        title=_("Certificate of a citizen observer"),
        lang=language(),
    )
    return Response(
        made,
        mimetype=typeset.MEDIA_TYPE,
        headers={"Content-Disposition": f'inline; filename="certificate-{signup_id}.pdf"'},
    )


@blueprint.get("/certificates/<string:code>")
@public(cached=False)
def certificate(code: str) -> Any:
    """Whether a certificate is genuine, and what it says."""
    row = queries.certificate(code.replace("-", "").lower()[:40])
    if row is None:
        raise NotFound
    return page(
        "observation/certificate.html",
        row=row,
        code=doors.spoken(row.certificate_code),
        steps=procurement_words.STEPS,
    )
