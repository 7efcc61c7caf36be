"""Writing issues down, one at a time, on a phone in the meeting."""

from __future__ import annotations

from typing import Any

from portal.core.actor import Actor
from portal.core.errors import NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.forums import commands, forms, policy, queries
from portal.forums.models import Forum, Issue
from portal.forums.views.room import blueprint, kept
from portal.web import flash
from portal.web.access import signed_in
from portal.web.login import current_actor
from portal.web.redirects import see_other
from portal.web.render import page


def _writable(actor: Actor, forum_id: int) -> Forum:
    forum = kept(actor, forum_id)
    if not policy.can_write_issues(actor, forum):
        raise WrongState(
            _l("Issues are written down once the forum has begun, and not when it was cancelled."),
            way_on=queries.way_to(forum),
        )
    return forum


def _issue(actor: Actor, issue_id: int) -> tuple[Issue, Forum]:
    found = queries.issue(issue_id)
    if found is None:
        raise NotFound
    return found, _writable(actor, found.forum_id)


@blueprint.route("/<int:forum_id>/issues/new", methods=["GET", "POST"])
@signed_in
def add_issue(forum_id: int) -> Any:
    """Write an issue down; then the next."""
    actor = current_actor()
    forum = _writable(actor, forum_id)
    form = forms.IssueForm()
    if form.accepts(lambda: commands.add_issue(actor, forum, form.issue())):
        flash.say(_l("The issue is written down. Write the next one, or go back to the forum."))
        return see_other("forums.add_issue", forum_id=forum_id)
    return page(
        "forums/add_issue.html", form=form, forum=forum, issues=queries.issues_of(forum_id)
    ), form.status


@blueprint.route("/issues/<int:issue_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_issue(issue_id: int) -> Any:
    """Correct an issue."""
    actor = current_actor()
    issue, forum = _issue(actor, issue_id)
    form = forms.IssueForm(data=forms.written(issue))
    if form.accepts(lambda: commands.write_issue(actor, issue, form.issue())):
        flash.say(_l("Saved."))
        return see_other("forums.show", forum_id=forum.id)
    return page("forums/edit_issue.html", form=form, forum=forum, issue=issue), form.status


@blueprint.route("/issues/<int:issue_id>/remove", methods=["GET", "POST"])
@signed_in
def remove_issue(issue_id: int) -> Any:
    """Take an issue out."""
    actor = current_actor()
    issue, forum = _issue(actor, issue_id)
    form = forms.PlainForm()
    if form.accepts(lambda: commands.remove_issue(actor, issue)):
        flash.say(_l("The issue is removed."))
        return see_other("forums.show", forum_id=forum.id)
    return page("forums/remove_issue.html", form=form, forum=forum, issue=issue), form.status
