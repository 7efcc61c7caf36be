"""Fiscal year 2571 is being planned: somewhere in the district every state of every life cycle can be seen."""

from __future__ import annotations

import dataclasses
import datetime as dt

from portal.core import clock, db
from portal.core.actor import Actor
from portal.demo import facts, workbook
from portal.demo.calendar import moment, turn
from portal.demo.cast import WALKED
from portal.demo.stage import Stage, accepted
from portal.demo.years import y2570
from portal.forums import commands as forums
from portal.forums.models import Forum, ForumPurpose
from portal.places.models import Community
from portal.plans import commands as plans
from portal.plans import queries as plan_queries
from portal.plans.models import Item, Plan, ReviewMark, Side
from portal.screening import commands as screening
from portal.screening.decisions import DecisionData
from portal.screening.models import Answer, Case, Outcome

YEAR = 2571
FIRST_FORUM = moment(2026, 10, 9, 17)
SECOND_FORUM = moment(2026, 10, 24, 17)
SETS = (
    ("fire", "pressure"),
    ("solar", "training"),
    ("cctv", "elderly"),
    ("gym", "waste"),
    ("drain", "garden"),
)
AGENCIES = {
    Side.PHYSICAL: "สำนักการโยธา",
    Side.ECONOMY: "สำนักพัฒนาสังคม",
    Side.SOCIAL: "สำนักพัฒนาสังคม",
    Side.HEALTH: "สำนักอนามัย",
    Side.MIND: "สำนักพัฒนาสังคม",
}


def play(stage: Stage) -> None:
    """Forums, plans and screening up to 21 November 2026."""
    stage.say("Fiscal year 2571: being planned")
    cycle_id = stage.open_year(YEAR, moment(2026, 9, 8))
    places = [(name, one) for name, one in stage.cast.communities.items() if name != WALKED]
    issues = {}
    for number, (name, community) in enumerate(places):
        start = turn(FIRST_FORUM, number, 4, dt.timedelta(minutes=30))
        stage.hold_forum(community, ForumPurpose.PLAN_1, start)
        if number >= 6:
            issues[name] = stage.hold_forum(
                community,
                ForumPurpose.PLAN_2,
                turn(SECOND_FORUM, number, 4, dt.timedelta(minutes=30)),
                SETS[number % len(SETS)],
            )
    _walked(stage, cycle_id)
    _forums_to_come(stage, places[:6])
    for number, (name, community) in enumerate(places[6:]):
        at = turn(moment(2026, 11, 6, 8), number, 12, dt.timedelta(minutes=50))
        plan_id = stage.plans[YEAR, name] = stage.begin(cycle_id, community, at)
        first, second = issues[name]
        said = _review(stage, name, first)
        if number == 0:
            said = dict(list(said.items())[:1])
        stage.propose(plan_id, community, first, at + dt.timedelta(minutes=30), issues[name][first])
        carried = stage.review(plan_id, community, said, at + dt.timedelta(minutes=40))
        if not carried:
            stage.propose(plan_id, community, second, at + dt.timedelta(minutes=50), issues[name][second])
    signed = places[9:]
    for number, (name, community) in enumerate(signed):
        at = turn(moment(2026, 11, 10, 8), number, 20, dt.timedelta(minutes=30))
        stage.sign(stage.plans[YEAR, name], community, at)
    handed_in = signed[2:]
    for number, (name, community) in enumerate(handed_in):
        at = turn(moment(2026, 11, 12, 9), number, 16, dt.timedelta(minutes=30))
        stage.submit(stage.plans[YEAR, name], community, at)
    _returned_and_withdrawn(stage, handed_in[4:6])
    _handed_in_again(stage, *handed_in[6])
    _screened(stage, cycle_id, handed_in[6:])
    _name, corrected = handed_in[6:][4]
    stage.announce(corrected, ForumPurpose.MONTHLY, moment(2026, 12, 12, 9), moment(2026, 11, 20, 9))


