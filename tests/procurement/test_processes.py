"""Beginning, correcting, closing, cancelling; who may."""

import datetime as dt
import io
import json

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import DatabaseError

from portal.actionplan.models import ActionPlan, ActionPlanState
from portal.core import storage, topics
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Conflict, Invalid, NotAllowed, WrongState
from portal.procurement import commands, queries
from portal.procurement.commands import (
    Override,
    RuleWarning,
    StepPlan,
    Upload,
)
from portal.procurement.models import (
    Method,
    ProcessState,
    RuleOverride,
    StepKind,
)
from portal.procurement.rules import Rule
from tests.factories import accounts, actionplan, cycles, places, procurement
from tests.procurement.acts import PREFIX, SIGNED, S, correction, create, do, events, step


@pytest.fixture(autouse=True)
def a_wednesday(clock):
    clock.travel("2026-11-25 09:00")


def test_a_process_begins_with_its_sixteen_steps_and_a_lasting_ocid(project, officer, db):
    process = create(officer, project)
    assert [one.kind for one in queries.steps_of(process.id)] == list(StepKind)
    assert process.ocid == f"{PREFIX}-1002-{process.topic_id}"
    assert topics.visible_topic(ANONYMOUS, process.topic_id).ref_id == process.id
    assert events(db, process) == ["process.created"]


@pytest.mark.parametrize(
    ("method", "left_out"),
    [
        (Method.OPEN, set()),
        (Method.LIMITED, {S.DRAFT_TOR}),
        (Method.DIRECT, {S.DRAFT_TOR, S.INVITATION, S.BID_OPENING, S.EVALUATION, S.APPEAL}),
    ],
)
def test_a_method_leaves_out_the_steps_it_does_not_have(project, officer, method, left_out):
    process = create(officer, project, method=method, budget_satang=90_000_00)
    steps = queries.steps_of(process.id)
    assert {one.kind for one in steps if one.is_skipped} == left_out
    assert all(one.note for one in steps if one.is_skipped)


def test_a_lawful_plan_can_be_asked_for_at_once(project, officer):
    process = create(officer, project, begins_on=dt.date(2026, 12, 1), budget_satang=8_600_000_00)
    days = {one.kind: one for one in queries.steps_of(process.id)}
    assert days[S.PROCUREMENT_PLAN].planned_on == dt.date(2026, 12, 1)
    draft = days[S.DRAFT_TOR]
    # 7 and 10 December 2026 are days off.
    assert (draft.planned_on, draft.ends_on) == (dt.date(2026, 12, 8), dt.date(2026, 12, 14))
    assert days[S.INVITATION].planned_on == dt.date(2026, 12, 15)
    assert all(one.planned_on for one in days.values())


def test_one_lot_can_pool_projects_of_one_district_only(project, officer, db):
    plan = db.get_one(ActionPlan, project.action_plan_id)
    process = create(officer, project, actionplan.project(plan, "เก้าอี้"))
    assert len(queries.bought_for(process.id)) == 2
    elsewhere = actionplan.action_plan(cycles.cycle(places.district("1001")), ActionPlanState.PUBLISHED)
    with pytest.raises(Invalid) as refused:
        create(officer, project, actionplan.project(elsewhere))
    assert "projects" in refused.value.fields


@pytest.mark.parametrize("state", [ActionPlanState.DRAFT, ActionPlanState.HEARING])
def test_nothing_is_bought_for_a_plan_that_is_not_published(officer, state):
    plan = actionplan.action_plan(cycles.cycle(), state)
    with pytest.raises(Invalid):
        create(officer, actionplan.project(plan))


def test_who_may_begin(project):
    for actor in (
        accounts.officer(Role.PROCUREMENT, places.district("1001")),
        accounts.officer(Role.DIRECTOR, places.district()),
        accounts.officer(Role.PLANNER, places.district()),
        accounts.actor_of(accounts.person()),
        ANONYMOUS,
    ):
        with pytest.raises(NotAllowed):
            create(actor, project)


