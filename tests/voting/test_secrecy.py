"""One voter alone on a quiet server: nothing that is written betrays who cast the ballot, to somebody who reads the whole
database, the logs and the published files but has not the round's key."""

import hmac
import io
import json
import logging
from contextlib import redirect_stderr, redirect_stdout
from itertools import product

import pytest
import sqlalchemy as sa

from portal.core import db
from portal.core.actor import SYSTEM
from portal.voting.commands import board, closing
from portal.voting.models import Ballot, RollEntry, Round
from portal.voting.queries import results
from tests.factories import accounts
from tests.factories import ballots as made
from tests.page import values
from tests.voting.conftest import cast as cast_many
from tests.voting.conftest import finish

# The ballot and what it replaces; none of them names anybody, and none is older or younger than the others by a number.
OF_THE_BALLOT = {"ballots", "ballot_requests", "superseded_leaves"}
FAR = 50
EMAIL = "alone@example.org"


class Alone:
    """A signed-in voter in their browser, and the round."""

    def __init__(self, client, round_id, roll_id):
        self.client, self.place, self.roll_id = client, f"/voting/{round_id}", roll_id
        self.sent, self.answers = {}, []

    def vote(self, *numbers, word="มะม่วง"):
        """Open the booth, look the ballot over, cast it, read the receipt, and check it."""
        opened = self.client.get(f"{self.place}/booth", status=200)
        form = values(opened.page.form(action=f"{self.place}/review"))
        looked = self.client.post(
            f"{self.place}/review", data={**form, **{f"p{one}": "1" for one in numbers}}
        )
        form = values(looked.page.form(action=f"{self.place}/cast"))
        self.sent = {**form, "nonce": word}
        cast = self.client.post(f"{self.place}/cast", data=self.sent)
        assert cast.status_code == 200
        code = next(one.text for one in cast.page.all("p") if one.attributes.get("class") == "receipt-code")
        checked = self.client.get(f"{self.place}/receipt?code={code.replace(' ', '')}", status=200)
        self.answers += [opened, looked, cast, checked]
        return code.replace(" ", "")

    def sign_out(self):
        forms = self.client.get(f"{self.place}/booth").page.forms
        form = next(one for one in forms if one["action"].endswith("/accounts/sign-out"))
        assert self.client.post(form["action"], data=values(form)).status_code == 303


@pytest.fixture
def alone(keys, transaction, client):
    with transaction():
        round_ = made.open_round()
        entry = made.entry(round_, accounts.person(EMAIL))
        round_id, roll_id = round_.id, entry.id
    client.sign_in(EMAIL, accounts.PASSWORD)
    return Alone(client, round_id, roll_id)


def rows(statement, **given):
    with db.transaction("read") as session:
        return session.execute(sa.text(statement), given).all()


def tables():
    """Every table of the database itself, not only those the models know, with what they point at."""
    found = rows(
        "SELECT c.oid::regclass::text AS name, array_remove(array_agg(k.confrelid::regclass::text), NULL) AS points_at"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'"
        " WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
        " GROUP BY c.oid"
    )
    return {row.name: set(row.points_at) for row in found}


def marked(low, high):
    """Tables with rows that were written (xmin), or deleted, changed or held (xmax), by transactions low < mark ≤ high."""
    found = set()
    for name, mark in product(tables(), ("xmin", "xmax")):
        within = f"{mark}::text::bigint > :low AND {mark}::text::bigint <= :high"
        if rows(f"SELECT FROM {name} WHERE {within} LIMIT 1", low=low, high=high):
            found.add((name, mark))
    return found


def signed_in():
    """The number of the transaction that wrote the newest session: nothing was asked of the database since."""
    return rows("SELECT max(xmin::text::bigint) AS mark FROM login_sessions")[0].mark


def newest_ballot():
    return rows("SELECT max(xmin::text::bigint) AS mark FROM ballots")[0].mark


@pytest.mark.postgres_only
def test_nothing_that_names_anybody_is_written_near_a_ballot(alone):
    """From the sign-in, which is the last that is written of the voter, to 50 transactions after the ballot, on the whole
    database. The sign-in itself stands as far away as everything behind the ballot. The row of the round is held by its
    ballot's foreign key, as by every ballot of anybody."""
    before = signed_in()
    alone.vote(1, 3)
    alone.sign_out()  # writes at once
    first = newest_ballot()
    assert rows("SELECT FROM login_sessions WHERE xmin::text::bigint > :mark", mark=first), (
        "signing out wrote"
    )
    near = marked(before, first + FAR)
    assert ("ballots", "xmin") in near
    assert {name for name, _ in near} <= OF_THE_BALLOT | {"rounds"}
    assert ("rounds", "xmin") not in near
    assert before < first - FAR
    alone.client.sign_in(EMAIL, accounts.PASSWORD)
    before = signed_in()
    alone.vote(2)
    with db.transaction():
        accounts.person()
    near = marked(before, newest_ballot() + FAR)
    assert ("superseded_leaves", "xmin") in near
    assert {name for name, _ in near} <= OF_THE_BALLOT | {"rounds"}
    assert first < before < newest_ballot() - FAR


