"""What people read for the words of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from portal.core import clock, money, thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.models import PhaseKind

PHASES: Mapping[PhaseKind, object] = {
    PhaseKind.FORUMS: _l("Community forums"),
    PhaseKind.SUBMISSION: _l("Submitting plans"),
    PhaseKind.SCREENING: _l("Screening"),
    PhaseKind.APPEALS: _l("Appeals"),
    PhaseKind.VOTING: _l("Vote"),
    PhaseKind.HEARING: _l("Hearing on the draft plan"),
    PhaseKind.PUBLICATION: _l("Publication"),
    PhaseKind.IMPLEMENTATION: _l("Implementation"),
    PhaseKind.CLOSING: _l("Closing"),
}

FACTS: Mapping[str, object] = {
    "format": _l("Format of the text"),
    "district": _l("District code"),
    "fiscal_year": _l("Fiscal year"),
    "money.community_ceiling_satang": _l("Ceiling for one community"),
    "money.envelope_satang": _l("Money of the district for community items"),
    "money.forum_budget_satang": _l("Money for holding forums"),
    "money.plan_budget_satang": _l("Money for making and reviewing plans"),
    "minimum.forums": _l("Fewest forums before a plan is submitted"),
    "minimum.sides": _l("Fewest themes a plan must serve"),
    "minimum.review": _l("Last year's plan must be reviewed before a new one is submitted"),
    "deadlines.screening_working_days": _l("Working days for screening"),
    "deadlines.correction_days": _l("Days for a correction"),
    "deadlines.appeal_days": _l("Days for an appeal after the release, at least"),
    "release": _l("How decisions are released"),
    "voting_rule": _l("Voting rule"),
}

RELEASES: Mapping[str, object] = {
    "single": _l("One by one: an officer releases each after it is confirmed"),
    "batch": _l("All together: an officer releases them after the last is confirmed"),
}

GROUPS: Mapping[str, object] = {"formal": _l("Formal check"), "merit": _l("Merit check")}


def name_of_fact(path: str) -> str:
    """The words for one fact of a body by its path (:func:`portal.cycles.body.facts`)."""
    first, _dot, rest = path.partition(".")
    if first == "phases":
        kind, _dot, end = rest.partition(".")
        name = str(PHASES[PhaseKind(kind)])
        return _("%(phase)s: begins", phase=name) if end == "starts_at" else _("%(phase)s: ends", phase=name)
    if first == "criteria":
        return _("Criterion “%(key)s”", key=rest)
    return str(FACTS.get(path, path))


def text_of_fact(path: str, value: Any) -> str:
    """The words for the value of one fact; a dash for none."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if path.endswith("_satang"):
        return money.baht(value, language()) if value else _("not set")
    if path.endswith((".starts_at", ".ends_at")):
        return _edge(dt.datetime.fromisoformat(value), is_end=path.endswith(".ends_at"))
    if path.startswith("criteria."):
        text = value["text_en"] if language() == "en" else value["text_th"]
        return f"{text} ({_('may be corrected')})" if value["is_correctable"] else text
    if path == "release":
        return str(RELEASES[value])
    return str(value)


def _edge(instant: dt.datetime, *, is_end: bool) -> str:
    """The day a window begins on, or its last day; the minute too when it is not midnight."""
    local = instant.astimezone(clock.BANGKOK)
    if (local.hour, local.minute) != (0, 0):
        return thai.instant_text(local, language())
    return thai.day_text(clock.day_of(local - dt.timedelta(days=1 if is_end else 0)), language(), "long")
