"""Pages of cycles, through the page client."""

import datetime as dt
import hashlib
import re

import pytest
import sqlalchemy as sa

from portal.accounts.models import Person
from portal.core import db
from portal.core.actor import Role
from portal.core.outbox import OutboxMessage
from portal.cycles import queries
from portal.cycles.models import Cycle, PhaseKind, RulesProposal
from portal.notifications import commands as notifications
from portal.rulebook.models import LawValue
from portal.web import mail
from tests.factories import accounts, cycles, places


@pytest.fixture
def people(transaction):
    """A planner and a director of Dusit, a strategy officer, and a planner of another district."""
    with transaction():
        dusit, bang_na = places.district(), places.district("1047")
        made = {}
        for name, role, district in [
            ("planner", Role.PLANNER, dusit),
            ("director", Role.DIRECTOR, dusit),
            ("strategy", Role.STRATEGY, None),
            ("stranger", Role.PLANNER, bang_na),
        ]:
            who = accounts.person(email=f"{name}@example.org")
            accounts.grant(who, role, district)
            made[name] = who.email
    return made


def signed_in(new_client, email):
    browser = new_client()
    browser.sign_in(email, accounts.PASSWORD)
    return browser


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_public_page_shows_the_rules_and_every_edition(client, transaction, prefix):
    with transaction():
        cycle = cycles.cycle(open=PhaseKind.SUBMISSION, appeal_days=9)
        sha256 = queries.rules_in(cycle.id, PhaseKind.CLOSING).sha256
    page = client.get(f"{prefix}/cycles/{cycle.id}", status=200).page
    assert sha256 in page.text
    assert "฿200,000" in page.text
    index = client.get(f"{prefix}/cycles", status=200).page
    assert f"{prefix}/cycles/{cycle.id}" in index.links


def test_the_download_is_byte_for_byte_what_was_hashed(client, transaction):
    with transaction():
        cycle = cycles.cycle()
        sha256 = queries.rules_in(cycle.id, PhaseKind.CLOSING).sha256
    answer = client.get(f"/cycles/{cycle.id}/editions/1.json", status=200)
    assert hashlib.sha256(answer.data).hexdigest() == sha256
    client.get(f"/cycles/{cycle.id}/editions/2.json", status=404)


def test_a_cycle_without_rules_says_so(client, transaction):
    with transaction():
        cycle = cycles.bare_cycle()
    assert "ปิดอยู่" in client.get(f"/cycles/{cycle.id}", status=200).page.text
    client.get("/cycles/999", status=404)


def test_rules_go_from_one_person_to_another_and_out_to_the_public(new_client, people, transaction, clock):
    clock.travel("2026-09-21 09:00")
    planner = signed_in(new_client, people["planner"])
    answer = planner.submit("/cycles/desk", {"fiscal_year": "2571"}, action="/cycles/desk")
    assert answer.status_code == 303
    propose = answer.headers["Location"]
    assert propose.endswith("/propose")
    answer = planner.submit(propose, {"reason": "หลักเกณฑ์ของรอบปี", "envelope_satang": "๘,๖๐๐,๐๐๐"})
    assert answer.status_code == 303, answer.page.text
    proposal = answer.headers["Location"]
    own = planner.get(proposal, status=200).page
    assert not [form for form in own.forms if form["action"].endswith("/confirm")]
    director = signed_in(new_client, people["director"])
    assert "1" in director.get("/cycles/desk", status=200).page.text
    answer = director.submit(proposal, action="/confirm")
    assert answer.status_code == 303
    page = new_client().get(answer.headers["Location"], status=200).page
    assert "฿8,600,000" in page.text
    with transaction():
        cycle = db.session().query(Cycle).one()
        assert {phase.kind for phase in queries.phases(cycle.id)} >= {PhaseKind.FORUMS, PhaseKind.CLOSING}


def confirmed(planner, director, propose, **typed):
    """Propose with what is typed, confirm as another; the address of the cycle."""
    answer = planner.submit(propose, {"reason": "ปรับเกณฑ์", **typed})
    assert answer.status_code == 303, answer.page.text
    return director.submit(answer.headers["Location"], action="/confirm").headers["Location"]


def last_line(browser, propose, text):
    """What is typed for a criterion of one's own in the last line."""
    last = max(
        int(n) for n in re.findall(r"criteria-(\d+)-text_th", browser.get(propose).get_data(as_text=True))
    )
    return {f"criteria-{last}-text_th": text, f"criteria-{last}-text_en": text}


