"""No line of a heading turns between a word and the name or number that belongs to it; none begins with a dot."""

from itertools import accumulate

import pytest
from icu4py.breakers import LineBreaker
from icu4py.locale import Locale

from portal.web.lines import TORN, keep_whole
from tests.factories import places


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<h1>เขตดุสิต</h1>", "<h1>[เขตดุสิต]</h1>"),
        (
            '<h2 class="h3"><a href="/1">เลือกโครงการชุมชนเขตดุสิต ปี 2570 (ตัวอย่าง)</a></h2>',
            '<h2 class="h3"><a href="/1">เลือกโครงการ[ชุมชนเขตดุสิต] [ปี 2570] (ตัวอย่าง)</a></h2>',
        ),
        ("<h1>แผน พ.ศ. 2556–2575 ระยะที่ 2</h1>", "<h1>แผน [พ.ศ. 2556–2575] [ระยะที่ 2]</h1>"),
        (
            "<h1>เวทีประชาคมจัดทำแผน ครั้งที่ 2 ชุมชนสวนอ้อย</h1>",
            "<h1>เวทีประชาคม[จัดทำแผน ครั้งที่ 2] [ชุมชนสวนอ้อย]</h1>",
        ),
        ("<h1>แผนงานประจำปี 2569</h1>", "<h1>แผนงาน[ประจำปี 2569]</h1>"),
        ("<h3>ชุมชนวัดประชาระบือธรรม 1</h3>", "<h3>ชุมชนวัดประชาระบือธรรม_1</h3>"),
        ("<h1>แผนของชุมชนวัดโบสถ์ 2</h1>", "<h1>แผนของ[ชุมชนวัดโบสถ์]_2</h1>"),
        ("<li><strong>เขตดุสิต</strong></li>", "<li><strong>[เขตดุสิต]</strong></li>"),
        ("<h1>เต็นท์ 250 ตัว</h1>", "<h1>เต็นท์ 250 ตัว</h1>"),
        ("<h1>เต็นท์ จำนวน 7 รายการ</h1>", '<h1>เต็นท์ <span class="whole">จำนวน_7 รายการ</span></h1>'),
        ("<h1>Ideas of 2 places</h1>", "<h1>Ideas of 2 places</h1>"),
        (
            '<h1>Take the plan of <bdi lang="th">ชาวบางกระบือ 14</bdi> up again</h1>',
            '<h1>Take the plan of <bdi class="keep" lang="th">ชาวบางกระบือ_14</bdi> up again</h1>',
        ),
        # Too long for a name: a line must be able to turn somewhere.
        ("<h1>เขตขอให้ชุมชนแก้ไขแผนนี้เสียก่อน</h1>", "<h1>เขตขอให้ชุมชนแก้ไขแผนนี้เสียก่อน</h1>"),
        ('<h1 title="เขตดุสิต">ก</h1><p>เขตดุสิต</p>', '<h1 title="เขตดุสิต">ก</h1><p>เขตดุสิต</p>'),
    ],
)
def test_what_is_kept_in_one_line(given, kept):
    for sign, made in (("[", '<span class="keep">'), ("]", "</span>"), ("_", "\N{NO-BREAK SPACE}")):
        kept = kept.replace(sign, made)
    assert keep_whole(given) == kept


@pytest.mark.parametrize("word", TORN)
def test_the_words_named_are_torn_by_the_dictionary_of_browsers(word):
    beside = f"การ{word}ของ"
    ends = list(accumulate(len(piece) for piece in LineBreaker(beside, Locale("th"))))
    start = len("การ")
    assert any(start < end < start + len(word) for end in ends), "no longer torn: take it off the list"


@pytest.mark.parametrize(
    "given",
    [
        "<p>ประกาศการ[กลั่นกรอง]แล้ว</p>",
        "<a>จ้างซ่อมเต็นท์ [จำนวน 12 รายการ]</a> <p>จำนวน 7 หลัง</p>",
        '<td data-label="ลงนาม"><a title="ลงนาม" lang="th">[ลงนาม]</a> 3 คน</td>',
        '<td lang="th">หอ[กระจายข่าว] และการ[กลั่นกรอง]</td>',
        '<h3><span>2</span> <span lang="th">หอ[กระจายข่าว]</span> <span class="tag" lang="th">ลงนาม</span></h3>',
        '<li><span>ก</span> <span class="post">[รองประธาน]</span> <span class="tag">รองประธาน</span></li>',
        '<th><a href="/">[ขอมติ]</a></th><details><summary>[ขอมติ]</summary></details>',
        '<nav class="tabs"><a href="/">ขอมติ</a></nav><nav class="breadcrumb"><a href="/">[ขอมติ]</a></nav><a>[ขอมติ]</a>',
        '<p title="ขอมติ">ให้[ข้อเสนอแนะ]</p><p data-a="ขอมติ" data-b="ขอมติ">ก</p><svg><text>ขอมติ</text></svg>',
        '<p>ดู <a href="/">ที่นี่</a> [กติกา]<br>[ลงนาม]</p><div class="typed">[กติกา]</div>',
        '<button class="button">ลงนาม</button><a class="button" lang="th">ลงนาม</a>',
        '<button class="button-link" type="submit">[เผยแพร่]แผนแล้ว</button>',
        '<li class="row">ลงนาม</li><span class="tag"><svg></svg>ลงนาม</span>',
        '<textarea name="a">เสียงจากหอกระจายข่าว</textarea><option value="ลงนาม">ลงนาม</option>',
        '<title>ลงนาม</title><svg><text lang="th">ลงนาม</text></svg>',
    ],
)
def test_a_word_that_browsers_tear_is_kept_in_text_and_nowhere_else(given):
    plain = given.replace("[", "").replace("]", "")
    assert keep_whole(plain) == given.replace("[", '<span class="whole">').replace("]", "</span>")


def test_as_many_words_as_somebody_may_type_are_kept():
    """In one go over the page: looking back from every word made a long remark cost a second."""
    assert keep_whole(f"<p>{'กติกา ' * 20_000}</p>").count("whole") == 20_000


def test_a_page_keeps_its_heading(client, transaction):
    with transaction():
        district = places.district()
    page = client.get(f"/dossier/districts/{district.id}", status=200).page
    assert [span.text for span in page.all("span") if span.inside("h1") and span["class"] == "keep"] == [
        district.name_th
    ]


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("<p>{{ one }} · {{ two }}</p>", "<p>ก · ข_· ค</p>"),
        ("{{ one ~ ' · ' ~ two }}", "ก · ข_· ค"),
        ("{{ [one, two]|join(' · ') }}", "ก · ข_· ค"),
        ("{% trans %}a · b{% endtrans %} · c", "a · b_· c"),
        ("{{ _('a · b') }}", "a · b"),
    ],
)
def test_the_dot_stays_with_what_it_follows(app, template, shown):
    """What people typed, and messages, are left as they are."""
    page = app.jinja_env.from_string(template).render(one="ก · ข", two="ค")
    assert page == shown.replace("_", "\N{NO-BREAK SPACE}")
