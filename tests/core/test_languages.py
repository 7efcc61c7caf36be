"""Languages: counted things."""

import pytest

from portal.core import i18n


@pytest.mark.parametrize("number", [0, 1, 2, 21])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_count_speaks_its_language(language, number):
    with i18n.speaking(language):
        said = i18n.ngettext("%(num)s browser", "%(num)s browsers", number)
    if language == "th":
        assert said == f"{number} เบราว์เซอร์"
    else:
        assert said == f"{number} browser{'s' if number != 1 else ''}"
