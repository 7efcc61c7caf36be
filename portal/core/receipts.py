"""Receipts of forms: a form sent twice makes one thing, and the second sender gets the first answer."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, db
from portal.core.db import Base, Instant, Text
from portal.core.outbox import insert_ignoring


class FormReceipt(Base):
    """``token`` came with the form; ``location`` is where its first sending led."""

    __tablename__ = "form_receipts"

    person_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    location: Mapped[Text] = mapped_column(default="")
    created_at: Mapped[Instant]


def reserve(person_id: int, token: str) -> str | None:
    """Claim a token. None: it is ours, go on. Otherwise the address the first sending led to.

    On PostgreSQL a second sender waits here for the first to commit or to fail.
    """
    # RETURNING tells who was first; the row count of an INSERT is not kept by every driver.
    claimed = db.session().scalar(
        insert_ignoring(FormReceipt.__table__)
        .values(person_id=person_id, token=token, location="", created_at=clock.now())
        .returning(FormReceipt.token)
    )
    if claimed is not None:
        return None
    return db.session().scalar(
        sa.select(FormReceipt.location).where(FormReceipt.person_id == person_id, FormReceipt.token == token)
    )


def keep(person_id: int, token: str, location: str) -> None:
    """Note where the form led, in the same transaction as what it did."""
    db.session().execute(
        sa.update(FormReceipt)
        .where(FormReceipt.person_id == person_id, FormReceipt.token == token)
        .values(location=location)
    )


def release(person_id: int, token: str) -> None:
    """Give a claimed token back: the form was refused and will come again."""
    db.session().execute(
        sa.delete(FormReceipt).where(FormReceipt.person_id == person_id, FormReceipt.token == token)
    )
