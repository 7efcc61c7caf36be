"""The working-day rules of a contracting process: what would be broken, and the earliest lawful days.

Values of law only warn (their figures, dates and sources are the rulebook's); whoever goes on says why and who signed.
Days are Bangkok civil days; amounts are satang. A period never counts its first day (Civil and Commercial Code,
section 193/3), so three working days from a Thursday end on the next Tuesday.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from portal.core.calendar import WorkingCalendar
from portal.procurement.models import Method, StepKind
from portal.procurement.steps import COMMITTEES, ORDER

DIRECT_LIMIT = "procurement.direct_limit_satang"
DRAFT_DAYS = "procurement.draft_tor_days"
DRAFT_MUST = "procurement.draft_tor_must_above_satang"
DRAFT_MAY = "procurement.draft_tor_may_from_satang"
APPEAL_DAYS = "procurement.appeal_days"
MEMBERS = "procurement.committee_members"
_MILLION = 1_000_000_00
_INVITATION = (
    (5 * _MILLION, "procurement.invitation_days_to_5m"),
    (10 * _MILLION, "procurement.invitation_days_to_10m"),
    (50 * _MILLION, "procurement.invitation_days_to_50m"),
)
_INVITATION_ABOVE = "procurement.invitation_days_above"
LAW_KEYS = (
    DIRECT_LIMIT,
    DRAFT_DAYS,
    DRAFT_MUST,
    DRAFT_MAY,
    APPEAL_DAYS,
    MEMBERS,
    *(key for _limit, key in _INVITATION),
    _INVITATION_ABOVE,
)
_DAY = dt.timedelta(days=1)


class Rule(StrEnum):
    """What can be broken."""

    ORDER = "order"
    DAYS_OUT_OF_ORDER = "days_out_of_order"
    DIRECT_LIMIT = "direct_limit"
    COMMITTEE_SMALL = "committee_small"
    DRAFT_MISSING = "draft_missing"
    DRAFT_SHORT = "draft_short"
    DRAFT_CHANGED = "draft_changed"
    DRAFT_OPEN = "draft_open"
    INVITATION_SHORT = "invitation_short"
    BIDS_EARLY = "bids_early"
    APPEAL_SHORT = "appeal_short"
    APPEAL_MISSING = "appeal_missing"
    SIGNED_EARLY = "signed_early"


class Figure(NamedTuple):
    """A figure of law with its source; ``is_verified`` is False while nobody has held it against the text."""

    value: int
    source: str
    is_verified: bool


@dataclass(frozen=True)
class Facts:
    """One step as the rules see it."""

    planned_on: dt.date | None = None
    actual_on: dt.date | None = None
    ends_on: dt.date | None = None
    is_skipped: bool = False
    committee_size: int | None = None

    @property
    def day(self) -> dt.date | None:
        """When it happened, else when it is to happen."""
        return self.actual_on or self.planned_on


@dataclass(frozen=True)
class Situation:
    """A process as it stands. ``draft_shown_on`` is the day of the newest wording of the draft terms."""

    method: Method
    budget_satang: int
    steps: Mapping[StepKind, Facts]
    law: Mapping[str, Figure]
    calendar: WorkingCalendar
    draft_shown_on: dt.date | None = None

    def with_step(self, kind: StepKind, facts: Facts) -> Situation:
        """The same process with one step otherwise: what somebody is about to enter."""
        return replace(self, steps={**self.steps, kind: facts})


@dataclass(frozen=True)
class Warned:
    """A rule that would be broken. ``needed`` is the figure of law, ``given`` what was entered instead, ``earliest`` the
    first lawful day, ``other`` the step it collides with."""

    rule: Rule
    law: str = ""
    needed: int | None = None
    given: int | None = None
    earliest: dt.date | None = None
    other: StepKind | None = None
    source: str = ""
    is_verified: bool = True

    def text(self) -> str:
        """The warning as it is kept with an override: canonical JSON, readable again with :meth:`read`."""
        facts = {
            "law": self.law,
            "needed": self.needed,
            "given": self.given,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "other": self.other.value if self.other else None,
            "source": self.source[:200],
            "is_verified": self.is_verified,
        }
        kept = {name: value for name, value in facts.items() if value not in (None, "")}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, rule: str, text: str) -> Warned:
        """The reverse of :meth:`text`."""
        kept = json.loads(text)
        earliest, other = kept.get("earliest"), kept.get("other")
        return cls(
            rule=Rule(rule),
            law=kept.get("law", ""),
            needed=kept.get("needed"),
            given=kept.get("given"),
            earliest=dt.date.fromisoformat(earliest) if earliest else None,
            other=StepKind(other) if other else None,
            source=kept.get("source", ""),
            is_verified=kept.get("is_verified", True),
        )


def invitation_key(budget_satang: int) -> str:
    """Which figure says how many working days an open invitation lasts: by the budget."""
    return next((key for limit, key in _INVITATION if budget_satang <= limit), _INVITATION_ABOVE)


def _warn(now: Situation, rule: Rule, law: str, given: int | None, earliest: dt.date | None) -> Warned:
    figure = now.law[law]
    return Warned(
        rule,
        law=law,
        needed=figure.value,
        given=given,
        earliest=earliest,
        source=figure.source,
        is_verified=figure.is_verified,
    )


# -- lawful days ----------------------------------------------------------------------------------------------------


def earliest_end(now: Situation, kind: StepKind) -> dt.date | None:
    """The first lawful last day of a window (draft terms, open invitation, appeals); None where the law sets none, or
    before the day is known that it counts from."""
    facts = now.steps[kind]
    if kind is StepKind.DRAFT_TOR:
        shown = max((day for day in (facts.day, now.draft_shown_on) if day), default=None)
        return _after(now, shown, DRAFT_DAYS)
    if kind is StepKind.INVITATION and now.method is Method.OPEN:
        return _after(now, facts.day, invitation_key(now.budget_satang))
    if kind is StepKind.APPEAL:
        return _after(now, now.steps[StepKind.AWARD].day, APPEAL_DAYS)
    return None


def _after(now: Situation, day: dt.date | None, law: str) -> dt.date | None:
    return None if day is None else now.calendar.add_working_days(day, now.law[law].value)


def _window_end(now: Situation, kind: StepKind) -> dt.date | None:
    """When a window closes: as entered, else as early as the law lets it; None for a step left out."""
    facts = now.steps[kind]
    return None if facts.is_skipped else facts.ends_on or earliest_end(now, kind)


def _appeals_end(now: Situation) -> dt.date | None:
    """The last day on which nothing may be signed: never before the law's own end, later if appeals took longer."""
    facts = now.steps[StepKind.APPEAL]
    if facts.is_skipped:
        return None
    ends = (facts.ends_on, earliest_end(now, StepKind.APPEAL))
    return max((day for day in ends if day), default=None)


