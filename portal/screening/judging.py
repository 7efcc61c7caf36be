"""What a row of the desk's workbook would do: nothing, a change, a conflict with somebody else's, or a mistake.

Pure. The same rules as on the pages: the card, the checks one after the other, what a decision must say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.core.i18n import lazy_gettext as _l
from portal.cycles.body import Criterion
from portal.screening import columns, decisions, words
from portal.screening.columns import DECISION, NODES, Fingerprint
from portal.screening.decisions import DecisionData
from portal.screening.models import Answer, CaseState, Outcome
from portal.screening.policy import Docket
from portal.screening.workflow import OPEN

LONGEST_TEXT = 4000


class Kind(StrEnum):
    """What a row comes to."""

    SAME = "same"
    CHANGE = "change"
    CONFLICT = "conflict"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Standing:
    """What the portal knows of a case now. ``item`` has version_id, problem, proposal and community; ``has_tree``: whether a strategy is in force, by column; ``merge_targets``:
    items of the cycle that another may be merged into."""

    docket: Docket
    item: Any
    criteria: tuple[Criterion, ...]
    card: Mapping[str, tuple[Answer, str]]
    values: Mapping[str, str]
    fiscal_year: int
    has_tree: Mapping[str, bool]
    merge_targets: frozenset[int]
    may_screen: bool


@dataclass(frozen=True)
class Change:
    """What is to be written: lines of the card, lines of strategies, the state to arrive at, a proposal."""

    answers: Mapping[str, tuple[Answer, str]]
    nodes: Mapping[str, int]
    state: CaseState
    decision: DecisionData | None = None


@dataclass
class Verdict:
    """What a row comes to. ``problems``: column → message (column "" for the row as a whole); ``touched``: the columns
    filled in by the planner that say something else than the portal; ``moved``: those somebody else has changed since the
    workbook was made; ``is_closed``: a conflict nobody can overrule."""

    kind: Kind
    problems: dict[str, object] = field(default_factory=dict)
    touched: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    change: Change | None = None
    is_closed: bool = False


def judge(
    standing: Standing, values: Mapping[str, str], version: int | None, mark: Fingerprint, *, overrule: bool
) -> Verdict:
    """The verdict on one row; ``overrule`` takes the row's side where somebody changed the same case meanwhile."""
    touched = _touched(standing, values, mark)
    if not touched:
        return Verdict(Kind.SAME)
    moved = tuple(key for key, value in standing.values.items() if mark.differs(key, value))
    is_moved = bool(moved) or not mark.is_of_item(standing.item.version_id)
    if standing.docket.state not in OPEN:
        if is_moved or version != standing.docket.case.version_id:
            return Verdict(Kind.CONFLICT, touched=touched, moved=moved, is_closed=True)
        closed = _l(
            "The card is closed (%(state)s): leave this row as it was.",
            state=words.STATES[standing.docket.state],
        )
        return Verdict(Kind.PROBLEM, {"": closed}, touched)
    if not standing.may_screen:
        return Verdict(
            Kind.PROBLEM, {"": _l("You stand aside here: someone else screens this item.")}, touched
        )
    if is_moved and not overrule:
        return Verdict(Kind.CONFLICT, touched=touched, moved=moved)
    change, problems = _build(standing, values, touched)
    if problems:
        return Verdict(Kind.PROBLEM, problems, touched)
    return Verdict(Kind.CHANGE, touched=touched, change=change)


def _touched(standing: Standing, values: Mapping[str, str], mark: Fingerprint) -> tuple[str, ...]:
    """What the planner filled in and the portal does not say already. An answer or a line that was emptied is left as it
    is: nothing is taken back by an empty cell."""
    found = []
    for key, value in values.items():
        current = standing.values.get(key, "")
        is_kept = not value and not key.startswith("reason.") and key not in DECISION
        if not is_kept and mark.differs(key, value) and value.split() != current.split():
            found.append(key)
    return tuple(found)


