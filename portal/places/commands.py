"""Writing places: the city's own facts, and the list of communities."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from portal.core import db, ledger, thai, topics
from portal.core.actor import Actor
from portal.places import atlas
from portal.places.models import AgencyCodeStatus, CommunityType, District, Subdistrict

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
