"""The letter about a released decision, word for word what its page says, as data for the paper."""

from __future__ import annotations

from typing import Any

from portal.core import money, thai
from portal.core.i18n import gettext as _
from portal.core.i18n import language, pgettext
from portal.places.models import title_of
from portal.screening.queries import PublicCard


def letter_data(to: Any, card: PublicCard, case_id: int, address: str) -> dict[str, Any]:
    """What ``templates/screening/letter.typ`` needs; ``address`` is the letter's own page. Amounts in figures and words."""
    lang, decision = language(), card.decision
    released = thai.day_text(decision.released_at, lang, "long")
    year = thai.fiscal_year_text(to.fiscal_year, lang)
    return {
        "number": _("Case %(number)s", number=case_id),
        "office": _(
            "%(district)s District Office", district=to.district_en if lang == "en" else to.district_th
        ),
        "facts": [
            [_("Date"), released],
            [_("Subject"), to.title],
            [pgettext("letter", "To"), addressee(to)],
            [_("Asked for"), _amount(to.asked_satang, lang)],
        ],
        "opening": _(
            "The item submitted on %(day)s for %(year)s has been screened against the mission of the district, the area strategy and the strategy of Bangkok. The decision is:",
            day=thai.day_text(to.submitted_at, lang, "long"),
            year=year,
        ),
        "outcome": str(card.outcome_label),
        "reason": decision.reason,
        "details": _details(card, lang),
        "appeal_head": _("Appeal"),
        "appeal": _appeal(card),
        "card_head": _("The criteria card"),
        "card_columns": [_("Criterion"), _("Answer")],
        "card": [
            ["\n".join(part for part in (line.criterion.text(lang), line.reason) if part), str(line.label)]
            for line in card.lines
        ],
        "rules": _("Judged by edition %(number)s of the rules of this cycle.", number=card.edition_number),
        "way_on": _way_on(card, lang),
        "signer": decision.confirmer,
        "post": decision.confirmer_post,
        "confirmed": _(
            "confirmed %(instant)s", instant=thai.instant_text(decision.confirmed_at, lang, "long")
        ),
        "foot": _("Published at"),
        "address": address,
        "hash": f"SHA-256 {card.edition_sha256}",
    }


def addressee(to: Any) -> str:
    """Whom the letter is for. In English a community goes by its bare name, as everywhere in the portal."""
    name = to.community if language() == "en" else title_of(to.community)
    return _("The committee of %(community)s", community=name)


def _amount(satang: int, lang: str) -> str:
    figures = money.baht(satang, lang)
    return f"{figures} ({money.baht_words(satang)})" if lang == "th" else figures


def _details(card: PublicCard, lang: str) -> list[list[str]]:
    decision = card.decision
    year = "" if decision.defer_to_year is None else thai.fiscal_year_text(decision.defer_to_year, lang)
    amount = "" if decision.accepted_satang is None else _amount(decision.accepted_satang, lang)
    told = [
        (_("Amount accepted"), amount),
        (_("What changes"), decision.changes),
        (_("Merged with"), card.merged_into or ""),
        (_("Agency"), decision.agency),
        (_("What the agency has answered"), decision.agency_reply),
        (_("Put off to"), year),
        (_("Kind of reason"), str(card.reason_label)),
    ]
    return [[label, text] for label, text in told if text]


def _appeal(card: PublicCard) -> list[list[str]]:
    if card.appeal is None:
        return []
    decision = card.decision
    told = [
        (_("What the community says"), decision.appeal_grounds),
        (
            _("Answer to the appeal"),
            str(card.appeal_outcome_label) or _("The community has appealed; the appeal is being looked at."),
        ),
    ]
    if card.appeal_outcome_label:
        told.append((_("The first decision"), f"{card.first_outcome_label}\n{decision.first_reason}"))
    return [[label, text] for label, text in told]


def _way_on(card: PublicCard, lang: str) -> str:
    if not card.is_appeal_open:
        return ""
    until = thai.deadline_text(card.appeals_until, lang, "long")
    return (
        _("The community may appeal until %(instant)s.", instant=until)
        + " "
        + _("A leader of the community files an appeal in this portal, under “Our items in screening”.")
    )
