"""The room's pages, one module per matter."""

from portal.procurement.views import contracts, drafts, notices, public, stepping, work
from portal.procurement.views.room import blueprint

__all__ = ["blueprint", "contracts", "drafts", "notices", "public", "stepping", "work"]
