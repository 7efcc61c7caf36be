"""The words of voting, as people read them."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.voting.ballot import Standing
from portal.voting.models import BallotType, Completion, Rule, Stage

# The stage's word and the tone of its tag.
STAGES: dict[Stage, tuple[object, str]] = {
    Stage.DRAFT: (_l("Draft"), "grey"),
    Stage.PROPOSED: (_l("Waiting for a second person"), "amber"),
    Stage.PLANNED: (_l("Opens soon"), "blue"),
    Stage.OPEN: (_l("Open now"), "gold"),
    Stage.CLOSED: (_l("Voting has ended"), "grey"),
    Stage.COUNTED: (_l("Counted"), "green"),
    Stage.CERTIFIED: (_l("Result certified"), "green"),
    Stage.CANCELLED: (_l("Cancelled"), "red"),
}
BALLOTS: dict[BallotType, object] = {
    BallotType.APPROVAL: _l("Up to so many projects, whatever they cost"),
    BallotType.KNAPSACK: _l("Any projects that together fit into the money"),
    BallotType.POINTS: _l("Points, shared out among projects"),
}
_EQUAL = Rule.EQUAL_SHARES
COUNTINGS: dict[str, object] = {
    Rule.GREEDY.value: _l("By votes: most votes first; what no longer fits is passed over"),
    Rule.GREEDY_NO_SKIP.value: _l("By votes: most votes first; the first that does not fit ends it"),
    f"{_EQUAL.value}/{Completion.ADD1U.value}": _l(
        "Equal Shares, shares raised step by step, then what is left by votes"
    ),
    f"{_EQUAL.value}/{Completion.ADD1.value}": _l("Equal Shares, shares raised step by step"),
    f"{_EQUAL.value}/{Completion.UTILITARIAN.value}": _l("Equal Shares, then what is left by votes"),
    f"{_EQUAL.value}/{Completion.NONE.value}": _l("Equal Shares; what is left stays unspent"),
}


def rule_of(counting: str) -> tuple[Rule, Completion]:
    """The rule behind a choice of :data:`COUNTINGS`."""
    name, _slash, completion = counting.partition("/")
    return Rule(name), Completion(completion or Completion.NONE.value)


def counting_of(rule: Rule, completion: Completion) -> str:
    """The choice of :data:`COUNTINGS` for a rule."""
    if rule is _EQUAL:
        return f"{rule.value}/{completion.value}"
    return Rule.GREEDY.value if rule is Rule.GREEDY_THRESHOLD else rule.value


# What the check of a receipt found: the tone of its notice and its title.
STANDINGS: dict[Standing, tuple[str, object]] = {
    Standing.ON_BOARD: ("info", _l("Your ballot stands on the board")),
    Standing.WAITING: ("info", _l("Received: your ballot goes up with the next batch")),
    Standing.SUPERSEDED: ("warning", _l("This ballot was replaced by a later one")),
    Standing.UNKNOWN: ("error", _l("No ballot of this round has this code")),
    Standing.MALFORMED: ("error", _l("This is no code of a receipt")),
    Standing.FORGED: ("error", _l("The signature of this receipt is not ours")),
}
