"""Forms of letters with codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from wtforms import SelectField, StringField, TextAreaField

from portal.core import hashing
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.voting import letterlist
from portal.voting.forms.roll import Upload
from portal.voting.models import MOST_LETTERS
from portal.web.forms import MaxLength, PortalForm, Required


class LettersForm(Upload):
    """The list letters are written from."""

    sha256 = ""

    @property
    def people(self) -> list[letterlist.Addressee]:
        """Whom it names; its hash is in ``sha256`` then."""
        content = self.content()
        self.sha256 = hashing.sha256_hex(content)
        found = letterlist.rows(content, letterlist.LETTERS)
        return [letterlist.Addressee(row["number"], row["name"], row["address"]) for _number, row in found]


class LetterForm(PortalForm):
    """One letter in the place of a lost one."""

    number = StringField(
        _l("Number of the identity card"),
        [Required(), MaxLength(30)],
        description=_l("13 digits. It is turned into a keyed hash at once and never kept."),
    )
    reason = TextAreaField(_l("Reason, for the second person"), [Required(), MaxLength(500)])


class DeclineForm(PortalForm):
    """Letters that are not written."""

    note = TextAreaField(_l("Reason, for the other officer"), [Required(), MaxLength(500)])


class _Part(PortalForm):
    part = SelectField(_l("Part"), [Required()], validate_choice=False)

    def offer(self, letters: int, parts: int, turns: dict[int, int], own: Collection[int] = ()) -> None:
        """What comes next, then what may be printed anew, the last first; each with its turn. Not what who looks printed
        last (``own``)."""
        found = []
        for number in range(min(len(turns) + 1, parts), 0, -1):
            if number in own:
                continue
            first, last = (number - 1) * MOST_LETTERS + 1, min(number * MOST_LETTERS, letters)
            named = {"number": number, "first": first, "last": last}
            label = (
                _("Part %(number)s again (letters %(first)s to %(last)s)", **named)
                if number in turns
                else _("Part %(number)s (letters %(first)s to %(last)s)", **named)
            )
            found.append((f"{number}.{turns.get(number, 0) + 1}", label))
        self.part.choices = found

    @property
    def chosen(self) -> tuple[int, int]:
        """Number and turn; zeros for what is neither."""
        number, _dot, turn = (self.part.data or "").partition(".")
        if not (number.isdecimal() and turn.isdecimal() and len(number) < 6 and len(turn) < 6):
            return 0, 0
        return int(number), int(turn)


class PrintPartForm(LettersForm, _Part):
    """A part of a list: the same file once more, since names and addresses are not kept."""


class PrintLetterForm(_Part):
    """The one letter: whom it goes to, since that is not kept."""

    sha256 = None
    number = StringField(_l("Number of the identity card"), [Required(), MaxLength(30)])
    name = StringField(_l("Name"), [Required(), MaxLength(200)])
    address = TextAreaField(_l("Address"), [Required(), MaxLength(500)])

    @property
    def people(self) -> Iterable[letterlist.Addressee]:
        """Whom it names."""
        return [letterlist.Addressee(self.number.data or "", self.name.data or "", self.address.data or "")]
