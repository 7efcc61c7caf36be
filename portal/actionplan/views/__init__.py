"""HTTP of the action plan room: public pages, the desk, the workbench, projects, the steps of a plan."""

from portal.actionplan.views import committee, desk, exports, hearing, merging, projects, public, sheets
from portal.actionplan.views.room import blueprint

__all__ = ["blueprint", "committee", "desk", "exports", "hearing", "merging", "projects", "public", "sheets"]
