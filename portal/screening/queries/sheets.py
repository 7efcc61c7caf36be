"""Reads behind the desk's workbook: what it is made of, and what the portal knows of the cases a filled one names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import db, sheets, thai
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.jobs import Job
from portal.cycles import body
from portal.cycles.body import Criterion
from portal.cycles.models import RulesEdition
from portal.places.models import Community
from portal.plans.models import Item, Plan
from portal.screening import columns, policy, words
from portal.screening.columns import Layout, Strategies
from portal.screening.judging import Standing
from portal.screening.models import CardAnswer, Case, Sheet
from portal.screening.queries.alignment import strategy_trees
from portal.screening.queries.dockets import dockets
from portal.screening.queries.workbench import merge_targets_among
from portal.strategy import queries as strategy

CHUNK = 500  # cases looked at together
SHOWN_SHEETS = 10


@dataclass(frozen=True)
class Frame:
    """What all rows of a workbook share: its columns, the criteria of each edition, the year, and which strategies (by
    column) are in force."""

    layout: Layout
    criteria: Mapping[int, tuple[Criterion, ...]]
    fiscal_year: int
    has_tree: Mapping[str, bool]


def frame_of(cycle: Any) -> Frame:
    """The frame of a cycle's workbooks, in the language of the moment: the criteria of every edition its cases are judged
    by (the newest wording), and the strategies in force. Three queries."""
    used = sa.select(Case.edition_id).join(Plan, Plan.id == Case.plan_id).where(Plan.cycle_id == cycle.id)
    editions = db.session().execute(
        sa.select(RulesEdition.id, RulesEdition.body)
        .where(RulesEdition.cycle_id == cycle.id, RulesEdition.id.in_(used))
        .order_by(RulesEdition.number)
    )
    criteria = {
        row.id: tuple(Criterion(**one) for one in body.read(row.body)["criteria"]) for row in editions
    }
    newest = {one.key: one for asked in criteria.values() for one in asked}
    ordered = sorted(newest.values(), key=lambda one: one.group != "formal")
    trees = strategy_trees(cycle.district_id, cycle.fiscal_year)
    rows = strategy.nodes_of([number for ids in trees.values() for number in ids])
    lines = (_labels([row for row in rows if row.tree_id in trees[which]]) for which in columns.NODES)
    layout = Layout(tuple(ordered), Strategies(*lines))
    return Frame(layout, criteria, cycle.fiscal_year, {which: bool(trees[which]) for which in columns.NODES})


def _labels(rows: Iterable[Any]) -> dict[str, int]:
    labels: dict[str, int] = {}
    for row in rows:
        label = thai.normalise(f"{row.number} {row.title}").strip()
        labels[label if label not in labels else f"{label} ({row.id})"] = row.id
    return labels


def workbook_of(actor: Actor, cycle: Any, case_ids: Sequence[int]) -> bytes:
    """The cases as a workbook in the language of the moment, with sheets that explain it in both languages."""
    frame = frame_of(cycle)
    filled = sheets.Sheet(
        columns.sheet_name(),
        frame.layout.columns,
        _rows(actor, frame, case_ids),
        lead=(
            _(
                "Screening of community items, %(year)s",
                year=thai.fiscal_year_text(cycle.fiscal_year, language()),
            ),
            _(
                "Fill in only the green columns. The sheet “%(sheet)s” explains them.",
                sheet=columns.guide_name(),
            ),
        ),
        is_protected=True,
    )
    return sheets.workbook([filled, *columns.guides()], title=_("Screening of community items"))


def _rows(actor: Actor, frame: Frame, case_ids: Sequence[int]) -> Iterator[list[Any]]:
    for start in range(0, len(case_ids), CHUNK):
        known = standings(actor, frame, case_ids[start : start + CHUNK])
        for case_id in case_ids[start : start + CHUNK]:
            if case_id in known:
                yield _line(frame.layout, known[case_id])


def _line(layout: Layout, standing: Standing) -> list[Any]:
    docket, item = standing.docket, standing.item
    facts = {
        "case_id": docket.case.id,
        "version": docket.case.version_id,
        "fingerprint": columns.fingerprint(standing.values, item.version_id),
        "item_id": docket.case.item_id,
        "community": item.community,
        "title": docket.item_title,
        "what": "\n".join(text for text in (item.problem, item.proposal) if text),
        "asked_satang": docket.asked_satang,
        "state": str(words.STATES[docket.state]),
        "due_on": thai.day_text(docket.case.due_on, language()),
    }
    return [
        facts[one.key] if one.key in facts else layout.cell(one, standing.values.get(one.key, ""))
        for one in layout.columns
    ]


def standings(
    actor: Actor, frame: Frame, case_ids: Sequence[int], merge_ids: Iterable[int] = ()
) -> dict[int, Standing]:
    """What the portal knows of cases now, by id; at most :data:`CHUNK` at once. ``merge_ids``: items that rows want to
    merge others into. Cases of other cycles and other districts' desks are left out. Three queries, four with them."""
    found = [
        one
        for one in dockets(actor, case_ids)
        if policy.can_see(actor, one) and one.case.edition_id in frame.criteria
    ]
    if not found:
        return {}
    cards: dict[int, dict[str, Any]] = {}
    for row in db.session().execute(
        sa.select(CardAnswer.case_id, CardAnswer.criterion, CardAnswer.answer, CardAnswer.reason).where(
            CardAnswer.case_id.in_(case_ids)
        )
    ):
        cards.setdefault(row.case_id, {})[row.criterion] = (row.answer, row.reason)
    items = _items([one.case.item_id for one in found])
    targets = merge_targets_among(found[0].cycle_id, merge_ids)
    known = {}
    for one in found:
        criteria = frame.criteria[one.case.edition_id]
        card = cards.get(one.case.id, {})
        known[one.case.id] = Standing(
            docket=one,
            item=items[one.case.item_id],
            criteria=criteria,
            card=card,
            values=columns.values_of(one.case, card, one.proposal or one.decision, criteria),
            fiscal_year=frame.fiscal_year,
            has_tree=frame.has_tree,
            merge_targets=targets,
            may_screen=policy.can_screen(actor, one),
        )
    return known


