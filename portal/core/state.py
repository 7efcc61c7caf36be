"""One row of site state: the cache epoch (bumped when something must vanish at once) and the demo clock's shift."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db
from portal.core.db import Base


class SiteState(Base):
    """The single row has id 1. ``clock_offset`` is in seconds and stays 0 outside the demo."""

    __tablename__ = "site_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    clock_offset: Mapped[int] = mapped_column(sa.BigInteger, default=0)


def _row() -> SiteState:
    row = db.session().get(SiteState, 1)
    if row is None:
        row = SiteState(id=1, epoch=0, clock_offset=0)
        db.session().add(row)
        db.session().flush()
    return row


def bump_epoch() -> None:
    """Make every cached page stale (hiding, withdrawing, releasing)."""
    _row()
    db.session().execute(sa.update(SiteState).where(SiteState.id == 1).values(epoch=SiteState.epoch + 1))


def set_clock_offset(seconds: int) -> None:
    """Store the demo clock's shift."""
    row = _row()
    row.clock_offset = seconds
    row.epoch += 1


@db.prepared
def _epoch_and_offset() -> Any:
    return sa.select(SiteState.epoch, SiteState.clock_offset)


def read() -> tuple[int, int]:
    """(epoch, clock offset in seconds)."""
    row = _epoch_and_offset().first()
    return (row.epoch, row.clock_offset) if row else (0, 0)
