"""Whatever is published while a year runs, a phase that has begun keeps its days and the rules it began under."""

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core import clock, errors
from portal.core.actor import Role
from portal.cycles import body as bodies
from portal.cycles import commands, queries
from portal.cycles.models import PhaseKind
from portal.plans.queries import checks_of, content_of
from tests.factories import accounts, cycles, places, plans

CHANGES = st.lists(
    st.tuples(
        st.integers(0, 40),  # days that pass before it
        st.integers(1, 9),  # the ceiling, in tens of thousands of baht
        st.sampled_from([None, *PhaseKind]),  # a phase whose days are moved with it
        st.integers(-5, 20),
    ),
    min_size=1,
    max_size=4,
)


def begun(cycle_id, plan):
    """What holds of the phases that have begun, read from the edition each runs under; of handing in also what a plan's
    check-list says."""
    checked = [(check.key, check.is_met, check.text) for check in checks_of(plan, content_of(plan))]
    return {
        phase.kind: (
            phase.starts_at,
            phase.ends_at,
            queries.rules_in(cycle_id, phase.kind).sha256,
            queries.rules_in(cycle_id, phase.kind).community_ceiling_satang,
            checked if phase.kind is PhaseKind.SUBMISSION else None,
        )
        for phase in queries.phases(cycle_id)
        if phase.starts_at <= clock.now()
    }


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_rules_never_change_under_a_phase(db, changes):
    with db.begin_nested() as example:
        start = clock.now()
        with clock.travel(start):
            cycle = cycles.cycle(open=PhaseKind.FORUMS)
            plan = plans.plan(cycle=cycle)
            director = accounts.officer(Role.DIRECTOR, places.district())
        kept, passed, published = {}, 0, 0
        for days, ceiling, moved, by in changes:
            passed += days
            with clock.travel(start + dt.timedelta(days=passed)):
                kept = begun(cycle.id, plan) | kept
                body = queries.newest_body(cycle.id)
                body["money"]["community_ceiling_satang"] = ceiling * 10_000_00
                windows = bodies.windows(body)
                if moved in windows:
                    first, last = windows[moved]
                    windows[moved] = (first + dt.timedelta(days=by), last + dt.timedelta(days=by))
                    body["phases"] = bodies.phase_entries(windows)
                try:
                    proposal = cycles.proposal(cycle, body=body, reason="ปรับกติกา")
                except errors.Invalid:
                    continue  # it would have touched what has begun, or changes nothing
                commands.confirm_rules(director, proposal)
                published += 1
                assert (
                    queries.rules_in(cycle.id, PhaseKind.CLOSING).community_ceiling_satang
                    == ceiling * 10_000_00
                )
                assert kept == {kind: now for kind, now in begun(cycle.id, plan).items() if kind in kept}
        with clock.travel(start + dt.timedelta(days=passed)):
            assert kept == {kind: now for kind, now in begun(cycle.id, plan).items() if kind in kept}
        example.rollback()
