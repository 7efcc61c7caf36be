"""Our quick addresses are Flask's addresses."""

import flask
import pytest

from portal.web.links import url_for

WORDS = ("เต็นท์", "a b&c=d", "100%", "x/y?z", "%s", "ก+ข", "-")


def _ids(rule):
    return {name: 7 + place for place, name in enumerate(sorted(rule.arguments))}


@pytest.mark.parametrize("root", ["", "/en"])
def test_every_address_is_flasks(built_app, root):
    with built_app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        for rule in built_app.url_map.iter_rules():
            values = _ids(rule)
            for more in ({}, *({"q": word, "page": 3} for word in WORDS)):
                given = {**values, **more}
                assert url_for(rule.endpoint, **given) == flask.url_for(rule.endpoint, **given)


@pytest.mark.parametrize("value", [None, "", True, 2.5, ["a", "b"], -3])
def test_odd_values_are_left_to_flask(built_app, value):
    with built_app.test_request_context("/"):
        assert url_for("home.search", q=value) == flask.url_for("home.search", q=value)


def test_words_in_the_path(built_app):
    with built_app.test_request_context("/"):
        for rule in built_app.url_map.iter_rules():
            words = [
                name for name, one in rule._converters.items() if type(one).__name__ == "UnicodeConverter"
            ]
            for word in WORDS:
                values = {**_ids(rule), **dict.fromkeys(words, word)}
                assert url_for(rule.endpoint, **values) == flask.url_for(rule.endpoint, **values)
