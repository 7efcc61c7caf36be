"""What procurement officers do; one module per matter."""

from portal.procurement.commands.contracting import (
    AmendmentData,
    AwardData,
    ContractData,
    Offer,
    add_award,
    amend_contract,
    cancel_contract,
    correct_award,
    record_tenderers,
    sign_contract,
)
from portal.procurement.commands.importing import CHUNK, Judged, Verdict, import_notices, judge_notices
from portal.procurement.commands.instalments import Part, divide_contract, settle_instalment
from portal.procurement.commands.notices import compare_notices, held_list, write_notices
from portal.procurement.commands.processes import (
    Correction,
    ProcessData,
    cancel_process,
    close_process,
    create_process,
    edit_process,
    lay_out_plan,
)
from portal.procurement.commands.projects import add_projects, remove_project
from portal.procurement.commands.publishing import Upload, publish_document, publish_draft
from portal.procurement.commands.releasing import publish_release
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
    "CHUNK",
    "MAY_BRING",
    "AmendmentData",
    "AwardData",
    "ContractData",
    "Correction",
    "Judged",
    "Offer",
    "Outcome",
    "Override",
    "Part",
    "ProcessData",
    "RuleWarning",
    "StepPlan",
    "Upload",
    "Verdict",
    "add_award",
    "add_projects",
    "amend_contract",
    "cancel_contract",
    "cancel_process",
    "close_process",
    "compare_notices",
    "correct_award",
    "correct_step",
    "create_process",
    "divide_contract",
    "do_step",
    "edit_process",
    "held_list",
    "import_notices",
    "judge_notices",
    "lay_out_plan",
    "plan_step",
    "publish_document",
    "publish_draft",
    "publish_release",
    "record_tenderers",
    "remove_project",
    "settle_instalment",
    "sign_contract",
    "skip_step",
    "take_up_step",
    "write_notices",
]
