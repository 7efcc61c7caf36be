"""Default deny. Every endpoint carries exactly one mark; an unmarked one stops the portal from starting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from portal.core.actor import Actor, Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import lazy_gettext as _l

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mark:
    """``kind``: public, signed_in or requires. ``params``: the query parameters a cached public page may depend on.
    ``is_by_address``: the address is the key, so a post needs no token of a form."""

    kind: str
    permissions: tuple[Permission, ...] = ()
    params: frozenset[str] = frozenset()
    is_cached: bool = False
    is_by_address: bool = False


def _marked(view: V, mark: Mark) -> V:
    if hasattr(view, "__portal_mark__"):
        raise RuntimeError(f"{view.__name__} carries two access marks")
    view.__portal_mark__ = mark  # type: ignore[attr-defined]
    return view


def public(*params: str, cached: bool = True, by_address: bool = False) -> Callable[[V], V]:
    """Anyone. ``params`` are the query parameters the page reads; ``cached=False`` for pages with a form;
    ``by_address`` for a post that mail programs make by themselves: a secret in its address says who it is about."""
    mark = Mark(
        "public", params=frozenset(params), is_cached=cached and not by_address, is_by_address=by_address
    )
    return lambda view: _marked(view, mark)


def signed_in(view: V) -> V:
    """Anyone with an account; the command asks the policy about the thing itself."""
    return _marked(view, Mark("signed_in"))


def requires(*permissions: Permission) -> Callable[[V], V]:
    """Holders of any of the permissions, anywhere; the query and the command ask about the place."""
    return lambda view: _marked(view, Mark("requires", permissions=permissions))


def own_transaction(view: V) -> V:
    """A post whose command opens its own transaction (a ballot): the request only reads, keeps no receipt of its form,
    and writes nothing before or after. The view calls ``application.let_go()`` before the command."""
    view.__portal_own_transaction__ = True  # type: ignore[attr-defined]
    return view


def has_own_transaction(app: Flask, endpoint: str | None) -> bool:
    """Whether the view of this endpoint leaves writing to its command."""
    return endpoint is not None and hasattr(app.view_functions[endpoint], "__portal_own_transaction__")


def mark_of(app: Flask, endpoint: str) -> Mark:
    """The mark of an endpoint; raises RuntimeError for an unmarked one."""
    mark = getattr(app.view_functions[endpoint], "__portal_mark__", None)
    if not isinstance(mark, Mark):
        raise RuntimeError(
            f"endpoint {endpoint} has no access mark: add @public(), @signed_in or @requires(…)"
        )
    return mark


def check_all_marked(app: Flask) -> None:
    """Called once at start."""
    for endpoint in app.view_functions:
        mark_of(app, endpoint)


class SignInFirst(Exception):
    """The page needs an account and nobody is signed in."""


def guard(mark: Mark, actor: Actor) -> None:
    """Raises SignInFirst or NotAllowed."""
    if mark.kind == "public":
        return
    if not actor.is_signed_in:
        raise SignInFirst
    if mark.kind == "requires" and not any(actor.may(permission) for permission in mark.permissions):
        raise NotAllowed(_l("This page is for people with a different role."))
