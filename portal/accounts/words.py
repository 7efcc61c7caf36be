"""The words for duties, posts and states, as people read them."""

from __future__ import annotations

from portal.accounts.models import CommitteePost, ResidencyState
from portal.core.actor import Role
from portal.core.i18n import lazy_gettext as _l

ROLES = {
    Role.LEADER: _l("Community leader"),
    Role.PLANNER: _l("District planner"),
    Role.DIRECTOR: _l("District director"),
    Role.PROCUREMENT: _l("Procurement officer"),
    Role.STRATEGY: _l("City strategy office"),
    Role.COMMUNITY_DESK: _l("Community desk officer"),
    Role.REGISTRY: _l("Registry officer"),
    Role.ROUND_OFFICER: _l("Voting round officer"),
    Role.KEY_CUSTODIAN: _l("Key custodian of voting rounds"),
    Role.PAPER_CLERK: _l("Paper ballot clerk"),
    Role.CERTIFIER: _l("Certifier of voting results"),
    Role.MODERATOR: _l("Moderator"),
    Role.AUDITOR: _l("Internal auditor"),
    Role.ADMIN: _l("Administrator"),
}
POSTS = {
    CommitteePost.CHAIR: _l("Chair"),
    CommitteePost.VICE_CHAIR: _l("Vice chair"),
    CommitteePost.SECRETARY: _l("Secretary"),
    CommitteePost.TREASURER: _l("Treasurer"),
    CommitteePost.REGISTRAR: _l("Registrar"),
    CommitteePost.PUBLIC_RELATIONS: _l("Public relations"),
    CommitteePost.MEMBER: _l("Committee member"),
}
# The state's word and the tone of its tag.
RESIDENCY_STATES = {
    ResidencyState.REQUESTED: (_l("Waiting for the registry"), "amber"),
    ResidencyState.CONFIRMED: (_l("Confirmed"), "green"),
    ResidencyState.REFUSED: (_l("Refused"), "red"),
}
