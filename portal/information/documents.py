"""The text inside documents, so that it can be searched.

A file from elsewhere may hold a reader up for hours, or bring it down. So a process of its own reads it, which knows no
secret, with little time and memory: ``python -m portal.information.documents FILE``.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

MOST_PAGES = 200
MOST_CHARACTERS = 200_000
SECONDS = 20
MEMORY = 1024**3
_ROOT = Path(__file__).resolve().parents[2]


def text_of_pdf(file: Path) -> str:
    """The text of a PDF, as far as it was read in :data:`SECONDS`; empty for scans and for files that cannot be read. It
    serves the search and is shown to nobody."""
    command = [sys.executable, "-m", __name__, str(file)]
    try:
        found = subprocess.run(  # noqa: S603 - the portal itself
            command, capture_output=True, timeout=SECONDS, check=False, cwd=_ROOT, env={}
        ).stdout
    except subprocess.TimeoutExpired as late:
        found = late.stdout or b""
    return found.decode("utf-8", "replace")[:MOST_CHARACTERS]


def main(file: Path) -> None:
    """Write the text of a file to standard output, page by page."""
    from pypdf import PdfReader

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with file.open("rb") as opened:
        if opened.read(5) != b"%PDF-":
            return
    length = 0
    for page in PdfReader(file).pages[:MOST_PAGES]:
        text = page.extract_text()[:MOST_CHARACTERS]
        sys.stdout.write(f"{text} ")
        sys.stdout.flush()
        length += len(text)
        if length > MOST_CHARACTERS:
            break


if __name__ == "__main__":
    main(Path(sys.argv[1]))
