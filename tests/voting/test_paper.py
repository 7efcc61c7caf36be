"""Ballots of paper: handed out once, keyed by two people apart, settled by a third, counted, accounted for, compared."""

import json
import secrets

import pytest
import sqlalchemy as sa

from portal.core import db
from portal.core.actor import Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.notifications.models import Notice
from portal.voting import verify_result
from portal.voting.commands import ballots, batches, closing, paper_account, paper_desk
from portal.voting.models import (
    Area,
    AreaKind,
    Ballot,
    BatchState,
    EntrySource,
    InPersonTag,
    PaperAnswer,
    PaperBatch,
    PaperCheck,
    PaperEntry,
    PaperHandout,
    PaperRuling,
    PaperSheet,
    RollEntry,
    Round,
    SupersededLeaf,
    Verdict,
)
from portal.voting.queries import batches as queries
from portal.voting.queries import paper, results
from tests.factories import accounts, places
from tests.factories import ballots as made
from tests.factories.ballots import officer
from tests.voting.conftest import cast, finish
from tests.voting.papers import AFTER, AREA, card, declare, hand_out, key, rows, whole_batch

# -- the desk ---------------------------------------------------------------------------------------------------------


def test_a_sheet_is_handed_out_once_and_sets_the_web_aside(vote):
    (first,) = cast(vote, 1)
    hand_out(vote, [0, 1])
    assert [one.leaf for one in rows(SupersededLeaf)] == [first.leaf_hex]
    assert len(rows(InPersonTag)) == 2
    assert len(rows(Ballot)) == 0
    with pytest.raises(NotAllowed):
        ballots.cast(vote.id, vote.rolls[0], {1: 1}, "word", "once-more-please")
    with pytest.raises(Conflict):
        hand_out(vote, [0])
    for number in ("1234567890123", "12", card(77)):
        with pytest.raises(Invalid):
            paper_desk.hand_out(vote.registry, vote.id, number)


def test_the_account_of_the_row_hears_that_a_sheet_was_taken(vote):
    with db.transaction() as session, made.before_the_lock("roll_entries"):
        someone = accounts.person()
        session.execute(
            sa.update(RollEntry).where(RollEntry.id == vote.rolls[0]).values(person_id=someone.id)
        )
        person_id = someone.id
    hand_out(vote, [0, 1])
    assert [(one.person_id, one.event) for one in rows(Notice)] == [(person_id, "voting.paper_taken")]


def test_what_breaks_off_is_ended_by_handing_out_again(vote):
    cast(vote, 1)
    with db.transaction():
        ballots.set_aside_for_paper(vote.id, vote.rolls[0])
    hand_out(vote, [0])
    assert len(rows(PaperHandout)) == 1
    assert len(rows(InPersonTag)) == 1


def test_a_sheet_comes_back_the_same_day_and_is_counted(vote, clock):
    cast(vote, 1)
    hand_out(vote, [0, 1])
    with pytest.raises(Invalid):
        paper_desk.take_back(vote.registry, vote.id, card(0), " ")
    paper_desk.take_back(vote.registry, vote.id, card(0), "หยิบบัตรประชาชนผิดใบ")
    ballots.cast(vote.id, vote.rolls[0], {2: 1}, "word", "now-on-the-web")
    hand_out(vote, [0])
    paper_desk.exchange(vote.registry, vote.id, card(1))
    with pytest.raises(WrongState):
        paper_desk.exchange(vote.registry, vote.id, card(5))
    with db.transaction("read"):
        (told,) = paper.accounts(vote.id)
    assert (told.handed, told.returned, told.exchanged, told.out) == (3, 1, 1, 2)
    clock.travel("2026-11-22 08:30")
    with pytest.raises(WrongState):
        paper_desk.take_back(vote.registry, vote.id, card(1), "วันรุ่งขึ้น")


@pytest.mark.parametrize(
    ("who", "when", "refused"),
    [
        ("registry", "2026-11-21 12:00", None),
        ("elsewhere", "2026-11-21 12:00", NotAllowed),
        ("clerk", "2026-11-21 12:00", NotAllowed),
        ("officer", "2026-11-21 12:00", NotAllowed),
        ("registry", "2026-11-19 12:00", WrongState),
        ("registry", AFTER, WrongState),
    ],
)
def test_who_hands_out_and_when(vote, clock, who, when, refused):
    with db.transaction():
        actors = {
            "registry": vote.registry,
            "elsewhere": officer(Role.REGISTRY, 1001),
            "clerk": vote.clerks[0],
            "officer": vote.keeper,
        }
    clock.travel(when)
    if refused is None:
        paper_desk.hand_out(actors[who], vote.id, card(3))
    else:
        with pytest.raises(refused):
            paper_desk.hand_out(actors[who], vote.id, card(3))
    assert len(rows(PaperHandout)) == (refused is None)


