"""Warnings of the rules: heeded, or overridden with a reason and a signer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.core import clock, db, ledger
from portal.core.actor import Actor
from portal.core.errors import Invalid
from portal.core.i18n import lazy_gettext as _l
from portal.procurement.models import Process, RuleOverride, Step
from portal.procurement.rules import Warned


@dataclass(frozen=True)
class Override:
    """Why somebody goes on, and who signed for it (a post, or a post and a name)."""

    reason: str
    signer: str


class RuleWarning(Invalid):
    """A rule of law would be broken. ``warnings`` says which; nothing was written."""

    def __init__(self, warnings: Sequence[Warned], fields: dict[str, object]) -> None:
        super().__init__(fields)
        self.warnings = tuple(warnings)


def heed_warnings(
    actor: Actor, process: Process, step: Step, warnings: Sequence[Warned], override: Override | None
) -> None:
    """Go on where nothing is broken, or where an override says why; it is kept for everyone to read.

    A warning that was overridden before in the same words needs no second reason. Raises RuleWarning.
    """
    known = (
        set(
            db.session().execute(
                sa.select(RuleOverride.rule, RuleOverride.warning).where(RuleOverride.step_id == step.id)
            )
        )
        if warnings
        else set()
    )
    new = [one for one in warnings if (one.rule.value, one.text()) not in known]
    if not new:
        return
    if override is None or not (override.reason.strip() or override.signer.strip()):
        raise RuleWarning(
            new,
            {
                "": _l(
                    "A rule would be broken. Change the date, or say below why you are going ahead and who signed."
                )
            },
        )
    missing: dict[str, object] = {
        name: _l("This must be filled in.")
        for name, given in (("override_reason", override.reason), ("override_signer", override.signer))
        if not given.strip()
    }
    if missing:
        raise RuleWarning(new, missing)
    for warned in new:
        kept = RuleOverride(
            step_id=step.id,
            rule=warned.rule.value,
            warning=warned.text(),
            reason=override.reason.strip(),
            signer=override.signer.strip()[:200],
            entered_by=actor.id,
            entered_at=clock.now(),
        )
        db.session().add(kept)
        db.session().flush()
        ledger.record(
            "process.rule_overridden",
            actor,
            "process",
            process.id,
            district_id=process.district_id,
            changes={
                "override": kept.id,
                "step": step.kind.value,
                "rule": kept.rule,
                "warning": kept.warning,
                "signer": kept.signer,
            },
            note=kept.reason,
        )
