"""When and why a community took an idea back, told from its rows: alone, or with its whole plan. No session, no web."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, NamedTuple


class Withdrawal(NamedTuple):
    """The community took the idea back; no day is known where the ledger tells of none."""

    at: dt.datetime | None
    reason: str


def withdrawal(head: Any, records: Sequence[Any]) -> Withdrawal | None:
    """When and why the idea was taken back, alone or with its whole plan; None while it is asked for."""
    if head.withdrawn_at is not None:
        return Withdrawal(head.withdrawn_at, head.withdrawn_reason or "")
    if not head.is_withdrawn:
        return None
    return max(of_plan(records), default=Withdrawal(None, ""))


def of_plan(records: Sequence[Any]) -> list[Withdrawal]:
    """Each time the plan was taken back after it was public, with the reason the ledger has, unless it was blanked."""
    since = min((record.at for record in records if record.kind == "edition"), default=None)
    return [
        Withdrawal(record.at, str(json.loads(record.text)["note"]) if record.text else "")
        for record in records
        if record.kind == "withdrawal" and (since is None or record.at >= since)
    ]
