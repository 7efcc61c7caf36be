"""A key for what a browser keeps for the person who is signed in, so that a phone can be shared.

A page that writes without network seals what it keeps on the device with this key. The key travels as a cookie that the
page's script may read; it is lent only to pages that need it and taken back with the next answer once that person is no
longer signed in. Then what was kept is still there, but closed until the same person signs in again. It opens nothing
on the server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import Flask, Response, current_app, request

from portal.core.actor import Actor
from portal.web.login import current_actor

COOKIE = "portal_device"


def key_of(actor: Actor) -> str:
    """The same for one person on every device, and guessable for nobody."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(secret, f"device of person {actor.id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def lend_key(response: Response) -> Response:
    """Give this browser the key of the person who is signed in."""
    response.set_cookie(
        COOKIE,
        key_of(current_actor()),
        max_age=current_app.permanent_session_lifetime,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=False,  # the page's script reads it
        samesite="Strict",
    )
    return response


def init_app(app: Flask) -> None:
    """Register the step that takes the key back."""

    @app.after_request
    def take_back(response: Response) -> Response:
        if COOKIE not in request.environ.get("HTTP_COOKIE", ""):  # told without taking every cookie apart
            return response
        held = request.cookies.get(COOKIE)
        if held is not None:
            actor = current_actor()
            if not actor.is_signed_in or not hmac.compare_digest(held.encode(), key_of(actor).encode()):
                response.delete_cookie(COOKIE, samesite="Strict")
        return response
