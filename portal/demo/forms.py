"""What a person of the demonstration chooses."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import DayField, PortalForm


class ClockForm(PortalForm):
    """A day to go to; the buttons of the page carry their own steps."""

    day = DayField(_l("Go to a date"))
