"""What officers do, in few words."""

import datetime as dt

from portal.procurement import commands
from portal.procurement.commands import (
    Correction,
    Outcome,
    Override,
    ProcessData,
)
from portal.procurement.models import (
    Category,
    Method,
    StepKind,
)
from tests.factories import procurement

S = StepKind
SIGNED = Override("ต้องจัดหาก่อนฤดูฝน", "ผู้อำนวยการเขตดุสิต")
PREFIX = "ocds-213czf"


def data(**given):
    values = {
        "title": "จัดซื้อเต็นท์สนาม",
        "method": Method.OPEN,
        "method_details": "e-bidding",
        "category": Category.GOODS,
        "budget_satang": 900_000_00,
    }
    return ProcessData(**{**values, **given})


def create(officer, *projects, override=None, **given):
    ids = [one.id for one in projects]
    return commands.create_process(officer, ids, data(**given), ocid_prefix=PREFIX, override=override)


def events(db, process):
    """What the ledger will say of a process; that it was published (tests/procurement/test_releases.py) is left out."""
    db.flush()
    told = [pending.event for pending in db.info.get("ledger", []) if pending.subject == process.id]
    return [event for event in told if event != "process.released"]


def step(process, kind):
    return procurement.step(process, kind)


def do(officer, process, kind, on="2026-11-25", override=None, **outcome):
    commands.do_step(
        officer, step(process, kind), dt.date.fromisoformat(on), Outcome(**outcome), override=override
    )


def correction(process, **given):
    values = {name: getattr(process, name) for name in Correction.__dataclass_fields__}
    for name in ("egp_number", "egp_url"):
        values[name] = values[name] or ""
    return Correction(**{**values, **given})
