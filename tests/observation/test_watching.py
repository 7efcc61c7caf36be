"""The open calendar and its feeds, the private address, the certificate, the figures."""

import datetime as dt

import pytest

from portal.core import clock as core_clock
from portal.core.calendar import fiscal_year
from portal.observation import queries
from portal.observation.models import Grade, Signup, SignupState
from portal.procurement.models import Step, StepKind
from tests.bounded import within
from tests.factories import accounts, observation, procurement
from tests.observation.test_views import made, sign_in, world  # noqa: F401 - a fixture


@pytest.fixture
def resident(client, world):  # noqa: F811 - the fixture above
    return sign_in(client, "resident")


def test_the_open_calendar_by_district_step_and_day(client, world):  # noqa: F811
    signing = f"/observation/steps/{world['step']}/sign-up"
    for found in ("", "?district=1002", "?step=acceptance", "?since=15/12/2569", "?since=never"):
        assert signing in client.get(f"/observation{found}", status=200).page.links
    for empty in ("?district=1001", "?step=award", "?since=16/12/2569"):
        assert signing not in client.get(f"/observation{empty}", status=200).page.links


def test_no_address_holds_a_worker(client, world):  # noqa: F811
    for mark in "าำเๆ.":
        with within(10):
            client.get("/observation", query_string={"since": "1" + mark * 50}, status=200)


def test_nothing_is_offered_before_and_after_its_time(client, world, transaction, clock):  # noqa: F811
    with transaction() as session:
        session.get_one(Step, world["step"]).is_open_to_observers = False
    assert "BEGIN:VEVENT" not in client.get("/observation/steps.ics").get_data(as_text=True)
    with transaction() as session:
        session.get_one(Step, world["step"]).is_open_to_observers = True
    for path in ("/observation/steps.ics", "/observation/districts/1002/steps.ics"):
        assert "DTSTART:20261215T030000Z" in client.get(path, status=200).get_data(as_text=True)
    client.get("/observation/districts/9999/steps.ics", status=404)
    clock.travel("2026-12-15 10:00")
    assert "BEGIN:VEVENT" not in client.get("/observation/steps.ics").get_data(as_text=True)


def test_a_private_address_is_read_without_signing_in_until_there_is_another(
    resident,
    new_client,
    world,  # noqa: F811
    transaction,
):
    made(transaction, world, SignupState.WAITING)
    page = resident.get("/observation/mine", status=200).page
    address = next(word for word in page.text.split() if word.endswith(".ics") and "/feeds/" in word)
    path = address[address.index("/observation") :]
    visitor = new_client()
    assert "ห้องประชุมชั้น ๒" in visitor.get(path, status=200).get_data(as_text=True)
    visitor.get(path.replace("/feeds/", "/feeds/x"), status=404)
    assert resident.submit("/observation/mine", action="/mine/feed").status_code == 303
    visitor.get(path, status=404)


def test_a_certificate_says_the_name_and_can_be_checked(
    resident,
    new_client,
    world,  # noqa: F811
    transaction,
):
    signup = made(transaction, world, SignupState.ATTENDED)
    resident.get(f"/observation/mine/{signup}/certificate.pdf", status=404)
    with transaction() as session:
        observation.report(session.get_one(Signup, signup))
        session.get_one(Signup, signup).certificate_code = "00112233445566aa"
        accounts.person("other@example.org")
    paper = resident.get(f"/observation/mine/{signup}/certificate.pdf", status=200)
    assert paper.data.startswith(b"%PDF-")
    visitor = new_client()
    shown = visitor.get("/observation/certificates/0011-2233-4455-66aa", status=200).page.text
    assert "มาลี ดูงาน" in shown
    assert "resident@" not in shown
    visitor.get("/observation/certificates/0011-2233-4455-66ab", status=404)
    sign_in(visitor, "other").get(f"/observation/mine/{signup}/certificate.pdf", status=404)


def test_each_figure_opens_to_what_it_counts(process, db):
    kinds = (StepKind.COMMITTEE, StepKind.DRAFT_TOR)
    for kind in kinds:
        procurement.step_done(process, kind)
    day = procurement.step(process, StepKind.COMMITTEE).actual_on
    year = fiscal_year(day)
    [before] = queries.figures(year, core_clock.today())
    assert (before.held, before.observed, before.percent) == (1, 0, 0)
    person = accounts.person()
    for kind in kinds:
        came = observation.signup(procurement.step(process, kind), person, SignupState.ATTENDED)
        observation.report(came, Grade.CONCERN, answer_due_on=core_clock.today() - dt.timedelta(days=1))
    [now] = queries.figures(year, core_clock.today())
    assert (now.held, now.observed, now.people, now.visits) == (1, 1, 1, 2)
    assert (now.reports, now.concerns, now.answered, now.overdue) == (2, 2, 0, 2)
    [row] = queries.counted_purchases(process.district_id, year).rows
    assert (row.id, row.visits, row.reports) == (process.id, 2, 2)


def test_who_came_to_an_earlier_step_has_observed_the_purchase_in_the_next_year_too(process, db):
    early, late = (procurement.step_done(process, kind) for kind in (StepKind.COMMITTEE, StepKind.DRAFT_TOR))
    early.actual_on, late.actual_on = dt.date(2026, 9, 1), dt.date(2026, 11, 3)
    observation.signup(early, accounts.person(), SignupState.ATTENDED)
    db.flush()
    for year, visits, came_before in ((2569, 1, False), (2570, 0, True)):
        [told] = queries.figures(year, core_clock.today())
        assert (told.held, told.observed, told.visits) == (1, 1, visits)
        [row] = queries.counted_purchases(process.district_id, year).rows
        assert (row.visits, bool(row.came_before)) == (visits, came_before)


def test_who_comes_later_does_not_change_the_year_before(process, db):
    early, late = (procurement.step_done(process, kind) for kind in (StepKind.COMMITTEE, StepKind.DRAFT_TOR))
    early.actual_on, late.actual_on = dt.date(2026, 9, 1), dt.date(2026, 11, 3)
    observation.signup(late, accounts.person(), SignupState.ATTENDED)
    db.flush()
    assert [queries.figures(year, core_clock.today())[0].observed for year in (2569, 2570)] == [0, 1]


def test_the_figures_as_pages_and_as_a_table(client, world):  # noqa: F811
    for path in ("/observation/figures", "/observation/figures?year=2569", "/observation/figures/1002"):
        client.get(path, status=200)
    table = client.get("/observation/figures.csv", status=200).get_data(as_text=True)
    assert table.startswith("\ufeff")
    client.get("/observation/figures/9999", status=404)
