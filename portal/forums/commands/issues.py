"""Writing down what the people raised, and photos of the forum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

import sqlalchemy as sa

from portal.core import db, ledger, state, storage
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.storage import StoredFile
from portal.forums import policy, queries
from portal.forums.models import Forum, ForumState, Issue, Side

SAY_THE_PROBLEM = _l("Say what the problem is.")


@dataclass(frozen=True)
class IssueData:
    """An issue as the forum put it; ``raised_by`` and ``votes`` are people counted."""

    side: Side
    problem: str
    cause: str = ""
    proposal: str = ""
    raised_by: int = 0
    votes: int = 0


def add_issue(actor: Actor, forum: Forum, data: IssueData) -> Issue:
    """Write down an issue during the forum or after it. Raises WrongState before it begins or when it was called off."""
    forum = queries.forum_held(forum.id)
    _may_write_issues(actor, forum)
    _check_issue(forum, data)
    return put_issue(actor, forum, data)


def put_issue(actor: Actor, forum: Forum, data: IssueData) -> Issue:
    """The row of a new issue and its trace; whoever calls has asked the rules."""
    last = db.session().scalar(sa.select(sa.func.max(Issue.position)).where(Issue.forum_id == forum.id))
    issue = Issue(forum_id=forum.id, position=(last or 0) + 1, **vars(data))
    with db.refusing_duplicates(Conflict(_l("Someone else added an issue at the same moment."))):
        db.session().add(issue)
    _log_issue("issue.added", actor, forum, issue, vars(data))
    return issue


def write_issue(actor: Actor, issue: Issue, data: IssueData) -> None:
    """Correct an issue; the ledger keeps what it said before."""
    forum = queries.forum_held(issue.forum_id)
    _may_write_issues(actor, forum)
    _check_issue(forum, data)
    put_words(actor, forum, issue, data)


def put_words(actor: Actor, forum: Forum, issue: Issue, data: IssueData) -> None:
    """An issue's new words and their trace; whoever calls has asked the rules."""
    changes = {}
    for name, value in vars(data).items():
        if getattr(issue, name) != value:
            changes[name] = [getattr(issue, name), value]
            setattr(issue, name, value)
    db.session().flush()
    if changes:
        _log_issue("issue.changed", actor, forum, issue, changes)


def remove_issue(actor: Actor, issue: Issue) -> None:
    """Take an issue out; refused (WrongState) once an item of a plan has grown from it."""
    forum = queries.forum_held(issue.forum_id)
    _may_write_issues(actor, forum)
    _log_issue("issue.removed", actor, forum, issue, {"problem": issue.problem, "votes": issue.votes})
    grown = WrongState(_l("A plan item came from this issue, so it stays."), way_on=queries.way_to(forum))
    with db.refusing_duplicates(grown):
        db.session().delete(issue)


def add_photos(
    actor: Actor, forum: Forum, files: Sequence[tuple[IO[bytes], str]], caption: str
) -> list[StoredFile]:
    """Store photos of a forum that has begun; everybody can see them. ``caption`` says what is on them."""
    if not policy.can_write_issues(actor, forum):
        raise NotAllowed(_l("You may not do this here."))
    if not files:
        raise Invalid({"photos": _l("Choose at least one photo.")})
    stored = []
    for stream, name in files:
        try:
            file = storage.save(
                actor, stream, name, owner_kind=queries.PHOTO, owner_id=forum.id, caption=caption
            )
        except Invalid as refused:
            raise Invalid({"photos": refused.message}) from refused
        if file.width is None:
            raise Invalid({"photos": _l("Only photos can be shown here, no documents.")})
        stored.append(file)
    ledger.record(
        "forum.photos_added",
        actor,
        "forum",
        forum.id,
        district_id=forum.district_id,
        changes={"files": [file.sha256 for file in stored]},
    )
    return stored


def remove_photo(actor: Actor, forum: Forum, photo: StoredFile) -> None:
    """Take a photo away, at once also from kept pages."""
    if not policy.can_keep_forum(actor, forum):
        raise NotAllowed(_l("You may not do this here."))
    ledger.record(
        "forum.photo_removed",
        actor,
        "forum",
        forum.id,
        district_id=forum.district_id,
        changes={"file": photo.sha256},
    )
    db.session().delete(photo)
    state.bump_epoch()


def _may_write_issues(actor: Actor, forum: Forum) -> None:
    if policy.can_write_issues(actor, forum):
        return
    if not policy.can_keep_forum(actor, forum):
        raise NotAllowed(_l("You may not do this here."))
    raise WrongState(
        _l("Issues are written down once the forum has begun, and not when it was cancelled."),
        way_on=queries.way_to(forum),
    )


def _check_issue(forum: Forum, data: IssueData) -> None:
    wrong: dict[str, object] = {}
    if not data.problem.strip():
        wrong["problem"] = SAY_THE_PROBLEM
    people_there = sum(queries.attendance_of(forum.id).values())
    if forum.state is ForumState.RECORDED:
        message = _("Only %(people)s people came.", people=people_there)
        wrong |= {name: message for name in ("raised_by", "votes") if getattr(data, name) > people_there}
    if wrong:
        raise Invalid(wrong)


def _log_issue(event: str, actor: Actor, forum: Forum, issue: Issue, changes: Mapping[str, object]) -> None:
    ledger.record(
        event,
        actor,
        "issue",
        issue.id,
        district_id=forum.district_id,
        changes={"forum_id": forum.id, **changes},
    )
