"""A project falls away while one votes: what was chosen before is worth the same on the web and on paper."""

import json

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Role
from portal.voting import verify_result
from portal.voting.commands import ballots
from portal.voting.commands.projects import withdraw_project
from portal.voting.models import Ballot, Candidate, Round, RoundResult, Verdict
from portal.voting.queries import results
from tests.factories.ballots import officer
from tests.voting.conftest import finish
from tests.voting.papers import AFTER, hand_out, rows, whole_batch


def test_marks_are_worth_the_same_on_both_channels_when_a_project_is_withdrawn(vote, clock):
    """A ballot cast before a withdrawal and a sheet that says the same are judged alike and keep the same numbers."""
    said = {"1+2": [1, 2], "2": [2], "1+2+3": [1, 2, 3]}
    for place, choices in enumerate(said.values()):
        ballots.cast(vote.id, vote.rolls[place], dict.fromkeys(choices, 1), "word", f"one-try-{place}")
    hand_out(vote, range(10, 14))
    with db.transaction() as session:
        second = session.scalars(sa.select(Candidate.id).where(Candidate.number == 2)).one()
        withdraw_project(officer(Role.DIRECTOR), second, "ที่ดินติดคดี")
    clock.travel(AFTER)
    _batch, counts = whole_batch(vote, [*said, "1+2+3+4"])
    assert counts == {Verdict.VALID: 3, Verdict.TOO_MANY: 1}
    bodies = [json.loads(one.body) for one in rows(Ballot)]
    written = {
        channel: [one["choices"] for one in bodies if one["channel"] == channel]
        for channel in ("web", "paper")
    }
    assert sorted(written["web"]) == sorted(written["paper"]) == sorted(said.values())
    finish(vote, clock)
    with db.transaction("read") as session:
        found = json.loads(session.get(RoundResult, vote.id).body)
        assert (found["voters"], found["empty"]) == (4, 2)
        assert found["votes"] == {"1": 4, "2": 0, "3": 2, "4": 0}
        assert verify_result.check(
            results.files(session.get(Round, vote.id), opened=True), say=lambda _line: None
        )
