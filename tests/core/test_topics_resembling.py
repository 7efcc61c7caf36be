"""Topics that share words with a text: what screening shows as items like this one."""

from portal.core import db as core_db
from portal.core import thai, topics


def ids(text, district_id):
    found = topics.resembling(thai.query_terms(text), district_id=district_id).subquery()
    rows = core_db.session().execute(found.select().order_by(found.c.closeness.desc(), found.c.topic_id))
    return [row.topic_id for row in rows]


def test_the_closest_come_first_and_other_districts_never(db):
    close = topics.create("item", "ปรับปรุงทางเดินริมคลอง", district_id=1002)
    far = topics.create("item", "ปรับปรุงห้องสมุด", district_id=1002)
    topics.create("item", "อบรมอาชีพ", district_id=1002)
    topics.create("item", "ปรับปรุงทางเดินริมคลอง", district_id=1001)
    assert ids("ปรับปรุงทางเดินริมคลองสายใหม่", 1002) == [close.id, far.id]


def test_a_text_without_words_resembles_nothing(db):
    topics.create("item", "ปรับปรุงทางเดิน", district_id=1002)
    assert ids("!!!", 1002) == []
