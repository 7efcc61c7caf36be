"""Monthly summaries: which contracts belong to a month, publishing, corrections, the form."""

import datetime as dt
import io
import json

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.exc import DBAPIError

from portal.core import hashing
from portal.core.actor import Role
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.information import commands, papers, queries, summary
from tests.factories import accounts, places
from tests.information.conftest import contract

OCTOBER = dt.date(2026, 10, 1)
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2099, 12, 31))


@given(DAYS)
def test_every_day_belongs_to_one_month_and_the_month_is_over_on_the_first_of_the_next(day):
    month = day.replace(day=1)
    assert month <= day < summary.after(month)
    assert summary.month_of(summary.number_of(month)) == month
    assert not summary.is_over(month, day)
    assert summary.is_over(month, summary.after(month))


@pytest.mark.parametrize("number", [0, 202600, 202613, 99912, 20261, 300001])
def test_what_is_no_month(number):
    assert summary.month_of(number) is None


def test_a_contract_belongs_to_the_month_in_which_it_was_signed(db, process):
    contract(process, dt.date(2026, 9, 30), "1/2570")
    contract(process, dt.date(2026, 10, 1), "2/2570")
    contract(process, dt.date(2026, 10, 31), "3/2570")
    contract(process, dt.date(2026, 11, 1), "4/2570")
    body = queries.body_now(1002, OCTOBER)
    assert [one["contract"] for one in body["contracts"]] == ["2/2570", "3/2570"]
    assert summary.total(body) == 2 * 850_000_00
    assert body["contracts"][0]["is_lowest"]
    assert len(body["contracts"][0]["offers"]) == 2
    assert queries.body_now(1001, OCTOBER)["contracts"] == []
    assert [(one.month.month, one.contracts) for one in queries.months_of(1002)] == [(11, 1), (10, 2), (9, 1)]


def test_a_month_is_published_once_it_is_over_in_bangkok(db, process, officer, clock):
    contract(process, dt.date(2026, 10, 12))
    clock.travel("2026-10-31 23:59")
    with pytest.raises(WrongState):
        commands.publish_summary(officer, 1002, OCTOBER)
    clock.travel("2026-11-01 00:00")
    made = commands.publish_summary(officer, 1002, OCTOBER)
    assert made.number == 1
    assert made.sha256 == hashing.sha256_hex(made.body)
    assert json.loads(made.body) == queries.body_now(1002, OCTOBER)


def test_who_publishes(db, process, officer):
    for actor in (
        accounts.actor_of(accounts.person()),
        accounts.officer(Role.PROCUREMENT, places.district("1001")),
        accounts.officer(Role.MODERATOR),
    ):
        with pytest.raises(NotAllowed):
            commands.publish_summary(actor, 1002, OCTOBER)


def test_a_correction_is_the_next_number_and_what_was_published_stays(db, process, officer):
    contract(process, dt.date(2026, 10, 12))
    first = commands.publish_summary(officer, 1002, OCTOBER)
    with pytest.raises(Invalid):
        commands.publish_summary(officer, 1002, OCTOBER)
    with pytest.raises(WrongState):
        commands.publish_summary(officer, 1002, OCTOBER, "ไม่มีอะไรเปลี่ยน")
    contract(process, dt.date(2026, 10, 20), "2/2570")
    second = commands.publish_summary(officer, 1002, OCTOBER, "ตกหล่น 1 สัญญา")
    assert (second.number, len(json.loads(first.body)["contracts"])) == (2, 1)
    assert [one.summary.number for one in queries.editions(1002, OCTOBER)] == [2, 1]


@pytest.mark.parametrize(
    "change", ["UPDATE monthly_summaries SET body = ''", "DELETE FROM monthly_summaries"]
)
def test_no_role_changes_what_was_published(db, officer, change):
    commands.publish_summary(officer, 1002, OCTOBER)
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(sa.text(change))


def test_the_form_and_the_spreadsheet_say_the_same(db, process, officer):
    contract(process, dt.date(2026, 10, 12))
    made = commands.publish_summary(officer, 1002, OCTOBER)
    body, known = (
        json.loads(made.body),
        {"district": "เขตดุสิต", "month": OCTOBER, "number": 1, "sha256": made.sha256},
    )
    paper = papers.pdf(body, published_at=made.published_at, reason="", **known)
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    for figure in ("850,000", "900,000", "1/2570", made.sha256[:16]):
        assert figure in printed
    sheet = load_workbook(io.BytesIO(papers.workbook(body, **known))).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {"เลขที่สัญญา", "1/2570", "ร้านผ้าใบตัวอย่าง", papers.LOWEST, 850_000} <= set(cells)
