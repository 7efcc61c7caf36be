"""Forms of the paper: the desk that hands it out, the counting of the boxes, the third look, the sample."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.voting.models import MOST_SHEETS
from portal.web.forms import CountField, MaxLength, PortalForm, Required


class PaperDeskForm(PortalForm):
    """Whom a sheet is handed to, by the number on the card they show. ``act``: find, hand, exchange, back."""

    number = StringField(
        _l("Number of the identity card"),
        [Required(), MaxLength(30)],
        description=_l(
            "13 digits, from the card the person shows you. The number is hashed at once and never kept."
        ),
    )
    reason = StringField(_l("Why the sheet comes back"), [MaxLength(300)])


class BatchForm(PortalForm):
    """A batch of counted and numbered sheets."""

    area = RadioField(_l("Area printed on the sheets"), [Required()])
    desk = StringField(_l("Where the box stood"), [Required(), MaxLength(200)])
    declared = CountField(
        _l("Sheets in the batch"),
        [Required()],
        high=MOST_SHEETS,
        description=_l("Counted twice by hand, at most 200. Split a larger pile into two batches."),
    )

    district = RadioField(_l("District in which the box stood"), validate_choice=False)

    def offer(self, choices: list[tuple[str, str]], districts: list[tuple[str, str]]) -> None:
        """The areas to choose from; the only one is chosen. ``districts``: the clerk's own, asked for only where the area
        does not tell."""
        self.district.choices = [SelectChoice(code, name) for code, name in districts]
        self.area.choices = [SelectChoice(code, name) for code, name in choices]
        if len(choices) == 1 and not self.area.data:
            self.area.data = choices[0][0]


class KeyForm(PortalForm):
    """One sheet."""

    sheet = CountField(_l("Sheet"), [Required()], high=MOST_SHEETS)
    keyed = StringField(_l("What is marked on it"), [Required(_l("Type what the sheet shows, then Enter."))])


class SettleForm(PortalForm):
    """The third look at one sheet."""

    sheet = HiddenField()
    keyed = StringField(_l("What the sheet says"), [Required(), MaxLength(400)])
    reason = StringField(_l("What you see on it"), [Required(), MaxLength(500)])


class ExplainForm(PortalForm):
    """Why the boxes hold other than what was handed out."""

    area = HiddenField()
    reason = TextAreaField(_l("Why"), [Required(), MaxLength(500)])


class CompareForm(PortalForm):
    """One sheet of the sample, read off the paper."""

    sheet = HiddenField()
    keyed = StringField(_l("What is marked on it"), [Required(_l("Type what the sheet shows, then Enter."))])
    note = StringField(_l("What the sheet shows"), [MaxLength(500)])
