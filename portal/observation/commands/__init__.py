"""Asking for a place, coming, reporting, answering; one module per matter."""

from portal.observation.commands.coming import check_in, record_attendance, tick_by_code
from portal.observation.commands.feeds import renew_feed
from portal.observation.commands.places import (
    cancel_signup,
    confirm_all,
    confirm_signup,
    decline_signup,
    sign_up,
)
from portal.observation.commands.reminding import follow_changes
from portal.observation.commands.reporting import (
    LONGEST,
    MOST_FINDINGS,
    MOST_PHOTOS,
    Finding,
    Photo,
    ReportData,
    ReportedMeanwhile,
    answer_report,
    write_report,
)

__all__ = [
    "LONGEST",
    "MOST_FINDINGS",
    "MOST_PHOTOS",
    "Finding",
    "Photo",
    "ReportData",
    "ReportedMeanwhile",
    "answer_report",
    "cancel_signup",
    "check_in",
    "confirm_all",
    "confirm_signup",
    "decline_signup",
    "follow_changes",
    "record_attendance",
    "renew_feed",
    "sign_up",
    "tick_by_code",
    "write_report",
]
