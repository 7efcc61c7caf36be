"""Official papers: searchable Thai, nobody's text becomes markup."""

import pytest

from portal.core import typeset

PAPER = """#import "/layouts/paper.typ": *
#show: sheets.with(head: paper.data.name, foot: paper.data.foot)
= #paper.title
#facts(((paper.data.name, paper.data.text),))
#listing((1fr, auto), ("ก", "ข"), paper.data.rows, rights: (1,))
#signature(paper.data.name, "ผู้อำนวยการเขต")
"""


@pytest.fixture
def template(monkeypatch, tmp_path):
    """A template in a folder of its own, beside the house's layouts."""
    (tmp_path / "layouts").symlink_to(typeset._TEMPLATES / "layouts")
    (tmp_path / "paper.typ").write_text(PAPER, encoding="utf-8")
    monkeypatch.setattr(typeset, "_TEMPLATES", tmp_path)
    return "paper.typ"


def data(text: str) -> dict[str, object]:
    return {"name": "ชุมชนตัวอย่าง", "text": text, "foot": "12 ก.พ. 2570", "rows": [["กำแพงกันดิน", "1,200.00"]]}


def test_a_paper_is_a_tagged_pdf_with_title_and_language(template):
    made = typeset.pdf(template, data("น้ำท่วมซอย\nทุกปี"), title="หนังสือแจ้งผล")
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    assert b"(th)" in made or b"/Lang" in made


@pytest.mark.parametrize(
    "text",
    [
        "#panic()",
        "$x$ *bold* = head",
        '"] #read("/etc/passwd")',
        "\\u{0}",
        "",
        "\u0000ก",
        "😀 中文 \ue000\ufffe\t\r\n",
    ],
)
def test_what_people_typed_is_never_markup(template, text):
    assert typeset.pdf(template, data(text), title=text or "–").startswith(b"%PDF-")


def test_every_character_that_is_let_through_has_a_shape(template):
    let_through = "".join(
        c for c in map(chr, range(0x10000)) if not typeset._SHAPELESS.match(c) and c != "\n"
    )
    assert "ก" in let_through
    assert "😀" not in let_through
    assert typeset.pdf(template, data(let_through), title="–").startswith(b"%PDF-")


def test_digits_change_the_paper(template):
    arabic = typeset.pdf(template, data("ปี 2570"), title="หนังสือ")
    thai = typeset.pdf(template, data("ปี 2570"), title="หนังสือ", is_thai_digits=True)
    assert arabic != thai
