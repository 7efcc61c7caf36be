"""The words of voting, as people read them."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.voting.ballot import Standing
from portal.voting.models import BallotType, Completion, PrintState, Rule, Stage, Verdict
from portal.voting.queries.batches import Step

# The stage's word and the tone of its tag.
STAGES: dict[Stage, tuple[object, str]] = {
    Stage.DRAFT: (_l("Draft"), "grey"),
    Stage.PROPOSED: (_l("Waiting for a second person"), "amber"),
    Stage.PLANNED: (_l("Opens soon"), "blue"),
    Stage.OPEN: (_l("Open now"), "gold"),
    Stage.CLOSED: (_l("Voting has ended"), "grey"),
    Stage.COUNTED: (_l("Counted"), "green"),
    Stage.CERTIFIED: (_l("Result certified"), "green"),
    Stage.CANCELLED: (_l("Vote cancelled"), "red"),
}
BALLOTS: dict[BallotType, object] = {
    BallotType.APPROVAL: _l("Up to a number of projects, whatever they cost"),
    BallotType.KNAPSACK: _l("Any projects that together stay within the money"),
    BallotType.POINTS: _l("Points, shared out among projects"),
}
_EQUAL = Rule.EQUAL_SHARES
COUNTINGS: dict[str, object] = {
    Rule.GREEDY.value: _l("By votes: most votes first; what no longer fits is skipped"),
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
    Standing.ON_BOARD: ("info", _l("Your ballot is on the board")),
    Standing.COUNTED: ("", _l("Your ballot is counted")),
    Standing.WAITING: ("info", _l("Received: your ballot will be published with the next batch")),
    Standing.SUPERSEDED: ("warning", _l("This ballot was replaced by a later one")),
    Standing.UNKNOWN: ("error", _l("No ballot of this round has this code")),
    Standing.CALLED_OFF: ("warning", _l("This vote was cancelled, and this receipt is not on its board")),
    Standing.MALFORMED: ("error", _l("This is not a receipt code")),
    Standing.FORGED: ("error", _l("The signature of this receipt is not ours")),
}

# Why a sheet of paper does not count.
INVALID: dict[Verdict, object] = {
    Verdict.BLANK: _l("nothing marked"),
    Verdict.TOO_FEW: _l("too few projects"),
    Verdict.TOO_MANY: _l("too many projects"),
    Verdict.OVER_MONEY: _l("costs more than the money there is"),
    Verdict.RIVALS: _l("projects that exclude each other"),
    Verdict.POINTS: _l("points that do not add up"),
    Verdict.WITHDRAWN: _l("only withdrawn projects"),
    Verdict.UNREADABLE: _l("cannot be read"),
    Verdict.MARKED: _l("shows whose it is"),
    Verdict.NOT_OFFICIAL: _l("not an official sheet"),
}
# What a sheet of paper is.
VERDICTS: dict[Verdict, object] = {
    Verdict.VALID: _l("Valid"),
    **{verdict: _l("Invalid: %(why)s", why=why) for verdict, why in INVALID.items()},
    Verdict.MISSING: _l("Not in the pile"),
}
# What is typed for a sheet that shows no choice.
KEYED: dict[str, object] = {
    "0": _l("nothing is marked"),
    "/1": _l("cannot be read"),
    "/2": _l("shows whose it is (a name, a sign)"),
    "/3": _l("not an official sheet"),
    "-": _l("no sheet with this number in the pile"),
}
# What a batch waits for: the word and the tone of its tag.
STEPS: dict[Step, tuple[object, str]] = {
    Step.KEYING: (_l("Being keyed"), "blue"),
    Step.DIFFERENCES: (_l("Waits for a third look"), "amber"),
    Step.READY: (_l("Agreed"), "gold"),
    Step.ENTERED: (_l("Among the ballots"), "green"),
    Step.VOIDED: (_l("Void"), "grey"),
}
# How a print of letters stands: the word and the tone of its tag.
PRINTS: dict[PrintState, tuple[object, str]] = {
    PrintState.ASKED: (_l("Waiting for a second person"), "amber"),
    PrintState.RELEASED: (_l("Released"), "green"),
    PrintState.TURNED_DOWN: (_l("Rejected"), "red"),
    PrintState.TAKEN_BACK: (_l("Request taken back"), "grey"),
}
