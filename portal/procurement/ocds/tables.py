"""Compiled releases as tables: one line for each process in ``releases``, and a table for every list inside.

Columns are named by paths (``contracts/0/value/amount``), so that ``flatten-tool unflatten`` turns the tables back into
the same data. A line of an inner table repeats the ids of what it belongs to.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from portal.procurement.ocds.terms import Json

MAIN = "releases"
Line = dict[str, Any]


def lines(compiled: Json) -> Iterator[tuple[str, Line]]:
    """(table, line) of one compiled release: its own line first."""
    ids = {"ocid": compiled["ocid"], "id": compiled["id"]}
    yield from _lines(compiled, MAIN, "", ids)


def _lines(part: Json, table: str, path: str, ids: Line) -> Iterator[tuple[str, Line]]:
    line = dict(ids)
    inner: list[tuple[str, str, list[Json]]] = []
    _spread(part, path, line, inner)
    yield table, line
    for inner_path, name, entries in inner:
        for entry in entries:
            entry_path = f"{inner_path}/0/"
            yield from _lines(entry, name, entry_path, {**ids, f"{entry_path}id": entry["id"]})


def _spread(part: Json, path: str, line: Line, inner: list[tuple[str, str, list[Json]]]) -> None:
    """Write the members of an object into the line; lists of objects become tables of their own."""
    for name, member in part.items():
        if isinstance(member, dict):
            _spread(member, f"{path}{name}/", line, inner)
        elif isinstance(member, list) and member and isinstance(member[0], dict):
            whole = f"{path}{name}"
            inner.append((whole, whole.replace("/0/", "_").replace("/", "_"), member))
        elif isinstance(member, list):
            line[f"{path}{name}"] = ";".join(map(str, member))
        else:
            line[f"{path}{name}"] = member


class Tables:
    """Tables in the making. Memory does not grow with the data: lines wait in files of ``folder`` until all columns are
    known, in the order in which they were first seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, IO[str]] = {}
        self._columns: dict[str, dict[str, None]] = {}

    def add(self, compiled: Json) -> None:
        """Take in one compiled release."""
        for table, line in lines(compiled):
            if table not in self._waiting:
                self._waiting[table] = (self._folder / f"{table}.lines").open("w+", encoding="utf-8")
            self._columns.setdefault(table, {}).update(dict.fromkeys(line))
            self._waiting[table].write(json.dumps(line, ensure_ascii=False) + "\n")

    def write(self, out: IO[bytes], plain: Callable[[str], str]) -> None:
        """Write them as a ZIP of CSV files (UTF-8 with a byte order mark). ``plain`` keeps a text from becoming a
        formula. Equal data make equal bytes."""
        with zipfile.ZipFile(out, "w") as archive:
            for table, waiting in self._waiting.items():
                entry = zipfile.ZipInfo(f"{table}.csv", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as file:
                    self._write(table, waiting, file, plain)
                waiting.close()

    def _write(self, table: str, waiting: IO[str], file: IO[bytes], plain: Callable[[str], str]) -> None:
        columns = self._columns[table]
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        rows = csv.writer(text)
        rows.writerow(columns)
        waiting.seek(0)
        for kept in waiting:
            line = json.loads(kept)
            rows.writerow([_cell(line.get(column), plain) for column in columns])
        text.flush()
        text.detach()


def _cell(value: Any, plain: Callable[[str], str]) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, str) else "" if value is None else value
