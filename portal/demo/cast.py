"""The people of the demonstration. Every name says that it is a sample; nobody here is a real person."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from portal.accounts import passwords, queries
from portal.accounts.models import (
    CommitteeMember,
    CommitteePost,
    GrantRow,
    Person,
    Residency,
    ResidencyState,
)
from portal.core import clock, db, ledger, thai, topics
from portal.core.actor import SYSTEM, Actor, Role, Scope
from portal.demo import facts
from portal.demo.calendar import moment
from portal.places.models import Community, CommunityType, Subdistrict

DISTRICT_ROLES = {
    "planner": (Role.PLANNER, "เจ้าหน้าที่วางแผน 1 (ตัวอย่าง)", "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),
    "planner2": (Role.PLANNER, "เจ้าหน้าที่วางแผน 2 (ตัวอย่าง)", "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),
    "planner3": (Role.PLANNER, "เจ้าหน้าที่วางแผน 3 (ตัวอย่าง)", "ฝ่ายปกครอง"),
    "director": (Role.DIRECTOR, "ผู้อำนวยการเขต (ตัวอย่าง)", ""),
    "procurement": (Role.PROCUREMENT, "เจ้าหน้าที่พัสดุ (ตัวอย่าง)", "ฝ่ายการคลัง"),
    "community_desk": (Role.COMMUNITY_DESK, "เจ้าหน้าที่ทะเบียนชุมชน (ตัวอย่าง)", "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),
    "registry": (Role.REGISTRY, "นายทะเบียนเขต (ตัวอย่าง)", "ฝ่ายทะเบียน"),
    "registry2": (Role.REGISTRY, "เจ้าหน้าที่ทะเบียน (ตัวอย่าง)", "ฝ่ายทะเบียน"),
    "key_custodian": (Role.KEY_CUSTODIAN, "ผู้รักษากุญแจ 1 (ตัวอย่าง)", "ฝ่ายปกครอง"),
    "key_custodian2": (Role.KEY_CUSTODIAN, "ผู้รักษากุญแจ 2 (ตัวอย่าง)", "ฝ่ายการคลัง"),
    "certifier": (Role.CERTIFIER, "ผู้รับรองผล (ตัวอย่าง)", ""),
    "paper_clerk": (Role.PAPER_CLERK, "เจ้าหน้าที่บันทึกบัตร 1 (ตัวอย่าง)", "ฝ่ายปกครอง"),
    "paper_clerk2": (Role.PAPER_CLERK, "เจ้าหน้าที่บันทึกบัตร 2 (ตัวอย่าง)", "ฝ่ายทะเบียน"),
    "paper_clerk3": (Role.PAPER_CLERK, "เจ้าหน้าที่บันทึกบัตร 3 (ตัวอย่าง)", "ฝ่ายพัฒนาชุมชนและสวัสดิการสังคม"),
}
# A second duty beside the first, as small offices have it.
SECOND_DUTIES = {"community_desk": Role.PAPER_CLERK, "auditor": Role.CERTIFIER}
CITY_ROLES = {
    "strategy": (Role.STRATEGY, "เจ้าหน้าที่ยุทธศาสตร์ (ตัวอย่าง)"),
    "strategy2": (Role.STRATEGY, "หัวหน้ากลุ่มงานยุทธศาสตร์ (ตัวอย่าง)"),
    "moderator": (Role.MODERATOR, "ผู้ดูแลความเห็น (ตัวอย่าง)"),
    "auditor": (Role.AUDITOR, "ผู้ตรวจสอบภายใน (ตัวอย่าง)"),
    "admin": (Role.ADMIN, "ผู้ดูแลระบบ 1 (ตัวอย่าง)"),
    "admin2": (Role.ADMIN, "ผู้ดูแลระบบ 2 (ตัวอย่าง)"),
    "admin3": (Role.ADMIN, "ผู้ดูแลระบบ 3 (ตัวอย่าง)"),
    "key_custodian3": (Role.KEY_CUSTODIAN, "ผู้รักษากุญแจของกรุงเทพมหานคร 1 (ตัวอย่าง)"),
    "key_custodian4": (Role.KEY_CUSTODIAN, "ผู้รักษากุญแจของกรุงเทพมหานคร 2 (ตัวอย่าง)"),
}
RESIDENTS = ("resident", "resident2", "resident3", "resident4", "resident5")
SHOWN = (
    "resident",
    "resident2",
    "resident5",
    "leader",
    "leader2",
    "planner",
    "planner2",
    "director",
    "procurement",
    "strategy",
    "moderator",
    "auditor",
    "community_desk",
    "registry",
    "registry2",
    "paper_clerk",
    "paper_clerk2",
    "paper_clerk3",
    "certifier",
    "admin",
)
POSTS = (*list(CommitteePost)[:6], CommitteePost.MEMBER)
POST_NAMES = ("ประธาน", "รองประธาน", "เลขานุการ", "เหรัญญิก", "นายทะเบียน", "ประชาสัมพันธ์", "กรรมการ")
ORDER = "คำสั่งตัวอย่าง ที่ 1/2567"
WALKED = "วัดโบสถ์สามเสน"


@dataclass
class Cast:
    """Everyone by part, the communities of Dusit by name, and the seats of each committee."""

    people: dict[str, Person] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)
    seats: dict[int, list[CommitteeMember]] = field(default_factory=dict)
    _actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, part: str) -> Actor:
        """The actor of a part, as the portal would load it."""
        return self.actor_of(self.people[part].id)

    def actor_of(self, person_id: int) -> Actor:
        """The actor of a person."""
        if person_id not in self._actors:
            with db.transaction("read"):
                found = queries.actor_of_person(person_id)
            if found is None:
                raise LookupError(f"person {person_id} has no open account")
            self._actors[person_id] = found
        return self._actors[person_id]

    def members(self, community: Community) -> list[Actor]:
        """The committee's members who have an account, chair first."""
        return [
            self.actor_of(seat.person_id) for seat in self.seats[community.id] if seat.person_id is not None
        ]

    def chair(self, community: Community) -> Actor:
        """Who acts for a community."""
        return self.members(community)[0]


