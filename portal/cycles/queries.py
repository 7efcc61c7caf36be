"""Reads of cycles, their windows and their rules. Public unless a function takes an actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.core import clock, db, thai
from portal.core.actor import Actor
from portal.core.errors import NotFound, RulesMissing, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import body, policy, words
from portal.cycles.body import Change, Criterion, Rules
from portal.cycles.models import Cycle, Phase, PhaseKind, ProposalState, RulesEdition, RulesProposal
from portal.places.models import District

__all__ = ["Change", "Criterion", "Rules"]

_KIND_ORDER = {kind: place for place, kind in enumerate(PhaseKind)}


# -- cycles ---------------------------------------------------------------------------------------------------------


def cycle(cycle_id: int) -> Cycle | None:
    """The cycle with this id."""
    return db.session().get(Cycle, cycle_id)


@db.prepared
def _cycle_of(*, district_id: Any, fiscal_year: Any) -> Any:
    return sa.select(Cycle).where(Cycle.district_id == district_id, Cycle.fiscal_year == fiscal_year)


def cycle_of(district_id: int, fiscal_year: int) -> Cycle | None:
    """The cycle of a district and fiscal year (BE)."""
    return _cycle_of(district_id=district_id, fiscal_year=fiscal_year).scalar()


def cycles_of(district_id: int) -> Sequence[Any]:
    """A district's cycles (id, fiscal_year), newest first."""
    return (
        db.session()
        .execute(
            sa.select(Cycle.id, Cycle.fiscal_year)
            .where(Cycle.district_id == district_id)
            .order_by(Cycle.fiscal_year.desc())
        )
        .all()
    )


@db.prepared
def _current_cycle(*, district_id: Any) -> Any:
    begun = sa.exists().where(Phase.cycle_id == Cycle.id, Phase.starts_at <= db.NOW)
    return (
        sa.select(Cycle)
        .where(Cycle.district_id == district_id, begun)
        .order_by(Cycle.fiscal_year.desc())
        .limit(1)
    )


def current_cycle(district_id: int) -> Cycle | None:
    """The cycle now being planned: the highest fiscal year whose first phase has started; None before any has."""
    return _current_cycle(district_id=district_id).scalar()


def place_of(cycle: Cycle) -> District:
    """The district of a cycle."""
    return db.session().get_one(District, cycle.district_id)


def all_cycles() -> Sequence[Any]:
    """Every cycle (id, fiscal_year, code, name_th, name_en), districts in Thai order, newest year first."""
    return (
        db.session()
        .execute(
            sa.select(Cycle.id, Cycle.fiscal_year, District.code, District.name_th, District.name_en)
            .join(District, District.id == Cycle.district_id)
            .order_by(District.sort_key, Cycle.fiscal_year.desc())
        )
        .all()
    )


def desk_cycles(actor: Actor) -> Sequence[Any]:
    """Cycles whose rules this actor may propose or confirm (id, fiscal_year, name_th, name_en, editions)."""
    editions = sa.select(sa.func.count()).where(RulesEdition.cycle_id == Cycle.id).scalar_subquery()
    return (
        db.session()
        .execute(
            sa.select(
                Cycle.id, Cycle.fiscal_year, District.name_th, District.name_en, editions.label("editions")
            )
            .join(District, District.id == Cycle.district_id)
            .where(policy.visible_to(actor))
            .order_by(Cycle.fiscal_year.desc(), District.sort_key)
            .limit(200)
        )
        .all()
    )


def desk_districts(actor: Actor) -> Sequence[Any]:
    """Districts where this actor may open a cycle (id, name_th, name_en), in Thai order."""
    return [
        row
        for row in db.session().execute(
            sa.select(District.id, District.name_th, District.name_en).order_by(District.sort_key)
        )
        if policy.can_open_cycle(actor, row.id)
    ]


# -- windows --------------------------------------------------------------------------------------------------------


@db.prepared
def _phases(*, cycle_id: Any) -> Any:
    return sa.select(Phase).where(Phase.cycle_id == cycle_id)


def phases(cycle_id: int) -> list[Phase]:
    """The windows of a cycle, in the order of a cycle."""
    found = _phases(cycle_id=cycle_id).scalars()
    return sorted(found, key=lambda phase: _KIND_ORDER[phase.kind])


@db.prepared
def _phase(*, cycle_id: Any, kind: Any) -> Any:
    return sa.select(Phase).where(Phase.cycle_id == cycle_id, Phase.kind == kind)


def phase(cycle_id: int, kind: PhaseKind) -> Phase | None:
    """One window of a cycle."""
    return _phase(cycle_id=cycle_id, kind=kind).scalar()


