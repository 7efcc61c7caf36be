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
    Outcome,
    StepPlan,
    correct_step,
    do_step,
    plan_step,
    skip_step,
    take_up_step,
)
from portal.procurement.commands.warning import Override, RuleWarning

__all__ = [
    "BRINGS",
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
