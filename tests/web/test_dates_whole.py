"""No line turns inside a date or a time."""

import datetime as dt

import pytest

from portal.core import i18n

NOON = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        ("16 Mar – 15 Apr 2027", "16_Mar_– 15_Apr_2027"),
        ("16 มี.ค. – 15 เม.ย. 2570: ปิด ยังไม่มีกติกา", "16_มี.ค._– 15_เม.ย._2570: ปิด ยังไม่มีกติกา"),
        ("฿8,600,000 · 6 May 2026", "฿8,600,000_· 6_May_2026"),
    ],
)
def test_no_day_of_a_line_of_steps_tears(app, when, shown):
    line = app.jinja_env.from_string(
        '{% from "components/lines.html" import cycle_line %}{{ cycle_line(steps) }}'
    )
    page = line.render(steps=[{"label": "ก", "when": when, "state": "next"}])
    said = shown.replace("_", "\N{NO-BREAK SPACE}")
    assert f'<span class="when">{said}</span>' in page


@pytest.mark.parametrize(
    ("text", "th", "en"),
    [
        ("{{ day|day }}", "21_พ.ย._2569", "21_Nov_2026"),
        ("{{ day|day('weekday') }}", "วันเสาร์ที่ 21_พฤศจิกายน_2569", "Saturday 21_November_2026"),
        ("{{ day|last_day }}", "20_พ.ย._2569", "20_Nov_2026"),
        ("{{ day|month }}", "พฤศจิกายน_2569", "November_2026"),
        ("{{ noon|instant }}", "21_พ.ย._2569 เวลา_16:30_น.", "21_Nov_2026, 16:30"),
        ("{{ noon|deadline }}", "21_พ.ย._2569 เวลา_16:30_น.", "21_Nov_2026, 16:30"),
        ("{{ early|span(day) }}", "30_ต.ค._– 21_พ.ย._2569", "30_Oct_– 21_Nov_2026"),
        ("{{ day|span(late) }}", "21–24_พ.ย._2569", "21–24_Nov_2026"),
    ],
)
def test_a_date_does_not_tear(app, text, th, en):
    given = {"day": DAY, "noon": NOON, "early": dt.date(2026, 10, 30), "late": dt.date(2026, 11, 24)}
    for lang, told in (("th", th), ("en", en)):
        with i18n.speaking(lang):
            shown = app.jinja_env.from_string(text).render(**given)
        assert shown == told.replace("_", "\N{NO-BREAK SPACE}")
