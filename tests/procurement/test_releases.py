"""Every change that people can read is published in the same transaction, for good, and in order."""

import ast
import datetime as dt
import inspect
import json

import pytest
import sqlalchemy as sa

from portal.actionplan.models import ActionPlanState
from portal.core import clock, hashing
from portal.procurement import commands, ocds, queries
from portal.procurement.models import Release, StepKind
from portal.procurement.ocds import sequence
from tests.factories import actionplan, cycles, procurement
from tests.procurement.acts import SIGNED, create, do, step

K = StepKind


def tags(process):
    return [json.loads(one.text)["tag"] for one in queries.releases_of(process.id)]


def test_what_a_command_changes_is_published_with_it(project, officer, db, clock):
    clock.travel("2026-11-24 09:00")
    process = create(officer, project)
    do(officer, process, K.PROCUREMENT_PLAN, on="2026-11-24")
    do(officer, process, K.COMMITTEE, on="2026-11-24", committee_size=3)
    do(officer, process, K.MEDIAN_PRICE, on="2026-11-24", median_price_satang=880_000_00)
    commands.cancel_process(officer, process, "งบประมาณไม่พอ")
    assert tags(process) == [
        ["planning"],
        ["planningUpdate"],
        ["planningUpdate"],
        ["planningUpdate"],
        ["planningUpdate", "tenderCancellation"],
    ]
    last = queries.releases_of(process.id)[-1]
    assert last.release_id == f"{process.ocid}-0005"
    assert last.sha256 == hashing.sha256_hex(last.text)
    told = [one for one in db.info["ledger"] if one.event == "process.released"]
    assert [one.changes["sha256"] for one in told] == [one.sha256 for one in queries.releases_of(process.id)]


def test_what_is_published_is_the_process_as_it_stands(project, officer, clock):
    clock.travel("2026-11-24 09:00")
    process = create(officer, project)
    do(officer, process, K.PROCUREMENT_PLAN, on="2026-11-24")
    commands.skip_step(officer, step(process, K.DRAFT_TOR), "วงเงินต่ำกว่าที่กำหนด", override=SIGNED)
    releases = [json.loads(one.text) for one in queries.releases_of(process.id)]
    publisher = ocds.Publisher("http://127.0.0.1:8000")
    now = ocds.state(queries.facts_of_process(process), publisher)
    merged = {name: part for name, part in ocds.compiled(releases).items() if name not in sequence.HEAD}
    assert merged == ocds.replay(releases) == now
    assert commands.publish_release(officer, process) is None


def test_the_pages_that_releases_name_are_there(project, officer, app):
    process = procurement.process(project)
    paper = procurement.document(process, K.PROCUREMENT_PLAN)
    told = ocds.text_of(ocds.state(queries.facts_of_process(process), ocds.Publisher("https://x.example")))
    addresses = app.url_map.bind("x.example", url_scheme="https")
    for endpoint, value in (
        ("procurement.document", {"document_id": paper.id}),
        ("actionplan.project", {"project_id": project.id}),
    ):
        assert f'"{addresses.build(endpoint, value, force_external=True)}"' in told


def test_a_process_that_is_not_public_is_not_published(officer, db):
    hidden = actionplan.project(actionplan.action_plan(cycles.cycle(), ActionPlanState.DRAFT))
    process = procurement.process(hidden)
    assert commands.publish_release(officer, process) is None
    assert queries.releases_of(process.id) == []


# A list of notices publishes line by line, where a process is taken over or followed (tests/procurement/test_notices.py).
OF_LISTS = {"compare_notices", "write_notices", "held_list", "judge_notices", "import_notices"}


def test_every_command_publishes_what_it_does():
    """Whatever holds a process to change it ends with publishing."""
    silent = []
    for name in commands.__all__:
        function = getattr(commands, name)
        if not inspect.isfunction(function) or name in {"publish_release", *OF_LISTS}:
            continue
        called = {
            node.func.id
            for node in ast.walk(ast.parse(inspect.getsource(function)))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        if "publish_release" not in called:
            silent.append(name)
    assert silent == []


def insert(db, process, number, at, text="{}"):
    with db.begin_nested():
        db.add(
            Release(
                process_id=process.id,
                number=number,
                release_id=f"{process.ocid}-{number}",
                text=text,
                sha256=hashing.sha256_hex(text),
                published_at=at,
            )
        )


@pytest.mark.parametrize(("number", "hours"), [(1, 0), (3, 0), (2, -1)], ids=["again", "gap", "back-dated"])
def test_nothing_is_published_between_or_before(project, db, number, hours):
    process = procurement.process(project)
    insert(db, process, 1, clock.now())
    with pytest.raises(sa.exc.DBAPIError):
        insert(db, process, number, clock.now() + dt.timedelta(hours=hours))
    insert(db, process, 2, clock.now())
