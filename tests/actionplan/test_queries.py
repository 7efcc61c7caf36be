"""What other rooms ask: plans, projects of items and the reverse, and that drafts leak nowhere."""

import pytest
import sqlalchemy as sa

from portal.actionplan import policy, queries
from portal.actionplan.models import ActionPlan, ActionPlanState
from portal.core import topics
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import NotFound
from portal.cycles.models import PhaseKind
from tests.factories import accounts, actionplan, cycles, places

STATES = list(ActionPlanState)


@pytest.fixture
def cycle(built_app, db):
    return cycles.cycle(open=PhaseKind.HEARING)


@pytest.mark.parametrize("state", STATES)
def test_every_state_rests_on_its_facts_and_a_draft_is_for_officers_only(cycle, state):
    plan = actionplan.action_plan(cycle, state)
    project = actionplan.project(plan)
    dusit, elsewhere = places.district(), places.district("1001")
    seers = {
        "visitor": (ANONYMOUS, state is not ActionPlanState.DRAFT),
        "resident": (accounts.actor_of(accounts.person()), state is not ActionPlanState.DRAFT),
        "planner": (accounts.officer(Role.PLANNER, dusit), True),
        "director": (accounts.officer(Role.DIRECTOR, dusit), True),
        "planner elsewhere": (accounts.officer(Role.PLANNER, elsewhere), state is not ActionPlanState.DRAFT),
    }
    for who, (actor, expected) in seers.items():
        assert policy.can_see(actor, plan) is expected, who
        for look, id_ in ((queries.get_visible, plan.id), (queries.project_visible, project.id)):
            if expected:
                assert look(actor, id_).id == id_
            else:
                with pytest.raises(NotFound):
                    look(actor, id_)
        for topic_id in (plan.topic_id, project.topic_id):
            assert bool(topics.visible_topic(actor, topic_id)) is expected, who


def test_the_filter_agrees_with_the_question(db, cycle):
    actionplan.action_plan(cycle)
    other = cycles.cycle(places.district("1001"), open=PhaseKind.HEARING)
    actionplan.action_plan(other, ActionPlanState.PUBLISHED)
    actors = [ANONYMOUS, accounts.officer(Role.PLANNER, places.district()), accounts.officer(Role.DIRECTOR)]
    for actor in actors:
        seen = set(db.scalars(sa.select(ActionPlan.id).where(policy.visible_to(actor))))
        every = db.scalars(sa.select(ActionPlan))
        assert seen == {plan.id for plan in every if policy.can_see(actor, plan)}
