"""Tables of the voting room, one module per matter."""

from portal.voting.models import frozen as frozen
from portal.voting.models.roll import (
    EntrySource,
    LetterCode,
    ReminderRequest,
    RequestState,
    RollEntry,
    RollRequest,
)
from portal.voting.models.rounds import (
    Area,
    AreaKind,
    BallotType,
    Candidate,
    CandidateConflict,
    Completion,
    Round,
    RoundEdition,
    RoundState,
    Rule,
    Stage,
    Start,
    Stop,
    Utility,
)

__all__ = [
    "Area",
    "AreaKind",
    "BallotType",
    "Candidate",
    "CandidateConflict",
    "Completion",
    "EntrySource",
    "LetterCode",
    "ReminderRequest",
    "RequestState",
    "RollEntry",
    "RollRequest",
    "Round",
    "RoundEdition",
    "RoundState",
    "Rule",
    "Stage",
    "Start",
    "Stop",
    "Utility",
]
