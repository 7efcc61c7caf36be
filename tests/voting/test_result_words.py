"""The result says in figures that add up why these projects won: the first and the last share, ties, paper, areas."""

import datetime as dt
import json
from fractions import Fraction

import pytest
import sqlalchemy as sa

from portal.core import clock as core_clock
from portal.core import db as database
from portal.core.actor import Role
from portal.voting import keykeeper, ownballot
from portal.voting.commands import locking, paper_desk
from portal.voting.models import Area, Completion, EntrySource, RollEntry, Rule
from portal.voting.queries import results
from tests.factories import accounts, places, rounds
from tests.voting import papers
from tests.voting.conftest import cast, finish

SHARES = {"rule": Rule.EQUAL_SHARES, "completion": Completion.ADD1U, "envelope_satang": 680_000_00}


@pytest.fixture
def site(app, round_):
    """The pages, with the keeper of the round's keys (the portal brings its own)."""
    keykeeper.use(f"folder:{round_.folder}")
    return round_


def words_of(client, vote, language="/en"):
    return " ".join(
        client.get(f"{language}/voting/{vote.id}/result", status=200).get_data(as_text=True).split()
    )


@pytest.mark.parametrize("round_", [SHARES], indirect=True)
def test_raised_shares_are_told_with_the_first_and_the_last(site, client, clock):
    cast(site, 30)
    finish(site, clock)
    with database.transaction("read"):
        kept, edition = results.with_rules(site.id)
        found, rules = json.loads(kept.body), json.loads(edition.body)
    first, last = ownballot.first_share(rules, found), ownballot.share(found)
    assert first == rules["envelope_satang"] // 30 < last == Fraction(found["share"]) // 1
    said = words_of(client, site)
    assert f"฿{first // 100:,} for each" in said
    assert f"from ฿{first // 100:,} to ฿{last // 100:,}" in said
    assert f"จากคนละ ฿{first // 100:,} จนเป็นคนละ ฿{last // 100:,}" in words_of(client, site, "")


@pytest.mark.parametrize("round_", [{**SHARES, "completion": Completion.NONE}], indirect=True)
def test_shares_that_were_not_raised_are_told_once(site, client, clock):
    cast(site, 30)
    finish(site, clock)
    said = words_of(client, site)
    assert "for each" in said
    assert "raised step by step, from" not in said


def test_a_tie_says_who_had_the_first_turn_and_why(site, client, clock):
    cast(site, 28)  # each project has fourteen votes
    finish(site, clock)
    with database.transaction("read"):
        kept, _edition = results.with_rules(site.id)
        ties = json.loads(kept.body)["ties"]
    first = next(tie for tie in ties if tie["by"] == "cost")
    tied = ", ".join(map(str, sorted(first["tied"])))
    said = words_of(client, site)
    assert (
        f"projects {tied} were level. Project {first['chosen']} had its turn first, because it costs" in said
    )


def test_whoever_has_a_funded_project_is_told_as_a_part_of_all(site, client, clock):
    cast(site, 28)
    finish(site, clock)
    with database.transaction("read"):
        kept, _edition = results.with_rules(site.id)
        found = json.loads(kept.body)
    said = words_of(client, site)
    for area in found["areas"]:
        assert f"{area['served']} of {area['ballots']}<" in said


def test_empty_ballots_have_a_share_where_the_rule_counts_them():
    rules = {"envelope_satang": 1000, "rule": {"counts_empty": True, "start": "fraction"}}
    found = {"share": "400", "voters": 2, "empty": 1}
    assert ownballot.first_share(rules, found) == 333
    rules["rule"]["counts_empty"] = False
    assert ownballot.first_share(rules, found) == 500
    assert ownballot.first_share(rules, found | {"share": None}) == 0


