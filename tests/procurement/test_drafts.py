"""The draft terms: shown, discussed, answered, changed."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.comments import commands as comments
from portal.comments.models import Purpose
from portal.core.actor import Role
from portal.core.errors import Invalid, WrongState
from portal.procurement import commands
from portal.procurement.commands import (
    RuleWarning,
)
from portal.procurement.models import (
    StepDocument,
)
from portal.procurement.rules import Rule
from tests.factories import accounts, actionplan, cycles, places, procurement
from tests.page import values
from tests.procurement.acts import SIGNED, S, do, step


@pytest.fixture(autouse=True)
def a_wednesday(clock):
    clock.travel("2026-11-25 09:00")


@pytest.fixture
def drafted(project, officer):
    process = procurement.process(project, budget_satang=8_600_000_00)
    procurement.done_until(process, S.DRAFT_TOR, dt.date(2026, 11, 20))
    commands.publish_draft(officer, process, "ข้อ ๑ เต็นท์กันน้ำ", dt.date(2026, 11, 30))
    return process


def test_the_draft_is_shown_for_three_working_days_in_a_row(project, officer):
    process = procurement.process(project, budget_satang=8_600_000_00)
    procurement.done_until(process, S.DRAFT_TOR, dt.date(2026, 11, 20))
    with pytest.raises(RuleWarning) as refused:
        commands.publish_draft(officer, process, "ข้อ ๑", dt.date(2026, 11, 27))
    assert refused.value.warnings[0].earliest == dt.date(2026, 11, 30)
    with pytest.raises(Invalid):
        commands.publish_draft(officer, process, " ", dt.date(2026, 11, 30))


def test_residents_say_something_on_the_draft_while_its_days_last(drafted, officer, clock):
    resident = accounts.actor_of(accounts.person())
    comment = comments.post(resident, drafted.topic_id, "ขอให้กันแดดด้วย", clause="ข้อ ๑")
    assert comment.purpose is Purpose.DRAFT_TOR
    clock.travel("2026-12-01 09:00")
    assert comments.post(resident, drafted.topic_id, "ช้าไปแล้ว").purpose is Purpose.DISCUSSION


def test_remarks_are_answered_before_anybody_is_invited(drafted, officer, clock):
    resident = accounts.actor_of(accounts.person())
    comment = comments.post(resident, drafted.topic_id, "ขอให้กันแดดด้วย")
    clock.travel("2026-12-01 09:00")
    with pytest.raises(Invalid) as refused:
        do(officer, drafted, S.INVITATION, "2026-12-01", ends_on=dt.date(2026, 12, 21), override=SIGNED)
    assert not isinstance(refused.value, RuleWarning)
    comments.answer(officer, [comment.id], "จะเพิ่มในร่าง", "ฝ่ายการคลัง เขตดุสิต")
    do(officer, drafted, S.INVITATION, "2026-12-01", ends_on=dt.date(2026, 12, 21))
    assert comments.post(resident, drafted.topic_id, "ขอบคุณ").purpose is Purpose.DISCUSSION


def test_nobody_is_invited_while_the_draft_is_shown(drafted, officer, clock):
    clock.travel("2026-11-30 09:00")
    with pytest.raises(RuleWarning) as refused:
        do(officer, drafted, S.INVITATION, "2026-11-30", ends_on=dt.date(2026, 12, 21))
    assert [one.rule for one in refused.value.warnings] == [Rule.DRAFT_OPEN]


def test_a_changed_draft_is_shown_again_and_the_old_one_stays(drafted, officer, db, clock):
    clock.travel("2026-11-27 09:00")
    with pytest.raises(Invalid):
        commands.publish_draft(officer, drafted, "ข้อ ๑ เต็นท์กันน้ำ", dt.date(2026, 12, 2))
    with pytest.raises(RuleWarning) as refused:
        commands.publish_draft(
            officer, drafted, "ข้อ ๑ เต็นท์กันน้ำและแดด", dt.date(2026, 12, 1), changes="เพิ่มกันแดด"
        )
    (warned,) = refused.value.warnings
    assert (warned.rule, warned.earliest) == (Rule.DRAFT_CHANGED, dt.date(2026, 12, 2))
    commands.publish_draft(officer, drafted, "ข้อ ๑ เต็นท์กันน้ำและแดด", dt.date(2026, 12, 2), changes="เพิ่มกันแดด")
    assert step(drafted, S.DRAFT_TOR).ends_on == dt.date(2026, 12, 2)
    texts = db.scalars(sa.select(StepDocument.text).order_by(StepDocument.id)).all()
    assert texts == ["ข้อ ๑ เต็นท์กันน้ำ", "ข้อ ๑ เต็นท์กันน้ำและแดด"]


def test_after_the_invitation_the_draft_stands(drafted, officer, clock):
    clock.travel("2026-12-01 09:00")
    do(officer, drafted, S.INVITATION, "2026-12-01", ends_on=dt.date(2026, 12, 21))
    with pytest.raises(WrongState):
        commands.publish_draft(officer, drafted, "อื่น", dt.date(2026, 12, 9))


def test_the_form_of_a_changed_wording_begins_with_the_day_that_is_promised(client, transaction):
    with transaction():
        plan = actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED)
        process = procurement.process(actionplan.project(plan))
        procurement.step_done(process, S.DRAFT_TOR, dt.date(2026, 11, 23), ends_on=dt.date(2026, 12, 4))
        procurement.draft(process, "1. เต็นท์กันน้ำ", ends_on=dt.date(2026, 12, 4))
        person = accounts.person("buyer@example.org")
        accounts.grant(person, Role.PROCUREMENT, places.district())
        at = f"/procurement/{process.id}/draft"
    client.sign_in("buyer@example.org", accounts.PASSWORD)
    page = client.get(at, status=200).page
    assert values(page.form(action=at))["ends_on"] == ["4/12/2569"]
    assert page.text.count("4 ธันวาคม 2569") == 1
    assert "สิ่งที่เปลี่ยนไป (ไม่บังคับ)" not in page.text
