"""One's own pages."""

from __future__ import annotations

from typing import Any

from portal.accounts.views.room import blueprint
from portal.web.access import signed_in
from portal.web.render import page


@blueprint.get("/me")
@signed_in
def me() -> Any:
    """My page: duties, residence, settings."""
    return page("accounts/me.html")
