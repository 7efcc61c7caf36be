"""The public board: its heads, its leaves, and the check of a receipt."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, request

from portal.core.errors import NotFound
from portal.voting import ballot, ownballot, policy, queries, words
from portal.voting.ballot import Standing
from portal.voting.models import Round
from portal.voting.queries import ballots, results
from portal.voting.queries import board as boards
from portal.voting.views.room import blueprint
from portal.web.access import public
from portal.web.login import current_actor
from portal.web.render import page


def published(round_id: int) -> Round:
    """A round whose rules are published. Raises NotFound."""
    round_ = queries.round_visible(current_actor(), round_id)
    if not round_.is_frozen:
        raise NotFound
    return round_


@blueprint.get("/<int:round_id>/board")
@public()
def board(round_id: int) -> Any:
    """The heads of the board, what they promise and what not."""
    round_ = published(round_id)
    return page(
        "voting/board.html",
        round=round_,
        heads=boards.newest_heads(round_id),
        key=ballots.key_of(round_id),
        result=results.result_of(round_id),
    )


@blueprint.get("/<int:round_id>/receipt")
@public("code", "open", cached=False)
def receipt(round_id: int) -> Any:
    """Is my ballot on the board, and was it counted? By the code of the receipt, or its whole signed text. What the ballot
    says is told only to who asks, and only where the ballots of the round may be opened."""
    round_ = published(round_id)
    typed = request.args.get("code", "").strip()[:400]
    found = boards.check(round_, typed) if typed else None
    return page(
        "voting/receipt.html",
        round=round_,
        typed=typed,
        found=found,
        is_annulled=queries.is_annulled(round_),
        standings=words.STANDINGS,
        spaced=ballot.spaced,
        **(_own_ballot(round_, found) if found and found.standing is Standing.COUNTED else {}),
    )


def _own_ballot(round_: Round, found: boards.Found) -> dict[str, Any]:
    """What became of the ballot of a receipt: everything that a device with its own choices needs, and the opened ballot
    where that is asked for."""
    kept, edition = results.result_of(round_.id), queries.edition(round_.id)
    if kept is None or edition is None:
        raise NotFound
    result, rules = json.loads(kept.body), json.loads(edition.body)
    may_open = policy.can_open_ballots(current_actor(), round_)
    text = found.opened if may_open and "open" in request.args else None
    return {
        "may_open": may_open,
        "share": ownballot.share(result),
        "lines": ownballot.lines(rules, result),
        "own": ownballot.of_ballot(rules, result, ballot.read_choices(json.loads(text))) if text else None,
    }


@blueprint.get("/<int:round_id>/heads.jsonl")
@public()
def heads(round_id: int) -> Any:
    """All signed heads, one line each: keep the last one."""
    published(round_id)
    return text_file(row.line for row in boards.head_rows(round_id))


@blueprint.get("/<int:round_id>/leaves.txt")
@public()
def leaves(round_id: int) -> Any:
    """All leaves on the board in their places: hashes, no choices."""
    published(round_id)
    return text_file(boards.leaves(round_id))


def text_file(lines: Any) -> Response:
    """Lines as a file of text."""
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")
