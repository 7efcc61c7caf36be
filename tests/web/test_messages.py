"""Messages in templates: values are filled in and escaped, plural forms fit, per cent signs survive."""

import pytest

from portal.core import i18n


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{% trans n=2 %}{{ n }} shop{% pluralize %}{{ n }} shops{% endtrans %}", "2 shops"),
        ("{% trans n=1 %}{{ n }} shop{% pluralize %}{{ n }} shops{% endtrans %}", "1 shop"),
        ("{% trans n=2 %}{{ n }}% shop{% pluralize %}{{ n }}% shops{% endtrans %}", "2% shops"),
        ("{% trans who=name %}<b>{{ who }}</b>: 50%{% endtrans %}", "<b>&lt;i&gt;</b>: 50%"),
        ('{{ _("<b>%(who)s</b>", who=name) }}', "<b>&lt;i&gt;</b>"),
        ('{{ ngettext("%(num)s shop", "%(num)s shops", 3) }}', "3 shops"),
        ('{{ pgettext("a street", "%(who)s way", who=name) }}', "&lt;i&gt; way"),
    ],
)
def test_a_message_in_a_template(built_app, template, shown):
    source = f"{{% autoescape true %}}{template}{{% endautoescape %}}"
    with built_app.test_request_context("/"), i18n.speaking("en"):
        assert built_app.jinja_env.from_string(source).render(name="<i>") == shown


def test_a_message_in_code():
    with i18n.speaking("en"):
        assert i18n.gettext("%(who)s is here", who="A") == "A is here"
        assert i18n.ngettext("%(num)s shop", "%(num)s shops", 1) == "1 shop"
        assert str(i18n.lazy_gettext("Not a %(thing)s", thing="house")) == "Not a house"


SNIPPETS = [
    '{{ _("Search") }}',
    '{{ _("Search: %(typed)s", typed=name) }}',
    "{% trans trimmed day=name, people=3, votes=4 %}Raised at a forum on {{ day }} by {{ people }} people; {{ votes }} voted for it.{% endtrans %}",
    '{{ ngettext("%(num)s house", "%(num)s houses", 1) }} {{ ngettext("%(num)s house", "%(num)s houses", number) }}',
    '{{ ngettext("%(num)s house", "%(num)s houses", 1840, num="1,840") }}',
    '{{ pgettext("plan", "Withdrawn") }}',
    '{% set text = _("Search") %}{{ text|upper }}{{ text ~ name }}',
    "{{ _(name) }}",
    '{{ "%s" % _("Search") }}',
    '{% macro say(text, lang="") %}{{ lang }}{{ text }}{{ _("Search") }}{% endmacro %}{{ say(name, lang="de") }}{{ lang }}',
    '{{ "ก" if lang == "th" else "k" }}',
]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_compiled_for_a_language_it_says_what_jinja_says(built_app, language, snippet):
    source = f"{{% autoescape true %}}{snippet}{{% endautoescape %}}"
    values = {"name": "<b>ก & ข</b>", "number": 5, "lang": language}
    with built_app.test_request_context("/"), i18n.speaking(language):
        spoken = built_app.jinja_env
        plain = spoken.overlay()
        plain.language = None  # leaves messages to be looked up when the page is made
        assert spoken.language == language
        assert spoken.from_string(source).render(values) == plain.from_string(source).render(values)
