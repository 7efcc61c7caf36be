"""What was typed comes back under the names its own form gives it."""

import pytest

from portal.web import resume


@pytest.mark.parametrize(
    ("address", "fields", "shown"),
    [
        ("/comments/1", [("text", "ขอทราบ"), ("purpose", "discussion")], [("ความคิดเห็นของคุณ", "ขอทราบ")]),
        ("/plans/1/edit?x=1", [("vision", "อยู่ดี"), ("analysis", " ")], [("วิสัยทัศน์", "อยู่ดี")]),
        ("/plans/items/1/edit", [("lines-0-what", "เต็นท์"), ("version", "3")], [("รายการ", "เต็นท์")]),
        ("/notifications/read-all", [("next", "/")], []),
        ("/nowhere", [("text", "ก")], []),
    ],
)
def test_what_is_shown(built_app, address, fields, shown):
    with built_app.test_request_context():
        found = resume.context(address, fields)
    assert found["shown"] == shown
    assert resume.unpack(found["packed"]) == (address, fields)
