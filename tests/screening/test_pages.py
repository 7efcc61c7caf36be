"""The pages: who sees which, what is kept, and how many queries they take."""

import datetime as dt
import re
from dataclasses import replace

from portal.core import clock, db, money
from portal.core.storage import StoredFile
from portal.plans import queries as plan_queries
from portal.plans.commands import writing
from portal.plans.content import LineData
from portal.plans.models import PlanState
from portal.screening import commands, queries
from portal.screening.models import Answer, CaseState, Outcome
from portal.screening.views import deciding
from tests.factories import accounts, places, plans, screening
from tests.page import values

S = CaseState


def test_the_planner_of_another_district_sees_nothing(place, as_person, transaction):
    with transaction():
        case = place.case()
    browser = as_person(place.elsewhere)
    for path in (
        "",
        "/strategy",
        "/ask-correction",
        "/ask-agency",
        "/reply",
        "/propose",
        "/confirm",
        "/unpublish",
    ):
        browser.get(f"/screening/{case.id}{path}", status=404)
    browser.get(f"/screening?district={place.district.id}", status=404)
    browser.get("/screening", status=200)


def test_the_inbox_takes_the_same_queries_for_any_number_of_cases(place, as_person, transaction):
    browser = as_person(place.planner)
    empty = browser.get("/screening?tab=all", status=200)
    with transaction():
        for number in range(12):
            item = plans.item(place.plan, title=f"ติดตั้งไฟส่องสว่าง จุดที่ {number}")
            screening.case(item, assigned_to=place.planner.id)
        plans.plan(None, place.cycle, plans.PlanState.SUBMITTED, items=3)
    full = browser.get("/screening?tab=mine", status=200, max_queries=10)
    assert len(full.queries) <= len(empty.queries) + 1
    assert "0 จาก 12" in full.page.text
    assert len(full.page.all("tbody")[0].all("tr")) == 12
    filtered = browser.get("/screening?tab=mine&q=ไฟส่องสว่าง&side=physical", status=200)
    assert len(filtered.page.all("tbody")[0].all("tr")) == 12
    assert not browser.get("/screening?tab=mine&q=เต็นท์", status=200).page.all("tbody")


def test_the_inbox_turns_its_pages(place, as_person, transaction):
    with transaction():
        for _number in range(30):
            screening.case(plans.item(place.plan, lines=0))
    browser = as_person(place.planner)
    first = browser.get("/screening?tab=all", status=200)
    following = next(link for link in first.page.links if "after=" in link)
    second = browser.get(following, status=200)
    seen = [
        re.findall(r"/screening/(\d+)", link)[0]
        for answer in (first, second)
        for link in answer.page.links
        if re.search(r"/screening/\d+$", link)
    ]
    assert len(seen) == len(set(seen)) == 30


def test_a_plan_is_taken_in_and_items_are_given_to_somebody(place, as_person, transaction):
    with transaction():
        plan = plans.plan(None, place.cycle, plans.PlanState.SUBMITTED, items=3)
    browser = as_person(place.planner)
    answer = browser.submit("/screening", {}, action=f"/plans/{plan.id}/take-in")
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"], status=200).page
    ids = [box["value"] for box in page.all("input") if box["name"] == "case_ids"]
    assert len(ids) == 3
    path = "/screening?tab=unassigned"
    done = browser.submit(
        path, {"case_ids": ids, "person_id": str(place.planner2.id)}, action="/screening/assign"
    )
    assert done.status_code == 303
    with transaction("read"):
        assert {queries.docket(place.planner, int(one)).case.assigned_to for one in ids} == {
            place.planner2.id
        }
    refused = browser.submit(
        "/screening?tab=all", {"person_id": str(place.planner2.id)}, action="/screening/assign"
    )
    assert refused.status_code == 422


