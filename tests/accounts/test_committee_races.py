"""Twenty clerks enter overlapping seats of one committee at once: one chair, and one seat for each person."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from portal.accounts import commands
from portal.accounts.commands import Seat
from portal.accounts.models import CommitteeMember, CommitteePost
from portal.core import clock, db
from portal.core.actor import Role
from portal.core.errors import Invalid
from tests.factories import accounts, places

CLERKS = 20


@pytest.mark.postgres_only
@pytest.mark.parametrize("post", [CommitteePost.CHAIR, CommitteePost.MEMBER])
def test_of_overlapping_seats_entered_at_once_one_stands(transaction, post):
    """All twenty terms share a day. Chairs are different people; a member is one person."""
    with transaction():
        community = places.community()
        desk = accounts.officer(Role.COMMUNITY_DESK, places.district())
        email = accounts.person().email if post is CommitteePost.MEMBER else ""
        community_id = community.id
    first, ready, seated = clock.today(), threading.Barrier(CLERKS), []

    def enter(place):
        begins = first + dt.timedelta(days=place)
        seat = Seat(
            f"คนที่ {place}", post, begins, first + dt.timedelta(days=400 + place), "ที่ กท 1/2569", email
        )
        ready.wait()
        try:
            with db.transaction() as session:
                seated.append(
                    commands.seat_member(desk, session.get_one(type(community), community_id), seat).id
                )
        except Invalid:
            pass

    threads = [threading.Thread(target=enter, args=(place,)) for place in range(CLERKS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with transaction("read") as session:
        assert session.scalars(sa.select(CommitteeMember.id)).all() == seated
    assert len(seated) == 1
