"""Districts, sub-districts and communities. Districts are the real ones; asking twice gives the same row."""

from typing import Any

import sqlalchemy as sa

from portal.core import db, thai, topics
from portal.core.actor import SYSTEM
from portal.places import atlas, commands
from portal.places.models import Community, District, Subdistrict, title_of


def district(code: str = "1002", **changes: Any) -> District:
    """The real district with that code (1002 is Dusit, 1001 Phra Nakhon, 1047 Bang Na)."""
    found = db.session().get(District, int(code))
    if found is None:
        row = next(row for row in atlas.read("districts") if row["code"] == code)
        found = commands.add_district(SYSTEM, row)
    for name, value in changes.items():
        setattr(found, name, value)
    db.session().flush()
    return found


def subdistrict(of: District | None = None) -> Subdistrict:
    """The first real sub-district of a district."""
    of = of or district()
    row = next(row for row in atlas.read("subdistricts") if row["district_code"] == of.code)
    found = db.session().scalar(sa.select(Subdistrict).where(Subdistrict.code == row["code"]))
    if found is None:
        found = Subdistrict(
            code=row["code"],
            district_id=of.id,
            name_th=row["name_th"],
            name_en=row["name_en"],
            postal_code=row["postal_code"],
        )
        db.session().add(found)
        db.session().flush()
    return found


def community(district: District | None = None, name: str = "", **changes: Any) -> Community:
    """A new community of a district (Dusit); names are numbered unless given."""
    of = district or globals()["district"]()
    if not name:
        count = db.session().scalar(
            sa.select(sa.func.count()).select_from(Community).where(Community.district_id == of.id)
        )
        name = f"ริมคลองตัวอย่าง {int(count or 0) + 1}"
    topic = topics.create("community", title_of(name), text=f"{of.name_th} {of.name_en}", district_id=of.id)
    values: dict[str, Any] = {
        "district_id": of.id,
        "subdistrict_id": subdistrict(of).id,
        "name": name,
        "sort_key": thai.sort_key(name),
        "houses": 120,
        "topic_id": topic.id,
        **changes,
    }
    made = Community(**values)
    db.session().add(made)
    db.session().flush()
    topics.tie(topic.id, made.id)
    return made
