"""The catalogue: taking in what other rooms published, documents of the office, search inside them, services."""

import datetime as dt
import io
import time
import zlib

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.actionplan.models import Section
from portal.core import clock, i18n, jobs, topics, typeset
from portal.core.actor import ANONYMOUS, SYSTEM, Role
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.forums.models import ForumPaper, PaperKind
from portal.information import commands, documents, queries
from portal.information.models import Entry, InfoClass, Source
from portal.procurement.models import ProcessState, StepKind
from portal.procurement.words import DRAFT_TITLE
from tests.factories import accounts, actionplan, cycles, forums, places, procurement
from tests.information.conftest import contract


def shown(**chosen):
    return queries.entries(ANONYMOUS, queries.Chosen(**chosen)).rows


def test_what_visitors_can_read_elsewhere_is_taken_in_once(db, process, officer):
    procurement.document(process, StepKind.DRAFT_TOR, "เสาเหล็กชุบสังกะสี")
    hidden = procurement.process(actionplan.project(actionplan.action_plan(cycles.cycle(fiscal_year=2572))))
    procurement.document(hidden, StepKind.DRAFT_TOR, "ถ้อยคำในร่างลับ")
    commands.publish_summary(officer, 1002, dt.date(2026, 10, 1))
    assert commands.gather(SYSTEM) == 3
    assert commands.gather(SYSTEM) == 0
    assert {row.source for row in shown()} == {Source.PROCUREMENT, Source.ACTION_PLAN, Source.SUMMARY}
    assert [row.source for row in shown(q="สังกะสี")] == [Source.PROCUREMENT]
    assert shown(q="ลับ") == []
    classes, months = queries.index(ANONYMOUS, 1002)
    assert classes == {InfoClass.OTHER: 2, InfoClass.PLANS: 1}
    assert sum(number for _month, number in months) == 3
    assert [row.source for row in shown(info_class=InfoClass.PLANS)] == [Source.ACTION_PLAN]
    assert shown(district_id=1001) == shown(month=dt.date(2020, 1, 1)) == []


@pytest.mark.parametrize(
    ("kind", "words", "told"),
    [
        (PaperKind.SYNTHESIS, "บทสังเคราะห์ปัญหา", "Synthesis of problems"),
        (PaperKind.POLICY, "นโยบายการพัฒนาเขต", "District policy"),
    ],
)
def test_the_title_of_a_paper_is_kept_in_thai_whoever_takes_it_in(db, officer, kind, words, told):
    forum = forums.forum(cycle=cycles.cycle())
    paper = {"forum_id": forum.id, "kind": kind, "number": 1, "body": {}, "sha256": "0" * 64}
    db.add(ForumPaper(**paper, published_by=officer.id, published_at=clock.now()))
    db.flush()
    with i18n.speaking("en"):
        assert commands.gather(officer) == 1
        assert topics.told(db.scalar(sa.select(Entry.title))) == f"{told}: {forum.title}"
    assert db.scalar(sa.select(Entry.title)) == f"{words}: {forum.title}"
    again = {**paper, "number": 2, "reason": "แก้คำ"}
    db.add(ForumPaper(**again, published_by=officer.id, published_at=clock.now()))
    db.flush()
    assert commands.gather(officer) == 1
    assert db.scalars(sa.select(Entry.title).order_by(Entry.id)).all()[1] == f"{words}: {forum.title} (2)"


def test_wordings_of_draft_terms_are_told_in_the_readers_language_and_apart(db, process, officer):
    procurement.draft(process, "ข้อ 1")
    procurement.draft(process, "ข้อ 1 และ 2", number=2)
    commands.gather(officer)
    titles = db.scalars(sa.select(Entry.title).where(Entry.source == Source.PROCUREMENT).order_by(Entry.id))
    kept = list(titles)
    assert kept == [f"{DRAFT_TITLE}: {process.title}", f"{DRAFT_TITLE}: {process.title} (2)"]
    with i18n.speaking("en"):
        told = [topics.told(title) for title in kept]
    assert told == [f"Draft terms of reference: {process.title}{more}" for more in ("", " (2)")]


def test_a_document_is_shown_a_year_at_least_and_found_by_what_it_says(db, officer):
    def publish(**given):
        return commands.publish_document(
            officer, 1002, commands.DocumentData(InfoClass.RULES, "ประกาศเขต", **given)
        )

    with pytest.raises(Invalid) as error:
        publish()
    assert set(error.value.fields) == {"text"}
    with pytest.raises(Invalid) as error:
        publish(text="ห้ามจอดรถ", shown_until=dt.date(2027, 11, 19))
    assert set(error.value.fields) == {"shown_until"}
    entry = publish(text="ห้ามจอดรถขวางทางเข้าชุมชน")
    assert entry.shown_until == dt.date(2027, 11, 20)
    assert [row.id for row in shown(q="จอดรถ")] == [entry.id]
    with pytest.raises(NotAllowed):
        commands.publish_document(
            accounts.officer(Role.PROCUREMENT, places.district("1001")),
            1002,
            commands.DocumentData(InfoClass.RULES, "ประกาศเขต", "ห้ามจอดรถ"),
        )
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(sa.update(Entry).values(title="อื่น"))


