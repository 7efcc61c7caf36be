"""The screening desk at full size: ``python -m bench.screening [--url URL]``.

60,000 items in one district (more than any has), 5,000 of them open. Measured: the workbook out, filled in, compared and
written, with the progress somebody else sees meanwhile; things like an item among all 60,000; what the process grows by.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import sqlalchemy as sa

from bench import data
from portal.accounts import queries as accounts
from portal.accounts.models import GrantRow
from portal.app import import_models
from portal.core import clock, db, jobs, migrate
from portal.core.actor import Actor, Role, Scope
from portal.core.i18n import speaking
from portal.core.topics import Topic
from portal.cycles.models import Cycle
from portal.screening import columns, commands, queries
from portal.screening.models import CardAnswer, Case, CaseState, Decision, Sheet

SIZE = {"communities": 2007, "items": 60_000, "comments": 1}
ROWS = 5_000
WRONG = 50  # rows with a mistake
LOOKS = 200  # items whose like are looked for
MB = 1024


def main() -> None:
    """Make the data, measure, print."""
    asked = argparse.ArgumentParser()
    asked.add_argument(
        "--url", default="", help="an empty database; without it SQLite in a folder of its own"
    )
    asked.add_argument("--similar", action="store_true", help="only what is like an item")
    given = asked.parse_args()
    url = given.url
    with tempfile.TemporaryDirectory() as folder:
        url = url or f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        import_models()
        migrate.upgrade(url)
        db.bind(url)
        # A district of an annual plan holds some thousand projects: for the likes alone, the items are brought together.
        data.make(1.0, print, full=SIZE, per_district=100 if given.similar else SIZE["communities"])
        if given.similar:
            _bring_together()
        print(f"{db.dialect()}: 60,000 items, {ROWS:,} of them open")
        planner, case_ids = _open_cases()
        similar(planner)
        if not given.similar:
            round_trip(planner, case_ids)


def _bring_together() -> None:
    """Every item in the district of the first."""
    with db.transaction() as session:
        district_id = session.scalar(sa.select(sa.func.min(Case.district_id)))
        session.execute(sa.update(Case).values(district_id=district_id))
        session.execute(sa.update(Topic).where(Topic.kind == "item").values(district_id=district_id))
    with db.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM ANALYZE" if db.dialect() == "postgresql" else "ANALYZE")


def _open_cases() -> tuple[int, list[int]]:
    """A planner, and cases nobody has looked at."""
    with db.transaction() as session:
        case_ids = list(session.scalars(sa.select(Case.id).order_by(Case.id).limit(ROWS)))
        some = Case.id <= case_ids[-1]
        session.execute(
            sa.update(Case)
            .where(some)
            .values(state=CaseState.WAITING, decision_id=None, released_at=None, appeals_until=None)
        )
        session.execute(sa.delete(Decision).where(Decision.case_id <= case_ids[-1]))
        session.execute(sa.delete(CardAnswer).where(CardAnswer.case_id <= case_ids[-1]))
        session.add(
            GrantRow(
                person_id=2,  # the one who has written nothing there
                role=Role.PLANNER,
                scope=Scope.DISTRICT,
                district_id=session.scalar(sa.select(Case.district_id).limit(1)),
                order_reference="วัดความเร็ว",
                valid_from=clock.today(),
                proposed_by=3,
                proposed_at=clock.now(),
                confirmed_by=4,
                confirmed_at=clock.now(),
            )
        )
    return 2, case_ids


def _actor(person_id: int) -> Actor:
    actor = accounts.actor_of_person(person_id)
    if actor is None:
        raise LookupError(person_id)
    return actor


def _resident() -> int:
    """Memory of the process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // MB // MB


def _served() -> float:
    """Milliseconds of CPU that the server of this connection has used so far; 0 where there is none on this machine."""
    if db.dialect() != "postgresql":
        return 0.0
    process = db.session().scalar(sa.select(sa.func.pg_backend_pid()))
    used = Path(f"/proc/{process}/schedstat")
    return int(used.read_text().split()[0]) / 1e6 if used.exists() else 0.0


def similar(person_id: int) -> None:
    """Looking for what is like an item, for items all over the data."""
    with db.transaction("read"):
        actor = _actor(person_id)
        highest = db.session().scalar(sa.select(sa.func.max(Case.id))) or 1
    random.seed(1)
    times, cpu, found, before = [], [], [], 0
    served = 0.0
    for number in range(LOOKS):
        with db.transaction("read"):
            docket = queries.docket(actor, random.randint(1, highest))
            bench = queries.bench(docket)
            served -= _served()
            began, worked = time.perf_counter(), time.process_time()
            found.append(len(queries.similar_items(docket, bench, actor=actor)))
            times.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - worked) * 1000)
            served += _served()
        if number == LOOKS // 4:
            before = _resident()
    print(
        f"similar items: median {statistics.median(times):.1f} ms ({statistics.median(cpu):.1f} of CPU here, "
        f"{served / LOOKS:.1f} on average of the database's server), p95 {statistics.quantiles(times, n=20)[18]:.1f} ms, "
        f"found {statistics.mean(found):.1f} on average, memory +{_resident() - before} MB over {LOOKS * 3 // 4} looks"
    )


