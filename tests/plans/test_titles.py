"""A plan is called in the reader's language wherever it is listed; its community keeps its own name."""

from portal.core import news
from portal.core.i18n import speaking
from portal.core.outbox import OutboxMessage
from portal.notifications import commands as notifications
from portal.plans.models import Plan, PlanState
from tests.factories import accounts


def test_every_list_calls_a_plan_in_the_readers_language(world, new_client, transaction):
    here = world(state=PlanState.SUBMITTED)
    with transaction() as session:
        topic_id = session.get_one(Plan, here.id).topic_id
        reader = accounts.person()
        notifications.follow_for([reader.id], topic_id)
        notifications.tell(
            "plan.submitted", topic_id=topic_id, followers_of=[topic_id], dedupe_key="plan.submitted:1"
        )
    browser = new_client()
    browser.sign_in(reader.email, accounts.PASSWORD)
    name = here.community.name.removeprefix("ชุมชน")
    kept, told = f"แผนพัฒนาชุมชน{name} ปีงบประมาณ 2571", f"Plan of {name}, FY2571 (2027/28)"
    for path in (
        f"/comments/{topic_id}",
        "/notifications",
        "/notifications/following",
        "/search?q=แผนพัฒนา",
    ):
        thai, english = (
            browser.get(path, status=200).page.text,
            browser.get(f"/en{path}", status=200).page.text,
        )
        assert (kept in thai, kept in english) == (True, False), path
        assert (told in thai, told in english) == (False, True), path


def test_a_mail_calls_a_plan_in_the_language_of_whoever_gets_it(world, transaction):
    here = world(state=PlanState.SUBMITTED)
    with transaction() as session:
        topic_id = session.get_one(Plan, here.id).topic_id
        notifications.tell(
            "plan.submitted",
            topic_id=topic_id,
            person_ids=[accounts.person().id],
            dedupe_key="plan.submitted:1",
        )
        params = session.query(OutboxMessage).one().params
    with speaking("en"):
        assert "“Plan of " in news.sentence(params["news"], params["details"])
    with speaking("th"):
        assert "“แผนพัฒนาชุมชน" in news.sentence(params["news"], params["details"])
