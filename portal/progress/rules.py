"""What a report may say, what it must say, and what is hashed of it. Pure: no session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from portal.core import clock, money
from portal.core.errors import WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.progress import words
from portal.progress.models import WHOLE
from portal.progress.months import month_of

FORMAT = "ruamngop/progress-report/1"
Faults = dict[str, object]
"""What is wrong, by form field; empty when nothing is."""


def faults_of_head(data: Any) -> Faults:
    """Agency and post are named; percentages do not fall and end with the whole."""
    wrong: Faults = {
        name: _l("This must be filled in.")
        for name in ("agency", "responsible")
        if not getattr(data, name).strip()
    }
    planned = list(data.planned)
    if len(planned) != 4 or planned != sorted(planned) or planned[0] < 0 or planned[-1] != WHOLE:
        wrong["fourth"] = _l("The percentages may not fall from quarter to quarter, and the last is 100.")
    return wrong


def faults_of(data: Any, month: dt.date, others: Sequence[Any], received_satang: int) -> Faults:
    """What no report may say: less than the month before it or more than the month after it, a day to come, more money
    than was received without a reason. ``others`` are the reports of other months that count."""
    wrong: Faults = {}
    least = max((one.done for one in others if one.for_month < month), default=0)
    most = min((one.done for one in others if one.for_month > month), default=WHOLE)
    if not 0 <= data.done <= WHOLE:
        wrong["done"] = _l("A percentage lies between 0 and 100.")
    elif data.done < least:
        wrong["done"] = _l(
            "Progress cannot go down: the previous report says %(percent)s.",
            percent=words.percent(least),
        )
    elif data.done > most:
        wrong["done"] = _l(
            "The next month's report says %(percent)s; correct that one first.",
            percent=words.percent(most),
        )
    if data.spent_satang < 0:
        wrong["spent_satang"] = _l("Money cannot be less than zero.")
    spent = sum(one.spent_satang for one in others) + data.spent_satang
    if spent > received_satang and data.spent_satang > 0 and not data.over_reason.strip():
        wrong["over_reason"] = _l(
            "A total of %(spent)s would be spent, but %(received)s was received. Say why.",
            spent=money.baht(spent),
            received=money.baht(received_satang),
        )
    if data.reported_on is not None and data.reported_on > clock.today():
        wrong["reported_on"] = _l("This date is in the future.")
    return wrong


def refuse_early(sheet: Any, month: dt.date) -> None:
    """Raises WrongState for the report of a month that has not begun: what is to come can be neither seen nor late."""
    if month > month_of(clock.today()):
        raise WrongState(
            _l("This month has not started. Its report can be written from its first day."),
            way_on=("progress.show", {"sheet_id": sheet.id}, _l("See the reports")),
        )


def missing_in(draft: Any) -> Faults:
    """What must be said before a second person reads it."""
    wrong: Faults = {}
    if not draft.text:
        wrong["text"] = _l("This must be filled in.")
    if not (draft.is_on_plan and draft.is_on_target) and not draft.reason:
        wrong["reason"] = _l("Say why it is behind schedule or misses its target: everyone can read it.")
    if draft.corrects_id is not None and not draft.correction_reason:
        wrong["correction_reason"] = _l("Say what was wrong in the earlier report.")
    return wrong


def body_of(report: Any, hashes: Mapping[int, str]) -> dict[str, Any]:
    """What is hashed of a report: all that everybody reads of it, and the hashes of its pictures by file; nobody's name."""
    return {
        "format": FORMAT,
        "sheet": report.sheet_id,
        "number": report.number,
        "corrects": report.corrects_id,
        "correction_reason": report.correction_reason,
        "month": report.for_month.isoformat()[:7],
        "reported_on": report.reported_on.isoformat() if report.reported_on else None,
        "text": report.text,
        "done_hundredths_of_percent": report.done,
        "spent_satang": report.spent_satang,
        "is_on_plan": report.is_on_plan,
        "is_on_target": report.is_on_target,
        "reason": report.reason,
        "over_reason": report.over_reason,
        "photos": [
            {"sha256": hashes[photo["file"]], "moment": photo["moment"], "caption": photo["caption"]}
            for photo in report.photos
        ],
    }
