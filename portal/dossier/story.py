"""The story of one idea, told from its rows: where it is, what happened, what the money did. No session, no web.

A ``link`` is (endpoint, name of its parameter, id) or None.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from portal.actionplan.models import MoneyStep
from portal.core import clock, thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.dossier import words
from portal.dossier.fate import LABELS, Fate, fate_of
from portal.dossier.stops import Link, Stop, by_day, lined, open_behind
from portal.dossier.withdrawals import Withdrawal, of_plan, withdrawal
from portal.forums.models import Side
from portal.observation.models import Grade
from portal.observation.words import GRADES
from portal.plans.models import Way
from portal.procurement.models import ProcessState, StepKind
from portal.procurement.words import STEPS
from portal.progress import words as progress_words
from portal.screening.models import AppealOutcome, Outcome
from portal.screening.words import APPEAL_OUTCOMES, OUTCOMES

ACCEPTED = (Outcome.ACCEPT, Outcome.ACCEPT_CHANGED, Outcome.MERGE_WITH)


class Event(NamedTuple):
    """One thing that happened: ``text`` are words people typed, ``by`` a post or a name; ``is_day``: no hour is known."""

    at: dt.datetime
    title: str
    text: str = ""
    by: str = ""
    link: Link = None
    is_day: bool = False


class Amount(NamedTuple):
    """One figure of the money's way with its reason."""

    label: str
    satang: int
    why: str
    at: dt.datetime | dt.date | None
    link: Link = None


@dataclass
class Purchase:
    """A contracting process with its steps as (kind, planned_on, actual_on)."""

    id: int
    title: str
    state: ProcessState
    budget_satang: int
    contract_satang: int | None
    supplier: str | None
    paid_satang: int
    steps: list[tuple[StepKind, dt.date | None, dt.date | None]] = field(default_factory=list)

    def done_on(self, kind: StepKind) -> dt.date | None:
        """The day a step was done."""
        return next((actual for step, _planned, actual in self.steps if step is kind), None)

    @property
    def next_step(self) -> tuple[StepKind, dt.date | None] | None:
        """The first step not done after the last one that is."""
        last = max((place for place, step in enumerate(self.steps) if step[2]), default=-1)
        ahead = [step for step in self.steps[last + 1 :] if step[2] is None]
        return (ahead[0][0], ahead[0][1]) if ahead else None


@dataclass
class Line:
    """A project the idea feeds, with its purchases."""

    id: int
    name: str
    code: str | None
    link_satang: int
    note: str
    linked_at: dt.datetime
    plan: Any
    purchases: list[Purchase] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """Everything the page of an idea says about its way."""

    fate: Fate
    stops: list[Stop]
    events: list[Event]
    amounts: list[Amount]
    projects: list[Line]


def projects_of(way: Sequence[Any]) -> list[Line]:
    """The rows of :func:`portal.dossier.queries.ideas.way`, gathered."""
    lines: dict[int, Line] = {}
    purchases: dict[tuple[int, int], Purchase] = {}
    for row in way:
        line = lines.setdefault(
            row.project_id,
            Line(
                row.project_id,
                row.project,
                row.project_code,
                row.link_satang,
                row.link_note,
                row.linked_at,
                row,
            ),
        )
        if row.process_id is None:
            continue
        key = (row.project_id, row.process_id)
        if key not in purchases:
            purchases[key] = Purchase(
                row.process_id,
                row.process,
                row.process_state,
                row.process_satang,
                row.contract_satang,
                row.supplier,
                row.paid_satang,
            )
            line.purchases.append(purchases[key])
        if row.step is not None and not row.is_skipped:
            purchases[key].steps.append((row.step, row.planned_on, row.actual_on))
    return list(lines.values())


TEXTS = (
    "title",
    "problem",
    "cause",
    "proposal",
    "objective",
    "indicator",
    "place",
    "beneficiary_groups",
    "beneficiaries",
    "budget_satang",
)


def as_told(said: Any) -> dict[str, Any]:
    """The item's words, money, point and budget lines, from an edition (a dictionary) or from a plan that has none
    (a row, and no lines)."""
    if isinstance(said, dict):
        found = {name: said[name] for name in (*TEXTS, "point", "lines")}
        return found | {"side": Side(said["side"]), "way": Way(said["way"])}
    point = None if said.latitude is None else f"{said.latitude:.6f},{said.longitude:.6f}"
    found = {name: getattr(said, name) for name in TEXTS}
    return found | {"side": said.side, "way": said.way, "point": point, "lines": []}


def quantity_text(thousandths: int) -> str:
    """A quantity as people write it: 2500 is ``2.5``."""
    whole, part = divmod(thousandths, 1000)
    return f"{whole:,}" + (f".{part:03}".rstrip("0") if part else "")