def test_the_workbench_stays_within_its_queries(place, as_person, transaction):
    with transaction():
        case = place.case()
        for number in range(15):
            screening.decided(plans.item(place.plan, title=f"ปรับปรุงทางเดินในชุมชน ช่วงที่ {number + 50}"))
        place.fill_card(case)
        file = StoredFile(
            owner_kind="plan_item",
            owner_id=case.item_id,
            name="แบบแปลน.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            created_at=clock.now(),
        )
        db.session().add(file)
        node = queries.nodes_to_choose(queries.docket(place.planner, case.id), "city", "")[0][0].id
        commands.choose_node(place.planner, case, "city", node)
    page = as_person(place.planner).get(f"/screening/{case.id}", status=200, max_queries=10).page
    assert "ราคา" in page.text
    assert f"/files/{file.id}" in page.links
    assert "แบบแปลน.pdf" in page.text
    similar = [link for link in page.links if re.search(r"/screening/\d+$", link)]
    assert 1 <= len(set(similar)) <= 8 + 1


def test_an_item_its_community_is_changing_is_not_shown_side_by_side(place, as_person, transaction):
    with transaction():
        case = place.case()
        plan = plans.plan(places.community(name="ชุมชนข้างเคียง"), place.cycle, PlanState.RETURNED, items=1)
        (other,) = plan_queries.items_of(plan.id)
        other.problem, other.changed_at = "ยังไม่ส่ง", clock.now()
        other.budget_satang, title, asked = 99_999_00, other.title, other.kept_satang
    page = as_person(place.planner).get(f"/en/screening/{case.id}", status=200, max_queries=10).page
    (told,) = (row for row in page.all("li") if title in row.text and "alike" in row.text)
    assert "Its community is correcting it now" in told.text
    assert "Compare side by side" not in told.text
    assert money.baht(asked) in told.text
    assert ("ยังไม่ส่ง" in page.text, money.baht(99_999_00) in page.text) == (False, False)


def test_strategies_speak_the_language_of_the_page(place, as_person, transaction):
    with transaction():
        case = place.case()
        line = queries.nodes_to_choose(queries.docket(place.planner, case.id), "city", "")[0][0]
        commands.choose_node(place.planner, case, "city", line.id)
    browser = as_person(place.planner)
    for address in (f"/screening/{case.id}", f"/screening/{case.id}/strategy?which=city"):
        assert line.title in browser.get(address, status=200).page.text
        english = browser.get(f"/en{address}", status=200).page.text
        assert line.title_en in english
        assert line.title not in english


def card(desk, case, **changed):
    """The card's form, all formal lines met."""
    rules = queries.criteria_of(case.edition_id)
    return {f"answer_{one.key}": "met" for one in rules.criteria if one.group == "formal"} | changed


def test_unit_prices_that_do_not_differ_say_of_how_many_lines_they_are(place, as_person, transaction):
    with transaction():
        case = place.case(S.MERIT_CHECK, assigned_to=place.planner.id)
        plans.plan(places.community(name="ชุมชนข้างเคียง"), place.cycle, plans.PlanState.SUBMITTED, items=1)
    browser = as_person(place.planner)
    told = browser.get(f"/en/screening/{case.id}", status=200).page.text
    assert "฿5,000 (the same in 4 lines)" in told


def test_the_card_keeps_what_was_typed(place, as_person, transaction):
    with transaction():
        case = place.case()
        typed = card(place, case, answer_complete="not_met", reason_forum_held="เห็นบันทึกแล้ว")
    browser = as_person(place.planner)
    refused = browser.submit(f"/screening/{case.id}", typed, action="/card")
    assert refused.status_code == 422
    assert "เห็นบันทึกแล้ว" in refused.get_data(as_text=True)
    assert not refused.page.problems()
    kept = browser.submit(
        f"/screening/{case.id}",
        {**typed, "reason_complete": "ขาดใบเสนอราคา"},
        action="/card",
        button=("go", ""),
    )
    assert kept.status_code == 303
    with transaction("read"):
        assert queries.card_of(case.id)["complete"].answer is Answer.NOT_MET


