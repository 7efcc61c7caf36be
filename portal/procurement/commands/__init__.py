"""What procurement officers do; one module per matter."""

from portal.procurement.commands.processes import (
    Correction,
    ProcessData,
    cancel_process,
    close_process,
    create_process,
    edit_process,
    lay_out_plan,
)
from portal.procurement.commands.publishing import Upload, publish_document, publish_draft
from portal.procurement.commands.stepping import (
    BRINGS,
    MAY_BRING,
    StepPlan,
    correct_step,
    do_step,
    plan_step,
    skip_step,
    take_up_step,
)
from portal.procurement.commands.warning import Override, RuleWarning
from portal.procurement.settling import Outcome

__all__ = [
    "BRINGS",
    "MAY_BRING",
    "Correction",
    "Outcome",
    "Override",
    "ProcessData",
    "RuleWarning",
    "StepPlan",
    "Upload",
    "cancel_process",
    "close_process",
    "correct_step",
    "create_process",
    "do_step",
    "edit_process",
    "lay_out_plan",
    "plan_step",
    "publish_document",
    "publish_draft",
    "skip_step",
    "take_up_step",
]
