"""The ballot of paper and the batch sheet, as data for Typst. Thai with English beside it; no name, no number of a sheet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from portal.core import i18n, money, storage, typeset
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.thai import instant_text
from portal.voting.models import BallotType, PaperBatch, Round

_PICTURE = (320, 240)  # pixels: 2.7 cm at 300 to the inch
_MOST_PICTURED = 26  # more projects with pictures do not fit on one side in type that everybody can read


def ballot_pdf(
    round_: Round,
    area: Any,
    projects: Sequence[Any],
    rivals: Sequence[tuple[int, int]],
    pictures: Mapping[int, str],
) -> bytes:
    """A sheet of A4 for one round and area; with many pictured projects it is printed on both sides. ``projects`` are rows of ``queries.candidates``; ``pictures`` gives the SHA-256
    of a stored picture by its file's id."""
    shown = [one for one in projects if one.withdrawn_at is None]
    given = pictures if len(shown) <= 2 * _MOST_PICTURED else {}
    front = -(-len(shown) // 2) if len(shown) > _MOST_PICTURED and given else len(shown)
    said = {lang: _words(lang, round_, rivals) for lang in ("th", "en")}
    data = {
        "round": round_.title,
        "area": {"th": area.name_th, "en": area.name_en},
        "words": said,
        "is_points": round_.ballot_type is BallotType.POINTS,
        "front": front,
        "projects": [
            {
                "number": one.number,
                "name": one.name,
                "place": one.community or "",
                "cost": money.baht(one.cost_satang, "th"),
                "picture": _small(given.get(one.picture_file_id or 0)),
            }
            for one in shown
        ],
    }
    return typeset.pdf("voting/paper_ballot.typ", data, title=f"{said['th']['head']} {round_.title}")


def _words(lang: str, round_: Round, rivals: Sequence[tuple[int, int]]) -> dict[str, Any]:
    with i18n.speaking(lang):
        return {
            "head": _("Ballot paper"),
            "area": _("Area"),
            "number": _("Number of the sheet: written by the counting desk"),
            "how": _how(round_),
            "rules": [
                *(
                    _("Not together: %(first)s and %(second)s.", first=first, second=second)
                    for first, second in rivals
                ),
                _(
                    "Do not write your name or any other mark on the sheet. Made a mistake? Ask for another one."
                ),
                _("Fold the sheet and put it into the box yourself. It replaces an online ballot."),
            ],
            "over": _("Turn the sheet over: there are more projects on the other side."),
            "days": _("The box is open until %(last)s.", last=instant_text(round_.closes_at, lang)),
        }


def _how(round_: Round) -> str:
    if round_.ballot_type is BallotType.POINTS:
        return _(
            "Write points into the squares: %(num)s in all, at most %(most)s for one project.",
            num=round_.max_choices,
            most=round_.max_points,
        )
    if round_.ballot_type is BallotType.KNAPSACK:
        return _(
            "Put a cross (X) into the squares of projects that together cost no more than %(money)s.",
            money=money.baht(round_.envelope_satang, i18n.language()),
        )
    return ngettext(
        "Put a cross (X) into the square of %(num)s project.",
        "Put a cross (X) into the squares of up to %(num)s projects.",
        round_.max_choices,
    )


def _small(sha256: str | None) -> list[int] | None:
    """A picture as the paper shows it, byte by byte; None where its file is gone."""
    path = storage.path_of(sha256) if sha256 else None
    if path is None or not path.is_file():
        return None
    with Image.open(path) as picture:
        picture.thumbnail(_PICTURE)
        out = io.BytesIO()
        picture.convert("L").save(out, "JPEG", quality=72)
    return list(out.getvalue())


def batch_pdf(round_: Round, batch: PaperBatch, area: Any, verdicts: Sequence[tuple[str, int]]) -> bytes:
    """The sheet that lies with a batch: what it is, who counted it, and, once it is entered, what its sheets are
    (``verdicts``: words and counts)."""
    data = {
        "round": round_.title,
        "number": str(batch.number),
        "facts": [
            [_("Area"), area.name_th],
            [_("Where the box stood"), batch.desk],
            [_("Sheets in the batch"), str(batch.declared)],
            [
                _("Numbers on the sheets"),
                f"{batch.sheet_number(1)} – {batch.sheet_number(batch.declared)}",
            ],
        ],
        "words": {
            "batch": _("Batch"),
            "steps": [
                _("The boxes were opened in front of those who sign below, and the seals were whole."),
                _("The sheets of all boxes of the area were put together and mixed."),
                _("They were counted twice, with the same number both times."),
                _("After that, and not before, each sheet got its number."),
                _("The pile goes to two people, one after the other. Nobody takes a sheet out of order."),
            ],
            "seals": _("Numbers of the seals"),
            "counters": [_("First counter"), _("Second counter"), _("Witness")],
            "verdicts": _("What the sheets are"),
        },
        "verdicts": [[name, str(count)] for name, count in verdicts],
    }
    return typeset.pdf(
        "voting/paper_batch.typ", data, title=_("Batch %(number)s of ballot papers", number=batch.number)
    )
