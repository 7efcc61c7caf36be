"""Pages of the board and of the result: nothing before its time, everything after."""

import io
import json
import zipfile

import pytest

from portal.core import db, hashing, jobs, ledger
from portal.core.actor import SYSTEM, Role
from portal.voting import keykeeper, ownballot, queries, verify_result
from portal.voting.commands import board
from portal.voting.models import Completion, Round, Rule
from tests.factories import accounts, places
from tests.voting.conftest import cast, finish


@pytest.fixture
def site(app, round_):
    """The pages, with the keeper of the round's keys (the portal brings its own)."""
    keykeeper.use(f"folder:{round_.folder}")
    return round_


def test_while_it_is_open_only_fingerprints_are_public(site, client, clock):
    receipts = cast(site, 25)
    clock.travel("2026-11-21 11:00")
    board.extend_due(SYSTEM)
    base = f"/voting/{site.id}"
    text = client.get(f"{base}/board", status=200).get_data(as_text=True)
    heads = client.get(f"{base}/heads.jsonl", status=200).get_data(as_text=True)
    assert len(heads.splitlines()) == 2
    assert len(client.get(f"{base}/leaves.txt", status=200).get_data(as_text=True).splitlines()) == 25
    for path in ("result", "result.json", "files.zip", "election.pb", "projects.csv"):
        client.get(f"{base}/{path}", status=404)
    assert json.loads(heads.splitlines()[1])["head"]["root"] not in text
    found = client.get(f"{base}/receipt?code={receipts[0].code20.lower()}", status=200)
    assert receipts[0].leaf_hex in found.get_data(as_text=True)
    client.get(f"{base}/receipt?code={receipts[0].signed}", status=200)
    client.get(f"{base}/receipt?code=no+code", status=200)


def test_the_officers_go_from_the_close_to_the_certificate(site, new_client, clock, transaction):
    cast(site, 25)
    with transaction():
        people = {}
        for role in (Role.ROUND_OFFICER, Role.CERTIFIER):
            someone = accounts.person()
            accounts.grant(someone, role, places.district())
            people[role] = someone.email
    clock.travel("2026-11-23 10:00")
    desk = f"/voting/{site.id}/closing"
    officer = new_client()
    officer.sign_in(people[Role.ROUND_OFFICER], accounts.PASSWORD)
    officer.submit(desk, {}, action=f"/voting/{site.id}/seal")
    certifier = new_client()
    certifier.sign_in(people[Role.CERTIFIER], accounts.PASSWORD)
    assert "outside" not in certifier.get(desk, status=200).get_data(as_text=True)
    officer.submit(desk, {"outside": "538194"}, action=f"/voting/{site.id}/count")
    assert "538194" in officer.get(desk, status=200).get_data(as_text=True)
    assert "538194" not in certifier.get(desk, status=200).get_data(as_text=True)
    certifier.submit(desk, {"outside": "๕๓๘๑๙๔"}, action=f"/voting/{site.id}/count")
    jobs.run_due()
    audit = f"/voting/{site.id}/audit"
    certifier.submit(audit, {"asked": "299", "denied": "0"}, action=f"/voting/{site.id}/participation")
    certifier.submit(desk, {"note": "ตรวจผลการนับแล้ว"}, action=f"/voting/{site.id}/certify")
    answer = new_client().get(f"/voting/{site.id}/files.zip", status=200)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    verify_result.check(files, say=lambda text: None)
    assert files["verify_result.py"].startswith("#!")
    page = new_client().get(f"/voting/{site.id}/result", status=200).get_data(as_text=True)
    assert "ตรวจผลการนับแล้ว" in page


def test_without_the_keeper_an_officer_reads_what_stands_still_and_what_to_do(
    site, client, clock, transaction
):
    with transaction():
        officer = accounts.person()
        accounts.grant(officer, Role.ROUND_OFFICER, places.district())
        email = officer.email
    clock.travel("2026-11-23 10:00")
    client.sign_in(email, accounts.PASSWORD)
    keykeeper.use("unix:/nowhere/socket")
    answer = client.submit(f"/voting/{site.id}/closing", {}, action=f"/voting/{site.id}/seal")
    assert answer.status_code == 503
    said = answer.page.text
    assert "ผู้ดูแลระบบ" in said
    assert "บัตรของคุณ" not in said


def test_the_result_page_tells_every_reason(site, client, clock):
    cast(site, 30)
    finish(site, clock)
    text = client.get(f"/voting/{site.id}/result", status=200).get_data(as_text=True)
    assert "โครงการที่ 4" in text
    for path in ("result.json", "election.pb", "projects.csv"):
        client.get(f"/voting/{site.id}/{path}", status=200)
    client.get("/voting/verify-result.py", status=200)
    client.get(f"/en/voting/{site.id}/result", status=200)


