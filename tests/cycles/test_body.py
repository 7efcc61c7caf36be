"""The body of an edition: one text, one hash, no impossible dates."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.cycles import body as bodies
from portal.cycles import words
from portal.cycles.defaults import default_phases, default_rules
from portal.cycles.models import PhaseKind

YEAR = 2571
amounts = st.integers(min_value=0, max_value=10**12)
days = st.integers(min_value=1, max_value=365)
texts = st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable())
changed = st.fixed_dictionaries(
    {},
    optional={
        "community_ceiling_satang": amounts,
        "forum_budget_satang": amounts,
        "appeal_days": days,
        "correction_days": days,
        "release": st.sampled_from(["single", "batch"]),
        "voting_rule": st.none() | texts,
        "criteria": st.lists(
            st.builds(
                bodies.Criterion, texts, st.sampled_from(["formal", "merit"]), texts, texts, st.booleans()
            ),
            max_size=5,
            unique_by=lambda criterion: criterion.key,
        ),
    },
)


def rules(**values):
    return default_rules(YEAR, default_phases(YEAR), **values)


def test_the_defaults_can_be_proposed():
    assert bodies.problems(rules()) == {}


@pytest.mark.parametrize("year", range(2560, 2651, 7))
def test_the_default_days_fit_every_year(year):
    assert bodies.problems(default_rules(year, default_phases(year))) == {}


def test_an_unknown_rule_is_an_error():
    with pytest.raises(TypeError, match="ceiling"):
        rules(ceiling=1)


@given(changed)
def test_the_text_reads_back_and_hashes_the_same(values):
    text, sha256 = bodies.write(rules(**values))
    assert bodies.write(bodies.read(text)) == (text, sha256)
    backwards = json.dumps(dict(reversed(json.loads(text).items())), ensure_ascii=True, indent=3)
    assert bodies.write(json.loads(backwards)) == (text, sha256)


@given(changed, changed)
def test_two_bodies_hash_alike_exactly_when_nothing_differs(first, second):
    old, new = (bodies.read(bodies.write(rules(**values))[0]) for values in (first, second))
    same_hash = bodies.write(old)[1] == bodies.write(new)[1]
    differs = bodies.changes(old, new) or [one["key"] for one in old["criteria"]] != [
        one["key"] for one in new["criteria"]
    ]
    assert same_hash == (not differs)


@given(changed)
def test_every_change_has_words(values):
    for change in bodies.changes(rules(), rules(**values)):
        assert words.name_of_fact(change.path)
        assert words.text_of_fact(change.path, change.before)
        assert words.text_of_fact(change.path, change.after)


def test_windows_come_back_to_the_second():
    phases = default_phases(YEAR)
    assert bodies.windows(rules()) == phases


def moved(kind, start=0, end=0):
    phases = default_phases(YEAR)
    starts_at, ends_at = phases[kind]
    phases[kind] = (starts_at + dt.timedelta(days=start), ends_at + dt.timedelta(days=end))
    return default_rules(YEAR, phases)


def without(kind):
    return default_rules(YEAR, {key: value for key, value in default_phases(YEAR).items() if key is not kind})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (moved(PhaseKind.SUBMISSION, end=-60), "submission_to"),
        (moved(PhaseKind.HEARING, start=-300), "hearing_from"),
        (moved(PhaseKind.CLOSING, end=2000), "closing_from"),
        (without(PhaseKind.FORUMS), "forums_from"),
        (rules(envelope_satang=100_00), "envelope_satang"),
        (rules(appeal_days=0), "appeal_days"),
        (rules(screening_working_days=400), "screening_working_days"),
        (rules(criteria=()), "criteria"),
        (rules(plan_budget_satang=-1), "plan_budget_satang"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(body, field):
    assert list(bodies.problems(body)) == [field]


def test_a_vote_is_optional():
    voting = default_phases(YEAR) | {
        PhaseKind.VOTING: (clock.at(dt.date(2027, 5, 16)), clock.at(dt.date(2027, 5, 30)))
    }
    assert bodies.problems(default_rules(YEAR, voting)) == {}