def test_no_key_of_a_criterion_is_given_twice(new_client, people, transaction, clock):
    clock.travel("2026-09-21 09:00")
    with transaction():
        cycle = cycles.bare_cycle()
    planner, director = (signed_in(new_client, people[name]) for name in ("planner", "director"))
    propose = f"/cycles/{cycle.id}/propose"

    def own():
        with transaction("read"):
            found = queries.rules_in(cycle.id, PhaseKind.FORUMS).criteria
            return {one.text_th: one.key for one in found if one.key.startswith("own_")}

    confirmed(planner, director, propose, **last_line(planner, propose, "ข้อ ก"))
    gone = {"criteria-5-text_th": "", "criteria-5-text_en": ""}
    confirmed(planner, director, propose, **gone, **last_line(planner, propose, "ข้อ ข"))
    keys = own()
    assert keys.keys() == {"ข้อ ก", "ข้อ ข"}
    assert keys["ข้อ ก"] != keys["ข้อ ข"]

    answer = planner.submit(propose, {"reason": "ปรับเกณฑ์", **last_line(planner, propose, "ข้อที่ถูกส่งกลับ")})
    director.submit(answer.headers["Location"], {"note": "ไม่เอา"}, action="/send-back")
    confirmed(planner, director, propose, **last_line(planner, propose, "ข้อ ค"))
    assert [own()[text] for text in ("ข้อ ก", "ข้อ ข", "ข้อ ค")] == ["own_1", "own_2", "own_4"]


def test_two_criteria_with_one_key_are_refused(new_client, people, transaction, clock):
    clock.travel("2026-09-21 09:00")
    with transaction():
        cycle = cycles.bare_cycle()
    planner = signed_in(new_client, people["planner"])
    typed = {"reason": "ปรับเกณฑ์", "criteria-1-key": "land"}
    answer = planner.submit(f"/cycles/{cycle.id}/propose", typed)
    assert answer.status_code == 422
    assert "รหัสเดียวกัน" in answer.page.text
    with transaction("read"):
        assert queries.waiting_proposal(cycle.id) is None


def test_a_refused_proposal_keeps_what_was_typed(new_client, people, transaction, clock):
    clock.travel("2026-09-21 09:00")
    with transaction():
        cycle = cycles.bare_cycle()
    planner = signed_in(new_client, people["planner"])
    answer = planner.submit(
        f"/cycles/{cycle.id}/propose",
        {"reason": "เหตุผลที่พิมพ์ไว้", "submission_to": "1/1/2569", "hearing_from": "ไม่ใช่วัน", "appeal_days": "สิบ"},
    )
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "เหตุผลที่พิมพ์ไว้" in text
    assert "ไม่ใช่วัน" in text
    assert "1/1/2569" in text
    assert not answer.page.problems()
    with transaction():
        assert queries.waiting_proposal(cycle.id) is None


def test_sending_back_needs_a_note_and_tells_the_proposer(new_client, people, transaction, clock):
    clock.travel("2026-09-21 09:00")
    with transaction():
        proposal = cycles.proposal(cycles.bare_cycle())
    director = signed_in(new_client, people["director"])
    address = f"/cycles/proposals/{proposal.id}"
    assert director.submit(address, {"note": ""}, action="/send-back").status_code == 422
    assert director.submit(address, {"note": "เพดานสูงเกินไป"}, action="/send-back").status_code == 303
    assert "เพดานสูงเกินไป" in director.get(address, status=200).page.text
    with transaction():
        assert db.session().get_one(RulesProposal, proposal.id).decision_note == "เพดานสูงเกินไป"


@pytest.fixture
def lands(transaction, app):
    """Open the one piece of news of a browser's inbox and say where it led; the page there is asked for. Its mail leads
    there too."""

    def lands(browser):
        page = browser.get("/notifications", status=200).page
        (button,) = [one for one in page.all("button") if one["formaction"].endswith("/open")]
        token = next(one["value"] for one in page.all("input") if one["name"] == "csrf_token")
        where = browser.post(button["formaction"], data={"csrf_token": token}).headers["Location"]
        browser.get(where, status=200)
        with transaction("read") as session, app.test_request_context():
            texts = [
                mail.compose(one, "x@example.org").get_content()
                for one in session.scalars(sa.select(OutboxMessage).where(OutboxMessage.event == "news"))
            ]
        assert any(f"{where}\n" in text for text in texts)
        return where

    return lands


def test_news_of_published_rules_leads_followers_of_the_district_to_the_public_page(
    new_client, people, transaction, clock, lands
):
    clock.travel("2026-09-21 09:00")
    with transaction():
        proposal = cycles.proposal(cycles.bare_cycle())
        follower = accounts.person(email="follower@example.org")
        notifications.follow_for([follower.id], places.district().topic_id)
    director = signed_in(new_client, people["director"])
    assert director.submit(f"/cycles/proposals/{proposal.id}", action="/confirm").status_code == 303
    assert lands(signed_in(new_client, follower.email)) == f"/cycles/{proposal.cycle_id}"


