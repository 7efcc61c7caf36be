"""Batches of paper ballots: declared, keyed, settled, entered. Every page works by the keyboard alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import request

from portal.accounts import queries as people
from portal.core.actor import Permission
from portal.core.errors import WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import ballotpaper, forms, policy, words, workflow
from portal.voting import sheet as sheets
from portal.voting.commands import batches as commands
from portal.voting.models import PaperBatch, Round
from portal.voting.queries import ballots as limits
from portal.voting.queries import batches as queries
from portal.voting.views.paper import FOLLOW, batches_page, name_of, pdf_file
from portal.voting.views.room import blueprint
from portal.voting.views.rounds import stage_of
from portal.web import flash
from portal.web.access import requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

SETTLERS = (Permission.PAPER_ENTER, Permission.RESULT_CERTIFY)


@blueprint.get("/paper")
@requires(*SETTLERS)
def paper_rounds() -> Any:
    """Rounds whose paper one counts or compares."""
    return page(
        "voting/paper_rounds.html",
        rows=queries.rounds_with_paper(current_actor()),
        stage_of=stage_of(),
        words=words,
    )


@blueprint.route("/<int:round_id>/batches", methods=["GET", "POST"])
@requires(*FOLLOW)
def batches(round_id: int) -> Any:
    """The paper of a round; a new batch is declared here."""
    form, actor = forms.BatchForm(), current_actor()
    if request.method == "POST":
        from_code = request.form.get("area", "")
        form.offer([(from_code, from_code)], [])
        if form.accepts(
            lambda: commands.declare_batch(
                actor,
                round_id,
                form.area.data or "",
                form.desk.data or "",
                form.declared.data or 0,
                _number(form.district.data or "") or None,
            )
        ):
            made = form.result
            flash.say(
                _(
                    "Batch %(number)s. Number its sheets %(first)s to %(last)s, in the order in which they lie.",
                    number=made.number,
                    first=made.sheet_number(1),
                    last=made.sheet_number(made.declared),
                )
            )
            return see_other("voting.batch", batch_id=made.id)
    return batches_page(round_id, form=form)


@blueprint.get("/paper-batches/<int:batch_id>")
@requires(*FOLLOW)
def batch(batch_id: int) -> Any:
    """How far a batch is, and whose turn it is."""
    actor = current_actor()
    found, round_, area = queries.batch_seen(actor, batch_id)
    progress = queries.progress(found)
    mine = next((one for one in progress.keyings if one.keyed_by == actor.id), None)
    named = [
        found.declared_by,
        found.entered_by,
        found.voided_by,
        *(one.keyed_by for one in progress.keyings),
    ]
    return page(
        "voting/batch.html",
        batch=found,
        round=round_,
        area_name=name_of(area),
        progress=progress,
        mine=mine,
        verdicts=_verdicts(batch_id) if progress.step is queries.Step.ENTERED else [],
        names=people.names_of([one for one in named if one]),
        moves={move.name for move in workflow.BATCHES.open_moves(actor, found)},
        may_key=policy.can_key(actor, found) and mine is None and len(progress.keyings) < 2,
        may_settle=policy.can_settle(actor, found),
        form=forms.ButtonForm(),
        words=words,
    )


def _verdicts(batch_id: int) -> list[tuple[object, int]]:
    counts = Counter(one.verdict for one in queries.sheets(batch_id))
    return [(word, counts[verdict]) for verdict, word in words.VERDICTS.items() if counts[verdict]]


@blueprint.get("/paper-batches/<int:batch_id>/sheet.pdf")
@requires(*FOLLOW)
def batch_sheet(batch_id: int) -> Any:
    """The sheet of paper that lies with the batch."""
    found, round_, area = queries.batch_seen(current_actor(), batch_id)
    verdicts = [(str(word), count) for word, count in _verdicts(batch_id)]
    return pdf_file(
        ballotpaper.batch_pdf(round_, found, area, verdicts), f"batch-{round_.id}-{found.number}.pdf"
    )


@blueprint.post("/paper-batches/<int:batch_id>/key")
@requires(Permission.PAPER_ENTER)
def begin_keying(batch_id: int) -> Any:
    """Begin to key a batch, or go on."""
    made = commands.begin_keying(current_actor(), batch_id)
    return see_other("voting.key_batch", keying_id=made.id)


@blueprint.route("/keyings/<int:keying_id>", methods=["GET", "POST"])
@requires(Permission.PAPER_ENTER)
def key_batch(keying_id: int) -> Any:
    """Key sheet after sheet: what it shows, Enter. Every sheet is kept as soon as it is sent."""
    actor = current_actor()
    keying, found, round_, area = queries.keying_seen(actor, keying_id)
    form = forms.KeyForm()

    def key() -> str:
        return commands.key_sheet(actor, keying_id, form.sheet.data or 0, form.keyed.data or "")

    if form.accepts(key):
        return see_other("voting.key_batch", keying_id=keying_id, at=form.sheet.data)
    keyed = queries.entries([keying_id])[keying_id]
    at, asked = (_number(request.args.get(name, "")) for name in ("at", "sheet"))
    last = at if at in keyed else None
    if not form.is_submitted():
        form.sheet.data = asked if asked in keyed else _next(found, keyed, last or 0)
    rules = limits.frozen_limits(round_.id, round_.edition_sha256)
    newest = sorted((one for one in keyed if last is None or one <= last), reverse=True)[:6]
    return page(
        "voting/key_batch.html",
        form=form,
        keying=keying,
        batch=found,
        round=round_,
        area_name=name_of(area),
        keyed=keyed,
        last=last,
        is_again=form.sheet.data in keyed,
        rows=[(one, keyed[one], words.VERDICTS[sheets.judge(keyed[one], rules)[0]]) for one in newest],
        how=sheets.how_to_type(round_.ballot_type.value),
        legend=words.KEYED,
        button=forms.ButtonForm(),
    ), form.status


def _number(typed: str) -> int:
    """The number of a sheet as an address or a hidden field has it; 0 for what is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


