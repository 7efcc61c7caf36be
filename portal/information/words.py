"""What people read for the words of this room."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.i18n import lazy_gettext as _l
from portal.information.models import InfoClass, Source

CLASSES: Mapping[InfoClass, object] = {
    InfoClass.STRUCTURE: _l("Structure and organisation"),
    InfoClass.DUTIES: _l("Powers, duties and ways of working"),
    InfoClass.CONTACT: _l("Where to ask for information and advice"),
    InfoClass.RULES: _l("Rules, regulations, orders and circulars"),
    InfoClass.DECISIONS: _l("Decisions that concern private persons"),
    InfoClass.POLICY: _l("Policies and interpretations"),
    InfoClass.PLANS: _l("Plans, projects and yearly budgets"),
    InfoClass.MANUALS: _l("Manuals and orders on how officers work"),
    InfoClass.REFERRED: _l("Printed matter referred to in the Government Gazette"),
    InfoClass.CONCESSIONS: _l("Concessions and contracts without competition"),
    InfoClass.RESOLUTIONS: _l("Resolutions of the cabinet and of committees"),
    InfoClass.OTHER: _l("Other information that must be open, such as purchases and their monthly summary"),
}

SOURCES: Mapping[Source, object] = {
    Source.PROCUREMENT: _l("Procurement"),
    Source.ACTION_PLAN: _l("Annual action plan"),
    Source.FORUM: _l("Forum"),
    Source.PROGRESS: _l("Progress of projects"),
    Source.SUMMARY: _l("Monthly summary of purchases"),
    Source.SERVICE: _l("Public service"),
    Source.UPLOAD: _l("Information centre"),
}

PLACES: Mapping[Source, str] = {
    Source.PROCUREMENT: "procurement.document",
    Source.ACTION_PLAN: "actionplan.edition",
    Source.FORUM: "forums.paper",
    Source.PROGRESS: "progress.report",
    Source.SUMMARY: "information.month",
    Source.SERVICE: "information.service",
}
"""The page at which a document stands in its own room."""
