"""The draft terms as everybody reads them: clause by clause, with what people say and what the office answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request

from portal.comments import queries as comments
from portal.comments.models import Purpose
from portal.core import clock, comparing
from portal.core.errors import NotFound
from portal.procurement import queries
from portal.procurement.clauses import clause_of, clauses
from portal.procurement.models import StepKind
from portal.procurement.views.room import blueprint
from portal.web import headers
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page


@blueprint.get("/<int:process_id>/draft-terms")
@public("wording", "clause")
def drafts(process_id: int) -> Any:
    """The newest wording, or an earlier one (``wording``), what changed in it, and the remarks on each clause."""
    actor = current_actor()
    process = queries.process_visible(actor, process_id)
    wordings = queries.wordings_of(process_id)
    asked = request.args.get("wording", "")
    shown = next(
        (one for one in wordings if str(one.number) == asked), None if asked else next(iter(wordings), None)
    )
    if shown is None:
        raise NotFound
    before = next((one for one in wordings if one.number == shown.number - 1), None)
    draft = next(one for one in queries.steps_of(process_id) if one.kind is StepKind.DRAFT_TOR)
    parts = clauses(shown.text)
    numbers = [one.number for one in parts]
    thread = comments.thread(actor, process.topic_id, Purpose.DRAFT_TOR)
    said: dict[str, list[Any]] = {number: [] for number in ["", *numbers]}
    for remark in thread.rows:
        said[clause_of(remark.clause, numbers)].append(remark)
    headers.fresh_until(clock.at(clock.today() + dt.timedelta(days=1)))
    return page(
        "procurement/drafts.html",
        process=process,
        wordings=wordings,
        shown=shown,
        changed=comparing.compare(before.text, shown.text) if before else None,
        parts=parts,
        said=said,
        thread=thread,
        topic_id=process.topic_id,
        ends_on=draft.ends_on,
        is_open=thread.open_for is Purpose.DRAFT_TOR,
        chosen=clause_of(request.args.get("clause", "")[:40], numbers),
    )
