"""A round is called off by one before the opening and by two once voting has begun, until its certificate; what nobody was
shown goes, what was published stays."""

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from portal.accounts.models import GrantRow
from portal.core import db, hashing
from portal.core.actor import Role
from portal.core.errors import Invalid, NotAllowed, WrongState
from portal.core.ledger import LedgerEntry
from portal.notifications.models import Notice
from portal.voting import heads, keykeeper, verify_result
from portal.voting.commands import ballots as ballot_commands
from portal.voting.commands import cancelling, closing, replacing
from portal.voting.commands import rounds as round_commands
from portal.voting.models import CancelRequest, PublishedBallot, Round, RoundKey, RoundResult, RoundState
from portal.voting.queries import board as board_queries
from portal.voting.queries import results
from tests.factories import accounts, places, rounds
from tests.factories.ballots import officer, open_round
from tests.voting.conftest import call_off, cast, finish

TURNED_DOWN = "round.cancel_turned_down"
REASON = "เลขที่ใช้ไม่ใช่ของงวดที่ประกาศ"


def held(vote):
    with db.transaction("read") as session:
        return session.get(Round, vote.id)


@pytest.fixture
def site(app, round_):
    """The pages, with the keeper of the round's keys (the portal brings its own)."""
    keykeeper.use(f"folder:{round_.folder}")
    return round_


@pytest.fixture
def directors(round_, transaction):
    with transaction():
        return officer(Role.DIRECTOR), officer(Role.DIRECTOR)


def test_nobody_calls_off_a_running_vote_alone(round_, directors):
    first, second = directors
    cast(round_, 3)
    with pytest.raises(WrongState), db.transaction():
        cancelling.cancel_round(first, round_.id, REASON)
    with pytest.raises(NotAllowed), db.transaction():
        cancelling.ask_to_cancel(round_.keeper, round_.id, REASON)
    with pytest.raises(NotAllowed), db.transaction():
        cancelling.ask_to_cancel(round_.certifier, round_.id, REASON)
    with pytest.raises(Invalid), db.transaction():
        cancelling.ask_to_cancel(first, round_.id, " ")
    with db.transaction():
        cancelling.ask_to_cancel(first, round_.id, REASON)
    with pytest.raises(NotAllowed), db.transaction():
        cancelling.cancel_round(first, round_.id, REASON)
    with pytest.raises(WrongState), db.transaction():
        cancelling.cancel_round(second, round_.id, "อ่านเหตุผลเก่า")
    assert held(round_).state is RoundState.PUBLISHED
    with db.transaction():
        cancelling.cancel_round(second, round_.id, REASON)
    found = held(round_)
    assert (found.state, found.cancel_reason) == (RoundState.CANCELLED, REASON)
    with db.transaction("read") as session:
        asked = session.get_one(CancelRequest, round_.id)
        assert (asked.asked_by, asked.carried_out_by) == (first.id, second.id)


def told(event):
    """Who has heard of it."""
    return set(db.session().scalars(sa.select(Notice.person_id).where(Notice.event == event)))


@pytest.mark.parametrize("is_city", [False, True])
def test_who_may_carry_it_out_and_who_holds_the_key_hear_of_it(keys, transaction, is_city):
    with transaction() as session:
        district = None if is_city else places.district()
        first, second, custodian = (
            accounts.officer(role, district)
            for role in (*[Role.STRATEGY if is_city else Role.DIRECTOR] * 2, Role.KEY_CUSTODIAN)
        )
        accounts.officer(Role.ROUND_OFFICER, district)
        if is_city:
            accounts.officer(Role.DIRECTOR, places.district())
        cancelling.ask_to_cancel(first, open_round(**({"district_id": None} if is_city else {})).id, REASON)
        session.flush()
        assert told("voting.cancel_asked") == {second.id, custodian.id}


@pytest.mark.parametrize("is_city", [False, True])
def test_who_may_confirm_the_rules_hears_that_they_wait(db, is_city):
    district = None if is_city else places.district()
    first, second = (accounts.officer(Role.STRATEGY, None), accounts.officer(Role.STRATEGY, None))
    keeper = first if is_city else accounts.officer(Role.PLANNER, district)
    round_commands.propose_round(keeper, rounds.draft(is_city=is_city).id)
    assert {second.id} <= told("voting.proposed")
    assert keeper.id not in told("voting.proposed")


