"""The rules and projects of a round as one canonical text, so that anyone can compute its hash again.

Money is integer satang, instants are ISO 8601 in UTC, days ISO 8601. Every name is explained on the round's page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.core import hashing
from portal.voting.models import Completion, Round

FORMAT = "ruamngop-round-1"
# Adding one baht for each voter would never end where few vote on much money: a share is raised by a two-hundredth of the
# first one, rounded up to whole baht, and at most so often, which is to six times the first share.
STEP_PARTS, MOST_STEPS = 200, 1000
TIE_ORDER = ("cost", "votes", "draw")


def body(
    round_: Round,
    district_code: str | None,
    projects: Iterable[Any],
    conflicts: Sequence[tuple[int, int]],
    pictures: Mapping[int, str],
    tie_commitment: str,
    caps: Iterable[Any] = (),
) -> dict[str, Any]:
    """What is frozen. ``projects`` have number, name, summary, place, side, community_id, cost_satang, item_id,
    picture_file_id and picture_text;
    ``conflicts`` are pairs of numbers; ``pictures`` gives the SHA-256 of a picture by its file's id;
    ``tie_commitment`` is the SHA-256 of the draw's secret; ``caps`` have side or community_id and community, and
    most_satang."""
    projects = list(projects)
    return {
        "format": FORMAT,
        "round": round_.id,
        "replaces": round_.replaces_id,
        "title": round_.title,
        "about": round_.about,
        "district": district_code,
        "envelope_satang": round_.envelope_satang,
        "ballot": {
            "type": round_.ballot_type.value,
            "min_choices": round_.min_choices,
            "max_choices": round_.max_choices,
            "max_points": round_.max_points,
        },
        "rule": {
            "name": round_.rule.value,
            "completion": round_.completion.value,
            "start": round_.start.value,
            "stop": round_.stop.value,
            "utility": round_.utility.value,
            "compares": round_.compares,
            "min_support": round_.min_support,
            "counts_empty": round_.counts_empty,
            **(
                {"step_parts": STEP_PARTS, "most_steps": MOST_STEPS}
                if round_.completion in (Completion.ADD1, Completion.ADD1U)
                else {}
            ),
        },
        "ties": {
            "order": list(TIE_ORDER),
            "source": round_.tie_source,
            "commitment": tie_commitment,
        },
        "electorate": {"cutoff_day": round_.cutoff_day.isoformat(), "min_age": round_.min_age},
        "opens_at": _instant(round_.opens_at),
        "closes_at": _instant(round_.closes_at),
        "shows_ballots": round_.shows_ballots,
        "projects": [
            {
                "number": one.number,
                "name": one.name,
                "summary": one.summary,
                "place": one.place,
                "side": one.side.value if one.side else None,
                "cost_satang": one.cost_satang,
                "item": one.item_id,
                "picture_sha256": pictures.get(one.picture_file_id),
                "picture_text": one.picture_text,
            }
            for one in projects
        ],
        "conflicts": sorted(sorted(pair) for pair in conflicts),
        "caps": [
            {
                "side": cap.side.value if cap.side else None,
                "community": cap.community,
                "most_satang": cap.most_satang,
                "projects": [one.number for one in projects if is_under(cap, one)],
            }
            for cap in caps
        ],
    }


def is_under(cap: Any, project: Any) -> bool:
    """Whether a cap is for this project: its side, or its community."""
    if cap.side is not None:
        return bool(project.side == cap.side)
    return bool(project.community_id == cap.community_id)


def write(content: Mapping[str, Any]) -> tuple[str, str]:
    """The canonical text and its SHA-256."""
    text = hashing.canonical_json(content)
    return text, hashing.sha256_hex(text)


def _instant(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