def assemble(since: dt.date, until: dt.date) -> Cast:
    """Write everyone: officers, residents, 43 communities with a committee of seven each."""
    cast = Cast()
    nobody = passwords.hashed(secrets.token_urlsafe(24))
    for part, (_role, name) in CITY_ROLES.items():
        _person(cast, part, name, nobody)
    for part, (_role, name, _section) in DISTRICT_ROLES.items():
        _person(cast, part, name, nobody)
    for number, part in enumerate(RESIDENTS, 1):
        _person(cast, part, f"ผู้อยู่อาศัย {number} (ตัวอย่าง)", nobody)
    db.session().flush()
    for part, (role, _name) in CITY_ROLES.items():
        _grant(cast, part, role, Scope.CITY, None, "", since)
    for part, (role, _name, section) in DISTRICT_ROLES.items():
        _grant(cast, part, role, Scope.DISTRICT, facts.DUSIT, section, since)
    for part, role in SECOND_DUTIES.items():
        _grant(cast, part, role, Scope.DISTRICT, facts.DUSIT, "", since)
    _communities(cast)
    _committees(cast, nobody, since, until)
    _residences(cast)
    db.session().flush()
    ledger.record("demo.loaded", SYSTEM, "site_state", 1, note="people and communities of the demonstration")
    return cast


def give_passwords(cast: Cast, path: Path) -> None:
    """New passwords for the accounts that are shown, written to ``path`` for people to sign in with."""
    accounts: dict[str, dict[str, str]] = {}
    for part in SHOWN:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        person = db.session().get_one(Person, cast.people[part].id)
        person.password_hash = passwords.hashed(password)
        accounts[part] = {"email": person.email, "password": password}
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def officer_for(cast: Cast, role: Role, district_id: int) -> int:
    """A new officer of another district; returns the person's id."""
    part = f"{role.value}-{district_id}"
    person = _person(
        cast, part, f"เจ้าหน้าที่เขต {district_id} (ตัวอย่าง)", passwords.hashed(secrets.token_urlsafe(24))
    )
    db.session().flush()
    _grant(cast, part, role, Scope.DISTRICT, district_id, "", clock.today())
    return person.id


def _person(cast: Cast, part: str, name: str, password_hash: str, position: str = "") -> Person:
    person = Person(
        email=f"{part.replace('_', '-')}@example.org",
        password_hash=password_hash,
        given_name=name,
        display_name=name,
        position=position,
        wants_mail=part in SHOWN,
        created_at=clock.now(),
    )
    db.session().add(person)
    cast.people[part] = person
    return person


