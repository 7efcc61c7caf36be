"""Pages of rounds: for everybody, and for the officers who prepare them."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from wtforms import SelectChoice

from portal.accounts import queries as people
from portal.core import clock, i18n, thai
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.places import queries as places
from portal.plans import words as plan_words
from portal.voting import forms, policy, queries, words, workflow
from portal.voting.commands import projects as ballot_projects
from portal.voting.commands import replacing
from portal.voting.commands import rounds as commands
from portal.voting.forms.rounds import typed
from portal.voting.models import Round, RoundState, Stage
from portal.voting.views.room import blueprint
from portal.web import flash, headers
from portal.web.access import public, requires
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page

OFFICERS = (Permission.ROUND_KEEP, Permission.ROUND_CONFIRM)


@blueprint.get("")
@public("district", "at")
def index() -> Any:
    """Votes: open now, to come, and past."""
    district_id = whole(request.args.get("district"))
    found = queries.rounds(district_id, cursor=request.args.get("at"))
    headers.fresh_until(queries.next_boundary(district_id))
    return page(
        "voting/index.html",
        rows=found.rows,
        next_cursor=found.next_cursor,
        district=places.district(district_id) if district_id else None,
        stage_of=stage_of(),
        words=words,
    )


@blueprint.get("/<int:round_id>")
@public()
def show(round_id: int) -> Any:
    """A round: its days, its money, its projects, its rules in plain words, and the hash under which they are frozen."""
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    now = clock.now()
    headers.fresh_until(min((at for at in (round_.opens_at, round_.closes_at) if at > now), default=None))
    return page(
        "voting/show.html",
        **_ballot_of(round_),
        edition=queries.edition(round_id),
        may_keep=policy.can_keep(actor, round_) or policy.can_cancel(actor, round_),
        replaced=queries.title_of(actor, round_.replaces_id) if round_.replaces_id else "",
        successor=queries.successor(actor, round_id) if round_.state is RoundState.CANCELLED else None,
        may_replace=policy.can_keep(actor, round_),
        is_annulled=queries.is_annulled(round_),
    )


@blueprint.get("/<int:round_id>/rules.json")
@public()
def edition(round_id: int) -> Any:
    """The canonical text of the rules and projects, byte for byte what was hashed."""
    queries.round_visible(current_actor(), round_id)
    found = queries.edition(round_id)
    if found is None:
        raise NotFound
    return Response(
        found.body.encode(),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="round-{round_id}-rules.json"'},
    )


@blueprint.get("/desk")
@requires(*OFFICERS)
def desk() -> Any:
    """The officer's rounds."""
    actor = current_actor()
    return page(
        "voting/desk.html",
        rows=queries.desk(actor),
        stage_of=stage_of(),
        words=words,
        may_create=actor.may(Permission.ROUND_KEEP),
        objections=queries.objections(actor),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.ROUND_KEEP)
def new() -> Any:
    """Begin a round, or one in the place of a cancelled one."""
    actor, cancelled_id = current_actor(), whole(request.args.get("replaces"))
    old = own(cancelled_id) if cancelled_id else None
    if old:
        fresh = typed(None)
        days = {name: fresh[name] for name in ("cutoff_day", "opens_on", "closes_on")}
        form = forms.RoundForm(data=typed(old) | days)
        del form.place
        is_made = form.accepts(lambda: replacing.replace_round(actor, old.id, form.content))
    else:
        form = forms.RoundForm(data=typed(None))
        form.place.choices = _places(actor)
        is_made = form.accepts(
            lambda: commands.create_round(actor, *_place_of(form.place.data), form.content)
        )
    if is_made and old:
        flash.say(_("The draft is saved, with the projects of the cancelled round. Look at each once more."))
        return see_other("voting.prepare", round_id=form.result.id)
    if is_made:
        flash.say(_("The draft is saved. Now choose its projects."))
        return see_other("voting.projects", round_id=form.result.id)
    return page("voting/new.html", form=form, old=old), form.status


@blueprint.route("/<int:round_id>/edit", methods=["GET", "POST"])
@requires(Permission.ROUND_KEEP)
def edit(round_id: int) -> Any:
    """Change the rules of a draft."""
    actor, round_ = current_actor(), own(round_id)
    form = forms.RoundForm(data=typed(round_))
    del form.place
    if form.accepts(lambda: commands.edit_round(actor, round_id, form.content)):
        flash.say(_("The draft is saved."))
        return see_other("voting.prepare", round_id=round_id)
    return page("voting/edit.html", form=form, round=round_), form.status


