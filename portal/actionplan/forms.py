"""What a person types in the action plan room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.actionplan import words
from portal.actionplan.models import BudgetKind, MoneyStep, Opinion, ProjectKind, SeatKind, Section
from portal.actionplan.sheet import QUARTERS, SHEET_FIELDS, Sheet
from portal.core import i18n, thai
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import BahtField, CountField, DayField, MaxLength, PortalForm, Required
from portal.web.links import whole

BEFORE_HEARING = _l("May be empty in the draft; needed before the hearing opens.")


class Checkboxes(SelectMultipleField):
    """Any of a few, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class VersionedForm(PortalForm):
    """A form that knows which version of the thing it was filled in from."""

    version = HiddenField()

    @property
    def expected_version(self) -> int:
        """The version the page showed; 0, which no row has, when it is missing or damaged."""
        return _number(self.version.data)


class ProjectForm(VersionedForm):
    """The ten heads of the city's sheet, with the lines around them."""

    kind = RadioField(_l("Kind"), [Required()], coerce=ProjectKind)
    name = StringField(_l("Name"), [Required(), MaxLength(500)])
    code = StringField(
        _l("Code"),
        [MaxLength(13)],
        description=_l(
            "Eight digits of the district, a dash, four digits. Leave empty for the next free one."
        ),
    )
    printed_number = StringField(
        _l("Number in the printed plan"), [MaxLength(20)], description=_l("For example: 3.2.1")
    )
    rationale = TextAreaField(_l("Rationale"), [MaxLength(5000)], description=BEFORE_HEARING)
    objectives = TextAreaField(_l("Objectives"), [MaxLength(5000)], description=BEFORE_HEARING)
    outputs = TextAreaField(_l("Targets and outputs"), [MaxLength(5000)], description=BEFORE_HEARING)
    area = StringField(_l("Area"), [MaxLength(500)], description=BEFORE_HEARING)
    method = TextAreaField(_l("Method"), [MaxLength(5000)], description=BEFORE_HEARING)
    starts_on = DayField(_l("Starts on"), [Required()])
    ends_on = DayField(_l("Ends on"), [Required()])
    quarters = Checkboxes(
        _l("Quarters"),
        [Required()],
        description=_l("Quarters of the fiscal year in which work is done; the first begins in October."),
    )
    budget_kind = RadioField(_l("Budget"), [Required()], coerce=BudgetKind)
    budget_satang = BahtField(_l("Amount of the budget"))
    fund_source = StringField(_l("Source of funds"), [MaxLength(500)])
    section = SelectField(_l("Responsible section"), coerce=Section)
    sections_text = StringField(
        _l("Sections as printed"),
        [MaxLength(500)],
        description=_l("Only when several sections share the work."),
    )
    indicators = TextAreaField(_l("Indicators and results"), [MaxLength(5000)], description=BEFORE_HEARING)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(words.KINDS.items())
        self.budget_kind.choices = list(words.BUDGETS.items())
        self.section.choices = list(words.SECTIONS.items())
        self.quarters.choices = [(quarter, quarter) for quarter in QUARTERS]

    @property
    def sheet(self) -> Sheet:
        """What was typed, as one sheet."""
        written = {name: getattr(self, name).data for name in SHEET_FIELDS}
        texts = {name: value or "" for name, value in written.items() if isinstance(value, str | None)}
        written.update({name: text for name, text in texts.items() if name != "budget_satang"})
        return Sheet(
            **{**written, "quarters": "".join(self.quarters.data or ()), "code": self.code.data or None}
        )


class MergeForm(PortalForm):
    """What is picked at the workbench: items left to place, shares inside projects, projects; an amount for a single
    item, a note; and the newest step the page knew of."""

    seen = HiddenField()
    items = Checkboxes(_l("Items"), coerce=int, validate_choice=False)
    links = Checkboxes(_l("Items in projects"), coerce=int, validate_choice=False)
    projects = Checkboxes(_l("Projects"), coerce=int, validate_choice=False)
    amount = BahtField(
        _l("Amount"),
        description=_l(
            "Only for a single item. Leave empty for all that is left of it; over several projects it is split evenly."
        ),
    )
    note = StringField(_l("Note"), [MaxLength(500)])

    @property
    def seen_step(self) -> int:
        """The newest step the page knew of; 0 before the first."""
        return _number(self.seen.data)


class ItemForm(PortalForm):
    """How one item is shared out: an amount per project; empty takes it out."""

    seen = HiddenField()
    project = SelectField(_l("Another project"), coerce=int, default=0)
    amount = BahtField(_l("Amount for it"), description=_l("Leave empty for all that is left."))

    @classmethod
    def over(cls, projects: Iterable[Any]) -> type[ItemForm]:
        """A form with an amount for each of these projects."""
        fields = {f"amount_{project.id}": BahtField(project.name) for project in projects}
        return type("SharedItemForm", (cls,), fields)

    @property
    def seen_shares(self) -> dict[int, int]:
        """The shares the page showed, by project."""
        pairs = (pair.partition(":") for pair in (self.seen.data or "").split(","))
        found = ((whole(a), whole(b)) for a, _colon, b in pairs)
        return {a: b for a, b in found if a is not None and b is not None}


