"""What the demonstration says can all be true at once: no money before it came, no day before the one it needs."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa

from portal.accounts.models import Residency
from portal.actionplan.models import ActionPlan, MoneyStep, Project, ProjectItem, ProjectMoney
from portal.core import clock
from portal.core import db as core_db
from portal.core.ledger import LedgerEntry
from portal.cycles import queries as cycles
from portal.cycles.models import Cycle, PhaseKind
from portal.demo import calendar, facts
from portal.demo.years.y2569 import TENTS
from portal.forums.models import Attendance, Forum, Issue
from portal.observation.models import Report, Signup
from portal.plans.models import Item, Plan
from portal.procurement.models import (
    Contract,
    Instalment,
    Process,
    ProcessProject,
    ProcessState,
    RuleOverride,
    Step,
    StepKind,
)
from portal.progress.models import ProgressReport, ProgressSheet, ReportDraft
from portal.screening.models import Answer, CardAnswer, Case
from portal.voting.models import Candidate, Round, RoundState

LONGEST_WAIT = dt.timedelta(days=14)
YEAR_BEFORE = 544  # a fiscal year (BE) begins in October of the year before


@pytest.fixture
def held(demo_url):
    with core_db.transaction("read") as session:
        yield session


def money(held, project_id, step, day=dt.date.max):
    """What a project has of a step by a day: the newest entry, which says the sum so far."""
    found = held.scalar(
        sa.select(ProjectMoney.amount_satang)
        .where(ProjectMoney.project_id == project_id, ProjectMoney.step == step, ProjectMoney.on <= day)
        .order_by(ProjectMoney.id.desc())
        .limit(1)
    )
    return found or 0


def projects_of(held, process_id):
    """(id, fiscal year) of the projects something is bought for."""
    return held.execute(
        sa.select(Project.id, Cycle.fiscal_year)
        .join(ProcessProject, ProcessProject.project_id == Project.id)
        .join(ActionPlan, ActionPlan.id == Project.action_plan_id)
        .join(Cycle, Cycle.id == ActionPlan.cycle_id)
        .where(ProcessProject.process_id == process_id)
    ).all()


def contracts(held):
    return held.scalars(sa.select(Contract).order_by(Contract.signed_on, Contract.id)).all()


def test_nothing_is_paid_before_the_money_was_transferred(held):
    paid = sa.select(Contract.process_id, Instalment.paid_on, Instalment.paid_satang)
    rows = held.execute(paid.join(Contract).where(Instalment.paid_on.is_not(None))).all()
    assert rows
    for row in rows:
        so_far = sum(
            one.paid_satang for one in rows if one.process_id == row.process_id and one.paid_on <= row.paid_on
        )
        arrived = sum(
            money(held, project.id, MoneyStep.TRANSFERRED, row.paid_on)
            for project in projects_of(held, row.process_id)
        )
        assert so_far <= arrived, row


def test_nobody_receives_more_than_was_allocated(held):
    moves = sa.select(ProjectMoney).where(ProjectMoney.step == MoneyStep.TRANSFERRED)
    for row in held.scalars(moves):
        assert row.amount_satang <= money(held, row.project_id, MoneyStep.ALLOCATED, row.on), row.note


def test_a_contract_waits_for_its_year_and_its_money(held):
    assert contracts(held)
    for one in contracts(held):
        for project in projects_of(held, one.process_id):
            assert one.signed_on >= dt.date(project.fiscal_year - YEAR_BEFORE, 10, 1), one.number
            assert money(held, project.id, MoneyStep.ALLOCATED, one.signed_on) >= one.signed_satang


def test_contracts_are_numbered_in_the_order_of_their_days(held):
    numbers = [int(one.number.removeprefix("ตย. ").partition("/")[0]) for one in contracts(held)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_steps_follow_one_another(held):
    steps = sa.select(Step).where(Step.actual_on.is_not(None)).order_by(Step.process_id, Step.position)
    for process_id in held.scalars(sa.select(Process.id)):
        days = [one.actual_on for one in held.scalars(steps.where(Step.process_id == process_id))]
        assert days == sorted(days)


def test_only_the_real_notice_goes_against_a_rule_of_law(held):
    """The reason that is given names the real notice; no invented purchase may need it."""
    broken = sa.select(Process.title).join(Step).join(RuleOverride, RuleOverride.step_id == Step.id)
    titles = held.scalars(broken).all()
    assert titles
    assert all(title.startswith(TENTS) for title in titles)


def test_whoever_has_no_bids_asked_for_them(held):
    """A purchase that is called off because nobody bid had invited bids, and the money for it was not sent."""
    called_off = sa.select(Process).where(
        Process.state == ProcessState.CANCELLED, Process.cancel_reason.contains("ไม่มีผู้ยื่นข้อเสนอ")
    )
    (one,) = held.scalars(called_off)
    opened = sa.select(Step.actual_on).where(Step.process_id == one.id, Step.kind == StepKind.BID_OPENING)
    assert held.scalar(opened) <= one.ended_on
    for project in projects_of(held, one.id):
        assert money(held, project.id, MoneyStep.TRANSFERRED) == 0


def test_no_report_says_more_than_was_bought(held):
    """Nothing is done while every purchase was called off; what was spent by a day was paid by that day."""
    reports = held.scalars(sa.select(ProgressReport).order_by(ProgressReport.number)).all()
    newer = {one.corrects_id for one in reports}
    counting = [one for one in reports if one.id not in newer]
    written = [*counting, *held.scalars(sa.select(ReportDraft))]
    project_of = {one.id: one.project_id for one in held.scalars(sa.select(ProgressSheet))}
    bought = sa.select(Process).join(ProcessProject)
    for one in written:
        processes = held.scalars(bought.where(ProcessProject.project_id == project_of[one.sheet_id])).all()
        if processes and all(each.state is ProcessState.CANCELLED for each in processes):
            assert one.done == 0, one.text
        spent = sum(
            each.spent_satang for each in counting if each.sheet_id == one.sheet_id and each.id <= one.id
        )
        paid = sa.select(sa.func.coalesce(sa.func.sum(Instalment.paid_satang), 0)).join(Contract)
        paid = paid.where(Contract.process_id.in_([each.id for each in processes]))
        if one in counting and one.reported_on is not None:
            assert spent <= held.scalar(paid.where(Instalment.paid_on <= one.reported_on)), one.text


def test_no_report_is_of_a_month_to_come(held):
    for model in (ProgressReport, ReportDraft):
        for one in held.scalars(sa.select(model)):
            assert one.for_month <= (one.reported_on or calendar.NOW.date()) <= calendar.NOW.date(), one.text


def test_nobody_observes_what_was_not_announced(held):
    """Signing up comes after the step was planned, the report after it happened."""
    planned = sa.select(LedgerEntry).where(LedgerEntry.event == "process.step_planned")
    told: dict[tuple[int, str], dt.datetime] = {}
    for entry in held.scalars(planned.order_by(LedgerEntry.at)):
        told.setdefault((entry.subject_id, json.loads(entry.payload)["changes"]["step"]), entry.at)
    signups = held.scalars(sa.select(Signup)).all()
    assert signups
    for one in signups:
        step = held.get_one(Step, one.step_id)
        assert told[step.process_id, step.kind] <= one.asked_at
    reports = sa.select(Report.submitted_at, Step.actual_on)
    reports = reports.join(Signup, Signup.id == Report.signup_id).join(Step, Step.id == Signup.step_id)
    for submitted_at, day in held.execute(reports):
        assert day is not None
        assert day <= clock.day_of(submitted_at)


def test_no_issue_has_more_hands_than_its_forum_has_people(held):
    came = sa.select(sa.func.sum(Attendance.people)).where(Attendance.forum_id == Forum.id)
    hands = sa.func.max(sa.case((Issue.votes > Issue.raised_by, Issue.votes), else_=Issue.raised_by))
    rows = sa.select(Forum.id, came.scalar_subquery(), hands).join(Issue).group_by(Forum.id)
    assert [forum for forum, people, most in held.execute(rows) if most > people] == []


def test_nobody_has_waited_for_a_residence_since_the_portal_began(held):
    rows = held.scalars(sa.select(Residency)).all()
    waiting = [one for one in rows if one.decided_at is None]
    assert waiting
    assert all(calendar.NOW - LONGEST_WAIT <= one.requested_at <= calendar.NOW for one in waiting)
    decided = [one for one in rows if one.decided_at is not None]
    assert all(one.requested_at < one.decided_at <= calendar.NOW for one in decided)


def test_the_money_received_is_one_figure_on_every_page(held, demo_visit):
    """On the project, its progress and the dossiers of its ideas, also where it came in two instalments."""
    name = f"โครงการ{facts.items()['sound']['title']}"
    project = held.scalars(sa.select(Project).where(Project.name == name)).one()
    sheet = held.scalar(sa.select(ProgressSheet.id).where(ProgressSheet.project_id == project.id))
    amounts = held.scalars(
        sa.select(ProjectMoney.amount_satang)
        .where(ProjectMoney.project_id == project.id, ProjectMoney.step == MoneyStep.TRANSFERRED)
        .order_by(ProjectMoney.id)
    ).all()
    assert len(amounts) == 2
    before, now = (f"฿{satang // 100:,}" for satang in amounts)
    visitor = demo_visit("")
    page = visitor.get(f"/actionplan/projects/{project.id}", status=200).page
    assert f"โอนแล้ว ผ่านแล้ว {now}" in page.text
    assert f"รวม {now} ถึงวันที่" in visitor.get(f"/progress/{sheet}", status=200).page.text
    dossier = next(link for link in page.links if link.startswith("/dossier/"))
    text = visitor.get(dossier, status=200).page.text
    assert now in text
    assert before not in text


def test_nobody_votes_on_what_is_bought_already(held):
    """Of what the public may read; a round that was cancelled says that it was bought otherwise."""
    on_offer = (
        sa.select(Round.title, Candidate.name, Contract.signed_on)
        .join(Candidate, Candidate.round_id == Round.id)
        .join(ProjectItem, ProjectItem.item_id == Candidate.item_id)
        .join(ProcessProject, ProcessProject.project_id == ProjectItem.project_id)
        .join(Contract, Contract.process_id == ProcessProject.process_id)
        .where(Round.state.not_in([RoundState.DRAFT, RoundState.PROPOSED, RoundState.CANCELLED]))
    )
    assert held.execute(on_offer).all()
    assert held.execute(on_offer.where(Contract.signed_on < sa.func.date(Round.opens_at))).all() == []


def test_no_plan_that_was_found_within_the_ceiling_is_above_it(held):
    asked = sa.func.sum(Item.budget_satang)
    plans = (
        sa.select(Plan.id, Cycle.id.label("cycle_id"), asked.label("asked"))
        .join(Cycle, Cycle.id == Plan.cycle_id)
        .join(Item, Item.plan_id == Plan.id)
        .where(
            sa.exists().where(
                Case.plan_id == Plan.id,
                CardAnswer.case_id == Case.id,
                CardAnswer.criterion == "within_ceiling",
                CardAnswer.answer == Answer.MET,
            )
        )
        .group_by(Plan.id, Cycle.id)
    )
    rows = held.execute(plans).all()
    assert rows
    ceilings = {
        one.cycle_id: cycles.rules_in(one.cycle_id, PhaseKind.SUBMISSION).community_ceiling_satang
        for one in rows
    }
    assert [one.id for one in rows if one.asked > ceilings[one.cycle_id]] == []
