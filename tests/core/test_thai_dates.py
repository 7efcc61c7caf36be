from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.thai import (
    Style,
    day_text,
    deadline_text,
    fiscal_year_text,
    instant_text,
    month_text,
    parse_day,
    parse_time,
    span_text,
    thai_digits,
)
from tests.bounded import within

NOV21 = date(2026, 11, 21)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
styles: st.SearchStrategy[Style] = st.sampled_from(["short", "long"])


@pytest.mark.parametrize(
    ("lang", "style", "text"),
    [
        ("th", "short", "21 พ.ย. 2569"),
        ("th", "long", "21 พฤศจิกายน 2569"),
        ("th", "weekday", "วันเสาร์ที่ 21 พฤศจิกายน 2569"),
        ("en", "short", "21 Nov 2026"),
        ("en", "long", "21 November 2026"),
        ("en", "weekday", "Saturday 21 November 2026"),
    ],
)
def test_a_day(lang: str, style: Style, text: str) -> None:
    assert day_text(NOV21, lang, style) == text


@pytest.mark.parametrize(
    ("instant", "thai", "english"),
    [
        (datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "21 พ.ย. 2569 เวลา 16:30 น.", "21 Nov 2026, 16:30"),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "1 ม.ค. 2570 เวลา 00:00 น.", "1 Jan 2027, 00:00"),
        (
            datetime(2026, 3, 1, 9, 5, tzinfo=ZoneInfo("Asia/Bangkok")),
            "1 มี.ค. 2569 เวลา 09:05 น.",
            "1 Mar 2026, 09:05",
        ),
    ],
)
def test_an_instant_is_told_in_bangkok_time(instant: datetime, thai: str, english: str) -> None:
    assert instant_text(instant) == thai
    assert instant_text(instant, "en") == english


def test_a_deadline_at_midnight_is_the_day_before() -> None:
    midnight = datetime(2027, 2, 15, 17, 0, tzinfo=UTC)
    assert deadline_text(midnight) == "15 ก.พ. 2570"
    assert deadline_text(midnight, "en", "long") == "15 February 2027"
    assert deadline_text(midnight + timedelta(hours=18)) == "16 ก.พ. 2570 เวลา 18:00 น."


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant_text(datetime(2026, 11, 21, 9, 30))  # noqa: DTZ001 - the naive one is the point


@given(st.datetimes(datetime(1921, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds only
def test_bangkok_has_had_one_offset_since_1920(instant: datetime) -> None:
    assert instant_text(instant, "en") == f"{instant.astimezone(ZoneInfo('Asia/Bangkok')):%-d %b %Y, %H:%M}"


@pytest.mark.parametrize(
    ("start", "end", "thai", "english"),
    [
        (date(2026, 11, 1), date(2026, 11, 15), "1–15 พ.ย. 2569", "1–15 Nov 2026"),
        (date(2027, 2, 28), date(2027, 3, 3), "28 ก.พ. – 3 มี.ค. 2570", "28 Feb – 3 Mar 2027"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 ธ.ค. 2569 – 2 ม.ค. 2570", "30 Dec 2026 – 2 Jan 2027"),
        (date(2026, 11, 15), date(2027, 11, 20), "15 พ.ย. 2569 – 20 พ.ย. 2570", "15 Nov 2026 – 20 Nov 2027"),
        (NOV21, NOV21, "21 พ.ย. 2569", "21 Nov 2026"),
    ],
)
def test_a_span(start: date, end: date, thai: str, english: str) -> None:
    assert span_text(start, end) == thai
    assert span_text(start, end, "en") == english


def test_a_span_in_other_styles() -> None:
    assert span_text(date(2026, 11, 1), NOV21, "th", "long") == "1–21 พฤศจิกายน 2569"
    assert (
        span_text(date(2026, 11, 20), NOV21, "en", "weekday")
        == "Friday 20 November 2026 – Saturday 21 November 2026"
    )
    with pytest.raises(ValueError, match="before"):
        span_text(NOV21, date(2026, 11, 20))


def test_months_and_fiscal_years() -> None:
    assert month_text(NOV21) == "พฤศจิกายน 2569"
    assert month_text(NOV21, "en") == "November 2026"
    assert month_text(NOV21, "th", "short") == "พ.ย. 2569"
    assert fiscal_year_text(2570) == "ปีงบประมาณ 2570"
    assert fiscal_year_text(2570, "th", "short") == "2570"
    assert fiscal_year_text(2570, "en", "short") == "FY2570 (2026/27)"
    assert fiscal_year_text(2570, "en") == "FY2570 (2026/27)"
    assert fiscal_year_text(2643, "en") == "FY2643 (2099/00)"


@pytest.mark.parametrize(
    "typed",
    [
        "21/11/2569",
        "21-11-2026",
        "21.11.2569",
        "21/11/69",
        "21 พ.ย. 69",
        "21 พ.ย.69",
        "21พย2569",
        "21 พฤศจิกายน 2569",
        "21 พฤศจิกายน พ.ศ. 2569",
        "๒๑ พฤศจิกายน ๒๕๖๙",
        "๒๑/๑๑/๒๕๖๙",
        "2026-11-21",
        "2569-11-21",
        " 21  Nov 2026 ",
        "21 november, 2026",
    ],
)
def test_typed_days_are_read(typed: str) -> None:
    assert parse_day(typed) == NOV21


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "21/11",
        "31/2/2569",
        "29/2/2570",
        "2026-13-01",
        "21/11-2569",
        "21/11/26",
        "21 Nov 26",
        "21/11/2101",
        "21/11/1899",
        "1/1/0000",
        "21 พฤศ 2569",
        "²1/11/2569",
        "21/11/2569 x",
        "0/1/2569",
        "99999999999",
    ],
)
def test_what_is_not_one_certain_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_day(typed)


@given(days, st.sampled_from(["th", "en"]), styles)
def test_a_written_day_reads_back(day: date, lang: str, style: Style) -> None:
    assert parse_day(day_text(day, lang, style)) == day
    assert parse_day(thai_digits(day_text(day, lang, style))) == day
    assert parse_day(day.isoformat()) == day


@given(st.text(max_size=20))
def test_reading_a_day_fails_only_with_value_error(typed: str) -> None:
    try:
        day = parse_day(typed)
    except ValueError:
        return
    assert timedelta(0) <= day - date(1900, 1, 1) <= date(2100, 12, 31) - date(1900, 1, 1)


@pytest.mark.parametrize(
    "run", ["า", "ำ", "เ", "ๆ", ".", "ั", "ก", "x", " ", "1", "พ.ศ.", "่ำ", "1า", "\ud800"]
)
def test_what_is_no_day_is_refused_at_once_however_long(run: str) -> None:
    for typed in (run * 200_000, f"1{run * 200_000}", f"1 {run * 200_000}x", f"1พ{run * 200_000}2569 "):
        with within(5), pytest.raises(ValueError, match=r"."):
            parse_day(typed)


@pytest.mark.parametrize("typed", ["16:30", "16.30", "16.30 น.", "๑๖:๓๐", " 16:30น. "])
def test_typed_times_are_read(typed: str) -> None:
    assert parse_time(typed) == time(16, 30)
    assert parse_time("9.05") == time(9, 5)


@pytest.mark.parametrize("typed", ["", "24:00", "12:60", "1630", "16", "16:3", "4pm", "-1:00"])
def test_what_is_not_a_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_time(typed)
