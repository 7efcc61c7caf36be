"""Taking a person's data out of the ledger, and computing its chain again."""

from __future__ import annotations

from typing import Any

from portal.audit import keeping, policy, queries
from portal.core import jobs, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger import LedgerEntry

CHECK = queries.CHECK


def blank_entry(actor: Actor, entry: LedgerEntry, *, reason: str) -> None:
    """Take out what an entry said; who, what, when and the hashes stay, and the removal is an event with its reason.
    Raises NotAllowed, and WrongState when it is out already."""
    if not policy.can_blank(actor, entry):
        raise NotAllowed(_l("Nobody takes out what they did themselves, nor why something was taken out."))
    ledger.blank_payload(actor, entry.id, reason)


def start_check(actor: Actor, *, number: int | None, digest: str) -> jobs.Job:
    """Ask for the whole chain to be computed again, compared with a head kept outside (``number`` and ``digest``) if one
    is given. Raises NotAllowed, and WrongState while another check is under way."""
    if not actor.may(Permission.LEDGER_READ):
        raise NotAllowed
    if queries.running_check() is not None:
        raise WrongState(_l("A check is under way. Wait for its result."))
    kept = {str(number): digest.lower()} if digest and number is not None else {}
    return jobs.start(actor, CHECK, str(_l("Check of the ledger")), {"kept": kept})


@jobs.work(CHECK, mode="read")
def _check(job: jobs.Job) -> dict[str, Any]:
    kept = {int(number): digest for number, digest in job.params["kept"].items()}
    found = keeping.check(kept, lambda done, total: jobs.report(job.id, done, total))
    return found._asdict()
