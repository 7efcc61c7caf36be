"""Paper at the desk: ballots are printed and handed out; and what a round's paper came to."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, request

from portal.core import clock, typeset
from portal.core.actor import Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.voting import ballotpaper, forms, policy, queries, words
from portal.voting.commands import paper_account, paper_desk
from portal.voting.models import Round, RoundState
from portal.voting.queries import batches as counted
from portal.voting.queries import paper, results
from portal.voting.views.board import published
from portal.voting.views.room import blueprint
from portal.web import application, flash
from portal.web.access import own_transaction, requires
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

FOLLOW = (Permission.PAPER_ENTER, Permission.ROUND_KEEP, Permission.RESULT_CERTIFY)


@blueprint.route("/<int:round_id>/paper-desk", methods=["GET", "POST"], endpoint="paper_desk")
@requires(Permission.ROLL_KEEP)
@own_transaction
def desk(round_id: int) -> Any:
    """Find the person by the card they show, hand out a sheet, exchange a spoiled one, take an unused one back. The answer
    is this page itself: nothing is written but what the command writes."""
    actor, round_ = current_actor(), published(round_id)
    if not policy.can_keep_roll(actor, round_):
        raise NotAllowed(_l("The registry of the district keeps the roll."))
    form, found, done = forms.PaperDeskForm(), None, ""
    shown = {"round": round_, "areas": paper.areas(round_id), "is_open": round_.is_open(clock.now())}
    if request.method == "POST" and form.validate_on_submit():
        try:
            done, found = _at_the_desk(round_, form, request.form.get("act", "find"))
        except Invalid as refused:
            form.refuse(refused)
        except (Conflict, WrongState) as refused:
            form.refuse(Invalid({"number": refused.message}))
    answer = make_response(
        page("voting/paper_desk.html", form=form, found=found, done=done, today=clock.today(), **shown),
        form.status,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _at_the_desk(round_: Round, form: forms.PaperDeskForm, act: str) -> tuple[str, Any]:
    """What was done, and the row of the roll it was done for."""
    actor, number = current_actor(), form.number.data or ""
    if act not in ("hand", "exchange", "back"):
        return "", paper.person_found(actor, round_, number)
    application.let_go()
    if act == "hand":
        return "hand", paper_desk.hand_out(actor, round_.id, number)
    if act == "exchange":
        paper_desk.exchange(actor, round_.id, number)
    else:
        paper_desk.take_back(actor, round_.id, number, form.reason.data or "")
    return act, None


@blueprint.get("/<int:round_id>/paper-ballot.pdf")
@requires(Permission.ROLL_KEEP, Permission.ROUND_KEEP)
def paper_ballot(round_id: int) -> Any:
    """The ballot of one area (``at``: its code) as one side of A4."""
    actor, round_ = current_actor(), published(round_id)
    if not policy.can_print_paper(actor, round_):
        raise NotAllowed(_l("You may not do this here."))
    places = paper.areas(round_id)
    code = request.args.get("at", places[0].code if places else "")
    area = next((one for one in places if one.code == code), None)
    if area is None:
        raise NotFound
    pdf = ballotpaper.ballot_pdf(
        round_,
        area,
        queries.candidates(round_id),
        results.rivals(round_id),
        queries.picture_hashes(round_id),
    )
    return pdf_file(pdf, f"ballot-{round_id}-{area.code}.pdf")


@blueprint.route("/<int:round_id>/paper-sample", methods=["GET", "POST"])
@requires(Permission.RESULT_CERTIFY)
def sample(round_id: int) -> Any:
    """The sample drawn by the public seed: each sheet is read off the paper again, blindly."""
    actor, round_ = current_actor(), published(round_id)
    if not policy.can_certify(actor, round_):
        raise NotAllowed(_l("Certifiers compare the sample."))
    form = forms.CompareForm()

    def compare() -> bool:
        return paper_account.check_sheet(
            actor, round_id, form.sheet.data or "", form.keyed.data or "", form.note.data or ""
        )

    if form.accepts(compare):
        stays = {} if form.result else {"sheet": form.sheet.data}
        return see_other("voting.sample", round_id=round_id, **stays)
    drawn = paper.sample(round_id)
    left = {one.number: one for one in drawn if one.check is None}
    said, in_hand = counted.answers_of(actor, round_id), counted.in_hand_of(actor, round_id)
    if not form.is_submitted() and left:
        mine = [number for number, one in left.items() if one.batch_id not in in_hand]
        best = [request.args.get("sheet", ""), *(one for one in mine if one not in said), *mine, *left]
        form.sheet.data = next(one for one in best if one in left)
    return page(
        "voting/sample.html",
        form=form,
        round=round_,
        drawn=drawn,
        left=left,
        answer=said.get(form.sheet.data or ""),
        had_in_hand=(form.sheet.data in left and left[form.sheet.data].batch_id in in_hand),
        can_compare=round_.state is RoundState.COUNTED,
        seed=paper.seed_of(round_id),
        size=paper.SAMPLE,
        legend=words.KEYED,
        is_points=round_.ballot_type.value == "points",
    ), form.status


@blueprint.post("/<int:round_id>/explain-paper")
@requires(*FOLLOW)
def explain_paper(round_id: int) -> Any:
    """Say why in an area the boxes hold other than what was handed out."""
    published(round_id)
    form, actor = forms.ExplainForm(), current_actor()
    if form.accepts(
        lambda: paper_account.explain_difference(
            actor, round_id, form.area.data or "", form.reason.data or ""
        )
    ):
        flash.say(_("Noted. It is published with the result."))
        return see_other("voting.batches", round_id=round_id)
    return batches_page(round_id, explain_form=form)


def batches_page(round_id: int, **given: Any) -> Any:
    """The paper of a round: its batches, its account by areas, what is left before the board closes."""
    actor, round_ = current_actor(), published(round_id)
    if not policy.can_see_paper(actor, round_):
        raise NotAllowed(_l("Paper ballot clerks count the boxes."))
    rows, told = counted.batches(actor, round_), paper.accounts_seen(actor, round_)
    form = given.get("form") or forms.BatchForm()
    asks = form.district.errors or form.district.data
    own = counted.districts_of_clerk(actor) if asks else []
    form.offer(
        [(one.area.code, name_of(one.area)) for one in told], [(str(one.id), name_of(one)) for one in own]
    )
    explain_form = given.get("explain_form") or forms.ExplainForm()
    has_ended = round_.state is RoundState.PUBLISHED and round_.stage(clock.now()).value == "closed"
    status = max(form.status, explain_form.status)
    return page(
        "voting/batches.html",
        round=round_,
        stage=round_.stage(clock.now()),
        rows=rows,
        steps=counted.progress_of(rows),
        accounts=[one for one in told if one.handed or one.verdicts or one.waiting],
        area_names={one.area.id: name_of(one.area) for one in told},
        form=form,
        explain_form=explain_form,
        desks=sorted({one.desk for one in rows}),
        has_ended=has_ended,
        may_declare=has_ended and policy.can_enter_paper(actor, round_),
        may_explain=has_ended and policy.can_explain_paper(actor, round_),
        may_certify=policy.can_certify(actor, round_),
        may_close=policy.can_count(actor, round_),
        words=words,
    ), status


def name_of(area: Any) -> str:
    """An area's name in the language of the moment."""
    return str(area.name_en if language() == "en" else area.name_th)


def pdf_file(pdf: bytes, name: str) -> Response:
    """A paper to be printed."""
    disposition = f'inline; filename="{name}"'
    return Response(pdf, mimetype=typeset.MEDIA_TYPE, headers={"Content-Disposition": disposition})
