"""Forms of the steps after the close."""

from __future__ import annotations

from wtforms import StringField, TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import CountField, MaxLength, PortalForm, Required


class OutsideForm(PortalForm):
    """The number that draws the order of equals."""

    outside = StringField(_l("The outside number, as announced"), [Required(), MaxLength(60)])


class CertifyForm(PortalForm):
    """Minutes of the certification."""

    note = TextAreaField(_l("What was checked, and who was present"), [Required(), MaxLength(2000)])


class ParticipationForm(PortalForm):
    """Recorded voters who were asked."""

    asked = CountField(_l("Recorded voters who answered"), [Required()], high=100_000)
    denied = CountField(_l("Of them, said they had not voted"), [Required()], high=100_000)
    about = StringField(_l("How they were chosen and asked"), [MaxLength(300)])
