"""Reads of the procurement room."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.comments.models import Purpose
from portal.core import clock, db, topics
from portal.core.actor import Actor, Permission
from portal.core.i18n import lazy_gettext as _l
from portal.procurement import policy
from portal.procurement.models import Process, ProcessState, Step, StepKind
from portal.procurement.queries.contracts import (
    Signed,
    awards_of,
    contracts_of,
    instalments_of,
    signed_of,
    sums_of,
    tenderers_of,
    wrong_sums,
)
from portal.procurement.queries.lawful import facts_of, figures, situation
from portal.procurement.queries.lists import (
    desk,
    desk_projects,
    open_drafts,
    open_steps,
    processes,
    processes_of_projects,
)
from portal.procurement.queries.process import (
    Bought,
    Heading,
    Passed,
    Wording,
    bought_for,
    document_visible,
    documents_of,
    draft_shown_on,
    heading,
    hearers,
    process_visible,
    step_visible,
    steps_of,
    topics_upstream,
    way_of,
    wordings_of,
)
from portal.procurement.queries.releasing import RELEASES, facts_of_process, is_public, releases_of

__all__ = [
    "RELEASES",
    "Bought",
    "Heading",
    "Passed",
    "Signed",
    "Wording",
    "awards_of",
    "bought_for",
    "contracts_of",
    "desk",
    "desk_projects",
    "document_visible",
    "documents_of",
    "draft_shown_on",
    "facts_of",
    "facts_of_process",
    "figures",
    "heading",
    "hearers",
    "instalments_of",
    "is_public",
    "open_drafts",
    "open_steps",
    "process_visible",
    "processes",
    "processes_of_projects",
    "purpose_of",
    "releases_of",
    "signed_of",
    "situation",
    "step_visible",
    "steps_of",
    "sums_of",
    "tenderers_of",
    "topics_upstream",
    "way_of",
    "wordings_of",
    "wrong_sums",
]


def _process_topics(actor: Actor) -> sa.Select[Any]:
    return sa.select(Process.topic_id).where(policy.visible_to(actor))


@db.prepared
def _draft_terms(*, process_id: Any) -> Any:
    invited = aliased(Step)
    return (
        sa.select(Process.state, Step.actual_on, Step.ends_on, invited.actual_on.label("invited_on"))
        .join(Step, sa.and_(Step.process_id == Process.id, Step.kind == StepKind.DRAFT_TOR))
        .join(invited, sa.and_(invited.process_id == Process.id, invited.kind == StepKind.INVITATION))
        .where(Process.id == process_id)
    )


def purpose_of(state: ProcessState, draft: Any, invited_on: dt.date | None) -> Purpose:
    """Remarks on the draft terms while the days of their step last and nobody is invited yet; ordinary remarks at other
    times."""
    is_window = (
        draft.actual_on is not None
        and draft.ends_on is not None
        and draft.actual_on <= clock.today() <= draft.ends_on
    )
    if state is ProcessState.RUNNING and is_window and invited_on is None:
        return Purpose.DRAFT_TOR
    return Purpose.DISCUSSION


def _purpose(process_id: int) -> str | None:
    row = _draft_terms(process_id=process_id).first()
    return None if row is None else purpose_of(row.state, row, row.invited_on)


def _may_read_files(actor: Actor, process_id: int, _sha256: str) -> bool:
    return (
        db.session().scalar(sa.select(Process.id).where(Process.id == process_id, policy.visible_to(actor)))
        is not None
    )


KINDS = (
    topics.Kind(
        "process",
        _process_topics,
        "procurement.show",
        "process_id",
        _l("Contracting process"),
        _purpose,
        answered_by=(Permission.PROCUREMENT_EDIT,),
    ),
)
FILE_GUARDS = {"process": _may_read_files}
NEWS = {
    "procurement.begun": _l("Buying begins: “%(title)s”."),
    "procurement.procurement_plan": _l("“%(title)s”: the procurement plan is published."),
    "procurement.committee": _l(
        "“%(title)s”: the committee for the terms and the median price is appointed."
    ),
    "procurement.median_price": _l("“%(title)s”: the median price is published."),
    "procurement.purchase_request": _l("“%(title)s”: the purchase request is made."),
    "procurement.draft_tor": _l("“%(title)s”: the draft terms are open to your comments."),
    "procurement.draft_changed": _l(
        "“%(title)s”: the draft terms have changed; they are open to comments again."
    ),
    "procurement.invitation": _l("“%(title)s”: suppliers are invited to bid."),
    "procurement.bid_opening": _l("“%(title)s”: the bids were opened."),
    "procurement.evaluation": _l("“%(title)s”: the bids were evaluated."),
    "procurement.award": _l("“%(title)s”: the winner is announced."),
    "procurement.appeal": _l("“%(title)s”: the days for appeals have begun."),
    "procurement.contract": _l("“%(title)s”: the contract is signed."),
    "procurement.contract_essentials": _l("“%(title)s”: the essentials of the contract are published."),
    "procurement.delivery": _l("“%(title)s”: delivered."),
    "procurement.acceptance": _l("“%(title)s”: inspected and accepted."),
    "procurement.payment": _l("“%(title)s”: paid."),
    "procurement.monthly_summary": _l("“%(title)s”: it is in the monthly summary."),
    "procurement.another_contract": _l("“%(title)s”: contract %(number)s is signed."),
    "procurement.amended": _l("“%(title)s”: a contract was amended. Reason: %(reason)s"),
    "procurement.contract_cancelled": _l("“%(title)s”: a contract was cancelled. Reason: %(reason)s"),
    "procurement.part_delivered": _l("“%(title)s”: instalment %(number)s was delivered (%(what)s)."),
    "procurement.part_accepted": _l(
        "“%(title)s”: instalment %(number)s was inspected and accepted (%(what)s)."
    ),
    "procurement.part_paid": _l("“%(title)s”: instalment %(number)s was paid (%(what)s)."),
    "procurement.delayed": _l("“%(title)s” will be later than planned. Reason: %(reason)s"),
    "procurement.project_removed": _l(
        "“%(title)s” no longer buys for one of its projects. Reason: %(reason)s"
    ),
    "procurement.replanned": _l("“%(title)s”: the date of a step has changed."),
    "procurement.corrected": _l("“%(title)s”: a recorded date was corrected. Reason: %(reason)s"),
    "procurement.closed": _l("“%(title)s”: everything is paid; the process is closed."),
    "procurement.cancelled": _l("“%(title)s” was cancelled. Reason: %(reason)s"),
}
