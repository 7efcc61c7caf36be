"""The demonstration's clock."""

import pytest


@pytest.fixture
def visitor(demo_app, database_url):
    return demo_app.test_client()


@pytest.mark.parametrize(
    ("fields", "button"),
    [
        ({}, ("step", "month")),
        ({}, ("to", "2100-03-01T00:00:00+07:00")),
        ({"day": "1/1/2643"}, ("step", "")),
        ({"day": "31/12/2643"}, ("step", "")),
    ],
)
def test_it_goes_no_further_than_the_calendar(visitor, clock, fields, button):
    clock.travel("2099-12-30 09:00")
    answer = visitor.submit("/demo/clock", fields, having={"day"}, button=button)
    assert answer.status_code == 422
    assert "2642" in answer.page.text


def test_a_date_of_ones_own_must_be_filled_in(visitor, clock):
    assert "ไม่บังคับ" not in visitor.get("/demo/clock", status=200).page.text
    assert visitor.submit("/demo/clock", {}, having={"day"}).status_code == 422
