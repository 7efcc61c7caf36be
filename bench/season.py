"""A season at scale: ``python -m bench.season [--requests 20] [--rounds 15]``.

2,007 communities have handed in ten items each; 150 planners, three in a district, screen them: of four items one is
being checked, one waits for the second pair of eyes, one for its release, and one is final; half of the final ones are
merged into the draft of the action plan. The same with a hundredth of it, which is one district of 20 communities. That
district is in the full data too, as large as before, with the city around it. Asks the application in this process, as
the people who work there, both in turns, and prints for each page: queries, milliseconds of CPU and by the clock, how they
grow when the city does, and what the same page costs in a district of 41 communities. Then that district's whole batch is
released by the command of the desk.
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench import data
from portal.accounts import commands as accounts
from portal.accounts import passwords
from portal.accounts import queries as people
from portal.accounts.models import CommitteeMember, GrantRow, Person, Scope
from portal.actionplan.models import ActionPlan, ActionPlanState, ProjectItem
from portal.app import create_app, import_models
from portal.core import clock, db, migrate
from portal.core.actor import ANONYMOUS, Role
from portal.plans.models import Item, Plan
from portal.screening import commands as screening
from portal.screening import queries as cases
from portal.screening.models import Case, CaseState, Decision

FULL = {"communities": 2007, "items": 20_000, "comments": 20_000}  # ten items each
PLANNERS = 3  # in each district
FIRST = 20  # communities of the district that is looked at in both: a hundredth of the city
PER_DISTRICT = 41  # of the others
SIZES = {"1/100": 0.01, "full": 1.0}


@dataclass(frozen=True)
class Desk:
    """One district's people and pages: sessions by who it is; by page who asks for it, and its address."""

    district: int
    cycle: int
    director: int
    tokens: dict[str, str]
    pages: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Season:
    """One made season: its size; the district that is the same in both, and of the full data one twice as large."""

    items: int
    planners: int
    desk: Desk
    larger: Desk | None


def fill(share: float) -> Season:
    """Fill the bound, empty database and stand in the middle of its screening."""
    data.make(share, lambda text: None, full=FULL, per_district=PER_DISTRICT, first=FIRST)
    with db.transaction() as session:
        districts = list(session.scalars(sa.select(Plan.district_id).distinct().order_by(Plan.district_id)))
        planners = {one: [officer_of(Role.PLANNER, one) for _ in range(PLANNERS)] for one in districts}
        _screen(planners)
        _merge()
        return Season(
            items=session.scalar(sa.select(sa.func.count()).select_from(Item)) or 0,
            planners=sum(map(len, planners.values())),
            desk=_desk(districts[0], planners[districts[0]][0]),
            larger=_desk(districts[1], planners[districts[1]][0]) if len(districts) > 1 else None,
        )


def _desk(district_id: int, planner: int) -> Desk:
    session = db.session()
    director = officer_of(Role.DIRECTOR, district_id)
    plan = session.scalars(sa.select(Plan).where(Plan.district_id == district_id).order_by(Plan.id)).first()
    if plan is None:
        raise LookupError(district_id)
    chair = session.scalars(
        sa.select(CommitteeMember.person_id).where(
            CommitteeMember.community_id == plan.community_id, CommitteeMember.person_id.is_not(None)
        )
    ).first()
    action_plan = session.scalars(sa.select(ActionPlan.id).where(ActionPlan.district_id == district_id)).one()

    def case(state: CaseState) -> int:
        here = sa.select(sa.func.min(Case.id)).where(Case.district_id == district_id, Case.state == state)
        return session.scalars(here).one() or 0

    checked, proposed = case(CaseState.MERIT_CHECK), case(CaseState.PROPOSED)
    holders = {"planner": planner, "director": director, "leader": chair}
    return Desk(
        district=district_id,
        cycle=plan.cycle_id,
        director=director,
        tokens={name: token_of(session.get_one(Person, one)) for name, one in holders.items()},
        pages={
            "inbox": ("planner", "/screening"),
            "inbox, all, words": ("planner", "/screening?tab=all&q=ทางเดิน"),
            "inbox, to confirm": ("director", "/screening?tab=confirm"),
            "workbench": ("planner", f"/screening/{checked}"),
            "proposal": ("planner", f"/screening/{checked}/propose"),
            "confirmation": ("director", f"/screening/{proposed}/confirm"),
            "release": ("director", "/screening/release"),
            "our items in screening": ("leader", "/screening/ours"),
            "merge desk": ("planner", f"/actionplan/{action_plan}/merge"),
            "ideas of a district": ("", f"/dossier/districts/{district_id}/ideas"),
            "ideas of a community": ("", f"/dossier/communities/{plan.community_id}/ideas"),
            "ideas of a district, JSON": ("", f"/dossier/districts/{district_id}/ideas.json"),
        },
    )


