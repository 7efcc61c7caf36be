"""A portal with few or many of everything: the measuring data (bench/data.py), and the work on the officers' desks.

Two districts have communities. In the first all is done: its action plan is published and it buys. The second is at
work: plans are written, handed in and screened, decisions wait for release, and its action plan is a draft.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from bench import data
from portal.accounts.models import CommitteeMember, Person
from portal.actionplan.models import ActionPlan, ActionPlanState, Project, ProjectItem
from portal.comments.models import Comment, CommentReport
from portal.core import clock, db, hashing
from portal.core.actor import Role
from portal.core.topics import Topic
from portal.cycles.models import Cycle
from portal.forums.models import Forum
from portal.information import commands as information
from portal.notifications import commands as notifications
from portal.places.models import Community, District
from portal.plans.models import Item, Plan, PlanState
from portal.procurement.models import StepKind
from portal.progress import months
from portal.screening.models import CardAnswer, Case, CaseState, Decision
from portal.voting.models import BoardLeaf, Candidate, PaperBatch, Round, rounds
from tests.factories import accounts, ballots, comments, forums, observation, procurement, progress

# Of each: communities, items of a plan, remarks on an item, and whatever else a list shows.
FEW, MANY = 3, 60
SIZES = {
    "few": ({"communities": 2 * FEW, "items": 2 * FEW * 4, "comments": 2 * FEW * 4 * 2}, FEW),
    "many": ({"communities": 2 * MANY, "items": 2 * MANY * 8, "comments": 2 * MANY * 8 * 5}, MANY),
}


@dataclass(frozen=True)
class Grown:
    """The things to look at, and a token of each person who looks."""

    district: int
    community: int
    plan: int
    cycle: int
    item: int
    topic: int
    forum: int
    action_plan: int
    project: int
    process: int
    sheet: int
    draft_action_plan: int
    draft_project: int
    draft_plan: int
    draft_item: int
    in_screening: int
    proposed: int
    round: int
    draft_round: int
    people: dict[str, str]


def fill(size: str) -> Grown:
    """Fill the bound, empty database."""
    full, number = SIZES[size]
    made = data.make(1.0, lambda text: None, full=full, per_district=number)
    with db.transaction() as session:
        done = session.get_one(District, made.district)
        at_work = session.get_one(District, session.scalar(sa.select(sa.func.max(Community.district_id))))
        plans = _write_plans(at_work)
        draft = _draft_action_plan(at_work)
        process = _buy(done, number)
        sheet = _report(done, number)
        resident = accounts.person()
        _announce(session.get_one(Plan, made.plan), number)
        _remark(resident, made.action_plan, number)
        _tell(resident, number)
        _report_remarks(resident, number)
        vote, draft_vote = _vote(done, number, resident)
        people = {
            "resident": resident,
            "leader": session.get_one(Person, _chair(plans[PlanState.DRAFT].community_id)),
            "planner": _officer(Role.PLANNER, at_work),
            "director": _officer(Role.DIRECTOR, at_work),
            "procurement": _officer(Role.PROCUREMENT, done),
            "reporter": _officer(Role.PLANNER, done),
            "community_desk": _officer(Role.COMMUNITY_DESK, at_work),
            "moderator": _officer(Role.MODERATOR),
            "admin": _officer(Role.ADMIN),
            "round_officer": _officer(Role.ROUND_OFFICER, done),
            "paper_clerk": _officer(Role.PAPER_CLERK, done),
            "registry": _officer(Role.REGISTRY, done),
        }
        for _ in range(number):
            accounts.grant(accounts.person(), Role.PLANNER, at_work, confirmed_by=None, confirmed_at=None)
        item = session.get_one(Item, made.item)
        return Grown(
            district=done.code,
            community=made.community,
            plan=made.plan,
            cycle=session.get_one(Plan, made.plan).cycle_id,
            item=made.item,
            topic=item.topic_id,
            forum=_first(Forum.id, Forum.community_id == made.community),
            action_plan=made.action_plan,
            project=_first(Project.id, Project.action_plan_id == made.action_plan),
            process=process,
            sheet=sheet,
            draft_action_plan=draft,
            draft_project=_first(Project.id, Project.action_plan_id == draft),
            draft_plan=plans[PlanState.DRAFT].id,
            draft_item=_first(Item.id, Item.plan_id == plans[PlanState.DRAFT].id),
            in_screening=_first(Case.id, Case.state == CaseState.MERIT_CHECK),
            proposed=_first(Case.id, Case.state == CaseState.PROPOSED),
            round=vote,
            draft_round=draft_vote,
            people={name: accounts.token_of(person) for name, person in people.items()},
        )


def _first(column, *where):
    return db.session().scalars(sa.select(column).where(*where).order_by(column).limit(1)).one()


def _chair(community_id):
    return _first(
        CommitteeMember.person_id,
        CommitteeMember.community_id == community_id,
        CommitteeMember.person_id.is_not(None),
    )


def _officer(role, district=None):
    officer = accounts.person()
    accounts.grant(officer, role, district)
    return officer


def _write_plans(district):
    """A third of the plans is in screening, a third is handed in, a third is being written again."""
    session = db.session()
    found = session.scalars(sa.select(Plan).where(Plan.district_id == district.id).order_by(Plan.id)).all()
    states = (PlanState.ACCEPTED_FOR_SCREENING, PlanState.SUBMITTED, PlanState.DRAFT)
    for number, plan in enumerate(found):
        state = states[number % 3]
        if state is PlanState.ACCEPTED_FOR_SCREENING:
            continue
        plan.state, plan.accepted_by, plan.accepted_at = state, None, None
    session.flush()
    unscreened = sa.select(Plan.id).where(Plan.district_id == district.id, Plan.accepted_by.is_(None))
    items = sa.select(Item.id).where(Item.plan_id.in_(unscreened))
    cases = sa.select(Case.id).where(Case.plan_id.in_(unscreened))
    session.execute(sa.delete(ProjectItem).where(ProjectItem.item_id.in_(items)))
    session.execute(
        sa.update(Case)
        .where(Case.district_id == district.id)
        .values(state=CaseState.MERIT_CHECK, decision_id=None, released_at=None, appeals_until=None)
    )
    for table in (CardAnswer, Decision):
        session.execute(sa.delete(table).where(table.case_id.in_(cases)))
    session.execute(sa.delete(Case).where(Case.plan_id.in_(unscreened)))
    _decide(district)
    return {plan.state: plan for plan in found}


def _decide(district):
    """Of four items one is being checked, one waits for the second eyes, one for release, and one is final."""
    session = db.session()
    cases = session.execute(
        sa.select(Case.id, Item.rank)
        .join(Item, Item.id == Case.item_id)
        .where(Case.district_id == district.id)
    ).all()
    at = {place: [row.id for row in cases if row.rank % 4 == place] for place in range(4)}
    session.execute(sa.delete(Decision).where(Decision.case_id.in_(at[0])))
    session.execute(
        sa.update(Decision).where(Decision.case_id.in_(at[1])).values(confirmed_by=None, confirmed_at=None)
    )
    session.execute(sa.update(Case).where(Case.id.in_(at[1])).values(state=CaseState.PROPOSED))
    confirmed = {"state": CaseState.CONFIRMED, "decision_id": Case.id}
    session.execute(sa.update(Case).where(Case.id.in_(at[2])).values(**confirmed))
    ago = {"released_at": clock.now().replace(month=1), "appeals_until": clock.now().replace(month=2)}
    session.execute(sa.update(Case).where(Case.id.in_(at[3])).values(**confirmed, **ago))


def _draft_action_plan(district):
    """The district's action plan before its hearing; half of what it could take in is not in it yet."""
    session = db.session()
    plan = session.scalars(sa.select(ActionPlan).where(ActionPlan.district_id == district.id)).one()
    plan.state = ActionPlanState.DRAFT
    for name in ("hearing_opened_at", "answered_at", "approved_by", "approved_at", "published_at"):
        setattr(plan, name, None)
    session.flush()
    projects = sa.select(Project.id).where(Project.action_plan_id == plan.id)
    session.execute(
        sa.delete(ProjectItem).where(ProjectItem.project_id.in_(projects), ProjectItem.item_id % 8 < 4)
    )
    return plan.id