def round_trip(person_id: int, case_ids: list[int]) -> None:
    """Out, filled in, compared with mistakes, compared without, written, sent once more."""
    with db.transaction("read"):
        actor = _actor(person_id)
        case = db.session().get_one(Case, case_ids[0])
        cycle_id = queries.docket(actor, case.id).cycle_id
    content = _timed("download", lambda: _download(actor, cycle_id, case_ids))
    began = time.perf_counter()
    right, wrong = _filled(cycle_id, content)
    print(f"(filled in by a script: {time.perf_counter() - began:.1f} s; {len(right) // MB:,} kB)")
    sheet_id = _send(actor, cycle_id, wrong)
    told = _timed("compared, with mistakes", lambda: _watch(sheet_id))
    rows = {one["row"] for one in told["problems"]}
    expected = {columns.LEAD + 2 + number * (ROWS // WRONG) for number in range(WRONG)}
    print(f"  {told['counts']}; rows told wrong are exactly those made wrong: {rows == expected}")
    sheet_id = _send(actor, cycle_id, right)
    told = _timed("compared", lambda: _watch(sheet_id))
    print(f"  {told['counts']}")
    with db.transaction():
        commands.apply_sheet(actor, sheet_id, [])
    print(f"  {_timed('written', lambda: _watch(sheet_id, is_writing=True))}")
    with db.transaction("read"):
        proposed = sa.select(sa.func.count()).where(Case.state == CaseState.PROPOSED)
        print(
            f"  proposals in the portal: {db.session().scalar(proposed):,}; memory now {_resident()} MB, "
            f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MB} MB"
        )


def _timed(name: str, act: Callable[[], Any]) -> Any:
    began, worked = time.perf_counter(), time.process_time()
    result = act()
    print(f"{name}: {time.perf_counter() - began:.1f} s ({time.process_time() - worked:.1f} s of CPU)")
    return result


def _download(actor: Actor, cycle_id: int, case_ids: list[int]) -> bytes:
    with db.transaction("read"), speaking("th"):
        return queries.workbook_of(actor, db.session().get_one(Cycle, cycle_id), case_ids)


def _filled(cycle_id: int, content: bytes) -> list[bytes]:
    """Every formal and merit line met, every item proposed for acceptance; then some with an answer there is not."""
    with db.transaction("read"), speaking("th"):
        layout = queries.frame_of(db.session().get_one(Cycle, cycle_id)).layout
        book = openpyxl.load_workbook(io.BytesIO(content))
        page = book[columns.sheet_name()]
        heads = {cell.value: cell.column for cell in page[columns.LEAD + 1]}
        values: dict[str, Any] = {columns.answer_column(one.key): "met" for one in layout.criteria}
        values |= {"outcome": "accept", "reason_code": "fits"}
        cells = {heads[layout.title(key)]: layout.shown(key, value) for key, value in values.items()}
        cells[heads[layout.title("accepted_satang")]] = 90_000
        cells[heads[layout.title("reason")]] = "สอดคล้องกับภารกิจและคุ้มค่า"
        answer = heads[layout.title(columns.answer_column(layout.criteria[0].key))]
        for number in range(ROWS):
            for place, value in cells.items():
                page.cell(columns.LEAD + 2 + number, place, value)
        made = [_bytes(book)]
        for number in range(0, ROWS, ROWS // WRONG):
            page.cell(columns.LEAD + 2 + number, answer, "ไม่แน่ใจ")
    return [*made, _bytes(book)]


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _send(actor: Actor, cycle_id: int, content: bytes) -> int:
    with db.transaction():
        return commands.keep_sheet(actor, cycle_id, "bench.xlsx", content).id


def _watch(sheet_id: int, *, is_writing: bool = False) -> Any:
    """Run the job that waits, looking at its row from outside as the page does."""
    seen: list[tuple[int, int]] = []
    ended = threading.Event()
    url = db.engine().url.render_as_string(hide_password=False)

    def look() -> None:
        engine = sa.create_engine(url)
        while not ended.wait(0.05):
            with engine.connect() as connection:
                newest = sa.select(jobs.Job.done, jobs.Job.total).order_by(jobs.Job.id.desc()).limit(1)
                row = connection.execute(newest).one()
                if row.total and (row.done, row.total) not in seen:
                    seen.append((row.done, row.total))
        engine.dispose()

    watcher = threading.Thread(target=look)
    watcher.start()
    jobs.run_due()
    ended.set()
    watcher.join()
    print(f"  progress seen from outside: {', '.join(str(done) for done, _total in seen)}")
    with db.transaction("read"):
        compared, writing = queries.jobs_of(db.session().get_one(Sheet, sheet_id))
        job = writing if is_writing else compared
        if job is None or job.state != "done":
            raise RuntimeError(job and job.problems)
        return job.result


if __name__ == "__main__":
    main()
