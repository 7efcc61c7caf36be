"""What is published of a contracting process, as the Open Contracting Data Standard 1.1.5 says it.

Pure: facts in, data out. :mod:`release` writes the whole state of a process, :mod:`sequence` what a new release says of
it and which tags that bears, :mod:`package` puts releases and records into packages, :mod:`extension` defines what the
standard has no place for, :mod:`tables` flattens for spreadsheets.
"""

from portal.procurement.ocds.facts import (
    Amended,
    Awarded,
    Buyer,
    Facts,
    Instalment,
    Offer,
    Paper,
    Passed,
    Project,
    Publisher,
    Signed,
    Went,
)
from portal.procurement.ocds.release import state
from portal.procurement.ocds.sequence import compiled, next_release, replay, text_of

__all__ = [
    "Amended",
    "Awarded",
    "Buyer",
    "Facts",
    "Instalment",
    "Offer",
    "Paper",
    "Passed",
    "Project",
    "Publisher",
    "Signed",
    "Went",
    "compiled",
    "next_release",
    "replay",
    "state",
    "text_of",
]
