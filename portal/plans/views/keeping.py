"""Nothing typed is lost: when somebody else wrote first, both versions side by side, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import FieldList

from portal.core.i18n import gettext as _
from portal.core.money import baht
from portal.plans.content import quantity_text


@dataclass(frozen=True)
class Difference:
    """One field of two versions, as text. ``is_typed`` fields can be mended on the page itself."""

    name: str
    label: str
    theirs: str
    yours: str
    is_typed: bool

    @property
    def differs(self) -> bool:
        """Whether the two versions say different things."""
        return self.theirs.split() != self.yours.split()


def take_theirs(form: Any, theirs: Mapping[str, Any]) -> None:
    """Where the person chose the other's version on the page of both, put it into the form."""
    for name, value in theirs.items():
        if request.form.get(f"keep-{name}") == "theirs":
            form[name].process(None, value)


def differences(form: Any, theirs: Mapping[str, Any]) -> list[Difference]:
    """Every field of the form beside the value that stands in the database now."""
    rows = []
    for name, value in theirs.items():
        field = form[name]
        label = str(field.label.text)
        if isinstance(field, FieldList):
            rows.append(
                Difference(name, label, _lines(value), _lines(row.form.data for row in field.entries), False)
            )
        elif hasattr(field, "choices"):
            chosen = {str(one.value): str(one.label) for one in field.choices}
            rows.append(
                Difference(name, label, chosen.get(str(value), ""), chosen.get(str(field.data), ""), False)
            )
        else:
            mine = field._value()
            field.process(None, value)
            other = field._value()
            field.process(request.form)
            rows.append(Difference(name, label, other, mine, True))
    return rows


def _lines(rows: Any) -> str:
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
