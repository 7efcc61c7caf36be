"""Titles that the portal composes: kept in Thai, told in the language of the moment; what people typed stays."""

import pytest

from portal.core import i18n, news, topics
from portal.core.titles import Composed

REPORT = Composed("รายงานครั้งที่ {number:d}: {title}", lambda number, title: f"Report {number}: {title}")


def test_what_was_composed_is_told_anew():
    kept = REPORT.compose(number=12, title="ลานกีฬา (ระยะที่ 2): ปรับปรุง")
    assert kept == "รายงานครั้งที่ 12: ลานกีฬา (ระยะที่ 2): ปรับปรุง"
    assert REPORT.told(kept) == "Report 12: ลานกีฬา (ระยะที่ 2): ปรับปรุง"


@pytest.mark.parametrize(
    "typed", ["ลานกีฬา", "รายงานครั้งที่ สอง: ลานกีฬา", "รายงานครั้งที่ 12: ", "ร่างรายงานครั้งที่ 1: ลาน", ""]
)
def test_what_was_typed_is_not(typed):
    assert REPORT.told(typed) is None


@pytest.mark.parametrize(
    ("kept", "english"),
    [
        ("แผนพัฒนาชุมชนวัดโบสถ์ ปีงบประมาณ 2571", "Plan of วัดโบสถ์, FY2571 (2027/28)"),
        ("แผนปฏิบัติราชการประจำปี 2571 เขตดุสิต", "Annual action plan FY2571 (2027/28), Dusit"),
        ("แผนปฏิบัติราชการประจำปี 2571 เขตใหม่", "แผนปฏิบัติราชการประจำปี 2571 เขตใหม่"),
        ("เขตดุสิต", "Dusit"),
        ("เขตดุสิต 2571", "Dusit, FY2571 (2027/28)"),
        ("เขตใหม่ 2571", "เขตใหม่ 2571"),
        ("ฝ่ายการคลัง", "Finance section"),
        ("ฝ่ายการคลังเขตดุสิต", "ฝ่ายการคลังเขตดุสิต"),
        ("เวทีประชาคมจัดทำแผน ครั้งที่ 2 ชุมชนวัดโบสถ์", "Second plan forum, ชุมชนวัดโบสถ์"),
        ("เวทีนโยบายระดับเขต เขตดุสิต", "District policy forum, Dusit"),
        ("เวทีนโยบายระดับเขต ครั้งพิเศษ", "เวทีนโยบายระดับเขต ครั้งพิเศษ"),
        ("แผนปฏิบัติราชการประจำปี 2570 เขตดุสิต (2)", "Annual action plan FY2570 (2026/27), Dusit (2)"),
        ("รายงานความก้าวหน้าครั้งที่ 3: ลานกีฬา", "Progress report 3: ลานกีฬา"),
        ("บทสังเคราะห์ปัญหา: เวทีนโยบายเขตดุสิต", "Synthesis of problems: เวทีนโยบายเขตดุสิต"),
        ("นโยบายการพัฒนาเขต: เวที: ครั้งที่ 1", "District policy: เวที: ครั้งที่ 1"),
        ("ขั้นตอนและระยะเวลา: แจ้งเกิด", "Steps and times: แจ้งเกิด"),
        (
            "สรุปผลการดำเนินการจัดซื้อจัดจ้าง (สขร.1) ตุลาคม 2569 เขตดุสิต (แก้ไขครั้งที่ 1)",
            "Monthly summary of purchases, October 2026, Dusit (correction 1)",
        ),
        ("สรุปผลการดำเนินการจัดซื้อจัดจ้าง (สขร.1) ทั้งปี เขตดุสิต", "สรุปผลการดำเนินการจัดซื้อจัดจ้าง (สขร.1) ทั้งปี เขตดุสิต"),
        ("ลานกีฬา (2)", "ลานกีฬา (2)"),
        ("เขตดุสิตของเรา", "เขตดุสิตของเรา"),
    ],
)
def test_a_title_is_told_in_the_readers_language(built_app, kept, english):
    with i18n.speaking("en"):
        assert topics.told(kept) == english
    with i18n.speaking("th"):
        assert topics.told(kept) == kept


def test_news_names_the_office_that_answered_in_the_readers_language(built_app):
    answered = {"office": "ฝ่ายการคลัง", "title": "ลานกีฬา"}
    with i18n.speaking("en"):
        assert news.sentence("comment.answered", answered) == "Finance section answered comments on “ลานกีฬา”."
    with i18n.speaking("th"):
        assert "ฝ่ายการคลัง" in news.sentence("comment.answered", answered)
