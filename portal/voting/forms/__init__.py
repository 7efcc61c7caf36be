"""What people type in the voting room, one module per matter."""

from portal.voting.forms.rounds import (
    ButtonForm,
    ConflictForm,
    ItemsForm,
    NoteForm,
    ProjectForm,
    ReasonForm,
    RoundForm,
)

__all__ = [
    "ButtonForm",
    "ConflictForm",
    "ItemsForm",
    "NoteForm",
    "ProjectForm",
    "ReasonForm",
    "RoundForm",
]