def _barrier(now: Situation, kind: StepKind) -> dt.date | None:
    """The last day on which this step may not happen yet, because a window before it is open."""
    if kind is StepKind.INVITATION:
        return _window_end(now, StepKind.DRAFT_TOR)
    if kind is StepKind.BID_OPENING:
        return _window_end(now, StepKind.INVITATION)
    if kind is StepKind.APPEAL:
        return now.steps[StepKind.AWARD].day
    if kind is StepKind.CONTRACT:
        return _appeals_end(now)
    return None


def earliest(now: Situation, kind: StepKind) -> dt.date | None:
    """The first lawful working day of a step, from the days of the steps before it; None while none of them has one."""
    before = [now.steps[one].day for one in ORDER[: ORDER.index(kind)] if not now.steps[one].is_skipped]
    days = [day for day in before if day]
    barrier = _barrier(now, kind)
    if barrier is not None:
        days.append(barrier + _DAY)
    return now.calendar.next_working_day(max(days)) if days else None


def schedule(now: Situation, first: dt.date) -> dict[StepKind, tuple[dt.date, dt.date | None]]:
    """A lawful plan for every step that is neither done nor left out: (day, end of its window), each step at least one
    working day after the one before, none before ``first``."""
    plan: dict[StepKind, tuple[dt.date, dt.date | None]] = {}
    last: dt.date | None = None
    for kind in ORDER:
        facts = now.steps[kind]
        if facts.is_skipped or facts.actual_on:
            last = max((day for day in (last, facts.actual_on) if day), default=None)
            continue
        cleared = now.with_step(kind, Facts())
        days = [first, *(day for day in (earliest(cleared, kind),) if day)]
        if last is not None:
            days.append(now.calendar.add_working_days(last, 1))
        day = now.calendar.next_working_day(max(days))
        now = now.with_step(kind, Facts(planned_on=day))
        end = earliest_end(now, kind)
        now = now.with_step(kind, Facts(planned_on=day, ends_on=end))
        plan[kind] = (day, end)
        last = day
    return plan


class Duty(StrEnum):
    """Whether the law asks for remarks on the draft terms."""

    MUST = "must"
    MAY = "may"
    NONE = "none"


def draft_duty(method: Method, budget_satang: int, law: Mapping[str, Figure]) -> Duty:
    """Only where everyone is invited: above the upper figure it must be, from the lower one on the office decides."""
    if method is not Method.OPEN or budget_satang <= law[DRAFT_MAY].value:
        return Duty.NONE
    return Duty.MUST if budget_satang > law[DRAFT_MUST].value else Duty.MAY


