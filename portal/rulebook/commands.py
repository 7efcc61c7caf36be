"""Entering figures of law and exceptional days."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.calendar import KNOWN_YEARS, thai_government_holidays
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.rulebook import policy, queries
from portal.rulebook.licences import LICENCES
from portal.rulebook.models import Holiday, HolidayKind, LawValue
from portal.rulebook.seeds import HOLIDAY_SOURCE, HOLIDAY_YEARS, LAW, MOST


def load_seeds(actor: Actor) -> int:
    """Enter the built-in figures nobody has entered yet, and the holidays of years that have none; how many rows.

    Safe to repeat: what officers entered stays.
    """
    session = db.session()
    added = 0
    known = set(session.scalars(sa.select(LawValue.key)))
    for key, law in LAW.items():
        if key not in known:
            session.add(
                LawValue(
                    key=key,
                    value=law.value,
                    unit=law.unit,
                    valid_from=law.valid_from,
                    source=law.source,
                    is_verified=law.is_verified,
                    entered_at=clock.now(),
                )
            )
            added += 1
    years = {day.year for day in session.scalars(sa.select(Holiday.on))}
    for year in HOLIDAY_YEARS:
        if year in years:
            continue
        added += _write_built_in(year)
    session.flush()
    if added:
        ledger.record("rulebook.loaded", actor, "law_value", 0, changes={"rows": added})
    return added


def _write_built_in(year: int) -> int:
    rows = [
        Holiday(
            on=day,
            kind=HolidayKind.HOLIDAY,
            name_th=name_th[:200],
            name_en=name_en[:200],
            source=HOLIDAY_SOURCE,
        )
        for day, name_th, name_en in thai_government_holidays(year)
    ]
    db.session().add_all(rows)
    return len(rows)


def enter_value(
    actor: Actor, key: str, *, value: int, valid_from: dt.date, source: str, is_verified: bool
) -> LawValue:
    """A figure in force from a day on; earlier rows stay as history. ``value`` is in the key's own unit (satang,
    working days, days, a count or the number of a licence). Raises NotAllowed, NotFound for an unknown key, Invalid for a value nothing can be
    counted with."""
    if not policy.can_edit(actor):
        raise NotAllowed(_l("Only the strategy office enters legal figures."))
    if key not in LAW:
        raise NotFound
    if value < LAW[key].least:
        raise Invalid({"value": _l("The value must be at least %(least)s.", least=LAW[key].least)})
    most = MOST.get(LAW[key].unit)
    if most is not None and value > most:
        raise Invalid({"value": _l("The value must be at most %(most)s.", most=most)})
    if LAW[key].unit == "licence" and value not in LICENCES:
        raise Invalid({"value": _l("Choose one of the licences.")})
    row = LawValue(
        key=key,
        value=value,
        unit=LAW[key].unit,
        valid_from=valid_from,
        source=source,
        is_verified=is_verified,
        entered_by=actor.id,
        entered_at=clock.now(),
    )
    db.session().add(row)
    db.session().flush()
    ledger.record(
        "law_value.entered",
        actor,
        "law_value",
        row.id,
        changes={
            "key": key,
            "value": value,
            "valid_from": valid_from.isoformat(),
            "is_verified": is_verified,
        },
        note=source,
    )
    return row


def enter_day(
    actor: Actor, on: dt.date, *, kind: HolidayKind, name_th: str, name_en: str, source: str
) -> Holiday:
    """A day off, or a day that became a working day; a day that is there already is corrected. Open deadlines follow,
    since they are always computed. The first day of a year brings the built-in holidays of that year with it, which have
    counted until now. Raises NotAllowed, Invalid for a year without a calendar, or when somebody is doing the same."""
    if not policy.can_edit(actor):
        raise NotAllowed(_l("Only the strategy office enters holidays."))
    if on.year not in KNOWN_YEARS:
        raise Invalid({"on": _l("The portal keeps no calendar for that year.")})
    session = db.session()
    taken = Invalid(_l("Someone else entered a day of that year at the same moment. Enter yours again."))
    with db.refusing_duplicates(taken):
        brought = 0 if queries.holidays_of(on.year) else _write_built_in(on.year)
    row = session.scalar(sa.select(Holiday).where(Holiday.on == on).with_for_update())
    before = None if row is None else {"kind": row.kind.value, "name_th": row.name_th}
    with db.refusing_duplicates(taken):
        if row is None:
            row = Holiday(on=on)
            session.add(row)
        row.kind, row.name_th, row.name_en, row.source = kind, name_th, name_en, source
    if brought:
        ledger.record("rulebook.loaded", actor, "holiday", row.id, changes={"year": on.year, "rows": brought})
    ledger.record(
        "holiday.entered",
        actor,
        "holiday",
        row.id,
        changes={"on": on.isoformat(), "kind": kind.value, "name_th": name_th, "before": before},
        note=source,
    )
    return row


def remove_day(actor: Actor, on: dt.date, reason: str) -> None:
    """Take an exceptional day out of the table: it is a day like any other again. Raises NotAllowed, NotFound."""
    if not policy.can_edit(actor):
        raise NotAllowed(_l("Only the strategy office enters holidays."))
    row = db.session().scalar(sa.select(Holiday).where(Holiday.on == on))
    if row is None:
        raise NotFound
    ledger.record(
        "holiday.removed",
        actor,
        "holiday",
        row.id,
        changes={"on": on.isoformat(), "name_th": row.name_th},
        note=reason,
    )
    db.session().delete(row)
    db.session().flush()
