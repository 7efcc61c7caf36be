"""The room's pages, one module per matter."""

from portal.accounts.views import desks, own, registering, signing
from portal.accounts.views.room import blueprint

__all__ = ["blueprint", "desks", "own", "registering", "signing"]
