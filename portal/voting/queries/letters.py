"""Letters with codes: what is asked for, what is printed, and the figures that are published."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Actor, Permission
from portal.core.errors import NotFound
from portal.voting import policy
from portal.voting.models import (
    MOST_LETTERS,
    Area,
    LetterCode,
    LetterPart,
    LetterPrint,
    LetterRow,
    RollEntry,
    Round,
)
from portal.voting.queries.roll import without_account

FEWEST = 3  # people of one area behind a figure: with fewer, only the sums are told


def entries_without_letter(round_id: int, district_id: int) -> dict[str, int]:
    """Rows of the district's roll that may vote on the web, without an account and without a code in use: ids by key."""
    in_use = sa.exists().where(
        LetterCode.roll_entry_id == RollEntry.id,
        LetterCode.redeemed_on.is_(None),
        LetterCode.voided_on.is_(None),
    )
    rows = db.session().execute(
        sa.select(RollEntry.person_key, RollEntry.id).where(
            RollEntry.round_id == round_id,
            RollEntry.district_id == district_id,
            without_account(),
            RollEntry.struck_at.is_(None),
            RollEntry.paper_on.is_(None),
            ~in_use,
        )
    )
    return {row.person_key: row.id for row in rows}


def print_seen(actor: Actor, print_id: int) -> tuple[LetterPrint, Round]:
    """A print with its round, for the registry of its district; NotFound otherwise."""
    found = db.session().get(LetterPrint, print_id)
    if found is None or not policy.can_see_letters(actor, found):
        raise NotFound
    return found, db.session().get_one(Round, found.round_id)


def prints(actor: Actor, round_id: int, size: int = 100) -> list[Any]:
    """Prints of the actor's districts, newest first: id, number (in the round), letters, reason, state, asked_at, printed (parts), written
    (letters)."""
    where = actor.districts_where(Permission.ROLL_KEEP)
    earlier = sa.orm.aliased(LetterPrint)
    statement = (
        sa.select(
            LetterPrint.id,
            sa.select(sa.func.count())
            .where(earlier.round_id == LetterPrint.round_id, earlier.id <= LetterPrint.id)
            .correlate(LetterPrint)
            .scalar_subquery()
            .label("number"),
            LetterPrint.letters,
            LetterPrint.reason,
            LetterPrint.state,
            LetterPrint.asked_at,
            sa.func.count(LetterPart.number.distinct()).label("printed"),
            sa.func.coalesce(sa.func.sum(LetterPart.letters), 0).label("written"),
        )
        .outerjoin(LetterPart, LetterPart.print_id == LetterPrint.id)
        .where(LetterPrint.round_id == round_id)
        .group_by(LetterPrint.id)
        .order_by(LetterPrint.id.desc())
        .limit(size)
    )
    if where is not None:
        statement = statement.where(LetterPrint.district_id.in_(sorted(where)))
    return list(db.session().execute(statement))


def number_of(asked: LetterPrint) -> int:
    """Which print of its round it is, from 1."""
    earlier = sa.select(sa.func.count()).where(
        LetterPrint.round_id == asked.round_id, LetterPrint.id <= asked.id
    )
    return db.session().scalar(earlier) or 0


def printings(print_id: int) -> list[Any]:
    """Every printing of every part, in order: number, turn, letters, voided, printed_by, printed_at."""
    statement = sa.select(
        LetterPart.number,
        LetterPart.turn,
        LetterPart.letters,
        LetterPart.voided,
        LetterPart.printed_by,
        LetterPart.printed_at,
    )
    return list(
        db.session().execute(
            statement.where(LetterPart.print_id == print_id).order_by(LetterPart.number, LetterPart.turn)
        )
    )


def turns(print_id: int) -> dict[int, int]:
    """How often each part was printed."""
    statement = (
        sa.select(LetterPart.number, sa.func.max(LetterPart.turn))
        .where(LetterPart.print_id == print_id)
        .group_by(LetterPart.number)
    )
    return {row[0]: row[1] for row in db.session().execute(statement)}


def last_printer(print_id: int, number: int) -> int | None:
    """Who printed a part last."""
    printed = sa.select(LetterPart.printed_by).where(
        LetterPart.print_id == print_id, LetterPart.number == number
    )
    return db.session().scalar(printed.order_by(LetterPart.turn.desc()).limit(1))


def rows_of_part(print_id: int, number: int) -> list[Any]:
    """The rows a part is written to, in their order: roll_entry_id, person_key."""
    last = number * MOST_LETTERS
    return list(
        db.session().execute(
            sa.select(LetterRow.roll_entry_id, RollEntry.person_key)
            .join(RollEntry, RollEntry.id == LetterRow.roll_entry_id)
            .where(LetterRow.print_id == print_id, LetterRow.place.between(last - MOST_LETTERS + 1, last))
            .order_by(LetterRow.place)
        )
    )


def told(round_id: int) -> dict[str, Any]:
    """What is published of a round's letters: ``written``, ``voided``, ``redeemed``, in sum and in ``areas`` by their code;
    without ``areas`` where a figure, or the letters that are left, would speak of fewer than three people, however many
    letters one of them got."""
    people = RollEntry.id.distinct()
    is_left = sa.and_(LetterCode.voided_on.is_(None), LetterCode.redeemed_on.is_(None))
    rows = list(
        db.session().execute(
            sa.select(
                Area.code,
                sa.func.count(LetterCode.id).label("written"),
                sa.func.count(LetterCode.voided_on).label("voided"),
                sa.func.count(LetterCode.redeemed_on).label("redeemed"),
                sa.func.count(people).filter(LetterCode.voided_on.is_not(None)).label("who_lost"),
                sa.func.count(people).filter(LetterCode.redeemed_on.is_not(None)).label("who_redeemed"),
                sa.func.count(people).filter(is_left).label("who_is_left"),
            )
            .select_from(LetterCode)
            .join(RollEntry, RollEntry.id == LetterCode.roll_entry_id)
            .outerjoin(Area, Area.id == RollEntry.area_id)
            .where(LetterCode.round_id == round_id)
            .group_by(Area.code)
            .order_by(Area.code)
        )
    )
    names = ("written", "voided", "redeemed")
    found: dict[str, Any] = {name: sum(getattr(row, name) for row in rows) for name in names}
    behind = [(row.who_lost, row.who_redeemed, row.who_is_left) for row in rows]
    if len(rows) > 1 and all(
        row.code is not None and all(not one or one >= FEWEST for one in people_of_area)
        for row, people_of_area in zip(rows, behind, strict=True)
    ):
        found["areas"] = {row.code: {name: getattr(row, name) for name in names} for row in rows}
    return found
