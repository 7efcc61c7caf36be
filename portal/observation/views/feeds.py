"""Calendars for phones."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Response

from portal.core import clock, icalendar
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.observation import queries
from portal.observation.models import SignupState
from portal.observation.views.room import blueprint
from portal.procurement import words as procurement_words
from portal.web.access import signed_in
from portal.web.links import absolute
from portal.web.login import current_actor

LASTS = dt.timedelta(hours=2)


@blueprint.get("/mine/calendar.ics")
@signed_in
def calendar() -> Any:
    """The actor's places, for the calendar of a phone."""
    return own_calendar(int(current_actor().id or 0))


def own_calendar(person_id: int) -> Response:
    """What a person is to observe, as a calendar; what is not confirmed yet says so."""
    events = [_event(row) for row in queries.to_come_of(person_id)]
    text = icalendar.calendar(_("My observations"), events, stamp=clock.now())
    return Response(text, content_type=icalendar.MEDIA_TYPE)


def _event(row: Any) -> icalendar.Event:
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
