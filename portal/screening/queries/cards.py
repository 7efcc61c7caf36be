"""A released decision with its criteria card, as everybody may read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import clock, db
from portal.cycles import body
from portal.cycles.body import Criterion
from portal.cycles.models import RulesEdition
from portal.plans.models import Item
from portal.screening import words
from portal.screening.models import Answer, Appeal, CardAnswer, Case, Decision
from portal.screening.queries.released import shown_decisions


@dataclass(frozen=True)
class Line:
    """One criterion of the card with its answer (None: not asked any more when the decision was made)."""

    criterion: Criterion
    answer: Answer | None
    reason: str

    @property
    def label(self) -> object:
        """The answer in words."""
        return words.ANSWERS[self.answer] if self.answer is not None else words.NOT_ASKED

    @property
    def tone(self) -> str:
        """The answer's tone."""
        return words.ANSWER_TONES[self.answer] if self.answer is not None else "grey"


@dataclass(frozen=True)
class PublicCard:
    """A released decision as everybody may read it: the card, what was decided, by whom, when, under which rules."""

    decision: Any
    lines: tuple[Line, ...]
    edition_number: int
    edition_sha256: str
    cycle_id: int
    appeals_until: dt.datetime
    appeal: Any | None
    merged_into: str | None

    @property
    def outcome_label(self) -> object:
        """The outcome in words."""
        return words.OUTCOMES[self.decision.outcome]

    @property
    def outcome_tone(self) -> str:
        """The outcome's tone."""
        return words.OUTCOME_TONES[self.decision.outcome]

    @property
    def first_outcome_label(self) -> object:
        """What was decided before the appeal."""
        return words.OUTCOMES[self.decision.first_outcome]

    @property
    def reason_label(self) -> object:
        """The reason code in words."""
        return words.REASONS.get(self.decision.reason_code, words.REASONS["other"])

    @property
    def appeal_outcome_label(self) -> object:
        """What the appeal came to; empty while it is looked at."""
        outcome = self.decision.appeal_outcome
        return "" if outcome is None else words.APPEAL_OUTCOMES[outcome]

    @property
    def is_appeal_open(self) -> bool:
        """Whether the community may still appeal."""
        return self.appeal is None and clock.now() < self.appeals_until


def public_card(item_id: int) -> PublicCard | None:
    """The released decision about an item with its card; None before release. Two queries."""
    proposer, confirmer = sa.orm.aliased(Person), sa.orm.aliased(Person)
    first, target = sa.orm.aliased(Decision), sa.orm.aliased(Item)
    now = clock.now()
    row = (
        db.session()
        .execute(
            shown_decisions()
            .add_columns(
                Decision.proposed_at,
                Decision.confirmed_at,
                proposer.display_name.label("proposer"),
                proposer.position.label("proposer_post"),
                confirmer.display_name.label("confirmer"),
                confirmer.position.label("confirmer_post"),
                Case.appeals_until,
                Case.released_at.label("first_released_at"),
                Appeal.grounds.label("appeal_grounds"),
                Appeal.filed_at.label("appeal_filed_at"),
                sa.case((Appeal.released_at <= now, Appeal.outcome), else_=None).label("appeal_outcome"),
                first.outcome.label("first_outcome"),
                first.reason.label("first_reason"),
                target.kept_title.label("merged_into"),
                RulesEdition.cycle_id,
                RulesEdition.number.label("edition_number"),
                RulesEdition.sha256.label("edition_sha256"),
                RulesEdition.body.label("edition_body"),
            )
            .join(RulesEdition, RulesEdition.id == Case.edition_id)
            .join(proposer, proposer.id == Decision.proposed_by)
            .join(confirmer, confirmer.id == Decision.confirmed_by)
            .join(first, first.id == Case.decision_id)
            .outerjoin(target, target.id == Decision.merge_into_item_id)
            .where(Case.item_id == item_id)
        )
        .first()
    )
    if row is None:
        return None
    given = {
        answer.criterion: answer
        for answer in db.session().execute(
            sa.select(CardAnswer.criterion, CardAnswer.answer, CardAnswer.reason).where(
                CardAnswer.case_id == row.case_id
            )
        )
    }
    criteria = (Criterion(**one) for one in body.read(row.edition_body)["criteria"])
    return PublicCard(
        decision=row,
        lines=tuple(
            Line(one, given[one.key].answer, given[one.key].reason)
            if one.key in given
            else Line(one, None, "")
            for one in criteria
        ),
        edition_number=row.edition_number,
        edition_sha256=row.edition_sha256,
        cycle_id=row.cycle_id,
        appeals_until=row.appeals_until,
        appeal=row if row.was_appealed else None,
        merged_into=row.merged_into,
    )