def test_two_planners_on_one_card_lose_nothing(place, as_person, transaction):
    with transaction():
        case = place.case()
        fields = card(place, case)
    one, two = as_person(place.planner), as_person(place.planner2)
    form = one.get(f"/screening/{case.id}").page.form(action="/card")
    mine = {element["name"]: element["value"] for element in form.all("input") if element["type"] == "hidden"}
    theirs = {**fields, "answer_complete": "not_met", "reason_complete": "ขาดแบบแปลน"}
    assert two.submit(f"/screening/{case.id}", theirs, action="/card").status_code == 303
    answer = one.post(f"/screening/{case.id}/card", data={**mine, **fields, "reason_complete": "ครบแล้ว"})
    assert answer.status_code == 409
    assert "ขาดแบบแปลน" in answer.page.text
    assert "ครบแล้ว" in answer.get_data(as_text=True)
    again = answer.page.form(action="/card")
    assert one.post(again["action"], data=values(again)).status_code == 303


def test_the_whole_way_by_its_pages(place, as_person, transaction):
    with transaction():
        case = place.case()
        place.fill_card(case)
        docket = queries.docket(place.planner, case.id)
        nodes = {which: queries.nodes_to_choose(docket, which, "")[0] for which in ("area", "city")}
    planner, director, leader = (as_person(one) for one in (place.planner, place.director, place.leader))
    for which, found in nodes.items():
        if found:
            path = f"/screening/{case.id}/strategy?which={which}"
            assert planner.submit(path, {"node_id": str(found[0].id)}).status_code == 303
    decision = {
        "outcome": "reject",
        "reason_code": "cost",
        "reason": "ราคาต่อหน่วยสูงกว่าราคาอ้างอิงมาก",
    }
    path = f"/screening/{case.id}/propose"
    refused = planner.submit(path, {**decision, "reason_code": "fits"})
    assert refused.status_code == 422
    assert "สูงกว่าราคาอ้างอิง" in refused.get_data(as_text=True)
    assert planner.submit(path, decision).status_code == 303
    own = planner.get(f"/screening/{case.id}/confirm", status=200)
    assert not [form for form in own.page.forms if form["action"].endswith("/confirm")]
    assert "/screening?tab=confirm" in own.page.links
    assert director.submit(f"/screening/{case.id}/confirm", {}, action="/confirm").status_code == 303
    public = leader.get(f"/screening/results/{place.cycle.id}", status=200)
    assert "สูงกว่าราคาอ้างอิง" not in public.get_data(as_text=True)
    for name in ("letter", "letter.pdf"):
        leader.get(f"/screening/{case.id}/{name}", status=404)
    assert director.submit(f"/screening/release?district={place.district.id}", {}).status_code == 303
    for path in (f"/screening/results/{place.cycle.id}", f"/screening/{case.id}/letter"):
        assert "สูงกว่าราคาอ้างอิง" in leader.get(path, status=200).page.text
    told = leader.get(f"/en/screening/{case.id}/letter", status=200).page.text
    assert f"The committee of {place.community.name} " in told
    for path in (f"/screening/{case.id}/letter.pdf?digits=thai", f"/en/screening/{case.id}/letter.pdf"):
        paper = leader.get(path, status=200)
        assert paper.get_data().startswith(b"%PDF-")
    planner.get(f"/screening/{case.id}/appeal", status=403)
    as_person(place.elsewhere).get(
        f"/screening/{case.id}/appeal", status=403
    )  # public now: seen, but not theirs
    ours = leader.get("/screening/ours", status=200)
    assert f"/screening/{case.id}/appeal" in ours.page.links
    assert "ใช้วันดังกล่าวเพียงวันเดียว" in leader.get(f"/screening/{case.id}/appeal", status=200).page.text
    assert leader.submit(f"/screening/{case.id}/appeal", {"grounds": "มีใบเสนอราคาใหม่"}).status_code == 303
    second = as_person(place.planner2)
    answer = {"stands": "yes", "reason": "ตรวจแล้วราคายังสูง"}
    assert second.submit(f"/screening/{case.id}/propose", answer).status_code == 303
    assert director.submit(f"/screening/{case.id}/confirm", {}, action="/confirm").status_code == 303
    assert director.submit(f"/screening/release?district={place.district.id}", {}).status_code == 303
    assert "ตรวจแล้วราคายังสูง" in leader.get(f"/screening/{case.id}/letter", status=200).page.text


