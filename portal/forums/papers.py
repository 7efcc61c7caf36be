"""The sheets of a forum as papers: agenda with lines to sign on, cards for issues. No session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.core import thai, typeset
from portal.core.i18n import gettext as _
from portal.core.i18n import language
from portal.forums.models import AgendaItem, Forum
from portal.forums.words import SIDES, times_text
from portal.places.models import title_of


def sheet(
    forum: Forum, place: Any, agenda: Sequence[AgendaItem], lines: int, *, is_thai_digits: bool
) -> bytes:
    """The agenda on a sheet of its own for the door, then ``lines`` numbered lines for those who come."""
    data = {
        "forum": _forum(forum, place),
        "agenda_head": _("Agenda"),
        "agenda": [item.matter for item in agenda],
        "signing": _("Who came"),
        "notice": notice(),
        "head": [_("No."), _("Name"), _("House no."), _("Sex"), _("Age"), _("Signature")],
        "lines": lines,
    }
    return typeset.pdf(
        "forums/sheet.typ",
        data,
        title=_("Agenda and sign-in sheet"),
        lang=language(),
        is_thai_digits=is_thai_digits,
    )


def cards(forum: Forum, place: Any, sheets: int) -> bytes:
    """Cards for issues, four on each of ``sheets`` sheets; no name stands on them."""
    data = {
        "forum": _forum(forum, place),
        "sheets": sheets,
        "side": _("Theme"),
        "sides": [str(label) for label in SIDES.values()],
        "blanks": [_("Problem"), _("Cause"), _("What is proposed")],
        "counts": [_("Raised by how many people"), _("Hands counted")],
    }
    return typeset.pdf("forums/cards.typ", data, title=_("Issue cards"), lang=language())


def notice() -> str:
    """What those who sign are told before they sign."""
    return _(
        "Your name is asked for only so that the record of this forum can be trusted. The committee of the community and "
        "the district office see it, nobody else. It is deleted one year after the forum. You may also be counted without "
        "a name."
    )


def _forum(forum: Forum, place: Any) -> dict[str, str]:
    lang = language()
    day = thai.instant_text(forum.starts_at, lang, "weekday")
    return {
        "title": forum.title,
        "when": day,
        "hours": times_text(forum.starts_at, forum.ends_at),
        "where": " · ".join(
            one
            for one in (
                forum.place,
                title_of(place.community) if place.community else "",
                place.district_en if lang == "en" else place.district_th,
            )
            if one
        ),
    }
