"""The tests' browser without a browser: it follows the house's forms and checks every page it gets."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from tests.page import Page, values

PUBLIC_QUERIES = 8
SIGNED_IN_QUERIES = 10
# What opens and closes a transaction asks the database for nothing.
NOT_A_QUERY = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA|SAVEPOINT|RELEASE|SET)\b", re.IGNORECASE)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Every statement sent to any database while the block runs."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not NOT_A_QUERY.match(statement):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Answer(TestResponse):
    """An answer; :attr:`page` reads its HTML, :attr:`queries` are the statements it took."""

    queries: list[str]

    @cached_property
    def page(self) -> Page:
        return Page(self.get_data(as_text=True))


class PageClient(FlaskClient):
    """Flask's test client, with manners.

    ``get`` fails on a page the house would not show: see :meth:`tests.page.Page.problems`, and the bound on
    queries. ``submit`` fills in a form that is really on a page, with its tokens, and posts it.
    """

    signed_in = False

    def __init__(self, application: Flask, response_wrapper: type[Response], **kwargs: Any) -> None:
        super().__init__(application, type("Answer", (Answer, response_wrapper), {}), **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> Answer:
        with counted_queries() as queries:
            answer = super().open(*args, **kwargs)
        answer.queries = queries
        return answer

    def get(
        self,
        *args: Any,
        status: int | None = None,
        max_queries: int | None = None,
        check: bool = True,
        **kwargs: Any,
    ) -> Answer:
        """Get a page and check it.

        :param status: the status it must have; None: any below 500.
        :param max_queries: the most statements it may take; by default what the house allows.
        :param check: False for a page that is wrong on purpose.
        """
        answer = super().get(*args, **kwargs)
        place = answer.request.path
        if status is not None:
            assert answer.status_code == status, f"{place} answered {answer.status}, not {status}"
        assert answer.status_code < 500, f"{place} answered {answer.status}"
        most = max_queries or (SIGNED_IN_QUERIES if self.signed_in else PUBLIC_QUERIES)
        count = len(answer.queries)
        assert count <= most, "\n  ".join(
            [f"{place} took {count} queries; {most} are allowed:", *answer.queries]
        )
        if check and answer.mimetype == "text/html" and answer.data[:9].lower().startswith(b"<!doctype"):
            problems = answer.page.problems()
            assert not problems, "\n  ".join([f"{place}:", *problems])
        return answer

    def submit(
        self,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        action: str | None = None,
        having: set[str] = frozenset(),
        button: tuple[str, str] | None = None,
        **kwargs: Any,
    ) -> Answer:
        """Get ``path``, fill in the form on it and post it; unnamed fields go as they stand on the page.

        ``fields`` names only fields the form has (a list for several values, a ``(stream, name)`` pair for a
        file); ``action`` or ``having`` choose between forms; ``button`` is the pressed button's name and value.
        """
        form = self.get(path, status=200).page.form(action=action, having=having)
        names = {element["name"] for element in form.all("input", "select", "textarea")}
        unknown = set(fields or {}) - names
        assert not unknown, (
            f"the form on {path} has no field {', '.join(sorted(unknown))}; it has {sorted(names)}"
        )
        data: dict[str, Any] = {**values(form), **(fields or {})}
        if button:
            data[button[0]] = button[1]
        return self.post(form["action"] or path, data=data, **kwargs)

    def sign_in(self, email: str, password: str) -> Answer:
        """Sign in as a person does, through the page."""
        answer = self.submit(
            "/accounts/sign-in", {"email": email, "password": password}, having={"email", "password"}
        )
        assert answer.status_code == 303, f"signing in answered {answer.status}: {answer.page.text[:300]}"
        self.signed_in = True
        return answer
