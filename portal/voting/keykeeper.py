"""The keeper of a round's secrets, outside the database and its backups.

It holds two secrets of each round: the key of the voters' tags, and the key that signs heads and receipts. It never
gives them away: it answers tags and signatures.
In production it is a process of its own with its own user (``python -m portal.voting.keykeeper SOCKET FOLDER``), reached by
a Unix socket, that knows neither the portal's secrets nor its database; elsewhere a folder beside the database. Without it nobody can vote and no head is signed. Destroyed, the tags are
useless for ever.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import secrets
import socket
import socketserver
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PURPOSES = ("head", "receipt")
_TIMEOUT = 5.0


class KeeperSilent(Exception):
    """The keeper does not answer, or not with what was asked: the round stands still."""


class Keeper(Protocol):
    """What the portal may ask."""

    def create(self, round_id: int) -> str:
        """Draw a round's secrets, once. Returns the public key of the signatures, in hex; asked again, the same."""

    def tags(self, round_id: int, names: Sequence[str]) -> list[str]:
        """The tag of each name: HMAC-SHA256 by the round's key, in hex."""

    def sign(self, round_id: int, purpose: str, text: str) -> str:
        """An Ed25519 signature of a head or a receipt, in hex."""

    def destroy(self, round_id: int) -> None:
        """Forget the round's secrets for good; no others are ever drawn for it."""


def signed_text(purpose: str, text: str) -> bytes:
    """What is signed: a signature of a receipt can never pass for one of a head."""
    return f"ballots {purpose} 1\n{text}".encode()


def is_signed(public_key: str, purpose: str, text: str, signature: str) -> bool:
    """Whether a signature is the round's."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), signed_text(purpose, text))
    except (ValueError, InvalidSignature):
        return False
    return True


class Folder:
    """Secrets as files that only their owner may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, round_id: int) -> Path:
        return self._folder / f"round-{int(round_id)}.json"

    def _secrets(self, round_id: int) -> dict[str, str]:
        try:
            return _read(self._path(round_id), self._path(round_id).stat().st_mtime_ns)
        except (OSError, ValueError) as problem:
            raise KeeperSilent(f"no secrets of round {round_id}") from problem

    def create(self, round_id: int) -> str:
        """See :class:`Keeper`."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        drawn = {"tags": secrets.token_hex(32), "signing": secrets.token_hex(32)}
        try:
            file = os.open(self._path(round_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            drawn = self._secrets(round_id)
        else:
            with os.fdopen(file, "w") as opened:
                json.dump(drawn, opened)
                opened.flush()
                os.fsync(opened.fileno())
        public = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(drawn["signing"])).public_key()
        return public.public_bytes_raw().hex()

    def tags(self, round_id: int, names: Sequence[str]) -> list[str]:
        """See :class:`Keeper`."""
        key = bytes.fromhex(self._secrets(round_id)["tags"])
        return [hmac.digest(key, name.encode(), "sha256").hex() for name in names]

    def sign(self, round_id: int, purpose: str, text: str) -> str:
        """See :class:`Keeper`."""
        if purpose not in PURPOSES:
            raise KeeperSilent(f"nothing is signed as {purpose!r}")
        return _signing(self._secrets(round_id)["signing"]).sign(signed_text(purpose, text)).hex()

    def destroy(self, round_id: int) -> None:
        """See :class:`Keeper`. The file is written over; an empty one stays, so that nobody draws again."""
        path = self._path(round_id)
        with suppress(FileNotFoundError), path.open("r+b") as opened:
            length = path.stat().st_size
            opened.write(secrets.token_bytes(length))
            opened.flush()
            os.fsync(opened.fileno())
            opened.truncate(0)
            os.fsync(opened.fileno())
        _read.cache_clear()
        _signing.cache_clear()


@lru_cache(maxsize=16)
def _signing(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text("utf-8"))
    return found


class Socket:
    """A keeper in another process: one line of JSON there, one back. Connections are kept: making one costs more than an
    answer."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._idle: list[socket.socket] = []

    def close(self) -> None:
        """Hang up."""
        while (link := self._take()) is not None:
            link.close()

    def _take(self) -> socket.socket | None:
        """A connection that nobody uses; other threads may be quicker."""
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _ask(self, act: str, *args: Any) -> Any:
        line = json.dumps([act, *args]).encode() + b"\n"
        kept = self._take()
        try:
            if kept is not None:
                with suppress(ConnectionError, ValueError):  # the keeper was started anew meanwhile
                    return self._told(self._answer(kept, line))
                self.close()
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            opened.settimeout(_TIMEOUT)
            try:
                opened.connect(self._path)
            except OSError:
                opened.close()
                raise
            return self._told(self._answer(opened, line))
        except (OSError, ValueError) as problem:
            raise KeeperSilent("the keeper of the keys does not answer") from problem

    def _answer(self, link: socket.socket, line: bytes) -> dict[str, Any]:
        """Ask over a connection, which is kept if it answers and closed if not."""
        try:
            link.sendall(line)
            found = b""
            while not found.endswith(b"\n"):
                more = link.recv(65536)
                if not more:
                    raise ConnectionResetError
                found += more
            answer: dict[str, Any] = json.loads(found)
        except BaseException:
            link.close()
            raise
        self._idle.append(link)
        return answer

    @staticmethod
    def _told(answer: dict[str, Any]) -> Any:
        if "refused" in answer:
            raise KeeperSilent(answer["refused"])
        return answer["answer"]

    def create(self, round_id: int) -> str:
        """See :class:`Keeper`."""
        return str(self._ask("create", round_id))

    def tags(self, round_id: int, names: Sequence[str]) -> list[str]:
        """See :class:`Keeper`."""
        found: list[str] = self._ask("tags", round_id, list(names))
        return found

    def sign(self, round_id: int, purpose: str, text: str) -> str:
        """See :class:`Keeper`."""
        return str(self._ask("sign", round_id, purpose, text))

    def destroy(self, round_id: int) -> None:
        """See :class:`Keeper`."""
        self._ask("destroy", round_id)


