"""Preparing a round: its rules, its projects, and its publication by two people."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from portal.accounts import queries as people
from portal.core import clock, db, hashing, ledger, state, topics
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.models import Cycle
from portal.notifications import commands as notifications
from portal.places import queries as places
from portal.voting import editions, policy, queries, workflow
from portal.voting.models import (
    BallotType,
    Completion,
    Round,
    RoundEdition,
    RoundState,
    Rule,
    Start,
    Stop,
    Utility,
)


@dataclass(frozen=True)
class RoundData:
    """What an officer sets. Money in satang; ``min_support`` in votes (or points); see :class:`Round`."""

    title: str
    about: str
    envelope_satang: int
    ballot_type: BallotType
    max_choices: int
    min_choices: int
    max_points: int
    rule: Rule
    completion: Completion
    compares: bool
    min_support: int
    counts_empty: bool
    shows_ballots: bool
    min_age: int
    cutoff_day: dt.date
    opens_at: dt.datetime
    closes_at: dt.datetime
    tie_source: str
    utility: Utility = Utility.COST
    start: Start = Start.FRACTION
    stop: Stop = Stop.EXHAUSTIVE


def create_round(
    actor: Actor,
    district_id: int | None,
    cycle_id: int | None,
    data: RoundData,
    *,
    replaces_id: int | None = None,
) -> Round:
    """A draft for a district, or for the whole city (None), on items of a cycle. ``replaces_id``: the
    cancelled round in whose place it comes (``replacing.replace_round``). Raises NotAllowed, Invalid by field."""
    if not policy.can_act_for(actor, Permission.ROUND_KEEP, district_id) or actor.id is None:
        raise NotAllowed(_l("You may not do this here."))
    if cycle_id is not None:
        cycle = db.session().get(Cycle, cycle_id)
        if cycle is None or (district_id is not None and cycle.district_id != district_id):
            raise Invalid({"cycle_id": _l("Choose a year of this district.")})
    made = Round(
        district_id=district_id,
        cycle_id=cycle_id,
        created_by=actor.id,
        created_at=clock.now(),
        replaces_id=replaces_id,
    )
    _fill(made, data)
    topic = topics.create("round", made.title, text=made.about, district_id=district_id)
    made.topic_id = topic.id
    db.session().add(made)
    db.session().flush()
    topics.tie(topic.id, made.id)
    ledger.record("round.created", actor, "round", made.id, district_id=district_id)
    return made


def edit_round(actor: Actor, round_id: int, data: RoundData) -> Round:
    """Change a draft. Raises NotAllowed, WrongState once it is proposed, Invalid by field."""
    held = hold_draft(actor, round_id)
    before = (held.title, held.about)
    _fill(held, data)
    if before != (held.title, held.about) and held.topic_id is not None:
        topics.retitle(held.topic_id, held.title, text=held.about)
    ledger.record("round.edited", actor, "round", held.id, district_id=held.district_id)
    return held


def propose_round(actor: Actor, round_id: int) -> Round:
    """Put a draft before a second person. Raises Invalid with everything that is still missing."""
    held = hold_round(actor, round_id)
    workflow.ROUNDS.check(held, workflow.PROPOSE, actor)
    missing = queries.missing(held)
    if missing:
        raise Invalid({str(place): text for place, text in enumerate(missing)})
    workflow.ROUNDS.advance(held, workflow.PROPOSE, actor)
    held.proposed_by, held.proposed_at, held.send_back_note = actor.id, clock.now(), ""
    ledger.record("round.proposed", actor, "round", held.id, district_id=held.district_id)
    notifications.tell(
        "voting.proposed",
        person_ids=people.officers_with(Permission.ROUND_CONFIRM, held.district_id),
        params={"title": held.title},
        way=("voting.prepare", {"round_id": held.id}),
        dedupe_key=f"voting.proposed:{held.id}:{held.version_id}",
        except_person=actor.id,
    )
    return held


def take_back_round(actor: Actor, round_id: int) -> None:
    """The proposer works on it again."""
    held = hold_round(actor, round_id)
    workflow.ROUNDS.advance(held, workflow.TAKE_BACK, actor)
    ledger.record("round.taken_back", actor, "round", held.id, district_id=held.district_id)


def send_back_round(actor: Actor, round_id: int, note: str) -> None:
    """The second person refuses, with a note for the first."""
    held = hold_round(actor, round_id)
    workflow.ROUNDS.check(held, workflow.SEND_BACK, actor)
    if not note.strip():
        raise Invalid({"note": _l("Say what must change.")})
    workflow.ROUNDS.advance(held, workflow.SEND_BACK, actor)
    held.send_back_note = note.strip()
    ledger.record("round.sent_back", actor, "round", held.id, district_id=held.district_id, note=note)
    notifications.tell(
        "voting.sent_back",
        person_ids=[held.proposed_by] if held.proposed_by else [],
        params={"title": held.title},
        way=("voting.prepare", {"round_id": held.id}),
        dedupe_key=f"voting.sent_back:{held.id}:{held.version_id}",
        except_person=actor.id,
    )


def publish_round(actor: Actor, round_id: int, *, read: int) -> RoundEdition:
    """Confirm: rules and projects become an edition that nobody changes, before the first ballot (rulings, "Rules and
    phases"). The secret of the draw is made now, and its SHA-256 stands in the edition. ``read``: the version the actor
    had before their eyes; whatever changes between, only in a draft, proposing it again makes another. Raises WrongState
    for another version or once the opening has passed, NotAllowed for the proposer."""
    held = hold_round(actor, round_id)
    workflow.ROUNDS.check(held, workflow.PUBLISH, actor)
    if read != held.version_id:
        raise WrongState(
            _l("The rules were changed since you read them. Read them again before you confirm."),
            way_on=("voting.prepare", {"round_id": round_id}, _l("See the round")),
        )
    missing = queries.missing(held)
    if missing:
        raise WrongState(missing[0])
    now, secret = clock.now(), secrets.token_hex(32)
    commitment = hashing.sha256_hex(secret)
    projects = queries.candidates(round_id)
    numbers = {one.id: one.number for one in projects}
    content = editions.body(
        held,
        queries.district_code(held.district_id),
        projects,
        [(numbers[one.first_id], numbers[one.second_id]) for one in queries.conflicts(round_id)],
        queries.picture_hashes(round_id),
        commitment,
        queries.caps(round_id),
    )
    text, sha256 = editions.write(content)
    edition = RoundEdition(
        round_id=held.id,
        body=text,
        sha256=sha256,
        proposed_by=held.proposed_by,
        confirmed_by=actor.id,
        published_at=now,
    )
    with db.refusing_duplicates(Conflict(_l("Someone else published rules at the same moment."))):
        db.session().add(edition)
    workflow.ROUNDS.advance(held, workflow.PUBLISH, actor)
    held.tie_secret, held.tie_commitment, held.edition_sha256 = secret, commitment, sha256
    ledger.record(
        "round.published",
        actor,
        "round",
        held.id,
        district_id=held.district_id,
        changes={"sha256": sha256},
    )
    tell_followers(actor, held, "voting.published", [held.proposed_by])
    state.bump_epoch()
    return edition


def _fill(round_: Round, data: RoundData) -> None:
    wrong: dict[str, object] = {}
    if not data.title.strip():
        wrong["title"] = _l("This must be filled in.")
    if data.envelope_satang <= 0:
        wrong["envelope_satang"] = _l("The budget must be above zero.")
    if data.opens_at >= data.closes_at:
        wrong["closes_on"] = _l("The end comes after the beginning.")
    if not 1 <= data.max_choices <= 500:
        wrong["max_choices"] = _l("A number from 1 to 500.")
    elif not 0 <= data.min_choices <= data.max_choices:
        wrong["min_choices"] = _l("No more than the most a voter may choose.")
    if not 1 <= data.max_points <= 500:
        wrong["max_points"] = _l("A number from 1 to 500.")
    if data.rule is Rule.EQUAL_SHARES and data.ballot_type is not BallotType.APPROVAL:
        wrong["counting"] = _l(
            "Equal Shares counts ballots that approve projects; choose those, or count by votes."
        )
    if not data.tie_source.strip():
        wrong["tie_source"] = _l(
            "Name a number that nobody knows before the close, and where it is published."
        )
    if wrong:
        raise Invalid(wrong)
    for name in data.__dataclass_fields__:
        value = getattr(data, name)
        setattr(round_, name, value.strip() if type(value) is str else value)
    if round_.rule in (Rule.GREEDY, Rule.GREEDY_THRESHOLD):
        round_.rule = Rule.GREEDY_THRESHOLD if round_.min_support else Rule.GREEDY


def hold_round(actor: Actor, round_id: int) -> Round:
    """A round the actor may see, held against everybody else who works on it. Raises NotFound."""
    queries.round_visible(actor, round_id)
    held = db.get_for_update(Round, round_id)
    if held is None:
        raise NotFound
    return held


def hold_draft(actor: Actor, round_id: int) -> Round:
    """The draft, held against everybody else who works on it."""
    held = hold_round(actor, round_id)
    if not policy.can_keep(actor, held):
        raise NotAllowed(_l("Only the officers who prepare rounds here work on it."))
    if held.state is not RoundState.DRAFT:
        raise WrongState(
            _l("This round is no longer a draft. A published round never changes: it can only be cancelled."),
            way_on=("voting.show", {"round_id": round_id}, _l("See the round")),
        )
    return held


def note_change(actor: Actor, round_: Round, event: str, **changes: object) -> None:
    """Record what was changed of a draft."""
    ledger.record(event, actor, "round", round_.id, district_id=round_.district_id, changes=dict(changes))


def tell_followers(
    actor: Actor,
    round_: Round,
    event: str,
    person_ids: Iterable[int | None],
    *,
    key: int | str = "",
    **more: str,
) -> None:
    """News to who prepared it, who follows the round, its district and its projects."""
    district = places.district(round_.district_id) if round_.district_id is not None else None
    followed = [one.topic_id for one in queries.candidates(round_.id) if one.topic_id is not None]
    notifications.tell(
        event,
        topic_id=round_.topic_id,
        person_ids=[one for one in person_ids if one is not None],
        followers_of=[
            *([round_.topic_id] if round_.topic_id else []),
            *([district.topic_id] if district else []),
            *followed,
        ],
        params={"title": round_.title, **more},
        dedupe_key=f"{event}:{round_.id}:{key}",
        except_person=actor.id,
    )
