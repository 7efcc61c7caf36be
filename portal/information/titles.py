"""What the catalogue calls the documents it takes over from other rooms. No session, no web."""

from __future__ import annotations

from portal.core import thai, topics
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.titles import Composed
from portal.forums.models import PaperKind
from portal.places import atlas
from portal.procurement.words import DRAFT_TITLE


def _report(number: str, title: str) -> str:
    return _("Progress report %(number)s: %(title)s", number=number, title=topics.told(title))


def _service(name: str) -> str:
    return _("Steps and times: %(name)s", name=name)


def _synthesis(title: str) -> str:
    return f"{_('Synthesis of problems')}: {topics.told(title)}"


def _policy(title: str) -> str:
    return f"{_('District policy')}: {topics.told(title)}"


def _draft(title: str) -> str:
    return f"{_('Draft terms of reference')}: {topics.told(title)}"


def _summary(month: str, district: str) -> str:
    first = thai.parse_day(f"1 {month}")
    return _(
        "Monthly summary of purchases, %(month)s, %(district)s",
        month=thai.month_text(first, language()),
        district=atlas.told(district) or district,
    )


def _again(title: str, number: str) -> str:
    return _("%(title)s (correction %(number)s)", title=topics.told(title), number=number)


def _edition(title: str, number: str) -> str:
    return f"{topics.told(title)} ({number})"


REPORT = Composed("รายงานความก้าวหน้าครั้งที่ {number:d}: {title}", _report)
SERVICE = Composed("ขั้นตอนและระยะเวลา: {name}", _service)
SUMMARY = Composed("สรุปผลการดำเนินการจัดซื้อจัดจ้าง (สขร.1) {month} {district}", _summary)
CORRECTED = Composed("{title} (แก้ไขครั้งที่ {number:d})", _again)
SYNTHESIS = Composed("บทสังเคราะห์ปัญหา: {title}", _synthesis)
POLICY = Composed("นโยบายการพัฒนาเขต: {title}", _policy)
DRAFT = Composed(f"{DRAFT_TITLE}: {{title}}", _draft)
EDITION = Composed("{title} ({number:d})", _edition)
PAPERS = {PaperKind.SYNTHESIS: SYNTHESIS, PaperKind.POLICY: POLICY}


def told(title: str) -> str | None:
    """A title of the catalogue in the language of the moment; None for one that was typed."""
    for form in (REPORT, SERVICE, SYNTHESIS, POLICY, DRAFT, CORRECTED, EDITION, SUMMARY):
        said = form.told(title)
        if said is not None:
            return said
    return None
