"""The tables of the room; one module per matter."""

from portal.procurement.models.contracts import Amendment, Award, Contract, Instalment, Tenderer
from portal.procurement.models.processes import (
    Category,
    DraftTerms,
    Method,
    Postponement,
    Process,
    ProcessProject,
    ProcessState,
    RuleOverride,
    Step,
    StepDocument,
    StepKind,
    is_of_whole,
)
from portal.procurement.models.releases import Release

__all__ = [
    "Amendment",
    "Award",
    "Category",
    "Contract",
    "DraftTerms",
    "Instalment",
    "Method",
    "Postponement",
    "Process",
    "ProcessProject",
    "ProcessState",
    "Release",
    "RuleOverride",
    "Step",
    "StepDocument",
    "StepKind",
    "Tenderer",
    "is_of_whole",
]
