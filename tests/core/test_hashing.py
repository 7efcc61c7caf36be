import datetime as dt
import hashlib
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.hashing import LARGEST_INTEGER, canonical_json, sha256_hex

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4), max_leaves=12)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"ข": 1, "ก": [True, None, "ตลาด"]}, '{"ก":[true,null,"ตลาด"],"ข":1}'),
        ({"b": {"z": -1, "a": 0}, "a": ()}, '{"a":[],"b":{"a":0,"z":-1}}'),
        ("e\u0301", '"\u00e9"'),
        ('a"\n', '"a\\"\\n"'),
        (10**15, "1000000000000000"),
    ],
)
def test_the_canonical_text(value: object, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {"a": [0.5]}, {1: "a"}, {"a"}, dt.date(2026, 11, 21), b"a", object()]
)
def test_what_has_no_canonical_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", {"e\u0301": 1, "\u00e9": 2}])
def test_what_two_readers_would_read_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_json(value)


@given(st.dictionaries(texts.filter(str.isascii), values, max_size=6), st.randoms())
def test_the_order_of_keys_does_not_matter(members: dict[str, object], random: Random) -> None:
    shuffled = list(members.items())
    random.shuffle(shuffled)
    assert canonical_json(dict(shuffled)) == canonical_json(members)


@given(values)
def test_reading_and_writing_again_gives_the_same_text(value: object) -> None:
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


def test_sha256_of_text_is_that_of_its_utf8() -> None:
    assert sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_hex("ก") == sha256_hex("ก".encode()) == hashlib.sha256(b"\xe0\xb8\x81").hexdigest()