@cache
def _nobody() -> str:
    return passwords.hashed(data.PASSWORD)


def officer_of(role: Role, district_id: int) -> int:
    """Somebody new with a role in a district; the person's id."""
    session, now = db.session(), clock.now()
    number = session.scalar(sa.select(sa.func.max(Person.id))) or 0
    officer = Person(
        email=f"officer-{number}@measuring.example",
        password_hash=_nobody(),
        given_name=f"เจ้าหน้าที่ {number}",
        display_name=f"เจ้าหน้าที่ {number}",
        created_at=now,
    )
    session.add(officer)
    session.flush()
    proposer, confirmer = session.scalars(sa.select(Person.id).order_by(Person.id).limit(2)).all()
    session.add(
        GrantRow(
            person_id=officer.id,
            role=role,
            scope=Scope.DISTRICT,
            district_id=district_id,
            valid_from=clock.today(),
            order_reference="-",
            proposed_by=proposer,
            proposed_at=now,
            confirmed_by=confirmer,
            confirmed_at=now,
        )
    )
    session.flush()
    return officer.id


def token_of(person: Person) -> str:
    """A session of theirs."""
    return str(accounts.begin_session(ANONYMOUS, person, accounts.Browser("127.0.0.1", "bench")))


def _screen(planners: dict[int, list[int]]) -> None:
    """Each planner has a third of a district; of four items one stands at each point of the way."""
    session = db.session()
    session.execute(
        sa.update(Case).values(
            state=CaseState.MERIT_CHECK, decision_id=None, released_at=None, appeals_until=None
        )
    )
    for district_id, own in planners.items():
        for place, person_id in enumerate(own):
            session.execute(
                sa.update(Case)
                .where(Case.district_id == district_id, Case.id % PLANNERS == place)
                .values(assigned_to=person_id)
            )
    at = {place: sa.select(Case.id).where(Case.id % 4 == place).scalar_subquery() for place in range(4)}
    session.execute(sa.delete(Decision).where(Decision.case_id.in_(at[0])))
    session.execute(
        sa.update(Decision).where(Decision.case_id.in_(at[1])).values(confirmed_by=None, confirmed_at=None)
    )
    session.execute(sa.update(Case).where(Case.id % 4 == 1).values(state=CaseState.PROPOSED))
    confirmed: dict[str, Any] = {"state": CaseState.CONFIRMED, "decision_id": Case.id}
    session.execute(sa.update(Case).where(Case.id % 4 == 2).values(confirmed))
    ago = {"released_at": clock.now().replace(month=1), "appeals_until": clock.now().replace(month=2)}
    session.execute(sa.update(Case).where(Case.id % 4 == 3).values({**confirmed, **ago}))


def _merge() -> None:
    """The action plans are drafts again; half of the final items are in their projects."""
    session = db.session()
    away = sa.select(Case.item_id).where(Case.id % 8 != 3).scalar_subquery()
    session.execute(sa.delete(ProjectItem).where(ProjectItem.item_id.in_(away)))
    session.execute(
        sa.update(ActionPlan).values(
            state=ActionPlanState.DRAFT,
            hearing_opened_at=None,
            answered_at=None,
            approved_by=None,
            approved_at=None,
            published_at=None,
        )
    )


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are run inside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def browser(app: Flask, token: str) -> FlaskClient:
    """A browser of somebody, a visitor's without a token."""
    client = app.test_client()
    if token:
        with client.session_transaction() as session:
            session["_user_id"] = token
    return client


