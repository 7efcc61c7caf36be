"""What people read for the words of this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.progress.models import WHOLE, DraftState, Moment

STANDINGS: Mapping[str, tuple[object, str]] = {
    "late": (_l("Report overdue"), "red"),
    "stalled": (_l("Stalled"), "red"),
    "off_plan": (_l("Behind schedule"), "amber"),
    "running": (_l("Under way"), "blue"),
    "finished": (_l("Finished"), "green"),
}
DRAFTS: Mapping[DraftState, tuple[object, str]] = {
    DraftState.WRITING: (_l("Being saved"), "grey"),
    DraftState.SENT: (_l("Waits for a second person"), "amber"),
}
MOMENTS: Mapping[Moment, object] = {
    Moment.BEFORE: _lp("photograph", "Before"),
    Moment.DURING: _lp("photograph", "During the work"),
    Moment.AFTER: _lp("photograph", "After"),
}


def percent(done: int) -> str:
    """Hundredths of a percent as people write them: 6500 is ``65%``, 3350 is ``33.50%``."""
    whole, rest = divmod(done, 100)
    return f"{whole}.{rest:02}%" if rest else f"{whole}%"


def turn(row: Any) -> str:
    """How far the work is, in a few words."""
    if not row.reports:
        return _("Followed; no report yet")
    if row.done >= WHOLE:
        return _("All of the work is done")
    return _("%(percent)s of the work is done", percent=percent(row.done))


def tone(row: Any) -> str:
    """The tag's tone for :func:`turn`."""
    if row.done >= WHOLE:
        return "green"
    return "amber" if row.reports and not (row.is_on_plan and row.is_on_target) else "blue"


def event(done: int, going: str) -> str:
    """A report as one line of a story; ``going``: ``on_plan`` or ``off_plan``."""
    if going == "on_plan":
        return _("Progress report: %(percent)s", percent=percent(done))
    return _("Progress report: %(percent)s, behind schedule", percent=percent(done))
