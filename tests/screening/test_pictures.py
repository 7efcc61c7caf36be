"""What the pictures of decisions show."""

from portal.screening import words
from portal.screening.models import Outcome


def test_the_shares_of_a_picture_add_up_equal_parts_stay_equal_and_no_two_outcomes_look_alike(app):
    percents = app.jinja_env.filters["percents"]
    assert percents([2, 3, 4, 4]) == ["15%", "23%", "31%", "31%"]
    assert percents([1, 1, 1, 3]) == ["16.7%", "16.7%", "16.7%", "50.0%"]
    assert percents([100, 100, 100]) == ["33.3%"] * 3
    assert percents([999, 1, 0]) == [">99%", "<1%", "0%"]
    assert percents([5, 0]) == ["100%", "0%"]
    assert percents([1] * 3000) == ["<0.1%"] * 3000
    assert percents([0, 0]) == ["–", "–"]
    assert len(set(words.OUTCOME_FILLS.values())) == len(words.OUTCOME_FILLS) == len(Outcome)
