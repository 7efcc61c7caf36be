"""Nothing typed is ever lost: an expired session or form gives everything back, filled in, with sign-in beside it."""

from __future__ import annotations

import json
import sys
from typing import Any

from flask import Response, current_app, make_response, request
from werkzeug.exceptions import HTTPException
from wtforms import Form, StringField

from portal.web.forms import MOST_TYPED, new_token
from portal.web.login import current_actor
from portal.web.redirects import is_local
from portal.web.render import page

NEVER_ECHOED = ("password", "csrf_token", "form_token")

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
            **context(address, fields),
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
    if not text or len(text) > MOST_TYPED:
        return None
    try:
        address, fields = json.loads(text)
        pairs = [(str(name), str(value)) for name, value in fields]
    except (ValueError, TypeError, RecursionError):
        return None
    return (address, pairs) if isinstance(address, str) and is_local(address) else None


def context(address: str, fields: Fields) -> dict[str, Any]:
    """Template context of the page; the accounts room shows it again after sign-in."""
    return {
        "address": address,
        "fields": fields,
        "form_token": new_token(),
        "shown": _shown(address, fields),
        "packed": pack(address, fields),
        "had_files": bool(request.files),
    }


def _shown(address: str, fields: Fields) -> list[tuple[str, str]]:
    """(label, text) of what was typed in words, as the form it came from calls it (lines-0-what: What)."""
    names = {name for name, _value in fields}
    forms = [_labels(form) for form in _forms_behind(address)]
    best = max(forms, key=lambda labels: len(names & labels.keys()), default={})
    labels = {name: label for one in (*forms, best) for name, label in one.items()}
    typed = [(labels.get(name.rpartition("-")[2]), value) for name, value in fields if value.strip()]
    return [(label, value) for label, value in typed if label]


def _forms_behind(address: str) -> list[type[Form]]:
    """The forms of the room that a post to this address reaches."""
    path = address.partition("?")[0].removeprefix(request.script_root)
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="POST")
    except HTTPException:
        return []
    room = current_app.view_functions[endpoint].__module__.split(".")[1]
    module = sys.modules.get(f"portal.{room}.forms")
    parts = vars(module).values() if module else ()
    return [one for one in parts if isinstance(one, type) and issubclass(one, Form)]


def _labels(form: type[Form]) -> dict[str, str]:
    return {
        name: str(unbound.args[0] if unbound.args else unbound.kwargs.get("label", ""))
        for name in dir(form)
        if (unbound := getattr(form, name)) is not None
        and isinstance(getattr(unbound, "field_class", None), type)
        and issubclass(unbound.field_class, StringField)
    }
