"""What a clerk keys off one sheet of paper, and what the rules take it for."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.voting import sheet
from portal.voting.ballot import Limits
from portal.voting.models import Verdict
from portal.voting.queries import paper

LIMITS = Limits("approval", {1: 30, 2: 20, 3: 15, 4: 40, 5: 10, 6: 10}, 60, least=1, most=2, rivals=[(1, 2)])


@pytest.mark.parametrize(
    ("typed", "keyed", "verdict"),
    [
        ("3+4", "3+4", Verdict.VALID),
        (" 4, 3 ", "3+4", Verdict.VALID),
        ("๓ ๔", "3+4", Verdict.VALID),
        ("3", "3", Verdict.VALID),
        ("0", "0", Verdict.BLANK),
        ("๐", "0", Verdict.BLANK),
        ("1+2", "1+2", Verdict.RIVALS),
        ("1+3+4", "1+3+4", Verdict.TOO_MANY),
        ("/1", "/1", Verdict.UNREADABLE),
        ("/2", "/2", Verdict.MARKED),
        ("/3", "/3", Verdict.NOT_OFFICIAL),
        ("–", "-", Verdict.MISSING),
    ],
)
def test_what_a_clerk_types_is_judged_by_the_rules(typed, keyed, verdict):
    assert sheet.read(typed, "approval", range(1, 6)) == keyed
    assert sheet.judge(keyed, LIMITS)[0] is verdict


@pytest.mark.parametrize("typed", ["", "x", "9", "3+3", "/4", "3*2", "--", "0+1", "1234"])
def test_what_cannot_be_is_refused_with_words(typed):
    with pytest.raises(Invalid):
        sheet.read(typed, "approval", range(1, 6))


def test_points_and_money():
    points = Limits("points", {3: 1, 7: 1}, 9, most=5, points=4)
    assert sheet.read("7*1 3=4", "points", [3, 7]) == "3*4+7*1"
    assert sheet.judge("3*4+7*1", points) == (Verdict.VALID, {3: 4, 7: 1})
    assert sheet.judge("3*4+7*2", points)[0] is Verdict.POINTS
    money = Limits("knapsack", {1: 30, 2: 31}, 60)
    assert sheet.judge("1+2", money)[0] is Verdict.OVER_MONEY
    assert sheet.judge("0", Limits("approval", {1: 1}, 9, least=0))[0] is Verdict.VALID


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["0", "-", *sheet.REFUSED]),
            st.sets(st.integers(1, 6), min_size=1).map(lambda some: "+".join(map(str, sorted(some)))),
        ),
        max_size=60,
    )
)
def test_every_sheet_is_valid_invalid_or_missing(keyed):
    found = Counter(sheet.judge(one, LIMITS)[0] for one in keyed)
    invalid = sum(found[one] for one in paper.INVALID)
    assert found[Verdict.VALID] + invalid + found[Verdict.MISSING] == len(keyed)
    for one in keyed:
        assert sheet.read(one, "approval", range(1, 7)) == one
        verdict, choices = sheet.judge(one, LIMITS)
        assert (not choices) or verdict is Verdict.VALID
