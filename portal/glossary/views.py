"""The one page of the glossary."""

from __future__ import annotations

from flask import Blueprint

from portal.core.i18n import lazy_gettext as _l
from portal.glossary.terms import terms
from portal.web.access import public
from portal.web.render import page

blueprint = Blueprint("glossary", __name__, url_prefix="/glossary")

THEMES = {
    "place": _l("Places"),
    "person": _l("People and duties"),
    "cycle": _l("The budget year"),
    "strategy": _l("Strategy"),
    "forum": _l("Forums"),
    "plan": _l("Community plans"),
    "screening": _l("Screening"),
    "actionplan": _l("The annual action plan"),
    "procurement": _l("Procurement and observing"),
    "voting": _l("Voting"),
    "money": _l("Money and records"),
}


@blueprint.get("")
@public()
def index() -> str:
    """Every term by theme, Thai and English side by side."""
    return page("glossary/index.html", themes=THEMES, terms=terms())
