"""The yearly review: every item of the earlier plan is marked, what goes on stands in the new plan, nothing is lost."""

import json

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.accounts.models import CommitteeMember, Person
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumPurpose
from portal.places.models import District
from portal.plans import commands, comparing, queries
from portal.plans.models import Item, Plan, PlanState, Review, ReviewMark
from tests.factories import accounts, cycles, forums, places, plans
from tests.page import values

S, M = PlanState, ReviewMark


class Years:
    """A community with a plan of last year in screening and a new one being written."""

    def __init__(self, session, items=3, **values):
        self.community = places.community()
        district = session.get_one(District, self.community.district_id)
        accounts.committee(self.community)
        before = cycles.cycle(district, 2570, open=PhaseKind.IMPLEMENTATION)
        cycle = cycles.cycle(district, 2571, open=PhaseKind.SUBMISSION, **values)
        for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2):
            forums.forum(self.community, cycle, purpose=purpose)
        earlier = plans.plan(self.community, before, state=S.ACCEPTED_FOR_SCREENING, items=items)
        self.earlier = [item.id for item in queries.items_of(earlier.id)]
        self.plan = plans.plan(self.community, cycle, items=2)
        self.leader = accounts.actor_of(session.get_one(Person, self.plan.created_by))

    def marks(self, item, mark, reason="เพราะทำแล้ว", version=0):
        return commands.review_item(
            self.leader, self.plan, self.earlier[item], mark, reason, expected_version=version
        )

    def undoes(self, item, version=1):
        commands.undo_review(self.leader, self.plan, self.earlier[item], expected_version=version)

    @property
    def said(self):
        return queries.content_of(self.plan)

    @property
    def goes_on(self):
        return {item["continues_id"]: item for item in self.said["items"] if "continues_id" in item}

    def check(self, key="review"):
        return next((one for one in queries.checks_of(self.plan, self.said) if one.key == key), None)


@pytest.fixture
def years(db):
    return Years(db)


@pytest.mark.parametrize("mark", list(M))
def test_what_is_kept_or_changed_stands_in_the_new_plan(years, mark):
    years.marks(0, mark)
    assert set(years.goes_on) == ({years.earlier[0]} if mark.carries_on else set())
    assert [(row["item_id"], row["mark"], row["fiscal_year"]) for row in years.said["review"]] == [
        (years.earlier[0], mark.value, 2570)
    ]


def test_the_successor_says_what_the_earlier_item_said(db, years):
    years.marks(1, M.KEEP)
    earlier = queries.item_data(db.get_one(Item, years.earlier[1]))
    successor = db.get_one(Item, years.goes_on[years.earlier[1]]["id"])
    assert queries.item_data(successor) == earlier
    assert (successor.rank, successor.budget_satang) == (3, earlier.budget_satang)


def test_a_mark_taken_off_takes_the_item_out_and_a_new_one_brings_it_back_as_it_was_written(db, years):
    years.marks(0, M.CHANGE)
    item = db.get_one(Item, years.goes_on[years.earlier[0]]["id"])
    data = queries.item_data(item)
    commands.write_item(years.leader, item, item.version_id, type(data)(**{**vars(data), "place": "ที่ใหม่"}))
    years.undoes(0)
    assert not years.goes_on
    assert "review" not in years.said
    years.marks(2, M.KEEP)
    years.marks(0, M.KEEP)
    assert years.goes_on[years.earlier[0]]["place"] == "ที่ใหม่"
    assert [one["rank"] for one in years.said["items"]] == [1, 2, 3, 4]
    assert db.scalar(sa.select(sa.func.count()).where(Item.continues_id == years.earlier[0])) == 1


def test_who_withdraws_a_carried_item_drops_it_in_the_review(db, years):
    years.marks(0, M.KEEP)
    item = db.get_one(Item, years.goes_on[years.earlier[0]]["id"])
    commands.withdraw_item(years.leader, item, "ได้รับบริจาคแล้ว")
    assert [(row["mark"], row["reason"]) for row in years.said["review"]] == [("drop", "ได้รับบริจาคแล้ว")]


def test_a_mark_needs_a_reason_and_an_item_of_the_earlier_plan(years):
    with pytest.raises(Invalid):
        years.marks(0, M.DONE, reason="  ")
    own = years.said["items"][0]["id"]
    with pytest.raises(NotFound):
        commands.review_item(years.leader, years.plan, own, M.DONE, "เหตุผล", expected_version=0)


def test_the_second_of_two_sees_what_the_first_has_marked(years):
    years.marks(0, M.KEEP)
    with pytest.raises(Conflict):
        years.marks(0, M.DROP)
    with pytest.raises(Conflict):
        years.undoes(0, version=0)
    assert years.marks(0, M.DROP, version=1).version_id == 2
    assert not years.goes_on


def test_only_its_committee_and_only_while_the_plan_is_open(db, years):
    stranger = accounts.leader(places.community())
    with pytest.raises(NotFound):
        commands.review_item(stranger, years.plan, years.earlier[0], M.DONE, "x", expected_version=0)
    plans.sign(years.plan)
    plans.hand_in(years.plan, years.leader)
    with pytest.raises(NotAllowed):
        commands.review_item(stranger, years.plan, years.earlier[0], M.DONE, "x", expected_version=0)
    with pytest.raises(WrongState):
        years.marks(0, M.DONE)


