"""The page of open data, the catalogue for machines, releases and records in pages, files made of all of them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import sqlalchemy as sa
from flask import Blueprint, Response, request, send_file

from portal.actionplan.exports import plain
from portal.core import address, db, hashing, storage, witness
from portal.core.actor import SYSTEM
from portal.core.errors import NotFound
from portal.opendata import catalogue, queries, writing
from portal.opendata.models import CITY, Form
from portal.places import queries as places_queries
from portal.procurement import commands as procurement_commands
from portal.procurement import queries as procurement_queries
from portal.procurement.models import Process
from portal.procurement.ocds import extension as our_extension
from portal.procurement.ocds import package
from portal.procurement.ocds.tables import Tables
from portal.web.access import public
from portal.web.links import absolute
from portal.web.render import page

blueprint = Blueprint("opendata", __name__, url_prefix="/opendata")
JSON, CSV, ZIP = "application/json", "text/csv; charset=utf-8", "application/zip"


@blueprint.get("")
@blueprint.get("/", alias=True)
@public()
def index() -> Any:
    """What there is, in which formats, under which licence, and how to check it."""
    extents = queries.extents()
    files = queries.downloads()
    return page(
        "opendata/index.html",
        extents=extents,
        city=extents.get(0),
        places=[one for one in queries.places() if one.id in extents],
        file_of=lambda scope, form: files.get((str(scope or CITY), form)),
        name_of=lambda scope, form: writing.file_name(form, str(scope or CITY)),
        Form=Form,
        making=queries.making(),
        plans=queries.plans(),
        ideas=queries.idea_years(),
        licence=queries.licence(),
        extension=f"{address.public()}{our_extension.PATH}extension.json",
    )


@blueprint.get("/catalog.json")
@public()
def catalog() -> Response:
    """Every dataset with its distributions, in the words of DCAT."""
    told = catalogue.catalogue(
        queries.extents(),
        queries.downloads(),
        queries.places(),
        queries.plans(),
        queries.idea_years(),
        absolute,
        queries.licence().url,
    )
    return _json(hashing.canonical_json(told), "application/ld+json")


# -- the extension ----------------------------------------------------------------------------------------------------


@blueprint.get("/ocds/extension/<path:file>")
@public()
def extension(file: str) -> Response:
    """A file of the extension of the standard: its description, the patch of the schema, a list of codes."""
    if file == "extension.json":
        return _json(json.dumps(our_extension.metadata(address.public()), ensure_ascii=False, indent=2))
    if file == "release-schema.json":
        return _json(json.dumps(our_extension.SCHEMA, ensure_ascii=False, indent=2))
    if file == our_extension.README:
        return Response(our_extension.readme(address.public()), mimetype="text/markdown")
    try:
        return Response(our_extension.codelist(file.removeprefix("codelists/")), content_type=CSV)
    except KeyError as unknown:
        raise NotFound from unknown


# -- one process ------------------------------------------------------------------------------------------------------


@blueprint.get("/ocds/processes/<int:process_id>/releases.json")
@public()
def process_releases(process_id: int) -> Response:
    """Every release of one process, as a release package. It has no pages: one is written at each public step of sixteen,
    each amendment, delivery and payment of one purchase, a few dozen in all, and a record needs them together."""
    releases = queries.releases_of(process_id)
    about = _about(releases[-1].published_at)
    return _json("".join(package.release_package(about, (one.text for one in releases))))


@blueprint.get("/ocds/processes/<int:process_id>/record.json")
@public()
def process_record(process_id: int) -> Response:
    """The record of one process: its releases and what they merge to."""
    releases = queries.releases_of(process_id)
    about = _about(releases[-1].published_at)
    return _json("".join(package.record_package(about, [package.record([one.text for one in releases])])))


@blueprint.get("/ocds/processes/<int:process_id>/tables.zip")
@public()
def process_tables(process_id: int) -> Response:
    """The record of one process as tables for a spreadsheet."""
    texts = [one.text for one in queries.releases_of(process_id)]
    packed = io.BytesIO()
    with TemporaryDirectory() as folder:
        tables = Tables(Path(folder))
        tables.add(package.compile_texts(texts))
        tables.write(packed, plain)
    name = f"{queries.process(process_id).ocid}.zip"
    return Response(
        packed.getvalue(), mimetype=ZIP, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@blueprint.get("/ocds/processes/<int:process_id>/hashes.txt")
@public()
def process_hashes(process_id: int) -> Response:
    """The SHA-256 of every release of a process, as ``sha256sum`` writes them."""
    lines = [f"{one.sha256}  {one.release_id}.json\n" for one in queries.releases_of(process_id)]
    return Response("".join(lines), mimetype="text/plain")


# -- all, in pages ----------------------------------------------------------------------------------------------------


@blueprint.get("/ocds/releases.json")
@public("district", "cursor")
def releases() -> Response:
    """Releases in the order of their publication, a hundred at a time; the Link header names the next page."""
    found = queries.release_page(_district_id(), request.args.get("cursor"))
    newest = max((row.published_at for row in found.rows), default=None)
    answer = _json("".join(package.release_package(_about(newest), (row.text for row in found.rows))))
    return _linked(answer, found.next_cursor)


@blueprint.get("/ocds/records.json")
@public("district", "cursor")
def records() -> Response:
    """Records, twenty processes at a time; the Link header names the next page."""
    found = queries.process_page(_district_id(), request.args.get("cursor"))
    told = queries.releases_of_all([row.id for row in found.rows])
    newest = max((one.published_at for _process, all_of in told for one in all_of), default=None)
    entries = (package.record([one.text for one in all_of]) for _process, all_of in told)
    return _linked(_json("".join(package.record_package(_about(newest), entries))), found.next_cursor)


@blueprint.get("/downloads/<string:name>")
@public(cached=False)
def download(name: str) -> Response:
    """A file made of all releases of a district or the city."""
    form, scope = writing.parts_of(name)
    found = queries.download(form, scope)
    path = storage.path_of(found.sha256)
    if not path.exists():
        raise NotFound
    answer = send_file(
        path,
        mimetype=ZIP if form is Form.TABLES else "application/gzip",
        download_name=name,
        as_attachment=True,
        conditional=True,
        etag=found.sha256,
        last_modified=found.made_at,
    )
    answer.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    answer.headers["Repr-Digest"] = f"sha-256=:{writing.base64_of(found.sha256)}:"
    return answer


def _district_id() -> int | None:
    """The district asked for; raises NotFound for one that is none."""
    given = request.args.get("district", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10) or not queries.is_district(int(given)):
        raise NotFound
    return int(given)


def _about(newest: Any) -> dict[str, Any]:
    """The head of a package at this address."""
    query = request.query_string.decode("ascii", "ignore")
    uri = f"{address.public()}{request.path}{'?' + query if query else ''}"
    return writing.about(uri, newest)


def _json(text: str, mimetype: str = JSON) -> Response:
    return Response(text, mimetype=mimetype, headers={"Access-Control-Allow-Origin": "*"})


def _linked(answer: Response, next_cursor: str | None) -> Response:
    if next_cursor:
        district = request.args.get("district", "")
        query = f"{'district=' + district + '&' if district else ''}cursor={next_cursor}"
        answer.headers["Link"] = f'<{address.public()}{request.path}?{query}>; rel="next"'
    return answer


# -- on the command line: flask opendata … --------------------------------------------------------------------------


def _progress(what: str) -> Callable[[int, int], None]:
    """Tells on the other stream how far it is, on one line of a terminal."""
    return lambda done, total: click.echo(
        f"\r{done:,} of {total:,} {what}", err=True, nl=done == total or not sys.stderr.isatty()
    )


@blueprint.cli.command("ocds")
@click.option("--district", help="DOPA code of a district, such as 1002.")
@click.option("--all", "is_all", is_flag=True, help="The whole city.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option(
    "--records", is_flag=True, help="A record package with compiled releases, not a release package."
)
def write_ocds(district: str | None, is_all: bool, out: Path, records: bool) -> None:
    """Write what is published as an OCDS 1.1.5 package. The file is there whole or not at all."""
    if (district is None) is not is_all:
        raise click.UsageError("Give either --district CODE or --all.")
    with db.transaction("read"):
        place = places_queries.district(int(district)) if district and district.isdecimal() else None
        if district is not None and place is None:
            raise click.BadParameter(f"There is no district {district}.", param_hint="--district")
        try:
            written = writing.write_package(
                out, place.id if place else None, with_records=records, progress=_progress("processes")
            )
        except OSError as problem:
            raise click.ClickException(f"{out}: {problem.strerror}. Nothing was written.") from problem
    click.echo(f"{written.processes} processes, {written.releases} releases: {out}")


@blueprint.cli.command("publish")
def publish_processes() -> None:
    """Publish what is known of processes and not yet in a release (after an upgrade); safe to repeat."""
    published = 0
    with db.transaction("read") as session:
        ids = list(session.scalars(sa.select(Process.id).order_by(Process.id)))
    tell = _progress("processes")
    for done, process_id in enumerate(ids, 1):
        with db.transaction():
            process = db.get_for_update(Process, process_id)
            if process is not None and procurement_commands.publish_release(SYSTEM, process) is not None:
                published += 1
        if done % 100 == 0 or done == len(ids):
            tell(done, len(ids))
    click.echo(f"{published} new releases.")


@blueprint.cli.command("verify")
def verify_releases() -> None:
    """Hold every release against its hash and against the ledger; exit 1 on a fault."""
    with db.transaction("read"):
        held = witness.check(procurement_queries.RELEASES)
    for line in held.unvouched:
        click.echo(f"older: {line}")
    for fault in held.faults:
        click.echo(f"FAULT: {fault}")
    if held.faults:
        raise SystemExit(1)
    click.echo(f"sound: {held.rows} releases")
