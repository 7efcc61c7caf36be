"""Pages of the board and of the result: nothing before its time, everything after."""

import io
import json
import zipfile

import pytest

from portal.core import jobs
from portal.core.actor import SYSTEM, Role
from portal.voting import keykeeper, verify_result
from portal.voting.commands import board
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
    officer.submit(desk, {"outside": "42"}, action=f"/voting/{site.id}/count")
    jobs.run_due()
    certifier = new_client()
    certifier.sign_in(people[Role.CERTIFIER], accounts.PASSWORD)
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


def test_the_result_page_tells_every_reason(site, client, clock):
    cast(site, 30)
    finish(site, clock)
    text = client.get(f"/voting/{site.id}/result", status=200).get_data(as_text=True)
    assert "โครงการที่ 4" in text
    for path in ("result.json", "election.pb", "projects.csv"):
        client.get(f"/voting/{site.id}/{path}", status=200)
    client.get("/voting/verify-result.py", status=200)
    client.get(f"/en/voting/{site.id}/result", status=200)


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
