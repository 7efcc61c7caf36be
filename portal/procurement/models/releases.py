"""What was published of a process: releases of the Open Contracting Data Standard, for good."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Id, Instant, Sha256, Short, Text, reference


@promises.append_only()
@promises.in_series("process_id", at="published_at", since="processes.created_at")
class Release(Base):
    """One publication: ``text`` is the release as it is handed out, byte for byte, ``sha256`` of it in UTF-8. Numbers
    of a process have no gap, its instants never go back and begin with the process; the database refuses anything else."""

    __tablename__ = "releases"
    __table_args__ = (
        sa.UniqueConstraint("process_id", "number"),
        sa.CheckConstraint("number >= 1 AND length(sha256) = 64", name="numbered_and_hashed"),
    )

    id: Mapped[Id]
    process_id: Mapped[int] = reference("processes.id", index=False)
    number: Mapped[int] = mapped_column(sa.Integer)
    release_id: Mapped[Short] = mapped_column(unique=True)
    text: Mapped[Text]
    sha256: Mapped[Sha256]
    published_at: Mapped[Instant]