def test_the_specific_method_above_its_limit_warns_and_is_signed_for(project, officer, db):
    with pytest.raises(RuleWarning) as refused:
        create(officer, project, method=Method.DIRECT, budget_satang=5_843_799_50)
    assert [one.rule for one in refused.value.warnings] == [Rule.DIRECT_LIMIT]
    process = create(officer, project, method=Method.DIRECT, budget_satang=5_843_799_50, override=SIGNED)
    kept = db.scalars(sa.select(RuleOverride)).one()
    assert (kept.rule, kept.reason, kept.signer) == ("direct_limit", SIGNED.reason, SIGNED.signer)
    assert json.loads(kept.warning)["needed"] == 500_000_00
    assert events(db, process) == ["process.created", "process.rule_overridden"]


def test_an_override_needs_a_reason_and_a_signer(project, officer):
    with pytest.raises(RuleWarning) as refused:
        create(
            officer, project, method=Method.DIRECT, budget_satang=600_000_00, override=Override("เร่งด่วน", " ")
        )
    assert set(refused.value.fields) == {"override_signer"}


def test_two_processes_cannot_have_one_egp_number(project, officer):
    create(officer, project, egp_number="69089283521")
    with pytest.raises(Invalid) as refused:
        create(officer, project, egp_number="69089283521")
    assert "egp_number" in refused.value.fields


def picture(**exif):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    out.seek(0)
    return Upload(out, "แบบ.jpg")


