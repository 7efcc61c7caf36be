"""Topics: one row for everything that can be commented on, followed or searched.

A room gives its things a ``topic_id`` (a real foreign key) and registers its kind once, in ``portal.app``:
who may see it, which page shows it, whether it may be commented on now. Comments, notifications and search ask only
this registry; an unregistered kind is invisible.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, db, i18n, promises, thai
from portal.core.actor import Actor, Permission
from portal.core.db import Base, Id, Instant, Line, Short, Text

# Each word of a topic marked by its kind (``item0word``), so that one kind is searched without the matches of the others,
# and once more by its kind and district (``item012xword``): what is alike in one district is found however large the city grows.
_BY_KIND = "replace(kind, '_', '') || '0' || replace(tokens, ' ', ' ' || replace(kind, '_', '') || '0')"
_BY_PLACE = (
    "replace(kind, '_', '') || '0' || CAST(coalesce(district_id, 0) AS TEXT) || 'x' || "
    "replace(tokens, ' ', ' ' || replace(kind, '_', '') || '0' || CAST(coalesce(district_id, 0) AS TEXT) || 'x')"
)


class Topic(Base):
    """``ref_id`` is the id of the thing in its own table; ``tokens`` are its segmented, folded words for search."""

    __tablename__ = "topics"
    __table_args__ = (
        sa.UniqueConstraint("kind", "ref_id"),
        *(
            sa.Index(name, sa.text(f"to_tsvector('simple', {words})"), postgresql_using="gin").ddl_if(
                dialect="postgresql"
            )
            for name, words in (
                ("ix_topics_tokens_by_kind", _BY_KIND),
                ("ix_topics_tokens_by_place", _BY_PLACE),
            )
        ),
        sa.Index("ix_topics_kind_id", "kind", "id").ddl_if(dialect="postgresql"),
    )

    id: Mapped[Id]
    kind: Mapped[Short]
    ref_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    district_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    title: Mapped[Line]
    tokens: Mapped[Text]
    created_at: Mapped[Instant]


def _words(row: str) -> str:
    """What the full-text table holds of a row: its id, its words by kind, its words by kind and district."""
    kind = f"replace({row}.kind, '_', '') || '0'"
    place = f"{kind} || coalesce({row}.district_id, 0) || 'x'"
    marked = (f"{mark} || replace({row}.tokens, ' ', ' ' || {mark})" for mark in (kind, place))
    return ", ".join([f"{row}.id", *marked])


def _written(row: str) -> str:
    columns = "rowid, by_kind, by_place"
    return f"INSERT INTO topic_search({columns}) VALUES ({_words(row)})"  # noqa: S608 - our names


def _struck(row: str) -> str:
    columns = "topic_search, rowid, by_kind, by_place"
    return f"INSERT INTO topic_search({columns}) VALUES ('delete', {_words(row)})"  # noqa: S608 - our names


# SQLite keeps the marked words in a full-text table fed by triggers; PostgreSQL indexes the columns themselves. A word is
# looked for by its beginning: those of ideas, of which there are most, have an index of their own up to six letters, so that
# the newest few are found without reading all that begin alike.
promises.extra_ddl(
    "topics",
    "sqlite",
    [
        "CREATE VIRTUAL TABLE topic_search USING fts5(by_kind, by_place, content='', prefix='6 7 8 9 10 11', "
        "tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")",
        f"CREATE TRIGGER tr_topics_search_insert AFTER INSERT ON topics BEGIN {_written('NEW')}; END",
        "CREATE TRIGGER tr_topics_search_update AFTER UPDATE OF tokens, district_id ON topics BEGIN "
        f"{_struck('OLD')}; {_written('NEW')}; END",
        f"CREATE TRIGGER tr_topics_search_delete AFTER DELETE ON topics BEGIN {_struck('OLD')}; END",
    ],
)


@dataclass(frozen=True)
class Kind:
    """What a room says about its kind.

    ``visible_to(actor)`` is a SELECT of topic ids that looks at nothing of the actor but the grants, and whether it is
    a visitor; ``endpoint`` shows the thing, taking ``param`` = ref id;
    ``label`` names the kind for people; ``comment_purpose(ref_id)`` is the purpose under which everybody with an account
    may comment now, or None. ``told(title)`` says a title that the portal composed in the language of the moment (None: it
    was typed). ``answered_by`` are the permissions of the office that answers ordinary talk about it.
    """

    name: str
    visible_to: Callable[[Actor], sa.Select[Any]]
    endpoint: str
    param: str
    label: object
    comment_purpose: Callable[[int], str | None] = lambda ref_id: None
    answered_by: tuple[Permission, ...] = (Permission.HEARING_ANSWER,)
    told: Callable[[str], str | None] = lambda title: None


_kinds: dict[str, Kind] = {}
_COMPARED = 8  # terms of a text that others are looked up by


def register(kind: Kind) -> None:
    """Make a kind visible to comments, follows and search (called once per kind by ``portal.app``)."""
    _kinds[kind.name] = kind
    _visible_among.cache_clear()


def kinds() -> dict[str, Kind]:
    """Every registered kind by name."""
    return _kinds


def told(title: str) -> str:
    """A title for the reader: what the portal composed in their language, what people typed as it is."""
    if i18n.language() == i18n.DEFAULT:
        return title
    said = (kind.told(title) for kind in _kinds.values())
    return next((one for one in said if one is not None), title)


def create(kind: str, title: str, *, text: str = "", district_id: int | None = None) -> Topic:
    """A new topic, to be tied to its thing with :func:`tie` once the thing has an id."""
    topic = Topic(
        kind=kind,
        title=title[:500],
        tokens=thai.tokens(f"{title} {text}"),
        district_id=district_id,
        created_at=clock.now(),
    )
    db.session().add(topic)
    db.session().flush()
    return topic


def tie(topic_id: int, ref_id: int) -> None:
    """Tell the topic which row it stands for."""
    db.session().execute(sa.update(Topic).where(Topic.id == topic_id).values(ref_id=ref_id))


def retitle(topic_id: int, title: str, *, text: str = "") -> None:
    """Keep the search words in step with a changed title or text."""
    db.session().execute(
        sa.update(Topic)
        .where(Topic.id == topic_id)
        .values(title=title[:500], tokens=thai.tokens(f"{title} {text}"))
    )


def visible_topic(actor: Actor, topic_id: int) -> Any | None:
    """The topic's (id, kind, ref_id, title, district_id) if its kind is registered and the actor may see it."""
    row = (
        db.session()
        .execute(
            sa.select(Topic.id, Topic.kind, Topic.ref_id, Topic.title, Topic.district_id).where(
                Topic.id == topic_id
            )
        )
        .first()
    )
    if row is None or row.ref_id is None or row.kind not in _kinds:
        return None
    seen = _kinds[row.kind].visible_to(actor).subquery()
    found = db.session().execute(sa.select(seen.c[0]).where(seen.c[0] == topic_id)).first()
    return row if found else None


