"""The demonstration is not for production."""

from dataclasses import replace

from portal.app import create_app


def test_production_has_neither_the_command_nor_the_pages(built_app):
    app = create_app(replace(built_app.config["PORTAL"], env="production"))
    loaded = app.test_cli_runner().invoke(args=["demo", "load"])
    assert loaded.exit_code != 0
    assert "No such command" in loaded.output
    assert not [rule for rule in app.url_map.iter_rules() if "demo" in rule.endpoint]
