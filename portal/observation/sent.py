"""Reading the report a phone sends: JSON of one shape and no other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from portal.core import thai
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l
from portal.forums.sent import KEY, Unreadable, is_id
from portal.observation.commands import LONGEST, MOST_FINDINGS, Finding, Photo, ReportData
from portal.observation.models import Grade


def read(text: str, photos: Sequence[Photo]) -> ReportData:
    """The report in a text, with its pictures. Raises Unreadable, and Invalid by part (seen, findings, key)."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise _unreadable() from broken
    if not isinstance(told, dict) or not isinstance(told.get("findings"), list):
        raise _unreadable()
    key = KEY.fullmatch(_text(told, "key"))
    if key is None:
        raise Invalid({"key": _l("The key of this report is damaged. Reload the page and send again.")})
    corrects = told.get("corrects")
    if corrects is not None and not is_id(corrects):
        raise _unreadable()
    if len(told["findings"]) > MOST_FINDINGS:
        raise Invalid({"findings": _l("At most 20 findings.")})
    return ReportData(
        seen=_said(told, "seen"),
        findings=[_finding(one) for one in told["findings"]],
        is_public=told.get("is_public") is not False,
        photos=photos,
        key=key[0],
        corrects_id=corrects,
    )


def _unreadable() -> Unreadable:
    return Unreadable(
        _l("This could not be read as a report. Reload the page: what you wrote stays on this phone.")
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise _unreadable()
    return value


def _said(told: dict[str, Any], name: str) -> str:
    """A text in one normal form, without what no database keeps, not too long."""
    text = thai.normalise(_text(told, name).encode(errors="ignore").decode()).strip()
    if len(text) > LONGEST:
        raise Invalid({"seen": _l("At most 5,000 characters in each field.")})
    return text


def _finding(told: object) -> Finding:
    if not isinstance(told, dict):
        raise _unreadable()
    try:
        return Finding(Grade(_text(told, "grade")), _said(told, "text"))
    except ValueError as unknown:
        raise _unreadable() from unknown
