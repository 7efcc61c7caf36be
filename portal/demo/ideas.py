"""Ideas of communities that residents vote on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.actionplan.models import ProjectItem
from portal.core import db
from portal.procurement.models import Contract, ProcessProject
from portal.screening import queries as screening


class Ideas:
    """Accepted items of a cycle, each of which is put to the vote once; what is bought already comes last."""

    def __init__(self, cycle_id: int) -> None:
        with db.transaction("read"):
            self._rows = list(screening.final_accepted_items(cycle_id))
            self._bought = set(
                db.session().scalars(
                    sa.select(ProjectItem.item_id)
                    .join(ProcessProject, ProcessProject.project_id == ProjectItem.project_id)
                    .join(Contract, Contract.process_id == ProcessProject.process_id)
                )
            )

    def about(self, word: str, most: int) -> list[int]:
        """Items that have the word in their title."""
        return self._take([row for row in self._rows if word in row.title][:most])

    def mixed(self, most: int, *, nothing_is_bought: bool = False) -> list[int]:
        """Items as different from each other as those that are left allow; ``nothing_is_bought`` yet, in an old round."""
        titles = [row.title for row in self._rows]
        turn = {row: titles[:place].count(row.title) for place, row in enumerate(self._rows)}
        bought = set() if nothing_is_bought else self._bought
        return self._take(sorted(self._rows, key=lambda row: (row.item_id in bought, turn[row]))[:most])

    def _take(self, rows: Sequence[Any]) -> list[int]:
        self._rows = [row for row in self._rows if row not in rows]
        return [row.item_id for row in rows]
