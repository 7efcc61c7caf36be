"""Reads of what is open to everybody, whoever asks: releases in pages and streams, downloads, the catalogue's facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.actionplan import policy as actionplan_policy
from portal.actionplan.models import ActionPlan
from portal.core import clock, db, jobs
from portal.core.actor import ANONYMOUS
from portal.core.errors import NotFound
from portal.core.jobs import Job, JobState
from portal.core.paging import Slice, keyset
from portal.cycles.models import Cycle
from portal.opendata.models import CITY, Download, Form
from portal.places.models import District
from portal.procurement import policy
from portal.procurement.models import Process, Release
from portal.rulebook import queries as rulebook
from portal.rulebook.licences import LICENCES, Licence

MAKE = "opendata.make"
RELEASES_A_PAGE = 100
RECORDS_A_PAGE = 20
_STRIDE = 200
REST = dt.timedelta(minutes=10)
"""How long the worker waits before it makes downloads again."""


class Extent(NamedTuple):
    """How much is published: processes, releases, the newest release's id and instant (0 and None without any)."""

    processes: int
    releases: int
    newest_id: int
    newest_at: dt.datetime | None


def _open(statement: sa.Select[*tuple[Any, ...]], district_id: int | None) -> sa.Select[*tuple[Any, ...]]:
    """Only what everybody may see, of one district or all."""
    statement = statement.where(policy.visible_to(ANONYMOUS))
    return statement if district_id is None else statement.where(Process.district_id == district_id)


def extent(district_id: int | None = None) -> Extent:
    """How much of a district, or of the city, is published."""
    row = (
        db.session()
        .execute(
            _open(
                sa.select(
                    sa.func.count(sa.distinct(Release.process_id)).label("processes"),
                    sa.func.count(Release.id).label("releases"),
                    sa.func.max(Release.id).label("newest_id"),
                    sa.func.max(Release.published_at).label("newest_at"),
                ).join(Process, Process.id == Release.process_id),
                district_id,
            )
        )
        .one()
    )
    return Extent(row.processes, row.releases, row.newest_id or 0, row.newest_at)


def extents() -> dict[int, Extent]:
    """How much of each district is published, by the district's id; the city's sum under 0."""
    rows = db.session().execute(
        _open(
            sa.select(
                Process.district_id,
                sa.func.count(sa.distinct(Release.process_id)).label("processes"),
                sa.func.count(Release.id).label("releases"),
                sa.func.max(Release.id).label("newest_id"),
                sa.func.max(Release.published_at).label("newest_at"),
            )
            .join(Process, Process.id == Release.process_id)
            .group_by(Process.district_id),
            None,
        )
    )
    found = {
        row.district_id: Extent(row.processes, row.releases, row.newest_id, row.newest_at) for row in rows
    }
    if found:
        found[0] = Extent(
            sum(one.processes for one in found.values()),
            sum(one.releases for one in found.values()),
            max(one.newest_id for one in found.values()),
            max(one.newest_at for one in found.values() if one.newest_at),
        )
    return found


def process(process_id: int) -> Any:
    """(id, ocid, title, district_id) of a process everybody may see; raises NotFound otherwise."""
    row = (
        db.session()
        .execute(
            _open(sa.select(Process.id, Process.ocid, Process.title, Process.district_id), None).where(
                Process.id == process_id
            )
        )
        .first()
    )
    if row is None:
        raise NotFound
    return row


def releases_of(process_id: int) -> Sequence[Any]:
    """The releases of a process everybody may see, in order: text, sha256, release_id, published_at. Raises NotFound
    where there is none."""
    rows = (
        db.session()
        .execute(
            _open(
                sa.select(
                    Release.id, Release.text, Release.sha256, Release.release_id, Release.published_at
                ).join(Process, Process.id == Release.process_id),
                None,
            )
            .where(Release.process_id == process_id)
            .order_by(Release.number)
        )
        .all()
    )
    if not rows:
        raise NotFound
    return rows


def release_page(district_id: int | None, cursor: str | None) -> Slice:
    """A page of releases in the order of their publication: id, text, published_at."""
    statement = _open(
        sa.select(Release.id, Release.text, Release.published_at).join(
            Process, Process.id == Release.process_id
        ),
        district_id,
    )
    return keyset(statement, [(Release.id, "asc")], cursor=cursor, size=RELEASES_A_PAGE)


def process_page(district_id: int | None, cursor: str | None) -> Slice:
    """A page of processes that have releases: id."""
    statement = _open(
        sa.select(Process.id).where(sa.exists().where(Release.process_id == Process.id)), district_id
    )
    return keyset(statement, [(Process.id, "asc")], cursor=cursor, size=RECORDS_A_PAGE)


def releases_of_all(process_ids: Sequence[int]) -> list[tuple[int, list[Any]]]:
    """(process, its releases in order: text, published_at) for each of these processes that has any."""
    rows = db.session().execute(
        sa.select(Release.process_id, Release.text, Release.published_at)
        .where(Release.process_id.in_(list(process_ids)))
        .order_by(Release.process_id, Release.number)
    )
    return [(key, list(group)) for key, group in groupby(rows, key=lambda row: row.process_id)]