@blueprint.route("/<int:round_id>/projects", methods=["GET", "POST"])
@requires(Permission.ROUND_KEEP)
def projects(round_id: int) -> Any:
    """Choose the projects of a draft among the items whose acceptance is final."""
    actor, round_ = current_actor(), own(round_id)
    form = forms.ItemsForm()
    cycles = queries.cycles_voted_on(round_)
    asked = whole(request.args.get("cycle"))
    shown = next((one for one in cycles if one.id == asked), cycles[0] if cycles else None)
    left = queries.accepted_left(round_, shown.id) if shown is not None else []
    form.items.choices = [(row.item_id, row.title) for row in left]
    if left and form.accepts(lambda: ballot_projects.add_items(actor, round_id, form.items.data or [])):
        flash.say(_("The items are on the ballot."))
        return see_other("voting.prepare", round_id=round_id)
    return page(
        "voting/projects.html",
        form=form,
        round=round_,
        left=left,
        cycles=cycles,
        shown=shown,
        cost=sum(one.cost_satang for one in queries.candidates(round_id)),
        sides=plan_words.SIDES,
    ), form.status


@blueprint.get("/<int:round_id>/prepare")
@requires(*OFFICERS)
def prepare(round_id: int) -> Any:
    """Everything about a round in the making, what is missing, and the next move."""
    return prepare_page(round_id)


def prepare_page(
    round_id: int, note_form: Any = None, conflict_form: Any = None, cap_form: Any = None
) -> Any:
    """The officer's page of a round, with whichever form came back."""
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    if not (policy.can_keep(actor, round_) or policy.can_cancel(actor, round_)):
        raise NotAllowed(_l("You may not do this here."))
    ballot = _ballot_of(round_)
    pair_form = conflict_form or forms.ConflictForm()
    choices = [(one.number, f"{one.number}. {one.name}") for one in ballot["projects"]]
    pair_form.first.choices = pair_form.second.choices = choices
    if conflict_form is None and len(choices) > 1:
        pair_form.second.data = choices[1][0]  # nothing excludes itself
    caps_form = cap_form or forms.CapForm()
    caps_form.offer(ballot["projects"])
    note = note_form or forms.NoteForm()
    moves = {move.name for move in workflow.ROUNDS.open_moves(actor, round_)}
    return page(
        "voting/prepare.html",
        **ballot,
        form=forms.ButtonForm(),
        note_form=note,
        conflict_form=pair_form,
        cap_form=caps_form,
        moves=moves,
        missing=queries.missing(round_) if round_.state in (RoundState.DRAFT, RoundState.PROPOSED) else [],
        may_keep=policy.can_keep(actor, round_),
        ends=bool(moves & {workflow.CANCEL, workflow.ANNUL}),
        follows_closing=any(
            may(actor, round_) for may in (policy.can_keep, policy.can_hold_key, policy.can_certify)
        ),
        follows_paper=policy.can_see_paper(actor, round_),
        may_withdraw=policy.can_cancel(actor, round_)
        and round_.stage(clock.now()) in (Stage.PLANNED, Stage.OPEN),
        is_own=round_.proposed_by == actor.id,
        names=people.names_of([round_.created_by, round_.proposed_by]),
    ), max(note.status, pair_form.status, caps_form.status)


@blueprint.post("/<int:round_id>/conflicts")
@requires(Permission.ROUND_KEEP)
def add_conflict(round_id: int) -> Any:
    """Note two projects of which at most one can be built."""
    own(round_id)
    form, actor = forms.ConflictForm(), current_actor()
    choices = [(one.number, one.name) for one in queries.candidates(round_id)]
    form.first.choices = form.second.choices = choices
    if form.accepts(
        lambda: ballot_projects.exclude_each_other(
            actor, round_id, form.first.data, form.second.data, form.reason.data or ""
        )
    ):
        flash.say(_("The pair is noted."))
        return see_other("voting.prepare", round_id=round_id)
    return prepare_page(round_id, conflict_form=form)


@blueprint.post("/conflicts/<int:conflict_id>/remove")
@requires(Permission.ROUND_KEEP)
def remove_conflict(conflict_id: int) -> Any:
    """Both can be built after all."""
    round_id = ballot_projects.allow_together(current_actor(), conflict_id)
    return see_other("voting.prepare", round_id=round_id)


@blueprint.route("/projects/<int:candidate_id>/edit", methods=["GET", "POST"])
@requires(Permission.ROUND_KEEP)
def edit_project(candidate_id: int) -> Any:
    """Say in plain words what a project is, and give it a picture."""
    actor = current_actor()
    one, round_ = queries.candidate_visible(actor, candidate_id)
    if not policy.can_keep(actor, round_):
        raise NotAllowed(_l("Only the officers who prepare rounds here work on it."))
    form = forms.ProjectForm(obj=one, picture_text=queries.picture_text(one))
    if form.accepts(
        lambda: ballot_projects.edit_project(
            actor,
            candidate_id,
            name=form.name.data or "",
            summary=form.summary.data or "",
            place=form.place.data or "",
            picture=form.upload,
            picture_text=form.picture_text.data or "",
        )
    ):
        flash.say(_("The project is saved."))
        return see_other("voting.prepare", round_id=round_.id)
    return page("voting/edit_project.html", form=form, project=one, round=round_), form.status


@blueprint.post("/projects/<int:candidate_id>/remove")
@requires(Permission.ROUND_KEEP)
def remove_project(candidate_id: int) -> Any:
    """Take a project off a draft."""
    actor = current_actor()
    _one, round_ = queries.candidate_visible(actor, candidate_id)
    ballot_projects.remove_project(actor, candidate_id)
    flash.say(_("The project is off the ballot."))
    return see_other("voting.prepare", round_id=round_.id)


