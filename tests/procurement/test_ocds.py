"""Releases: what they say and when, how they follow one another, that the standard accepts them."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ocdsmerge.rules import get_merge_rules

from portal.procurement import ocds
from portal.procurement.models import Category, Method, ProcessState, StepKind
from portal.procurement.ocds import extension, package, sequence
from portal.rulebook.licences import LICENCES
from tests.procurement import standard

K = StepKind
PUBLISHER = ocds.Publisher("https://ruamngop.example")
OCID = "ocds-213czf-1002-7"
AT = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 2)
SUPPLIER = "บริษัท ตัวอย่างเต็นท์ จำกัด"
BUYER = ocds.Buyer("1002", "สำนักงานเขตดุสิต", "50070000")
CALLED = (
    ocds.Passed(K.PURCHASE_REQUEST, "รายงานขอซื้อ", actual_on=DAY),
    ocds.Passed(K.INVITATION, "ประกาศเชิญชวน", actual_on=DAY, ends_on=DAY + dt.timedelta(days=9)),
)
WON = ocds.Awarded(1, SUPPLIER, 870_000_00, DAY)
SIGNED = ocds.Signed(1, 1, "12/2570", 870_000_00, DAY, DAY, DAY + dt.timedelta(days=60))
BEGUN = ocds.Facts(
    process_id=7,
    ocid=OCID,
    title="จัดซื้อเต็นท์สนาม",
    method=Method.OPEN,
    method_details="e-bidding",
    category=Category.GOODS,
    budget=900_000_00,
    buyer=BUYER,
    projects=(ocds.Project(3, "โครงการชุมชนพร้อม", "50070000-7001", 2570),),
    steps=(ocds.Passed(K.PROCUREMENT_PLAN, "เผยแพร่แผน", planned_on=DAY, observer_places=5),),
)


def releases_of(*states):
    """The releases that these states of a process bring about, in order."""
    made, published = [], {}
    for facts in states:
        now = ocds.state(facts, PUBLISHER)
        release = ocds.next_release(OCID, len(made) + 1, published, now, AT)
        if release is not None:
            made.append(release)
            published = ocds.replay(made)
    return made


def tags_of(*states):
    return [release["tag"] for release in releases_of(*states)]


def body(merged):
    return {name: part for name, part in merged.items() if name not in sequence.HEAD}


def paid(contract, satang=870_000_00):
    part = ocds.Instalment(
        1, 1, "ส่งมอบทั้งหมด", satang, DAY, DAY, DAY, committee_size=3, paid_on=DAY, paid=satang
    )
    return replace(contract, instalments=(part,))


def test_the_way_of_a_purchase_has_the_tags_of_the_standard():
    called = replace(BEGUN, steps=(*BEGUN.steps, *CALLED))
    won = replace(called, awards=(WON,))
    signed = replace(won, contracts=(SIGNED,))
    amended = replace(
        SIGNED,
        amount=880_000_00,
        amendments=(ocds.Amended(1, DAY, "เพิ่มจำนวนเต็นท์", 870_000_00, 880_000_00),),
    )
    assert tags_of(
        BEGUN,
        replace(BEGUN, median_price=880_000_00),
        called,
        won,
        signed,
        replace(signed, contracts=(amended,)),
        replace(signed, contracts=(paid(amended),)),
        replace(signed, contracts=(paid(amended),), state=ProcessState.CLOSED),
    ) == [
        ["planning"],
        ["planningUpdate"],
        ["planningUpdate", "tender"],
        ["tenderUpdate", "award"],
        ["contract"],
        ["contractUpdate", "contractAmendment"],
        ["implementation"],
        ["contractTermination"],
    ]


@pytest.mark.parametrize(
    ("before", "tags"),
    [
        ({}, ["tenderCancellation"]),
        ({"awards": (WON,)}, ["tenderCancellation", "awardCancellation"]),
        ({"awards": (WON,), "contracts": (SIGNED,)}, ["contractAmendment", "contractTermination"]),
    ],
    ids=["called", "won", "signed"],
)
def test_calling_off_is_told_where_the_process_stands(before, tags):
    running = replace(BEGUN, steps=CALLED, **before)
    over = replace(running, state=ProcessState.CANCELLED, cancel_reason="งบประมาณไม่พอ")
    *_earlier, last = releases_of(running, over)
    assert [tag for tag in last["tag"] if not tag.endswith("Update")] == tags
    assert "งบประมาณไม่พอ" in json.dumps(last, ensure_ascii=False)


def test_what_is_known_already_is_not_published_again():
    assert len(releases_of(BEGUN, BEGUN, replace(BEGUN))) == 1


def test_a_median_price_of_one_unit_is_not_the_value_of_the_tender():
    called = replace(BEGUN, steps=CALLED)
    whole, unit = (replace(called, median_price=part) for part in (BEGUN.budget, BEGUN.budget // 11))
    assert releases_of(whole)[0]["tender"]["value"] == {"amount": BEGUN.budget / 100, "currency": "THB"}
    tender = releases_of(unit)[0]["tender"]
    assert "value" not in tender
    assert tender["medianPrice"]["value"]["amount"] == BEGUN.budget // 11 / 100


def test_a_release_carries_only_the_sections_that_changed():
    called = replace(BEGUN, steps=(*BEGUN.steps, *CALLED))
    first, last = releases_of(called, replace(called, awards=(WON,), median_price=1))
    assert {"planning", "tender"} <= first.keys()
    assert "awards" not in first
    assert "planning" not in last
    assert {"tender", "awards"} <= last.keys()
    assert last["id"] == f"{OCID}-0002"


def test_nothing_of_the_bids_is_said_while_they_are_sealed():
    full = replace(
        BEGUN,
        steps=CALLED,
        number_of_tenderers=2,
        offers=(ocds.Offer(1, SUPPLIER), ocds.Offer(2, "ห้างหุ้นส่วนตัวอย่าง")),
        awards=(WON,),
        contracts=(paid(SIGNED),),
    )
    sealed = json.dumps(ocds.state(replace(full, is_sealed=True), PUBLISHER), ensure_ascii=False)
    for secret in (SUPPLIER, "ห้างหุ้นส่วนตัวอย่าง", "numberOfTenderers", "870000", "awards", "payee"):
        assert secret not in sealed
        assert secret in json.dumps(ocds.state(full, PUBLISHER), ensure_ascii=False)


def test_a_winner_that_was_wrong_is_said_to_be_cancelled_and_its_name_is_emptied():
    won = replace(BEGUN, steps=CALLED, awards=(WON,))
    releases = releases_of(won, replace(won, awards=(replace(WON, id=2, supplier="ผู้ชนะที่ถูกต้อง"),)))
    merged = ocds.compiled(releases)
    assert {one["id"]: one["status"] for one in merged["awards"]} == {
        f"{OCID}-award-1": "cancelled",
        f"{OCID}-award-2": "active",
    }
    assert sorted(party.get("name", "") for party in merged["parties"]) == ["", "ผู้ชนะที่ถูกต้อง", BUYER.name]
    assert releases[1]["tag"] == ["award", "awardCancellation"]


def test_a_day_is_a_day_in_bangkok_and_money_is_in_baht():
    won = replace(BEGUN, awards=(replace(WON, amount=870_000_25),), steps=CALLED)
    award = ocds.state(won, PUBLISHER)["awards"][0]
    assert award["date"] == "2026-11-02T00:00:00+07:00"
    assert award["value"] == {"amount": 870000.25, "currency": "THB"}
    period = ocds.state(won, PUBLISHER)["tender"]["tenderPeriod"]
    assert period["endDate"] == "2026-11-11T23:59:59+07:00"


def test_merging_follows_the_rules_of_the_standards_schema():
    """We name only the rules of fields we use; they are those of the schema."""
    schema = standard.schema("release-schema")
    everything = get_merge_rules(json.loads(json.dumps(schema)))
    for path, rule in sequence._MERGE_RULES.items():
        assert everything[path] == rule
    used = {
        path
        for path in everything
        if path[0] in ocds.state(BEGUN, PUBLISHER) and path[-1] in ("roles", "submissionMethod")
    }
    assert used <= set(sequence._MERGE_RULES)


# -- any way a process can go -------------------------------------------------------------------------------

days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
maybe_day = st.none() | days
words = st.sampled_from(["", "ห้องประชุมเขต", "เลื่อนเพราะน้ำท่วม"])
satang = st.integers(0, 10**10)
COMPANIES = st.sampled_from([SUPPLIER, "ห้างหุ้นส่วนตัวอย่าง", "ร้านตัวอย่าง"])


@st.composite
def steps(draw):
    made = []
    for kind in StepKind:
        if draw(st.booleans()):
            first = draw(maybe_day)
            made.append(
                ocds.Passed(
                    kind,
                    kind.value,
                    planned_on=draw(maybe_day),
                    actual_on=first,
                    ends_on=first and first + dt.timedelta(days=draw(st.integers(0, 20))),
                    place=draw(words),
                    skip_reason="" if first else draw(words),
                    committee_size=draw(st.none() | st.integers(1, 9)),
                    observer_places=draw(st.integers(0, 9)),
                    went_on=draw(
                        st.sampled_from([(), (ocds.Went(4, "order", "เร่งด่วน", "ผู้อำนวยการเขต", AT),)])
                    ),
                )
            )
    return tuple(made)


@st.composite
def instalments(draw):
    numbers = draw(st.integers(0, 2))
    made = []
    for number in range(1, numbers + 1):
        on = draw(maybe_day)
        made.append(
            ocds.Instalment(
                number,
                number,
                "งวด",
                draw(satang),
                draw(maybe_day),
                on,
                on,
                on and 3,
                on,
                on and draw(satang),
            )
        )
    return tuple(made)


@st.composite
def states(draw):
    """Any state of one process, possible or not: later ones may take back what earlier ones said."""
    awards = tuple(
        ocds.Awarded(number, draw(COMPANIES), draw(satang), draw(maybe_day), draw(words))
        for number in range(1, draw(st.integers(0, 2)) + 1)
    )
    contracts = tuple(
        ocds.Signed(
            award.id,
            award.id,
            f"{award.id}/2570",
            draw(satang),
            draw(maybe_day),
            ends_on=draw(maybe_day),
            cancelled_on=draw(maybe_day),
            cancel_reason="ผิดสัญญา",
            instalments=draw(instalments()),
        )
        for award in awards
        if draw(st.booleans())
    )
    return replace(
        BEGUN,
        title=draw(st.sampled_from(["จัดซื้อเต็นท์สนาม", "จัดซื้อเต็นท์"])),
        description=draw(words),
        median_price=draw(st.none() | satang),
        state=draw(st.sampled_from(ProcessState)),
        cancel_reason=draw(words),
        egp_number=draw(st.sampled_from(["", "69089283521"])),
        is_sealed=draw(st.booleans()),
        number_of_tenderers=draw(st.none() | st.integers(0, 4)),
        steps=draw(steps()),
        papers=tuple(
            ocds.Paper(number, draw(st.sampled_from(StepKind)), "other", "เอกสาร", AT)
            for number in range(draw(st.integers(0, 2)))
        ),
        offers=tuple(ocds.Offer(number, draw(COMPANIES)) for number in range(draw(st.integers(0, 3)))),
        awards=awards,
        contracts=contracts,
    )


ways = st.lists(states(), min_size=1, max_size=3)


@settings(max_examples=30)
@given(ways)
def test_merging_all_releases_gives_what_was_published(way):
    releases = releases_of(*way)
    assert body(ocds.compiled(releases)) == ocds.replay(releases)
    assert body(ocds.compiled(releases[:1])) == ocds.replay(releases[:1])


def _holds(published, now):
    """Everything known now is in the published; what else is there is withdrawn."""
    if isinstance(now, dict):
        return all(name in published and _holds(published[name], part) for name, part in now.items())
    if isinstance(now, list) and now and isinstance(now[0], dict):
        there = {entry["id"]: entry for entry in published}
        withdrawn = [entry for name, entry in there.items() if name not in {one["id"] for one in now}]
        return all(_holds(there[entry["id"]], entry) for entry in now) and all(
            entry.get("status") in (None, "cancelled", "notMet") for entry in withdrawn
        )
    return published == now


@settings(max_examples=30)
@given(ways)
def test_what_is_published_is_what_is_known(way):
    releases = releases_of(*way)
    now = ocds.state(way[-1], PUBLISHER)
    assert _holds(ocds.replay(releases), now)
    assert ocds.next_release(OCID, 99, ocds.replay(releases), now, AT) is None


@settings(max_examples=15)
@given(ways)
def test_the_standard_accepts_every_release_and_record(way):
    texts = [ocds.text_of(release) for release in releases_of(*way)]
    about = package.head(PUBLISHER, "https://ruamngop.example/opendata/p.json", AT, LICENCES[1].url)
    released = json.loads("".join(package.release_package(about, texts)))
    recorded = json.loads("".join(package.record_package(about, [package.record(texts)])))
    assert standard.faults_of_schema(released) == []
    assert standard.faults_of_schema(recorded) == []


def test_the_partnerships_own_checks_find_nothing_and_would():
    texts = [
        ocds.text_of(release)
        for release in releases_of(
            BEGUN, replace(BEGUN, steps=CALLED, median_price=1, awards=(WON,), contracts=(paid(SIGNED),))
        )
    ]
    about = package.head(PUBLISHER, "https://ruamngop.example/opendata/p.json", AT, LICENCES[1].url)
    released = json.loads("".join(package.release_package(about, texts)))
    recorded = json.loads("".join(package.record_package(about, [package.record(texts)])))
    assert standard.faults(released) == []
    assert standard.faults(recorded) == []
    released["releases"][0]["tender"]["madeUp"] = "x"
    released["releases"][0]["tender"]["status"] = "begun"
    assert len(standard.faults(released)) == 3


def test_every_rule_has_a_code_in_the_extension():
    codes = extension.CODELISTS["overrideRule.csv"]
    allowed = extension.SCHEMA["definitions"]["RuleOverride"]["properties"]["rule"]["enum"]
    assert sorted(codes) == [code for code in allowed if code]
