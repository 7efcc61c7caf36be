"""Writing places: the city's own facts, and the list of communities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from portal.core import clock, db, ledger, thai, topics
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.places import atlas, policy
from portal.places.listing import Line, Remark, quality_of
from portal.places.models import (
    AgencyCodeStatus,
    Community,
    CommunityType,
    District,
    NameCorrection,
    NameQuality,
    Subdistrict,
    title_of,
)

_TYPE_KEYS = sa.select(CommunityType.name_th, CommunityType.valid_from)


def load_districts(actor: Actor) -> int:
    """Bring in the districts, sub-districts and kinds of community that are not there yet; how many rows were new.

    Safe to repeat: what is there is left as it stands.
    """
    session = db.session()
    known = set(session.scalars(sa.select(District.code)))
    added = 0
    for row in atlas.read("districts"):
        if row["code"] not in known:
            add_district(actor, row)
            added += 1
    known = set(session.scalars(sa.select(Subdistrict.code)))
    for row in atlas.read("subdistricts"):
        if row["code"] not in known:
            session.add(
                Subdistrict(
                    code=row["code"],
                    district_id=int(row["district_code"]),
                    name_th=row["name_th"],
                    name_en=row["name_en"],
                    postal_code=row["postal_code"],
                )
            )
            added += 1
    added += _load_types()
    session.flush()
    if added:
        ledger.record("places.loaded", actor, "district", 0, changes={"rows": added})
    return added


def add_district(actor: Actor, row: dict[str, str]) -> District:
    """One district from its line of ``data/districts.csv``; its id is its DOPA code."""
    bare = row["name_th"].removeprefix("เขต")
    topic = topics.create("district", row["name_th"], text=f"{bare} {row['name_en']}")
    district = District(
        id=int(row["code"]),
        code=row["code"],
        name_th=row["name_th"],
        name_en=row["name_en"],
        sort_key=thai.sort_key(bare),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        agency_code=row["agency_code"],
        agency_code_status=AgencyCodeStatus(row["agency_code_status"]),
        group_th=row["group_th"],
        tile_column=int(row["tile_column"]),
        tile_row=int(row["tile_row"]),
        topic_id=topic.id,
    )
    topic.ref_id = topic.district_id = district.id
    db.session().add(district)
    db.session().flush()
    return district


def _load_types() -> int:
    session = db.session()
    known = {(name, since) for name, since in session.execute(_TYPE_KEYS)}
    added = 0
    for row in atlas.read("community_types"):
        valid_from = dt.date.fromisoformat(row["valid_from"])
        if (row["name_th"], valid_from) not in known:
            session.add(
                CommunityType(
                    name_th=row["name_th"],
                    name_en=row["name_en"],
                    valid_from=valid_from,
                    valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                    source=row["source"],
                )
            )
            added += 1
    return added


@dataclass
class Report:
    """What an import did: numbers of communities, and remarks by line."""

    added: int = 0
    changed: int = 0
    same: int = 0
    flagged: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def errors(self) -> list[Remark]:
        """The remarks that keep the list out."""
        return [remark for remark in self.remarks if remark.is_error]


class ListRefused(Invalid):
    """A list with errors is taken as a whole or not at all; ``report`` names every faulty line."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.errors)} faulty lines")
        self.report = report


