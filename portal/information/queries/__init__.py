"""Reads of the information centre."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.core import topics
from portal.core.actor import Actor, Permission
from portal.core.i18n import lazy_gettext as _l
from portal.information import policy, titles
from portal.information.models import Entry
from portal.information.queries.entries import (
    Chosen,
    display_days,
    entries,
    entry,
    index,
    last_day,
    not_gathered,
)
from portal.information.queries.serving import service, service_editions, services
from portal.information.queries.summaries import (
    SUMMARIES,
    Month,
    body_now,
    contracts_of_month,
    districts_with_contracts,
    edition,
    editions,
    methods_of,
    months_of,
)

__all__ = [
    "SUMMARIES",
    "Chosen",
    "Month",
    "body_now",
    "contracts_of_month",
    "display_days",
    "districts_with_contracts",
    "edition",
    "editions",
    "entries",
    "entry",
    "index",
    "last_day",
    "methods_of",
    "months_of",
    "not_gathered",
    "service",
    "service_editions",
    "services",
]

FILES = "information"


def _topics(actor: Actor) -> sa.Select[Any]:
    return sa.select(Entry.topic_id).where(policy.visible_to(actor))


KINDS = (
    topics.Kind(
        "document",
        _topics,
        "information.show",
        "entry_id",
        _l("Published document"),
        answered_by=(Permission.INFORMATION_KEEP,),
        told=titles.told,
    ),
)
FILE_GUARDS = {FILES: lambda actor, entry_id, sha256: True}
