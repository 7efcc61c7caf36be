"""Forms of the registry."""

from __future__ import annotations

from collections.abc import Iterator

from wtforms import FileField, RadioField, SelectChoice, StringField, TextAreaField

from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import letterlist
from portal.voting.commands.roll import Line
from portal.web.forms import MaxLength, PortalForm


class _Upload(PortalForm):
    file = FileField(_l("List (XLSX or CSV)"))

    def content(self) -> bytes:
        """The file that was sent. Raises Invalid without one."""
        given = self.file.data
        if not given or not getattr(given, "filename", ""):
            raise Invalid({"file": _("Choose a file.")})
        return bytes(given.stream.read(letterlist.sheets.MAX_BYTES + 1))


class ListForm(_Upload):
    """The registry's list of residents."""

    @property
    def lines(self) -> Iterator[Line]:
        """Its rows."""
        for number, row in letterlist.rows(self.content(), letterlist.ROLL):
            yield Line(number, row["number"], row["community"], row["request"])


class LettersForm(_Upload):
    """The list letters are written from."""

    @property
    def people(self) -> list[letterlist.Addressee]:
        """Whom it names."""
        found = letterlist.rows(self.content(), letterlist.LETTERS)
        return [letterlist.Addressee(row["number"], row["name"], row["address"]) for _number, row in found]


class AnswerForm(PortalForm):
    """The registry's answer to one request."""

    decision = RadioField(
        _l("Answer"),
        choices=lambda: [
            SelectChoice("grant", _("The person stands in our books")),
            SelectChoice("refuse", _("We cannot find the person")),
        ],
        default="grant",
    )
    number = StringField(
        _l("Number of the identity card"),
        [MaxLength(30)],
        description=_l("13 digits. It is turned into a keyed hash at once and never kept."),
    )
    reason = TextAreaField(_l("Reason, if refused"), [MaxLength(500)])
