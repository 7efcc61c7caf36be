"""Both languages are complete, and speak to people in one way."""

import re
import subprocess
import sys

from tests.house.source import ROOT

# On paper, which is handed to people or sent to them.
LETTERS = ("ขอชื่อของท่านเพื่อให้บันทึกเวที", "ในช่องหน้าโครงการที่ท่านเลือก")


def test_the_catalogues_are_complete():
    done = subprocess.run(
        [sys.executable, ROOT / "script" / "catalogs", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_pages_say_khun_and_only_paper_says_than():
    formal = [
        f"{catalogue.name}: {text}"
        for catalogue in sorted((ROOT / "translations" / "th").glob("*.po"))
        for text in catalogue.read_text(encoding="utf-8").replace('"\n"', "").split("\n")
        if re.search("(?<!เ)ท่าน(?!้ำ)", text) and not any(letter in text for letter in LETTERS)
    ]
    assert formal == []


def test_what_is_taken_away_is_removed():
    """One word for one thing: "remove", never "take out"; a plan, an idea or a remark is withdrawn by who made it."""
    taken = [
        f"{catalogue.name}: {text}"
        for catalogue in sorted((ROOT / "translations" / "en").glob("*.po"))
        for text in catalogue.read_text(encoding="utf-8").replace('"\n"', "").split("\n")
        if re.search(r"\b(take|taken|taking)( it| them| the \w+)? out\b", text, re.IGNORECASE)
    ]
    assert taken == []
