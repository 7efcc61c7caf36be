"""Every state × every move, and every actor × every action."""

import pytest

from portal.accounts.models import InterestDeclaration
from portal.core import clock
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import NotAllowed, WrongState
from portal.screening import policy, queries
from portal.screening.models import CaseState
from portal.screening.policy import Docket
from portal.screening.workflow import CASE
from tests.factories import accounts, places, screening

S = CaseState
MOVES = {
    "begin": {S.WAITING},
    "finish_formal": {S.FORMAL_CHECK},
    "ask_correction": {S.FORMAL_CHECK, S.MERIT_CHECK},
    "answer_correction": {S.NEEDS_CORRECTION},
    "ask_agency": {S.FORMAL_CHECK, S.MERIT_CHECK},
    "note_reply": {S.AWAITING_AGENCY},
    "propose": {S.FORMAL_CHECK, S.MERIT_CHECK},
    "confirm": {S.PROPOSED},
    "send_back": {S.PROPOSED},
    "reopen": {S.CONFIRMED},
    "file_appeal": {S.CONFIRMED},
    "propose_appeal": {S.APPEALED},
    "confirm_appeal": {S.APPEAL_PROPOSED},
    "send_back_appeal": {S.APPEAL_PROPOSED},
    "withdraw": {
        S.WAITING,
        S.FORMAL_CHECK,
        S.MERIT_CHECK,
        S.NEEDS_CORRECTION,
        S.AWAITING_AGENCY,
        S.PROPOSED,
        S.CONFIRMED,
    },
}


def test_every_move_is_in_the_table():
    assert CASE.moves.keys() == MOVES.keys()


@pytest.mark.parametrize("state", list(S))
def test_a_move_is_open_from_its_states_only(desk, db, state):
    case = desk.case(state)
    for actor in (desk.planner, desk.director, desk.leader):
        docket = queries.docket(actor, case.id)
        for move, sources in MOVES.items():
            may = CASE.moves[move].may(actor, docket)
            assert CASE.is_open(move, actor, docket) == (may and state in sources), move
            if state not in sources:
                with pytest.raises(WrongState):
                    CASE.check(docket, move, actor)
            elif not may:
                with pytest.raises(NotAllowed):
                    CASE.check(docket, move, actor)


ACTIONS = {
    "screen": policy.can_screen,
    "decide": policy.can_decide,
    "confirm": policy.can_confirm,
    "release": policy.can_release,
    "screen appeal": policy.can_screen_appeal,
    "confirm appeal": policy.can_confirm_appeal,
    "speak": policy.can_speak_for,
    "see": policy.can_see,
}
# What each may do with a proposal that the first planner made.
MAY = {
    "proposer": {"see", "screen", "decide", "release"},
    "planner": {"see", "screen", "decide", "confirm", "release", "screen appeal", "confirm appeal"},
    "director": {"see", "decide", "confirm", "release", "confirm appeal"},
    "planner elsewhere": set(),
    "leader": {"speak"},
    "leader elsewhere": set(),
    "planner with an interest": {"see", "release"},
    "planner on the committee": {"see", "release", "speak"},
    "procurement": set(),
    "auditor": set(),
    "visitor": set(),
}


@pytest.fixture
def people(desk, db):
    interested = accounts.officer(Role.PLANNER, desk.district)
    db.add(
        InterestDeclaration(
            person_id=interested.id,
            community_id=desk.community.id,
            description="พี่ชายเป็นประธานชุมชน",
            declared_at=clock.now(),
        )
    )
    seat = accounts.committee(desk.community, size=1)[0]
    member = db.get_one(accounts.Person, seat.person_id)
    accounts.grant(member, Role.PLANNER, desk.district)
    return {
        "proposer": desk.planner,
        "planner": desk.planner2,
        "director": desk.director,
        "planner elsewhere": desk.elsewhere,
        "leader": desk.leader,
        "leader elsewhere": accounts.leader(places.community(desk.district)),
        "planner with an interest": interested,
        "planner on the committee": accounts.actor_of(member),
        "procurement": accounts.officer(Role.PROCUREMENT, desk.district),
        "auditor": accounts.officer(Role.AUDITOR),
        "visitor": ANONYMOUS,
    }


def test_who_may_do_what(desk, db, people):
    case = desk.case(S.PROPOSED, proposer=db.get_one(accounts.Person, desk.planner.id))
    for name, actor in people.items():
        docket = queries.docket(actor, case.id)
        may = {action for action, can in ACTIONS.items() if can(actor, docket)}
        assert may == MAY[name], name


def test_the_list_and_the_single_case_agree(desk, db, people):
    case = desk.case()
    for name, actor in people.items():
        listed = db.query(type(case)).filter(policy.visible_to(actor)).count() == 1
        assert listed == policy.can_see(actor, queries.docket(actor, case.id)), name


def test_an_author_never_judges(desk, db):
    desk.items[0].created_by = desk.planner2.id
    case = desk.case(S.PROPOSED)
    docket: Docket = queries.docket(desk.planner2, case.id)
    assert not policy.can_screen(desk.planner2, docket)
    assert not policy.can_confirm(desk.planner2, docket)


def test_who_took_part_does_not_screen_the_appeal(desk, db):
    case = desk.case(S.APPEALED, proposer=db.get_one(accounts.Person, desk.planner.id))
    assert not policy.can_screen_appeal(desk.planner, queries.docket(desk.planner, case.id))
    assert policy.can_screen_appeal(desk.planner2, queries.docket(desk.planner2, case.id))
    screening.answer(case, "complete", desk.planner2)
    assert not policy.can_screen_appeal(desk.planner2, queries.docket(desk.planner2, case.id))
