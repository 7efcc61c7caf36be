"""Contracting processes of the story, step by step, with their observers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.comments import commands as comments
from portal.comments.models import Comment, Purpose
from portal.core import clock, db
from portal.core.actor import Actor
from portal.demo.stage import Stage
from portal.procurement import commands as procurement
from portal.procurement import queries
from portal.procurement.commands.processes import ProcessData
from portal.procurement.commands.stepping import StepPlan
from portal.procurement.commands.warning import Override
from portal.procurement.models import Process, Step, StepKind
from portal.procurement.settling import Outcome

OCID_PREFIX = "ocds-213czf"
OFFICE = "ฝ่ายการคลัง"
SIGNED = Override("ทำตามวันที่ในประกาศจริง ระบบแสดงคำเตือนไว้ให้ตรวจสอบ", "หัวหน้าฝ่ายการคลัง (ตัวอย่าง)")


class Purchase:
    """One process on the stage."""

    def __init__(self, stage: Stage, project_ids: Sequence[int], data: ProcessData, at: dt.datetime) -> None:
        self.stage = stage
        with stage.at(at):
            made = procurement.create_process(
                self.officer, list(project_ids), data, ocid_prefix=OCID_PREFIX, override=SIGNED
            )
            self.id = made.id
            self.topic_id = made.topic_id

    @property
    def officer(self) -> Actor:
        """Who buys."""
        return self.stage.cast.actor("procurement")

    def step(self, kind: StepKind) -> Step:
        """One of the sixteen."""
        return (
            db.session().scalars(sa.select(Step).where(Step.process_id == self.id, Step.kind == kind)).one()
        )

    def step_id(self, kind: StepKind) -> int:
        """Its id."""
        with db.transaction("read"):
            return self.step(kind).id

    def do(self, kind: StepKind, at: dt.datetime, *, on: dt.date | None = None, **settles: Any) -> None:
        """The step happened on the day of ``at``, or on the earlier day ``on`` and is entered late."""
        with self.stage.at(at):
            procurement.do_step(
                self.officer, self.step(kind), on or clock.day_of(at), Outcome(**settles), override=SIGNED
            )

    def plan(self, kind: StepKind, day: dt.date, at: dt.datetime, *, hour: int = 10, places: int = 5) -> None:
        """The step is to happen on a day, at the district office."""
        with self.stage.at(at):
            procurement.plan_step(
                self.officer,
                self.step(kind),
                StepPlan(day, meets=dt.time(hour), place="ห้องประชุมสำนักงานเขตดุสิต", observer_places=places),
                override=SIGNED,
            )

    def plan_window(
        self, kind: StepKind, day: dt.date, ends_on: dt.date, at: dt.datetime, reason: str = ""
    ) -> None:
        """The step is to last some days; ``reason`` where it is later than planned before."""
        with self.stage.at(at):
            plan = StepPlan(day, ends_on=ends_on, reason=reason)
            procurement.plan_step(self.officer, self.step(kind), plan, override=SIGNED)

    def show_draft(self, text: str, at: dt.datetime, ends_on: dt.date, changes: str = "") -> None:
        """The draft terms are open to remarks, for the first time or with what changed."""
        with self.stage.at(at):
            process = db.session().get_one(Process, self.id)
            procurement.publish_draft(self.officer, process, text, ends_on, changes=changes, override=SIGNED)

    def name_tenderers(self, offers: Sequence[tuple[str, int]], at: dt.datetime) -> None:
        """Who offered."""
        with self.stage.at(at):
            named = [procurement.Offer(name, satang) for name, satang in offers]
            procurement.record_tenderers(self.officer, db.session().get_one(Process, self.id), named)

    def divide(self, parts: Sequence[tuple[str, int, dt.date]], at: dt.datetime) -> None:
        """What is left of the only contract is delivered in parts."""
        with self.stage.at(at):
            (contract,) = queries.contracts_of(self.id)
            planned = [procurement.Part(what, satang, due_on) for what, satang, due_on in parts]
            procurement.divide_contract(self.officer, contract, contract.version_id, planned)

    def settle(self, number: int, at: dt.datetime, **given: Any) -> None:
        """The part is delivered, accepted or paid, whatever comes next."""
        with self.stage.at(at):
            part = queries.instalments_of(self.id)[number - 1]
            procurement.settle_instalment(self.officer, part, clock.day_of(at), override=SIGNED, **given)

    def amend(self, ends_on: dt.date, reason: str, at: dt.datetime) -> None:
        """The only contract lasts longer."""
        with self.stage.at(at):
            (contract,) = queries.contracts_of(self.id)
            data = procurement.AmendmentData(clock.day_of(at), contract.amount_satang, ends_on, reason)
            procurement.amend_contract(self.officer, contract, data)

    def remark(self, part: str, words: str, clause: str, at: dt.datetime) -> int:
        """A resident speaks on the draft terms."""
        with self.stage.at(at):
            made = comments.post(
                self.stage.cast.actor(part), self.topic_id, words, purpose=Purpose.DRAFT_TOR, clause=clause
            )
            return made.id

    def answer(self, words: str, at: dt.datetime) -> None:
        """One answer for every remark that waits."""
        with self.stage.at(at):
            waiting = list(
                db.session().scalars(
                    sa.select(Comment.id).where(Comment.topic_id == self.topic_id, Comment.reply_id.is_(None))
                )
            )
            comments.answer(self.officer, waiting, words, OFFICE)

    def close(self, at: dt.datetime) -> None:
        """All is paid."""
        with self.stage.at(at):
            procurement.close_process(self.officer, db.session().get_one(Process, self.id))

    def cancel(self, reason: str, at: dt.datetime) -> None:
        """Called off."""
        with self.stage.at(at):
            procurement.cancel_process(self.officer, db.session().get_one(Process, self.id), reason)