@blueprint.route("/projects/<int:candidate_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ROUND_CONFIRM)
def withdraw_project(candidate_id: int) -> Any:
    """Withdraw a project of a published round, with a reason."""
    actor = current_actor()
    one, round_ = queries.candidate_visible(actor, candidate_id)
    if not policy.can_cancel(actor, round_):
        raise NotAllowed(_l("You may not do this here."))
    form = forms.ReasonForm()
    if form.accepts(lambda: ballot_projects.withdraw_project(actor, candidate_id, form.reason.data or "")):
        flash.say(_("The project is withdrawn; the reason is shown next to it."))
        return see_other("voting.prepare", round_id=round_.id)
    return page("voting/withdraw_project.html", form=form, project=one, round=round_), form.status


@blueprint.post("/<int:round_id>/propose")
@requires(Permission.ROUND_KEEP)
def propose(round_id: int) -> Any:
    """Put the draft before a second person."""
    form, actor = forms.ButtonForm(), current_actor()
    own(round_id)
    if form.accepts(lambda: commands.propose_round(actor, round_id)):
        flash.say(_("Proposed. The rules are published once a second person has confirmed them."))
        return see_other("voting.prepare", round_id=round_id)
    return prepare_page(round_id)[0], 422


@blueprint.post("/<int:round_id>/take-back")
@requires(Permission.ROUND_KEEP)
def take_back(round_id: int) -> Any:
    """Work on it again."""
    own(round_id)
    commands.take_back_round(current_actor(), round_id)
    return see_other("voting.prepare", round_id=round_id)


@blueprint.post("/<int:round_id>/send-back")
@requires(Permission.ROUND_CONFIRM)
def send_back(round_id: int) -> Any:
    """Refuse with a note."""
    form, actor = forms.NoteForm(), current_actor()
    if form.accepts(lambda: commands.send_back_round(actor, round_id, form.note.data or "")):
        flash.say(_("Sent back. The proposer has been told."))
        return see_other("voting.desk")
    return prepare_page(round_id, note_form=form)


@blueprint.post("/<int:round_id>/publish")
@requires(Permission.ROUND_CONFIRM)
def publish(round_id: int) -> Any:
    """Confirm and publish: from here on nothing changes."""
    queries.round_visible(current_actor(), round_id)
    read = whole(request.form.get("version")) or 0
    commands.publish_round(current_actor(), round_id, read=read)
    flash.say(_("The rules and projects are published. Nobody can change them any more."))
    return see_other("voting.prepare", round_id=round_id)


def own(round_id: int) -> Round:
    """A round the actor prepares. Raises NotFound, NotAllowed."""
    actor = current_actor()
    round_ = queries.round_visible(actor, round_id)
    if not policy.can_keep(actor, round_):
        raise NotAllowed(_l("Only the officers who prepare rounds here work on it."))
    return round_


def _ballot_of(round_: Round) -> dict[str, Any]:
    """What every page about a round shows of it."""
    found = queries.candidates(round_.id)
    by_id = {one.id: one for one in found}
    return {
        "round": round_,
        "stage": round_.stage(clock.now()),
        "place": queries.place_of(round_),
        "projects": found,
        "pairs": [(by_id[one.first_id], by_id[one.second_id], one) for one in queries.conflicts(round_.id)],
        "caps": queries.caps(round_.id),
        "cost": sum(one.cost_satang for one in found if one.withdrawn_at is None),
        "sides": plan_words.SIDES,
        "words": words,
    }


def stage_of() -> Any:
    """The stage of a listed round now."""
    now = clock.now()

    def stage(row: Any) -> Stage:
        if row.state is not RoundState.PUBLISHED:
            return Stage(row.state.value)
        return Stage.PLANNED if now < row.opens_at else Stage.OPEN if now < row.closes_at else Stage.CLOSED

    return stage


def _places(actor: Any) -> list[SelectChoice]:
    """Where the actor may begin a round: a district with a year whose items are voted on, or the city."""
    districts = {row.id: row for row in queries.desk_districts(actor)}
    lang = i18n.language()

    def items(row: Any, place: str) -> str:
        year = thai.fiscal_year_text(row.fiscal_year, lang, "short")
        return _("%(district)s, items of %(year)s", district=place, year=year)

    found = [
        SelectChoice(
            f"{row.district_id}-{row.id}", items(row, getattr(districts[row.district_id], f"name_{lang}"))
        )
        for row in queries.cycles_of(districts)
    ]
    if policy.can_act_for(actor, Permission.ROUND_KEEP, None):
        city = _("The whole city")
        found += [SelectChoice(f"-{row.id}", items(row, city)) for row in queries.years_of_the_city()]
    return found


def _place_of(text: str) -> tuple[int | None, int | None]:
    district, _dash, cycle = text.partition("-")
    return (int(district) if district else None, int(cycle) if cycle else None)
