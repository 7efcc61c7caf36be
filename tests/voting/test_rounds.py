"""A round is prepared by one, published by another, and then nobody changes it: no command, no statement."""

import datetime as dt
import io
import json

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import DBAPIError

from portal.core import clock, hashing
from portal.core import db as core_db
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Conflict, Invalid, NotAllowed, WrongState
from portal.plans.models import Item, Side
from portal.voting import policy, queries
from portal.voting.commands import cancelling, projects, replacing
from portal.voting.commands import rounds as commands
from portal.voting.models import (
    BallotType,
    Candidate,
    RoundEdition,
    RoundState,
    Rule,
    Stage,
)
from tests.factories import accounts, ballots, places, plans, rounds
from tests.factories import screening as cases


@pytest.fixture
def planner(db):
    return accounts.officer(Role.PLANNER, places.district())


@pytest.fixture
def director(db):
    return accounts.officer(Role.DIRECTOR, places.district())


def test_a_round_is_published_by_a_second_person(db, planner, director):
    made = rounds.draft()
    commands.propose_round(planner, made.id)
    with pytest.raises(NotAllowed):
        rounds.publish(planner, made)
    edition = rounds.publish(director, made)
    assert made.state is RoundState.PUBLISHED
    assert made.edition_sha256 == edition.sha256 == hashing.sha256_hex(edition.body)
    body = json.loads(edition.body)
    assert [one["cost_satang"] for one in body["projects"]] == list(rounds.COSTS)
    assert body["ties"]["commitment"] == hashing.sha256_hex(made.tie_secret)
    assert made.tie_secret not in edition.body


def test_who_publishes_past_the_page_says_what_was_read_too(db, planner, director):
    made = rounds.draft()
    commands.propose_round(planner, made.id)
    db.flush()
    read = made.version_id
    commands.take_back_round(planner, made.id)
    commands.propose_round(planner, made.id)
    with pytest.raises(WrongState):
        commands.publish_round(director, made.id, read=read)
    with pytest.raises(TypeError):
        commands.publish_round(director, made.id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rounds SET envelope_satang = 1",
        "UPDATE rounds SET closes_at = opens_at + 1",
        "UPDATE rounds SET rule = 'greedy'",
        "UPDATE rounds SET state = 'draft'",
        "UPDATE rounds SET edition_sha256 = NULL, tie_commitment = NULL, state = 'draft'",
        "UPDATE rounds SET tie_secret = tie_commitment",
        "DELETE FROM rounds",
        "UPDATE candidates SET cost_satang = 1 WHERE number = 1",
        "DELETE FROM candidates WHERE number = 1",
        "INSERT INTO candidates (round_id, number, name, summary, place, cost_satang, withdrawn_reason)"
        " SELECT id, 9, 'x', '', '', 1, '' FROM rounds",
        "INSERT INTO candidate_conflicts (round_id, first_id, second_id, reason)"
        " SELECT round_id, min(id), max(id), 'x' FROM candidates GROUP BY round_id",
        "UPDATE candidate_conflicts SET reason = 'x'",
        "DELETE FROM candidate_conflicts",
        "INSERT INTO round_caps (round_id, side, most_satang) SELECT id, 'health', 1 FROM rounds",
        "UPDATE round_caps SET most_satang = 1",
        "DELETE FROM round_caps",
        "UPDATE candidates SET withdrawn_reason = 'x', withdrawn_at = (SELECT closes_at FROM rounds)",
        "UPDATE round_editions SET body = '{}'",
        "DELETE FROM round_editions",
        "UPDATE stored_files SET caption = 'x'",
        "UPDATE rounds SET state = 'counted'",
    ],
)
def test_the_database_refuses_every_change_of_a_published_round(db, statement):
    published_whole()
    if "opens_at + 1" in statement and db.get_bind().dialect.name == "postgresql":
        statement = "UPDATE rounds SET closes_at = closes_at + interval '1 day'"
    with pytest.raises(DBAPIError, match=r"frozen|forward|append-only"):
        db.execute(sa.text(statement))


