"""What became of an idea is called as the screening called its decision: one thing, one word, in both languages."""

import pytest

from portal.core import i18n
from portal.dossier.fate import LABELS, TONES, Fate
from portal.plans.models import PlanState
from portal.plans.words import STATE_TONES as PLAN_TONES
from portal.screening.models import CaseState, Outcome
from portal.screening.words import OUTCOMES
from portal.screening.words import STATE_TONES as CASE_TONES

SAME = {
    Fate.MERGED: Outcome.MERGE_WITH,
    Fate.REFERRED: Outcome.REFER,
    Fate.COMMUNITY: Outcome.COMMUNITY_DOES,
    Fate.DEFERRED: Outcome.DEFER,
    Fate.REJECTED: Outcome.REJECT,
}


@pytest.mark.parametrize("language", ["th", "en"])
def test_an_idea_is_answered_in_the_words_of_the_decision(language):
    with i18n.speaking(language):
        assert [str(LABELS[fate]) for fate in SAME] == [str(OUTCOMES[outcome]) for outcome in SAME.values()]
        assert str(LABELS[Fate.ACCEPTED]).startswith(str(OUTCOMES[Outcome.ACCEPT]))


def test_what_was_withdrawn_is_grey_wherever_it_is_listed(app):
    """Red says that something was refused or is late."""
    tones = {TONES[Fate.WITHDRAWN], PLAN_TONES[PlanState.WITHDRAWN], CASE_TONES[CaseState.WITHDRAWN]}
    macro = '{% from "components/ui.html" import withdrawn_tag %}{{ withdrawn_tag() }}'
    assert tones == {"grey"}
    assert 'class="tag tag-grey"' in app.jinja_env.from_string(macro).render(lang="th")
