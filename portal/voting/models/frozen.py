"""What the database itself refuses once a round is published: any change of its rules or projects, and any way back."""

from __future__ import annotations

from portal.core import promises
from portal.voting.models.rounds import Candidate, Round

# What may still change in a round once its edition stands; everything else is frozen by the database itself.
_LIVE = frozenset(
    {"state", "version_id", "tie_secret", "roll_locked_at", "roll_count", "cancel_reason", "cancelled_at"}
)
_FROZEN = [column.name for column in Round.__table__.columns if column.name not in _LIVE]
_PROJECT = [
    column.name
    for column in Candidate.__table__.columns
    if column.name not in ("withdrawn_at", "withdrawn_reason")
]
_FROZEN_ROUND = "EXISTS (SELECT 1 FROM rounds WHERE id = {} AND edition_sha256 IS NOT NULL)"


def _sqlite() -> dict[str, list[str]]:
    def refuse(table: str, when: str, event: str, name: str, text: str) -> str:
        return f"CREATE TRIGGER tr_{table}_{name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{text}'); END"

    rules, projects = (
        "the rules of a published round are frozen",
        "the projects of a published round are frozen",
    )
    changed = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in _FROZEN)
    other = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in _PROJECT)
    back = (
        "(OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS NOT OLD.roll_locked_at OR NEW.roll_count IS NOT OLD.roll_count)) "
        "OR (OLD.edition_sha256 IS NOT NULL AND NEW.tie_secret IS NOT OLD.tie_secret AND OLD.tie_secret IS NOT NULL) "
        "OR (OLD.edition_sha256 IS NOT NULL AND NEW.state IN ('draft', 'proposed')) "
        "OR (OLD.state = 'certified' AND NEW.state <> 'certified') OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')"
    )
    return {
        "rounds": [
            refuse("rounds", f"OLD.edition_sha256 IS NOT NULL AND ({changed})", "UPDATE", "frozen", rules),
            refuse("rounds", back, "UPDATE", "forward", "a round goes forward only"),
            refuse("rounds", "OLD.edition_sha256 IS NOT NULL", "DELETE", "kept", rules),
        ],
        "candidates": [
            refuse("candidates", _FROZEN_ROUND.format("NEW.round_id"), "INSERT", "no_more", projects),
            refuse(
                "candidates",
                f"({_FROZEN_ROUND.format('OLD.round_id')} OR {_FROZEN_ROUND.format('NEW.round_id')}) AND "
                f"({other} OR OLD.withdrawn_at IS NOT NULL)",
                "UPDATE",
                "frozen",
                projects,
            ),
            refuse("candidates", _FROZEN_ROUND.format("OLD.round_id"), "DELETE", "kept", projects),
        ],
        **{
            table: [
                refuse(table, _FROZEN_ROUND.format("NEW.round_id"), "INSERT", "no_more", text),
                refuse(
                    table,
                    f"{_FROZEN_ROUND.format('OLD.round_id')} OR {_FROZEN_ROUND.format('NEW.round_id')}",
                    "UPDATE",
                    "frozen",
                    text,
                ),
                refuse(table, _FROZEN_ROUND.format("OLD.round_id"), "DELETE", "kept", text),
            ]
            for table, text in (("candidate_conflicts", projects), ("round_caps", rules))
        },
    }


def _postgresql() -> dict[str, list[str]]:
    def function(name: str, body: str) -> str:
        return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"

    def refuse(condition: str, text: str) -> str:
        return f"IF {condition} THEN RAISE EXCEPTION '{text}' USING ERRCODE = 'check_violation'; END IF; "

    def trigger(table: str) -> list[str]:
        return [
            f"CREATE TRIGGER tr_{table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()",
            f"CREATE TRIGGER tr_{table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_truncate()",
        ]

    rules, projects = (
        "the rules of a published round are frozen",
        "the projects of a published round are frozen",
    )
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in _FROZEN)
    other = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in _PROJECT)
    back = (
        "(OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS DISTINCT FROM OLD.roll_locked_at OR NEW.roll_count IS DISTINCT FROM OLD.roll_count)) "
        "OR (OLD.edition_sha256 IS NOT NULL AND NEW.tie_secret IS DISTINCT FROM OLD.tie_secret AND OLD.tie_secret IS NOT NULL) "
        "OR (OLD.edition_sha256 IS NOT NULL AND NEW.state IN ('draft', 'proposed')) "
        "OR (OLD.state = 'certified' AND NEW.state <> 'certified') OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled')"
    )
    ending = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    old, new = _FROZEN_ROUND.format("OLD.round_id"), _FROZEN_ROUND.format("NEW.round_id")
    bodies = {
        "rounds": "IF TG_OP = 'DELETE' THEN "
        + refuse("OLD.edition_sha256 IS NOT NULL", rules)
        + "ELSIF TG_OP = 'UPDATE' THEN "
        + refuse(f"OLD.edition_sha256 IS NOT NULL AND ({changed})", rules)
        + refuse(back, "a round goes forward only")
        + "END IF; "
        + ending,
        "candidates": "IF TG_OP = 'INSERT' THEN "
        + refuse(new, projects)
        + "ELSIF TG_OP = 'DELETE' THEN "
        + refuse(old, projects)
        + "ELSE "
        + refuse(f"({old} OR {new}) AND ({other} OR OLD.withdrawn_at IS NOT NULL)", projects)
        + "END IF; "
        + ending,
        **{
            table: "IF TG_OP <> 'INSERT' THEN "
            + refuse(old, text)
            + "END IF; IF TG_OP <> 'DELETE' THEN "
            + refuse(new, text)
            + "END IF; "
            + ending
            for table, text in (("candidate_conflicts", projects), ("round_caps", rules))
        },
    }
    return {
        table: [
            function(f"{table}_frozen", body),
            function(
                f"{table}_no_truncate",
                f"RAISE EXCEPTION '{table} is not emptied' USING ERRCODE = 'restrict_violation';",
            ),
            *trigger(table),
        ]
        for table, body in bodies.items()
    }


for _table, _statements in _sqlite().items():
    promises.extra_ddl(_table, "sqlite", _statements)
for _table, _statements in _postgresql().items():
    promises.extra_ddl(_table, "postgresql", _statements)
