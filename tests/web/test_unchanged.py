"""A page is written again when something it was made from changed, and only then."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import template_rendered

from portal.core import clock, memo
from portal.cycles.models import Phase, PhaseKind
from portal.places.models import Community
from portal.web import headers, unchanged
from tests.factories import accounts, cycles, places, plans


@pytest.fixture
def written(app):
    """The templates written so far; pages are kept."""
    names = []

    def note(_app, template, **_more):
        names.append(template.name)

    unchanged.keep_pages(True)
    with template_rendered.connected_to(note, app):
        yield names
    unchanged.keep_pages(False)


@pytest.fixture
def world(transaction):
    with transaction():
        community = places.community()
        cycle = cycles.cycle(open=PhaseKind.SCREENING)
        plan = plans.plan(community, cycle, items=0)
        item = plans.item(plan, title="ไฟทางเดินริมคลอง")
        plans.sign(plan)
        plans.hand_in(plan, accounts.leader(community))
        return {"item": item.id, "cycle": cycle.id, "community": community.id}


@pytest.fixture
def page(client, world, written):
    """The idea's page, written and kept; called again it gives (what it shows, how often it was written since)."""

    def get(address=f"/dossier/{world['item']}?past=1", **kwargs):
        before = len(written)
        return client.get(address, status=200, **kwargs).get_data(as_text=True), len(written) - before

    for _ in range(2):
        get()
    return get


def test_it_is_not_written_again_but_every_row_is_read_again(page, client, world, written):
    kept, times = page()
    assert times == 0
    asked = client.get(f"/dossier/{world['item']}?past=1", status=200).queries
    unchanged.forget()
    anew, times = page()
    assert (anew, times) == (kept, 1)
    assert asked
    assert asked == client.get(f"/dossier/{world['item']}?past=1", status=200).queries


def test_a_changed_row_is_seen_at_once(page, transaction, world):
    with transaction() as session:
        session.execute(sa.update(Community).values(name="ชุมชนท่าน้ำ"))
    text, times = page()
    assert times == 1
    assert "ชุมชนท่าน้ำ" in text
    assert page() == (text, 0)


def test_each_language_and_address_is_kept_by_itself(page, world):
    thai, _ = page()
    english, times = page(f"/en/dossier/{world['item']}?past=1")
    assert (times, english == thai) == (1, False)
    assert page(f"/dossier/{world['item']}?past=2")[1] == 1


def test_people_who_are_signed_in_get_pages_of_their_own(page, client, transaction, world):
    with transaction():
        accounts.person(email="resident@example.org")
    client.sign_in("resident@example.org", accounts.PASSWORD)
    assert [page()[1], page()[1]] == [1, 1]


def test_it_is_written_anew_on_another_day_and_when_its_time_is_up(page, monkeypatch):
    with clock.travel(clock.now() + dt.timedelta(days=1)):
        assert page()[1] == 1
    assert page()[1] == 0
    instant = unchanged.time.monotonic() + headers.SHARED_SECONDS
    monkeypatch.setattr(unchanged.time, "monotonic", lambda: instant)
    assert page()[1] == 1


def test_it_says_as_before_how_long_it_may_be_kept(page, client, transaction, world):
    address = f"/dossier/communities/{world['community']}?past=1"
    with transaction() as session:
        session.execute(
            sa.update(Phase)
            .where(Phase.kind == PhaseKind.SCREENING)
            .values(ends_at=clock.now() + dt.timedelta(seconds=25))
        )
    for _ in range(3):
        said = client.get(address, status=200)
        seconds = int(said.headers["Cache-Control"].rpartition("=")[2])
        assert 0 < seconds < 25
        assert said.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": said.headers["ETag"]}, status=304).data == b""


@pytest.fixture
def sharing():
    memo.keep_for(30)
    yield
    memo.keep_for(0)


def test_a_shared_figure_that_changed_is_seen(page, sharing, transaction, world):
    address = f"/dossier/communities/{world['community']}?past=1"
    assert [page(address)[1] for _ in range(3)][-1] == 0
    with transaction() as session:
        last = sa.update(Phase).where(Phase.kind == PhaseKind.SCREENING)
        session.execute(last.values(ends_at=clock.now() + dt.timedelta(days=9)))
    assert page(address)[1] == 0
    memo.forget()
    assert page(address)[1] == 1
