"""Packages: releases, or records with what they compile to, and who publishes them. Written as a stream of text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence

from portal.procurement.ocds import extension
from portal.procurement.ocds.facts import Publisher
from portal.procurement.ocds.sequence import compiled, text_of
from portal.procurement.ocds.terms import Json, instant

VERSION = "1.1"


def head(publisher: Publisher, uri: str, at: dt.datetime, licence: str) -> Json:
    """What every package says of itself. ``uri`` is its own address, ``licence`` that of its licence; ``at`` when the newest of its releases was
    published, so that the same releases make the same package."""
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": instant(at),
        "publisher": {"name": "กรุงเทพมหานคร", "uri": publisher.url},
        "license": licence,
        "publicationPolicy": f"{publisher.url}/opendata",
        "extensions": [f"{publisher.url}{extension.PATH}extension.json"],
    }


def release_package(about: Json, releases: Iterable[str]) -> Iterator[str]:
    """A release package, piece by piece; ``releases`` are texts of releases as they are kept."""
    return _filled(about, "releases", releases)


def record_package(about: Json, records: Iterable[str]) -> Iterator[str]:
    """A record package, piece by piece; ``records`` are texts of :func:`record`."""
    return _filled(about, "records", records)


def record(releases: Sequence[str]) -> str:
    """The record of one process: its releases and what they compile to."""
    return record_of(releases, compile_texts(releases))


def compile_texts(releases: Sequence[str]) -> Json:
    """The compiledRelease of texts of releases."""
    return compiled([json.loads(text) for text in releases])


def record_of(releases: Sequence[str], merged: Json) -> str:
    """The record of releases that are merged already."""
    ocid = json.dumps(merged["ocid"])
    return f'{{"compiledRelease":{text_of(merged)},"ocid":{ocid},"releases":[{",".join(releases)}]}}'


def around(about: Json, name: str) -> tuple[str, str]:
    """What stands before and behind the entries of a package; ``name`` is ``releases`` or ``records``."""
    return f'{text_of(about)[:-1]},"{name}":[\n', "\n]}\n"


def _filled(about: Json, name: str, entries: Iterable[str]) -> Iterator[str]:
    opening, closing = around(about, name)
    yield opening
    is_first = True
    for entry in entries:
        yield entry if is_first else f",\n{entry}"
        is_first = False
    yield closing