_ACTS = ("create", "tags", "sign", "destroy")


class _Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        """Answer every line until the other side hangs up. Nothing is written to a log."""
        for line in self.rfile:
            try:
                act, *args = json.loads(line)
                if act not in _ACTS:
                    raise KeeperSilent(f"nobody may ask {act!r}")
                answer = {"answer": getattr(self.server.keeper, act)(*args)}
            except (KeeperSilent, ValueError, TypeError) as problem:
                answer = {"refused": str(problem)}
            self.wfile.write(json.dumps(answer).encode() + b"\n")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """The keeper as a process. Its socket can be reached by its owner and its group only."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, path: Path, folder: Path) -> None:
        self.keeper = Folder(folder)
        with suppress(FileNotFoundError):
            path.unlink()
        former = os.umask(0o007)
        try:
            super().__init__(str(path), _Handler)
        finally:
            os.umask(former)


_used: list[Keeper] = []


def use(address: str) -> None:
    """Where the keeper is: ``unix:/path/of/the/socket``, ``folder:/path`` for one in this process, or nothing."""
    kind, _, place = address.partition(":")
    for former in _used:
        if isinstance(former, Socket):
            former.close()
    _used[:] = [Socket(place)] if kind == "unix" else [Folder(Path(place))] if kind == "folder" else []


def keeper() -> Keeper:
    """The keeper. Raises KeeperSilent when none is set."""
    if not _used:
        raise KeeperSilent("PORTAL_KEY_KEEPER is not set")
    return _used[0]


def main() -> None:
    """Be the keeper: answer at a socket from the secrets in a folder, until stopped."""
    options = argparse.ArgumentParser(prog="python -m portal.voting.keykeeper", description=main.__doc__)
    options.add_argument("socket", type=Path, help="where the portal asks; its group may reach it")
    options.add_argument("folder", type=Path, help="the secrets: outside every backup, of this user alone")
    chosen = options.parse_args()
    with Server(chosen.socket, chosen.folder) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
