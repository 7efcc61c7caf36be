"""What the database itself refuses once a round is published, or its roll locked: any change of rules, projects, pictures,
areas or people, and any way back. Once voting has begun, nobody calls a round off alone, and nobody certifies over a request to do so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.core import promises
from portal.voting.models.letters import LetterCode, LetterPrint
from portal.voting.models.roll import RollEntry
from portal.voting.models.rounds import Area, CancelRequest, Candidate, Round

# What may still change in a round once its edition stands; everything else is frozen by the database itself.
_LIVE = frozenset(
    {"state", "version_id", "tie_secret", "roll_locked_at", "roll_count", "cancel_reason", "cancelled_at"}
)
_FROZEN = [column.name for column in Round.__table__.columns if column.name not in _LIVE]
_AREA = [column.name for column in Area.__table__.columns if column.name != "roll_count"]
_PROJECT = [
    column.name
    for column in Candidate.__table__.columns
    if column.name not in ("withdrawn_at", "withdrawn_reason")
]
_MOVES = ("area_id", "person_id", "attached_on", "paper_on", "struck_at", "struck_reason")
_REQUEST = [column.name for column in CancelRequest.__table__.columns if column.name != "carried_out_by"]
_ENTRY = [column.name for column in RollEntry.__table__.columns if column.name not in _MOVES]
_PRINT = [
    column.name
    for column in LetterPrint.__table__.columns
    if column.name not in ("state", "decided_by", "decided_at", "note")
]
_CODE = [
    column.name for column in LetterCode.__table__.columns if column.name not in ("redeemed_on", "voided_on")
]
_FROZEN_ROUND = "EXISTS (SELECT 1 FROM rounds WHERE id = {} AND edition_sha256 IS NOT NULL)"
_LOCKED_ROUND = "EXISTS (SELECT 1 FROM rounds WHERE id = {} AND roll_locked_at IS NOT NULL)"
_STEPS = (
    "(OLD.state = 'published' AND NEW.state IN ('closed', 'cancelled')) OR "
    "(OLD.state = 'closed' AND NEW.state IN ('counted', 'cancelled')) OR "
    "(OLD.state = 'counted' AND NEW.state IN ('certified', 'cancelled'))"
)
_ON_ROLL = "(SELECT count(*) FROM roll_entries WHERE {} = NEW.id AND struck_at IS NULL)"
_RULES, _PROJECTS = (
    "the rules of a published round are frozen",
    "the projects of a published round are frozen",
)
_PICTURES = "the pictures of a published round are frozen"
_FORWARD = "a round goes forward only"
_LOCKED = "the roll of this round is locked"
_BY_TWO = "a round in which voting has begun is cancelled by two people"
_LETTERS = "letters are asked for by one person and released by another"
_BALLOTS = "published_ballots is append-only"
_ASKED = "EXISTS (SELECT 1 FROM cancel_requests WHERE round_id = OLD.id AND state = OLD.state{})"
_CARRIED_OUT = _ASKED.format(" AND carried_out_by IS NOT NULL")
# The ledger is in order of time: from its newest entry the database tells that voting has begun, whatever instant is
# written.
_BEGUN = (
    "COALESCE(NEW.cancelled_at >= OLD.opens_at, TRUE) "
    "OR COALESCE((SELECT at FROM ledger_entries ORDER BY id DESC LIMIT 1) >= OLD.opens_at, FALSE) "
    "OR EXISTS (SELECT 1 FROM ballots WHERE round_id = OLD.id)"
)
_OTHER_STATE = "NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = NEW.state)"
_ITS_STATE = "a request to cancel holds for the state it was made in"
_ANSWERED = (
    "EXISTS (SELECT 1 FROM cancel_answers WHERE round_id = NEW.round_id AND state = NEW.state "
    "AND asked_by = NEW.asked_by)"
)
_ASKS_NO_MORE = "whose request to cancel was answered asks no more in that state"
_WAITS = "a request to cancel this round waits"
_CERTIFIES = "who turned down a request to annul a count does not certify it"
_TURNED_DOWN = (
    "EXISTS (SELECT 1 FROM cancel_answers WHERE cancel_answers.round_id = NEW.round_id "
    "AND cancel_answers.state = 'counted' AND cancel_answers.answered_by = NEW.certified_by)"
)
_NEVER_SHOWN = (
    "EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'cancelled') AND NOT EXISTS "
    "(SELECT 1 FROM rounds JOIN round_results ON round_results.round_id = rounds.id WHERE rounds.id = OLD.round_id "
    "AND rounds.shows_ballots AND round_results.counted_at IS NOT NULL)"
)


@dataclass(frozen=True)
class Refusal:
    """Rows of ``table`` take no ``event`` (INSERT, UPDATE, DELETE) under a condition on OLD and NEW, with these words."""

    table: str
    event: str
    when: str
    words: str


def refusals(differs: str) -> list[Refusal]:
    """All of them; ``differs`` is how the engine says that two values differ, NULL included."""

    def changed(*columns: str) -> str:
        return " OR ".join(f"NEW.{one} {differs} OLD.{one}" for one in columns)

    old, new = _FROZEN_ROUND.format("OLD.round_id"), _FROZEN_ROUND.format("NEW.round_id")
    locked_old, locked_new = _LOCKED_ROUND.format("OLD.round_id"), _LOCKED_ROUND.format("NEW.round_id")
    back = (
        f"(OLD.roll_locked_at IS NOT NULL AND ({changed('roll_locked_at')} OR ({changed('roll_count')} AND "
        f"(OLD.state <> 'published' OR NEW.roll_count <> {_ON_ROLL.format('round_id')})))) "
        f"OR (OLD.edition_sha256 IS NOT NULL AND OLD.tie_secret IS NOT NULL AND {changed('tie_secret')}) "
        f"OR (OLD.edition_sha256 IS NOT NULL AND NEW.state <> OLD.state AND NOT ({_STEPS})) "
        f"OR (OLD.state = 'cancelled' AND (NEW.state <> 'cancelled' OR {changed('cancel_reason', 'cancelled_at')}))"
    )
    alone = (
        "OLD.edition_sha256 IS NOT NULL AND OLD.state <> 'cancelled' AND NEW.state = 'cancelled' AND "
        f"(OLD.state <> 'published' OR {_BEGUN}) "
        f"AND NOT {_CARRIED_OUT}"
    )
    in_time = (
        "EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND state = 'published' "
        "AND NEW.withdrawn_at < closes_at)"
    )
    shown = (
        "EXISTS (SELECT 1 FROM candidates JOIN rounds ON rounds.id = candidates.round_id "
        "WHERE candidates.picture_file_id = OLD.id AND rounds.edition_sha256 IS NOT NULL)"
    )
    recount = f"NEW.roll_count <> {_ON_ROLL.format('area_id')}"
    return [
        Refusal("rounds", "UPDATE", f"OLD.edition_sha256 IS NOT NULL AND ({changed(*_FROZEN)})", _RULES),
        Refusal("rounds", "UPDATE", back, _FORWARD),
        Refusal("rounds", "UPDATE", alone, _BY_TWO),
        Refusal("rounds", "DELETE", "OLD.edition_sha256 IS NOT NULL", _RULES),
        Refusal("rounds", "UPDATE", f"NEW.state = 'certified' AND {_ASKED.format('')}", _WAITS),
        Refusal("round_results", "UPDATE", _TURNED_DOWN, _CERTIFIES),
        *(
            Refusal("cancel_requests", event, f"OLD.carried_out_by IS NOT NULL{more}", _FORWARD)
            for event, more in (("UPDATE", f" OR {changed(*_REQUEST)}"), ("DELETE", ""))
        ),
        Refusal("cancel_requests", "INSERT", _OTHER_STATE, _ITS_STATE),
        Refusal("cancel_requests", "INSERT", _ANSWERED, _ASKS_NO_MORE),
        Refusal("cancel_requests", "INSERT", "NEW.carried_out_by IS NOT NULL", _BY_TWO),
        Refusal("cancel_requests", "UPDATE", f"OLD.carried_out_by IS NULL AND {_OTHER_STATE}", _ITS_STATE),
        Refusal("published_ballots", "UPDATE", "OLD.round_id IS NOT NULL", _BALLOTS),
        Refusal("published_ballots", "DELETE", f"NOT ({_NEVER_SHOWN})", _BALLOTS),
        Refusal("candidates", "INSERT", new, _PROJECTS),
        Refusal(
            "candidates",
            "UPDATE",
            f"({old} OR {new}) AND ({changed(*_PROJECT)} OR OLD.withdrawn_at IS NOT NULL OR NOT {in_time})",
            _PROJECTS,
        ),
        Refusal("candidates", "DELETE", old, _PROJECTS),
        *(
            Refusal(table, event, when, words)
            for table, words in (("candidate_conflicts", _PROJECTS), ("round_caps", _RULES))
            for event, when in (("INSERT", new), ("UPDATE", f"{old} OR {new}"), ("DELETE", old))
        ),
        Refusal(
            "round_editions",
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND state = 'proposed')",
            _RULES,
        ),
        Refusal("stored_files", "UPDATE", f"({changed('sha256', 'caption')}) AND {shown}", _PICTURES),
        Refusal("voting_areas", "INSERT", locked_new, _LOCKED),
        Refusal(
            "voting_areas",
            "UPDATE",
            f"({locked_old} OR {locked_new}) AND ({changed(*_AREA)} OR {recount})",
            _LOCKED,
        ),
        Refusal("voting_areas", "DELETE", locked_old, _LOCKED),
        Refusal("roll_entries", "INSERT", locked_new, _LOCKED),
        Refusal("roll_entries", "DELETE", locked_old, _LOCKED),
        Refusal("roll_entries", "UPDATE", f"({locked_old} OR {locked_new}) AND ({_moved(changed)})", _LOCKED),
        *_of_letters(changed),
    ]


def _of_letters(changed: Callable[..., str]) -> list[Refusal]:
    """What is asked for is what is released; a code is made for a row of a released print alone, and by a list only until
    the round opens."""
    released = (
        "EXISTS (SELECT 1 FROM letter_prints WHERE id = NEW.print_id AND letter_prints.state = 'released')"
    )
    waiting = "EXISTS (SELECT 1 FROM letter_prints WHERE id = NEW.print_id AND letter_prints.state = 'asked')"
    written_to = (
        "EXISTS (SELECT 1 FROM letter_parts JOIN letter_prints ON letter_prints.id = letter_parts.print_id "
        "JOIN letter_rows ON letter_rows.print_id = letter_prints.id JOIN rounds ON rounds.id = letter_prints.round_id "
        "WHERE letter_parts.id = NEW.part_id AND letter_rows.roll_entry_id = NEW.roll_entry_id "
        "AND rounds.id = NEW.round_id AND letter_prints.state = 'released' "
        "AND (letter_prints.list_sha256 IS NULL OR NEW.issued_at < rounds.opens_at))"
    )
    return [
        Refusal("letter_prints", "INSERT", "NEW.state <> 'asked'", _LETTERS),
        Refusal("letter_prints", "UPDATE", f"OLD.state <> 'asked' OR {changed(*_PRINT)}", _LETTERS),
        Refusal("letter_prints", "DELETE", "OLD.id IS NOT NULL", _LETTERS),
        Refusal("letter_rows", "INSERT", f"NOT {waiting}", _LETTERS),
        Refusal("letter_rows", "UPDATE", "OLD.id IS NOT NULL", _LETTERS),
        Refusal("letter_rows", "DELETE", "OLD.id IS NOT NULL", _LETTERS),
        Refusal("letter_parts", "INSERT", f"NOT {released}", _LETTERS),
        Refusal("letter_codes", "INSERT", f"NOT {written_to}", _LETTERS),
        Refusal("letter_codes", "UPDATE", changed(*_CODE), _LETTERS),
        Refusal("letter_codes", "DELETE", "OLD.id IS NOT NULL", _LETTERS),
    ]


def _moved(changed: Callable[..., str]) -> str:
    """Whether a row of a locked roll changes otherwise than voting needs it: an account by a redeemed letter, paper by a
    sheet that is out, a strike noted before the opening and its restoring, an area for who comes back without one. After
    the close nothing of it; an account that is deleted leaves its row at any time, and one that was closed gives way to a
    letter that was written since."""

    def noted(table: str, row: str, condition: str) -> str:
        return f"EXISTS (SELECT 1 FROM {table} WHERE {row} AND {condition})"  # noqa: S608 - our own names

    of_row = "roll_entry_id = NEW.id"
    opens = "NEW.struck_at < (SELECT opens_at FROM rounds WHERE id = NEW.round_id)"
    letter = noted("letter_codes", of_row, "redeemed_on IS NOT NULL AND voided_on IS NULL")
    sheet = noted("paper_handouts", of_row, "returned_on IS NULL")
    strike = noted(
        "roll_strikes",
        of_row,
        "is_restored IS NULL AND struck_at = NEW.struck_at AND reason = NEW.struck_reason",
    )
    restored = noted("roll_strikes", of_row, "is_restored")
    area = noted("voting_areas", "id = NEW.area_id", "round_id = NEW.round_id")
    voting = noted("rounds", "id = OLD.round_id", "state = 'published'")
    anew = noted(
        "letter_codes JOIN people ON people.id = OLD.person_id",
        of_row,
        "redeemed_on IS NOT NULL AND voided_on IS NULL AND issued_at >= people.closed_at",
    )
    gone = f"(NEW.person_id IS NULL AND NOT {noted('people', 'id = OLD.person_id', '1 = 1')})"
    return " OR ".join(
        (
            changed(*_ENTRY),
            f"(({changed(*(one for one in _MOVES if one != 'person_id'))}) AND NOT {voting})",
            f"(({changed('person_id')}) AND NOT ({gone} OR (((OLD.person_id IS NULL AND {letter}) OR {anew}) AND {voting})))",
            f"(({changed('attached_on')}) AND (NEW.person_id IS NULL OR NEW.attached_on IS NULL))",
            f"(({changed('paper_on')}) AND (NEW.paper_on IS NOT NULL) <> {sheet})",
            f"(({changed('struck_at', 'struck_reason')}) AND NOT ((OLD.struck_at IS NULL AND {opens} AND {strike}) "
            f"OR (OLD.struck_at IS NOT NULL AND NEW.struck_at IS NULL AND {restored})))",
            f"(({changed('area_id')}) AND NOT (OLD.area_id IS NULL AND {area}))",
        )
    )


def sqlite() -> dict[str, list[str]]:
    """The triggers of SQLite, by table."""
    found: dict[str, list[str]] = {}
    for one in refusals("IS NOT"):
        made = found.setdefault(one.table, [])
        made.append(
            f"CREATE TRIGGER tr_{one.table}_frozen_{len(made) + 1} BEFORE {one.event} ON {one.table} "
            f"WHEN {one.when} BEGIN SELECT RAISE(ABORT, '{one.words}'); END"
        )
    return found


def postgresql() -> dict[str, list[str]]:
    """The functions and triggers of PostgreSQL, by table."""
    bodies: dict[str, str] = {}
    events: dict[str, list[str]] = {}
    for one in refusals("IS DISTINCT FROM"):
        bodies[one.table] = bodies.get(one.table, "") + (
            f"IF TG_OP = '{one.event}' THEN IF {one.when} THEN "
            f"RAISE EXCEPTION '{one.words}' USING ERRCODE = 'check_violation'; END IF; END IF; "
        )
        if one.event not in events.setdefault(one.table, []):
            events[one.table].append(one.event)
    return {
        table: [
            f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}"
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER tr_{table}_frozen BEFORE {' OR '.join(events[table])} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
            *([] if table in _EMPTIED_ELSEWHERE else _never_emptied(table)),
        ]
        for table, body in bodies.items()
    }


# The first two are append-only, the third is not ours.
_EMPTIED_ELSEWHERE = ("round_editions", "letter_parts", "stored_files")


def _never_emptied(table: str) -> list[str]:
    return [
        f"CREATE FUNCTION {table}_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{table} is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER tr_{table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_truncate()",
    ]


for _dialect, _by_table in (("sqlite", sqlite()), ("postgresql", postgresql())):
    for _table, _statements in _by_table.items():
        promises.extra_ddl(_table, _dialect, _statements)
