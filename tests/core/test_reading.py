"""A thread reads over a connection of its own, request after request; nobody may notice."""

import os
import threading
from contextlib import suppress

import pytest
import sqlalchemy as sa

from portal.core import db
from portal.core.errors import NotFound
from portal.places.models import Community
from tests.databases import Sqlite, bind
from tests.factories import places


@db.prepared
def names():
    return sa.select(Community.name).order_by(Community.id)


@pytest.fixture
def add(transaction):
    def add(name):
        with transaction():
            places.community(name=name)

    return add


def read():
    with db.transaction("read"):
        return list(names().scalars())


def test_every_reading_sees_what_is_committed_by_then(add):
    for number in range(1, 5):
        add(f"ชุมชน {number}")
        assert len(read()) == number


def test_a_reading_inside_another_leaves_it_as_it_is(add, databases):
    add("หนึ่ง")
    with db.transaction("read") as outer:
        before = outer.scalars(sa.select(Community.name)).all()
        add("สอง")
        assert read() == ["หนึ่ง", "สอง"]
        again = outer.scalars(sa.select(Community.name).order_by(Community.id)).all()
        if isinstance(databases, Sqlite):
            assert again == before  # one moment for a whole page
    assert read() == ["หนึ่ง", "สอง"]


def test_after_a_fault_the_thread_reads_on(add):
    add("หนึ่ง")
    for _ in range(3):
        with suppress(NotFound), db.transaction("read"):
            names().all()
            raise NotFound
        with pytest.raises(sa.exc.DatabaseError), db.transaction("read") as session:
            session.execute(sa.text("SELECT nothing FROM nowhere"))
        assert read() == ["หนึ่ง"]


def test_another_database_is_another(add, database_url, databases):
    add("หนึ่ง")
    read()
    seen = []
    waits, goes_on = threading.Event(), threading.Event()

    def other_thread():
        for _ in range(2):
            seen.append(len(read()))
            waits.set()
            goes_on.wait(10)

    thread = threading.Thread(target=other_thread)
    thread.start()
    waits.wait(10)
    second = databases.create("second")
    try:
        bind(second)
        assert read() == []
        goes_on.set()
        thread.join(10)
        assert seen == [1, 0]
        bind(database_url)
        assert read() == ["หนึ่ง"]
    finally:
        db.dispose()
        databases.drop("second")


def test_many_threads_read_at_once(add):
    add("หนึ่ง")
    seen, all_there = [], threading.Barrier(18)

    def reader():
        with db.transaction("read"):
            names().all()
            all_there.wait(10)
        seen.append(read())

    threads = [threading.Thread(target=reader) for _ in range(18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == [["หนึ่ง"]] * 18


def test_a_forked_process_reads_over_its_own_connections(add):
    add("หนึ่ง")
    read()
    pid = os.fork()
    if pid == 0:
        status = 1
        with suppress(BaseException):
            status = 0 if read() == ["หนึ่ง"] else 1
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert read() == ["หนึ่ง"]