def every_release(district_id: int | None, until: int) -> Iterator[tuple[int, list[Any]]]:
    """(process, its releases in order: text, published_at) of every process, up to release ``until``.

    Read a stretch at a time, so that memory does not grow with the data; a transaction of the caller's that only reads.
    """
    after = 0
    while True:
        ids = (
            db.session()
            .scalars(
                _open(
                    sa.select(Process.id).where(
                        Process.id > after, sa.exists().where(Release.process_id == Process.id)
                    ),
                    district_id,
                )
                .order_by(Process.id)
                .limit(_STRIDE)
            )
            .all()
        )
        if not ids:
            return
        after = ids[-1]
        rows = db.session().execute(
            sa.select(Release.process_id, Release.text, Release.published_at)
            .where(Release.process_id.in_(ids), Release.id <= until)
            .order_by(Release.process_id, Release.number)
        )
        for key, group in groupby(rows.all(), key=lambda row: row.process_id):
            yield key, list(group)


# -- downloads --------------------------------------------------------------------------------------------------------


def downloads() -> dict[tuple[str, Form], Download]:
    """Every download by (scope, form)."""
    return {(one.scope, one.form): one for one in db.session().scalars(sa.select(Download))}


def download(form: Form, scope: str) -> Download:
    """One download; raises NotFound before it was made."""
    found = db.session().scalar(sa.select(Download).where(Download.form == form, Download.scope == scope))
    if found is None:
        raise NotFound
    return found


def stale_scopes() -> list[tuple[str, int | None, Extent]]:
    """(scope, its district or None for the city, how much is published) of which there is something that its downloads
    do not have, or that bear an earlier licence."""
    since = _licensed_since()
    made = {
        (one.scope, one.newest_release_id, one.releases)
        for one in downloads().values()
        if one.made_at >= since
    }
    found = extents()
    return [
        (str(district_id) if district_id else CITY, district_id or None, one)
        for district_id, one in sorted(found.items())
        if (str(district_id) if district_id else CITY, one.newest_id, one.releases) not in made
    ]


def making() -> Job | None:
    """The job that makes downloads now or next; its progress stands in it."""
    return jobs.newest(MAKE, JobState.QUEUED, JobState.RUNNING)


def are_downloads_due() -> bool:
    """Something was published since the last downloads were made; no job for it waits or runs, and the last one ended
    ten minutes ago."""
    if making() is not None:
        return False
    last = jobs.newest(MAKE, jobs.JobState.DONE, jobs.JobState.FAILED)
    has_rested = last is None or last.ended_at is None or last.ended_at + REST <= clock.now()
    return has_rested and bool(stale_scopes())


def places() -> Sequence[Any]:
    """Every district: id, name_th, name_en; in Thai order."""
    return (
        db.session()
        .execute(sa.select(District.id, District.name_th, District.name_en).order_by(District.sort_key))
        .all()
    )


def is_district(district_id: int) -> bool:
    """There is a district of this code."""
    return db.session().scalar(sa.select(District.id).where(District.id == district_id)) is not None


# -- the licence -------------------------------------------------------------------------------------------------------


def licence() -> Licence:
    """The licence that counts today."""
    return LICENCES[rulebook.law("opendata.licence")]


def _licensed_since() -> dt.datetime:
    """Since when files say the licence of today: the first instant of its day, or when it was entered if that was later."""
    today = rulebook.law_row("opendata.licence")
    entered = [
        row.entered_at
        for row in rulebook.history("opendata.licence")
        if (row.value, row.valid_from) == (today.value, today.valid_from)
    ]
    return max([clock.at(today.valid_from), *entered[:1]])


# -- what else there is -------------------------------------------------------------------------------------------------


def plans() -> Sequence[Any]:
    """Annual action plans everybody may see: id, fiscal_year, district_id, name_th, name_en, changed_at."""
    return (
        db.session()
        .execute(
            sa.select(
                ActionPlan.id,
                Cycle.fiscal_year,
                District.id.label("district_id"),
                District.name_th,
                District.name_en,
                sa.func.coalesce(
                    ActionPlan.published_at, ActionPlan.answered_at, ActionPlan.hearing_opened_at
                ).label("changed_at"),
            )
            .join(Cycle, Cycle.id == ActionPlan.cycle_id)
            .join(District, District.id == ActionPlan.district_id)
            .where(actionplan_policy.visible_to(ANONYMOUS))
            .order_by(Cycle.fiscal_year.desc(), District.sort_key)
        )
        .all()
    )


def idea_years() -> Sequence[Any]:
    """Districts with a cycle, in which ideas are followed: district_id, name_th, name_en, fiscal_year (the newest)."""
    return (
        db.session()
        .execute(
            sa.select(
                District.id.label("district_id"),
                District.name_th,
                District.name_en,
                sa.func.max(Cycle.fiscal_year).label("fiscal_year"),
            )
            .join(Cycle, Cycle.district_id == District.id)
            .group_by(District.id, District.name_th, District.name_en, District.sort_key)
            .order_by(District.sort_key)
        )
        .all()
    )
