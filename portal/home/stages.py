"""Where a district stands in its year, as the tile map colours it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.core.i18n import lazy_gettext as _l
from portal.cycles.models import PhaseKind
from portal.cycles.queries import Window

STAGES: Mapping[PhaseKind, str] = {
    PhaseKind.FORUMS: "forums",
    PhaseKind.SUBMISSION: "plans",
    PhaseKind.SCREENING: "screening",
    PhaseKind.APPEALS: "screening",
    PhaseKind.VOTING: "open",
    PhaseKind.HEARING: "open",
    PhaseKind.PUBLICATION: "published",
    PhaseKind.IMPLEMENTATION: "published",
    PhaseKind.CLOSING: "published",
}
LEGEND: tuple[tuple[str, object], ...] = (
    ("forums", _l("Community forums")),
    ("plans", _l("Submitting plans")),
    ("screening", _l("Screening and appeals")),
    ("open", _l("Open to everyone: vote or hearing")),
    ("published", _l("Published, under way")),
    ("idle", _l("No cycle opened yet")),
)


@dataclass(frozen=True)
class Standing:
    """A district's cycle being planned: its windows in order and the newest that has begun."""

    cycle_id: int
    fiscal_year: int
    phases: tuple[Window, ...]

    def now(self, instant: dt.datetime) -> Window | None:
        """The phase that colours the tile: the last in order that has begun; None before the first."""
        return max(
            (phase for phase in self.phases if phase.starts_at <= instant),
            key=lambda phase: phase.starts_at,
            default=None,
        )


def stage_of(standing: Standing | None, instant: dt.datetime) -> tuple[str, PhaseKind | None]:
    """The stage's name on the map and the phase it stands for."""
    phase = standing.now(instant) if standing else None
    return ("idle", None) if phase is None else (STAGES[phase.kind], phase.kind)


def boundary(standings: Sequence[Standing], instant: dt.datetime) -> dt.datetime | None:
    """When the map next changes by itself."""
    edges = [
        edge
        for standing in standings
        for phase in standing.phases
        for edge in (phase.starts_at, phase.ends_at)
        if edge > instant
    ]
    return min(edges, default=None)
