"""Whether a file can be read aloud and searched, or is only a picture of a page."""

from __future__ import annotations

import re
import zlib
from typing import IO

_STREAM = re.compile(rb"stream\r?\n")
_MOST = 200
"""So many packed parts of a PDF are looked into."""


def has_words(stream: IO[bytes]) -> bool:
    """Whether this is a PDF that names a font, and so holds letters. A scan holds none; a picture never does. The stream
    is left where it stood."""
    place = stream.tell()
    raw = stream.read()
    stream.seek(place)
    if not raw.startswith(b"%PDF"):
        return False
    if b"/Font" in raw:
        return True
    for begins in list(_STREAM.finditer(raw))[:_MOST]:
        try:
            unpacked = zlib.decompressobj().decompress(raw[begins.end() :], 1_000_000)
        except zlib.error:
            continue
        if b"/Font" in unpacked:
            return True
    return False
