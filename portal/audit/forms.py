"""What an auditor types."""

from __future__ import annotations

from wtforms import StringField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import CountField, MaxLength, PortalForm, Required


class CheckForm(PortalForm):
    """A head kept outside, to compare the ledger with; both fields or none."""

    number = CountField(_l("Number of the entry"), high=10**15)
    hash = StringField(_l("Externally kept hash"), [MaxLength(64)])


class BlankForm(PortalForm):
    """Why something is taken out, or stays."""

    reason = StringField(
        _l("Reason"),
        [Required(), MaxLength(500)],
        description=_l("Everyone who reads the ledger sees it. Name no person."),
    )
