"""One project stands on one ballot: of the district or of the city, until that round is cancelled, or certified
without it."""

import json
import threading

import pytest
import sqlalchemy as sa

from portal.core import db as core_db
from portal.core.actor import Role
from portal.core.errors import Invalid
from portal.plans.models import Item, Plan
from portal.voting import queries
from portal.voting.commands import cancelling, closing, projects, replacing
from portal.voting.commands import rounds as commands
from portal.voting.models import Candidate, Round
from portal.voting.queries import results
from tests.factories import accounts, places, plans, rounds
from tests.factories import screening as cases
from tests.voting.conftest import cast, finish


class Two:
    """Drafts of the district and of the city over one finally accepted item."""

    def __init__(self, session):
        plan = plans.plan(places.community(places.district()))
        item = session.scalars(sa.select(Item).where(Item.plan_id == plan.id)).unique().first()
        cases.decided(item)
        self.item_id = item.id
        self.planner = accounts.officer(Role.PLANNER, places.district())
        self.director = accounts.officer(Role.DIRECTOR, places.district())
        self.strategist = accounts.officer(Role.STRATEGY, None)
        data = rounds.data(title="ของเขต")
        self.district = commands.create_round(self.planner, plan.district_id, plan.cycle_id, data)
        data = rounds.data(title="ของเมือง")
        self.city = commands.create_round(self.strategist, None, plan.cycle_id, data)

    def of_district(self):
        return projects.add_items(self.planner, self.district.id, [self.item_id])

    def of_city(self):
        return projects.add_items(self.strategist, self.city.id, [self.item_id])


def test_a_project_on_another_ballot_is_refused_by_its_name(db):
    two = Two(db)
    (one,) = two.of_district()
    with pytest.raises(Invalid, match="ของเขต"):
        two.of_city()
    projects.remove_project(two.planner, one.id)
    assert len(two.of_city()) == 1
    with pytest.raises(Invalid):
        two.of_district()


def test_a_cancelled_round_lets_go_and_its_successor_leaves_out_what_stands_elsewhere(db):
    two = Two(db)
    two.of_district()
    cancelling.cancel_round(two.director, two.district.id, "เตรียมใหม่")
    assert len(two.of_city()) == 1
    made = replacing.replace_round(two.planner, two.district.id, rounds.data())
    assert queries.candidates(made.id) == []


def of_an_item(_number):
    """More of a project: the item it was made of."""
    plan = core_db.session().scalar(sa.select(Plan)) or plans.plan(places.community(places.district()))
    return {"item_id": plans.item(plan).id}


@pytest.mark.parametrize("round_", [{"told": of_an_item}], indirect=True)
def test_what_got_nothing_in_a_certified_round_may_stand_again(round_, clock):
    cast(round_, 3)
    finish(round_, clock)

    def standing():
        with core_db.transaction():
            items = [one.item_id for one in queries.candidates(round_.id)]
            return [row.number for row in queries.on_other_ballots(Round(id=0), items)]

    assert standing() == [1, 2, 3, 4]
    with core_db.transaction():
        closing.certify(round_.certifier, round_.id, "ตรวจแล้ว")
    with core_db.transaction("read"):
        funded = json.loads(results.result_of(round_.id).body)["order"]
    assert 0 < len(funded) < 4
    assert standing() == sorted(funded)


@pytest.mark.postgres_only
def test_of_two_rounds_that_take_it_at_once_one_has_it(transaction):
    with transaction() as session:
        two = Two(session)
    ready, took, refused = threading.Barrier(2), [], []

    def take(add):
        ready.wait()
        try:
            with core_db.transaction():
                add()
            took.append(add)
        except Invalid:
            refused.append(add)

    threads = [threading.Thread(target=take, args=(add,)) for add in (two.of_district, two.of_city)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(took), len(refused)) == (1, 1)
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Candidate)) == 1
