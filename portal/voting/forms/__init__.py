"""What people type in the voting room, one module per matter."""

from portal.voting.forms.booth import BallotForm, CastForm, CodeForm
from portal.voting.forms.closing import CertifyForm, OutsideForm, ParticipationForm
from portal.voting.forms.letters import DeclineForm, LetterForm, LettersForm, PrintLetterForm, PrintPartForm
from portal.voting.forms.paper import (
    BatchForm,
    CompareForm,
    ExplainForm,
    KeyForm,
    PaperDeskForm,
    SettleForm,
)
from portal.voting.forms.roll import (
    AnswerForm,
    ListForm,
    ObjectionAnswerForm,
    ObjectionForm,
    SampleForm,
    StrikeForm,
)
from portal.voting.forms.rounds import (
    ButtonForm,
    CapForm,
    ConflictForm,
    ItemsForm,
    NoteForm,
    ProjectForm,
    ReasonForm,
    RoundForm,
)

__all__ = [
    "AnswerForm",
    "BallotForm",
    "BatchForm",
    "ButtonForm",
    "CapForm",
    "CastForm",
    "CertifyForm",
    "CodeForm",
    "CompareForm",
    "ConflictForm",
    "DeclineForm",
    "ExplainForm",
    "ItemsForm",
    "KeyForm",
    "LetterForm",
    "LettersForm",
    "ListForm",
    "NoteForm",
    "ObjectionAnswerForm",
    "ObjectionForm",
    "OutsideForm",
    "PaperDeskForm",
    "ParticipationForm",
    "PrintLetterForm",
    "PrintPartForm",
    "ProjectForm",
    "ReasonForm",
    "RoundForm",
    "SampleForm",
    "SettleForm",
    "StrikeForm",
]
