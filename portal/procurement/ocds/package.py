"""Packages: releases, or records with what they compile to, and who publishes them. Written as a stream of text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from portal.procurement.ocds import extension
from portal.procurement.ocds.facts import Publisher
from portal.procurement.ocds.sequence import compiled, text_of
from portal.procurement.ocds.terms import Json, instant

VERSION = "1.1"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


def head(publisher: Publisher, uri: str, at: dt.datetime) -> Json:
    """What every package says of itself. ``uri`` is its own address; ``at`` when the newest of its releases was
    published, so that the same releases make the same package."""
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": instant(at),
        "publisher": {"name": "กรุงเทพมหานคร", "uri": publisher.url},
        "license": LICENSE,
        "publicationPolicy": f"{publisher.url}/opendata",
        "extensions": [f"{publisher.url}{extension.PATH}extension.json"],
    }


def release_package(about: Json, releases: Iterable[str]) -> Iterator[str]:
    """A release package, piece by piece; ``releases`` are texts of releases as they are kept."""
    return _filled(about, "releases", releases)


def record_package(about: Json, records: Iterable[str]) -> Iterator[str]:
    """A record package, piece by piece; ``records`` are texts of :func:`record`."""
    return _filled(about, "records", records)


def record(releases: Iterable[str]) -> str:
    """The record of one process: its releases and what they compile to."""
    texts = list(releases)
    parsed = [json.loads(text) for text in texts]
    merged = text_of(compiled(parsed))
    ocid = json.dumps(parsed[0]["ocid"])
    return f'{{"compiledRelease":{merged},"ocid":{ocid},"releases":[{",".join(texts)}]}}'


def _filled(about: Json, name: str, entries: Iterable[str]) -> Iterator[str]:
    yield f'{text_of(about)[:-1]},"{name}":[\n'
    is_first = True
    for entry in entries:
        yield entry if is_first else f",\n{entry}"
        is_first = False
    yield "\n]}\n"