def _build(
    standing: Standing, values: Mapping[str, str], touched: tuple[str, ...]
) -> tuple[Change | None, dict[str, object]]:
    problems: dict[str, object] = {
        key: _l("At most %(limit)s characters.", limit=LONGEST_TEXT)
        for key in touched
        if len(values[key]) > LONGEST_TEXT
    }
    answers = _answers(standing, values, touched, problems)
    merged = {key: answer for key, (answer, _reason) in {**standing.card, **answers}.items()}
    wants_decision = any(values[key] for key in DECISION)
    state = _arrive(standing, answers, merged, problems)
    nodes = {which: int(values[which]) for which in NODES if which in touched}
    decision = _decision(standing, values, problems) if wants_decision else None
    if decision is not None and not problems:
        lacking = decisions.card_problems(
            decision.outcome, standing.criteria, merged, is_formal=state is CaseState.FORMAL_CHECK
        )
        if lacking is not None:
            problems["outcome"] = lacking
        elif state is CaseState.MERIT_CHECK:
            problems |= _missing_nodes(standing, nodes, merged)
        state = CaseState.PROPOSED
    return (None, problems) if problems else (Change(answers, nodes, state, decision), {})


def _answers(
    standing: Standing, values: Mapping[str, str], touched: tuple[str, ...], problems: dict[str, object]
) -> dict[str, tuple[Answer, str]]:
    asked = {one.key for one in standing.criteria}
    answers = {}
    for key in dict.fromkeys(columns.criterion_of(one) for one in touched):
        if key is None:
            continue
        answer, reason = columns.answer_column(key), columns.reason_column(key)
        if key not in asked:
            problems[answer] = _l("This line is not asked of this item.")
            continue
        said = values[answer] or standing.values[answer]
        if not said:
            problems[answer] = _l("Choose an answer, or clear the reason.")
        elif said != Answer.MET.value and not values[reason].strip():
            problems[reason] = _l("Give the reason.")
        else:
            answers[key] = (Answer(said), values[reason].strip())
    return answers


def _arrive(
    standing: Standing,
    answers: Mapping[str, tuple[Answer, str]],
    merged: Mapping[str, Answer],
    problems: dict[str, object],
) -> CaseState:
    """The check the case is in once the answers are written; lines of merit need the formal check passed."""
    if standing.docket.state is CaseState.MERIT_CHECK:
        return CaseState.MERIT_CHECK
    merit = [one.key for one in standing.criteria if one.group == "merit" and one.key in answers]
    if not merit:
        return CaseState.FORMAL_CHECK
    formal = [one for one in standing.criteria if one.group == "formal"]
    open_lines = [one for one in formal if merged.get(one.key) in (None, Answer.NOT_MET)]
    for one in open_lines:
        problems.setdefault(
            columns.answer_column(one.key),
            _l("The merit check begins when every line of the formal check is answered and none fails."),
        )
    return CaseState.MERIT_CHECK


def _decision(
    standing: Standing, values: Mapping[str, str], problems: dict[str, object]
) -> DecisionData | None:
    if not values["outcome"]:
        problems["outcome"] = _l("Choose the decision, or clear the other columns of the decision.")
        return None
    numbers = ("accepted_satang", "merge_into_item_id", "defer_to_year")
    said: dict[str, Any] = {name: int(values[name]) if values[name] else None for name in numbers}
    said |= {name: values[name] for name in DECISION if name not in numbers}
    data = DecisionData(**{**said, "outcome": Outcome(values["outcome"])})
    wrong = decisions.problems(
        data, asked_satang=standing.docket.asked_satang, fiscal_year=standing.fiscal_year
    )
    own = data.facts()
    for name in DECISION:
        if values[name] and name not in own:
            wrong.setdefault(name, _l("This does not belong to the chosen decision: clear the cell."))
    target = data.merge_into_item_id
    fitting = standing.merge_targets - {standing.docket.case.item_id}
    if data.outcome is Outcome.MERGE_WITH and target is not None and target not in fitting:
        wrong["merge_into_item_id"] = _l("Choose another item of this cycle that has not itself been merged.")
    problems |= {key: message for key, message in wrong.items() if key not in problems}
    return data


def _missing_nodes(
    standing: Standing, nodes: Mapping[str, int], merged: Mapping[str, Answer]
) -> dict[str, object]:
    """Criteria met that ask for a line of a strategy, and no line chosen though one is in force."""
    missing: dict[str, object] = {}
    for which, criterion in NODES.items():
        has_line = which in nodes or bool(standing.values[which])
        if merged.get(criterion) is Answer.MET and standing.has_tree[which] and not has_line:
            missing[which] = _l("The card says that the item fits a strategy: choose its line.")
    return missing