# -- a batch ----------------------------------------------------------------------------------------------------------


def test_boxes_are_opened_between_the_close_and_the_seal(vote, clock):
    with pytest.raises(WrongState):
        declare(vote, 3)
    clock.travel(AFTER)
    with pytest.raises(NotAllowed), db.transaction():
        batches.declare_batch(vote.registry, vote.id, AREA, "โต๊ะ", 3)
    for area, desk, count in (("c9", "โต๊ะ", 3), (AREA, " ", 3), (AREA, "โต๊ะ", 0), (AREA, "โต๊ะ", 201)):
        with pytest.raises(Invalid), db.transaction():
            batches.declare_batch(vote.clerks[0], vote.id, area, desk, count)
    declare(vote, 3)
    finish_with_voids(vote)
    finish(vote, clock)
    with pytest.raises(WrongState):
        declare(vote, 3)


def finish_with_voids(vote):
    for one in rows(PaperBatch):
        with db.transaction():
            batches.void_batch(vote.clerks[0], one.id, "นับใหม่")


def test_two_people_key_and_neither_sees_the_other(vote, clock):
    clock.travel(AFTER)
    batch = declare(vote, 2)
    first = key(vote, batch, 0, ["1+2"], finish=False)
    with db.transaction():
        assert batches.begin_keying(vote.clerks[0], batch).id == first
    second = key(vote, batch, 1, ["1+3", "/1"], finish=False)
    for other in (vote.clerks[1], vote.clerks[2], vote.keeper, vote.certifier):
        with pytest.raises(NotFound), db.transaction("read"):
            queries.keying_seen(other, first)
        with pytest.raises(NotFound), db.transaction():
            batches.key_sheet(other, first, 1, "1")
    with pytest.raises(Conflict), db.transaction():
        batches.begin_keying(vote.clerks[2], batch)
    with pytest.raises(Invalid, match="2"), db.transaction():
        batches.finish_keying(vote.clerks[0], first)
    for number, typed in ((3, "1"), (0, "1"), (1, "99")):
        with pytest.raises(Invalid), db.transaction():
            batches.key_sheet(vote.clerks[0], first, number, typed)
    with db.transaction():
        batches.give_up_keying(vote.clerks[1], second)
    key(vote, batch, 2, ["1+2", "0"], finish=False)
    with pytest.raises(WrongState), db.transaction():
        batches.begin_keying(vote.clerks[1], batch)
    for change in (sa.update(PaperEntry).values(keyed="4"), sa.delete(PaperEntry)):
        with pytest.raises(sa.exc.DBAPIError), db.transaction() as session:
            session.execute(change)


def test_a_difference_takes_a_third_person_and_a_reason(vote, clock):
    clock.travel(AFTER)
    batch = declare(vote, 3)
    key(vote, batch, 0, ["1+2", "0", "-"])
    with pytest.raises(WrongState), db.transaction():
        batches.enter_batch(vote.clerks[0], batch)
    key(vote, batch, 1, ["1+2", "3", "-"])
    with db.transaction("read") as session:
        found = queries.progress(session.get(PaperBatch, batch))
        assert found.step is queries.Step.DIFFERENCES
        assert [(one.sheet, one.first, one.second) for one in found.open] == [(2, "0", "3")]
    for clerk in (0, 1):
        with pytest.raises(NotAllowed), db.transaction():
            batches.settle(vote.clerks[clerk], batch, 2, "3", "จาง")
    with pytest.raises(WrongState), db.transaction():
        batches.settle(vote.clerks[2], batch, 1, "3", "จาง")
    with pytest.raises(Invalid), db.transaction():
        batches.settle(vote.clerks[2], batch, 2, "3", "")
    with pytest.raises(WrongState), db.transaction():
        batches.enter_batch(vote.clerks[0], batch)
    with db.transaction():
        batches.settle(vote.clerks[2], batch, 2, "3", "ขีดจางแต่อ่านได้")
    with pytest.raises(Conflict), db.transaction():
        batches.settle(vote.clerks[3], batch, 2, "0", "ไม่เห็น")
    (ruling,) = rows(PaperRuling)
    values = {column.name: getattr(ruling, column.name) for column in PaperRuling.__table__.columns}
    own = sa.insert(PaperRuling).values({**values, "sheet": 1, "decided_by": ruling.first_keyer})
    with pytest.raises(sa.exc.DBAPIError), db.transaction() as session:
        session.execute(own)
    with db.transaction():
        counts = batches.enter_batch(vote.clerks[3], batch)
    assert counts == {Verdict.VALID: 2, Verdict.MISSING: 1}
    bodies = [json.loads(one.body) for one in rows(Ballot)]
    assert {one["nonce"]: one["choices"] for one in bodies} == {"1-001": [1, 2], "1-002": [3]}
    assert {(one["channel"], one["area"]) for one in bodies} == {("paper", AREA)}
    with pytest.raises(WrongState), db.transaction():
        batches.enter_batch(vote.clerks[3], batch)
    with pytest.raises(WrongState), db.transaction():
        batches.void_batch(vote.clerks[3], batch, "เสียใจภายหลัง")


