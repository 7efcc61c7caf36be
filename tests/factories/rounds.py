"""Voting rounds at any point of their way. Use inside an open transaction."""

import datetime as dt
from typing import Any

from portal.core import clock, db
from portal.core.actor import Actor, Role
from portal.voting.commands import rounds as commands
from portal.voting.models import BallotType, Candidate, Completion, Round, RoundEdition, Rule
from tests.factories import accounts, places

COSTS = (300_000_00, 200_000_00, 500_000_00)


def data(**given: Any) -> commands.RoundData:
    """Rules by approval of two projects, counted by Equal Shares, open from tomorrow for a week."""
    now = clock.now()
    values: dict[str, Any] = {
        "title": "เลือกโครงการของเขต",
        "about": "",
        "envelope_satang": 600_000_00,
        "ballot_type": BallotType.APPROVAL,
        "max_choices": 2,
        "min_choices": 1,
        "max_points": 1,
        "rule": Rule.EQUAL_SHARES,
        "completion": Completion.ADD1U,
        "compares": False,
        "min_support": 0,
        "counts_empty": False,
        "shows_ballots": True,
        "min_age": 18,
        "cutoff_day": clock.today(),
        "opens_at": now + dt.timedelta(days=1),
        "closes_at": now + dt.timedelta(days=8),
        "tie_source": "เลขท้ายสลากกินแบ่งรัฐบาลงวดถัดไป",
    }
    return commands.RoundData(**{**values, **given})


def draft(*, is_city: bool = False, **given: Any) -> Round:
    """A draft of Dusit, or of the whole city, with three projects."""
    district = None if is_city else places.district()
    planner = accounts.officer(Role.STRATEGY if is_city else Role.PLANNER, district)
    made = commands.create_round(planner, district.id if district else None, None, data(**given))
    for number, cost in enumerate(COSTS, 1):
        db.session().add(
            Candidate(round_id=made.id, number=number, name=f"โครงการที่ {number}", cost_satang=cost)
        )
    db.session().flush()
    return made


def published(*, is_city: bool = False, **given: Any) -> Round:
    """A published round that opens tomorrow."""
    made = draft(is_city=is_city, **given)
    district = None if is_city else places.district()
    commands.propose_round(accounts.officer(Role.STRATEGY if is_city else Role.PLANNER, district), made.id)
    publish(accounts.officer(Role.STRATEGY if is_city else Role.DIRECTOR, district), made)
    return made


def publish(actor: Actor, made: Round) -> RoundEdition:
    """Confirm the rules as they stand now, read by who confirms them."""
    db.session().flush()
    return commands.publish_round(actor, made.id, read=made.version_id)
