"""What the three years of Dusit leave out: other districts at other hours of their year, and the odd states of life.

The other districts' years are made up; they colour the map and show action plans in the states Dusit is not in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from portal.accounts import commands as accounts
from portal.accounts.commands.grants import Order
from portal.accounts.models import GrantRow
from portal.actionplan import commands as actionplan
from portal.actionplan import queries as actionplan_queries
from portal.actionplan.models import ActionPlan, Project
from portal.actionplan.queries import hearing
from portal.actionplan.sheet import prepared
from portal.comments import commands as comments
from portal.comments.models import Comment
from portal.core import clock, db
from portal.core.actor import Role
from portal.cycles import commands as cycles
from portal.cycles import defaults
from portal.demo import calendar, facts, planning, sittings
from portal.demo.calendar import moment
from portal.demo.cast import officer_for
from portal.demo.stage import Stage
from portal.places.models import District
from portal.plans.models import Item, Plan
from portal.strategy import commands as strategy
from portal.strategy.models import Node, Tree

YEAR = 2571
# How many days earlier (or later, below zero) than Dusit's a district's year runs; read round and round.
EARLIER = (0, -25, 60, -45, 110, 10, 130, -30, 150, 40)
HEARING, ANSWERED, APPROVED, REOPENED, DRAFTED = 1014, 1037, 1029, 1013, 1004
LATE = {HEARING: 125, ANSWERED: 170, APPROVED: 170, REOPENED: 170, DRAFTED: 60}
AREA = "ชุมชนในพื้นที่ของเขต"
LEAVE_OUT = frozenset({1024, 1036, 1045})


def play(stage: Stage) -> None:
    """Other districts, then grants, rules, remarks and a strategy draft that wait for somebody."""
    stage.say("Other districts and odd states")
    _districts(stage)
    _rules(stage)
    _grants(stage)
    _standing_in(stage)
    _remarks(stage)
    _strategy(stage)


def _districts(stage: Stage) -> None:
    with db.transaction("read"):
        codes = list(db.session().scalars(sa.select(District.id).order_by(District.id)))
    for number, code in enumerate(code for code in codes if code != facts.DUSIT and code not in LEAVE_OUT):
        earlier = LATE.get(code, EARLIER[number % len(EARLIER)])
        cycle_id = _year_of(stage, code, dt.timedelta(days=earlier))
        if code in LATE:
            _plan_of(stage, code, cycle_id)


def _year_of(stage: Stage, district_id: int, earlier: dt.timedelta) -> int:
    windows = {kind: (a - earlier, b - earlier) for kind, (a, b) in calendar.windows(YEAR).items()}
    proposer, confirmer = stage.cast.actor("strategy"), stage.cast.actor("strategy2")
    with stage.at(moment(2026, 9, 8) - earlier):
        cycle = cycles.open_cycle(proposer, district_id, YEAR)
        body = defaults.default_rules(YEAR, windows)
        cycles.confirm_rules(confirmer, cycles.propose_rules(proposer, cycle, body, "กติกาประจำรอบปี (ตัวอย่าง)"))
        return cycle.id


def _plan_of(stage: Stage, district_id: int, cycle_id: int) -> None:
    """An action plan of one project in the state its district stands for."""
    with stage.at(calendar.NOW - dt.timedelta(days=90)):
        planner = officer_for(stage.cast, Role.PLANNER, district_id)
        director = officer_for(stage.cast, Role.DIRECTOR, district_id)
        resident = stage.cast.people["resident"].id
    with stage.at(calendar.NOW - dt.timedelta(days=80)):
        plan = actionplan.begin_plan(stage.cast.actor_of(planner), cycle_id)
        sheet = planning.project_of("โครงการตัวอย่างเพื่อการรับฟังความคิดเห็น", YEAR, 500_000_00)
        sheet = replace(sheet, area=AREA)
        actionplan.add_project(stage.cast.actor_of(planner), plan, sheet)
    if district_id == DRAFTED:
        return
    if district_id in (HEARING, ANSWERED):
        sittings.appoint(stage, planner, plan.id, calendar.NOW - dt.timedelta(days=75))
    if district_id == HEARING:
        opened = calendar.NOW - dt.timedelta(days=5)
    else:
        opened = calendar.NOW - dt.timedelta(days=50)
    with stage.at(opened):
        actionplan.open_hearing(stage.cast.actor_of(planner), db.session().get_one(ActionPlan, plan.id))
    with stage.at(opened + dt.timedelta(days=1)):
        comments.post(
            stage.cast.actor_of(resident),
            db.session().get_one(ActionPlan, plan.id).topic_id,
            "ขอให้เพิ่มชุมชนริมทางรถไฟเข้าในพื้นที่โครงการ",
        )
    if district_id == HEARING:
        sittings.resolve(stage, planner, plan.id, calendar.NOW - dt.timedelta(days=3))
        _together(stage, planner, plan.id)
        return
    with stage.at(calendar.NOW - dt.timedelta(days=12)):
        plan = db.session().get_one(ActionPlan, plan.id)
        planning.answer_as(stage.cast.actor_of(planner), plan, "รับไว้พิจารณาขยายพื้นที่ในปีถัดไป")
        actionplan.finish_hearing(stage.cast.actor_of(planner), plan)
    if district_id == ANSWERED:
        return
    with stage.at(calendar.NOW - dt.timedelta(days=6)):
        plan = db.session().get_one(ActionPlan, plan.id)
        planning.approve_as(stage.cast.actor_of(director), plan)
    if district_id == REOPENED:
        with stage.at(calendar.NOW - dt.timedelta(days=5)):
            actionplan.publish_plan(stage.cast.actor_of(director), db.session().get_one(ActionPlan, plan.id))
        _changed(stage, planner, director, plan.id)
        with stage.at(calendar.NOW - dt.timedelta(days=2)):
            plan = db.session().get_one(ActionPlan, plan.id)
            actionplan.reopen_plan(stage.cast.actor_of(planner), plan, "ปรับวงเงินตามที่สภากรุงเทพมหานครเห็นชอบ")
        with stage.at(calendar.NOW - dt.timedelta(days=1)):
            _write(stage, planner, plan.id, budget_satang=480_000_00)


def _changed(stage: Stage, planner: int, director: int, plan_id: int) -> None:
    """A second edition: the planner changes the sheet of the project, the director publishes it with its reason."""
    reason = "ขยายพื้นที่ตามความเห็นในการรับฟัง"
    with stage.at(calendar.NOW - dt.timedelta(days=4)):
        plan = db.session().get_one(ActionPlan, plan_id)
        actionplan.reopen_plan(stage.cast.actor_of(planner), plan, reason)
    with stage.at(calendar.NOW - dt.timedelta(days=4) + dt.timedelta(hours=2)):
        _write(stage, planner, plan_id, budget_satang=520_000_00, area=f"{AREA} และชุมชนริมทางรถไฟ")
    with stage.at(calendar.NOW - dt.timedelta(days=3)):
        plan = db.session().get_one(ActionPlan, plan_id)
        seen = actionplan_queries.content_sha256(plan)
        actionplan.publish_edition(stage.cast.actor_of(director), plan, seen, reason)


def _write(stage: Stage, planner: int, plan_id: int, **fields: Any) -> None:
    """The planner writes on the sheet of the plan's project."""
    project = db.session().scalars(sa.select(Project).where(Project.action_plan_id == plan_id)).one()
    written = replace(prepared(project), **fields)
    actionplan.write_project(stage.cast.actor_of(planner), project, project.version_id, written)