@pytest.mark.postgres_only
def test_no_subtraction_finds_the_sign_in_before_a_ballot(alone):
    """On a server where nobody else writes: the sign-in is what was written last before each ballot."""
    away = []
    for number in range(6):
        alone.client.sign_in(EMAIL, accounts.PASSWORD)
        alone.vote(1 + number % 3)
        away.append(newest_ballot() - signed_in())
    assert min(away) > 64
    assert len(set(away)) > 1


@pytest.mark.postgres_only
def test_what_is_on_the_board_lies_in_no_order_and_can_still_be_changed(round_):
    def lying(table):
        """How many transactions wrote it, and the leaves as they lie."""
        return rows(f"SELECT count(DISTINCT xmin::text), array_agg(leaf ORDER BY ctid) FROM {table}")[0]  # noqa: S608

    given = cast_many(round_, 8)
    assert lying("ballots")[0] == 8
    with db.transaction():
        assert board.extend(SYSTEM, round_.id, is_last=True)
    for table in ("ballots", "ballot_requests"):
        writers, leaves = lying(table)
        assert (writers, leaves) == (1, sorted(leaves)), table
    assert [one.leaf_hex for one in cast_many(round_, 8)] == [one.leaf_hex for one in given]
    cast_many(round_, 2, key="another-one")
    assert rows("SELECT count(*) FROM ballots")[0][0] == 8
    assert rows("SELECT count(*) FROM superseded_leaves")[0][0] == 2


@pytest.mark.postgres_only
def test_what_is_written_with_a_ballot_points_at_the_round_alone(database_url):
    found = tables()
    assert {name: found[name] for name in OF_THE_BALLOT} == {name: {"rounds"} for name in OF_THE_BALLOT}
    kinds = rows(
        "SELECT table_name, data_type FROM information_schema.columns WHERE table_name = ANY(:names)",
        names=sorted(OF_THE_BALLOT),
    )
    assert {row.data_type for row in kinds} == {"bigint", "character varying", "text"}
    assert rows("SHOW track_commit_timestamp")[0][0] == "off"


def test_no_cookie_and_no_log_tells_what_was_cast(alone, caplog):
    """What the portal says while somebody votes, also when a ballot is refused. The logs of a server as it is deployed, whose
    database dies meanwhile, are read in test_polling.py."""
    with alone.client.session_transaction() as session:
        before = dict(session)
    out = io.StringIO()
    with caplog.at_level(logging.DEBUG), redirect_stdout(out), redirect_stderr(out):
        code = alone.vote(1, 3, word="คำของฉัน")
        alone.client.post(
            f"{alone.place}/cast", data={**alone.sent, "p2": "1"}
        )  # the same key with other choices
    with alone.client.session_transaction() as session:
        assert {key for key, value in session.items() if before.get(key) != value} <= {"csrf_token"}
    with db.transaction("read") as session:
        (ballot,) = session.scalars(sa.select(Ballot)).all()
    secret = (code, ballot.leaf, ballot.voter_tag, "คำของฉัน", alone.sent["idempotency_key"][0])
    log = out.getvalue() + caplog.text
    assert not [one for one in (*secret, EMAIL) if one in log]
    for answer in alone.answers:
        for name, value in answer.headers:
            assert not [one for one in secret if one in value], name
        assert {one.split("=")[0] for one in answer.headers.getlist("Set-Cookie")} <= {"portal_session"}
    for answer in alone.answers[:3]:
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_tag_is_known_by_the_rounds_key_alone(round_, clock, transaction):
    """Whoever has the database, before and after the certificate, finds no tag by trying whatever stands in it as a key."""
    cast_many(round_, 3)
    with transaction("read") as session:
        tags = set(session.scalars(sa.select(Ballot.voter_tag)))
        names = [f"vote|{round_.id}|{one}" for one in session.scalars(sa.select(RollEntry.id))]
        texts = {
            str(value)
            for table in db.Base.metadata.sorted_tables
            for row in session.execute(sa.select(table)).all()
            for value in row
            if value not in (None, "")
        }
    held = json.loads((round_.folder / f"round-{round_.id}.json").read_text())
    assert not texts & set(held.values())
    tried = {text.encode() for text in texts}
    tried |= {
        bytes.fromhex(text) for text in texts if len(text) == 64 and not set(text) - set("0123456789abcdef")
    }
    assert not tags & {hmac.digest(key, name.encode(), "sha256").hex() for key, name in product(tried, names)}
    right = bytes.fromhex(held["tags"])
    assert tags <= {hmac.digest(right, name.encode(), "sha256").hex() for name in names}
    finish(round_, clock)
    with transaction():
        closing.certify(round_.certifier, round_.id, "ตรวจแล้ว")
    assert (round_.folder / f"round-{round_.id}.json").read_bytes() == b""
    with transaction("read") as session:
        assert session.scalars(sa.select(Ballot.voter_tag)).all() == []
        files = results.files(session.get(Round, round_.id), opened=True)
    assert not [tag for tag in tags for text in files.values() if tag in text]
