"""Pages of the information centre."""

from __future__ import annotations

from portal.information.views import catalogue, desk, serving, summaries
from portal.information.views.room import blueprint

__all__ = ["blueprint", "catalogue", "desk", "serving", "summaries"]