def test_the_database_itself_wants_two(round_, directors):
    alone = sa.text("UPDATE rounds SET state = 'cancelled', cancel_reason = 'x', cancelled_at = closes_at")
    with pytest.raises(sa.exc.DBAPIError, match="two people"), db.transaction() as session:
        session.execute(alone)
    earlier = "UPDATE rounds SET state = 'cancelled', cancel_reason = 'x', cancelled_at = created_at"
    at_once = sa.insert(CancelRequest).values(
        round_id=round_.id,
        asked_by=directors[0].id,
        asked_at=sa.func.current_timestamp(),
        state="published",
        reason="x",
        carried_out_by=directors[1].id,
    )
    for statement in (sa.text(earlier), at_once):
        with pytest.raises(sa.exc.DBAPIError, match="two people"), db.transaction() as session:
            session.execute(statement)
    with db.transaction():
        cancelling.ask_to_cancel(directors[0], round_.id, REASON)
    with pytest.raises(sa.exc.DBAPIError), db.transaction() as session:
        session.execute(sa.update(CancelRequest).values(carried_out_by=CancelRequest.asked_by))
    carry_out(directors[1], round_)
    for statement in (
        "UPDATE rounds SET cancel_reason = 'x'",
        "UPDATE cancel_requests SET reason = 'x'",
        "DELETE FROM cancel_requests",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="forward"), db.transaction() as session:
            session.execute(sa.text(statement))


def test_before_the_opening_one_is_enough(db):
    made = rounds.published()
    with pytest.raises(WrongState):
        cancelling.ask_to_cancel(officer(Role.DIRECTOR), made.id, REASON)
    cancelling.cancel_round(officer(Role.DIRECTOR), made.id, REASON)
    assert made.state is RoundState.CANCELLED


@pytest.mark.parametrize("round_", [{"shows_ballots": shows} for shows in (True, False)], indirect=True)
def test_a_counted_round_is_annulled_and_its_result_stays_readable_and_marked(site, clock, directors, client):
    cast(site, 6)
    finish(site, clock, outside="43")
    with db.transaction("read") as session:
        shows = session.get_one(Round, site.id).shows_ballots
        text = session.get_one(RoundResult, site.id).body
    with db.transaction():
        cancelling.ask_to_cancel(site.certifier, site.id, REASON)
    with pytest.raises(NotAllowed), db.transaction():
        cancelling.cancel_round(site.certifier, site.id, REASON)
    with db.transaction():
        cancelling.cancel_round(directors[0], site.id, REASON)
    with pytest.raises(WrongState), db.transaction():
        closing.certify(site.certifier, site.id, "ตรวจแล้ว")
    with db.transaction("read") as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PublishedBallot)) == (6 if shows else 0)
        assert session.get_one(RoundKey, site.id).destroyed_at is not None
        about = json.loads(results.files(session.get_one(Round, site.id), opened=shows)["round.json"])
        lines = [row.line for row in board_queries.head_rows(site.id)]
    assert about["annulled"] == REASON
    assert [heads.read(line)["kind"] for line in lines[-2:]] == ["result", "annulled"]
    assert heads.read(lines[-1])["reason"] == hashing.sha256_hex(REASON)
    shown = client.get(f"/voting/{site.id}/result", status=200).page.text
    assert REASON in shown
    assert "การนับครั้งนี้ถูกยกเลิก" in shown
    assert client.get(f"/voting/{site.id}/result.json", status=200).text == text
    assert REASON in client.get(f"/voting/{site.id}", status=200).page.text
    packed = client.get(f"/voting/{site.id}/files.zip", status=200)
    assert "annulled-" in packed.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(packed.data)) as opened:
        files = {name: opened.read(name).decode() for name in opened.namelist()}
    said = []
    assert verify_result.check(files, say=said.append) is shows
    assert "DOES NOT STAND" in said[0]
    for table in ("areas.csv", "projects.csv", "paper.csv"):
        assert files[table].startswith(f'ANNULLED,"{REASON}"\n')
    assert "ANNULLED" in client.get(f"/voting/{site.id}/projects.csv", status=200).text
    named = client.get(f"/voting/{site.id}/result.json", status=200).headers["Content-Disposition"]
    assert "annulled-result.json" in named
    if shows:
        assert "description;ANNULLED" in files[f"round-{site.id}.pb"]
    with db.transaction():
        planner = officer(Role.PLANNER)
    with db.transaction():
        made = replacing.replace_round(planner, site.id, rounds.data())
        assert made.replaces_id == site.id


