"""Which way a mail server is spoken to: what its address says, and no password without TLS."""

import smtplib
import ssl
from dataclasses import replace
from email.message import EmailMessage

import pytest

from portal.core.outbox import OutboxMessage
from portal.web import mail


@pytest.fixture
def spoken(monkeypatch):
    """What was said to a mail server, in order."""
    said = []

    class Server:
        kind = "plain"

        def __init__(self, host, port, *, timeout, context=None):
            said.append((self.kind, host, port))
            assert timeout
            assert self.kind == "plain" or context.verify_mode is ssl.CERT_REQUIRED

        def __enter__(self):
            return self

        def __exit__(self, *_):
            said.append("closed")

        def starttls(self, *, context):
            assert context.verify_mode is ssl.CERT_REQUIRED
            said.append("starttls")

        def login(self, name, password):
            said.append((name, password))

        def send_message(self, message):
            said.append("mail")

    monkeypatch.setattr(smtplib, "SMTP", Server)
    monkeypatch.setattr(smtplib, "SMTP_SSL", type("Sealed", (Server,), {"kind": "sealed"}))
    monkeypatch.setattr(mail, "compose", lambda *_: EmailMessage())
    return said


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("smtp://post.example.org", [("plain", "post.example.org", 25), "mail"]),
        (
            "smtp://a:b%40c@post.example.org:587",
            [("plain", "post.example.org", 587), "starttls", ("a", "b@c"), "mail"],
        ),
        ("smtps://post.example.org", [("sealed", "post.example.org", 465), "mail"]),
        ("smtps://a:b@post.example.org:4650", [("sealed", "post.example.org", 4650), ("a", "b"), "mail"]),
    ],
)
def test_the_way_is_what_the_address_says(built_app, monkeypatch, spoken, address, expected):
    settings = replace(built_app.config["PORTAL"], mail_url=address)
    monkeypatch.setitem(built_app.config, "PORTAL", settings)
    mail.deliver(built_app, OutboxMessage())
    assert spoken == [*expected, "closed"]