def _together(stage: Stage, planner: int, plan_id: int) -> None:
    """Another resident says the same at the hearing; the planner puts the two remarks together."""
    with stage.at(calendar.NOW - dt.timedelta(days=2)):
        topic_id = db.session().get_one(ActionPlan, plan_id).topic_id
        comments.post(stage.cast.actor("resident2"), topic_id, "ชุมชนริมทางรถไฟควรได้อยู่ในพื้นที่โครงการด้วย")
    with stage.at(calendar.NOW - dt.timedelta(days=1)):
        plan = db.session().get_one(ActionPlan, plan_id)
        said = hearing.waiting_ids(plan)
        actionplan.group_remarks(stage.cast.actor_of(planner), plan, said, "ขยายพื้นที่โครงการ")


def _rules(stage: Stage) -> None:
    """Rules of the year after next: one proposal sent back, a better one waiting."""
    proposer, confirmer = stage.cast.actor("planner"), stage.cast.actor("director")
    with stage.at(moment(2026, 11, 9)):
        cycle = cycles.open_cycle(proposer, facts.DUSIT, YEAR + 1)
        body = defaults.default_rules(YEAR + 1, calendar.windows(YEAR + 1), min_forums=1)
        proposal = cycles.propose_rules(proposer, cycle, body, "ร่างกติกาปีถัดไป")
    with stage.at(moment(2026, 11, 10)):
        cycles.send_back_rules(confirmer, proposal, "ขอให้คงเวทีประชาคมอย่างน้อยสองครั้ง")
    with stage.at(moment(2026, 11, 12)):
        body = defaults.default_rules(YEAR + 1, calendar.windows(YEAR + 1))
        cycles.propose_rules(proposer, cycle, body, "ร่างกติกาปีถัดไป ฉบับแก้ไข")


