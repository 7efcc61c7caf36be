"""Many at once: confirmed by the second person, released at a set time, called off before it."""

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from portal.core import clock, thai
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.cycles.models import PhaseKind
from portal.places.models import Community
from portal.plans import commands as plan_commands
from portal.plans import queries as plan_queries
from portal.plans.models import Item, PlanState
from portal.screening import commands, queries
from portal.screening.models import Answer, CaseState, Outcome
from tests.factories import accounts, cycles, places, plans, strategy

S = CaseState


@pytest.fixture
def proposed(desk):
    cases = [desk.case(item=number) for number in (0, 1)]
    for case in cases:
        desk.proposed(case)
    return cases


def versions(cases):
    return {case.id: case.version_id for case in cases}


def test_the_second_person_confirms_several(desk, proposed):
    assert {row.case_id for row in queries.proposals(desk.director, desk.district.id, desk.cycle.id)} == {
        case.id for case in proposed
    }
    assert not queries.proposals(desk.planner, desk.district.id, desk.cycle.id)
    assert commands.confirm_decisions(desk.director, versions(proposed)) == 2
    assert {case.state for case in proposed} == {S.CONFIRMED}


def test_none_and_ones_own_and_moved_ones_are_refused(desk, proposed):
    with pytest.raises(Invalid):
        commands.confirm_decisions(desk.director, {})
    with pytest.raises(NotAllowed):
        commands.confirm_decisions(desk.planner, versions(proposed))
    seen = versions(proposed)
    commands.send_back_decision(desk.director, proposed[1], "ขาดเอกสาร")
    with pytest.raises((Conflict, WrongState)):
        commands.confirm_decisions(desk.director, seen)


def test_a_set_release_is_hidden_until_then_and_can_be_called_off(desk, proposed):
    commands.confirm_decisions(desk.director, versions(proposed))
    at = clock.now() + dt.timedelta(days=2)
    ids = [case.id for case in proposed]
    commands.release_decisions(desk.director, desk.cycle.id, ids, at)
    items = [case.item_id for case in proposed]
    assert [row.case_id for row in queries.set_releases(desk.cycle.id)] == ids
    assert not queries.released_outcomes(items)
    with pytest.raises(Invalid):
        commands.call_off_release(desk.director, desk.cycle.id, at, " ")
    commands.call_off_release(desk.director, desk.cycle.id, at, "รอตรวจแผนที่")
    with clock.travel(at + dt.timedelta(minutes=1)):
        assert not queries.released_outcomes(items)
        with pytest.raises(WrongState):
            commands.call_off_release(desk.director, desk.cycle.id, at, "ช้าไป")
    commands.release_decisions(desk.director, desk.cycle.id, ids, at)
    with clock.travel(at):
        assert len(queries.released_outcomes(items)) == 2
        with pytest.raises(WrongState):
            commands.call_off_release(desk.director, desk.cycle.id, at, "ช้าไป")


def test_it_is_told_who_may_answer_an_appeal(desk):
    case = desk.case()
    desk.released(case)
    commands.file_appeal(desk.leader, case, "มีเอกสารเพิ่ม")
    told = dict(queries.appeal_screeners(queries.docket(desk.planner2, case.id)))
    assert told[desk.planner.name] == "part"
    assert told[desk.planner2.name] == ""


def test_a_line_of_a_strategy_tells_what_else_serves_it(desk):
    strategy.seeded()
    one, two = desk.case(), desk.case(item=1)
    lines, _more = queries.nodes_to_choose(queries.docket(desk.planner, one.id), "city", "")
    commands.choose_node(desk.planner, one, "city", lines[0].id)
    lines, _more = queries.nodes_to_choose(queries.docket(desk.planner, two.id), "city", "")
    assert lines[0].serving == 1


