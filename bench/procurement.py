"""Procurement at scale: ``python -m bench.procurement [--requests 10] [--rounds 5]``.

20,000 processes with 320,000 steps, 300,000 documents, a contract and two instalments each in 50 districts, against 200
processes in one. That district is in the full data too, as large as before, with the city around it. Asks the application in
this process in turns and prints for each page: queries, milliseconds of CPU and by the clock, and how they grow.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import data
from bench.season import Desk, Figures, measure, officer_of, token_of
from portal.accounts.models import Person
from portal.actionplan.models import Project
from portal.app import create_app, import_models
from portal.core import clock, db, migrate
from portal.core.actor import Role
from portal.core.topics import Topic
from portal.procurement import words
from portal.procurement.models import (
    Award,
    Category,
    Contract,
    DraftTerms,
    Instalment,
    Method,
    Process,
    ProcessProject,
    ProcessState,
    Step,
    StepDocument,
    StepKind,
)

FULL, SMALL = 20_000, 200
DOCUMENTS = 15  # of each process
BASE = {"communities": 2007, "items": 20_000, "comments": 20_000}
ORDER = (
    Topic,
    Process,
    ProcessProject,
    Step,
    StepDocument,
    DraftTerms,
    Award,
    Contract,
    Instalment,
)
DONE = tuple(StepKind)[:13]
DRAFT = "\n".join(f"{number}. เต็นท์สนามโครงเหล็กพร้อมผ้าใบกันน้ำ ข้อที่ {number}" for number in range(1, 21))


def fill(processes: int) -> Desk:
    """Fill the bound, empty database; the first district has ``SMALL`` processes, the others the rest."""
    data.make(0.05, lambda text: None, full=BASE, per_district=2, first=2)
    with db.transaction() as session:
        rows = session.execute(sa.select(Project.id, Project.district_id).order_by(Project.district_id)).all()
        projects: dict[int, list[int]] = {}
        for row in rows:
            projects.setdefault(row.district_id, []).append(row.id)
        first, *others = sorted(projects)
        buyer = officer_of(Role.PROCUREMENT, first)
        writer = data.Writer()
        shown = 0
        for number in range(processes):
            district_id = first if number < SMALL else others[number % len(others)]
            here = projects[district_id]
            shown = _process(writer, number, district_id, here[number % len(here)], buyer)
            if number % 500 == 499:
                writer.flush(ORDER)
        writer.flush(ORDER)
        token = token_of(session.get_one(Person, buyer))
        one = (
            session.scalars(sa.select(sa.func.max(Process.id)).where(Process.district_id == first)).one()
            or shown
        )
    with db.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return Desk(
        district=first,
        cycle=0,
        director=buyer,
        tokens={"buyer": token},
        pages={
            "calendar and list": ("", "/procurement"),
            "list, words": ("", "/procurement?q=เต็นท์"),
            "list of a district": ("", f"/procurement?district={first}"),
            "calendar of a district, iCalendar": ("", f"/procurement/districts/{first}/calendar.ics"),
            "process": ("", f"/procurement/{one}"),
            "draft terms, clause by clause": ("", f"/procurement/{one}/draft-terms"),
            "desk": ("buyer", "/procurement/desk"),
            "work on a process": ("buyer", f"/procurement/{one}/work"),
            "contracts of a process": ("buyer", f"/procurement/{one}/contracts"),
        },
    )


def _process(writer: data.Writer, number: int, district_id: int, project_id: int, buyer: int) -> int:
    now, today = clock.now(), clock.today()
    process_id = writer.id(Process)
    title = f"จัดซื้อเต็นท์ชุมชน รายการที่ {number}"
    is_over = number % 4 == 0
    writer.add(
        Process,
        id=process_id,
        district_id=district_id,
        ocid=f"ocds-bench-{process_id}",
        title=title,
        description="",
        method=tuple(Method)[number % 3],
        method_details="e-bidding",
        category=Category.GOODS,
        budget_satang=900_000_00,
        median_price_satang=890_000_00,
        supplier="ร้านตัวอย่าง",
        award_satang=800_000_00,
        contract_number=f"{number}/2570",
        contract_satang=800_000_00,
        paid_satang=400_000_00,
        state=ProcessState.CLOSED if is_over else ProcessState.RUNNING,
        ended_on=today if is_over else None,
        buyer="",
        unit="",
        draft_tor=DRAFT,
        created_by=buyer,
        created_at=now,
        topic_id=writer.topic("process", process_id, title, district_id),
        version_id=1,
    )
    writer.add(ProcessProject, process_id=process_id, project_id=project_id)
    steps = _steps(writer, number, process_id, buyer, now, today)
    _papers(writer, process_id, steps, buyer, now, today)
    award_id, contract_id = writer.id(Award), writer.id(Contract)
    writer.add(
        Award,
        id=award_id,
        process_id=process_id,
        position=1,
        lot="",
        supplier="ร้านตัวอย่าง",
        amount_satang=800_000_00,
        announced_on=today,
    )
    writer.add(
        Contract,
        id=contract_id,
        process_id=process_id,
        award_id=award_id,
        number=f"{number}/2570",
        signed_on=today,
        signed_satang=800_000_00,
        amount_satang=800_000_00,
        version_id=1,
    )
    for part in (1, 2):
        writer.add(
            Instalment,
            id=writer.id(Instalment),
            contract_id=contract_id,
            number=part,
            what=f"งวดที่ {part}",
            is_advance=False,
            amount_satang=400_000_00,
            delivered_on=today if part == 1 else None,
            accepted_on=today if part == 1 else None,
            committee_size=3 if part == 1 else None,
            paid_on=today if part == 1 else None,
            paid_satang=400_000_00 if part == 1 else None,
            voucher="",
            version_id=1,
        )
    return process_id


def _steps(
    writer: data.Writer, number: int, process_id: int, buyer: int, now: dt.datetime, today: dt.date
) -> list[int]:
    """Most are done; what is left is planned for a day between now and two years on."""
    ids = []
    for place, kind in enumerate(StepKind, 1):
        is_done = kind in DONE
        ids.append(writer.id(Step))
        writer.add(
            Step,
            id=ids[-1],
            process_id=process_id,
            kind=kind,
            position=place,
            planned_on=None if is_done else today + dt.timedelta(days=1 + (number * 7 + place) % 700),
            actual_on=today - dt.timedelta(days=120 - 7 * place) if is_done else None,
            place="",
            note="",
            is_skipped=False,
            is_open_to_observers=True,
            observer_places=5,
            done_by=buyer if is_done else None,
            done_at=now if is_done else None,
            version_id=1,
        )
    return ids


def _papers(
    writer: data.Writer, process_id: int, steps: list[int], buyer: int, now: dt.datetime, today: dt.date
) -> None:
    for place in range(DOCUMENTS):
        kind = tuple(StepKind)[place]
        document_id = writer.id(StepDocument)
        is_draft = kind is StepKind.DRAFT_TOR
        writer.add(
            StepDocument,
            id=document_id,
            step_id=steps[place],
            title=words.DRAFT_TITLE if is_draft else f"เอกสารที่ {place}",
            document_type="hearingNotice" if is_draft else "other",
            text=DRAFT if is_draft else "ข้อความของเอกสาร",
            published_at=now,
            published_by=buyer,
        )
        if is_draft:
            writer.add(
                DraftTerms,
                id=writer.id(DraftTerms),
                process_id=process_id,
                number=1,
                document_id=document_id,
                sha256=hashlib.sha256(DRAFT.encode()).hexdigest(),
                changes="",
                ends_on=today,
                published_by=buyer,
                published_at=now,
            )


def main() -> None:
    """Make both, measure in turns, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=10, help="of each page in a round")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    import_models()
    with tempfile.TemporaryDirectory(prefix="procurement-") as folder:
        os.environ.setdefault("PORTAL_ENV", "test")
        os.environ.setdefault("PORTAL_SECRET_KEY", secrets.token_hex(32))
        os.environ["PORTAL_INSTANCE"] = folder
        desks: dict[str, tuple[str, Desk]] = {}
        for name, processes in (("1/100", SMALL), ("full", FULL)):
            url = f"sqlite:///{Path(folder) / name.replace('/', '-')}.sqlite3"
            migrate.upgrade(url)
            db.bind(url)
            begun = time.perf_counter()
            desks[name] = (url, fill(processes))
            print(f"{name}: {processes:,} processes, {time.perf_counter() - begun:.0f} s to make", flush=True)
        os.environ["PORTAL_DATABASE_URL"] = "sqlite://"
        tell(measure(desks, create_app(), given.requests, given.rounds))


def tell(found: dict[str, Figures]) -> None:
    """The table."""
    print(
        "\n| page | queries | CPU ms, median | p95 | full ÷ 1/100: median | p95 |\n|---|---|---|---|---|---|"
    )
    for page, one in found.items():
        row: list[Any] = [f"{one.of('full', 0.5):.1f}", f"{one.of('full', 0.95):.1f}"]
        row += [f"{one.growth('full', 0.5):.2f}", f"{one.growth('full', 0.95):.2f}"]
        print(f"| {page} | {one.queries} | {' | '.join(row)} |")


if __name__ == "__main__":
    main()
