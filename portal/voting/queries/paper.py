"""Ballots of paper as they are handed out, accounted for and compared once more."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from portal.core import db, hashing
from portal.core.actor import Actor, Permission
from portal.core.errors import Invalid, NotAllowed
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.places.models import Community
from portal.voting import rollkeys
from portal.voting.models import (
    Area,
    BatchState,
    InPersonTag,
    PaperAccount,
    PaperBatch,
    PaperCheck,
    PaperHandout,
    PaperKeying,
    PaperRuling,
    PaperSheet,
    RollEntry,
    Round,
    RoundResult,
    Verdict,
)
from portal.voting.queries import ballots, batches

SAMPLE = (
    59  # without a fault among so many, fewer than 5 in 100 sheets are wrong, with a certainty of 95 in 100
)
INVALID = [one for one in Verdict if one not in (Verdict.VALID, Verdict.MISSING)]


@dataclass
class AreaAccount:
    """The paper of one area. ``handed`` went out, ``returned`` of them came back unused, ``exchanged`` were spoiled and
    replaced; ``verdicts`` count the sheets of batches that were entered, ``waiting`` those of batches that are not.
    ``is_shared``: people of other districts are counted in this area as well, and these figures leave them out."""

    area: Any
    handed: int = 0
    returned: int = 0
    exchanged: int = 0
    waiting: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    account: PaperAccount | None = None
    is_shared: bool = False

    @property
    def out(self) -> int:
        """Sheets that people have."""
        return self.handed - self.returned

    @property
    def found(self) -> int:
        """Sheets that lay in the boxes."""
        return self.verdicts.total() - self.missing

    @property
    def missing(self) -> int:
        return self.verdicts[Verdict.MISSING.value]

    @property
    def valid(self) -> int:
        return self.verdicts[Verdict.VALID.value]

    @property
    def invalid(self) -> int:
        return self.found - self.valid

    @property
    def difference(self) -> int:
        """Sheets that did not come back; below zero where the boxes held more than were handed out."""
        return self.out - self.found

    @property
    def is_explained(self) -> bool:
        return not self.difference or (
            self.account is not None and self.account.difference == self.difference
        )


def areas(round_id: int) -> list[Any]:
    """Publication areas: id, code, name_th, name_en."""
    return list(
        db.session().execute(
            sa.select(Area.id, Area.code, Area.name_th, Area.name_en)
            .where(Area.round_id == round_id)
            .order_by(Area.code)
        )
    )


def person_found(actor: Actor, round_: Round, number: str) -> Any:
    """The row of the roll behind the number of an identity card: entry_id, area_id, area_th, area_en, community, paper_on,
    exchanged, handed_on. Raises Invalid that says what to do, NotAllowed for another district's people."""
    digits = rollkeys.citizen_number(number)
    if digits is None:
        raise Invalid({"number": _("These are not the 13 digits of an identity card.")})
    key = rollkeys.person_key(round_.id, digits)
    row = (
        db.session()
        .execute(
            sa.select(
                RollEntry.id.label("entry_id"),
                RollEntry.district_id,
                RollEntry.struck_at,
                RollEntry.struck_reason,
                RollEntry.paper_on,
                RollEntry.area_id,
                Area.name_th.label("area_th"),
                Area.name_en.label("area_en"),
                Community.name.label("community"),
                PaperHandout.exchanged,
                PaperHandout.handed_on,
            )
            .join(Area, Area.id == RollEntry.area_id)
            .outerjoin(Community, Community.id == RollEntry.community_id)
            .outerjoin(
                PaperHandout,
                sa.and_(PaperHandout.roll_entry_id == RollEntry.id, PaperHandout.returned_on.is_(None)),
            )
            .where(RollEntry.round_id == round_.id, RollEntry.person_key == key)
        )
        .first()
    )
    if row is None:
        raise Invalid(
            {"number": _("Nobody with this number is on the roll. Compare the digits with the card.")}
        )
    if row.struck_at is not None:
        raise Invalid(
            {"number": _("This person was removed from the roll: %(reason)s", reason=row.struck_reason)}
        )
    if not actor.may(Permission.ROLL_KEEP, district_id=row.district_id):
        raise NotAllowed(_("This person votes in another district and must take a paper ballot there."))
    return row


def still_on_the_web(round_id: int) -> list[int]:
    """Rows of the roll that have a sheet of paper and may vote on the web all the same. Raises KeeperSilent."""
    session = db.session()
    on_paper = sa.select(RollEntry.id).where(RollEntry.round_id == round_id, RollEntry.paper_on.is_not(None))
    held = list(session.scalars(on_paper))
    aside = set(session.scalars(sa.select(InPersonTag.voter_tag).where(InPersonTag.round_id == round_id)))
    tags = ballots.voter_tags(round_id, held) if held else []
    return [one for one, tag in zip(held, tags, strict=True) if tag not in aside]


