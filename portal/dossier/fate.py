"""What became of an idea, in one word, from the public facts about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.screening.models import Outcome


class Fate(StrEnum):
    """From the farthest to the nearest, then the ways that lead elsewhere."""

    DELIVERED = "delivered"
    CONTRACTED = "contracted"
    BUYING = "buying"
    IN_PLAN = "in_plan"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    MERGED = "merged"
    REFERRED = "referred"
    COMMUNITY = "community"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


LABELS: Mapping[Fate, object] = {
    Fate.DELIVERED: _l("Delivered and inspected"),
    Fate.CONTRACTED: _l("Contract signed, being delivered"),
    Fate.BUYING: _l("Being purchased"),
    Fate.IN_PLAN: _l("In the action plan"),
    Fate.ACCEPTED: _l("Accepted, not in the action plan yet"),
    Fate.WAITING: _l("Waiting for an answer"),
    Fate.MERGED: _l("Merged with another item"),
    Fate.REFERRED: _l("Passed to another agency"),
    Fate.COMMUNITY: _l("The community does it itself"),
    Fate.DEFERRED: _l("Put off to a later year"),
    Fate.REJECTED: _l("Not accepted"),
    Fate.WITHDRAWN: _lp("item", "Withdrawn"),
}
TONES: Mapping[Fate, str] = {
    Fate.DELIVERED: "green",
    Fate.CONTRACTED: "gold",
    Fate.BUYING: "gold",
    Fate.IN_PLAN: "green",
    Fate.ACCEPTED: "green",
    Fate.WAITING: "amber",
    Fate.MERGED: "blue",
    Fate.REFERRED: "blue",
    Fate.COMMUNITY: "blue",
    Fate.DEFERRED: "amber",
    Fate.REJECTED: "red",
    Fate.WITHDRAWN: "grey",
}
# Fills of the flow chart, each named where it ends: what leads elsewhere has one colour, and red is only for what was not
# accepted.
FILLS: Mapping[Fate, str] = {
    Fate.DELIVERED: "one",
    Fate.CONTRACTED: "three",
    Fate.BUYING: "two",
    Fate.IN_PLAN: "one",
    Fate.ACCEPTED: "two",
    Fate.WAITING: "three",
    Fate.MERGED: "four",
    Fate.REFERRED: "four",
    Fate.COMMUNITY: "four",
    Fate.DEFERRED: "five",
    Fate.REJECTED: "red",
    Fate.WITHDRAWN: "five",
}

ELSEWHERE = {
    Outcome.MERGE_WITH: Fate.MERGED,
    Outcome.REFER: Fate.REFERRED,
    Outcome.COMMUNITY_DOES: Fate.COMMUNITY,
    Outcome.DEFER: Fate.DEFERRED,
    Outcome.REJECT: Fate.REJECTED,
}


def fate_of(
    outcome: Outcome | None,
    *,
    is_withdrawn: bool = False,
    in_project: bool = False,
    is_buying: bool = False,
    is_contracted: bool = False,
    is_delivered: bool = False,
) -> Fate:
    """``outcome`` is the released one (None: nothing is released); the rest are public facts of its projects."""
    if is_withdrawn:
        return Fate.WITHDRAWN
    if is_delivered:
        return Fate.DELIVERED
    if is_contracted:
        return Fate.CONTRACTED
    if is_buying:
        return Fate.BUYING
    if in_project:
        return Fate.IN_PLAN
    if outcome is None:
        return Fate.WAITING
    return ELSEWHERE.get(outcome, Fate.ACCEPTED)
