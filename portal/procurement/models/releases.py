"""What was published of a process: releases of the Open Contracting Data Standard, for good."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Id, Instant, Sha256, Short, Text, reference


@promises.append_only()
class Release(Base):
    """One publication: ``text`` is the release as it is handed out, byte for byte, ``sha256`` of it in UTF-8. Numbers
    of a process have no gap and its instants never go back; the database refuses anything else."""

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


_NEXT = "(SELECT COALESCE(MAX(number), 0) + 1 FROM releases WHERE process_id = NEW.process_id)"
_LATER = "SELECT 1 FROM releases WHERE process_id = NEW.process_id AND published_at > NEW.published_at"
promises.extra_ddl(
    "releases",
    "sqlite",
    [
        f"CREATE TRIGGER tr_releases_in_order BEFORE INSERT ON releases WHEN NEW.number <> {_NEXT} "
        f"OR EXISTS ({_LATER}) BEGIN SELECT RAISE(ABORT, 'releases only go on'); END"
    ],
)
promises.extra_ddl(
    "releases",
    "postgresql",
    [
        "CREATE FUNCTION releases_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.number <> {_NEXT} OR EXISTS ({_LATER}) THEN RAISE EXCEPTION 'releases only go on' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER tr_releases_in_order BEFORE INSERT ON releases "
        "FOR EACH ROW EXECUTE FUNCTION releases_in_order()",
    ],
)
