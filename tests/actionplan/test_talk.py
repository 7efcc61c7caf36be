"""Where people may speak of a plan and its projects: every page and the post say the same."""

import re

import sqlalchemy as sa

from portal.actionplan import commands
from portal.actionplan.models import ActionPlanState, MoneyStep, Project, ProjectNode
from portal.comments import commands as comments
from portal.core import clock
from portal.strategy.models import Node
from tests.factories import actionplan, procurement, strategy
from tests.factories import comments as remarks
from tests.page import values

WHY = "ประชาชนไม่เห็นด้วย"


def test_nobody_is_asked_to_speak_of_a_withdrawn_project(client, enter, transaction):
    made = enter(ActionPlanState.HEARING)
    topic_id = made.ids.topics[1]
    with transaction():
        said = comments.post(made.world.resident, topic_id, "ควรมีผ้าใบข้าง").id
    project = f"/en/actionplan/projects/{made.ids.project}"
    pages = [project, f"/en/comments/{topic_id}", f"/en/comments/remarks/{said}"]

    def asked(browser):
        texts = [browser.get(path, status=200).page.text for path in pages]
        return [bool(re.search("Sign in to (comment|reply)|Reply|Send the", text)) for text in texts]

    resident = made.browser("resident")
    form = values(resident.get(project, status=200).page.form(having={"text"}))
    assert asked(client) == asked(resident) == [True] * 3
    with transaction() as session:
        withdrawn = session.get_one(Project, made.ids.project)
        withdrawn.withdrawn_at, withdrawn.withdrawn_reason = clock.now(), WHY
    assert asked(client) == asked(resident) == [False] * 3
    refused = resident.post(f"/comments/{topic_id}", data={**form, "text": "ยังอยากพูด"})
    assert refused.status_code == 409
    assert "ยังอยากพูด" not in client.get(project, status=200).page.text


def test_the_hearing_asks_to_speak_of_the_projects_that_stand(client, enter, transaction):
    made = enter(ActionPlanState.HEARING)
    with transaction():
        gone = actionplan.project(made.world.plan, withdrawn_at=clock.now(), withdrawn_reason=WHY).id
    links = client.get(f"/en/actionplan/{made.ids.plan}/hearing", status=200).page.links
    assert f"/en/actionplan/projects/{made.ids.project}#talk" in links
    assert f"/en/actionplan/projects/{gone}" in links
    assert f"/en/actionplan/projects/{gone}#talk" not in links


def test_a_talk_that_is_answered_takes_a_project_no_query_too_many(client, enter, transaction):
    made = enter(ActionPlanState.PUBLISHED)
    with transaction() as session:
        project = session.get_one(Project, made.ids.project)
        commands.record_money(
            made.world.planner, project, MoneyStep.REQUESTED, 500_000_00, clock.today(), "ขอจัดสรร"
        )
        procurement.process(project)
        strategy.seeded()
        node = session.scalars(sa.select(Node.id).limit(1)).one()
        session.add(ProjectNode(project_id=project.id, node_id=node))
        remarks.answered(project.topic_id, made.world.planner.id)
    for browser in (client, made.browser("resident"), made.browser("planner")):
        page = browser.get(f"/actionplan/projects/{made.ids.project}", status=200).page
        assert "จะดำเนินการ" in page.text