def test_a_new_mark_needs_new_signatures(db, years):
    for number in range(3):
        years.marks(number, M.DONE)
    plans.sign(years.plan)
    years.plan.state = S.ENDORSED
    db.flush()
    years.marks(0, M.DROP, version=1)
    assert years.plan.state is S.DRAFT


@pytest.mark.parametrize("is_required", [True, False])
def test_whether_it_stops_a_plan_is_a_rule_of_the_cycle(db, is_required):
    years = Years(db, items=2, requires_review=is_required)
    assert (years.check().is_met, years.check().blocks) == (False, is_required)
    years.marks(0, M.DONE)
    assert not years.check().is_met
    years.marks(1, M.CHANGE)
    assert years.check().is_met
    changed = years.check(f"carried-{years.earlier[1]}")
    assert changed.is_warning
    assert not changed.is_met


def test_a_first_plan_is_not_asked(db):
    plan = plans.plan()
    assert not queries.items_to_review(plan)
    assert all(one.key != "review" for one in queries.checks_of(plan, queries.content_of(plan)))


def test_an_edition_keeps_the_review_and_the_comparison_tells_its_changes(db, years):
    years.marks(0, M.KEEP, "ยังต้องการอยู่")
    years.marks(1, M.DONE)
    plans.hand_in(years.plan, years.leader)
    first = json.loads(queries.edition(years.plan.id, 1).body)["content"]
    assert [row["mark"] for row in first["review"]] == ["keep", "done"]
    years.plan.state, years.plan.due_on = S.RETURNED, None
    after = {**first, "review": [{**first["review"][0], "reason": "ยังต้องการมาก"}]}
    difference = comparing.difference(first, after)
    assert [(one.before is None, one.after is None) for one in difference.marks] == [
        (False, False),
        (False, True),
    ]
    assert any(run.kind == "inserted" for run in difference.marks[0].runs)
    assert difference


@pytest.mark.parametrize(
    "values",
    [{"reason": " "}, {"mark": "other"}, {"marked_at": None}],
)
def test_the_database_refuses_half_a_mark(db, years, values):
    years.marks(0, M.DONE)
    plain = sa.table("plan_reviews", *(sa.column(name) for name in values))
    with pytest.raises(DBAPIError), db.begin_nested():
        db.execute(sa.update(plain).values(values))


def test_an_earlier_item_goes_on_once(db, years):
    years.marks(0, M.KEEP)
    with pytest.raises(DBAPIError), db.begin_nested():
        db.execute(
            sa.update(Item)
            .where(Item.id == years.said["items"][0]["id"])
            .values(continues_id=years.earlier[0])
        )


@pytest.fixture
def seen(transaction, new_client):
    """(years' ids, browsers of two of its leaders)."""
    with transaction() as session:
        years = Years(session)
        people = [
            session.get_one(Person, seat.person_id).email
            for seat in session.scalars(
                sa.select(CommitteeMember)
                .where(CommitteeMember.community_id == years.community.id)
                .order_by(CommitteeMember.id)
            )
        ][:2]
        found = years.plan.id, years.earlier
    browsers = []
    for email in people:
        browser = new_client()
        browser.sign_in(email, accounts.PASSWORD)
        browsers.append(browser)
    return (*found, *browsers)


def test_two_leaders_review_at_once(seen, transaction):
    plan_id, earlier, first, second = seen
    place = f"/plans/{plan_id}/review"
    of_first, of_second = (browser.get(place).page for browser in (first, second))

    def send(browser, page, number, **typed):
        action = f"{place}/{earlier[number]}"
        form = next(one for one in page.all("form") if one["action"].endswith(action))
        sent = {name: given[-1] for name, given in values(form).items()}
        return browser.post(action, data={**sent, **typed})

    answer = send(first, of_first, 0, mark="keep", reason="ยังต้องการ")
    assert answer.headers["Location"].endswith(f"#item-{earlier[1]}")
    assert send(second, of_second, 1, mark="done", reason="ได้แล้ว").status_code == 303
    refused = send(second, of_second, 0, mark="drop", reason="ไม่เอาแล้ว")
    assert refused.status_code == 409
    assert not refused.page.problems()
    for said in ("ยังต้องการ", "ไม่เอาแล้ว"):
        assert said in refused.page.text
    assert send(second, refused.page, 0, mark="drop", reason="ไม่เอาแล้ว").status_code == 303
    of_first = first.get(place).page
    forms = (one for one in of_first.all("form") if one["action"].endswith(f"{place}/{earlier[1]}"))
    bare = next(one for one in forms if not one.all("textarea"))
    undone = {name: given[-1] for name, given in values(bare).items()} | {"undo": "1"}
    assert first.post(f"{place}/{earlier[1]}", data=undone).status_code == 303
    with transaction() as session:
        marks = session.execute(sa.select(Review.item_id, Review.mark)).all()
        assert [tuple(row) for row in marks] == [(earlier[0], M.DROP)]
        assert session.get_one(Plan, plan_id).state is S.DRAFT
    assert send(first, first.get(place).page, 1, mark="done", reason=" ").status_code == 422
