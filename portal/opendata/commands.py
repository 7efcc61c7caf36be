"""Making the files to be downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, jobs, storage
from portal.core.actor import Actor
from portal.core.i18n import lazy_gettext as _l
from portal.opendata import queries, writing
from portal.opendata.models import Download, Form


def keep_fresh(actor: Actor) -> jobs.Job | None:
    """Ask for new downloads where they are due (:func:`queries.are_downloads_due`)."""
    return make_downloads(actor) if queries.are_downloads_due() else None


def make_downloads(actor: Actor) -> jobs.Job:
    """Ask the worker for the files of every district, and of the city, of which something new is published."""
    return jobs.start(actor, queries.MAKE, str(_l("Files of open data")), {})


@jobs.work(queries.MAKE, mode="read", then=lambda job, made: _keep(made))
def _make(job: jobs.Job) -> list[dict[str, Any]]:
    """Write what is stale; every file is named by its hash and is whole when it has its name."""
    stale = queries.stale_scopes()
    total, before = sum(extent.processes for _scope, _district, extent in stale), 0
    folder = storage.path_of("0" * 64).parent.parent / "making"
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for scope, district_id, extent in stale:
        start = before
        written = writing.write_downloads(
            folder,
            scope,
            district_id,
            extent,
            lambda done, _all, start=start: jobs.report(job.id, start + done, total),  # type: ignore[misc]
        )
        before += extent.processes
        for form, file in written.items():
            made.append(
                {
                    "form": form,
                    "scope": scope,
                    "newest_release_id": extent.newest_id,
                    "processes": extent.processes,
                    "releases": extent.releases,
                    "size": file.size,
                    "sha256": file.sha256,
                }
            )
            _put_away(file.path, file.sha256)
    return made


def _put_away(file: Path, sha256: str) -> None:
    path = storage.path_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.replace(path)


def _keep(made: list[dict[str, Any]]) -> dict[str, Any]:
    """Name the new files as the downloads; what they replace is taken off the disk."""
    session = db.session()
    replaced = set()
    for facts in made:
        old = session.scalar(
            sa.select(Download).where(Download.form == Form(facts["form"]), Download.scope == facts["scope"])
        )
        if old is None:
            session.add(Download(**facts, made_at=clock.now()))
            continue
        replaced.add(old.sha256)
        for name, value in facts.items():
            setattr(old, name, value)
        old.made_at = clock.now()
    session.flush()
    for sha256 in replaced - set(session.scalars(sa.select(Download.sha256))):
        storage.drop_after_commit(sha256)
    return {"files": len(made)}