def _review(stage: Stage, name: str, first: str) -> dict[int, tuple[ReviewMark, str]]:
    """What a committee says of its plan for 2570: what the district took on is done, what it put off is asked for again
    (unless the new plan's first item serves the same side), what it refused is dropped."""
    place = list(stage.cast.communities).index(name)
    done, second = (stage.items[YEAR - 1, name, key] for key in y2570.PAIRS[place % len(y2570.PAIRS)])
    sides = {key: item["side"] for key, item in facts.items().items()}
    serves_another = sides[first] != sides[y2570.PAIRS[place % len(y2570.PAIRS)][1]]
    in_plan = (ReviewMark.DONE, "อยู่ในแผนของเขตปี 2570 แล้ว คณะกรรมการติดตามการจัดซื้อ")
    marks = {
        3: (ReviewMark.KEEP, "เขตเลื่อนมาพิจารณาปีนี้ และชุมชนยังต้องการ"),
        4: (ReviewMark.DONE, "ชุมชนทำเองแล้วด้วยเงินกองกลาง"),
        5: (ReviewMark.DROP, "หน่วยงานเจ้าของสัญญารับไปดำเนินการแล้ว"),
    }
    said = marks.get(place % 6, in_plan)
    if said[0].carries_on and not serves_another:
        said = (ReviewMark.DROP, "ปีนี้คณะกรรมการจัดลำดับเรื่องอื่นก่อน จะเสนอใหม่ปีหน้า")
    return {done: in_plan, second: said}


def _walked(stage: Stage, cycle_id: int) -> None:
    """The community that is walked through: a plan that two of seven have signed, a forum to be recorded today."""
    community = stage.cast.communities[WALKED]
    stage.hold_forum(community, ForumPurpose.PLAN_1, moment(2026, 10, 17, 17))
    keys = ("fire", "solar", "pressure")
    issues = stage.hold_forum(community, ForumPurpose.PLAN_2, moment(2026, 11, 1, 9), keys)
    plan_id = stage.plans[YEAR, WALKED] = stage.begin(cycle_id, community, moment(2026, 11, 5, 18))
    for key in keys[:2]:
        stage.propose(plan_id, community, key, moment(2026, 11, 5, 19), issues[key])
    chairs, pressure = (stage.items[YEAR - 1, WALKED, key] for key in y2570.PAIRS[1])
    said = {
        chairs: (ReviewMark.DONE, "อยู่ในแผนของเขตปี 2570 และได้รับจัดสรรงบประมาณแล้ว"),
        pressure: (ReviewMark.CHANGE, "ยังจำเป็น แต่ขอเพียงชุดตรวจสำหรับปีถัดไป เพราะปีนี้จะได้เครื่องวัดแล้ว"),
    }
    carried = stage.review(plan_id, community, said, moment(2026, 11, 5, 20))
    with stage.at(moment(2026, 11, 5, 20, 15)):
        item = db.session().get_one(Item, carried[pressure])
        written = plan_queries.item_data(item)
        plans.write_item(
            stage.cast.chair(community),
            item,
            item.version_id,
            dataclasses.replace(written, lines=written.lines[1:]),
        )
    for seat, minute in ((1, 0), (3, 20)):
        stage.sign(plan_id, community, moment(2026, 11, 18, 18, minute), people=1, skip=seat)
    stage.announce(community, ForumPurpose.MONTHLY, moment(2026, 11, 21, 8), moment(2026, 11, 14, 9))


def _forums_to_come(stage: Stage, places: list[tuple[str, Community]]) -> None:
    """Announced forums, one of them called off."""
    for number, (_name, community) in enumerate(places):
        forum_id = stage.announce(
            community,
            ForumPurpose.PLAN_2,
            moment(2026, 11, 24, 17) + dt.timedelta(days=2 * number),
            moment(2026, 11, 16, 9, number),
        )
        if number == 5:
            with stage.at(moment(2026, 11, 19, 9)):
                forum = db.session().get_one(Forum, forum_id)
                forums.cancel_forum(stage.cast.chair(community), forum, "ศาลาชุมชนปิดซ่อม จะแจ้งวันใหม่")


def _returned_and_withdrawn(stage: Stage, places: list[tuple[str, Community]]) -> None:
    (returned, _), (withdrawn, community) = places
    with stage.at(moment(2026, 11, 17, 10)):
        plan = db.session().get_one(Plan, stage.plans[YEAR, returned])
        plans.return_plan(
            stage.cast.actor("planner"),
            plan,
            {None: "ขอให้ระบุผู้ดูแลรักษาหลังแล้วเสร็จ และแนบภาพสถานที่"},
            clock.today() + dt.timedelta(days=14),
        )
    with stage.at(moment(2026, 11, 17, 15)):
        plan = db.session().get_one(Plan, stage.plans[YEAR, withdrawn])
        plans.withdraw_plan(stage.cast.chair(community), plan, "คณะกรรมการขอปรับลำดับข้อเสนอใหม่")


