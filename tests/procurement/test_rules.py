"""The working-day rules, as a table and as laws."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import WorkingCalendar, thai_government_holidays
from portal.procurement import rules
from portal.procurement.models import Method, StepKind
from portal.procurement.rules import Duty, Facts, Figure, Rule, Situation, Warned
from portal.procurement.steps import LEFT_OUT, ORDER
from portal.rulebook.seeds import LAW

FIGURES = {key: Figure(LAW[key].value, LAW[key].source, LAW[key].is_verified) for key in rules.LAW_KEYS}
HOLIDAYS = frozenset(day for year in range(2025, 2030) for day, _th, _en in thai_government_holidays(year))
OFFICES = WorkingCalendar(HOLIDAYS)
S = StepKind
MILLION = 1_000_000_00


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def situation(
    method: Method = Method.OPEN,
    budget: int = 8_600_000_00,
    *,
    shown: str | None = None,
    calendar: WorkingCalendar = OFFICES,
    **steps: Facts,
) -> Situation:
    facts = {kind: Facts(is_skipped=kind in LEFT_OUT[method]) for kind in StepKind}
    facts |= {StepKind(name): one for name, one in steps.items()}
    return Situation(method, budget, facts, FIGURES, calendar, day(shown) if shown else None)


def done(on: str, until: str | None = None, **more: object) -> Facts:
    return Facts(actual_on=day(on), ends_on=day(until) if until else None, **more)


def planned(on: str, until: str | None = None) -> Facts:
    return Facts(planned_on=day(on), ends_on=day(until) if until else None)


def broken(now: Situation, kind: StepKind) -> set[Rule]:
    return {one.rule for one in rules.of_step(now, kind)} - {Rule.ORDER}


# 12 August 2026 is a holiday, 23 October 2026 a Friday and a holiday.
WINDOWS = [
    # kind, shown or published on, last day, budget in baht, the rule broken, the first lawful last day
    (S.DRAFT_TOR, "2026-08-13", "2026-08-17", 8_600_000, Rule.DRAFT_SHORT, "2026-08-18"),
    (S.DRAFT_TOR, "2026-08-13", "2026-08-18", 8_600_000, None, "2026-08-18"),
    (S.DRAFT_TOR, "2026-08-10", "2026-08-13", 8_600_000, Rule.DRAFT_SHORT, "2026-08-14"),
    (S.DRAFT_TOR, "2026-10-20", "2026-10-23", 8_600_000, Rule.DRAFT_SHORT, "2026-10-26"),
    (S.INVITATION, "2026-08-17", "2026-08-24", 5_000_000, None, "2026-08-24"),
    (S.INVITATION, "2026-08-17", "2026-08-23", 5_000_000, Rule.INVITATION_SHORT, "2026-08-24"),
    (S.INVITATION, "2026-08-17", "2026-08-30", 5_000_001, Rule.INVITATION_SHORT, "2026-08-31"),
    (S.INVITATION, "2026-08-17", "2026-08-31", 10_000_000, None, "2026-08-31"),
    (S.INVITATION, "2026-08-17", "2026-09-01", 10_000_001, Rule.INVITATION_SHORT, "2026-09-02"),
    (S.INVITATION, "2026-08-17", "2026-09-02", 50_000_000, None, "2026-09-02"),
    (S.INVITATION, "2026-08-17", "2026-09-13", 50_000_001, Rule.INVITATION_SHORT, "2026-09-14"),
]


@pytest.mark.parametrize(("kind", "on", "until", "baht", "rule", "lawful"), WINDOWS)
@pytest.mark.parametrize("is_done", [True, False])
def test_a_window_lasts_the_working_days_of_the_law(kind, on, until, baht, rule, lawful, is_done):
    facts = done(on, until) if is_done else planned(on, until)
    now = situation(budget=baht * 100).with_step(kind, facts)
    assert rules.earliest_end(now, kind) == day(lawful)
    assert broken(now, kind) == ({rule} if rule else set())


SIGNING = [
    # won on, appeals end, signed on, broken
    ("2026-09-01", "2026-09-10", "2026-09-10", {Rule.SIGNED_EARLY}),
    ("2026-09-01", "2026-09-10", "2026-09-11", set()),
    ("2026-09-01", "2026-09-08", "2026-09-10", {Rule.SIGNED_EARLY}),
    ("2026-09-01", "2026-09-30", "2026-09-11", {Rule.SIGNED_EARLY}),
    ("2026-10-14", "2026-10-26", "2026-10-26", {Rule.SIGNED_EARLY}),
    ("2026-10-14", "2026-10-26", "2026-10-27", set()),
]


@pytest.mark.parametrize(("won", "until", "signed", "expected"), SIGNING)
def test_nothing_is_signed_before_the_days_for_appeals_end(won, until, signed, expected):
    first = (day(won) + dt.timedelta(days=1)).isoformat()
    now = situation(award=done(won), appeal=done(first, until), contract=done(signed))
    assert broken(now, S.CONTRACT) == expected


def test_the_days_for_appeals_count_from_the_day_after_the_award():
    now = situation(award=done("2026-09-01"), appeal=done("2026-09-02", "2026-09-09"))
    (warned,) = [one for one in rules.of_step(now, S.APPEAL) if one.rule is Rule.APPEAL_SHORT]
    assert (warned.needed, warned.given, warned.earliest) == (7, 6, day("2026-09-10"))
    assert warned.law == "procurement.appeal_days"
    assert not warned.is_verified


def test_nobody_is_invited_while_the_draft_is_open_to_remarks():
    now = situation(draft_tor=done("2026-08-13", "2026-08-18"), invitation=done("2026-08-18", "2026-09-01"))
    (warned,) = [one for one in rules.of_step(now, S.INVITATION) if one.rule is Rule.DRAFT_OPEN]
    assert warned.earliest == day("2026-08-19")


def test_a_changed_draft_is_shown_again():
    now = situation(draft_tor=done("2026-08-13", "2026-08-19"), shown="2026-08-18")
    (warned,) = [one for one in rules.of_step(now, S.DRAFT_TOR) if one.rule is not Rule.ORDER]
    assert (warned.rule, warned.given, warned.earliest) == (Rule.DRAFT_CHANGED, 1, day("2026-08-21"))
    longer = situation(draft_tor=done("2026-08-13", "2026-08-21"), shown="2026-08-18")
    assert broken(longer, S.DRAFT_TOR) == set()


def test_bids_are_opened_after_the_last_day_of_the_invitation():
    now = situation(invitation=done("2026-08-17", "2026-08-31"), bid_opening=done("2026-08-31"))
    assert broken(now, S.BID_OPENING) == {Rule.BIDS_EARLY}
    assert broken(now.with_step(S.BID_OPENING, done("2026-09-01")), S.BID_OPENING) == set()


@pytest.mark.parametrize(("size", "expected"), [(2, {Rule.COMMITTEE_SMALL}), (3, set()), (None, set())])
@pytest.mark.parametrize("kind", [S.COMMITTEE, S.ACCEPTANCE])
def test_a_committee_has_three_members(kind, size, expected):
    now = situation().with_step(kind, done("2026-09-01", committee_size=size))
    assert broken(now, kind) == expected


@pytest.mark.parametrize(
    ("method", "baht", "count"),
    [(Method.DIRECT, 500_000, 0), (Method.DIRECT, 500_001, 1), (Method.OPEN, 9_000_000, 0)],
)
def test_the_specific_method_is_for_small_sums(method, baht, count):
    warned = rules.of_method(method, baht * 100, FIGURES)
    assert [one.rule for one in warned] == [Rule.DIRECT_LIMIT] * count


def test_the_real_garden_contract_only_warns():
    """Row 69089244210: the specific method at 5,843,799.50 baht."""
    (warned,) = rules.of_method(Method.DIRECT, 5_843_799_50, FIGURES)
    assert (warned.given, warned.needed) == (5_843_799_50, 500_000_00)


@pytest.mark.parametrize(
    ("method", "baht", "duty"),
    [
        (Method.OPEN, 500_000, Duty.NONE),
        (Method.OPEN, 500_001, Duty.MAY),
        (Method.OPEN, 5_000_000, Duty.MAY),
        (Method.OPEN, 5_000_001, Duty.MUST),
        (Method.LIMITED, 9_000_000, Duty.NONE),
        (Method.DIRECT, 9_000_000, Duty.NONE),
    ],
)
def test_who_must_ask_for_remarks_on_the_draft(method, baht, duty):
    assert rules.draft_duty(method, baht * 100, FIGURES) is duty
    warned = rules.of_skipping(situation(method, baht * 100), S.DRAFT_TOR)
    assert [one.rule for one in warned] == ([Rule.DRAFT_MISSING] if duty is Duty.MUST else [])


def test_leaving_out_the_days_for_appeals_warns():
    assert [one.rule for one in rules.of_skipping(situation(), S.APPEAL)] == [Rule.APPEAL_MISSING]
    assert rules.of_skipping(situation(), S.MONTHLY_SUMMARY) == []


def test_steps_are_done_in_order():
    now = situation(committee=done("2026-08-03"))
    (warned,) = rules.of_step(now, S.COMMITTEE)
    assert (warned.rule, warned.other) == (Rule.ORDER, S.PROCUREMENT_PLAN)
    late = situation(procurement_plan=done("2026-08-04"), committee=done("2026-08-03"))
    (warned,) = rules.of_step(late, S.COMMITTEE)
    assert (warned.rule, warned.other) == (Rule.DAYS_OUT_OF_ORDER, S.PROCUREMENT_PLAN)
    (warned,) = rules.of_step(late, S.PROCUREMENT_PLAN)
    assert (warned.rule, warned.other) == (Rule.DAYS_OUT_OF_ORDER, S.COMMITTEE)


def test_a_step_the_method_does_not_have_stands_in_nobodys_way():
    now = situation(Method.DIRECT, 90_000_00, award=done("2026-09-01"), contract=done("2026-09-01"))
    assert broken(now, S.CONTRACT) == set()


def test_a_warning_can_be_kept_and_read_again():
    for warned in (
        Warned(Rule.ORDER, other=S.AWARD),
        Warned(
            Rule.SIGNED_EARLY,
            law=rules.APPEAL_DAYS,
            needed=7,
            given=0,
            earliest=day("2026-09-11"),
            source="พ.ร.บ. การจัดซื้อจัดจ้าง",
            is_verified=False,
        ),
    ):
        assert Warned.read(warned.rule.value, warned.text()) == warned
        assert len(warned.text()) <= 500


# -- laws -----------------------------------------------------------------------------------------------------------

days = st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31))
holidays = st.frozensets(st.dates(dt.date(2025, 1, 1), dt.date(2030, 12, 31)), max_size=60)
budgets = st.integers(1, 90 * MILLION)
methods = st.sampled_from(list(Method))


def counted(calendar: WorkingCalendar, start: dt.date, end: dt.date) -> int:
    """An independent count: one day at a time."""
    span = range(1, (end - start).days + 1)
    return sum(calendar.is_working_day(start + dt.timedelta(days=n)) for n in span)


@given(days, holidays, budgets, methods)
def test_a_lawful_plan_breaks_nothing(first, off, budget, method):
    now = situation(method, budget, calendar=WorkingCalendar(HOLIDAYS | off))
    for kind, (on, until) in rules.schedule(now, first).items():
        now = now.with_step(kind, Facts(planned_on=on, ends_on=until))
    for kind in ORDER:
        assert rules.of_step(now, kind) == []
        facts = now.steps[kind]
        assert facts.is_skipped or (
            facts.planned_on >= first and now.calendar.is_working_day(facts.planned_on)
        )


@given(days, holidays, budgets)
def test_an_invitation_a_day_shorter_than_the_law_warns(start, off, budget):
    calendar = WorkingCalendar(HOLIDAYS | off)
    now = situation(budget=budget, calendar=calendar).with_step(S.INVITATION, Facts(actual_on=start))
    end = rules.earliest_end(now, S.INVITATION)
    needed = FIGURES[rules.invitation_key(budget)].value
    assert counted(calendar, start, end) == needed
    assert calendar.is_working_day(end)
    for until, expected in ((end, set()), (end - dt.timedelta(days=1), {Rule.INVITATION_SHORT})):
        facts = Facts(actual_on=start, ends_on=until)
        assert broken(now.with_step(S.INVITATION, facts), S.INVITATION) == expected


@given(days, holidays, st.integers(0, 40))
def test_signing_is_lawful_exactly_after_seven_working_days(won, off, gap):
    calendar = WorkingCalendar(HOLIDAYS | off)
    signed = won + dt.timedelta(days=gap)
    now = situation(calendar=calendar, award=Facts(actual_on=won), contract=Facts(actual_on=signed))
    is_early = counted(calendar, won, signed - dt.timedelta(days=1)) < 7
    # The last of the seven days is itself still closed, and so are the days off that follow no working day.
    end = calendar.add_working_days(won, 7)
    assert (Rule.SIGNED_EARLY in broken(now, S.CONTRACT)) == (signed <= end)
    assert is_early == (signed <= end)


@given(days, holidays, budgets, st.sampled_from([S.INVITATION, S.BID_OPENING, S.CONTRACT]))
def test_the_earliest_day_named_by_a_warning_is_lawful(start, off, budget, kind):
    calendar = WorkingCalendar(HOLIDAYS | off)
    now = situation(budget=budget, calendar=calendar)
    for one in ORDER[: ORDER.index(kind)]:
        on = start if one is not S.APPEAL else start + dt.timedelta(days=1)
        opened = now.with_step(one, Facts(actual_on=on))
        now = opened.with_step(one, Facts(actual_on=on, ends_on=rules.earliest_end(opened, one)))
    early = now.with_step(kind, Facts(actual_on=start))
    found = [one for one in rules.of_step(early, kind) if one.earliest]
    assert found
    lawful = max(one.earliest for one in found)
    later = replace(early.steps[kind], actual_on=lawful)
    assert {one.rule for one in rules.of_step(early.with_step(kind, later), kind)} == set()
