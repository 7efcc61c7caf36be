"""What people read for the keys and units of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core import i18n, money
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext as _n
from portal.rulebook import seeds
from portal.rulebook.licences import LICENCES
from portal.rulebook.models import HolidayKind

GROUPS: tuple[tuple[str, object, tuple[str, ...]], ...] = (
    (
        "procurement",
        _l("Procurement"),
        (
            "procurement.committee_members",
            "procurement.direct_limit_satang",
            "procurement.draft_tor_may_from_satang",
            "procurement.draft_tor_must_above_satang",
            "procurement.draft_tor_days",
            "procurement.invitation_days_to_5m",
            "procurement.invitation_days_to_10m",
            "procurement.invitation_days_to_50m",
            "procurement.invitation_days_above",
            "procurement.appeal_days",
        ),
    ),
    (
        "committee",
        _l("Community committees"),
        (
            "committee.min",
            "committee.max",
            "committee.houses_base",
            "committee.houses_step",
            "committee.remainder",
        ),
    ),
    (
        "portal",
        _l("This portal's own rules"),
        ("screening.days", "observer.answer_days", "progress.due_day", "progress.stalled_months"),
    ),
    ("information", _l("Information centre"), ("information.display_days",)),
    ("opendata", _l("Open data"), ("opendata.licence",)),
)

LABELS: Mapping[str, object] = {
    "procurement.committee_members": _l("Fewest members of a procurement or inspection committee"),
    "procurement.direct_limit_satang": _l("Highest amount for the specific method"),
    "procurement.draft_tor_may_from_satang": _l("Draft TOR may be opened to comment from"),
    "procurement.draft_tor_must_above_satang": _l("Draft TOR must be opened to comment above"),
    "procurement.draft_tor_days": _l("Least time a draft TOR stays open to comment"),
    "procurement.invitation_days_to_5m": _l("Least time of an invitation, up to 5 million baht"),
    "procurement.invitation_days_to_10m": _l("Least time of an invitation, up to 10 million baht"),
    "procurement.invitation_days_to_50m": _l("Least time of an invitation, up to 50 million baht"),
    "procurement.invitation_days_above": _l("Least time of an invitation, above 50 million baht"),
    "procurement.appeal_days": _l("Time to appeal against an award; no contract is signed before it ends"),
    "committee.min": _l("Fewest members of a community committee"),
    "committee.max": _l("Most members of a community committee"),
    "committee.houses_base": _l("Houses up to which the fewest members are enough"),
    "committee.houses_step": _l("Number of further houses for one more member"),
    "committee.remainder": _l("A remainder of more than this many houses counts as a whole step"),
    "observer.answer_days": _l("Time for the office to answer an observer's report"),
    "information.display_days": _l("Least time a published document is shown before it counts as archived"),
    "progress.due_day": _l("Day of the month by which a progress report is due (a warning only)"),
    "progress.stalled_months": _l("Work counts as stalled when its percentage has not grown for"),
    "opendata.licence": _l("Licence under which anyone may use the open data"),
    "screening.days": _l("Time for screening an item, which the rules of a new year begin with"),
}

UNITS: Mapping[str, object] = {
    "satang": _l("baht"),
    "working_days": _l("working days"),
    "days": _l("days"),
    "months": _l("months"),
    "day_of_month": _l("day of the month"),
    "count": _l("number"),
    "licence": _l("licence"),
}

HOLIDAY_KINDS: Mapping[HolidayKind, object] = {
    HolidayKind.HOLIDAY: _l("Government holiday"),
    HolidayKind.SPECIAL_HOLIDAY: _l("Special day off by cabinet resolution"),
    HolidayKind.WORKING_DAY: _l("Working day by cabinet resolution"),
}


OWN_SOURCES: Mapping[str, object] = {
    seeds.OURS: _l("A rule of this portal, not of the law"),
    seeds.COMMITTEES: _l(
        "Bangkok regulation on communities and community committees, B.E. 2555 (2012); a regulation of B.E. 2564 (2021) followed and has not been compared yet"
    ),
    seeds.HOLIDAY_SOURCE: _l(
        "Data set of government holidays, compared with the announcements of the cabinet before use"
    ),
}
"""What the portal itself wrote as a source. What officers name is told in their words."""


def source_text(source: str) -> str:
    """A source in the reader's language where the portal wrote it; a law keeps its Thai name."""
    return str(OWN_SOURCES.get(source, source))


def value_text(value: int, unit: str) -> str:
    """A figure with its unit, in the language of the moment."""
    if unit == "satang":
        return money.baht(value, i18n.language())
    if unit == "working_days":
        return _n("%(num)s working day", "%(num)s working days", value)
    if unit == "days":
        return _n("%(num)s day", "%(num)s days", value)
    if unit == "months":
        return _n("%(num)s month", "%(num)s months", value)
    if unit == "day_of_month":
        return _("day %(day)s of the month", day=value)
    if unit == "licence":
        return LICENCES[value].name
    return f"{value:,}"
