"""Files people hand in. Pictures are re-encoded (no EXIF, no bombs); PDFs are checked by their first bytes.

Contents live in a local folder under their SHA-256; the row says who may read them by a registered guard. What no row
names any more the worker puts aside and takes off the disk a month later (:func:`sweep`).
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
import structlog
from PIL import Image, ImageOps
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock, db, thai
from portal.core.actor import Actor
from portal.core.db import Base, Id, Instant, Line, Sha256, Short
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1600
UNNAMED_FOR = 24 * 3600
"""Seconds for which a content that no row names stays: a row may be about to come."""
ASIDE_FOR = 30 * 24 * 3600
"""Seconds for which it then lies aside: a database of last week that is put back may name it again."""
MANY = 50
"""More contents than these are not put aside at once if they are most of all: the database may be the wrong one."""
_AT_ONCE = 500
_CONTENT = re.compile(r"[0-9a-f]{64}")

log = structlog.get_logger()

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


_naming: list[Any] = [StoredFile.sha256]


def names_contents(column: Any) -> None:
    """Say that a column of another table names contents on the disk by their SHA-256."""
    if column not in _naming:
        _naming.append(column)


def naming() -> tuple[str, ...]:
    """The columns that name contents on the disk, as ``table.column``."""
    return tuple(f"{column.class_.__tablename__}.{column.key}" for column in _naming)


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
    if not keep(digest):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{secrets.token_hex(4)}.part")  # two may send the same at once
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
    """Where the content of that hash is kept. What lies aside comes back when it is asked for."""
    path = _root / sha256[:2] / sha256
    if not path.exists() and _aside(sha256).exists():
        path.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # somebody else asked for it too
            _aside(sha256).rename(path)
    return path


def _aside(sha256: str) -> Path:
    return _root / "gone" / sha256


def files_of(owner_kind: str, owner_id: int) -> list[StoredFile]:
    """Files of one owner, oldest first."""
    return list(
        db.session().scalars(
            sa.select(StoredFile)
            .where(StoredFile.owner_kind == owner_kind, StoredFile.owner_id == owner_id)
            .order_by(StoredFile.id)
        )
    )


def keep(sha256: str) -> bool:
    """Whether the content is there; if so it stays for a while, for the row that will name it."""
    try:
        os.utime(path_of(sha256))
    except FileNotFoundError:
        return False
    return True


def drop_after_commit(sha256: str) -> None:
    """Take a content off the disk when this transaction has committed, by which nothing names it any more."""
    db.session().info.setdefault("dropped", set()).add(sha256)


@event.listens_for(Session, "after_commit")
def _drop(session: Session) -> None:
    if not session.in_nested_transaction():
        for sha256 in session.info.pop("dropped", ()):
            try:
                path_of(sha256).unlink(missing_ok=True)
            except OSError as problem:  # what is committed is done; the sweep comes back to it
                log.warning("content_stays", error=str(problem))


@event.listens_for(Session, "after_rollback")
def _drop_nothing(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("dropped", None)


def sweep() -> int:
    """Put aside what no row names and nobody wrote for a day, and take off the disk what has lain aside for a month, and
    what was left half written; returns how many went aside. Where no row names anything nothing goes: the database may be
    an empty one. A transaction of the caller's that only reads."""
    before = time.time() - UNNAMED_FOR
    found = [path for path in _root.glob("??/*") if _CONTENT.fullmatch(path.name)]
    old = [path.name for path in found if path.stat().st_mtime < before]
    going = sorted(set(old) - _named(old))
    is_empty = db.session().scalar(sa.select(StoredFile.id).limit(1)) is None
    if going and (is_empty or len(going) > max(MANY, len(found) // 2)):
        log.error("contents_without_rows", going=len(going), found=len(found))
        return 0
    if not is_empty:
        _empty_aside()
    done = sum(_put_aside(sha256, before) for sha256 in going)
    for partial in _root.glob("??/*.part"):
        if partial.stat().st_mtime < before:
            partial.unlink(missing_ok=True)
    return done


def _named(hashes: Sequence[str]) -> set[str]:
    """Those of them that a row names."""
    named: set[str] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        for column in _naming:
            named.update(db.session().scalars(sa.select(column).where(column.in_(some))))
    return named


def _empty_aside() -> None:
    """What a row names again comes back, what lay there for a month goes."""
    aside = [path.name for path in _root.glob("gone/*")]
    named = _named(aside)
    for sha256 in aside:
        if sha256 in named:
            path_of(sha256)
            continue
        with suppress(FileNotFoundError):  # it was asked for meanwhile
            if _aside(sha256).stat().st_mtime < time.time() - ASIDE_FOR:
                _aside(sha256).unlink()


def _put_aside(sha256: str, before: float) -> bool:
    """Unless somebody saved the same content since: then it comes back, by whoever is the first to ask for it."""
    aside = _aside(sha256)
    aside.parent.mkdir(exist_ok=True)
    try:
        path_of(sha256).rename(aside)
        is_old = aside.stat().st_mtime < before
        if is_old:
            os.utime(aside)
    except FileNotFoundError:
        return False
    if not is_old:
        path_of(sha256)
    return is_old