def test_what_is_like_it_says_why(desk):
    other = plans.item(desk.plan, title=f"{desk.items[0].title} ระยะที่สอง")
    docket = queries.docket(desk.planner, desk.case().id)
    like = queries.similar_items(docket, queries.bench(docket), actor=desk.planner)
    assert other.id in {one.row.item_id for one in like}
    assert all(one.words for one in like)


def test_the_words_that_are_the_same_stand_as_they_are_spelt(desk):
    other = plans.item(desk.plan, title="ปรับปรุงศูนย์เด็กเล็ก")
    docket = queries.docket(desk.planner, desk.case().id)
    found = dataclasses.replace(queries.bench(docket), tokens=thai.tokens("ซ่อมหน้าศูนย์เด็กเล็ก"))
    like = queries.similar_items(docket, found, actor=desk.planner)
    (words,) = (one.words for one in like if one.row.item_id == other.id)
    assert words == ("ศูนย์เด็กเล็ก",)


def test_what_was_taken_back_with_its_plan_is_like_nothing_and_costs_nothing(desk, db):
    docket = queries.docket(desk.planner, desk.case().id)
    title = desk.items[0].title
    theirs = plans.plan(places.community(name="ชุมชนข้างเคียง"), desk.cycle, items=0)
    item = plans.item(theirs, title=f"{title} ระยะที่สอง")
    plans.sign(theirs)
    plans.hand_in(theirs, accounts.leader(db.get_one(Community, theirs.community_id)))

    def like():
        return {one.row.item_id for one in queries.similar_items(docket, queries.bench(docket))}

    def priced():
        prices = queries.reference_prices(docket, queries.bench(docket)).values()
        return {row.item_id for price in prices for row in price.sources}

    assert item.id in like() & priced()
    assert queries.is_merge_target(docket, item.id)
    theirs.state = PlanState.WITHDRAWN
    db.flush()
    assert item.id not in like() | priced()
    assert not queries.is_merge_target(docket, item.id)


def test_what_was_never_handed_in_is_like_nothing_and_costs_nothing(desk, db):
    docket = queries.docket(desk.planner, desk.case().id)
    theirs = plans.plan(places.community(name="ชุมชนข้างเคียง"), desk.cycle, PlanState.RETURNED)
    kept = db.scalars(sa.select(Item).where(Item.plan_id == theirs.id)).first()
    as_handed_in, kept.title = kept.kept_title, "ชื่อใหม่ที่ยังไม่มีใครเห็น"
    later = clock.now() + dt.timedelta(hours=1)
    added = plans.item(theirs, title=f"{desk.items[0].title} ระยะที่สอง", created_at=later)

    prices = queries.reference_prices(docket, queries.bench(docket)).values()
    sources = {row.item_id: row.title for price in prices for row in price.sources}
    assert sources[kept.id] == as_handed_in
    assert added.id not in sources
    like = queries.similar_items(docket, queries.bench(docket), actor=desk.planner)
    assert added.id not in {one.row.item_id for one in like}
    assert queries.is_merge_target(docket, kept.id)
    assert not queries.is_merge_target(docket, added.id)
    assert (queries.title_of(kept.id), queries.title_of(added.id)) == (as_handed_in, None)


