"""The way to the newest schema and back, on the engine the tests run on."""

import ast
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from portal.app import import_models
from portal.core import db as core_db
from portal.core import migrate
from tests.schema import VERSION_TABLE, describe

VERSIONS = sorted((migrate.FOLDER / "versions").glob("*.py"))
NAME = re.compile(r"\d{8}_\d{4}_[a-z0-9_]+\.py")


# How the full-text index cuts its own storage, which differs by the way it was filled; its documents are counted.
INDEX_PIECES = {"topic_search_data", "topic_search_idx"}


def revisions() -> list[str]:
    """From the first to the newest."""
    script = ScriptDirectory(str(migrate.FOLDER))
    return [one.revision for one in script.walk_revisions()][::-1]


def tables(url):
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {VERSION_TABLE}


# Rows that an older schema has no word for; a step down has to let them go.
WITHOUT_A_WORD = {
    "grants": "role IN ('round_officer', 'key_custodian', 'paper_clerk', 'certifier')",
    "board_heads": "kind IN ('result', 'annulled')",
}


# Entries that a step up writes into a ledger that began before it; a step down leaves them.
WRITTEN = {"ledger_entries": 1}


def let_go(url):
    """How many such rows there are now."""
    engine, there = create_engine(url, poolclass=NullPool), tables(url)
    with engine.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table} WHERE {rows}")).scalar_one()  # noqa: S608 - our names
            for table, rows in WITHOUT_A_WORD.items()
            if table in there
        }


def counts(url):
    """How many rows each table holds."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608 - our names
            for table in tables(url) - INDEX_PIECES
        }


def test_there_is_one_line_of_migrations():
    script = ScriptDirectory(str(migrate.FOLDER))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name)
def test_a_migration_is_dated_and_can_be_taken_back(path):
    assert NAME.fullmatch(path.name)
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(module)
    bodies = {node.name: node.body for node in module.body if isinstance(node, ast.FunctionDef)}
    assert not isinstance(bodies["downgrade"][-1], ast.Pass), "downgrade does nothing"


def test_every_step_up_can_be_taken_down(empty_database_url):
    before = describe(empty_database_url)
    steps = []
    for revision in revisions():
        steps.append(describe(empty_database_url))
        migrate.upgrade(empty_database_url, revision)
        assert migrate.current(empty_database_url) == revision
    head = describe(empty_database_url)
    for revision, schema in zip(["base", *revisions()][-2::-1], reversed(steps), strict=True):
        migrate.downgrade(empty_database_url, revision)
        assert describe(empty_database_url) == schema
    assert describe(empty_database_url) == before
    migrate.upgrade(empty_database_url)
    assert describe(empty_database_url) == head


def test_the_newest_schema_is_the_models(database_url, empty_database_url):
    import_models()
    core_db.bind(empty_database_url)
    core_db.create_all()
    core_db.dispose()
    migrated, modelled = describe(database_url), describe(empty_database_url)
    assert sorted(migrated - modelled) == [], "the migrations make what no model has"
    assert sorted(modelled - migrated) == [], "the models have what no migration makes"


def far(number):
    """How many steps up again from so many below the newest: 1, 2, 1, 4, 1, 2, 1, 8 … Each step is so walked from near and
    from far, in some hundreds of steps; up to the newest from every one would be thousands."""
    return number & -number


def test_data_survives_every_step(demo_url):
    """Down a step and up again, a few or many at once, keeps every row of the tables that were there all the time, and so
    does the way from the first step to the newest; and the whole schema can be taken down while it is full."""
    core_db.dispose()
    line = revisions()[::-1]
    found = {line[0]: (counts(demo_url), let_go(demo_url))}
    assert sum(found[line[0]][0].values()) > 0
    for number, revision in enumerate(line[1:], 1):
        migrate.downgrade(demo_url, revision)
        kept = counts(demo_url)
        found[revision] = kept, let_go(demo_url)
        above = line[0 if revision == line[-1] else number - far(number)]
        migrate.upgrade(demo_url, above)
        (full, gone), after = found[above], counts(demo_url)
        for table in gone.keys() & kept.keys():
            assert after[table] in (full[table], full[table] - gone[table])
        for table, most in WRITTEN.items():
            assert full[table] <= after[table] <= full[table] + most
        same = kept.keys() - gone.keys() - WRITTEN.keys()
        assert {table: after[table] for table in same} == {table: full[table] for table in same}
        migrate.downgrade(demo_url, revision)
    migrate.downgrade(demo_url, "base")
    assert tables(demo_url) == set()
    migrate.upgrade(demo_url)
    assert tables(demo_url) - INDEX_PIECES == found[line[0]][0].keys()


def test_a_step_that_fails_leaves_nothing(database_url, tmp_path, monkeypatch):
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "versions" / "99990101_0000_broken_step.py").write_text(
        f"""
from alembic import op
import sqlalchemy as sa
revision, down_revision = "broken", {migrate.head()!r}
def upgrade():
    op.create_table("half_done", sa.Column("id", sa.Integer, primary_key=True))
    op.bulk_insert(sa.table("half_done", sa.column("id")), [{{"id": 1}}])
    raise RuntimeError("the power fails")
"""
    )
    before, revision = describe(database_url), migrate.current(database_url)
    core_db.dispose()
    monkeypatch.setattr(migrate, "FOLDER", folder)
    with pytest.raises(RuntimeError, match="the power fails"):
        migrate.upgrade(database_url)
    assert describe(database_url) == before
    assert migrate.current(database_url) == revision


def test_two_upgrades_at_once_make_one_schema(database_url, empty_database_url):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate.upgrade, [empty_database_url] * 2))
    assert describe(empty_database_url) == describe(database_url)
