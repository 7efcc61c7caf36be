"""Reports: what they may say, who certifies them, and that what is certified stays."""

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy.exc import DBAPIError

from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core import hashing, state, storage
from portal.core.actor import Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.storage import StoredFile
from portal.demo import facts
from portal.notifications.models import Notice
from portal.progress import commands, policy, queries, rules
from portal.progress.models import Moment, ProgressReport, ReportDraft
from tests.factories import accounts, actionplan, cycles, places, plans, progress


def refused(act, *args, **given):
    with pytest.raises(Invalid) as error:
        act(*args, **given)
    return set(error.value.fields)


def test_a_project_is_followed_once_and_only_when_its_plan_is_published(db, writer, project):
    sheet = progress.sheet(writer, project)
    assert (sheet.first_month, sheet.next_month) == (dt.date(2026, 11, 1), dt.date(2026, 11, 1))
    assert progress.sheet(writer, project) is sheet
    draft = actionplan.project(actionplan.action_plan(cycles.cycle(fiscal_year=2571)))
    with pytest.raises(NotFound):
        progress.sheet(writer, draft)
    with pytest.raises(NotFound):
        progress.sheet(accounts.officer(Role.PLANNER, places.district("1001")), project)
    bad = commands.HeadData(agency="", responsible="หัวหน้าฝ่าย", planned=[5000, 2500, 7500, 10000])
    assert refused(progress.sheet, writer, actionplan.project(_plan(project)), bad) == {"agency", "fourth"}


def _plan(project):
    return core_db.session().get_one(actionplan.ActionPlan, project.action_plan_id)


def test_who_writes_and_who_certifies(db, sheet, writer, second):
    draft = ReportDraft(written_by=second.id, writers=[writer.id])
    elsewhere = accounts.officer(Role.PLANNER, places.district("1001"))
    resident = accounts.actor_of(accounts.person())
    table = {
        writer: (True, False, True),
        second: (False, True, True),
        accounts.officer(Role.PLANNER, places.district()): (True, True, True),
        accounts.officer(Role.PROCUREMENT, places.district()): (False, False, False),
        elsewhere: (False, False, False),
        resident: (False, False, False),
        accounts.officer(Role.STRATEGY): (True, True, True),
    }
    for actor, expected in table.items():
        got = (
            policy.can_write(actor, sheet),
            policy.can_certify(actor, sheet, draft),
            policy.is_on_desk(actor, sheet),
        )
        assert got == expected
    assert not policy.can_open(writer, None)


def test_a_certified_report_is_numbered_hashed_and_counts(db, sheet, writer, second):
    first = progress.report(writer, second, sheet.id, 20, spent_satang=100_000_50)
    assert (first.number, first.for_month, first.certified_by) == (1, dt.date(2026, 11, 1), second.id)
    assert first.sha256 == hashing.sha256_hex(hashing.canonical_json(rules.body_of(first, {})))
    assert (sheet.done, sheet.spent_satang, sheet.reports) == (2000, 100_000_50, 1)
    assert sheet.next_month == dt.date(2026, 12, 1)
    assert queries.draft_of(sheet.id) is None


def test_a_month_to_come_has_no_report(db, sheet, writer, second, clock):
    draft = commands.write_draft(writer, sheet.id, progress.data(10))
    with core_clock.travel(core_clock.now() - dt.timedelta(days=30)), pytest.raises(WrongState):
        commands.send_draft(writer, sheet.id)
    commands.send_draft(writer, sheet.id)
    commands.certify_report(second, sheet.id, draft.version_id)
    with pytest.raises(WrongState, match="ยังมาไม่ถึง"):
        commands.write_draft(writer, sheet.id, progress.data(20))
    assert (queries.draft_of(sheet.id), sheet.next_month) == (None, dt.date(2026, 12, 1))
    clock.travel("2026-12-01 00:10")
    assert commands.write_draft(writer, sheet.id, progress.data(20)).for_month == sheet.next_month