def import_communities(actor: Actor, lines: Sequence[Line], remarks: Sequence[Remark] = ()) -> Report:
    """Bring in a list of communities: new ones are added, changed ones kept up, a repetition changes nothing.

    A community is known by its district and name, also by a name it had before an officer corrected it. Names marked
    for proofing are flagged; what an officer has proofed stays as it is. Raises ListRefused, before any community is written, when a line has an error.
    """
    load_districts(actor)
    session = db.session()
    districts = {id_: f"{th} {en}" for id_, th, en in session.execute(_DISTRICT_NAMES)}
    subdistricts = {code: (id_, of) for id_, code, of in session.execute(_SUBDISTRICT_KEYS)}
    types = {name: id_ for id_, name in session.execute(_TYPES_IN_FORCE)}
    report = Report(remarks=[*remarks, *_faults(lines, districts, subdistricts)])
    known = _known_communities()
    if not report.errors:
        report.remarks += _doubts(lines, types, known)
    report.remarks.sort(key=lambda remark: remark.number)
    if report.errors:
        raise ListRefused(report)
    for line in lines:
        place = int(line.district_code)
        subdistrict_id = subdistricts[line.subdistrict_code][0] if line.subdistrict_code else None
        values = {"subdistrict_id": subdistrict_id, "type_id": types.get(line.type_name)}
        found = known.get((place, line.name))
        report.flagged += (found.name_quality if found else line.quality) is NameQuality.CHECK
        if found is None:
            _add_community(place, line, districts[place], values)
            report.added += 1
        elif any(getattr(found, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(found, name, value)
            report.changed += 1
        else:
            report.same += 1
    session.flush()
    if report.added or report.changed:
        figures = {"added": report.added, "changed": report.changed, "flagged": report.flagged}
        ledger.record("communities.imported", actor, "community", 0, changes=figures)
    return report


def _faults(
    lines: Sequence[Line], districts: dict[int, str], subdistricts: dict[str, tuple[int, int]]
) -> Iterator[Remark]:
    """Places that do not exist, or do not lie in each other."""
    for line in lines:
        if not line.district_code.isdecimal() or int(line.district_code) not in districts:
            yield Remark(line.number, True, f"no district {line.district_code or '(empty)'}")
        elif line.subdistrict_code and line.subdistrict_code not in subdistricts:
            yield Remark(line.number, True, f"no sub-district {line.subdistrict_code}")
        elif line.subdistrict_code and subdistricts[line.subdistrict_code][1] != int(line.district_code):
            text = f"sub-district {line.subdistrict_code} is not in district {line.district_code}"
            yield Remark(line.number, True, text)


def _known_communities() -> dict[tuple[int, str], Community]:
    """Every community by its district and name, present or former; a present name goes before a former one."""
    session = db.session()
    everyone = {one.id: one for one in session.scalars(sa.select(Community))}
    former = session.execute(sa.select(NameCorrection.community_id, NameCorrection.was))
    known = {(everyone[id_].district_id, was): everyone[id_] for id_, was in former}
    return known | {(one.district_id, one.name): one for one in everyone.values()}


def _doubts(
    lines: Sequence[Line], types: dict[str, int], known: dict[tuple[int, str], Community]
) -> Iterator[Remark]:
    """What is brought in all the same, but somebody should look at."""
    for line in lines:
        if not line.subdistrict_code:
            text = f"the sub-district {line.subdistrict or '(empty)'} is not among the 180: left empty"
            yield Remark(line.number, False, text)
        if line.type_name and line.type_name not in types:
            yield Remark(line.number, False, f"the kind {line.type_name} is not in force: left empty")
        found = known.get((int(line.district_code), line.name))
        if (found.name_quality if found else line.quality) is NameQuality.CHECK:
            yield Remark(line.number, False, f"the name {line.name} needs proofing")


_DISTRICT_NAMES = sa.select(District.id, District.name_th, District.name_en)
_SUBDISTRICT_KEYS = sa.select(Subdistrict.id, Subdistrict.code, Subdistrict.district_id)
_TYPES_IN_FORCE = sa.select(CommunityType.id, CommunityType.name_th).where(CommunityType.valid_to.is_(None))


def _add_community(district_id: int, line: Line, district: str, values: dict[str, int | None]) -> None:
    topic = topics.create("community", title_of(line.name), text=district, district_id=district_id)
    community = Community(
        district_id=district_id,
        name=line.name,
        sort_key=thai.sort_key(line.name),
        name_quality=line.quality,
        topic_id=topic.id,
        **values,
    )
    db.session().add(community)
    db.session().flush()
    topic.ref_id = community.id


def correct_name(
    actor: Actor, community: Community, name: str, *, source: str, seen_number: int
) -> NameCorrection:
    """Give a damaged name its right spelling, or say that it is sound as it stands; its flag goes.

    ``seen_number`` is the number of corrections the officer had seen: Conflict (409) when somebody has corrected the
    name since. ``source`` says where the right spelling stands. Raises NotAllowed, Invalid.
    """
    held = db.get_for_update(Community, community.id)
    if held is None:
        raise NotFound
    if not policy.can_correct_name(actor, held):
        raise NotAllowed(_l("Only the community desk of the district corrects names."))
    session = db.session()
    taken = _l("Someone else has corrected this name since you opened the page.")
    if seen_number != _corrections(held.id):
        raise Conflict(taken)
    if quality_of(name) is NameQuality.CHECK:
        raise Invalid({"name": _l("These letters cannot follow each other in Thai. Check the name again.")})
    correction = NameCorrection(
        community_id=held.id,
        number=seen_number + 1,
        was=held.name,
        became=name,
        source=source,
        corrected_by=actor.id,
        corrected_at=clock.now(),
    )
    with db.refusing_duplicates(Conflict(taken)):
        session.add(correction)
    district = session.get_one(District, held.district_id)
    with db.refusing_duplicates(Invalid({"name": _l("Another community of the district has this name.")})):
        held.name, held.sort_key, held.name_quality = name, thai.sort_key(name), NameQuality.OK
    topics.retitle(
        held.topic_id, title_of(name), text=f"{district.name_th} {district.name_en} {correction.was}"
    )
    ledger.record(
        "community.name_corrected",
        actor,
        "community",
        held.id,
        district_id=held.district_id,
        changes={"name": [correction.was, name]},
        note=source,
    )
    return correction


def _corrections(community_id: int) -> int:
    count = sa.select(sa.func.count()).where(NameCorrection.community_id == community_id)
    return db.session().scalar(count) or 0
