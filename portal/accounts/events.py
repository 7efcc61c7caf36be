"""What the ledger's events of this room are called, in their usual order."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger_words import RoomWords

EVENTS = RoomWords(
    title=_l("People and roles"),
    events={
        "person.registered": _l("Account created"),
        "person.changed": _l("Own details changed"),
        "person.password_changed": _l("Password changed"),
        "person.password_reset": _l("Password reset by email"),
        "person.session_ended": _l("Signed out on another device"),
        "person.sessions_ended": _l("Signed out on all other devices"),
        "person.closed": _l("Account closed"),
        "residency.requested": _l("Residence confirmation requested"),
        "residency.confirmed": _l("Residence confirmed"),
        "residency.refused": _l("Residence not confirmed"),
        "interest.declared": _l("Interest declared"),
        "interest.ended": _l("Interest ended"),
        "committee.member_seated": _l("Committee member entered"),
        "committee.member_linked": _l("Committee member linked to an account"),
        "committee.seat_ended": _l("Committee member left"),
        "grant.founded": _l("First administrators appointed"),
        "grant.proposed": _l("Role proposed"),
        "grant.confirmed": _l("Role confirmed"),
        "grant.revoked": _l("Role revoked"),
    },
    things={
        "person": _l("Person"),
        "residency": _l("Residence"),
        "interest": _l("Declaration of interest"),
        "committee_member": _l("Community committee member"),
        "grant": _l("Grant"),
    },
)