def test_percentages_never_fall_and_money_has_its_bounds(db, sheet, writer, second, clock):
    progress.report(writer, second, sheet.id, 40, spent_satang=400_000_00)
    clock.travel("2026-12-20 09:00")

    def write(done=50, **given):
        return commands.write_draft(writer, sheet.id, progress.data(done, **given))

    assert refused(write, 39) == {"done"}
    assert refused(write, spent_satang=-1) == {"spent_satang"}
    assert refused(write, spent_satang=100_000_01) == {"over_reason"}
    assert refused(write, reported_on=dt.date(2026, 12, 21)) == {"reported_on"}
    draft = write(spent_satang=100_000_01, over_reason="งวดที่ 2 กำลังโอน", is_on_plan=False, text="")
    assert refused(commands.send_draft, writer, sheet.id) == {"text", "reason"}
    with pytest.raises(Conflict):
        write(60)
    commands.write_draft(writer, sheet.id, progress.data(60), version=draft.version_id)
    commands.send_draft(writer, sheet.id)
    with pytest.raises(WrongState):
        commands.write_draft(writer, sheet.id, progress.data(70), version=draft.version_id)
    commands.recall_draft(writer, sheet.id)
    commands.discard_draft(writer, sheet.id)
    assert queries.draft_of(sheet.id) is None


def test_nobody_certifies_what_they_wrote(db, sheet, writer, second):
    version = progress.sent(writer, sheet.id, 10)
    with pytest.raises(NotAllowed):
        commands.certify_report(writer, sheet.id, version)
    with pytest.raises(NotAllowed):
        commands.certify_report(accounts.officer(Role.DIRECTOR, places.district("1001")), sheet.id, version)
    with pytest.raises(Conflict):
        commands.certify_report(second, sheet.id, version + 1)
    assert refused(commands.send_back, second, sheet.id, " ") == {"reason"}
    commands.send_back(second, sheet.id, "ขอให้ระบุจำนวนที่ส่งมอบ")
    with pytest.raises(WrongState):
        commands.certify_report(second, sheet.id, version)
    told = db.scalars(sa.select(Notice.event).where(Notice.person_id == writer.id)).all()
    assert told == ["progress.sent_back"]


def test_nobody_certifies_what_they_wrote_though_a_colleague_wrote_after(db, sheet, second):
    first, colleague = (accounts.officer(Role.PLANNER, places.district()) for _one in range(2))
    draft = commands.write_draft(first, sheet.id, progress.data(90))
    commands.write_draft(colleague, sheet.id, progress.data(90, text="ส่งมอบแล้ว"), version=draft.version_id)
    version = commands.send_draft(colleague, sheet.id).version_id
    assert queries.draft_of(sheet.id).written_by == colleague.id
    for wrote in (first, colleague):
        with pytest.raises(NotAllowed):
            commands.certify_report(wrote, sheet.id, version)
    assert commands.certify_report(second, sheet.id, version).done == 9000


def test_a_correction_is_a_new_report_that_names_the_old_one(db, sheet, writer, second, clock):
    first = progress.report(writer, second, sheet.id, 30, spent_satang=10_000_00)
    clock.travel("2026-12-20 09:00")
    progress.report(writer, second, sheet.id, 50, spent_satang=20_000_00)
    draft = commands.begin_correction(writer, sheet.id, 1)
    assert (draft.done, draft.spent_satang, draft.for_month) == (3000, 10_000_00, dt.date(2026, 11, 1))
    wrong = progress.data(60, correction_reason="ตัวเลขสลับ")
    assert refused(commands.write_draft, writer, sheet.id, wrong, version=draft.version_id) == {"done"}
    third = progress.report(
        writer, second, sheet.id, 35, spent_satang=15_000_00, correction_reason="ตัวเลขสลับ"
    )
    assert (third.number, third.corrects_id) == (3, first.id)
    assert [one.number for one in queries.counting(sheet.id)] == [3, 2]
    assert (sheet.done, sheet.spent_satang, sheet.reports) == (5000, 35_000_00, 3)
    with pytest.raises(WrongState):
        commands.begin_correction(writer, sheet.id, 1)
    told = {one.report.number: (one.corrects, one.corrected_by) for one in queries.reports_of(sheet.id)}
    assert told == {1: (None, 3), 2: (None, None), 3: (1, None)}


@pytest.mark.parametrize("change", ["UPDATE progress_reports SET done = 0", "DELETE FROM progress_reports"])
def test_no_role_changes_a_certified_report(db, sheet, writer, second, change):
    progress.report(writer, second, sheet.id, 30)
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(sa.text(change))