def is_open(cycle_id: int, kind: PhaseKind) -> bool:
    """Whether the phase is open now: start ≤ now < end, under rules published before it started."""
    found = phase(cycle_id, kind)
    return found is not None and found.is_open(clock.now())


def require_open(cycle_id: int, kind: PhaseKind) -> Phase:
    """The phase, if it is open now. Raises RulesMissing without published rules, WrongState (409) before and after,
    both with a way on to the cycle's page."""
    found = phase(cycle_id, kind)
    way_on = ("cycles.show", {"cycle_id": cycle_id}, _l("See the dates of this cycle"))
    if found is None or found.edition_id is None:
        raise RulesMissing(
            _l("The rules for this were not published in time, so it stays closed."), way_on=way_on
        )
    now = clock.now()
    if now < found.starts_at:
        message = _("This opens on %(day)s.", day=_day(found.starts_at))
        raise WrongState(message, way_on=way_on)
    if now >= found.ends_at:
        raise WrongState(
            _("This closed at the end of %(day)s.", day=_day(_last_moment(found.ends_at))), way_on=way_on
        )
    return found


def begun_windows(cycle_id: int) -> dict[PhaseKind, body.Window]:
    """Windows that have begun under rules: nobody may move them any more."""
    now = clock.now()
    return {
        window.kind: (window.starts_at, window.ends_at)
        for window in phases(cycle_id)
        if window.has_begun(now)
    }


def next_boundary(*cycle_ids: int) -> dt.datetime | None:
    """The next instant at which a window of these cycles opens or closes (for ``headers.fresh_until``)."""
    now = clock.now()
    edges = sa.union_all(
        sa.select(sa.func.min(Phase.starts_at).label("edge")).where(
            Phase.cycle_id.in_(cycle_ids), Phase.starts_at > now
        ),
        sa.select(sa.func.min(Phase.ends_at)).where(Phase.cycle_id.in_(cycle_ids), Phase.ends_at > now),
    )
    found: list[dt.datetime | None] = [row.edge for row in db.session().execute(edges)]
    return min((edge for edge in found if edge is not None), default=None)


def boundary_of(windows: Iterable[Phase]) -> dt.datetime | None:
    """Like :func:`next_boundary`, for phases already at hand."""
    now = clock.now()
    edges = [edge for window in windows for edge in (window.starts_at, window.ends_at) if edge > now]
    return min(edges, default=None)


class Window(NamedTuple):
    """One phase of a cycle as a plain row, for pages that show many."""

    kind: PhaseKind
    starts_at: dt.datetime
    ends_at: dt.datetime
    edition_id: int | None

    def is_open(self, now: dt.datetime) -> bool:
        """As :meth:`portal.cycles.models.Phase.is_open`."""
        return self.edition_id is not None and self.starts_at <= now < self.ends_at


class Step(NamedTuple):
    """One step of ``components/lines.html``: ``state`` is done, now or next."""

    kind: PhaseKind
    label: str
    when: str
    state: str
    href: str = ""


def phase_line(cycle_id: int) -> list[Step]:
    """The cycle line of a page, in the language of the moment."""
    return line_of(phases(cycle_id))


def line_of(windows: Sequence[Any]) -> list[Step]:
    """Like :func:`phase_line`, for phases (or rows like them) already at hand. A phase without rules is never *now*."""
    now = clock.now()
    steps = []
    for window in windows:
        when = thai.span_text(
            clock.day_of(window.starts_at), clock.day_of(_last_moment(window.ends_at)), language()
        )
        if window.ends_at <= now:
            state = "done"
        elif window.is_open(now):
            state = "now"
        else:
            state = "next"
        if window.edition_id is None:
            when = _("%(days)s: closed, rules missing", days=when)
        steps.append(Step(window.kind, str(words.PHASES[window.kind]), when, state))
    return steps


def _day(instant: dt.datetime) -> str:
    return thai.day_text(clock.day_of(instant), language(), "long")


def _last_moment(ends_at: dt.datetime) -> dt.datetime:
    return ends_at - dt.timedelta(microseconds=1)


# -- rules ----------------------------------------------------------------------------------------------------------


@db.prepared
def _editions_in(kinds: tuple[PhaseKind, ...], *, cycle_id: Any) -> Any:
    newest = sa.select(sa.func.max(RulesEdition.number)).where(RulesEdition.cycle_id == cycle_id)
    return (
        sa.select(*RulesEdition.__table__.columns, Phase.kind)
        .outerjoin(Phase, sa.and_(Phase.edition_id == RulesEdition.id, Phase.kind.in_(kinds)))
        .where(
            RulesEdition.cycle_id == cycle_id,
            sa.or_(Phase.id.is_not(None), RulesEdition.number == newest.scalar_subquery()),
        )
        .order_by(RulesEdition.number.desc())
    )


