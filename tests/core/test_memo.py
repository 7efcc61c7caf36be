"""Figures that everybody shares, and those who must not be shown what was."""

import pytest

from portal.core import memo


@pytest.fixture
def count():
    memo.keep_for(30)
    asked = []

    @memo.shared
    def count(name):
        asked.append(name)
        return len(asked)

    yield count
    memo.keep_for(0)


def test_an_answer_is_shared_until_it_is_forgotten(count):
    assert [count("a"), count("a")] == [1, 1]
    assert count("b") == 2
    memo.forget()
    assert count("a") == 3


def test_asked_anew_everybody_gets_the_new_answer(count):
    assert count("a") == 1
    with memo.anew(False):
        assert count("a") == 1
    with memo.anew(True):
        assert count("a") == 2
    assert count("a") == 2


def test_an_answer_that_was_begun_before_something_vanished_is_not_kept():
    memo.keep_for(30)
    asked = []

    @memo.shared
    def count():
        asked.append(1)
        if len(asked) == 1:
            memo.forget()
        return len(asked)

    assert [count(), count(), count()] == [1, 2, 2]
    memo.keep_for(0)