def _handed_in_again(stage: Stage, name: str, community: Community) -> None:
    """A plan that was returned, and handed in again with what was asked for: its two editions differ."""
    plan_id = stage.plans[YEAR, name]
    chair = stage.cast.chair(community)
    with stage.at(moment(2026, 11, 13, 9)):
        plans.return_plan(
            stage.cast.actor("planner"),
            db.session().get_one(Plan, plan_id),
            {None: "ขอให้ระบุจำนวนหลังคาเรือนและผู้ดูแลรักษา และตรวจราคาต่อหน่วยอีกครั้ง"},
            clock.today() + dt.timedelta(days=7),
        )
    with stage.at(moment(2026, 11, 13, 19)):
        plan = db.session().get_one(Plan, plan_id)
        plans.write_plan(
            chair,
            plan,
            plan.version_id,
            vision=plan.vision,
            profile=plan.profile.replace("บ้านเรือนหนาแน่น", "บ้านเรือน 140 หลังคาเรือน ปลูกชิดกัน"),
            analysis=plan.analysis,
        )
        first, second = plan_queries.items_of(plan_id)
        written = plan_queries.item_data(first)
        line, *others = written.lines
        cheaper = dataclasses.replace(line, unit_price_satang=line.unit_price_satang * 9 // 10)
        plans.write_item(
            chair,
            first,
            first.version_id,
            dataclasses.replace(
                written,
                proposal=f"{written.proposal} โดยคณะกรรมการชุมชนเป็นผู้ดูแลรักษา",
                lines=(cheaper, *others),
            ),
        )
    added = stage.propose(plan_id, community, "garden", moment(2026, 11, 13, 20))
    with stage.at(moment(2026, 11, 13, 21)):
        plans.reorder_items(chair, db.session().get_one(Plan, plan_id), [second.id, first.id, added])
    stage.sign(plan_id, community, moment(2026, 11, 14, 9))
    stage.submit(plan_id, community, moment(2026, 11, 15, 9))


def _screened(stage: Stage, cycle_id: int, places: list[tuple[str, Community]]) -> None:
    """Cases in every state, the oldest first."""
    first: list[int] = []
    second: list[int] = []
    for number, (name, _community) in enumerate(places):
        taken = stage.take_in(
            stage.plans[YEAR, name], moment(2026, 11, 16, 8) + dt.timedelta(minutes=10 * number)
        )
        cases = list(taken.values())
        first.append(cases[0])
        second.append(cases[1])
    _in_checks(stage, first)
    _by_workbook(stage, cycle_id, first)
    _decided(stage, cycle_id, places, first[8:], second)


def _case(case_id: int) -> Case:
    return db.session().get_one(Case, case_id)


def _in_checks(stage: Stage, cases: list[int]) -> None:
    """Waiting (0), formal check (1), merit check (2, 3), correction (4), another agency (5), proposed (6), withdrawn (7)."""
    planner = stage.cast.actor("planner")
    stage.check(cases[1], moment(2026, 11, 17, 9), formal_only=True)
    for number in (2, 3, 4, 5, 6):
        stage.check(cases[number], moment(2026, 11, 17, 9, 8 * number))
    with stage.at(moment(2026, 11, 18, 8)):
        screening.answer_card(
            planner,
            _case(cases[4]),
            {"cost": (Answer.NOT_MET, "ราคาสูงกว่าราคาอ้างอิงและมีใบเสนอราคาเพียงรายเดียว")},
        )
    with stage.at(moment(2026, 11, 18, 9)):
        screening.ask_correction(
            planner,
            _case(cases[4]),
            "ขอใบเสนอราคาอย่างน้อยสองราย และระบุผู้ดูแลอุปกรณ์",
            clock.today() + dt.timedelta(days=7),
        )
    with stage.at(moment(2026, 11, 18, 9, 30)):
        screening.ask_agency(
            planner,
            _case(cases[5]),
            "การไฟฟ้านครหลวง",
            "ขอความเห็นเรื่องจุดติดตั้งเสาไฟ",
            clock.today() + dt.timedelta(days=10),
        )
    stage.decide(cases[6], _yes(cases[6]), moment(2026, 11, 18, 10), confirm="")
    with stage.at(moment(2026, 11, 18, 11)):
        case = _case(cases[7])
        screening.withdraw_item(_leader_of(stage, case), case, "ชุมชนได้รับบริจาคอุปกรณ์แล้ว")


def _by_workbook(stage: Stage, cycle_id: int, cases: list[int]) -> None:
    """Lines of three cards filled in offline; one of the cards was changed by a colleague meanwhile."""
    met, reason = Answer.MET.value, "ตรวจกับบันทึกเวทีประชาคมแล้ว"
    formal = {"answer.complete": met, "answer.forum_held": met, "reason.forum_held": reason}
    merit = {"answer.upkeep": Answer.NOT_MET.value, "reason.upkeep": "ยังไม่ระบุผู้ดูแลรักษา"}
    workbook.send_back(
        stage,
        cycle_id,
        {cases[0]: formal, cases[2]: merit, cases[3]: merit},
        (cases[3], "land", "ยังไม่มีหนังสืออนุญาตใช้ที่ดิน"),
        moment(2026, 11, 18, 11, 30),
        moment(2026, 11, 18, 12, 30),
    )


def _decided(
    stage: Stage, cycle_id: int, places: list[tuple[str, Community]], first: list[int], second: list[int]
) -> None:
    """Every outcome, some not yet released, and appeals in every state."""
    outcomes = (*first, *second)
    for number, case_id in enumerate(outcomes):
        at = moment(2026, 11, 18, 13) + dt.timedelta(minutes=4 * number)
        stage.check(case_id, at)
        stage.decide(case_id, _outcome(number, case_id, outcomes[0]), at + dt.timedelta(minutes=2))
    released = [case_id for number, case_id in enumerate(outcomes) if number % 7 != 6]
    stage.release(cycle_id, released, moment(2026, 11, 19, 9))
    _appeals(stage, cycle_id, [case_id for number, case_id in enumerate(outcomes) if number % 7 == 5][:4])


def _appeals(stage: Stage, cycle_id: int, refused: list[int]) -> None:
    """Filed (0), answer proposed (1), confirmed and released (2, 3)."""
    for number, case_id in enumerate(refused):
        with stage.at(moment(2026, 11, 19, 10, 5 * number)):
            case = _case(case_id)
            screening.file_appeal(
                _leader_of(stage, case), case, "โครงการของเขตปีนี้ไม่ถึงชุมชนของเรา มีภาพถ่ายและแผนที่ประกอบ"
            )
    fresh, director = stage.cast.actor("planner3"), stage.cast.actor("director")
    for number, case_id in enumerate(refused[1:], 1):
        with stage.at(moment(2026, 11, 19, 14, 5 * number)):
            if number in (1, 3):
                screening.propose_appeal(
                    fresh, _case(case_id), None, reason="ตรวจแล้ว โครงการของเขตปีนี้ครอบคลุมชุมชนนี้"
                )
            else:
                screening.propose_appeal(fresh, _case(case_id), _yes(case_id))
    for number, case_id in enumerate(refused[2:]):
        with stage.at(moment(2026, 11, 20, 9, 5 * number)):
            screening.confirm_appeal(director, _case(case_id))
    if refused[2:]:
        stage.release(cycle_id, refused[2:], moment(2026, 11, 20, 11))


def _leader_of(stage: Stage, case: Case) -> Actor:
    plan = db.session().get_one(Plan, case.plan_id)
    return stage.cast.chair(db.session().get_one(Community, plan.community_id))


def _item_of(case_id: int) -> Item:
    with db.transaction("read"):
        return db.session().get_one(Item, _case(case_id).item_id)


def _yes(case_id: int) -> DecisionData:
    return accepted(_item_of(case_id))


def _outcome(number: int, case_id: int, target: int) -> DecisionData:
    item = _item_of(case_id)
    match number % 7:
        case 1:
            return DecisionData(
                Outcome.ACCEPT_CHANGED,
                "cost_reduced",
                "รับโดยปรับราคาตามราคาอ้างอิงของปีที่แล้ว",
                accepted_satang=item.budget_satang * 9 // 10,
                changes="ลดราคาต่อหน่วยลงร้อยละ 10",
            )
        case 2:
            return DecisionData(
                Outcome.MERGE_WITH,
                "same_purpose",
                "มีวัตถุประสงค์เดียวกับข้อเสนอของชุมชนใกล้เคียง จึงรวมเป็นโครงการเดียว",
                merge_into_item_id=_item_of(target).id,
            )
        case 3:
            return DecisionData(
                Outcome.REFER,
                "other_agency",
                f"อยู่ในอำนาจของ{AGENCIES[item.side]} เขตได้ส่งเรื่องให้แล้ว",
                agency=AGENCIES[item.side],
                agency_reply="รับไว้พิจารณาในแผนงานปีนี้",
            )
        case 4:
            return DecisionData(Outcome.DEFER, "not_ready", "ต้องหาสถานที่ที่ใช้ได้แน่นอนก่อน", defer_to_year=YEAR + 1)
        case 5:
            return DecisionData(Outcome.REJECT, "duplicate", "มีอยู่แล้วในโครงการของเขตปีนี้")
        case _:
            return accepted(item)