def rules_by_phase(cycle_id: int, *kinds: PhaseKind) -> dict[PhaseKind, Rules]:
    """The rules that phases of a cycle run under, in one query; empty while nothing is published.

    Once a phase has begun, later editions do not change its rules; until then, and where it has no window or no rules of
    its own, they are those of the newest edition.
    """
    rows = _editions_in(kinds, cycle_id=cycle_id).all()
    own = {row.kind: row for row in rows}
    return {kind: _rules(own.get(kind, rows[0])) for kind in kinds if rows}


def rules_in(cycle_id: int, kind: PhaseKind) -> Rules | None:
    """The rules that one phase runs under, as :func:`rules_by_phase`; None while nothing is published."""
    return rules_by_phase(cycle_id, kind).get(kind)


def _rules(row: Any) -> Rules:
    return _read(row.body, row.id, row.number, row.sha256, row.published_at)


@lru_cache(maxsize=128)
def _read(text: str, edition_id: int, number: int, sha256: str, published_at: dt.datetime) -> Rules:
    return body.rules_from(
        body.read(text), edition_id=edition_id, number=number, sha256=sha256, published_at=published_at
    )


def editions(cycle_id: int) -> list[RulesEdition]:
    """Every edition of a cycle, newest first."""
    return list(
        db.session().scalars(
            sa.select(RulesEdition)
            .where(RulesEdition.cycle_id == cycle_id)
            .order_by(RulesEdition.number.desc())
        )
    )


def edition(cycle_id: int, number: int) -> RulesEdition:
    """One edition by its number. Raises NotFound."""
    found = db.session().scalar(
        sa.select(RulesEdition).where(RulesEdition.cycle_id == cycle_id, RulesEdition.number == number)
    )
    if found is None:
        raise NotFound
    return found


def newest_body(cycle_id: int) -> body.Body | None:
    """The newest edition's body, to compare with or to start a change from."""
    text = db.session().scalar(
        sa.select(RulesEdition.body)
        .where(RulesEdition.cycle_id == cycle_id)
        .order_by(RulesEdition.number.desc())
        .limit(1)
    )
    return None if text is None else body.read(text)


def last_own_criterion(cycle_id: int) -> int:
    """The highest number a criterion of the cycle's own ever had, published or proposed: no key is given twice."""
    texts = sa.union_all(
        *(sa.select(table.body).where(table.cycle_id == cycle_id) for table in (RulesEdition, RulesProposal))
    )
    return body.last_own(body.read(text) for text in db.session().scalars(texts))


# -- proposals ------------------------------------------------------------------------------------------------------


def proposal_visible(actor: Actor, proposal_id: int) -> RulesProposal:
    """A proposal this actor may read. Raises NotFound."""
    found = db.session().scalar(
        sa.select(RulesProposal)
        .join(Cycle, Cycle.id == RulesProposal.cycle_id)
        .where(RulesProposal.id == proposal_id, policy.visible_to(actor))
    )
    if found is None:
        raise NotFound
    return found


def waiting_proposal(cycle_id: int) -> RulesProposal | None:
    """The proposal of a cycle that waits for its second person."""
    return db.session().scalar(
        sa.select(RulesProposal).where(
            RulesProposal.cycle_id == cycle_id, RulesProposal.state == ProposalState.PROPOSED
        )
    )


def desk_proposals(actor: Actor) -> Sequence[Any]:
    """Proposals this actor may read: waiting ones first, then the newest decided (id, cycle_id, state, reason,
    proposed_by, proposed_at, decision_note, fiscal_year, name_th, name_en)."""
    waiting_first = sa.case((RulesProposal.state == ProposalState.PROPOSED, 0), else_=1)
    return (
        db.session()
        .execute(
            sa.select(
                RulesProposal.id,
                RulesProposal.cycle_id,
                RulesProposal.state,
                RulesProposal.reason,
                RulesProposal.proposed_by,
                RulesProposal.proposed_at,
                RulesProposal.decision_note,
                Cycle.fiscal_year,
                District.name_th,
                District.name_en,
            )
            .join(Cycle, Cycle.id == RulesProposal.cycle_id)
            .join(District, District.id == Cycle.district_id)
            .where(policy.visible_to(actor))
            .order_by(waiting_first, RulesProposal.proposed_at.desc(), RulesProposal.id.desc())
            .limit(50)
        )
        .all()
    )


NEWS = {
    "rules.proposed": _l("Rules wait for your confirmation: %(title)s"),
    "rules.published": _l("The rules of the cycle are published: %(title)s"),
    "rules.sent_back": _l("The rules you proposed were sent back: %(title)s"),
}