def _grants(stage: Stage) -> None:
    """A grant that waits for its second person, and one that was taken back."""
    admin, admin2 = stage.cast.actor("admin"), stage.cast.actor("admin2")
    with clock.travel(moment(2026, 11, 16)):
        order = Order(Role.REGISTRY, facts.DUSIT, "คำสั่งตัวอย่าง ที่ 7/2569", clock.today())
    with stage.at(moment(2026, 11, 16)):
        accounts.propose_grant(admin, stage.cast.people["resident3"].email, order)
        revoked = accounts.propose_grant(admin, stage.cast.people["resident4"].email, order)
    with stage.at(moment(2026, 11, 17)):
        accounts.confirm_grant(admin2, db.session().get_one(GrantRow, revoked.id))
    with stage.at(moment(2026, 11, 18)):
        accounts.revoke_grant(admin2, db.session().get_one(GrantRow, revoked.id), "ย้ายไปช่วยราชการเขตอื่น")


def _standing_in(stage: Stage) -> None:
    """A planner also keeps the vacant post of another district, so has two places to work for."""
    admin, admin2 = stage.cast.actor("admin"), stage.cast.actor("admin2")
    with stage.at(moment(2026, 11, 18)):
        order = Order(Role.PLANNER, DRAFTED, "คำสั่งตัวอย่าง ที่ 8/2569 (รักษาการ)", clock.today())
        email = stage.cast.people[f"{Role.PLANNER}-{HEARING}"].email
        grant = accounts.propose_grant(admin, email, order)
    with stage.at(moment(2026, 11, 18, 14)):
        accounts.confirm_grant(admin2, db.session().get_one(GrantRow, grant.id))


def _remarks(stage: Stage) -> None:
    """A conversation on ideas; one remark reported, one hidden."""
    with db.transaction("read"):
        topic_ids = list(
            db.session().scalars(
                sa.select(Item.topic_id)
                .join(Plan, Plan.id == Item.plan_id)
                .where(Plan.id.in_([id_ for (year, _), id_ in stage.plans.items() if year == YEAR - 1]))
                .order_by(Item.id)
                .limit(8)
            )
        )
    words = (
        "ดีมาก เรื่องนี้ชุมชนรอมาหลายปี",
        "ขอทราบว่าใครเป็นผู้ดูแล และใช้ได้อย่างไร",
        "ขอให้ผู้สูงอายุได้ใช้ก่อน",
        "ราคาสูงไปหรือไม่ ปีที่แล้วชุมชนข้างเคียงซื้อได้ถูกกว่า",
    )
    made = []
    for number, topic_id in enumerate(topic_ids):
        with stage.at(moment(2026, 11, 13, 18, 5 * number)):
            part = ("resident", "resident2")[number % 2]
            made.append(comments.post(stage.cast.actor(part), topic_id, words[number % len(words)]).id)
    with stage.at(moment(2026, 11, 14, 9)):
        advert = comments.post(stage.cast.actor("resident3"), topic_ids[0], "รับเหมาก่อสร้างราคาถูก โทรสอบถามได้")
    with stage.at(moment(2026, 11, 14, 10)):
        comments.report(stage.cast.actor("resident"), _remark(advert.id), "โฆษณา ไม่เกี่ยวกับข้อเสนอ")
    with stage.at(moment(2026, 11, 14, 11)):
        comments.hide(stage.cast.actor("moderator"), _remark(advert.id), "โฆษณา")
    with stage.at(moment(2026, 11, 20, 9)):
        comments.report(stage.cast.actor("resident2"), _remark(made[0]), "ขอให้ตรวจสอบ")


def _remark(comment_id: int) -> Comment:
    return db.session().get_one(Comment, comment_id)


def _strategy(stage: Stage) -> None:
    """The next version of the district's own strategy is being written, with a first indicator."""
    office = stage.cast.actor("strategy")
    with stage.at(moment(2026, 11, 17)):
        tree_id = (
            db.session()
            .scalars(sa.select(Tree.id).where(Tree.district_id == facts.DUSIT).order_by(Tree.id).limit(1))
            .one()
        )
        draft = strategy.begin_version(office, tree_id)
    with stage.at(moment(2026, 11, 18)):
        node_id = (
            db.session().execute(sa.select(sa.func.max(Node.id)).where(Node.tree_id == draft.id)).scalar_one()
        )
        goals = [strategy.Goal(YEAR, "80", "สำนักงานเขตดุสิต")]
        strategy.write_indicator(
            office, node_id, None, "ร้อยละของข้อเสนอชุมชนที่ทำเสร็จในปี (ตัวอย่าง)", "ร้อยละ", goals, []
        )
