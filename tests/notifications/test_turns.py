"""Every turn of an idea's way reaches its author, its leaders and its followers, once."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.accounts.models import CommitteeMember
from portal.actionplan import commands as actionplans
from portal.actionplan.models import ActionPlanState, MoneyStep
from portal.core import clock, i18n, news
from portal.core.actor import Role
from portal.cycles.models import PhaseKind
from portal.forums import titles
from portal.forums.models import ForumPurpose
from portal.notifications import commands
from portal.notifications.models import Notice
from portal.plans import commands as handing_in
from portal.plans.models import PlanState
from portal.procurement import queries as buying
from tests.factories import accounts, actionplan, cycles, forums, places, plans, procurement


def heard(session, person):
    return [
        row.event
        for row in session.scalars(sa.select(Notice).where(Notice.person_id == person.id).order_by(Notice.id))
    ]


@pytest.fixture
def idea(db):
    """An idea in a project of a published plan, with an author, a leader who came later, and three kinds of followers."""
    district = places.district()
    cycle = cycles.cycle(district, open=PhaseKind.SCREENING)
    community = places.community(district)
    plan = plans.plan(community, cycle, PlanState.SUBMITTED, items=1)
    (item,) = plans.queries.items_of(plan.id)
    late = accounts.person()
    seat = db.scalars(
        sa.select(CommitteeMember)
        .where(CommitteeMember.community_id == community.id)
        .order_by(CommitteeMember.id.desc())
        .limit(1)
    ).one()
    seat.person_id = late.id
    followers = {name: accounts.person() for name in ("item", "plan", "community")}
    for name, topic in (("item", item.topic_id), ("plan", plan.topic_id), ("community", community.topic_id)):
        commands.follow_for([followers[name].id], topic)
    project = actionplan.project(actionplan.action_plan(cycle, ActionPlanState.PUBLISHED))
    actionplan.link(project, item)
    db.flush()
    return {"project": project, "late": late, "district": district, **followers}


def test_money_is_news_for_all_whose_idea_it_is(db, idea):
    planner = accounts.officer(Role.PLANNER, idea["district"])
    for step, note in ((MoneyStep.REQUESTED, ""), (MoneyStep.REFUSED, "งบประมาณไม่พอ")):
        day = clock.today() - dt.timedelta(days=1)
        actionplans.record_money(planner, idea["project"], step, 100_00, day, note)
    for name in ("late", "item", "plan", "community"):
        assert heard(db, idea[name]) == ["actionplan.money_refused"], name


def test_a_purchase_tells_all_of_its_great_turns_and_followers_of_every_step(db, idea):
    process = procurement.process(idea["project"])
    for event, who in (
        ("procurement.contract", ("late", "item", "plan", "community")),
        ("procurement.evaluation", ("item",)),
    ):
        for _ in range(2):
            commands.tell(
                event, topic_id=process.topic_id, **buying.hearers(process.id, event), dedupe_key=f"{event}:1"
            )
        for name in ("late", "item", "plan", "community"):
            assert heard(db, idea[name]).count(event) == (name in who), (event, name)


def test_who_follows_a_forum_hears_that_its_issues_became_ideas(db):
    district = places.district()
    cycle = cycles.cycle(district, open=PhaseKind.SUBMISSION)
    community = places.community(district)
    held = [
        forums.forum(
            community, cycle, purpose=purpose, title=titles.compose(purpose, f"ชุมชน{community.name}")
        )
        for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2)
    ]
    follower = accounts.person()
    commands.follow_for([follower.id], held[0].topic_id)
    plan = plans.plan(community, cycle)
    for item in plans.queries.items_of(plan.id):
        item.issue_id = forums.issue(held[0]).id
    plans.sign(plan)
    plan.state = PlanState.ENDORSED
    db.flush()
    assert heard(db, follower) == []
    handing_in.submit_plan(accounts.leader(community), plan)
    assert heard(db, follower) == ["plan.issues_taken_up"]
    told = db.scalars(sa.select(Notice).where(Notice.person_id == follower.id)).one()
    assert told.params["forum"] == titles.compose(ForumPurpose.PLAN_1, f"ชุมชน{community.name}")
    with i18n.speaking("en"):
        said = news.sentence(told.event, told.params)
        assert said.startswith(
            f"Issues of the forum “First plan forum, ชุมชน{community.name}” became ideas of “Plan of "
        )
    with i18n.speaking("th"):
        assert f"“{told.params['forum']}”" in news.sentence(told.event, told.params)
