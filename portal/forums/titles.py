"""What a forum is called when nobody typed a title: its purpose and its place. No session, no web."""

from __future__ import annotations

from functools import lru_cache

from portal.core.i18n import gettext as _
from portal.core.i18n import speaking
from portal.core.titles import Composed
from portal.forums.models import ForumPurpose
from portal.forums.words import PURPOSES
from portal.places import atlas


@lru_cache
def _forms() -> dict[ForumPurpose, Composed]:
    with speaking("th"):
        return {purpose: _form(purpose, str(name)) for purpose, name in PURPOSES.items()}


def _form(purpose: ForumPurpose, name: str) -> Composed:
    def tell(place: str) -> str:
        district = atlas.told(place)
        if district is None and "ชุมชน" not in place:
            raise ValueError(place)
        return _("%(purpose)s, %(place)s", purpose=PURPOSES[purpose], place=district or place)

    return Composed(f"{name} {{place}}", tell)


def compose(purpose: ForumPurpose, place: str) -> str:
    """A title in Thai, like everything people type; ``place`` is a community as people say it, or a district."""
    return _forms()[purpose].compose(place=place)


def told(title: str) -> str | None:
    """A title of :func:`compose` in the language of the moment; None for one that was typed."""
    said = (form.told(title) for form in _forms().values())
    return next((one for one in said if one is not None), None)
