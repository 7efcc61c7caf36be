"""A district as a title: by its name, or with the fiscal year that a cycle of it plans."""

from __future__ import annotations

from portal.core import thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.core.titles import Composed
from portal.places import atlas


def _in_year(district: str, year: str) -> str:
    told, place = thai.fiscal_year_text(int(year), language()), atlas.told(district)
    if place is None:
        raise ValueError(district)
    return _("%(district)s, %(year)s", district=place, year=told)


IN_YEAR = Composed("{district} {year:d}", _in_year)


def told(title: str) -> str | None:
    """A district's title in the language of the moment; None for one that was typed."""
    return atlas.told(title) or IN_YEAR.told(title)
