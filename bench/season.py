"""A season at scale: ``python -m bench.season [--requests 100] [--rounds 5]``.

2,007 communities have handed in ten items each; 150 planners, three in a district, screen them: of four items one is
being checked, one waits for the second pair of eyes, one for its release, and one is final; half of the final ones are
merged into the draft of the action plan. The same with a fiftieth of it, one district. Asks the application in this process, as the
people who work there, and prints for each page: queries, median and p95 in milliseconds of CPU, and their growth with the data.
Then one district's whole batch is released by the command of the desk.
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

FULL = {"communities": 2007, "items": 20_070, "comments": 20_070}
PLANNERS = 3  # in each district
PER_DISTRICT = (
    40  # communities; a fiftieth is one whole district, so that pages of the same length are compared
)
SIZES = {"1/50": 0.02, "full": 1.0}


@dataclass(frozen=True)
class Season:
    """One made season: its size, and what to look at."""

    items: int
    planners: int
    tokens: dict[str, str]
    pages: dict[str, tuple[str, str]]
    district: int
    cycle: int
    director: int


def fill(share: float) -> Season:
    """Fill the bound, empty database and stand in the middle of its screening."""
    made = data.make(share, lambda text: None, full=FULL, per_district=PER_DISTRICT)
    with db.transaction() as session:
        districts = list(session.scalars(sa.select(Plan.district_id).distinct().order_by(Plan.district_id)))
        planners = {one: [_officer(Role.PLANNER, one) for _ in range(PLANNERS)] for one in districts}
        director = _officer(Role.DIRECTOR, made.district)
        _screen(planners)
        _merge()
        chair = session.scalars(
            sa.select(CommitteeMember.person_id).where(
                CommitteeMember.community_id == made.community, CommitteeMember.person_id.is_not(None)
            )
        ).first()
        cycle = session.scalars(sa.select(Plan.cycle_id).where(Plan.id == made.plan)).one()
        action_plan = session.scalars(
            sa.select(ActionPlan.id).where(ActionPlan.district_id == made.district)
        ).one()

        def case(state: CaseState) -> int:
            found = session.scalars(
                sa.select(Case.id)
                .where(Case.district_id == made.district, Case.state == state)
                .order_by(Case.id)
                .limit(1)
            )
            return found.one()

        checked, proposed = case(CaseState.MERIT_CHECK), case(CaseState.PROPOSED)
        holders = {"planner": planners[made.district][0], "director": director, "leader": chair}
        return Season(
            items=session.scalar(sa.select(sa.func.count()).select_from(Item)) or 0,
            planners=sum(map(len, planners.values())),
            tokens={name: _token(session.get_one(Person, one)) for name, one in holders.items()},
            pages={
                "inbox": ("planner", "/screening"),
                "inbox, to confirm": ("director", "/screening?tab=confirm"),
                "workbench": ("planner", f"/screening/{checked}"),
                "proposal": ("planner", f"/screening/{checked}/propose"),
                "confirmation": ("director", f"/screening/{proposed}/confirm"),
                "release": ("director", "/screening/release"),
                "our items in screening": ("leader", "/screening/ours"),
                "merge desk": ("planner", f"/actionplan/{action_plan}/merge"),
                "ideas of a district": ("", f"/dossier/districts/{made.district}/ideas"),
                "ideas of a community": ("", f"/dossier/communities/{made.community}/ideas"),
                "ideas of a district, JSON": ("", f"/dossier/districts/{made.district}/ideas.json"),
            },
            district=made.district,
            cycle=cycle,
            director=director,
        )


@cache
def _nobody() -> str:
    return passwords.hashed(data.PASSWORD)


def _officer(role: Role, district_id: int) -> int:
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


def _token(person: Person) -> str:
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


def times(client: FlaskClient, address: str, number: int) -> list[float]:
    """Milliseconds of CPU of so many answers: the database runs in this process, and other work does not count."""
    taken = []
    for _ in range(number):
        begun = time.process_time()
        answer = client.get(address)
        taken.append((time.process_time() - begun) * 1e3)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
    return taken


def release(season: Season) -> tuple[int, float]:
    """Release all that waits in one district; returns how many and seconds."""
    begun = time.perf_counter()
    with db.transaction():
        director = people.actor_of_person(season.director)
        if director is None:
            raise LookupError("the director")
        waiting = [row.case_id for row in cases.unreleased(season.district, season.cycle)]
        screening.release_decisions(director, season.cycle, waiting)
    return len(waiting), time.perf_counter() - begun


def main() -> None:
    """Make both, measure in turns, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=100, help="of each page in a round")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    import_models()
    with tempfile.TemporaryDirectory(prefix="season-") as folder:
        os.environ.setdefault("PORTAL_ENV", "test")
        os.environ.setdefault("PORTAL_SECRET_KEY", secrets.token_hex(32))
        os.environ["PORTAL_INSTANCE"] = folder
        made: dict[str, Season] = {}
        for name, share in SIZES.items():
            url = f"sqlite:///{Path(folder) / name.replace('/', '-')}.sqlite3"
            migrate.upgrade(url)
            db.bind(url)
            made[name] = fill(share)
            print(f"{name}: {made[name].items:,} items, {made[name].planners} planners", flush=True)
        os.environ["PORTAL_DATABASE_URL"] = "sqlite://"
        app = create_app()
        taken: dict[tuple[str, str], list[float]] = {}
        queries: dict[tuple[str, str], int] = {}
        for _ in range(given.rounds):
            for name, season in made.items():
                db.bind(f"sqlite:///{Path(folder) / name.replace('/', '-')}.sqlite3")
                for page, (who, address) in season.pages.items():
                    client = browser(app, season.tokens.get(who, ""))
                    times(client, address, 3)
                    with counted() as seen:
                        times(client, address, 1)
                    queries[name, page] = len(seen)
                    taken.setdefault((name, page), []).extend(times(client, address, given.requests))
        print(
            "\n| page | queries | CPU ms, median | p95 | full ÷ 1/50: median | p95 |\n|---|---|---|---|---|---|"
        )
        for page in made["full"].pages:
            few, many = sorted(taken["1/50", page]), sorted(taken["full", page])
            p95 = [one[int(len(one) * 0.95)] for one in (few, many)]
            growth = statistics.median(many) / statistics.median(few)
            print(
                f"| {page} | {queries['full', page]} | {statistics.median(many):.1f} | {p95[1]:.1f} "
                f"| {growth:.2f} | {p95[1] / p95[0]:.2f} |"
            )
        number, seconds = release(made["full"])
        print(f"\n{number} decisions of one district released at once in {seconds:.2f} s.")


if __name__ == "__main__":
    main()
