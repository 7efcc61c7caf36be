"""Templates compiled once for all processes and parts of a run: each would take eight seconds for it.

The code stands under the sum of everything the portal is made of (tests/demonstration.py), because messages are put into
it, and is kept apart for each language and each kind of portal, since what it folds into constants may hang on both.
"""

import shutil

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal.core import i18n
from portal.settings import ROOT
from tests import demonstration

FOLDER = ROOT / ".pytest_cache" / "templates"


def keep(app: Flask) -> None:
    """Let the app take its templates' code from what is kept, and keep what it has to compile."""
    folder, env = FOLDER / demonstration.kept().name, app.config["PORTAL"].env
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for older in FOLDER.iterdir():
            if older != folder:
                shutil.rmtree(older, ignore_errors=True)
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder), f"{env}-{language}-%s")