@pytest.mark.postgres_only
@pytest.mark.parametrize(
    "table", ["rounds", "candidates", "candidate_conflicts", "round_caps", "voting_areas", "roll_entries"]
)
def test_a_table_of_rounds_is_not_emptied(db, table):
    published_whole()
    with pytest.raises(DBAPIError, match="not emptied"):
        db.execute(sa.text(f"TRUNCATE {table} CASCADE"))


def test_no_second_edition_for_a_round_that_is_published_or_cancelled(db, director):
    made = rounds.draft()
    cancelling.cancel_round(director, made.id, "ทำใหม่")
    late = RoundEdition(
        round_id=made.id,
        body="{}",
        sha256="0" * 64,
        proposed_by=director.id,
        confirmed_by=made.created_by,
        published_at=clock.now(),
    )
    db.add(late)
    with pytest.raises(DBAPIError, match="frozen"):
        db.flush()


def test_a_sealed_round_takes_no_withdrawal_and_never_opens_again(keys, db):
    made = ballots.open_round()
    for state in ("closed", "counted"):
        db.execute(sa.text("UPDATE rounds SET state = :state"), {"state": state})
        for statement in (
            "UPDATE rounds SET state = 'published'",
            "UPDATE candidates SET withdrawn_reason = 'x', withdrawn_at = (SELECT opens_at FROM rounds) WHERE number = 1",
        ):
            with pytest.raises(DBAPIError, match=r"frozen|forward"), db.begin_nested():
                db.execute(sa.text(statement))
    assert queries.candidates(made.id)[0].withdrawn_at is None


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO roll_entries (round_id, person_key, district_id, source, added_by, added_at, struck_reason)"
        " SELECT id, 'x', district_id, 'list', created_by, created_at, '' FROM rounds",
        "DELETE FROM roll_entries",
        "INSERT INTO voting_areas (round_id, kind, code, name_th, name_en, roll_count)"
        " SELECT id, 'city', 'city', 'x', 'x', 1 FROM rounds",
        "UPDATE voting_areas SET code = 'x'",
        "UPDATE voting_areas SET roll_count = 7",
        "DELETE FROM voting_areas",
        "UPDATE rounds SET roll_count = 7",
        "UPDATE rounds SET roll_locked_at = NULL, roll_count = NULL",
    ],
)
def test_a_locked_roll_takes_nobody_and_its_areas_stay(keys, db, statement):
    ballots.entry(ballots.open_round())
    with pytest.raises(DBAPIError, match=r"locked|forward"):
        db.execute(sa.text(statement))


def published_whole():
    """A published round with a pair, a cap and a picture."""
    planner, second = (accounts.officer(role, places.district()) for role in (Role.PLANNER, Role.DIRECTOR))
    made = rounds.draft()
    one, *_others = queries.candidates(made.id)
    projects.edit_project(
        planner, one.id, name="สวน", summary="", place="", picture=picture(), picture_text="สวนริมคลอง"
    )
    projects.exclude_each_other(planner, made.id, 1, 2, "ที่เดียวกัน")
    core_db.session().execute(sa.update(Candidate).where(Candidate.number == 3).values(side=Side.SOCIAL))
    core_db.session().expire_all()
    projects.set_cap(planner, made.id, Side.SOCIAL, None, 1_000_00)
    commands.propose_round(planner, made.id)
    edition = rounds.publish(second, made)
    core_db.session().flush()
    return json.loads(edition.body)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    out.seek(0)
    return out


def test_the_words_of_a_picture_stand_in_the_edition(db):
    assert [one["picture_text"] for one in published_whole()["projects"]] == ["สวนริมคลอง", "", ""]


def test_no_command_changes_a_published_round(db, planner, director):
    made = rounds.published()
    one = db.scalars(sa.select(Candidate).where(Candidate.round_id == made.id)).first()
    for act in (
        lambda: commands.edit_round(planner, made.id, rounds.data(title="อื่น")),
        lambda: projects.remove_project(planner, one.id),
        lambda: projects.edit_project(planner, one.id, name="อื่น", summary="", place=""),
        lambda: projects.exclude_each_other(planner, made.id, 1, 2, "ที่เดียวกัน"),
        lambda: commands.propose_round(planner, made.id),
        lambda: rounds.publish(director, made),
        lambda: commands.send_back_round(director, made.id, "แก้"),
    ):
        with pytest.raises(WrongState):
            act()


