"""Files that were made to be downloaded."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import storage
from portal.core.db import Base, Id, Instant, Sha256, enum_column


class Form(StrEnum):
    """What a download holds: every release, the records they merge to, or those as tables."""

    RELEASES = "releases"
    RECORDS = "records"
    TABLES = "tables"


CITY = "all"
"""The scope of the whole city."""


class Download(Base):
    """The newest file of a form for a scope: a district by its DOPA code, or ``all`` the city.

    ``newest_release_id`` is the last release in it, which tells whether it is still the newest; ``sha256`` and ``size``
    (bytes) are of the file, which lies where the portal keeps its files.
    """

    __tablename__ = "downloads"
    __table_args__ = (
        sa.UniqueConstraint("form", "scope"),
        sa.CheckConstraint("size > 0 AND processes > 0", name="not_empty"),
    )

    id: Mapped[Id]
    form: Mapped[Form] = enum_column(Form, name="form")
    scope: Mapped[str] = mapped_column(sa.String(8))
    newest_release_id: Mapped[int] = mapped_column(sa.BigInteger)
    processes: Mapped[int] = mapped_column(sa.Integer)
    releases: Mapped[int] = mapped_column(sa.Integer)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[Sha256]
    made_at: Mapped[Instant]


storage.names_contents(Download.sha256)
