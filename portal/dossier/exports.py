"""What became of a year's ideas as open data: one line per idea as CSV, the whole with its figures as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from portal.actionplan.exports import plain
from portal.core import clock
from portal.core.i18n import gettext as _
from portal.dossier import flow
from portal.dossier.fate import Fate
from portal.forums import words as forum_words
from portal.screening.words import OUTCOMES


def ideas_csv(
    rows: Sequence[Any], projects: Mapping[int, Sequence[Any]], addresses: Mapping[int, str]
) -> str:
    """One line per idea in the language of the moment, UTF-8 with a byte order mark, amounts in baht with two
    decimals; no cell can become a formula."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [
            _("Community"),
            _("Idea"),
            _("Theme"),
            _("Raised at the forum of"),
            _("Asked for (baht)"),
            _("Answer"),
            _("Answered on"),
            _("Accepted (baht)"),
            _("What became of it"),
            _("Projects"),
            _("In projects (baht)"),
            _("Reason"),
            _("Page"),
        ]
    )
    for row in rows:
        cells = (
            row.community,
            row.title,
            forum_words.SIDES[row.side],
            _day(row.forum_at),
            _baht(row.asked),
            OUTCOMES[row.outcome] if row.outcome is not None else "",
            _day(row.released_at),
            _baht(row.accepted),
            flow.label_of(Fate(row.fate)),
            "; ".join(one.name for one in projects.get(row.item_id, ())),
            _baht(row.planned),
            row.reason or "",
            addresses[row.item_id],
        )
        writer.writerow([plain(cell) for cell in cells])
    return out.getvalue()


def _day(moment: Any) -> str:
    return "" if moment is None else clock.day_of(moment).isoformat()


def _baht(satang: int | None) -> str:
    return "" if satang is None else f"{satang // 100}.{satang % 100:02}"


def ideas_json(
    place: Mapping[str, Any],
    figures: flow.Figures,
    rows: Sequence[Any],
    projects: Mapping[int, Sequence[Any]],
    addresses: Mapping[int, str],
) -> str:
    """The figures by stage and by fate, then the ideas; money in satang, days in CE, codes in English."""
    body = {
        **place,
        "as_of": clock.now().isoformat(timespec="seconds"),
        "issues": {"raised": figures.raised, "taken_up": figures.taken_up},
        "stages": {part.value: _money(figure) for part, figure in figures.stages.items()},
        "fates": {fate.value: _money(figure) for fate, figure in figures.exits.items()},
        "ideas": [
            {
                "id": row.item_id,
                "url": addresses[row.item_id],
                "community_id": row.community_id,
                "community": row.community,
                "title": row.title,
                "side": row.side.value,
                "issue_id": row.issue_id,
                "forum_id": row.forum_id,
                "asked_satang": row.asked,
                "outcome": row.outcome.value if row.outcome is not None else None,
                "released_on": _day(row.released_at) or None,
                "reason": row.reason,
                "accepted_satang": row.accepted,
                "fate": row.fate,
                "projects": [
                    {"id": one.project_id, "name": one.name, "amount_satang": one.amount_satang}
                    for one in projects.get(row.item_id, ())
                ],
            }
            for row in rows
        ],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _money(figure: flow.Figure) -> dict[str, int]:
    return {
        "ideas": figure.number,
        "asked_satang": figure.asked,
        "accepted_satang": figure.accepted,
        "planned_satang": figure.planned,
    }
