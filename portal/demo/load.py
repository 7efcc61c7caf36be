"""Loads the demonstration by doing, at the right hours, what its people would have done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db, state
from portal.core.actor import SYSTEM
from portal.demo import calendar
from portal.demo.cast import Cast, assemble, give_passwords
from portal.demo.stage import Stage
from portal.demo.years import (
    ballots,
    centre,
    others,
    purchases,
    reports,
    talking,
    votes,
    y2569,
    y2570,
    y2571,
)
from portal.notifications.models import Notice
from portal.places import commands as places
from portal.rulebook import commands as rulebook
from portal.strategy import commands as strategy

Say = Callable[[str], None]


def is_loaded() -> bool:
    """Whether the demonstration's people are there."""
    return db.session().scalar(sa.select(Person.id).where(Person.email == "leader@example.org")) is not None


def load(accounts: Path, say: Say) -> None:
    """Load everything once, each step in its own transaction; safe to call again."""
    with db.transaction("read"):
        if is_loaded():
            say("The demonstration is already loaded.")
            return
    say("Districts, figures of law")
    with clock.travel(clock.at(calendar.OPENED, 8)):
        with db.transaction():
            places.load_districts(SYSTEM)
            rulebook.load_seeds(SYSTEM)
        say("People, communities, strategy")
        with db.transaction():
            cast = assemble(calendar.OPENED, calendar.UNTIL)
        with db.transaction():
            strategy.load_seeds(cast.actor("strategy"))
    stage = Stage(cast, say)
    for year in (y2569, y2570, y2571, talking, purchases, reports, votes, ballots, others, centre):
        year.play(stage)
    _finish(cast, accounts)


def _finish(cast: Cast, accounts: Path) -> None:
    """Passwords for the accounts that are shown, and the clock set to the demonstration's day."""
    with clock.travel(calendar.NOW), db.transaction():
        give_passwords(cast, accounts)
        _put_news_in_order()
    begin_now()


def _put_news_in_order() -> None:
    """The years were played one matter after another; an inbox goes by numbers, which follow time where people live."""
    session = db.session()
    numbers = session.scalars(sa.select(Notice.id).order_by(Notice.id)).all()
    by_time = session.scalars(sa.select(Notice.id).order_by(Notice.created_at, Notice.id)).all()
    # Through negative numbers, so that no two rows ever have the same.
    table = sa.table("notices", sa.column("id"))
    renumber = sa.update(table).where(table.c.id == sa.bindparam("old")).values(id=sa.bindparam("new"))
    session.connection().execute(
        renumber, [{"old": old, "new": -new} for old, new in zip(by_time, numbers, strict=True)]
    )
    session.connection().execute(sa.update(table).values(id=-table.c.id))


def begin_now() -> None:
    """Let the demonstration's day begin at this moment."""
    with db.transaction():
        offset = int((calendar.NOW - clock.now()).total_seconds()) + clock.offset_seconds()
        state.set_clock_offset(offset)
