"""Publishing the monthly summary of purchases."""

from __future__ import annotations

import datetime as dt

from portal.core import clock, db, hashing, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.information import policy, queries, summary
from portal.information.models import MonthlySummary
from portal.places.models import District


def publish_summary(actor: Actor, district_id: int, month: dt.date, reason: str = "") -> MonthlySummary:
    """Publish what the contracts of a month say now, under the next number; what was published before stays.

    Raises NotAllowed, WrongState while the month lasts (in Bangkok) or when nothing has changed since, Invalid without a
    reason for a correction.
    """
    db.get_for_update(District, district_id)
    if not policy.can_keep(actor, district_id):
        raise NotAllowed(_l("Summaries of this district are published by its own officers."))
    if not summary.is_over(month, clock.today()):
        raise WrongState(_l("The month is not over yet."))
    newest = next(iter(queries.editions(district_id, month)), None)
    why = reason.strip()
    if newest is not None and not why:
        raise Invalid({"reason": _l("Say what the correction puts right.")})
    text = hashing.canonical_json(queries.body_now(district_id, month))
    if newest is not None and newest.summary.body == text:
        raise WrongState(_l("Nothing has changed since the summary was published."))
    made = MonthlySummary(
        district_id=district_id,
        month=month,
        number=newest.summary.number + 1 if newest else 1,
        body=text,
        sha256=hashing.sha256_hex(text),
        reason=why if newest else "",
        published_by=actor.id,
        published_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    ledger.record(
        "information.summary_published",
        actor,
        "monthly_summary",
        made.id,
        district_id=district_id,
        changes={"month": month.isoformat()[:7], "number": made.number, "sha256": made.sha256},
        note=made.reason,
    )
    return made
