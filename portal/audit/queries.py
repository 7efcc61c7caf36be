"""Reading the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.audit.models import BLANK_ASKED, BlankRequest
from portal.core import db, jobs, ledger, paging
from portal.core.errors import NotFound
from portal.core.jobs import Job, JobState
from portal.core.ledger import BLANKED, LedgerEntry
from portal.places.models import District

CHECK = "ledger.check"


@dataclass(frozen=True)
class Filter:
    """Which entries: by event, district, the person who acted (e-mail or number), and the thing (kind and number)."""

    event: str = ""
    district: str = ""
    person: str = ""
    kind: str = ""
    number: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """What is set, as the query of an address."""
        return {name: value for name, value in self.__dict__.items() if value}


def entries(wanted: Filter, cursor: str | None) -> paging.Slice:
    """One page of entries, newest first, with the district's names."""
    statement = sa.select(
        LedgerEntry.id,
        LedgerEntry.event,
        LedgerEntry.at,
        LedgerEntry.actor_id,
        LedgerEntry.subject_kind,
        LedgerEntry.subject_id,
        LedgerEntry.payload,
        LedgerEntry.hash,
        LedgerEntry.previous_hash,
        District.name_th,
        District.name_en,
    ).outerjoin(District, District.id == LedgerEntry.district_id)
    if wanted.event:
        statement = statement.where(LedgerEntry.event == wanted.event)
    if wanted.kind:
        statement = statement.where(LedgerEntry.subject_kind == wanted.kind)
    for column, text in (
        (LedgerEntry.district_id, wanted.district),
        (LedgerEntry.subject_id, wanted.number),
    ):
        if text:
            statement = statement.where(column == _number(text))
    if wanted.person:
        statement = statement.where(LedgerEntry.actor_id == _person(wanted.person))
    return paging.keyset(statement, [(LedgerEntry.id, "desc")], cursor=cursor, size=40)


def _number(text: str) -> int:
    """A number as typed; what is none fits no entry."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else -1


def _person(text: str) -> int:
    if "@" not in text:
        return _number(text)
    found = accounts.person_by_email(text)
    return found.id if found else -1


def events() -> Sequence[str]:
    """Every event that ever happened, by hops over the index instead of a walk through the ledger."""
    first = sa.select(sa.func.min(LedgerEntry.event).label("event")).cte("events", recursive=True)
    following = (
        sa.select(sa.func.min(LedgerEntry.event)).where(LedgerEntry.event > first.c.event).scalar_subquery()
    )
    every = first.union_all(sa.select(following).where(first.c.event.is_not(None)))
    return list(db.session().scalars(sa.select(every.c.event).where(every.c.event.is_not(None))))


def head() -> Any | None:
    """The newest entry's number, hash and instant; None for an empty ledger."""
    return (
        db.session()
        .execute(
            sa.select(LedgerEntry.id, LedgerEntry.hash, LedgerEntry.at)
            .order_by(LedgerEntry.id.desc())
            .limit(1)
        )
        .first()
    )


def entry(number: int) -> LedgerEntry:
    """One entry; raises NotFound."""
    found = db.session().get(LedgerEntry, number)
    if found is None:
        raise NotFound
    return found


def blank_request(number: int) -> BlankRequest | None:
    """What somebody asks to take out of an entry, or asked until it was done."""
    return db.session().get(BlankRequest, number)


def waiting_requests() -> Sequence[Any]:
    """Requests to take something out that wait for another person, oldest first."""
    return (
        db.session()
        .execute(
            sa.select(BlankRequest.entry_id, BlankRequest.asked_by, BlankRequest.asked_at, LedgerEntry.event)
            .join(LedgerEntry, LedgerEntry.id == BlankRequest.entry_id)
            .where(BlankRequest.carried_out_by.is_(None))
            .order_by(BlankRequest.asked_at, BlankRequest.entry_id)
            .limit(100)
        )
        .all()
    )


def taken_out() -> Iterator[tuple[int, str, bool, bool]]:
    """Entries without their words: number, event, whether the ledger says that one person asked for it and another
    carried it out, and whether that was done by one while one was enough."""
    asked, done = sa.orm.aliased(LedgerEntry), sa.orm.aliased(LedgerEntry)
    by_two = sa.exists().where(
        asked.event == BLANK_ASKED,
        asked.subject_kind == "ledger_entry",
        asked.subject_id == LedgerEntry.id,
        done.event == BLANKED,
        done.subject_kind == "ledger_entry",
        done.subject_id == LedgerEntry.id,
        LedgerEntry.id < asked.id,
        asked.id < done.id,
        asked.actor_id != done.actor_id,
    )
    found = sa.select(LedgerEntry.id, LedgerEntry.event, by_two).where(LedgerEntry.payload.is_(None))
    older = ledger.taken_out_before_two()
    for number, event, is_by_two in db.session().execute(found.order_by(LedgerEntry.id)):
        yield number, event, bool(is_by_two), number in older and not is_by_two


def running_check() -> Job | None:
    """The check of the chain that waits or is under way."""
    return jobs.newest(CHECK, JobState.QUEUED, JobState.RUNNING)


def last_check() -> Job | None:
    """The check that ended last; ``result`` is :class:`portal.audit.keeping.Kept`."""
    return jobs.newest(CHECK, JobState.DONE, JobState.FAILED)


def facts_of(payload: str | None) -> tuple[list[tuple[str, str]], str] | None:
    """A payload as (what changed, note); None when it was blanked. A pair of values reads "before → after"."""
    if payload is None:
        return None
    content = json.loads(payload)
    changes = content.get("changes") or {}
    return [(name, _words(value)) for name, value in changes.items()], content.get("note", "")


def _words(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_words(value[0])} → {_words(value[1])}"
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_words(one)}" for name, one in value.items())
    return "–" if value is None or value == "" else str(value)
