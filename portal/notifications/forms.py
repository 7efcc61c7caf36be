"""How a person wants to hear of news."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import RadioField, SelectChoice

from portal.core.i18n import lazy_gettext as _l
from portal.notifications.models import Hearing
from portal.web.forms import PortalForm, Required

HEARINGS: Mapping[Hearing, object] = {
    Hearing.AT_ONCE: _l("By email, at once"),
    Hearing.DAILY: _l("By email, once a day"),
    Hearing.WEEKLY: _l("By email, once a week"),
    Hearing.INBOX: _l("Only here in the inbox"),
}


class HearingForm(PortalForm):
    """One choice."""

    hearing = RadioField(
        _l("How do you want to get news?"),
        [Required()],
        choices=lambda: [SelectChoice(one.value, str(label)) for one, label in HEARINGS.items()],
    )