def _next(found: PaperBatch, keyed: dict[int, str], after: int) -> int | None:
    """The next sheet to key: the first one left after the last, then the first one left."""
    left = [one for one in range(1, found.declared + 1) if one not in keyed]
    return next((one for one in left if one > after), left[0] if left else None)


@blueprint.post("/keyings/<int:keying_id>/finish")
@requires(Permission.PAPER_ENTER)
def finish_keying(keying_id: int) -> Any:
    """All sheets are keyed."""
    found = commands.finish_keying(current_actor(), keying_id)
    flash.say(_("Your part of batch %(number)s is finished.", number=found.number))
    return see_other("voting.batch", batch_id=found.id)


@blueprint.post("/keyings/<int:keying_id>/give-up")
@requires(*SETTLERS)
def give_up_keying(keying_id: int) -> Any:
    """Somebody else keys this batch."""
    found = commands.give_up_keying(current_actor(), keying_id)
    flash.say(_("Given up. Someone else keys this batch from its first sheet."))
    return see_other("voting.batch", batch_id=found.id)


@blueprint.route("/paper-batches/<int:batch_id>/differences", methods=["GET", "POST"])
@requires(*FOLLOW)
def differences(batch_id: int) -> Any:
    """What two people keyed differently, side by side, and the third look."""
    actor = current_actor()
    found, round_, area = queries.batch_seen(actor, batch_id)
    form = forms.SettleForm()

    def settle() -> None:
        commands.settle(
            actor, batch_id, _number(form.sheet.data or ""), form.keyed.data or "", form.reason.data or ""
        )

    if form.accepts(settle):
        return _settled(found)
    progress = queries.progress(found)
    keyers = [one.keyed_by for one in progress.keyings]
    if progress.step is queries.Step.KEYING:
        raise WrongState(_l("Differences are shown when both have finished."))
    left = progress.open
    if not form.is_submitted() and left:
        form.sheet.data = str(left[0].sheet)
    decided = [one.ruling.decided_by for one in progress.differences if one.ruling]
    return page(
        "voting/differences.html",
        form=form,
        batch=found,
        round=round_,
        area_name=name_of(area),
        rows=progress.differences,
        now=next((one for one in left if str(one.sheet) == form.sheet.data), None),
        is_keyer=actor.id in keyers,
        may_settle=policy.can_settle(actor, found) and actor.id not in keyers,
        names=people.names_of([*keyers, *decided]),
        keyers=keyers,
        read=lambda keyed: read_out(keyed, round_),
        how=sheets.how_to_type(round_.ballot_type.value),
        legend=words.KEYED,
    ), form.status


def _settled(found: PaperBatch) -> Any:
    if queries.progress(found).open:
        return see_other("voting.differences", batch_id=found.id)
    flash.say(_("All differences are settled."))
    return see_other("voting.batch", batch_id=found.id)


def read_out(keyed: str, round_: Round) -> str:
    """What was keyed, as one reads it aloud."""
    if keyed in words.KEYED:
        return str(words.KEYED[keyed])
    return keyed.replace("+", ", ").replace("*", " × ")


@blueprint.post("/paper-batches/<int:batch_id>/enter")
@requires(Permission.PAPER_ENTER)
def enter_batch(batch_id: int) -> Any:
    """Put the valid sheets among the ballots."""
    commands.enter_batch(current_actor(), batch_id)
    flash.say(_("Entered: the valid sheets are now among the ballots."))
    return see_other("voting.batch", batch_id=batch_id)


@blueprint.route("/paper-batches/<int:batch_id>/void", methods=["GET", "POST"])
@requires(*SETTLERS)
def void_batch(batch_id: int) -> Any:
    """The batch was put together wrongly."""
    actor = current_actor()
    found, round_, area = queries.batch_seen(actor, batch_id)
    form = forms.ReasonForm()
    if form.accepts(lambda: commands.void_batch(actor, batch_id, form.reason.data or "")):
        flash.say(_("Void. Put its sheets into another batch; they get new numbers."))
        return see_other("voting.batches", round_id=round_.id)
    workflow.BATCHES.check(found, workflow.VOID, actor)
    return page(
        "voting/void_batch.html", form=form, batch=found, round=round_, area_name=name_of(area)
    ), form.status