# -- the end ----------------------------------------------------------------------------------------------------------


def test_from_the_box_to_the_certificate(vote, clock):
    cast(vote, 20)
    hand_out(vote, range(5, 13))  # eight, one of whom keeps the sheet at home
    clock.travel(AFTER)
    batch, counts = whole_batch(
        vote, ["1+2", "3", "0", "1+2+3+4", "/1", "/3", "4"], differences=[(2, "2"), (5, "1")]
    )
    assert sum(counts.values()) == 7
    with pytest.raises(WrongState, match="8"), db.transaction():
        closing.seal(vote.keeper, vote.id)
    with db.transaction():
        paper_account.explain_difference(vote.clerks[0], vote.id, AREA, "ผู้มีสิทธิหนึ่งรายไม่ได้หย่อนบัตร")
    waiting = declare(vote, 1)
    with pytest.raises(WrongState, match="2"), db.transaction():
        closing.seal(vote.keeper, vote.id)
    with db.transaction():
        batches.void_batch(vote.certifier, waiting, "เปิดซ้ำ")
    finish(vote, clock)
    with db.transaction("read") as session:
        held = session.get(Round, vote.id)
        files = results.files(held, opened=True)
        drawn = paper.sample(vote.id)
    verify_result.check(files, say=lambda text: None)
    (told,) = json.loads(files["round.json"])["paper"]
    assert told["invalid"] == {"blank": 1, "too_many": 1, "unreadable": 1, "not_official": 1}
    assert (told["handed"], told["found"], told["valid"], told["difference"]) == (8, 7, 3, 1)
    assert "d1002" in files["paper.csv"].splitlines()[1]
    (area,) = json.loads(files["round.json"])["areas"]
    assert (area["ballots"], area["paper"]) == (20 - 8 + 3, 3)
    with pytest.raises(WrongState, match="7"), db.transaction():
        closing.certify(vote.certifier, vote.id, "ตรวจแล้ว")
    assert [one.number for one in drawn] == [f"1-{number:03d}" for number in range(1, 8)]
    entered = {one.sheet: one.keyed for one in rows(PaperSheet)}
    for one in drawn:
        typed = "1" if one.sheet == 7 else entered[one.sheet]
        if one.sheet == 7:
            with db.transaction():
                assert not paper_account.check_sheet(vote.certifier, vote.id, one.number, typed, "")
            for again in (typed, entered[one.sheet]):
                with pytest.raises((Invalid, WrongState)), db.transaction():
                    paper_account.check_sheet(vote.certifier, vote.id, one.number, again, "")
            with pytest.raises(WrongState, match="1"), db.transaction():
                closing.certify(vote.certifier, vote.id, "ตรวจแล้ว")
        with db.transaction():
            paper_account.check_sheet(vote.certifier, vote.id, one.number, typed, "เห็นเป็นหมายเลข 1")
    assert [one.agrees for one in rows(PaperCheck)] == [True] * 6 + [False]
    with db.transaction():
        closing.certify(vote.certifier, vote.id, "ตรวจแล้ว")
    assert batch


def test_who_had_the_batch_in_hand_does_not_compare_it(vote, clock):
    clock.travel(AFTER)
    with db.transaction():
        vote.clerks[2] = vote.certifier
    whole_batch(vote, ["1", "2"], differences=[(1, "3")])
    with db.transaction():
        paper_account.explain_difference(vote.keeper, vote.id, AREA, "กล่องมีบัตรเกินสองใบ")
    finish(vote, clock)
    with pytest.raises(NotAllowed), db.transaction():
        paper_account.check_sheet(vote.certifier, vote.id, "1-001", "1", "")
    with pytest.raises(NotAllowed), db.transaction():
        paper_account.check_sheet(vote.clerks[0], vote.id, "1-001", "1", "")


