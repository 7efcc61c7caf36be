"""One's own account: sessions, password, data, closing, residence, interests."""

import json

import pytest
import sqlalchemy as sa

from portal.accounts import commands, queries
from portal.accounts.models import LoginSession, Person, Residency
from portal.core.actor import Role
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from portal.core.ledger import LedgerEntry
from portal.web import resume
from tests.factories import accounts, places


@pytest.fixture
def somebody(transaction):
    with transaction():
        return accounts.person("somchai@example.org", "สมชาย ใจดี")


def signed_in(new_client):
    browser = new_client()
    browser.sign_in("somchai@example.org", accounts.PASSWORD)
    return browser


def test_one_signs_another_browser_out(new_client, somebody):
    here, there = signed_in(new_client), signed_in(new_client)
    paths = [
        form["action"]
        for form in here.get("/accounts/me/sessions").page.forms
        if form["action"].endswith("/end")
    ]
    one = next(path for path in paths if path != "/accounts/me/sessions/end")
    assert here.submit("/accounts/me/sessions", action=one).status_code == 303
    there.get("/accounts/me", status=303)
    here.get("/accounts/me", status=200)


def test_one_signs_out_everywhere_else(new_client, somebody):
    here, there, elsewhere = (signed_in(new_client) for _ in range(3))
    assert here.submit("/accounts/me/sessions", action="/me/sessions/end").status_code == 303
    there.get("/accounts/me", status=303)
    elsewhere.get("/accounts/me", status=303)
    here.get("/accounts/me", status=200)


def test_nobody_signs_out_somebody_else(db):
    mine, theirs = accounts.person(), accounts.person()
    accounts.token_of(theirs)
    login = queries.sessions_of(theirs.id)[0]
    with pytest.raises(NotFound):
        commands.end_session(accounts.actor_of(mine), login.id)
    assert login.revoked_at is None


def test_signing_out_ends_the_session_in_the_database(client, somebody, transaction):
    client.sign_in("somchai@example.org", accounts.PASSWORD)
    page = client.get("/accounts/me").page
    form = next(form for form in page.forms if form["action"].endswith("/sign-out"))
    data = {field["name"]: field["value"] for field in form.all("input")}
    assert client.post("/accounts/sign-out", data=data).status_code == 303
    client.get("/accounts/me", status=303)
    with transaction("read") as session:
        assert all(row.revoked_at for row in session.scalars(sa.select(LoginSession)))


def test_a_session_lasts_thirty_days(client, somebody, clock):
    clock.travel("2026-11-21 09:00")
    client.sign_in("somchai@example.org", accounts.PASSWORD)
    clock.travel("2026-12-21 08:59")
    client.get("/accounts/me", status=200)
    clock.travel("2026-12-21 09:00")
    client.get("/accounts/me", status=303)


def test_signing_in_again_ends_the_session_before(client, somebody, transaction):
    client.sign_in("somchai@example.org", accounts.PASSWORD)
    client.sign_in("somchai@example.org", accounts.PASSWORD)
    with transaction("read"):
        assert len(queries.sessions_of(somebody.id)) == 1


def test_what_was_typed_survives_signing_in(client, somebody):
    packed = resume.pack("/accounts/me/settings", [("given", "ชื่อใหม่"), ("family", "")])
    form = client.get("/accounts/sign-in").page.form(having={"email"})
    data = {field["name"]: field["value"] for field in form.all("input")}
    data |= {"email": "somchai@example.org", "password": accounts.PASSWORD, "resume": packed}
    answer = client.post("/accounts/sign-in", data=data)
    assert answer.status_code == 200
    kept = answer.page.form(action="/accounts/me/settings")
    sent = {field["name"]: field["value"] for field in kept.all("input")}
    assert sent["given"] == "ชื่อใหม่"
    client.signed_in = True
    assert client.post("/accounts/me/settings", data={**sent, "language": "th"}).status_code == 303


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(client, somebody, address):
    form = client.get("/accounts/sign-in", query_string={"next": address}).page.form(having={"email"})
    data = {field["name"]: field["value"] for field in form.all("input")}
    data |= {"email": "somchai@example.org", "password": accounts.PASSWORD}
    answer = client.post("/accounts/sign-in", data=data)
    assert answer.status_code == 303
    assert "evil" not in answer.headers["Location"]
    assert "javascript" not in answer.headers["Location"]


def test_a_new_password_needs_the_old_one(new_client, somebody):
    here, there = signed_in(new_client), signed_in(new_client)
    path = "/accounts/me/password"
    wrong = here.submit(path, {"current": "not mine at all", "password": "another good password"})
    assert wrong.status_code == 422
    assert here.submit(path, {"current": accounts.PASSWORD, "password": "short"}).status_code == 422
    right = here.submit(path, {"current": accounts.PASSWORD, "password": "another good password"})
    assert right.status_code == 303
    here.get("/accounts/me", status=200)
    there.get("/accounts/me", status=303)


