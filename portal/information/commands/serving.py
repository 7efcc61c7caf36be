"""Pages of public services: a new one, and a new edition of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.actionplan.models import Section
from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.information import policy, queries
from portal.information.models import Service, ServiceEdition


@dataclass(frozen=True)
class ServiceData:
    """What the page of a service says. ``steps`` are (what is done, how long it takes)."""

    name: str
    section: Section
    what: str
    papers: Sequence[str]
    steps: Sequence[tuple[str, str]]
    duration: str
    fee: str
    place: str
    is_sample: bool = False


def _check(actor: Actor, district_id: int, data: ServiceData) -> None:
    if not policy.can_keep(actor, district_id):
        raise NotAllowed(_l("Services of this district are described by its own officers."))
    wrong: dict[str, object] = {
        name: _l("This must be filled in.")
        for name in ("name", "what", "duration", "fee", "place")
        if not getattr(data, name).strip()
    }
    if not data.steps:
        wrong["steps"] = _l("A service needs at least one step.")
    if wrong:
        raise Invalid(wrong)


def add_service(actor: Actor, district_id: int, data: ServiceData) -> Service:
    """Describe a service for the first time. Raises NotAllowed, Invalid by form field."""
    _check(actor, district_id, data)
    made = Service(district_id=district_id, created_by=actor.id, created_at=clock.now())
    db.session().add(made)
    db.session().flush()
    _publish(actor, made, 1, data, "")
    return made


def revise_service(
    actor: Actor, service_id: int, expected: int, data: ServiceData, reason: str
) -> ServiceEdition:
    """Publish the next edition of a service's page; ``expected`` is the number the page showed.

    Raises NotFound, NotAllowed, Conflict when somebody else published first, Invalid by form field.
    """
    service = db.get_for_update(Service, service_id)
    if service is None:
        raise NotFound
    _check(actor, service.district_id, data)
    if not reason.strip():
        raise Invalid({"reason": _l("Say what changes.")})
    newest = queries.service_editions(service_id)[0]
    if newest.number != expected:
        raise Conflict(_l("Someone else has changed this in the meantime."))
    return _publish(actor, service, newest.number + 1, data, reason.strip())


def _publish(actor: Actor, service: Service, number: int, data: ServiceData, reason: str) -> ServiceEdition:
    made = ServiceEdition(
        service_id=service.id,
        number=number,
        name=data.name.strip(),
        section=data.section,
        what=data.what.strip(),
        papers=[one.strip() for one in data.papers if one.strip()],
        steps=[{"what": what.strip(), "time": time.strip()} for what, time in data.steps],
        duration=data.duration.strip(),
        fee=data.fee.strip(),
        place=data.place.strip(),
        is_sample=data.is_sample,
        reason=reason,
        published_by=actor.id,
        published_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    ledger.record(
        "information.service_published",
        actor,
        "public_service",
        service.id,
        district_id=service.district_id,
        changes={"number": number, "name": made.name},
        note=reason,
    )
    return made
