"""Taking a person's data out of the ledger, by two, and computing its chain again."""

from __future__ import annotations

from typing import Any

from portal.accounts import queries as people
from portal.audit import keeping, policy, queries
from portal.audit.models import BLANK_ASKED, BLANK_DECLINED, BlankRequest
from portal.core import clock, db, jobs, ledger
from portal.core.actor import Actor, Permission
from portal.core.errors import Conflict, Invalid, NotAllowed, WrongState
from portal.core.i18n import lazy_gettext as _l
from portal.core.ledger import LedgerEntry

CHECK = queries.CHECK


def ask_to_blank(actor: Actor, entry: LedgerEntry, *, reason: str) -> BlankRequest:
    """Ask another person to take out what an entry says. Whoever asks again puts their reason in the place of the one
    before. Raises NotAllowed, WrongState (it is out already, or vouches for something published), Invalid."""
    person_id, why = _must_be_blankable(actor, entry), _said(reason)
    asked = db.get_for_update(BlankRequest, entry.id) or BlankRequest(entry_id=entry.id)
    asked.asked_by, asked.asked_at, asked.reason = person_id, clock.now(), why
    with db.refusing_duplicates(Conflict(_l("Someone else asked at the same moment. Load the page again."))):
        db.session().add(asked)
    ledger.record(BLANK_ASKED, actor, "ledger_entry", entry.id, note=why)
    return asked


def blank_entry(actor: Actor, entry: LedgerEntry, *, reason: str) -> None:
    """Take out what an entry said, as somebody else asked for; ``reason`` is theirs as it was read. Who, what, when and the
    hashes stay, and the removal is an event with its reason. Raises NotAllowed, WrongState."""
    person_id = _must_be_blankable(actor, entry)
    asked = db.get_for_update(BlankRequest, entry.id)
    if asked is None:
        raise WrongState(_l("One person asks to remove something, another carries it out."))
    if asked.asked_by == person_id:
        raise NotAllowed(_l("You asked for it: another person removes it."))
    if asked.reason != reason:
        raise WrongState(_l("The reason was changed since you read it. Load the page again."))
    asker = people.actor_of_person(asked.asked_by)
    if asker is None or not asker.may(Permission.LEDGER_BLANK):
        raise WrongState(
            _l("The person who asked for it no longer has this role: reject it, or ask yourself.")
        )
    asked.carried_out_by = person_id
    db.session().flush()
    ledger.blank_payload(actor, entry.id, asked.reason)


def decline_to_blank(actor: Actor, entry: LedgerEntry, *, reason: str) -> None:
    """Turn a request down, or take one's own back; that is an event too. Raises NotAllowed, WrongState, Invalid."""
    if not actor.may(Permission.LEDGER_BLANK):
        raise NotAllowed
    asked = db.get_for_update(BlankRequest, entry.id)
    if asked is None or asked.carried_out_by is not None:
        raise WrongState(_l("The request to remove this no longer exists."))
    if actor.id == entry.actor_id and actor.id != asked.asked_by:
        raise NotAllowed(
            _l("Nobody can remove what they did themselves, or the reason something was removed.")
        )
    why = _said(reason)
    db.session().delete(asked)
    db.session().flush()
    ledger.record(BLANK_DECLINED, actor, "ledger_entry", entry.id, note=why)


def _must_be_blankable(actor: Actor, entry: LedgerEntry) -> int:
    """Who it is that may."""
    if policy.is_seal(entry):
        raise WrongState(_l("This entry is the proof of something published. It stays as it is, for good."))
    if actor.id is None or not policy.can_blank(actor, entry):
        raise NotAllowed(
            _l("Nobody can remove what they did themselves, or the reason something was removed.")
        )
    if entry.payload is None:
        raise WrongState(_l("What this entry said has already been removed."))
    return actor.id


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": _l("This must be filled in.")})
    return reason.strip()


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
