import pytest

from portal.core import db as core_db
from portal.core import thai, topics
from portal.core.actor import ANONYMOUS, Actor, Grant, Role, Scope
from portal.core.topics import Topic


@pytest.fixture
def words(db):
    """Topics of two kinds, one the beginning of the other's name."""
    for place, (kind, title) in enumerate(
        [
            ("plan", "แผนพัฒนาชุมชนนาหลวง"),
            ("action_plan", "แผนปฏิบัติราชการ นา"),
            ("item", "ซื้อเต็นท์สนาม"),
            ("item", "ซ่อมถนนในนา"),
            ("item", "ไฟทางเดิน"),
            ("item", "ปลูกข้าวในนา"),
            ("item", "ทางเข้านา"),
        ]
    ):
        topics.tie(topics.create(kind, title).id, place)


def found(typed, kind="item", **limits):
    words = topics.words_query(thai.query_terms(typed), kind)
    chosen = topics.matches(words, kind=kind, **{"limit": 10, **limits}).subquery()
    rows = core_db.session().execute(
        topics.sa.select(Topic.title).join(chosen, chosen.c.topic_id == Topic.id).order_by(Topic.id.desc())
    )
    return [row.title for row in rows]


def test_short_words_and_misspellings_are_found(words):
    assert found("นา") == ["ทางเข้านา", "ปลูกข้าวในนา", "ซ่อมถนนในนา"]
    assert found("เต้นท์") == found("เตนท์") == found("เต็นท์") == ["ซื้อเต็นท์สนาม"]
    assert found("นา ซ่อม") == ["ซ่อมถนนในนา"]


def test_one_kind_is_searched_alone(words):
    assert found("นา", kind="plan") == ["แผนพัฒนาชุมชนนาหลวง"]
    assert found("นา", kind="action_plan") == ["แผนปฏิบัติราชการ นา"]
    assert found("แผน", kind="item") == []


def test_a_page_goes_on_below_the_last(words):
    first = topics.matches(topics.words_query(thai.query_terms("นา"), "item"), kind="item", limit=1)
    (newest,) = core_db.session().scalars(first)
    assert found("นา", before=newest) == ["ปลูกข้าวในนา", "ซ่อมถนนในนา"]
    assert len(found("นา", limit=2)) == 2


def test_changed_words_are_found_and_old_ones_are_not(words):
    light = topics.matches(topics.words_query(thai.query_terms("ไฟ"), "item"), kind="item", limit=1)
    (id_,) = core_db.session().scalars(light)
    topics.retitle(id_, "ปลูกต้นไม้")
    assert found("ไฟ") == []
    assert found("ต้นไม้", kind="item") == ["ปลูกต้นไม้"]
    topics.tidy()
    assert (found("ไฟ"), found("ต้นไม้")) == ([], ["ปลูกต้นไม้"])


@pytest.mark.parametrize(
    "typed", ['"', "a AND b OR NOT", "kind : plan", "นา*", "(((", "'; DROP TABLE topics", "^^"]
)
def test_nothing_typed_is_an_operator(words, typed):
    terms = thai.query_terms(typed)
    assert not terms or found(typed) is not None


def test_an_unregistered_kind_is_invisible(words):
    ids = list(core_db.session().scalars(topics.sa.select(Topic.id)))
    assert topics.visible_among(ANONYMOUS, {"no_such_kind": ids, "": []}) == set()


@pytest.mark.parametrize("role", [None, *Role])
def test_who_sees_a_topic_hangs_on_grants_alone(app, db, role):
    """Statements are kept by grants: a rule that looked at who it is would be asked of nobody in particular."""
    grants = () if role is None else (Grant(role, Scope.DISTRICT, 1), Grant(role, Scope.CITY))
    for kind in topics.kinds().values():
        asked = [
            kind.visible_to(actor).compile()
            for actor in (Actor(7, grants, "ใคร", home_district_id=3), Actor(0, grants))
        ]
        assert str(asked[0]) == str(asked[1])
        assert asked[0].params == asked[1].params
