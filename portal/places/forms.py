"""What the community desk types."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from portal.core.i18n import lazy_gettext as _l
from portal.places.listing import LONGEST_NAME
from portal.web.forms import MaxLength, PortalForm, Required


class NameForm(PortalForm):
    """The right spelling of a name. ``seen`` is how many corrections there were when the page was opened."""

    seen = HiddenField()
    name = StringField(
        _l("The right name"),
        [Required(), MaxLength(LONGEST_NAME)],
        description=_l("Without the word “community” in front, as in the city's list."),
    )
    source = StringField(
        _l("Source of the right spelling"),
        [Required(), MaxLength(500)],
        description=_l("The community's announcement, its sign or its committee, with the date."),
    )

    @property
    def seen_number(self) -> int:
        """The number the page showed; -1, which nothing has, for a damaged one."""
        typed = self.seen.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else -1

    def renew(self, number: int) -> None:
        """After a conflict the next sending is meant for the name as it stands now."""
        self.seen.raw_data = None
        self.seen.data = str(number)