def _buy(district, number):
    """So many processes, all with the same project; so many observers and documents of the first."""
    session = db.session()
    project = session.scalars(
        sa.select(Project).where(Project.district_id == district.id).order_by(Project.id).limit(1)
    ).one()
    bought = [procurement.process(project) for _ in range(number)]
    for process in bought:
        procurement.done_until(process, StepKind.BID_OPENING)
    opening = procurement.step(bought[0], StepKind.BID_OPENING)
    came = procurement.step(bought[0], StepKind.INVITATION)
    for one in range(number):
        procurement.document(bought[0], StepKind.DRAFT_TOR, f"เอกสาร {one}")
        observation.signup(opening)
        seen = observation.report(observation.signup(came, state=observation.SignupState.ATTENDED))
        observation.answer(seen)
    return bought[0].id


def _report(district, number):
    """So many projects are followed; the one that buys has so many months of reports."""
    session = db.session()
    writer, second = (accounts.officer(Role.PLANNER, district) for _ in range(2))
    found = session.scalars(
        sa.select(Project).where(Project.district_id == district.id).order_by(Project.id).limit(number)
    ).all()
    sheets = [progress.sheet(writer, project) for project in found]
    begun = months.after(months.month_of(clock.today()), -number)
    sheets[0].first_month = sheets[0].next_month = begun
    for _ in range(number):
        progress.report(writer, second, sheets[0].id, 10)
    for sheet in sheets[1:]:
        progress.sent(writer, sheet.id, 10)
    information.gather(writer)
    return sheets[0].id


