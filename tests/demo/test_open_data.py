"""What the demonstration publishes is what the standard asks for, whole."""

import json

import pytest

from portal.core import db as core_db
from portal.opendata import writing
from tests.procurement import standard


@pytest.mark.parametrize("with_records", [False, True], ids=["releases", "records"])
def test_the_standard_accepts_all_of_it(demo_url, tmp_path, with_records):
    out = tmp_path / "package.json"
    with core_db.transaction("read"):
        extent = writing.write_package(out, None, with_records=with_records)
    package = json.loads(out.read_text(encoding="utf-8"))
    told = package["records" if with_records else "releases"]
    assert len(told) == (extent.processes if with_records else extent.releases)
    assert standard.faults(package) == []


def test_how_many_citizens_came_is_told_and_nobodys_name(demo_url, tmp_path):
    out = tmp_path / "package.json"
    with core_db.transaction("read"):
        writing.write_package(out, None, with_records=True)
    text = out.read_text(encoding="utf-8")
    merged = [one["compiledRelease"] for one in json.loads(text)["records"]]
    tents = next(one for one in merged if one["tender"].get("eGP", {}).get("projectNumber") == "69089283521")
    opening = next(one for one in tents["tender"]["milestones"] if one["id"] == "bid_opening")
    assert opening["observation"]["attended"] == 2
    assert "ผู้อยู่อาศัย" not in text
