"""The room's pages, one module per matter."""

from portal.forums.views import district, issues, keeping, reading, recorder
from portal.forums.views.room import blueprint

__all__ = ["blueprint", "district", "issues", "keeping", "reading", "recorder"]
