"""Pages of the paper, without JavaScript: the desk, the keying, what one does not see of the other's."""

import re

import pytest

from portal.core import clock
from portal.core.actor import Role
from portal.voting import ballotpaper, keykeeper
from portal.voting.commands import paper_account
from portal.voting.models import Ballot, BallotType, PaperAnswer, PaperCheck, PaperEntry, PaperHandout
from tests.factories import accounts, places
from tests.page import values
from tests.voting.conftest import call_off, cast, finish
from tests.voting.papers import AFTER, AREA, card, declare, key, rows, whole_batch


@pytest.fixture
def site(app, vote, transaction):
    """The round with accounts to sign in with: registry@, one@, two@, three@."""
    keykeeper.use(f"folder:{vote.folder}")
    duties = {
        "registry": Role.REGISTRY,
        "one": Role.PAPER_CLERK,
        "two": Role.PAPER_CLERK,
        "three": Role.PAPER_CLERK,
    }
    with transaction():
        district = places.district()
        for name, role in duties.items():
            accounts.officer(role, district, email=f"{name}@example.org")
    return vote


@pytest.fixture
def visit(site, new_client):
    def signed_in(name):
        client = new_client()
        client.sign_in(f"{name}@example.org", accounts.PASSWORD)
        return client

    return signed_in


def at_the_desk(client, vote, number, act, **more):
    path = f"/voting/{vote.id}/paper-desk"
    fields = values(client.get(path, status=200).page.form(action=path))
    return client.post(path, data={**fields, "number": number, "act": act, **more})


def test_the_desk_from_finding_to_taking_back(site, visit):
    cast(site, 1)
    registry = visit("registry")
    assert "has taken" not in at_the_desk(registry, site, card(0), "find").get_data(as_text=True)
    assert rows(PaperHandout) == []
    handed = at_the_desk(registry, site, card(0), "hand")
    assert handed.status_code == 200
    assert handed.headers["Cache-Control"] == "no-store"
    assert rows(Ballot) == []
    assert at_the_desk(registry, site, card(0), "hand").status_code == 422
    assert at_the_desk(registry, site, card(0), "exchange").status_code == 200
    assert at_the_desk(registry, site, card(0), "back").status_code == 422
    assert at_the_desk(registry, site, card(0), "back", reason="หยิบบัตรผิดใบ").status_code == 200
    assert at_the_desk(registry, site, "1", "find").status_code == 422
    for answer in (handed, at_the_desk(registry, site, card(0), "find")):
        assert not re.search(r"roll_entr|entry_id", answer.get_data(as_text=True))


def test_ballots_are_printed_as_one_side_without_a_number(site, visit):
    pdf = visit("registry").get(f"/voting/{site.id}/paper-ballot.pdf?at={AREA}", status=200).get_data()
    assert pdf.startswith(b"%PDF")
    assert re.findall(rb"/Count (\d+)", pdf)[0] == b"1"
    visit("registry").get(f"/voting/{site.id}/paper-ballot.pdf?at=c999", status=404)


def test_keying_goes_from_sheet_to_sheet_and_says_what_is_wrong(site, visit, clock):
    clock.travel(AFTER)
    batch = declare(site, 3)
    one = visit("one")
    path = one.submit(f"/voting/paper-batches/{batch}", action=f"/voting/paper-batches/{batch}/key").headers[
        "Location"
    ]
    for typed, status in (("1+2", 303), ("1+77", 422), ("", 422), ("3", 303)):
        answer = one.submit(path, {"keyed": typed})
        assert answer.status_code == status
        if status == 422 and typed:
            assert "77" in answer.get_data(as_text=True)
            assert f'value="{typed}"' in answer.get_data(as_text=True)
    assert [(entry.sheet, entry.keyed) for entry in rows(PaperEntry)] == [(1, "1+2"), (2, "3")]
    form = one.get(f"{path}?at=2", status=200).page.form(action=path)
    assert values(form)["sheet"] == ["3"]
    one.submit(f"{path}?sheet=1", {"keyed": "1"})
    assert {(entry.sheet, entry.revision, entry.keyed) for entry in rows(PaperEntry)} >= {
        (1, 1, "1+2"),
        (1, 2, "1"),
    }
    visit("two").get(path, status=404)
    one.get(f"/voting/paper-batches/{batch}/differences", status=409)


