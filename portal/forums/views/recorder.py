"""The recorder: a page for the meeting itself, which writes without network and sends what it wrote later.

The page says nothing about who opened it, so that a phone may keep it; what is private comes as data, is sealed on the
phone (portal/web/device.py) and goes back as one sending. The worker that keeps the page openable sees these addresses
only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify, make_response, request
from flask_wtf.csrf import generate_csrf

from portal.core import clock
from portal.core.errors import Invalid, PortalError
from portal.core.i18n import lazy_gettext as _l
from portal.forums import commands, queries, sent, words
from portal.forums.models import ForumState
from portal.forums.views.keeping import closed
from portal.forums.views.room import blueprint, kept
from portal.web import device
from portal.web.access import public, signed_in
from portal.web.login import current_actor
from portal.web.render import page


@blueprint.get("/recorder/<int:forum_id>")
@signed_in
def recorder(forum_id: int) -> Any:
    """Write down who came, what was said and what was asked for, with or without network."""
    forum = kept(current_actor(), forum_id)
    if forum.state is ForumState.CANCELLED:
        raise closed(forum)
    shown = page(
        "forums/recorder.html",
        forum=forum,
        place=queries.place_of(forum),
        agenda=queries.agenda_of(forum_id),
        words=words,
        longest=sent.LONGEST,
    )
    return device.lend_key(make_response(shown))


@blueprint.get("/recorder/<int:forum_id>/now.json")
@signed_in
def recorder_now(forum_id: int) -> Any:
    """The record as it stands, for the phone to write on, and what it needs to send."""
    actor = current_actor()
    forum = kept(actor, forum_id)
    record = queries.standing(actor, forum)
    answer = jsonify(
        record=record,
        mark=queries.mark_of(record),
        has_begun=forum.starts_at <= clock.now(),
        csrf=generate_csrf(),
    )
    return device.lend_key(answer)


@blueprint.post("/recorder/<int:forum_id>")
@signed_in
def send(forum_id: int) -> Any:
    """Take in what a phone wrote. Every answer is JSON; a refusal says what to do and changes nothing."""
    actor = current_actor()
    try:
        if (request.content_length or 0) > sent.MOST_BYTES:
            raise sent.TooLarge(
                _l("This is too much for one record. Shorten the minutes or the list of names.")
            )
        return jsonify(commands.send_record(actor, forum_id, sent.read(request.get_data())))
    except commands.Changed as changed:
        record = queries.standing(actor, queries.forum(forum_id))
        return _refused(changed, record=record, mark=queries.mark_of(record))
    except Invalid as invalid:
        return _refused(invalid, fields={name: str(message) for name, message in invalid.fields.items()})
    except PortalError as refused:
        return _refused(refused)


@blueprint.post("/recorder/<int:forum_id>/photo")
@signed_in
def send_photo(forum_id: int) -> Any:
    """Take in one photo of a phone. Every answer is JSON, as for the record."""
    actor = current_actor()
    try:
        photo = request.files.get("photo")
        told = sent.read_photo(request.form)
        if photo is None:
            raise Invalid({"photo": _l("Choose at least one photo.")})
        return jsonify(commands.send_photo(actor, forum_id, told, photo.stream))
    except Invalid as invalid:
        return _refused(invalid, fields={name: str(message) for name, message in invalid.fields.items()})
    except PortalError as refused:
        return _refused(refused)


def _refused(error: PortalError, **more: Any) -> tuple[Response, int]:
    return jsonify(error=str(error.message), **more), error.status


@blueprint.get("/recorder/worker.js")
@public(cached=False)
def recorder_worker() -> Response:
    """The worker of the recorder: its address is its reach, the pages below ``/forums/recorder/`` and no other."""
    script = Path(current_app.root_path).parent / "static" / "js" / "recorder-worker.js"
    answer = Response(script.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
