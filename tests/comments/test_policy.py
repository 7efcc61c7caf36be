"""Who may answer, hide, withdraw and report: actors × actions."""

import pytest

from portal.comments import policy
from portal.comments.models import Comment, Purpose
from portal.core import clock
from portal.core.actor import ANONYMOUS, Actor, Grant, Role, Scope
from portal.core.topics import Topic

HERE, ELSEWHERE, AUTHOR = 1002, 1001, 7


def holder(role, scope=Scope.DISTRICT, district_id=HERE, id_=99):
    grant = Grant(role, scope, None if scope is Scope.CITY else district_id)
    return Actor(id=id_, grants=(grant,))


ACTORS = {
    "visitor": ANONYMOUS,
    "resident": Actor(id=50),
    "author": Actor(id=AUTHOR),
    "planner": holder(Role.PLANNER),
    "director": holder(Role.DIRECTOR),
    "procurement": holder(Role.PROCUREMENT),
    "planner elsewhere": holder(Role.PLANNER, district_id=ELSEWHERE),
    "moderator": holder(Role.MODERATOR),
    "moderator elsewhere": holder(Role.MODERATOR, district_id=ELSEWHERE),
    "city moderator": holder(Role.MODERATOR, Scope.CITY),
    "moderator author": holder(Role.MODERATOR, id_=AUTHOR),
}
ANSWERS = {
    Purpose.HEARING: {"planner", "director"},
    Purpose.DRAFT_TOR: {"procurement"},
    Purpose.DISCUSSION: {"planner", "director"},
}


def remark(**values):
    return Comment(id=1, author_id=AUTHOR, purpose=Purpose.DISCUSSION, **values)


def about(kind, district_id=HERE):
    return Topic(kind=kind, district_id=district_id)


def those_who(may):
    return {name for name, actor in ACTORS.items() if may(actor)}


@pytest.mark.parametrize("purpose", Purpose)
def test_an_answer_is_given_by_the_office_it_concerns(purpose, built_app):
    assert those_who(lambda actor: policy.can_answer(actor, purpose, about("item"))) == ANSWERS[purpose]


def test_talk_about_buying_is_answered_by_who_buys(built_app):
    assert those_who(lambda actor: policy.can_answer(actor, Purpose.DISCUSSION, about("process"))) == {
        "procurement"
    }


def test_what_belongs_to_no_district_is_answered_and_moderated_by_the_city():
    assert those_who(lambda actor: policy.can_moderate(actor, None)) == {"city moderator"}
    assert those_who(lambda actor: policy.can_answer(actor, Purpose.HEARING, about("item", None))) == set()


def test_hiding_is_for_moderators_of_the_place_and_never_ones_own():
    assert those_who(lambda actor: policy.can_hide(actor, remark(), HERE)) == {"moderator", "city moderator"}


def test_a_withdrawn_remark_is_restored_by_nobody():
    hidden = remark(hidden_at=clock.now(), hidden_by=99, hidden_reason="x")
    withdrawn = remark(hidden_at=clock.now(), hidden_by=AUTHOR, hidden_reason="")
    assert those_who(lambda actor: policy.can_restore(actor, hidden, HERE)) == {
        "moderator",
        "city moderator",
    }
    assert those_who(lambda actor: policy.can_restore(actor, withdrawn, HERE)) == set()


def test_the_author_withdraws_until_an_office_has_answered():
    authors = {"author", "moderator author"}
    assert those_who(lambda actor: policy.can_withdraw(actor, remark())) == authors
    assert those_who(lambda actor: policy.can_withdraw(actor, remark(reply_id=3))) == set()
    gone = remark(hidden_at=clock.now(), hidden_by=99, hidden_reason="x")
    assert those_who(lambda actor: policy.can_withdraw(actor, gone)) == set()


def test_anyone_signed_in_reports_what_others_said():
    everyone = set(ACTORS) - {"visitor", "author", "moderator author"}
    assert those_who(lambda actor: policy.can_report(actor, remark())) == everyone
