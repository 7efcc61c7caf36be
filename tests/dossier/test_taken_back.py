"""An idea whose whole plan was taken back says so wherever it is shown, until the plan is handed in anew."""

import pytest

from portal.core import clock, thai
from portal.cycles.models import PhaseKind
from portal.forums.models import ForumState
from portal.plans import commands
from portal.plans.models import PlanState
from tests.factories import accounts, cycles, forums, places, plans

WHY = "ขอเขียนใหม่ทั้งแผน"


@pytest.fixture
def told(transaction):
    """An idea from a forum that carries on one of the year before, in a plan that waits for its screening."""
    with transaction():
        community = places.community(name="วัดโบสถ์สามเสน")
        before = cycles.cycle(fiscal_year=2570, open=PhaseKind.IMPLEMENTATION)
        cycle = cycles.cycle(open=PhaseKind.SCREENING)
        forum = forums.forum(community, cycle, state=ForumState.RECORDED)
        earlier = plans.plan(community, before, PlanState.ACCEPTED_FOR_SCREENING, items=1)
        (first,) = plans.queries.items_of(earlier.id)
        plan = plans.plan(community, cycle, items=0)
        item = plans.item(plan, issue_id=forums.issue(forum).id, continues_id=first.id)
        leader = accounts.leader(community)
        plans.sign(plan)
        plans.hand_in(plan, leader)
        return {"plan": plan, "item": item.id, "earlier": first.id, "forum": forum.id, "leader": leader}


def shown(client, told):
    """What the pages say of it: the forum's, the earlier idea's, its own, its plan's."""
    idea, plan = f"/en/dossier/{told['item']}", f"/en/plans/{told['plan'].id}"
    forum, earlier = f"/en/forums/{told['forum']}", f"/en/dossier/{told['earlier']}"
    pages = [client.get(path, status=200).page for path in (forum, earlier, idea, plan)]
    return {
        "became": "Became:" in pages[0].text,
        "goes on": idea in pages[1].links,
        "reasons": pages[2].text.count(WHY),
        "day": pages[2].text.count(thai.day_text(clock.today(), "en")),
        "asks to speak": ["Sign in to comment" in page.text for page in pages[2:]],
    }


@pytest.mark.parametrize("is_written_anew", [False, True])
def test_no_page_speaks_of_it_as_if_it_were_asked_for(told, client, transaction, is_written_anew):
    before = shown(client, told)
    assert (before["became"], before["goes on"], before["reasons"]) == (True, True, 0)
    assert before["asks to speak"] == [True, True]
    with transaction() as session:
        plan = session.merge(told["plan"])
        commands.withdraw_plan(told["leader"], plan, WHY)
        if is_written_anew:
            commands.resume_plan(told["leader"], plan)
    after = shown(client, told)
    assert (after["became"], after["goes on"], after["asks to speak"]) == (False, False, [False, False])
    assert after["reasons"] == 2  # above the idea and in what happened
    assert after["day"] == before["day"] + 2  # in its line and in what happened


def test_it_stays_in_what_happened_once_the_plan_is_handed_in_anew(told, client, transaction):
    with transaction() as session:
        plan = session.merge(told["plan"])
        commands.withdraw_plan(told["leader"], plan, WHY)
        plans.hand_in(commands.resume_plan(told["leader"], plan), told["leader"])
    after = shown(client, told)
    assert (after["became"], after["goes on"], after["reasons"]) == (True, True, 1)
    assert after["asks to speak"] == [True, True]