def test_one_decision_goes_to_several_items_each_with_its_card(desk):
    cases = [desk.case(item=number) for number in (0, 1)]
    desk.fill_card(cases[0])
    desk.fill_card(cases[1], group="formal")
    rejected = desk.data(outcome=Outcome.REJECT, reason_code="not_mission", accepted_satang=None)
    with pytest.raises(commands.Stopped) as stopped:
        commands.propose_decisions(desk.planner, versions(cases), rejected)
    assert set(stopped.value.rows) == {cases[1].id}
    assert {case.state for case in cases} == {S.MERIT_CHECK, S.FORMAL_CHECK}
    commands.finish_formal(desk.planner, cases[1])
    merit = [one.key for one in queries.criteria_of(cases[1].edition_id).criteria if one.group == "merit"]
    commands.answer_card(desk.planner, cases[1], dict.fromkeys(merit, (Answer.MET, "")))
    assert commands.propose_decisions(desk.planner, versions(cases), rejected) == 2
    assert {case.state for case in cases} == {S.PROPOSED}
    with pytest.raises(NotAllowed):
        commands.confirm_decisions(desk.planner, versions(cases))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": Outcome.ACCEPT_CHANGED, "changes": "ลด"}, "outcome"),
        ({"outcome": Outcome.DEFER}, "defer_to_year"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_wrong_with_the_shared_decision_itself_is_said_once(desk, given, field):
    case = desk.case()
    with pytest.raises(Invalid) as refused:
        commands.propose_decisions(desk.planner, versions([case]), desk.data(reason_code="other", **given))
    assert field in refused.value.fields
    with pytest.raises(Invalid):
        commands.propose_decisions(desk.planner, {}, desk.data())
    with pytest.raises(NotFound):
        commands.propose_decisions(desk.elsewhere, versions([case]), desk.data())


def written_anew(leader, item):
    """The community writes another price, another problem and another place."""
    said = plan_queries.item_data(item)
    lines = tuple(dataclasses.replace(line, unit_price_satang=777_777_00) for line in said.lines)
    changed = dataclasses.replace(said, lines=lines, problem="ยังไม่ส่ง", place="ที่ใหม่", beneficiaries=9)
    plan_commands.write_item(leader, item, item.version_id, changed)


def beside(desk, case, item):
    """What the desk shows of an item beside a case: what is like it (None when it is not), and the prices it gives."""
    docket = queries.docket(desk.planner, case.id)
    found = queries.bench(docket)
    like = [one.row for one in queries.similar_items(docket, found) if one.row.item_id == item.id]
    prices = queries.reference_prices(docket, found).values()
    sources = [row.unit_price_satang for price in prices for row in price.sources if row.item_id == item.id]
    return like[0] if like else None, sources


@pytest.mark.parametrize("code", ["1001", "1002"])
def test_a_plan_sent_back_gives_no_price_that_was_not_handed_in(desk, db, code):
    of = places.district(code)
    cycle = desk.cycle if of.id == desk.district.id else cycles.cycle(of, open=PhaseKind.SCREENING)
    theirs = plans.plan(places.community(of, "ชุมชนข้างเคียง"), cycle, PlanState.RETURNED, items=1)
    (item,) = plan_queries.items_of(theirs.id)
    leader = accounts.leader(db.get_one(Community, theirs.community_id))
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        written_anew(leader, item)
    like, sources = beside(desk, desk.case(), item)
    assert sources == []
    if of.id == desk.district.id:
        assert like.is_being_changed
        assert (like.asked_satang, like.title) == (item.kept_satang, item.kept_title)
        assert [like.place, like.problem, like.proposal, like.beneficiaries] == [None] * 4


def test_an_item_asked_to_be_corrected_is_compared_as_it_was_handed_in(desk):
    item = desk.items[1]
    case = desk.case(item=1)
    desk.fill_card(case, group="formal", complete=Answer.NOT_MET)
    handed_in = (item.kept_satang, item.problem)
    due = clock.today() + dt.timedelta(days=14)
    commands.ask_correction(desk.planner, case, "ขอใบเสนอราคา", due)
    first = desk.case()
    like, sources = beside(desk, first, item)
    assert (like.asked_satang, like.problem, bool(sources)) == (*handed_in, True)
    written_anew(desk.leader, item)
    like, sources = beside(desk, first, item)
    assert (like.asked_satang, like.problem, sources) == (handed_in[0], None, [])
    commands.answer_correction(desk.leader, case, "แก้แล้ว")
    like, sources = beside(desk, first, item)
    assert (like.asked_satang, like.problem, set(sources)) == (item.budget_satang, "ยังไม่ส่ง", {777_777_00})
