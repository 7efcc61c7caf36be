"""The room's pages, one module per matter."""

from portal.accounts.views import own, signing
from portal.accounts.views.room import blueprint

__all__ = ["blueprint", "own", "signing"]