def accounts_seen(actor: Actor, round_: Round) -> list[AreaAccount]:
    """As :func:`accounts`, as far as the actor follows the paper: a district's clerk that of the district."""
    return accounts(round_.id, batches.districts_of_paper(actor, round_))


def accounts(round_id: int, districts: frozenset[int] | None = None) -> list[AreaAccount]:
    """The paper of each area of a round; with ``districts`` the areas of people there, and what was handed out and found
    in these districts."""
    handouts = sa.select(
        PaperHandout.area_id,
        sa.func.count().label("handed"),
        sa.func.count(PaperHandout.returned_on).label("returned"),
        sa.func.sum(PaperHandout.exchanged).label("exchanged"),
    ).where(PaperHandout.round_id == round_id)
    of_round: list[sa.ColumnElement[bool]] = [PaperBatch.round_id == round_id]
    areas_seen: list[sa.ColumnElement[bool]] = [Area.round_id == round_id]
    elsewhere: sa.ColumnElement[bool] = sa.false()
    if districts is not None:
        there = RollEntry.district_id.in_(sorted(districts))
        of_area = sa.select(RollEntry.id).where(RollEntry.area_id == Area.id)
        handouts = handouts.join(RollEntry, RollEntry.id == PaperHandout.roll_entry_id).where(there)
        of_round.append(PaperBatch.district_id.in_(sorted(districts)))
        areas_seen.append(of_area.where(there).exists())
        elsewhere = of_area.where(sa.not_(there)).exists()
    handed = handouts.group_by(PaperHandout.area_id).subquery()
    waiting = (
        sa.select(PaperBatch.area_id, sa.func.sum(PaperBatch.declared).label("sheets"))
        .where(*of_round, PaperBatch.state == BatchState.OPEN)
        .group_by(PaperBatch.area_id)
        .subquery()
    )
    rows = db.session().execute(
        sa.select(
            Area.id,
            Area.code,
            Area.name_th,
            Area.name_en,
            handed.c.handed,
            handed.c.returned,
            handed.c.exchanged,
            waiting.c.sheets.label("waiting"),
            elsewhere.label("is_shared"),
            PaperAccount,
        )
        .outerjoin(handed, handed.c.area_id == Area.id)
        .outerjoin(waiting, waiting.c.area_id == Area.id)
        .outerjoin(PaperAccount, PaperAccount.area_id == Area.id)
        .where(*areas_seen)
        .order_by(Area.code)
    )
    found = {
        row.id: AreaAccount(
            row,
            row.handed or 0,
            row.returned or 0,
            int(row.exchanged or 0),
            int(row.waiting or 0),
            account=row.PaperAccount,
            is_shared=bool(row.is_shared),
        )
        for row in rows
    }
    lain = (
        sa.select(PaperBatch.area_id, PaperSheet.verdict, sa.func.count().label("sheets"))
        .join(PaperSheet, PaperSheet.batch_id == PaperBatch.id)
        .where(*of_round)
        .group_by(PaperBatch.area_id, PaperSheet.verdict)
    )
    for area_id, verdict, sheets in db.session().execute(lain):
        if area_id in found:
            found[area_id].verdicts[verdict.value] = sheets
    return list(found.values())


def unsettled(round_id: int) -> list[str]:
    """What of the paper stands in the way of closing the board, in the words of the moment."""
    left = []
    open_batches = sa.select(PaperBatch).where(
        PaperBatch.round_id == round_id, PaperBatch.state == BatchState.OPEN
    )
    rows = list(db.session().scalars(open_batches.order_by(PaperBatch.number)))
    steps = batches.progress_of(rows)
    left += [_waits(steps[one.id].step, one.number) for one in rows]
    for one in accounts(round_id):
        if not one.waiting and not one.is_explained:
            name = one.area.name_en if language() == "en" else one.area.name_th
            left.append(
                _(
                    "%(area)s: %(out)s sheets were handed out and %(found)s were in the boxes. Say why.",
                    area=name,
                    out=one.out,
                    found=one.found,
                )
            )
    return left


def _waits(step: batches.Step, number: int) -> str:
    if step is batches.Step.KEYING:
        return _("Batch %(number)s is not yet keyed by two people.", number=number)
    if step is batches.Step.DIFFERENCES:
        return _("Batch %(number)s has differences that wait for a third look.", number=number)
    return _("Batch %(number)s is not yet among the ballots.", number=number)