def _grant(
    cast: Cast, part: str, role: Role, scope: Scope, district_id: int | None, section: str, since: dt.date
) -> None:
    """Proposed and confirmed by two administrators, neither of whom it is for."""
    proposer, confirmer = [name for name in ("admin", "admin2", "admin3") if name != part][:2]
    db.session().add(
        GrantRow(
            person_id=cast.people[part].id,
            role=role,
            scope=scope,
            district_id=district_id,
            section=section,
            order_reference=ORDER,
            valid_from=since,
            proposed_by=cast.people[proposer].id,
            proposed_at=clock.now(),
            confirmed_by=cast.people[confirmer].id,
            confirmed_at=clock.now(),
        )
    )


def _communities(cast: Cast) -> None:
    from_code = {
        row.code: row.id for row in db.session().execute(sa.select(Subdistrict.code, Subdistrict.id))
    }
    kinds = {
        row.name_th: row.id
        for row in db.session().execute(sa.select(CommunityType.name_th, CommunityType.id))
    }
    for number, row in enumerate(facts.rows("dusit_communities")):
        title = f"ชุมชน{row['name']}"
        topic = topics.create("community", title, text="เขตดุสิต Dusit", district_id=facts.DUSIT)
        community = Community(
            district_id=facts.DUSIT,
            subdistrict_id=from_code[row["subdistrict_code"]],
            type_id=kinds.get(row["type"]),
            name=row["name"],
            sort_key=thai.sort_key(row["name"]),
            houses=80 + (number * 37) % 240,
            topic_id=topic.id,
        )
        db.session().add(community)
        db.session().flush()
        topics.tie(topic.id, community.id)
        cast.communities[row["name"]] = community


def _committees(cast: Cast, nobody: str, since: dt.date, until: dt.date) -> None:
    """Four of each seven have an account (enough to sign); the community that is walked through has all seven."""
    for number, (name, community) in enumerate(cast.communities.items(), 1):
        is_walked = name == WALKED
        seats = []
        for index, (post, post_name) in enumerate(zip(POSTS, POST_NAMES, strict=True)):
            person = None
            shown = f"{post_name}ชุมชน{name} (ตัวอย่าง)"
            if is_walked or index < 4:
                part = f"member-{number}-{index + 1}"
                if is_walked and index in (0, 2):
                    part = "leader" if index == 0 else "leader2"
                person = _person(cast, part, shown, nobody)
                db.session().flush()
            seats.append(
                CommitteeMember(
                    community_id=community.id,
                    person_id=person.id if person else None,
                    name=shown,
                    post=post,
                    valid_from=since,
                    valid_to=until,
                    appointment_reference="ประกาศตัวอย่างของสำนักงานเขต",
                    entered_by=cast.people["community_desk"].id,
                    entered_at=clock.now(),
                )
            )
        db.session().add_all(seats)
        cast.seats[community.id] = seats
    db.session().flush()


def _residences(cast: Cast) -> None:
    """Confirmed from the first day, refused and asked for in the last weeks: every state has somebody in it."""
    registry = cast.people["registry"].id
    first = clock.now()
    asked = {
        ResidencyState.REFUSED: moment(2026, 11, 9, 20),
        ResidencyState.REQUESTED: moment(2026, 11, 18, 19),
    }
    homes = [WALKED, "สวนอ้อย", "ท่าน้ำสามเสน", "พิชัย", WALKED]
    states = [
        ResidencyState.CONFIRMED,
        ResidencyState.CONFIRMED,
        ResidencyState.REQUESTED,
        ResidencyState.REFUSED,
        ResidencyState.CONFIRMED,
    ]
    for part, home, state in zip(RESIDENTS, homes, states, strict=True):
        is_decided = state is not ResidencyState.REQUESTED
        db.session().add(
            Residency(
                person_id=cast.people[part].id,
                district_id=facts.DUSIT,
                community_id=cast.communities[home].id,
                state=state,
                requested_at=asked.get(state, first),
                decided_by=registry if is_decided else None,
                decided_at=asked.get(state, first) + dt.timedelta(hours=5) if is_decided else None,
                reason="ที่อยู่ในทะเบียนบ้านอยู่เขตอื่น" if state is ResidencyState.REFUSED else "",
            )
        )
