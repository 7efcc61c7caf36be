"""A district with contracts, an officer who keeps its information centre."""

import datetime as dt

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core import db as core_db
from portal.core import storage, topics
from portal.core.actor import Role
from portal.information import queries
from portal.procurement.models import Award, Contract, Tenderer
from tests.factories import accounts, actionplan, cycles, places, procurement


@pytest.fixture(autouse=True)
def in_november(clock, tmp_path):
    clock.travel("2026-11-20 09:00")
    storage.use_folder(tmp_path)


@pytest.fixture(autouse=True)
def known_to_the_house():
    for kind in queries.KINDS:
        topics.register(kind)


@pytest.fixture
def officer(db):
    return accounts.officer(Role.PROCUREMENT, places.district())


@pytest.fixture
def process(db):
    return procurement.process(
        actionplan.project(actionplan.action_plan(cycles.cycle(), ActionPlanState.PUBLISHED))
    )


def contract(process, signed_on, number="1/2570", satang=850_000_00, **given):
    """A signed contract whose winner offered least of two."""
    session = core_db.session()
    position = len(session.query(Award).filter_by(process_id=process.id).all()) + 1
    award = Award(
        process_id=process.id,
        position=position,
        lot=given.get("lot", ""),
        supplier="ร้านผ้าใบตัวอย่าง",
        amount_satang=satang,
        announced_on=signed_on - dt.timedelta(days=10),
    )
    session.add(award)
    if position == 1:
        for place, (name, offer) in enumerate(
            (("ร้านผ้าใบตัวอย่าง", satang), ("ร้านเต็นท์ตัวอย่าง", satang + 100)), 1
        ):
            session.add(Tenderer(process_id=process.id, position=place, name=name, offer_satang=offer))
    session.flush()
    made = Contract(
        process_id=process.id,
        award_id=award.id,
        number=number,
        signed_on=signed_on,
        signed_satang=satang,
        amount_satang=satang,
    )
    session.add(made)
    session.flush()
    return made
