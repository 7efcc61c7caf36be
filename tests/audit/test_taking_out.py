"""What an entry says is taken out by two people, and that is told; what vouches for something published never is."""

import pytest
import sqlalchemy as sa

from portal.audit import commands, keeping, policy, queries
from portal.audit.models import SEALS, BlankRequest
from portal.core import clock, ledger
from portal.core.actor import SYSTEM, Role
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.ledger import LedgerEntry
from tests.factories import accounts

WHY = "คำขอของเจ้าของข้อมูล"


@pytest.fixture
def written(transaction):
    """The numbers of an entry that names a person, and of one that vouches for the rules of a round."""
    with transaction():
        ledger.record("comment.posted", SYSTEM, "comment", 3, changes={"name": "สมหญิง"}, note="ส่งแล้ว")
        ledger.record("round.published", SYSTEM, "round", 3, changes={"sha256": "0" * 64})
    with transaction("read") as session:
        newest = sa.select(LedgerEntry.id).order_by(LedgerEntry.id.desc()).limit(2)
        seal, personal = session.scalars(newest)
    return personal, seal


@pytest.fixture
def two(transaction):
    with transaction():
        return (
            accounts.officer(Role.AUDITOR, email="auditor@example.org"),
            accounts.officer(Role.ADMIN, email="admin@example.org"),
        )


def took_out(transaction, two, number):
    for act, actor in ((commands.ask_to_blank, two[0]), (commands.blank_entry, two[1])):
        with transaction():
            act(actor, queries.entry(number), reason=WHY)


def test_only_the_words_go(written, two, transaction):
    number, _seal = written
    with transaction("read"):
        entry = queries.entry(number)
        before = (entry.event, entry.at, entry.payload_hash, entry.hash)
        kept = dict([ledger.head_of(ledger.db.session())])
    took_out(transaction, two, number)
    with transaction("read") as session:
        after = queries.entry(number)
        assert (after.payload, after.salt) == (None, None)
        assert (after.event, after.at, after.payload_hash, after.hash) == before
        assert keeping.check(kept).fault is None
        told = session.scalars(sa.select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(2)).all()[::-1]
        assert [(one.event, one.subject_id, one.actor_id) for one in told] == [
            ("ledger.blank_asked", number, two[0].id),
            ("ledger.payload_blanked", number, two[1].id),
        ]
        assert all(WHY in one.payload for one in told)


def test_nobody_takes_it_out_alone(written, two, transaction):
    number, _seal = written
    with transaction():
        entry = queries.entry(number)
        with pytest.raises(WrongState):
            commands.blank_entry(two[0], entry, reason=WHY)
        commands.ask_to_blank(two[0], entry, reason=WHY)
        with pytest.raises(NotAllowed):
            commands.blank_entry(two[0], entry, reason=WHY)
        with pytest.raises(WrongState):
            commands.blank_entry(two[1], entry, reason="เหตุผลอื่น")
        with pytest.raises(Invalid):
            commands.ask_to_blank(two[0], entry, reason="  ")


def test_only_once(written, two, transaction):
    took_out(transaction, two, written[0])
    with transaction():
        for act in (commands.ask_to_blank, commands.blank_entry, commands.decline_to_blank):
            with pytest.raises(WrongState):
                act(two[1], queries.entry(written[0]), reason=WHY)


def test_whoever_asked_still_has_the_duty(written, two, transaction):
    with transaction():
        nobody = accounts.person()
        ledger.db.session().add(
            BlankRequest(entry_id=written[0], asked_by=nobody.id, asked_at=clock.now(), reason=WHY)
        )
    with transaction():
        with pytest.raises(WrongState):
            commands.blank_entry(two[1], queries.entry(written[0]), reason=WHY)
        commands.ask_to_blank(two[0], queries.entry(written[0]), reason=WHY)
        commands.blank_entry(two[1], queries.entry(written[0]), reason=WHY)


