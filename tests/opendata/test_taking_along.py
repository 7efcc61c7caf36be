"""What is open can be taken along whole, by anybody, and says nothing that is not public."""

import datetime as dt
import gzip
import io
import json
import tracemalloc
import zipfile

import pytest

from portal.actionplan.models import ActionPlanState
from portal.core import jobs
from portal.core.actor import SYSTEM, Role
from portal.core.errors import Invalid
from portal.opendata import commands, queries, writing
from portal.procurement import commands as procurement
from portal.procurement.models import StepKind
from portal.rulebook import commands as rulebook
from portal.rulebook.licences import LICENCES
from tests.factories import accounts, actionplan, cycles, places
from tests.factories import procurement as made
from tests.procurement import standard
from tests.procurement.acts import create, do

K = StepKind
HIDDEN = "ถ้อยคำของโครงการที่ยังไม่เปิดเผย"


@pytest.fixture
def bought(app, transaction, clock):
    """Two processes of Dusit that are published, and one of a plan that is still a draft. Returns the first's id."""
    clock.travel("2026-11-24 09:00")
    with transaction():
        cycle = cycles.cycle()
        officer = accounts.officer(Role.PROCUREMENT, places.district())
        project = actionplan.project(actionplan.action_plan(cycle, ActionPlanState.PUBLISHED))
        first = create(officer, project)
        do(officer, first, K.PROCUREMENT_PLAN, on="2026-11-24")
        create(officer, project, title="=จัดซื้อเก้าอี้")
        draft = actionplan.project(actionplan.action_plan(cycles.cycle(fiscal_year=2575)), HIDDEN)
        hidden = made.process(draft, title=HIDDEN)
        assert procurement.publish_release(officer, hidden) is None
        return first.id, hidden.id


def package(client, path):
    answer = client.get(path, status=200)
    assert answer.mimetype == "application/json"
    assert HIDDEN not in answer.get_data(as_text=True)
    return answer.get_json()


def test_an_address_with_a_slash_behind_it_leads_on(client):
    for path in ("/opendata", "/en/opendata"):
        assert client.get(f"{path}/", status=308).headers["Location"].endswith(path)
        client.get(path, status=200)


def fetcher(client):
    """The extension as the portal serves it."""

    def fetch(address):
        path = address.partition("/opendata/")[2]
        return client.get(f"/opendata/{path}", status=200, check=False).get_data(as_text=True)

    return fetch


def test_every_package_is_accepted_with_the_extension_as_it_is_served(bought, client):
    first, _hidden = bought
    for path, count in (
        (f"/opendata/ocds/processes/{first}/releases.json", 2),
        (f"/opendata/ocds/processes/{first}/record.json", 1),
        ("/opendata/ocds/releases.json", 3),
        ("/opendata/ocds/records.json?district=1002", 2),
    ):
        told = package(client, path)
        assert len(told.get("releases") or told["records"]) == count
        assert standard.faults(told, fetcher(client)) == []


def test_what_is_hidden_has_no_address(bought, client):
    _first, hidden = bought
    for form in ("releases.json", "record.json", "tables.zip", "hashes.txt"):
        client.get(f"/opendata/ocds/processes/{hidden}/{form}", status=404)
    assert HIDDEN not in client.get("/opendata", status=200).get_data(as_text=True)
    assert HIDDEN not in client.get("/opendata/catalog.json", status=200).get_data(as_text=True)


def test_pages_follow_one_another_until_all_is_told(bought, client, monkeypatch):
    monkeypatch.setattr(queries, "RELEASES_A_PAGE", 2)
    first = client.get("/opendata/ocds/releases.json?district=1002", status=200)
    link = first.headers["Link"]
    assert link.endswith('rel="next"')
    assert "district=1002" in link
    last = client.get(link[1:].partition(">")[0].partition(".1:8000")[2], status=200)
    assert "Link" not in last.headers
    told = [one["id"] for answer in (first, last) for one in answer.get_json()["releases"]]
    assert len(told) == len(set(told)) == 3
    client.get("/opendata/ocds/releases.json?district=9999", status=404)


def taken(client, name):
    """(bytes, ETag) of a file."""
    with client.get(f"/opendata/downloads/{name}", status=200, check=False) as answer:
        return answer.get_data(), answer.headers["ETag"]


