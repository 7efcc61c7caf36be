"""A process as the rules see it, with the figures of law and the working days of its time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from portal.core import clock
from portal.procurement import rules
from portal.procurement.models import Process, Step
from portal.procurement.queries.process import draft_shown_on, steps_of
from portal.rulebook import queries as rulebook

_SPAN = dt.timedelta(days=370)


def figures(on: dt.date | None = None) -> dict[str, rules.Figure]:
    """The figures the rules need, as they stand on a day (today)."""
    return {
        key: rules.Figure(row.value, row.source, row.is_verified)
        for key, row in rulebook.laws(rules.LAW_KEYS, on).items()
    }


def facts_of(step: Step) -> rules.Facts:
    """One step as the rules see it."""
    return rules.Facts(
        planned_on=step.planned_on,
        actual_on=step.actual_on,
        ends_on=step.ends_on,
        is_skipped=step.is_skipped,
        committee_size=step.committee_size,
    )


def situation(process: Process, steps: Sequence[Step] | None = None) -> rules.Situation:
    """A process with today's figures and the working days around its own; at most four queries."""
    steps = steps_of(process.id) if steps is None else steps
    days = [day for step in steps for day in (step.planned_on, step.actual_on, step.ends_on) if day]
    days.append(clock.today())
    return rules.Situation(
        method=process.method,
        budget_satang=process.budget_satang,
        steps={step.kind: facts_of(step) for step in steps},
        law=figures(),
        calendar=rulebook.working_calendar(min(days) - _SPAN, max(days) + _SPAN),
        draft_shown_on=draft_shown_on(process.id),
    )