def test_rules_are_published_before_the_opening(db, clock, planner, director):
    clock.travel("2026-11-01 09:00")
    made = rounds.draft()
    commands.propose_round(planner, made.id)
    clock.travel("2026-11-03 09:00")
    with pytest.raises(WrongState):
        rounds.publish(director, made)


def test_a_draft_that_lacks_something_is_not_proposed(db, planner):
    short = rounds.draft(max_choices=9)
    with pytest.raises(Invalid):
        commands.propose_round(planner, short.id)
    late = rounds.draft(cutoff_day=clock.today() + dt.timedelta(days=5))
    assert len(queries.missing(late)) == 1


def test_what_was_typed_is_checked_field_by_field(db, planner):
    with pytest.raises(Invalid) as refused:
        commands.create_round(
            planner,
            places.district().id,
            None,
            rounds.data(
                title=" ", envelope_satang=0, min_choices=3, ballot_type=BallotType.POINTS, tie_source=""
            ),
        )
    assert refused.value.fields.keys() == {
        "title",
        "envelope_satang",
        "min_choices",
        "counting",
        "tie_source",
    }


def test_a_least_support_makes_the_count_by_votes_one_with_a_threshold(db):
    assert rounds.draft(rule=Rule.GREEDY, min_support=10).rule is Rule.GREEDY_THRESHOLD
    assert rounds.draft(rule=Rule.GREEDY_THRESHOLD, min_support=0).rule is Rule.GREEDY


def test_a_withdrawn_project_stays_on_record_until_the_close(db, clock, director):
    clock.travel("2026-11-01 09:00")
    made = rounds.published()
    first, second, _third = db.scalars(sa.select(Candidate).order_by(Candidate.number)).all()
    projects.withdraw_project(director, first.id, "ที่ดินถูกเวนคืน")
    assert [one.withdrawn_reason for one in queries.candidates(made.id)] == ["ที่ดินถูกเวนคืน", "", ""]
    with pytest.raises(WrongState):
        projects.withdraw_project(director, first.id, "อีกครั้ง")
    with pytest.raises(DBAPIError), db.begin_nested():
        db.execute(sa.text("UPDATE candidates SET withdrawn_at = NULL, withdrawn_reason = ''"))
    clock.travel("2026-11-20 09:00")
    with pytest.raises(WrongState):
        projects.withdraw_project(director, second.id, "สายไป")


def test_a_round_is_open_by_its_days_and_only_on_a_locked_roll(db, clock):
    clock.travel("2026-11-01 09:00")
    made = rounds.published()
    stages = []
    for day in (1, 2, 9):
        at = core_at(day)
        stages.append((made.stage(at), made.is_open(at)))
    assert stages == [(Stage.PLANNED, False), (Stage.OPEN, False), (Stage.CLOSED, False)]


def core_at(day):
    return clock.at(dt.date(2026, 11, day), 9, 30)


def test_who_sees_what(db, planner, director):
    elsewhere = accounts.officer(Role.PLANNER, places.district("1047"))
    made = rounds.draft()

    def seen(actor):
        return db.scalar(sa.select(sa.func.count()).select_from(type(made)).where(policy.visible_to(actor)))

    assert [seen(one) for one in (ANONYMOUS, elsewhere, planner, director)] == [0, 0, 1, 1]
    commands.propose_round(planner, made.id)
    assert seen(ANONYMOUS) == 0
    rounds.publish(director, made)
    assert [seen(one) for one in (ANONYMOUS, elsewhere)] == [1, 1]


def test_only_the_citys_officers_prepare_a_vote_of_the_whole_city(db, planner):
    with pytest.raises(NotAllowed):
        commands.create_round(planner, None, None, rounds.data())
    city = accounts.officer(Role.STRATEGY, None)
    assert commands.create_round(city, None, None, rounds.data()).district_id is None


