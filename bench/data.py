"""Made-up data at a chosen size, written straight into the tables (no life cycle is walked; the facts fit together).

Full size: 50 districts, 2,007 communities, 20,000 items, 200,000 comments. Names come from a fixed seed, so that two
runs measure the same thing.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts import passwords
from portal.accounts.models import CommitteeMember, CommitteePost, Person
from portal.actionplan.models import (
    ActionPlan,
    ActionPlanState,
    BudgetKind,
    Project,
    ProjectItem,
    ProjectKind,
    Section,
)
from portal.comments.models import Comment, Purpose
from portal.core import clock, db, hashing, thai, topics
from portal.core.actor import SYSTEM
from portal.core.topics import Topic
from portal.cycles import body
from portal.cycles.defaults import default_rules
from portal.cycles.models import Cycle, Phase, PhaseKind, RulesEdition
from portal.forums.models import AgeBand, Attendance, Forum, ForumPurpose, ForumState, Issue, Sex, Side
from portal.places import commands as places
from portal.places.models import Community, District, Subdistrict
from portal.plans import content
from portal.plans.models import BudgetLine, Item, Plan, PlanEdition, PlanState, Way
from portal.rulebook import commands as rulebook
from portal.screening.models import Answer, CardAnswer, Case, CaseState, Decision, Outcome

WORDS = [
    "ไฟส่องสว่าง",
    "ทางเดิน",
    "ริมคลอง",
    "เต็นท์",
    "เครื่องเสียง",
    "กล้องวงจรปิด",
    "ลานกีฬา",
    "ผู้สูงอายุ",
    "เด็กเล็ก",
    "ถังดับเพลิง",
    "ฝาท่อ",
    "ทางเท้า",
    "สวนผัก",
    "ธนาคารขยะ",
    "อบรมอาชีพ",
    "คอมพิวเตอร์",
    "ศูนย์ชุมชน",
    "เครื่องออกกำลังกาย",
    "ห้องสมุด",
    "น้ำประปา",
    "ต้นไม้",
    "ป้าย",
]
FULL = {"communities": 2007, "items": 20_000, "comments": 200_000}
PER_DISTRICT = (
    41  # communities; a hundredth is half of one district, so that pages are compared, not their lengths
)
PASSWORD = "measuring the portal"  # of people who exist only in a measurement
BATCH = 5_000


@dataclass(frozen=True)
class Made:
    """What the measuring client needs to know."""

    district: int
    community: int
    plan: int
    item: int
    item_topic: int
    action_plan: int
    people: int


class Writer:
    """Rows by table, sent in batches; ids are given out here."""

    def __init__(self) -> None:
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.last: dict[Any, int] = {}

    def id(self, model: Any) -> int:
        """The next id of a table."""
        if model not in self.last:
            self.last[model] = db.session().scalar(sa.select(sa.func.max(model.id))) or 0
        self.last[model] += 1
        return self.last[model]

    def add(self, model: Any, **row: Any) -> None:
        """One row."""
        self.rows.setdefault(model, []).append(row)

    def topic(self, kind: str, ref_id: int, title: str, district_id: int, text: str = "") -> int:
        """A topic and its words."""
        number = self.id(Topic)
        self.add(
            Topic,
            id=number,
            kind=kind,
            ref_id=ref_id,
            district_id=district_id,
            title=title,
            tokens=tokens(f"{title} {text}"),
            created_at=clock.now(),
        )
        return number

    def flush(self, order: tuple[Any, ...]) -> None:
        """Send everything, parents first."""
        for model in order:
            rows = self.rows.pop(model, [])
            for start in range(0, len(rows), BATCH):
                db.session().execute(sa.insert(model.__table__), rows[start : start + BATCH])
        if self.rows:
            raise LookupError(f"no order for {[model.__name__ for model in self.rows]}")


_tokens: dict[str, str] = {}


def tokens(text: str) -> str:
    """Search words; segmenting is remembered by word, since the words repeat."""
    out = []
    for word in text.split():
        if word not in _tokens:
            _tokens[word] = thai.tokens(word)
        out.append(_tokens[word])
    return " ".join(out)


ORDER = (
    Topic,
    Person,
    Community,
    CommitteeMember,
    Cycle,
    RulesEdition,
    Phase,
    Forum,
    Attendance,
    Issue,
    Plan,
    PlanEdition,
    Item,
    BudgetLine,
    Case,
    CardAnswer,
    Decision,
    ActionPlan,
    Project,
    ProjectItem,
    Comment,
)


def make(
    share: float,
    say: Any = print,
    *,
    full: Mapping[str, int] = FULL,
    per_district: int = PER_DISTRICT,
    first: int | None = None,
) -> Made:
    """Fill the bound, empty database with ``share`` of the full size (1.0 or 0.01). ``first`` is how many communities the
    first district has, if not as many as the others."""
    random.seed(2570)
    counts = {name: max(1, round(number * share)) for name, number in full.items()}
    with db.transaction():
        places.load_districts(SYSTEM)
        rulebook.load_seeds(SYSTEM)
        writer = Writer()
        made = _write(writer, counts, per_district, per_district if first is None else first, say)
        writer.flush(ORDER)
        _let_counters_follow()
        # Cases and decisions point at each other: the circle is closed last.
        db.session().execute(
            sa.update(Case).values(
                state=CaseState.CONFIRMED,
                decision_id=Case.id,
                released_at=clock.now() - dt.timedelta(days=90),
                appeals_until=clock.now() - dt.timedelta(days=60),
            )
        )
        topics.tidy()  # as the worker does every day
    with db.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return made


def _let_counters_follow() -> None:
    """The rows came with their ids; what is added later must get others. SQLite sees to it by itself."""
    if db.dialect() == "postgresql":
        for model in ORDER:
            last = sa.select(sa.func.max(model.id)).scalar_subquery()
            counter = sa.func.pg_get_serial_sequence(model.__tablename__, "id")
            db.session().execute(sa.select(sa.func.setval(counter, last)))


def _title() -> str:
    return " ".join(random.sample(WORDS, 3))


def _write(writer: Writer, counts: dict[str, int], per_district: int, first_has: int, say: Any) -> Made:
    now = clock.now()
    districts = list(db.session().scalars(sa.select(District).order_by(District.id)))
    subdistricts = dict(
        db.session()
        .execute(
            sa.select(Subdistrict.district_id, sa.func.min(Subdistrict.id)).group_by(Subdistrict.district_id)
        )
        .all()
    )
    people = _people(writer, max(30, counts["communities"] + 2))  # each chair is somebody else
    officer, officer2 = people[0], people[1]
    cycles = {district.id: _cycle(writer, district, officer, officer2) for district in districts}
    homes = districts[:1] * first_has
    while len(homes) < counts["communities"]:
        homes += [district for district in districts[1:] for _ in range(per_district)]
    del homes[counts["communities"] :]
    communities = _communities(writer, homes, subdistricts, people)
    say(f"  {len(communities)} communities")
    items = _plans(writer, communities, cycles, counts["items"], officer, officer2)
    say(f"  {len(items)} items")
    plans = _projects(writer, districts, cycles, items, officer, officer2)
    first = items[0]
    per_item = max(1, counts["comments"] // len(items))
    for index, item in enumerate(items):
        for number in range(per_item):
            writer.add(
                Comment,
                id=writer.id(Comment),
                topic_id=item["topic"],
                author_id=people[(index + number) % len(people)],
                purpose=Purpose.DISCUSSION,
                body=f"<p>{_title()} {_title()}</p>",
                clause="",
                created_at=now - dt.timedelta(days=2, minutes=number),
            )
    say(f"  {per_item * len(items)} comments")
    return Made(
        district=first["district"],
        community=first["community"],
        plan=first["plan"],
        item=first["id"],
        item_topic=first["topic"],
        action_plan=plans[first["district"]],
        people=len(people),
    )


def _people(writer: Writer, count: int) -> list[int]:
    nobody = passwords.hashed(PASSWORD)
    made = []
    for number in range(1, count + 1):
        person_id = writer.id(Person)
        writer.add(
            Person,
            id=person_id,
            email=f"{number}@measuring.example",
            password_hash=nobody,
            title="",
            given_name=f"คนที่ {number}",
            family_name="",
            display_name=f"คนที่ {number}",
            language="th",
            position="",
            wants_mail=True,
            created_at=clock.now(),
        )
        made.append(person_id)
    return made


def _cycle(writer: Writer, district: District, officer: int, officer2: int) -> tuple[int, int]:
    cycle_id, edition_id = writer.id(Cycle), writer.id(RulesEdition)
    today = clock.today()
    start = clock.at(today - dt.timedelta(days=200))
    step = dt.timedelta(days=30)
    phases = {}
    for index, kind in enumerate(kind for kind in PhaseKind if kind is not PhaseKind.VOTING):
        phases[kind] = (start + step * index, start + step * (index + 2))
    rules = {**default_rules(2571, phases), "district": district.code}
    text, digest = body.write(rules)
    writer.add(Cycle, id=cycle_id, district_id=district.id, fiscal_year=2571, created_at=start)
    writer.add(
        RulesEdition,
        id=edition_id,
        cycle_id=cycle_id,
        number=1,
        body=text,
        sha256=digest,
        reason="วัดความเร็ว",
        proposed_by=officer,
        confirmed_by=officer2,
        published_at=start - dt.timedelta(days=5),
    )
    for kind, (begins, ends) in phases.items():
        writer.add(
            Phase,
            id=writer.id(Phase),
            cycle_id=cycle_id,
            kind=kind,
            starts_at=begins,
            ends_at=ends,
            edition_id=edition_id,
        )
    return cycle_id, edition_id


def _communities(
    writer: Writer, homes: list[District], subdistricts: dict[int, int], people: list[int]
) -> list[dict[str, int]]:
    made = []
    for number, district in enumerate(homes):
        community_id = writer.id(Community)
        name = f"{random.choice(WORDS)} {number}"
        topic = writer.topic("community", community_id, f"ชุมชน{name}", district.id, district.name_th)
        writer.add(
            Community,
            id=community_id,
            district_id=district.id,
            subdistrict_id=subdistricts[district.id],
            name=name,
            sort_key=f"{number:06d}",
            state="active",
            name_quality="ok",
            houses=100,
            topic_id=topic,
        )
        for post in list(CommitteePost)[:7]:
            writer.add(
                CommitteeMember,
                id=writer.id(CommitteeMember),
                community_id=community_id,
                person_id=people[2 + number % (len(people) - 2)] if post is CommitteePost.CHAIR else None,
                name=f"กรรมการ {number}",
                post=post,
                valid_from=clock.today() - dt.timedelta(days=400),
                valid_to=clock.today() + dt.timedelta(days=400),
                appointment_reference="-",
                entered_by=people[1],
                entered_at=clock.now(),
                left_reason="",
            )
        made.append({"id": community_id, "district": district.id})
    return made


def _plans(
    writer: Writer,
    communities: list[dict[str, int]],
    cycles: dict[int, tuple[int, int]],
    count: int,
    officer: int,
    officer2: int,
) -> list[dict[str, int]]:
    random.seed(2571)  # the first district's items are the same at every size
    now, items = clock.now(), []
    per_plan = -(-count // len(communities))
    sides = list(Side)
    for community in communities:
        cycle_id, edition_id = cycles[community["district"]]
        place = {"district_id": community["district"], "community_id": community["id"], "cycle_id": cycle_id}
        forum_id = writer.id(Forum)
        writer.add(
            Forum,
            id=forum_id,
            **place,
            purpose=ForumPurpose.PLAN_2,
            title="เวทีจัดทำแผน ครั้งที่ 2",
            starts_at=now - dt.timedelta(days=150),
            ends_at=now - dt.timedelta(days=150, hours=-2),
            place="ที่ทำการชุมชน",
            agenda="",
            minutes="",
            state=ForumState.RECORDED,
            created_by=officer,
            created_at=now,
            recorded_by=officer,
            recorded_at=now - dt.timedelta(days=149),
            topic_id=writer.topic("forum", forum_id, "เวทีจัดทำแผน", community["district"]),
            version_id=1,
        )
        writer.add(
            Attendance,
            id=writer.id(Attendance),
            forum_id=forum_id,
            sex=Sex.FEMALE,
            age_band=AgeBand.OVER_60,
            people=40,
        )
        plan_id = writer.id(Plan)
        writer.add(
            Plan,
            id=plan_id,
            **place,
            state=PlanState.ACCEPTED_FOR_SCREENING,
            vision="ชุมชนน่าอยู่",
            profile="",
            analysis="",
            created_by=officer,
            created_at=now,
            changed_at=now,
            submitted_at=now - dt.timedelta(days=120),
            accepted_by=officer,
            accepted_at=now - dt.timedelta(days=110),
            topic_id=writer.topic("plan", plan_id, "แผนพัฒนาชุมชน", community["district"]),
            is_sample=False,
            version_id=1,
        )
        for rank in range(1, per_plan + 1):
            items.append(
                _item(
                    writer, community, plan_id, forum_id, rank, sides[rank % 5], officer, officer2, edition_id
                )
            )
        _edition(writer, plan_id, officer, now)
    return items


def _edition(writer: Writer, plan_id: int, officer: int, now: dt.datetime) -> None:
    """The plan as it was handed in, signed by four of seven."""
    (plan,) = (row for row in writer.rows[Plan][-1:] if row["id"] == plan_id)
    rows = [row for row in writer.rows[Item][-40:] if row["plan_id"] == plan_id]
    lines = {row["item_id"]: row for row in writer.rows[BudgetLine][-len(rows) :]}
    said = {
        **{name: plan[name] for name in content.PLAN_TEXTS},
        "items": [
            {
                **{name: row[name] for name in ("id", "rank", "issue_id", "beneficiaries", "budget_satang")},
                **{name: row[name] for name in content.ITEM_TEXTS},
                "side": row["side"].value,
                "way": row["way"].value,
                "point": None,
                "lines": [{name: lines[row["id"]][name] for name in content.LINE_FACTS}],
            }
            for row in sorted(rows, key=lambda row: row["rank"])
        ],
    }
    posts = [post.value for post in list(CommitteePost)[:4]]
    endorsement = {
        "content_sha256": content.sha256(said),
        "signed": posts,
        "members": 7,
        "needed": 4,
        "chair_is_enough": False,
    }
    text = hashing.canonical_json({"content": said, "endorsement": endorsement, "number": 1})
    writer.add(
        PlanEdition,
        id=writer.id(PlanEdition),
        plan_id=plan_id,
        number=1,
        body=text,
        sha256=hashing.sha256_hex(text),
        submitted_by=officer,
        submitted_at=now - dt.timedelta(days=120),
    )


def _item(
    writer: Writer,
    community: dict[str, int],
    plan_id: int,
    forum_id: int,
    rank: int,
    side: Side,
    officer: int,
    officer2: int,
    edition_id: int,
) -> dict[str, int]:
    now, item_id, issue_id, title = clock.now(), writer.id(Item), writer.id(Issue), _title()
    writer.add(
        Issue,
        id=issue_id,
        forum_id=forum_id,
        position=rank,
        side=side,
        problem=title,
        cause="",
        proposal="",
        raised_by=9,
        votes=31,
    )
    topic = writer.topic("item", item_id, title, community["district"])
    writer.add(
        Item,
        id=item_id,
        plan_id=plan_id,
        rank=rank,
        title=title,
        side=side,
        problem=title,
        cause=title,
        proposal=title,
        objective=title,
        indicator=title,
        place="ริมคลอง",
        beneficiaries=120,
        beneficiary_groups="ทุกคน",
        way=Way.SUPPORT,
        budget_satang=100_000_00,
        kept_title=title,
        kept_side=side,
        kept_satang=100_000_00,
        issue_id=issue_id,
        created_by=officer,
        created_at=now - dt.timedelta(days=140),
        changed_at=now,
        topic_id=topic,
        version_id=1,
    )
    writer.add(
        BudgetLine,
        id=writer.id(BudgetLine),
        item_id=item_id,
        position=1,
        what=title,
        unit="ชุด",
        quantity_thousandths=1000,
        unit_price_satang=100_000_00,
        amount_satang=100_000_00,
        tokens=tokens(title),
    )
    case_id = writer.id(Case)
    writer.last[Decision] = case_id
    writer.add(
        Case,
        id=case_id,
        item_id=item_id,
        plan_id=plan_id,
        district_id=community["district"],
        edition_id=edition_id,
        state=CaseState.MERIT_CHECK,
        opened_at=now - dt.timedelta(days=100),
        changed_at=now - dt.timedelta(days=90),
        due_on=clock.today(),
        version_id=1,
    )
    writer.add(
        CardAnswer,
        id=writer.id(CardAnswer),
        case_id=case_id,
        criterion="complete",
        answer=Answer.MET,
        reason="",
        answered_by=officer,
        answered_at=now,
    )
    writer.add(
        Decision,
        id=case_id,
        case_id=case_id,
        outcome=Outcome.ACCEPT,
        reason_code="fits",
        reason="สอดคล้องกับยุทธศาสตร์",
        changes="",
        accepted_satang=100_000_00,
        agency="",
        agency_reply="",
        proposed_by=officer,
        proposed_at=now,
        confirmed_by=officer2,
        confirmed_at=now,
    )
    return {
        "id": item_id,
        "topic": topic,
        "plan": plan_id,
        **{key: community[key] for key in ("district",)},
        "community": community["id"],
    }


def _projects(
    writer: Writer,
    districts: list[District],
    cycles: dict[int, tuple[int, int]],
    items: list[dict[str, int]],
    officer: int,
    officer2: int,
) -> dict[int, int]:
    now, today, plans = clock.now(), clock.today(), {}
    for district in districts:
        plan_id = writer.id(ActionPlan)
        plans[district.id] = plan_id
        writer.add(
            ActionPlan,
            id=plan_id,
            cycle_id=cycles[district.id][0],
            district_id=district.id,
            state=ActionPlanState.PUBLISHED,
            created_by=officer,
            created_at=now,
            hearing_opened_at=now - dt.timedelta(days=40),
            answered_at=now - dt.timedelta(days=20),
            approved_by=officer2,
            approved_at=now - dt.timedelta(days=15),
            published_at=now - dt.timedelta(days=14),
            topic_id=writer.topic(
                "action_plan", plan_id, f"แผนปฏิบัติราชการ เขต{district.name_th}", district.id
            ),
            version_id=1,
        )
        mine = [item for item in items if item["district"] == district.id]
        for position in range(0, len(mine), 10):
            project_id = writer.id(Project)
            name = _title()
            writer.add(
                Project,
                id=project_id,
                action_plan_id=plan_id,
                district_id=district.id,
                position=position,
                kind=ProjectKind.PROJECT,
                code=f"{district.agency_code}-{3000 + position:04d}",
                printed_number="",
                name=name,
                rationale=name,
                objectives=name,
                outputs=name,
                area="",
                method="",
                starts_on=today,
                ends_on=today + dt.timedelta(days=300),
                budget_kind=BudgetKind.AMOUNT,
                budget_satang=1_000_000_00,
                fund_source="",
                section=Section.COMMUNITY_WELFARE,
                sections_text="",
                indicators="",
                quarters="1234",
                created_by=officer,
                created_at=now,
                changed_by=officer,
                changed_at=now,
                topic_id=writer.topic("project", project_id, name, district.id),
                version_id=1,
            )
            for item in mine[position : position + 10]:
                writer.add(
                    ProjectItem,
                    id=writer.id(ProjectItem),
                    project_id=project_id,
                    item_id=item["id"],
                    amount_satang=100_000_00,
                    note="",
                    linked_by=officer,
                    linked_at=now,
                )
    return plans
