"""What people read for the words of this room."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.i18n import lazy_gettext as _l
from portal.observation.models import Grade, SignupState

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
