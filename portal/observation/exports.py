"""The figures of observation as a table for spreadsheets, and the certificate's words."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from portal.actionplan.exports import plain
from portal.core import clock, thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.observation.queries import Figures
from portal.procurement.words import STEPS


def figures_csv(rows: Sequence[Figures], year: int) -> str:
    """One line per district in the language of the moment, UTF-8 with a byte order mark."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    heads = (
        _("Fiscal year"),
        _("District code"),
        _("District"),
        _("Purchases with a step held"),
        _("Purchases observed by citizens"),
        _("Share (%)"),
        _("Citizens who came"),
        _("Visits"),
        _("Reports"),
        _("Questions"),
        _("Concerns"),
        _("Answered"),
        _("Overdue"),
    )
    writer.writerow(heads)
    for row in rows:
        cells: tuple[Any, ...] = (
            year,
            row.code,
            row.name_en if language() == "en" else row.name_th,
            row.held,
            row.observed,
            "" if row.percent is None else f"{row.percent:.2f}",
            row.people,
            row.visits,
            row.reports,
            row.questions,
            row.concerns,
            row.answered,
            row.overdue,
        )
        writer.writerow([plain(cell) for cell in cells])
    return out.getvalue()


def certificate_data(row: Any, address: str, code: str) -> dict[str, Any]:
    """The words of a certificate, in the language of the moment: of the person only the name."""
    lang = language()
    return {
        "office": _("Bangkok Metropolitan Administration · %(district)s", district=_district(row)),
        "says": _("This is to certify that"),
        "name": row.name,
        "did": _("attended as a citizen observer and reported what they saw"),
        "facts": [
            [_("Step"), str(STEPS[row.kind])],
            [_("Purchase"), row.title],
            [_("Day"), thai.day_text(clock.day_of(row.arrived_at), lang, "long")],
            [_("District"), _district(row)],
        ],
        "check": _("Check this certificate at"),
        "address": address,
        "code_label": _("Code"),
        "code": code,
        "note": _("Issued by the portal. It says nothing about what was reported."),
    }


def _district(row: Any) -> str:
    return str(row.name_en if language() == "en" else row.name_th)
