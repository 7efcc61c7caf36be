"""A round in which people vote on paper, for the tests: numbers of identity cards, clerks, whole batches."""

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Role
from portal.voting import rollkeys
from portal.voting.commands import batches, paper_desk
from portal.voting.models import RollEntry
from tests.factories.ballots import before_the_lock, officer

AREA = "d1002"
AFTER = "2026-11-22 10:00"  # voting has closed, the board has not


def card(number):
    """A number in the form of an identity card's, beginning with a digit that no card has."""
    digits = f"9{number:011d}"
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def rows(model):
    """All rows of a table."""
    with db.transaction("read") as session:
        return session.scalars(sa.select(model)).all()


def give_cards(vote):
    """The people of the roll get cards 0, 1, …"""
    with db.transaction() as session, before_the_lock("roll_entries"):
        for place, roll_id in enumerate(vote.rolls):
            session.get(RollEntry, roll_id).person_key = rollkeys.person_key(vote.id, card(place))
        session.flush()


def staff(vote):
    """A registry officer, four clerks."""
    with db.transaction():
        vote.registry = officer(Role.REGISTRY)
        vote.clerks = [officer(Role.PAPER_CLERK) for _ in range(4)]


def hand_out(vote, people):
    for place in people:
        paper_desk.hand_out(vote.registry, vote.id, card(place))


def declare(vote, sheets, clerk=0):
    with db.transaction():
        return batches.declare_batch(vote.clerks[clerk], vote.id, AREA, "สำนักงานเขต", sheets).id


def key(vote, batch_id, clerk, keyed, *, finish=True):
    """One person keys the sheets in their order."""
    actor = vote.clerks[clerk]
    with db.transaction():
        keying = batches.begin_keying(actor, batch_id).id
    for number, typed in enumerate(keyed, 1):
        with db.transaction():
            batches.key_sheet(actor, keying, number, typed)
    if finish:
        with db.transaction():
            batches.finish_keying(actor, keying)
    return keying


def whole_batch(vote, keyed, differences=()):
    """A batch keyed by two; where the second reads something else, a third decides for the first. Entered."""
    batch_id = declare(vote, len(keyed))
    other = {**dict(enumerate(keyed, 1)), **dict(differences)}
    key(vote, batch_id, 0, keyed)
    key(vote, batch_id, 1, [other[number] for number in range(1, len(keyed) + 1)])
    for number, _typed in differences:
        with db.transaction():
            batches.settle(vote.clerks[2], batch_id, number, keyed[number - 1], "อ่านชัดเจนบนบัตร")
    with db.transaction():
        return batch_id, batches.enter_batch(vote.clerks[0], batch_id)
