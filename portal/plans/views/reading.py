"""What everybody reads: the list, a plan as it was handed in, its editions, the official form."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, request, url_for

from portal.accounts import queries as accounts
from portal.comments import queries as comments
from portal.comments.models import Purpose
from portal.core import money, typeset
from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.core.i18n import language
from portal.core.thai import parse_int
from portal.notifications import queries as notifications
from portal.places import queries as places
from portal.plans import comparing, paper, policy, queries
from portal.plans import content as science
from portal.plans.content import Content
from portal.plans.models import PlanEdition, PlanState
from portal.plans.queries.editions import HandedIn
from portal.plans.views.room import blueprint
from portal.plans.workflow import EDITABLE, PLAN
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.redirects import see, see_other
from portal.web.render import page

PUBLIC_STATES = (
    PlanState.SUBMITTED,
    PlanState.RETURNED,
    PlanState.ACCEPTED_FOR_SCREENING,
    PlanState.WITHDRAWN,
)


def _number(name: str) -> int | None:
    try:
        return parse_int(request.args.get(name, ""), 1, 9999)
    except ValueError:
        return None


@blueprint.get("")
@public("district", "year", "state", "cursor")
def index() -> Any:
    """Plans handed in, by district and fiscal year."""
    code, year = _number("district"), _number("year")
    districts = places.districts()
    chosen = next((row for row in districts if row.code == str(code)), None)
    years = queries.fiscal_years()
    state = next((one for one in PUBLIC_STATES if one.value == request.args.get("state")), None)
    found = queries.submitted_plans(
        district_id=chosen.id if chosen else None,
        fiscal_year=year if year in years else None,
        state=state,
        cursor=request.args.get("cursor"),
    )
    share = queries.share_of_communities(chosen.id, year) if chosen and year in years else None
    return page(
        "plans/index.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        districts=districts,
        chosen=chosen,
        years=years,
        year=year,
        state=state,
        states=PUBLIC_STATES,
        share=share,
    )


def reading(said: Content) -> dict[str, Any]:
    """What the pieces of a page that show a plan's content need."""
    return {
        "said": said,
        "items": said["items"],
        "total": science.total_satang(said),
        "sides": science.by_side(said),
    }


@blueprint.get("/<int:plan_id>")
@public()
def show(plan_id: int) -> Any:
    """A plan: as last handed in; before that, as it reads now, for those who may see it."""
    actor = current_actor()
    plan = row = queries.plain_plan(actor, plan_id)
    handed_in, editions = queries.latest_with_editions(plan_id)
    shown = handed_in
    if shown is None:
        said = queries.content_of(plan)
        standing = queries.standing(plan, said)
        signatures = {
            "signed": [seat.post.value for seat in standing.seats if seat.has_signed],
            "members": len(standing.seats),
            "needed": standing.needed,
            "content_sha256": standing.sha256,
        }
        shown = HandedIn(0, json.dumps({"content": said, "endorsement": signatures}))
    stands = plan.state in policy.STANDING
    known: Any = Purpose.DISCUSSION if stands else "closed"
    thread = comments.thread(actor, plan.topic_id, known=known) if handed_in else None
    return page(
        "plans/show.html",
        row=row,
        plan=plan,
        handed_in=handed_in,
        shown=shown,
        editions=editions,
        returns=queries.returns_of(actor, plan, open_only=True) if plan.state in RETURNING else [],
        stands=stands,
        withdrawals=queries.withdrawals(plan, editions),
        thread=thread,
        topic_id=plan.topic_id,
        is_following=notifications.is_following(actor, plan.topic_id),
        moves=_moves(actor, queries.get_visible(actor, plan_id)) if actor.is_signed_in else [],
    )


RETURNING = (PlanState.RETURNED, PlanState.ACCEPTED_FOR_SCREENING)


def _moves(actor: Actor, plan: Any) -> list[tuple[str, str]]:
    """(endpoint, key of its words) of what this actor may do here now; the first is the main one."""
    moves = []
    if policy.can_write(actor, plan):
        if plan.state in EDITABLE:
            moves.append(("plans.write", "write"))
        elif plan.state is PlanState.WITHDRAWN:
            moves.append(("plans.resume", "resume"))
    if policy.can_enter_paper(actor, plan) and plan.state in EDITABLE:
        moves.append(("plans.endorse_on_paper", "paper"))
    if PLAN.is_open("return", actor, plan):
        moves.append(("plans.return_plan", "return"))
    if policy.can_permit_late(actor, plan) and plan.state in EDITABLE and plan.late_permitted_by is None:
        moves.append(("plans.permit_late", "late"))
    if PLAN.is_open("withdraw", actor, plan):
        moves.append(("plans.withdraw", "withdraw"))
    return moves


