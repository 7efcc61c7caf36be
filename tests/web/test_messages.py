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
