"""Lines of approvals, many at once: what they hold is what one finds line by line, and whatever is odd is left to that."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.voting import ballotlines

IDS = [f"{number}" if number % 3 else f"P-{number}" for number in range(150)]


@given(
    st.lists(st.sets(st.integers(0, len(IDS) - 1), max_size=9), min_size=1, max_size=60),
    st.sampled_from([40, 300, 1 << 18]),
)
def test_ballots_are_sets_and_counted_together(votes, piece):
    lines = "".join(
        f"{at};{'<,>'};voter-{'x' * (at % 30)}{at};{','.join(IDS[one] for one in vote)}\n"
        for at, vote in enumerate(votes)
    ).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ballotlines, "_PIECE", piece)
        found = ballotlines.approvals(lines, ["no", "where", "voter_id", "vote"], IDS, 9)
    cast = Counter(tuple(sorted(vote)) for vote in votes if vote)
    assert dict(found.ballots) == cast
    assert [found.ballots[one] for one in cast] == list(cast.values())
    assert found.scores == [sum(place in vote for vote in votes) for place in range(len(IDS))]
    assert found.empty == sum(not vote for vote in votes)


@pytest.mark.parametrize(
    "lines",
    [
        b"7;1\n7;2\n",  # a voter twice
        b"7;1,1\n",
        b"7;1,2,4,5\n",  # more than three
        b"7;1,\n",
        b"7;,\n",
        b"7; 1\n",
        b"7;151\n",
        b"7;longer than a word\n",
        b"7;1;2\n8\n",
        b"7;1\n\n8;2\n",
        b"7;1\0\n",
    ],
)
def test_what_is_odd_is_left_to_a_closer_look(lines):
    with pytest.raises((LookupError, ValueError)):
        ballotlines.approvals(lines, ["voter_id", "vote"], IDS, 3)


@pytest.mark.parametrize("ids", [["1", ""], ["1", "longer than a word"], ["1\n2"]])
def test_ids_that_are_no_words_are_left_to_a_closer_look(ids):
    with pytest.raises(LookupError):
        ballotlines.approvals(b"7;1\n", ["voter_id", "vote"], ids, 1)


@pytest.mark.parametrize("size", [1, 2, 3, 15, 16, 64, 65, 300, 2000])
def test_every_number_of_projects_is_told_apart(size):
    ids = [str(one) for one in range(size)]
    lines = "".join(f"{one};{one}\n" for one in range(size)).encode()
    found = ballotlines.approvals(lines, ["voter_id", "vote"], ids, 1)
    assert dict(found.ballots) == {(one,): 1 for one in range(size)}
    assert found.scores == [1] * size
