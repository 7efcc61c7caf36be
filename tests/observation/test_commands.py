"""Places, the waiting list, attendance, reports, answers."""

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import DatabaseError

from portal.accounts.models import Person
from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core import storage
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.storage import StoredFile
from portal.notifications.models import Follow, Notice
from portal.observation import commands, queries
from portal.observation.commands import Finding, Photo, ReportData
from portal.observation.doors import Door
from portal.observation.models import Grade, Signup, SignupState
from portal.observation.policy import Closed
from portal.observation.workflow import SIGNUPS
from portal.procurement.models import ProcessState, Step, StepKind
from tests.factories import accounts, observation, places, procurement

S = SignupState
DOOR = Door("a secret of these tests")


def ask(actor, step):
    return commands.sign_up(actor, step.id, has_no_interest=True)


def someone():
    return accounts.actor_of(accounts.person())


def heard(db, person_id):
    return db.scalars(sa.select(Notice.event).where(Notice.person_id == person_id)).all()


# -- places ---------------------------------------------------------------------------------------------------------


def test_places_go_to_whoever_comes_first_and_the_rest_wait(step):
    assert [ask(someone(), step).state for _ in range(4)] == [S.ASKED, S.ASKED, S.WAITING, S.WAITING]


def test_asking_twice_is_asking_once(step, resident, db):
    assert ask(resident, step) is ask(resident, step)
    assert db.scalar(sa.select(sa.func.count()).select_from(Signup)) == 1


def test_whoever_asks_hears_of_the_process_and_so_does_the_office(step, process, resident, officer, db):
    ask(resident, step)
    assert db.scalar(sa.select(Follow.topic_id).where(Follow.person_id == resident.id)) == process.topic_id
    assert heard(db, officer.id) == ["observation.asked"]


def test_the_declaration_is_needed(step, resident):
    with pytest.raises(Invalid) as refused:
        commands.sign_up(resident, step.id, has_no_interest=False)
    assert "has_no_interest" in refused.value.fields


def test_giving_up_lets_the_first_of_the_line_move_up(step, db):
    first, _second, third, _fourth = (ask(someone(), step) for _ in range(4))
    commands.cancel_signup(accounts.queries.actor_of_person(first.person_id), first)
    states = db.scalars(sa.select(Signup.state).order_by(Signup.id)).all()
    assert states == [S.CANCELLED, S.ASKED, S.ASKED, S.WAITING]
    assert heard(db, third.person_id) == ["observation.moved_up"]


def test_who_gave_up_asks_again_at_the_end_of_the_line(step, resident, db, clock):
    own = ask(resident, step)
    others = [ask(someone(), step) for _ in range(2)]
    commands.cancel_signup(resident, own)
    clock.travel("2026-11-26 09:00")
    again = ask(resident, step)
    assert again.id == own.id
    assert (again.state, others[1].state) == (S.WAITING, S.ASKED)


def test_declining_lets_the_line_move_up(step, officer, db):
    first, _second, third = (ask(someone(), step) for _ in range(3))
    with pytest.raises(Invalid):
        commands.decline_signup(officer, first, " ")
    commands.decline_signup(officer, first, "มีส่วนได้เสีย")
    assert (first.state, third.state) == (S.DECLINED, S.ASKED)
    assert heard(db, first.person_id) == ["observation.declined"]


def test_more_places_are_for_those_who_waited(step, db):
    for _ in range(3):
        ask(someone(), step)
    step.observer_places = 4
    newest = ask(someone(), step)
    assert newest.state is S.ASKED
    assert db.scalar(sa.select(sa.func.count()).where(Signup.state == S.WAITING)) == 0


CLOSED = {
    "no day": {"planned_on": None, "meets_at": None},
    "over": {"planned_on": dt.date(2026, 11, 24), "meets_at": None},
    "begun": {"meets_at": dt.datetime(2026, 11, 25, 1, 59, tzinfo=dt.UTC)},
    "closed to observers": {"is_open_to_observers": False},
    "left out": {"is_skipped": True, "note": "ไม่มีขั้นตอนนี้"},
}


