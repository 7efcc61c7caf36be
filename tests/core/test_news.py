"""Sentences of news: a day in them is told in the language and the calendar of whoever reads."""

import pytest

from portal.core import i18n, news
from portal.observation.queries import NEWS


@pytest.mark.parametrize(
    ("kept", "thai", "english"),
    [
        ("2026-11-25T03:00:00+00:00", "25 พ.ย. 2569 เวลา 10:00 น.", "25 Nov 2026, 10:00"),
        ("2026-11-25", "25 พฤศจิกายน 2569", "25 November 2026"),
        ("25 พฤศจิกายน 2569", "25 พฤศจิกายน 2569", "25 พฤศจิกายน 2569"),
        ("", "", ""),
    ],
)
def test_a_day_is_told_in_the_readers_calendar(kept, thai, english):
    event = "observation.tomorrow"
    news.register(event, NEWS[event])
    for language, told in (("th", thai), ("en", english)):
        with i18n.speaking(language):
            assert f" {told}" in news.sentence(event, {"title": "x", "when": kept, "place": "y"})
