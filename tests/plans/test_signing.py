"""Signatures bind to what is said; more than half of the committee in office makes a plan endorsed."""

import datetime as dt
import io
import random

import pytest
import sqlalchemy as sa

from portal.accounts.models import CommitteeMember, InterestDeclaration, Person
from portal.core import clock
from portal.core import clock as core_clock
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumPurpose, Side
from portal.places.models import District
from portal.plans import commands, queries
from portal.plans.content import LineData
from portal.plans.models import Endorsement, PlanState
from tests.factories import accounts, cycles, forums, places, plans

S = PlanState
PDF = (io.BytesIO(b"%PDF-1.4"), "signed.pdf")


@pytest.fixture
def make(db):
    def plan(size=7, held=2, **values):
        community = places.community()
        cycle = cycles.cycle(db.get_one(District, community.district_id), open=PhaseKind.SUBMISSION)
        accounts.committee(community, size=size)
        for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2)[:held]:
            forums.forum(community, cycle, purpose=purpose)
        return plans.plan(community, cycle, **values)

    return plan


def member(db, plan, number):
    seats = db.scalars(
        sa.select(CommitteeMember)
        .where(CommitteeMember.community_id == plan.community_id)
        .order_by(CommitteeMember.id)
    ).all()
    return accounts.actor_of(db.get_one(Person, seats[number].person_id))


def standing(plan):
    return queries.standing(plan, queries.content_of(plan))


@pytest.mark.parametrize("size", range(7, 16))
def test_the_signature_that_makes_more_than_half_endorses(db, make, size):
    plan = make(size=size)
    needed = size // 2 + 1
    for number in range(needed):
        assert plan.state is S.DRAFT
        commands.endorse_plan(member(db, plan, number), plan)
    assert plan.state is S.ENDORSED
    assert standing(plan).signed == needed


def test_nobody_signs_twice_or_without_a_seat(db, make):
    plan = make()
    commands.endorse_plan(member(db, plan, 1), plan)
    with pytest.raises(WrongState):
        commands.endorse_plan(member(db, plan, 1), plan)
    other = accounts.leader(places.community())
    for stranger in (ANONYMOUS, accounts.actor_of(accounts.person()), other):
        with pytest.raises(NotFound):
            commands.endorse_plan(stranger, plan)
    with pytest.raises(NotAllowed):
        commands.endorse_plan(accounts.officer(Role.COMMUNITY_DESK, places.district()), plan)


def test_what_was_read_is_what_is_signed(db, make):
    plan = make()
    seen = standing(plan).sha256
    commands.write_plan(member(db, plan, 0), plan, plan.version_id, vision="ใหม่", profile="", analysis="")
    with pytest.raises(Conflict):
        commands.endorse_plan(member(db, plan, 1), plan, seen_sha256=seen)


def _write(db, plan, leader):
    commands.write_plan(leader, plan, plan.version_id, vision="ใหม่", profile="", analysis="")


def _money(db, plan, leader):
    item = queries.items_of(plan.id)[0]
    data = queries.item_data(item)
    commands.write_item(
        leader,
        item,
        item.version_id,
        type(data)(**{**data.__dict__, "lines": (LineData("ก", "ชิ้น", 1000, 1),)}),
    )


def _explanation(db, plan, leader):
    item = queries.items_of(plan.id)[0]
    data = queries.item_data(item)
    commands.write_item(leader, item, item.version_id, type(data)(**{**data.__dict__, "cause": "เหตุใหม่"}))


def _order(db, plan, leader):
    commands.reorder_items(leader, plan, [item.id for item in queries.items_of(plan.id)][::-1])


def _withdraw(db, plan, leader):
    commands.withdraw_item(leader, queries.items_of(plan.id)[0], "ทำแล้ว")


def _add(db, plan, leader):
    commands.add_item(leader, plan, queries.item_data(queries.items_of(plan.id)[0]))


@pytest.mark.parametrize("change", [_write, _money, _explanation, _order, _withdraw, _add])
def test_a_change_after_endorsement_makes_a_draft(db, make, change):
    plan = make(state=S.ENDORSED, items=3)
    change(db, plan, member(db, plan, 0))
    assert plan.state is S.DRAFT
    assert standing(plan).signed == 0


def test_saving_the_same_changes_nothing(db, make):
    plan = make(state=S.ENDORSED)
    commands.write_plan(
        member(db, plan, 0),
        plan,
        plan.version_id,
        vision=plan.vision,
        profile=plan.profile,
        analysis=plan.analysis,
    )
    assert plan.state is S.ENDORSED


def test_the_old_words_bring_the_old_signatures_back(db, make):
    plan = make(state=S.ENDORSED)
    old, leader = plan.vision, member(db, plan, 0)
    for vision, state in (("ใหม่", S.DRAFT), (old, S.ENDORSED)):
        commands.write_plan(
            leader, plan, plan.version_id, vision=vision, profile=plan.profile, analysis=plan.analysis
        )
        assert plan.state is state


@pytest.mark.parametrize(
    ("change", "needs_all"),
    [(_write, False), (_explanation, False), (_money, True), (_withdraw, True), (_order, True)],
)
def test_after_a_return_the_chair_is_enough_for_words(db, make, change, needs_all):
    plan = make(state=S.RETURNED, items=3)
    assert standing(plan).is_complete
    change(db, plan, member(db, plan, 1))
    assert plan.state is S.RETURNED
    assert not standing(plan).is_complete
    commands.endorse_plan(member(db, plan, 1), plan)
    assert not standing(plan).is_complete
    commands.endorse_plan(member(db, plan, 0), plan)
    assert standing(plan).is_complete != needs_all
    for number in (2, 3):
        commands.endorse_plan(member(db, plan, number), plan)
    assert standing(plan).is_complete


