"""Announcing a forum, changing the announcement, calling it off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock, db, ledger, state, topics
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.i18n import gettext as _
from portal.core.i18n import language, speaking
from portal.core.i18n import lazy_gettext as _l
from portal.core.thai import span_text
from portal.cycles.models import PhaseKind
from portal.forums import policy, queries, titles
from portal.forums.agenda import matters
from portal.forums.commands.telling import tell_people
from portal.forums.models import AgendaItem, Forum, ForumPurpose, ForumState, StandingBody
from portal.forums.workflow import CANCEL, EDIT, FORUMS
from portal.places.models import title_of

LONGEST_FORUM = dt.timedelta(hours=24)

_PHASE_OF = {
    ForumPurpose.PLAN_1: PhaseKind.FORUMS,
    ForumPurpose.PLAN_2: PhaseKind.FORUMS,
    ForumPurpose.HEARING: PhaseKind.HEARING,
}


@dataclass(frozen=True)
class Announcement:
    """What an announcement says. Without a title the purpose and the place make one; ``agenda`` has one matter on
    each line."""

    purpose: ForumPurpose
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    agenda: str = ""
    title: str = ""


def announce_forum(
    actor: Actor,
    district_id: int,
    community_id: int | None,
    data: Announcement,
    body: StandingBody | None = None,
) -> Forum:
    """Announce a coming forum of a community, of a district, or of one of its standing bodies; followers of the place
    hear of it.

    Plan forums and hearings must lie in their phase under published rules, and belong to that cycle. Raises
    NotAllowed, and Invalid by form field (purpose, day, begins, ends, place).
    """
    if not policy.can_announce_forum(actor, district_id, community_id) or actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    is_of_body = data.purpose is ForumPurpose.STANDING_BODY
    if data.purpose.is_of_community != (community_id is not None) or is_of_body != (body is not None):
        raise Invalid({"purpose": _l("Choose a purpose that fits the place.")})
    if body is not None and (body.closed_on is not None or body.district_id != district_id):
        raise WrongState(_l("This body is closed and holds no more forums."))
    cycle_id = _checked(district_id, data)
    forum = Forum(
        district_id=district_id,
        community_id=community_id,
        body_id=body.id if body is not None else None,
        cycle_id=cycle_id,
        purpose=data.purpose,
        title="",
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        place=data.place,
        created_by=actor.id,
        created_at=clock.now(),
    )
    place = queries.place_of(forum)
    forum.title = data.title or (_own_title(data.purpose, place) if body is None else _title_of_body(body))
    agenda = matters(data.agenda)
    forum.topic_id = topics.create(
        "forum", forum.title, text=_text(forum, agenda), district_id=district_id
    ).id
    db.session().add(forum)
    db.session().flush()
    topics.tie(forum.topic_id, forum.id)
    _write_agenda(forum, agenda)
    ledger.record(
        "forum.announced", actor, "forum", forum.id, district_id=district_id, changes=_facts(forum, agenda)
    )
    tell_people(actor, "forum.announced", forum)
    return forum


def write_forum(actor: Actor, forum: Forum, expected_version: int, data: Announcement) -> None:
    """Change an announcement until the forum begins. Purpose and place of keeping stay.

    Raises WrongState once it has begun, Invalid by field, and Invalid as a whole when somebody else changed it since
    the page was opened, so that nothing typed is lost.
    """
    forum = queries.forum_held(forum.id)
    if forum.state is ForumState.ANNOUNCED and forum.starts_at <= clock.now():
        raise WrongState(
            _l("The forum has begun: the announcement can no longer change."), way_on=queries.way_to(forum)
        )
    FORUMS.advance(forum, EDIT, actor)
    if forum.version_id != expected_version:
        raise Invalid(_l("Someone else changed this while you wrote. Compare with the page and send again."))
    was, agenda = [one.matter for one in queries.agenda_of(forum.id)], matters(data.agenda)
    before = _facts(forum, was)
    forum.cycle_id = _checked(forum.district_id, data)
    forum.starts_at, forum.ends_at = data.starts_at, data.ends_at
    forum.place = data.place
    forum.title = data.title or _own_title(forum.purpose, queries.place_of(forum))
    if agenda != was:
        flag_modified(forum, "place")  # another agenda is another version of the announcement
        _write_agenda(forum, agenda)
    db.session().flush()
    topics.retitle(forum.topic_id, forum.title, text=_text(forum, agenda))
    changes = {name: value for name, value in _facts(forum, agenda).items() if before[name] != value}
    if changes:
        ledger.record(
            "forum.changed", actor, "forum", forum.id, district_id=forum.district_id, changes=changes
        )
        tell_people(actor, "forum.changed", forum, once=f"{forum.version_id}")


def cancel_forum(actor: Actor, forum: Forum, reason: str) -> None:
    """Call a forum off, with a public reason; followers hear of it."""
    forum = queries.forum_held(forum.id)
    if not reason.strip():
        raise Invalid({"reason": _l("Say why, so that people who planned to come understand.")})
    FORUMS.advance(forum, CANCEL, actor)
    forum.cancel_reason = reason.strip()
    ledger.record("forum.cancelled", actor, "forum", forum.id, district_id=forum.district_id, note=reason)
    tell_people(actor, "forum.cancelled", forum)
    state.bump_epoch()


def _checked(district_id: int, data: Announcement) -> int | None:
    """The cycle the forum belongs to; raises Invalid by form field."""
    wrong: dict[str, object] = {}
    if data.starts_at <= clock.now():
        wrong["day"] = _l("A forum must be announced before it begins.")
    if data.ends_at <= data.starts_at:
        wrong["ends"] = _l("The end must come after the beginning.")
    elif data.ends_at - data.starts_at > LONGEST_FORUM:
        wrong["ends"] = _l("A forum can last one day at most.")
    if not data.place.strip():
        wrong["place"] = _l("Say where people should come.")
    kind = _PHASE_OF.get(data.purpose)
    cycle_id = queries.cycle_at(district_id, kind or PhaseKind.FORUMS, data.starts_at)
    if kind is not None and cycle_id is None:
        wrong.setdefault("day", _outside(district_id, kind))
    if wrong:
        raise Invalid(wrong)
    return cycle_id


def _outside(district_id: int, kind: PhaseKind) -> str:
    windows = [
        span_text(
            clock.day_of(row.starts_at),
            clock.day_of(row.ends_at - dt.timedelta(microseconds=1)),
            language(),
            "long",
        )
        for row in queries.windows_ahead(district_id, kind)
    ]
    if not windows:
        return _("No days are set for such forums: the rules of the cycle are not published yet.")
    return _("Such forums are held within %(days)s.", days="; ".join(windows))


def _own_title(purpose: ForumPurpose, place: object) -> str:
    community = getattr(place, "community", None)
    return titles.compose(purpose, title_of(community) if community else getattr(place, "district_th", ""))


def _title_of_body(body: StandingBody) -> str:
    with speaking("th"):
        return _("Meeting of %(body)s", body=body.name)


def _write_agenda(forum: Forum, agenda: list[str]) -> None:
    db.session().execute(sa.delete(AgendaItem).where(AgendaItem.forum_id == forum.id))
    db.session().add_all(
        AgendaItem(forum_id=forum.id, position=position, matter=matter)
        for position, matter in enumerate(agenda, 1)
    )


def _text(forum: Forum, agenda: list[str]) -> str:
    return " ".join([forum.place, *agenda])


def _facts(forum: Forum, agenda: list[str]) -> dict[str, str]:
    return {
        "title": forum.title,
        "purpose": forum.purpose.value,
        "starts_at": forum.starts_at.isoformat(),
        "ends_at": forum.ends_at.isoformat(),
        "place": forum.place,
        "agenda": "\n".join(agenda),
    }
