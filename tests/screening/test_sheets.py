"""The desk's workbook: out, filled in, compared, written whole or not at all."""

import pytest
import sqlalchemy as sa

from portal.accounts.models import InterestDeclaration
from portal.core import clock, jobs
from portal.core import db as core_db
from portal.core.actor import ANONYMOUS
from portal.core.errors import NotFound, WrongState
from portal.core.ledger import LedgerEntry
from portal.screening import commands, queries
from portal.screening.commands.sheets import APPLY, COMPARE
from portal.screening.models import Answer, CaseState, Decision, Outcome, Sheet
from tests.factories import strategy
from tests.screening.conftest import REASON, furnish
from tests.screening.workbooks import Workbook

S = CaseState


@pytest.fixture
def place(transaction):
    """A desk with three waiting cases, committed."""
    with transaction():
        desk = furnish(items=3)
        strategy.seeded()
        desk.cases = [desk.case(item=number).id for number in range(3)]
    return desk


@pytest.fixture
def workbook(place, transaction):
    return Workbook(place, transaction)


def state_of(case_id):
    return queries.docket(ANONYMOUS, case_id).state


def test_an_untouched_workbook_changes_nothing(place, workbook):
    _sheet, told = workbook.send()
    assert told["counts"] == {"same": 3, "change": 0, "conflict": 0, "problem": 0}


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_filled_workbook_is_written_as_proposals(place, transaction, lang):
    book = Workbook(place, transaction, lang)
    book.accept(0).card(1, group="formal")
    sheet_id, told = book.send()
    assert told["counts"] == {"same": 1, "change": 2, "conflict": 0, "problem": 0}, told["problems"]
    assert (told["proposals"], told["lang"]) == (1, lang)
    with transaction("read"):
        assert state_of(place.cases[0]) is S.WAITING
    assert book.write(sheet_id) == {"written": 2, "moved": 0}
    with transaction("read"):
        assert [state_of(one) for one in place.cases] == [S.PROPOSED, S.FORMAL_CHECK, S.WAITING]
        proposal = queries.decision_waiting(place.cases[0])
        assert (proposal.outcome, proposal.accepted_satang, proposal.reason) == (
            Outcome.ACCEPT,
            100000,
            REASON,
        )
        assert proposal.proposed_by == place.planner.id
        assert proposal.confirmed_by is None
        events = list(
            core_db.session().scalars(
                sa.select(LedgerEntry.event)
                .where(LedgerEntry.subject_kind == "screening_case", LedgerEntry.subject_id == place.cases[0])
                .order_by(LedgerEntry.id)
            )
        )
    assert events[0] == "screening.card_answered"
    assert events[-2:] == ["screening.formal_finished", "screening.proposed"]


def test_the_same_file_is_written_once(place, workbook, transaction):
    workbook.accept(0)
    content = workbook.bytes()
    sheet_id, _told = workbook.send(content=content)
    workbook.write(sheet_id)
    again, _told = workbook.send(content=content)
    assert again == sheet_id
    with transaction(), pytest.raises(WrongState):
        commands.apply_sheet(place.planner, sheet_id, [])
    # Saved anew, the file is another one, but the portal already says what stands in it.
    workbook.book.properties.title = "อีกครั้ง"
    other, told = workbook.send()
    assert other != sheet_id
    assert told["counts"]["same"] == 3
    with transaction("read"):
        assert core_db.session().scalar(sa.select(sa.func.count()).select_from(Decision)) == 1


def test_mistakes_are_told_by_row_and_column_and_nothing_is_written(place, workbook, transaction):
    workbook.accept(0)
    workbook.fill(1, answer_complete="ไม่รู้")
    workbook.card(2, answer="not_met")
    sheet_id, told = workbook.send()
    assert told["counts"] == {"same": 0, "change": 1, "conflict": 0, "problem": 2}
    rows = {(one["row"], one["column"]) for one in told["problems"]}
    assert (workbook.row(1), workbook.layout.title("answer.complete")) in rows
    assert (workbook.row(2), workbook.layout.title("reason.complete")) in rows
    assert all(one["message"] for one in told["problems"])
    with transaction(), pytest.raises(WrongState):
        commands.apply_sheet(place.planner, sheet_id, [])
    with transaction("read"):
        assert state_of(place.cases[0]) is S.WAITING


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ({"outcome": None}, "outcome"),
        ({"reason": None}, "reason"),
        ({"reason_code": "own_means"}, "reason_code"),
        ({"accepted_satang": 999_999_999}, "accepted_satang"),
        ({"agency": "สำนักการโยธา"}, "agency"),
        (
            {"outcome": "merge_with", "accepted_satang": None, "merge_into_item_id": 999999},
            "merge_into_item_id",
        ),
        ({"answer_land": "not_met", "because_land": REASON}, "outcome"),
    ],
)
def test_a_decision_needs_what_it_needs_on_the_page(place, workbook, typed, column):
    labels = {
        key: workbook.label(key.replace("answer_", "answer."), value) if isinstance(value, str) else value
        for key, value in typed.items()
    }
    workbook.accept(0, **labels)
    for key, value in typed.items():
        if value is None:
            title = workbook.layout.title(key)
            workbook.page.cell(workbook.row(0), workbook.heads[title]).value = None
    _sheet, told = workbook.send()
    assert workbook.layout.title(column) in {one["column"] for one in told["problems"]}