@blueprint.get("/<int:plan_id>/editions/<int:number>")
@public()
def edition(plan_id: int, number: int) -> Any:
    """One edition, as it was handed in."""
    row = queries.placed_plan(current_actor(), plan_id)
    kept = queries.edition(plan_id, number)
    body = json.loads(kept.body)
    return page(
        "plans/edition.html",
        row=row,
        plan=row.Plan,
        kept=kept,
        body=body,
        signatures=body["endorsement"],
        editions=queries.editions_of(plan_id),
        **reading(body["content"]),
    )


@blueprint.get("/<int:plan_id>/editions/<int:number>/changes")
@public("from")
def changes(plan_id: int, number: int) -> Any:
    """What an edition changed in the one before it, or in the one asked for."""
    actor = current_actor()
    row = queries.plain_plan(actor, plan_id)
    asked = _number("from") if "from" in request.args else number - 1
    if not asked:
        raise NotFound
    kept = queries.editions(plan_id, asked, number)
    before, after = kept[asked], kept[number]
    return page(
        "plans/changes.html",
        row=row,
        plan=row,
        before=before,
        after=after,
        difference=comparing.difference(_said(before), _said(after)),
        reasons=queries.withdrawn_items(plan_id),
        returns=[
            one
            for one in queries.returns_of(actor, row)
            if before.submitted_at <= one.returned_at <= after.submitted_at
        ],
        editions=queries.editions_of(plan_id),
    )


def _said(edition: PlanEdition) -> Content:
    said: Content = json.loads(edition.body)["content"]
    return said


@blueprint.get("/<int:plan_id>/editions/<int:number>/canonical.json")
@public()
def edition_text(plan_id: int, number: int) -> Response:
    """The exact text whose SHA-256 stands on the page, so that anyone can compute it again."""
    queries.get_visible(current_actor(), plan_id)
    kept = queries.edition(plan_id, number)
    return Response(kept.body, mimetype="application/json")


@blueprint.get("/<int:plan_id>/official")
@public()
def official(plan_id: int) -> Any:
    """The plan as an official form, to be printed and signed."""
    row, plan, handed_in, said = _as_paper(plan_id)
    return page(
        "plans/official.html",
        row=row,
        plan=plan,
        handed_in=handed_in,
        sha256=science.sha256(said),
        seats=_seats(plan, handed_in),
        sides_of=paper.sides,
        in_words=money.baht_words(science.total_satang(said)),
        has_lines=any(item["lines"] for item in said["items"]),
        **reading(said),
    )


def _as_paper(plan_id: int) -> tuple[Any, Any, dict[str, Any] | None, Content]:
    """(row, plan, the newest edition or None, what it says): as handed in; before that as it reads now."""
    row = queries.placed_plan(current_actor(), plan_id)
    handed_in = queries.latest_edition(plan_id)
    return row, row.Plan, handed_in, handed_in["content"] if handed_in else queries.content_of(row.Plan)


def _seats(plan: Any, handed_in: dict[str, Any] | None) -> int:
    """How many members sign on paper: those in office when it was handed in, or today."""
    if handed_in is not None:
        return int(handed_in["endorsement"]["members"])
    return len(accounts.committee_in_office(plan.community_id))


@blueprint.get("/<int:plan_id>/plan.pdf")
@public("digits")
def pdf(plan_id: int) -> Response:
    """The official form as a PDF; ``digits=thai`` sets Thai digits."""
    row, plan, handed_in, said = _as_paper(plan_id)
    body = typeset.pdf(
        "plans/paper.typ",
        paper.data(row, plan, said, handed_in, _seats(plan, handed_in)),
        title=paper.title(row),
        lang=language(),
        is_thai_digits=request.args.get("digits") == "thai",
    )
    answer = Response(body, mimetype=typeset.MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'inline; filename="plan-{plan_id}-{row.fiscal_year}.pdf"'
    return answer


@blueprint.get("/items/<int:item_id>")
@public()
def item(item_id: int) -> Any:
    """An item's page: its dossier when it is public, else where its community works on it."""
    actor = current_actor()
    row = queries.placed_item(actor, item_id)
    plan = row.Plan
    if row.Item.kept_title is not None and "dossier.show" in current_app.view_functions:
        return see_other("dossier.show", item_id=item_id)
    if actor.may(Permission.PLAN_WRITE, community_id=plan.community_id) and plan.state in EDITABLE:
        return see_other("plans.edit_item", item_id=item_id)
    return see(f"{url_for('plans.show', plan_id=plan.id)}#item-{item_id}")
