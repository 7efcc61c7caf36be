"""The synthesis of problems before a district policy forum and the adopted policy with answers after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from portal.core import clock, db, hashing, ledger, state
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, NotAllowed, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.forums import policy, queries
from portal.forums.commands.telling import tell_people
from portal.forums.models import Forum, ForumPaper, PaperKind, Side


class Answer(NamedTuple):
    """What the district will do about the problems of one side, and which office."""

    answer: str
    office: str


def publish_synthesis(
    actor: Actor, forum: Forum, *, text: str, since: dt.date, sides: Mapping[Side, str], reason: str = ""
) -> ForumPaper:
    """Publish what the district's forums brought since ``since``, counted by side as it stands now, with the
    district's words. Once published the figures stay; another edition counts anew and says why. Only before the forum
    begins. Raises Invalid without a text or without anything gathered."""
    forum = _held(actor, forum, PaperKind.SYNTHESIS)
    gathered = queries.problems_gathered(forum.district_id, since)
    wrong: dict[str, object] = {}
    if not text.strip():
        wrong["text"] = _l("This must be filled in.")
    if since > clock.today():
        wrong["since"] = _l("Choose a date that is not in the future.")
    elif not gathered["sides"]:
        wrong["since"] = _l("No recorded forum of this district has brought an issue since that day.")
    body = {
        **gathered,
        "text": text.strip(),
        "sides": [{**one, "text": sides.get(Side(one["side"]), "").strip()} for one in gathered["sides"]],
    }
    return _publish(actor, forum, PaperKind.SYNTHESIS, body, reason, wrong)


def publish_policy(
    actor: Actor, forum: Forum, *, text: str, answers: Mapping[Side, Answer], reason: str = ""
) -> ForumPaper:
    """Publish the policy the district adopted, with an answer to every side its synthesis counted. Raises WrongState
    without a synthesis, Invalid by side for an answer or an office that is missing."""
    forum = _held(actor, forum, PaperKind.POLICY)
    synthesis = queries.papers_of(forum.id, PaperKind.SYNTHESIS)
    if not synthesis:
        raise WrongState(
            _l("This forum had no synthesis of problems to answer."), way_on=queries.way_to(forum)
        )
    wrong: dict[str, object] = {}
    if not text.strip():
        wrong["text"] = _l("This must be filled in.")
    told = []
    for one in synthesis[0].body["sides"]:
        side = Side(one["side"])
        given = answers.get(side, Answer("", ""))
        if not given.answer.strip():
            wrong[f"side_{side.value}"] = _(
                "Answer this theme too: the forums raised %(issues)s issues about it.", issues=one["issues"]
            )
        elif not given.office.strip():
            wrong[f"office_{side.value}"] = _l("Say which office will do it.")
        told.append({"side": side.value, "answer": given.answer.strip(), "office": given.office.strip()})
    body = {"text": text.strip(), "answers": told, "synthesis": synthesis[0].number}
    return _publish(actor, forum, PaperKind.POLICY, body, reason, wrong)


def _held(actor: Actor, forum: Forum, kind: PaperKind) -> Forum:
    forum = queries.forum_held(forum.id)
    if not policy.can_keep_forum(actor, forum):
        raise NotAllowed(_l("This forum is run by others."))
    if not policy.can_write_paper(actor, forum, kind):
        raise WrongState(
            _l("The synthesis is published before a district policy forum, the policy after its record."),
            way_on=queries.way_to(forum),
        )
    return forum


def _publish(
    actor: Actor, forum: Forum, kind: PaperKind, body: dict[str, Any], reason: str, wrong: dict[str, object]
) -> ForumPaper:
    earlier = queries.papers_of(forum.id, kind)
    if earlier and not reason.strip():
        wrong["reason"] = _l("Say why another edition is needed; everyone can read it.")
    if wrong or actor.id is None:
        raise Invalid(wrong)
    paper = ForumPaper(
        forum_id=forum.id,
        kind=kind,
        number=len(earlier) + 1,
        body=body,
        reason=reason.strip() if earlier else "",
        sha256=hashing.sha256_hex(hashing.canonical_json(body)),
        published_by=actor.id,
        published_at=clock.now(),
    )
    with db.refusing_duplicates(Conflict(_l("Someone else published an edition at the same moment."))):
        db.session().add(paper)
    event = "forum.synthesis_published" if kind is PaperKind.SYNTHESIS else "forum.policy_published"
    ledger.record(
        event,
        actor,
        "forum",
        forum.id,
        district_id=forum.district_id,
        changes={"edition": paper.number, "sha256": paper.sha256},
        note=paper.reason,
    )
    tell_people(actor, event, forum, once=str(paper.number))
    state.bump_epoch()
    return paper
