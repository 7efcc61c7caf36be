"""Who is signed in: Flask-Login with a revocable token. The accounts room supplies the loader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.core.actor import ANONYMOUS, Actor

SESSION_COOKIE = "portal_session"


def has_session(environ: dict[str, Any] | None = None) -> bool:
    """Whether the browser sent a session of ours, live or not."""
    sent = request.environ if environ is None else environ
    return SESSION_COOKIE + "=" in sent.get("HTTP_COOKIE", "")


class SignedIn(UserMixin):
    """Flask-Login's user: the actor and the token that can be revoked."""

    def __init__(self, actor: Actor, token: str) -> None:
        self.actor = actor
        self.token = token

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask, load_actor: Callable[[str], Actor | None]) -> None:
    """``load_actor(token)`` returns the actor of a live session, or None."""
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        actor = load_actor(token)
        return SignedIn(actor, token) if actor else None


def current_actor() -> Actor:
    """The actor of this request. Without a session cookie nothing is touched, so that the page stays cacheable."""
    if "actor" not in g:
        if not has_session():
            return ANONYMOUS
        g.actor = getattr(current_user, "actor", ANONYMOUS)
    actor: Actor = g.actor
    return actor


def sign_in(actor: Actor, token: str) -> None:
    """Begin a session for this browser. What the old session held is dropped, against fixation."""
    session.clear()
    g.pop("csrf_token", None)  # made for the old session
    login_user(SignedIn(actor, token))
    session.permanent = True
    g.actor = actor


def sign_out() -> None:
    """End this browser's session (the row is revoked by the accounts room)."""
    logout_user()
    session.clear()
    g.actor = ANONYMOUS
