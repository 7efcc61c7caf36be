"""One thing of the demonstration for every variable in an address, so that every page can be opened.

Keys are ``endpoint.variable`` where one page needs a thing of its own, else ``room.variable``.
"""

import datetime as dt
import os
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeSerializer
from werkzeug.routing import Rule

from portal.accounts.models import MailToken, MailTokenPurpose
from portal.core import clock, db, hashing
from portal.demo import calendar

ITEM_2570 = (
    "SELECT i.id FROM plan_items i JOIN plans p ON p.id = i.plan_id JOIN cycles c ON c.id = p.cycle_id"
    " WHERE c.fiscal_year = 2570 AND c.district_id = 1002 ORDER BY i.id LIMIT 1"
)
WALKED = "SELECT id FROM communities WHERE name = 'วัดโบสถ์สามเสน'"
PLANNED = "SELECT id FROM cycles WHERE fiscal_year = 2571 AND district_id = 1002"
NEXT = "SELECT id FROM cycles WHERE fiscal_year = 2572 AND district_id = 1002"
DRAFT = f"SELECT id FROM plans WHERE community_id = ({WALKED}) AND cycle_id = ({PLANNED})"
PUBLISHED = (
    "SELECT a.id FROM action_plans a JOIN cycles c ON c.id = a.cycle_id"
    " WHERE c.fiscal_year = 2570 AND c.district_id = 1002"
)


def action_plan(state: str) -> str:
    return f"SELECT min(id) FROM action_plans WHERE state = '{state}'"


def plan(state: str) -> str:
    return f"SELECT min(id) FROM plans WHERE state = '{state}' AND cycle_id = ({PLANNED})"


def case(state: str, more: str = "") -> str:
    return f"SELECT min(id) FROM screening_cases WHERE state = '{state}' {more}"


def forum(state: str) -> str:
    return f"SELECT max(id) FROM forums WHERE community_id = ({WALKED}) AND state = '{state}'"


def signup(state: str) -> str:
    return f"SELECT min(id) FROM observer_signups WHERE state = '{state}'"


def case_of(person: str, state: str) -> str:
    """The newest case in this state of the community in whose committee this person sits."""
    return (
        "SELECT max(x.id) FROM screening_cases x JOIN plans p ON p.id = x.plan_id"
        " JOIN committee_members m ON m.community_id = p.community_id JOIN people a ON a.id = m.person_id"
        f" WHERE a.email = '{person}@example.org' AND x.state = '{state}'"
    )


TENTS = "SELECT id FROM processes WHERE egp_number = '69089283521'"
STEP = (
    "SELECT max(s.id) FROM process_steps s JOIN processes p ON p.id = s.process_id"
    " WHERE p.state = 'running' AND s.actual_on IS NULL"
)


def round_(title: str) -> str:
    """A voting round by the beginning of its title."""
    return f"SELECT id FROM rounds WHERE title LIKE '{title}%'"


DISPUTED = (
    "SELECT k.batch_id FROM paper_keyings k JOIN paper_batches b ON b.id = k.batch_id"
    " WHERE b.state = 'open' AND k.turn = 2"
)
OPEN_ROUND, DRAFT_ROUND = round_("เลือกโครงการชุมชนเขตดุสิต ปี 2570"), round_("ร่างรอบลงคะแนน")
UNINVITED = (
    "SELECT max(d.process_id) FROM process_steps d JOIN process_steps i ON i.process_id = d.process_id"
    " WHERE d.kind = 'draft_tor' AND d.actual_on IS NOT NULL AND i.kind = 'invitation' AND i.actual_on IS NULL"
)
UNDER_WAY = f"SELECT min(id) FROM projects WHERE action_plan_id = ({action_plan('draft')})"


UNFOLLOWED = (
    f"SELECT min(id) FROM projects WHERE action_plan_id = ({PUBLISHED}) AND budget_kind = 'amount'"
    " AND id NOT IN (SELECT project_id FROM progress_sheets WHERE project_id IS NOT NULL)"
)


def draft_report(state: str) -> str:
    return f"SELECT min(sheet_id) FROM progress_drafts WHERE state = '{state}'"


