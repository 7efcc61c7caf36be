"""Every idea of the demonstration is reached from the issue it began with and leads back to it, and forward to the
projects it feeds and back again."""

import pytest
import sqlalchemy as sa

from portal.actionplan import queries as actionplans
from portal.core import db
from portal.core.actor import ANONYMOUS
from portal.cycles.models import Cycle
from portal.dossier.flow import Part
from portal.dossier.queries import flow, ideas
from portal.forums.models import Issue
from portal.screening.models import Outcome


def whole(cycle_id, part):
    """Every row of a list, page by page."""
    found, cursor = [], None
    while True:
        page = flow.rows(cycle_id, None, flow.Wanted(part), cursor)
        found += page.rows
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


@pytest.mark.usefixtures("demo_visit")
def test_every_accepted_idea_is_reached_from_its_issue_and_back():
    accepted = reached = 0
    with db.transaction("read") as session:
        for cycle_id in session.scalars(sa.select(Cycle.id)).all():
            every = flow.every_idea(cycle_id)
            projects = flow.projects_of(cycle_id)
            issues = {row.issue_id: row for row in whole(cycle_id, Part.RAISED)}
            assert len(whole(cycle_id, Part.IDEAS)) == len(every), "the pages of the list leave nobody out"
            for row in every:
                if row.outcome not in (Outcome.ACCEPT, Outcome.ACCEPT_CHANGED):
                    continue
                accepted += 1
                head = ideas.head(row.item_id)
                if row.issue_id is not None:
                    issue = issues[row.issue_id]
                    assert head.forum_id == issue.forum_id == session.get_one(Issue, row.issue_id).forum_id
                    assert issue.item_id is not None
                ahead = {line.project_id for line in ideas.way(row.item_id)}
                assert ahead == {link.project_id for link in projects.get(row.item_id, ())}
                for project_id in ahead:
                    back = actionplans.items_of_project(ANONYMOUS, project_id)
                    assert row.item_id in {item.item_id for item in back}
                    reached += 1
    assert accepted >= 50
    assert reached >= 50
