"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("Procurement"),
    events={
        "process.created": _l("Purchase created"),
        "process.imported": _l("Purchase imported"),
        "process.notices_imported": _l("Notices imported"),
        "process.notice_followed": _l("Step taken from a notice"),
        "process.edited": _l("Purchase edited"),
        "process.projects_changed": _l("Projects of a purchase changed"),
        "process.planned": _l("Dates of the steps planned"),
        "process.step_planned": _l("Step planned"),
        "process.step_done": _l("Step done"),
        "process.step_skipped": _l("Step skipped"),
        "process.step_taken_up": _l("Skipped step resumed"),
        "process.step_corrected": _l("Date of a step corrected"),
        "process.rule_overridden": _l("Continued despite a legal warning"),
        "process.draft_published": _l("Draft terms published"),
        "process.document_published": _l("Document published"),
        "process.tenderers_recorded": _l("Tenderers recorded"),
        "process.award_added": _l("Lot and winner added"),
        "process.award_corrected": _l("Lot or winner corrected"),
        "process.contract_signed": _l("Contract signed"),
        "process.contract_divided": _l("Instalments set"),
        "process.contract_amended": _l("Contract amended"),
        "process.contract_cancelled": _l("Contract cancelled"),
        "process.instalment_delivered": _l("Instalment delivered"),
        "process.instalment_accepted": _l("Instalment accepted"),
        "process.instalment_paid": _l("Instalment paid"),
        "process.closed": _l("Purchase closed"),
        "process.cancelled": _l("Purchase cancelled"),
        "process.released": _l("Open data release published"),
    },
    things={
        "process": _l("Purchase"),
        "job": _l("Background task"),
    },
)
