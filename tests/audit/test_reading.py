"""Reading the ledger."""

import pytest
import sqlalchemy as sa

from portal.audit import queries
from portal.audit.queries import Filter
from portal.core import ledger
from portal.core.actor import SYSTEM, Role
from portal.core.ledger import LedgerEntry
from tests.factories import accounts, places


@pytest.fixture
def written(transaction):
    """Sixty entries: thirty plans submitted in Dusit, thirty rules published."""
    with transaction() as session:
        district = places.district()
        auditor = accounts.person("auditor@example.org", "ผู้ตรวจ ทดสอบ")
        accounts.grant(auditor, Role.AUDITOR)
        someone = accounts.officer(Role.PLANNER, district, email="planner@example.org")
        for number in range(1, 31):
            ledger.record(
                "plan.submitted",
                someone,
                "plan",
                number,
                district_id=district.id,
                changes={"state": ["endorsed", "submitted"], "title": "แผนชุมชน"},
                note="ส่งตามกำหนด",
            )
            ledger.record("rules.published", SYSTEM, "cycle", number)
        before = session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry))
    return {"district": district.id, "planner": someone.id, "before": before}


def numbers(transaction, **wanted):
    found, cursor = [], None
    with transaction("read"):
        while True:
            slice_ = queries.entries(Filter(**wanted), cursor)
            found += [row.id for row in slice_.rows]
            cursor = slice_.next_cursor
            if cursor is None:
                return found


def test_paging_shows_every_entry_once_newest_first(transaction, written):
    everything = numbers(transaction)
    assert everything == sorted(set(everything), reverse=True)
    assert len(everything) == written["before"] + 60


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"event": "plan.submitted"}, 30),
        ({"event": "plan.submitted", "kind": "plan", "number": "7"}, 1),
        ({"kind": "cycle"}, 30),
        ({"person": "planner@example.org"}, 30),
        ({"person": "nobody@example.org"}, 0),
        ({"person": "not a number"}, 0),
        ({"event": "never.happened"}, 0),
        ({"number": "9" * 40}, 0),
    ],
)
def test_a_filter_finds_its_entries(transaction, written, wanted, count):
    assert len(numbers(transaction, **wanted)) == count


def test_events_are_each_named_once(transaction, written):
    with transaction("read"):
        names = queries.events()
    assert list(names) == sorted(set(names))
    assert {"plan.submitted", "rules.published"} <= set(names)


def test_a_payload_reads_as_words():
    text = ledger.payload_text({"state": ["a", "b"], "reasons": ["x", "y", "z"], "who": None}, "why")
    assert queries.facts_of(text) == ([("reasons", "x, y, z"), ("state", "a → b"), ("who", "–")], "why")
    assert queries.facts_of(None) is None


def test_the_auditor_reads(client, written):
    client.sign_in("auditor@example.org", accounts.PASSWORD)
    answer = client.get("/audit", status=200)
    assert "rules.published" in answer.page.text
    english = client.get(f"/en/audit?event=plan.submitted&district={written['district']}", status=200)
    assert "endorsed → submitted" in english.page.text
    assert "ส่งตามกำหนด" in english.page.text
    older = next(link for link in client.get("/audit").page.links if "cursor=" in link)
    client.get(older, status=200)
    assert client.get("/audit?cursor=damaged&number=x&event=%00", check=False).status_code == 400


def test_the_auditor_reads_words_and_the_name_of_the_code_beside_them(client, written):
    client.sign_in("auditor@example.org", accounts.PASSWORD)
    thai = client.get("/audit?event=plan.submitted&kind=plan&number=7", status=200).page
    event, about = (cell for cell in thai.all("td") if cell["data-label"] in ("เหตุการณ์", "เกี่ยวกับ"))
    assert event.text.split() == ["ส่งแผนแล้ว", "plan.submitted"]
    assert about.text.startswith("แผนพัฒนาชุมชน 7")
    english = client.get("/en/audit?event=plan.submitted&kind=plan&number=7", status=200).page
    event, about = (cell for cell in english.all("td") if cell["data-label"] in ("Event", "About"))
    assert "Plan submitted" in event.text
    assert about.text.startswith("Community plan 7")


def test_what_is_about_all_things_of_a_kind_has_no_number(client, written, transaction):
    with transaction():
        ledger.record("places.loaded", SYSTEM, "district", 0)
    client.sign_in("auditor@example.org", accounts.PASSWORD)
    page = client.get("/en/audit?kind=district&number=0", status=200).page
    (about,) = (cell for cell in page.all("td") if cell["data-label"] == "About")
    assert about.text.split() == ["District", "district"]


def test_the_filters_list_words_by_room(client, written):
    client.sign_in("auditor@example.org", accounts.PASSWORD)
    page = client.get("/en/audit?event=plan.submitted&kind=round", status=200).page
    rooms = [group["label"] for group in page.all("optgroup")]
    assert rooms[:2] == ["Cycles and rules", "Community plans"]
    told = {one["value"]: one for one in page.all("option")}
    assert told["plan.submitted"].text == "Plan submitted"
    assert told["rules.published"].text == "Rules published"
    assert "plan.withdrawn" not in told, "what never happened here is no choice"
    assert told["round"].text == "Voting round"
    assert {one["value"] for one in page.all("option") if "selected" in one.attributes} == {
        "plan.submitted",
        "round",
    }
    strange = client.get("/en/audit?event=never.happened", status=200).page
    assert [group["label"] for group in strange.all("optgroup")].count("Other") == 1


def test_forty_entries_take_no_more_queries_than_one(client, written):
    client.sign_in("auditor@example.org", accounts.PASSWORD)
    one = client.get("/en/audit?event=plan.submitted&number=7", status=200)
    forty = client.get("/en/audit", status=200)
    assert (len(one.page.all("tr")), len(forty.page.all("tr"))) == (2, 41)
    assert len(forty.queries) == len(one.queries) == 7


def test_others_may_not(client, written):
    client.sign_in("planner@example.org", accounts.PASSWORD)
    client.get("/audit", status=403)
    client.get("/audit/check", status=403)
    client.get("/audit/entries/1/blank", status=403)


def test_the_head_of_an_empty_ledger(client):
    client.get("/audit/head", status=200)
    assert client.get("/audit/head.txt").text == f"0:{ledger.GENESIS}\n"
