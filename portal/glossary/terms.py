"""The terms, read from ``terms.csv``, and the same as the developers' glossary."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

THEMES = (
    "place",
    "person",
    "cycle",
    "strategy",
    "forum",
    "plan",
    "screening",
    "actionplan",
    "procurement",
    "voting",
    "money",
)


@dataclass(frozen=True)
class Term:
    """One word. ``code`` is what the code calls it; ``slug`` the anchor on the page."""

    theme: str
    code: str
    thai: str
    english: str
    meaning_th: str
    meaning_en: str

    @property
    def slug(self) -> str:
        """The anchor: the code word in kebab-case."""
        return self.code.replace("_", "-").replace(".", "-").lower()


@lru_cache
def terms() -> tuple[Term, ...]:
    """Every term, in the order of the file."""
    with (Path(__file__).parent / "terms.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Term(**row) for row in csv.DictReader(file))


def as_markdown() -> str:
    """The text of ``docs/glossary.md``."""
    lines = [
        "# Glossary",
        "",
        "Each Thai term has one English word in the code. Written from `portal/glossary/terms.csv` by",
        "`python -m portal.glossary.terms > docs/glossary.md`; change the terms there. The public page is `/glossary`.",
        "",
    ]
    for theme in THEMES:
        lines += [f"## {theme}", "", "| ไทย | English | in code | meaning |", "|---|---|---|---|"]
        lines += [
            f"| {term.thai} | {term.english} | `{term.code}` | {term.meaning_en} |"
            for term in terms()
            if term.theme == theme
        ]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