def test_a_long_release_is_turned_over(place, as_person, transaction, monkeypatch):
    with transaction():
        cases = [place.case(item=number) for number in (0, 1)]
        for case in cases:
            place.proposed(case)
        commands.confirm_decisions(place.director, {case.id: case.version_id for case in cases})
    monkeypatch.setattr(deciding, "RELEASES_A_PAGE", 1)
    director = as_person(place.director)
    first, last = f"/screening/{cases[0].id}", f"/screening/{cases[1].id}"
    shown = director.get(f"/screening/release?district={place.district.id}", status=200).page
    assert first in shown.links
    assert last not in shown.links
    (further,) = (link for link in shown.links if "start=1" in link)
    shown = director.get(further, status=200).page
    assert last in shown.links
    assert first not in shown.links
    only = director.get(
        f"/screening/release?district={place.district.id}&case={cases[1].id}", status=200
    ).page
    assert last in only.links
    assert not [link for link in only.links if "start=" in link]


def test_leaders_answer_and_withdraw(place, as_person, transaction):
    with transaction():
        one, two = place.case(), place.case(item=1)
        place.fill_card(one, group="formal", complete=Answer.NOT_MET)
    planner, leader = as_person(place.planner), as_person(place.leader)
    asked = {"request": "ขอใบเสนอราคาสามร้าน"}
    assert planner.submit(f"/screening/{one.id}/ask-correction", asked).status_code == 303
    planner.get(f"/screening/{one.id}/correction", status=403)
    as_person(place.elsewhere).get(f"/screening/{one.id}/correction", status=404)
    page = leader.get(f"/screening/{one.id}/correction", status=200).page
    assert "ขอใบเสนอราคาสามร้าน" in page.text
    assert leader.submit(f"/screening/{one.id}/correction", {"answer": "แนบแล้ว"}).status_code == 303
    assert leader.submit(f"/screening/{two.id}/withdraw", {"reason": ""}).status_code == 422
    assert leader.submit(f"/screening/{two.id}/withdraw", {"reason": "ทำเองแล้ว"}).status_code == 303
    page = planner.get(f"/screening/{one.id}", status=200).page
    assert "แนบแล้ว" in page.text
    with transaction("read"):
        assert queries.docket(place.leader, two.id).state is S.WITHDRAWN


def test_what_is_asked_back_and_written_anew_is_public_with_its_day(
    place, as_person, new_client, transaction
):
    item, asked, wish = place.items[0], "ขอใบเสนอราคาสามร้าน", "ลานกีฬาใต้สะพานฉบับแก้ไข"
    old, plan, here = item.title, f"/plans/{place.plan.id}", f"/dossier/communities/{place.community.id}"
    with transaction():
        case = place.case()
        place.fill_card(case, group="formal", complete=Answer.NOT_MET)
        commands.ask_correction(place.planner, case, asked, clock.today() + dt.timedelta(days=7))
        line = LineData("ค่าปรับพื้นที่", "งาน", 1_000, 87_654_00)
        data = replace(plan_queries.item_data(item), title=wish, lines=(line,))
        writing.write_item(place.leader, item, item.version_id, data)
    visitor, leader, planner = new_client(), as_person(place.leader), as_person(place.planner)
    ideas = f"/dossier/districts/{place.district.id}/ideas"
    own, search = f"/dossier/{item.id}", f"/search?q={wish}"
    lists = (here, f"{ideas}.csv", f"{ideas}.json", "/plans", "/", plan, own)
    for path in lists:
        text = visitor.get(path, status=200).get_data(as_text=True)
        assert not [word for word in (asked, wish, "87,654", "87654") if word in text], path
    assert own not in visitor.get(search, status=200).page.links
    assert own in visitor.get(f"/search?q={old}", status=200).page.links
    for reader in (leader, planner):
        assert asked in reader.get(plan, status=200).page.text
    with transaction():
        commands.answer_correction(place.leader, case, "แนบแล้ว")
    assert own in visitor.get(search, status=200).page.links
    for path in lists[:3]:
        assert wish in visitor.get(path, status=200).get_data(as_text=True), path
    assert "87,654" in visitor.get(here).page.text
    changes = f"{plan}/editions/2/changes"
    assert asked not in visitor.get(changes, status=200).page.text
    assert asked in leader.get(changes, status=200).page.text
    assert asked not in visitor.get(f"/dossier/{item.id}").page.text
    with transaction():
        place.released(case)
    assert asked in visitor.get(f"/dossier/{item.id}").page.text


