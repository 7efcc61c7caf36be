"""What a decision must say before anybody may be asked to confirm it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.core import hashing
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.cycles.body import Criterion
from portal.screening.models import Answer, Outcome
from portal.screening.words import REASONS_FOR

YEARS_AHEAD = 5
ACCEPTING = frozenset({Outcome.ACCEPT, Outcome.ACCEPT_CHANGED})
# Facts that make two decisions the same in effect; reasons may differ (an appeal that changes nothing gives its own).
EFFECT = ("outcome", "accepted_satang", "changes", "merge_into_item_id", "agency", "defer_to_year")


@dataclass(frozen=True)
class DecisionData:
    """A decision as written. Money in satang, ``defer_to_year`` a fiscal year of the Buddhist Era."""

    outcome: Outcome
    reason_code: str
    reason: str
    accepted_satang: int | None = None
    changes: str = ""
    merge_into_item_id: int | None = None
    agency: str = ""
    agency_reply: str = ""
    defer_to_year: int | None = None

    def facts(self) -> dict[str, Any]:
        """Only what belongs to the outcome: a leftover from another choice on the form is dropped."""
        own = {
            Outcome.ACCEPT: {"accepted_satang"},
            Outcome.ACCEPT_CHANGED: {"accepted_satang", "changes"},
            Outcome.MERGE_WITH: {"merge_into_item_id"},
            Outcome.REFER: {"agency", "agency_reply"},
            Outcome.DEFER: {"defer_to_year"},
        }.get(self.outcome, set())
        kept = {name: getattr(self, name) for name in ("outcome", "reason_code", "reason")}
        return {**kept, **{name: getattr(self, name) for name in sorted(own)}}


def problems(data: DecisionData, *, asked_satang: int, fiscal_year: int) -> dict[str, object]:
    """What is wrong with a decision, by form field; empty when it may be proposed."""
    wrong: dict[str, object] = {}
    if not data.reason.strip():
        wrong["reason"] = _l("Give the reason in plain words: the community reads it.")
    if data.reason_code not in REASONS_FOR[data.outcome]:
        wrong["reason_code"] = _l("Choose the reason that fits this outcome.")
    wrong |= _missing_facts(data, asked_satang, fiscal_year)
    return wrong


def _missing_facts(data: DecisionData, asked_satang: int, fiscal_year: int) -> dict[str, object]:
    """What the chosen outcome still has to say."""
    match data.outcome:
        case Outcome.ACCEPT | Outcome.ACCEPT_CHANGED:
            return _wrong_amount(data, asked_satang)
        case Outcome.MERGE_WITH if data.merge_into_item_id is None:
            return {"merge_into_item_id": _l("Choose the item it is merged with.")}
        case Outcome.REFER if not data.agency.strip():
            return {"agency": _l("Name the agency.")}
        case Outcome.DEFER:
            last = fiscal_year + YEARS_AHEAD
            if data.defer_to_year is None or not fiscal_year < data.defer_to_year <= last:
                text = _("Write a fiscal year from %(first)s to %(last)s.", first=fiscal_year + 1, last=last)
                return {"defer_to_year": text}
    return {}


def _wrong_amount(data: DecisionData, asked_satang: int) -> dict[str, object]:
    wrong: dict[str, object] = {}
    amount = data.accepted_satang
    if amount is None or amount < 0:
        wrong["accepted_satang"] = _l("Write the amount that is accepted; 0 where no money is needed.")
    elif data.outcome is Outcome.ACCEPT and amount > asked_satang:
        wrong["accepted_satang"] = _l(
            "This is more than was asked for. Choose “Accepted with changes” and say what changes."
        )
    if data.outcome is Outcome.ACCEPT_CHANGED and not data.changes.strip():
        wrong["changes"] = _l("Say what changes.")
    return wrong


def card_problems(
    outcome: Outcome, criteria: Iterable[Criterion], answers: Mapping[str, Answer], *, is_formal: bool
) -> object | None:
    """Why the card does not carry this outcome yet; None when it does.

    During the formal check an item that fails it may be decided without the check of merit, but not accepted.
    """
    asked = [one for one in criteria if one.group == "formal" or not is_formal]
    if any(one.key not in answers for one in asked):
        return _l("Answer every line of the card first.")
    failed = [one for one in asked if answers[one.key] is Answer.NOT_MET]
    if is_formal and not failed:
        return _l("The formal check is passed: continue to the merit check first.")
    if is_formal and outcome in ACCEPTING:
        return _l("An item that fails the formal check cannot be accepted.")
    if outcome is Outcome.ACCEPT and failed:
        return _l("A line of the card is not met: accept it with changes, or choose another outcome.")
    return None


def effect(decision: Any) -> tuple[Any, ...]:
    """What a decision does, without its reasons."""
    return tuple(getattr(decision, name) for name in EFFECT)


def sha256(decision: Any) -> str:
    """The hash of a decision as it was confirmed; the ledger keeps it."""
    names = ("case_id", "reason_code", "reason", "agency_reply", "proposed_by", "confirmed_by", *EFFECT)
    return hashing.sha256_hex(
        hashing.canonical_json({name: _plain(getattr(decision, name)) for name in names})
    )


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Outcome) else value