def test_who_has_left_the_committee_no_longer_counts(db, make):
    plan = make(state=S.ENDORSED)
    seat = db.scalars(
        sa.select(CommitteeMember).where(CommitteeMember.community_id == plan.community_id)
    ).first()
    seat.left_on, seat.left_reason = clock.today(), "ย้ายออก"
    db.flush()
    after = standing(plan)
    assert (after.signed, len(after.seats), after.needed, after.is_complete) == (3, 6, 4, False)
    with pytest.raises(Invalid):
        commands.submit_plan(member(db, plan, 1), plan)


@pytest.mark.parametrize("seed", range(10))
def test_more_than_half_of_who_is_in_office_on_the_day(db, make, clock, seed):
    """Members sign, leave, come, and the text changes, in any order: what counts are the signatures of those in office
    today under the words of today, and only they let a plan be handed in."""
    chance = random.Random(seed)
    plan = make(size=chance.randint(7, 15))
    leader = accounts.actor_of(db.get_one(Person, plan.created_by))
    signed = set()
    for turn in range(12):
        clock.travel(core_clock.now() + dt.timedelta(hours=3))
        in_office = {
            seat.id: seat
            for seat in db.scalars(
                sa.select(CommitteeMember).where(CommitteeMember.community_id == plan.community_id)
            )
            if seat.left_on is None
        }
        act = chance.choice(["sign", "sign", "sign", "sign", "leave", "write"])
        left = sorted(in_office.keys() - signed)
        if act == "sign" and left:
            commands.endorse_plan(accounts.actor_of(db.get_one(Person, in_office[left[0]].person_id)), plan)
            signed.add(left[0])
        elif act == "leave" and len(in_office) > 3:
            seat = in_office[chance.choice(sorted(in_office))]
            if seat.person_id != leader.id:
                seat.left_on, seat.left_reason = core_clock.today(), "ย้ายออก"
                db.flush()
                del in_office[seat.id]
        elif act == "write":
            commands.write_plan(
                leader,
                plan,
                plan.version_id,
                vision=f"ฉบับที่ {turn}",
                profile=plan.profile,
                analysis=plan.analysis,
            )
            signed = set()
        counted = len(signed & in_office.keys())
        now = standing(plan)
        assert (now.signed, len(now.seats)) == (counted, len(in_office))
        assert now.is_complete == (counted * 2 > len(in_office))
        assert plan.state is not S.ENDORSED or counted or act == "leave"
    if standing(plan).is_complete and plan.state is S.ENDORSED:
        assert commands.submit_plan(leader, plan).number == 1
    else:
        with pytest.raises((Invalid, WrongState)):
            commands.submit_plan(leader, plan)


@pytest.mark.parametrize("lacking", ["forum", "items", "sides", "complete", "rules"])
def test_nothing_is_signed_before_the_check_list_is_met(db, make, lacking):
    if lacking == "forum":
        plan = make(held=0)
    elif lacking == "rules":
        community = places.community()
        accounts.committee(community)
        plan = plans.plan(community, cycles.bare_cycle(places.district()))
    else:
        plan = make(items=0 if lacking == "items" else 1)
    if lacking == "complete":
        plans.item(plan, side=Side.MIND, objective="", lines=0)
    failing = {
        check.key.split("-")[0] for check in queries.checks_of(plan, queries.content_of(plan)) if check.blocks
    }
    expected = {
        "forum": {"forum", "forums"},
        "items": {"items", "sides"},
        "sides": {"sides"},
        "complete": {"item"},
    }
    assert failing == expected.get(lacking, {"forum", "rules"})
    with pytest.raises(Invalid):
        commands.endorse_plan(member(db, plan, 0), plan)


def test_paper_is_entered_by_the_desk_of_the_district(db, make):
    plan = make()
    seats = standing(plan).seats
    desk = accounts.officer(Role.COMMUNITY_DESK, places.district())
    for number in range(3):
        commands.endorse_plan(member(db, plan, number), plan)
    with pytest.raises(WrongState):
        commands.endorse_on_paper(desk, plan, seats[0].member_id, PDF)
    with pytest.raises(NotFound):
        commands.endorse_on_paper(desk, plan, 999_999, PDF)
    with pytest.raises(Invalid):
        commands.endorse_on_paper(desk, plan, seats[4].member_id, (io.BytesIO(b"MZ"), "x.exe"))
    with pytest.raises(NotFound):
        commands.endorse_on_paper(
            accounts.officer(Role.COMMUNITY_DESK, places.district("1001")), plan, seats[4].member_id, PDF
        )
    with pytest.raises(NotAllowed):
        commands.endorse_on_paper(member(db, plan, 0), plan, seats[4].member_id, PDF)
    commands.endorse_on_paper(desk, plan, seats[4].member_id, (io.BytesIO(b"%PDF-1.4"), "signed.pdf"))
    assert plan.state is S.ENDORSED
    paper = db.scalars(sa.select(Endorsement).where(Endorsement.paper_file_id.is_not(None))).one()
    assert (paper.signed_by, paper.entered_by) == (None, desk.id)


def test_an_officer_with_an_interest_steps_aside(db, make):
    plan = make(state=S.SUBMITTED)
    planner = accounts.officer(Role.PLANNER, places.district())
    db.add(
        InterestDeclaration(
            person_id=planner.id,
            community_id=plan.community_id,
            description="บ้านของมารดา",
            declared_at=clock.now(),
        )
    )
    db.flush()
    with pytest.raises(NotAllowed):
        commands.accept_for_screening(planner, plan)
    with pytest.raises(NotAllowed):
        commands.return_plan(planner, plan, {None: "แก้"}, clock.today() + dt.timedelta(days=3))
