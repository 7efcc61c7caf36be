"""Saying, answering, reporting, hiding."""

import datetime as dt

import pytest
import sqlalchemy as sa

from portal.comments import commands, queries
from portal.comments.models import CommentReport, Purpose
from portal.core import state
from portal.core.actor import ANONYMOUS, Role
from portal.core.errors import Invalid, NotAllowed, NotFound, TooMany, WrongState
from portal.notifications.models import Follow, Notice
from tests.factories import accounts, comments, places


@pytest.fixture(autouse=True)
def _open_talk():
    comments.OpenPurpose.now = Purpose.DISCUSSION


def resident(**values):
    return accounts.actor_of(accounts.person(**values))


def told(db, event):
    rows = db.execute(sa.select(Notice.person_id).where(Notice.event == event).order_by(Notice.person_id))
    return [row.person_id for row in rows]


def test_a_remark_takes_the_purpose_of_the_moment_and_its_author_follows(db):
    topic, actor = comments.topic(district=places.district()), resident()
    comments.OpenPurpose.now = Purpose.HEARING
    made = commands.post(actor, topic.id, "ขอให้เริ่มก่อนหน้าฝน\n\nขอบคุณ", purpose=Purpose.HEARING)
    assert made.purpose is Purpose.HEARING
    assert made.body == "<p>ขอให้เริ่มก่อนหน้าฝน</p><p>ขอบคุณ</p>"
    assert db.scalars(sa.select(Follow.person_id)).all() == [actor.id]


@pytest.mark.parametrize("text", ["", " \n ", "\u200b"])
def test_an_empty_remark_is_refused(db, text):
    with pytest.raises(Invalid):
        commands.post(resident(), comments.topic().id, text)


def test_a_remark_has_at_most_5000_characters(db):
    topic = comments.topic()
    commands.post(resident(), topic.id, "ก" * 5000)
    with pytest.raises(Invalid):
        commands.post(resident(), topic.id, "ก" * 5001)


def test_what_cannot_be_seen_cannot_be_talked_about(db):
    kept = comments.topic(comments.HIDDEN_TITLE)
    with pytest.raises(NotFound):
        commands.post(ANONYMOUS, kept.id, "สวัสดี")
    with pytest.raises(NotFound):
        commands.post(resident(), 10**9, "สวัสดี")
    elsewhere = comments.comment(comments.topic().id)
    with pytest.raises(NotFound):
        commands.post(resident(), kept.id, "สวัสดี", parent_id=elsewhere.id)


def test_a_window_that_closed_meanwhile_is_said(db):
    topic = comments.topic()
    comments.OpenPurpose.now = None
    with pytest.raises(WrongState):
        commands.post(resident(), topic.id, "สวัสดี")
    comments.OpenPurpose.now = Purpose.DISCUSSION
    with pytest.raises(WrongState):
        commands.post(resident(), topic.id, "สวัสดี", purpose=Purpose.HEARING)


def test_ten_remarks_in_ten_minutes_are_enough(db, clock):
    topic, actor = comments.topic(), resident()
    start = clock.travel("2026-11-21 09:00")
    for _ in range(10):
        commands.post(actor, topic.id, "สวัสดี")
    with pytest.raises(TooMany):
        commands.post(actor, topic.id, "สวัสดี")
    clock.travel(start + dt.timedelta(minutes=10, seconds=1))
    commands.post(actor, topic.id, "สวัสดี")


def test_replies_stand_one_level_deep_and_tell_the_one_replied_to(db):
    topic, first, second = comments.topic(), resident(), resident()
    top = commands.post(first, topic.id, "หนึ่ง")
    reply = commands.post(second, topic.id, "สอง", parent_id=top.id)
    deeper = commands.post(first, topic.id, "สาม", parent_id=reply.id)
    assert reply.parent_id == deeper.parent_id == top.id
    assert told(db, "comment.replied") == [first.id]


def test_followers_hear_of_a_lively_topic_once_a_day(db, clock):
    topic, follower, author = comments.topic(), resident(), resident()
    clock.travel("2026-11-21 09:00")
    commands.post(follower, topic.id, "หนึ่ง")
    commands.post(author, topic.id, "สอง")
    commands.post(author, topic.id, "สาม")
    assert told(db, "comment.posted") == [follower.id]
    clock.travel("2026-11-22 09:00")
    commands.post(author, topic.id, "สี่")
    assert told(db, "comment.posted") == [follower.id, follower.id]


def test_one_answer_for_several_remarks(db):
    here = places.district()
    topic = comments.topic(district=here)
    comments.OpenPurpose.now = Purpose.HEARING
    asked = [commands.post(resident(), topic.id, text) for text in ("หนึ่ง", "สอง", "สาม")]
    assert queries.unanswered([topic.id], Purpose.HEARING) == 3
    planner = accounts.officer(Role.PLANNER, here)
    reply = commands.answer(planner, [asked[0].id, asked[1].id], "รับไว้ดำเนินการ", "ฝ่ายปกครอง")
    assert [one.reply_id for one in asked] == [reply.id, reply.id, None]
    assert queries.unanswered([topic.id], Purpose.HEARING) == 1
    assert told(db, "comment.answered") == sorted(one.author_id for one in asked)


