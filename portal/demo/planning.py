"""The district's side of the story: projects, merging, the hearing, approval, publication, money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from portal.actionplan import commands as actionplan
from portal.actionplan import queries as actionplan_queries
from portal.actionplan.models import ActionPlan, BudgetKind, MoneyStep, Project, ProjectKind, Section
from portal.actionplan.queries import hearing
from portal.actionplan.sheet import Sheet
from portal.comments import commands as comments
from portal.comments.models import Comment, Purpose
from portal.core import db
from portal.core.actor import Actor
from portal.demo import facts
from portal.demo.stage import Stage
from portal.screening import queries as screening

BUDGETS = {
    "none": BudgetKind.NONE,
    "annual": BudgetKind.ANNUAL_EXPENDITURE,
}
OFFICE = "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"


def project_of(name: str, fiscal_year: int, satang: int, **heads: str) -> Sheet:
    """A project of the community section with an amount, for its whole fiscal year."""
    first = dt.date(fiscal_year - 544, 10, 1)
    return Sheet(
        kind=ProjectKind.PROJECT,
        name=name,
        starts_on=first,
        ends_on=dt.date(first.year + 1, 9, 30),
        budget_kind=BudgetKind.AMOUNT,
        budget_satang=satang,
        section=Section.COMMUNITY_WELFARE,
        fund_source="งบประมาณกรุงเทพมหานคร",
        **{
            "rationale": "รวมข้อเสนอของชุมชนที่ผ่านการกลั่นกรองและมีวัตถุประสงค์เดียวกันไว้ในโครงการเดียว (ตัวอย่าง)",
            "objectives": "ให้ชุมชนที่เสนอได้รับประโยชน์ตามแผนพัฒนาชุมชน",
            "outputs": "ชุมชนที่เสนอได้รับครุภัณฑ์หรือบริการครบตามจำนวน",
            "area": "ชุมชนในพื้นที่เขตดุสิตที่เสนอ",
            "method": "สำรวจความต้องการซ้ำ จัดทำขอบเขตงาน จัดซื้อจัดจ้าง ส่งมอบ และตรวจรับร่วมกับชุมชน",
            "indicators": "ร้อยละของชุมชนที่ได้รับตามข้อเสนอ",
            **heads,
        },
    )


def office_lines(fiscal_year: int) -> list[Sheet]:
    """The 26 lines of the district's own plan: names, kinds, sections and budget words as printed for FY2566–2570.
    Each stands under the line of the district's strategy that its number begins with; the city's line is our reading."""
    first = dt.date(fiscal_year - 544, 10, 1)
    return [
        Sheet(
            kind=ProjectKind(row["kind"]),
            name=row["name"],
            starts_on=first,
            ends_on=dt.date(first.year + 1, 9, 30),
            budget_kind=BUDGETS[row["budget"]],
            budget_satang=None,
            section=Section(row["section"]),
            sections_text=row["sections_text"],
            printed_number=row["number"],
            rationale="อยู่ในแผนของสำนักงานเขตดุสิต พ.ศ. 2566–2570",
            objectives=row["objective"],
            outputs=row["output"],
            area="สำนักงานเขตดุสิตและพื้นที่เขตดุสิต",
            method="ดำเนินการตามหน้าที่ของฝ่ายที่รับผิดชอบตลอดปีงบประมาณ",
            indicators=row["indicator"],
        )
        for row in facts.rows("dusit_26")
    ]


def accepted_by_title(cycle_id: int) -> dict[str, list[int]]:
    """Finally accepted items of a cycle, by title."""
    found: dict[str, list[int]] = {}
    for row in screening.final_accepted_items(cycle_id):
        found.setdefault(row.title, []).append(row.item_id)
    return found


def draft(
    stage: Stage,
    cycle_id: int,
    fiscal_year: int,
    at: dt.datetime,
    names: Mapping[str, str],
    *,
    with_office: bool,
) -> int:
    """A draft: one project per title of accepted items (``names`` maps an item's title to its project's name), and the
    office's own lines. Returns the plan's id."""
    planner = stage.cast.actor("planner")
    serves: dict[int, tuple[int, int]] = {}
    with stage.at(at):
        plan = actionplan.begin_plan(planner, cycle_id)
    with stage.at(at + dt.timedelta(days=1)):
        plan = db.session().get_one(ActionPlan, plan.id)
        amounts = {row.item_id: row.accepted_satang for row in screening.final_accepted_items(cycle_id)}
        for title, item_ids in accepted_by_title(cycle_id).items():
            name = names.get(title, f"โครงการ{title}")
            total = sum(amounts[item_id] for item_id in item_ids)
            sheet = project_of(name, fiscal_year, total)
            serves[actionplan.add_project(planner, plan, sheet, tuple(item_ids)).id] = stage.nodes(title)
        for sheet, row in zip(office_lines(fiscal_year), facts.rows("dusit_26"), strict=True):
            if with_office:
                nodes = stage.nodes_numbered(row["number"][0], row["strategy"])
                serves[actionplan.add_project(planner, plan, sheet).id] = nodes
    with stage.at(at + dt.timedelta(days=2)):
        for project_id, nodes in serves.items():
            for node in nodes:
                actionplan.add_node(planner, db.session().get_one(Project, project_id), node)
    return plan.id


def hear(stage: Stage, plan_id: int, at: dt.datetime, remarks: Iterable[tuple[str, str]]) -> None:
    """Open the hearing; residents speak on the plan and on its first projects, a few days apart."""
    with stage.at(at):
        actionplan.open_hearing(stage.cast.actor("planner"), db.session().get_one(ActionPlan, plan_id))
    for number, (part, words) in enumerate(remarks):
        with stage.at(at + dt.timedelta(days=2 + number, hours=number)):
            plan = db.session().get_one(ActionPlan, plan_id)
            topic_ids = [
                plan.topic_id,
                *db.session().scalars(
                    sa.select(Project.topic_id)
                    .where(Project.action_plan_id == plan_id)
                    .order_by(Project.position)
                    .limit(3)
                ),
            ]
            comments.post(
                stage.cast.actor(part), topic_ids[number % len(topic_ids)], words, purpose=Purpose.HEARING
            )


def answer(stage: Stage, plan_id: int, at: dt.datetime, text: str) -> None:
    """One reply for every remark of the hearing."""
    with stage.at(at):
        answer_as(stage.cast.actor("planner"), db.session().get_one(ActionPlan, plan_id), text)


def answer_as(planner: Actor, plan: ActionPlan, text: str) -> None:
    """The same, inside a transaction, by a given planner."""
    waiting = list(
        db.session().scalars(
            sa.select(Comment.id).where(
                Comment.topic_id.in_(hearing.topic_ids(plan)),
                Comment.purpose == Purpose.HEARING,
                Comment.reply_id.is_(None),
            )
        )
    )
    actionplan.answer_hearing(planner, plan, waiting, text, OFFICE)


def approve(stage: Stage, plan_id: int, at: dt.datetime) -> None:
    """The hearing is over and answered; the director has read the plan and approves it."""
    with stage.at(at):
        actionplan.finish_hearing(stage.cast.actor("planner"), db.session().get_one(ActionPlan, plan_id))
    with stage.at(at + dt.timedelta(hours=3)):
        approve_as(stage.cast.actor("director"), db.session().get_one(ActionPlan, plan_id))


def approve_as(director: Actor, plan: ActionPlan) -> None:
    """Approve what stands there now, inside a transaction."""
    actionplan.approve_plan(director, plan, actionplan_queries.content_sha256(plan))


def publish(stage: Stage, plan_id: int, at: dt.datetime) -> None:
    """Edition 1."""
    with stage.at(at):
        actionplan.publish_plan(stage.cast.actor("director"), db.session().get_one(ActionPlan, plan_id))


def fund(
    stage: Stage,
    plan_id: int,
    steps: Sequence[tuple[MoneyStep, dt.datetime, str]],
    *,
    only: Sequence[str] = (),
    percent: int = 100,
) -> None:
    """Walk the money of projects with an amount, or a part of it, through its steps."""
    for step, at, note in steps:
        with stage.at(at):
            projects = db.session().scalars(
                sa.select(Project).where(
                    Project.action_plan_id == plan_id, Project.budget_kind == BudgetKind.AMOUNT
                )
            )
            for project in projects:
                if not only or project.name in only:
                    actionplan.record_money(
                        stage.cast.actor("planner"),
                        project,
                        step,
                        (project.budget_satang or 0) * percent // 100,
                        at.date(),
                        note,
                    )


def project_named(plan_id: int, name: str) -> int:
    """The id of a plan's project."""
    with db.transaction("read"):
        return (
            db.session()
            .scalars(sa.select(Project.id).where(Project.action_plan_id == plan_id, Project.name == name))
            .one()
        )
