"""The room's pages, one module per matter."""

from portal.screening.views import asking, deciding, desk, leaders, results, sheets, together, workbench
from portal.screening.views.room import blueprint

__all__ = ["asking", "blueprint", "deciding", "desk", "leaders", "results", "sheets", "together", "workbench"]
