import pytest
import sqlalchemy as sa

from portal.core.actor import SYSTEM
from portal.places import commands, listing
from portal.places.models import Community, NameQuality

HEADING = "district_code,district_th,subdistrict_th,subdistrict_code,community_th,type_th,text_quality\n"
GOOD = (
    HEADING
    + "1002,ดุสิต,ดุสิต,100201,วัดโบสถ์สามเสน,ชุมชนแออัด,ok\n"
    + "1002,ดุสิต,วชิรพยาบาล,100202,สขุสันต์,ชุมชนเมือง,check\n"
    + "1047,บางนา,บางแคเหนือ,,รุ่งเรือง,ชุมชนแออัด,ok\n"
)


def brought_in(text):
    return commands.import_communities(SYSTEM, *listing.read(text.encode()))


def names(db):
    return set(db.scalars(sa.select(Community.name)))


def test_a_list_is_brought_in_with_its_doubts_said(db):
    report = brought_in(GOOD)
    assert (report.added, report.changed, report.same, report.flagged) == (3, 0, 0, 1)
    damaged = db.scalar(sa.select(Community).where(Community.name == "สขุสันต์"))
    assert damaged.name_quality is NameQuality.CHECK
    assert [str(remark) for remark in report.remarks] == [
        "line 3: warning: the name สขุสันต์ needs proofing",
        "line 4: warning: the sub-district บางแคเหนือ is not among the 180: left empty",
    ]


def test_it_may_be_repeated(db):
    brought_in(GOOD)
    again = brought_in(GOOD)
    assert (again.added, again.changed, again.same) == (0, 0, 3)
    moved = brought_in(GOOD.replace("วัดโบสถ์สามเสน,ชุมชนแออัด", "วัดโบสถ์สามเสน,ชุมชนเมือง"))
    assert (moved.added, moved.changed, moved.same) == (0, 1, 2)


def test_a_name_an_officer_has_proofed_stays_proofed(db):
    brought_in(GOOD)
    one = db.scalar(sa.select(Community).where(Community.name == "สขุสันต์"))
    one.name_quality = NameQuality.OK
    brought_in(GOOD)
    assert one.name_quality is NameQuality.OK


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1099,x,x,,ใหม่,ชุมชนเมือง,ok", "no district 1099"),
        ("1002,ดุสิต,x,109999,ใหม่,ชุมชนเมือง,ok", "no sub-district 109999"),
        ("1002,ดุสิต,x,100101,ใหม่,ชุมชนเมือง,ok", "not in district 1002"),
        ("1002,ดุสิต,ดุสิต,100201,,ชุมชนเมือง,ok", "the name is empty"),
        ("1002,ดุสิต,ดุสิต,100201,วัดโบสถ์สามเสน,ชุมชนเมือง,ok", "stands on line 2 already"),
        ("1002,ดุสิต", "number of cells"),
        (f"1002,ดุสิต,ดุสิต,100201,{'ก' * 201},ชุมชนเมือง,ok", "too long"),
    ],
)
def test_one_faulty_line_keeps_the_whole_list_out(db, line, says):
    with pytest.raises(commands.ListRefused) as refused:
        brought_in(f"{GOOD}{line}\n")
    assert [remark.number for remark in refused.value.report.errors] == [5]
    assert says in str(refused.value.report.errors[0])
    assert names(db) == set()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column"),
        (b"name,place\nx,y\n", "no column district_code"),
        (HEADING.encode(), "empty"),
        ("1002,ดุสิต".encode("cp874"), "not UTF-8"),
        (f'{HEADING}1002,"ดุสิต'.encode(), "line"),
    ],
)
def test_what_is_no_list_is_refused(content, says):
    with pytest.raises(listing.BrokenList, match=says):
        listing.read(content)


@pytest.mark.parametrize("name", ["ลำสำลพีัฒนา", "ิผิด", "บ้าน\ufffdใหม่", "ร่วมเ"])
def test_letters_that_cannot_be_right_are_flagged(name):
    assert listing.quality_of(name) is NameQuality.CHECK


@pytest.mark.parametrize("name", ["วัดโบสถ์สามเสน", "ม.พัน 3 รอ.", "น้ำใส", "เคหะชุมชน 2", "แฟลต ทบ."])
def test_names_that_are_right_are_left_alone(name):
    assert listing.quality_of(name) is NameQuality.OK
    assert listing.quality_of(name, "check") is NameQuality.CHECK


class TestCommandLine:
    @pytest.fixture
    def run(self, app):
        runner = app.test_cli_runner()
        return lambda *words: runner.invoke(args=["places", "import", *map(str, words)])

    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "communities.csv"
        path.write_text(GOOD, encoding="utf-8")
        return path

    def count(self, transaction):
        with transaction() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Community))

    def test_it_reports_and_writes(self, run, file, transaction):
        answer = run(file)
        assert answer.exit_code == 0
        assert "3 added, 0 changed, 0 as they were; 1 names need proofing." in answer.output
        assert "line 3: warning" in answer.output
        assert self.count(transaction) == 3
        assert "line 3" not in run(file, "--quiet").output

    def test_a_dry_run_writes_nothing(self, run, file, transaction):
        answer = run(file, "--dry-run")
        assert answer.exit_code == 0
        assert "3 added" in answer.output
        assert "Nothing was written" in answer.output
        assert self.count(transaction) == 0

    def test_a_faulty_list_exits_with_1_and_writes_nothing(self, run, file, transaction):
        file.write_text(f"{GOOD}1099,x,x,,ใหม่,ชุมชนเมือง,ok\n", encoding="utf-8")
        answer = run(file)
        assert answer.exit_code == 1
        assert "line 5: error: no district 1099" in answer.output
        assert self.count(transaction) == 0
        file.write_bytes(b"\xff\xfe")
        assert run(file).exit_code == 1
