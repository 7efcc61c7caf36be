"""What is Thai on an English page is marked as Thai."""

import pytest

from portal.web.spoken import mark_thai


@pytest.mark.parametrize(
    ("given", "marked"),
    [
        ("<h1>Nothing</h1>", "<h1>Nothing</h1>"),
        ("<h1>เขตดุสิต</h1>", '<h1 lang="th">เขตดุสิต</h1>'),
        ('<a href="/x">วัดโบสถ์ 1 &amp; 2</a>', '<a lang="th" href="/x">วัดโบสถ์ 1 &amp; 2</a>'),
        (
            "<h1>Remarks on “ซอย 3 (ตัวอย่าง)”, today</h1>",
            '<h1>Remarks on “<bdi lang="th">ซอย 3 (ตัวอย่าง</bdi>)”, today</h1>',
        ),
        ("<p>฿1,200</p>", "<p>฿1,200</p>"),
        ("<p><b>1</b> เขตดุสิต</p>", '<p><b>1</b> <bdi lang="th">เขตดุสิต</bdi></p>'),
        ('<option value="1">Dusit เขตดุสิต</option>', '<option lang="th" value="1">Dusit เขตดุสิต</option>'),
        ('<p lang="th">ก</p><p>ข</p>', '<p lang="th">ก</p><p lang="th">ข</p>'),
        ("<script>const a = 'ก'</script>", "<script>const a = 'ก'</script>"),
        ('<input lang="th" value="ก"><b>ข</b>', '<input lang="th" value="ก"><b lang="th">ข</b>'),
        ("<br>ก", '<br><bdi lang="th">ก</bdi>'),
    ],
)
def test_what_is_marked(given, marked):
    assert mark_thai(given) == marked
