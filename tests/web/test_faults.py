"""When the database is away, everybody is told so, signed in or not; and no log tells what somebody sent."""

import psycopg
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal.accounts.models import Person
from portal.core import db, engines, paging, turns
from portal.core.actor import Role
from portal.voting.forms import booth
from tests.factories import accounts, places


def test_without_the_database_a_signed_in_person_is_told_to_come_back(client, transaction):
    with transaction():
        accounts.person("somebody@example.org")
    client.sign_in("somebody@example.org", accounts.PASSWORD)
    db.bind("sqlite:////nowhere/at/all.sqlite3")
    with capture_logs() as logs:
        answers = [
            client.post("/voting/1/cast"),
            client.open("/notifications"),
            client.open("/accounts/reset/a-key"),
        ]
    for answer in answers:
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "/" in answer.page.links
    assert ["ลองอีกครั้ง" in answer.text for answer in answers] == [False, True, True], (
        "a link sends nothing twice"
    )
    assert [one["path"] for one in logs] == [
        "/voting/1/cast",
        "/notifications",
        "/accounts/reset/<string:token>",
    ]


DAMAGED = [[10**20], ["\ud800"], ["x"], [True], [1.5], [None], [1, 2], {}]


@pytest.mark.parametrize("values", DAMAGED, ids=repr)
def test_a_damaged_cursor_is_the_first_page(client, values):
    for path in ("/plans", "/voting", "/procurement", "/actionplan", "/opendata/releases.json"):
        client.get(path, query_string={"cursor": paging.encode(values)})


def test_a_cursor_is_of_the_kind_of_what_is_sorted_by(db):
    person = accounts.person("somebody@example.org")
    order = [(Person.email, "asc"), (Person.id, "asc")]
    for values in ([1, 1], ["a", "b"], [True, 1], ["\ud800", 1]):
        found = paging.keyset(sa.select(Person.email, Person.id), order, cursor=paging.encode(values))
        assert [row.id for row in found.rows] == [person.id]


def test_what_no_database_can_hold_is_refused(client, transaction):
    with transaction():
        accounts.officer(Role.PLANNER, places.district(), email="planner@example.org")
    client.sign_in("planner@example.org", accounts.PASSWORD)
    page = client.get("/screening", status=200).page
    token = next(one["value"] for one in page.all("input") if one["name"] == "csrf_token")
    sent = {"csrf_token": token, "person_id": str(10**30), "case_ids": str(10**30)}
    assert 400 <= client.post("/screening/assign", data=sent).status_code < 500


def test_a_number_without_end_is_none():
    endless = "9" * 5000
    assert booth.read_choices({f"{booth.PREFIX}{endless}": "1", f"{booth.PREFIX}7": endless}) == {}


def test_an_error_of_the_database_does_not_name_the_values(database_url):
    for mode in ("read", "write"):
        with pytest.raises(sa.exc.DBAPIError) as problem, db.transaction(mode) as session:
            session.execute(sa.text("SELECT :value FROM nowhere"), {"value": "what somebody chose"})
        assert "what somebody chose" not in str(problem.value)


@pytest.mark.postgres_only
def test_a_connection_that_is_known_to_be_dead_is_not_lent_again(database_url):
    for mode in ("read", "write"):
        with db.transaction(mode) as session:
            dead = session.connection().connection.dbapi_connection
        dead.pgconn.finish()  # as after the server was killed
        with db.transaction(mode) as session:
            assert session.scalar(sa.text("SELECT 1")) == 1
        with db.engine("write").connect() as connection:
            dead = connection.connection.dbapi_connection
        dead.pgconn.finish()
        with db.engine("write").connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


@pytest.mark.postgres_only
def test_a_transaction_whose_server_died_ends_quietly_and_the_next_one_works(database_url):
    own = sa.select(sa.func.pg_backend_pid())
    for ask in (lambda: db.session().scalar(own), lambda: db.plain_rows(own, {}).scalar_one()):
        token = db.open_session("read")
        dead = ask()
        with db.transaction() as session:
            session.execute(sa.text("SELECT pg_terminate_backend(:dead, 5000)"), {"dead": dead})
        db.close_session(token)
        with db.transaction("read") as session:
            assert session.scalar(sa.text("SELECT 1")) == 1


@pytest.mark.postgres_only
def test_what_runs_alone_fails_as_everything_else_does_and_leaves_no_dead_connection(database_url):
    engines.run_alone(db.engine("read"), "DO $$ BEGIN COMMIT; END $$")
    with pytest.raises(sa.exc.OperationalError):
        engines.run_alone(db.engine("read"), "SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(sa.exc.ProgrammingError):
        engines.run_alone(db.engine("read"), "SELECT nothing FROM nowhere")
    engines.run_alone(db.engine("read"), "DO $$ BEGIN COMMIT; END $$")
    with db.transaction("read") as session:
        assert session.scalar(sa.text("SELECT 1")) == 1


@pytest.mark.postgres_only
def test_what_runs_alone_says_so_when_no_database_answers(database_url):
    nowhere, writer = engines.make(
        "postgresql+psycopg://nobody@127.0.0.1:1/nothing", busy_timeout=1, pool_size=1
    )
    with pytest.raises(sa.exc.OperationalError):
        engines.run_alone(nowhere, "DO $$ BEGIN COMMIT; END $$")
    for engine in (nowhere, writer):
        engine.dispose()


def test_whoever_waits_too_long_for_another_writer_gets_the_librarys_error(tmp_path):
    reader, writer = engines.make(f"sqlite:///{tmp_path}/one.sqlite3", busy_timeout=0.1, pool_size=1)
    with writer.connect() as first, writer.connect() as second:
        first.begin()
        with pytest.raises(sa.exc.OperationalError):
            second.begin()
        first.rollback()
        second.begin()
        second.rollback()
    for engine in (reader, writer):
        engine.dispose()


@pytest.mark.parametrize(
    ("kind", "problem", "status"),
    [
        (sa.exc.InternalError, psycopg.errors.ReadOnlySqlTransaction("a standby now"), 503),
        (sa.exc.InternalError, psycopg.errors.InFailedSqlTransaction("our own fault"), 500),
        (sa.exc.OperationalError, psycopg.errors.TooManyConnections("no room"), 503),
        (sa.exc.ProgrammingError, psycopg.errors.UndefinedColumn("our own fault"), 500),
        (sa.exc.TimeoutError, None, 503),
    ],
)
def test_a_database_that_cannot_now_is_told_apart_from_a_fault_of_ours(app, kind, problem, status):
    error = kind("UPDATE a SET b", {}, problem) if problem else kind("no connection was free")
    with app.test_request_context("/"):
        assert app.handle_user_exception(error).status_code == status
    assert (turns.trouble_of(error) is turns.Trouble.AWAY) == (status == 503)