def tell(head: Any, item: dict[str, Any], records: Sequence[Any], way: Sequence[Any]) -> Story:
    """The story in the language of the moment."""
    projects = projects_of(way)
    running = {
        purchase.id: purchase
        for line in projects
        for purchase in line.purchases
        if purchase.state is not ProcessState.CANCELLED
    }
    purchases = list(running.values())
    signed = [purchase.done_on(StepKind.CONTRACT) for purchase in purchases]
    delivered = [purchase.done_on(StepKind.ACCEPTANCE) for purchase in purchases]
    fate = fate_of(
        head.outcome,
        is_withdrawn=head.is_withdrawn,
        in_project=bool(projects),
        is_buying=bool(purchases),
        is_contracted=any(signed),
        is_delivered=bool(delivered) and all(delivered),
    )
    return Story(
        fate=fate,
        stops=_stops(head, records, projects, purchases, fate),
        events=_events(head, records, projects, purchases),
        amounts=_amounts(head, item, records, projects, purchases),
        projects=projects,
    )


def _day(moment: dt.datetime | dt.date | None) -> str:
    if moment is None:
        return ""
    return thai.day_text(clock.day_of(moment) if isinstance(moment, dt.datetime) else moment, language())


def _stops(
    head: Any, records: Sequence[Any], projects: list[Line], purchases: list[Purchase], fate: Fate
) -> list[Stop]:
    """The line: every stop behind is done, the first open one is now, the rest are to come."""
    found: list[tuple[str, str, bool, Link]] = []

    def stop(label: str, when: str, is_done: bool, link: Link = None) -> None:
        found.append((label, when, is_done, link))

    if head.forum_id is not None:
        stop(_("Forum"), _day(head.forum_at), True, ("forums.show", "forum_id", head.forum_id))
    stop(_("Community plan"), _day(head.submitted_at), True, ("plans.show", "plan_id", head.plan_id))
    if fate is Fate.WITHDRAWN:
        taken_back = withdrawal(head, records)
        stop(str(LABELS[fate]), _day(taken_back.at) if taken_back else "", True)
        return lined(found)
    label = str(OUTCOMES[head.outcome]) if head.outcome is not None else _("Screening")
    stop(label, _day(head.released_at), head.outcome is not None)
    appeal = next((record for record in records if record.kind == "appeal"), None)
    if appeal is not None:
        answered = next((record for record in records if record.kind == "appeal_decided"), None)
        stop(_("Appeal"), _day(answered.at if answered else appeal.at), answered is not None)
    if head.outcome is not None and head.outcome not in ACCEPTED and not projects:
        return lined(found)
    first = projects[0] if projects else None
    plan_link: Link = ("actionplan.project", "project_id", first.id) if first else None
    stop(_("Action plan"), _day(first.linked_at) if first else "", first is not None, plan_link)
    money = _newest_money(records)
    has_money = money is not None and money.code in (MoneyStep.ALLOCATED, MoneyStep.TRANSFERRED)
    stop(
        str(words.MONEY[MoneyStep(money.code)]) if money is not None else _("Money"),
        _day(money.on) if money else "",
        has_money,
    )
    signed = [purchase.done_on(StepKind.CONTRACT) for purchase in purchases]
    buying: Link = ("procurement.show", "process_id", purchases[0].id) if purchases else None
    ahead = purchases[0].next_step if purchases else None
    contract = bool(signed) and all(signed)
    when = _day(max(filter(None, signed))) if contract else str(STEPS[ahead[0]]) if ahead else ""
    stop(_("Procurement"), when, contract, buying)
    delivered = [purchase.done_on(StepKind.ACCEPTANCE) for purchase in purchases]
    is_delivered = bool(delivered) and all(delivered)
    stop(_("Acceptance"), _day(max(filter(None, delivered))) if is_delivered else "", is_delivered, buying)
    days = [money.on if has_money and money else None]
    days += [
        max(filter(None, some)) if is_all else None
        for some, is_all in ((signed, contract), (delivered, is_delivered))
    ]
    last = by_day(found[-3:], days)
    return lined(found[:-3] + (last if has_money or money is None else open_behind(last, 0)))


def _counting(records: Sequence[Any]) -> list[Any]:
    """The steps of the projects' money that count: the same step entered again says its sum anew."""
    kept: list[Any] = []
    steps = [record for record in records if record.kind == "money"]
    for record in sorted(steps, key=lambda one: (one.number, one.at)):
        if kept and (kept[-1].number, kept[-1].code) == (record.number, record.code):
            kept.pop()
        kept.append(record)
    return kept


def _newest_money(records: Sequence[Any]) -> Any | None:
    steps = [record for record in records if record.kind == "money"]
    return max(steps, key=lambda record: (record.on, record.at)) if steps else None


