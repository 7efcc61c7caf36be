"""The room's pages, one module per matter."""

from portal.observation.views import desk, door, feeds, own, public, reporter, watching
from portal.observation.views.room import blueprint

__all__ = ["blueprint", "desk", "door", "feeds", "own", "public", "reporter", "watching"]
