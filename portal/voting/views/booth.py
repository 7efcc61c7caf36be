"""The booth. From opening it to the receipt nothing is written that names a person: every request only reads, and the
ballot is written by its command alone."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, make_response, request

from portal.core import clock
from portal.core.errors import Invalid
from portal.core.i18n import language
from portal.plans import words as plan_words
from portal.voting import ballot as ballots
from portal.voting import forms, qr, queries, ties, words
from portal.voting.commands import ballots as commands
from portal.voting.models import BallotType, Round, Stage
from portal.voting.queries import ballots as limits
from portal.voting.queries.roll import Place
from portal.voting.views.room import blueprint
from portal.web import application
from portal.web.access import own_transaction, signed_in
from portal.web.links import absolute
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/<int:round_id>/booth")
@signed_in
def booth(round_id: int) -> Any:
    """Choose. Nothing is sent until the voter looks the ballot over, and nothing is cast until they say so."""
    round_, place = _voter(round_id)
    if not place.may_vote or not limits.is_voting(round_):
        return see_other("voting.eligibility", round_id=round_id)
    form = forms.BallotForm()
    return _private(page("voting/booth.html", form=form, chosen={}, wrong=[], **_booth(round_)))


@blueprint.post("/<int:round_id>/review")
@signed_in
@own_transaction
def review(round_id: int) -> Any:
    """Look the ballot over: still nothing is cast."""
    round_, place = _voter(round_id)
    if not place.may_vote or not limits.is_voting(round_):
        return see_other("voting.eligibility", round_id=round_id)
    form = forms.BallotForm()
    chosen = form.choices
    wrong = ballots.faults(chosen, limits.limits(round_id, round_.edition_sha256))
    if wrong or "change" in request.form:
        refused = [commands.REFUSALS[one] for one in wrong] if "change" not in request.form else []
        body = page("voting/booth.html", form=form, chosen=chosen, wrong=refused, **_booth(round_))
        return _private(body, 422 if refused else 200)
    cast_form = forms.CastForm(formdata=None, data={"idempotency_key": secrets.token_urlsafe(18)})
    return _private(page("voting/review.html", form=cast_form, chosen=chosen, **_booth(round_)))


@blueprint.post("/<int:round_id>/cast")
@signed_in
@own_transaction
def cast(round_id: int) -> Any:
    """Cast the ballot and hand out the receipt, on one page that is kept nowhere."""
    sha256, place = queries.row_of_voter(current_actor(), round_id)
    if place is None or not place.may_vote or place.entry_id is None:
        return see_other("voting.eligibility", round_id=round_id)
    rules = limits.edition(round_id, sha256)
    form = forms.CastForm()
    chosen, entry_id, receipt = form.choices, place.entry_id, None
    if form.validate_on_submit():
        application.let_go()
        try:
            receipt = commands.cast(
                round_id, entry_id, chosen, form.nonce.data or "", form.idempotency_key.data or ""
            )
        except Invalid as refused:
            form.refuse(refused)
    if receipt is None:
        round_ = queries.round_visible(current_actor(), round_id)
        return _private(page("voting/review.html", form=form, chosen=chosen, **_booth(round_)), 422)
    return _private(
        page(
            "voting/cast.html",
            round={"id": round_id, "title": rules["title"]},
            receipt=receipt,
            qr=_way_to_check(round_id, receipt.code20),
            code=ballots.spaced(receipt.code20),
            chosen=chosen,
            projects=[one for one in rules["projects"] if one["number"] in chosen],
            is_points=rules["ballot"]["type"] == BallotType.POINTS,
            is_large=_is_large(),
        )
    )


def _voter(round_id: int) -> tuple[Round, Place]:
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    return round_, queries.place_on_roll(actor, round_)


def _booth(round_: Round) -> dict[str, Any]:
    """The projects in today's order, which is drawn anew for everybody each day, and what a ballot may hold."""
    projects = [one for one in queries.candidates(round_.id) if one.withdrawn_at is None]
    ranks = ties.draw([str(one.number) for one in projects], f"{round_.id}|{clock.today()}")
    numbers = {one.id: one.number for one in projects}
    rivals: dict[int, list[int]] = {}
    for pair in queries.conflicts(round_.id):
        if pair.first_id in numbers and pair.second_id in numbers:
            first, second = numbers[pair.first_id], numbers[pair.second_id]
            rivals.setdefault(first, []).append(second)
            rivals.setdefault(second, []).append(first)
    return {
        "round": round_,
        "projects": [one for _rank, one in sorted(zip(ranks, projects, strict=True))],
        "rivals": rivals,
        "is_points": round_.ballot_type is BallotType.POINTS,
        "is_knapsack": round_.ballot_type is BallotType.KNAPSACK,
        "is_large": _is_large(),
        "stage": Stage.OPEN,
        "sides": plan_words.SIDES,
        "words": words,
    }


def _is_large() -> bool:
    return "large" in request.values


def _private(body: str, status: int = 200) -> Response:
    answer = make_response(body, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _way_to_check(round_id: int, code: str) -> str:
    return qr.picture(absolute("voting.receipt", language(), round_id=round_id, code=code))
