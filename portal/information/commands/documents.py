"""The catalogue: officers publish documents of their own, and what other rooms published is taken in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import IO, Any

from portal.core import clock, db, jobs, ledger, storage, topics
from portal.core.actor import Actor
from portal.core.errors import Invalid, NotAllowed
from portal.core.i18n import lazy_gettext as _l
from portal.core.storage import StoredFile
from portal.information import documents, policy, queries
from portal.information.models import Entry, InfoClass, Source

READ = "information.read"


@dataclass(frozen=True)
class DocumentData:
    """A document an officer publishes: its class, its title, its text and its file or either."""

    info_class: InfoClass
    title: str
    text: str = ""
    stream: IO[bytes] | None = None
    file_name: str = ""
    shown_until: dt.date | None = None


def publish_document(actor: Actor, district_id: int, data: DocumentData) -> Entry:
    """Put a document into the catalogue for good. It is shown at least as long as the rulebook says. What its file says
    inside is searched as soon as the worker has read it.

    Raises NotAllowed, Invalid by form field.
    """
    if not policy.can_keep(actor, district_id):
        raise NotAllowed(_l("Documents of this district are published by its own officers."))
    today = clock.today()
    least = today + dt.timedelta(days=queries.display_days())
    wrong: dict[str, object] = {}
    if not data.title.strip():
        wrong["title"] = _l("This must be filled in.")
    if not data.text.strip() and data.stream is None:
        wrong["text"] = _l("Give the text, a file, or both.")
    if data.shown_until is not None and data.shown_until < least:
        wrong["shown_until"] = _l("Documents must be shown longer than that: choose a later date or none.")
    if wrong:
        raise Invalid(wrong)
    title = data.title.strip()[:500]
    topic = topics.create("document", title, text=data.text, district_id=district_id)
    stored = None
    if data.stream is not None:
        try:
            stored = storage.save(
                actor, data.stream, data.file_name, owner_kind=queries.FILES, owner_id=topic.id
            )
        except Invalid as refused:
            raise Invalid({"file": refused.message}) from refused
    entry = _add(
        topic.id,
        district_id=district_id,
        info_class=data.info_class,
        source=Source.UPLOAD,
        title=title,
        text=data.text.strip(),
        file_id=stored.id if stored else None,
        published_on=today,
        shown_until=data.shown_until or least,
        entered_by=actor.id,
    )
    ledger.record(
        "information.published",
        actor,
        "information_entry",
        entry.id,
        district_id=district_id,
        changes={
            "class": entry.info_class.value,
            "title": title,
            "sha256": stored.sha256 if stored else None,
        },
    )
    if stored is not None:
        jobs.start(actor, READ, title, {"entry": entry.id})
    return entry


def _note_inside(job: jobs.Job, inside: str) -> dict[str, Any]:
    entry = db.session().get_one(Entry, job.params["entry"])
    topics.retitle(entry.topic_id, entry.title, text=f"{entry.text} {inside}")
    return {"letters": len(inside)}


@jobs.work(READ, mode="read", then=_note_inside)
def _read_inside(job: jobs.Job) -> str:
    """What a published file says inside, for the search: the worker reads it, and nobody waits meanwhile."""
    entry = db.session().get_one(Entry, job.params["entry"])
    file = db.session().get_one(StoredFile, entry.file_id)
    return documents.text_of_pdf(storage.path_of(file.sha256))


def gather(actor: Actor) -> int:
    """Take into the catalogue what other rooms have published since; safe to repeat. Returns how many documents.

    What they say is searched; it stays and is read at its own place.
    """
    days, found = dt.timedelta(days=queries.display_days()), queries.not_gathered()
    for one in found:
        topic = topics.create("document", one.title, text=one.text, district_id=one.district_id)
        _add(
            topic.id,
            district_id=one.district_id,
            info_class=one.info_class,
            source=one.source,
            source_id=one.source_id,
            place=one.place,
            title=one.title[:500],
            published_on=one.published_on,
            shown_until=one.published_on + days,
        )
    return len(found)


def _add(topic_id: int, **values: Any) -> Entry:
    made = Entry(topic_id=topic_id, entered_at=clock.now(), **values)
    db.session().add(made)
    db.session().flush()
    topics.tie(topic_id, made.id)
    return made
