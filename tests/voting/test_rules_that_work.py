"""Rules under which everybody can cast a ballot, and a title that nobody was shown."""

import pytest

from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import WrongState
from portal.voting import queries
from portal.voting.commands import cancelling, projects
from portal.voting.commands import rounds as commands
from portal.voting.models import BallotType, CandidateConflict, Rule
from tests.factories import accounts, places, rounds


@pytest.fixture
def planner(db):
    return accounts.officer(Role.PLANNER, places.district())


@pytest.fixture
def director(db):
    return accounts.officer(Role.DIRECTOR, places.district())


@pytest.mark.parametrize(
    ("rules", "is_fit", "is_fit_with_rivals"),
    [
        ({"min_choices": 3, "max_choices": 3}, True, False),
        (
            {"min_choices": 4, "max_choices": 9, "ballot_type": BallotType.POINTS, "rule": Rule.GREEDY},
            False,
            False,
        ),
        ({"min_choices": 2, "ballot_type": BallotType.KNAPSACK, "rule": Rule.GREEDY}, True, False),
        ({"min_choices": 2}, True, True),
        (
            {"min_choices": 3, "max_choices": 3, "ballot_type": BallotType.KNAPSACK, "rule": Rule.GREEDY},
            False,
            False,
        ),
    ],
)
def test_rules_under_which_nobody_can_vote_are_not_published(db, rules, is_fit, is_fit_with_rivals):
    made = rounds.draft(**rules)
    assert (queries.missing(made) == []) is is_fit
    first, second = queries.candidates(made.id)[:2]
    db.add(CandidateConflict(round_id=made.id, first_id=first.id, second_id=second.id, reason="ที่เดียวกัน"))
    db.flush()
    assert (queries.missing(made) == []) is is_fit_with_rivals


def test_no_project_is_withdrawn_that_every_ballot_needs(db, director):
    made = rounds.published(min_choices=2)
    first, second = queries.candidates(made.id)[:2]
    projects.withdraw_project(director, first.id, "ที่ดินถูกเวนคืน")
    with pytest.raises(WrongState):
        projects.withdraw_project(director, second.id, "ที่ดินถูกเวนคืน")


def test_the_title_of_a_draft_that_was_never_published_stays_unread(db, planner, director):
    old = rounds.draft(title="ร่างที่ไม่มีใครเห็น")
    commands.propose_round(planner, old.id)
    cancelling.cancel_round(director, old.id, "เตรียมใหม่")
    assert queries.title_of(ANONYMOUS, old.id) == ""
    assert queries.title_of(planner, old.id) == "ร่างที่ไม่มีใครเห็น"