@pytest.mark.parametrize("why", CLOSED)
def test_a_step_that_takes_nobody(step, resident, db, why):
    for name, value in CLOSED[why].items():
        setattr(step, name, value)
    db.flush()
    with pytest.raises(WrongState):
        ask(resident, step)


def test_a_step_that_is_done_takes_nobody(step, process, resident):
    procurement.step_done(process, step.kind)
    with pytest.raises(WrongState):
        ask(resident, step)


def test_a_cancelled_process_takes_nobody(step, process, resident):
    process.state, process.cancel_reason = ProcessState.CANCELLED, "ไม่มีงบประมาณ"
    process.ended_on = process.created_at.date()
    with pytest.raises(WrongState):
        ask(resident, step)


def test_who_may_ask(step, officer):
    for actor in (officer, accounts.officer(Role.PROCUREMENT), ANONYMOUS):
        with pytest.raises(NotAllowed):
            ask(actor, step)
    elsewhere = accounts.officer(Role.PROCUREMENT, places.district("1001"))
    assert ask(elsewhere, step).state is S.ASKED
    with pytest.raises(NotFound):
        commands.sign_up(officer, 999, has_no_interest=True)


# -- every state, every move ----------------------------------------------------------------------------------------

MOVES = {
    "confirm": ({S.ASKED}, S.CONFIRMED),
    "decline": ({S.ASKED, S.WAITING}, S.DECLINED),
    "cancel": ({S.ASKED, S.WAITING, S.CONFIRMED}, S.CANCELLED),
    "arrive": ({S.CONFIRMED}, S.ATTENDED),
    "attend": ({S.CONFIRMED, S.ABSENT}, S.ATTENDED),
    "miss": ({S.CONFIRMED, S.ATTENDED}, S.ABSENT),
}


def act(move, actor, signup):
    match move:
        case "confirm":
            commands.confirm_signup(actor, signup)
        case "decline":
            commands.decline_signup(actor, signup, "ไม่มีที่นั่ง")
        case "cancel":
            commands.cancel_signup(actor, signup)
        case "arrive":
            step = core_db.session().get_one(Step, signup.step_id)
            code = DOOR.sign(step.id, step.meets_at, core_clock.now())
            commands.check_in(actor, step.id, code, DOOR)
        case "attend" | "miss":
            commands.record_attendance(actor, signup, is_present=move == "attend")


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", list(SignupState))
def test_every_state_and_every_move(step, officer, clock, move, state):
    assert MOVES.keys() == SIGNUPS.moves.keys()
    person = accounts.person()
    signup = observation.signup(step, person, state)
    actor = accounts.actor_of(person) if move in ("cancel", "arrive") else officer
    if move in ("attend", "miss", "arrive"):
        clock.travel("2026-12-15 10:00")
    sources, target = MOVES[move]
    if state in sources or (move == "arrive" and state is S.ATTENDED):
        act(move, actor, signup)
        assert signup.state is target
    else:
        with pytest.raises(WrongState):
            act(move, actor, signup)


ACTORS = {
    "officer": lambda: accounts.officer(Role.PROCUREMENT, places.district()),
    "officer of the city": lambda: accounts.officer(Role.PROCUREMENT),
    "officer elsewhere": lambda: accounts.officer(Role.PROCUREMENT, places.district("1001")),
    "director": lambda: accounts.officer(Role.DIRECTOR, places.district()),
    "another resident": someone,
    "visitor": lambda: ANONYMOUS,
}


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("move", ["confirm", "decline", "cancel", "attend"])
def test_who_makes_which_move(step, clock, who, move):
    signup = observation.signup(step, state=S.CONFIRMED if move == "attend" else S.ASKED)
    if move == "attend":
        clock.travel("2026-12-15 10:00")
    actor = ACTORS[who]()
    if who in ("officer", "officer of the city") and move != "cancel":
        act(move, actor, signup)
        return
    with pytest.raises(NotAllowed):
        act(move, actor, signup)


