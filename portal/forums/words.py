"""What people read for the words of this room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from portal.core import clock
from portal.core.i18n import language
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _lp
from portal.core.i18n import ngettext as _n
from portal.forums.models import AgeBand, BodyKind, ForumPaper, ForumPurpose, ForumState, PaperKind, Sex, Side

PURPOSES: Mapping[ForumPurpose, object] = {
    ForumPurpose.MONTHLY: _l("Monthly community meeting"),
    ForumPurpose.PLAN_1: _l("First plan forum"),
    ForumPurpose.PLAN_2: _l("Second plan forum"),
    ForumPurpose.DISTRICT_POLICY: _l("District policy forum"),
    ForumPurpose.HEARING: _l("Hearing on the draft plan"),
    ForumPurpose.PLAN_COMMITTEE: _l("Meeting of the plan committee"),
    ForumPurpose.STANDING_BODY: _l("Meeting of a council or network"),
}

MEANINGS: Mapping[ForumPurpose, object] = {
    ForumPurpose.MONTHLY: _l("What is going on in the community this month."),
    ForumPurpose.PLAN_1: _l("The rules are explained and a working group of 7 to 15 people is chosen."),
    ForumPurpose.PLAN_2: _l("The working group puts the issues in order and the community votes by hand."),
    ForumPurpose.DISTRICT_POLICY: _l("The district hears the problems gathered and answers with its policy."),
    ForumPurpose.HEARING: _l("The draft annual action plan of the district is discussed with the people."),
    ForumPurpose.PLAN_COMMITTEE: _l(
        "Section heads, agencies and people's representatives decide on the plan."
    ),
    ForumPurpose.STANDING_BODY: _l("A council or network of citizens of the district meets."),
}

BODIES: Mapping[BodyKind, object] = {
    BodyKind.PEOPLES_COUNCIL: _l("People's council"),
    BodyKind.YOUTH_COUNCIL: _l("Youth council"),
    BodyKind.NETWORK: _l("Network of citizens"),
}

PAPERS: Mapping[PaperKind, object] = {
    PaperKind.SYNTHESIS: _l("Synthesis of problems"),
    PaperKind.POLICY: _l("District policy"),
}

STATES: Mapping[ForumState, tuple[object, str]] = {
    ForumState.ANNOUNCED: (_l("Announced"), "blue"),
    ForumState.RECORDED: (_lp("forum", "Recorded"), "green"),
    ForumState.CANCELLED: (_l("Cancelled"), "red"),
}

SIDES: Mapping[Side, object] = {
    Side.PHYSICAL: _l("Physical surroundings and environment"),
    Side.ECONOMY: _l("Economy"),
    Side.SOCIAL: _l("Society"),
    Side.HEALTH: _lp("side", "Health"),
    Side.MIND: _l("Mind and spirit"),
}

SEXES: Mapping[Sex, object] = {
    Sex.FEMALE: _l("Women"),
    Sex.MALE: _l("Men"),
    Sex.OTHER: _l("Others"),
}

AGES: Mapping[AgeBand, object] = {
    AgeBand.UNDER_18: _l("Under 18"),
    AgeBand.FROM_18_TO_35: _l("18 to 35"),
    AgeBand.FROM_36_TO_59: _l("36 to 59"),
    AgeBand.OVER_60: _l("60 and over"),
}


def times_text(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """The hours of a forum in Bangkok: ``18:00–20:30 น.`` in Thai, ``18:00–20:30`` in English."""
    begins, ends = (instant.astimezone(clock.BANGKOK) for instant in (starts_at, ends_at))
    hours = f"{begins:%H:%M}–{ends:%H:%M}"
    return f"{hours} น." if language() == "th" else hours


def text_of(paper: ForumPaper) -> str:
    """A paper as one text, to compare editions."""
    lines = [paper.body["text"]]
    for one in paper.body.get("sides", ()):
        issues = _n("%(num)s issue", "%(num)s issues", one["issues"])
        votes = _n("%(num)s vote", "%(num)s votes", one["votes"])
        lines += [f"{SIDES[Side(one['side'])]}: {issues}, {votes}", one["text"]]
    for one in paper.body.get("answers", ()):
        lines += [f"{SIDES[Side(one['side'])]} ({one['office']})", one["answer"]]
    return "\n".join(line for line in lines if line)
