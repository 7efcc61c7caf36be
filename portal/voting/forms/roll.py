"""Forms of the registry."""

from __future__ import annotations

from collections.abc import Iterator

from wtforms import FileField, RadioField, SelectChoice, StringField, TextAreaField

from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.voting import letterlist
from portal.voting.commands.roll import Line
from portal.web.forms import CountField, MaxLength, PortalForm, Required


class Upload(PortalForm):
    """A list of the registry."""

    file = FileField(_l("List (XLSX or CSV)"), [Required(_l("Choose a file."))])

    def content(self) -> bytes:
        """The file that was sent. Raises Invalid without one."""
        given = self.file.data
        if not given or not getattr(given, "filename", ""):
            raise Invalid({"file": _("Choose a file.")})
        return bytes(given.stream.read(letterlist.sheets.MAX_BYTES + 1))


class ListForm(Upload):
    """The registry's list of residents."""

    @property
    def lines(self) -> Iterator[Line]:
        """Its rows."""
        for number, row in letterlist.rows(self.content(), letterlist.ROLL):
            yield Line(number, row["number"], row["community"], row["request"])


class StrikeForm(PortalForm):
    """Somebody who does not belong on the roll."""

    number = StringField(
        _l("Number of the identity card"),
        [Required(), MaxLength(30)],
        description=_l("13 digits. It is turned into a keyed hash at once and never kept."),
    )
    reason = TextAreaField(_l("Reason, for the person concerned"), [Required(), MaxLength(500)])


class ObjectionForm(PortalForm):
    """Why one belongs on the roll."""

    objection = TextAreaField(_l("Why you belong on the roll"), [Required(), MaxLength(1000)])


class ObjectionAnswerForm(PortalForm):
    """The answer to an objection."""

    decision = RadioField(
        _l("Answer"),
        choices=lambda: [
            SelectChoice("restore", _("Put the person back on the roll")),
            SelectChoice("keep", _("The person stays removed")),
        ],
        validators=[Required()],
    )
    answer = TextAreaField(_l("Reason, for the person concerned"), [Required(), MaxLength(500)])


class SampleForm(Upload):
    """A draw of recorded voters, from the registry's list with names and addresses."""

    seed = StringField(
        _l("Number drawn in public"),
        [Required(), MaxLength(100)],
        description=_l(
            "Dice, a lottery, or the certifiers' own: a number nobody could choose. The same number draws the same people."
        ),
    )
    size = CountField(_l("How many people"), [Required()], high=320, default=320)

    @property
    def people(self) -> list[letterlist.Addressee]:
        """Whom the list names."""
        found = letterlist.rows(self.content(), letterlist.LETTERS)
        return [letterlist.Addressee(row["number"], row["name"], row["address"]) for _number, row in found]


class AnswerForm(PortalForm):
    """The registry's answer to one request."""

    decision = RadioField(
        _l("Answer"),
        choices=lambda: [
            SelectChoice("grant", _("The person is in our records")),
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

    def ask_age(self, least: int) -> None:
        """Granting says that the person is old enough: nobody else ever looks."""
        if least:
            found = ngettext(
                "The person is in our records and is at least %(num)s year old",
                "The person is in our records and is at least %(num)s years old",
                least,
            )
            self.decision.choices = [SelectChoice("grant", found), *list(self.decision.choices or [])[1:]]
