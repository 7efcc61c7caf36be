"""The ledger in words: whatever the code can write into it, residents and auditors read it in Thai and in English."""

import re
from collections import Counter
from importlib import import_module

import pytest

from portal.core import i18n
from portal.core.ledger import BLANKED, TWO_FROM_HERE
from tests.house.recorded import told
from tests.house.source import PORTAL, ROOMS

EVENTS = {
    room: import_module(f"portal.{room}.events").EVENTS
    for room in ROOMS
    if (PORTAL / room / "events.py").exists()
}


@pytest.mark.parametrize(("parameter", "table"), [("event", "events"), ("kind", "things")])
def test_whatever_can_be_recorded_has_its_words_once(parameter, table):
    can = told(parameter)
    assert not can.unsaid, "write the names out where they are recorded:\n" + "\n".join(can.unsaid)
    named = Counter(name for words in EVENTS.values() for name in getattr(words, table))
    wordless = sorted(can.names - named.keys())
    assert not wordless, f"name them in the events.py of the room that records them: {wordless}"
    assert not [name for name, times in named.items() if times > 1], "one room names an event, not two"


def test_the_search_sees_through_the_functions_that_hand_a_name_on():
    seen = {
        "plan.item_written",  # by a keyword's function
        "observer.absent",  # one of two
        "residency.refused",  # put under a name before
        "roll.letters_turned_down",  # out of a table
        "screening.sheet_written",  # by a function of the file
        "screening.card_answered",  # by a function inside another
        BLANKED,  # by a name for it
    }
    assert seen <= told("event").names
    assert "item" in told("kind").names, "one of a pair"


def test_what_only_a_migration_writes_has_its_words():
    assert TWO_FROM_HERE in EVENTS["audit"].events


@pytest.mark.parametrize("room", EVENTS)
def test_the_words_are_said_in_both_languages(room):
    words = EVENTS[room]
    texts = {"title": words.title, **words.events, **words.things}
    with i18n.speaking("en"):
        assert [name for name, text in texts.items() if not re.match("[A-Z]", str(text))] == []
    with i18n.speaking("th"):
        assert [name for name, text in texts.items() if not re.search("[ก-๙]", str(text))] == []


@pytest.mark.parametrize("table", ["events", "things"])
def test_no_two_events_are_called_the_same(table):
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            called = Counter(
                str(text) for words in EVENTS.values() for text in getattr(words, table).values()
            )
        assert [text for text, times in called.items() if times > 1] == []