def test_on_a_ballot_of_the_city_stand_items_of_every_district_of_the_year(db):
    own, other = (plans.plan(places.community(places.district(code))) for code in ("1002", "1004"))
    for plan in (own, other):
        cases.decided(db.scalars(sa.select(Item).where(Item.plan_id == plan.id)).unique().first())
    officer = accounts.officer(Role.STRATEGY, None)
    (year,) = queries.years_of_the_city()
    made = commands.create_round(officer, None, year.id, rounds.data())
    assert [one.id for one in queries.cycles_voted_on(made)] == [own.cycle_id, other.cycle_id]
    for plan in (own, other):
        (left,) = queries.accepted_left(made, plan.cycle_id)
        projects.add_items(officer, made.id, [left.item_id])
        assert queries.accepted_left(made, plan.cycle_id) == []
    assert [one.community_id for one in queries.candidates(made.id)] == [own.community_id, other.community_id]
    assert [one.district_en for one in queries.candidates(made.id)] == ["Dusit", "Bang Rak"]
    of_district = commands.create_round(
        accounts.officer(Role.PLANNER, places.district()), 1002, own.cycle_id, rounds.data()
    )
    assert [one.id for one in queries.cycles_voted_on(of_district)] == [own.cycle_id]


def test_what_is_open_stands_before_what_is_to_come_and_both_before_the_rest(db, clock):
    clock.travel("2026-11-01 09:00")
    soon = {
        name: dt.datetime(2026, 12, day, tzinfo=dt.UTC) for name, day in (("opens_at", 2), ("closes_at", 8))
    }
    first, second = rounds.published(), rounds.published(**soon)
    assert [row.id for row in queries.rounds().rows] == [first.id, second.id]
    clock.travel("2026-11-03 09:00")
    assert [row.id for row in queries.rounds().rows] == [first.id, second.id]
    start = queries.rounds(size=1)
    assert [row.id for row in queries.rounds(cursor=start.next_cursor).rows] == [second.id]
    clock.travel("2026-12-03 09:00")
    assert [row.id for row in queries.rounds().rows] == [second.id, first.id]


def test_of_those_to_come_the_soonest_stands_first_and_of_the_rest_the_newest(db, clock):
    """Whichever was written down first."""
    clock.travel("2026-11-01 09:00")
    days = {
        month: {
            name: dt.datetime(2026, month, day, tzinfo=dt.UTC)
            for name, day in (("opens_at", 9), ("closes_at", 12))
        }
        for month in (11, 12)
    }
    later, sooner = rounds.published(**days[12]), rounds.published(**days[11])
    assert [row.id for row in queries.rounds().rows] == [sooner.id, later.id]
    clock.travel("2026-12-20 09:00")
    assert [row.id for row in queries.rounds().rows] == [later.id, sooner.id]
    start = queries.rounds(size=1)
    assert [row.id for row in queries.rounds(cursor=start.next_cursor).rows] == [sooner.id]
    officer = accounts.officer(Role.PLANNER, places.district())
    assert [row.id for row in queries.desk(officer)] == [later.id, sooner.id]


def test_a_cancelled_round_says_why_and_stays_readable(db, director):
    made = rounds.published()
    with pytest.raises(Invalid):
        cancelling.cancel_round(director, made.id, " ")
    cancelling.cancel_round(director, made.id, "พบข้อผิดพลาดในรายการโครงการ")
    assert made.stage(clock.now()) is Stage.CANCELLED
    assert queries.round_visible(ANONYMOUS, made.id).cancel_reason == "พบข้อผิดพลาดในรายการโครงการ"


def test_a_cancelled_round_is_replaced_once_by_one_that_takes_over_its_projects(db, planner, director):
    old = rounds.published()
    with pytest.raises(WrongState):
        replacing.replace_round(planner, old.id, rounds.data())
    cancelling.cancel_round(director, old.id, "พบข้อผิดพลาดในรายการโครงการ")
    made = replacing.replace_round(planner, old.id, rounds.data())
    assert (made.replaces_id, made.district_id, made.cycle_id) == (old.id, old.district_id, old.cycle_id)
    told = [[(one.name, one.item_id) for one in queries.candidates(which.id)] for which in (old, made)]
    assert told[0] == told[1] != []
    assert queries.successor(ANONYMOUS, old.id) is None
    assert queries.successor(planner, old.id).id == made.id
    with pytest.raises(Conflict):
        replacing.replace_round(planner, old.id, rounds.data())
