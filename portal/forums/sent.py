"""Reading what a phone sends: JSON of one shape and no other; everything else is refused with what to do."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

from portal.core import hashing, thai
from portal.core.errors import Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.forums.commands import MOST_PEOPLE, IssueData, Record, Sent, SentPhoto
from portal.forums.forms import names_from
from portal.forums.models import AgeBand, Sex, Side

MOST_BYTES = 1024 * 1024
MOST_ISSUES = 100
LONGEST = {
    "minutes": 50_000,
    "names": 60_000,
    "reason": 500,
    "problem": 2000,
    "cause": 2000,
    "proposal": 2000,
    "caption": 300,
}
# Seconds since 1970 in hexadecimal digits (ten would be past the last year there is), then what makes the key the only one.
KEY = re.compile(r"([0-9a-f]{8,9})-([0-9a-zA-Z-]{16,48})")
_CELLS = {f"{sex.value}_{band.value}": (sex, band) for sex in Sex for band in AgeBand}


class Unreadable(PortalError):
    """This is not what a recorder sends."""

    status = 400


class TooLarge(PortalError):
    """More than a record may hold."""

    status = 413


def read(body: bytes) -> Sent:
    """The sending in a body. Raises TooLarge, Unreadable, and Invalid by part (minutes, attendance, issues …)."""
    if len(body) > MOST_BYTES:
        raise TooLarge(_l("This is too much for one record. Shorten the minutes or the list of names."))
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise _unreadable() from broken
    if not isinstance(told, dict):
        raise _unreadable()
    key = _key(told)
    wrong: dict[str, object] = {}
    record = Record(
        attendance=_attendance(told.get("attendance"), wrong),
        minutes=_said(told, "minutes", wrong),
        names=None if told.get("names") is None else names_from(_said(told, "names", wrong)),
        done=frozenset(_ids(told, "done")),
    )
    issues = _issues(told.get("issues"), wrong)
    reason = _said(told, "reason", wrong)
    if wrong:
        raise Invalid(wrong)
    return Sent(
        key=key[0],
        made_at=_made_at(key),
        base=_text(told, "base")[:64],
        sha256=hashing.sha256_hex(body),
        record=record,
        issues=issues,
        removed=frozenset(_ids(told, "removed")),
        reason=reason,
    )


def read_photo(told: Mapping[str, str]) -> SentPhoto:
    """What comes with a photo. Raises Invalid by field (key, caption)."""
    key = _key(told)
    wrong: dict[str, object] = {}
    caption = _said(told, "caption", wrong)
    if not caption:
        wrong["caption"] = _l("Say what each photo shows, for people who cannot see it.")
    if wrong:
        raise Invalid(wrong)
    return SentPhoto(key[0], _made_at(key), caption)


def _key(told: Mapping[str, Any]) -> re.Match[str]:
    key = KEY.fullmatch(_text(told, "key"))
    if key is None:
        raise Invalid({"key": _l("The key of this record is damaged. Reload the page and send again.")})
    return key


def _made_at(key: re.Match[str]) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(key[1], 16), dt.UTC)


def _unreadable() -> Unreadable:
    return Unreadable(
        _l("This could not be read as a record. Reload the page: what you wrote stays on this phone.")
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise _unreadable()
    return value


def _said(told: Mapping[str, Any], name: str, wrong: dict[str, object]) -> str:
    """A text of the house: in one normal form, without what no database keeps, not too long."""
    text = thai.normalise(_text(told, name).encode(errors="ignore").decode()).strip()
    if len(text) > LONGEST[name]:
        wrong[name] = _(
            "At most %(limit)s characters; this has %(length)s.", limit=LONGEST[name], length=len(text)
        )
    return text


def is_id(value: object) -> bool:
    """Whether a row could have this id: a whole number that a database can hold."""
    return type(value) is int and 0 <= value < 2**53


def _ids(told: Mapping[str, Any], name: str) -> list[int]:
    value = told.get(name, [])
    if not isinstance(value, list) or len(value) > 500 or not all(is_id(one) for one in value):
        raise _unreadable()
    return value


def _count(value: object) -> int:
    """A whole number of people; Thai digits welcome, nothing is nobody. Raises ValueError."""
    if value is None or value == "":
        return 0
    if type(value) is not int and not isinstance(value, str):
        raise _unreadable()
    return thai.parse_int(str(value), 0, MOST_PEOPLE)


def _attendance(told: object, wrong: dict[str, object]) -> dict[tuple[Sex, AgeBand], int]:
    if not isinstance(told, dict) or not told.keys() <= _CELLS.keys():
        raise _unreadable()
    try:
        return {_CELLS[name]: _count(value) for name, value in told.items()}
    except ValueError:
        wrong["attendance"] = _l("Write a whole number.")
        return {}


def _issues(told: object, wrong: dict[str, object]) -> list[tuple[int | None, IssueData]]:
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise _unreadable()
    if len(told) > MOST_ISSUES:
        wrong["issues"] = _("At most %(limit)s issues can be sent at once.", limit=MOST_ISSUES)
        return []
    found = []
    for number, one in enumerate(told, 1):
        refused: dict[str, object] = {}
        issue = _issue(one, refused)
        if issue is not None and not refused:
            found.append(issue)
        for message in refused.values():
            wrong["issues"] = _("Issue %(number)s: %(why)s", number=number, why=str(message))
    return found


def _issue(told: Mapping[str, Any], wrong: dict[str, object]) -> tuple[int | None, IssueData] | None:
    issue_id = told.get("id")
    if issue_id is not None and not is_id(issue_id):
        raise _unreadable()
    texts = {name: _said(told, name, wrong) for name in ("problem", "cause", "proposal")}
    if not texts["problem"]:
        wrong["problem"] = _l("Say what the problem is.")
    try:
        side = Side(_text(told, "side"))
    except ValueError:
        wrong["side"] = _l("Choose the theme it belongs to.")
        return None
    try:
        raised_by, votes = _count(told.get("raised_by")), _count(told.get("votes"))
    except ValueError:
        wrong["votes"] = _l("Write a whole number.")
        return None
    return issue_id, IssueData(side, **texts, raised_by=raised_by, votes=votes)
