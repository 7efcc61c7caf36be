"""Who may vote: one's own standing, and the registry's desk of the roll."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core import clock
from portal.core.actor import Actor, Permission
from portal.core.errors import NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import forms, policy, queries, words
from portal.voting.commands import letters, locking
from portal.voting.commands import roll as commands
from portal.voting.models import Round, Stage
from portal.voting.queries import ballots
from portal.voting.queries.roll import Standing
from portal.voting.views.room import blueprint
from portal.voting.views.rounds import stage_of
from portal.web import flash
from portal.web.access import public, requires, signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.get("/<int:round_id>/may-i-vote")
@public(cached=False)
def eligibility(round_id: int) -> Any:
    """Whether one may vote here, why not, and what to do about it."""
    return _eligibility_page(queries.round_visible(current_actor(), round_id), forms.CodeForm())


@blueprint.post("/<int:round_id>/may-i-vote")
@signed_in
def redeem_code(round_id: int) -> Any:
    """Let one's account vote for the row a letter was written to."""
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    form = forms.CodeForm()
    if form.accepts(lambda: letters.redeem_code(actor, round_, form.code.data or "")):
        flash.say(_("The code is redeemed: your account votes for this row of the roll."))
        return see_other("voting.eligibility", round_id=round_id)
    return _eligibility_page(round_, form)


def _eligibility_page(round_: Round, form: forms.CodeForm) -> Any:
    actor = current_actor()
    place = queries.place_on_roll(actor, round_)
    return page(
        "voting/eligibility.html",
        form=form,
        round=round_,
        stage=round_.stage(clock.now()),
        is_open=ballots.is_voting(round_),
        place=place,
        strike=queries.strike_of(actor, round_) if place.standing is Standing.STRUCK else None,
        district=queries.place_of(round_),
        is_reminded=queries.has_reminder(actor, round_.id),
        words=words,
    ), form.status


@blueprint.post("/<int:round_id>/ask")
@signed_in
def ask_place(round_id: int) -> Any:
    """Ask the registry for a place on the roll."""
    actor = current_actor()
    commands.ask_place(actor, queries.round_visible(actor, round_id))
    flash.say(_("Asked. The registry of your district answers in your inbox."))
    return see_other("voting.eligibility", round_id=round_id)


@blueprint.post("/<int:round_id>/remind")
@signed_in
def remind(round_id: int) -> Any:
    """Ask to be reminded before the close."""
    actor = current_actor()
    commands.ask_reminder(actor, queries.round_visible(actor, round_id))
    flash.say(_("You will be reminded before voting closes, whether you have voted or not."))
    return see_other("voting.eligibility", round_id=round_id)


@blueprint.get("/rolls")
@requires(Permission.ROLL_KEEP)
def rolls() -> Any:
    """Rounds whose roll the registry keeps."""
    return page(
        "voting/rolls.html", rows=queries.rounds_of_roll(current_actor()), stage_of=stage_of(), words=words
    )


@blueprint.route("/<int:round_id>/roll", methods=["GET", "POST"])
@requires(Permission.ROLL_KEEP)
def roll(round_id: int) -> Any:
    """The roll of a round: how many, who asks, the list that is taken in."""
    actor, round_ = current_actor(), keepers(round_id)
    form, outcome = forms.ListForm(), None
    is_rehearsal = request.form.get("act") != "save"

    def take() -> commands.Outcome:
        return commands.take_list(actor, round_id, form.lines, is_rehearsal=is_rehearsal)

    if form.accepts(take):
        outcome = form.result
        if not outcome.problems and not is_rehearsal:
            flash.say(
                _(
                    "The list is added: %(new)s new people, %(known)s already known.",
                    new=outcome.new,
                    known=outcome.known,
                )
            )
            return see_other("voting.roll", round_id=round_id)
    return page(
        "voting/roll.html",
        form=form,
        outcome=outcome,
        round=round_,
        stage=round_.stage(clock.now()),
        counts=queries.roll_counts(round_id),
        requests=queries.requests(actor, round_),
        button=forms.ButtonForm(),
        can_lock=can_lock(actor, round_),
        words=words,
    ), 422 if outcome and outcome.problems else form.status


@blueprint.route("/requests/<int:request_id>", methods=["GET", "POST"])
@requires(Permission.ROLL_KEEP)
def answer_request(request_id: int) -> Any:
    """Grant a place with the number off the identity card, or refuse it with a reason."""
    actor = current_actor()
    asked, round_, person = queries.request_seen(actor, request_id)
    form = forms.AnswerForm()
    form.ask_age(round_.min_age)

    def answer() -> None:
        if form.decision.data == "refuse":
            commands.refuse_place(actor, request_id, form.reason.data or "")
        else:
            commands.grant_place(actor, request_id, form.number.data or "")

    if form.accepts(answer):
        flash.say(_("Answered. The person has been told."))
        return see_other("voting.roll", round_id=round_.id)
    return page(
        "voting/answer_request.html", form=form, asked=asked, round=round_, person=person
    ), form.status


@blueprint.post("/<int:round_id>/roll/lock")
@requires(Permission.ROLL_KEEP, Permission.ROUND_KEEP)
def lock_roll(round_id: int) -> Any:
    """Lock the roll: nobody is added any more."""
    actor = current_actor()
    total = locking.lock_roll(actor, round_id)
    flash.say(_("The roll is locked with %(num)s people.", num=total))
    return see_other("voting.roll" if actor.may(Permission.ROLL_KEEP) else "voting.close", round_id=round_id)


def keepers(round_id: int) -> Round:
    """A round whose roll the actor keeps. Raises NotFound, NotAllowed."""
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    if not policy.can_keep_roll(actor, round_):
        raise NotAllowed(_l("The registry of the district keeps the roll."))
    return round_


def can_lock(actor: Actor, round_: Round) -> bool:
    """Whether the actor may lock the roll now."""
    return (
        policy.can_lock_roll(actor, round_)
        and round_.roll_locked_at is None
        and round_.stage(clock.now()) in (Stage.PLANNED, Stage.OPEN)
        and round_.cutoff_day < clock.today()
    )
