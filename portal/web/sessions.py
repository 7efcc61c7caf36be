"""A session that leaves no trace on a visitor: no cookie and no ``Vary`` unless there is a session or a change."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from portal.web.login import has_session


class QuietSessions(SecureCookieSessionInterface):
    """As Flask's, but silent for anonymous readers, so that shared caches work."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if getattr(session, "was_empty", False) and not session.modified:
            return
        super().save_session(app, session, response)

    def open_session(self, app: Flask, request: Request) -> Any:
        if has_session(request.environ):
            return super().open_session(app, request)
        opened = self.session_class()
        opened.was_empty = True  # type: ignore[attr-defined]
        return opened
