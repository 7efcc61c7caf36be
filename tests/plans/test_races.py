"""Fifty at once make one: the database decides, not luck."""

import dataclasses
import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from portal.accounts.models import CommitteeMember, Person
from portal.core import db
from portal.core.errors import PortalError
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumPurpose
from portal.places.models import District
from portal.plans import commands, queries
from portal.plans.models import Endorsement, Item, Plan, PlanEdition, PlanState, ReviewMark
from tests.factories import accounts, cycles, forums, places, plans

pytestmark = pytest.mark.postgres_only
AT_ONCE = 50


def prepared(transaction, **values):
    """(plan id, actors of the committee)."""
    with transaction() as session:
        community = places.community()
        cycle = cycles.cycle(session.get_one(District, community.district_id), open=PhaseKind.SUBMISSION)
        accounts.committee(community)
        for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2):
            forums.forum(community, cycle, purpose=purpose)
        issue = forums.issue(forums.forum(community, cycle, purpose=ForumPurpose.PLAN_2))
        plan = plans.plan(community, cycle, **values)
        people = session.scalars(sa.select(CommitteeMember.person_id).order_by(CommitteeMember.id))
        return plan.id, issue.id, [accounts.actor_of(session.get_one(Person, number)) for number in people]


def at_once(transaction, acts):
    """Run the acts in as many threads, each in its own transaction; how many worked, and what the others said."""
    gate = threading.Barrier(len(acts))
    said = Counter()

    def run(act):
        gate.wait()
        try:
            with transaction():
                act()
            said["done"] += 1
        except PortalError as refused:
            said[type(refused).__name__] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def plan_of(plan_id):
    return db.session().get_one(Plan, plan_id)


def test_fifty_submissions_make_one_edition(transaction):
    plan_id, _issue, actors = prepared(transaction, state=PlanState.ENDORSED)
    said = at_once(transaction, [lambda: commands.submit_plan(actors[0], plan_of(plan_id))] * AT_ONCE)
    assert said == {"done": 1, "WrongState": AT_ONCE - 1}
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PlanEdition)) == 1


def test_fifty_signatures_of_one_member_make_one(transaction):
    plan_id, _issue, actors = prepared(transaction)
    said = at_once(transaction, [lambda: commands.endorse_plan(actors[1], plan_of(plan_id))] * AT_ONCE)
    assert said == {"done": 1, "WrongState": AT_ONCE - 1}


def test_the_whole_committee_at_once_endorses_once(transaction):
    plan_id, _issue, actors = prepared(transaction)
    said = at_once(
        transaction, [lambda actor=actor: commands.endorse_plan(actor, plan_of(plan_id)) for actor in actors]
    )
    assert said == {"done": 7}
    with transaction() as session:
        assert plan_of(plan_id).state is PlanState.ENDORSED
        assert session.scalar(sa.select(sa.func.count()).select_from(Endorsement)) == 7


def test_signing_and_writing_at_once_never_endorses_unsigned_words(transaction):
    plan_id, _issue, actors = prepared(transaction)

    def write(number):
        plan = plan_of(plan_id)
        commands.write_plan(
            actors[0],
            plan,
            plan.version_id,
            vision=f"ฉบับที่ {number}",
            profile=plan.profile,
            analysis=plan.analysis,
        )

    acts = [lambda actor=actor: commands.endorse_plan(actor, plan_of(plan_id)) for actor in actors]
    at_once(transaction, [*acts, *(lambda number=number: write(number) for number in range(5))])
    with transaction():
        plan = plan_of(plan_id)
        standing = queries.standing(plan, queries.content_of(plan))
        assert (plan.state is PlanState.ENDORSED) == standing.is_complete


def test_fifty_writers_of_one_version_make_one_change(transaction):
    plan_id, _issue, actors = prepared(transaction)
    with transaction():
        version = plan_of(plan_id).version_id

    def write(number):
        commands.write_plan(
            actors[0], plan_of(plan_id), version, vision=f"ของคนที่ {number}", profile="", analysis=""
        )

    said = at_once(transaction, [lambda number=number: write(number) for number in range(AT_ONCE)])
    assert said == {"done": 1, "Conflict": AT_ONCE - 1}


def test_fifty_clicks_take_an_issue_in_once(transaction):
    plan_id, issue_id, actors = prepared(transaction, items=0)
    said = at_once(
        transaction, [lambda: commands.item_from_issue(actors[0], plan_of(plan_id), issue_id)] * AT_ONCE
    )
    assert said == {"done": 1, "WrongState": AT_ONCE - 1}
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Item)) == 1


def test_fifty_begin_one_plan(transaction):
    with transaction() as session:
        community = places.community()
        cycle = cycles.cycle(session.get_one(District, community.district_id), open=PhaseKind.FORUMS)
        actor, ids = accounts.leader(community), (community.id, cycle.id)
    said = at_once(transaction, [lambda: commands.begin_plan(actor, *ids)] * AT_ONCE)
    assert said == {"done": 1, "WrongState": AT_ONCE - 1}


def test_fifty_marks_of_one_item_make_one(transaction):
    with transaction() as session:
        community = places.community()
        district = session.get_one(District, community.district_id)
        before = cycles.cycle(district, 2570, open=PhaseKind.IMPLEMENTATION)
        earlier = plans.plan(community, before, state=PlanState.ACCEPTED_FOR_SCREENING)
        plan = plans.plan(community, cycles.cycle(district, open=PhaseKind.SUBMISSION), items=0)
        item_id, plan_id = queries.items_of(earlier.id)[0].id, plan.id
        actor = accounts.actor_of(session.get_one(Person, plan.created_by))

    def mark():
        commands.review_item(
            actor, plan_of(plan_id), item_id, ReviewMark.KEEP, "ยังต้องการ", expected_version=0
        )

    said = at_once(transaction, [mark] * AT_ONCE)
    assert said == {"done": 1, "Conflict": AT_ONCE - 1}
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Item.continues_id == item_id)) == 1


def test_two_writers_of_different_items_never_meet(transaction):
    plan_id, _issue, actors = prepared(transaction, items=10)
    with transaction():
        rows = [(item.id, item.version_id) for item in queries.items_of(plan_id)]

    def write(number):
        item = db.session().get_one(Item, rows[number][0])
        data = queries.item_data(item)
        commands.write_item(
            actors[number % 7], item, rows[number][1], dataclasses.replace(data, place=f"ที่ {number}")
        )

    assert at_once(transaction, [lambda number=number: write(number) for number in range(10)]) == {"done": 10}
    with transaction():
        assert [item.place for item in queries.items_of(plan_id)] == [f"ที่ {number}" for number in range(10)]
