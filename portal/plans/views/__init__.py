"""The room's pages, one module per matter."""

from portal.plans.views import desk, handing_in, reading, reviewing, signing, together, writing
from portal.plans.views.room import blueprint

__all__ = ["blueprint", "desk", "handing_in", "reading", "reviewing", "signing", "together", "writing"]