def test_wrong_passwords_on_ones_own_page_are_counted(client, somebody):
    client.sign_in("somchai@example.org", accounts.PASSWORD)
    fields = {"current": "not mine at all", "password": "another good password"}
    answers = [client.submit("/accounts/me/password", fields).status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


def test_the_export_holds_everything_and_no_secret(client, somebody, transaction):
    with transaction():
        commands.ask_residence(accounts.actor_of(somebody), places.district().id, None)
    client.sign_in("somchai@example.org", accounts.PASSWORD)
    answer = client.get("/accounts/me/data.json", status=200)
    kept = json.loads(answer.text)
    assert kept["people"][0]["email"] == "somchai@example.org"
    assert kept["residencies"][0]["district_id"] == 1002
    asked = next(row for row in kept["ledger"] if row["event"] == "residency.requested")
    assert (asked["what"], asked["about"]) == ("ขอยืนยันถิ่นที่อยู่แล้ว", "ถิ่นที่อยู่")
    assert "hash" not in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]


def test_closing_takes_the_person_out(client, somebody, transaction):
    with transaction():
        commands.ask_residence(accounts.actor_of(somebody), places.district().id, None)
    client.sign_in("somchai@example.org", accounts.PASSWORD)
    assert client.submit("/accounts/me/close", {"password": "wrong"}).status_code == 422
    assert client.submit("/accounts/me/close", {"password": accounts.PASSWORD}).status_code == 303
    with transaction("read") as session:
        person = session.get(Person, somebody.id)
        assert person.closed_at
        assert "สมชาย" not in person.display_name + person.given_name
        assert "example.org" not in person.email
        assert not queries.sessions_of(somebody.id)
        assert queries.residence_of(somebody.id) is None
        assert queries.actor_of_person(somebody.id) is None
        assert not any("สมชาย" in (row or "") for row in session.scalars(sa.select(LedgerEntry.payload)))


def test_an_officer_closes_only_after_the_duty_and_keeps_the_name(db):
    officer = accounts.person(name="ผู้อำนวยการ ทดสอบ", position="ผู้อำนวยการเขต")
    grant = accounts.grant(officer, Role.DIRECTOR, places.district())
    with pytest.raises(Invalid):
        commands.close_account(accounts.actor_of(officer), accounts.PASSWORD)
    commands.revoke_grant(accounts.officer(Role.ADMIN), grant, "เกษียณอายุ")
    commands.close_account(accounts.actor_of(officer), accounts.PASSWORD)
    assert officer.display_name == "ผู้อำนวยการ ทดสอบ"
    assert officer.email.endswith("@invalid")


# -- residence ------------------------------------------------------------------------------------------------------


def registrar(code="1002"):
    return accounts.officer(Role.REGISTRY, places.district(code))


def ask(person):
    return commands.ask_residence(accounts.actor_of(person), places.district().id, None)


def test_a_confirmed_residence_makes_a_district_ones_own(db):
    someone = accounts.person()
    asked = ask(someone)
    assert accounts.actor_of(someone).home_district_id is None
    commands.confirm_residence(registrar(), asked)
    assert accounts.actor_of(someone).home_district_id == 1002


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (registrar, True),
        (lambda: registrar("1001"), False),
        (lambda: accounts.officer(Role.ADMIN), False),
        (lambda: accounts.officer(Role.DIRECTOR, places.district()), False),
        (lambda: accounts.actor_of(accounts.person()), False),
    ],
)
def test_who_decides_a_residence(db, who, allowed):
    asked = ask(accounts.person())
    if allowed:
        commands.refuse_residence(who(), asked, "ไม่พบชื่อ")
        assert asked.reason == "ไม่พบชื่อ"
    else:
        with pytest.raises(NotAllowed):
            commands.confirm_residence(who(), asked)


def test_nobody_decides_about_themselves(db):
    me = accounts.person()
    accounts.grant(me, Role.REGISTRY, places.district())
    with pytest.raises(NotAllowed):
        commands.confirm_residence(accounts.actor_of(me), ask(me))


def test_a_residence_is_decided_once(db):
    asked = ask(accounts.person())
    officer = registrar()
    with pytest.raises(Invalid):
        commands.refuse_residence(officer, asked, "  ")
    commands.confirm_residence(officer, asked)
    with pytest.raises(WrongState):
        commands.refuse_residence(officer, asked, "ไม่พบชื่อ")


def test_moving_ends_the_residence_before(db):
    someone = accounts.person()
    first = ask(someone)
    commands.confirm_residence(registrar(), first)
    ask(someone)
    db.expire_all()
    assert db.get(Residency, first.id).ended_at
    assert accounts.actor_of(someone).home_district_id is None


def test_the_database_holds_one_current_residence(db, monkeypatch):
    from portal.accounts.commands import residence

    someone = accounts.person()
    ask(someone)
    monkeypatch.setattr(residence, "end_residence", lambda actor: None)
    with pytest.raises(Conflict):
        ask(someone)


def test_an_interest_makes_one_step_aside(db):
    community = places.community()
    officer = accounts.officer(Role.PLANNER, places.district())
    assert not queries.has_interest(officer.id, community.id)
    with pytest.raises(Invalid):
        commands.declare_interest(officer, community.id, " ")
    declared = commands.declare_interest(officer, community.id, "มีบ้านในชุมชน")
    assert queries.has_interest(officer.id, community.id)
    with pytest.raises(NotFound):
        commands.end_interest(accounts.actor_of(accounts.person()), declared)
    commands.end_interest(officer, declared)
    assert not queries.has_interest(officer.id, community.id)
