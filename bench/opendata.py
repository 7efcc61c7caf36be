"""Open data at scale: ``python -m bench.opendata [--processes 20000]``.

Writes what is published of 20,000 processes with five releases each, as ``flask opendata ocds`` does, and of a tenth of
them, each in a process of its own. Prints how long it took and the most memory it held; **exits 1 when the whole city
needs more than 24 MB above a tenth of it**: then the export does not stream.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bench import data
from portal.accounts.models import Person
from portal.actionplan.models import Project
from portal.app import import_models
from portal.core import clock, db, hashing, migrate
from portal.core.topics import Topic
from portal.procurement import ocds, words
from portal.procurement.models import (
    Category,
    Method,
    Process,
    ProcessProject,
    ProcessState,
    Release,
    StepKind,
)

FULL, ABOVE_MB = 20_000, 24
FORMS = {"releases": [], "records": ["--records"]}
ORDER = (Topic, Process, ProcessProject, Release)
DAY = dt.date(2026, 10, 5)
PLACE = "ocds-bench-0"  # stands for the number of each process in the text of its releases


def texts() -> list[str]:
    """The releases of one purchase on its way from the plan to the last payment, with a document for nearly each step."""
    begun = ocds.Facts(
        process_id=0,
        ocid=PLACE,
        title="จัดซื้อเต็นท์สนามโครงเหล็กพร้อมผ้าใบกันน้ำของชุมชน",
        method=Method.OPEN,
        method_details="e-bidding",
        category=Category.GOODS,
        budget=900_000_00,
        median_price=880_000_00,
        buyer=ocds.Buyer("1002", "สำนักงานเขตตัวอย่าง", "50070000"),
        projects=(ocds.Project(1, "โครงการชุมชนพร้อม", "50070000-7001", 2570),),
    )
    steps = [
        ocds.Passed(kind, str(words.STEPS[kind]), actual_on=DAY + dt.timedelta(days=7 * place))
        for place, kind in enumerate(StepKind)
    ]
    at = dt.datetime(2026, 10, 5, 3, tzinfo=dt.UTC)
    papers = [
        ocds.Paper(place, kind, "other", f"เอกสารประกอบขั้นตอนที่ {place}", at)
        for place, kind in enumerate(StepKind, 1)
    ]
    won = ocds.Awarded(1, "ร้านตัวอย่าง", 800_000_00, DAY)
    parts = tuple(
        ocds.Instalment(number, number, f"งวดที่ {number}", 400_000_00, DAY, DAY, DAY, 3, DAY, 400_000_00)
        for number in (1, 2)
    )
    signed = ocds.Signed(1, 1, "1/2570", 800_000_00, DAY, instalments=parts)
    states = [replace(begun, steps=tuple(steps[:far]), papers=tuple(papers[:far])) for far in (1, 5, 8)]
    states.append(replace(states[-1], steps=tuple(steps[:10]), papers=tuple(papers[:10]), awards=(won,)))
    states.append(replace(states[-1], steps=tuple(steps), papers=tuple(papers[:15]), contracts=(signed,)))
    made, published, publisher = [], {}, ocds.Publisher("https://portal.example")
    for number, facts in enumerate(states, 1):
        release = ocds.next_release(PLACE, number, published, ocds.state(facts, publisher), at)
        if release is None:
            raise LookupError("nothing new in a release")
        made.append(release)
        published = ocds.replay(made)
    return [ocds.text_of(release) for release in made]


def fill(processes: int) -> None:
    """Fill the bound, empty database."""
    data.make(0.01, lambda text: None)
    told, now = texts(), clock.now()
    with db.transaction() as session:
        project_id, district_id = session.execute(sa.select(Project.id, Project.district_id)).first() or (
            0,
            0,
        )
        person_id = session.scalars(sa.select(Person.id)).first() or 0
        writer = data.Writer()
        for count in range(processes):
            number = writer.id(Process)
            ocid, title = f"ocds-bench-{number}", f"จัดซื้อเต็นท์ชุมชน รายการที่ {number}"
            writer.add(
                Process,
                id=number,
                district_id=district_id,
                ocid=ocid,
                title=title,
                description="",
                method=Method.OPEN,
                method_details="e-bidding",
                category=Category.GOODS,
                budget_satang=900_000_00,
                state=ProcessState.RUNNING,
                buyer="",
                unit="",
                draft_tor="",
                created_by=person_id,
                created_at=now,
                topic_id=writer.topic("process", number, title, district_id),
                version_id=1,
            )
            writer.add(ProcessProject, process_id=number, project_id=project_id)
            for place, text in enumerate(told, 1):
                own = text.replace(PLACE, ocid)
                writer.add(
                    Release,
                    process_id=number,
                    number=place,
                    release_id=f"{ocid}-{place:04d}",
                    text=own,
                    sha256=hashing.sha256_hex(own),
                    published_at=now,
                )
            if count % 500 == 499:
                writer.flush(ORDER)
        writer.flush(ORDER)


def held(pid: int) -> int:
    """The most memory in MB that a process held since it began its program; 0 once it has ended. Not ``ru_maxrss``, which
    begins with what its parent held."""
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", told)
    return int(found[1]) // 1024 if found else 0


def written(url: str, options: list[str], out: Path) -> tuple[float, int, int]:
    """(seconds, most memory in MB, lines of progress) of the export in a process of its own."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "opendata", "ocds", "--all", "--out", str(out)]
    told = out.with_suffix(".told")
    most = 0
    with told.open("wb") as progress:
        child = subprocess.Popen(
            [*command, *options],
            env={**os.environ, "PORTAL_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=progress,
        )
        while child.poll() is None:
            most = max(most, held(child.pid))
            time.sleep(0.05)
    if child.returncode:
        raise SystemExit(told.read_text(encoding="utf-8"))
    lines = len(re.findall(r"of [\d,]+ processes", told.read_text(encoding="utf-8")))
    return time.perf_counter() - begun, most, lines


def measured(processes: int) -> Iterator[tuple[str, list[tuple[float, int, int, int]]]]:
    """For each form: (seconds, MB of memory, lines of progress, MB of the file) of a tenth and of all."""
    with tempfile.TemporaryDirectory(prefix="opendata-") as folder:
        os.environ.setdefault("PORTAL_ENV", "test")
        os.environ.setdefault("PORTAL_SECRET_KEY", secrets.token_hex(32))
        os.environ["PORTAL_INSTANCE"] = folder
        urls = []
        for size in (processes // 10, processes):
            urls.append(f"sqlite:///{folder}/{size}.sqlite3")
            migrate.upgrade(urls[-1])
            db.bind(urls[-1])
            begun = time.perf_counter()
            fill(size)
            print(f"{size:,} processes, {time.perf_counter() - begun:.0f} s to make", flush=True)
        for form, options in FORMS.items():
            found = []
            for url in urls:
                out = Path(folder) / "package.json"
                took = written(url, options, out)
                found.append((*took, out.stat().st_size // 1_000_000))
            yield form, found


def main() -> None:
    """Make both, write them out, print, judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--processes", type=int, default=FULL)
    given = parser.parse_args()
    import_models()
    is_streaming = True
    head = "| package | file, MB | seconds | memory, MB: a tenth | all | lines of progress |\n|---|---|---|---|---|---|"
    rows = []
    for form, (tenth, full) in measured(given.processes):
        is_streaming = is_streaming and full[1] <= tenth[1] + ABOVE_MB
        rows.append(f"| {form} | {full[3]} | {full[0]:.0f} | {tenth[1]} | {full[1]} | {full[2]} |")
    print("\n".join([head, *rows]))
    if not is_streaming:
        raise SystemExit(f"More than {ABOVE_MB} MB above a tenth: the export does not stream.")


if __name__ == "__main__":
    main()
