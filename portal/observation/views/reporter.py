"""Writing a report where there is no network: the recorder's way (docs/decisions/0010), with the recorder's own pieces.

The page says nothing about who opened it, so that a phone may keep it; what is written is sealed on the phone and goes
as one sending with its pictures, whole or not at all, under a key the phone made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify, make_response, request, url_for
from flask_wtf.csrf import generate_csrf

from portal.core.errors import Invalid, PortalError
from portal.observation import commands, queries, sent, words
from portal.observation.commands import LONGEST, MOST_FINDINGS, MOST_PHOTOS, Photo
from portal.observation.models import Report, SignupState
from portal.observation.views.own import own_signup
from portal.observation.views.room import blueprint
from portal.procurement import words as procurement_words
from portal.web import device
from portal.web.access import public, signed_in
from portal.web.login import current_actor
from portal.web.render import page


@blueprint.get("/reporter/<int:signup_id>")
@signed_in
def reporter(signup_id: int) -> Any:
    """Write what one saw, with or without network."""
    row = own_signup(signup_id)
    shown = page(
        "observation/reporter.html",
        row=row,
        steps=procurement_words.STEPS,
        words=words,
        longest=LONGEST,
        most_findings=MOST_FINDINGS,
        most_photos=MOST_PHOTOS,
    )
    return device.lend_key(make_response(shown))


def _as_told(report: Report | None) -> dict[str, Any] | None:
    if report is None:
        return None
    return {
        "id": report.id,
        "at": report.submitted_at.isoformat(),
        "seen": report.seen,
        "findings": report.findings,
        "is_public": report.is_public,
        "address": url_for("observation.show", report_id=report.id),
    }


@blueprint.get("/reporter/<int:signup_id>/now.json")
@signed_in
def reporter_now(signup_id: int) -> Any:
    """What was reported already, whether one may report now, and what the phone needs to send."""
    row = own_signup(signup_id)
    answer = jsonify(
        newest=_as_told(queries.newest_report(signup_id)),
        is_ready=row.Signup.state is SignupState.ATTENDED,
        csrf=generate_csrf(),
    )
    return device.lend_key(answer)


@blueprint.post("/reporter/<int:signup_id>")
@signed_in
def reporter_send(signup_id: int) -> Any:
    """Take in what a phone wrote. Every answer is JSON; a refusal says what to do and changes nothing."""
    actor = current_actor()
    try:
        row = own_signup(signup_id)
        photos = [Photo(one.stream, one.filename or "photo.jpg") for one in request.files.getlist("photos")]
        report = commands.write_report(actor, row.Signup, sent.read(request.form.get("report", ""), photos))
        return jsonify(sent=_as_told(report))
    except commands.ReportedMeanwhile as changed:
        return _refused(changed, newest=_as_told(queries.newest_report(signup_id)))
    except Invalid as invalid:
        return _refused(invalid, fields={name: str(message) for name, message in invalid.fields.items()})
    except PortalError as refused:
        return _refused(refused)


def _refused(error: PortalError, **more: Any) -> tuple[Response, int]:
    return jsonify(error=str(error.message), **more), error.status


@blueprint.get("/reporter/worker.js")
@public(cached=False)
def reporter_worker() -> Response:
    """The recorder's worker at an address of its own, which is its reach: the pages below ``/observation/reporter/``."""
    script = Path(current_app.root_path).parent / "static" / "js" / "recorder-worker.js"
    answer = Response(script.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
