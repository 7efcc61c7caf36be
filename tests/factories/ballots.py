"""A round in which one can vote at once, made without its long way there. Use inside an open transaction."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, hashing
from portal.core.actor import Actor, Grant, Role, Scope
from portal.places.models import District
from portal.voting import editions, keykeeper, queries
from portal.voting.models import (
    Area,
    AreaKind,
    BallotType,
    Candidate,
    EntrySource,
    RollEntry,
    Round,
    RoundEdition,
    RoundKey,
    RoundState,
    Rule,
)
from tests.factories import accounts, places

COSTS = (300_000_00, 200_000_00, 150_000_00, 400_000_00)


def open_round(
    *,
    district: District | None = None,
    costs: tuple[int, ...] = COSTS,
    told: Callable[[int], dict[str, Any]] | None = None,
    has_key: bool = True,
    **given: Any,
) -> Round:
    """A published round of a district, open from yesterday to tomorrow, with one publication area and, if asked, its key.
    ``told`` gives more of each project by its number."""
    district = district or places.district()
    officer, second = accounts.person(), accounts.person()
    now = clock.now()
    secret = hashing.sha256_hex("a secret of the tests")
    values: dict[str, Any] = {
        "district_id": district.id,
        "title": "เลือกโครงการของย่าน",
        "envelope_satang": 600_000_00,
        "ballot_type": BallotType.APPROVAL,
        "max_choices": 3,
        "rule": Rule.GREEDY,
        "cutoff_day": clock.today() - dt.timedelta(days=30),
        "opens_at": now - dt.timedelta(days=1),
        "closes_at": now + dt.timedelta(days=1),
        "tie_source": "เลขท้ายสองตัวของสลากงวดถัดไป",
        "created_by": officer.id,
        "created_at": now - dt.timedelta(days=40),
    }
    made = Round(**{**values, **given})
    db.session().add(made)
    db.session().flush()
    projects = [
        Candidate(
            **{
                "round_id": made.id,
                "number": number,
                "name": f"โครงการที่ {number}",
                "cost_satang": cost,
                **(told(number) if told else {}),
            }
        )
        for number, cost in enumerate(costs, 1)
    ]
    db.session().add_all(projects)
    db.session().add(
        Area(
            round_id=made.id,
            kind=AreaKind.DISTRICT,
            code=f"d{district.id}",
            name_th=district.name_th,
            name_en=district.name_en,
            roll_count=1_000,
        )
    )
    db.session().flush()
    commitment = hashing.sha256_hex(secret)
    shown = queries.candidates(made.id)
    text, sha256 = editions.write(editions.body(made, district.code, shown, [], {}, commitment))
    made.state, made.proposed_by, made.proposed_at = RoundState.PROPOSED, officer.id, now
    db.session().flush()
    db.session().add(
        RoundEdition(
            round_id=made.id,
            body=text,
            sha256=sha256,
            proposed_by=officer.id,
            confirmed_by=second.id,
            published_at=now - dt.timedelta(days=20),
        )
    )
    db.session().flush()
    made.state, made.edition_sha256 = RoundState.PUBLISHED, sha256
    made.tie_secret, made.tie_commitment = secret, commitment
    made.roll_locked_at, made.roll_count = now, 1_000
    if has_key:
        db.session().add(
            RoundKey(
                round_id=made.id,
                first_custodian=officer.id,
                asked_at=now,
                second_custodian=second.id,
                created_at=now,
                public_key=keykeeper.keeper().create(made.id),
            )
        )
    db.session().flush()
    return made


def entry(round_: Round, person: Person | None = None, **given: Any) -> RollEntry:
    """A row of the roll, in the round's one publication area where no other is given."""
    areas = db.session().query(Area).filter_by(round_id=round_.id)
    values: dict[str, Any] = {
        "round_id": round_.id,
        "person_key": secrets.token_hex(32),
        "district_id": round_.district_id,
        "area_id": given.get("area_id") or areas.one().id,
        "person_id": person.id if person else None,
        "source": EntrySource.LIST,
        "added_by": round_.created_by,
        "added_at": clock.now(),
    }
    made = RollEntry(**{**values, **given})
    with before_the_lock("roll_entries"):
        db.session().add(made)
        db.session().flush()
    return made


@contextmanager
def before_the_lock(table: str) -> Iterator[None]:
    """Rows are added as if the roll were not locked yet: what refuses late ones is away for the moment."""
    session = db.session()
    if db.dialect() == "postgresql":
        session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        session.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    triggers = session.execute(sa.text(made), {"table": table}).all()
    for one in triggers:
        session.execute(sa.text(f"DROP TRIGGER {one.name}"))
    yield
    for one in triggers:
        session.connection().exec_driver_sql(one.sql)


def officer(role: Role, district_id: int = 1002) -> Actor:
    """Somebody with this duty in a district; the grant is on record where there is such a district."""
    someone, place = accounts.person(), db.session().get(District, district_id)
    if place is not None:
        accounts.grant(someone, role, place)
    return Actor(someone.id, (Grant(role, Scope.DISTRICT, district_id),))