QUERIES: dict[str, str] = {
    "accounts.community_id": WALKED,
    "opendata.process_id": TENTS,
    "accounts.declaration_id": "SELECT 1",
    "accounts.grant_id": "SELECT min(id) FROM grants WHERE confirmed_by IS NULL",
    "accounts.member_id": "SELECT min(id) FROM committee_members WHERE person_id IS NULL",
    "accounts.residency_id": "SELECT min(id) FROM residencies WHERE state = 'requested'",
    "accounts.session_id": "SELECT 1",
    "actionplan.cycle_id": PLANNED,
    "actionplan.item_id": ITEM_2570,
    "actionplan.member_id": "SELECT min(id) FROM plan_committee_members WHERE district_id = 1014",
    "actionplan.end_membership.plan_id": "SELECT id FROM action_plans WHERE district_id = 1014",
    "actionplan.step_id": f"SELECT max(id) FROM merge_steps WHERE action_plan_id = ({PUBLISHED})",
    "actionplan.number": "SELECT 1",
    "actionplan.plan_id": PUBLISHED,
    "actionplan.project_id": f"SELECT min(id) FROM projects WHERE action_plan_id = ({PUBLISHED})",
    "actionplan.new_project.plan_id": action_plan("draft"),
    **{f"actionplan.{page}.project_id": UNDER_WAY for page in ("edit_project", "withdraw")},
    "audit.number": "SELECT 1",
    "comments.comment_id": "SELECT min(id) FROM comments",
    "comments.withdraw.comment_id": (
        "SELECT max(c.id) FROM comments c JOIN people p ON p.id = c.author_id"
        " WHERE p.email = 'resident@example.org' AND c.reply_id IS NULL AND c.hidden_at IS NULL"
    ),
    "comments.topic_id": f"SELECT topic_id FROM plan_items WHERE id = ({ITEM_2570})",
    "cycles.cycle_id": PLANNED,
    "cycles.number": "SELECT 1",
    "cycles.proposal_id": "SELECT max(id) FROM rules_proposals",
    "demo.message_id": "SELECT min(id) FROM outbox_messages",
    "dossier.code": "SELECT 1002",
    "dossier.community_id": WALKED,
    "dossier.item_id": ITEM_2570,
    "dossier.node_id": "SELECT min(node_id) FROM project_nodes",
    "files.file_id": "SELECT 1",
    "forums.code": "SELECT 1002",
    "forums.community_id": WALKED,
    "forums.file_id": "SELECT 1",
    "forums.forum_id": forum("recorded"),
    **{
        f"forums.{page}.forum_id": forum("announced")
        for page in ("record", "cancel", "names", "recorder", "recorder_now", "send")
    },
    "forums.edit.forum_id": "SELECT max(id) FROM forums WHERE state = 'announced' AND community_id IS NOT NULL",
    "forums.body_id": "SELECT min(id) FROM standing_bodies",
    **{
        f"forums.{page}.forum_id": "SELECT max(forum_id) FROM forum_papers"
        for page in ("paper", "write_paper")
    },
    "forums.issue_id": f"SELECT max(id) FROM forum_issues WHERE forum_id = ({forum('recorded')})",
    "notifications.notice_id": "SELECT min(id) FROM notices",
    "notifications.topic_id": f"SELECT topic_id FROM plan_items WHERE id = ({ITEM_2570})",
    "observation.process_id": TENTS,
    "observation.report_id": "SELECT min(id) FROM observer_reports WHERE is_public",
    "observation.signup_id": signup("asked"),
    "observation.cancel.signup_id": signup("confirmed"),
    "observation.report.signup_id": signup("attended"),
    "observation.answer.report_id": "SELECT max(id) FROM observer_reports WHERE is_public",
    "observation.step_id": STEP,
    "observation.sign_up.step_id": "SELECT step_id FROM observer_signups WHERE state = 'asked'",
    "observation.own.signup_id": signup("confirmed"),
    **{
        f"observation.{page}.signup_id": signup("confirmed")
        for page in ("reporter", "reporter_now", "reporter_send")
    },
    "observation.code": "SELECT 1002",
    "observation.certificate_pdf.signup_id": signup("attended"),
    **{
        f"observation.{page}.step_id": f"SELECT step_id FROM observer_signups WHERE id = ({signup('confirmed')})"
        for page in ("door_screen", "door_sheet", "door_list", "come", "confirm_all")
    },
    "places.community_id": WALKED,
    "information.code": "SELECT 1002",
    "information.number": "SELECT 202608",
    "information.edition": "SELECT 1",
    "information.entry_id": "SELECT min(id) FROM information_entries",
    "information.service_id": "SELECT min(id) FROM public_services",
    "progress.file_id": "SELECT 1",
    "progress.number": "SELECT 2",
    "progress.project_id": UNFOLLOWED,
    "progress.sheet_id": "SELECT sheet_id FROM progress_reports WHERE corrects_id IS NOT NULL",
    "progress.write.sheet_id": draft_report("writing"),
    **{f"progress.{page}.sheet_id": draft_report("sent") for page in ("certify", "send_back", "recall")},
    "plans.community_id": WALKED,
    "plans.cycle_id": PLANNED,
    "plans.file_id": "SELECT 1",
    "plans.issue_id": "SELECT 1",
    "plans.item_id": f"SELECT min(id) FROM plan_items WHERE plan_id = ({DRAFT})",
    "plans.number": "SELECT 1",
    "plans.plan_id": DRAFT,
    "plans.changes.number": "SELECT 2",
    "plans.changes.plan_id": "SELECT min(plan_id) FROM plan_editions WHERE number = 2",
    "plans.edition.plan_id": plan("accepted_for_screening"),
    "plans.edition_text.plan_id": plan("accepted_for_screening"),
    "plans.permit_late.plan_id": plan("endorsed"),
    "plans.resume.plan_id": plan("withdrawn"),
    "plans.return_plan.plan_id": plan("submitted"),
    "plans.item.item_id": ITEM_2570,
    "procurement.code": "SELECT 1002",
    "procurement.draft.process_id": UNINVITED,
    "procurement.document_id": "SELECT min(id) FROM step_documents",
    "procurement.award_id": "SELECT min(id) FROM awards",
    "procurement.contract_id": "SELECT min(id) FROM contracts",
    "procurement.instalment_id": "SELECT min(id) FROM contract_instalments WHERE paid_on IS NULL",
    "procurement.remove_project.project_id": f"SELECT min(project_id) FROM process_projects WHERE process_id = ({TENTS})",
    "procurement.job_id": "SELECT min(id) FROM jobs WHERE kind = 'procurement.compare_notices'",
    "procurement.drafts.process_id": UNINVITED,
    "procurement.process_id": TENTS,
    "procurement.step_id": STEP,
    "procurement.correct_step.step_id": "SELECT max(id) FROM process_steps WHERE actual_on IS NOT NULL",
    "rulebook.holiday_id": "SELECT max(id) FROM holidays",
    "screening.case_id": case("merit_check"),
    "screening.confirm.case_id": case("proposed"),
    "screening.reply.case_id": case("awaiting_agency"),
    "screening.reopen.case_id": case("confirmed", "AND released_at IS NULL"),
    "screening.unpublish.case_id": "SELECT max(id) FROM screening_cases WHERE released_at IS NOT NULL",
    "screening.letter.case_id": f"SELECT id FROM screening_cases WHERE item_id = ({ITEM_2570})",
    "screening.letter_pdf.case_id": f"SELECT id FROM screening_cases WHERE item_id = ({ITEM_2570})",
    "screening.appeal.case_id": case_of("member-23-1", "confirmed"),
    **{
        f"screening.{page}.case_id": case_of("member-23-1", "needs_correction")
        for page in ("correction", "withdraw")
    },
    "screening.community_id": WALKED,
    "screening.cycle_id": PLANNED,
    "screening.plan_id": plan("submitted"),
    "screening.sheet_id": "SELECT max(id) FROM screening_sheets",
    "strategy.indicator_id": "SELECT max(id) FROM strategy_indicators",
    "strategy.node_id": "SELECT max(n.id) FROM strategy_nodes n",
    "strategy.rewrite_aim.node_id": "SELECT node_id FROM strategy_indicators ORDER BY id DESC LIMIT 1",
    "strategy.tree_id": "SELECT max(id) FROM strategy_trees",
    "voting.round_id": OPEN_ROUND,
    **{
        f"voting.{page}.round_id": DRAFT_ROUND
        for page in ("edit", "projects", "add_conflict", "set_cap", "propose")
    },
    **{f"voting.{page}.round_id": round_("รอบลงคะแนนที่รอ") for page in ("take_back", "send_back", "publish")},
    **{
        f"voting.{page}.round_id": round_("เลือกอุปกรณ์ส่วนกลาง")
        for page in ("ask_place", "remind", "roll", "lock_roll", "strike", "object_to_strike")
    },
    **{
        f"voting.{page}.round_id": round_("เลือกโครงการชุมชนเขตดุสิต รอบมีนาคม 2569")
        for page in ("result", "result_json", "files", "election", "projects_csv")
    },
    **{
        f"voting.{page}.round_id": round_("เลือกทางเดินริมคลอง")
        for page in ("batches", "close", "seal", "explain_paper")
    },
    "voting.sample.round_id": round_("เลือกจุดติดกล้อง"),
    "voting.batch_id": DISPUTED,
    "voting.keying_id": "SELECT max(id) FROM paper_keyings WHERE finished_at IS NULL",
    "voting.request_id": "SELECT min(id) FROM roll_requests WHERE state = 'asked'",
    "voting.conflict_id": f"SELECT min(id) FROM candidate_conflicts WHERE round_id = ({DRAFT_ROUND})",
    "voting.cap_id": f"SELECT min(id) FROM round_caps WHERE round_id = ({DRAFT_ROUND})",
    "voting.print_id": "SELECT min(id) FROM letter_prints WHERE state = 'asked'",
    "voting.strike_id": "SELECT max(id) FROM roll_strikes WHERE decided_at IS NULL AND objected_at IS NOT NULL",
    "voting.candidate_id": f"SELECT min(id) FROM candidates WHERE round_id = ({DRAFT_ROUND})",
    "voting.withdraw_project.candidate_id": f"SELECT min(id) FROM candidates WHERE round_id = ({OPEN_ROUND})",
}
# Links of mails: only the reader of a mail knows their secrets, so the tests lay two of their own (lay_links).
LINKS = {
    "accounts.finish.token": (MailTokenPurpose.REGISTER, "newcomer@example.org", "register-" + "x" * 34),
    "accounts.reset.token": (MailTokenPurpose.RESET, "resident4@example.org", "reset-" + "x" * 37),
}
CERTIFICATE = "fedcba9876543210"
WORDS: dict[str, str] = {
    **{name: secret for name, (_purpose, _email, secret) in LINKS.items()},
    "actionplan.name": "reopen",
    "files.name": "css/site.css",
    "opendata.file": "extension.json",
    "opendata.name": "ocds-releases-bangkok.json.gz",
    "forums.kind": "policy",
    "rulebook.key": "screening.days",
    # The end of all mail for the first of the people, signed with the key of the portal that the tests run.
    "observation.certificate.code": CERTIFICATE,
    "observation.key": URLSafeSerializer(os.environ["PORTAL_SECRET_KEY"], salt="observer-feed").dumps([1, 0]),
    "notifications.token": URLSafeSerializer(os.environ["PORTAL_SECRET_KEY"], salt="leave-mail").dumps(1),
}


