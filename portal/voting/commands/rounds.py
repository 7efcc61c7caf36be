"""Preparing a round: its rules, its projects, and its publication by two people."""

from __future__ import annotations

import datetime as dt
import io
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

import sqlalchemy as sa
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.accounts import queries as people
from portal.core import clock, db, hashing, ledger, state, storage, topics
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.models import Cycle
from portal.notifications import commands as notifications
from portal.places import queries as places
from portal.plans.models import Item
from portal.screening import queries as screening
from portal.voting import editions, policy, queries, workflow
from portal.voting.models import (
    BallotType,
    Candidate,
    CandidateConflict,
    Completion,
    Round,
    RoundEdition,
    RoundState,
    Rule,
    Start,
    Stop,
    Utility,
)

FEWEST_PROJECTS = 2
PICTURE = (480, 360)  # what a phone shows of a project, and what a ballot prints


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
    """A draft for a district, or for the whole city (None), on items of a cycle. ``replaces_id``: a cancelled round whose
    projects and conflicts it takes over. Raises NotAllowed, Invalid by field."""
    if not policy.may_for(actor, Permission.ROUND_KEEP, district_id) or actor.id is None:
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
    held = _draft(actor, round_id)
    before = (held.title, held.about)
    _fill(held, data)
    if before != (held.title, held.about) and held.topic_id is not None:
        topics.retitle(held.topic_id, held.title, text=held.about)
    ledger.record("round.edited", actor, "round", held.id, district_id=held.district_id)
    return held


def add_items(actor: Actor, round_id: int, item_ids: Iterable[int]) -> list[Candidate]:
    """Put items on the ballot whose acceptance is final, at the cost that was accepted. Numbers follow each other.

    Raises Invalid when one of them is not to be voted on (any more), or stands on the ballot already."""
    held = _draft(actor, round_id)
    if held.cycle_id is None:
        raise Invalid({"items": _l("This round has no year whose items could be chosen.")})
    accepted = {row.item_id: row for row in screening.final_accepted_items(held.cycle_id)}
    standing = queries.candidates(round_id)
    wanted = list(dict.fromkeys(item_ids))
    taken = {one.item_id for one in standing}
    if not wanted or any(one not in accepted or one in taken for one in wanted):
        raise Invalid({"items": _l("Choose items that are finally accepted and not yet on the ballot.")})
    number = max((one.number for one in standing), default=0)
    items = {row.id: row for row in db.session().scalars(sa.select(Item).where(Item.id.in_(wanted))).unique()}
    added = [
        Candidate(
            round_id=round_id,
            number=number + place,
            item_id=item_id,
            topic_id=items[item_id].topic_id,
            community_id=accepted[item_id].community_id,
            name=items[item_id].title,
            summary=items[item_id].proposal,
            place=items[item_id].place,
            side=items[item_id].side,
            cost_satang=accepted[item_id].accepted_satang,
        )
        for place, item_id in enumerate(wanted, 1)
    ]
    db.session().add_all(added)
    db.session().flush()
    _note(actor, held, "round.projects_added", items=wanted)
    return added


def edit_project(
    actor: Actor, candidate_id: int, *, name: str, summary: str, place: str, picture: IO[bytes] | None = None
) -> Candidate:
    """Say on the ballot in plain words what the project is; the cost stays as accepted. A picture is made small."""
    one = _candidate(candidate_id)
    held = _draft(actor, one.round_id)
    if not name.strip():
        raise Invalid({"name": _l("This must be filled in.")})
    one.name, one.summary, one.place = name.strip(), summary.strip(), place.strip()
    if picture is not None:
        stored = storage.save(
            actor, _small(picture), f"{one.number}.jpg", owner_kind="candidate", owner_id=one.id
        )
        one.picture_file_id = stored.id
    _note(actor, held, "round.project_edited", number=one.number)
    return one


def remove_project(actor: Actor, candidate_id: int) -> None:
    """Take a project off a draft; the numbers behind it move up."""
    one = _candidate(candidate_id)
    held = _draft(actor, one.round_id)
    pairs = sa.or_(CandidateConflict.first_id == one.id, CandidateConflict.second_id == one.id)
    db.session().execute(sa.delete(CandidateConflict).where(pairs))
    db.session().delete(one)
    db.session().flush()
    later = sa.select(Candidate).where(Candidate.round_id == held.id, Candidate.number > one.number)
    for behind in db.session().scalars(later.order_by(Candidate.number)).all():
        behind.number -= 1
        db.session().flush()
    _note(actor, held, "round.project_removed", item=one.item_id)


