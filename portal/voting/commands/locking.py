"""Locking the roll: who stands on it, and under which areas ballots are published."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.places.models import District
from portal.voting import areas, policy, queries
from portal.voting.commands.roll import hold_open_roll
from portal.voting.models import Area, AreaKind, RollEntry, Round


def lock_roll(actor: Actor, round_id: int) -> int:
    """Close the roll before the opening: nobody is added any more, publication areas are fixed. Returns how many people
    stand on it. Raises NotAllowed, WrongState when it is locked, while requests wait (it says how many in which district),
    or nobody stands on it."""
    round_ = hold_open_roll(actor, round_id, may=policy.can_lock_roll)
    if round_.cutoff_day >= clock.today():
        raise WrongState(_l("The cut-off day is not over yet."))
    left = [
        f"{one.name_en if language() == 'en' else one.name_th} {one.people}"
        for one in queries.requests_left(round_id)
    ]
    if left:
        raise WrongState(
            _(
                "Requests are still waiting on the roll's page; answer them first: %(left)s.",
                left=", ".join(left),
            ),
            way_on=_waiting(round_id) if policy.can_keep_roll(actor, round_) else None,
        )
    rows = queries.by_community(round_id)
    total = sum(int(row.people) for row in rows)
    if not total:
        raise WrongState(_l("Nobody is on the roll."))
    homes = {(row.district_id, row.community_id): _home(round_, row) for row in rows}
    sums: dict[areas.Home, int] = {}
    for row in rows:
        home = homes[row.district_id, row.community_id]
        sums[home] = sums.get(home, 0) + row.people
    fixed = areas.fixed(sums.items())
    made = _write_areas(round_id, rows, {place: fixed[home] for place, home in homes.items()})
    for (district_id, community_id), home in homes.items():
        where = RollEntry.community_id == community_id if community_id else RollEntry.community_id.is_(None)
        db.session().execute(
            sa.update(RollEntry)
            .where(RollEntry.round_id == round_id, RollEntry.district_id == district_id, where)
            .values(area_id=made[fixed[home]])
            .execution_options(synchronize_session=False)
        )
    round_.roll_locked_at, round_.roll_count = clock.now(), total
    ledger.record(
        "roll.locked",
        actor,
        "round",
        round_id,
        district_id=round_.district_id,
        changes={"people": total, "areas": sorted(made)},
    )
    return total


def _waiting(round_id: int) -> tuple[str, dict[str, Any], object]:
    return "voting.roll", {"round_id": round_id, "_anchor": "requests"}, _l("See the requests that wait")


def _home(round_: Round, row: Any) -> areas.Home:
    near = [
        f"c{row.community_id}" if row.community_id else "",
        f"s{row.subdistrict_code}" if row.subdistrict_code else "",
        f"d{row.district_id}",
        "" if round_.district_id is not None else "city",
    ]
    return areas.Home(tuple(one for one in near if one))


def _write_areas(
    round_id: int, rows: list[Any], area_of: dict[tuple[int, int | None], str]
) -> dict[str, int]:
    names: dict[str, tuple[str, str]] = {"city": ("กรุงเทพมหานคร", "Bangkok")}
    counts: dict[str, int] = {}
    rests: set[str] = set()  # areas from which smaller ones were taken out: what is left of them
    within: dict[str, int] = {}
    districts = {
        row.id: row
        for row in db.session().execute(sa.select(District.id, District.name_th, District.name_en))
    }
    for row in rows:
        district_id, community_id = row.district_id, row.community_id
        code = area_of[district_id, community_id]
        counts[code] = counts.get(code, 0) + row.people
        within[code] = district_id
        if code.startswith("c") and code != "city":
            names[code] = (row.community, row.community)
        elif code.startswith("s"):
            names[code] = (f"แขวง{row.subdistrict_th}", f"{row.subdistrict_en} Subdistrict")
        elif code.startswith("d"):
            names[code] = (districts[district_id].name_th, districts[district_id].name_en)
        rests |= {"city", f"d{district_id}", f"s{row.subdistrict_code}"} - {code}
    for code in rests & names.keys():
        name_th, name_en = names[code]
        names[code] = (f"ส่วนอื่นของ{name_th}", f"Rest of {name_en}")
    shared = Counter(name_th for name_th, _name_en in names.values())
    for code, (name_th, name_en) in names.items():
        if shared[name_th] > 1:
            district = districts[within[code]]
            names[code] = (f"{name_th} {district.name_th}", f"{name_en}, {district.name_en}")
    kinds = {"c": AreaKind.COMMUNITY, "s": AreaKind.SUBDISTRICT, "d": AreaKind.DISTRICT}
    made = [
        Area(
            round_id=round_id,
            kind=AreaKind.CITY if code == "city" else kinds[code[0]],
            code=code,
            name_th=names[code][0],
            name_en=names[code][1],
            roll_count=count,
        )
        for code, count in sorted(counts.items())
    ]
    db.session().add_all(made)
    db.session().flush()
    return {one.code: one.id for one in made}