def test_what_belongs_to_a_purchase_is_shown_a_year_after_its_contract_was_signed(db, process, clock):
    procurement.document(process, StepKind.DRAFT_TOR, "เสาเหล็กชุบสังกะสี")
    commands.gather(SYSTEM)

    def until():
        (row,) = shown(q="สังกะสี")
        return queries.last_day(row.shown_until, row, queries.display_days())

    assert until() is None, "nothing is signed"
    contract(process, dt.date(2027, 3, 1))
    assert until() == dt.date(2028, 2, 29), "later than a year after its publication"
    process.state, process.ended_on = ProcessState.CLOSED, dt.date(2027, 4, 1)
    db.flush()
    assert until() == dt.date(2028, 2, 29)
    clock.travel("2030-01-01 09:00")
    assert [row.title for row in shown(q="สังกะสี")] != [], "archived is not gone"


def test_the_text_inside_a_pdf_is_searched(transaction):
    paper = typeset.pdf(
        "information/summary.typ",
        {
            "form": "", "title": "-", "standing": "", "heads": [], "rows": [], "none": "canal lights 4711",
            "total": "", "foot": "",
        },
        title="-",
    )  # fmt: skip
    data = commands.DocumentData(
        InfoClass.OTHER, "แบบแปลน", stream=io.BytesIO(paper), file_name="แบบแปลน.pdf"
    )
    with transaction():
        officer = accounts.officer(Role.PROCUREMENT, places.district())
        entry = commands.publish_document(officer, 1002, data)
        assert shown(q="4711") == []
    assert jobs.run_due() == 1
    with transaction():
        assert [row.id for row in shown(q="4711")] == [entry.id]


def endless_paper() -> bytes:
    """A PDF of two pages and some hundred bytes that say a million times the same."""
    said = zlib.compress(b"BT /F1 9 Tf " + b"(ab) Tj " * 1_000_000 + b"ET")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        *(b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 6 0 R>>>>/Contents 5 0 R>>",) * 2,
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(said), said),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    return (
        b"%PDF-1.7\n"
        + b"".join(b"%d 0 obj%b endobj\n" % one for one in enumerate(parts, 1))
        + b"trailer<</Root 1 0 R>>"
    )


@pytest.mark.parametrize(
    "content", [endless_paper(), b"%PDF-1.7 broken", b"no paper"], ids=["endless", "broken", "none"]
)
def test_a_file_that_nobody_can_read_holds_nobody_up(tmp_path, monkeypatch, content):
    monkeypatch.setattr(documents, "SECONDS", 2)
    (tmp_path / "file.pdf").write_bytes(content)
    begun = time.monotonic()
    assert documents.text_of_pdf(tmp_path / "file.pdf") == ""
    assert time.monotonic() - begun < 10


def service(**given):
    values = {
        "name": "ขอเลขที่บ้าน",
        "section": Section.REGISTRATION,
        "what": "เจ้าบ้านขอเลขที่บ้านใหม่",
        "papers": ["บัตรประจำตัว"],
        "steps": [("ยื่นคำขอ", "15 นาที"), ("ตรวจบ้าน", "3 วันทำการ")],
        "duration": "7 วันทำการ",
        "fee": "ไม่มี",
        "place": "ฝ่ายทะเบียน",
    }
    return commands.ServiceData(**{**values, **given})


def test_a_services_page_has_editions(db, officer):
    made = commands.add_service(officer, 1002, service())
    with pytest.raises(Invalid) as error:
        commands.revise_service(officer, made.id, 1, service(steps=[], fee=""), "")
    assert set(error.value.fields) == {"steps", "fee"}
    with pytest.raises(Invalid):
        commands.revise_service(officer, made.id, 1, service(), " ")
    commands.revise_service(officer, made.id, 1, service(duration="5 วันทำการ"), "ลดขั้นตอน")
    with pytest.raises(Conflict):
        commands.revise_service(officer, made.id, 1, service(), "ลดขั้นตอน")
    (row,) = queries.services(1002)
    assert (row.ServiceEdition.number, row.ServiceEdition.duration) == (2, "5 วันทำการ")
    assert [one.number for one in queries.service_editions(made.id)] == [2, 1]