def test_in_a_round_of_the_city_a_clerk_follows_the_paper_of_the_district(keys, db):
    here, there = places.district(), places.district("1047")
    held = made.open_round(district_id=None)
    (own,) = db.scalars(sa.select(Area).where(Area.round_id == held.id))
    others = [
        Area(round_id=held.id, kind=kind, code=code, name_th=code, name_en=code, roll_count=1_000)
        for kind, code in ((AreaKind.DISTRICT, "d1047"), (AreaKind.CITY, "city"))
    ]
    with made.before_the_lock("voting_areas"):
        db.add_all(others)
        db.flush()
    clerk, city = officer(Role.PAPER_CLERK), accounts.officer(Role.STRATEGY, None)
    for area, district, sheets in (
        (own, here, 2),
        (others[0], there, 5),
        (others[1], here, 1),
        (others[1], there, 4),
    ):
        for _ in range(sheets):
            row = RollEntry(
                round_id=held.id,
                person_key=secrets.token_hex(32),
                district_id=district.id,
                area_id=area.id,
                source=EntrySource.LIST,
                added_by=held.created_by,
                added_at=held.created_at,
            )
            with made.before_the_lock("roll_entries"):
                db.add(row)
                db.flush()
            db.add(
                PaperHandout(
                    round_id=held.id,
                    area_id=area.id,
                    roll_entry_id=row.id,
                    handed_on=held.cutoff_day,
                    handed_by=clerk.id,
                )
            )
        db.add(
            PaperBatch(
                round_id=held.id,
                number=10 * sheets,
                area_id=area.id,
                district_id=district.id,
                desk="โรงเรียน",
                declared=sheets,
                declared_by=clerk.id,
                declared_at=held.created_at,
            )
        )
    db.flush()
    told = {
        one.area.code: (one.handed, one.waiting, one.is_shared) for one in paper.accounts_seen(clerk, held)
    }
    assert told == {"d1002": (2, 2, False), "city": (1, 1, True)}
    assert {one.declared for one in queries.batches(clerk, held)} == {2, 1}
    told = {
        one.area.code: (one.handed, one.waiting, one.is_shared) for one in paper.accounts_seen(city, held)
    }
    assert told == {"d1002": (2, 2, False), "d1047": (5, 5, False), "city": (5, 5, False)}
    for batch in queries.batches(city, held):
        batch.state = BatchState.VOIDED
        batch.voided_by, batch.voided_at, batch.void_reason = clerk.id, held.created_at, "ทดลอง"
    db.flush()
    paper_account.explain_difference(clerk, held.id, "d1002", "บัตรหายสองใบ")
    with pytest.raises(NotAllowed):
        paper_account.explain_difference(clerk, held.id, "city", "บัตรหายหนึ่งใบ")
    with pytest.raises(WrongState):
        paper_account.explain_difference(clerk, held.id, "d1047", "บัตรหายห้าใบ")


def test_no_row_leads_from_a_person_to_a_sheet():
    """By the schema: what names a row of the roll names no batch, and the other way round."""
    for model in (PaperBatch, PaperEntry, PaperRuling, PaperSheet, PaperCheck, PaperAnswer):
        targets = {key.column.table.name for key in model.__table__.foreign_keys}
        assert not targets & {"roll_entries", "paper_handouts"}
    for model in (RollEntry, PaperHandout):
        assert not {key.column.table.name for key in model.__table__.foreign_keys} & {
            "paper_batches",
            "paper_keyings",
        }
        for column in model.__table__.columns:
            if column.name.startswith(("paper", "handed", "returned")):
                assert not isinstance(column.type, sa.DateTime), column


def test_no_name_of_an_area_is_a_formula_in_a_table():
    area = {
        "code": "c1",
        "name_th": "=HYPERLINK(1)",
        "name_en": "@SUM(1)",
        "roll": 500,
        "ballots": 3,
        "paper": 1,
    }
    plain = dict.fromkeys(("handed", "returned", "exchanged", "found", "valid", "missing", "difference"), 1)
    tables = (
        results.areas_csv({"areas": [{**area, "votes": {}}], "votes": {}}),
        paper.csv_of([{**area, **plain, "invalid": {}}]),
    )
    for table in tables:
        assert ",'=HYPERLINK(1),'@SUM(1)," in table