def _items(item_ids: Sequence[int]) -> dict[int, Any]:
    rows = db.session().execute(
        sa.select(Item.id, Item.version_id, Item.problem, Item.proposal, Community.name.label("community"))
        .join(Plan, Plan.id == Item.plan_id)
        .join(Community, Community.id == Plan.community_id)
        .where(Item.id.in_(item_ids))
    )
    return {row.id: row for row in rows}


# -- workbooks that came back -----------------------------------------------------------------------------------------


def sheet(actor: Actor, sheet_id: int, *, hold: bool = False) -> Sheet:
    """A workbook that came back to a desk this actor works at. Raises NotFound."""
    found = db.get_for_update(Sheet, sheet_id) if hold else db.session().get(Sheet, sheet_id)
    if found is None or not any(actor.may(duty, district_id=found.district_id) for duty in policy.DUTIES):
        raise NotFound
    return found


def sheet_like(cycle_id: int, sha256: str) -> Sheet | None:
    """The workbook of a cycle with this very content."""
    return db.session().scalar(sa.select(Sheet).where(Sheet.cycle_id == cycle_id, Sheet.sha256 == sha256))


def content_of(sheet_id: int) -> bytes:
    """The file as it came."""
    return db.session().scalars(sa.select(Sheet.content).where(Sheet.id == sheet_id)).one()


def sheets_of(cycle_id: int) -> list[Any]:
    """The newest workbooks of a cycle: id, name, uploaded_at, applied_at, written, by (a name)."""
    return list(
        db.session().execute(
            sa.select(
                Sheet.id,
                Sheet.name,
                Sheet.uploaded_at,
                Sheet.applied_at,
                Sheet.written,
                Person.display_name.label("by"),
            )
            .join(Person, Person.id == Sheet.uploaded_by)
            .where(Sheet.cycle_id == cycle_id)
            .order_by(Sheet.id.desc())
            .limit(SHOWN_SHEETS)
        )
    )


def jobs_of(found: Sheet) -> tuple[Job | None, Job | None]:
    """The job that compared a workbook last, and the one that writes it."""
    ids = [number for number in (found.preview_job_id, found.apply_job_id) if number is not None]
    rows = {job.id: job for job in db.session().scalars(sa.select(Job).where(Job.id.in_(ids)))}
    return rows.get(found.preview_job_id or 0), rows.get(found.apply_job_id or 0)
