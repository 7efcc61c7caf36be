"""What people read for states that the dossier shows in its own short words."""

from __future__ import annotations

from collections.abc import Mapping

from portal.accounts.models import CommitteePost
from portal.actionplan.models import ActionPlanState, MoneyStep
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.plans.models import PlanState, Way
from portal.plans.words import SIDE_TONES as SIDE_TONES

WAYS: Mapping[Way, object] = {
    Way.SELF: _l("The community does it itself"),
    Way.TOGETHER: _l("Done together with others"),
    Way.SUPPORT: _l("Support is asked for"),
}
PLAN_STATES: Mapping[PlanState, object] = {
    PlanState.SUBMITTED: _lp("plan", "Submitted"),
    PlanState.RETURNED: _lp("plan", "Returned for correction"),
    PlanState.ACCEPTED_FOR_SCREENING: _lp("plan", "Taken into screening"),
    PlanState.WITHDRAWN: _lp("plan", "Withdrawn"),
    PlanState.DRAFT: _lp("plan", "Being changed"),
    PlanState.ENDORSED: _lp("plan", "Being changed"),
}
ACTION_PLAN_STATES: Mapping[ActionPlanState, object] = {
    ActionPlanState.HEARING: _l("Open for the hearing"),
    ActionPlanState.ANSWERED: _l("Hearing answered"),
    ActionPlanState.APPROVED: _lp("action plan", "Approved"),
    ActionPlanState.PUBLISHED: _lp("action plan", "Published"),
    ActionPlanState.REOPENED: _l("Published, a new edition is being made"),
}
MONEY: Mapping[MoneyStep, object] = {
    MoneyStep.REQUESTED: _lp("money", "Requested"),
    MoneyStep.ALLOCATED: _lp("money", "Allocated"),
    MoneyStep.REFUSED: _lp("money", "Refused"),
    MoneyStep.TRANSFERRED: _lp("money", "Transferred"),
}
POSTS: Mapping[CommitteePost, object] = {
    CommitteePost.CHAIR: _l("Chair"),
    CommitteePost.VICE_CHAIR: _l("Vice chair"),
    CommitteePost.SECRETARY: _l("Secretary"),
    CommitteePost.TREASURER: _l("Treasurer"),
    CommitteePost.REGISTRAR: _l("Registrar"),
    CommitteePost.PUBLIC_RELATIONS: _l("Public relations"),
    CommitteePost.MEMBER: _l("Committee member"),
}
