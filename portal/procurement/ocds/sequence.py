"""From one published state to the next: what a release says, which tags it bears, how releases merge.

A release carries every section that changed, whole. Merging (the standard's own routine, done by ``ocdsmerge``) can
overwrite and take out a value, but never an entry of a list; an entry that is no more is therefore said to be cancelled,
and where it has no status, emptied. What was published is never unpublished: the earlier releases stay as they are.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from portal.procurement.ocds.terms import Json, instant

SECTIONS = ("planning", "tender", "awards", "contracts")
ALWAYS = ("initiationType", "language", "parties", "buyer")
_OF_MILESTONES = frozenset({"scheduled", "met", "partiallyMet", "notMet"})
HEAD = frozenset({"ocid", "id", "date", "tag"})


def text_of(release: Json) -> str:
    """The one text of a release, as it is kept, hashed and handed out: JSON by RFC 8785 (keys in order, no spaces)."""
    return json.dumps(release, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def next_release(ocid: str, number: int, published: Json, now: Json, at: dt.datetime) -> Json | None:
    """The release that leads from what is published to what is known now; None where nothing new is known.

    ``published`` comes from :func:`replay`, ``now`` from :func:`portal.procurement.ocds.release.state`; ``number`` is the
    release's place among those of its process, from 1.
    """
    changed = {
        name: amended
        for name in (*ALWAYS, *SECTIONS)
        if (amended := _amended(published.get(name), now.get(name))) != published.get(name)
    }
    if not changed:
        return None
    after = {**published, **{name: _without_nulls(part) for name, part in changed.items()}}
    said = {name: changed.get(name, after[name]) for name in (*ALWAYS, *changed) if name in after}
    return {
        "ocid": ocid,
        "id": f"{ocid}-{number:04d}",
        "date": instant(at),
        "tag": tags(published, after),
        **said,
    }


def replay(releases: Iterable[Json]) -> Json:
    """What is published after these releases, in their order: the latest of each section."""
    found: Json = {}
    for release in releases:
        for name, part in release.items():
            if name not in HEAD:
                found[name] = _without_nulls(part)
    return found


# -- what changed -----------------------------------------------------------------------------------------------------


def _amended(before: Any, after: Any) -> Any:
    """``after``, saying of each thing that was there before and is no more that it is withdrawn."""
    if isinstance(before, dict) and isinstance(after, dict):
        members = {name: _amended(before.get(name), part) for name, part in after.items()}
        return members | {name: _withdrawn(before[name]) for name in before.keys() - after.keys()}
    if _is_entries(before) and (after is None or _is_entries(after)):
        later = {entry["id"]: entry for entry in after or []}
        there = {entry["id"]: entry for entry in before}
        return [
            *(
                _amended(entry, later[name]) if name in later else _withdrawn(entry)
                for name, entry in there.items()
            ),
            *(entry for name, entry in later.items() if name not in there),
        ]  # in the order in which merging finds them
    if after is None and before is not None:
        return _withdrawn(before)
    return after


def _withdrawn(part: Any) -> Any:
    """How it is said that something published holds no more."""
    if isinstance(part, dict):
        if "status" in part:
            return {**part, "status": "notMet" if part["status"] in _OF_MILESTONES else "cancelled"}
        return {name: (member if name == "id" else _withdrawn(member)) for name, member in part.items()}
    if _is_entries(part):
        return [_withdrawn(entry) for entry in part]
    return None


def _is_entries(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(entry, dict) for entry in part)


def _without_nulls(part: Any) -> Any:
    if isinstance(part, dict):
        members = {name: _without_nulls(member) for name, member in part.items()}
        return {name: member for name, member in members.items() if member not in (None, {})}
    if isinstance(part, list):
        return [_without_nulls(entry) for entry in part]
    return part


# -- tags -------------------------------------------------------------------------------------------------------------


def tags(before: Json, after: Json) -> list[str]:
    """The releaseTag codes of what changed between two states, in the order of a process."""
    found = [
        *_planning_tags(before, after),
        *_tender_tags(before.get("tender", {}), after.get("tender", {})),
        *_award_tags(_by_id(before.get("awards")), _by_id(after.get("awards"))),
        *_contract_tags(_by_id(before.get("contracts")), _by_id(after.get("contracts"))),
    ]
    return list(dict.fromkeys(found)) or ["planningUpdate"]


def _by_id(entries: Sequence[Json] | None) -> dict[str, Json]:
    return {entry["id"]: entry for entry in entries or ()}


def _is_called(tender: Json) -> bool:
    """Suppliers were asked: the tender has begun."""
    return tender.get("status") in ("active", "complete")


def _planning_tags(before: Json, after: Json) -> list[str]:
    was, now = before.get("planning"), after.get("planning")
    tender, later = before.get("tender", {}), after.get("tender", {})
    if was is None:
        return ["planning"] if now is not None else []
    is_only_planned = tender != later and not _is_called(tender) and not _is_called(later)
    if was != now or (is_only_planned and later.get("status") != "cancelled"):
        return ["planningUpdate"]
    return []


def _tender_tags(was: Json, now: Json) -> list[str]:
    if was == now:
        return []
    if now.get("status") == "cancelled" and was.get("status") != "cancelled":
        return ["tenderCancellation"]
    if _is_called(now):
        return ["tenderUpdate"] if _is_called(was) else ["tender"]
    return []


def _award_tags(was: dict[str, Json], now: dict[str, Json]) -> list[str]:
    found = []
    for name, award in now.items():
        earlier = was.get(name)
        if earlier is None:
            found.append("award")
        elif award.get("status") == "cancelled" and earlier.get("status") != "cancelled":
            found.append("awardCancellation")
        elif award != earlier:
            found.append("awardUpdate")
    return sorted(found, key=("award", "awardUpdate", "awardCancellation").index)


_OF_ITS_OWN = ("implementation", "amendments", "status")
_CONTRACT_TAGS = (
    "contract",
    "contractUpdate",
    "contractAmendment",
    "implementation",
    "implementationUpdate",
    "contractTermination",
)


def _contract_tags(was: dict[str, Json], now: dict[str, Json]) -> list[str]:
    found = []
    for name, contract in now.items():
        earlier = was.get(name)
        if earlier is None:
            found += ["contract", *(["implementation"] if _has_begun(contract) else [])]
        elif contract != earlier:
            found += _changed_contract(earlier, contract)
        if contract.get("status") == "terminated" and was.get(name, {}).get("status") != "terminated":
            found.append("contractTermination")
    return sorted(found, key=_CONTRACT_TAGS.index)


def _changed_contract(was: Json, now: Json) -> list[str]:
    found = []
    if _core(was) != _core(now):
        found.append("contractUpdate")
    if was.get("amendments") != now.get("amendments"):
        found.append("contractAmendment")
    if was.get("implementation") != now.get("implementation"):
        if _has_begun(was):
            found.append("implementationUpdate")
        else:
            found.append("implementation" if _has_begun(now) else "contractUpdate")
    return found


def _core(contract: Json) -> Json:
    return {name: part for name, part in contract.items() if name not in _OF_ITS_OWN}


def _has_begun(contract: Json) -> bool:
    """Something of the contract was delivered, accepted, paid or documented."""
    work = contract.get("implementation", {})
    is_met = any(one.get("status") in ("met", "partiallyMet") for one in work.get("milestones", ()))
    return is_met or bool(work.get("transactions") or work.get("documents"))


# -- merging ----------------------------------------------------------------------------------------------------------

_MERGE_RULES = {
    ("tag",): "omitWhenMerged",
    ("id",): "omitWhenMerged",
    ("date",): "omitWhenMerged",
    ("parties", "roles"): "wholeListMerge",
    ("tender", "submissionMethod"): "wholeListMerge",
}
"""The rules of the standard's schema for what releases of ours hold; tested against the schema."""


def compiled(releases: Sequence[Json]) -> Json:
    """The compiledRelease of a process: its releases merged by the standard's routine, which leaves an empty object
    where everything in it was withdrawn; such say nothing and are left out."""
    merged: Json = _without_nulls(_merger().create_compiled_release(list(releases)))
    return merged


@lru_cache(maxsize=1)
def _merger() -> Any:
    from ocdsmerge import Merger  # brings a client for the web that no page needs

    return Merger(merge_rules=_MERGE_RULES)