def _announce(plan, number):
    """So many forums of a community to come."""
    session = db.session()
    community, cycle = session.get_one(Community, plan.community_id), session.get_one(Cycle, plan.cycle_id)
    for _ in range(number):
        forums.forum(community, cycle, recorded=False)


def _remark(person, action_plan, number):
    """So many remarks on a project of the action plan."""
    topic_id = _first(Project.topic_id, Project.action_plan_id == action_plan)
    for _ in range(number):
        comments.comment(topic_id, author=person.id)


def _tell(person, number):
    """So many things followed, and news of each."""
    topics = db.session().scalars(
        sa.select(Topic.id).where(Topic.kind == "item").order_by(Topic.id).limit(number)
    )
    for topic_id in topics.all():
        notifications.follow_for([person.id], topic_id)
        notifications.tell(
            "comments.posted", topic_id=topic_id, person_ids=[person.id], dedupe_key=f"growth:{topic_id}"
        )


def _vote(district, number, voter):
    """So many votes that are open, the first with so many projects, places on the roll and leaves on its board; and one
    that is prepared with as many projects."""
    session = db.session()
    costs = tuple(100_000_00 + one for one in range(max(number, 4)))
    held = [ballots.open_round(district=district, costs=costs, max_choices=2) for _ in range(number)]
    ballots.entry(held[0], voter)
    for _ in range(number):
        ballots.entry(held[0])
    leaves = sorted(hashing.sha256_hex(f"leaf {one}") for one in range(number))
    session.add_all(
        BoardLeaf(round_id=held[0].id, place=place, leaf=leaf) for place, leaf in enumerate(leaves)
    )
    draft = Round(
        **{
            name: getattr(held[0], name)
            for name in (
                *(
                    "district_id",
                    "title",
                    "envelope_satang",
                    "ballot_type",
                    "max_choices",
                    "rule",
                    "cutoff_day",
                ),
                *("opens_at", "closes_at", "tie_source", "created_by", "created_at"),
            )
        }
    )
    session.add(draft)
    session.flush()
    session.add_all(
        Candidate(round_id=draft.id, number=one, name=f"โครงการ {one}", cost_satang=cost)
        for one, cost in enumerate(costs, 1)
    )
    area = session.scalars(sa.select(rounds.Area).where(rounds.Area.round_id == held[0].id)).first()
    session.add_all(
        PaperBatch(
            round_id=held[0].id,
            number=one,
            area_id=area.id,
            district_id=district.id,
            desk="โต๊ะลงทะเบียน",
            declared=20,
            declared_by=voter.id,
            declared_at=clock.now(),
        )
        for one in range(1, number + 1)
    )
    session.flush()
    return held[0].id, draft.id


def _report_remarks(person, number):
    """So many remarks that a moderator is asked to look at."""
    session = db.session()
    for comment_id in session.scalars(sa.select(Comment.id).order_by(Comment.id).limit(number)).all():
        session.add(
            CommentReport(
                comment_id=comment_id, person_id=person.id, reason="ไม่เกี่ยวกับเรื่อง", created_at=clock.now()
            )
        )
    session.flush()
