"""The loaded demonstration, kept between the parts of a run and between runs: loading takes longer than any test.

Only the file of SQLite is kept, and what lies beside it: stored files, and the keys of voting rounds. It stands under the
sum of everything it was made of, so a change of one byte there means loading anew.
"""

import hashlib
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from portal.settings import ROOT

MADE_OF = ("portal", "migrations", "templates", "translations")
LOCKS = ("requirements.txt", "requirements-dev.txt")
FOLDER = ROOT / ".pytest_cache" / "demonstration"
DATABASE, ACCOUNTS, BESIDE = "demonstration.sqlite3", "accounts.json", ("files", "keys")


@cache
def kept() -> Path:
    """The folder this very demonstration is kept in; it may not be there yet."""
    whole = hashlib.sha256(sys.version.encode())
    files = [path for name in MADE_OF for path in (ROOT / name).rglob("*") if path.is_file()]
    for path in sorted([*files, *(ROOT / name for name in LOCKS)]):
        if path.suffix != ".pyc":
            whole.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return FOLDER / whole.hexdigest()[:32]


def keep(database: Path, accounts: Path, instance: Path) -> None:
    """Keep a loaded demonstration that nobody has open, and forget older ones. Who comes second changes nothing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    older = [path for path in FOLDER.iterdir() if path != kept()]
    made = Path(tempfile.mkdtemp(prefix="new-", dir=FOLDER))
    shutil.copyfile(database, made / DATABASE)
    shutil.copyfile(accounts, made / ACCOUNTS)
    for name in BESIDE:
        shutil.copytree(instance / name, made / name)
    try:
        made.rename(kept())
    except OSError:
        shutil.rmtree(made)
    for path in older:
        shutil.rmtree(path, ignore_errors=True)
