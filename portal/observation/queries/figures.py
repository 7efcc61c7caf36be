"""How many purchases somebody watched: the indicator, each figure with what it was counted from.

Source of the indicator: the anti-corruption plan of a district, activity 3.3.3, "citizens attended any one step of a
purchase". Counted are the purchases of a fiscal year of which a step that takes observers was held in that year
(denominator), and among them those where at least one citizen was at any step, then or before (numerator). Visits,
people and reports are those of the year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import ANONYMOUS
from portal.core.calendar import fiscal_year_span
from portal.core.paging import Slice, keyset
from portal.observation.models import Grade, Report, ReportAnswer, Signup, SignupState
from portal.places.models import District
from portal.procurement import policy as procurement_policy
from portal.procurement.models import Process, Step

PAGE = 50
_held_on = sa.func.coalesce(Step.actual_on, Step.planned_on)


@dataclass(frozen=True)
class Figures:
    """One district's year. ``people`` are counted once however often they came."""

    code: int
    name_th: str
    name_en: str
    held: int
    observed: int
    people: int
    visits: int
    reports: int
    questions: int
    concerns: int
    answered: int
    overdue: int

    @property
    def percent(self) -> float | None:
        """Observed purchases of a hundred; None where nothing was held."""
        return self.observed * 100 / self.held if self.held else None


def _visits(year: int) -> sa.Subquery:
    """Everybody who came in a fiscal year: district_id, process_id, person_id, signup_id."""
    first, last = fiscal_year_span(year)
    return (
        sa.select(
            Process.district_id,
            Process.id.label("process_id"),
            Signup.person_id,
            Signup.id.label("signup_id"),
        )
        .join(Step, Step.id == Signup.step_id)
        .join(Process, Process.id == Step.process_id)
        .where(
            Signup.state == SignupState.ATTENDED,
            _held_on.between(first, last),
            procurement_policy.visible_to(ANONYMOUS),
        )
        .subquery("visits")
    )


def _held(year: int) -> sa.Subquery:
    """Purchases of which a step that takes observers was held in a fiscal year, or somebody came to one: district_id,
    process_id."""
    first, last = fiscal_year_span(year)
    visits = _visits(year)
    steps = (
        sa.select(Process.district_id, Process.id.label("process_id"))
        .join(Step, Step.process_id == Process.id)
        .where(
            Step.actual_on.between(first, last),
            Step.is_open_to_observers,
            ~Step.is_skipped,
            procurement_policy.visible_to(ANONYMOUS),
        )
    )
    return steps.union(sa.select(visits.c.district_id, visits.c.process_id)).subquery("held")


def _came(*when: sa.ColumnElement[bool]) -> sa.Exists:
    """Whether somebody came to any step of the purchase, held ``when``."""
    return (
        sa.exists()
        .where(Step.process_id == Process.id, Signup.step_id == Step.id)
        .where(Signup.state == SignupState.ATTENDED, *when)
        .correlate(Process)
    )


def _newest_reports(year: int) -> sa.Subquery:
    visits = _visits(year)
    newer = sa.orm.aliased(Report)
    return (
        sa.select(
            visits.c.district_id,
            visits.c.process_id,
            Report.grade,
            Report.answer_due_on,
            ReportAnswer.answered_at,
        )
        .join(visits, visits.c.signup_id == Report.signup_id)
        .outerjoin(ReportAnswer, ReportAnswer.report_id == Report.id)
        .where(~sa.exists().where(newer.corrects_id == Report.id))
        .subquery("newest")
    )


def figures(year: int, today: dt.date) -> list[Figures]:
    """Every district with a purchase in a fiscal year (BE), in the order of their codes; three queries."""
    held, visits, newest = _held(year), _visits(year), _newest_reports(year)
    session = db.session()
    has_come = _came(_held_on <= fiscal_year_span(year)[1])
    counted = session.execute(
        sa.select(
            District.id,
            District.name_th,
            District.name_en,
            sa.func.count().label("held"),
            sa.func.count(sa.case((has_come, 1))).label("observed"),
        )
        .join(held, held.c.district_id == District.id)
        .join(Process, Process.id == held.c.process_id)
        .group_by(District.id)
        .order_by(District.id)
    ).all()
    came: dict[int, Any] = {
        row.district_id: row
        for row in session.execute(
            sa.select(
                visits.c.district_id,
                sa.func.count(visits.c.person_id.distinct()).label("people"),
                sa.func.count().label("visits"),
            ).group_by(visits.c.district_id)
        )
    }
    owed = newest.c.answer_due_on.is_not(None)
    said: dict[int, Any] = {
        row.district_id: row
        for row in session.execute(
            sa.select(
                newest.c.district_id,
                sa.func.count().label("reports"),
                sa.func.count().filter(newest.c.grade == Grade.QUESTION).label("questions"),
                sa.func.count().filter(newest.c.grade == Grade.CONCERN).label("concerns"),
                sa.func.count().filter(owed, newest.c.answered_at.is_not(None)).label("answered"),
                sa.func.count()
                .filter(newest.c.answered_at.is_(None), newest.c.answer_due_on < today)
                .label("overdue"),
            ).group_by(newest.c.district_id)
        )
    }
    found = []
    for row in counted:
        one, more = came.get(row.id), said.get(row.id)
        found.append(
            Figures(
                code=row.id,
                name_th=row.name_th,
                name_en=row.name_en,
                held=row.held,
                observed=row.observed,
                **{name: getattr(one, name, 0) for name in ("people", "visits")},
                **{
                    name: getattr(more, name, 0)
                    for name in ("reports", "questions", "concerns", "answered", "overdue")
                },
            )
        )
    return found


def counted_purchases(code: int, year: int, cursor: str | None = None) -> Slice:
    """What the figures of a district were counted from: every purchase of the year with how many people came in it and how
    many reports there are (id, title, state, visits, reports), and whether somebody ``came_before`` that year; observed
    ones are those where somebody came, then or before."""
    held, visits, newest = _held(year), _visits(year), _newest_reports(year)
    came = (
        sa.select(sa.func.count())
        .where(visits.c.process_id == Process.id)
        .correlate(Process)
        .scalar_subquery()
    )
    said = (
        sa.select(sa.func.count())
        .where(newest.c.process_id == Process.id)
        .correlate(Process)
        .scalar_subquery()
    )
    statement: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Process.id,
            Process.title,
            Process.state,
            came.label("visits"),
            said.label("reports"),
            _came(_held_on < fiscal_year_span(year)[0]).label("came_before"),
        )
        .join(held, held.c.process_id == Process.id)
        .where(held.c.district_id == code)
    )
    return keyset(statement, [(Process.id, "desc")], cursor=cursor, size=PAGE)


def came_by_step(step_ids: Sequence[int]) -> dict[int, int]:
    """How many citizens came to each of these steps; nobody's name."""
    rows = db.session().execute(
        sa.select(Signup.step_id, sa.func.count().label("people"))
        .where(Signup.step_id.in_(list(step_ids)), Signup.state == SignupState.ATTENDED)
        .group_by(Signup.step_id)
    )
    return {row.step_id: row.people for row in rows}