def _events(
    head: Any, records: Sequence[Any], projects: list[Line], purchases: list[Purchase]
) -> list[Event]:
    """What happened, newest first."""
    events: list[Event] = []
    if head.forum_at is not None:
        events.append(
            Event(
                head.forum_at,
                _("Raised at a forum"),
                head.issue_problem,
                link=("forums.show", "forum_id", head.forum_id),
            )
        )
    editions = [record for record in records if record.kind == "edition"]
    for record in editions:
        title = _("Plan submitted") if record.number == 1 else _("Plan submitted again")
        events.append(Event(record.at, title, link=("plans.show", "plan_id", head.plan_id)))
    if not editions:
        events.append(
            Event(head.submitted_at, _("Plan submitted"), link=("plans.show", "plan_id", head.plan_id))
        )
    if head.opened_at is not None:
        events.append(Event(head.opened_at, _("Taken into screening")))
    if head.released_at is not None:
        events.append(Event(head.released_at, str(OUTCOMES[head.outcome]), head.reason, head.confirmer or ""))
    for record in records:
        events += _event_of(record)
    events += _events_of_projects(projects, purchases)
    taken_back = of_plan(records)
    if head.withdrawn_at is not None:
        taken_back.append(Withdrawal(head.withdrawn_at, head.withdrawn_reason or ""))
    events += [Event(one.at, _("Withdrawn by the community"), one.reason) for one in taken_back if one.at]
    # Turned round as a whole: things of the same moment stand in the order they happened until then.
    return sorted(events, key=lambda event: event.at)[::-1]


def _events_of_projects(projects: list[Line], purchases: list[Purchase]) -> list[Event]:
    events: list[Event] = []
    for line in projects:
        link: Link = ("actionplan.project", "project_id", line.id)
        events.append(Event(line.linked_at, _("Included in a project"), line.name, link=link))
        if line.plan.published_at is not None:
            events.append(
                Event(
                    line.plan.published_at,
                    _("Action plan published"),
                    link=("actionplan.show", "plan_id", line.plan.action_plan_id),
                )
            )
    for purchase in purchases:
        # The only one is named above, where its project stands: not once more beside each of its steps.
        which = purchase.title if len(purchases) > 1 else ""
        for kind, _planned, actual in purchase.steps:
            if actual is not None:
                link, at = ("procurement.show", "process_id", purchase.id), clock.at(actual, 12)
                events.append(Event(at, str(STEPS[kind]), which, link=link, is_day=True))
    return events


def _event_of(record: Any) -> list[Event]:
    if record.kind == "correction":
        return [Event(record.at, _("A correction was asked for"), record.text)]
    if record.kind == "appeal":
        return [Event(record.at, _("The community appealed"), record.text)]
    if record.kind == "appeal_decided":
        return [Event(record.at, str(APPEAL_OUTCOMES[AppealOutcome(record.code)]))]
    if record.kind == "not_yet":
        return [Event(record.at, _("Not in the action plan yet"), record.text, record.who or "")]
    if record.kind.startswith("report"):
        step, grade = STEPS[StepKind(record.code)], GRADES[Grade(record.more)][0]
        title = _("An observer reported: %(step)s (%(grade)s)", step=step, grade=grade)
        if record.who:
            title = _("The office answered the observer: %(step)s", step=step)
        link: Link = ("observation.show", "report_id", record.number)
        return [Event(record.at, title, record.text, record.who or "", link=link)]
    if record.kind == "progress":
        link = ("progress.show", "sheet_id", record.number)
        return [Event(record.at, progress_words.event(record.satang, record.code), record.text, link=link)]
    if record.kind == "money":
        title = str(words.MONEY[MoneyStep(record.code)])
        return [Event(clock.at(record.on, 12), title, record.text, record.who or "", is_day=True)]
    return []


def _amounts(
    head: Any, item: dict[str, Any], records: Sequence[Any], projects: list[Line], purchases: list[Purchase]
) -> list[Amount]:
    """The money's way: asked for, accepted, in a project, requested, allocated, transferred, contracted, paid."""
    plan: Link = ("plans.show", "plan_id", head.plan_id)
    found = [
        Amount(_("Asked for"), item["budget_satang"], _("Total of the budget lines"), head.submitted_at, plan)
    ]
    if head.accepted_satang is not None:
        found.append(Amount(_("Accepted in screening"), head.accepted_satang, head.reason, head.released_at))
    for line in projects:
        why = line.note or line.name
        link: Link = ("actionplan.project", "project_id", line.id)
        found.append(Amount(_("In the action plan"), line.link_satang, why, line.linked_at, link))
    names = {line.id: line.name for line in projects}
    for record in _counting(records):
        label = _("%(step)s for the whole project", step=words.MONEY[MoneyStep(record.code)])
        why = record.text or names.get(record.number, "")
        link = ("actionplan.project", "project_id", record.number)
        found.append(Amount(label, record.satang, why, record.on, link))
    for purchase in purchases:
        link = ("procurement.show", "process_id", purchase.id)
        if purchase.contract_satang is not None:
            found.append(
                Amount(
                    _("Contract for the whole lot"),
                    purchase.contract_satang,
                    purchase.supplier or "",
                    purchase.done_on(StepKind.CONTRACT),
                    link,
                )
            )
        if purchase.paid_satang:
            why, paid_on = purchase.supplier or "", purchase.done_on(StepKind.PAYMENT)
            found.append(Amount(_("Paid for the whole lot"), purchase.paid_satang, why, paid_on, link))
    return found