def visible_ids(actor: Actor) -> sa.Select[Any]:
    """A SELECT of every topic id this actor may see, over all registered kinds."""
    selects = [
        sa.select(kind.visible_to(actor).subquery().c[0].label("topic_id")) for kind in _kinds.values()
    ]
    if not selects:
        return sa.select(Topic.id.label("topic_id")).where(sa.false())
    union = sa.union_all(*selects).subquery()
    return sa.select(union.c.topic_id)


def words_query(terms: Sequence[str], kind: str) -> str:
    """What :func:`matches` looks for, in the engine's own notation: words of this kind that begin with every term.
    ``terms`` come from :func:`portal.core.thai.query_terms`, so they hold no operator characters."""
    mark = kind.replace("_", "") + "0"
    if db.dialect() != "sqlite":
        return " & ".join(f"'{mark}{term}':*" for term in terms)
    words = " AND ".join(f'"{mark}{term}"*' for term in terms)
    return f"by_kind : ({words})"


def matches(words: Any, *, kind: str, limit: int, before: Any = None) -> sa.Select[Any]:
    """A SELECT of (topic_id) that hold ``words`` (:func:`words_query` of the same kind, or its placeholder), newest
    first, at most ``limit`` (engine's own index); ``before`` goes on below a topic id."""
    if db.dialect() == "sqlite":
        rowid: Any = sa.column("rowid", sa.BigInteger())
        found = (
            sa.select(rowid.label("topic_id"))
            .select_from(sa.table("topic_search"))
            .where(sa.literal_column("topic_search").op("MATCH")(words))
        )
    else:
        rowid = Topic.id
        simple: Any = sa.literal_column("'simple'")
        found = sa.select(rowid.label("topic_id")).where(
            sa.func.to_tsvector(simple, sa.literal_column(_BY_KIND)).op("@@")(
                sa.func.to_tsquery(simple, sa.cast(words, sa.Text()))
            ),
            # Said already by the words. What many hold is read newest first, by the index of kinds, and not sorted. The kind
            # stands in the text: knowing how many there are of it, PostgreSQL plans once and not at each search.
            Topic.kind == sa.literal_column(f"'{kind}'"),
        )
    if before is not None:
        found = found.where(rowid < before)
    return found.order_by(rowid.desc()).limit(limit)


