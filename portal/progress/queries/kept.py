"""Certified reports, as the ledger knows them."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from portal.core import db, hashing, witness
from portal.progress import rules
from portal.progress.models import ProgressReport
from portal.progress.queries.reading import hashes_of


def _certified(after: int, limit: int) -> list[witness.Row]:
    reports = (
        db.session()
        .scalars(
            sa.select(ProgressReport)
            .where(ProgressReport.id > after)
            .order_by(ProgressReport.id)
            .limit(limit)
            .execution_options(populate_existing=True)
        )
        .all()
    )
    # A picture that is gone has no hash, so that its report is found to be another.
    hashes = defaultdict(str, hashes_of([photo for one in reports for photo in one.photos]))
    return [
        witness.Row(
            one.id,
            one.id,
            one.sheet_id,
            hashing.sha256_hex(hashing.canonical_json(rules.body_of(one, hashes))),
            one.sha256,
            one.certified_at,
        )
        for one in reports
    ]


REPORTS = witness.Witness("progress report", ["progress.certified"], "report", ProgressReport.id, _certified)
"""Certified reports of progress."""
