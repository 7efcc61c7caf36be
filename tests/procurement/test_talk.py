"""The talk on the page of a process: what people said, replies, the office's answer."""

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core.actor import Role
from tests.factories import accounts, actionplan, comments, cycles, places, procurement


@pytest.mark.parametrize("email", ["", "resident@example.org", "officer@example.org"])
def test_a_talk_that_is_answered_takes_a_process_no_query_too_many(client, transaction, email):
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        process = procurement.process(actionplan.project(plan))
        procurement.draft(process)
        procurement.contract(process)
        officer = accounts.officer(Role.PROCUREMENT, places.district(), email="officer@example.org")
        accounts.person("resident@example.org")
        comments.answered(process.topic_id, officer.id)
        process_id = process.id
    if email:
        client.sign_in(email, accounts.PASSWORD)
    page = client.get(f"/procurement/{process_id}", status=200).page
    assert "จะดำเนินการ" in page.text
