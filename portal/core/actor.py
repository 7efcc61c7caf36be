"""Who acts, what they may do, and where. One vocabulary of roles and permissions for every room.

A grant is (role, scope): the city, one district, or one community. A permission is held where a grant of a role that
carries it covers the place asked about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Roles of domain.md section 1 and rulings "People, completed"."""

    LEADER = "leader"
    PLANNER = "planner"
    DIRECTOR = "director"
    PROCUREMENT = "procurement"
    STRATEGY = "strategy"
    COMMUNITY_DESK = "community_desk"
    REGISTRY = "registry"
    ROUND_OFFICER = "round_officer"
    KEY_CUSTODIAN = "key_custodian"
    PAPER_CLERK = "paper_clerk"
    CERTIFIER = "certifier"
    MODERATOR = "moderator"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Scope(StrEnum):
    """How far a grant reaches."""

    CITY = "city"
    DISTRICT = "district"
    COMMUNITY = "community"


class Permission(StrEnum):
    """Everything that needs more than being a signed-in resident."""

    PLACE_EDIT = "place.edit"
    COMMITTEE_KEEP = "committee.keep"
    RESIDENCY_CONFIRM = "residency.confirm"
    GRANT_PROPOSE = "grant.propose"
    GRANT_CONFIRM = "grant.confirm"
    COMMENT_MODERATE = "comment.moderate"
    STRATEGY_EDIT = "strategy.edit"
    RULES_PROPOSE = "rules.propose"
    RULES_CONFIRM = "rules.confirm"
    LAW_EDIT = "law.edit"
    FORUM_KEEP = "forum.keep"
    DISTRICT_FORUM_KEEP = "district_forum.keep"
    PLAN_WRITE = "plan.write"
    PLAN_LATE = "plan.late"
    SCREEN = "screening.propose"
    SCREEN_CONFIRM = "screening.confirm"
    ACTION_PLAN_EDIT = "actionplan.edit"
    ACTION_PLAN_APPROVE = "actionplan.approve"
    HEARING_ANSWER = "hearing.answer"
    PROCUREMENT_EDIT = "procurement.edit"
    OBSERVER_CONFIRM = "observation.confirm"
    ROUND_KEEP = "voting.round"
    ROUND_CONFIRM = "voting.confirm"
    ROLL_KEEP = "voting.roll"
    ROUND_KEY = "voting.key"
    PAPER_ENTER = "voting.paper"
    RESULT_CERTIFY = "voting.certify"
    PROGRESS_WRITE = "progress.write"
    PROGRESS_CERTIFY = "progress.certify"
    INFORMATION_KEEP = "information.keep"
    LEDGER_READ = "ledger.read"
    LEDGER_BLANK = "ledger.blank"


_P = Permission
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LEADER: frozenset({_P.FORUM_KEEP, _P.PLAN_WRITE}),
    Role.PLANNER: frozenset(
        {
            _P.SCREEN,
            _P.SCREEN_CONFIRM,
            _P.ACTION_PLAN_EDIT,
            _P.HEARING_ANSWER,
            _P.DISTRICT_FORUM_KEEP,
            _P.RULES_PROPOSE,
            _P.ROUND_KEEP,
            _P.PROGRESS_WRITE,
            _P.PROGRESS_CERTIFY,
            _P.INFORMATION_KEEP,
        }
    ),
    Role.DIRECTOR: frozenset(
        {
            _P.SCREEN_CONFIRM,
            _P.ACTION_PLAN_APPROVE,
            _P.HEARING_ANSWER,
            _P.PLAN_LATE,
            _P.GRANT_CONFIRM,
            _P.RULES_CONFIRM,
            _P.DISTRICT_FORUM_KEEP,
            _P.ROUND_CONFIRM,
            _P.PROGRESS_CERTIFY,
        }
    ),
    Role.PROCUREMENT: frozenset({_P.PROCUREMENT_EDIT, _P.OBSERVER_CONFIRM, _P.INFORMATION_KEEP}),
    Role.STRATEGY: frozenset(
        {
            _P.STRATEGY_EDIT,
            _P.RULES_PROPOSE,
            _P.RULES_CONFIRM,
            _P.LAW_EDIT,
            _P.ROUND_KEEP,
            _P.ROUND_CONFIRM,
            _P.PROGRESS_WRITE,
            _P.PROGRESS_CERTIFY,
        }
    ),
    Role.COMMUNITY_DESK: frozenset({_P.COMMITTEE_KEEP, _P.PLACE_EDIT}),
    Role.REGISTRY: frozenset({_P.RESIDENCY_CONFIRM, _P.ROLL_KEEP}),
    Role.ROUND_OFFICER: frozenset({_P.ROUND_KEEP}),
    Role.KEY_CUSTODIAN: frozenset({_P.ROUND_KEY}),
    Role.PAPER_CLERK: frozenset({_P.PAPER_ENTER}),
    Role.CERTIFIER: frozenset({_P.RESULT_CERTIFY}),
    Role.MODERATOR: frozenset({_P.COMMENT_MODERATE}),
    Role.AUDITOR: frozenset({_P.LEDGER_READ, _P.LEDGER_BLANK}),
    Role.ADMIN: frozenset({_P.GRANT_PROPOSE, _P.GRANT_CONFIRM, _P.LEDGER_READ, _P.LEDGER_BLANK}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one place. ``district_id`` is also set for a community's grant."""

    role: Role
    scope: Scope
    district_id: int | None = None
    community_id: int | None = None

    def covers(self, district_id: int | None, community_id: int | None) -> bool:
        """Whether this grant reaches the place; asking about no place asks "anywhere"."""
        if self.scope is Scope.CITY or (district_id is None and community_id is None):
            return True
        if self.scope is Scope.DISTRICT:
            return district_id is not None and district_id == self.district_id
        return community_id is not None and community_id == self.community_id


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting now (or nobody). ``id`` is the person's id, None for a visitor."""

    id: int | None = None
    grants: tuple[Grant, ...] = ()
    name: str = ""
    lang: str = "th"
    session_id: int | None = None
    is_system: bool = False
    home_district_id: int | None = None
    unread: int = field(default=0, compare=False)

    @property
    def is_signed_in(self) -> bool:
        return self.id is not None

    def may(
        self, permission: Permission, *, district_id: int | None = None, community_id: int | None = None
    ) -> bool:
        """Whether some grant in force carries ``permission`` at the place (no place: anywhere).

        A community's own affairs are asked with both ids; district-wide affairs with the district only.
        """
        return any(
            permission in ROLE_PERMISSIONS[grant.role] and grant.covers(district_id, community_id)
            for grant in self.grants
        )

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that the grants in force carry, each wherever it holds."""
        return frozenset().union(*(ROLE_PERMISSIONS[grant.role] for grant in self.grants))

    def districts_where(self, permission: Permission) -> frozenset[int] | None:
        """Districts where the permission is held at district scope; None means every district."""
        held = [g for g in self.grants if permission in ROLE_PERMISSIONS[g.role]]
        if any(g.scope is Scope.CITY for g in held):
            return None
        return frozenset(
            g.district_id for g in held if g.scope is Scope.DISTRICT and g.district_id is not None
        )

    def communities_where(self, permission: Permission) -> frozenset[int]:
        """Communities where the permission is held by a community grant."""
        return frozenset(
            g.community_id
            for g in self.grants
            if g.scope is Scope.COMMUNITY
            and g.community_id is not None
            and permission in ROLE_PERMISSIONS[g.role]
        )


ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True, name="system")
