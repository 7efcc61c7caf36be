"""Two texts, word by word: nothing is lost on the way from one to the other."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.comparing import Kind, Run, compare, excerpt
from portal.core.thai import words

K = Kind
letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
thai = st.text(st.sampled_from("กขคงชณตทนมรลศสอเแโใไะัาำิีุู็่้๊์ๆฯ๑9 .,()\naB😀"), max_size=40)
sentences = st.lists(
    st.sampled_from(
        ["ปรับปรุง", "ทางเดิน", "ในชุมชน", "ซอย", " ", "5", "\n", "และ", "ท่อระบายน้ำ", "(", ")", "12.50 เมตร"]
    ),
    max_size=40,
).map("".join)
texts = letters | thai | sentences


def of(runs, *kinds):
    return "".join(run.text for run in runs if run.kind in kinds)


@given(texts)
def test_words_joined_are_the_text(text):
    assert "".join(words(text)) == text


@given(texts, texts)
def test_the_changes_lead_from_one_text_to_the_other(before, after):
    runs = compare(before, after)
    assert of(runs, K.SAME, K.DELETED) == before
    assert of(runs, K.SAME, K.INSERTED) == after
    assert all(run.text and run.kind is not K.LEFT_OUT for run in runs)
    assert all(one.kind is not other.kind for one, other in pairwise(runs))
    assert (K.INSERTED, K.DELETED) not in [(one.kind, other.kind) for one, other in pairwise(runs)]


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert compare(text, text) == ((Run(K.SAME, text),) if text else ())


@given(texts, texts, st.integers(0, 20))
def test_an_excerpt_shows_every_change_and_leaves_out_only_what_is_the_same(before, after, around):
    runs = compare(before, after)
    shown = excerpt(runs, around)
    assert of(shown, K.SAME, K.DELETED, K.LEFT_OUT) == before
    assert of(shown, K.SAME, K.INSERTED, K.LEFT_OUT) == after
    assert [run for run in shown if run.kind in (K.DELETED, K.INSERTED)] == [
        run for run in runs if run.kind in (K.DELETED, K.INSERTED)
    ]


@given(thai)
def test_no_mark_is_cut_from_its_letter(text):
    for one, other in pairwise(words(text)):
        assert not (one[-1] in "กขคงชณตทนมรลศสอ" and unicodedata.category(other[0]) == "Mn")


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("ซ่อมทางเดินในชุมชน", "ซ่อมทางเท้าในชุมชน", "ซ่อม[-ทางเดิน-]{+ทางเท้า+}ในชุมชน"),
        ("ติดไฟส่องสว่าง 10 จุด", "ติดไฟส่องสว่าง 12 จุด", "ติดไฟส่องสว่าง [-10-]{+12+} จุด"),
        ("", "น้ำท่วม", "{+น้ำท่วม+}"),
        ("น้ำท่วม", "", "[-น้ำท่วม-]"),
        ("ขุดลอกคลอง", "ตลาดนัดผู้สูงอายุ", "[-ขุดลอกคลอง-]{+ตลาดนัดผู้สูงอายุ+}"),
        ("เดิน 5, 6, 7 เมตร", "เดิน 8, 9, 7 เมตร", "เดิน [-5, 6-]{+8, 9+}, 7 เมตร"),
    ],
)
def test_a_reader_sees_whole_words(before, after, marked):
    marks = {K.SAME: "%s", K.DELETED: "[-%s-]", K.INSERTED: "{+%s+}"}
    assert "".join(marks[run.kind] % run.text for run in compare(before, after)) == marked


def test_what_is_far_from_a_change_is_left_out():
    long = "ชุมชนริมคลองส่วนใหญ่ค้าขายและรับจ้าง " * 20
    shown = excerpt(compare(f"{long}สิบหลัง {long}", f"{long}สิบสองหลัง {long}"))
    assert [run.kind for run in shown] == [K.LEFT_OUT, K.SAME, K.INSERTED, K.SAME, K.LEFT_OUT]
    assert of(shown, K.INSERTED) == "สอง"
    assert len(of(shown, K.SAME)) < 200
