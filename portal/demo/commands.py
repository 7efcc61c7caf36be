"""Moving the demonstration's clock."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from portal.accounts.models import LoginSession
from portal.core import clock, db, ledger, state
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l

FARTHEST = dt.timedelta(days=366 * 4)
END = clock.at(
    dt.date(2100, 1, 1)
)  # holidays are known to the end of 2100, and what begins in 2099 looks a year ahead


def move_clock(actor: Actor, to: dt.datetime) -> int:
    """Move the clock forward to ``to`` and return the whole shift in seconds. People stay signed in.

    Raises Invalid for a move backwards (the ledger only goes forward), by more than four years or past 2099.
    """
    now = clock.now()
    if to <= now:
        raise Invalid({"day": _l("The clock only goes forward. Choose a later day.")})
    if to - now > FARTHEST:
        raise Invalid({"day": _l("Choose a day within the next four years.")})
    if to >= END:
        raise Invalid({"day": _l("The calendar ends with the year 2099. Choose an earlier day.")})
    step = to - now
    seconds = clock.offset_seconds() + int(step.total_seconds()) + 1
    state.set_clock_offset(seconds)
    live = db.session().scalars(
        sa.select(LoginSession).where(LoginSession.revoked_at.is_(None), LoginSession.expires_at > now)
    )
    for row in live:
        row.expires_at += step
    ledger.record(
        "demo.clock_moved", actor, "site_state", 1, changes={"from": now.isoformat(), "to": to.isoformat()}
    )
    return seconds
