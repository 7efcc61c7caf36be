"""What every writer of a case shares: hold it, end a wait that lapsed, write down what happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.calendar import WorkingCalendar
from portal.core.errors import Conflict
from portal.core.i18n import lazy_gettext as _l
from portal.notifications import commands as notifications
from portal.plans import commands as plans
from portal.plans.models import Item
from portal.rulebook import queries as rulebook
from portal.screening import deadlines, queries
from portal.screening.models import Case, Correction, Referral
from portal.screening.policy import Docket


def hold_case(actor: Actor, case: Case) -> Docket:
    """The case as it is now, held until the transaction ends; a wait beyond its due day is ended first."""
    docket = queries.docket(actor, case.id, hold=True)
    if docket.has_lapsed and docket.waits_until is not None:
        # The clock already counts the whole wait, so nothing is to be put off.
        end_wait(actor, docket, at=clock.at(docket.waits_until + dt.timedelta(days=1)))
        write_down(actor, docket, "screening.wait_lapsed", changes={"due_on": docket.waits_until.isoformat()})
        docket.waits_until = docket.back_to = None
    return docket


def require_version(actor: Actor, docket: Docket, expected: int | None) -> None:
    """Raises Conflict (409) when somebody wrote since the page was opened. None asks nothing."""
    if expected is not None and docket.case.version_id != expected:
        raise Conflict(
            _l("Someone else has changed this case since you opened it."),
            way_on=("screening.show", {"case_id": docket.case.id}, _l("See it as it stands now")),
        )


def end_wait(actor: Actor, docket: Docket, *, at: dt.datetime, answer: str = "") -> int | None:
    """Close the open correction or question to an agency, with its answer if there is one, and put the case back where
    it came from. Returns who had asked."""
    case, asker = docket.case, None
    waits: tuple[Any, ...] = (Correction, Referral)
    for model in waits:
        row = db.session().scalar(sa.select(model).where(model.case_id == case.id, model.closed_at.is_(None)))
        if row is None:
            continue
        row.closed_at, asker = at, row.asked_by
        if answer:
            row.answer, row.answered_by, row.answered_at = answer, actor.id, at
        answered_on = clock.day_of(at)
        if answered_on <= row.due_on:
            asked_on = clock.day_of(row.asked_at)
            days = working_days(actor, asked_on, row.clock_due_on)
            case.due_on = deadlines.paused_due_on(days, row.clock_due_on, asked_on, answered_on)
        case.state = row.back_to
        if model is Correction:
            plans.close_correction(actor, item_of(actor, docket))
    return asker


def working_days(actor: Actor, *days: dt.date) -> WorkingCalendar:
    """The working calendar around some days, with a year to spare for what is put off."""
    return rulebook.working_calendar(min(days), max(days) + dt.timedelta(days=200))


def item_of(actor: Actor, docket: Docket) -> Item:
    """The item of a case."""
    return db.session().get_one(Item, docket.case.item_id)


def write_down(
    actor: Actor, docket: Docket, event: str, *, changes: dict[str, Any] | None = None, note: str = ""
) -> None:
    """A change of the case: its version moves, the ledger keeps it. No outcome is written there before its release."""
    docket.case.changed_at = max(clock.now(), docket.case.changed_at + dt.timedelta(microseconds=1))
    db.session().flush()
    ledger.record(
        event,
        actor,
        "screening_case",
        docket.case.id,
        district_id=docket.case.district_id,
        changes=changes,
        note=note,
    )


def tell_people(actor: Actor, docket: Docket, event: str, people: list[int], key: str, **params: str) -> None:
    """News about the item for some officers or leaders."""
    notifications.tell(
        event,
        topic_id=docket.item_topic_id,
        person_ids=people,
        params=params,
        dedupe_key=f"{event}:{docket.case.id}:{key}",
        except_person=actor.id,
    )


def tell_public(actor: Actor, docket: Docket, event: str, key: str, **params: str) -> None:
    """News for the leaders of the community and for everybody who follows the item or its plan."""
    notifications.tell(
        event,
        topic_id=docket.item_topic_id,
        person_ids=accounts.leaders_of(docket.community_id),
        followers_of=[docket.item_topic_id, docket.plan_topic_id],
        params=params,
        dedupe_key=f"{event}:{docket.case.id}:{key}",
    )
