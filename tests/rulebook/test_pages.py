import datetime as dt
import threading

import pytest

from portal.core import clock
from portal.core.actor import ANONYMOUS, SYSTEM, Role
from portal.core.errors import Invalid, NotAllowed
from portal.core.ledger import LedgerEntry
from portal.rulebook import commands, queries
from portal.rulebook.models import HolidayKind
from portal.rulebook.seeds import LAW
from portal.rulebook.words import GROUPS, LABELS
from tests.factories import accounts


@pytest.fixture
def keeper(transaction):
    with transaction():
        commands.load_seeds(SYSTEM)
        person = accounts.person(email="strategy@example.org")
        accounts.grant(person, Role.STRATEGY)
    return "strategy@example.org"


def test_every_figure_has_words_and_a_place():
    placed = [key for _, _, keys in GROUPS for key in keys]
    assert sorted(placed) == sorted(LAW) == sorted(LABELS)


def test_the_page_shows_value_source_and_doubt(keeper, client):
    page = client.get("/rulebook", status=200, max_queries=3).page
    assert "฿500,000" in page.text
    assert "ระเบียบกระทรวงการคลัง" in page.text
    assert "ยังไม่ตรวจสอบ" in page.text
    assert "Labour Day" in client.get("/en/rulebook?year=2027", status=200).page.text


def test_what_the_portal_wrote_as_a_source_is_in_the_readers_language(keeper, client):
    own, law = "ข้อกำหนดของพอร์ทัลร่วมงบ", "ระเบียบกระทรวงการคลัง"
    thai, english = (client.get(f"{lang}/rulebook", status=200).page.text for lang in ("", "/en"))
    assert (own in thai, law in thai) == (True, True)
    assert (own in english, law in english) == (False, True)
    assert "A rule of this portal, not of the law" in english


def test_the_size_of_committees_is_not_told_as_verified_while_a_later_regulation_is_not_compared(
    keeper, client
):
    for language, said in (("", "ยังไม่ตรวจสอบ"), ("/en", "Not verified")):
        page = client.get(f"{language}/rulebook", status=200).page
        rows = [row.text for row in page.all("tr") if row["id"].startswith("committee-")]
        assert len(rows) == 5
        assert all("2564" in row and said in row for row in rows)


def test_years_may_be_asked_in_either_era_and_nonsense_is_this_year(keeper, client):
    assert "2570" in client.get("/rulebook?year=2570", status=200).page.text
    for typed in ("๒๕๗๐", "9999", "abc", "0000"):
        client.get("/rulebook", query_string={"year": typed}, status=200)


def test_a_year_without_entered_days_says_so_whom_to_ask_and_what_it_is_counted_with(keeper, client):
    page = client.get("/en/rulebook?year=2031", status=200).page
    assert "Nobody has entered the days of 2031 yet" in page.text
    assert "tell the city strategy office" in page.text
    (new_year, *_) = [row for row in page.all("tr") if "New Year" in row.text]
    assert "1 January 2031" in new_year.text
    assert "ยังไม่มีผู้บันทึกวันหยุดของปี 2574" in client.get("/rulebook?year=2574", status=200).page.text
    assert "Nobody has entered" not in client.get("/en/rulebook?year=2027", status=200).page.text
    client.sign_in(keeper, accounts.PASSWORD)
    desk = client.get("/en/rulebook/desk?year=2031", status=200).page
    assert "The first day you add brings this list into the table" in desk.text
    assert not [link for link in desk.all("a") if link["href"].endswith("/remove")]


def test_the_running_year_can_be_chosen_before_its_days_are_entered(client):
    """A portal whose table is still empty."""
    page = client.get("/rulebook?year=2574", status=200).page
    years = [link.text for link in page.all("a") if link["href"].endswith("#holidays")]
    assert years == [str(clock.today().year + 543), "2574"]


def test_the_strategy_office_enters_a_figure(keeper, client, transaction):
    client.sign_in(keeper, accounts.PASSWORD)
    answer = client.submit(
        "/rulebook/values/procurement.direct_limit_satang",
        {"value": "๑,๐๐๐,๐๐๐", "valid_from": "1/1/2570", "source": "กฎกระทรวง พ.ศ. 2570 ข้อ 1"},
        having={"value"},
    )
    assert answer.status_code == 303
    with transaction() as session:
        assert queries.law("procurement.direct_limit_satang", dt.date(2026, 12, 31)) == 500_000_00
        assert queries.law("procurement.direct_limit_satang", dt.date(2027, 1, 1)) == 1_000_000_00
        assert session.query(LedgerEntry).filter_by(event="law_value.entered").count() == 1
    assert "฿1,000,000" in client.get("/rulebook", status=200).page.text


