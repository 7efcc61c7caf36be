"""Calendar feeds: escaping, folding, the lines of an event."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from portal.core import icalendar

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def unfolded(feed):
    return feed.replace("\r\n ", "").split("\r\n")


def event(**values):
    return icalendar.Event(
        **{
            "uid": "forum-1@example.org",
            "starts_at": NOON,
            "ends_at": NOON + dt.timedelta(hours=2),
            "changed_at": NOON,
            "title": "เวทีประชาคม",
            **values,
        }
    )


def test_instants_are_in_utc_and_lines_end_with_crlf():
    feed = icalendar.feed("เวที", [event(revision=3)])
    lines = unfolded(feed)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261121T050000Z" in lines
    assert "DTEND:20261121T070000Z" in lines
    assert "SEQUENCE:3" in lines
    assert "STATUS:CONFIRMED" in lines
    assert "\n" not in feed.replace("\r\n", "")


def test_a_cancelled_event_says_so():
    assert "STATUS:CANCELLED" in unfolded(icalendar.feed("เวที", [event(is_cancelled=True)]))


def test_marks_are_escaped_and_controls_dropped():
    assert icalendar.escape("a\\b;c,d\r\ne\rf\x07") == "a\\\\b\\;c\\,d\\ne\\nf"


@given(st.text(max_size=400))
def test_no_text_breaks_a_feed(text):
    feed = icalendar.feed("x", [event(title=text, place=text, text=text)])
    assert all(len(line.encode()) <= icalendar.LINE for line in feed.split("\r\n"))
    titles = [line for line in unfolded(feed) if line.startswith("SUMMARY:")]
    assert titles == [f"SUMMARY:{icalendar.escape(text)}"]


@given(st.text(alphabet="กขคงาิีุูเแโใไ่้๊๋็์ำ \\", min_size=1, max_size=300))
def test_folding_loses_nothing(text):
    pieces = list(icalendar.fold(text))
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == text
    assert all(piece.startswith(" ") for piece in pieces[1:])
