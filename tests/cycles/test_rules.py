"""Publishing rules: four eyes, windows that fail closed, editions nobody changes."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from portal.core import clock as core_clock
from portal.core import db as core_db
from portal.core import errors, i18n, news
from portal.core.actor import ANONYMOUS, Role
from portal.cycles import body as bodies
from portal.cycles import commands, policy, queries
from portal.cycles.defaults import default_phases, default_rules
from portal.cycles.models import Cycle, Phase, PhaseKind, ProposalState, RulesEdition, RulesProposal
from portal.cycles.workflow import CONFIRM, PROPOSALS, SEND_BACK
from portal.notifications import commands as notifications
from portal.notifications.models import Notice
from tests.factories import accounts, cycles, places

BEFORE, DURING, AFTER = "2026-10-15 09:00", "2026-11-15 09:00", "2027-02-01 00:00"
MINUTE = dt.timedelta(minutes=1)


def officer(name):
    dusit = places.district()
    if name == "visitor":
        return ANONYMOUS
    if name == "resident":
        return accounts.actor_of(accounts.person())
    if name == "leader":
        return accounts.leader(places.community(dusit))
    role, where = {
        "planner": (Role.PLANNER, dusit),
        "director": (Role.DIRECTOR, dusit),
        "strategy": (Role.STRATEGY, None),
        "admin": (Role.ADMIN, None),
        "auditor": (Role.AUDITOR, None),
        "procurement": (Role.PROCUREMENT, dusit),
        "planner elsewhere": (Role.PLANNER, places.district("1047")),
        "director elsewhere": (Role.DIRECTOR, places.district("1047")),
    }[name]
    return accounts.officer(role, where)


WHO = [
    # name, opens and proposes, confirms, reads proposals
    ("visitor", False, False, False),
    ("resident", False, False, False),
    ("leader", False, False, False),
    ("planner", True, False, True),
    ("director", False, True, True),
    ("strategy", True, True, True),
    ("admin", False, False, False),
    ("auditor", False, False, False),
    ("procurement", False, False, False),
    ("planner elsewhere", False, False, False),
    ("director elsewhere", False, False, False),
]


@pytest.mark.parametrize(("name", "proposes", "confirms", "reads"), WHO)
@pytest.mark.parametrize("moment", [BEFORE, DURING, AFTER])
def test_who_may_do_what(db, clock, name, proposes, confirms, reads, moment):
    clock.travel(moment)
    proposal = cycles.proposal(cycles.bare_cycle())
    actor = officer(name)
    assert policy.can_open_cycle(actor, proposal.cycle.district_id) is proposes
    assert policy.can_propose_rules(actor, proposal.cycle) is proposes
    assert policy.can_confirm_rules(actor, proposal) is confirms
    seen = db.scalars(
        sa.select(RulesProposal.id)
        .join(Cycle, Cycle.id == RulesProposal.cycle_id)
        .where(policy.visible_to(actor))
    ).all()
    assert seen == ([proposal.id] if reads else [])


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("move", [CONFIRM, SEND_BACK])
def test_every_state_and_every_move(db, state, move):
    proposal = RulesProposal(cycle=cycles.bare_cycle(), proposed_by=0, state=state)
    director = officer("director")
    if state is ProposalState.PROPOSED:
        PROPOSALS.advance(proposal, move, director)
        assert proposal.state is PROPOSALS.moves[move].target
    else:
        with pytest.raises(errors.WrongState):
            PROPOSALS.advance(proposal, move, director)


def test_nobody_confirms_their_own(db):
    strategy = officer("strategy")
    cycle = cycles.bare_cycle()
    proposal = commands.propose_rules(strategy, cycle, default_rules(2571, cycles.windows()), "เริ่มรอบปี")
    with pytest.raises(errors.NotAllowed):
        commands.confirm_rules(strategy, proposal)
    with pytest.raises(errors.NotAllowed):
        commands.send_back_rules(strategy, proposal, "ไม่")
    assert queries.rules_in(cycle.id, PhaseKind.CLOSING) is None


@pytest.mark.parametrize("table", [RulesEdition, RulesProposal])
def test_the_database_itself_wants_four_eyes(db, table):
    cycle = cycles.bare_cycle()
    one = accounts.person().id
    common = {"cycle_id": cycle.id, "body": "{}", "reason": "x", "proposed_by": one}
    now = core_clock.now()
    if table is RulesEdition:
        common |= {"number": 1, "sha256": "0" * 64, "confirmed_by": one, "published_at": now}
    else:
        common |= {"state": ProposalState.CONFIRMED, "proposed_at": now, "decided_by": one, "decided_at": now}
    with pytest.raises(DBAPIError, match="four_eyes"), db.begin_nested():
        db.execute(sa.insert(table).values(**common))


def test_news_of_rules_names_the_cycle_in_the_readers_language(db):
    proposal = cycles.proposal(cycles.bare_cycle())
    follower = accounts.person()
    notifications.follow_for([follower.id], places.district().topic_id)
    commands.confirm_rules(officer("director"), proposal)
    told = db.scalars(sa.select(Notice).where(Notice.person_id == follower.id)).one()
    with i18n.speaking("en"):
        said = news.sentence(told.event, told.params)
        assert said == "The rules of the cycle are published: Dusit, FY2571 (2027/28)"
    with i18n.speaking("th"):
        assert news.sentence(told.event, told.params).endswith(" เขตดุสิต 2571")


def test_confirming_publishes_and_places_the_phases(db):
    proposal = cycles.proposal(cycles.bare_cycle())
    edition = commands.confirm_rules(officer("director"), proposal)
    rules = queries.rules_in(proposal.cycle_id, PhaseKind.CLOSING)
    assert (rules.number, rules.sha256) == (1, bodies.write(bodies.read(edition.body))[1])
    assert rules.community_ceiling_satang == 200_000_00
    assert {criterion.group for criterion in rules.criteria} == {"formal", "merit"}
    placed = queries.phases(proposal.cycle_id)
    assert [phase.kind for phase in placed] == [kind for kind in PhaseKind if kind is not PhaseKind.VOTING]
    assert {phase.edition_id for phase in placed} == {edition.id}
    with pytest.raises(errors.WrongState):
        commands.confirm_rules(officer("strategy"), proposal)


def test_one_proposal_waits_at_a_time(db):
    cycle = cycles.bare_cycle()
    first = cycles.proposal(cycle)
    with pytest.raises(errors.WrongState):
        cycles.proposal(cycle)
    commands.send_back_rules(officer("director"), first, "เพดานสูงเกินไป")
    assert cycles.proposal(cycle).state is ProposalState.PROPOSED


def test_a_district_has_one_cycle_a_year(db):
    planner = officer("planner")
    commands.open_cycle(planner, places.district().id, 2571)
    for year in (2571, 2026, 9999):
        with pytest.raises(errors.Invalid) as refused:
            commands.open_cycle(planner, places.district().id, year)
        assert list(refused.value.fields) == ["fiscal_year"]


def test_a_first_day_that_has_passed_leaves_the_phase_closed(db, clock):
    clock.travel(BEFORE)
    body = default_rules(2571, default_phases(2571))
    proposal = cycles.proposal(cycles.bare_cycle(), body=body)
    clock.travel(DURING)
    commands.confirm_rules(officer("director"), proposal)
    assert not queries.is_open(proposal.cycle_id, PhaseKind.FORUMS)
    with pytest.raises(errors.RulesMissing):
        queries.require_open(proposal.cycle_id, PhaseKind.FORUMS)
    assert queries.phase(proposal.cycle_id, PhaseKind.SUBMISSION).edition_id is not None
    line = queries.phase_line(proposal.cycle_id)
    assert line[0].state == "next"


def changed(cycle, **moves):
    body = queries.newest_body(cycle.id)
    windows = bodies.windows(body)
    for name, (start, end) in moves.items():
        starts_at, ends_at = windows[PhaseKind(name)]
        windows[PhaseKind(name)] = (starts_at + dt.timedelta(days=start), ends_at + dt.timedelta(days=end))
    return {**body, "phases": bodies.phase_entries(windows)}


def test_a_change_moves_only_what_has_not_begun(db):
    cycle = cycles.cycle(open=PhaseKind.SUBMISSION)
    before = {
        phase.kind: (phase.starts_at, phase.ends_at, phase.edition_id) for phase in queries.phases(cycle.id)
    }
    with pytest.raises(errors.Invalid) as refused:
        cycles.proposal(cycle, body=changed(cycle, submission=(0, 5)))
    assert list(refused.value.fields) == ["submission_from"]
    proposal = cycles.proposal(cycle, body=changed(cycle, hearing=(2, 2)), reason="เลื่อนวันรับฟังความเห็น")
    edition = commands.confirm_rules(officer("director"), proposal)
    assert edition.number == 2
    for phase in queries.phases(cycle.id):
        begun = phase.kind in (PhaseKind.FORUMS, PhaseKind.SUBMISSION)
        assert (phase.edition_id == edition.id) is not begun
        if phase.kind is not PhaseKind.HEARING:
            assert (phase.starts_at, phase.ends_at) == before[phase.kind][:2]
    assert queries.rules_in(cycle.id, PhaseKind.FORUMS).number == 1
    assert queries.rules_in(cycle.id, PhaseKind.VOTING).number == 2, "it has no window"
    assert queries.rules_in(cycle.id, PhaseKind.CLOSING).number == 2


def test_a_phase_that_began_while_the_proposal_waited_stops_it(db, clock):
    cycle = cycles.cycle(open=PhaseKind.SUBMISSION)
    proposal = cycles.proposal(cycle, body=changed(cycle, screening=(5, 5)))
    clock.travel(queries.phase(cycle.id, PhaseKind.SCREENING).starts_at + MINUTE)
    with pytest.raises(errors.WrongState):
        commands.confirm_rules(officer("director"), proposal)


def test_a_phase_can_be_dropped_until_it_begins(db):
    cycle = cycles.cycle(phases=cycles.windows(PhaseKind.VOTING))
    body = queries.newest_body(cycle.id)
    body["phases"] = [phase for phase in body["phases"] if phase["kind"] != "voting"]
    with pytest.raises(errors.Invalid) as refused:
        cycles.proposal(cycle, body=body)
    assert list(refused.value.fields) == ["voting_from"]


def test_nothing_new_is_not_a_change(db):
    cycle = cycles.cycle(open=PhaseKind.SUBMISSION)
    with pytest.raises(errors.Invalid):
        cycles.proposal(cycle, body=queries.newest_body(cycle.id))


def test_a_phase_is_open_from_its_first_moment_to_before_its_end(db, clock):
    cycle = cycles.cycle(open=PhaseKind.SUBMISSION)
    phase = queries.phase(cycle.id, PhaseKind.SUBMISSION)
    tick = dt.timedelta(microseconds=1)
    for instant, is_open in [
        (phase.starts_at - tick, False),
        (phase.starts_at, True),
        (phase.ends_at - tick, True),
        (phase.ends_at, False),
    ]:
        clock.travel(instant)
        assert queries.is_open(cycle.id, PhaseKind.SUBMISSION) is is_open
        if is_open:
            assert queries.require_open(cycle.id, PhaseKind.SUBMISSION).id == phase.id
        else:
            with pytest.raises(errors.WrongState) as refused:
                queries.require_open(cycle.id, PhaseKind.SUBMISSION)
            assert refused.value.way_on[0] == "cycles.show"


def test_the_current_cycle_is_the_newest_that_has_begun(db, clock):
    clock.travel(DURING)
    district = places.district()
    assert queries.current_cycle(district.id) is None
    old = cycles.cycle(district, 2570, open=PhaseKind.IMPLEMENTATION)
    new = cycles.cycle(district, 2571, open=PhaseKind.FORUMS)
    cycles.cycle(district, 2572, open=None)
    assert queries.current_cycle(district.id).id == new.id
    assert [row.fiscal_year for row in queries.cycles_of(district.id)] == [2572, 2571, 2570]
    assert queries.cycle_of(district.id, 2570).id == old.id


def test_the_next_boundary(db):
    cycle = cycles.cycle(open=PhaseKind.SUBMISSION)
    assert queries.next_boundary(cycle.id) == queries.phase(cycle.id, PhaseKind.SUBMISSION).ends_at
    assert queries.boundary_of(queries.phases(cycle.id)) == queries.next_boundary(cycle.id)
    assert queries.next_boundary(999) is None


# -- the database's own promise ---------------------------------------------------------------------------------------


def test_no_phase_under_rules_published_after_its_start(db):
    cycle = cycles.cycle(open=PhaseKind.SUBMISSION)
    edition = queries.editions(cycle.id)[0]
    late = edition.published_at - MINUTE
    row = {"cycle_id": cycle.id, "kind": PhaseKind.VOTING, "edition_id": edition.id}
    with pytest.raises(DBAPIError, match="before it starts"), db.begin_nested():
        db.execute(sa.insert(Phase).values(**row, starts_at=late, ends_at=late + MINUTE))
    phase = queries.phase(cycle.id, PhaseKind.SUBMISSION)
    with pytest.raises(DBAPIError, match="before it starts"), db.begin_nested():
        db.execute(sa.update(Phase).where(Phase.id == phase.id).values(starts_at=edition.published_at))


def test_no_phase_under_the_rules_of_another_cycle(db):
    cycle, other = cycles.cycle(fiscal_year=2570), cycles.cycle(fiscal_year=2571)
    borrowed = queries.editions(other.id)[0].id
    phase = queries.phase(cycle.id, PhaseKind.CLOSING)
    with pytest.raises(DBAPIError, match="before it starts"), db.begin_nested():
        db.execute(sa.update(Phase).where(Phase.id == phase.id).values(edition_id=borrowed))


@pytest.mark.parametrize("statement", [sa.update(RulesEdition).values(body="{}"), sa.delete(RulesEdition)])
def test_an_edition_is_never_changed(db, statement):
    cycles.cycle()
    with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
        db.execute(statement)


# -- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.postgres_only
def test_two_confirmers_at_once_make_one_edition(transaction):
    with transaction():
        proposal = cycles.proposal(cycles.bare_cycle())
        actors = [officer("director"), officer("strategy")] * 3
    ready, answers = threading.Barrier(len(actors)), []

    def act(actor):
        try:
            with core_db.transaction():
                mine = core_db.session().get_one(RulesProposal, proposal.id)
                ready.wait(timeout=10)
                commands.confirm_rules(actor, mine)
            answers.append("published")
        except (errors.WrongState, StaleDataError):  # the web answers 409 to both
            answers.append("refused")

    threads = [threading.Thread(target=act, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(answers) == ["published"] + ["refused"] * (len(actors) - 1)
    with transaction():
        assert len(queries.editions(proposal.cycle_id)) == 1
