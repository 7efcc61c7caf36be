"""What is typed to open a cycle, to propose its rules and to send them back."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)

from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.cycles import body as bodies
from portal.cycles import words
from portal.cycles.models import PhaseKind
from portal.web.forms import BahtField, CountField, DayField, FieldList, MaxLength, PortalForm, Required

DAY = dt.timedelta(days=1)


def _choices(names: Mapping[str, object]) -> list[SelectChoice]:
    return [SelectChoice(key, str(label)) for key, label in names.items()]


class OpenForm(PortalForm):
    """A district and a fiscal year."""

    district_id = SelectField(_l("District"), coerce=int)
    fiscal_year = CountField(
        _l("Fiscal year"), [Required()], high=9999, description=_l("In the Buddhist Era, such as 2571")
    )


class CriterionForm(Form):
    """One question of the criteria card; without a Thai text it is left out."""

    class Meta(PortalForm.Meta):
        csrf = False

    key = HiddenField()
    group = SelectField(_l("Part of the check"), choices=lambda: _choices(words.GROUPS))
    text_th = StringField(_l("In Thai"), [MaxLength(300)])
    text_en = StringField(_l("In English"), [MaxLength(300)])
    is_correctable = BooleanField(_l("The community may correct it"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Both languages or neither."""
        is_valid: bool = super().validate(*args, **kwargs)
        if is_valid and self.text_th.data and not self.text_en.data:
            self.text_en.errors = [_("Write it in English too.")]
            return False
        if is_valid and self.text_en.data and not self.text_th.data:
            self.text_th.errors = [_("Write it in Thai too.")]
            return False
        return is_valid


class RulesForm(PortalForm):
    """Every rule of a cycle. Phases have a first and a last day each; both belong to the phase."""

    KINDS: ClassVar[tuple[PhaseKind, ...]] = tuple(PhaseKind)

    community_ceiling_satang = BahtField(words.FACTS["money.community_ceiling_satang"], [Required()])
    envelope_satang = BahtField(
        words.FACTS["money.envelope_satang"],
        description=_l("Leave it empty while the council has not decided."),
    )
    forum_budget_satang = BahtField(words.FACTS["money.forum_budget_satang"], [Required()])
    plan_budget_satang = BahtField(words.FACTS["money.plan_budget_satang"], [Required()])
    min_forums = CountField(words.FACTS["minimum.forums"], [Required()], high=20)
    min_sides = CountField(words.FACTS["minimum.sides"], [Required()], high=5)
    requires_review = BooleanField(words.FACTS["minimum.review"])
    screening_working_days = CountField(
        words.FACTS["deadlines.screening_working_days"], [Required()], high=999
    )
    correction_days = CountField(words.FACTS["deadlines.correction_days"], [Required()], high=999)
    appeal_days = CountField(
        words.FACTS["deadlines.appeal_days"],
        [Required()],
        high=999,
        description=_l(
            "A community may appeal until the phase for appeals ends, or for so many days after the release if that is later."
        ),
    )
    release = RadioField(words.FACTS["release"], [Required()], choices=lambda: _choices(words.RELEASES))
    voting_rule = StringField(
        words.FACTS["voting_rule"],
        [MaxLength(60)],
        description=_l(
            "The name of the rule, only when the cycle has a vote. The round itself is prepared at the voting desk."
        ),
    )
    criteria = FieldList(FormField(CriterionForm), _l("Criteria"), min_entries=1, max_entries=40)
    reason = TextAreaField(
        _l("Why these rules"),
        [Required(), MaxLength(500)],
        description=_l("Published with the rules. For a change: what is changed and why."),
    )

    def __init__(
        self, *args: Any, begun: dict[PhaseKind, bodies.Window] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.begun = begun or {}
        for kind in bodies.REQUIRED_PHASES:
            for field in self.edges(kind):
                field.flags.required = True

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """A phase has both days or, where it may be left out, none."""
        is_valid: bool = super().validate(*args, **kwargs)
        for kind in self.KINDS:
            first, last = self.edges(kind)
            for field, other in ((first, last), (last, first)):
                is_due = other.data or kind in bodies.REQUIRED_PHASES
                if kind not in self.begun and field.data is None and is_due and not field.errors:
                    field.errors = [_("Give this phase its dates.")]
                    is_valid = False
        return is_valid

    def edges(self, kind: PhaseKind) -> tuple[Any, Any]:
        """The fields of a phase's first and last day."""
        return self[f"{kind.value}_from"], self[f"{kind.value}_to"]

    def last_begun(self, kind: PhaseKind) -> dt.date:
        """The last day of a phase that has begun, whatever was typed."""
        return clock.day_of(self.begun[kind][1] - dt.timedelta(microseconds=1))

    def body(self, fiscal_year: int, last_own: int = 0) -> bodies.Body:
        """The rules as typed. Phases that have begun keep their windows to the minute. ``last_own``: as
        :func:`portal.cycles.queries.last_own_criterion`; new criteria count on from it."""
        phases = dict(self.begun)
        for kind in self.KINDS:
            first, last = self.edges(kind)
            if kind not in phases and first.data and last.data:
                phases[kind] = (clock.at(first.data), clock.at(last.data + DAY))
        criteria = [entry.form for entry in self.criteria if entry.form.text_th.data]
        numbers = itertools.count(last_own + 1)
        return {
            "format": bodies.FORMAT,
            "fiscal_year": fiscal_year,
            "phases": bodies.phase_entries(phases),
            "money": {name: self[name].data or 0 for name in bodies.MONEY},
            "minimum": {
                "forums": self.min_forums.data,
                "sides": self.min_sides.data,
                "review": bool(self.requires_review.data),
            },
            "criteria": [
                {
                    "key": entry.key.data or bodies.own_key(next(numbers)),
                    "group": entry.group.data,
                    "text_th": entry.text_th.data,
                    "text_en": entry.text_en.data,
                    "is_correctable": bool(entry.is_correctable.data),
                }
                for entry in criteria
            ],
            "deadlines": {name: self[name].data for name in bodies.DEADLINES},
            "release": self.release.data,
            "voting_rule": self.voting_rule.data or None,
        }


for _kind in PhaseKind:
    setattr(RulesForm, f"{_kind.value}_from", DayField(_l("First day")))
    setattr(RulesForm, f"{_kind.value}_to", DayField(_l("Last day")))


def typed(body: bodies.Body) -> dict[str, Any]:
    """A body as the form's first data; the last criterion is an empty line for one of one's own."""
    data: dict[str, Any] = {}
    for kind, (starts_at, ends_at) in bodies.windows(body).items():
        data[f"{kind.value}_from"] = clock.day_of(starts_at)
        data[f"{kind.value}_to"] = clock.day_of(ends_at - dt.timedelta(microseconds=1))
    return {
        **data,
        **body["money"],
        "envelope_satang": body["money"]["envelope_satang"] or None,
        "min_forums": body["minimum"]["forums"],
        "min_sides": body["minimum"]["sides"],
        "requires_review": body["minimum"].get("review", False),
        **body["deadlines"],
        "release": body["release"],
        "voting_rule": body["voting_rule"],
        "criteria": [*body["criteria"], {"group": "merit"}],
    }


class ConfirmForm(PortalForm):
    """Nothing but the tokens."""


class SendBackForm(PortalForm):
    """What must change."""

    note = TextAreaField(_l("What must change"), [Required(), MaxLength(500)])
