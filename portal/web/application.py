"""The request's frame: one transaction, one commit, one guard. See house.md section 2."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, g, redirect, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter

from portal.core import db, hashing, i18n, receipts
from portal.web import access, headers, login, render, unchanged
from portal.web.templates import SpokenEnvironment, in_each_language

READS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_WITHOUT_FILES = 4 * 1024 * 1024
"""The largest body of a form without files, in bytes: nine for a Thai letter. Only with files it may be larger."""


def _form_sent() -> str:
    """What names the form that was sent: its token and its address, since the buttons of a list share one token."""
    token = request.form.get("form_token", "")
    return hashing.sha256_hex(f"{request.path} {token}") if token else ""


def let_go() -> None:
    """End the request's reading, before a command opens a transaction of its own; what is read afterwards is read anew."""
    db.close_session(g.pop("session_token"))
    g.session_token = db.open_session("read")


class IdConverter(IntegerConverter):
    """Ids fit the database's integers; a longer number is no page of ours."""

    regex = r"\d{1,15}"


class Answer(Response):
    """An answer that is there as a whole goes to the server as a list of texts, which it sends at once. An iterator it
    asks for each piece from another thread, and that costs as much as two queries."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        pieces: Any = super().__call__(environ, start_response)
        if not self.is_sequence:
            return pieces  # type: ignore[no-any-return]
        try:
            return list(pieces)
        finally:
            pieces.close()


class Portal(Flask):
    """Flask with the house's way of a request."""

    response_class = Answer
    csrf = CSRFProtect()
    jinja_environment = SpokenEnvironment

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url_map.converters["int"] = IdConverter

    @cached_property
    def _environments(self) -> dict[str, SpokenEnvironment]:
        common = self.create_jinja_environment()
        render.furnish(common, Path(self.root_path).parent)
        return in_each_language(common)

    @property
    def jinja_env(self) -> SpokenEnvironment:
        """The templates in the language of the moment."""
        return self._environments[i18n.language()]

    def ensure_sync(self, func: Any) -> Any:
        """Every view and every step of a request is a plain function; Flask would look for others at each call."""
        return func

    def preprocess_request(self) -> Any:
        """Open the transaction in its mode, let the guard decide, then check the form's CSRF token."""
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # each look at the proxy costs
        method, endpoint = asked.method, asked.endpoint
        only_reads = method in READS or access.has_own_transaction(self, endpoint)
        g.session_token = db.open_session("read" if only_reads else "write")
        if asked.mimetype == "application/x-www-form-urlencoded":
            asked.max_content_length = MOST_WITHOUT_FILES  # its bytes are counted here or nowhere
        if "\x00" in asked.path or b"%00" in asked.query_string:
            raise BadRequest
        if endpoint is not None:
            mark = access.mark_of(self, endpoint)
            if mark.kind != "public" or method not in READS:
                access.guard(mark, login.current_actor())
            if method not in READS and not mark.is_by_address:
                self.csrf.protect()
        return super().preprocess_request()

    def _only_reads(self) -> bool:
        return request.method in READS or access.has_own_transaction(self, request.endpoint)

    def dispatch_request(self) -> Any:
        if request.routing_exception is not None or self._only_reads():
            if headers.is_for_everybody(self):
                return unchanged.written(super().dispatch_request)
            return super().dispatch_request()
        return self._write_once()

    def _write_once(self) -> Response:
        """Run the view and commit once. A form token already used gets the first answer. A refusal leaves nothing
        behind, unless the view sets ``g.keeps_refusal`` (a failed sign-in is counted)."""
        person_id, token = login.current_actor().id, _form_sent()
        if person_id is not None and token:
            location = receipts.reserve(person_id, token)
            if location is not None:
                return self.make_response(redirect(location or request.script_root + "/", 303))
        response: Response = self.make_response(super().dispatch_request())
        if response.status_code >= 400:
            if not g.get("keeps_refusal", False):
                db.session().rollback()
                return response
            if person_id is not None:
                receipts.release(person_id, token)
        if person_id is not None and token and response.status_code == 303:
            receipts.keep(person_id, token, response.headers["Location"])
        db.session().commit()
        return response

    def do_teardown_request(self, *args: Any, **kwargs: Any) -> None:
        super().do_teardown_request(*args, **kwargs)
        token = g.pop("session_token", None)
        if token is not None:
            db.close_session(token)
