"""Roles: proposed by one, confirmed by another, never one's own, each resting on an order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.accounts import policy, queries, words
from portal.accounts.models import CITY_ROLES, DISTRICT_ROLES, GrantRow, Person
from portal.core import clock, db, i18n, ledger, outbox
from portal.core.actor import Actor, Role, Scope
from portal.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places


@dataclass(frozen=True)
class Order:
    """What the order (คำสั่ง) says. ``valid_to`` is the first day on which it no longer holds, or None."""

    role: Role
    district_id: int | None
    reference: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    section: str = ""
    position: str = ""


def propose_grant(actor: Actor, email: str, order: Order) -> GrantRow:
    """Put a role forward for somebody with an account. It does nothing until a second person confirms it.

    Raises Invalid for an address without an account, a role in the wrong place or a term that ends before it begins,
    NotAllowed for oneself."""
    person = queries.person_by_email(email)
    if person is None:
        raise Invalid({"email": _l("There is no account with this address.")})
    _check_place(order)
    if order.valid_to is not None and order.valid_to <= order.valid_from:
        raise Invalid({"last_day": _l("The term must end after it begins.")})
    if not policy.can_propose_grant(actor, person.id, order.district_id):
        raise NotAllowed(_l("Administrators propose roles, and nobody can propose one for themselves."))
    grant = GrantRow(
        person_id=person.id,
        role=order.role,
        scope=Scope.CITY if order.district_id is None else Scope.DISTRICT,
        district_id=order.district_id,
        section=order.section,
        position=order.position,
        order_reference=order.reference,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
        proposed_by=actor.id,
        proposed_at=clock.now(),
    )
    db.session().add(grant)
    db.session().flush()
    _record("grant.proposed", actor, grant)
    return grant


def confirm_grant(actor: Actor, grant: GrantRow) -> None:
    """The second pair of eyes: from now on the role counts. Raises WrongState when it was decided meanwhile, NotAllowed
    for who proposed it, who gets it, or who has no say in that place."""
    if grant.confirmed_at is not None or policy.is_ended(grant):
        raise WrongState(_l("This has been decided in the meantime."))
    if not policy.can_confirm_grant(actor, grant):
        raise NotAllowed(
            _l("Another administrator or the district director confirms a role, but never their own.")
        )
    grant.confirmed_by, grant.confirmed_at = actor.id, clock.now()
    person = _holder(grant)
    if grant.position:
        person.position = grant.position
    _record("grant.confirmed", actor, grant)
    _tell(person, grant)


def revoke_grant(actor: Actor, grant: GrantRow, reason: str) -> None:
    """Take a role back, or turn a proposal down; the reason stays on record. Raises Invalid without a reason,
    WrongState when it was revoked before, NotAllowed for one's own."""
    if policy.is_ended(grant):
        raise WrongState(_l("This has been decided in the meantime."))
    if not policy.can_revoke_grant(actor, grant):
        raise NotAllowed(
            _l("An administrator or the district director can revoke a role, but never their own.")
        )
    if not reason.strip():
        raise Invalid({"reason": _l("Say why.")})
    grant.revoked_by, grant.revoked_at, grant.revoke_reason = actor.id, clock.now(), reason.strip()
    person = _holder(grant)
    if grant.position and person.position == grant.position:
        person.position = ""
    _record("grant.revoked", actor, grant, reason.strip())


def _check_place(order: Order) -> None:
    if order.role in DISTRICT_ROLES:
        if order.district_id is None or places.district(order.district_id) is None:
            raise Invalid({"district": _l("This role belongs to one district: choose it.")})
    elif order.role in CITY_ROLES:
        if order.district_id is not None:
            raise Invalid({"district": _l("This role holds in the whole city: choose no district.")})
    else:
        raise Invalid({"role": _l("A community leader's role comes from a seat on the committee.")})


def _holder(grant: GrantRow) -> Person:
    person = queries.person(grant.person_id)
    if person is None:
        raise NotFound
    return person


def _record(event: str, actor: Actor, grant: GrantRow, note: str = "") -> None:
    changes = {"person": grant.person_id, "role": grant.role.value, "order": grant.order_reference}
    ledger.record(event, actor, "grant", grant.id, district_id=grant.district_id, changes=changes, note=note)


def _tell(person: Person, grant: GrantRow) -> None:
    district = places.district(grant.district_id) if grant.district_id is not None else None
    with i18n.speaking(person.language):
        role = str(words.ROLES[grant.role])
        place = "" if district is None else district.name_en if person.language == "en" else district.name_th
    outbox.enqueue(
        "grant_confirmed",
        person.email,
        dedupe_key=f"grant:{grant.id}",
        language=person.language,
        person_id=person.id,
        params={"role": role, "place": place, "order": grant.order_reference},
    )
