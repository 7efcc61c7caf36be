"""The rooms keep to the edition their phase began under, whatever is published while it runs."""

import datetime as dt

import pytest

from portal.actionplan.queries import merging, workbench
from portal.core import clock
from portal.cycles import queries
from portal.cycles.body import Criterion
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumPurpose
from portal.plans import commands as plan_commands
from portal.plans import queries as plan_queries
from portal.plans.models import PlanState
from portal.screening import commands as screening
from portal.screening import queries as cases
from portal.screening.models import CaseState
from tests.actionplan.conftest import season
from tests.factories import accounts, cycles, forums, places, plans
from tests.screening.conftest import furnish

BAHT = 100
STRICT = {"min_sides": 5, "min_forums": 9, "community_ceiling_satang": 1 * BAHT}


@pytest.mark.parametrize("begun", [False, True], ids=["before it opens", "while it is open"])
def test_handing_in(db, begun):
    community = places.community()
    cycle = cycles.cycle(open=PhaseKind.SUBMISSION if begun else PhaseKind.FORUMS)
    accounts.committee(community)
    for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2):
        forums.forum(community, cycle, purpose=purpose)
    plan = plans.plan(community, cycle, PlanState.ENDORSED)
    cycles.next_edition(cycle, **STRICT)
    checks = {check.key: check for check in plan_queries.checks_of(plan, plan_queries.content_of(plan))}
    assert [checks[key].is_met for key in ("forums", "sides", "ceiling")] == [begun] * 3
    if begun:
        assert plan_commands.submit_plan(accounts.leader(community), plan).number == 1


@pytest.mark.parametrize("begun", [False, True], ids=["before it opens", "while it is open"])
def test_what_a_case_is_judged_by_and_when(db, begun):
    desk = furnish()
    cycle = desk.cycle
    if not begun:
        cycle = cycles.cycle(desk.district, 2572, open=PhaseKind.SUBMISSION)
    plan = plans.plan(None, cycle, PlanState.SUBMITTED, items=1)
    only = Criterion("own_1", "formal", "ข้อเดียว", "The only one", False)
    cycles.next_edition(cycle, criteria=(only,), screening_working_days=1)
    opens = queries.phase(cycle.id, PhaseKind.SCREENING).starts_at
    with clock.travel(max(clock.now(), opens)):
        (case,) = screening.take_in(desk.planner, plan.id)
        left = case.due_on - clock.today()
    rules = cases.criteria_of(case.edition_id)
    assert rules.number == (1 if begun else 2)
    assert (len(rules.criteria) > 1) is begun
    assert (left > dt.timedelta(days=20)) is begun


@pytest.mark.parametrize("begun", [False, True], ids=["before appeals", "during appeals"])
def test_release_and_appeals(db, begun):
    windows = cycles.windows(PhaseKind.SCREENING)
    if begun:
        windows[PhaseKind.APPEALS] = windows[PhaseKind.SCREENING]
    desk = furnish(phases=windows, release="single", appeal_days=200)
    cycles.next_edition(desk.cycle, release="batch", appeal_days=300)
    case = desk.case()
    desk.released(case)  # its neighbour has no decision: a batch would wait for it
    assert case.state is CaseState.CONFIRMED
    assert (case.appeals_until - clock.now()).days in ((200, 199) if begun else (300, 299))


@pytest.mark.parametrize("begun", [False, True], ids=["before publication", "during publication"])
def test_money_of_the_action_plan(built_app, db, begun):
    world = season(
        open=PhaseKind.PUBLICATION if begun else PhaseKind.HEARING,
        community_ceiling_satang=400_000 * BAHT,
        envelope_satang=9_000_000 * BAHT,
    )
    cycles.next_edition(world.cycle, community_ceiling_satang=1 * BAHT, envelope_satang=2 * BAHT)
    given = (9_000_000 if begun else 2) * BAHT
    tally = workbench.tally(world.plan)
    assert (tally.envelope_satang, tally.ceiling_satang) == (given, 400_000 * BAHT)
    assert merging.review(world.plan).envelope_satang == given


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_show_what_is_applied(client, transaction, prefix):
    with transaction():
        cycle = cycles.cycle(open=PhaseKind.SUBMISSION, community_ceiling_satang=123_000 * BAHT)
        cycles.next_edition(cycle, community_ceiling_satang=45_000 * BAHT, envelope_satang=6_000_000 * BAHT)
    district = client.get(f"{prefix}/dossier/districts/1002", status=200).page.text
    assert "123,000" in district
    assert "45,000" not in district
    assert "6,000,000" in district
    assert "1, 2" in district
    rules = client.get(f"{prefix}/cycles/{cycle.id}", status=200).page
    phases = "Community forums, Submitting plans" if prefix else "เวทีประชาคม, ส่งแผนพัฒนาชุมชน"
    assert rules.text.count(phases) == 2, "above what counts and beside edition 1"
