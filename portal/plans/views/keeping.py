"""Nothing typed is lost: when somebody else wrote first, both versions side by side, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import FieldList, SelectMultipleField

from portal.core.comparing import Run, compare, excerpt
from portal.core.hashing import sha256_hex
from portal.core.i18n import gettext as _
from portal.core.money import baht
from portal.plans.content import quantity_text


@dataclass(frozen=True)
class Difference:
    """One field of two versions, as text. ``is_typed`` fields can be mended on the page itself; ``is_untouched`` says
    that the person left the field as the page had shown it, so that the other's change should stand."""

    name: str
    label: str
    theirs: str
    yours: str
    is_typed: bool
    is_untouched: bool

    @property
    def differs(self) -> bool:
        """Whether the two versions say different things."""
        return self.theirs.split() != self.yours.split()

    @property
    def runs(self) -> tuple[Run, ...]:
        """What leads from the other's text to one's own, word by word; empty where only one of both says something."""
        return excerpt(compare(self.theirs, self.yours)) if self.theirs and self.yours else ()


def base_of(form: Any, names: Iterable[str]) -> str:
    """What the page showed at first, as one short hash per field: it tells later which fields a person changed."""
    return json.dumps({name: _mark(_text(form[name])) for name in names}, separators=(",", ":"))


def take_theirs(form: Any, theirs: Mapping[str, Any]) -> None:
    """Where the person chose the other's version on the page of both, put it into the form."""
    for name, value in theirs.items():
        if request.form.get(f"keep-{name}") == "theirs":
            form[name].process(None, value)


def merge(form: Any, theirs: Mapping[str, Any]) -> list[str] | None:
    """Where a colleague changed parts that this person left as the page had shown them, take the colleague's: the labels
    of those parts. None, and nothing is taken, when one part was changed by both: then a person must choose."""
    shown = _shown(form.base.data)
    taken = []
    for row in differences(form, theirs, is_renewing=False):
        if not row.differs:
            continue
        if row.is_untouched:
            taken.append(row)
        elif shown.get(row.name) != _mark(row.theirs):
            return None
    for row in taken:
        form[row.name].process(None, theirs[row.name])
    return [row.label for row in taken]


def differences(form: Any, theirs: Mapping[str, Any], *, is_renewing: bool = True) -> list[Difference]:
    """Every field of the form beside the value that stands in the database now, which the page shows from now on
    (``is_renewing``)."""
    shown = _shown(form.base.data)
    rows = []
    for name, value in theirs.items():
        field = form[name]
        yours = _text(field)
        field.process(None, value)
        other = _text(field)
        field.process(request.form)
        is_typed = not isinstance(field, FieldList) and not hasattr(field, "choices")
        is_untouched = shown.get(name) == _mark(yours)
        rows.append(Difference(name, str(field.label.text), other, yours, is_typed, is_untouched))
    if is_renewing:
        form.base.data = json.dumps({row.name: _mark(row.theirs) for row in rows}, separators=(",", ":"))
    return rows


def _shown(text: str | None) -> dict[str, Any]:
    try:
        marks = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _mark(text: str) -> str:
    return sha256_hex(" ".join(text.split()))[:12]


def _text(field: Any) -> str:
    if isinstance(field, FieldList):
        return _lines(row.form.data for row in field.entries)
    if isinstance(field, SelectMultipleField):
        return ", ".join(str(one.label) for one in field.choices if one.value in (field.data or ()))
    if hasattr(field, "choices"):
        return next((str(one.label) for one in field.choices if str(one.value) == str(field.data)), "")
    return str(field._value())


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(
        _(
            "%(what)s: %(quantity)s %(unit)s at %(price)s",
            what=row["what"],
            quantity=quantity_text(row["quantity"] or 0),
            unit=row["unit"] or "",
            price=baht(row["unit_price"] or 0),
        )
        for row in rows
        if row["what"]
    )
