"""What everybody may read: released decisions of a cycle, and the letter about one of them."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from portal.core import typeset
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.cycles import queries as cycles
from portal.places import queries as places
from portal.screening import letters, queries
from portal.screening.models import Outcome
from portal.screening.views.room import LABELS, blueprint
from portal.web import headers
from portal.web.access import public
from portal.web.links import absolute, whole
from portal.web.render import page


@blueprint.get("/results/<int:cycle_id>")
@public("outcome", "community", "after")
def results(cycle_id: int) -> Any:
    """Released decisions of a district's cycle."""
    cycle = cycles.cycle(cycle_id)
    district = places.district(cycle.district_id) if cycle else None
    if cycle is None or district is None:
        raise NotFound
    outcome = request.args.get("outcome", "")
    community = whole(request.args.get("community"))
    headers.fresh_until(queries.next_release(cycle_id))
    return page(
        "screening/results.html",
        cycle=cycle,
        district=district,
        outcome=outcome if outcome in set(Outcome) else "",
        community=community,
        counts={row.outcome: row for row in queries.released_counts(cycle_id)},
        communities=queries.released_communities(cycle_id),
        found=queries.results(
            cycle_id,
            outcome=Outcome(outcome) if outcome in set(Outcome) else None,
            community_id=community,
            cursor=request.args.get("after"),
        ),
        **LABELS,
    )


@blueprint.get("/<int:case_id>/letter")
@public()
def letter(case_id: int) -> Any:
    """The decision as a letter to the community, ready to print."""
    to, card = _letter(case_id)
    addressee = letters.addressee(to)
    return page("screening/letter.html", to=to, card=card, case_id=case_id, addressee=addressee, **LABELS)


@blueprint.get("/<int:case_id>/letter.pdf")
@public("digits")
def letter_pdf(case_id: int) -> Response:
    """The same as a paper; Thai digits if wished."""
    to, card = _letter(case_id)
    address = absolute("screening.letter", language(), case_id=case_id)
    made = typeset.pdf(
        "screening/letter.typ",
        letters.letter_data(to, card, case_id, address),
        title=_("Decision about a community item"),
        lang=language(),
        is_thai_digits=request.args.get("digits") == "thai",
    )
    name = f"decision-{case_id}.pdf"
    return Response(
        made, mimetype=typeset.MEDIA_TYPE, headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _letter(case_id: int) -> tuple[Any, queries.PublicCard]:
    """Where the letter goes and the decision, once everybody may read it. Raises NotFound."""
    to = queries.letter_of(case_id)
    card = queries.public_card(to.item_id) if to else None
    if to is None or card is None:
        raise NotFound
    return to, card
