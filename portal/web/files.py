"""Static files, people's files, health: the addresses that belong to no room."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, request, send_file
from werkzeug.security import safe_join

from portal.core import db, storage
from portal.core.actor import ANONYMOUS
from portal.core.storage import StoredFile
from portal.web.access import public
from portal.web.login import current_actor

files = Blueprint("files", __name__)
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


@files.get("/static/<path:name>")
@public(cached=False)
def static(name: str) -> Response:
    """A file of ours; with a version in its address it may be kept for a year."""
    path = safe_join(str(Path(current_app.root_path).parent / "static"), name)
    if path is None or not Path(path).is_file():
        abort(404)
    response = send_file(path, conditional=True, etag=True)
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if request.args.get("v") else "public, max-age=300"
    )
    return response


@files.get("/files/<int:file_id>")
@public(cached=False)
def show(file_id: int) -> Response:
    """A file somebody handed in, if its owner's guard lets this actor read it."""
    file = db.session().get(StoredFile, file_id)
    if file is None or not storage.may_read(current_actor(), file):
        abort(404)
    path = storage.path_of(file.sha256)
    if not path.exists():
        abort(404)
    response = send_file(path, mimetype=file.media_type, download_name=file.name, conditional=True)
    is_public = storage.may_read(ANONYMOUS, file)
    response.headers["Cache-Control"] = "private, max-age=300" if is_public else "private, no-store"
    return response


@files.get("/healthz")
@public(cached=False)
def health() -> Response:
    """200 when the database answers."""
    db.session().execute(sa.text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def init_app(app: Flask) -> None:
    """Register the addresses."""
    app.register_blueprint(files)
