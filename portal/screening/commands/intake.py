"""Taking plans in, and giving cases to people."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.accounts import queries as accounts
from portal.accounts.models import InterestDeclaration
from portal.core import clock, db, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed, NotFound, RulesMissing, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import queries as cycles
from portal.cycles.models import PhaseKind
from portal.plans import commands as plans
from portal.plans import queries as plan_queries
from portal.plans.models import Item, Plan, PlanState
from portal.screening import deadlines, policy, queries
from portal.screening.commands.holding import tell_people, working_days
from portal.screening.models import Case, CaseState
from portal.screening.workflow import OPEN, WAITS


def take_in(actor: Actor, plan_id: int) -> list[Case]:
    """Accept a submitted plan for screening and open a case for each of its items, due by the rules the screening runs under.

    Safe to repeat: an item has one case. Raises NotFound for an unseen plan, WrongState outside the screening phase.
    """
    plan = plan_queries.get_visible(actor, plan_id)
    if not actor.may(Permission.SCREEN, district_id=plan.district_id):
        raise NotFound
    if actor.id is not None and accounts.has_interest(actor.id, plan.community_id):
        raise NotAllowed(_l("You have an interest in this community, so someone else must do this."))
    held = db.get_for_update(Plan, plan.id)
    if held is None:
        raise NotFound
    cycles.require_open(held.cycle_id, PhaseKind.SCREENING)
    if held.state is not PlanState.ACCEPTED_FOR_SCREENING:
        plans.accept_for_screening(actor, held)
    opened = _open_cases(actor, held)
    if not opened:
        raise WrongState(
            _l("This plan has already been accepted for screening."),
            way_on=("screening.inbox", {}, _l("Go to the inbox")),
        )
    return opened


def _open_cases(actor: Actor, plan: Plan) -> list[Case]:
    rules = cycles.rules_in(plan.cycle_id, PhaseKind.SCREENING)
    if rules is None:
        raise RulesMissing(_l("The rules for this were not published in time, so it stays closed."))
    today = clock.today()
    due_on = deadlines.first_due_on(working_days(actor, today), today, rules.screening_working_days)
    items = db.session().scalars(
        sa.select(Item)
        .outerjoin(Case, Case.item_id == Item.id)
        .where(Item.plan_id == plan.id, Item.withdrawn_at.is_(None), Case.id.is_(None))
        .order_by(Item.rank, Item.id)
    )
    opened = [
        Case(
            item_id=item.id,
            plan_id=plan.id,
            district_id=plan.district_id,
            edition_id=rules.edition_id,
            state=CaseState.WAITING,
            opened_at=clock.now(),
            changed_at=clock.now(),
            due_on=due_on,
        )
        for item in items
    ]
    db.session().add_all(opened)
    db.session().flush()
    for case in opened:
        ledger.record(
            "screening.opened",
            actor,
            "screening_case",
            case.id,
            district_id=plan.district_id,
            changes={"item_id": case.item_id, "rules_sha256": rules.sha256, "due_on": due_on.isoformat()},
        )
    return opened


def assign_cases(actor: Actor, case_ids: Sequence[int], person_id: int | None) -> int:
    """Give cases to one planner of their district (None: to nobody); returns how many changed hands.

    All or nothing: Invalid when somebody could not judge one of them. Decided and withdrawn cases are left alone.
    """
    dockets = queries.dockets(actor, case_ids, hold=True)
    if len(dockets) != len(set(case_ids)) or not dockets:
        raise NotFound if case_ids else Invalid({"case_ids": _l("Choose at least one item.")})
    if any(not policy.can_see(actor, docket) for docket in dockets):
        raise NotFound
    live = [docket for docket in dockets if docket.state in OPEN | WAITS | {CaseState.APPEALED}]
    if person_id is not None:
        _require_fit(actor, person_id, live)
    changed = [docket for docket in live if docket.case.assigned_to != person_id]
    for docket in changed:
        docket.case.assigned_to = person_id
        docket.case.changed_at = clock.now()
        ledger.record(
            "screening.assigned",
            actor,
            "screening_case",
            docket.case.id,
            district_id=docket.case.district_id,
            changes={"assigned_to": person_id},
        )
        if person_id is not None:
            tell_people(actor, docket, "screening.assigned", [person_id], clock.now().isoformat())
    db.session().flush()
    return len(changed)


def _require_fit(actor: Actor, person_id: int, dockets: list[policy.Docket]) -> None:
    districts = {docket.case.district_id for docket in dockets}
    if any(person_id not in accounts.officers_with(Permission.SCREEN, district) for district in districts):
        raise Invalid({"person_id": _l("Choose a planner of this district.")})
    communities = {docket.community_id for docket in dockets}
    declared = db.session().scalar(
        sa.select(sa.func.count())
        .select_from(InterestDeclaration)
        .where(
            InterestDeclaration.person_id == person_id,
            InterestDeclaration.community_id.in_(communities),
            InterestDeclaration.ended_at.is_(None),
        )
    )
    seated = any(accounts.seat_of(person_id, community) is not None for community in communities)
    if declared or seated or any(person_id in docket.authors for docket in dockets):
        raise Invalid({"person_id": _l("This person took part or has an interest in one of the items.")})