def test_the_second_reads_nothing_of_the_first(site, visit, clock):
    clock.travel(AFTER)
    batch = declare(site, 1)
    key(site, batch, 0, ["1+2+4"])
    two = visit("two")
    path = two.submit(f"/voting/paper-batches/{batch}", action=f"/voting/paper-batches/{batch}/key").headers[
        "Location"
    ]
    for place in (path, f"/voting/paper-batches/{batch}", f"/voting/{site.id}/batches"):
        assert "1+2+4" not in two.get(place, status=200).get_data(as_text=True)
    two.submit(path, {"keyed": "1+2"})
    two.post(f"{path}/finish", data=values(two.get(path, status=200).page.form(action=f"{path}/finish")))
    three = visit("three")
    place = f"/voting/paper-batches/{batch}/differences"
    assert three.submit(place, {"keyed": "1+2", "reason": "อ่านชัดเจน"}).status_code == 303
    assert "1, 2, 4" in two.get(place, status=200).get_data(as_text=True)  # now both have finished


def test_many_batches_take_no_more_queries(site, visit, clock):
    clock.travel(AFTER)
    one = visit("one")
    for _batch in range(4):
        batch = declare(site, 1)
        key(site, batch, 0, ["1"])
        key(site, batch, 1, ["2"])
    one.get(f"/voting/{site.id}/batches", status=200)


def test_many_pictured_projects_are_printed_on_both_sides(monkeypatch):
    class One(dict):
        __getattr__ = dict.__getitem__

    round_ = One(title="r", ballot_type=BallotType.APPROVAL, max_choices=5, closes_at=clock.now())
    one = {"withdrawn_at": None, "name": "ศาลา", "community": "ย่าน", "cost_satang": 100, "picture_file_id": 1}
    sheets = []
    monkeypatch.setattr(ballotpaper, "_small", lambda sha256: sha256 and [1])
    monkeypatch.setattr(ballotpaper.typeset, "pdf", lambda _template, data, **_more: sheets.append(data))
    for size in (26, 27, 52, 53):
        projects = [One(one, number=number) for number in range(1, size + 1)]
        ballotpaper.ballot_pdf(round_, One(name_th="ก", name_en="k"), projects, [], {1: "hash"})
    assert [sheet["front"] for sheet in sheets] == [26, 14, 26, 53]
    assert [all(row["picture"] for row in sheet["projects"]) for sheet in sheets] == [True, True, True, False]


def test_who_compares_the_sample_answers_once(site, visit, clock, transaction):
    with transaction():
        for name in ("certifier", "second"):
            accounts.officer(Role.CERTIFIER, places.district(), email=f"{name}@example.org")
    clock.travel(AFTER)
    whole_batch(site, ["1+2", "3"])
    with transaction():
        paper_account.explain_difference(site.clerks[0], site.id, AREA, "กล่องมีบัตรเกินสองใบ")
    finish(site, clock)
    place, first, second = f"/voting/{site.id}/paper-sample", visit("certifier"), visit("second")
    assert first.submit(place, {"keyed": "1"}).status_code == 303
    told = first.get(one := f"{place}?sheet=1-001", status=200)
    assert "1+2" not in told.get_data(as_text=True)
    kept = values(told.page.form(having={"note"}))
    assert kept["keyed"] == ["1"]
    assert first.post(place, data={**kept, "keyed": "1+2", "note": "อ่านผิด"}).status_code == 409
    assert first.submit(one, {"note": ""}).status_code == 422
    assert rows(PaperCheck) == []
    headings = [head.text for head in first.get(place, status=200).page.all("h2")]
    assert "บัตรหมายเลข 1-002" in headings, "other sheets do not wait for it"
    assert second.submit(place, {"keyed": "1+2"}).status_code == 303
    assert [(one.sheet, one.agrees) for one in rows(PaperCheck)] == [(1, True)]
    assert first.submit(place, {"keyed": "4"}).status_code == 303
    two = f"{place}?sheet=1-002"
    assert first.submit(two, {"note": "กากบาทที่หมายเลข 4"}).status_code == 303
    assert {(one.sheet, one.keyed) for one in rows(PaperAnswer)} == {(1, "1"), (1, "1+2"), (2, "4")}
    assert {(one.sheet, one.note) for one in rows(PaperCheck)} == {(1, ""), (2, "กากบาทที่หมายเลข 4")}


def test_who_calls_a_round_off_reads_that_the_keyed_sheets_stay(site, new_client, transaction, clock):
    with transaction():
        accounts.officer(Role.DIRECTOR, places.district(), email="director@example.org")
    clock.travel(AFTER)
    key(site, declare(site, 1), 0, ["1+2"])
    director = new_client()
    director.sign_in("director@example.org", accounts.PASSWORD)
    text = director.get(f"/en/voting/{site.id}/cancel", status=200).get_data(as_text=True)
    assert "What clerks entered from paper ballots stays on record" in text
    call_off(site, "พบความผิดพลาด")
    assert [one.keyed for one in rows(PaperEntry)] == ["1+2"]
