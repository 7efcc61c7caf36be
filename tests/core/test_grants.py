"""On PostgreSQL the portal works as a role that owns nothing: what is kept for good is safe from whoever has its password."""

from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal.app import create_app
from portal.audit import commands as audit
from portal.core import db, grants, ledger, turns
from portal.core.actor import SYSTEM, Role
from tests.databases import bind
from tests.factories import accounts

pytestmark = pytest.mark.postgres_only

FORBIDDEN = (
    "UPDATE ledger_entries SET event = 'x'",
    "DELETE FROM ledger_entries",
    "TRUNCATE ledger_entries",
    "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
    "DROP TABLE ledger_entries",
    "CREATE TABLE another (id int)",
    "UPDATE alembic_version SET version_num = 'x'",
    "ALTER TABLE rounds DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "UPDATE published_ballots SET body = '{}'",
    "TRUNCATE published_ballots",
    "ALTER TABLE published_ballots DISABLE TRIGGER ALL",
)


@pytest.fixture
def as_portal(databases, database_url):
    """The portal at work as its own role."""
    url = databases.as_portal(database_url)
    db.bind(url)
    yield url
    db.bind(database_url)
    with db.transaction() as session:
        session.execute(sa.text("DROP OWNED BY portal"))


def test_it_can_do_its_work(as_portal):
    grants.insist()
    with db.transaction() as session:
        ledger.record("test.happened", SYSTEM, "test", 1, changes={"name": "ใครคนหนึ่ง"})
    with db.transaction() as session:
        entry = session.scalars(
            sa.select(ledger.LedgerEntry).where(ledger.LedgerEntry.subject_kind == "test")
        ).one()
        one, another = (accounts.officer(Role.AUDITOR) for _ in range(2))
        audit.ask_to_blank(one, entry, reason="ตามคำขอ")
        audit.blank_entry(another, entry, reason="ตามคำขอ")
        session.execute(sa.text("DELETE FROM published_ballots"))  # of a cancelled round; triggers say which
    with db.transaction("read"):
        assert ledger.verify().fault is None


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_it_can_do_no_more(as_portal, statement):
    with db.transaction():
        ledger.record("test.happened", SYSTEM, "test", 1)
    with (
        pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"),
        db.transaction() as session,
    ):
        session.execute(sa.text(statement))


def test_whoever_upgrades_gives_the_portal_its_rights(built_app, databases, database_url):
    portal = databases.as_portal(database_url)
    with db.transaction() as session:
        session.execute(sa.text("DROP OWNED BY portal"))
    settings = replace(built_app.config["PORTAL"], database_url=portal, migrate_database_url=database_url)
    said = create_app(settings).test_cli_runner().invoke(args=["db", "upgrade"]).output
    grants.insist()
    with db.transaction() as session:
        assert session.scalar(sa.text("SELECT current_user")) == "portal"
        assert session.scalar(sa.text("SELECT count(*) FROM districts")) == 0
    db.bind(database_url)
    assert "The role portal may do what the portal needs" in said


def test_an_owner_is_refused(database_url):
    with pytest.raises(grants.TooMuch, match="action_plan_editions"):
        grants.insist()


def test_an_owner_is_refused_though_the_database_was_away_at_the_start(database_url):
    db.bind(database_url, pool_size=3)  # engines of its own
    away = [True]

    @sa.event.listens_for(db.engine("write"), "do_connect")
    def connect(_dialect, _record, _arguments, _parameters):
        if away:
            raise psycopg.OperationalError("connection refused")

    def write():
        with db.transaction() as session:
            session.execute(sa.text("SELECT 1"))

    worker = turns.Turns([turns.Step("mail", write), turns.Step("jobs", write)])
    with capture_logs():
        grants.insist()
        worker.once()
        assert worker.pause == 1.0
        away.clear()
        for _ in range(2):
            with pytest.raises(grants.TooMuch, match="may change what is kept for good"):
                worker.once()
    bind(database_url)


@pytest.mark.parametrize(
    ("table", "right"),
    [
        *(("ledger_entries", right) for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")),
        *(("published_ballots", right) for right in ("UPDATE", "TRUNCATE", "TRIGGER")),
    ],
)
def test_who_was_granted_too_much_is_refused(as_portal, database_url, table, right):
    db.bind(database_url)
    with db.transaction() as session:
        session.execute(sa.text(f"GRANT {right} ON {table} TO portal"))
    db.bind(as_portal)
    with pytest.raises(grants.TooMuch, match=table):
        grants.insist()
