"""Where a person lives: asked by the person, decided by the district's registry."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts import policy, queries
from portal.accounts.models import Residency, ResidencyState
from portal.core import clock, db, ledger, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places


def ask_residence(actor: Actor, district_id: int, community_id: int | None) -> Residency:
    """Ask the registry of a district to confirm that one lives there. A residence named before ends with it.

    Raises Invalid for an unknown place, Conflict when two requests race."""
    community = places.community(community_id) if community_id is not None else None
    if places.district(district_id) is None:
        raise Invalid({"district": _l("Choose the district you live in.")})
    if community_id is not None and (community is None or community.district_id != district_id):
        raise Invalid({"community": _l("Choose a community of this district.")})
    end_residence(actor)
    asked = Residency(
        person_id=actor.id,
        district_id=district_id,
        community_id=community_id,
        state=ResidencyState.REQUESTED,
        requested_at=clock.now(),
    )
    with db.refusing_duplicates(Conflict(_l("You have just asked for this. Look at your page."))):
        db.session().add(asked)
    ledger.record("residency.requested", actor, "residency", asked, district_id=district_id)
    return asked


def end_residence(actor: Actor) -> None:
    """Take back one's request, or say that one lives there no longer."""
    db.session().execute(
        sa.update(Residency)
        .where(
            Residency.person_id == actor.id,
            Residency.ended_at.is_(None),
            Residency.state != ResidencyState.REFUSED,
        )
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def confirm_residence(actor: Actor, residency: Residency) -> None:
    """The registry found the person in its books. Raises NotAllowed for one's own, WrongState when it was decided."""
    _decide(actor, residency, ResidencyState.CONFIRMED, "")


def refuse_residence(actor: Actor, residency: Residency, reason: str) -> None:
    """The registry did not find the person; the reason is mailed. Raises Invalid without one, else as above."""
    if not reason.strip():
        raise Invalid({"reason": _l("Say why, so that the person can correct it.")})
    _decide(actor, residency, ResidencyState.REFUSED, reason.strip())


def _decide(actor: Actor, residency: Residency, state: ResidencyState, reason: str) -> None:
    if residency.state is not ResidencyState.REQUESTED or residency.ended_at is not None:
        raise WrongState(_l("This request has been decided or taken back in the meantime."))
    if not policy.can_decide_residency(actor, residency):
        raise NotAllowed(_l("The registry of the district decides, and nobody decides about themselves."))
    residency.state, residency.reason = state, reason
    residency.decided_by, residency.decided_at = actor.id, clock.now()
    person, district = queries.person(residency.person_id), places.district(residency.district_id)
    if person is None or district is None:
        raise NotFound
    outbox.enqueue(
        "residence_decided",
        person.email,
        dedupe_key=f"residency:{residency.id}:{state}",
        language=person.language,
        person_id=person.id,
        params={
            "is_confirmed": state is ResidencyState.CONFIRMED,
            "district": district.name_en if person.language == "en" else district.name_th,
            "reason": reason,
        },
    )
    event = "residency.confirmed" if state is ResidencyState.CONFIRMED else "residency.refused"
    ledger.record(event, actor, "residency", residency.id, district_id=residency.district_id)
