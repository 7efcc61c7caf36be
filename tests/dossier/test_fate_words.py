"""What became of an idea is called as the screening called its decision: one thing, one word, in both languages."""

import pytest

from portal.core import i18n
from portal.dossier.fate import LABELS, Fate
from portal.screening.models import Outcome
from portal.screening.words import OUTCOMES

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
