"""What officers type: a document, a correction's reason, a service."""

from __future__ import annotations

from typing import Any

from wtforms import FileField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from portal.actionplan.models import Section
from portal.actionplan.words import SECTIONS
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.information import words
from portal.information.commands import DocumentData, ServiceData
from portal.information.models import InfoClass
from portal.web.forms import DayField, MaxLength, PortalForm, Required


class DocumentForm(PortalForm):
    """A document for the catalogue."""

    info_class = SelectField(
        _l("Class of the Official Information Act"),
        [Required()],
        choices=lambda: [
            SelectChoice(one.value, f"{one.value} {label}") for one, label in words.CLASSES.items()
        ],
        default=InfoClass.OTHER.value,
    )
    title = StringField(_lp("document", "Title"), [Required(), MaxLength(500)])
    text = TextAreaField(
        _l("Text that can be read and searched"),
        [MaxLength(50_000)],
        description=_l("Needed with a scan: people who cannot see must be able to read it."),
    )
    file = FileField(_l("File"), description=_l("PDF or picture, at most 10 MB."))
    shown_until = DayField(
        _l("Shown until"),
        description=_l("Leave it empty for the least time; afterwards it stays, as archived."),
    )

    @property
    def document(self) -> DocumentData:
        """What was typed, as the command takes it."""
        upload: Any = self.file.data
        name = getattr(upload, "filename", "") or ""
        return DocumentData(
            info_class=InfoClass(self.info_class.data),
            title=self.title.data or "",
            text=self.text.data or "",
            stream=upload.stream if name else None,
            file_name=name,
            shown_until=self.shown_until.data,
        )


class PublishForm(PortalForm):
    """Publishing a month; a correction says why."""

    reason = TextAreaField(_l("What the correction puts right"), [MaxLength(500)])


_SPLIT = "|"


class ServiceForm(PortalForm):
    """The page of a service."""

    expected = HiddenField()
    name = StringField(_l("Name of the service"), [Required(), MaxLength(200)])
    section = SelectField(
        _l("Responsible section"),
        [Required()],
        choices=lambda: [SelectChoice(one.value, str(label)) for one, label in SECTIONS.items()],
    )
    what = TextAreaField(_l("What it is for and who may ask"), [Required(), MaxLength(5000)])
    papers = TextAreaField(
        _l("What to bring"), [MaxLength(5000)], description=_l("One document on each line.")
    )
    steps = TextAreaField(
        _l("Steps"),
        [Required(), MaxLength(5000)],
        description=_l("One step on each line: what is done | how long it takes"),
    )
    duration = StringField(_l("Total time"), [Required(), MaxLength(200)])
    fee = StringField(_l("Fee"), [Required(), MaxLength(200)])
    place = StringField(_l("Where"), [Required(), MaxLength(500)])

    @property
    def shown_number(self) -> int:
        """The number of the edition the page showed."""
        given = self.expected.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0

    @property
    def service(self) -> ServiceData:
        """What was typed, as the command takes it."""
        lines = [line.partition(_SPLIT) for line in (self.steps.data or "").splitlines() if line.strip()]
        return ServiceData(
            name=self.name.data or "",
            section=Section(self.section.data),
            what=self.what.data or "",
            papers=[line for line in (self.papers.data or "").splitlines() if line.strip()],
            steps=[(what, time) for what, _split, time in lines],
            duration=self.duration.data or "",
            fee=self.fee.data or "",
            place=self.place.data or "",
        )


class RevisionForm(ServiceForm):
    """The same page once more; what changes is told."""

    reason = StringField(_l("What changes"), [Required(), MaxLength(500)])


def typed_steps(steps: list[dict[str, str]]) -> str:
    """Steps as they are typed."""
    return "\n".join(f"{one['what']} {_SPLIT} {one['time']}" for one in steps)