# -- warnings -------------------------------------------------------------------------------------------------------


def of_method(method: Method, budget_satang: int, law: Mapping[str, Figure]) -> list[Warned]:
    """What the choice of the method breaks: the specific method is for small sums."""
    limit = law[DIRECT_LIMIT]
    if method is not Method.DIRECT or budget_satang <= limit.value:
        return []
    return [
        Warned(
            Rule.DIRECT_LIMIT,
            law=DIRECT_LIMIT,
            needed=limit.value,
            given=budget_satang,
            source=limit.source,
            is_verified=limit.is_verified,
        )
    ]


def of_skipping(now: Situation, kind: StepKind) -> list[Warned]:
    """What leaving a step out breaks."""
    if kind is StepKind.DRAFT_TOR and draft_duty(now.method, now.budget_satang, now.law) is Duty.MUST:
        return [_warn(now, Rule.DRAFT_MISSING, DRAFT_MUST, now.budget_satang, None)]
    if kind is StepKind.APPEAL and now.method is not Method.DIRECT:
        return [_warn(now, Rule.APPEAL_MISSING, APPEAL_DAYS, None, None)]
    return []


def of_step(now: Situation, kind: StepKind) -> list[Warned]:
    """What a step breaks with the days it has in ``now``: those it happened on, else those it is planned for."""
    day = now.steps[kind].day
    if now.steps[kind].is_skipped or day is None:
        return []
    return [
        *_order(now, kind, day),
        *_barriers(now, kind, day),
        *_windows(now, kind, day),
        *of_committee(now, kind),
    ]


def _order(now: Situation, kind: StepKind, day: dt.date) -> list[Warned]:
    facts, place, found = now.steps[kind], ORDER.index(kind), []
    if facts.actual_on:
        for one in ORDER[:place]:
            if not now.steps[one].is_skipped and now.steps[one].actual_on is None:
                found.append(Warned(Rule.ORDER, other=one))
                break
    for one in ORDER[:place]:
        before = now.steps[one].actual_on if facts.actual_on else now.steps[one].day
        if not now.steps[one].is_skipped and before is not None and before > day:
            found.append(Warned(Rule.DAYS_OUT_OF_ORDER, other=one, earliest=before))
            return found
    for one in ORDER[place + 1 :]:
        after = now.steps[one].actual_on
        if after is not None and after < day:
            found.append(Warned(Rule.DAYS_OUT_OF_ORDER, other=one))
            return found
    return found


_AT_BARRIER: Mapping[StepKind, tuple[Rule, str]] = {
    StepKind.INVITATION: (Rule.DRAFT_OPEN, DRAFT_DAYS),
    StepKind.BID_OPENING: (Rule.BIDS_EARLY, ""),
    StepKind.CONTRACT: (Rule.SIGNED_EARLY, APPEAL_DAYS),
}


def _barriers(now: Situation, kind: StepKind, day: dt.date) -> list[Warned]:
    barrier = _barrier(now, kind)
    if kind not in _AT_BARRIER or barrier is None or day > barrier:
        return []
    rule, law = _AT_BARRIER[kind]
    if rule is Rule.BIDS_EARLY:
        law = invitation_key(now.budget_satang)
    return [_warn(now, rule, law, None, now.calendar.next_working_day(barrier + _DAY))]


def _windows(now: Situation, kind: StepKind, day: dt.date) -> list[Warned]:
    facts, lawful, begins = now.steps[kind], earliest_end(now, kind), day
    if lawful is None or facts.ends_on is None or facts.ends_on >= lawful:
        return []
    if kind is StepKind.DRAFT_TOR:
        rule, law = Rule.DRAFT_SHORT, DRAFT_DAYS
        if now.draft_shown_on is not None and now.draft_shown_on > day:
            rule, begins = Rule.DRAFT_CHANGED, now.draft_shown_on
    elif kind is StepKind.INVITATION:
        rule, law = Rule.INVITATION_SHORT, invitation_key(now.budget_satang)
    else:
        rule, law, begins = Rule.APPEAL_SHORT, APPEAL_DAYS, now.steps[StepKind.AWARD].day or day
    return [_warn(now, rule, law, now.calendar.working_days_between(begins, facts.ends_on), lawful)]


def of_committee(now: Situation, kind: StepKind) -> list[Warned]:
    """What the number of a committee's members breaks."""
    size = now.steps[kind].committee_size
    if kind not in COMMITTEES or size is None or size >= now.law[MEMBERS].value:
        return []
    return [_warn(now, Rule.COMMITTEE_SMALL, MEMBERS, size, None)]
