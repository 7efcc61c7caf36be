"""People: their accounts, sessions, residence, and everything kept about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.models import (
    LoginSession,
    MailToken,
    MailTokenPurpose,
    Person,
    Residency,
    ResidencyState,
)
from portal.core import clock, db, hashing, ledger_words
from portal.core.actor import Actor
from portal.core.ledger import LedgerEntry
from portal.places.models import Community, District


def person(person_id: int) -> Person | None:
    """One person by id."""
    return db.session().get(Person, person_id)


def person_by_email(email: str) -> Person | None:
    """The open account of an address, whatever its capitals."""
    return db.session().scalars(sa.select(Person).where(Person.email == email.strip().lower())).first()


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """The names people see, with the position where there is one: "name (position)"."""
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    rows = db.session().execute(
        sa.select(Person.id, Person.display_name, Person.position).where(Person.id.in_(wanted))
    )
    return {
        row.id: f"{row.display_name} ({row.position})" if row.position else row.display_name for row in rows
    }


def open_link(token: str, purpose: MailTokenPurpose) -> MailToken | None:
    """The mailed link, while it is unused and not too old."""
    return (
        db.session()
        .scalars(
            sa.select(MailToken).where(
                MailToken.token_hash == hashing.sha256_hex(token),
                MailToken.purpose == purpose,
                MailToken.used_at.is_(None),
                MailToken.expires_at > clock.now(),
            )
        )
        .first()
    )


def sessions_of(person_id: int) -> Sequence[LoginSession]:
    """The browsers signed in now, newest first."""
    return (
        db.session()
        .scalars(
            sa.select(LoginSession)
            .where(
                LoginSession.person_id == person_id,
                LoginSession.revoked_at.is_(None),
                LoginSession.expires_at > clock.now(),
            )
            .order_by(LoginSession.id.desc())
        )
        .all()
    )


# -- residence ------------------------------------------------------------------------------------------------------


def _residences() -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        Residency.id,
        Residency.person_id,
        Residency.district_id,
        Residency.state,
        Residency.reason,
        Residency.requested_at,
        Residency.decided_at,
        Residency.ended_at,
        District.name_th,
        District.name_en,
        Community.name.label("community"),
        Person.title,
        Person.display_name.label("name"),
        Person.email,
    )
    return (
        sa.select(*columns)
        .join(District, District.id == Residency.district_id)
        .outerjoin(Community, Community.id == Residency.community_id)
        .join(Person, Person.id == Residency.person_id)
    )


def residence_of(person_id: int) -> Any | None:
    """The newest residence a person named and did not take back, refused ones included; None when there is none."""
    return (
        db.session()
        .execute(
            _residences()
            .where(Residency.person_id == person_id, Residency.ended_at.is_(None))
            .order_by(Residency.id.desc())
            .limit(1)
        )
        .first()
    )


def residency(residency_id: int) -> Residency | None:
    """One request by id."""
    return db.session().get(Residency, residency_id)


def residency_seen(actor: Actor, residency_id: int) -> Any | None:
    """One request with its person and place, if the actor keeps that registry."""
    return (
        db.session()
        .execute(_residences().where(Residency.id == residency_id, policy.visible_to_registry(actor)))
        .first()
    )


def residencies_of_registry(actor: Actor, *, waiting: bool) -> Sequence[Any]:
    """The requests of the actor's districts: those waiting, oldest first, or the last hundred decided."""
    statement = _residences().where(policy.visible_to_registry(actor))
    if waiting:
        statement = statement.where(
            Residency.state == ResidencyState.REQUESTED, Residency.ended_at.is_(None)
        ).order_by(Residency.id)
    else:
        statement = statement.where(Residency.state != ResidencyState.REQUESTED).order_by(
            Residency.decided_at.desc(), Residency.id.desc()
        )
    return db.session().execute(statement.limit(100)).all()


# -- everything kept about a person ---------------------------------------------------------------------------------

OWNER_COLUMNS = ("person_id", "author_id")


def tables_of_people(*, going_with_the_person: bool) -> list[tuple[sa.Table, sa.Column[Any]]]:
    """Tables of every room whose rows belong to a person, with the column that says whose they are.

    ``going_with_the_person``: only those whose foreign key says ON DELETE CASCADE. Read from the schema, so that a new
    room is covered the day it has a table.
    """
    return [
        (table, column)
        for table in db.Base.metadata.sorted_tables
        for column in table.columns
        if column.name in OWNER_COLUMNS
        for key in column.foreign_keys
        if key.column.table is Person.__table__ and (key.ondelete == "CASCADE" or not going_with_the_person)
    ]


def counts_of(person_id: int, *tables: str) -> dict[str, int]:
    """How many rows a person has in each of the named tables, in one query."""
    owned = {table.name: column for table, column in tables_of_people(going_with_the_person=False)}
    selects = [
        sa.select(sa.func.count())
        .select_from(owned[name].table)
        .where(owned[name] == person_id)
        .scalar_subquery()
        .label(name)
        for name in tables
    ]
    row = db.session().execute(sa.select(*selects)).one()
    return {name: row._mapping[name] for name in tables}


def everything_about(person_id: int) -> dict[str, list[Any]]:
    """What the portal keeps about a person, by table, and what the ledger says the person did; no secrets. Two queries,
    however many rooms there are."""
    owned = [(Person.__table__, Person.__table__.c.id), *tables_of_people(going_with_the_person=False)]
    rows = db.session().execute(
        sa.union_all(*(_as_json(table).where(column == person_id) for table, column in owned))
    )
    kept: dict[str, list[Any]] = {}
    for name, text in rows:
        kept.setdefault(name, []).append(json.loads(text))
    acts = db.session().execute(
        sa.select(LedgerEntry.at, LedgerEntry.event, LedgerEntry.subject_kind, LedgerEntry.subject_id)
        .where(LedgerEntry.actor_id == person_id)
        .order_by(LedgerEntry.id)
    )
    kept["ledger"] = [
        {**row._mapping, "what": ledger_words.event(row.event), "about": ledger_words.thing(row.subject_kind)}
        for row in acts
    ]
    return kept


def _as_json(table: Any) -> sa.Select[Any]:
    """Each row of a table as (its table's name, its columns as one JSON text), hashes of secrets left out."""
    pairs: list[Any] = []
    for column in table.columns:
        if not column.name.endswith("_hash"):
            pairs += [sa.literal_column(f"'{column.name}'"), column]
    build = sa.func.json_object if db.dialect() == "sqlite" else sa.func.json_build_object
    name: Any = sa.literal_column(f"'{table.name}'")
    return sa.select(name, sa.cast(build(*pairs), sa.Text))
