"""The text inside documents, so that it can be searched."""

from __future__ import annotations

import io
from typing import IO

MOST_PAGES = 200
MOST_CHARACTERS = 200_000


def text_of_pdf(stream: IO[bytes]) -> str:
    """The text of a PDF, as far as it holds any; empty for scans and for files that cannot be read. Reads ``stream`` and
    puts it back to its beginning. What is found serves the search and is shown to nobody."""
    from pypdf import PdfReader  # only when somebody hands in a document
    from pypdf.errors import PyPdfError

    content = stream.read()
    stream.seek(0)
    if not content.startswith(b"%PDF-"):
        return ""
    found: list[str] = []
    try:
        for page in PdfReader(io.BytesIO(content)).pages[:MOST_PAGES]:
            found.append(page.extract_text())
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError):
        return " ".join(found)[:MOST_CHARACTERS]
    return " ".join(found)[:MOST_CHARACTERS]