def exclude_each_other(
    actor: Actor, round_id: int, first: int, second: int, reason: str
) -> CandidateConflict:
    """Of these two numbers at most one can be built. Raises Invalid for a pair that is none or stands already."""
    held = _draft(actor, round_id)
    by_number = {one.number: one.id for one in queries.candidates(round_id)}
    if first == second or first not in by_number or second not in by_number:
        raise Invalid({"second": _l("Choose two different projects of this ballot.")})
    if not reason.strip():
        raise Invalid({"reason": _l("Say why both cannot be built.")})
    low, high = sorted((by_number[first], by_number[second]))
    pair = CandidateConflict(round_id=round_id, first_id=low, second_id=high, reason=reason.strip())
    with db.refusing_duplicates(Invalid({"second": _l("This pair is noted already.")})):
        db.session().add(pair)
    _note(actor, held, "round.conflict_noted", numbers=sorted((first, second)))
    return pair


def allow_together(actor: Actor, conflict_id: int) -> int:
    """Take a pair out again; returns the round's id."""
    pair = db.session().get(CandidateConflict, conflict_id)
    if pair is None:
        raise NotFound
    held = _draft(actor, pair.round_id)
    db.session().delete(pair)
    _note(actor, held, "round.conflict_dropped")
    return held.id


def propose_round(actor: Actor, round_id: int) -> Round:
    """Put a draft before a second person. Raises Invalid with everything that is still missing."""
    held = _hold(round_id)
    workflow.ROUNDS.check(held, workflow.PROPOSE, actor)
    missing = problems(held)
    if missing:
        raise Invalid({str(place): text for place, text in enumerate(missing)})
    workflow.ROUNDS.advance(held, workflow.PROPOSE, actor)
    held.proposed_by, held.proposed_at, held.send_back_note = actor.id, clock.now(), ""
    ledger.record("round.proposed", actor, "round", held.id, district_id=held.district_id)
    if held.district_id is not None:
        notifications.tell(
            "voting.proposed",
            person_ids=people.officers_with(Permission.ROUND_CONFIRM, held.district_id),
            params={"title": held.title},
            dedupe_key=f"voting.proposed:{held.id}:{held.version_id}",
            except_person=actor.id,
        )
    return held


def take_back_round(actor: Actor, round_id: int) -> None:
    """The proposer works on it again."""
    held = _hold(round_id)
    workflow.ROUNDS.advance(held, workflow.TAKE_BACK, actor)
    ledger.record("round.taken_back", actor, "round", held.id, district_id=held.district_id)


def send_back_round(actor: Actor, round_id: int, note: str) -> None:
    """The second person refuses, with a note for the first."""
    held = _hold(round_id)
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
        dedupe_key=f"voting.sent_back:{held.id}:{held.version_id}",
        except_person=actor.id,
    )


def publish_round(actor: Actor, round_id: int) -> RoundEdition:
    """Confirm: rules and projects become an edition that nobody changes, before the first ballot (rulings, "Rules and
    phases"). The secret of the draw is made now, and its SHA-256 stands in the edition. Raises WrongState once the
    opening has passed, NotAllowed for the proposer."""
    held = _hold(round_id)
    workflow.ROUNDS.check(held, workflow.PUBLISH, actor)
    missing = problems(held)
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
    with db.refusing_duplicates(Conflict(_l("Somebody else published rules at the same moment."))):
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
    _tell(held, "voting.published", actor, [held.proposed_by])
    state.bump_epoch()
    return edition


def cancel_round(actor: Actor, round_id: int, reason: str) -> None:
    """Call a round off, with a published reason. What was published stays readable; nothing is counted."""
    held = _hold(round_id)
    workflow.ROUNDS.check(held, workflow.CANCEL, actor)
    if not reason.strip():
        raise Invalid({"reason": _l("Say in a sentence why: it is published with the round.")})
    was_public = held.is_frozen
    workflow.ROUNDS.advance(held, workflow.CANCEL, actor)
    held.cancel_reason, held.cancelled_at = reason.strip(), clock.now()
    ledger.record("round.cancelled", actor, "round", held.id, district_id=held.district_id, note=reason)
    if was_public:
        _tell(held, "voting.cancelled", actor, [held.proposed_by])
        state.bump_epoch()


