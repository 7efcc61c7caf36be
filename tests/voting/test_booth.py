"""The booth: chosen, looked over, cast, changed; until the receipt nothing is written that names a person."""

import gzip
import re
from urllib.parse import unquote

import pytest
import segno
import sqlalchemy as sa
from werkzeug.test import Client

from portal.core import clock
from portal.core import db as core_db
from portal.core.db import Base
from portal.core.storage import StoredFile
from portal.voting import keykeeper, qr
from portal.voting.models import Ballot
from portal.web.pagecache import PageCache
from tests.factories import accounts, ballots
from tests.page import values

NAMING = ("form_receipts", "ledger_entries", "login_sessions", "roll_entries", "notices", "outbox_messages")


@pytest.fixture
def voter(keys, transaction, client):
    """(a voter's browser, the round): nothing cast yet."""
    with transaction():
        round_ = ballots.open_round()
        ballots.entry(round_, accounts.person("voter@example.org"))
        round_id = round_.id
    client.sign_in("voter@example.org", accounts.PASSWORD)
    return client, f"/voting/{round_id}"


def counted(*tables):
    with core_db.transaction("read") as session:
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(Base.metadata.tables[name]))
            for name in tables
        }


def look_over(client, place, *numbers):
    return client.submit(f"{place}/booth", {f"p{one}": "1" for one in numbers}, action=f"{place}/review")


def cast(client, place, *numbers, word="มะม่วง"):
    form = look_over(client, place, *numbers).page.form(action=f"{place}/cast")
    return client.post(f"{place}/cast", data={**values(form), "nonce": word})


def code(answer):
    return next(one.text for one in answer.page.all("p") if one.attributes.get("class") == "receipt-code")


def test_a_ballot_is_looked_over_cast_and_changed_without_a_row_that_names_the_voter(voter):
    client, place = voter
    before = counted(*NAMING)
    first = cast(client, place, 1, 3)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    second = cast(client, place, 2)
    assert counted(*NAMING) == before
    assert counted("ballots", "superseded_leaves") == {"ballots": 1, "superseded_leaves": 1}
    assert code(first) != code(second)
    with core_db.transaction("read") as session:
        assert '"choices":[2]' in session.scalars(sa.select(Ballot.body)).one()


def test_without_a_key_the_booth_does_not_open(transaction, client):
    with transaction():
        round_ = ballots.open_round(has_key=False)
        ballots.entry(round_, accounts.person("voter@example.org"))
        place = f"/voting/{round_.id}"
    client.sign_in("voter@example.org", accounts.PASSWORD)
    assert client.get(f"{place}/booth").location.endswith("/may-i-vote")
    assert f"{place}/booth" not in client.get(f"{place}/may-i-vote", status=200).get_data(as_text=True)


def test_without_the_keeper_the_voter_is_told_to_send_the_ballot_again(voter):
    client, place = voter
    form = look_over(client, place, 1).page.form(action=f"{place}/cast")
    keykeeper.use("unix:/nowhere/socket")
    answer = client.post(f"{place}/cast", data={**values(form), "nonce": "มะม่วง"})
    assert answer.status_code == 503
    assert "ระบบยังบอกไม่ได้ว่าบัตรของคุณมาถึงแล้วหรือไม่" in answer.get_data(as_text=True)


def test_endless_digits_are_no_choice(voter):
    client, place = voter
    sent = values(client.get(f"{place}/booth", status=200).page.form(action=f"{place}/review"))
    for name, value in (("p1", "1" * 5_000), ("p" + "1" * 5_000, "1"), ("p2", "๑" * 5_000)):
        assert client.post(f"{place}/review", data={**sent, name: value}).status_code == 422


def test_looking_over_casts_nothing(voter):
    client, place = voter
    assert look_over(client, place, 1).status_code == 200
    assert counted("ballots") == {"ballots": 0}


def test_enter_in_ones_own_word_casts_without_javascript(voter):
    """A browser presses the first submit button whose form the field belongs to."""
    client, place = voter
    page = look_over(client, place, 1, 3).page
    own = page.form(action=f"{place}/cast")
    pressed = [
        one
        for one in page.all("button")
        if one["type"] == "submit" and (one["form"] == own["id"] or (own in above(one) and not one["form"]))
    ]
    assert [(one.text, one["formaction"]) for one in pressed] == [("ลงคะแนน", "")]
    again = client.post(f"{place}/review", data=values(page.form(action=f"{place}/review")) | {"change": "1"})
    assert {one["name"] for one in again.page.all("input") if "checked" in one.attributes} == {"p1", "p3"}
    assert counted("ballots") == {"ballots": 0}


def above(element):
    """The elements that stand around one."""
    while element.parent is not None:
        element = element.parent
        yield element


