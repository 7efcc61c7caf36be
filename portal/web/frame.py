"""The frame around every page: head, header with navigation, footer. The same for all visitors, and for all people with
the same desks and as many unread news; so it is kept."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property

from flask import Flask, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from portal.core import clock, i18n, thai
from portal.web.language import here, other_language
from portal.web.links import url_for
from portal.web.login import current_actor

# Marks in a kept frame, replaced by the page's own addresses. A kept part is its texts with the marks between them.
_SIGN_IN, _CLOCK, _OTHER, _HERE, _CSRF = _MARKS = tuple(
    f"[[portal:{name}]]" for name in ("sign-in", "clock", "other", "here", "csrf")
)
# What a signed-in person's frame shows of them: unread news, and the desks they may go to.
Standing = tuple[int, tuple[str, ...]]
_kept: dict[tuple[Flask, str, str, str, str | None, dt.date, Standing | None], list[str]] = {}
_at_marks = re.compile("(" + "|".join(re.escape(mark) for mark in _MARKS) + ")").split


class House:
    """What the layouts need: navigation, footer, demo banner. Computed only when a layout asks."""

    def __init__(self, app: Flask, *, is_kept: bool = False) -> None:
        self.app = app
        self.is_kept = is_kept
        self.addresses: dict[str, str] = {}

    def part(self, name: str) -> Markup:
        """One part of the frame (``head``, ``header``, ``footer``). It is rendered once per room, language and standing,
        and kept; only what belongs to the page is put in: its addresses, and the token of the form to sign out."""
        here_now = (i18n.language(), request.script_root, request.blueprint, clock.today())
        key = (self.app, name, *here_now, self._standing if name == "header" else None)
        kept = _kept.get(key)
        if kept is None:
            if len(_kept) > 500:
                _kept.clear()
            kept = _kept[key] = _at_marks(str(self._rendered(name, House(self.app, is_kept=True))))
        texts = kept.copy()
        for number in range(1, len(kept), 2):
            texts[number] = self._address(kept[number])
        return Markup("".join(texts))  # noqa: S704 - made by our own templates, the addresses escaped

    def _address(self, mark: str) -> str:
        """The escaped address that belongs at a mark."""
        found = self.addresses.get(mark)
        if found is None:
            if mark == _SIGN_IN:
                address = self._sign_in_here()
            elif mark == _CLOCK:
                address = url_for("demo.clock", next=here())
            elif mark == _CSRF:
                address = generate_csrf()
            else:
                address = other_language() if mark == _OTHER else self._whole_address()
            found = self.addresses[mark] = str(escape(address))
        return found

    def _rendered(self, name: str, house: House) -> Markup:
        template = self.app.jinja_env.get_template(f"layouts/_{name}.html")
        text = template.render(house=house, actor=current_actor(), lang=i18n.language(), now=clock.now())
        return Markup(text)  # noqa: S704 - autoescaped by Jinja

    def _whole_address(self) -> str:
        base: str = self.app.config["PORTAL"].public_url
        return base + here()

    def _sign_in_here(self) -> str:
        if request.blueprint == "accounts" or request.method != "GET":
            return url_for("accounts.sign_in")
        return url_for("accounts.sign_in", next=here())

    @cached_property
    def _standing(self) -> Standing | None:
        actor = current_actor()
        return (
            (actor.unread, tuple(endpoint for endpoint, _ in self._desks())) if actor.is_signed_in else None
        )

    @property
    def csrf_token(self) -> str:
        """The token of the form to sign out."""
        return _CSRF if self.is_kept else generate_csrf()

    @property
    def other_language(self) -> str:
        return _OTHER if self.is_kept else other_language()

    @property
    def here(self) -> str:
        """The whole address, as paper needs it."""
        return _HERE if self.is_kept else self._whole_address()

    def _links(self, entries: list[tuple[str, object]]) -> list[tuple[str, str, bool]]:
        room = request.blueprint
        return [
            (str(label), url_for(endpoint), endpoint.split(".")[0] == room and room != "home")
            for endpoint, label in entries
            if endpoint in self.app.view_functions
        ]

    @property
    def home(self) -> str:
        return request.script_root + "/"

    @property
    def nav(self) -> list[tuple[str, str, bool]]:
        return self._links(self.app.config["NAV"])

    @property
    def footer(self) -> list[tuple[str, str, bool]]:
        return self._links(self.app.config["FOOTER"])

    @property
    def sign_in(self) -> str:
        """The sign-in page, leading back here; empty on the pages of signing in themselves."""
        if "accounts.sign_in" not in self.app.view_functions:
            return ""
        return _SIGN_IN if self.is_kept else Markup(self._address(_SIGN_IN))  # noqa: S704 - it is escaped

    @property
    def sign_out(self) -> str:
        return url_for("accounts.sign_out") if "accounts.sign_out" in self.app.view_functions else ""

    @property
    def account(self) -> list[tuple[str, str, bool]]:
        """The person's desks and own pages: (label, address, current)."""
        return self._links(self._desks())

    def _desks(self) -> list[tuple[str, object]]:
        held = current_actor().permissions
        return [
            (endpoint, label)
            for endpoint, label, permissions in self.app.config["DESKS"]
            if not permissions or not held.isdisjoint(permissions)
        ]

    @property
    def desk(self) -> list[tuple[str, list[tuple[str, str, bool, int]]]]:
        """The side menu of work pages: [(heading, [(label, address, current, count)])]."""
        here_now = request.path
        rows = [
            (label, href, href.removeprefix(request.script_root).split("?")[0] == here_now, 0)
            for label, href, _current in self.account
        ]
        return [(i18n.gettext("My desk"), rows)]

    @property
    def demo(self) -> dict[str, str] | None:
        """What the demo's banner says; None outside the demo."""
        if "demo.clock" not in self.app.view_functions:
            return None
        day = thai.day_text(clock.today(), i18n.language(), "long")
        return {"today": day, "href": _CLOCK if self.is_kept else url_for("demo.clock", next=here())}
