"""Cycles with published rules, their windows placed around ``clock.now()``. Use inside an open transaction."""

import datetime as dt
from typing import Any

from portal.core import clock, db
from portal.core.actor import Role
from portal.cycles import body as bodies
from portal.cycles import commands, queries
from portal.cycles.defaults import default_rules
from portal.cycles.models import Cycle, Phase, PhaseKind, RulesEdition, RulesProposal
from portal.places.models import District
from tests.factories import accounts, places

LONG = dt.timedelta(days=30)
BEFORE = dt.timedelta(days=10)


def windows(now_open: PhaseKind | None = None) -> dict[PhaseKind, bodies.Window]:
    """Phases of 30 days one after the other: one began ten days ago; None: the first begins in ten days."""
    start = clock.now().replace(microsecond=0)
    kinds = [kind for kind in PhaseKind if kind is not PhaseKind.VOTING or now_open is kind]
    first = start + BEFORE if now_open is None else start - BEFORE - LONG * kinds.index(now_open)
    return {kind: (first + LONG * place, first + LONG * (place + 1)) for place, kind in enumerate(kinds)}


def bare_cycle(district: District | None = None, fiscal_year: int = 2571) -> Cycle:
    """A cycle without rules: every phase is closed."""
    of = district or places.district()
    made = Cycle(district_id=of.id, fiscal_year=fiscal_year, created_at=clock.now())
    db.session().add(made)
    db.session().flush()
    return made


def cycle(
    district: District | None = None,
    fiscal_year: int = 2571,
    open: PhaseKind | None = PhaseKind.FORUMS,  # noqa: A002 - the word of the interface
    *,
    phases: dict[PhaseKind, bodies.Window] | None = None,
    **rules: Any,
) -> Cycle:
    """A cycle under its first edition; ``rules`` as in :func:`portal.cycles.defaults.default_rules`."""
    of = district or places.district()
    made = bare_cycle(of, fiscal_year)
    placed = phases or windows(open)
    published_at = min([clock.now(), *(start for start, _ in placed.values())]) - LONG
    text, sha256 = bodies.write({**default_rules(fiscal_year, placed, **rules), "district": of.code})
    edition = RulesEdition(
        cycle_id=made.id,
        number=1,
        body=text,
        sha256=sha256,
        reason="กติกาของรอบปี",
        proposed_by=accounts.person(name="ผู้เสนอ กติกา").id,
        confirmed_by=accounts.person(name="ผู้ยืนยัน กติกา").id,
        published_at=published_at,
    )
    db.session().add(edition)
    db.session().flush()
    db.session().add_all(
        Phase(cycle_id=made.id, kind=kind, starts_at=start, ends_at=end, edition_id=edition.id)
        for kind, (start, end) in placed.items()
    )
    db.session().flush()
    return made


def close_phase(of: Cycle, kind: PhaseKind) -> None:
    """End a phase a moment ago, as if its last day had passed."""
    phase = queries.phase(of.id, kind)
    assert phase is not None
    phase.ends_at = clock.now()
    db.session().flush()


def proposal(of: Cycle, *, reason: str = "กติกาของรอบปี", body: bodies.Body | None = None) -> RulesProposal:
    """Rules put forward by a planner of the district, every phase still to come."""
    district = db.session().get_one(District, of.district_id)
    planner = accounts.officer(Role.PLANNER, district)
    return commands.propose_rules(planner, of, body or default_rules(of.fiscal_year, windows()), reason)


def next_edition(of: Cycle, **changed: Any) -> RulesEdition:
    """One more edition with no day moved, proposed and confirmed; ``changed`` as in
    :func:`portal.cycles.defaults.default_rules`."""
    newest = queries.newest_body(of.id)
    assert newest is not None
    body = default_rules(of.fiscal_year, bodies.windows(newest), **changed)
    director = accounts.officer(Role.DIRECTOR, db.session().get_one(District, of.district_id))
    return commands.confirm_rules(director, proposal(of, body=body, reason="ปรับกติกาของรอบปี"))
