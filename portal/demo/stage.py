"""The verbs of the demonstration: what a community, a district or a resident does, as one line each.

Every verb stands still at an hour, opens its own transaction and calls the portal's own commands, so that the loaded
data obeys every rule and stands in the ledger like real work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from portal.core import clock, db
from portal.cycles import commands as cycles
from portal.cycles import defaults
from portal.demo import calendar, facts
from portal.demo.cast import Cast
from portal.forums import commands as forums
from portal.forums.models import AgeBand, Forum, ForumPurpose, Sex, Side
from portal.places.models import Community
from portal.plans import commands as plans
from portal.plans import queries as plan_queries
from portal.plans.content import ItemData, LineData
from portal.plans.models import Item, Plan, ReviewMark, Way
from portal.screening import commands as screening
from portal.screening import queries as screening_queries
from portal.screening.decisions import DecisionData
from portal.screening.models import Answer, Case, Outcome
from portal.strategy.models import Node, Tree

ENVELOPE = 8_600_000_00
PLACE = "ที่ทำการชุมชน"
SPREAD = (
    (Sex.FEMALE, AgeBand.FROM_36_TO_59, 14),
    (Sex.FEMALE, AgeBand.OVER_60, 12),
    (Sex.MALE, AgeBand.FROM_36_TO_59, 9),
    (Sex.MALE, AgeBand.OVER_60, 8),
    (Sex.FEMALE, AgeBand.FROM_18_TO_35, 5),
    (Sex.MALE, AgeBand.FROM_18_TO_35, 4),
    (Sex.FEMALE, AgeBand.UNDER_18, 2),
)


@dataclass
class Stage:
    """The cast, what to say while loading, and what has been made so far."""

    cast: Cast
    say: Callable[[str], None]
    items: dict[tuple[int, str, str], int] = field(default_factory=dict)
    plans: dict[tuple[int, str], int] = field(default_factory=dict)
    action_plans: dict[int, int] = field(default_factory=dict)

    @contextmanager
    def at(self, instant: dt.datetime) -> Iterator[None]:
        """Stand still at an instant, in one transaction."""
        with clock.travel(instant), db.transaction():
            yield

    # -- rules ------------------------------------------------------------------------------------------------

    def open_year(self, fiscal_year: int, at: dt.datetime, district_id: int = facts.DUSIT) -> int:
        """A cycle with published rules; returns its id."""
        proposer, confirmer = self.cast.actor("strategy"), self.cast.actor("strategy2")
        with self.at(at):
            cycle = cycles.open_cycle(proposer, district_id, fiscal_year)
            body = defaults.default_rules(
                fiscal_year, calendar.windows(fiscal_year), envelope_satang=ENVELOPE, release="single"
            )
            proposal = cycles.propose_rules(proposer, cycle, body, "กติกาประจำรอบปี (ตัวอย่าง)")
            cycles.confirm_rules(confirmer, proposal)
            return cycle.id

    # -- a community's year ---------------------------------------------------------------------------------

    def announce(
        self, community: Community, purpose: ForumPurpose, starts_at: dt.datetime, announced_at: dt.datetime
    ) -> int:
        """A forum to come; returns its id."""
        with self.at(announced_at):
            forum = forums.announce_forum(
                self.cast.chair(community),
                facts.DUSIT,
                community.id,
                forums.Announcement(
                    purpose,
                    starts_at,
                    starts_at + dt.timedelta(hours=2),
                    f"{PLACE}{community.name}",
                    agenda="1. ชี้แจงกติกา\n2. ปัญหาและความต้องการของชุมชน\n3. จัดลำดับด้วยการยกมือ",
                ),
            )
            return forum.id

    def hold_forum(
        self, community: Community, purpose: ForumPurpose, starts_at: dt.datetime, keys: Sequence[str] = ()
    ) -> dict[str, int]:
        """Announced a week before, recorded the same evening; returns the ids of the issues by key."""
        forum_id = self.announce(community, purpose, starts_at, starts_at - dt.timedelta(days=7))
        chair, issues = self.cast.chair(community), {}
        with self.at(starts_at + dt.timedelta(hours=3)):
            forum = db.session().get_one(Forum, forum_id)
            extra = community.id % 9
            attendance = {(sex, band): people + extra for sex, band, people in SPREAD}
            forums.record_forum(
                chair,
                forum,
                forums.Record(attendance, "ที่ประชุมรับทราบกติกา แลกเปลี่ยนปัญหา และจัดลำดับข้อเสนอด้วยการยกมือ"),
            )
            for number, key in enumerate(keys):
                sample = facts.items()[key]
                issue = forums.add_issue(
                    chair,
                    forum,
                    forums.IssueData(
                        Side(sample["side"]),
                        sample["problem"],
                        sample["cause"],
                        sample["proposal"],
                        raised_by=max(3, 18 - number * 4),
                        votes=max(5, 46 - number * 7 + extra),
                    ),
                )
                issues[key] = issue.id
        return issues

    def begin(self, cycle_id: int, community: Community, at: dt.datetime) -> int:
        """A plan with its three texts; returns its id."""
        chair = self.cast.chair(community)
        with self.at(at):
            plan = plans.begin_plan(chair, community.id, cycle_id)
            plans.write_plan(
                chair,
                plan,
                plan.version_id,
                vision="ชุมชนปลอดภัย อยู่ดี ดูแลกันทุกวัย",
                profile=f"ชุมชน{community.name} (ข้อมูลตัวอย่าง) มีบ้านเรือนหนาแน่น คนส่วนใหญ่ค้าขายและรับจ้าง",
                analysis="จุดแข็งคือคนในชุมชนช่วยเหลือกัน ปัญหาหลักคือพื้นที่ส่วนกลางน้อยและอุปกรณ์ส่วนรวมไม่พอ",
            )
            plan.is_sample = True
            return plan.id

    def propose(
        self,
        plan_id: int,
        community: Community,
        key: str,
        at: dt.datetime,
        issue_id: int | None = None,
        *,
        costs: bool = True,
    ) -> int:
        """An item from the samples, grown from a forum's issue; returns its id. ``costs``: it asks for money."""
        with self.at(at):
            plan = db.session().get_one(Plan, plan_id)
            data = item_data(key, community)
            if not costs:
                data = replace(data, way=Way.SELF, lines=())
            item = plans.add_item(self.cast.chair(community), plan, data, issue_id=issue_id)
            return item.id

    def review(
        self,
        plan_id: int,
        community: Community,
        said: Mapping[int, tuple[ReviewMark, str]],
        at: dt.datetime,
    ) -> dict[int, int]:
        """Mark items of the earlier plan; returns what was carried on: the new item of each earlier one."""
        with self.at(at):
            plan = db.session().get_one(Plan, plan_id)
            for item_id, (mark, reason) in said.items():
                plans.review_item(self.cast.chair(community), plan, item_id, mark, reason, expected_version=0)
            return {
                row.item_id: row.carried_id for row in plan_queries.items_to_review(plan) if row.carried_id
            }

    def sign(
        self, plan_id: int, community: Community, at: dt.datetime, *, people: int = 4, skip: int = 0
    ) -> None:
        """``people`` members sign, one after another, leaving out the first ``skip``."""
        for number, member in enumerate(self.cast.members(community)[skip : skip + people]):
            with self.at(at + dt.timedelta(minutes=7 * number)):
                plans.endorse_plan(member, db.session().get_one(Plan, plan_id))

    def submit(self, plan_id: int, community: Community, at: dt.datetime) -> None:
        """Hand the plan in."""
        with self.at(at):
            plans.submit_plan(self.cast.chair(community), db.session().get_one(Plan, plan_id))

    # -- the district ---------------------------------------------------------------------------------------

    def take_in(self, plan_id: int, at: dt.datetime, planner: str = "planner") -> dict[int, int]:
        """Accept the plan for screening; returns the case of each item."""
        with self.at(at):
            cases = screening.take_in(self.cast.actor(planner), plan_id)
            screening.assign_cases(
                self.cast.actor(planner), [case.id for case in cases], self.cast.people[planner].id
            )
            return {case.item_id: case.id for case in cases}

    def check(
        self, case_id: int, at: dt.datetime, planner: str = "planner", *, formal_only: bool = False
    ) -> None:
        """Answer the card: the formal half, and unless told otherwise the whole."""
        actor = self.cast.actor(planner)
        with self.at(at):
            case = db.session().get_one(Case, case_id)
            rules = screening_queries.criteria_of(case.edition_id)
            formal = {one.key: (Answer.MET, "") for one in rules.criteria if one.group == "formal"}
            screening.answer_card(actor, case, formal)
            if formal_only:
                return
            screening.finish_formal(actor, case)
            area, city = self.nodes(db.session().get_one(Item, case.item_id).title)
            screening.choose_node(actor, case, "area", area)
            screening.choose_node(actor, case, "city", city)
            screening.answer_card(
                actor, case, {one.key: (Answer.MET, "") for one in rules.criteria if one.group == "merit"}
            )

    def decide(
        self,
        case_id: int,
        data: DecisionData,
        at: dt.datetime,
        *,
        planner: str = "planner",
        confirm: str = "planner2",
    ) -> None:
        """Proposed by one person, confirmed by another an hour later (``confirm=""`` leaves it waiting)."""
        with self.at(at):
            screening.propose_decision(self.cast.actor(planner), db.session().get_one(Case, case_id), data)
        if confirm:
            with self.at(at + dt.timedelta(hours=1)):
                screening.confirm_decision(self.cast.actor(confirm), db.session().get_one(Case, case_id))

    def release(self, cycle_id: int, case_ids: Sequence[int], at: dt.datetime) -> None:
        """Make decisions public."""
        with self.at(at):
            screening.release_decisions(self.cast.actor("director"), cycle_id, list(case_ids))

    def nodes(self, title: str) -> tuple[int, int]:
        """The node of the district's own strategy that all ideas of communities serve, and the city's that an item of
        this title serves."""
        said = next((one for one in facts.items().values() if one["title"] in title), None)
        return self.nodes_numbered("3", said["strategy"] if said else "5.2")

    def nodes_numbered(self, area: str, city: str) -> tuple[int, int]:
        """The nodes with these numbers of the district's own strategy and of the city's."""
        found = []
        for district_id, number in ((facts.DUSIT, area), (None, city)):
            statement = (
                sa.select(Node.id)
                .join(Tree, Tree.id == Node.tree_id)
                .where(Tree.district_id == district_id, Tree.published_at.is_not(None), Node.number == number)
                .order_by(Tree.last_year.desc())
                .limit(1)
            )
            found.append(db.session().scalars(statement).one())
        return found[0], found[1]


def item_data(key: str, community: Community) -> ItemData:
    """A sample item as its community would write it."""
    sample = facts.items()[key]
    return ItemData(
        title=sample["title"],
        side=Side(sample["side"]),
        problem=sample["problem"],
        cause=sample["cause"],
        proposal=sample["proposal"],
        objective=sample["objective"],
        indicator=sample["indicator"],
        place=f"{PLACE}{community.name}",
        beneficiaries=120 + community.id % 17 * 10,
        beneficiary_groups=sample["groups"],
        way=Way(sample["way"]),
        lines=tuple(
            LineData(what, unit, round(quantity * 1000), price)
            for what, unit, quantity, price in sample["lines"]
        ),
    )


def accepted(item: Item) -> DecisionData:
    """Accepted as asked."""
    return DecisionData(
        Outcome.ACCEPT,
        "fits",
        "สอดคล้องกับยุทธศาสตร์พื้นที่ ราคาเหมาะสม และมีผู้ดูแลรักษา",
        accepted_satang=item.budget_satang,
    )
