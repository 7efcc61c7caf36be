"""Letters with codes: asking, releasing, printing in parts."""

from __future__ import annotations

from typing import Any

from flask import Response

from portal.accounts import queries as people
from portal.core import clock, db, i18n, typeset
from portal.core.actor import Permission
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.voting import forms, letterlist, policy, rollkeys, words
from portal.voting.commands import letters as commands
from portal.voting.models import MOST_LETTERS, LetterPrint, PrintState, Round, Stage
from portal.voting.queries import letters as reads
from portal.voting.views.roll import keepers
from portal.voting.views.room import blueprint
from portal.web import application, flash
from portal.web.access import own_transaction, requires
from portal.web.links import absolute
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


@blueprint.route("/<int:round_id>/letters", methods=["GET", "POST"])
@requires(Permission.ROLL_KEEP)
def letters(round_id: int) -> Any:
    """What was asked for and printed; ask for the letters of a list."""
    actor, round_ = current_actor(), keepers(round_id)
    form = forms.LettersForm()

    def ask() -> LetterPrint:
        keys = list(letterlist.by_key(round_id, form.people))
        return commands.ask_letters(actor, round_id, keys, form.sha256)

    if form.accepts(ask):
        return _asked(form.result)
    return _letters_page(round_, form, forms.LetterForm(formdata=None))


@blueprint.post("/<int:round_id>/letters/lost")
@requires(Permission.ROLL_KEEP)
def ask_letter(round_id: int) -> Any:
    """Ask for one letter in the place of a lost one."""
    actor, round_ = current_actor(), keepers(round_id)
    form = forms.LetterForm()
    if form.accepts(
        lambda: commands.ask_letter(actor, round_id, form.number.data or "", form.reason.data or "")
    ):
        return _asked(form.result)
    return _letters_page(round_, forms.LettersForm(formdata=None), form)


@blueprint.get("/letters/<int:print_id>")
@requires(Permission.ROLL_KEEP)
def letter_print(print_id: int) -> Any:
    """One print: who asked, who decides, which parts are printed and what is next."""
    asked, round_ = reads.print_seen(current_actor(), print_id)
    return _print_page(asked, round_, forms.DeclineForm(formdata=None), _part_form(asked))


@blueprint.post("/letters/<int:print_id>/release")
@requires(Permission.ROLL_KEEP)
def release_letters(print_id: int) -> Any:
    """The second person lets them be printed."""
    actor, form = current_actor(), forms.ButtonForm()
    asked, round_ = reads.print_seen(actor, print_id)
    if form.accepts(lambda: commands.release_letters(actor, print_id)):
        flash.say(_("Released. The letters can be printed."))
        return see_other("voting.letter_print", print_id=print_id)
    return _print_page(asked, round_, forms.DeclineForm(formdata=None), _part_form(asked))


@blueprint.post("/letters/<int:print_id>/decline")
@requires(Permission.ROLL_KEEP)
def decline_letters(print_id: int) -> Any:
    """Turn them down, or take them back."""
    actor, form = current_actor(), forms.DeclineForm()
    asked, round_ = reads.print_seen(actor, print_id)
    if form.accepts(lambda: commands.decline_letters(actor, print_id, form.note.data or "")):
        flash.say(_("Noted. No letter of these is written."))
        return see_other("voting.letter_print", print_id=print_id)
    return _print_page(asked, round_, form, _part_form(asked))


@blueprint.post("/letters/<int:print_id>/print")
@requires(Permission.ROLL_KEEP)
@own_transaction
def print_letters(print_id: int) -> Any:
    """One part as a PDF: the codes are written and committed first, then the letters are set, outside of any transaction."""
    actor = current_actor()
    asked, round_ = reads.print_seen(actor, print_id)
    form, codes = _part_form(asked, is_sent=True), None
    if form.validate_on_submit():
        texts, (part, turn), number = _texts(round_), form.chosen, reads.number_of(asked)
        try:
            found = letterlist.by_key(asked.round_id, form.people)
            application.let_go()
            with db.transaction():
                codes = commands.print_letters(actor, print_id, part, turn, list(found), form.sha256)
        except Invalid as refused:
            form.refuse(refused)
        if codes:
            rows = [(found[key], code) for key, code in codes.items()]
            return _pdf(rows, texts, f"letters-{asked.round_id}-{number}-{part}.pdf")
    if codes is not None:
        flash.say(_("Nobody in this part needs a letter any more; it counts as printed."))
        return see_other("voting.letter_print", print_id=print_id)
    asked, round_ = reads.print_seen(actor, print_id)
    return _print_page(asked, round_, forms.DeclineForm(formdata=None), form)


def _asked(asked: LetterPrint) -> Any:
    flash.say(_("Asked. Another officer of the registry releases it."))
    return see_other("voting.letter_print", print_id=asked.id)


def _letters_page(round_: Round, form: forms.LettersForm, lost: forms.LetterForm) -> Any:
    return page(
        "voting/letters.html",
        form=form,
        lost=lost,
        round=round_,
        stage=round_.stage(clock.now()),
        prints=reads.prints(current_actor(), round_.id),
        most=MOST_LETTERS,
        words=words,
    ), max(form.status, lost.status)


def _part_form(asked: LetterPrint, *, is_sent: bool = False) -> Any:
    kind = forms.PrintPartForm if asked.list_sha256 is not None else forms.PrintLetterForm
    return kind() if is_sent else kind(formdata=None)


def _print_page(asked: LetterPrint, round_: Round, note: forms.DeclineForm, form: Any) -> Any:
    actor, stage = current_actor(), round_.stage(clock.now())
    printings = reads.printings(asked.id)
    turns = {one.number: one.turn for one in printings}
    last = {one.number: one.printed_by for one in printings}
    form.offer(asked.letters, asked.parts, turns, [number for number, by in last.items() if by == actor.id])
    in_time = stage is Stage.PLANNED or (stage is Stage.OPEN and asked.list_sha256 is None)
    return page(
        "voting/letter_print.html",
        asked=asked,
        number=reads.number_of(asked),
        round=round_,
        form=form,
        note=note,
        button=forms.ButtonForm(formdata=None),
        printings=printings,
        next_part=len(turns) + 1 if len(turns) < asked.parts else None,
        may_decline=stage in (Stage.PLANNED, Stage.OPEN),
        may_release=in_time and policy.can_release_letters(actor, asked),
        may_print=in_time and asked.state is PrintState.RELEASED,
        names=people.names_of(
            [asked.asked_by, *filter(None, [asked.decided_by]), *(one.printed_by for one in printings)]
        ),
        words=words,
    ), max(form.status, note.status)


def _texts(round_: Round) -> dict[str, str]:
    with i18n.speaking("th"):
        return letterlist.texts(round_, absolute("voting.eligibility", "th", round_id=round_.id))


def _pdf(rows: list[tuple[letterlist.Addressee, str]], texts: dict[str, str], name: str) -> Response:
    written = [
        {"name": one.name, "address": one.address, "code": rollkeys.spaced(code)} for one, code in rows
    ]
    body = typeset.pdf("voting/letters.typ", {**texts, "letters": written}, title=texts["round"])
    return Response(
        body,
        mimetype=typeset.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