def test_an_answer_is_corrected_by_a_new_one_and_the_old_wording_stays(db):
    here = places.district()
    topic = comments.topic(district=here)
    planner = accounts.officer(Role.PLANNER, here)
    asked = comments.comment(topic.id)
    for text in ("หนึ่ง", "สอง", "สาม"):
        commands.answer(planner, [asked.id], text, "ฝ่ายปกครอง")
    shown = queries.thread(ANONYMOUS, topic.id).rows[0].answer
    assert shown.body == "<p>สาม</p>"
    assert [one.body for one in shown.earlier] == ["<p>สอง</p>", "<p>หนึ่ง</p>"]


def test_answers_are_refused_where_they_do_not_belong(db):
    here = places.district()
    topic, other = comments.topic(district=here), comments.topic("อีกเรื่อง", district=here)
    planner = accounts.officer(Role.PLANNER, here)
    asked, elsewhere = comments.comment(topic.id), comments.comment(other.id)
    with pytest.raises(NotAllowed):
        commands.answer(accounts.officer(Role.PLANNER, places.district("1001")), [asked.id], "x", "y")
    with pytest.raises(NotFound):
        commands.answer(planner, [asked.id, elsewhere.id], "x", "y")
    with pytest.raises(NotFound):
        commands.answer(planner, [asked.id, 10**9], "x", "y")
    for words, office in (("", "y"), ("x", " ")):
        with pytest.raises(Invalid):
            commands.answer(planner, [asked.id], words, office)
    with pytest.raises(Invalid):
        commands.answer(planner, [], "x", "y")


def test_hidden_words_are_gone_and_the_reason_stays(db):
    here = places.district()
    topic, author, moderator = (
        comments.topic(district=here),
        resident(),
        accounts.officer(Role.MODERATOR, here),
    )
    made = commands.post(author, topic.id, "ถ้อยคำหยาบคาย")
    before = state.read()[0]
    commands.report(resident(), made, "คำหยาบ")
    commands.hide(moderator, made, "ใช้ถ้อยคำหยาบคาย")
    assert state.read()[0] == before + 1
    (row,) = queries.thread(ANONYMOUS, topic.id).rows
    assert (row.body, row.hidden_reason, row.is_withdrawn) == ("", "ใช้ถ้อยคำหยาบคาย", False)
    assert queries.counts([topic.id]) == {}
    assert db.scalar(sa.select(CommentReport.settled_by)) == moderator.id
    assert told(db, "comment.hidden") == [author.id]
    assert len(told(db, "comment.report_hidden")) == 1
    with pytest.raises(NotAllowed):
        commands.withdraw(author, made)
    with pytest.raises(WrongState):
        commands.hide(moderator, made, "อีกครั้ง")
    commands.restore(moderator, made)
    assert queries.thread(ANONYMOUS, topic.id).rows[0].body == "<p>ถ้อยคำหยาบคาย</p>"


def test_a_remark_is_withdrawn_by_its_author_alone(db):
    topic, author = comments.topic(district=places.district()), resident()
    made = commands.post(author, topic.id, "พูดผิด")
    with pytest.raises(NotAllowed):
        commands.withdraw(resident(), made)
    commands.withdraw(author, made)
    (row,) = queries.thread(author, topic.id).rows
    assert (row.is_withdrawn, row.body) == (True, "")
    with pytest.raises(NotAllowed):
        commands.restore(accounts.officer(Role.MODERATOR), made)


def test_a_report_is_made_once_and_may_be_kept(db):
    here = places.district()
    topic, reporter = comments.topic(district=here), resident()
    moderator = accounts.officer(Role.MODERATOR, here)
    made = comments.comment(topic.id)
    for _ in range(2):
        commands.report(reporter, made, "ไม่สุภาพ")
    assert [row.reports for row in queries.moderation_queue(moderator).rows] == [1]
    elsewhere = accounts.officer(Role.MODERATOR, places.district("1001"))
    assert queries.moderation_queue(elsewhere).rows == []
    commands.keep(moderator, made)
    assert queries.moderation_queue(moderator).rows == []
    assert told(db, "comment.report_kept") == [reporter.id]


def test_threads_turn_their_pages_in_both_orders(db, monkeypatch):
    monkeypatch.setattr(queries.threads, "PAGE", 2)
    topic = comments.topic()
    ids = [comments.comment(topic.id, str(number)).id for number in range(5)]
    for order, expected in (("newest", ids[::-1]), ("oldest", ids)):
        seen, cursor = [], None
        while True:
            found = queries.thread(ANONYMOUS, topic.id, cursor=cursor, order=order)
            seen += [row.id for row in found.rows]
            cursor = found.next_cursor
            if cursor is None:
                break
        assert seen == expected


def test_long_branches_are_cut_and_counted(db):
    topic = comments.topic()
    top = comments.comment(topic.id)
    replies = [comments.comment(topic.id, str(number), parent_id=top.id).id for number in range(25)]
    (row,) = queries.thread(ANONYMOUS, topic.id).rows
    assert [one.id for one in row.replies] == replies[:5]
    assert row.more_replies == 20
    first, cursor = queries.branch(ANONYMOUS, top)
    second, end = queries.branch(ANONYMOUS, top, cursor)
    assert [one.id for one in first.replies + second.replies] == replies
    assert end is None


def test_a_purpose_shows_only_its_own_remarks(db):
    topic = comments.topic()
    comments.comment(topic.id)
    heard = comments.comment(topic.id, purpose=Purpose.HEARING)
    found = queries.thread(ANONYMOUS, topic.id, Purpose.HEARING)
    assert ([row.id for row in found.rows], found.count) == ([heard.id], 1)
