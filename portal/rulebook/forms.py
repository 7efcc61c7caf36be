"""What the strategy office types."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField

from portal.core.i18n import lazy_gettext as _l
from portal.rulebook.licences import LICENCES
from portal.rulebook.models import HolidayKind
from portal.rulebook.words import HOLIDAY_KINDS
from portal.web.forms import BahtField, CountField, DayField, MaxLength, PortalForm, Required


class ValueForm(PortalForm):
    """A figure in days or as a number."""

    value = CountField(_l("New value"), [Required()], high=1_000_000)
    valid_from = DayField(_l("In force from"), [Required()])
    source = StringField(
        _l("Source"),
        [Required(), MaxLength(500)],
        description=_l("Name, year and clause of the law or order."),
    )
    is_verified = BooleanField(_l("I have read this figure in the text of the source"))

    def facts(self) -> dict[str, Any]:
        """What the command takes."""
        return {
            "value": self.value.data,
            "valid_from": self.valid_from.data,
            "source": self.source.data,
            "is_verified": self.is_verified.data,
        }


class AmountForm(ValueForm):
    """A figure in baht."""

    value = BahtField(_l("New value"), [Required()])


class LicenceForm(ValueForm):
    """A licence by its number."""

    value = SelectField(
        _l("New value"),
        [Required()],
        coerce=int,
        choices=[SelectChoice(number, licence.name) for number, licence in LICENCES.items()],
    )


class HolidayForm(PortalForm):
    """One exceptional day."""

    on = DayField(_l("Day"), [Required()])
    kind = RadioField(
        _l("Kind of day"),
        [Required()],
        choices=lambda: [SelectChoice(kind.value, str(label)) for kind, label in HOLIDAY_KINDS.items()],
        default=HolidayKind.SPECIAL_HOLIDAY.value,
    )
    name_th = StringField(_l("Name in Thai"), [Required(), MaxLength(200)])
    name_en = StringField(_l("Name in English"), [Required(), MaxLength(200)])
    source = StringField(_l("Source"), [Required(), MaxLength(500)])

    def facts(self) -> dict[str, Any]:
        """What the command takes."""
        return {
            "on": self.on.data,
            "kind": HolidayKind(self.kind.data),
            "name_th": self.name_th.data,
            "name_en": self.name_en.data,
            "source": self.source.data,
        }


class RemoveForm(PortalForm):
    """Why a day is taken out."""

    reason = StringField(_l("Reason"), [Required(), MaxLength(500)])
