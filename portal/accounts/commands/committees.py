"""The community desk keeps the committees: posts, terms, appointment papers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.accounts import policy, queries, words
from portal.accounts.models import CommitteeMember, CommitteePost, Person
from portal.core import clock, db, i18n, ledger, outbox
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places
from portal.places.models import Community


@dataclass(frozen=True)
class Seat:
    """What the appointment paper says. ``valid_to`` is the first day after the term; ``email`` is the account's, if any."""

    name: str
    post: CommitteePost
    valid_from: dt.date
    valid_to: dt.date
    appointment_reference: str
    email: str = ""


def seat_member(actor: Actor, community: Community, seat: Seat) -> CommitteeMember:
    """Enter a member of a committee. Raises NotAllowed outside the own district or for oneself, Invalid for a term that
    ends before it begins, an address without an account, a second chair, or a person who already sits there."""
    if not policy.can_keep_committee(actor, community):
        raise NotAllowed(_l("The district's community desk manages its committees."))
    if seat.valid_from >= seat.valid_to:
        raise Invalid({"last_day": _l("The term must end after it begins.")})
    person = _account(actor, seat.email)
    _hold(actor, community.id)
    others = _others(community.id, seat.valid_from, seat.valid_to)
    if person is not None:
        _refuse_second_seat(person, others)
    if seat.post is CommitteePost.CHAIR and any(other.post is CommitteePost.CHAIR for other in others):
        raise Invalid({"post": _l("This committee has a chair. End that seat first.")})
    member = CommitteeMember(
        community_id=community.id,
        person_id=person.id if person else None,
        name=seat.name,
        post=seat.post,
        valid_from=seat.valid_from,
        valid_to=seat.valid_to,
        appointment_reference=seat.appointment_reference,
        entered_by=actor.id,
        entered_at=clock.now(),
    )
    db.session().add(member)
    db.session().flush()
    _record("committee.member_seated", actor, community, member, {"post": seat.post.value})
    if person is not None:
        _tell(person, community, member)
    return member


def link_member(actor: Actor, member: CommitteeMember, email: str) -> None:
    """Tie a seat to the member's account, who acts as a leader from then on. Raises as :func:`seat_member`."""
    community, member = _hold_seat(actor, member)
    if member.person_id is not None:
        raise WrongState(_l("This seat already belongs to an account."))
    person = _account(actor, email)
    if person is None:
        raise Invalid({"email": _l("This must be filled in.")})
    if member.entered_by == person.id:
        raise Invalid({"email": _l("The person who entered a seat cannot hold it.")})
    _refuse_second_seat(person, _others(community.id, member.valid_from, member.valid_to))
    member.person_id = person.id
    _record("committee.member_linked", actor, community, member, {"person": person.id})
    _tell(person, community, member)


def end_seat(actor: Actor, member: CommitteeMember, left_on: dt.date, reason: str) -> None:
    """A member leaves before the term is over: the seat is empty from ``left_on``. Raises Invalid for a day outside the
    term or no reason, WrongState for a seat already left, NotAllowed for one's own."""
    community, member = _hold_seat(actor, member)
    if member.left_on is not None:
        raise WrongState(_l("This seat was already ended."))
    if not member.valid_from <= left_on <= member.valid_to:
        raise Invalid({"left_on": _l("The day must lie within the term.")})
    if not reason.strip():
        raise Invalid({"reason": _l("Say why.")})
    member.left_on, member.left_reason = left_on, reason.strip()
    _record("committee.seat_ended", actor, community, member, {"left_on": left_on.isoformat()}, reason)


def _hold(actor: Actor, community_id: int) -> None:
    """One at a time writes a community's committee, until the transaction ends: what is checked then stays true."""
    db.get_for_update(Community, community_id)


def _hold_seat(actor: Actor, member: CommitteeMember) -> tuple[Community, CommitteeMember]:
    """The community and the seat as it is now, held. Raises NotAllowed for others than its desk, and for one's own."""
    community = places.community(member.community_id)
    if community is None or not policy.can_keep_seat(actor, community, member):
        raise NotAllowed(
            _l("The district's community desk manages its committees, but nobody manages their own seat.")
        )
    _hold(actor, community.id)
    return community, db.get_for_update(CommitteeMember, member.id) or member


def _account(actor: Actor, email: str) -> Person | None:
    if not email.strip():
        return None
    person = queries.person_by_email(email)
    if person is None:
        raise Invalid({"email": _l("There is no account with this address.")})
    if policy.is_own(actor, person.id):
        raise NotAllowed(_l("Nobody can give themselves a role."))
    return person


def _others(community_id: int, since: dt.date, until: dt.date) -> list[CommitteeMember]:
    """Who sits there on any day of a term that is still to come; what is over is on record and stands in nobody's way."""
    return queries.committee_between(community_id, max(since, clock.today()), until)


def _refuse_second_seat(person: Person, others: list[CommitteeMember]) -> None:
    if any(other.person_id == person.id for other in others):
        raise Invalid({"email": _l("This person is already on this committee.")})


def _record(
    event: str,
    actor: Actor,
    community: Community,
    member: CommitteeMember,
    changes: dict[str, object],
    note: str = "",
) -> None:
    ledger.record(
        event,
        actor,
        "committee_member",
        member.id,
        district_id=community.district_id,
        changes={"community": community.id, **changes},
        note=note,
    )


def _tell(person: Person, community: Community, member: CommitteeMember) -> None:
    with i18n.speaking(person.language):
        post = str(words.POSTS[member.post])
    outbox.enqueue(
        "seat_linked",
        person.email,
        dedupe_key=f"seat:{member.id}",
        language=person.language,
        person_id=person.id,
        params={"community": community.title, "post": post},
    )
