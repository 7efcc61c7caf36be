"""Where a page's time goes: ``python -m bench.inside DATABASE-FILE FACTS-FILE [--times 60]``.

Asks the application itself, without a server, in one process, and prints CPU milliseconds for each page: as it is; of
it in SQL; written again, as when a row has changed; with every piece and every shared figure made anew as well; and
Flask's hello.
``bench.serving --folder`` leaves the two files.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from werkzeug.test import EnvironBuilder

from bench.hello import application as hello
from bench.serving import past_the_cache, paths


def asker(application: Any, address: str) -> Callable[[], None]:
    """A function that asks once and reads the answer."""
    path, _, query = address.partition("?")
    environ = EnvironBuilder(path=path, query_string=query, headers={"Host": "127.0.0.1:8000"}).get_environ()

    def ask() -> None:
        answer: Iterable[bytes] = application(dict(environ), lambda *_args: lambda _data: None)
        b"".join(answer)
        close = getattr(answer, "close", None)
        if close is not None:
            close()

    return ask


def cpu(ask: Callable[[], None], times: int, before: Callable[[], None] = lambda: None) -> float:
    """Milliseconds of CPU for one, the median of seven rounds."""
    ask()
    rounds = []
    for _ in range(7):
        spent = 0.0
        for _ in range(times):
            before()
            begun = time.process_time_ns()
            ask()
            spent += time.process_time_ns() - begun
        rounds.append(spent / times / 1e6)
    return statistics.median(rounds)


class InSql:
    """Adds up the CPU spent in the database and its driver."""

    def __init__(self) -> None:
        self.spent = 0

    def __enter__(self) -> InSql:
        from portal.core import driver

        self.fetch = fetch = driver._fetch

        def timed(*args: Any) -> Any:
            begun = time.process_time_ns()
            try:
                return fetch(*args)
            finally:
                self.spent += time.process_time_ns() - begun

        driver._fetch = timed
        return self

    def __exit__(self, *_args: object) -> None:
        from portal.core import driver

        driver._fetch = self.fetch


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("facts", type=Path)
    parser.add_argument("--times", type=int, default=60)
    chosen = parser.parse_args()
    os.environ |= {
        "PORTAL_ENV": "development",
        "PORTAL_INSTANCE": str(chosen.database.parent),
        "PORTAL_DATABASE_URL": f"sqlite:///{chosen.database.resolve()}",
    }
    from portal.app import create_app
    from portal.core import memo
    from portal.web import pieces, unchanged

    def forget() -> None:
        memo.forget()
        pieces.forget()
        unchanged.forget()

    application = create_app()
    print(f"{'page':<12}{'ms CPU':>8}{'of it SQL':>11}{'written':>9}{'all anew':>10}{'hello':>8}")
    for name, address in paths(json.loads(chosen.facts.read_text())).items():
        ask = asker(application, past_the_cache(address))
        whole = cpu(ask, chosen.times)
        with InSql() as sql:
            unchanged.forget()  # what is kept asks as it was asked
            ask()
            sql.spent = 0
            for _ in range(chosen.times):
                ask()
        written = cpu(ask, chosen.times // 2, unchanged.forget)
        anew = cpu(ask, chosen.times // 3, forget)
        bare = cpu(asker(hello, "/"), chosen.times * 3)
        print(
            f"{name:<12}{whole:>8.2f}{sql.spent / chosen.times / 1e6:>11.2f}{written:>9.2f}{anew:>10.2f}{bare:>8.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