def visible_matches(
    actor: Actor, words: Any, *, kind: str, limit: int, among: int, before: Any = None
) -> sa.Select[Any]:
    """As :func:`matches`, but only what somebody with the grants of ``actor`` may see, looked for among the newest ``among``
    that hold the words. Where the newest are seen, no more of them are looked at than are wanted."""
    found = matches(words, limit=among, kind=kind, before=before).subquery()
    seen = _kinds[kind].visible_to(actor).subquery()
    is_seen = sa.exists().where(seen.c[0] == found.c.topic_id)
    chosen = sa.select(found.c.topic_id).where(is_seen).limit(limit)
    # SQLite goes through them in their order and stops at the last that is wanted; told to sort, it would read all.
    return chosen if db.dialect() == "sqlite" else chosen.order_by(found.c.topic_id.desc())


def anybody_like(actor: Actor) -> Actor:
    """Somebody with the same grants: what hangs on nothing else (:class:`Kind`) is asked by one statement for all of them."""
    return Actor(0 if actor.is_signed_in else None, actor.grants, is_system=actor.is_system)


def tidy() -> None:
    """Join the parts in which SQLite's index of words has grown; a search then reads half as much. The worker does it
    every day: 0.1 s for 26,000 topics. PostgreSQL sees to its own."""
    if db.dialect() == "sqlite":
        db.session().execute(sa.text("INSERT INTO topic_search(topic_search) VALUES ('optimize')"))


@lru_cache(maxsize=256)
def _visible_among(actor: Actor, names: tuple[str, ...]) -> sa.CompoundSelect[Any]:
    selects = []
    for name in names:
        seen = _kinds[name].visible_to(actor).subquery()
        ids: Any = sa.bindparam(f"ids_{name}", expanding=True)
        selects.append(sa.select(seen.c[0].label("topic_id")).where(seen.c[0].in_(ids)))
    return sa.union_all(*selects)


def visible_among(actor: Actor, found: Mapping[str, Collection[int]]) -> set[int]:
    """Which of these topics (ids by kind) the actor may see, in one query; unregistered kinds are invisible. The statement
    is kept for all with the same grants, which is nearly everybody: building it costs more than running it."""
    names = tuple(sorted(name for name, ids in found.items() if ids and name in _kinds))
    if not names:
        return set()
    values = {f"ids_{name}": list(found[name]) for name in names}
    return set(db.plain_rows(_visible_among(anybody_like(actor), names), values).scalars())


def resembling(
    terms: Sequence[str], *, kinds: Sequence[str], district_id: int, most: int = 100
) -> sa.Select[Any]:
    """A SELECT of (topic_id) of the district's topics of some kinds that share words with a text: at most ``most`` that
    share three of its first :data:`_COMPARED` words, and as many that share two; the newest of each. A text of a single
    word resembles those that hold it. ``terms`` are whole words of :func:`portal.core.thai.tokens`. The engine's own
    index finds them; the caller compares them closely."""
    compared = list(dict.fromkeys(terms))[:_COMPARED]
    shares = [number for number in (3, 2) if number <= len(compared)] or [1]
    parts = [_holding(compared, number, kind, district_id, most) for number in shares for kind in kinds]
    union = sa.union(*(sa.select(part.c.topic_id) for part in parts)).subquery()
    return sa.select(union.c.topic_id)


def _at_least(number: int, terms: Sequence[str], both: str, either: str) -> str:
    """The engine's expression for "so many of these": each term is looked up as few times as can be."""
    if number == 1:
        return f"({either.join(terms)})"
    more = (
        f"({terms[place]}{both}{_at_least(number - 1, terms[place + 1 :], both, either)})"
        for place in range(len(terms) - number + 1)
    )
    return f"({either.join(more)})"


def _holding(terms: Sequence[str], number: int, kind: str, district_id: int, most: int) -> Any:
    """Topics of a kind and district that hold so many of these terms, newest first."""
    mark = f"{kind.replace('_', '')}0{district_id}x"
    if db.dialect() == "sqlite":
        marked = [f'"{mark}{term}"' for term in terms]
        words = f"by_place : {_at_least(number, marked, ' AND ', ' OR ')}" if marked else '""'
        found = sa.table("topic_search", sa.column("rowid", sa.BigInteger()))
        return (
            sa.select(found.c.rowid.label("topic_id"))
            .where(sa.literal_column("topic_search").op("MATCH")(words))
            .order_by(found.c.rowid.desc())
            .limit(most)
            .subquery()
        )
    marked = [f"'{mark}{term}'" for term in terms]
    words = _at_least(number, marked, " & ", " | ") if marked else ""
    simple: Any = sa.literal_column("'simple'")
    return (
        sa.select(Topic.id.label("topic_id"))
        .where(
            sa.func.to_tsvector(simple, sa.literal_column(_BY_PLACE)).op("@@")(
                sa.func.to_tsquery(simple, words)
            ),
            # Said already by the words; where the planner reads rows one by one, this is asked first and costs nothing.
            Topic.kind == kind,
            Topic.district_id == district_id,
        )
        .order_by(Topic.id.desc())
        .limit(most)
        .subquery()
    )
