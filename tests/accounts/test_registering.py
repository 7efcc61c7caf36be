"""Getting an account and getting back in, without anybody learning who has one."""

from urllib.parse import quote

import pytest
import sqlalchemy as sa

from portal.accounts import queries
from portal.accounts.commands.throttle import MAILS_PER_NETWORK, PASSWORDS_PER_NETWORK
from portal.accounts.models import LoginSession, MailToken, SignInTry
from portal.core.outbox import OutboxMessage
from portal.web import mail
from tests.factories import accounts

KNOWN, UNKNOWN = "known@example.org", "unknown@example.org"


@pytest.fixture
def known(transaction):
    with transaction():
        return accounts.person(KNOWN, "สมชาย ใจดี")


def messages(transaction):
    with transaction("read") as session:
        return list(session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def counted(transaction, model):
    with transaction("read") as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.mark.parametrize("path", ["/accounts/register", "/accounts/forgot"])
def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client, transaction, known, path):
    answers = [client.submit(path, {"email": email}) for email in (KNOWN, UNKNOWN)]
    first, second = answers
    assert (first.status_code, first.headers["Location"], first.data) == (
        second.status_code,
        second.headers["Location"],
        second.data,
    )
    assert first.status_code == 303
    work = [[one.split()[0:3] for one in answer.queries] for answer in answers]
    assert work[0] == work[1]
    assert {message.address for message in messages(transaction)} == {KNOWN, UNKNOWN}
    assert counted(transaction, MailToken) == 2


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, known):
    answers = [
        client.submit(
            "/en/accounts/sign-in", {"email": email, "password": "wrong password"}, having={"password"}
        )
        for email in (KNOWN, UNKNOWN)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    texts = [answer.page.text for answer in answers]
    assert texts[0] == texts[1]
    assert "This email and password do not match." in texts[0]
    kinds = [[one.split()[0] for one in answer.queries] for answer in answers]
    assert kinds[0] == kinds[1]


def test_an_unknown_address_costs_one_hash_as_a_known_one_does(client, known, monkeypatch):
    from portal.accounts import passwords

    hashes = []
    real = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda *given: hashes.append(given) or real(*given))
    for email in (KNOWN, UNKNOWN):
        client.submit("/accounts/sign-in", {"email": email, "password": "wrong"}, having={"password"})
    assert len(hashes) == 2


def link_in(app, message):
    with app.app_context():
        text = mail.compose(message, "ruamngop@example.org").get_content()
    return next(
        line for line in text.splitlines() if "/accounts/finish/" in line or "/accounts/reset/" in line
    )


def path_of(link):
    return "/" + link.split("/", 3)[3]


@pytest.mark.parametrize("family", ["ใจดี", ""])
def test_a_newcomer_finishes_the_account_once(app, client, new_client, transaction, family):
    client.submit("/en/accounts/register", {"email": "  New@Example.org "})
    (message,) = messages(transaction)
    assert message.event == "register"
    path = path_of(link_in(app, message))
    assert path.startswith("/en/accounts/finish/")
    fields = {"given": "สมศรี", "family": family, "title": "นาง", "password": "nine char"}
    assert client.submit(path, fields).status_code == 422
    assert client.submit(path, {**fields, "password": "aaaaaaaaaaaa"}).status_code == 422
    assert client.submit(path, {**fields, "given": "", "password": "long enough word"}).status_code == 422
    assert client.submit(path, {**fields, "password": "long enough word"}).status_code == 303
    client.signed_in = True
    assert f"สมศรี {family}".strip() in client.get("/accounts/me", status=200).page.text
    new_client().get(path, status=404)
    new_client().sign_in("new@example.org", "long enough word")
    with transaction("read"):
        assert queries.person_by_email("new@example.org").display_name == f"สมศรี {family}".strip()


def test_a_newcomer_comes_back_to_the_page_that_asked(app, client, transaction):
    here = "/en/dossier/87?part=1"
    page = client.get(f"/en/accounts/sign-in?next={quote(here, safe='')}", status=200).page
    (onward,) = (link for link in page.links if link.startswith("/en/accounts/register"))
    client.submit(onward, {"email": UNKNOWN})
    (message,) = messages(transaction)
    fields = {"given": "สมศรี", "password": "long enough word"}
    answer = client.submit(path_of(link_in(app, message)), fields)
    assert answer.headers["Location"] == here


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "/" + "x" * 600])
def test_no_mail_leads_to_another_site(app, client, transaction, elsewhere):
    client.submit(f"/accounts/register?next={quote(elsewhere, safe='')}", {"email": UNKNOWN})
    (message,) = messages(transaction)
    assert "example.com" not in link_in(app, message)
    assert len(link_in(app, message)) < 700


