"""What can go wrong, in words for the person it happens to. Each error knows its HTTP status."""

from __future__ import annotations

from typing import Any


class PortalError(Exception):
    """Base of errors that are answers. ``message`` is shown; ``way_on`` is an (endpoint, values, label) to go on."""

    status = 400

    def __init__(
        self, message: object = "", *, way_on: tuple[str, dict[str, Any], object] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.way_on = way_on


class NotFound(PortalError):
    """Missing, or not visible to this actor: the two look the same."""

    status = 404


class NotAllowed(PortalError):
    """Visible, but this actor may not do it."""

    status = 403


class WrongState(PortalError):
    """The thing has moved on: the page the person acted from is out of date."""

    status = 409


class Conflict(PortalError):
    """Somebody else wrote first."""

    status = 409


class Invalid(PortalError):
    """What was typed breaks a rule. ``fields`` maps a form field to its message; "" is the form as a whole."""

    status = 422

    def __init__(self, fields: dict[str, object] | object) -> None:
        self.fields: dict[str, object] = fields if isinstance(fields, dict) else {"": fields}
        super().__init__(next(iter(self.fields.values()), ""))


class TooMany(PortalError):
    """Too many tries in a short time."""

    status = 429


class RulesMissing(WrongState):
    """A phase has no published rules, so it stays closed (rulings: it fails closed)."""
