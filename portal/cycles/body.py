"""The body of an edition: one canonical text of every rule, which anyone can hash again.

Instants are ISO 8601 with Bangkok's offset and whole seconds, money is integer satang, and the criteria stand in both
languages, so that the hash covers every word people are judged by.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

from portal.core import calendar, clock, hashing
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.models import PhaseKind

FORMAT = "ruamngop-cycle-rules/1"

_OWN_KEY = re.compile(r"own_([0-9]{1,6})")

Window = tuple[dt.datetime, dt.datetime]
Phases = Mapping[PhaseKind, Window]
Body = dict[str, Any]

MONEY = ("community_ceiling_satang", "envelope_satang", "forum_budget_satang", "plan_budget_satang")
DEADLINES = ("screening_working_days", "correction_days", "appeal_days")
REQUIRED_PHASES = frozenset(PhaseKind) - {PhaseKind.VOTING}


@dataclass(frozen=True)
class Criterion:
    """One question of the criteria card. ``is_correctable``: the community may mend it and send the item again."""

    key: str
    group: Literal["formal", "merit"]
    text_th: str
    text_en: str
    is_correctable: bool

    def text(self, lang: str) -> str:
        """The question in ``th`` or ``en``."""
        return self.text_en if lang == "en" else self.text_th


@dataclass(frozen=True)
class Rules:
    """An edition, read. Money in satang; screening in working days, correction and appeal in calendar days.
    ``requires_review``: no plan is handed in before every item of the community's earlier one is marked; an edition
    that does not say so only advises it."""

    edition_id: int
    number: int
    sha256: str
    published_at: dt.datetime
    criteria: tuple[Criterion, ...]
    community_ceiling_satang: int
    envelope_satang: int
    forum_budget_satang: int
    plan_budget_satang: int
    min_forums: int
    min_sides: int
    requires_review: bool
    screening_working_days: int
    correction_days: int
    appeal_days: int
    release: Literal["single", "batch"]
    voting_rule: str | None


def write(body: Mapping[str, Any]) -> tuple[str, str]:
    """The canonical text of a body and its SHA-256 in hex."""
    text = hashing.canonical_json(body)
    return text, hashing.sha256_hex(text)


def read(text: str) -> Body:
    """The body back from its text."""
    return cast(Body, json.loads(text))


def rules_from(body: Body, *, edition_id: int, number: int, sha256: str, published_at: dt.datetime) -> Rules:
    """The rules other rooms work with."""
    return Rules(
        edition_id=edition_id,
        number=number,
        sha256=sha256,
        published_at=published_at,
        criteria=tuple(Criterion(**criterion) for criterion in body["criteria"]),
        **{name: body["money"][name] for name in MONEY},
        min_forums=body["minimum"]["forums"],
        min_sides=body["minimum"]["sides"],
        requires_review=bool(body["minimum"].get("review", False)),
        **{name: body["deadlines"][name] for name in DEADLINES},
        release=body["release"],
        voting_rule=body["voting_rule"],
    )


def phase_entries(phases: Phases) -> list[dict[str, str]]:
    """Phases as a body holds them, in the order of a cycle."""
    return [
        {"kind": kind.value, "starts_at": _local(phases[kind][0]), "ends_at": _local(phases[kind][1])}
        for kind in PhaseKind
        if kind in phases
    ]


def windows(body: Body) -> dict[PhaseKind, Window]:
    """The windows of a body, as UTC instants."""
    return {
        PhaseKind(phase["kind"]): (_instant(phase["starts_at"]), _instant(phase["ends_at"]))
        for phase in body["phases"]
    }


def _local(instant: dt.datetime) -> str:
    return instant.astimezone(clock.BANGKOK).isoformat(timespec="seconds")


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def own_key(number: int) -> str:
    """The key of a criterion that is the cycle's own."""
    return f"own_{number}"


def last_own(bodies: Iterable[Body]) -> int:
    """The highest number that a criterion of the cycle's own has in these bodies; 0 where there is none."""
    keys = (criterion["key"] for body in bodies for criterion in body["criteria"])
    return max((int(found[1]) for key in keys if (found := _OWN_KEY.fullmatch(key))), default=0)


def problems(body: Body) -> dict[str, object]:
    """What is wrong with a body, by the name of the form field it was typed in; empty when it can be proposed.

    Phases may overlap, but none may begin before the one it builds on. Working windows lie in the two years around
    the fiscal year: planning runs before it, closing after it.
    """
    wrong: dict[str, object] = {}
    given = windows(body)
    for kind in REQUIRED_PHASES - given.keys():
        wrong[f"{kind.value}_from"] = _l("Give this phase its dates.")
    first_day, last_day = calendar.fiscal_year_span(body["fiscal_year"])
    earliest = clock.at(first_day - dt.timedelta(days=730))
    latest = clock.at(last_day + dt.timedelta(days=731))
    before: dt.datetime | None = None
    for kind in (kind for kind in PhaseKind if kind in given):
        starts_at, ends_at = given[kind]
        if starts_at >= ends_at:
            wrong[f"{kind.value}_to"] = _l("The last day is before the first.")
        elif starts_at < earliest or ends_at > latest:
            wrong[f"{kind.value}_from"] = _l("These dates are too far from the fiscal year.")
        elif before is not None and starts_at < before:
            wrong[f"{kind.value}_from"] = _l("This phase cannot begin before the one above it.")
        before = starts_at if before is None else max(before, starts_at)
    money = body["money"]
    for name in MONEY:
        if money[name] < 0:
            wrong[name] = _l("Write an amount in baht, such as 12,500.50.")
    if 0 < money["envelope_satang"] < money["community_ceiling_satang"]:
        wrong["envelope_satang"] = _l("The district's money is less than the ceiling of one community.")
    for name in DEADLINES:
        if not 1 <= body["deadlines"][name] <= 365:
            wrong[name] = _l("Choose between 1 and 365 days.")
    return wrong | _criteria_problems(body)


def _criteria_problems(body: Body) -> dict[str, object]:
    keys = [criterion["key"] for criterion in body["criteria"]]
    if not keys:
        return {"criteria": _l("At least one criterion must stay.")}
    if len(set(keys)) == len(keys):
        return {}
    return {
        "criteria": _l(
            "Two criteria share one key, so one answer would count for both. Clear one of them and write it in the last line."
        )
    }


class Change(NamedTuple):
    """One fact that differs between two bodies; None where it does not exist."""

    path: str
    before: object
    after: object


def facts(body: Body) -> dict[str, object]:
    """A body laid out as path and value: ``money.envelope_satang``, ``phases.forums.starts_at``, ``criteria.land``."""
    found: dict[str, object] = {}
    for name, value in body.items():
        if name == "phases":
            for phase in value:
                found[f"phases.{phase['kind']}.starts_at"] = phase["starts_at"]
                found[f"phases.{phase['kind']}.ends_at"] = phase["ends_at"]
        elif name == "criteria":
            found |= {f"criteria.{one['key']}": one for one in value}
        elif isinstance(value, dict):
            found |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            found[name] = value
    return found


def changes(old: Body, new: Body) -> list[Change]:
    """What differs, in the order of the new body, then what is gone."""
    before, after = facts(old), facts(new)
    paths = [*after, *(path for path in before if path not in after)]
    return [
        Change(path, before.get(path), after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]
