"""Two officers on the pages of letters; while the letters are set no transaction is open."""

import io
import json

import sqlalchemy as sa

from portal.core import db as core_db
from portal.core import typeset
from portal.core.actor import Role
from portal.voting import letterlist, rollkeys
from portal.voting.commands import letters
from portal.voting.commands import roll as commands
from portal.voting.models import LetterPrint, RollEntry, Round
from portal.voting.queries import letters as figures
from portal.voting.queries import results
from tests.factories import accounts, places, rounds
from tests.factories import letters as printed
from tests.factories.ballots import before_the_lock
from tests.voting.conftest import cast, finish
from tests.voting.papers import card


def listed(numbers):
    """A registry's list as CSV."""
    heads = ",".join(one.title for one in letterlist.LETTERS)
    return "\n".join([heads, *(f"{one},สมชาย ทดสอบ,1 ถนนทดสอบ" for one in numbers)]).encode()


def test_two_officers_on_their_pages(transaction, new_client, clock, monkeypatch):
    clock.travel("2026-11-01 09:00")
    with transaction():
        for name in ("first", "second"):
            accounts.officer(Role.REGISTRY, places.district(), email=f"{name}@example.org")
        round_id = rounds.published().id
        keeper = accounts.officer(Role.REGISTRY, places.district())
        lines = [commands.Line(place, card(place)) for place in (1, 2, 3)]
        commands.take_list(keeper, round_id, lines, is_rehearsal=False)
    first, second = new_client(), new_client()
    for client, name in ((first, "first"), (second, "second")):
        client.sign_in(f"{name}@example.org", accounts.PASSWORD)
    page = f"/en/voting/{round_id}/letters"
    content = listed([card(1), card(2), card(3)])

    def send(client, path, action, **given):
        return client.submit(path, {**given, "file": (io.BytesIO(content), "list.csv")}, action=action)

    assert send(first, page, page).status_code == 303
    with transaction("read") as session:
        asked = session.scalars(sa.select(LetterPrint)).one()
    one = f"/en/voting/letters/{asked.id}"
    assert "Release these letters" not in first.get(one, status=200).get_data(as_text=True)
    assert second.submit(one, action=f"{one}/release").status_code == 303
    open_while_set, set_as_before = [], typeset.pdf

    def watched(*args, **kwargs):
        open_while_set.append(core_db._transaction()._connection is not None)
        with core_db.transaction() as session:  # nobody holds the database
            session.execute(sa.text("UPDATE letter_codes SET voided_on = voided_on"))
        return set_as_before(*args, **kwargs)

    monkeypatch.setattr(typeset, "pdf", watched)
    answer = send(first, one, f"{one}/print")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    shown = first.get(one, status=200).get_data(as_text=True)
    assert "You were the last to print every part, so someone else must print them again." in shown
    assert f"{one}/print" not in shown
    assert send(second, one, f"{one}/print", part="1.1").status_code == 409
    assert send(second, one, f"{one}/print", part="1.2").status_code == 200
    assert open_while_set == [False, False]
    content = listed([card(1), card(2)])
    assert send(first, one, f"{one}/print").status_code == 422
    shown = first.get(one, status=200).get_data(as_text=True)
    assert "Every part is printed" in shown
    with transaction("read"):
        assert figures.told(round_id) == {"written": 6, "voided": 3, "redeemed": 0}
    assert "a lost letter" not in first.get(page, status=200).get_data(as_text=True)
    lost = {"number": card(1), "reason": "จดหมายหาย"}
    assert first.submit(page, lost, action=f"{page}/lost").status_code == 303
    other = f"/en/voting/letters/{asked.id + 1}"
    assert second.submit(other, {"note": "ยังไม่พบตัว"}, action=f"{other}/decline").status_code == 303
    assert "Rejected" in first.get(page, status=200).get_data(as_text=True)


def test_the_figures_stand_with_the_result(round_, clock, new_client):
    """One letter, and another in its place."""
    with core_db.transaction() as session:
        registry = accounts.officer(Role.REGISTRY, places.district())
        second = accounts.officer(Role.REGISTRY, places.district())
        with before_the_lock("roll_entries"):
            row = session.get_one(RollEntry, round_.rolls[0])
            row.person_id, row.person_key = None, rollkeys.person_key(round_.id, card(1))
            session.flush()
        for _turn in range(2):
            asked = letters.ask_letter(registry, round_.id, card(1), "จดหมายหาย")
            letters.release_letters(second, asked.id)
            letters.print_letters(registry, asked.id, 1, 1, printed.keys(round_.id, [card(1)]))
    cast(round_, 5)
    finish(round_, clock)
    told = {"written": 2, "voided": 1, "redeemed": 0}
    with core_db.transaction("read") as session:
        files = results.files(session.get_one(Round, round_.id), opened=True)
    assert json.loads(files["round.json"])["letters"] == told
    assert json.loads(files["result.json"])["letters"] == told
    shown = new_client().get(f"/en/voting/{round_.id}/result", status=200).page.text
    assert "In total: 2 written, 1 cancelled, 0 redeemed." in shown
