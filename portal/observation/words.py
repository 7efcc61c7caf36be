"""What people read for the words of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from portal.core.i18n import lazy_gettext as _l
from portal.observation.models import Grade, SignupState
from portal.observation.policy import Closed

DECLARATION = _l(
    "I declare that neither I nor my family are bidding here, work for a bidder, or gain or lose by who wins; and that I will keep what I see of bids to myself until the winner is announced."
)

STATES: Mapping[SignupState, tuple[object, str]] = {
    SignupState.ASKED: (_l("Waiting for the office to confirm"), "amber"),
    SignupState.WAITING: (_l("On the waiting list"), "grey"),
    SignupState.CONFIRMED: (_l("Place confirmed"), "green"),
    SignupState.DECLINED: (_l("Declined"), "red"),
    SignupState.CANCELLED: (_l("Given up"), "grey"),
    SignupState.ATTENDED: (_l("Attended"), "green"),
    SignupState.ABSENT: (_l("Did not come"), "grey"),
}

GRADES: Mapping[Grade, tuple[object, str]] = {
    Grade.NO_CONCERN: (_l("No concern"), "green"),
    Grade.QUESTION: (_l("A question"), "amber"),
    Grade.CONCERN: (_l("A concern"), "red"),
}

GRADE_HINTS: Mapping[str, object] = {
    Grade.NO_CONCERN.value: _l("Everything went as it should."),
    Grade.QUESTION.value: _l("Something is unclear; the office must answer."),
    Grade.CONCERN.value: _l("Something seems wrong; the office must answer."),
}

CLOSED: Mapping[Closed, object] = {
    Closed.ASKED: _l("The observer asked that the words be kept from the public. The office has read them."),
    Closed.SEALED: _l("The words are shown once the winner is announced: until then bids are secret."),
}


def meeting(meets_at: dt.datetime | None, place: str) -> dict[str, str]:
    """Time and place for a sentence of news."""
    return {"when": meets_at.isoformat() if meets_at else "", "place": place}