def test_files_are_made_once_and_can_be_checked(bought, client, transaction, clock):
    with transaction():
        assert commands.keep_fresh(SYSTEM) is not None
        assert commands.keep_fresh(SYSTEM) is None
    assert jobs.run_due() == 1
    with transaction():
        assert not queries.are_downloads_due()
        files = {form: one.sha256 for (scope, form), one in queries.downloads().items() if scope == "all"}
        assert len(queries.downloads()) == 6
    page = client.get("/opendata", status=200).get_data(as_text=True)
    assert "ocds-records-1002.json.gz" in page
    name = "ocds-releases-bangkok.json.gz"
    releases, etag = taken(client, name)
    assert etag == f'"{files["releases"]}"'
    assert len(json.loads(gzip.decompress(releases))["releases"]) == 3
    known = {"If-None-Match": etag}
    with client.get(f"/opendata/downloads/{name}", status=304, check=False, headers=known) as again:
        assert again.get_data() == b""
    records, _etag = taken(client, "ocds-records-1002.json.gz")
    assert standard.faults(json.loads(gzip.decompress(records))) == []
    tables, _etag = taken(client, "ocds-tables-1002.zip")
    with zipfile.ZipFile(io.BytesIO(tables)) as archive:
        lines = archive.read("releases.csv").decode("utf-8-sig").splitlines()
        assert lines[0].startswith("ocid,id,")
        assert len(lines) == 3
        assert ",'=จัดซื้อเก้าอี้" in "\n".join(lines)
        assert "tender_milestones.csv" in archive.namelist()


def test_the_licence_is_a_dated_value_of_the_rulebook(bought, client, transaction, clock):
    clock.travel("2026-11-24 10:00")
    with transaction():
        assert jobs.run_due() == 0
        commands.keep_fresh(SYSTEM)
    jobs.run_due()
    assert "CC BY 4.0" in client.get("/en/opendata", status=200).page.text
    with transaction():
        office = accounts.officer(Role.STRATEGY)
        given = {"source": "คำสั่งตัวอย่าง", "is_verified": True, "valid_from": dt.date(2026, 11, 26)}
        rulebook.enter_value(office, "opendata.licence", value=2, **given)
        with pytest.raises(Invalid):
            rulebook.enter_value(office, "opendata.licence", value=9, **given)
    assert "CC BY 4.0" in client.get("/en/opendata", status=200).page.text
    clock.travel("2026-11-26 09:00")
    with transaction():
        assert queries.are_downloads_due()
    zero = LICENCES[2].url
    told = client.get("/opendata/catalog.json", status=200).get_json(force=True)
    assert {one["dct:license"] for one in [told, *told["dataset"], *told["dataset"][0]["distribution"]]} == {
        zero
    }
    assert package(client, "/opendata/ocds/releases.json")["license"] == zero


@pytest.mark.parametrize("with_records", [False, True], ids=["releases", "records"])
def test_memory_does_not_grow_with_what_is_written(
    bought, app, transaction, tmp_path, monkeypatch, with_records
):
    """The same releases again and again, as if of ten times as many processes."""
    with transaction("read"):
        stretch = [one for one in queries.every_release(None, queries.extent().newest_id) for _ in range(15)]

        def most(times):
            monkeypatch.setattr(
                queries,
                "every_release",
                lambda district, until: (one for _ in range(times) for one in stretch),
            )
            tracemalloc.start()
            writing.write_package(tmp_path / "all.json", None, with_records=with_records)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return peak, (tmp_path / "all.json").stat().st_size

        most(1)
        (small, little), (large, much) = most(1), most(10)
        assert much > 9 * little
        assert large < 1.1 * small + 50_000


def test_the_command_line_writes_whole_files_or_none(bought, app, tmp_path):
    cli = app.test_cli_runner()

    def run(*arguments):
        return cli.invoke(args=["opendata", *arguments])

    out = tmp_path / "all.json"
    done = run("ocds", "--all", "--out", str(out), "--records")
    assert done.exit_code == 0, done.output
    assert standard.faults(json.loads(out.read_text(encoding="utf-8"))) == []
    before = out.read_bytes()
    assert run("ocds", "--district", "9999", "--out", str(out)).exit_code == 2
    assert run("ocds", "--out", str(out)).exit_code == 2
    assert run("ocds", "--all", "--out", str(tmp_path / "no" / "such.json")).exit_code == 1
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["all.json"]
    sound = run("verify")
    assert (sound.exit_code, sound.output.splitlines()[-1]) == (0, "sound: 3 releases")
    assert run("publish").output.splitlines()[-1] == "0 new releases."
