"""Topics that share words with a text: what screening shows as items like this one."""

from portal.core import db as core_db
from portal.core import thai, topics


def ids(text, district_id, *kinds):
    found = topics.resembling(thai.tokens(text).split(), kinds=kinds or ("item",), district_id=district_id)
    return set(core_db.session().scalars(found))


def test_those_that_share_two_words_are_found_and_other_districts_never(db):
    close = topics.create("item", "ปรับปรุงทางเดินริมคลอง", district_id=1002)
    topics.create("item", "ปรับปรุงห้องสมุด", district_id=1002)
    topics.create("item", "อบรมอาชีพ", district_id=1002)
    topics.create("item", "ปรับปรุงทางเดินริมคลอง", district_id=1001)
    project = topics.create("project", "ทางเดินริมคลอง", district_id=1002)
    assert ids("ปรับปรุงทางเดินริมคลองสายใหม่", 1002) == {close.id}
    assert ids("ปรับปรุงทางเดินริมคลองสายใหม่", 1002, "item", "project") == {close.id, project.id}


def test_a_single_word_resembles_those_that_hold_it(db):
    held = topics.create("item", "ห้องสมุด", district_id=1002)
    topics.create("item", "อบรมอาชีพ", district_id=1002)
    assert ids("ห้องสมุด", 1002) == {held.id}


def test_a_text_without_words_resembles_nothing(db):
    topics.create("item", "ปรับปรุงทางเดิน", district_id=1002)
    assert ids("!!!", 1002) == set()
