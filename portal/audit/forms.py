"""What an auditor types."""

from __future__ import annotations

from wtforms import StringField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import CountField, MaxLength, PortalForm


class CheckForm(PortalForm):
    """A head kept outside, to compare the ledger with; both fields or none."""

    number = CountField(_l("Number of the entry"), high=10**15)
    hash = StringField(_l("Hash kept outside"), [MaxLength(64)])
