"""What of the ledger is never taken out, and who asked to take out the rest."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import promises
from portal.core.db import Base, Instant, Line, reference
from portal.core.ledger import BLANKED

BLANK_ASKED = "ledger.blank_asked"
BLANK_DECLINED = "ledger.blank_declined"

# Entries that vouch for something published or sealed: its hash, and no person's data. Without their words whoever owns
# the database could put something else in its place.
SEALS = (
    "action_plan.edition_published",
    "forum.policy_published",
    "forum.synthesis_published",
    "information.summary_published",
    "observer.corrected",
    "observer.reported",
    "plan.edition_made",
    "plan.submitted",
    "process.released",
    "progress.certified",
    "round.certified",
    "round.counted",
    "round.head_signed",
    "round.key_drawn",
    "round.outside_noted",
    "round.published",
    "round.sealed",
    "rules.published",
    "screening.appeal_confirmed",
    "screening.appeal_released",
    "screening.confirmed",
    "screening.released",
    "strategy.tree_published",
)
REMOVALS = (BLANKED, BLANK_ASKED, BLANK_DECLINED)


class BlankRequest(Base):
    """That somebody asks to take out what an entry says, and why. ``carried_out_by``: another person did."""

    __tablename__ = "blank_requests"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="with_reason"),
        sa.CheckConstraint("carried_out_by <> asked_by", name="four_eyes"),
    )

    entry_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        sa.ForeignKey("ledger_entries.id", ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
    )
    asked_by: Mapped[int] = reference("people.id")
    asked_at: Mapped[Instant]
    reason: Mapped[Line]
    carried_out_by: Mapped[int | None] = reference("people.id", nullable=True)


_EVENTS = ", ".join(f"'{event}'" for event in sorted((*SEALS, *REMOVALS)))
_CARRIED_OUT = "EXISTS (SELECT 1 FROM blank_requests WHERE entry_id = OLD.id AND carried_out_by IS NOT NULL)"
# (table, event, refused when, words)
_REFUSALS = (
    (
        "ledger_entries",
        "UPDATE",
        f"OLD.event IN ({_EVENTS}) OR NOT {_CARRIED_OUT}",
        "ledger_entries is append-only: two people blank personal data, nobody a seal",
    ),
    ("blank_requests", "INSERT", "NEW.carried_out_by IS NOT NULL", "one asks, another carries it out"),
    (
        "blank_requests",
        "UPDATE",
        "OLD.carried_out_by IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR (NEW.carried_out_by IS NOT NULL AND "
        "(NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.reason <> OLD.reason))",
        "what was carried out stays as it was asked for",
    ),
    ("blank_requests", "DELETE", "OLD.carried_out_by IS NOT NULL", "what was carried out stays"),
)


def _sqlite(table: str, event: str, when: str, words: str) -> list[str]:
    return [
        f"CREATE TRIGGER tr_{table}_by_two_{event.lower()} BEFORE {event} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    ]


def _postgresql(table: str, event: str, when: str, words: str) -> list[str]:
    name, goes_on = f"{table}_by_two_{event.lower()}", "OLD" if event == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation'; END IF; "
        f"RETURN {goes_on}; END $$",
        f"CREATE TRIGGER tr_{name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


for _table, _event, _when, _words in _REFUSALS:
    promises.extra_ddl(_table, "sqlite", _sqlite(_table, _event, _when, _words))
    promises.extra_ddl(_table, "postgresql", _postgresql(_table, _event, _when, _words))