def seed_of(round_id: int) -> str | None:
    """The public seed that draws the sample: the one that draws the order of equals. None before the count."""
    return db.session().scalar(
        sa.select(RoundResult.seed).where(
            RoundResult.round_id == round_id, RoundResult.counted_at.is_not(None)
        )
    )


@dataclass(frozen=True)
class Sampled:
    """A sheet of the sample by what is written on it, and the comparison if it was made."""

    number: str
    batch_id: int
    sheet: int
    check: PaperCheck | None = None


def sample(round_id: int) -> list[Sampled]:
    """Sheets to be compared before certification, drawn by the public seed: those with the smallest SHA-256 of the seed, a
    bar and their number. All of them where there are no more than :data:`SAMPLE`. Empty before the count."""
    rows = db.session().execute(
        sa.select(RoundResult.seed, PaperBatch.number, PaperSheet.batch_id, PaperSheet.sheet, PaperCheck)
        .select_from(PaperBatch)
        .join(PaperSheet, PaperSheet.batch_id == PaperBatch.id)
        .join(RoundResult, RoundResult.round_id == PaperBatch.round_id)
        .outerjoin(
            PaperCheck,
            sa.and_(PaperCheck.batch_id == PaperSheet.batch_id, PaperCheck.sheet == PaperSheet.sheet),
        )
        .where(
            PaperBatch.round_id == round_id,
            PaperSheet.verdict != Verdict.MISSING,
            RoundResult.counted_at.is_not(None),
        )
    )
    by_hash = {hashing.sha256_hex(f"{row.seed}|{row.number}-{row.sheet:03d}"): row for row in rows}
    drawn = [by_hash[one] for one in sorted(by_hash)[:SAMPLE]]
    return [
        Sampled(f"{row.number}-{row.sheet:03d}", row.batch_id, row.sheet, row.PaperCheck)
        for row in sorted(drawn, key=lambda row: (row.number, row.sheet))
    ]


def left_to_compare(round_id: int) -> int:
    """How many sheets of the sample nobody has compared."""
    return sum(one.check is None for one in sample(round_id))


def compared(round_id: int) -> tuple[int, int]:
    """How many sheets of the sample were compared, and how many of them differed from what was entered."""
    row = (
        db.session()
        .execute(
            sa.select(sa.func.count(), sa.func.count(sa.case((PaperCheck.agrees.is_(False), 1))))
            .join(PaperBatch, PaperBatch.id == PaperCheck.batch_id)
            .where(PaperBatch.round_id == round_id)
        )
        .one()
    )
    return row[0], row[1]


def handled(batch_id: int) -> set[int]:
    """People who keyed sheets of a batch or looked at them a third time."""
    session = db.session()
    keyed = session.scalars(sa.select(PaperKeying.keyed_by).where(PaperKeying.batch_id == batch_id))
    ruled = session.scalars(sa.select(PaperRuling.decided_by).where(PaperRuling.batch_id == batch_id))
    return {*keyed, *ruled}


def summary(round_id: int) -> list[dict[str, Any]]:
    """What the result says of the paper, area by area; only areas that had any. It names no batch and no desk."""
    return [
        {
            "name_th": one.area.name_th,
            "name_en": one.area.name_en,
            **_figures(one),
            "reason": one.account.reason if one.account and one.difference else "",
        }
        for one in accounts(round_id)
        if one.handed or one.verdicts
    ]


def sheets(round_id: int) -> list[dict[str, Any]]:
    """The figures of :func:`summary` alone, as the closing head states them."""
    return [_figures(one) for one in accounts(round_id) if one.handed or one.verdicts]


def _figures(one: AreaAccount) -> dict[str, Any]:
    return {
        "code": one.area.code,
        "handed": one.handed,
        "returned": one.returned,
        "exchanged": one.exchanged,
        "found": one.found,
        "valid": one.valid,
        "invalid": {why.value: one.verdicts[why.value] for why in INVALID if one.verdicts[why.value]},
        "missing": one.missing,
        "difference": one.difference,
    }


def csv_of(told: list[dict[str, Any]]) -> str:
    """The same as a table."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    plain = ["handed", "returned", "exchanged", "found", "valid"]
    reasons = [one.value for one in INVALID]
    rows.writerow(["area", "name_th", "name_en", *plain, *reasons, "missing", "difference"])
    for one in told:
        why = defaultdict(int, one["invalid"])
        rows.writerow(
            [
                one["code"],
                tame(one["name_th"]),
                tame(one["name_en"]),
                *(one[name] for name in plain),
                *(why[name] for name in reasons),
                one["missing"],
                one["difference"],
            ]
        )
    return out.getvalue()


def tame(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
