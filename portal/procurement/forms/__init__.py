"""What officers type; one module per matter."""

from portal.procurement.forms.contracts import (
    AmendForm,
    AwardForm,
    CancelContractForm,
    DivideForm,
    InstalmentForm,
    ProjectsForm,
    RemoveProjectForm,
    SignForm,
    TenderersForm,
    divide_form,
)
from portal.procurement.forms.notices import NoticesForm, WriteNoticesForm
from portal.procurement.forms.steps import (
    CancelForm,
    CorrectForm,
    DocumentForm,
    DoForm,
    DraftForm,
    EditForm,
    LayOutForm,
    OverrideForm,
    PlanForm,
    ProcessForm,
    SkipForm,
)

__all__ = [
    "AmendForm",
    "AwardForm",
    "CancelContractForm",
    "CancelForm",
    "CorrectForm",
    "DivideForm",
    "DoForm",
    "DocumentForm",
    "DraftForm",
    "EditForm",
    "InstalmentForm",
    "LayOutForm",
    "NoticesForm",
    "OverrideForm",
    "PlanForm",
    "ProcessForm",
    "ProjectsForm",
    "RemoveProjectForm",
    "SignForm",
    "SkipForm",
    "TenderersForm",
    "WriteNoticesForm",
    "divide_form",
]