def times(client: FlaskClient, address: str, number: int) -> list[tuple[float, float]]:
    """Milliseconds of CPU (the database runs in this process, and other work does not count) and by the clock."""
    taken = []
    for _ in range(number):
        begun, worked = time.perf_counter(), time.process_time()
        answer = client.get(address)
        taken.append(((time.process_time() - worked) * 1e3, (time.perf_counter() - begun) * 1e3))
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
    return taken


class Figures:
    """What was measured of one page, by desk and round: milliseconds of CPU and by the clock."""

    def __init__(self) -> None:
        self.queries = 0
        self.rounds: dict[str, list[list[tuple[float, float]]]] = {}

    def of(self, desk: str, part: float, clock: int = 0) -> float:
        """The median of the rounds' quantiles, of CPU or by the clock."""
        return statistics.median(quantile([one[clock] for one in taken], part) for taken in self.rounds[desk])

    def growth(self, desk: str, part: float) -> float:
        """How many times the page of the small data, round by round; the median."""
        pairs = zip(self.rounds[desk], self.rounds["1/100"], strict=True)
        ratios = (
            quantile([one[0] for one in much], part) / quantile([one[0] for one in little], part)
            for much, little in pairs
        )
        return statistics.median(ratios)


def quantile(values: list[float], part: float) -> float:
    """The value below which that part of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def measure(desks: dict[str, tuple[str, Desk]], app: Flask, requests: int, rounds: int) -> dict[str, Figures]:
    """Every page of every desk (its database's address and itself), in turns."""
    found: dict[str, Figures] = {}
    for _ in range(rounds):
        for page in desks["full"][1].pages:
            figures = found.setdefault(page, Figures())
            for name, (url, desk) in desks.items():
                db.bind(url)
                who, address = desk.pages[page]
                client = browser(app, desk.tokens.get(who, ""))
                times(client, address, 2)
                with counted() as seen:
                    times(client, address, 1)
                figures.queries = max(figures.queries, len(seen))
                figures.rounds.setdefault(name, []).append(times(client, address, requests))
    return found


def release(desk: Desk) -> tuple[int, float]:
    """Release all that waits in one district; returns how many and seconds."""
    begun = time.perf_counter()
    with db.transaction():
        director = people.actor_of_person(desk.director)
        if director is None:
            raise LookupError("the director")
        waiting = [row.case_id for row in cases.unreleased(desk.district, desk.cycle)]
        screening.release_decisions(director, desk.cycle, waiting)
    return len(waiting), time.perf_counter() - begun


def main() -> None:
    """Make both, measure in turns, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=20, help="of each page in a round")
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    import_models()
    with tempfile.TemporaryDirectory(prefix="season-") as folder:
        os.environ.setdefault("PORTAL_ENV", "test")
        os.environ.setdefault("PORTAL_SECRET_KEY", secrets.token_hex(32))
        os.environ["PORTAL_INSTANCE"] = folder
        desks: dict[str, tuple[str, Desk]] = {}
        for name, share in SIZES.items():
            url = f"sqlite:///{Path(folder) / name.replace('/', '-')}.sqlite3"
            migrate.upgrade(url)
            db.bind(url)
            made = fill(share)
            print(f"{name}: {made.items:,} items, {made.planners} planners", flush=True)
            desks[name] = (url, made.desk)
            if made.larger is not None:
                desks["larger"] = (url, made.larger)
        os.environ["PORTAL_DATABASE_URL"] = "sqlite://"
        tell(measure(desks, create_app(), given.requests, given.rounds))
        url, desk = desks["larger"]
        db.bind(url)
        number, seconds = release(desk)
        print(f"\n{number} decisions of one district released at once in {seconds:.2f} s.")


def tell(found: dict[str, Figures]) -> None:
    """The table."""
    print(
        "\n| page | queries | CPU ms, median | p95 | by the clock, median | full ÷ 1/100: median | p95 "
        "| in a district twice as large |\n|---|---|---|---|---|---|---|---|"
    )
    for page, one in found.items():
        print(
            f"| {page} | {one.queries} | {one.of('full', 0.5):.1f} | {one.of('full', 0.95):.1f} "
            f"| {one.of('full', 0.5, 1):.1f} | {one.growth('full', 0.5):.2f} | {one.growth('full', 0.95):.2f} "
            f"| {one.growth('larger', 0.5):.2f} |"
        )


if __name__ == "__main__":
    main()