def test_the_owner_of_an_account_is_told(app, client, known, transaction):
    client.submit("/accounts/register", {"email": KNOWN})
    (message,) = messages(transaction)
    assert message.event == "already_registered"
    assert "/accounts/reset/" in link_in(app, message)


def test_a_reset_signs_every_browser_out(app, client, new_client, known, transaction):
    other = new_client()
    other.sign_in(KNOWN, accounts.PASSWORD)
    client.submit("/accounts/forgot", {"email": KNOWN})
    path = path_of(link_in(app, messages(transaction)[0]))
    assert client.submit(path, {"password": "short"}).status_code == 422
    assert client.submit(path, {"password": "another good password"}).status_code == 303
    client.signed_in = True
    client.get("/accounts/me", status=200)
    other.get("/accounts/me", status=303)
    new_client().get(path, status=404)
    new_client().sign_in(KNOWN, "another good password")


def test_a_link_grows_old(app, client, known, transaction, clock):
    clock.travel("2026-11-21 09:00")
    client.submit("/accounts/forgot", {"email": KNOWN})
    path = path_of(link_in(app, messages(transaction)[0]))
    clock.travel("2026-11-21 09:59")
    client.get(path, status=200)
    clock.travel("2026-11-21 10:00")
    client.get(path, status=404)


def test_a_link_is_for_its_purpose_only(app, client, known, transaction):
    client.submit("/accounts/forgot", {"email": KNOWN})
    path = path_of(link_in(app, messages(transaction)[0]))
    client.get(path.replace("/reset/", "/finish/"), status=404)


def test_at_most_three_mails_an_hour_to_one_address(client, transaction):
    answers = [client.submit("/accounts/register", {"email": UNKNOWN}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(messages(transaction)) == 3


def test_one_network_gets_no_more_mails_than_all_who_share_it_need(client, clock, transaction):
    clock.travel("2026-11-21 09:00")
    for number in range(30):
        assert client.submit("/accounts/register", {"email": f"n{number}@example.org"}).status_code == 303
    with transaction():
        for _ in range(MAILS_PER_NETWORK.most - 30):
            MAILS_PER_NETWORK.count("127.0.0.1/32")
    assert client.submit("/accounts/register", {"email": "one@example.org"}).status_code == 429


@pytest.mark.parametrize(
    "email", ["", "somchai", "a@b", "a b@example.org", "a@example.org,b@example.org", "x" * 201 + "@a.co"]
)
def test_what_is_no_address_is_refused_and_kept(client, email):
    answer = client.submit("/accounts/register", {"email": email})
    assert answer.status_code == 422
    assert email.strip()[:50] in answer.text


def test_the_throttle_forgets_after_a_quarter_of_an_hour(client, known, clock, transaction):
    def attempt(password):
        return client.submit("/accounts/sign-in", {"email": KNOWN, "password": password}, having={"password"})

    clock.travel("2026-11-21 09:00")
    assert [attempt("wrong").status_code for _ in range(8)] == [422] * 8
    assert attempt(accounts.PASSWORD).status_code == 429
    clock.travel("2026-11-21 09:15")
    assert attempt(accounts.PASSWORD).status_code == 303
    assert counted(transaction, LoginSession) == 1


def test_the_throttle_counts_the_network_too(client, known, transaction):
    with transaction() as session:
        for _ in range(PASSWORDS_PER_NETWORK.most - 1):
            PASSWORDS_PER_NETWORK.count("127.0.0.1/32")
        assert session.scalar(sa.select(sa.func.count()).select_from(SignInTry)) == 599
    fields = {"email": UNKNOWN, "password": "wrong"}
    assert client.submit("/accounts/sign-in", fields, having={"password"}).status_code == 422
    assert client.submit("/accounts/sign-in", fields, having={"password"}).status_code == 429
