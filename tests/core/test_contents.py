"""What people delete leaves the disk too, and nothing that a row names ever does."""

import io
import os
import time

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from portal import cli
from portal.core import db as core_db
from portal.core import storage
from portal.core.actor import SYSTEM
from portal.core.db import Base
from portal.core.storage import StoredFile

# Hashes of what stands in a row, of texts, secrets and codes: nothing on the disk is named by them.
OF_ROWS = [
    "action_plan_editions.sha256",
    "board_heads.sha256",
    "draft_terms.sha256",
    "endorsements.content_sha256",
    "forum_papers.sha256",
    "forum_sendings.sha256",
    "letter_prints.list_sha256",
    "monthly_summaries.sha256",
    "observer_reports.sha256",
    "plan_editions.sha256",
    "plan_resolutions.content_sha256",
    "progress_reports.sha256",
    "releases.sha256",
    "round_editions.sha256",
    "round_results.sha256",
    "rounds.edition_sha256",
    "rules_editions.sha256",
    "screening_sheets.sha256",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_root", tmp_path)
    return tmp_path


def saved(text):
    content = io.BytesIO(b"%PDF-1.7 " + text.encode())
    return storage.save(SYSTEM, content, "a.pdf", owner_kind="test", owner_id=1)


def aged(path):
    old = time.time() - 2 * storage.UNNAMED_FOR
    os.utime(path, (old, old))
    return path


def path_of(file):
    return storage.path_of(file.sha256)


def gone(session, file):
    session.execute(sa.delete(StoredFile).where(StoredFile.id == file.id))


def test_what_no_row_names_goes_aside_after_a_day(db, folder):
    kept, deleted, young = (saved(name) for name in ("kept", "deleted", "young"))
    twice = saved("kept")
    for one in (deleted, young, twice):
        gone(db, one)
    half, paper = aged_new(folder / "ab" / "half.part"), aged_new(folder / "ab" / ("0" * 64 + ".pdf"))
    for one in (kept, deleted):
        aged(path_of(one))
    assert storage.sweep() == 1
    there = [(folder / one.sha256[:2] / one.sha256).exists() for one in (kept, deleted, young)]
    assert there == [True, False, True]
    assert [half.exists(), paper.exists()] == [False, True]
    assert storage.sweep() == 0


def test_what_went_lies_aside_for_a_month(db, folder):
    """A database of last week that is put back names it again: who asks for it finds it, and the worker brings it back."""
    _kept, *files = (saved(name) for name in ("kept", "asked for", "named again", "nobody's", "forgotten"))
    hashes = [one.sha256 for one in files]
    for one in files:
        aged(storage.path_of(one.sha256))
        gone(db, one)
    assert storage.sweep() == 4
    aside = [folder / "gone" / one for one in hashes]
    assert all(time.time() - one.stat().st_mtime < 60 for one in aside), "the month begins now"
    assert storage.path_of(hashes[0]).read_bytes().endswith(b"asked for")
    assert storage.keep(saved("named again").sha256)
    named = storage.path_of(hashes[1])
    named.rename(aside[1])
    old = time.time() - storage.ASIDE_FOR - 60
    os.utime(aside[1], (old, old))
    os.utime(aside[3], (old, old))
    storage.sweep()
    assert named.exists(), "a row names it"
    assert [one.exists() for one in aside] == [False, False, True, False]


def test_an_empty_database_takes_nothing_away(db, folder):
    files = [saved(str(number)) for number in range(3)]
    aside = folder / "gone" / ("a" * 64)
    aged_new(aside)
    long_ago = time.time() - 2 * storage.ASIDE_FOR
    for path in (aside, *map(path_of, files)):
        os.utime(path, (long_ago, long_ago))
    db.execute(sa.delete(StoredFile))
    with capture_logs() as logs:
        assert storage.sweep() == 0
    assert [one["event"] for one in logs] == ["contents_without_rows"]
    assert all((folder / one.sha256[:2] / one.sha256).exists() for one in files)
    assert aside.exists()


def aged_new(path):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    return aged(path)


def test_what_is_saved_anew_stays_though_its_row_is_yet_to_come(transaction, folder):
    with transaction() as session:
        file = saved("again")
        gone(session, file)
    aged(path_of(file))
    with transaction():
        saved("again")
        token = core_db.open_session("read")
        try:
            assert storage.sweep() == 0
        finally:
            core_db.close_session(token)
    assert path_of(file).exists()


def test_what_is_saved_while_it_is_looked_at_stays(db, folder):
    path = path_of(saved("looked at"))
    assert not storage._put_aside(path.name, time.time() - storage.UNNAMED_FOR), "it was touched since"
    assert path.read_bytes().endswith(b"looked at")
    path.rename(aged_new(folder / "gone" / path.name))
    assert storage.keep(path.name), "whoever saves it now has it back"
    assert path.read_bytes().endswith(b"looked at")


def test_the_wrong_database_takes_nothing_away(db, folder, monkeypatch):
    monkeypatch.setattr(storage, "MANY", 2)
    files = [saved(str(number)) for number in range(4)]
    for one in files:
        aged(path_of(one))
    db.execute(sa.delete(StoredFile))
    with capture_logs() as logs:
        assert storage.sweep() == 0
    assert [(one["event"], one["going"]) for one in logs] == [("contents_without_rows", 4)]
    assert all(path_of(one).exists() for one in files)


def test_what_is_replaced_goes_with_the_commit_and_not_before(transaction, folder):
    with transaction():
        path = path_of(saved("replaced"))

    def fail():
        with transaction():
            storage.drop_after_commit(path.name)
            raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError):
        fail()
    assert path.exists()
    with transaction() as session:
        storage.drop_after_commit(path.name)
        with session.begin_nested():
            session.flush()
        assert path.exists()
    assert not path.exists()


def test_every_column_of_a_hash_is_known(app):
    """A new column of hashes: does it name contents on the disk (storage.names_contents), or not (OF_ROWS)?"""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if "sha256" in column.name
    }
    assert set(storage.naming()) == {"stored_files.sha256", "downloads.sha256"}
    assert sorted(named - set(storage.naming())) == sorted(OF_ROWS)


def test_the_worker_does_it_every_day(app):
    (step,) = (one for one in cli._steps(app) if one.name == "contents")
    assert step.every == storage.UNNAMED_FOR
