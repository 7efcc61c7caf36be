"""The city's form of progress and spending [S 003] as a paper. No session.

It says what the form says, in its order: project and agency, rationale, objectives, targets, the strategy it serves, then
every numbered report with its day, text, percentage, money and the two marks, and the line by which whoever prints it
certifies that it was printed from the live system.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.core import clock, i18n, money, thai, typeset
from portal.core.i18n import gettext as _
from portal.progress import words
from portal.progress.queries import Head, Told

TEMPLATE = "progress/form.typ"


def pdf(head: Head, reports: Sequence[Told], nodes: Sequence[Any], *, is_thai_digits: bool = False) -> bytes:
    """The form in the language spoken now. ``nodes`` are the strategy nodes of the project."""
    return typeset.pdf(
        TEMPLATE,
        content(head, reports, nodes),
        title=_("Report on the progress of a project"),
        lang=i18n.language(),
        is_thai_digits=is_thai_digits,
    )


def content(head: Head, reports: Sequence[Told], nodes: Sequence[Any]) -> dict[str, Any]:
    """What the form says, fit for JSON."""
    sheet, language = head.sheet, i18n.language()
    return {
        "heading": _("Report on the progress of a project"),
        "first": _("1. The project and the agency responsible for it"),
        "facts": [
            (_("Project or activity"), head.name),
            (_("Code"), head.code or "–"),
            (_("Fiscal year"), thai.fiscal_year_text(head.fiscal_year, language)),
            (_("Starts on"), thai.day_text(head.starts_on, language)),
            (_("Ends on"), thai.day_text(head.ends_on, language)),
            (_("Budget received"), _baht(head.received_satang)),
            (_("Budget used"), _baht(sheet.spent_satang)),
            (
                _("Agency responsible"),
                " / ".join(part for part in (sheet.agency, sheet.division, sheet.group) if part),
            ),
            (_("Responsible officer"), _post(sheet.responsible, sheet.responsible_phone)),
            (
                _("Coordinator at the strategy office"),
                _post(sheet.coordinator, sheet.coordinator_phone) if sheet.coordinator else "–",
            ),
        ],
        "texts": [
            (_("Rationale"), head.rationale),
            (_("Objectives"), head.objectives),
            (_("Targets"), head.targets),
            (
                _("Strategy it serves"),
                sheet.strategy or "\n".join(f"{node.number} {node.title}".strip() for node in nodes),
            ),
        ],
        "second": _("2. Reports on progress and on the budget used"),
        "head": [
            _("Report no."),
            _("Day"),
            _("What was done"),
            _("Progress"),
            _("Used this time"),
            _("Marks"),
        ],
        "reports": [_line(told, language) for told in reports],
        "none": _("No report is certified yet."),
        "certified": _(
            "We certify that this document was printed by the office from the system in which the work is reported, as evidence for inspection."
        ),
        "signed": (_("Officer responsible for the project"), _("Post")),
        "printed": _("Printed on %(day)s", day=thai.instant_text(clock.now(), language)),
    }


def _baht(satang: int) -> str:
    return money.baht(satang, i18n.language())


def _post(post: str, phone: str) -> str:
    return _("%(post)s (telephone %(phone)s)", post=post, phone=phone) if phone else post


def _line(told: Told, language: str) -> list[str]:
    report = told.report
    text = report.text
    if told.corrects is not None:
        text = f"{_('Corrects report %(number)s', number=told.corrects)}: {report.correction_reason}\n{text}"
    if told.corrected_by is not None:
        text = f"{_('Replaced by report %(number)s', number=told.corrected_by)}\n{text}"
    marks = [
        _("on schedule") if report.is_on_plan else _("behind schedule"),
        _("on target") if report.is_on_target else _("not on target"),
        report.reason,
    ]
    return [
        str(report.number),
        thai.day_text(report.reported_on, language) if report.reported_on else "–",
        text,
        words.percent(report.done),
        _baht(report.spent_satang),
        "\n".join(mark for mark in marks if mark),
    ]