def test_a_document_has_a_text_a_file_or_both(project, officer, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_root", tmp_path)
    process = procurement.process(project)
    plan = step(process, S.PROCUREMENT_PLAN)
    with pytest.raises(Invalid):
        commands.publish_document(officer, plan, "แผน", "procurementPlan", "")
    with pytest.raises(Invalid) as refused:
        commands.publish_document(
            officer, plan, "แผน", "procurementPlan", "ข้อความ", file=Upload(io.BytesIO(b"MZ"), "a.exe")
        )
    assert "file" in refused.value.fields
    with pytest.raises(Invalid) as refused:  # a scan can be neither read aloud nor searched
        commands.publish_document(officer, plan, "แผน", "procurementPlan", "", file=picture())
    assert set(refused.value.fields) == {"text"}
    document = commands.publish_document(officer, plan, "แผน", "procurementPlan", "แผนรายปี", file=picture())
    assert queries.document_visible(ANONYMOUS, document.id).StoredFile.owner_id == process.id


def test_facts_are_corrected_with_what_stood_before(project, officer, db):
    process = procurement.process(project)
    commands.edit_process(officer, process, process.version_id, correction(process, budget_satang=800_000_00))
    entry = next(one for one in db.info["ledger"] if one.event == "process.edited")
    assert (entry.event, entry.changes) == ("process.edited", {"budget_satang": [900_000_00, 800_000_00]})


def test_the_second_writer_is_told(project, officer, db):
    process = procurement.process(project)
    seen = process.version_id
    commands.edit_process(officer, process, seen, correction(process, title="จัดซื้อเต็นท์"))
    db.flush()
    with pytest.raises(Conflict):
        commands.edit_process(officer, process, seen, correction(process, title="จัดซื้อเก้าอี้"))


@pytest.mark.parametrize(
    "address",
    [
        "http://process5.gprocurement.go.th/1",
        "https://gprocurement.go.th.example.org",
        "javascript:alert(1)",
        "x",
    ],
)
def test_a_link_leads_to_the_notice_and_nowhere_else(project, officer, address):
    process = procurement.process(project)
    with pytest.raises(Invalid) as refused:
        commands.edit_process(officer, process, process.version_id, correction(process, egp_url=address))
    assert set(refused.value.fields) == {"egp_url"}
    lawful = "https://process5.gprocurement.go.th/egp/69089283521"
    commands.edit_process(officer, process, process.version_id, correction(process, egp_url=lawful))
    assert process.egp_url == lawful


def test_a_whole_direct_purchase_to_its_end(project, officer):
    process = create(officer, project, method=Method.DIRECT, budget_satang=90_000_00)
    outcomes = {
        S.COMMITTEE: {"committee_size": 3},
        S.MEDIAN_PRICE: {"median_price_satang": 89_000_00},
        S.AWARD: {"supplier": "ร้านเต็นท์ดุสิต", "award_satang": 88_000_00},
        S.CONTRACT: {"contract_number": "1/2570", "contract_satang": 88_000_00},
        S.ACCEPTANCE: {"committee_size": 3},
        S.PAYMENT: {"paid_satang": 88_000_00},
    }
    for one in queries.steps_of(process.id):
        if not one.is_skipped:
            with pytest.raises(WrongState):
                commands.close_process(officer, process)
            do(officer, process, one.kind, **outcomes.get(one.kind, {}))
    commands.close_process(officer, process)
    assert (process.state, process.paid_satang) == (ProcessState.CLOSED, 88_000_00)


@pytest.mark.parametrize("state", [ProcessState.CLOSED, ProcessState.CANCELLED])
def test_what_is_over_stays_as_it_is(project, officer, state):
    reason = "งบประมาณถูกโอนไป" if state is ProcessState.CANCELLED else None
    process = procurement.process(project, state=state, cancel_reason=reason)
    first = step(process, S.PROCUREMENT_PLAN)
    for act in (
        lambda: do(officer, process, S.PROCUREMENT_PLAN),
        lambda: commands.plan_step(officer, first, StepPlan(dt.date(2026, 12, 1))),
        lambda: commands.skip_step(officer, first, "ไม่ใช้"),
        lambda: commands.take_up_step(officer, first),
        lambda: commands.correct_step(officer, first, dt.date(2026, 11, 2), None, "ผิด"),
        lambda: commands.publish_document(officer, first, "แผน", "other", "ข้อความ"),
        lambda: commands.publish_draft(officer, process, "ร่าง", dt.date(2026, 12, 9)),
        lambda: commands.edit_process(officer, process, 1, correction(process)),
        lambda: commands.lay_out_plan(officer, process, dt.date(2026, 12, 1)),
        lambda: commands.close_process(officer, process),
        lambda: commands.cancel_process(officer, process, "เหตุผล"),
    ):
        with pytest.raises(WrongState):
            act()


def test_a_cancelled_process_keeps_its_page_and_its_reason(project, officer):
    process = create(officer, project)
    with pytest.raises(Invalid):
        commands.cancel_process(officer, process, " ")
    commands.cancel_process(officer, process, "ไม่มีผู้เสนอราคา")
    assert queries.process_visible(ANONYMOUS, process.id).cancel_reason == "ไม่มีผู้เสนอราคา"


ACTORS = {
    "officer elsewhere": lambda: accounts.officer(Role.PROCUREMENT, places.district("1001")),
    "director": lambda: accounts.officer(Role.DIRECTOR, places.district()),
    "moderator": lambda: accounts.officer(Role.MODERATOR),
    "admin": lambda: accounts.officer(Role.ADMIN),
    "resident": lambda: accounts.actor_of(accounts.person()),
    "visitor": lambda: ANONYMOUS,
}


@pytest.mark.parametrize("who", ACTORS)
def test_only_the_districts_procurement_officers_write(project, who):
    process = procurement.process(project)
    actor, first = ACTORS[who](), step(process, S.PROCUREMENT_PLAN)
    for act in (
        lambda: do(actor, process, S.PROCUREMENT_PLAN),
        lambda: commands.plan_step(actor, first, StepPlan(dt.date(2026, 12, 1))),
        lambda: commands.skip_step(actor, first, "ไม่ใช้"),
        lambda: commands.take_up_step(actor, first),
        lambda: commands.correct_step(actor, first, dt.date(2026, 11, 2), None, "ผิด"),
        lambda: commands.publish_document(actor, first, "แผน", "other", "ข้อความ"),
        lambda: commands.publish_draft(actor, process, "ร่าง", dt.date(2026, 12, 9)),
        lambda: commands.edit_process(actor, process, 1, correction(process)),
        lambda: commands.lay_out_plan(actor, process, dt.date(2026, 12, 1)),
        lambda: commands.close_process(actor, process),
        lambda: commands.cancel_process(actor, process, "เหตุผล"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_city_wide_officer_works_everywhere(project):
    process = procurement.process(project)
    do(accounts.officer(Role.PROCUREMENT), process, S.PROCUREMENT_PLAN)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE rule_overrides SET reason = 'x'", "DELETE FROM rule_overrides"],
)
def test_an_override_can_never_be_changed(project, db, statement):
    procurement.override(procurement.process(project), S.CONTRACT, Rule.SIGNED_EARLY.value)
    with pytest.raises(DatabaseError), db.begin_nested():
        db.execute(sa.text(statement))
