"""What the pictures of decisions show."""

from portal.screening import words
from portal.screening.models import Outcome


def test_the_shares_of_a_picture_add_up_and_no_two_outcomes_look_alike(app):
    assert app.jinja_env.filters["percents"]([1, 1, 1, 3]) == ["17%", "17%", "16%", "50%"]
    assert app.jinja_env.filters["percents"]([0, 0]) == ["–", "–"]
    assert len(set(words.OUTCOME_FILLS.values())) == len(words.OUTCOME_FILLS) == len(Outcome)
