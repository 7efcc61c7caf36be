"""What a decision must say, what the card carries, and the pure parts: clock, likeness, prices."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.calendar import WorkingCalendar
from portal.cycles.defaults import CRITERIA
from portal.screening import deadlines, decisions, likeness, words
from portal.screening.decisions import DecisionData
from portal.screening.models import Answer, Outcome

ASKED, YEAR = 100_000_00, 2571
WHOLE = {
    Outcome.ACCEPT: {"reason_code": "fits", "accepted_satang": ASKED},
    Outcome.ACCEPT_CHANGED: {
        "reason_code": "cost_reduced",
        "accepted_satang": ASKED * 2,
        "changes": "เพิ่มราวจับ",
    },
    Outcome.MERGE_WITH: {"reason_code": "same_purpose", "merge_into_item_id": 9},
    Outcome.REFER: {"reason_code": "other_agency", "agency": "สำนักการโยธา"},
    Outcome.COMMUNITY_DOES: {"reason_code": "own_means"},
    Outcome.DEFER: {"reason_code": "no_money", "defer_to_year": YEAR + 1},
    Outcome.REJECT: {"reason_code": "cost"},
}


def wrong(outcome, **changed):
    data = DecisionData(**{"outcome": outcome, "reason": "เพราะ", **WHOLE[outcome], **changed})
    return set(decisions.problems(data, asked_satang=ASKED, fiscal_year=YEAR))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_said_whole(outcome):
    assert wrong(outcome) == set()
    assert wrong(outcome, reason=" ") == {"reason"}
    assert wrong(outcome, reason_code="nonsense") == {"reason_code"}


@pytest.mark.parametrize(
    ("outcome", "changed", "field"),
    [
        (Outcome.ACCEPT, {"accepted_satang": ASKED + 1}, "accepted_satang"),
        (Outcome.ACCEPT, {"accepted_satang": None}, "accepted_satang"),
        (Outcome.ACCEPT, {"accepted_satang": -1}, "accepted_satang"),
        (Outcome.ACCEPT_CHANGED, {"changes": " "}, "changes"),
        (Outcome.MERGE_WITH, {"merge_into_item_id": None}, "merge_into_item_id"),
        (Outcome.REFER, {"agency": " "}, "agency"),
        (Outcome.DEFER, {"defer_to_year": None}, "defer_to_year"),
        (Outcome.DEFER, {"defer_to_year": YEAR}, "defer_to_year"),
        (Outcome.DEFER, {"defer_to_year": YEAR + 6}, "defer_to_year"),
    ],
)
def test_what_an_outcome_lacks_is_named(outcome, changed, field):
    assert wrong(outcome, **changed) == {field}


def test_every_reason_code_belongs_somewhere_and_has_words():
    used = {code for codes in words.REASONS_FOR.values() for code in codes}
    assert used == words.REASONS.keys()
    assert words.REASONS_FOR.keys() == words.OUTCOMES.keys() == words.OUTCOME_MEANINGS.keys() == set(Outcome)


def test_leftovers_of_another_choice_are_dropped():
    data = DecisionData(
        Outcome.REJECT, "cost", "แพงเกินไป", accepted_satang=5, agency="สำนักการโยธา", changes="ลด"
    )
    assert data.facts() == {"outcome": Outcome.REJECT, "reason_code": "cost", "reason": "แพงเกินไป"}


FORMAL = [one.key for one in CRITERIA if one.group == "formal"]
ALL = [one.key for one in CRITERIA]


@pytest.mark.parametrize(
    ("answers", "is_formal", "outcomes"),
    [
        (dict.fromkeys(ALL, Answer.MET), False, set(Outcome)),
        (dict.fromkeys(FORMAL, Answer.MET), False, set()),
        (dict.fromkeys(FORMAL, Answer.MET), True, set()),
        (
            {**dict.fromkeys(FORMAL, Answer.MET), "in_district": Answer.NOT_MET},
            True,
            set(Outcome) - decisions.ACCEPTING,
        ),
        ({**dict.fromkeys(ALL, Answer.MET), "cost": Answer.NOT_MET}, False, set(Outcome) - {Outcome.ACCEPT}),
        ({**dict.fromkeys(ALL, Answer.MET), "land": Answer.NOT_APPLICABLE}, False, set(Outcome)),
    ],
)
def test_the_card_carries_the_outcome(answers, is_formal, outcomes):
    carried = {
        outcome
        for outcome in Outcome
        if decisions.card_problems(outcome, CRITERIA, answers, is_formal=is_formal) is None
    }
    assert carried == outcomes


# -- the clock ------------------------------------------------------------------------------------------------------

MONDAY = dt.date(2026, 11, 23)
days = st.dates(min_value=MONDAY, max_value=MONDAY + dt.timedelta(days=200))


@given(
    opened=days, working_days=st.integers(1, 60), wait=st.integers(0, 40), holidays=st.sets(days, max_size=20)
)
def test_waiting_for_others_costs_no_working_day(opened, working_days, wait, holidays):
    off = WorkingCalendar(holidays)
    due = deadlines.first_due_on(off, opened, working_days)
    answered = opened + dt.timedelta(days=wait)
    later = deadlines.paused_due_on(off, due, opened, answered)
    assert (
        off.working_days_between(opened, later) - off.working_days_between(opened, answered) == working_days
    )
    assert later >= due


def test_the_later_of_days_and_phase_closes_the_window():
    released = clock.at(MONDAY, 9, 30)
    after_days = clock.at(MONDAY + dt.timedelta(days=16))
    assert deadlines.appeal_window_end(released, 15, None) == after_days
    assert deadlines.appeal_window_end(released, 15, clock.at(MONDAY + dt.timedelta(days=3))) == after_days
    phase_end = clock.at(MONDAY + dt.timedelta(days=60))
    assert deadlines.appeal_window_end(released, 15, phase_end) == phase_end


# -- likeness -------------------------------------------------------------------------------------------------------

some_words = st.frozensets(st.sampled_from(["ทางเดิน", "คลอง", "ไฟ", "เต็นท์", "อบรม", "ท่อ", "สวน", "กล้อง"]))


@given(left=some_words, right=some_words)
def test_likeness_is_even_handed_and_bounded(left, right):
    alike = likeness.share(left, right)
    assert alike == likeness.share(right, left)
    assert 0 <= alike <= 1 + 1e-9
    assert not left or likeness.share(left, left) == pytest.approx(1)


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_a_price_range_is_of_the_prices(prices):
    found = likeness.price_range((price, None) for price in prices)
    assert found is not None
    assert found.low <= found.middle <= found.high
    assert {found.low, found.middle, found.high} <= set(prices)


def test_no_prices_no_range():
    assert likeness.price_range([]) is None
