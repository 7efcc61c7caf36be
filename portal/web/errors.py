"""Every fault has a page that says what happened and a way on. The worst of them needs no database."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, make_response, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from portal.core import db, turns
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
    app.register_error_handler(exc.IntegrityError, _somebody_was_first)
    for bad_data in (exc.DataError, OverflowError, UnicodeEncodeError):  # what no database can hold
        app.register_error_handler(bad_data, _bad_data)
    for away in (exc.OperationalError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(away, _database_away)
    app.register_error_handler(exc.InternalError, _away_or_fault)
    app.register_error_handler(Exception, _fault)


def _where() -> str:
    """The address for the log, without a key that opens something to whoever has it."""
    has_key = {"token", "key"} & set(request.view_args or ())
    return str(request.url_rule) if has_key else request.path


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
    log.info("conflict", path=_where(), kind=type(error).__name__)
    return error_page(
        409,
        message=_l("Someone else changed this at the same moment. Look at it as it stands now."),
        ways=[(_l("See it as it stands now"), here())],
    )


def _bad_data(error: Exception) -> Response:
    log.info("bad_data", path=_where(), kind=type(error).__name__)
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


def _database_away(error: exc.SQLAlchemyError) -> Response:
    log.error("database_unavailable", path=_where(), error=str(getattr(error, "orig", error)))
    return _bare(503)


def _away_or_fault(error: exc.InternalError) -> Response:
    """A server that is a standby now writes nothing, which is an internal error like faults of ours."""
    return _fault(error) if turns.trouble_of(error) is turns.Trouble.FAULT else _database_away(error)


def _fault(error: Exception) -> Response:
    log.error("fault", path=_where(), method=request.method, exc_info=error)
    return _bare(500)
