"""The room's pages, one module per matter."""

from portal.forums.views import issues, keeping, reading, recorder
from portal.forums.views.room import blueprint

__all__ = ["blueprint", "issues", "keeping", "reading", "recorder"]
