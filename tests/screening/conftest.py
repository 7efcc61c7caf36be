"""A district in the screening phase: a plan taken in, two planners, a director, a leader, a planner from elsewhere."""

from dataclasses import dataclass

import pytest

from portal.core import db as core_db
from portal.core.actor import Actor, Role
from portal.cycles.models import Cycle, PhaseKind
from portal.forums.models import ForumPurpose
from portal.places.models import Community, District
from portal.plans import queries as plan_queries
from portal.plans.models import Item, Plan, PlanState
from portal.screening import commands, queries
from portal.screening.decisions import DecisionData
from portal.screening.models import Answer, Case, CaseState, Decision, Outcome
from tests.factories import accounts, cycles, forums, places, plans, screening, strategy

REASON = "ตรงตามภารกิจของสำนักงานเขตและคุ้มค่า"


@dataclass
class Desk:
    """Who and what stands around a case."""

    district: District
    community: Community
    cycle: Cycle
    plan: Plan
    items: list[Item]
    planner: Actor
    planner2: Actor
    director: Actor
    leader: Actor
    elsewhere: Actor

    def case(self, state: CaseState = CaseState.WAITING, item: int = 0, **given) -> Case:
        return screening.case(self.items[item], state, **given)

    def person(self, actor: Actor):
        return core_db.session().get_one(type(accounts.person()), actor.id)

    def fill_card(self, case: Case, answer: Answer = Answer.MET, group: str = "both", **changed) -> None:
        """Answer the card through the command, the formal part first."""
        rules = queries.criteria_of(case.edition_id)
        reason = "" if answer is Answer.MET else REASON
        for part in ("formal", "merit"):
            keys = [one.key for one in rules.criteria if one.group == part]
            answers = dict.fromkeys(keys, (answer, reason)) | {
                key: (changed[key], REASON) for key in keys if key in changed
            }
            commands.answer_card(self.planner, case, answers)
            if part == group:
                return
            if part == "formal":
                commands.finish_formal(self.planner, case)

    def proposed(self, case: Case, **data) -> Decision:
        """A full card with its lines of the strategies, and a proposal of acceptance by the first planner."""
        self.fill_card(case)
        for which in ("area", "city"):
            lines, _more = queries.nodes_to_choose(queries.docket(self.planner, case.id), which, "")
            if lines:
                commands.choose_node(self.planner, case, which, lines[-1].id)
        return commands.propose_decision(self.planner, case, self.data(**data))

    def confirmed(self, case: Case, **data) -> Decision:
        self.proposed(case, **data)
        return commands.confirm_decision(self.director, case)

    def released(self, case: Case, at=None, **data) -> Decision:
        decision = self.confirmed(case, **data)
        commands.release_decisions(self.director, self.cycle.id, [case.id], at)
        return decision

    def data(self, **given) -> DecisionData:
        return DecisionData(
            **{
                "outcome": Outcome.ACCEPT,
                "reason_code": "fits",
                "reason": REASON,
                "accepted_satang": self.items[0].budget_satang,
                **given,
            }
        )


def furnish(items: int = 2, code: str = "1002", name: str = "", **rules) -> Desk:
    """The desk, inside the open transaction."""
    district = places.district(code)
    community = places.community(district, name) if name else places.community(district)
    cycle = cycles.cycle(district, open=PhaseKind.SCREENING, **rules)
    for purpose in (ForumPurpose.PLAN_1, ForumPurpose.PLAN_2):
        forums.forum(community, cycle, purpose=purpose)
    plan = plans.plan(community, cycle, PlanState.ACCEPTED_FOR_SCREENING, items=items)
    return Desk(
        district=district,
        community=community,
        cycle=cycle,
        plan=plan,
        items=plan_queries.items_of(plan.id),
        planner=accounts.officer(Role.PLANNER, district, name="ปรีชา นักพัฒนา", position="นักพัฒนาสังคมชำนาญการ"),
        planner2=accounts.officer(Role.PLANNER, district, name="สุดา นักพัฒนา", position="นักพัฒนาสังคมปฏิบัติการ"),
        director=accounts.officer(Role.DIRECTOR, district, name="วิชัย ผู้นำ", position="ผู้อำนวยการเขต"),
        leader=accounts.leader(community),
        elsewhere=accounts.officer(Role.PLANNER, places.district("1001")),
    )


@pytest.fixture
def desk(db) -> Desk:
    return furnish()


@pytest.fixture
def place(transaction):
    """A desk whose people have left the transaction, so that they can sign in."""
    with transaction():
        desk = furnish()
        strategy.seeded()
    return desk


@pytest.fixture
def as_person(new_client, transaction):
    """``as_person(actor)`` is a browser in which that person has signed in."""

    def sign_in(actor):
        with transaction("read"):
            email = accounts.queries.person(actor.id).email
        browser = new_client()
        browser.sign_in(email, accounts.PASSWORD)
        return browser

    return sign_in