def lay_links() -> None:
    """Two mails are on their way: an account to be finished and a password to be set. A certificate has a code that is
    known here."""
    with clock.travel(calendar.NOW), db.transaction() as session:
        session.execute(
            sa.text(
                f"UPDATE observer_signups SET certificate_code = '{CERTIFICATE}' WHERE id = ({signup('attended')})"
            )
        )
        for purpose, email, secret in LINKS.values():
            session.add(
                MailToken(
                    purpose=purpose,
                    email=email,
                    token_hash=hashing.sha256_hex(secret),
                    created_at=clock.now(),
                    expires_at=clock.now() + dt.timedelta(days=1),
                )
            )


def rules(app: Flask) -> list[Rule]:
    """Every address of the portal, in the order of their endpoints."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)


def unknown(app: Flask) -> list[str]:
    """The variables no sample is given for."""
    return [
        f"{rule.endpoint}.{name}"
        for rule in rules(app)
        for name in rule.arguments
        if not {f"{rule.endpoint}.{name}", f"{room(rule)}.{name}"} & (QUERIES.keys() | WORDS.keys())
    ]


def room(rule: Rule) -> str:
    return rule.endpoint.partition(".")[0]


def values(rule: Rule) -> dict[str, Any]:
    """What stands for the variables of an address, in the database that is bound."""
    return {name: _value(rule, name) for name in sorted(rule.arguments)}


def _value(rule: Rule, name: str) -> Any:
    for key in (f"{rule.endpoint}.{name}", f"{room(rule)}.{name}"):
        if key in WORDS:
            return WORDS[key]
        if key in QUERIES:
            return _ask(key, _bound())
    raise LookupError(f"tests/samples.py knows nothing for {rule.endpoint}.{name}")


def _bound() -> str:
    return db.engine("read").url.render_as_string()


@cache
def _ask(key: str, database: str) -> int:
    with db.transaction("read") as session:
        found = session.scalar(sa.text(QUERIES[key]))
    assert found is not None, f"the demonstration has nothing for {key}"
    return int(found)


def address(app: Flask, rule: Rule, **changes: Any) -> str:
    """The address of a page of the demonstration."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {**values(rule), **changes})