def test_news_of_rules_sent_back_leads_the_proposer_to_the_proposal(
    new_client, people, transaction, clock, lands
):
    clock.travel("2026-09-21 09:00")
    with transaction() as session:
        proposal = cycles.proposal(cycles.bare_cycle())
        proposer = session.get_one(Person, proposal.proposed_by).email
    director = signed_in(new_client, people["director"])
    address = f"/cycles/proposals/{proposal.id}"
    assert director.submit(address, {"note": "เพดานสูงเกินไป"}, action="/send-back").status_code == 303
    assert lands(signed_in(new_client, proposer)) == address


def test_others_do_not_see_proposals(new_client, people, transaction):
    with transaction():
        proposal = cycles.proposal(cycles.bare_cycle())
    stranger = signed_in(new_client, people["stranger"])
    stranger.get(f"/cycles/proposals/{proposal.id}", status=404)
    stranger.get(f"/cycles/{proposal.cycle_id}/propose", status=403)
    assert new_client().get("/cycles/desk").status_code == 303


def test_while_a_proposal_waits_there_is_nothing_to_fill_in_and_the_next_year_is_offered(
    new_client, people, transaction
):
    with transaction():
        proposal = cycles.proposal(cycles.bare_cycle())
        year = proposal.cycle.fiscal_year
    planner = signed_in(new_client, people["planner"])
    page = planner.get(f"/cycles/{proposal.cycle_id}/propose", status=200).page
    assert f"/cycles/proposals/{proposal.id}" in page.links
    assert not [form for form in page.forms if form["action"].endswith("/propose")]
    desk = planner.get("/en/cycles/desk", status=200)
    assert f'value="{year + 1}"' in desk.get_data(as_text=True)
    (row,) = (one.text for one in desk.page.root.all("tr") if str(year) in one.text)
    assert "Waiting for a second person" in row
    assert "See the proposal" in row
    assert "Rules missing" not in row


def test_who_changes_published_rules_is_not_told_of_starting_values(new_client, people, transaction):
    with transaction():
        fresh, ruled = cycles.bare_cycle(fiscal_year=2573), cycles.cycle(fiscal_year=2570)
    planner = signed_in(new_client, people["planner"])
    told = {
        one.id: planner.get(f"/en/cycles/{one.id}/propose", status=200).page.text for one in (fresh, ruled)
    }
    assert "sensible starting values" in told[fresh.id]
    assert "sensible starting values" not in told[ruled.id]
    assert "as they are published now" in told[ruled.id]


def test_the_first_rules_begin_with_the_time_for_screening_of_the_rulebook(
    new_client, people, transaction, clock
):
    clock.travel("2026-09-21 09:00")
    with transaction():
        fresh = cycles.bare_cycle(fiscal_year=2573)
        db.session().add(
            LawValue(
                key="screening.days",
                value=21,
                unit="working_days",
                valid_from=dt.date(2026, 9, 1),
                source="มติที่ประชุม",
                is_verified=True,
                entered_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC),
            )
        )
    form = signed_in(new_client, people["planner"]).get(f"/en/cycles/{fresh.id}/propose", status=200).page
    (typed,) = (one for one in form.all("input") if one["name"] == "screening_working_days")
    assert typed["value"] == "21"


def test_every_error_of_the_box_names_its_field(new_client, people, transaction, clock):
    clock.travel("2026-09-21 09:00")
    with transaction():
        cycle = cycles.bare_cycle()
    planner = signed_in(new_client, people["planner"])
    answer = planner.submit(f"/en/cycles/{cycle.id}/propose", {"reason": "", "min_forums": ""})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "Why these rules: This must be filled in." in text
    assert "Fewest forums before a plan is submitted: This must be filled in." in text


def test_who_may_not_propose_is_not_sent_to_propose_better_rules(new_client, people, transaction, clock):
    clock.travel("2026-09-21 09:00")
    with transaction():
        proposal = cycles.proposal(cycles.bare_cycle())
    director = signed_in(new_client, people["director"])
    address = f"/cycles/proposals/{proposal.id}"
    assert director.submit(address, {"note": "เพดานสูงเกินไป"}, action="/send-back").status_code == 303
    onward = f"/cycles/{proposal.cycle_id}/propose"
    assert onward not in director.get(address, status=200).page.links
    assert onward in signed_in(new_client, people["planner"]).get(address, status=200).page.links


def test_days_of_a_phase_that_has_begun_stand_whatever_else_is_refused(
    new_client, people, transaction, clock
):
    with transaction():
        cycle = cycles.cycle()
    planner = signed_in(new_client, people["planner"])
    address = f"/en/cycles/{cycle.id}/propose"
    (begun,) = re.findall(r"Has begun: [^.]+\.", planner.get(address, status=200).page.text)
    answer = planner.submit(address, {"reason": "", "hearing_from": "", "hearing_to": ""})
    assert answer.status_code == 422
    assert begun in answer.page.text
    assert "First day: Give this phase its dates." in answer.page.text
