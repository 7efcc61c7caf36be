"""What a person of the demonstration chooses."""

from __future__ import annotations

from typing import Any

from flask import request

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import DayField, PortalForm, Required


class RequiredUnlessStep(Required):
    """A day must be there, unless a button of the page brought its own step."""

    def __call__(self, form: Any, field: Any) -> None:
        if not (request.form.get("step") or request.form.get("to")):
            super().__call__(form, field)


class ClockForm(PortalForm):
    """A day to go to; the buttons of the page carry their own steps."""

    day = DayField(_l("Go to a date"), [RequiredUnlessStep()])
