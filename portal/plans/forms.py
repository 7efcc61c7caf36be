"""What people type about plans. Texts are plain; a budget line may stay empty, a half-filled one is named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import money, thai
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.forums import words as forum_words
from portal.forums.models import Side
from portal.plans import points, words
from portal.plans.content import ITEM_TEXTS, ItemData, LineData, quantity_text
from portal.plans.models import Way
from portal.web.forms import (
    BahtField,
    CountField,
    DayField,
    FieldList,
    MaxLength,
    PortalForm,
    Required,
    new_token,
)

FIRST_ROWS, MORE_ROWS = 2, 3  # most items have a line or two, and empty rows are long on a phone
MOST_ROWS = 60
_QUANTITY = re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})(?:\.([0-9]{1,3}))?")


class NeededToSign:
    """May be empty while the plan is written; the check-list asks for it before the plan is signed."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing is refused here."""


def _choices(names: Mapping[Any, object]) -> list[SelectChoice]:
    return [SelectChoice(key.value, str(label)) for key, label in names.items()]


class QuantityField(StringField):
    """How many, with at most three decimals, Thai digits welcome; ``data`` is in thousandths or None."""

    keeps_raw = True

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else quantity_text(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = thai.arabic_digits(str(valuelist[0])).strip() if valuelist else ""
        if not typed:
            return
        found = _QUANTITY.fullmatch(typed)
        if not found:
            raise ValidationError(_("Write a number such as 12 or 2.5."))
        self.data = int(found[1].replace(",", "")) * 1000 + int((found[2] or "").ljust(3, "0"))


class PointField(StringField):
    """A point on the map as maps give it, "13.77210, 100.51320", or a map's link; ``data`` is (latitude, longitude) or
    None."""

    keeps_raw = True

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data[0]:.6f}, {self.data[1]:.6f}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = thai.arabic_digits(str(valuelist[0])).strip() if valuelist else ""
        if not typed:
            return
        point = points.read(typed)
        if point is None:
            raise ValidationError(_("Write the point like 13.77210, 100.51320, or paste the link of a map."))
        if not points.is_in_bangkok(point):
            raise ValidationError(_("This point is not in Bangkok. Latitude comes first."))
        self.data = point


class VersionedForm(PortalForm):
    """A form that knows which version of the thing its page showed, and (``base``) what stood in each field then."""

    version = HiddenField()
    base = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version the page showed; 0 (which nothing has) for a damaged one."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def renew(self, version: int) -> None:
        """Make the page that is shown again a new form: its own token, and the version it shows."""
        self.form_token.data = new_token()
        self.version.data = str(version)
        self.version.raw_data = None


class PlanForm(VersionedForm):
    """The texts of a plan."""

    vision = TextAreaField(words.PARTS["vision"], [MaxLength(1500)])
    profile = TextAreaField(words.PARTS["profile"], [MaxLength(6000)])
    analysis = TextAreaField(words.PARTS["analysis"], [MaxLength(8000)])

    @property
    def parts(self) -> dict[str, str]:
        """The texts as the command takes them."""
        return {
            "vision": self.vision.data or "",
            "profile": self.profile.data or "",
            "analysis": self.analysis.data or "",
        }


class LineForm(Form):
    """One budget line; all empty means no line."""

    class Meta(PortalForm.Meta):
        csrf = False

    what = StringField(_l("What"), [MaxLength(200)])
    quantity = QuantityField(_l("How many"))
    unit = StringField(_l("Unit"), [MaxLength(60)])
    unit_price = BahtField(_l("Unit price"))

    @property
    def is_empty(self) -> bool:
        """Nothing was typed in this row."""
        return not any(
            (field.raw_data or [""])[0].strip() if field.raw_data else field.data for field in self
        )

    def validate(self, extra_validators: Any = None) -> bool:
        if self.is_empty:
            return True
        is_valid = bool(super().validate(extra_validators))
        for field in self:
            if not field.errors and field.data in (None, ""):
                field.errors = [_("Fill in this part of the line, or clear the whole line.")]
                is_valid = False
        if not self.quantity.errors and self.quantity.data == 0:
            self.quantity.errors = [_("A line needs a quantity above zero.")]
            is_valid = False
        return is_valid

    @property
    def line(self) -> LineData:
        """The line as the command takes it."""
        return LineData(
            self.what.data or "", self.unit.data or "", self.quantity.data or 0, self.unit_price.data or 0
        )