@pytest.mark.parametrize("by", [0, 1])
def test_a_request_is_turned_down_or_taken_back(written, two, transaction, by):
    number, _seal = written
    with transaction():
        commands.ask_to_blank(two[0], queries.entry(number), reason=WHY)
        assert [one.entry_id for one in queries.waiting_requests()] == [number]
        with pytest.raises(NotAllowed):
            commands.decline_to_blank(accounts.officer(Role.PLANNER), queries.entry(number), reason="ไม่ใช่")
        commands.decline_to_blank(two[by], queries.entry(number), reason="ไม่มีข้อมูลส่วนบุคคล")
        with pytest.raises(WrongState):
            commands.blank_entry(two[1], queries.entry(number), reason=WHY)
    with transaction("read") as session:
        newest = session.scalars(sa.select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
        assert (newest.event, newest.subject_id, newest.actor_id) == (
            "ledger.blank_declined",
            number,
            two[by].id,
        )
        assert "ไม่มีข้อมูลส่วนบุคคล" in newest.payload
        assert queries.waiting_requests() == []


def test_neither_ones_own_acts_nor_the_reason_of_a_removal(written, two, transaction):
    with transaction():
        ledger.record("comment.posted", two[0], "comment", 1)
    took_out(transaction, two, written[0])
    with transaction() as session:
        own, asked, told = session.scalars(
            sa.select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(3)
        ).all()[::-1]
        third = accounts.officer(Role.ADMIN)
        for actor, entry in ((two[0], own), (third, asked), (third, told)):
            with pytest.raises(NotAllowed):
                commands.ask_to_blank(actor, entry, reason=WHY)


def test_what_vouches_for_something_published_stays(written, two, transaction):
    _number, seal = written
    with transaction():
        for act in (commands.ask_to_blank, commands.blank_entry):
            with pytest.raises(WrongState):
                act(two[0], queries.entry(seal), reason=WHY)


def test_every_row_that_is_held_against_the_ledger_has_such_an_entry():
    assert {event for one in keeping.WITNESSES for event in one.events} <= set(SEALS)
    assert not policy.can_blank(SYSTEM, LedgerEntry(event="ledger.payload_blanked", actor_id=None))


def blanking(number):
    return sa.update(LedgerEntry).where(LedgerEntry.id == number).values(payload=None, salt=None)


def test_the_database_itself_wants_two_and_keeps_what_vouches(written, two, transaction):
    number, seal = written
    table = BlankRequest.__table__
    asked = {"asked_by": two[0].id, "asked_at": clock.now(), "reason": WHY}
    with transaction() as session:

        def refused(statement):
            with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
                session.execute(statement)

        refused(blanking(number))
        refused(sa.insert(table).values(entry_id=number, carried_out_by=two[1].id, **asked))
        for one in (number, seal):
            session.execute(sa.insert(table).values(entry_id=one, **asked))
        refused(blanking(number))
        refused(sa.update(table).values(carried_out_by=two[0].id))
        refused(sa.update(table).values(carried_out_by=two[1].id, reason="อีกเหตุผล"))
        session.execute(sa.update(table).values(carried_out_by=two[1].id))
        refused(blanking(seal))
        session.execute(blanking(number))
        refused(sa.delete(table))
        refused(sa.update(table).values(carried_out_by=None))
        assert keeping.check().fault.startswith(f"entry {number}: what it said is gone")


class TestThePage:
    def test_one_asks_and_another_takes_it_out(self, client, new_client, written, two, transaction):
        number, _seal = written
        address = f"/en/audit/entries/{number}/blank"
        client.sign_in("auditor@example.org", accounts.PASSWORD)
        assert address.removeprefix("/en") in client.get("/audit", status=200).page.links
        assert client.submit(address, {"reason": ""}, having={"reason"}).status_code == 422
        assert client.submit(address, {"reason": WHY}, having={"reason"}).location == address
        shown = client.get(address, status=200).page
        assert "another person removes it" in shown.text
        assert "cannot be undone" not in shown.text
        other = new_client()
        other.sign_in("admin@example.org", accounts.PASSWORD)
        assert "Waiting for another person" in other.get("/en/audit", status=200).page.text
        page = other.get(address, status=200).page
        for words in ("สมหญิง", "ส่งแล้ว", WHY, "This cannot be undone"):
            assert words in page.text
        with transaction("read"):
            assert queries.entry(number).payload is not None
        done = other.submit(address, action=address)
        assert done.status_code == 303
        assert WHY in other.get(done.location, status=200).page.text
        assert "สมหญิง" not in other.get("/en/audit?kind=comment&number=3", status=200).page.text
        assert "already been removed" in other.get(address, status=200).page.text

    def test_it_is_turned_down_with_a_reason(self, client, written, two, transaction):
        number, _seal = written
        with transaction():
            commands.ask_to_blank(two[0], queries.entry(number), reason=WHY)
        client.sign_in("admin@example.org", accounts.PASSWORD)
        address = f"/en/audit/entries/{number}/blank"
        done = client.submit(address, {"reason": "ต้องเก็บไว้"}, action=f"{address}/decline")
        assert "ต้องเก็บไว้" in client.get(done.location, status=200).page.text
        assert "Ask another person" in client.get(address, status=200).page.text

    def test_it_says_why_what_vouches_stays(self, client, written, two):
        client.sign_in("auditor@example.org", accounts.PASSWORD)
        address = f"/en/audit/entries/{written[1]}/blank"
        assert address.removeprefix("/en") not in client.get("/audit", status=200).page.links
        page = client.get(address, status=200).page
        assert "is the proof of something published" in page.text
        assert "Ask another person" not in page.text
        client.get("/audit/entries/999999/blank", status=404)
