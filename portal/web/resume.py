"""Nothing typed is ever lost: an expired session or form gives everything back, filled in, with sign-in beside it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, request

from portal.web.login import current_actor
from portal.web.redirects import is_local
from portal.web.render import page

NEVER_ECHOED = ("password", "csrf_token", "form_token")
MAX_ECHO = 400_000

Fields = list[tuple[str, str]]


def posted_fields() -> Fields:
    """What was typed, without passwords, tokens and files."""
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if not any(secret in name for secret in NEVER_ECHOED)
    ]


def answer(address: str, fields: Fields) -> Response:
    """A page that keeps what was typed and sends it again after signing in. 401 when nobody is signed in, else 400."""
    signed_in = current_actor().is_signed_in
    response = make_response(
        page(
            "errors/resume.html",
            address=address,
            fields=fields,
            packed=pack(address, fields),
            had_files=bool(request.files),
        ),
        400 if signed_in else 401,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def pack(address: str, fields: Fields) -> str:
    """Address and fields as one text, to travel through the sign-in form."""
    return json.dumps([address, fields], ensure_ascii=False)


def unpack(text: str) -> tuple[str, Fields] | None:
    """The reverse of :func:`pack`; None for anything damaged or leading elsewhere."""
    if not text or len(text) > MAX_ECHO:
        return None
    try:
        address, fields = json.loads(text)
        pairs = [(str(name), str(value)) for name, value in fields]
    except (ValueError, TypeError, RecursionError):
        return None
    return (address, pairs) if isinstance(address, str) and is_local(address) else None


def context(address: str, fields: Fields) -> dict[str, Any]:
    """Template context for the accounts room, which shows the page again after sign-in."""
    return {"address": address, "fields": fields, "packed": pack(address, fields), "had_files": False}