class NotYetForm(PortalForm):
    """Why items are in no project yet."""

    reason = TextAreaField(
        _l("Why not yet"),
        [Required(), MaxLength(2000)],
        description=_l(
            "The community reads this. Say what would have to change, and when it is looked at again."
        ),
    )


class ReasonForm(VersionedForm):
    """A step that needs its reason."""

    reason = TextAreaField(
        _l("Reason"), [Required(), MaxLength(500)], description=_l("Everyone can read it.")
    )


class SeenForm(PortalForm):
    """A decision about what was read: the hash of the content on the page."""

    seen = HiddenField()


class SeenReasonForm(SeenForm):
    """A decision about what was read, with its reason."""

    reason = TextAreaField(
        _l("Reason for the change"), [Required(), MaxLength(500)], description=_l("Everyone can read it.")
    )


class AnswersForm(PortalForm):
    """One official reply to the ticked remarks."""

    comments = Checkboxes(_l("Comments that get this answer"), coerce=int)
    whole = BooleanField(_l("All that wait here"))
    office = StringField(
        _l("Office that answers"),
        [Required(), MaxLength(500)],
        description=_l("For example: Budget section, Dusit District Office"),
    )
    text = TextAreaField(_l("Answer"), [Required(), MaxLength(5000)])


class GroupForm(PortalForm):
    """Ticked remarks that say the same go into a group, a new one or one that is there."""

    comments = Checkboxes(_l("Comments that belong together"), coerce=int)
    group = StringField(
        _l("Name of the group"),
        [Required(), MaxLength(200)],
        description=_l("A new name makes a new group. One answer can then be given to all of it."),
    )


class MoneyForm(PortalForm):
    """One step of the money's way."""

    step = RadioField(_l("Step"), [Required()], coerce=MoneyStep)
    amount = BahtField(
        _l("Amount"),
        description=_l("The sum so far. When a second instalment arrives, write what has arrived with both."),
    )
    on = DayField(_l("Day"), [Required()])
    note = StringField(
        _l("Note"),
        [MaxLength(500)],
        description=_l("Give a reason for a refusal; otherwise the number of a letter is useful."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step.choices = list(words.MONEY.items())


class DocumentForm(PortalForm):
    """A paper or picture of a project."""

    file = FileField(_l("File"), [Required()], description=_l("PDF, JPEG, PNG or WebP, at most 10 MB."))
    caption = StringField(_l("What it shows"), [Required(), MaxLength(500)])


class NodeForm(PortalForm):
    """One strategy node to add or to take away."""

    node = HiddenField()

    @property
    def node_id(self) -> int:
        """The node; 0, which no row has, when it is missing or damaged."""
        return _number(self.node.data)


class SeatForm(PortalForm):
    """A seat of the committee as the order gives it."""

    kind = RadioField(_l("Kind of member"), [Required()], coerce=SeatKind)
    name = StringField(_l("Name of the member"), [Required(), MaxLength(200)])
    represents = StringField(
        _l("Represents"),
        [Required(), MaxLength(500)],
        description=_l("The section, the agency or the community."),
    )
    order_number = StringField(
        _l("Number of the order"), [Required(), MaxLength(200)], description=_l("For example: 125/2570")
    )
    order_on = DayField(_l("Day of the order"), [Required()])
    from_on = DayField(_l("In office from"), [Required()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(words.SEATS.items())


class EndSeatForm(PortalForm):
    """The end of a membership."""

    until_on = DayField(_l("Out of office from"), [Required()])
    reason = TextAreaField(
        _l("Reason"), [Required(), MaxLength(500)], description=_l("Everyone can read it.")
    )


class InterestForm(PortalForm):
    """What a member has to do with the plan or one of its projects."""

    member = SelectField(_l("Member"), [Required()], coerce=int)
    project = SelectField(_l("Project"), coerce=int)
    what = StringField(
        _l("What the member has to do with it"),
        [Required(), MaxLength(500)],
        description=_l("Everyone can read it. The member steps aside where it is decided."),
    )
    on = DayField(_l("Declared on"), [Required()])


class ResolutionForm(PortalForm):
    """What the committee resolved at a recorded meeting."""

    forum = SelectField(
        _l("Meeting"),
        coerce=int,
        description=_l("Meetings of the committee are announced and recorded as forums of the district."),
    )
    opinion = RadioField(_l("Resolution"), [Required()], coerce=Opinion)
    text = TextAreaField(_l("Wording of the resolution"), [Required(), MaxLength(5000)])
    in_favour = CountField(_l("Votes for it"), [Required()], high=999)
    against = CountField(_l("Votes against it"), [Required()], high=999)
    abstained = CountField(_l("Abstained or stepped aside"), [Required()], high=999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opinion.choices = list(words.OPINIONS.items())

    def offer(self, meetings: Iterable[Any]) -> None:
        """The meetings at which it may have been resolved."""
        self.forum.choices = [
            (one.id, f"{thai.instant_text(one.starts_at, i18n.language())} {one.title}") for one in meetings
        ]