def test_the_result_tells_by_which_seeds_was_drawn(site, client, clock, transaction):
    cast(site, 25)
    finish(site, clock, outside="538194")
    place, held = f"/voting/{site.id}/result", site.id
    with transaction() as session:
        secret = session.get(Round, held).tie_secret
    said = client.get(place, status=200).get_data(as_text=True)
    assert hashing.sha256_hex(f"{secret}|538194") in said
    with transaction():
        people = [accounts.officer(role, places.district()) for role in (Role.CERTIFIER, Role.DIRECTOR)]
        round_ = queries.round_visible(people[0], held)
        asks, draws = "round.participation_asked", "round.participation_drawn"
        for actor, event, seed in zip(people, (asks, draws), ("seed asked", "seed drawn"), strict=True):
            ledger.record(event, actor, "round", round_.id, changes={"size": 299, "seed": seed})
    said = client.get(place, status=200).get_data(as_text=True)
    assert "seed drawn" in said
    assert "seed asked" not in said


@pytest.mark.parametrize("round_", [{"shows_ballots": False}], indirect=True)
def test_ballots_that_auditors_alone_may_open_are_in_nobody_elses_files(site, new_client, clock, transaction):
    cast(site, 25)
    finish(site, clock)
    with transaction():
        auditor = accounts.person()
        accounts.grant(auditor, Role.AUDITOR, None)
        address = auditor.email
    visitor, reader = new_client(), new_client()
    reader.sign_in(address, accounts.PASSWORD)

    def taken(client):
        answer = client.get(f"/voting/{site.id}/files.zip", status=200)
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            return {name: packed.read(name).decode() for name in packed.namelist()}

    visitor.get(f"/voting/{site.id}/election.pb", status=404)
    reader.get(f"/voting/{site.id}/election.pb", status=200)
    said = []
    verify_result.check(taken(visitor), say=said.append)
    assert "nonce" not in "".join(taken(visitor).values()).replace(taken(visitor)["verify_result.py"], "")
    assert said[-1].startswith("ballots: with auditors alone")
    verify_result.check(taken(reader), say=said.append)
    assert said[-1].startswith("result: ")


@pytest.mark.parametrize(
    "round_",
    [{"rule": Rule.EQUAL_SHARES, "completion": Completion.ADD1U}, {"shows_ballots": False}],
    indirect=True,
)
def test_a_receipt_says_that_its_ballot_is_counted_and_opens_it_for_who_asks(site, client, clock):
    receipts = cast(site, 25)
    board.extend_due(SYSTEM)
    again = cast(site, 1, "another-try")[0]
    finish(site, clock)
    found = client.get(f"/voting/{site.id}/result.json", status=200).json
    assert [area["served"] for area in found["areas"]] == [found["served"]["voters"]]
    address = f"/en/voting/{site.id}/receipt?code="
    assert "This ballot was replaced" in client.get(address + receipts[0].code20).get_data(as_text=True)
    told = client.get(address + again.code20).get_data(as_text=True)
    assert "Your ballot is counted" in told
    assert "What became of this ballot" not in told
    opened = client.get(f"{address}{again.code20}&open=1").get_data(as_text=True)
    with db.transaction("read") as session:
        is_open = session.get(Round, site.id).shows_ballots
    assert ("What became of this ballot" in opened) == is_open
    if is_open:
        paid = [client.get(f"{address}{one.code20}&open=1").get_data(as_text=True) for one in receipts[1:5]]
        assert any("The share of this ballot paid" in one for one in paid)


def test_a_share_pays_the_price_or_all_that_is_left():
    rules = {"projects": [{"number": number, "name": str(number)} for number in (1, 2, 3, 4, 5)]}
    found = {
        "share": "20001/2",
        "projects": [
            {"number": 1, "why": "funded", "place": 2, "by_shares": True, "price": 6000},
            {"number": 2, "why": "funded", "place": 1, "by_shares": True, "price": 5000},
            {"number": 3, "why": "funded", "place": 3},
            {"number": 4, "why": "no_money"},
            {"number": 5, "why": "withdrawn"},
        ],
    }
    own = ownballot.of_ballot(rules, found, {1, 2, 3, 4})
    assert [(one.number, one.is_funded, one.paid) for one in own] == [
        (2, True, 5000),
        (1, True, 5000),
        (3, True, 0),
        (4, False, 0),
    ]
    assert ownballot.of_ballot(rules, {**found, "share": None}, {1})[0].paid == 0
