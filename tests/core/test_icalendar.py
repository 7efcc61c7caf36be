"""Calendars for phones, against RFC 5545."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from portal.core.icalendar import Event, calendar

STAMP = dt.datetime(2026, 11, 25, 2, tzinfo=dt.UTC)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_an_hour_and_whole_days():
    text = calendar(
        "ปฏิทิน",
        [
            Event("a@x", dt.datetime(2026, 12, 15, 3, tzinfo=dt.UTC), "เปิดซอง", ends=STAMP),
            Event("b@x", dt.date(2026, 12, 15), "ร่าง TOR", ends=dt.date(2026, 12, 17), is_cancelled=True),
        ],
        stamp=STAMP,
    )
    lines = unfolded(text)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "DTSTART:20261215T030000Z" in lines
    assert "DTEND:20261125T020000Z" in lines
    assert "DTSTART;VALUE=DATE:20261215" in lines
    assert "DTEND;VALUE=DATE:20261218" in lines
    assert "STATUS:CANCELLED" in lines


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n,;\\"), max_size=300))
def test_any_title_survives_and_no_line_is_too_long(title):
    text = calendar("ปฏิทิน", [Event("a@x", dt.date(2026, 12, 15), title)], stamp=STAMP)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (summary,) = [line for line in unfolded(text) if line.startswith("SUMMARY:")]
    kept = summary.removeprefix("SUMMARY:")
    for written, meant in (("\\n", "\n"), ("\\,", ","), ("\\;", ";")):
        kept = kept.replace("\\\\", "\0").replace(written, meant).replace("\0", "\\\\")
    assert kept.replace("\\\\", "\\") == title
