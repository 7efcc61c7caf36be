"""How dear a guess at a password is. The tests themselves hash cheaply, so a process of its own is asked."""

import subprocess
import sys

from portal.settings import ROOT


def test_a_guess_costs_what_owasp_asks_for():
    asked = "from portal.accounts import passwords; print(passwords.hashed('a long enough password'))"
    kept = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
