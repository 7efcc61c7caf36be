"""What is kept for good is safe from everybody who comes through the portal, and whoever owns the database is found out."""

import datetime as dt
import json
import secrets

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.audit import keeping
from portal.core import hashing, ledger
from portal.core.actor import Role
from portal.core.ledger import LedgerEntry
from portal.information import commands as information
from portal.information.models import MonthlySummary
from portal.observation import commands as observation
from portal.observation.models import Report, SignupState
from portal.procurement.models import Release, StepKind
from portal.progress import rules
from portal.progress.models import ProgressReport
from tests.factories import accounts, actionplan, cycles, places, progress
from tests.factories import observation as watched
from tests.procurement import acts

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
# The table: (its words, its instant, what makes another row of it that would not collide)
KEPT = {
    Release: ("text", "published_at", lambda row: {"number": row.number + 1, "release_id": "ocds-forged"}),
    ProgressReport: (
        "text",
        "certified_at",
        lambda row: {"number": row.number + 1, "for_month": dt.date(2026, 12, 1)},
    ),
    Report: ("seen", "submitted_at", lambda row: {"corrects_id": row.id, "sending_key": "forged"}),
}
# Summaries are of a month, not of an instant: one that is dated back is found by the check, below.
FOUND = {**KEPT, MonthlySummary: ("body", "published_at", lambda row: {"number": 2, "reason": "แก้ไข"})}


@pytest.fixture
def world(app, transaction, clock):
    """One of each: a published release, a certified report, a report of an observer, a monthly summary."""
    clock.travel("2026-11-24 09:00")
    with transaction():
        project = actionplan.project(
            actionplan.action_plan(cycles.cycle(fiscal_year=2570), ActionPlanState.PUBLISHED)
        )
        buyer = accounts.officer(Role.PROCUREMENT, places.district())
        process = acts.create(buyer, project)
        signup = watched.signup(
            acts.step(process, StepKind.ACCEPTANCE), person := accounts.person(), SignupState.ATTENDED
        )
        observation.write_report(accounts.actor_of(person), signup, observation.ReportData("เปิดซองครบทุกราย"))
        writer, second = (accounts.officer(Role.PLANNER, places.district()) for _ in range(2))
        progress.report(writer, second, progress.sheet(writer, project).id, 20)
        information.publish_summary(buyer, places.district().id, dt.date(2026, 10, 1))


def another(session, model, **changed):
    """A row like the newest, with what is changed."""
    row = session.execute(sa.select(model.__table__).order_by(model.id.desc())).first()
    return {**row._asdict(), "id": row.id + 1, **FOUND[model][2](row), **changed}


def attacks(session, model):
    """What somebody would try who has the portal's own way into the database."""
    text, at, _more = KEPT[model]
    table = model.__table__
    yield sa.update(table).values({text: "อีกอย่าง"})
    yield sa.update(table).values({at: LONG_AGO})
    yield sa.delete(table)
    yield sa.insert(table).values(another(session, model, **{at: LONG_AGO}))


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__tablename__)
def test_the_portals_own_way_in_changes_nothing(world, transaction, model):
    table = model.__tablename__
    with transaction() as session:
        tried = list(attacks(session, model))
        if session.get_bind().dialect.name == "postgresql":
            # As in production: the portal's role owns nothing. Even one that was granted too much changes nothing.
            role = f"portal_{secrets.token_hex(4)}"
            session.execute(sa.text(f"CREATE ROLE {role}"))
            session.execute(sa.text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
            session.execute(sa.text(f"GRANT INSERT, UPDATE, DELETE, TRUNCATE ON {table} TO {role}"))
            session.execute(sa.text(f"SET LOCAL ROLE {role}"))
            tried += [
                sa.text(f"TRUNCATE {table} CASCADE"),
                sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"),
                sa.text(f"DROP TABLE {table} CASCADE"),
            ]
        for attack in tried:
            with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
                session.execute(attack)
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text("RESET ROLE"))
            session.execute(sa.text(f"DROP OWNED BY {role}"))
            session.execute(sa.text(f"DROP ROLE {role}"))
        assert keeping.check().fault is None