def test_pictures_lose_what_the_camera_wrote_and_become_public_with_their_report(
    db, sheet, writer, second, tmp_path
):
    storage.use_folder(tmp_path)
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (80, 60), "green").save(stream, "JPEG", exif=exif)
    stream.seek(0)
    photo = commands.Photo(stream, "before.jpg", Moment.BEFORE, "ก่อนเริ่มงาน")
    resident = accounts.actor_of(accounts.person())
    draft = commands.write_draft(writer, sheet.id, progress.data(10, photos=[photo]))
    (picture,) = queries.pictures(draft.photos)
    guards, sha256 = queries.FILE_GUARDS, db.get_one(StoredFile, picture.file_id).sha256
    assert guards[queries.DRAFT_PHOTOS](second, draft.id, sha256)
    assert not guards[queries.DRAFT_PHOTOS](resident, draft.id, sha256)
    version = commands.send_draft(writer, sheet.id).version_id
    epoch, _ = state.read()
    report = commands.certify_report(second, sheet.id, version)
    assert state.read()[0] > epoch, "a kept page would go on without it"
    file = db.get_one(StoredFile, picture.file_id)
    assert (file.owner_kind, file.owner_id) == (queries.PHOTOS, report.id)
    assert guards[queries.PHOTOS](resident, report.id, sha256)
    with Image.open(storage.path_of(file.sha256)) as kept:
        assert not kept.getexif()


def test_followers_of_an_idea_hear_of_reports_and_delays(db, project, sheet, writer, second, clock):
    item = plans.item(
        plans.plan(places.community(places.district()), db.get_one(cycles.Cycle, _plan(project).cycle_id))
    )
    actionplan.link(project, item)
    progress.report(writer, second, sheet.id, 10)
    clock.travel("2026-12-20 09:00")
    progress.report(writer, second, sheet.id, 10, is_on_plan=False, reason="ผู้ขายส่งของช้า")
    clock.travel("2027-01-20 09:00")
    progress.report(writer, second, sheet.id, 100)
    told = db.execute(
        sa.select(Notice.event, Notice.params).where(Notice.person_id == item.created_by).order_by(Notice.id)
    ).all()
    assert [row.event for row in told] == ["progress.reported", "progress.delayed", "progress.finished"]
    assert told[1].params["reason"] == "ผู้ขายส่งของช้า"
    with pytest.raises(WrongState):
        commands.write_draft(writer, sheet.id, progress.data(100))


def test_the_citys_own_series_loads_as_it_was_reported(db, clock):
    """Activity 21000000-3230: eleven reports, one without a day, from 10 to 100 percent, no money [S 003]."""
    writer, second = accounts.officer(Role.STRATEGY), accounts.officer(Role.STRATEGY)
    lines = facts.rows("progress_series")
    clock.travel("2020-11-20 09:00")
    own = commands.OwnWords(
        "กิจกรรมระดมความคิดเห็น", "21000000-3230", 2564, dt.date(2020, 10, 1), dt.date(2021, 9, 30)
    )
    sheet = commands.open_bureau_sheet(writer, progress.HEAD, own)
    for line in lines:
        clock.travel(
            f"{line['month']}-28 17:00" if not line["reported_on"] else f"{line['reported_on']} 17:00"
        )
        day = dt.date.fromisoformat(line["reported_on"]) if line["reported_on"] else None
        progress.report(writer, second, sheet.id, int(line["percent"]), text=line["text"], reported_on=day)
    told = queries.reports_of(sheet.id)
    assert [one.report.done // 100 for one in told] == [10, 10, 40, 40, 50, 65, 80, 90, 95, 98, 100]
    assert [one.report.number for one in told if one.report.reported_on is None] == [2]
    assert sum(one.report.reported_on.day > 25 for one in told if one.report.reported_on) == 8
    assert (sheet.done, sheet.spent_satang, sheet.reports) == (10000, 0, 11)


REPORTS = st.lists(
    st.tuples(st.integers(0, 100), st.integers(0, 10**9), st.booleans()), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REPORTS)
def test_whatever_is_tried_percentages_rise_and_sums_are_exact(db, project, writer, second, tries):
    made = actionplan.project(_plan(project))
    sheet = progress.sheet(writer, made)
    spent = 0
    for done, satang, has_reason in tries:
        reason = "เงินงวดถัดไปกำลังโอน" if has_reason else ""
        try:
            progress.report(writer, second, sheet.id, done, spent_satang=satang, over_reason=reason)
            spent += satang
        except (Invalid, WrongState):
            continue
    counting = queries.counting(sheet.id)
    percents = [one.done for one in counting]
    assert percents == sorted(percents)
    assert sheet.spent_satang == spent == sum(one.spent_satang for one in counting)
    assert sheet.done == (percents[-1] if percents else 0)
    assert all(one.over_reason for one in counting if one.spent_satang)
    assert db.scalar(sa.select(sa.func.count()).where(ProgressReport.sheet_id == sheet.id)) == sheet.reports
