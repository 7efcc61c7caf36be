"""The address in a mail of news that ends all such mails, without signing in: it names the person and is signed."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.web.links import absolute


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="leave-mail")


def address(person_id: int | None, language: str) -> str:
    """The address for one person; empty for a mail to nobody with an account."""
    if person_id is None:
        return ""
    return absolute("notifications.leave", language, token=_signer().dumps(person_id))


def person_of(token: str) -> int | None:
    """Whose address it is; None for one that nobody signed."""
    try:
        found = _signer().loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None