@pytest.mark.parametrize("is_counted", [False, True])
def test_on_a_receipt_of_a_cancelled_round_the_reason_comes_first(site, clock, client, is_counted):
    receipts = cast(site, 6)
    again = ballot_commands.cast(site.id, site.rolls[0], {1: 1}, "word", "another try")
    if is_counted:
        finish(site, clock)
    call_off(site, REASON)
    title = "การนับของการลงคะแนนนี้ถูกยกเลิก" if is_counted else "การลงคะแนนนี้ถูกยกเลิก"
    place = f"/voting/{site.id}"
    typed = (again.code20, again.signed, receipts[0].code20, receipts[1].code20, "A" * 20, "no code", "a.b.c")
    answers = [f"{place}/receipt?code={one}" for one in typed]
    for address in (f"{place}/receipt", f"{place}/board", *answers):
        page = client.get(address, status=200).page
        notices = [one for one in page.all("div", "section", "aside") if "notice" in one["class"].split()]
        assert title in notices[0].text, address
        assert REASON in notices[0].text, address
        assert len(notices) == (1 if address not in answers else 2), address


def test_the_pages_from_the_asking_to_the_annulled_result(site, clock, new_client):
    cast(site, 3)
    finish(site, clock)
    with db.transaction():
        for name, role in (("certifier", Role.CERTIFIER), ("director", Role.DIRECTOR)):
            accounts.officer(role, places.district(), email=f"{name}@example.org")
    certifier, director = new_client(), new_client()
    certifier.sign_in("certifier@example.org", accounts.PASSWORD)
    director.sign_in("director@example.org", accounts.PASSWORD)
    at = f"/voting/{site.id}/cancel"
    assert at in certifier.get(f"/voting/{site.id}/closing", status=200).get_data(as_text=True)
    assert certifier.submit(at, {"reason": REASON}, action=f"{at}/ask").status_code == 303
    own = certifier.get(at, status=200).page
    assert REASON in own.text
    assert f'action="{at}"' not in certifier.get(at).get_data(as_text=True)
    assert REASON in director.get(at, status=200).page.text
    assert director.submit(at, action=at).status_code == 303
    assert held(site).state is RoundState.CANCELLED
    assert REASON in director.get(f"/voting/{site.id}", status=200).page.text
    director.get(f"/voting/{site.id}/prepare", status=200)
    certifier.get(f"/voting/{site.id}/closing", status=200)


def ask(person, vote, reason=REASON):
    with db.transaction():
        cancelling.ask_to_cancel(person, vote.id, reason)


def carry_out(person, vote):
    with db.transaction():
        cancelling.cancel_round(person, vote.id, REASON)


def test_a_request_from_before_the_count_annuls_nothing(round_, directors, clock):
    first, second = directors
    cast(round_, 3)
    ask(first, round_)
    finish(round_, clock)
    with pytest.raises(WrongState):
        carry_out(second, round_)
    carried_out = sa.update(CancelRequest).values(carried_out_by=second.id)
    with pytest.raises(sa.exc.DBAPIError, match="state it was made in"), db.transaction() as session:
        session.execute(carried_out)
    with pytest.raises(sa.exc.DBAPIError, match="two people"), db.transaction() as session:
        session.execute(sa.update(Round).values(state="cancelled", cancel_reason="x", version_id=99))
    with pytest.raises(sa.exc.DBAPIError, match="forward"), db.transaction() as session:
        session.execute(sa.update(CancelRequest).values(state="counted"))
    ask(second, round_)
    carry_out(first, round_)
    assert held(round_).state is RoundState.CANCELLED


def test_a_request_of_who_left_office_is_none(round_, directors, clock):
    first, second = directors
    cast(round_, 3)
    finish(round_, clock)
    ask(first, round_)
    with db.transaction() as session:
        gone = {"revoked_at": sa.func.current_timestamp(), "revoked_by": second.id, "revoke_reason": "x"}
        session.execute(sa.update(GrantRow).where(GrantRow.person_id == first.id).values(gone))
    with pytest.raises(WrongState):
        carry_out(second, round_)
    with db.transaction():
        closing.certify(round_.certifier, round_.id, "ตรวจแล้ว")
    assert held(round_).state is RoundState.CERTIFIED