def unguarded(session, table):
    """As the owner of the database does it: the triggers go first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
    for name in session.scalars(sa.text(found), {"table": table}).all():
        session.execute(sa.text(f"DROP TRIGGER {name}"))


def hashed(row):
    """The hash that fits what a row says now."""
    if isinstance(row, ProgressReport):
        return hashing.sha256_hex(hashing.canonical_json(rules.body_of(row, {})))
    if isinstance(row, Report):
        return keeping.observation.fingerprint(row)
    return hashing.sha256_hex(getattr(row, FOUND[type(row)][0]))


@pytest.mark.parametrize("model", FOUND, ids=lambda model: model.__tablename__)
def test_whoever_owns_the_database_is_found_out(world, transaction, model):
    text, at, _more = FOUND[model]
    table = model.__table__
    with transaction() as session:
        unguarded(session, table.name)
        assert keeping.check().fault is None
        for change, fault in (
            (sa.update(table).values({text: "อีกอย่าง"}), "the text was changed"),
            (sa.update(table).values({text: "อีกอย่าง", "sha256": "0" * 64}), "the text was changed"),
            (sa.update(table).values({at: LONG_AGO}), "the ledger knows another day"),
            (sa.insert(table).values(another(session, model)), ""),
            (sa.delete(table), "is missing"),
        ):
            tampering = session.begin_nested()
            session.execute(change)
            session.expire_all()
            found = keeping.check().fault
            tampering.rollback()
            assert found is not None, change
            assert found.endswith(fault), change


@pytest.mark.parametrize("model", FOUND, ids=lambda model: model.__tablename__)
def test_even_a_ledger_written_anew_differs_from_the_head_kept_outside(world, transaction, model):
    text, _at, _more = FOUND[model]
    with transaction() as session:
        kept = dict([ledger.head_of(session)])
        unguarded(session, model.__tablename__)
        unguarded(session, "ledger_entries")
        row = session.scalars(sa.select(model).order_by(model.id.desc())).first()
        setattr(row, text, json.dumps({"text": "อีกอย่าง"}, ensure_ascii=False))
        old, row.sha256 = row.sha256, hashed(row)
        session.flush()
        write_anew(session, old, row.sha256)
        assert keeping.check().fault is None, "the forger did it well"
        assert keeping.check(kept).fault.endswith("differs from the head kept outside")


def write_anew(session, old, new):
    """The whole chain, with another hash of one row in it."""
    previous = ledger.GENESIS
    for entry in session.scalars(sa.select(LedgerEntry).order_by(LedgerEntry.id)).all():
        entry.payload = entry.payload.replace(old, new)
        entry.payload_hash = ledger.payload_hash(entry.salt, entry.payload)
        entry.previous_hash = previous
        entry.hash = previous = ledger._hash_of(entry, previous)
        session.flush()


def entries(session, model):
    """What the ledger says of rows of this kind."""
    events = next(one.events for one in keeping.WITNESSES if one.column.class_ is model)
    return session.scalars(sa.select(LedgerEntry).where(LedgerEntry.event.in_(events))).all()


@pytest.mark.parametrize("model", FOUND, ids=lambda model: model.__tablename__)
def test_what_vouches_for_a_row_is_not_blanked_to_forge_it(world, transaction, model):
    text, _at, _more = FOUND[model]
    table, kept = model.__table__, {}
    with transaction() as session:
        kept.update([ledger.head_of(session)])
        told = entries(session, model)
        auditor = accounts.officer(Role.AUDITOR)
        for entry in told:
            with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
                ledger.blank_payload(auditor, entry.id, "คำขอของเจ้าของข้อมูล")
        unguarded(session, "ledger_entries")
        unguarded(session, table.name)
    with transaction() as session:  # Whoever owns the database writes down what a lawful removal would
        for entry in entries(session, model):
            ledger.record("ledger.blank_asked", accounts.officer(Role.ADMIN), "ledger_entry", entry.id)
            ledger.blank_payload(accounts.officer(Role.AUDITOR), entry.id, "คำขอของเจ้าของข้อมูล")
    with transaction() as session:
        for change in (
            sa.update(table).values({text: "อีกอย่าง"}),
            sa.delete(table).where(table.c.id == sa.select(sa.func.max(table.c.id)).scalar_subquery()),
        ):
            forging = session.begin_nested()
            session.execute(change)
            session.expire_all()
            for head in ({}, kept):
                assert "vouches for something published" in keeping.check(head).fault
            forging.rollback()


def test_an_entry_whose_words_went_without_two_people_is_found(world, transaction):
    with transaction():
        ledger.record("comment.posted", accounts.officer(Role.PLANNER), "comment", 1, note="ใครคนหนึ่ง")
    with transaction() as session:
        unguarded(session, "ledger_entries")
        entry = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.event == "comment.posted")).one()
        secretly = session.begin_nested()
        entry.payload = entry.salt = None
        session.flush()
        assert "no two who took it out" in keeping.check().fault
        secretly.rollback()
        one = accounts.officer(Role.AUDITOR)
        ledger.record("ledger.blank_asked", one, "ledger_entry", entry.id)
        ledger.blank_payload(one, entry.id, "คนเดียวทำทั้งสองอย่าง")
    with transaction("read"):
        assert "no two who took it out" in keeping.check().fault
