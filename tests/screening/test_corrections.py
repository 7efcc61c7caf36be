"""Asking a community to correct something."""

from portal.screening.models import Answer, CaseState
from tests.page import values


def test_what_was_typed_stays_when_the_card_changes_before_the_request_is_sent(place, as_person, transaction):
    with transaction():
        one = place.case()
        place.fill_card(one, group="formal", complete=Answer.NOT_MET)
    path, planner = f"/screening/{one.id}/ask-correction", as_person(place.planner)
    sent = values(planner.get(path, status=200).page.form()) | {"request": "ขอใบเสนอราคาสามร้าน"}
    with transaction():
        place.fill_card(one, group="formal")
    answer = planner.post(path, data=sent)
    assert answer.status_code == 422
    (typed,) = answer.page.all("textarea")
    assert typed.text.strip() == "ขอใบเสนอราคาสามร้าน"


def test_no_correction_is_asked_for_while_the_card_names_none(place, as_person, transaction):
    with transaction():
        path = f"/screening/{place.case(CaseState.FORMAL_CHECK).id}/ask-correction"
    page = as_person(place.planner).get(path, status=200).page
    assert (page.all("textarea"), "กลับไปที่บัตรเกณฑ์" in page.text) == ([], True)