def test_nothing_is_certified_while_somebody_asks_to_annul(round_, directors, clock):
    cast(round_, 3)
    finish(round_, clock)
    with db.transaction():
        other = officer(Role.CERTIFIER)
    ask(other, round_, "ตัวอย่างไม่ตรง")
    with pytest.raises(WrongState), db.transaction():
        closing.certify(round_.certifier, round_.id, "ตรวจแล้ว")
    with pytest.raises(sa.exc.DBAPIError, match="waits"), db.transaction() as session:
        session.execute(sa.update(Round).values(state="certified", version_id=99))
    with pytest.raises(NotAllowed), db.transaction():
        cancelling.turn_down_request(other, round_.id, "ไม่จริง")
    with pytest.raises(WrongState):
        ask(round_.certifier, round_, "ขอแทน")
    with pytest.raises(NotAllowed), db.transaction():
        cancelling.take_back_request(round_.certifier, round_.id)
    with pytest.raises(Invalid), db.transaction():
        cancelling.turn_down_request(directors[0], round_.id, " ")
    with db.transaction():
        cancelling.turn_down_request(directors[0], round_.id, "นับแผ่นใหม่แล้วตรง")
    with pytest.raises(WrongState):
        carry_out(directors[1], round_)
    with db.transaction() as session:
        told = session.scalars(sa.select(LedgerEntry.payload).where(LedgerEntry.event == TURNED_DOWN)).one()
        assert "นับแผ่นใหม่แล้วตรง" in told
        closing.certify(round_.certifier, round_.id, "ตรวจแล้ว")
    assert held(round_).state is RoundState.CERTIFIED


def test_whoever_asked_takes_it_back(round_, directors):
    ask(directors[0], round_)
    with pytest.raises(NotAllowed), db.transaction():
        cancelling.turn_down_request(directors[0], round_.id, "ไม่แล้ว")
    with db.transaction():
        cancelling.take_back_request(directors[0], round_.id)
    with pytest.raises(WrongState):
        carry_out(directors[1], round_)
    ask(directors[1], round_)
    carry_out(directors[0], round_)


@pytest.mark.parametrize("is_city", [False, True])
def test_everybody_who_may_decide_is_told_that_somebody_asks(db, clock, is_city):
    clock.travel("2026-11-23 10:00")
    made = rounds.published(is_city=is_city)
    place = None if is_city else places.district()
    asks, other, certifier = (
        accounts.officer(role, place) for role in (Role.DIRECTOR, Role.DIRECTOR, Role.CERTIFIER)
    )
    clock.travel("2026-11-25 10:00")
    cancelling.ask_to_cancel(asks, made.id, REASON)
    told = set(db.scalars(sa.select(Notice.person_id).where(Notice.event == "voting.cancel_asked")))
    assert {other.id, certifier.id} <= told
    assert asks.id not in told


def test_the_pages_from_the_asking_to_the_turning_down(site, clock, new_client):
    cast(site, 3)
    finish(site, clock)
    with db.transaction():
        for name, role in (("certifier", Role.CERTIFIER), ("director", Role.DIRECTOR)):
            accounts.officer(role, places.district(), email=f"{name}@example.org")
    certifier, director = new_client(), new_client()
    certifier.sign_in("certifier@example.org", accounts.PASSWORD)
    director.sign_in("director@example.org", accounts.PASSWORD)
    at, closing_at = f"/voting/{site.id}/cancel", f"/voting/{site.id}/closing"
    assert f"/voting/{site.id}/certify" in certifier.get(closing_at, status=200).get_data(as_text=True)
    assert certifier.submit(at, {"reason": REASON}, action=f"{at}/ask").status_code == 303
    waits = certifier.get(closing_at, status=200)
    assert REASON in waits.page.text
    assert f"/voting/{site.id}/certify" not in waits.get_data(as_text=True)
    assert director.submit(at, {"reason": "นับใหม่แล้วตรง"}, action=f"{at}/turn-down").status_code == 303
    assert REASON not in director.get(at, status=200).page.text
    assert f"/voting/{site.id}/certify" in certifier.get(closing_at, status=200).get_data(as_text=True)
    assert f"{at}/ask" not in certifier.get(at, status=200).get_data(as_text=True)
    assert director.submit(at, {"reason": REASON}, action=f"{at}/ask").status_code == 303
    assert f"{at}/turn-down" in certifier.get(at, status=200).get_data(as_text=True)
    assert director.submit(at, action=f"{at}/take-back").status_code == 303
    assert REASON not in director.get(at, status=200).page.text
