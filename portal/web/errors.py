"""Every fault has a page that says what happened and a way on. The worst of them needs no database."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, make_response, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portal.core import db
from portal.core.actor import ANONYMOUS
from portal.core.errors import PortalError
from portal.core.i18n import lazy_gettext as _l
from portal.web import resume
from portal.web.access import SignInFirst
from portal.web.language import here
from portal.web.redirects import see_other
from portal.web.render import page

log = structlog.get_logger()
WITH_TEMPLATE = {400, 403, 404, 405, 409, 413, 422, 429}


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(PortalError, _portal_error)
    app.register_error_handler(SignInFirst, _sign_in_first)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StaleDataError, _somebody_was_first)
    app.register_error_handler(IntegrityError, _somebody_was_first)
    for bad_data in (DataError, OverflowError, UnicodeEncodeError):  # what no database can hold
        app.register_error_handler(bad_data, _bad_data)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(Exception, _fault)


def _forget_changes() -> None:
    try:
        db.session().rollback()
    except RuntimeError:
        return


def error_page(status: int, **context: Any) -> Response:
    """The page of an error status, never cached. What stands still for a while reads like what cannot be done now."""
    _forget_changes()
    name = status if status in WITH_TEMPLATE else 409 if status == 503 else 400
    response = make_response(page(f"errors/{name}.html", **context), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _portal_error(error: PortalError) -> Response:
    ways = []
    if error.way_on is not None:
        endpoint, values, label = error.way_on
        ways.append((label, url_for(endpoint, **values)))
    return error_page(error.status, message=error.message, ways=ways)


def _http_error(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = error_page(error.code or 500)
    response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def _sign_in_first(_error: SignInFirst) -> Response:
    if request.method in ("GET", "HEAD"):
        return see_other("accounts.sign_in", next=here())  # type: ignore[return-value]
    return _given_back()


def _form_expired(_error: CSRFError) -> Response:
    return _given_back()


def _given_back() -> Response:
    """What was typed, to be sent again. What the page of another site sent, nobody typed here, and nobody is asked to
    send it in their own name (the header is the browser's and no page can set it; old ones have none)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return error_page(400)
    return resume.answer(here(), resume.posted_fields())


def _somebody_was_first(error: Exception) -> Response:
    log.info("conflict", path=request.path, kind=type(error).__name__)
    return error_page(
        409,
        message=_l("Somebody else changed this at the same moment. Look at it as it stands now."),
        ways=[(_l("See it as it stands now"), here())],
    )


def _bad_data(error: Exception) -> Response:
    log.info("bad_data", path=request.path, kind=type(error).__name__)
    if request.method in ("GET", "HEAD"):
        return error_page(404)
    return error_page(400)


def _bare(status: int) -> Response:
    g.actor = ANONYMOUS  # who it is would have to be asked of the database
    response = make_response(page(f"errors/{status}.html", is_bare=True), status)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response


def _database_away(error: DBAPIError) -> Response:
    log.error("database_unavailable", path=request.path, error=str(error.orig))
    return _bare(503)


def _fault(error: Exception) -> Response:
    log.error("fault", path=request.path, method=request.method, exc_info=error)
    return _bare(500)
