"""The room's pages, one module per matter."""

from portal.procurement.views import contracts, drafts, public, stepping, work
from portal.procurement.views.room import blueprint

__all__ = ["blueprint", "contracts", "drafts", "public", "stepping", "work"]