def test_sheets_that_came_back_or_were_spoiled_stand_outside_the_figures(vote, site, client, clock):
    with database.transaction():
        papers.hand_out(vote, [0, 1, 2])
        paper_desk.take_back(vote.registry, vote.id, papers.card(2), "เปลี่ยนใจ")
        paper_desk.exchange(vote.registry, vote.id, papers.card(1))
    clock.travel(papers.AFTER)
    papers.whole_batch(vote, ["1", "2"])
    finish(vote, clock)
    said = words_of(client, vote)
    assert "came back unused (1) and spoiled ones that were exchanged for a new sheet (1)" in said


def areas_of(db, clock, homes, *, is_city=False):
    """The publication areas of a roll that is locked with so many people in each (district, community): names by code."""
    clock.travel("2026-11-01 09:00")
    first, _ = next(iter(homes))
    round_ = rounds.published(is_city=is_city, opens_at=core_clock.at(dt.date(2026, 11, 4), 8))
    registry = accounts.officer(Role.REGISTRY, None if is_city else first)
    living = [home for home, people in homes.items() for _ in range(people)]
    db.execute(
        sa.insert(RollEntry),
        [
            {
                "round_id": round_.id,
                "person_key": f"{place:064x}",
                "district_id": district.id,
                "community_id": community.id if community else None,
                "source": EntrySource.LIST,
                "added_by": registry.id,
                "added_at": core_clock.now(),
            }
            for place, (district, community) in enumerate(living)
        ],
    )
    clock.travel("2026-11-02 09:00")
    locking.lock_roll(accounts.officer(Role.STRATEGY) if is_city else registry, round_.id)
    return {one.name_th: one.name_en for one in db.scalars(sa.select(Area))}


def test_what_is_left_of_a_district_is_named_as_the_rest(db, clock):
    district = places.district()
    large = places.community(district)
    assert areas_of(db, clock, {(district, large): 500, (district, None): 500}) == {
        large.name: large.name,
        "ส่วนอื่นของเขตดุสิต": "Rest of Dusit",
    }


def test_a_subdistrict_is_told_from_the_district_of_its_name(db, clock):
    district = places.district()
    large, one, two = (places.community(district) for _ in range(3))
    homes = {(district, large): 500, (district, one): 300, (district, two): 300, (district, None): 500}
    assert areas_of(db, clock, homes) == {
        large.name: large.name,
        "ส่วนอื่นของแขวงดุสิต": "Rest of Dusit Subdistrict",
        "ส่วนอื่นของเขตดุสิต": "Rest of Dusit",
    }


def test_communities_of_one_name_are_told_apart_by_their_districts(db, clock):
    dusit, bang_na = places.district(), places.district("1047")
    homes = {
        (dusit, places.community(dusit, name="ชุมชนริมคลอง")): 500,
        (bang_na, places.community(bang_na, name="ชุมชนริมคลอง")): 500,
    }
    assert areas_of(db, clock, homes, is_city=True) == {
        "ชุมชนริมคลอง เขตดุสิต": "ชุมชนริมคลอง, Dusit",
        "ชุมชนริมคลอง เขตบางนา": "ชุมชนริมคลอง, Bang Na",
    }


@pytest.mark.parametrize(
    ("name", "shown"),
    [("วัดตัวอย่าง 2", "วัดตัวอย่าง\N{NO-BREAK SPACE}2"), ("ซอย 3 พัฒนา", "ซอย 3 พัฒนา"), ("สวน", "สวน")],
)
def test_the_number_of_a_community_stays_with_its_name(app, name, shown):
    project = {"community": name, "district_th": "", "district_en": ""}
    macro = '{% from "voting/_projects.html" import whose with context %}{{ whose(one) }}'
    assert shown in app.jinja_env.from_string(macro).render(one=project, round={}, lang="th")


def test_only_a_short_name_of_a_community_is_kept_in_one_line(app):
    """Nobody knows how long a name may be that is registered later: a line must be able to turn somewhere."""
    macro = app.jinja_env.from_string(
        '{% from "components/ui.html" import community_name %}{{ community_name(name, "muted") }}'
    )
    assert [macro.render(name=name).split(">")[0] for name in ("วัดโบสถ์ 2", "ก" * 200)] == [
        '<span class="muted name" lang="th"',
        '<span class="muted" lang="th"',
    ]