def withdraw_project(actor: Actor, candidate_id: int, reason: str) -> None:
    """A project of a published round falls away (its land is gone, it was built meanwhile): it stays on the ballot's
    record, marked, and gets nothing. Only until the close. Raises WrongState, NotAllowed, Invalid without a reason."""
    one = _candidate(candidate_id)
    held = _hold(one.round_id)
    if not policy.can_cancel(actor, held):
        raise NotAllowed(_l("You may not do this here."))
    if (
        held.state is not RoundState.PUBLISHED
        or clock.now() >= held.closes_at
        or one.withdrawn_at is not None
    ):
        raise WrongState(_l("Projects of this round can no longer be withdrawn."))
    if not reason.strip():
        raise Invalid({"reason": _l("Say in a sentence why: it is published with the round.")})
    one.withdrawn_at, one.withdrawn_reason = clock.now(), reason.strip()
    _note(actor, held, "round.project_withdrawn", number=one.number)
    _tell(
        held,
        "voting.withdrawn",
        actor,
        [held.proposed_by],
        project=one.name,
        reason=reason.strip(),
        key=one.id,
    )
    state.bump_epoch()


def problems(round_: Round) -> list[object]:
    """What keeps a round from being published, in sentences; empty when nothing does."""
    found: list[object] = []
    projects = queries.candidates(round_.id)
    if len(projects) < FEWEST_PROJECTS:
        found.append(_l("A ballot needs at least two projects."))
    if clock.now() >= round_.opens_at:
        found.append(_l("The opening has passed: rules are published before anybody votes. Set later days."))
    if round_.cutoff_day > clock.day_of(round_.opens_at):
        found.append(_l("The cut-off day comes after the opening. The roll is finished before people vote."))
    if round_.ballot_type is BallotType.APPROVAL and round_.max_choices > len(projects):
        found.append(_l("A voter may choose more projects than there are."))
    if projects and all(one.cost_satang > round_.envelope_satang for one in projects):
        found.append(_l("Every project costs more than the envelope."))
    return found


def _fill(round_: Round, data: RoundData) -> None:
    wrong: dict[str, object] = {}
    if not data.title.strip():
        wrong["title"] = _l("This must be filled in.")
    if data.envelope_satang <= 0:
        wrong["envelope_satang"] = _l("The envelope must be more than nothing.")
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
            "Equal Shares counts ballots that approve projects; choose them, or count by votes."
        )
    if not data.tie_source.strip():
        wrong["tie_source"] = _l(
            "Name a number that nobody knows before the close, and where it is published."
        )
    if wrong:
        raise Invalid(wrong)
    for name in data.__dataclass_fields__:
        value = getattr(data, name)
        setattr(round_, name, value.strip() if isinstance(value, str) and name != "rule" else value)
    if round_.rule in (Rule.GREEDY, Rule.GREEDY_THRESHOLD):
        round_.rule = Rule.GREEDY_THRESHOLD if round_.min_support else Rule.GREEDY


def _hold(round_id: int) -> Round:
    held = db.get_for_update(Round, round_id)
    if held is None:
        raise NotFound
    return held


def _draft(actor: Actor, round_id: int) -> Round:
    """The draft, held against everybody else who works on it."""
    held = _hold(round_id)
    if not policy.can_keep(actor, held):
        raise NotAllowed(_l("Only the officers who prepare rounds here work on it."))
    if held.state is not RoundState.DRAFT:
        raise WrongState(
            _l("This round is no draft any more. A published round never changes: it can only be cancelled."),
            way_on=("voting.show", {"round_id": round_id}, _l("See the round")),
        )
    return held


def _candidate(candidate_id: int) -> Candidate:
    one = db.session().get(Candidate, candidate_id)
    if one is None:
        raise NotFound
    return one


def _note(actor: Actor, round_: Round, event: str, **changes: object) -> None:
    ledger.record(event, actor, "round", round_.id, district_id=round_.district_id, changes=dict(changes))


def _tell(
    round_: Round,
    event: str,
    actor: Actor,
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


def _small(stream: IO[bytes]) -> IO[bytes]:
    """The picture at the size at which it is shown. Raises Invalid for what is no picture."""
    wrong = Invalid({"picture": _l("Only JPEG, PNG and WebP pictures can be sent.")})
    content = stream.read(storage.MAX_BYTES + 1)
    if len(content) > storage.MAX_BYTES:
        raise Invalid({"picture": _l("The file is larger than 10 MB.")})
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > storage.MAX_PIXELS:
                raise wrong
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as problem:
        raise wrong from problem
    picture.thumbnail(PICTURE)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    out.seek(0)
    return out
