"""Turns an outbox message into a mail: template ``mail/<event>.txt``, first line the subject, in the person's language."""

from __future__ import annotations

import smtplib
import ssl
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from werkzeug.routing import BuildError

from portal.core import i18n, news
from portal.core.outbox import MessageState, OutboxMessage
from portal.web import leaving
from portal.web.links import absolute

# Mails of news: whoever gets them can have no more of them with one click.
LEAVABLE = frozenset({"news", "digest"})


def compose(message: OutboxMessage, sender: str) -> EmailMessage:
    """Subject and text of one message."""
    leave = leaving.address(message.person_id, message.language) if message.event in LEAVABLE else ""
    with i18n.speaking(message.language):
        # Not render_template: a mail is written without a request, and nobody is looking.
        text = current_app.jinja_env.get_template(f"mail/{message.event}.txt").render(
            absolute=lambda endpoint, **values: _address(endpoint, message, values),
            sentence=news.sentence,
            leave=leave,
            **{"token": "…"} | message.params,  # forgotten once the mail has left
        )
    subject, _, body = text.strip().partition("\n")
    mail = EmailMessage()
    mail["Subject"] = subject.strip()
    mail["From"] = sender
    mail["To"] = message.address
    if leave:
        mail["List-Unsubscribe"] = f"<{leave}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(body.strip() + "\n")
    return mail


def _address(endpoint: str, message: OutboxMessage, values: dict[str, Any]) -> str:
    """A page's address; news of a page that is no more leads to the inbox."""
    try:
        return absolute(endpoint, message.language, **values)
    except BuildError:
        if message.event not in LEAVABLE:
            raise
        return absolute("notifications.index", message.language)


def deliver(app: Flask, message: OutboxMessage) -> None:
    """Send by SMTP, or keep as a file below ``instance/mail`` when no mail server is set. No password is told before TLS,
    and the server's certificate must be its own."""
    settings = app.config["PORTAL"]
    with app.app_context():
        mail = compose(message, settings.mail_from)
    if not settings.mail_url:
        place = _place(app, message)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(bytes(mail))
        return
    parts = urlsplit(settings.mail_url)
    host, is_sealed, tls = (
        parts.hostname or "localhost",
        parts.scheme == "smtps",
        ssl.create_default_context(),
    )
    server: smtplib.SMTP
    if is_sealed:  # TLS from the first byte (RFC 8314, section 3.3)
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=20, context=tls)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=20)
    with server:
        if parts.username:
            if not is_sealed:
                server.starttls(context=tls)
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)


def sent(app: Flask, message: OutboxMessage) -> EmailMessage | None:
    """The mail as it was sent, where it was kept as a file: the outbox forgets a one-time link with its sending."""
    place = _place(app, message)
    if message.state is not MessageState.SENT or not place.exists():
        return None
    return BytesParser(policy=policy.default).parsebytes(place.read_bytes())


def _place(app: Flask, message: OutboxMessage) -> Path:
    return cast(Path, app.config["PORTAL"].instance) / "mail" / f"{message.id:08d}.eml"
