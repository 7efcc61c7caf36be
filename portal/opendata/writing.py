"""Packages of a whole district or the city as files: read a stretch at a time, written at once or not at all."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from portal.actionplan.exports import plain
from portal.core import address, clock
from portal.core.errors import NotFound
from portal.opendata import queries
from portal.opendata.models import CITY, Form
from portal.opendata.queries import Extent
from portal.procurement import ocds
from portal.procurement.ocds import package
from portal.procurement.ocds.tables import Tables

Progress = Callable[[int, int], None]
_TOLD_EVERY = 100
SUFFIX = {Form.RELEASES: "json.gz", Form.RECORDS: "json.gz", Form.TABLES: "zip"}


def file_name(form: Form, scope: str) -> str:
    """The name a download has in its address and on a disk."""
    place = "bangkok" if scope == CITY else scope
    return f"ocds-{form.value}-{place}.{SUFFIX[form]}"


def parts_of(name: str) -> tuple[Form, str]:
    """(form, scope) of a file's name; raises NotFound for a name that no file has."""
    found = re.fullmatch(r"ocds-(releases|records|tables)-(bangkok|[0-9]{4})\.(json\.gz|zip)", name)
    if found is None or SUFFIX[Form(found[1])] != found[3]:
        raise NotFound
    return Form(found[1]), CITY if found[2] == "bangkok" else found[2]


def base64_of(sha256: str) -> str:
    """A hash as headers write it."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def about(uri: str, newest_at: dt.datetime | None) -> dict[str, Any]:
    """The head of a package whose newest release was published at an instant; of an empty one, now."""
    return package.head(
        ocds.Publisher(address.public()), uri, newest_at or clock.now(), queries.licence().url
    )


@dataclass
class Written:
    """A finished file."""

    path: Path
    size: int
    sha256: str


class _Hashed:
    """A file that knows its SHA-256 and size at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self.size = 0

    def write(self, data: Any) -> int:
        self._sum.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there whole at the end of the block, or as it was before."""
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_package(
    out: Path, district_id: int | None, *, with_records: bool, progress: Progress = lambda done, total: None
) -> Extent:
    """Write a release package, or a record package, of a district or the city. Returns what is in it."""
    extent = queries.extent(district_id)
    name = Form.RECORDS if with_records else Form.RELEASES
    uri = f"{address.public()}/opendata/ocds/{name.value}.json"
    head = about(uri if district_id is None else f"{uri}?district={district_id}", extent.newest_at)
    told = _told(queries.every_release(district_id, extent.newest_id), extent, progress)
    if with_records:
        pieces = package.record_package(head, (package.record(texts) for texts in told))
    else:
        pieces = package.release_package(head, (text for texts in told for text in texts))
    with atomic(out) as file:
        for piece in pieces:
            file.write(piece.encode())
    return extent


def _told(found: Iterable[tuple[int, list[Any]]], extent: Extent, progress: Progress) -> Iterator[list[str]]:
    """The texts of each process's releases; tells from time to time how many processes are done."""
    for done, (_process_id, releases) in enumerate(found, 1):
        yield [one.text for one in releases]
        if done % _TOLD_EVERY == 0 or done == extent.processes:
            progress(done, extent.processes)


def write_downloads(
    folder: Path, scope: str, district_id: int | None, extent: Extent, progress: Progress
) -> dict[Form, Written]:
    """Write all forms of a scope into ``folder``, merging each process once."""
    with ExitStack() as stack:
        waiting = Path(stack.enter_context(TemporaryDirectory()))
        files: dict[Form, tuple[Path, _Hashed]] = {}
        for form in Form:
            path = folder / file_name(form, scope)
            files[form] = path, _Hashed(stack.enter_context(path.open("wb")))
        tables = Tables(waiting)
        releases, records = (
            _Entries(stack, files[form][1], form, scope, extent) for form in (Form.RELEASES, Form.RECORDS)
        )
        for texts in _told(queries.every_release(district_id, extent.newest_id), extent, progress):
            merged = package.compile_texts(texts)
            for text in texts:
                releases.add(text)
            records.add(package.record_of(texts, merged))
            tables.add(merged)
        releases.close()
        records.close()
        tables.write(files[Form.TABLES][1], plain)  # type: ignore[arg-type]
    return {form: Written(path, file.size, file.sha256) for form, (path, file) in files.items()}


class _Entries:
    """A package in the making, packed by gzip without a time stamp: equal releases make equal bytes."""

    def __init__(self, stack: ExitStack, file: _Hashed, form: Form, scope: str, extent: Extent) -> None:
        self._packed = stack.enter_context(
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0)  # type: ignore[call-overload]
        )
        uri = f"{address.public()}/opendata/downloads/{file_name(form, scope)}"
        opening, self._closing = package.around(about(uri, extent.newest_at), form.value)
        self._packed.write(opening.encode())
        self._is_first = True

    def add(self, text: str) -> None:
        self._packed.write((text if self._is_first else f",\n{text}").encode())
        self._is_first = False

    def close(self) -> None:
        self._packed.write(self._closing.encode())
        self._packed.close()
