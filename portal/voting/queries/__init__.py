"""Reads of the voting room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import db, topics
from portal.core.actor import Actor
from portal.core.i18n import lazy_gettext as _l
from portal.voting import policy
from portal.voting.models import Candidate, Round
from portal.voting.queries.cancelling import (
    asks_no_more,
    is_annulled,
    is_cancelled_by_two,
    waiting_request,
)
from portal.voting.queries.roll import (
    by_community,
    communities_of,
    has_reminder,
    place_on_roll,
    reminders_due,
    request_seen,
    requests,
    requests_left,
    roll_counts,
    rounds_of_roll,
    row_of_voter,
)
from portal.voting.queries.rounds import (
    accepted_left,
    candidate_visible,
    candidates,
    caps,
    choosable,
    conflicts,
    cycles_of,
    cycles_voted_on,
    desk,
    desk_districts,
    district_code,
    edition,
    missing,
    next_boundary,
    on_other_ballots,
    picture_hashes,
    picture_text,
    place_of,
    round_visible,
    rounds,
    successor,
    title_of,
    years_of_the_city,
)
from portal.voting.queries.strikes import objection_seen, objections, strike_of, strikes

__all__ = [
    "accepted_left",
    "asks_no_more",
    "by_community",
    "candidate_visible",
    "candidates",
    "caps",
    "choosable",
    "communities_of",
    "conflicts",
    "cycles_of",
    "cycles_voted_on",
    "desk",
    "desk_districts",
    "district_code",
    "edition",
    "has_reminder",
    "is_annulled",
    "is_cancelled_by_two",
    "missing",
    "next_boundary",
    "objection_seen",
    "objections",
    "on_other_ballots",
    "picture_hashes",
    "picture_text",
    "place_of",
    "place_on_roll",
    "reminders_due",
    "request_seen",
    "requests",
    "requests_left",
    "roll_counts",
    "round_visible",
    "rounds",
    "rounds_of_roll",
    "row_of_voter",
    "strike_of",
    "strikes",
    "successor",
    "title_of",
    "waiting_request",
    "years_of_the_city",
]


def _round_topics(actor: Actor) -> sa.Select[Any]:
    return sa.select(Round.topic_id).where(policy.visible_to(actor))


def _may_see_picture(actor: Actor, candidate_id: int, _sha256: str) -> bool:
    found = sa.select(Candidate.id).join(Round, Round.id == Candidate.round_id)
    return (
        db.session().scalar(found.where(Candidate.id == candidate_id, policy.visible_to(actor))) is not None
    )


KINDS = (topics.Kind("round", _round_topics, "voting.show", "round_id", _l("Voting round")),)
FILE_GUARDS = {"candidate": _may_see_picture}
NEWS = {
    "voting.proposed": _l("The rules of the vote “%(title)s” wait for your confirmation."),
    "voting.sent_back": _l("The rules of the vote “%(title)s” were sent back to you."),
    "voting.published": _l("A vote is announced: “%(title)s”. Its rules and projects are published."),
    "voting.withdrawn": _l("“%(title)s”: the project “%(project)s” was withdrawn. Reason: %(reason)s"),
    "voting.cancel_asked": _l(
        "Someone has asked to cancel the vote “%(title)s”; a second person carries it out. Reason: %(reason)s"
    ),
    "voting.cancel_turned_down": _l(
        "Your request to cancel the vote “%(title)s” was rejected. Reason: %(reason)s"
    ),
    "voting.cancelled": _l("The vote “%(title)s” was cancelled."),
    "voting.on_roll": _l("You are on the roll of “%(title)s”: you can vote once it opens."),
    "voting.not_on_roll": _l("The registry did not put you on the roll of “%(title)s”. Reason: %(reason)s"),
    "voting.struck": _l("You were removed from the roll of “%(title)s”. Reason: %(reason)s. You may object."),
    "voting.objection": _l("Someone removed from the roll of “%(title)s” objects. Your answer is awaited."),
    "voting.restored": _l("You are back on the roll of “%(title)s”. Answer: %(reason)s"),
    "voting.stays_struck": _l("You stay removed from the roll of “%(title)s”. Answer: %(reason)s"),
    "voting.letters_asked": _l(
        "Letters with codes for the vote “%(title)s” wait for a second person of the registry: %(letters)s."
    ),
    "voting.letters_released": _l(
        "The letters with codes you asked for in the vote “%(title)s” are released and can be printed."
    ),
    "voting.letters_turned_down": _l(
        "The letters with codes you asked for in the vote “%(title)s” were rejected. Reason: %(reason)s"
    ),
    "voting.paper_taken": _l(
        "A paper ballot for “%(title)s” was taken in your name at the district office, and your online ballot, if you cast one, is set aside. If that was not you, tell the district office at once."
    ),
    "voting.reminder": _l(
        "“%(title)s” closes soon. You asked to be reminded; we do not know whether you voted."
    ),
}
