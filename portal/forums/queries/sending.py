"""The record of a forum as its keepers' phones read it, and the mark that tells one state of it from another."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import db, hashing
from portal.core.actor import Actor
from portal.forums.models import Forum, Sending
from portal.forums.queries.announced import agenda_of
from portal.forums.queries.recorded import attendance_of, attendees_of, issues_of


def standing(actor: Actor, forum: Forum) -> dict[str, Any]:
    """Everything a record says now, the private names too. Raises NotFound for whoever may not read them."""
    return {
        "state": forum.state.value,
        "attendance": {
            f"{sex.value}_{band.value}": people
            for (sex, band), people in sorted(attendance_of(forum.id).items())
        },
        "minutes": forum.minutes,
        "done": [one.id for one in agenda_of(forum.id) if one.is_done],
        "names": "\n".join(
            f"{one.name}, {one.note}" if one.note else one.name for one in attendees_of(actor, forum)
        ),
        "issues": [
            {
                "id": one.id,
                "side": one.side.value,
                "problem": one.problem,
                "cause": one.cause,
                "proposal": one.proposal,
                "raised_by": one.raised_by,
                "votes": one.votes,
            }
            for one in sorted(issues_of(forum.id), key=lambda one: one.position)
        ],
    }


def mark_of(record: dict[str, Any]) -> str:
    """Two records with one mark say the same."""
    return hashing.sha256_hex(hashing.canonical_json(record))[:32]


def sending(person_id: int, key: str) -> Sending:
    """What this person's phone sent first under this key."""
    return (
        db.session()
        .scalars(sa.select(Sending).where(Sending.person_id == person_id, Sending.key == key))
        .one()
    )