def test_nobody_confirms_themselves(step):
    person = accounts.person()
    signup = observation.signup(step, person)
    accounts.grant(person, Role.PROCUREMENT, places.district())
    with pytest.raises(NotAllowed):
        commands.confirm_signup(accounts.actor_of(person), signup)


def test_a_place_is_confirmed_with_time_and_place(step, officer, resident, db):
    signup = ask(resident, step)
    step.place = ""
    with pytest.raises(WrongState):
        commands.confirm_signup(officer, signup)
    step.place = "ห้องประชุมชั้น ๒"
    commands.confirm_signup(officer, signup)
    assert (signup.decided_by, signup.state) == (officer.id, S.CONFIRMED)
    assert "observation.confirmed" in heard(db, resident.id)


def test_no_more_places_are_given_than_there_are(step, officer):
    signups = [ask(someone(), step) for _ in range(2)]
    commands.confirm_signup(officer, signups[0])
    step.observer_places = 1
    with pytest.raises(WrongState):
        commands.confirm_signup(officer, signups[1])


def test_attendance_waits_for_the_meeting(step, officer, clock):
    signup = observation.signup(step, state=S.CONFIRMED)
    clock.travel("2026-12-15 08:59")
    with pytest.raises(WrongState):
        commands.record_attendance(officer, signup, is_present=True)
    clock.travel("2026-12-15 09:59")
    with pytest.raises(WrongState):
        commands.record_attendance(officer, signup, is_present=False)
    commands.record_attendance(officer, signup, is_present=True)


# -- reports --------------------------------------------------------------------------------------------------------


@pytest.fixture
def attended(step, resident, db):
    return observation.signup(step, db.get_one(Person, resident.id), S.ATTENDED)


def with_place():
    picture = Image.new("RGB", (60, 40), "red")
    exif = Image.Exif()
    exif[0x010E] = "a secret of the camera"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    out.seek(0)
    return Photo(out, "ซอง.jpg")


def test_a_report_is_kept_and_a_concern_is_due(attended, resident, officer, db, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_root", tmp_path)
    data = ReportData(
        "ตรวจรับต่อหน้าทุกคน",
        [
            Finding(Grade.NO_CONCERN, "จำนวนครบ"),
            Finding(Grade.CONCERN, "สามหลังผ้าใบขาด"),
            Finding(Grade.QUESTION, "ใครเก็บกุญแจ"),
        ],
        photos=[with_place()],
    )
    report = commands.write_report(resident, attended, data)
    assert report.grade is Grade.CONCERN
    assert report.answer_due_on == dt.date(2026, 12, 18)  # fifteen working days, two holidays among them
    assert report.sha256 == queries.fingerprint(report)
    assert heard(db, officer.id) == ["observation.reported"]
    photo = db.scalars(sa.select(StoredFile)).one()
    with Image.open(storage.path_of(photo.sha256)) as kept:
        assert not kept.getexif()
    assert queries.FILE_GUARDS["observer_signup"](ANONYMOUS, attended.id, photo.sha256)


def test_a_report_without_concern_needs_no_answer(attended, resident):
    report = commands.write_report(resident, attended, ReportData("เรียบร้อยดี"))
    assert report.answer_due_on is None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (ReportData(" "), "seen"),
        (ReportData("เห็น", [Finding(Grade.QUESTION, " ")]), "findings"),
        (ReportData("เห็น", photos=[Photo(io.BytesIO(b"x"), "a.gif")] * 7), "photos"),
        (ReportData("เห็น", photos=[Photo(io.BytesIO(b"MZ"), "a.exe")]), "photos"),
    ],
)
def test_what_a_report_needs(attended, resident, data, field):
    with pytest.raises(Invalid) as refused:
        commands.write_report(resident, attended, data)
    assert field in refused.value.fields