def test_what_is_missing_is_said_and_nothing_typed_is_lost(keeper, client):
    client.sign_in(keeper, accounts.PASSWORD)
    answer = client.submit(
        "/rulebook/values/procurement.appeal_days",
        {"value": "เจ็ด", "valid_from": "เมื่อวาน", "source": ""},
        having={"value"},
    )
    assert answer.status_code == 422
    assert "เจ็ด" in answer.get_data(as_text=True)
    assert "เมื่อวาน" in answer.get_data(as_text=True)
    client.get("/rulebook/values/procurement.guess", status=404)


def test_a_day_is_entered_corrected_and_taken_out(keeper, client, transaction):
    client.sign_in(keeper, accounts.PASSWORD)
    fields = {
        "on": "23/11/2569",
        "name_th": "วันหยุดพิเศษ",
        "name_en": "Special day off",
        "source": "มติคณะรัฐมนตรี",
    }
    for _ in range(2):
        answer = client.submit("/rulebook/holidays/new", fields, having={"name_th"})
        assert answer.status_code == 303
    with transaction():
        (row,) = [row for row in queries.holidays_of(2026) if row.on == dt.date(2026, 11, 23)]
        assert row.kind is HolidayKind.SPECIAL_HOLIDAY
    answer = client.submit(f"/rulebook/holidays/{row.id}/remove", {"reason": "ยกเลิกมติ"}, having={"reason"})
    assert answer.status_code == 303
    client.get(f"/rulebook/holidays/{row.id}/remove", status=404)


def test_others_may_not(db):
    with pytest.raises(NotAllowed):
        commands.enter_value(
            ANONYMOUS,
            "committee.min",
            value=1,
            valid_from=dt.date(2026, 1, 1),
            source="x",
            is_verified=False,
        )
    with pytest.raises(NotAllowed):
        commands.remove_day(ANONYMOUS, dt.date(2026, 1, 1), "x")
    with pytest.raises(Invalid):
        commands.enter_value(
            SYSTEM, "committee.min", value=-1, valid_from=dt.date(2026, 1, 1), source="x", is_verified=False
        )


def test_seeds_are_entered_once(db):
    assert commands.load_seeds(SYSTEM) > len(LAW)
    assert commands.load_seeds(SYSTEM) == 0
    assert {row.year for row in (one.on for one in queries.holidays_of(2029))} == {2029}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("committee.houses_step", 0),
        ("progress.due_day", 0),
        ("progress.due_day", 32),
        ("progress.stalled_months", 0),
        ("observer.answer_days", 1_000_000),
        ("information.display_days", 10_000),
    ],
)
def test_a_figure_nothing_can_be_counted_with_is_refused(db, key, value):
    with pytest.raises(Invalid):
        commands.enter_value(
            SYSTEM, key, value=value, valid_from=dt.date(2026, 1, 1), source="x", is_verified=False
        )


def test_the_first_day_of_a_year_brings_the_other_holidays_with_it(db):
    new_year, songkran, special = dt.date(2031, 1, 1), dt.date(2031, 4, 15), dt.date(2031, 6, 4)
    facts = {"name_th": "วันหยุดพิเศษ", "name_en": "Special day off", "source": "มติคณะรัฐมนตรี"}
    assert not queries.holidays_of(2031)
    commands.enter_day(SYSTEM, special, kind=HolidayKind.SPECIAL_HOLIDAY, **facts)
    commands.enter_day(SYSTEM, songkran, kind=HolidayKind.WORKING_DAY, **facts)
    calendar = queries.working_calendar(special, special)
    assert [calendar.is_working_day(day) for day in (new_year, songkran, special)] == [False, True, False]
    written = [one for one in db.info["ledger"] if one.event == "rulebook.loaded"]
    assert [one.changes["year"] for one in written] == [2031]
    commands.remove_day(SYSTEM, new_year, "ยกเลิก")
    assert queries.working_calendar(special, special).is_working_day(new_year)


@pytest.mark.postgres_only
def test_of_two_first_days_of_a_year_at_once_one_is_asked_for_again(transaction):
    start, answers = threading.Barrier(4), []
    facts = {"name_th": "วันหยุดพิเศษ", "name_en": "Special day off", "source": "มติคณะรัฐมนตรี"}

    def enter(day):
        try:
            with transaction():
                assert not queries.holidays_of(2031)
                start.wait()
                commands.enter_day(SYSTEM, day, kind=HolidayKind.SPECIAL_HOLIDAY, **facts)
            answers.append("entered")
        except Invalid:
            answers.append("again")

    threads = [threading.Thread(target=enter, args=(dt.date(2031, 6, day),)) for day in range(4, 8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == ["again"] * 3 + ["entered"]
    with transaction():
        assert dt.date(2031, 1, 1) in {row.on for row in queries.holidays_of(2031)}


def test_a_day_of_a_year_without_a_calendar_is_refused_and_what_was_typed_kept(keeper, client):
    client.sign_in(keeper, accounts.PASSWORD)
    fields = {"on": "1/1/1950", "name_th": "วันหยุด", "name_en": "Day off", "source": "มติ"}
    answer = client.submit("/rulebook/holidays/new", fields, having={"name_th"})
    assert answer.status_code == 422
    assert "1/1/1950" in answer.text
