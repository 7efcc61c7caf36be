"""What an observer's phone sends: once, whole or not at all, and never over what was sent before."""

import io
import json

import pytest
import sqlalchemy as sa
from PIL import Image

from portal.core import clock as core_clock
from portal.core import storage
from portal.core.storage import StoredFile
from portal.observation.models import Grade, Report, SignupState
from tests.factories import accounts
from tests.observation.test_views import made, sign_in, world  # noqa: F401 - a fixture


def key(name="a"):
    return f"{int(core_clock.now().timestamp()):08x}-{name * 20}"


def picture():
    exif = Image.Exif()
    exif[0x010E] = "a secret of the camera"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif)
    out.seek(0)
    return out, "IMG_0001.jpg"


@pytest.fixture
def phone(client, world, transaction, tmp_path, monkeypatch):  # noqa: F811 - the fixture above
    """Sends ``told`` for the resident's own attended observation; ``phone.id`` is its number."""
    monkeypatch.setattr(storage, "_root", tmp_path)
    signup = made(transaction, world, SignupState.ATTENDED)
    sign_in(client, "resident")

    def send(signup_id=signup, photos=(), **told):
        there = client.get(f"/observation/reporter/{signup_id}/now.json").json
        body = {"key": key(), "corrects": None, "seen": "ครบ", "findings": [], "is_public": True, **told}
        return client.post(
            f"/observation/reporter/{signup_id}",
            data={"report": json.dumps(body), "photos": list(photos)},
            headers={"X-CSRFToken": there["csrf"]} if there else {},
        )

    send.id = signup
    return send


def test_once_however_often_it_is_sent(phone, transaction):
    told = {"findings": [{"grade": "question", "text": "ใครเก็บกุญแจ"}], "photos": [picture()]}
    first = phone(**told)
    assert first.status_code == 200
    again = phone(**{**told, "photos": [picture()]})
    assert (again.status_code, again.json) == (200, first.json)
    with transaction() as session:
        report = session.scalars(sa.select(Report)).one()
        assert (report.grade, len(report.photos)) == (Grade.QUESTION, 1)
        photo = session.scalars(sa.select(StoredFile)).one()
        with Image.open(storage.path_of(photo.sha256)) as kept:
            assert not kept.getexif()


def test_another_phone_is_shown_what_was_sent_and_may_correct_it(phone):
    first = phone().json["sent"]
    refused = phone(key=key("b"), seen="อีกเครื่อง")
    assert refused.status_code == 409
    assert refused.json["newest"] == first
    second = phone(key=key("b"), seen="อีกเครื่อง", corrects=first["id"])
    assert second.status_code == 200
    assert second.json["sent"]["id"] != first["id"]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"key": "no key"}, 422),
        ({"seen": " "}, 422),
        ({"seen": "ก" * 5001}, 422),
        ({"findings": [{"grade": "concern", "text": " "}]}, 422),
        ({"findings": [{"grade": "no_concern", "text": "ก"}] * 21}, 422),
        ({"findings": [{"grade": "worst", "text": "ก"}]}, 400),
        ({"findings": "ก"}, 400),
        ({"seen": 7}, 400),
        ({"corrects": "1"}, 400),
    ],
)
def test_what_is_refused_changes_nothing(phone, transaction, told, status):
    answer = phone(**told)
    assert answer.status_code == status
    assert answer.json["error"] or answer.json["fields"]
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0


def test_a_picture_that_is_none_stops_the_whole(phone, transaction):
    assert phone(photos=[picture(), (io.BytesIO(b"MZ"), "a.jpg")]).status_code == 422
    with transaction() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Report)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0


def test_nobody_elses_report_is_there(phone, new_client, world, transaction):  # noqa: F811
    with transaction():
        accounts.person("other@example.org")
    other = sign_in(new_client(), "other")
    other.get(f"/observation/reporter/{phone.id}", status=404)
    other.get(f"/observation/reporter/{phone.id}/now.json", status=404)
