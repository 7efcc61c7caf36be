"""What one person took out of the ledger while that was enough is listed, and hides nothing that is wrong."""

import pytest
import sqlalchemy as sa

from portal.audit import keeping
from portal.core import db, jobs, ledger, migrate
from portal.core.actor import Role
from portal.core.ledger import LedgerEntry
from portal.procurement.models import Release
from tests.audit.test_tampering import unguarded, world  # noqa: F401
from tests.databases import bind
from tests.factories import accounts


def taken_out_by_one(transaction, *events):
    """As it was lawful once: one auditor takes out what entries of these events say. Their numbers."""
    with transaction() as session:
        auditor = accounts.officer(Role.AUDITOR)
        for event in events:
            if event == "comment.posted":
                ledger.record(event, auditor, "comment", 1, note="ใครคนหนึ่ง")
    with transaction() as session:
        unguarded(session, "ledger_entries")
        found = sa.select(LedgerEntry.id).where(LedgerEntry.event.in_(events)).order_by(LedgerEntry.id)
        numbers = session.scalars(found).all()
        for number in numbers:
            ledger.blank_payload(auditor, number, "คำขอของเจ้าของข้อมูล")
    return numbers


@pytest.fixture
def old(app, transaction, clock):
    """An installation that was there before the rule of two: its ledger has an entry."""
    clock.travel("2026-11-20 09:00")
    with transaction():
        ledger.record("community.added", accounts.officer(Role.ADMIN), "community", 1)


def two_from_here(database_url):
    """The migration, as an installation meets it."""
    db.dispose()
    migrate.downgrade(database_url, "words_by_beginning")
    migrate.upgrade(database_url)
    bind(database_url)


@pytest.fixture
def checked(transaction):
    def check(kept=None):
        with transaction("read"):
            return keeping.check(kept)

    return check


def test_what_one_took_out_before_the_rule_is_listed(old, world, transaction, database_url, checked):  # noqa: F811
    personal, seal = taken_out_by_one(transaction, "comment.posted", "process.released")
    assert checked().fault is not None, "nothing says yet that it was lawful"
    two_from_here(database_url)
    found = checked()
    assert found.fault is None
    assert len(found.older) == 3
    assert f"entry {personal}: taken out by one" in " ".join(found.older)
    assert f"entry {seal}: taken out by one" in " ".join(found.older)
    assert "what vouched for it was taken out" in found.older[2]
    two_from_here(database_url)
    assert checked()[:3] == found[:3], "it is said once"


def test_later_ones_and_everything_else_are_still_found(old, world, transaction, database_url, checked):  # noqa: F811
    taken_out_by_one(transaction, "process.released")
    two_from_here(database_url)
    with transaction("read") as session:
        kept = dict([ledger.head_of(session)])
    later = taken_out_by_one(transaction, "comment.posted", "progress.certified")
    with transaction() as session:
        unguarded(session, "releases")
        row = session.execute(sa.select(Release.__table__)).first()
        again = {"id": row.id + 1, "number": row.number + 1, "release_id": "ocds-forged"}
        session.execute(sa.insert(Release.__table__).values({**row._asdict(), **again}))
    found = checked(kept)
    faults = [found.fault, *found.others]
    for number in later:
        assert sum(fault.startswith(f"entry {number}:") for fault in faults) == 1
    assert any(fault.startswith("progress report") and "knows nothing" in fault for fault in faults)
    assert "release ocds-forged: the ledger knows nothing of it" in faults
    assert len(found.older) == 2


def test_it_is_not_said_afterwards(old, world, transaction, database_url, checked):  # noqa: F811
    """Whoever owns the database and lets the ledger say it again moves nothing."""
    taken_out_by_one(transaction, "process.released")
    two_from_here(database_url)
    (later,) = taken_out_by_one(transaction, "progress.certified")
    with transaction():
        ledger.record(ledger.TWO_FROM_HERE, accounts.officer(Role.ADMIN), "ledger_entry", 1)
    assert checked().fault.startswith(f"entry {later}:")


def test_it_is_said_in_every_older_ledger(old, world, transaction, database_url, checked):  # noqa: F811
    """Also where nothing was taken out, or whoever owns the database could say it one day."""
    two_from_here(database_url)
    with transaction("read") as session:
        kept = dict([ledger.head_of(session)])
        assert session.get_one(LedgerEntry, max(kept)).event == ledger.TWO_FROM_HERE
    (later,) = taken_out_by_one(transaction, "process.released")
    with transaction():
        ledger.record(ledger.TWO_FROM_HERE, accounts.officer(Role.ADMIN), "ledger_entry", 1)
    two_from_here(database_url)
    assert checked(kept).fault.startswith(f"entry {later}:")


@pytest.mark.parametrize("way", ["said", "migrated"])
def test_nothing_is_excused_in_a_ledger_that_began_under_the_rule(
    world,  # noqa: F811
    transaction,
    database_url,
    checked,
    way,
):
    with transaction("read") as session:
        kept = dict([ledger.head_of(session)])
    (number,) = taken_out_by_one(transaction, "process.released")
    if way == "said":
        with transaction():
            ledger.record(ledger.TWO_FROM_HERE, accounts.officer(Role.ADMIN), "ledger_entry", 1)
    else:
        two_from_here(database_url)
    found = checked(kept)
    assert found.fault.startswith(f"entry {number}: it vouches for something published")
    assert found.older == []
    assert any("release" in fault and "knows nothing" in fault for fault in found.others)


def test_the_page_and_the_command_tell_all_of_it(old, world, transaction, database_url, client, app):  # noqa: F811
    taken_out_by_one(transaction, "process.released")
    two_from_here(database_url)
    with transaction():
        accounts.officer(Role.AUDITOR, email="auditor@example.org")
    client.sign_in("auditor@example.org", accounts.PASSWORD)
    client.submit("/en/audit/check", having={"hash"})
    jobs.run_due()
    text = client.get("/en/audit/check", status=200).page.text
    assert "The record is intact" in text
    assert "before two were required" in text
    told = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert (told.exit_code, told.output.count("older: ")) == (0, 2)
    taken_out_by_one(transaction, "comment.posted", "progress.certified")
    told = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert (told.exit_code, told.output.count("FAULT: ")) == (1, 3)
    client.submit("/en/audit/check", having={"hash"})
    jobs.run_due()
    assert client.get("/en/audit/check", status=200).page.text.count("what it said is gone") == 2