class ItemForm(VersionedForm):
    """Everything about one item."""

    title = StringField(words.PARTS["title"], [Required(), MaxLength(200)])
    side = RadioField(
        words.PARTS["side"],
        [Required()],
        choices=lambda: _choices(forum_words.SIDES),
    )
    other_sides = SelectMultipleField(
        words.PARTS["other_sides"],
        choices=lambda: _choices(forum_words.SIDES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    problem = TextAreaField(words.PARTS["problem"], [NeededToSign(), MaxLength(3000)])
    cause = TextAreaField(words.PARTS["cause"], [MaxLength(3000)])
    proposal = TextAreaField(words.PARTS["proposal"], [NeededToSign(), MaxLength(3000)])
    place = StringField(words.PARTS["place"], [NeededToSign(), MaxLength(500)])
    point = PointField(words.PARTS["point"])
    beneficiaries = CountField(words.PARTS["beneficiaries"], [NeededToSign()])
    beneficiary_groups = StringField(words.PARTS["beneficiary_groups"], [MaxLength(500)])
    objective = TextAreaField(words.PARTS["objective"], [NeededToSign(), MaxLength(3000)])
    indicator = TextAreaField(words.PARTS["indicator"], [NeededToSign(), MaxLength(3000)])
    way = RadioField(
        words.PARTS["way"],
        [Required()],
        choices=lambda: _choices(words.WAYS),
        default=Way.SUPPORT.value,
    )
    lines = FieldList(FormField(LineForm), words.PARTS["lines"], min_entries=FIRST_ROWS)

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        """As opened there is always a row to write into."""
        super().process(formdata, *args, **kwargs)
        if not self.is_submitted() and not self.lines.entries[-1].form.is_empty:
            self.lines.append_entry()

    def validate_lines(self, field: Any) -> None:
        """Not more rows than a page can show, nor money beyond any budget."""
        rows = [row.form.line for row in field.entries if not row.form.is_empty]
        if len(rows) > MOST_ROWS:
            raise ValidationError(_("An item holds at most %(most)s budget lines.", most=MOST_ROWS))
        if sum(row.amount_satang for row in rows) > money.LARGEST:
            raise ValidationError(_("The sum of the lines is larger than any budget."))

    def add_rows(self) -> None:
        """More empty rows below what is typed."""
        for _row in range(MORE_ROWS):
            self.lines.append_entry()

    @property
    def total_satang(self) -> int:
        """The sum of the rows that can be read."""
        return sum(row.form.line.amount_satang for row in self.lines.entries)

    @property
    def item(self) -> ItemData:
        """The item as the command takes it."""
        latitude, longitude = self.point.data or (None, None)
        return ItemData(
            side=Side(self.side.data),
            other_sides=frozenset(Side(one) for one in self.other_sides.data or ()) - {Side(self.side.data)},
            way=Way(self.way.data),
            latitude=latitude,
            longitude=longitude,
            beneficiaries=self.beneficiaries.data,
            lines=tuple(row.form.line for row in self.lines.entries if not row.form.is_empty),
            **{name: self[name].data or "" for name in ITEM_TEXTS},
        )


def values_of(data: ItemData) -> dict[str, Any]:
    """An item as the fields of :class:`ItemForm` hold it."""
    return {
        **{name: getattr(data, name) for name in (*ITEM_TEXTS, "beneficiaries")},
        "side": data.side.value,
        "other_sides": [side.value for side in Side if side in data.other_sides],
        "way": data.way.value,
        "point": None if data.latitude is None else (data.latitude, data.longitude),
        "lines": [
            {
                "what": line.what,
                "quantity": line.quantity_thousandths,
                "unit": line.unit,
                "unit_price": line.unit_price_satang,
            }
            for line in data.lines
        ],
    }


class ReviewForm(VersionedForm):
    """What becomes of one item of the earlier plan. Several stand on one page, so their fields carry the item's id."""

    mark = RadioField(
        _l("What becomes of it"),
        [Required(_l("Choose one of the four."))],
        choices=lambda: _choices(words.MARKS),
        default="",
    )
    reason = TextAreaField(_l("Why"), [Required(_l("Give a reason.")), MaxLength(500)])

    def __init__(self, item_id: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in (self.mark, self.reason):
            field.id = f"{field.short_name}-{item_id}"


class ReasonForm(PortalForm):
    """A reason that others will read."""

    reason = TextAreaField(_l("Reason"), [Required(), MaxLength(500)])


class NoteForm(PortalForm):
    """A word to the district, if one is needed."""

    note = TextAreaField(_l("Note to the district"), [MaxLength(1000)])


class SignForm(PortalForm):
    """A signature under what the page showed."""

    seen = HiddenField()


class PaperForm(SignForm):
    """A signature given on paper."""

    member = SelectField(_l("Who signed"), [Required()], coerce=int)
    file = FileField(_l("Scan of the signed paper"), [FileRequired(_l("Choose the scan."))])

    def offer(self, seats: Sequence[tuple[int, str]]) -> None:
        """The members who have not signed yet: (id, name and post)."""
        self.member.choices = [SelectChoice(number, name) for number, name in seats]


class HintForm(PortalForm):
    """A line of a strategy; nothing chosen takes the hint away."""

    node_id = RadioField(
        words.PARTS["strategy"],
        coerce=lambda typed: int(typed) if str(typed).isascii() and str(typed).isdigit() else None,
        validate_choice=False,
    )

    def offer(self, choices: Sequence[Any]) -> None:
        """The lines found (:class:`portal.strategy.queries.Choice`)."""
        self.node_id.choices = [SelectChoice(one.id, f"{one.number} {one.title}".strip()) for one in choices]


class AttachForm(PortalForm):
    """Pictures or PDFs of an item, one or several at once."""

    file = MultipleFileField(_l("Pictures or PDFs"), [FileRequired(_l("Choose a file."))])
    caption = StringField(_l("What it shows"), [MaxLength(500)])


class ReturnForm(PortalForm):
    """What is to be corrected, and by when. One reason per item is added by :func:`return_form`."""

    due_on = DayField(_l("To be corrected by"), [Required()])
    whole = TextAreaField(_l("About the plan as a whole"), [MaxLength(3000)])

    @property
    def last_day(self) -> dt.date:
        """The due day; only a validated form has one."""
        day: dt.date = self.due_on.data
        return day

    @property
    def reasons(self) -> dict[int | None, str]:
        """Reasons by item; None is the plan."""
        given: dict[int | None, str] = {None: self.whole.data or ""}
        for name, field in self._fields.items():
            if name.startswith("item_"):
                given[int(name.removeprefix("item_"))] = field.data or ""
        return given


def return_form(items: Sequence[Any], **values: Any) -> ReturnForm:
    """The form of a return with one field per item of the plan."""
    fields = {
        f"item_{item['id']}": TextAreaField(f"{item['rank']}. {item['title']}", [MaxLength(3000)])
        for item in items
    }
    form: ReturnForm = type("ReturnOfPlanForm", (ReturnForm,), fields)(**values)
    return form
