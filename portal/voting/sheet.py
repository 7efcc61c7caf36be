"""One sheet of paper as a clerk keys it, and what it is under the rules of its round.

What is keyed is what the paper shows, also where the rules do not allow it: the rules judge, not the clerk. All of it can
be typed on the number pad: ``3+7+12`` (project 3, 7 and 12), ``3*2+7*4`` (2 points for 3, 4 for 7), ``0`` (nothing is
marked), ``/1`` to ``/3`` (:data:`REFUSED`), ``-`` (the stack has no sheet with this number).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from portal.core import thai
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.voting import ballot
from portal.voting.ballot import Kind, Limits
from portal.voting.models import Verdict

BLANK, MISSING = "0", "-"
REFUSED = {"/1": Verdict.UNREADABLE, "/2": Verdict.MARKED, "/3": Verdict.NOT_OFFICIAL}
_DASHES = str.maketrans("–—−", "---")
_FAULTS = {
    "many": Verdict.TOO_MANY,
    "money": Verdict.OVER_MONEY,
    "rivals": Verdict.RIVALS,
    "points": Verdict.POINTS,
}


def read(typed: str, kind: Kind, numbers: Collection[int]) -> str:
    """What somebody typed, in its one form; ``numbers`` are those that stand on the paper. Raises Invalid that says how
    to type it, or which number the paper does not have."""
    text = thai.arabic_digits(typed).translate(_DASHES).strip()
    if text in (BLANK, MISSING) or text in REFUSED:
        return text
    parts = [one for one in re.split(r"[\s,;.+]+", text) if one]
    form = r"(\d{1,3})[*=:xX](\d{1,3})" if kind == "points" else r"(\d{1,3})"
    choices: dict[int, int] = {}
    for part in parts:
        found = re.fullmatch(form, part)
        if found is None:
            raise Invalid({"keyed": how_to_type(kind)})
        number = int(found[1])
        if number not in numbers:
            raise Invalid(
                {"keyed": _("The paper has no project %(number)s. Look at the sheet again.", number=number)}
            )
        if number in choices:
            raise Invalid(
                {"keyed": _("Project %(number)s is typed twice. Look at the sheet again.", number=number)}
            )
        choices[number] = int(found[2]) if kind == "points" else 1
    if not choices:
        raise Invalid({"keyed": how_to_type(kind)})
    return write(choices, kind)


def how_to_type(kind: Kind) -> str:
    """The way of typing, as one sentence."""
    if kind == "points":
        return _(
            "Type numbers of projects and their points, such as 3*2+7*4; 0 for a sheet with nothing on it."
        )
    return _("Type the numbers of the marked projects, such as 3+7+12; 0 for a sheet with nothing on it.")


def write(choices: Mapping[int, int], kind: Kind) -> str:
    """The one form of these choices."""
    if not choices:
        return BLANK
    given = sorted(choices.items())
    return "+".join(f"{one}*{points}" if kind == "points" else str(one) for one, points in given)


def choices_of(keyed: str) -> dict[int, int]:
    """The choices behind the one form: number of a project → points (1 for a mark)."""
    if keyed in (BLANK, MISSING) or keyed in REFUSED:
        return {}
    parts = (one.partition("*") for one in keyed.split("+"))
    return {int(number): int(points or 1) for number, _star, points in parts}


def judge(keyed: str, limits: Limits) -> tuple[Verdict, dict[int, int]]:
    """What the sheet is under the rules as they were published, and its choices. A project that was withdrawn meanwhile is
    judged like any other and stays among them, as on a ballot cast on the web before: the count leaves it out of both."""
    if keyed == MISSING:
        return Verdict.MISSING, {}
    if keyed in REFUSED:
        return REFUSED[keyed], {}
    marked = choices_of(keyed)
    faults = ballot.faults(marked, limits)
    if not faults:
        return Verdict.VALID, marked
    if faults[0] == "few":
        return (Verdict.TOO_FEW if marked else Verdict.BLANK), {}
    return _FAULTS[faults[0]], {}
