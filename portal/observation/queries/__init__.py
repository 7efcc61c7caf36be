"""Reads of the observation room; one module per matter."""

from portal.core.i18n import lazy_gettext as _l
from portal.observation.queries.desk import (
    answer_day,
    desk,
    desk_reports,
    door,
    doors_to_come,
    owed,
    steps_to_confirm,
)
from portal.observation.queries.figures import Figures, came_by_step, counted_purchases, figures
from portal.observation.queries.reports import (
    PHOTOS,
    REPORTS,
    Told,
    content_of,
    fingerprint,
    may_read_photo,
    newest_report,
    report_visible,
    reports_of_process,
)
from portal.observation.queries.seats import (
    Seats,
    declaration_of,
    is_called_off,
    is_news_due,
    is_sign_up_open,
    mine,
    place_in_line,
    seats_of,
    signup_held,
    signup_with,
    step_held,
    taken,
    to_come_of,
    told_otherwise,
)
from portal.observation.queries.watching import (
    SHOWN,
    certificate,
    certificate_of,
    district_of,
    feed_number,
    open_steps,
)

COUNTS = {"step.came": came_by_step}
FILE_GUARDS = {PHOTOS: may_read_photo}
NEWS = {
    "observation.asked": _l("Someone wants to observe a step of “%(title)s”: confirm or decline."),
    "observation.confirmed": _l(
        "Your place as an observer at “%(title)s” is confirmed: %(when)s, %(place)s."
    ),
    "observation.declined": _l("Your place as an observer at “%(title)s” was declined. Reason: %(reason)s"),
    "observation.moved_up": _l("A place became free: you moved up for a step of “%(title)s”."),
    "observation.withdrew": _l("An observer gave up a confirmed place at “%(title)s”."),
    "observation.tomorrow": _l("Tomorrow you observe “%(title)s”: %(when)s, %(place)s."),
    "observation.moved": _l("The meeting you signed up for, “%(title)s”, is now %(when)s, %(place)s."),
    "observation.no_time": _l(
        "The meeting you signed up for, “%(title)s”, no longer has a time. You will hear when it is set again."
    ),
    "observation.called_off": _l("The meeting you signed up for, “%(title)s”, no longer takes observers."),
    "observation.reported": _l("An observer has reported on “%(title)s”."),
    "observation.corrected": _l("An observer has corrected a report on “%(title)s”."),
    "observation.answered": _l("The office has answered your report on “%(title)s”."),
    "observation.answered_to_all": _l("The office has answered an observer's report on “%(title)s”."),
    "observation.answer_due": _l("An observer's report on “%(title)s” must be answered by %(due)s."),
    "observation.answer_overdue": _l("The answer to an observer's report on “%(title)s” was due on %(due)s."),
}

__all__ = [
    "COUNTS",
    "FILE_GUARDS",
    "NEWS",
    "PHOTOS",
    "REPORTS",
    "SHOWN",
    "Figures",
    "Seats",
    "Told",
    "answer_day",
    "certificate",
    "certificate_of",
    "content_of",
    "counted_purchases",
    "declaration_of",
    "desk",
    "desk_reports",
    "district_of",
    "door",
    "doors_to_come",
    "feed_number",
    "figures",
    "fingerprint",
    "is_called_off",
    "is_news_due",
    "is_sign_up_open",
    "may_read_photo",
    "mine",
    "newest_report",
    "open_steps",
    "owed",
    "place_in_line",
    "report_visible",
    "reports_of_process",
    "seats_of",
    "signup_held",
    "signup_with",
    "step_held",
    "steps_to_confirm",
    "taken",
    "to_come_of",
    "told_otherwise",
]
