"""What the database refuses, what nobody sees before the release, and what two people at once cannot do."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core import db as core_db
from portal.core.errors import Conflict, PortalError, WrongState
from portal.core.ledger import LedgerEntry
from portal.core.outbox import OutboxMessage
from portal.core.topics import Topic
from portal.notifications.models import Notice
from portal.screening import commands, queries
from portal.screening.models import Answer, CardAnswer, Case, CaseState, Decision, Outcome
from tests.factories import accounts, screening
from tests.screening.conftest import furnish

S = CaseState
SECRET = "เหตุผลลับก่อนประกาศผล"


def refused(db, name):
    return pytest.raises(
        IntegrityError, match=name if db.get_bind().dialect.name == "postgresql" else "CHECK"
    )


def test_the_database_wants_four_eyes(desk, db):
    case = desk.case()
    someone = accounts.person()
    with refused(db, "four_eyes"):
        screening.decision(case, proposer=someone, confirmer=someone)


@pytest.mark.parametrize(
    ("outcome", "given"),
    [
        (Outcome.ACCEPT, {"accepted_satang": None}),
        (Outcome.ACCEPT_CHANGED, {"changes": ""}),
        (Outcome.MERGE_WITH, {"merge_into_item_id": None}),
        (Outcome.REFER, {"agency": ""}),
        (Outcome.DEFER, {"defer_to_year": None}),
        (Outcome.REJECT, {"accepted_satang": 100}),
        (Outcome.REJECT, {"reason": ""}),
        (Outcome.REJECT, {"sent_back_at": clock.now()}),
        (Outcome.REJECT, {"confirmed_at": clock.now()}),
    ],
)
def test_the_database_holds_no_half_decision(desk, db, outcome, given):
    with refused(db, "ck_"):
        screening.decision(desk.case(), outcome, **given)


def test_the_database_wants_a_reason_unless_met(desk, db):
    with refused(db, "reason_unless_met"):
        screening.answer(desk.case(), "complete", desk.planner, Answer.NOT_MET)


@pytest.mark.parametrize(
    "values",
    [
        {"state": S.CONFIRMED},
        {"released_at": clock.now()},
        {"state": S.APPEALED},
    ],
)
def test_a_case_is_not_ahead_of_its_decision(desk, db, values):
    case = desk.case()
    with refused(db, "ck_"):
        db.execute(sa.update(Case.__table__).where(Case.id == case.id).values(**values))


def everything_told(db):
    """All text that has left the room: notices, mails, search words, the ledger."""
    yield from (str(row.params) for row in db.query(Notice))
    yield from (str(row.params) for row in db.query(OutboxMessage))
    yield from (row.tokens for row in db.query(Topic))
    yield from (row.payload or "" for row in db.query(LedgerEntry))


def test_nothing_of_an_outcome_leaves_before_its_release(transaction, new_client):
    with transaction() as db:
        desk = furnish()
        case = desk.case()
        at = clock.now() + dt.timedelta(days=1)
        desk.released(case, at=at, outcome=Outcome.REJECT, reason_code="unlawful", reason=SECRET)
        item_id, plan_id, cycle_id, community_id = (
            case.item_id,
            case.plan_id,
            desk.cycle.id,
            desk.community.id,
        )
    with transaction("read") as db:
        assert queries.released_outcomes([item_id]) == {}
        assert queries.public_card(item_id) is None
        assert queries.results(cycle_id).rows == []
        assert queries.released_counts(cycle_id) == []
        assert queries.released_communities(cycle_id) == []
        assert queries.final_accepted_items(cycle_id) == []
        row = queries.community_cases([community_id])[0]
        assert (row.outcome, row.released_at, row.is_final) == (None, None, None)
        told = list(everything_told(db))
        assert not any(SECRET in text or "unlawful" in text or '"reject"' in text for text in told)
    public = [
        f"/screening/results/{cycle_id}",
        f"/screening/results/{cycle_id}?outcome=reject",
        f"/en/screening/results/{cycle_id}",
        f"/screening/{case.id}/letter",
        f"/dossier/{item_id}",
        f"/en/dossier/{item_id}",
    ]
    elsewhere = [f"/plans/{plan_id}", f"/communities/{community_id}", "/", "/search?q=ลับก่อนประกาศผล"]
    pages = [new_client().get(path).get_data(as_text=True) for path in public + elsewhere]
    assert not any(SECRET in page for page in pages)
    with clock.travel(at):
        later = {path: new_client().get(path).get_data(as_text=True) for path in public}
    assert [path for path, page in later.items() if SECRET not in page] == []


def test_the_window_of_an_appeal_opens_and_closes_to_the_second(desk, db):
    case = desk.case()
    at = clock.now() + dt.timedelta(hours=1)
    desk.released(case, at=at)

    def is_open(moment):
        with clock.travel(moment):
            return queries.docket(desk.leader, case.id).is_appeal_open

    second = dt.timedelta(seconds=1)
    assert not is_open(at - second)
    assert is_open(at)
    assert is_open(case.appeals_until - second)
    assert not is_open(case.appeals_until)
    with clock.travel(case.appeals_until - second):
        assert not queries.is_final(case)
    with clock.travel(case.appeals_until):
        assert queries.is_final(case)
        assert queries.docket(desk.leader, case.id).is_final


def together(*acts):
    """Run each act in its own transaction, all at the same moment; the errors they end with."""
    gate = threading.Barrier(len(acts))
    ends: list[Exception | None] = [None] * len(acts)

    def run(number, act):
        try:
            with core_db.transaction():
                gate.wait()
                act()
        except PortalError as error:
            ends[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.postgres_only
def test_a_double_confirmation_makes_one(transaction):
    with transaction():
        desk = furnish()
        case = desk.case()
        desk.proposed(case)
    acts = [
        lambda who=who: commands.confirm_decision(who, case) for who in (desk.director, desk.planner2)
    ] * 4
    ends = together(*acts)
    assert [type(end) for end in ends if end is not None] == [WrongState] * 7
    with transaction("read") as db:
        assert db.query(Decision).filter(Decision.confirmed_by.is_not(None)).count() == 1


@pytest.mark.postgres_only
def test_two_planners_on_one_card(transaction):
    with transaction():
        desk = furnish()
        case = desk.case()
    version = case.version_id

    def answering(actor, reason):
        return lambda: commands.answer_card(
            actor, case, {"complete": (Answer.NOT_MET, reason)}, expected_version=version
        )

    ends = together(answering(desk.planner, "ขาดแบบ"), answering(desk.planner2, "ขาดราคา"))
    assert sorted(type(end) for end in ends if end is not None) == [Conflict]
    with transaction("read") as db:
        assert db.query(CardAnswer).count() == 1


@pytest.mark.postgres_only
def test_two_proposals_at_once_make_one(transaction):
    with transaction():
        desk = furnish()
        case = desk.case()
        desk.fill_card(case)
    ends = together(
        lambda: commands.propose_decision(desk.planner, case, desk.data()),
        lambda: commands.propose_decision(desk.planner2, case, desk.data()),
    )
    assert [type(end) for end in ends if end is not None] == [WrongState]
