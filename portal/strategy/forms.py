"""What keepers type: a tree, a line, an indicator with its targets and measures."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.strategy import queries, seen
from portal.strategy.commands import Facts, Goal, Line, Step
from portal.web.forms import BahtField, CountField, FieldList, MaxLength, PortalForm, Required

SPARE_ROWS = 2


class TreeForm(PortalForm):
    """A tree as a whole. Levels are typed one a line, Thai and English with a bar between."""

    title = StringField(_l("Title of the plan"), [Required(), MaxLength(500)])
    title_en = StringField(_l("Title in English"), [MaxLength(500)])
    district_id = SelectField(_l("Whose plan it is"), choices=[])
    first_year = CountField(
        _l("First fiscal year"), [Required()], high=2900, description=_l("B.E., such as 2571")
    )
    last_year = CountField(_l("Last fiscal year"), [Required()], high=2900)
    source = StringField(
        _l("Source"), [Required(), MaxLength(500)], description=_l("The document this is entered from")
    )
    levels = TextAreaField(
        _l("Names of the levels"),
        [Required(), MaxLength(1000)],
        description=_l("From the top, one per line, Thai | English; for example: ยุทธศาสตร์ | Strategy"),
    )
    expected_version = HiddenField()

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Whose tree it can be: (district id or "", name)."""
        self.district_id.choices = choices

    @property
    def facts(self) -> Facts:
        """What was typed, for the commands."""
        pairs = [line.partition("|") for line in (self.levels.data or "").splitlines() if line.strip()]
        return Facts(
            title=self.title.data or "",
            title_en=self.title_en.data or "",
            first_year=self.first_year.data or 0,
            last_year=self.last_year.data or 0,
            source=self.source.data or "",
            levels=tuple((th.strip()[:200], en.strip()[:200]) for th, _bar, en in pairs if th.strip()),
        )


class SeenForm(PortalForm):
    """What is written or confirmed of a draft as it was shown. ``tree`` names the draft, also when the line in the
    address is removed meanwhile."""

    tree = HiddenField()
    seen = HiddenField()


class LineForm(SeenForm):
    """One line of a tree. ``parent`` is asked where the line it stood below, or it itself, was removed meanwhile."""

    number = StringField(_l("Line number"), [MaxLength(40)], description=_l("As printed, such as 5.2.1"))
    title = TextAreaField(_l("Words of the line"), [Required(), MaxLength(2000)])
    title_en = TextAreaField(_l("In English"), [MaxLength(2000)])
    note = StringField(_l("Note"), [MaxLength(500)])
    continues_id = SelectField(_l("Continues"), choices=[])
    parent = SelectField(_l("Below which line"), choices=[], validate_choice=False)

    def offer(self, rows: list[Any]) -> None:
        """The lines of the older tree that this line may continue."""
        self.continues_id.choices = [("", _("No older line")), *_named(rows)]

    def offer_places(self, tree: Any) -> None:
        """The lines of the draft that it may stand below."""
        deepest = max(queries.levels(tree.id), default=0)
        rows = [row for row in queries.nodes_of([tree.id]) if row.depth < deepest]
        self.parent.choices = [("", _("None: at the top")), *_named(rows)]
        self.offer(queries.older_nodes(tree))

    @property
    def line(self) -> Line:
        """What was typed, for the commands."""
        return Line(
            title=self.title.data or "",
            number=self.number.data or "",
            title_en=self.title_en.data or "",
            note=self.note.data or "",
            continues_id=int(self.continues_id.data) if self.continues_id.data else None,
        )


def _named(rows: list[Any]) -> list[tuple[str, str]]:
    return [(str(row.id), f"{row.number} {row.title}".strip()[:120]) for row in rows]


class _Row(Form):
    """A row inside another form: its text is tidied as everywhere."""

    class Meta(PortalForm.Meta):
        csrf = False


class TargetRow(_Row):
    """A target; a row without words is left out."""

    fiscal_year = CountField(_l("Fiscal year"), high=2900)
    agency = StringField(_l("Agency"), [MaxLength(200)])
    words = StringField(_l("Target"), [MaxLength(500)])


class MeasureRow(_Row):
    """A measure; a row without a title is left out."""

    title = StringField(_l("Measure or project"), [MaxLength(2000)])
    agency = StringField(_l("Agency"), [MaxLength(500)])
    fiscal_year = CountField(_l("Fiscal year"), high=2900)
    budget = BahtField(_l("Budget"))
    budget_words = StringField(_l("Budget in words, where there is no amount"), [MaxLength(500)])
    is_flagship = BooleanField(_l("Flagship project"))


class IndicatorForm(SeenForm):
    """An indicator with rows for targets and measures; empty rows are spare. ``line`` is asked where the line it
    belonged to was removed meanwhile."""

    title = TextAreaField(_l("Indicator"), [Required(), MaxLength(2000)])
    unit = StringField(_l("Unit"), [MaxLength(200)], description=_l("As printed, such as per cent"))
    targets = FieldList(FormField(TargetRow), label=_l("Targets"))
    measures = FieldList(FormField(MeasureRow), label=_l("Measures"))
    line = SelectField(_l("Below which line"), choices=[], validate_choice=False)

    def offer_places(self, tree: Any) -> None:
        """The lines of the draft that it may belong to."""
        self.line.choices = [("", _("Choose a line")), *_named(queries.nodes_of([tree.id]))]

    def fill(self, aim: Any | None) -> None:
        """Show an indicator as it stands, with spare rows below."""
        if aim is not None:
            self.title.data, self.unit.data, self.seen.data = aim.title, aim.unit, seen.of_aim(aim)
            for one in aim.targets:
                self.targets.append_entry(
                    {"fiscal_year": one.fiscal_year, "agency": one.agency, "words": one.words}
                )
            for one in aim.measures:
                self.measures.append_entry(
                    {
                        "title": one.title,
                        "agency": one.agency,
                        "fiscal_year": one.fiscal_year,
                        "budget": one.budget_satang,
                        "budget_words": one.budget_words,
                        "is_flagship": one.is_flagship,
                    }
                )
        for rows in (self.targets, self.measures):
            for _spare in range(SPARE_ROWS):
                rows.append_entry()

    def goals(self, year: int) -> list[Goal]:
        """The targets that were typed; a row without a year counts for the tree's first."""
        return [
            Goal(row.fiscal_year.data or year, row.words.data, row.agency.data or "")
            for row in self.targets
            if row.words.data
        ]

    def steps(self, year: int) -> list[Step]:
        """The measures that were typed."""
        return [
            Step(
                row.title.data,
                row.fiscal_year.data or year,
                row.agency.data or "",
                row.budget.data,
                row.budget_words.data or "",
                row.is_flagship.data,
            )
            for row in self.measures
            if row.title.data
        ]
