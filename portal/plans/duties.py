"""What a community's leaders have to do for a plan, in order, each with its last day: the calendar of their desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.cycles.models import Phase, PhaseKind
from portal.forums.models import ForumPurpose
from portal.plans.models import PlanState

_AFTER_HANDING_IN = (PlanState.SUBMITTED, PlanState.ACCEPTED_FOR_SCREENING)


@dataclass(frozen=True)
class Duty:
    """One line. ``state`` is done, now (the next thing to do), late (its last day has passed) or next. ``due_on`` is
    the last day; ``action`` the words of the link to ``endpoint``."""

    key: str
    label: str
    is_done: bool
    due_on: dt.date | None = None
    note: str = ""
    action: str = ""
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    state: str = "next"


def duties(
    plan: Any,
    standing: Any,
    blocking: Sequence[Any],
    forums: Sequence[Any],
    phases: Mapping[PhaseKind, Phase],
    *,
    community_id: int,
    cycle_id: int,
    to_review: Sequence[Any] = (),
) -> list[Duty]:
    """The duties of one community in one cycle. ``plan`` and ``standing`` are None before the plan is begun;
    ``blocking`` are the check-list's lines that still stop it; ``to_review`` the items of the earlier plan."""
    held = {forum.purpose for forum in forums}
    was_handed_in = plan is not None and plan.state in _AFTER_HANDING_IN
    last = {
        kind: clock.day_of(phase.ends_at - dt.timedelta(microseconds=1)) for kind, phase in phases.items()
    }
    here = {"plan_id": plan.id} if plan is not None else {}
    rows = [
        Duty(
            f"forum-{number}",
            label,
            was_handed_in or purpose in held,
            last.get(PhaseKind.FORUMS),
            action=_("Announce or record the forum"),
            endpoint="forums.announce",
            values={"community_id": community_id, "purpose": purpose.value},
        )
        for number, purpose, label in (
            (1, ForumPurpose.PLAN_1, _("Hold the first plan forum")),
            (2, ForumPurpose.PLAN_2, _("Hold the second plan forum")),
        )
    ]
    if to_review:
        rows.append(_review(to_review, was_handed_in, last, here))
    rows.append(
        Duty(
            "write",
            _("Write the plan"),
            was_handed_in or (plan is not None and not blocking),
            last.get(PhaseKind.SUBMISSION),
            note="" if plan is None or was_handed_in else _left(len(blocking)),
            action=_("Continue writing") if plan is not None else "",
            endpoint="plans.write" if plan is not None else "",
            values=here,
        )
    )
    rows.append(
        Duty(
            "sign",
            _("Have the committee sign it"),
            was_handed_in or (standing is not None and standing.is_complete),
            last.get(PhaseKind.SUBMISSION),
            note=""
            if standing is None or was_handed_in
            else _(
                "%(signed)s of %(members)s have signed; %(needed)s are needed",
                signed=standing.signed,
                members=len(standing.seats),
                needed=standing.needed,
            ),
            action=_("Read and sign") if plan is not None else "",
            endpoint="plans.endorse" if plan is not None else "",
            values=here,
        )
    )
    rows.append(_submit(plan, was_handed_in, last, here))
    rows += _screening(plan, phases, last, here, cycle_id)
    return _in_time(rows)


def _review(
    to_review: Sequence[Any], was_handed_in: bool, last: Mapping[PhaseKind, dt.date], here: dict[str, Any]
) -> Duty:
    marked = sum(row.mark is not None for row in to_review)
    return Duty(
        "review",
        _("Review last year's plan"),
        was_handed_in or marked == len(to_review),
        last.get(PhaseKind.SUBMISSION),
        note=""
        if was_handed_in
        else _("%(marked)s of %(every)s items reviewed", marked=marked, every=len(to_review)),
        action=_("Review it") if here else "",
        endpoint="plans.review" if here else "",
        values=here,
    )


def _left(lines: int) -> str:
    return _("Checklist points still open: %(lines)s", lines=lines) if lines else ""


def _submit(plan: Any, was_handed_in: bool, last: Mapping[PhaseKind, dt.date], here: dict[str, Any]) -> Duty:
    if plan is not None and plan.state is PlanState.RETURNED:
        return Duty(
            "correct",
            _("Correct what the district asks for and submit again"),
            False,
            plan.due_on,
            action=_("See what is asked"),
            endpoint="plans.write",
            values=here,
        )
    is_late = plan is not None and plan.late_permitted_by is not None and not was_handed_in
    return Duty(
        "submit",
        _("Submit the plan to the district"),
        was_handed_in,
        None if is_late else last.get(PhaseKind.SUBMISSION),
        note=_("The director permits you to submit late.") if is_late else "",
        action=_("Submit") if plan is not None else "",
        endpoint="plans.submit" if plan is not None else "",
        values=here,
    )


def _screening(
    plan: Any,
    phases: Mapping[PhaseKind, Phase],
    last: Mapping[PhaseKind, dt.date],
    here: dict[str, Any],
    cycle_id: int,
) -> list[Duty]:
    rows = []
    now = clock.now()
    for kind, label, note in (
        (
            PhaseKind.SCREENING,
            _("The district screens every item"),
            _("Answer when a correction is asked for; you get a message."),
        ),
        (
            PhaseKind.APPEALS,
            _("Appeal, if you do not agree with a decision"),
            _("Once for each item, on the item's own page."),
        ),
    ):
        phase = phases.get(kind)
        if phase is None:
            continue
        is_shown = plan is not None and plan.state is PlanState.ACCEPTED_FOR_SCREENING
        rows.append(
            Duty(
                kind.value,
                label,
                phase.ends_at <= now,
                last.get(kind),
                note=note,
                action=_("See the plan") if is_shown else "",
                endpoint="plans.show" if is_shown else "",
                values=here if is_shown else {},
            )
        )
    return rows


def _in_time(rows: Sequence[Duty]) -> list[Duty]:
    today = clock.today()
    placed, has_next = [], False
    for row in rows:
        if row.is_done:
            state = "done"
        elif row.due_on is not None and row.due_on < today:
            state = "late"
        elif not has_next:
            state = "now"
        else:
            state = "next"
        has_next = has_next or state in ("now", "late")
        placed.append(replace(row, state=state))
    return placed
