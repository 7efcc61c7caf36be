"""The merge workbench by its pages: what is picked, put, moved, taken back, and what a second merger sees."""

import re

import sqlalchemy as sa

from portal.actionplan.models import ProjectItem
from portal.core.actor import Role
from tests.factories import accounts
from tests.page import values


def test_two_who_share_out_one_item(enter):
    made = enter()
    planner = made.browser("planner")
    path = f"/actionplan/{made.ids.plan}/items/{made.ids.items[0]}"
    form = values(planner.get(path, status=200).page.form(having={"seen"}))
    amount = f"amount_{made.ids.project}"
    assert planner.submit(path, {amount: "60,000"}, having={"seen"}).status_code == 303
    answer = planner.post(path, data={**form, amount: "70,000"})
    assert answer.status_code == 409
    assert "70,000" in answer.get_data(as_text=True)
    assert planner.post(path, data=values(answer.page.form(having={"seen"}))).status_code == 303


def test_undo_and_new_from_items(enter):
    made = enter()
    planner = made.browser("planner")
    merge = f"/actionplan/{made.ids.plan}/merge"
    form = planner.get(merge, status=200).page.form(having={"items", "projects"})
    taken = re.search(r'name="take" value="(\d+)"', planner.get(merge).get_data(as_text=True))[1]
    assert planner.post(form["action"], data={**values(form), "take": taken}).status_code == 303
    for _ in ("undone", "done again"):
        page = planner.get(merge, status=200).page
        undo = next(form["action"] for form in page.forms if form["action"].endswith("/undo"))
        assert planner.submit(merge, action=undo).status_code == 303
    form = planner.get(merge, status=200).page.form(having={"items", "projects"})
    sent = {**values(form), "items": [str(id_) for id_ in made.ids.items[:2]], "do": "new"}
    answer = planner.post(form["action"], data=sent)
    assert answer.status_code == 303
    new = answer.headers["Location"]
    assert re.search(r"item=\d+&item=\d+", new)
    filled = planner.get(new, status=200).page.form(having={"name"})
    assert values(filled)["budget_satang"] == ["150,000.01"]
    done = planner.submit(new, {"area": "สองชุมชน"}, having={"name"})
    assert done.status_code == 303
    assert "100,000" in planner.get(done.headers["Location"], status=200).page.text


def test_two_mergers_on_one_project(enter, transaction):
    made = enter()
    with transaction():
        accounts.officer(Role.PLANNER, made.world.district, email="second@example.org")
    first, second = made.browser("planner"), made.browser("second")
    merge = f"/actionplan/{made.ids.plan}/merge"
    forms = [values(one.get(merge, status=200).page.form(having={"items"})) for one in (first, second)]
    mine = {**forms[0], "items": str(made.ids.items[1]), "to": str(made.ids.project)}
    assert first.post(merge, data=mine).status_code == 303
    theirs = {**forms[1], "items": str(made.ids.items[2]), "to": str(made.ids.project)}
    answer = second.post(merge, data=theirs)
    assert answer.status_code == 409
    assert "50,000.01" in answer.page.text, "what the first did"
    again = answer.page.form(having={"items"})
    assert values(again)["items"] == [str(made.ids.items[2])], "what the second had picked"
    assert second.post(merge, data={**values(again), "to": str(made.ids.project)}).status_code == 303
    with transaction() as session:
        links = session.scalars(
            sa.select(ProjectItem.item_id).where(ProjectItem.project_id == made.ids.project)
        )
        assert set(links) == set(made.ids.items)


def test_the_communities_share_is_told_in_whole_percents_as_on_the_plan(enter):
    made = enter(envelope_satang=1_000_000_00)
    page = made.browser("planner").get(f"/en/actionplan/{made.ids.plan}/merge", status=200).page
    assert re.search(r"Community items are [<>]?\d+% of all money", page.text)
