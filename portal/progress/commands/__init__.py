"""Opening a sheet, writing a report, certifying it, correcting it."""

from __future__ import annotations

from portal.progress.commands.certifying import begin_correction, certify_report, send_back
from portal.progress.commands.sheets import (
    HeadData,
    OwnWords,
    edit_head,
    open_bureau_sheet,
    open_sheet,
)
from portal.progress.commands.writing import (
    Photo,
    ReportData,
    discard_draft,
    drop_photo,
    recall_draft,
    send_draft,
    write_draft,
)

__all__ = [
    "HeadData",
    "OwnWords",
    "Photo",
    "ReportData",
    "begin_correction",
    "certify_report",
    "discard_draft",
    "drop_photo",
    "edit_head",
    "open_bureau_sheet",
    "open_sheet",
    "recall_draft",
    "send_back",
    "send_draft",
    "write_draft",
]