def test_one_report_by_the_observer_who_was_there(attended, resident, officer, step):
    data = ReportData("เรียบร้อยดี")
    for actor in (officer, someone(), ANONYMOUS):
        with pytest.raises(NotAllowed):
            commands.write_report(actor, attended, data)
    commands.write_report(resident, attended, data)
    with pytest.raises(commands.ReportedMeanwhile):
        commands.write_report(resident, attended, data)
    with pytest.raises(WrongState):
        commands.record_attendance(officer, attended, is_present=False)


@pytest.mark.parametrize("state", sorted(set(SignupState) - {S.ATTENDED}))
def test_who_was_not_there_does_not_report(step, state):
    person = accounts.person()
    signup = observation.signup(step, person, state)
    with pytest.raises(WrongState):
        commands.write_report(accounts.actor_of(person), signup, ReportData("เห็น"))


@pytest.mark.parametrize("closed", list(Closed))
def test_who_reads_the_words_of_a_report(step, process, resident, officer, db, closed):
    if closed is Closed.SEALED:
        step = procurement.step_planned(process, StepKind.EVALUATION, dt.date(2026, 12, 15))
    came = observation.signup(step, db.get_one(Person, resident.id), S.ATTENDED)
    photo = "a" * 64
    report = observation.report(came, Grade.CONCERN, is_public=closed is Closed.SEALED, photos=[photo])
    elsewhere = accounts.officer(Role.PROCUREMENT, places.district("1001"))
    for actor, may in (
        (resident, True),
        (officer, True),
        (elsewhere, False),
        (someone(), False),
        (ANONYMOUS, False),
    ):
        [told] = queries.reports_of_process(actor, process.id)
        assert told.closed == (None if may else closed)
        assert bool(told.seen) is bool(told.observer) is bool(told.findings) is may
        assert told.grade is Grade.CONCERN
        assert queries.FILE_GUARDS["observer_signup"](actor, report.signup_id, photo) is may


def test_the_office_answers_once(attended, resident, officer, db):
    report = observation.report(attended, Grade.QUESTION)
    for actor in (resident, accounts.officer(Role.PROCUREMENT, places.district("1001")), ANONYMOUS):
        with pytest.raises(NotAllowed):
            commands.answer_report(actor, report.id, "คำตอบ")
    with pytest.raises(Invalid):
        commands.answer_report(officer, report.id, " ")
    commands.answer_report(officer, report.id, "มีผู้ซื้อเอกสารสามราย")
    with pytest.raises(WrongState):
        commands.answer_report(officer, report.id, "อีกครั้ง")
    assert heard(db, resident.id) == ["observation.answered"]
    with pytest.raises(NotFound):
        commands.answer_report(officer, 999, "คำตอบ")


@pytest.mark.parametrize("table", ["observer_reports", "observer_report_answers"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_reports_and_answers_are_never_changed(attended, db, table, statement):
    observation.answer(observation.report(attended, Grade.QUESTION))
    with pytest.raises(DatabaseError), db.begin_nested():
        db.execute(sa.text(statement.format(table)))


def test_the_desk_shows_what_waits(step, attended, officer, clock):
    asked = observation.signup(step)
    confirmed = observation.signup(step, state=S.CONFIRMED)
    report = observation.report(attended, Grade.CONCERN)
    assert [row.id for row in queries.desk(officer, "confirm").rows] == [asked.id]
    assert queries.desk(officer, "attendance").rows == []
    assert [row.id for row in queries.desk_reports(officer).rows] == [report.id]
    assert queries.desk_reports(officer, overdue=True).rows == []
    clock.travel("2026-12-15 11:00")
    assert [row.id for row in queries.desk(officer, "attendance").rows] == [confirmed.id]
    assert [row.id for row in queries.desk_reports(officer, overdue=True).rows] == [report.id]
    elsewhere = accounts.officer(Role.PROCUREMENT, places.district("1001"))
    assert queries.desk(elsewhere, "confirm").rows == []
    assert queries.desk_reports(elsewhere).rows == []
