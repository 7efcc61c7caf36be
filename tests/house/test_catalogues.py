"""Both languages are complete."""

import subprocess
import sys

from tests.house.source import ROOT


def test_the_catalogues_are_complete():
    done = subprocess.run(
        [sys.executable, ROOT / "script" / "catalogs", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