def test_too_many_choices_come_back_as_they_were(voter):
    client, place = voter
    answer = look_over(client, place, 1, 2, 3, 4)
    assert answer.status_code == 422
    ticked = [one for one in answer.page.all("input") if "checked" in one.attributes]
    assert len(ticked) == 4


@pytest.mark.parametrize("code", ["ABCDEFGHIJKLMNOPQRST", "7Z6Y5X4W3V2UABABABAB", "AAAAAAAAAAAAAAAAAAAA"])
def test_the_picture_of_a_receipt_is_the_code_of_its_address(code):
    """Drawn from what each letter changes; segno draws it whole."""
    address = f"https://portal.example/en/voting/12/receipt?code={code}"
    drawn = unquote(qr.picture(address))
    whole = segno.make_qr(address, error="m", mask=0).matrix
    dark = {(x, y) for y, row in enumerate(whole, 4) for x, module in enumerate(row, 4) if module}
    (path,) = re.findall(r"stroke='#000' d='(M.*)'/>", drawn)
    found, x, y = set(), 0, 0
    for step, across, down in re.findall(r"([Mmh])(-?\d+)(?: (-?[\d.]+))?", path):
        if step == "h":
            found |= {(x + one, y) for one in range(int(across))}
        x = int(across) + (0 if step == "M" else x)
        y += int(float(down or 0))
    assert found == dark


def test_who_is_not_on_the_roll_is_told_why(voter, new_client, transaction):
    _client, place = voter
    with transaction():
        accounts.person("stranger@example.org")
    stranger = new_client()
    stranger.sign_in("stranger@example.org", accounts.PASSWORD)
    assert stranger.get(f"{place}/booth").headers["Location"].endswith(f"{place}/may-i-vote")
    stranger.get(f"{place}/may-i-vote", status=200)


def project_with_a_picture(number):
    """Names, words and pictures as long as real ones are."""
    picture = StoredFile(
        owner_kind="candidate",
        owner_id=number,
        sha256=f"{number:064x}",
        name=f"{number}.webp",
        media_type="image/webp",
        size=9_000,
        width=320,
        height=240,
        caption=f"ภาพของโครงการที่ {number}",
        created_at=clock.now(),
    )
    core_db.session().add(picture)
    core_db.session().flush()
    return {
        "picture_file_id": picture.id,
        "name": f"ปรับปรุงทางเดินและไฟส่องสว่างริมคลองช่วงที่ {number} ให้เดินได้ทั้งกลางวันและกลางคืน",
        "summary": f"ซ่อมพื้นทางเดินยาว {number * 37} เมตร ติดเสาไฟ {number + 4} ต้น และราวกันตกสำหรับผู้สูงอายุกับเด็ก "
        f"ชุมชนดูแลเองหลังปีที่ {number % 5 + 1} โดยมีช่างของเขตตรวจให้ปีละสองครั้ง",
        "place": f"ริมคลองหลังบ้านเลขที่ {number * 13} ถึงสะพานไม้",
    }


def test_the_booth_of_fifty_projects_is_light_and_its_pictures_come_later(app, client, keys, transaction):
    with transaction():
        costs = tuple(100_000_00 + 10_000_00 * one for one in range(50))
        held = ballots.open_round(costs=costs, told=project_with_a_picture)
        ballots.entry(held, accounts.person("voter@example.org"))
        place = f"/voting/{held.id}/booth"
    client.sign_in("voter@example.org", accounts.PASSWORD)
    page = client.get(place, status=200).page
    pictures = [one for one in page.all("img") if "ballot-picture" in one.attributes.get("class", "")]
    assert len(pictures) == 50
    assert {one["loading"] for one in pictures} == {"lazy"}
    assert all(one["width"] and one["height"] for one in pictures)  # nothing jumps when they come
    cookie = f"portal_session={client.get_cookie('portal_session').value}"
    served = Client(PageCache(app.wsgi_app, max_bytes=1_000_000), use_cookies=False)
    headers = {"Accept-Encoding": "gzip", "Cookie": cookie}
    total, seen, waiting = 0, set(), [place]
    while waiting:
        address = waiting.pop()
        with served.get(address, headers=headers) as answer:
            assert answer.status_code == 200
            content = answer.get_data()
        total += len(content) + sum(len(name) + len(value) + 4 for name, value in answer.headers)
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        text = content.decode() if answer.mimetype.startswith("text/") else ""
        found = re.findall(r"""(?:src=|href=|url\()["']?(/static/[^"')]+)""", text)
        waiting += sorted({*found} - seen)
        seen |= {*found}
    assert any(".woff2" in one for one in seen)
    assert any("booth.js" in one for one in seen)
    assert total <= 100_000, total