def test_merit_waits_for_the_formal_check(place, workbook):
    workbook.card(0, group="merit")
    _sheet, told = workbook.send()
    assert told["counts"]["problem"] == 1
    assert {one["row"] for one in told["problems"]} == {workbook.row(0)}


def test_a_row_twice_a_strange_row_and_a_closed_card_are_mistakes(place, workbook, transaction):
    key = workbook.heads["case_id"]
    workbook.page.cell(workbook.row(1), key, place.cases[0])
    workbook.page.cell(workbook.row(2), key, 987654)
    _sheet, told = workbook.send()
    assert {one["row"] for one in told["problems"]} == {workbook.row(1), workbook.row(2)}
    with transaction():
        place.proposed(queries.docket(place.planner, place.cases[0]).case)
    closed = Workbook(place, transaction)
    closed.fill(0, because_complete="เปลี่ยนใจ")
    _sheet, told = closed.send()
    assert told["counts"]["problem"] == 1


def test_what_somebody_else_changed_stands_beside_it(place, workbook, transaction):
    for number in (0, 1):
        workbook.card(number, group="formal")
    with transaction():
        for number in (0, 1):
            case = queries.docket(place.planner2, place.cases[number]).case
            commands.answer_card(place.planner2, case, {"complete": (Answer.NOT_MET, "ขาดแบบแปลน")})
        # Giving it to somebody is no change of the card.
        commands.assign_cases(place.planner, [place.cases[2]], place.planner2.id)
    workbook.card(2, group="formal")
    sheet_id, told = workbook.send()
    assert told["counts"] == {"same": 0, "change": 1, "conflict": 2, "problem": 0}
    cells = {head: (theirs, mine) for head, theirs, mine in told["conflicts"][0]["cells"]}
    head = workbook.layout.title("answer.complete")
    assert cells[head] == (workbook.label("answer.x", "not_met"), workbook.label("answer.x", "met"))
    assert workbook.write(sheet_id, place.cases[0]) == {"written": 2, "moved": 0}
    with transaction("read"):
        assert queries.card_of(place.cases[0])["complete"].answer is Answer.MET
        assert queries.card_of(place.cases[1])["complete"].answer is Answer.NOT_MET
        assert queries.card_of(place.cases[2])["complete"].answer is Answer.MET


def test_a_change_after_the_comparison_stops_the_whole(place, workbook, transaction):
    workbook.accept(0).accept(1)
    sheet_id, told = workbook.send()
    assert told["counts"]["change"] == 2
    with transaction():
        case = queries.docket(place.planner2, place.cases[1]).case
        commands.answer_card(place.planner2, case, {"complete": (Answer.NOT_MET, "ขาดแบบแปลน")})
    assert workbook.write(sheet_id) == {"written": 0, "moved": 1}
    with transaction("read"):
        assert state_of(place.cases[0]) is S.WAITING
    with transaction():
        commands.compare_sheet(place.planner, sheet_id)
    jobs.run_due()
    assert workbook.told(sheet_id)["counts"] == {"same": 1, "change": 1, "conflict": 1, "problem": 0}
    assert workbook.write(sheet_id) == {"written": 1, "moved": 0}


def test_writing_that_breaks_off_leaves_nothing_and_goes_on(place, workbook, transaction, monkeypatch):
    workbook.accept(0).accept(1)
    sheet_id, _told = workbook.send()
    with transaction():
        commands.apply_sheet(place.planner, sheet_id, [])

    class Killed(BaseException):
        """As if the process had been ended."""

    def killed(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("portal.screening.commands.writing._write_cases", killed)
        with pytest.raises(Killed):
            jobs.run_due()
    with transaction() as session:
        assert state_of(place.cases[0]) is S.WAITING
        assert session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0
        job = jobs.newest(APPLY, jobs.JobState.RUNNING)
        job.leased_until = job.created_at
    jobs.run_due()
    with transaction("read"):
        assert [state_of(one) for one in place.cases[:2]] == [S.PROPOSED, S.PROPOSED]
        assert core_db.session().get_one(Sheet, sheet_id).written == 2


def test_who_stands_aside_cannot_write_by_file_either(place, transaction):
    with transaction() as session:
        session.add(
            InterestDeclaration(
                person_id=place.planner2.id,
                community_id=place.community.id,
                description="ญาติเป็นกรรมการ",
                declared_at=clock.now(),
            )
        )
    book = Workbook(place, transaction)
    book.card(0, group="formal")
    _sheet, told = book.send(actor=place.planner2)
    assert told["counts"]["problem"] == 1
    with transaction(), pytest.raises(NotFound):
        commands.keep_sheet(place.elsewhere, place.cycle.id, "x.xlsx", book.bytes())


def test_a_strange_file_says_so(place, transaction):
    with transaction():
        kept = commands.keep_sheet(place.planner, place.cycle.id, "x.xlsx", b"PK\x03\x04 not a workbook")
    jobs.run_due()
    with transaction("read"):
        compared, _writing = queries.jobs_of(queries.sheet(place.planner, kept.id))
        assert compared.kind == COMPARE
        assert compared.state == "failed"
        assert compared.problems[0]["message"]
