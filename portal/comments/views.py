"""Pages of threads and remarks, and the moderation desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from portal.comments import commands, policy, queries
from portal.comments.forms import AnswerForm, CommentForm, ReasonForm
from portal.comments.models import Comment, Purpose
from portal.core import topics
from portal.core.actor import Permission
from portal.core.errors import NotAllowed, NotFound, TooMany
from portal.core.i18n import gettext as _
from portal.web import flash
from portal.web.access import public, requires, signed_in
from portal.web.forms import PortalForm
from portal.web.links import whole
from portal.web.login import current_actor
from portal.web.redirects import is_local, see, see_other
from portal.web.render import page

blueprint = Blueprint("comments", __name__, url_prefix="/comments")


@blueprint.app_context_processor
def comment_form() -> dict[str, Any]:
    """What ``comments/_thread.html`` needs on the pages of other rooms."""
    return {"comment_form": lambda: CommentForm(formdata=None)}


def _topic(topic_id: int) -> Any:
    topic = topics.visible_topic(current_actor(), topic_id)
    if topic is None:
        raise NotFound
    return topic


def _way_back(topic: Any) -> str:
    kind = topics.kinds()[topic.kind]
    return url_for(kind.endpoint, **{kind.param: topic.ref_id})


def _purpose() -> Purpose | None:
    given = request.args.get("purpose", "")
    return Purpose(given) if given in set(Purpose) else None


@blueprint.get("/<int:topic_id>")
@public("cursor", "order", "purpose")
def thread(topic_id: int) -> Any:
    """Every remark on a topic, page by page."""
    topic = _topic(topic_id)
    order: queries.Order = "oldest" if request.args.get("order") == "oldest" else "newest"
    found = queries.thread(current_actor(), topic_id, _purpose(), request.args.get("cursor"), order)
    return page(
        "comments/thread.html",
        topic=topic,
        topic_id=topic_id,
        back=_way_back(topic),
        thread=found,
        order=order,
        purpose=_purpose(),
    )


@blueprint.post("/<int:topic_id>")
@signed_in
def post(topic_id: int) -> Any:
    """Add a remark; what is refused comes back on a page of its own with the text kept."""
    topic, form, refusal = _topic(topic_id), CommentForm(), None
    actor = current_actor()
    try:
        if form.accepts(
            lambda: commands.post(
                actor,
                topic_id,
                form.text.data or "",
                purpose=form.shown_purpose,
                parent_id=form.parent,
                clause=form.clause.data or "",
            )
        ):
            flash.say(_("Your comment is on the page."))
            comment: Comment = form.result
            if comment.parent_id is not None:
                return see(url_for("comments.show", comment_id=comment.parent_id) + f"#comment-{comment.id}")
            return see(_way_back(topic) + f"#comment-{comment.id}")
    except TooMany as too_many:
        refusal = too_many.message
    return page(
        "comments/post.html",
        topic=topic,
        back=_way_back(topic),
        form=form,
        refusal=refusal,
        has_clause=form.shown_purpose is Purpose.DRAFT_TOR,
    ), 429 if refusal else 422


@blueprint.get("/remarks/<int:comment_id>")
@public("cursor")
def show(comment_id: int) -> Any:
    """One remark with all its replies, and the place to reply."""
    actor = current_actor()
    comment, topic = queries.get_visible(actor, comment_id)
    if comment.parent_id is not None:
        return see(url_for("comments.show", comment_id=comment.parent_id) + f"#comment-{comment.id}")
    remark, next_cursor = queries.branch(actor, comment, request.args.get("cursor"))
    open_for = None if remark.is_hidden else queries.open_for(topic)
    return page(
        "comments/show.html",
        topic=topic,
        back=_way_back(topic),
        remark=remark,
        next_cursor=next_cursor,
        open_for=open_for,
        purpose=open_for if actor.is_signed_in else None,
    )


@blueprint.route("/remarks/<int:comment_id>/report", methods=["GET", "POST"])
@signed_in
def report(comment_id: int) -> Any:
    """Report a remark to the moderators."""
    return _reasoned(
        comment_id,
        "comments/report.html",
        lambda comment, district_id: policy.can_report(current_actor(), comment),
        lambda comment, reason: commands.report(current_actor(), comment, reason),
        _("Thank you. A moderator will look at it."),
    )


@blueprint.route("/remarks/<int:comment_id>/hide", methods=["GET", "POST"])
@requires(Permission.COMMENT_MODERATE)
def hide(comment_id: int) -> Any:
    """Hide a remark with a public reason."""
    return _reasoned(
        comment_id,
        "comments/hide.html",
        lambda comment, district_id: policy.can_hide(current_actor(), comment, district_id),
        lambda comment, reason: commands.hide(current_actor(), comment, reason),
        _("The comment is hidden. The reason is shown in its place."),
    )


@blueprint.route("/remarks/<int:comment_id>/restore", methods=["GET", "POST"])
@requires(Permission.COMMENT_MODERATE)
def restore(comment_id: int) -> Any:
    """Show a hidden remark again."""
    return _reasoned(
        comment_id,
        "comments/restore.html",
        lambda comment, district_id: policy.can_restore(current_actor(), comment, district_id),
        lambda comment, reason: commands.restore(current_actor(), comment, reason),
        _("The comment is shown again."),
    )


def _reasoned(
    comment_id: int,
    template: str,
    may: Callable[[Comment, int | None], bool],
    act: Callable[[Comment, str], None],
    done: str,
) -> Any:
    """A page that asks for a reason and does one thing to one remark."""
    comment, topic = queries.get_visible(current_actor(), comment_id)
    if not may(comment, topic.district_id):
        raise NotAllowed(_("You may not do this here."))
    form = ReasonForm()
    if form.accepts(lambda: act(comment, form.reason.data or "")):
        flash.say(done)
        return _after(comment)
    return page(template, form=form, comment=comment, topic=topic, back=_way_to(comment)), form.status


@blueprint.route("/remarks/<int:comment_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(comment_id: int) -> Any:
    """The author takes a remark back."""
    comment, topic = queries.get_visible(current_actor(), comment_id)
    if not policy.can_withdraw(current_actor(), comment):
        raise NotAllowed(_("A comment can be withdrawn by its author until an office has answered it."))
    form = PortalForm()
    if form.accepts(lambda: commands.withdraw(current_actor(), comment)):
        flash.say(_("Your comment is withdrawn."))
        return _after(comment)
    return page(
        "comments/withdraw.html", form=form, comment=comment, topic=topic, back=_way_to(comment)
    ), form.status


def _way_to(comment: Comment) -> str:
    return url_for("comments.show", comment_id=comment.parent_id or comment.id) + f"#comment-{comment.id}"


def _after(comment: Comment) -> Response:
    if request.args.get("desk"):
        return see_other("comments.moderation")
    return see(_way_to(comment))


@blueprint.route("/<int:topic_id>/answer", methods=["GET", "POST"])
@requires(Permission.HEARING_ANSWER, Permission.PROCUREMENT_EDIT)
def answer(topic_id: int) -> Any:
    """Answer remarks in an office's name: those that wait, or the one named by ``remark`` (also to correct)."""
    actor, topic = current_actor(), _topic(topic_id)
    purpose, start = _purpose() or Purpose.DISCUSSION, request.args.get("next", "")
    if not policy.can_answer(actor, purpose, topic):
        raise NotAllowed(_("Answers here are given by another office."))
    remarks, chosen = queries.waiting_remarks(topic_id, purpose), whole(request.args.get("remark"))
    corrected = queries.answered_with(chosen, topic_id) if chosen else []
    if corrected:
        remarks = corrected
    alone = [remarks[0].id] if len(remarks) == 1 else None
    form = AnswerForm(comments=[row.id for row in corrected] or ([chosen] if chosen else alone))
    form.offer(remarks)
    if form.accepts(
        lambda: commands.answer(actor, form.comments.data or [], form.text.data or "", form.office.data or "")
    ):
        flash.say(_("The answer is public, and the people who asked are told."))
        return see(start or url_for("comments.thread", topic_id=topic_id, purpose=purpose))
    return page(
        "comments/answer.html",
        topic=topic,
        back=start if is_local(start) else _way_back(topic),
        purpose=purpose,
        remarks=remarks,
        is_correction=bool(corrected),
        form=form,
    ), form.status


@blueprint.get("/moderation")
@requires(Permission.COMMENT_MODERATE)
def moderation() -> Any:
    """The moderation desk: what was reported, and what is hidden."""
    actor, is_hidden = current_actor(), request.args.get("view") == "hidden"
    found = queries.moderation_queue(actor, hidden=is_hidden, cursor=request.args.get("cursor"))
    return page(
        "comments/moderation.html",
        rows=found.rows,
        reports=queries.open_reports([row.id for row in found.rows]),
        next_cursor=found.next_cursor,
        is_hidden=is_hidden,
        form=PortalForm(formdata=None),
    )


@blueprint.post("/remarks/<int:comment_id>/keep")
@requires(Permission.COMMENT_MODERATE)
def keep(comment_id: int) -> Any:
    """Leave a reported remark on the page and settle its reports."""
    comment, _topic_row = queries.get_visible(current_actor(), comment_id)
    commands.keep(current_actor(), comment)
    flash.say(_("The comment stays. Those who reported it are told."))
    return see_other("comments.moderation")
