"""What people type about themselves and others."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField
from wtforms.widgets import PasswordInput

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import MaxLength, PortalForm, Required


class SecretField(PasswordField):
    """A password, taken as typed and never given back."""

    keeps_raw = True
    widget = PasswordInput(hide_value=True)


class SignInForm(PortalForm):
    """``next`` is where to go after signing in; ``resume`` carries what was typed before the session ended."""

    email = EmailField(_l("E-mail"), [Required(), MaxLength(200)])
    password = SecretField(_l("Password"), [Required(), MaxLength(200)])
    next = HiddenField()
    resume = HiddenField()
