"""While a change is written: what it takes out can be put back, and nobody is told before the edition that says so."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from portal.actionplan import commands, queries
from portal.actionplan.models import ActionPlanState
from portal.core import clock
from portal.core.errors import Conflict, NotAllowed, WrongState
from portal.core.ledger import LedgerEntry
from portal.notifications.models import Notice
from portal.screening.models import Case
from tests.actionplan.conftest import season
from tests.factories import actionplan


@pytest.fixture
def change(built_app, db):
    """A published plan, reopened, with all its items in one project; the planner has withdrawn it."""
    world = season(ActionPlanState.PUBLISHED)
    project = actionplan.project(world.plan, "โครงการหนึ่ง")
    commands.reopen_plan(world.planner, world.plan, "เพิ่มโครงการ")
    commands.link_items(world.planner, world.plan, [item.id for item in world.items], [project.id])
    commands.publish_edition(world.director, world.plan, queries.content_sha256(world.plan), "เพิ่มโครงการ")
    world.project, world.before = project, queries.content_sha256(world.plan)
    commands.reopen_plan(world.planner, world.plan, "ได้รับจัดสรรไม่ครบ")
    commands.withdraw_project(world.planner, project, project.version_id, "ยกเลิก")
    return world


def told(db, project):
    """How many were told that the project is removed."""
    removed = (Notice.event == "actionplan.withdrawn", Notice.topic_id == project.topic_id)
    return db.scalar(sa.select(sa.func.count()).where(*removed))


def test_what_a_change_takes_out_can_be_put_back(change, db):
    project = change.project
    commands.give_not_yet(change.planner, change.plan, [change.items[0].id], "รองบประมาณปีหน้า")
    with pytest.raises(NotAllowed):
        commands.put_back_project(change.director, project, project.version_id)
    with pytest.raises(Conflict):
        commands.put_back_project(change.planner, project, project.version_id - 1)
    commands.put_back_project(change.planner, project, project.version_id)
    assert (project.withdrawn_at, project.withdrawn_reason) == (None, None)
    assert queries.content_sha256(change.plan) == change.before
    with pytest.raises(WrongState):
        commands.put_back_project(change.planner, project, project.version_id)
    commands.close_change(change.planner, change.plan)
    assert change.plan.state is ActionPlanState.PUBLISHED
    assert told(db, project) == 0


def test_a_project_is_not_put_back_over_what_took_its_place(change):
    project = change.project
    other = actionplan.project(change.plan, "โครงการสอง")
    commands.link_items(change.planner, change.plan, [change.items[0].id], [other.id])
    with pytest.raises(WrongState):
        commands.put_back_project(change.planner, project, project.version_id)
    assert project.withdrawn_at is not None


def test_a_project_is_not_put_back_with_an_item_that_is_accepted_no_more(change, db):
    project = change.project
    case = db.scalars(sa.select(Case).where(Case.item_id == change.items[1].id)).one()
    case.appeals_until = clock.now() + dt.timedelta(days=1)
    db.flush()
    with pytest.raises(WrongState, match="ผลการกลั่นกรอง"):
        commands.put_back_project(change.planner, project, project.version_id)
    assert project.withdrawn_at is not None


def test_a_removal_is_told_by_the_edition_that_removes_it(change, db):
    project = change.project
    assert told(db, project) == 0, "the edition in force still names it"
    other = actionplan.project(change.plan, "โครงการสอง")
    commands.link_items(change.planner, change.plan, [item.id for item in change.items], [other.id])
    commands.publish_edition(
        change.director, change.plan, queries.content_sha256(change.plan), "ยกเลิกหนึ่งโครงการ"
    )
    assert told(db, project) > 0
    commands.reopen_plan(change.planner, change.plan, "ทบทวน")
    with pytest.raises(WrongState):
        commands.put_back_project(change.planner, project, project.version_id)


def test_the_planner_puts_it_back_on_its_page(enter, transaction):
    made = enter(ActionPlanState.REOPENED)
    planner, path = made.browser("planner"), f"/actionplan/projects/{made.ids.project}"
    planner.get(f"{path}/put-back", status=409)
    planner.submit(f"{path}/withdraw", {"reason": "ยกเลิก"})
    assert f"{path}/put-back" in planner.get(path).text
    planner.submit(f"{path}/put-back")
    page = planner.get(path).text
    assert "ยกเลิก" not in page
    assert f"{path}/put-back" not in page
    with transaction("read") as session:
        entry = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.event == "project.put_back")).one()
        assert json.loads(entry.payload)["changes"] == {"withdrawn_reason": ["ยกเลิก", None]}
