"""What comes straight from the driver is what the library would have said."""

import datetime as dt
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.core import clock, db, driver, reads
from portal.cycles.models import Phase, PhaseKind
from portal.places.models import Community, District
from portal.plans.models import Plan
from tests.factories import cycles, places, plans


@db.prepared
def phases(kind, *, ids):
    statement = sa.select(Phase.id, Phase.kind, Phase.starts_at, (Phase.ends_at > db.NOW).label("runs"))
    statement = statement.where(Phase.cycle_id.in_(ids), Phase.kind.in_([kind, PhaseKind.SCREENING]))
    return statement.order_by(Phase.id).limit(20)


@db.prepared
def plan(*, plan_id):
    return sa.select(*Plan.__table__.columns, Community.name).join(Community).where(Plan.id == plan_id)


@db.prepared
def divided(*, by):
    return sa.select(sa.cast(District.name_th, sa.Integer) / by, sa.func.abs(sa.text("'๑๐' || 1")))


@pytest.fixture
def world(transaction):
    with transaction():
        first, second = cycles.cycle(), cycles.cycle(fiscal_year=2572)
        community = places.community()
        made = plans.plan(community, first)
        return {"cycles": [first.id, second.id], "plan": made.id}


def through_library(statement, values):
    with db.transaction("read") as session:
        return session.execute(statement, values).all()


def straight(run, *shape, **values):
    """The rows of the second run and of the one after, which no longer pass through the library."""
    with db.transaction("read"):
        run(*shape, **values).all()
        rows = run(*shape, **values).all()
        assert rows == run(*shape, **values).all()
    return rows


def test_rows_are_the_librarys(world):
    for ids in (world["cycles"], world["cycles"][:1], []):
        expected = through_library(
            phases.__wrapped__(PhaseKind.FORUMS, ids=sa.bindparam("ids", expanding=True)), {"ids": ids}
        )
        rows = straight(phases, PhaseKind.FORUMS, ids=ids)
        assert [tuple(row) for row in rows] == [tuple(row) for row in expected]
        assert all(row.starts_at.tzinfo is dt.UTC and type(row.kind) is PhaseKind for row in rows)
    expected = through_library(plan.__wrapped__(plan_id=sa.bindparam("plan_id")), {"plan_id": world["plan"]})
    assert straight(plan, plan_id=world["plan"]) == expected
    assert expected[0]._fields == straight(plan, plan_id=world["plan"])[0]._fields
    assert straight(plan, plan_id=0) == []


def test_shapes_do_not_get_each_others_values(world):
    kinds = {kind: {row.kind for row in straight(phases, kind, ids=world["cycles"])} for kind in PhaseKind}
    for kind, found in kinds.items():
        assert found == {kind, PhaseKind.SCREENING} - {PhaseKind.VOTING}


def test_the_clock_is_read_at_each_run(world):
    with db.transaction("read"):
        (first, *_) = phases(PhaseKind.FORUMS, ids=world["cycles"]).all()
        ends_at = db.session().get(Phase, first.id).ends_at
        for instant in (ends_at - dt.timedelta(seconds=1), ends_at + dt.timedelta(seconds=1)) * 2:
            with clock.travel(instant):
                found = {row.id: row.runs for row in phases(PhaseKind.FORUMS, ids=world["cycles"])}
                assert bool(found[first.id]) is (instant < ends_at)


def test_a_missing_value_is_an_error(world):
    straight(plan, plan_id=world["plan"])
    with db.transaction("read"), pytest.raises(KeyError):
        plan()


def test_faults_are_the_librarys(world, monkeypatch):
    straight(plan, plan_id=world["plan"])
    for ways in (one for known in driver._known.values() for one in known.values()):
        for way in ways.by_lengths.values():
            monkeypatch.setattr(way, "sql", "SELECT nothing FROM nowhere")
    with pytest.raises(DBAPIError), db.transaction("read"):
        plan(plan_id=world["plan"])


def test_answers_are_asked_again_until_one_is_another(transaction, world):
    straight(plan, plan_id=world["plan"])
    straight(phases, PhaseKind.FORUMS, ids=world["cycles"])
    noted = reads.Reads()
    with db.transaction("read"), reads.noted(noted):
        plan(plan_id=world["plan"]).all()
        phases(PhaseKind.FORUMS, ids=world["cycles"]).all()
    assert (noted.is_whole, len(noted.asked)) == (True, 2)
    with db.transaction("read"):
        assert noted.ask_again() == (True, noted.asked)
    with transaction() as session:
        session.execute(sa.update(Community).values(name="ชื่อใหม่"))
    with db.transaction("read"):
        holds, asked = noted.ask_again()
        assert not holds
        assert len(asked) == 1
        again = reads.Reads(known=asked)
        with reads.noted(again):
            assert plan(plan_id=world["plan"]).one().name == "ชื่อใหม่"
            assert again.asked == asked
            phases(PhaseKind.FORUMS, ids=world["cycles"]).all()
        assert again.asked[1:] == noted.asked[1:]


def test_what_a_session_reads_cannot_be_asked_again(world):
    noted = reads.Reads()
    with db.transaction("read"), reads.noted(noted):
        db.session().get(Plan, world["plan"])
    assert not noted.is_whole


@db.prepared
def rename(*, community_id, called):
    table = Community.__table__
    return sa.update(table).where(table.c.id == community_id).values(name=called)


def test_what_is_written_without_a_session_is_there_or_not_at_all(transaction):
    with transaction():
        community = places.community()
    for name in ("หนึ่ง", "สอง", "สาม"):
        with db.plain_transaction():
            rename(community_id=community.id, called=name)
        with suppress(KeyError), db.plain_transaction():
            rename(community_id=community.id, called="สี่")
            raise KeyError
        with db.transaction("read") as session:
            assert session.scalar(sa.select(Community.name)) == name


def test_what_a_session_holds_back_is_seen_by_the_rows(world, transaction):
    with transaction():
        plan(plan_id=world["plan"]).all()
        for name in ("หนึ่ง", "สอง"):
            db.session().get(Community, db.session().get(Plan, world["plan"]).community_id).name = name
            assert plan(plan_id=world["plan"]).one()[-1] == name
            rename(community_id=0, called="ไม่มี")