def test_nobody_else_speaks_for_a_community(place, as_person, transaction):
    with transaction():
        case = screening.decided(place.items[0], Outcome.REJECT, final=False, reason_code="cost")
        stranger = accounts.leader(plans.places.community())
    browser = as_person(stranger)
    for path in ("appeal", "correction", "withdraw"):
        browser.get(f"/screening/{case.id}/{path}", status=403)
    assert f"/dossier/{case.item_id}" not in browser.get("/screening/ours", status=200).page.links


def test_english_pages(place, as_person, transaction):
    with transaction():
        case = screening.decided(place.items[0], final=False)
    browser = as_person(place.planner)
    for path in (
        f"/screening/{case.id}",
        "/screening?tab=all",
        f"/screening/results/{place.cycle.id}",
        f"/screening/{case.id}/letter",
    ):
        browser.get(f"/en{path}", status=200)


def test_one_decision_is_proposed_for_the_ticked_items(place, as_person, transaction):
    with transaction():
        ready, raw = place.case(), place.case(item=1)
        place.fill_card(ready, area_strategy=Answer.NOT_MET, bma_strategy=Answer.NOT_MET)
    browser = as_person(place.planner)
    none = browser.submit("/screening?tab=all", {}, action="/screening/assign")
    assert none.status_code == 422
    inbox = browser.get("/screening?tab=all", status=200).page
    sent = values(inbox.form(action="/screening/assign")) | {"case_ids": [str(ready.id), str(raw.id)]}
    path = browser.post("/screening/propose/ticked?tab=all", data=sent).headers["Location"]
    said = {"outcome": "reject", "reason_code": "not_mission", "reason": "อยู่นอกอำนาจหน้าที่ของเขต"}
    refused = browser.submit(path, said)
    assert refused.status_code == 422
    told = [line["id"] for line in refused.page.all("p") if line["id"].startswith("why-")]
    assert told == [f"why-{raw.id}"]
    with transaction("read"):
        assert queries.docket(place.planner, ready.id).state is S.MERIT_CHECK
    picked = [box["value"] for box in refused.page.all("input") if box["name"] == "picks"]
    done = browser.submit(path, said | {"picks": [one for one in picked if one.startswith(f"{ready.id}:")]})
    assert done.status_code == 303
    with transaction("read"):
        assert queries.docket(place.planner, ready.id).state is S.PROPOSED
        assert queries.docket(place.planner, raw.id).state is S.WAITING


def test_withdrawn_items_are_told_beside_the_count_that_leaves_them_out(place, as_person, transaction):
    with transaction():
        place.confirmed(place.case())
        commands.withdraw_item(place.leader, place.case(item=1), "ชุมชนทำเองแล้ว")
    page = (
        as_person(place.planner).get(f"/en/screening?district={place.district.id}&tab=all", status=200).page
    )
    assert "1 of 1 items decided" in page.text
    assert "1 item was withdrawn: it is listed only under “All”." in page.text
