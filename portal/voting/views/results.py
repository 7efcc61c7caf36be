"""The result with its reasons, everything to check it with, and the officers' steps from the key to the certificate."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from flask import Response

from portal.accounts import queries as people
from portal.core import clock
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.plans import words as plan_words
from portal.voting import forms, ownballot, policy, queries, verify_result, words, workflow
from portal.voting.commands import board, closing
from portal.voting.models import Round, RoundState, Stage
from portal.voting.queries import auditing, ballots, paper, results
from portal.voting.queries import board as boards
from portal.voting.views.board import published
from portal.voting.views.roll import can_lock
from portal.voting.views.room import blueprint
from portal.web import flash
from portal.web.access import public, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

CLOSERS = (Permission.ROUND_KEEP, Permission.ROUND_KEY, Permission.RESULT_CERTIFY)
EPOCH = (1980, 1, 1, 0, 0, 0)  # files in the ZIP carry no time, so that the same result is the same ZIP
SHOWN = (RoundState.COUNTED, RoundState.CERTIFIED)


def counted(round_id: int) -> Round:
    """A round whose result is public. Raises NotFound."""
    round_ = published(round_id)
    if round_.state not in SHOWN and not queries.is_annulled(round_):
        raise NotFound
    return round_


@blueprint.get("/<int:round_id>/result")
@public()
def result(round_id: int) -> Any:
    """What is funded and what not, and why."""
    round_ = counted(round_id)
    whole = results.with_rules(round_id)
    if whole is None:
        raise NotFound
    kept, edition = whole
    found, rules = json.loads(kept.body), json.loads(edition.body)
    return page(
        "voting/result.html",
        round=round_,
        kept=kept,
        opens_ballots=policy.can_open_ballots(current_actor(), round_),
        found=found,
        rules=rules,
        rows=(rows := results.told(rules, found, queries.candidates(round_id))),
        sides=plan_words.SIDES,
        missed=results.narrowly_missed(rows),
        share=ownballot.share(found),
        first_share=ownballot.first_share(rules, found),
        compared=paper.compared(round_id) if found.get("paper") else None,
        place=queries.place_of(round_),
        asked=auditing.participation_of(round_id),
        draw=auditing.draw_of(round_id),
        words=words,
        counting=words.COUNTINGS[words.counting_of(round_.rule, round_.completion)],
    )


@blueprint.get("/<int:round_id>/result.json")
@public()
def result_json(round_id: int) -> Any:
    """The result as data, with every reason; the same text whose SHA-256 was certified."""
    round_, kept = counted(round_id), results.result_of(round_id)
    if kept is None:
        raise NotFound
    headers = _named(round_, "result.json") if round_.state is RoundState.CANCELLED else {}
    return Response(kept.body, mimetype="application/json", headers=headers)


@blueprint.get("/<int:round_id>/files.zip")
@public()
def files(round_id: int) -> Any:
    """Board, ballots and result in one file, with the program that checks them."""
    round_ = counted(round_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {**_files(round_), "verify_result.py": _verifier()}.items():
            packed.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    headers = _named(round_, f"round-{round_id}.zip")
    return Response(out.getvalue(), mimetype="application/zip", headers=headers)


@blueprint.get("/<int:round_id>/election.pb")
@public()
def election(round_id: int) -> Any:
    """The election in the Pabulib format."""
    round_ = counted(round_id)
    text = _files(round_).get(name := f"round-{round_id}.pb")
    if text is None:
        raise NotFound
    return Response(text, mimetype="text/plain", headers=_named(round_, name))


@blueprint.get("/<int:round_id>/projects.csv")
@public()
def projects_csv(round_id: int) -> Any:
    """Each project with its votes and what became of it, for a spreadsheet."""
    round_ = counted(round_id)
    return Response("\ufeff" + _files(round_)["projects.csv"], mimetype="text/csv")


@blueprint.get("/verify-result.py")
@public()
def verifier() -> Any:
    """The program that checks a result: the standard library of Python and nothing else."""
    disposition = 'attachment; filename="verify_result.py"'
    return Response(_verifier(), mimetype="text/plain", headers={"Content-Disposition": disposition})


def _files(round_: Round) -> dict[str, str]:
    """What outsiders need to check a round. Of an annulled one the tables begin with a line that says so."""
    given = results.files(round_, opened=policy.can_open_ballots(current_actor(), round_))
    if round_.state is RoundState.CANCELLED:
        reason = round_.cancel_reason.replace('"', '""')
        mark = f'ANNULLED,"{reason}"\n'
        given |= {name: mark + text for name, text in given.items() if name.endswith(".csv")}
    return given


def _named(round_: Round, name: str) -> dict[str, str]:
    """How a download is named: whoever keeps the file of an annulled round sees that it is one."""
    mark = "annulled-" if round_.state is RoundState.CANCELLED else ""
    return {"Content-Disposition": f'attachment; filename="{mark}{name}"'}


def _verifier() -> str:
    return Path(verify_result.__file__).read_text("utf-8")


@blueprint.get("/<int:round_id>/closing")
@requires(*CLOSERS)
def close(round_id: int) -> Any:
    """The steps from the key to the certificate, and whose turn it is."""
    return _close_page(round_id)


def _close_page(round_id: int, **given: Any) -> Any:
    actor, round_ = current_actor(), published(round_id)
    asked = (policy.can_keep, policy.can_hold_key, policy.can_certify)
    if not any(may(actor, round_) for may in asked):
        raise NotAllowed(_l("You may not do this here."))
    is_closed = round_.state is not RoundState.PUBLISHED  # before, there is no result and no last head
    key, kept = ballots.key_of(round_id), results.result_of(round_id) if is_closed else None
    locks = can_lock(actor, round_) and not actor.may(
        Permission.ROLL_KEEP
    )  # the registry has a page of its own
    shown = {
        "outside_form": forms.OutsideForm(),
        "certify_form": forms.CertifyForm(),
    } | given
    return page(
        "voting/close.html",
        round=round_,
        stage=round_.stage(clock.now()),
        has_ended=round_.stage(clock.now()) is Stage.CLOSED,
        key=key,
        kept=kept,
        job=results.count_job(round_id) if kept and not kept.counted_at else None,
        head=boards.newest_head(round_id) if is_closed else None,
        asked=auditing.participation_of(round_id) if is_closed else None,
        form=(button := forms.ButtonForm()),
        button=button,
        can_lock=locks,
        counts=queries.roll_counts(round_id) if locks else None,
        paper_left=paper.unsettled(round_id)
        if round_.state is RoundState.PUBLISHED and round_.stage(clock.now()) is Stage.CLOSED
        else [],
        cancelling=queries.waiting_request(round_) if round_.state is RoundState.COUNTED else None,
        sample_left=paper.left_to_compare(round_id) if round_.state is RoundState.COUNTED else 0,
        moves={move.name for move in workflow.ROUNDS.open_moves(actor, round_)},
        may_keep=policy.can_keep(actor, round_),
        ends=policy.can_ask_to_cancel(actor, round_) and queries.is_cancelled_by_two(round_),
        may_hold_key=policy.can_hold_key(actor, round_),
        names=people.names_of(
            [one for one in (key and key.first_custodian, key and key.second_custodian) if one]
        ),
        words=words,
        **shown,
    ), max(one.status for one in shown.values())


@blueprint.post("/<int:round_id>/key")
@requires(Permission.ROUND_KEY)
def agree_to_key(round_id: int) -> Any:
    """A custodian agrees to draw the round's key."""
    drawn = board.agree_to_key(current_actor(), round_id)
    if drawn.created_at is None:
        flash.say(_("Noted. The key is drawn as soon as a second custodian agrees."))
    else:
        flash.say(_("The key is drawn and the board has its opening head."))
    return see_other("voting.close", round_id=round_id)


