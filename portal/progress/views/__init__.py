"""Pages of progress: everybody's, the officers' desk, writing, certifying."""

from __future__ import annotations

from portal.progress.views import certifying, desk, public, writing
from portal.progress.views.room import blueprint

__all__ = ["blueprint", "certifying", "desk", "public", "writing"]
