"""What officers type to take over public notices."""

from __future__ import annotations

from wtforms import BooleanField, FileField, SelectField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import PortalForm, Required


class NoticesForm(PortalForm):
    """A list of notices."""

    file = FileField(_l("List of notices (CSV)"), [Required()])
    elsewhere = SelectField(
        _l("District, for other agencies"),
        description=_l("For lines from a bureau that do not name a district."),
    )


class WriteNoticesForm(PortalForm):
    """The lines are to be written."""

    only_sound = BooleanField(_l("Skip the lines with mistakes and import the others"))