@blueprint.post("/<int:round_id>/seal")
@requires(Permission.ROUND_KEEP)
def seal(round_id: int) -> Any:
    """Close the board."""
    closing.seal(current_actor(), round_id)
    flash.say(_("The board is closed. Its last head counts the ballots."))
    return see_other("voting.close", round_id=round_id)


@blueprint.post("/<int:round_id>/count")
@requires(Permission.ROUND_KEEP, Permission.RESULT_CERTIFY)
def count(round_id: int) -> Any:
    """Type the outside number; the second person's word begins the count."""
    published(round_id)
    form, actor = forms.OutsideForm(), current_actor()
    kept = results.result_of(round_id)
    before = kept.outside if kept is not None and kept.asked_by != actor.id else ""
    if form.accepts(lambda: closing.begin_count(actor, round_id, form.outside.data or "")):
        if results.count_job(round_id) is None and before not in ("", form.result.outside):
            flash.warn(
                _(
                    "Your number is noted instead of %(before)s, which someone else typed. Look at the announcement together: the count starts when a second person has typed the same number.",
                    before=before,
                )
            )
        elif results.count_job(round_id) is None:
            flash.say(_("Noted. The count begins when a second person has typed the same number."))
        else:
            flash.say(_("The count has begun. It is done in a moment, or in some minutes for a large vote."))
        return see_other("voting.close", round_id=round_id)
    return _close_page(round_id, outside_form=form)


@blueprint.post("/<int:round_id>/certify")
@requires(Permission.RESULT_CERTIFY)
def certify(round_id: int) -> Any:
    """Certify the result; the key is destroyed."""
    published(round_id)
    form, actor = forms.CertifyForm(), current_actor()
    if form.accepts(lambda: closing.certify(actor, round_id, form.note.data or "")):
        flash.say(_("The result is certified, and the key of the round is destroyed."))
        return see_other("voting.result", round_id=round_id)
    return _close_page(round_id, certify_form=form)
