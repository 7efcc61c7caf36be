"""Files people hand in. Pictures are re-encoded (no EXIF, no bombs); PDFs are checked by their first bytes.

Contents live in a local folder under their SHA-256; the row says who may read them by a registered guard.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from PIL import Image, ImageOps
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, db, thai
from portal.core.actor import Actor
from portal.core.db import Base, Id, Instant, Line, Sha256, Short
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1600

_root = Path("instance/files")
Guard = Callable[[Actor, int, str], bool]
_guards: dict[str, Guard] = {}


class StoredFile(Base):
    """``owner_kind``/``owner_id`` name the row whose guard decides who may read it; ``width``/``height`` for pictures."""

    __tablename__ = "stored_files"
    __table_args__ = (sa.Index("ix_stored_files_owner_kind_owner_id", "owner_kind", "owner_id"),)

    id: Mapped[Id]
    owner_kind: Mapped[Short]
    owner_id: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[Line]
    media_type: Mapped[Short]
    size: Mapped[int] = mapped_column(sa.Integer)
    sha256: Mapped[Sha256] = mapped_column(index=True)
    width: Mapped[int | None] = mapped_column(sa.Integer)
    height: Mapped[int | None] = mapped_column(sa.Integer)
    caption: Mapped[Line] = mapped_column(default="")
    uploaded_by: Mapped[int | None] = mapped_column(sa.BigInteger)
    created_at: Mapped[Instant]


def use_folder(folder: Path) -> None:
    """Keep contents below ``folder``."""
    global _root
    _root = folder


def register_guard(owner_kind: str, may_read: Guard) -> None:
    """Say who may read files of ``owner_kind``: ``may_read(actor, owner_id, sha256)`` of the contents. No guard means nobody."""
    _guards[owner_kind] = may_read


def may_read(actor: Actor, file: StoredFile) -> bool:
    """The owner's guard decides."""
    guard = _guards.get(file.owner_kind)
    return guard is not None and guard(actor, file.owner_id, file.sha256)


def save(
    actor: Actor, stream: IO[bytes], name: str, *, owner_kind: str, owner_id: int, caption: str = ""
) -> StoredFile:
    """Store a picture or a PDF. Raises Invalid with a sentence for the person when it is neither, or too big."""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Invalid(_l("The file is larger than 10 MB."))
    width = height = None
    if content.startswith(b"%PDF-"):
        media_type = "application/pdf"
    else:
        content, width, height = _clean_picture(content)
        media_type = "image/jpeg"
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_bytes(content)
        partial.replace(path)
    stored = StoredFile(
        owner_kind=owner_kind,
        owner_id=owner_id,
        name=_one_line(name),
        media_type=media_type,
        size=len(content),
        sha256=digest,
        width=width,
        height=height,
        caption=caption[:500],
        uploaded_by=actor.id,
        created_at=clock.now(),
    )
    db.session().add(stored)
    db.session().flush()
    return stored


def _one_line(name: str) -> str:
    """The name without its folders and without what no header of an answer can carry."""
    tidy = " ".join(thai.normalise(name).replace("\\", "/").split())
    return Path(tidy).name[:200] or "file"


class TooManyPixels(ValueError):
    """A picture of more than ``MAX_PIXELS``."""


def picture(content: bytes) -> Image.Image:
    """The JPEG, PNG or WebP in ``content``, upright, without what else was in the file. Raises ValueError for anything
    that is none, TooManyPixels (which is one) for one that is too large."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise TooManyPixels
            return ImageOps.exif_transpose(opened).convert("RGB")
    except TooManyPixels:
        raise
    except Exception as problem:  # any fault of a foreign file is the file's
        raise ValueError("not a picture") from problem


def _clean_picture(content: bytes) -> tuple[bytes, int, int]:
    try:
        upright = picture(content)
    except TooManyPixels as problem:
        raise Invalid(_l("The picture has too many pixels. Send a smaller one.")) from problem
    except ValueError as problem:
        raise Invalid(_l("Only JPEG, PNG and WebP pictures and PDF files can be sent.")) from problem
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), upright.width, upright.height


def path_of(sha256: str) -> Path:
    """Where the content of that hash is kept."""
    return _root / sha256[:2] / sha256


def files_of(owner_kind: str, owner_id: int) -> list[StoredFile]:
    """Files of one owner, oldest first."""
    return list(
        db.session().scalars(
            sa.select(StoredFile)
            .where(StoredFile.owner_kind == owner_kind, StoredFile.owner_id == owner_id)
            .order_by(StoredFile.id)
        )
    )
