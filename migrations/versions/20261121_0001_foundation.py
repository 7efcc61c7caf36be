"""foundation

Revision: foundation
After: nothing
Written: 2026-11-22 00:24 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "foundation"
down_revision = None
branch_labels = None
depends_on = None

# What the database itself keeps: append-only tables, rules before phases, the search index.
SQLITE = (
    "CREATE TRIGGER tr_law_values_no_update BEFORE UPDATE ON law_values BEGIN SELECT RAISE(ABORT, 'law_values is append-only'); END",
    "CREATE TRIGGER tr_law_values_no_delete BEFORE DELETE ON law_values BEGIN SELECT RAISE(ABORT, 'law_values is append-only'); END",
    "CREATE TRIGGER tr_ledger_entries_no_update BEFORE UPDATE ON ledger_entries WHEN NOT (NEW.id IS OLD.id AND NEW.event IS OLD.event AND NEW.at IS OLD.at AND NEW.actor_id IS OLD.actor_id AND NEW.subject_kind IS OLD.subject_kind AND NEW.subject_id IS OLD.subject_id AND NEW.district_id IS OLD.district_id AND NEW.payload_hash IS OLD.payload_hash AND NEW.previous_hash IS OLD.previous_hash AND NEW.hash IS OLD.hash AND NEW.payload IS NULL AND NEW.salt IS NULL) BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END",
    "CREATE TRIGGER tr_ledger_entries_no_delete BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END",
    "CREATE VIRTUAL TABLE topic_search USING fts5(tokens, kind, content='topics', content_rowid='id', tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")",
    "CREATE TRIGGER tr_topics_search_insert AFTER INSERT ON topics BEGIN INSERT INTO topic_search(rowid, tokens, kind) VALUES (NEW.id, NEW.tokens, NEW.kind); END",
    "CREATE TRIGGER tr_topics_search_update AFTER UPDATE OF tokens ON topics BEGIN INSERT INTO topic_search(topic_search, rowid, tokens, kind) VALUES ('delete', OLD.id, OLD.tokens, OLD.kind); INSERT INTO topic_search(rowid, tokens, kind) VALUES (NEW.id, NEW.tokens, NEW.kind); END",
    "CREATE TRIGGER tr_topics_search_delete AFTER DELETE ON topics BEGIN INSERT INTO topic_search(topic_search, rowid, tokens, kind) VALUES ('delete', OLD.id, OLD.tokens, OLD.kind); END",
    "CREATE TRIGGER tr_official_replies_no_update BEFORE UPDATE ON official_replies BEGIN SELECT RAISE(ABORT, 'official_replies is append-only'); END",
    "CREATE TRIGGER tr_official_replies_no_delete BEFORE DELETE ON official_replies BEGIN SELECT RAISE(ABORT, 'official_replies is append-only'); END",
    "CREATE TRIGGER tr_rules_editions_no_update BEFORE UPDATE ON rules_editions BEGIN SELECT RAISE(ABORT, 'rules_editions is append-only'); END",
    "CREATE TRIGGER tr_rules_editions_no_delete BEFORE DELETE ON rules_editions BEGIN SELECT RAISE(ABORT, 'rules_editions is append-only'); END",
    "CREATE TRIGGER tr_action_plan_editions_no_update BEFORE UPDATE ON action_plan_editions BEGIN SELECT RAISE(ABORT, 'action_plan_editions is append-only'); END",
    "CREATE TRIGGER tr_action_plan_editions_no_delete BEFORE DELETE ON action_plan_editions BEGIN SELECT RAISE(ABORT, 'action_plan_editions is append-only'); END",
    "CREATE TRIGGER tr_phases_edition_first_insert BEFORE INSERT ON phases WHEN NEW.edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rules_editions WHERE id = NEW.edition_id AND cycle_id = NEW.cycle_id AND published_at < NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'a phase needs rules published before it starts'); END",
    "CREATE TRIGGER tr_phases_edition_first_update BEFORE UPDATE ON phases WHEN NEW.edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rules_editions WHERE id = NEW.edition_id AND cycle_id = NEW.cycle_id AND published_at < NEW.starts_at) BEGIN SELECT RAISE(ABORT, 'a phase needs rules published before it starts'); END",
    "CREATE TRIGGER tr_rule_overrides_no_update BEFORE UPDATE ON rule_overrides BEGIN SELECT RAISE(ABORT, 'rule_overrides is append-only'); END",
    "CREATE TRIGGER tr_rule_overrides_no_delete BEFORE DELETE ON rule_overrides BEGIN SELECT RAISE(ABORT, 'rule_overrides is append-only'); END",
    "CREATE TRIGGER tr_observer_reports_no_update BEFORE UPDATE ON observer_reports BEGIN SELECT RAISE(ABORT, 'observer_reports is append-only'); END",
    "CREATE TRIGGER tr_observer_reports_no_delete BEFORE DELETE ON observer_reports BEGIN SELECT RAISE(ABORT, 'observer_reports is append-only'); END",
    "CREATE TRIGGER tr_plan_editions_no_update BEFORE UPDATE ON plan_editions BEGIN SELECT RAISE(ABORT, 'plan_editions is append-only'); END",
    "CREATE TRIGGER tr_plan_editions_no_delete BEFORE DELETE ON plan_editions BEGIN SELECT RAISE(ABORT, 'plan_editions is append-only'); END",
    "CREATE TRIGGER tr_project_money_no_update BEFORE UPDATE ON project_money BEGIN SELECT RAISE(ABORT, 'project_money is append-only'); END",
    "CREATE TRIGGER tr_project_money_no_delete BEFORE DELETE ON project_money BEGIN SELECT RAISE(ABORT, 'project_money is append-only'); END",
    "CREATE TRIGGER tr_observer_report_answers_no_update BEFORE UPDATE ON observer_report_answers BEGIN SELECT RAISE(ABORT, 'observer_report_answers is append-only'); END",
    "CREATE TRIGGER tr_observer_report_answers_no_delete BEFORE DELETE ON observer_report_answers BEGIN SELECT RAISE(ABORT, 'observer_report_answers is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION law_values_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'law_values is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_law_values_append_only BEFORE UPDATE OR DELETE ON law_values FOR EACH ROW EXECUTE FUNCTION law_values_append_only()",
    "CREATE TRIGGER tr_law_values_no_truncate BEFORE TRUNCATE ON law_values FOR EACH STATEMENT EXECUTE FUNCTION law_values_append_only()",
    "CREATE FUNCTION ledger_entries_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' AND NEW.id IS NOT DISTINCT FROM OLD.id AND NEW.event IS NOT DISTINCT FROM OLD.event AND NEW.at IS NOT DISTINCT FROM OLD.at AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id AND NEW.subject_kind IS NOT DISTINCT FROM OLD.subject_kind AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id AND NEW.district_id IS NOT DISTINCT FROM OLD.district_id AND NEW.payload_hash IS NOT DISTINCT FROM OLD.payload_hash AND NEW.previous_hash IS NOT DISTINCT FROM OLD.previous_hash AND NEW.hash IS NOT DISTINCT FROM OLD.hash AND NEW.payload IS NULL AND NEW.salt IS NULL THEN RETURN NEW; END IF; RAISE EXCEPTION 'ledger_entries is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_entries_append_only()",
    "CREATE TRIGGER tr_ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_append_only()",
    "CREATE FUNCTION official_replies_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'official_replies is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_official_replies_append_only BEFORE UPDATE OR DELETE ON official_replies FOR EACH ROW EXECUTE FUNCTION official_replies_append_only()",
    "CREATE TRIGGER tr_official_replies_no_truncate BEFORE TRUNCATE ON official_replies FOR EACH STATEMENT EXECUTE FUNCTION official_replies_append_only()",
    "CREATE FUNCTION rules_editions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rules_editions is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_rules_editions_append_only BEFORE UPDATE OR DELETE ON rules_editions FOR EACH ROW EXECUTE FUNCTION rules_editions_append_only()",
    "CREATE TRIGGER tr_rules_editions_no_truncate BEFORE TRUNCATE ON rules_editions FOR EACH STATEMENT EXECUTE FUNCTION rules_editions_append_only()",
    "CREATE FUNCTION action_plan_editions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'action_plan_editions is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_action_plan_editions_append_only BEFORE UPDATE OR DELETE ON action_plan_editions FOR EACH ROW EXECUTE FUNCTION action_plan_editions_append_only()",
    "CREATE TRIGGER tr_action_plan_editions_no_truncate BEFORE TRUNCATE ON action_plan_editions FOR EACH STATEMENT EXECUTE FUNCTION action_plan_editions_append_only()",
    "CREATE FUNCTION phases_edition_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.edition_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM rules_editions WHERE id = NEW.edition_id AND cycle_id = NEW.cycle_id AND published_at < NEW.starts_at) THEN RAISE EXCEPTION 'a phase needs rules published before it starts' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER tr_phases_edition_first BEFORE INSERT OR UPDATE ON phases FOR EACH ROW EXECUTE FUNCTION phases_edition_first()",
    "CREATE FUNCTION rule_overrides_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rule_overrides is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_rule_overrides_append_only BEFORE UPDATE OR DELETE ON rule_overrides FOR EACH ROW EXECUTE FUNCTION rule_overrides_append_only()",
    "CREATE TRIGGER tr_rule_overrides_no_truncate BEFORE TRUNCATE ON rule_overrides FOR EACH STATEMENT EXECUTE FUNCTION rule_overrides_append_only()",
    "CREATE FUNCTION observer_reports_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'observer_reports is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_observer_reports_append_only BEFORE UPDATE OR DELETE ON observer_reports FOR EACH ROW EXECUTE FUNCTION observer_reports_append_only()",
    "CREATE TRIGGER tr_observer_reports_no_truncate BEFORE TRUNCATE ON observer_reports FOR EACH STATEMENT EXECUTE FUNCTION observer_reports_append_only()",
    "CREATE FUNCTION plan_editions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'plan_editions is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_plan_editions_append_only BEFORE UPDATE OR DELETE ON plan_editions FOR EACH ROW EXECUTE FUNCTION plan_editions_append_only()",
    "CREATE TRIGGER tr_plan_editions_no_truncate BEFORE TRUNCATE ON plan_editions FOR EACH STATEMENT EXECUTE FUNCTION plan_editions_append_only()",
    "CREATE FUNCTION project_money_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'project_money is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_project_money_append_only BEFORE UPDATE OR DELETE ON project_money FOR EACH ROW EXECUTE FUNCTION project_money_append_only()",
    "CREATE TRIGGER tr_project_money_no_truncate BEFORE TRUNCATE ON project_money FOR EACH STATEMENT EXECUTE FUNCTION project_money_append_only()",
    "CREATE FUNCTION observer_report_answers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'observer_report_answers is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_observer_report_answers_append_only BEFORE UPDATE OR DELETE ON observer_report_answers FOR EACH ROW EXECUTE FUNCTION observer_report_answers_append_only()",
    "CREATE TRIGGER tr_observer_report_answers_no_truncate BEFORE TRUNCATE ON observer_report_answers FOR EACH STATEMENT EXECUTE FUNCTION observer_report_answers_append_only()",
    "CREATE INDEX ix_topics_tokens ON topics USING gin (to_tsvector('simple', tokens))",
)
FUNCTIONS = (
    "law_values_append_only",
    "ledger_entries_append_only",
    "official_replies_append_only",
    "rules_editions_append_only",
    "action_plan_editions_append_only",
    "phases_edition_first",
    "rule_overrides_append_only",
    "observer_reports_append_only",
    "plan_editions_append_only",
    "project_money_append_only",
    "observer_report_answers_append_only",
)
TABLES = (
    "community_types",
    "form_receipts",
    "holidays",
    "jobs",
    "law_values",
    "ledger_entries",
    "mail_tokens",
    "outbox_messages",
    "people",
    "policy_tags",
    "sign_in_tries",
    "site_state",
    "stored_files",
    "topics",
    "districts",
    "follows",
    "login_sessions",
    "notices",
    "official_replies",
    "comments",
    "cycles",
    "processes",
    "strategy_trees",
    "subdistricts",
    "action_plans",
    "comment_reports",
    "communities",
    "process_steps",
    "rules_editions",
    "rules_proposals",
    "strategy_levels",
    "strategy_nodes",
    "action_plan_editions",
    "committee_members",
    "forums",
    "grants",
    "interest_declarations",
    "observer_signups",
    "phases",
    "plans",
    "projects",
    "residencies",
    "rule_overrides",
    "step_documents",
    "strategy_indicators",
    "endorsements",
    "forum_attendances",
    "forum_attendees",
    "forum_issues",
    "observer_reports",
    "plan_editions",
    "process_projects",
    "project_money",
    "project_nodes",
    "strategy_measures",
    "strategy_targets",
    "observer_report_answers",
    "plan_items",
    "budget_lines",
    "items_not_yet",
    "plan_returns",
    "project_items",
    "screening_cases",
    "card_answers",
    "screening_corrections",
    "screening_decisions",
    "screening_referrals",
    "screening_appeals",
)


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "community_types",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_types")),
        sa.UniqueConstraint("name_th", "valid_from", name=op.f("uq_community_types_name_th_valid_from")),
    )
    op.create_table(
        "form_receipts",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "token", name=op.f("pk_form_receipts")),
    )
    op.create_table(
        "holidays",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "holiday",
                "special_holiday",
                "working_day",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("on", name=op.f("uq_holidays_on")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_jobs_state_leased_until", ["state", "leased_until"], unique=False)

    op.create_table(
        "law_values",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_values")),
    )
    with op.batch_alter_table("law_values", schema=None) as batch_op:
        batch_op.create_index("ix_law_values_key_valid_from", ["key", "valid_from"], unique=False)

    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_kind", sa.String(length=200), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("district_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(payload IS NULL) = (salt IS NULL)", name=op.f("ck_ledger_entries_payload_with_salt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_entries_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_ledger_entries_previous_hash")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entries_actor_id_id", ["actor_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entries_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entries_event"), ["event"], unique=False)
        batch_op.create_index(
            "ix_ledger_entries_subject_kind_subject_id", ["subject_kind", "subject_id"], unique=False
        )

    op.create_table(
        "mail_tokens",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "register", "reset", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_tokens_token_hash")),
    )
    with op.batch_alter_table("mail_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_tokens_email"), ["email"], unique=False)

    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued", "sent", "failed", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_messages_sent_with_instant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_messages_dedupe_key")),
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_messages_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_outbox_messages_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "policy_tags",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_tags")),
        sa.UniqueConstraint("name_th", name=op.f("uq_policy_tags_name_th")),
        sa.UniqueConstraint("position", name=op.f("uq_policy_tags_position")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_tries_key_at", ["key", "at"], unique=False)

    op.create_table(
        "site_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("clock_offset", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_site_state_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_state")),
    )
    op.create_table(
        "stored_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_kind", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("caption", sa.String(length=500), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.create_index("ix_stored_files_owner_kind_owner_id", ["owner_kind", "owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "topics",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("ref_id", sa.BigInteger(), nullable=True),
        sa.Column("district_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("kind", "ref_id", name=op.f("uq_topics_kind_ref_id")),
    )
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topics_district_id"), ["district_id"], unique=False)

    op.create_table(
        "districts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=500), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("agency_code", sa.String(length=8), nullable=False),
        sa.Column(
            "agency_code_status",
            sa.Enum(
                "verified",
                "inferred",
                name="agency_code_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("group_th", sa.String(length=200), nullable=False),
        sa.Column("tile_column", sa.SmallInteger(), nullable=False),
        sa.Column("tile_row", sa.SmallInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_districts_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_districts")),
        sa.UniqueConstraint("agency_code", name=op.f("uq_districts_agency_code")),
        sa.UniqueConstraint("code", name=op.f("uq_districts_code")),
        sa.UniqueConstraint("name_th", name=op.f("uq_districts_name_th")),
        sa.UniqueConstraint("tile_column", "tile_row", name=op.f("uq_districts_tile_column_tile_row")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_districts_topic_id")),
    )
    op.create_table(
        "follows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_follows_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_follows_topic_id_topics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("person_id", "topic_id", name=op.f("uq_follows_person_id_topic_id")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follows_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_login_sessions_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notices_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_notices_topic_id_topics"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("person_id", "dedupe_key", name=op.f("uq_notices_person_id_dedupe_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_person_id_id", ["person_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(
            "ix_notices_unread",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "official_replies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["people.id"],
            name=op.f("fk_official_replies_author_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["official_replies.id"],
            name=op.f("fk_official_replies_corrects_id_official_replies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_official_replies_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_replies")),
    )
    with op.batch_alter_table("official_replies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_official_replies_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_official_replies_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_official_replies_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "comments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "discussion",
                "hearing",
                "draft_tor",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("clause", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hidden_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_by IS NULL) AND (hidden_at IS NULL) = (hidden_reason IS NULL)",
            name=op.f("ck_comments_hidden_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_comments_author_id_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["hidden_by"], ["people.id"], name=op.f("fk_comments_hidden_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id_comments"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["official_replies.id"],
            name=op.f("fk_comments_reply_id_official_replies"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_comments_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comments_hidden_by"), ["hidden_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_comments_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "ix_comments_purpose_topic_id_reply_id", ["purpose", "topic_id", "reply_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_comments_reply_id"), ["reply_id"], unique=False)
        batch_op.create_index("ix_comments_topic_id_id", ["topic_id", "id"], unique=False)

    op.create_table(
        "cycles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("fiscal_year BETWEEN 2500 AND 2700", name=op.f("ck_cycles_fiscal_year_be")),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_cycles_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
        sa.UniqueConstraint("district_id", "fiscal_year", name=op.f("uq_cycles_district_id_fiscal_year")),
    )
    op.create_table(
        "processes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ocid", sa.String(length=200), nullable=False),
        sa.Column("egp_number", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "open",
                "limited",
                "direct",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("method_details", sa.String(length=200), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "goods",
                "works",
                "services",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("budget_satang", sa.BigInteger(), nullable=False),
        sa.Column("median_price_satang", sa.BigInteger(), nullable=True),
        sa.Column("supplier", sa.String(length=500), nullable=True),
        sa.Column("award_satang", sa.BigInteger(), nullable=True),
        sa.Column("contract_satang", sa.BigInteger(), nullable=True),
        sa.Column("contract_number", sa.String(length=200), nullable=True),
        sa.Column("paid_satang", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "closed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.Column("draft_tor", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)",
            name=op.f("ck_processes_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "(supplier IS NULL) = (award_satang IS NULL)", name=op.f("ck_processes_award_with_supplier")
        ),
        sa.CheckConstraint(
            "contract_satang IS NULL OR supplier IS NOT NULL", name=op.f("ck_processes_contract_after_award")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_processes_created_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_processes_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_processes_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
        sa.UniqueConstraint("egp_number", name=op.f("uq_processes_egp_number")),
        sa.UniqueConstraint("ocid", name=op.f("uq_processes_ocid")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_processes_topic_id")),
    )
    with op.batch_alter_table("processes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_processes_created_by"), ["created_by"], unique=False)
        batch_op.create_index("ix_processes_district_id_state", ["district_id", "state"], unique=False)

    op.create_table(
        "strategy_trees",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("first_year", sa.SmallInteger(), nullable=False),
        sa.Column("last_year", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("continues_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_strategy_trees_published_with_instant"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)",
            name=op.f("ck_strategy_trees_published_with_officer"),
        ),
        sa.CheckConstraint("first_year <= last_year", name=op.f("ck_strategy_trees_years_forward")),
        sa.ForeignKeyConstraint(
            ["continues_id"],
            ["strategy_trees.id"],
            name=op.f("fk_strategy_trees_continues_id_strategy_trees"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_strategy_trees_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.id"],
            name=op.f("fk_strategy_trees_published_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_trees")),
        sa.UniqueConstraint("slug", "version", name=op.f("uq_strategy_trees_slug_version")),
    )
    with op.batch_alter_table("strategy_trees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_strategy_trees_continues_id"), ["continues_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_strategy_trees_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_strategy_trees_published_by"), ["published_by"], unique=False)

    op.create_table(
        "subdistricts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_subdistricts_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subdistricts")),
        sa.UniqueConstraint("code", name=op.f("uq_subdistricts_code")),
    )
    with op.batch_alter_table("subdistricts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subdistricts_district_id"), ["district_id"], unique=False)

    op.create_table(
        "action_plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "hearing",
                "answered",
                "approved",
                "published",
                "reopened",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hearing_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_reason", sa.String(length=500), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'reopened') = (reopened_by IS NOT NULL) AND (reopened_by IS NULL) = (reopened_at IS NULL) AND (reopened_by IS NULL) = (reopened_reason IS NULL)",
            name=op.f("ck_action_plans_reopened_whole"),
        ),
        sa.CheckConstraint(
            "(state IN ('approved','published','reopened')) = (approved_by IS NOT NULL)",
            name=op.f("ck_action_plans_approved_first"),
        ),
        sa.CheckConstraint(
            "(state IN ('published','reopened')) = (published_at IS NOT NULL)",
            name=op.f("ck_action_plans_published_with_instant"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR hearing_opened_at IS NOT NULL", name=op.f("ck_action_plans_hearing_before")
        ),
        sa.CheckConstraint(
            "state IN ('draft','hearing') OR answered_at IS NOT NULL",
            name=op.f("ck_action_plans_answered_before"),
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)",
            name=op.f("ck_action_plans_approved_by_with_instant"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> created_by", name=op.f("ck_action_plans_four_eyes")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["people.id"],
            name=op.f("fk_action_plans_approved_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_action_plans_created_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_action_plans_cycle_id_cycles"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_action_plans_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by"],
            ["people.id"],
            name=op.f("fk_action_plans_reopened_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_action_plans_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plans")),
        sa.UniqueConstraint("cycle_id", name=op.f("uq_action_plans_cycle_id")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_action_plans_topic_id")),
    )
    with op.batch_alter_table("action_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_plans_approved_by"), ["approved_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_plans_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_plans_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_plans_reopened_by"), ["reopened_by"], unique=False)

    op.create_table(
        "comment_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by IS NULL)",
            name=op.f("ck_comment_reports_settled_with_moderator"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_comment_reports_comment_id_comments"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_comment_reports_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["people.id"],
            name=op.f("fk_comment_reports_settled_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_reports")),
        sa.UniqueConstraint("comment_id", "person_id", name=op.f("uq_comment_reports_comment_id_person_id")),
    )
    with op.batch_alter_table("comment_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_reports_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_reports_settled_at"), ["settled_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_reports_settled_by"), ["settled_by"], unique=False)

    op.create_table(
        "communities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subdistrict_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "committee_incomplete",
                "dissolving",
                "dissolved",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "name_quality",
            sa.Enum("ok", "check", name="name_quality", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("houses", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("houses IS NULL OR houses >= 0", name=op.f("ck_communities_houses_not_negative")),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_communities_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["subdistrict_id"],
            ["subdistricts.id"],
            name=op.f("fk_communities_subdistrict_id_subdistricts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_communities_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"],
            ["community_types.id"],
            name=op.f("fk_communities_type_id_community_types"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("district_id", "name", name=op.f("uq_communities_district_id_name")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_communities_topic_id")),
    )
    with op.batch_alter_table("communities", schema=None) as batch_op:
        batch_op.create_index(
            "ix_communities_district_id_sort_key", ["district_id", "sort_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_communities_subdistrict_id"), ["subdistrict_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_communities_type_id"), ["type_id"], unique=False)

    op.create_table(
        "process_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "procurement_plan",
                "committee",
                "median_price",
                "purchase_request",
                "draft_tor",
                "invitation",
                "bid_opening",
                "evaluation",
                "award",
                "appeal",
                "contract",
                "contract_essentials",
                "delivery",
                "acceptance",
                "payment",
                "monthly_summary",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("actual_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("meets_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("committee_size", sa.SmallInteger(), nullable=True),
        sa.Column("is_skipped", sa.Boolean(), nullable=False),
        sa.Column("is_open_to_observers", sa.Boolean(), nullable=False),
        sa.Column("observer_places", sa.SmallInteger(), nullable=False),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(done_by IS NULL) = (actual_on IS NULL) AND (done_at IS NULL) = (actual_on IS NULL)",
            name=op.f("ck_process_steps_done_with_officer"),
        ),
        sa.CheckConstraint(
            "NOT is_skipped OR (actual_on IS NULL AND length(note) > 0)",
            name=op.f("ck_process_steps_skipped_with_reason"),
        ),
        sa.CheckConstraint("committee_size > 0", name=op.f("ck_process_steps_committee_of_people")),
        sa.CheckConstraint(
            "ends_on IS NULL OR actual_on IS NULL OR actual_on <= ends_on",
            name=op.f("ck_process_steps_window_forward"),
        ),
        sa.CheckConstraint("observer_places >= 0", name=op.f("ck_process_steps_places_not_negative")),
        sa.ForeignKeyConstraint(
            ["done_by"], ["people.id"], name=op.f("fk_process_steps_done_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_process_steps_process_id_processes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_steps")),
        sa.UniqueConstraint("process_id", "kind", name=op.f("uq_process_steps_process_id_kind")),
    )
    with op.batch_alter_table("process_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_steps_done_by"), ["done_by"], unique=False)
        batch_op.create_index("ix_process_steps_kind_ends_on", ["kind", "ends_on"], unique=False)
        batch_op.create_index("ix_process_steps_planned_on", ["planned_on"], unique=False)

    op.create_table(
        "rules_editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("proposed_by <> confirmed_by", name=op.f("ck_rules_editions_four_eyes")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["people.id"],
            name=op.f("fk_rules_editions_confirmed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_rules_editions_cycle_id_cycles"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["people.id"],
            name=op.f("fk_rules_editions_proposed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_editions")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_rules_editions_cycle_id_number")),
    )
    with op.batch_alter_table("rules_editions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rules_editions_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_rules_editions_proposed_by"), ["proposed_by"], unique=False)

    op.create_table(
        "rules_proposals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "sent_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(length=500), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL)",
            name=op.f("ck_rules_proposals_decided_with_officer"),
        ),
        sa.CheckConstraint(
            "state <> 'sent_back' OR decision_note <> ''", name=op.f("ck_rules_proposals_sent_back_with_note")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_rules_proposals_decided_with_instant"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_rules_proposals_four_eyes")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_rules_proposals_cycle_id_cycles"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
            name=op.f("fk_rules_proposals_decided_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["people.id"],
            name=op.f("fk_rules_proposals_proposed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_proposals")),
    )
    with op.batch_alter_table("rules_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rules_proposals_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rules_proposals_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_rules_proposals_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(
            "uq_rules_proposals_one_waiting",
            ["cycle_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )

    op.create_table(
        "strategy_levels",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tree_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["tree_id"],
            ["strategy_trees.id"],
            name=op.f("fk_strategy_levels_tree_id_strategy_trees"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_levels")),
        sa.UniqueConstraint("tree_id", "depth", name=op.f("uq_strategy_levels_tree_id_depth")),
    )
    op.create_table(
        "strategy_nodes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tree_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("continues_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["continues_id"],
            ["strategy_nodes.id"],
            name=op.f("fk_strategy_nodes_continues_id_strategy_nodes"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["strategy_nodes.id"],
            name=op.f("fk_strategy_nodes_parent_id_strategy_nodes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_strategy_nodes_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["tree_id"],
            ["strategy_trees.id"],
            name=op.f("fk_strategy_nodes_tree_id_strategy_trees"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_nodes")),
    )
    with op.batch_alter_table("strategy_nodes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_strategy_nodes_continues_id"), ["continues_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_strategy_nodes_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_strategy_nodes_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index("ix_strategy_nodes_tree_id_path", ["tree_id", "path"], unique=False)

    op.create_table(
        "action_plan_editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_plan_id"],
            ["action_plans.id"],
            name=op.f("fk_action_plan_editions_action_plan_id_action_plans"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.id"],
            name=op.f("fk_action_plan_editions_published_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan_editions")),
        sa.UniqueConstraint(
            "action_plan_id", "number", name=op.f("uq_action_plan_editions_action_plan_id_number")
        ),
    )
    with op.batch_alter_table("action_plan_editions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_action_plan_editions_published_by"), ["published_by"], unique=False
        )

    op.create_table(
        "committee_members",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "post",
            sa.Enum(
                "chair",
                "vice_chair",
                "secretary",
                "treasurer",
                "registrar",
                "public_relations",
                "member",
                name="post",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("appointment_reference", sa.String(length=500), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(left_on IS NULL) = (left_reason = '')", name=op.f("ck_committee_members_left_with_reason")
        ),
        sa.CheckConstraint(
            "person_id IS NULL OR person_id <> entered_by", name=op.f("ck_committee_members_not_own_seat")
        ),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_committee_members_term_forward")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_committee_members_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_committee_members_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_committee_members_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_members")),
    )
    with op.batch_alter_table("committee_members", schema=None) as batch_op:
        batch_op.create_index(
            "ix_committee_members_community_id_valid_to", ["community_id", "valid_to"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_committee_members_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_committee_members_person_id"), ["person_id"], unique=False)

    op.create_table(
        "forums",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "monthly",
                "plan_1",
                "plan_2",
                "district_policy",
                "hearing",
                "plan_committee",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "recorded",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(community_id IS NOT NULL) = (purpose IN ('monthly', 'plan_1', 'plan_2'))",
            name=op.f("ck_forums_community_with_purpose"),
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)",
            name=op.f("ck_forums_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'recorded') = (recorded_at IS NOT NULL)", name=op.f("ck_forums_recorded_with_instant")
        ),
        sa.CheckConstraint(
            "cycle_id IS NOT NULL OR purpose NOT IN ('plan_1', 'plan_2', 'hearing')",
            name=op.f("ck_forums_cycle_with_purpose"),
        ),
        sa.CheckConstraint(
            "(recorded_at IS NULL) = (recorded_by IS NULL)", name=op.f("ck_forums_recorded_with_officer")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_forums_forward")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_forums_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_forums_created_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_forums_cycle_id_cycles"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_forums_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["people.id"], name=op.f("fk_forums_recorded_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_forums_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forums")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_forums_topic_id")),
    )
    with op.batch_alter_table("forums", schema=None) as batch_op:
        batch_op.create_index("ix_forums_community_id_starts_at", ["community_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_forums_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_forums_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index("ix_forums_district_id_starts_at", ["district_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_forums_recorded_by"), ["recorded_by"], unique=False)
        batch_op.create_index("ix_forums_starts_at", ["starts_at"], unique=False)

    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "leader",
                "planner",
                "director",
                "procurement",
                "strategy",
                "community_desk",
                "registry",
                "moderator",
                "auditor",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum(
                "city",
                "district",
                "community",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("section", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("order_reference", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(revoked_by IS NULL) = (revoked_at IS NULL) AND (revoked_by IS NULL) = (revoke_reason = '')",
            name=op.f("ck_grants_revoked_by_with_instant_and_reason"),
        ),
        sa.CheckConstraint(
            "(scope = 'city' AND district_id IS NULL AND community_id IS NULL) OR (scope = 'district' AND district_id IS NOT NULL AND community_id IS NULL) OR (scope = 'community' AND district_id IS NOT NULL AND community_id IS NOT NULL)",
            name=op.f("ck_grants_scope_with_place"),
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_grants_confirmed_by_with_instant"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> person_id", name=op.f("ck_grants_not_own_confirmation")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_grants_four_eyes")
        ),
        sa.CheckConstraint("proposed_by <> person_id", name=op.f("ck_grants_not_own_proposal")),
        sa.CheckConstraint(
            "revoked_by IS NULL OR revoked_by <> person_id", name=op.f("ck_grants_not_own_revocation")
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_grants_term_forward")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_grants_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["people.id"], name=op.f("fk_grants_confirmed_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_grants_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_grants_person_id_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.id"], name=op.f("fk_grants_proposed_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["people.id"], name=op.f("fk_grants_revoked_by_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_district_id"), ["district_id"], unique=False)
        batch_op.create_index("ix_grants_person_id_confirmed_at", ["person_id", "confirmed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_revoked_by"), ["revoked_by"], unique=False)

    op.create_table(
        "interest_declarations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_interest_declarations_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_interest_declarations_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_declarations")),
    )
    with op.batch_alter_table("interest_declarations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interest_declarations_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_interest_declarations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "observer_signups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "waiting",
                "confirmed",
                "declined",
                "cancelled",
                "attended",
                "absent",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("has_no_interest", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'declined' OR length(reason) > 0", name=op.f("ck_observer_signups_declined_with_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed','declined','attended','absent') OR decided_by IS NOT NULL",
            name=op.f("ck_observer_signups_decided_before"),
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_observer_signups_decided_with_officer"),
        ),
        sa.CheckConstraint("has_no_interest", name=op.f("ck_observer_signups_declared_no_interest")),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
            name=op.f("fk_observer_signups_decided_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_observer_signups_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_observer_signups_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["process_steps.id"],
            name=op.f("fk_observer_signups_step_id_process_steps"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer_signups")),
        sa.UniqueConstraint("step_id", "person_id", name=op.f("uq_observer_signups_step_id_person_id")),
    )
    with op.batch_alter_table("observer_signups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observer_signups_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index("ix_observer_signups_district_id_state", ["district_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_observer_signups_person_id"), ["person_id"], unique=False)

    op.create_table(
        "phases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "forums",
                "submission",
                "screening",
                "appeals",
                "voting",
                "hearing",
                "publication",
                "implementation",
                "closing",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_phases_forward")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_phases_cycle_id_cycles"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["rules_editions.id"],
            name=op.f("fk_phases_edition_id_rules_editions"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phases")),
        sa.UniqueConstraint("cycle_id", "kind", name=op.f("uq_phases_cycle_id_kind")),
    )
    with op.batch_alter_table("phases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phases_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(
            "ix_phases_kind_starts_at_ends_at", ["kind", "starts_at", "ends_at"], unique=False
        )

    op.create_table(
        "plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "endorsed",
                "submitted",
                "returned",
                "accepted_for_screening",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("vision", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("late_reason", sa.String(length=500), nullable=True),
        sa.Column("late_permitted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted_for_screening') = (accepted_by IS NOT NULL) AND (accepted_by IS NULL) = (accepted_at IS NULL)",
            name=op.f("ck_plans_accepted_with_officer"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR due_on IS NOT NULL", name=op.f("ck_plans_returned_with_due_day")
        ),
        sa.CheckConstraint(
            "state IN ('draft','endorsed','withdrawn') OR submitted_at IS NOT NULL",
            name=op.f("ck_plans_submitted_with_instant"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["people.id"], name=op.f("fk_plans_accepted_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_plans_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_plans_created_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_plans_cycle_id_cycles"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_plans_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["late_permitted_by"],
            ["people.id"],
            name=op.f("fk_plans_late_permitted_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_plans_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("cycle_id", "community_id", name=op.f("uq_plans_cycle_id_community_id")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_plans_topic_id")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_accepted_by"), ["accepted_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_plans_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plans_created_by"), ["created_by"], unique=False)
        batch_op.create_index("ix_plans_district_id_state", ["district_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_plans_late_permitted_by"), ["late_permitted_by"], unique=False)

    op.create_table(
        "projects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "project",
                "activity",
                "measure",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=200), nullable=True),
        sa.Column("printed_number", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("objectives", sa.Text(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("area", sa.String(length=500), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "budget_kind",
            sa.Enum(
                "amount",
                "none",
                "annual_expenditure",
                name="budget_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("budget_satang", sa.BigInteger(), nullable=True),
        sa.Column("fund_source", sa.String(length=500), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "administration",
                "registration",
                "public_works",
                "environment_sanitation",
                "revenue",
                "cleansing_parks",
                "education",
                "finance",
                "city_law",
                "community_welfare",
                "whole_office",
                name="section",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sections_text", sa.String(length=500), nullable=False),
        sa.Column("indicators", sa.Text(), nullable=False),
        sa.Column("quarters", sa.String(length=8), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(budget_kind = 'amount') = (budget_satang IS NOT NULL)",
            name=op.f("ck_projects_budget_amount_or_words"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_projects_withdrawn_with_reason"),
        ),
        sa.CheckConstraint(
            "budget_satang IS NULL OR budget_satang >= 0", name=op.f("ck_projects_budget_not_negative")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_projects_period_forward")),
        sa.ForeignKeyConstraint(
            ["action_plan_id"],
            ["action_plans.id"],
            name=op.f("fk_projects_action_plan_id_action_plans"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["people.id"], name=op.f("fk_projects_changed_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_projects_created_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_projects_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_projects_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("action_plan_id", "code", name=op.f("uq_projects_action_plan_id_code")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_projects_topic_id")),
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(
            "ix_projects_action_plan_id_position", ["action_plan_id", "position"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_projects_changed_by"), ["changed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_district_id"), ["district_id"], unique=False)

    op.create_table(
        "residencies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "confirmed",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'requested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_residencies_decided_with_officer"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_residencies_refused_with_reason")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> person_id", name=op.f("ck_residencies_not_own_decision")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_residencies_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_residencies_decided_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_residencies_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_residencies_person_id_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residencies")),
    )
    with op.batch_alter_table("residencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_residencies_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_residencies_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_residencies_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_residencies_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_residencies_one_current",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'refused' AND ended_at IS NULL"),
            postgresql_where=sa.text("state <> 'refused' AND ended_at IS NULL"),
        )

    op.create_table(
        "rule_overrides",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("warning", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signer", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_rule_overrides_reason_given")),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_rule_overrides_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["process_steps.id"],
            name=op.f("fk_rule_overrides_step_id_process_steps"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_overrides")),
    )
    with op.batch_alter_table("rule_overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_overrides_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_rule_overrides_step_id"), ["step_id"], unique=False)

    op.create_table(
        "step_documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document_type", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "length(text) > 0 OR file_id IS NOT NULL", name=op.f("ck_step_documents_text_or_file")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["stored_files.id"],
            name=op.f("fk_step_documents_file_id_stored_files"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.id"],
            name=op.f("fk_step_documents_published_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["process_steps.id"],
            name=op.f("fk_step_documents_step_id_process_steps"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_documents")),
    )
    with op.batch_alter_table("step_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_step_documents_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_documents_published_by"), ["published_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_step_documents_step_id"), ["step_id"], unique=False)

    op.create_table(
        "strategy_indicators",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["strategy_nodes.id"],
            name=op.f("fk_strategy_indicators_node_id_strategy_nodes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_indicators")),
    )
    with op.batch_alter_table("strategy_indicators", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_strategy_indicators_node_id"), ["node_id"], unique=False)

    op.create_table(
        "endorsements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("paper_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(paper_file_id IS NULL AND signed_by IS NOT NULL) OR (paper_file_id IS NOT NULL AND signed_by IS NULL AND entered_by IS NOT NULL)",
            name=op.f("ck_endorsements_account_or_paper"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["people.id"], name=op.f("fk_endorsements_entered_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["committee_members.id"],
            name=op.f("fk_endorsements_member_id_committee_members"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["paper_file_id"],
            ["stored_files.id"],
            name=op.f("fk_endorsements_paper_file_id_stored_files"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_endorsements_plan_id_plans"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["people.id"], name=op.f("fk_endorsements_signed_by_people"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsements")),
        sa.UniqueConstraint(
            "plan_id",
            "member_id",
            "content_sha256",
            name=op.f("uq_endorsements_plan_id_member_id_content_sha256"),
        ),
    )
    with op.batch_alter_table("endorsements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_endorsements_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_endorsements_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_endorsements_paper_file_id"), ["paper_file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_endorsements_signed_by"), ["signed_by"], unique=False)

    op.create_table(
        "forum_attendances",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "sex",
            sa.Enum(
                "female", "male", "other", name="sex", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "age_band",
            sa.Enum(
                "under_18",
                "18_35",
                "36_59",
                "60_up",
                name="age_band",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_forum_attendances_not_negative")),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forums.id"], name=op.f("fk_forum_attendances_forum_id_forums"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_attendances")),
        sa.UniqueConstraint(
            "forum_id", "sex", "age_band", name=op.f("uq_forum_attendances_forum_id_sex_age_band")
        ),
    )
    op.create_table(
        "forum_attendees",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forums.id"], name=op.f("fk_forum_attendees_forum_id_forums"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_attendees")),
    )
    with op.batch_alter_table("forum_attendees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forum_attendees_forum_id"), ["forum_id"], unique=False)

    op.create_table(
        "forum_issues",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "physical",
                "economy",
                "social",
                "health",
                "mind",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.CheckConstraint("raised_by >= 0 AND votes >= 0", name=op.f("ck_forum_issues_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forums.id"], name=op.f("fk_forum_issues_forum_id_forums"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_issues")),
        sa.UniqueConstraint("forum_id", "position", name=op.f("uq_forum_issues_forum_id_position")),
    )
    op.create_table(
        "observer_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signup_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("concerns", sa.Text(), nullable=False),
        sa.Column(
            "grade",
            sa.Enum(
                "no_concern",
                "question",
                "concern",
                name="grade",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["signup_id"],
            ["observer_signups.id"],
            name=op.f("fk_observer_reports_signup_id_observer_signups"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer_reports")),
        sa.UniqueConstraint("signup_id", name=op.f("uq_observer_reports_signup_id")),
    )
    with op.batch_alter_table("observer_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_observer_reports_answer_due_on"), ["answer_due_on"], unique=False
        )

    op.create_table(
        "plan_editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_editions_plan_id_plans"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["people.id"],
            name=op.f("fk_plan_editions_submitted_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_editions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_editions_plan_id_number")),
    )
    with op.batch_alter_table("plan_editions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_editions_submitted_by"), ["submitted_by"], unique=False)

    op.create_table(
        "process_projects",
        sa.Column("process_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_process_projects_process_id_processes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_process_projects_project_id_projects"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("process_id", "project_id", name=op.f("pk_process_projects")),
    )
    with op.batch_alter_table("process_projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_projects_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_money",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "requested",
                "allocated",
                "refused",
                "transferred",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "step <> 'refused' OR length(note) > 0", name=op.f("ck_project_money_refused_with_reason")
        ),
        sa.CheckConstraint("amount_satang >= 0", name=op.f("ck_project_money_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_project_money_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_project_money_project_id_projects"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_money")),
    )
    with op.batch_alter_table("project_money", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_money_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index("ix_project_money_project_id_id", ["project_id", "id"], unique=False)

    op.create_table(
        "project_nodes",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["strategy_nodes.id"],
            name=op.f("fk_project_nodes_node_id_strategy_nodes"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_project_nodes_project_id_projects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "node_id", name=op.f("pk_project_nodes")),
    )
    with op.batch_alter_table("project_nodes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_nodes_node_id"), ["node_id"], unique=False)

    op.create_table(
        "strategy_measures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("indicator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("is_flagship", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency", sa.String(length=500), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("budget_satang", sa.BigInteger(), nullable=True),
        sa.Column("budget_words", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["strategy_indicators.id"],
            name=op.f("fk_strategy_measures_indicator_id_strategy_indicators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_measures")),
    )
    with op.batch_alter_table("strategy_measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_strategy_measures_indicator_id"), ["indicator_id"], unique=False)

    op.create_table(
        "strategy_targets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("indicator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("agency", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["strategy_indicators.id"],
            name=op.f("fk_strategy_targets_indicator_id_strategy_indicators"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_targets")),
        sa.UniqueConstraint(
            "indicator_id",
            "fiscal_year",
            "agency",
            name=op.f("uq_strategy_targets_indicator_id_fiscal_year_agency"),
        ),
    )
    op.create_table(
        "observer_report_answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["people.id"],
            name=op.f("fk_observer_report_answers_answered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["observer_reports.id"],
            name=op.f("fk_observer_report_answers_report_id_observer_reports"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer_report_answers")),
        sa.UniqueConstraint("report_id", name=op.f("uq_observer_report_answers_report_id")),
    )
    with op.batch_alter_table("observer_report_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_observer_report_answers_answered_by"), ["answered_by"], unique=False
        )

    op.create_table(
        "plan_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "physical",
                "economy",
                "social",
                "health",
                "mind",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("beneficiaries", sa.Integer(), nullable=True),
        sa.Column("beneficiary_groups", sa.String(length=500), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "self",
                "together",
                "support",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("budget_satang", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_plan_items_point_whole")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_plan_items_withdrawn_with_reason"),
        ),
        sa.CheckConstraint(
            "beneficiaries IS NULL OR beneficiaries >= 0",
            name=op.f("ck_plan_items_beneficiaries_not_negative"),
        ),
        sa.CheckConstraint("budget_satang >= 0", name=op.f("ck_plan_items_budget_not_negative")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_plan_items_created_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"],
            ["forum_issues.id"],
            name=op.f("fk_plan_items_issue_id_forum_issues"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_items_plan_id_plans"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_plan_items_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_items")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_plan_items_topic_id")),
    )
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_items_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_items_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index("ix_plan_items_plan_id_rank", ["plan_id", "rank"], unique=False)

    op.create_table(
        "budget_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("quantity_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("unit_price_satang", sa.BigInteger(), nullable=False),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "quantity_thousandths > 0 AND unit_price_satang >= 0", name=op.f("ck_budget_lines_positive")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["plan_items.id"],
            name=op.f("fk_budget_lines_item_id_plan_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_lines")),
        sa.UniqueConstraint("item_id", "position", name=op.f("uq_budget_lines_item_id_position")),
    )
    with op.batch_alter_table("budget_lines", schema=None) as batch_op:
        batch_op.create_index("ix_budget_lines_what", ["what"], unique=False)

    op.create_table(
        "items_not_yet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_plan_id"],
            ["action_plans.id"],
            name=op.f("fk_items_not_yet_action_plan_id_action_plans"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["people.id"], name=op.f("fk_items_not_yet_given_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["plan_items.id"],
            name=op.f("fk_items_not_yet_item_id_plan_items"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items_not_yet")),
        sa.UniqueConstraint(
            "action_plan_id", "item_id", name=op.f("uq_items_not_yet_action_plan_id_item_id")
        ),
    )
    with op.batch_alter_table("items_not_yet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_items_not_yet_given_by"), ["given_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_not_yet_item_id"), ["item_id"], unique=False)

    op.create_table(
        "plan_returns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("returned_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["plan_items.id"],
            name=op.f("fk_plan_returns_item_id_plan_items"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_returns_plan_id_plans"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"],
            ["people.id"],
            name=op.f("fk_plan_returns_returned_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_returns")),
    )
    with op.batch_alter_table("plan_returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_returns_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_returns_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_returns_returned_by"), ["returned_by"], unique=False)

    op.create_table(
        "project_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("linked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_satang >= 0", name=op.f("ck_project_items_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["plan_items.id"],
            name=op.f("fk_project_items_item_id_plan_items"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["linked_by"], ["people.id"], name=op.f("fk_project_items_linked_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_project_items_project_id_projects"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_items")),
        sa.UniqueConstraint("project_id", "item_id", name=op.f("uq_project_items_project_id_item_id")),
    )
    with op.batch_alter_table("project_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_items_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_items_linked_by"), ["linked_by"], unique=False)

    op.create_table(
        "screening_cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "formal_check",
                "merit_check",
                "needs_correction",
                "awaiting_agency",
                "proposed",
                "confirmed",
                "appealed",
                "appeal_proposed",
                "appeal_confirmed",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("assigned_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("area_node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("city_node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeals_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "released_at IS NULL OR (decision_id IS NOT NULL AND state IN ('confirmed','appealed','appeal_proposed','appeal_confirmed'))",
            name=op.f("ck_screening_cases_released_with_decision"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('appealed','appeal_proposed','appeal_confirmed') OR released_at IS NOT NULL",
            name=op.f("ck_screening_cases_appealed_after_release"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed','appealed','appeal_proposed','appeal_confirmed') OR decision_id IS NOT NULL",
            name=op.f("ck_screening_cases_confirmed_with_decision"),
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (appeals_until IS NULL) AND released_at <= appeals_until",
            name=op.f("ck_screening_cases_released_with_appeal_window"),
        ),
        sa.ForeignKeyConstraint(
            ["area_node_id"],
            ["strategy_nodes.id"],
            name=op.f("fk_screening_cases_area_node_id_strategy_nodes"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["people.id"],
            name=op.f("fk_screening_cases_assigned_to_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["city_node_id"],
            ["strategy_nodes.id"],
            name=op.f("fk_screening_cases_city_node_id_strategy_nodes"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["screening_decisions.id"],
            name=op.f("fk_screening_cases_decision_id_screening_decisions"),
            ondelete="RESTRICT",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_screening_cases_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["rules_editions.id"],
            name=op.f("fk_screening_cases_edition_id_rules_editions"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["plan_items.id"],
            name=op.f("fk_screening_cases_item_id_plan_items"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_screening_cases_plan_id_plans"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_cases")),
        sa.UniqueConstraint("item_id", name=op.f("uq_screening_cases_item_id")),
    )
    with op.batch_alter_table("screening_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_cases_area_node_id"), ["area_node_id"], unique=False)
        batch_op.create_index("ix_screening_cases_assigned_to_state", ["assigned_to", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_cases_city_node_id"), ["city_node_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_cases_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index("ix_screening_cases_district_id_state", ["district_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_cases_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_cases_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_cases_released_at"), ["released_at"], unique=False)

    op.create_table(
        "card_answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("criterion", sa.String(length=200), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "met",
                "not_met",
                "not_applicable",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer = 'met' OR length(reason) > 0", name=op.f("ck_card_answers_reason_unless_met")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["people.id"],
            name=op.f("fk_card_answers_answered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["screening_cases.id"],
            name=op.f("fk_card_answers_case_id_screening_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_answers")),
        sa.UniqueConstraint("case_id", "criterion", name=op.f("uq_card_answers_case_id_criterion")),
    )
    with op.batch_alter_table("card_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_answers_answered_by"), ["answered_by"], unique=False)

    op.create_table(
        "screening_corrections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("clock_due_on", sa.Date(), nullable=False),
        sa.Column(
            "back_to",
            sa.Enum(
                "waiting",
                "formal_check",
                "merit_check",
                "needs_correction",
                "awaiting_agency",
                "proposed",
                "confirmed",
                "appealed",
                "appeal_proposed",
                "appeal_confirmed",
                "withdrawn",
                name="back_to",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_screening_corrections_answered_with_person"),
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_screening_corrections_answered_is_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["people.id"],
            name=op.f("fk_screening_corrections_answered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["people.id"],
            name=op.f("fk_screening_corrections_asked_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["screening_cases.id"],
            name=op.f("fk_screening_corrections_case_id_screening_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_corrections")),
    )
    with op.batch_alter_table("screening_corrections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_screening_corrections_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_screening_corrections_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_corrections_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_screening_corrections_one_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "screening_decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("appeal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "accept",
                "accept_changed",
                "merge_with",
                "refer",
                "community_does",
                "defer",
                "reject",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason_code", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("accepted_satang", sa.BigInteger(), nullable=True),
        sa.Column("merge_into_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency", sa.String(length=500), nullable=False),
        sa.Column("agency_reply", sa.Text(), nullable=False),
        sa.Column("defer_to_year", sa.SmallInteger(), nullable=True),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_reason", sa.Text(), nullable=True),
        sa.Column("set_aside_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(outcome IN ('accept','accept_changed')) = (accepted_satang IS NOT NULL) AND (accepted_satang IS NULL OR accepted_satang >= 0)",
            name=op.f("ck_screening_decisions_accepted_with_amount"),
        ),
        sa.CheckConstraint(
            "outcome <> 'accept_changed' OR length(changes) > 0",
            name=op.f("ck_screening_decisions_changed_with_changes"),
        ),
        sa.CheckConstraint(
            "outcome <> 'defer' OR defer_to_year IS NOT NULL",
            name=op.f("ck_screening_decisions_defer_with_year"),
        ),
        sa.CheckConstraint(
            "outcome <> 'merge_with' OR merge_into_item_id IS NOT NULL",
            name=op.f("ck_screening_decisions_merge_with_target"),
        ),
        sa.CheckConstraint(
            "outcome <> 'refer' OR length(agency) > 0", name=op.f("ck_screening_decisions_refer_with_agency")
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_screening_decisions_confirmed_by_with_instant"),
        ),
        sa.CheckConstraint(
            "(sent_back_by IS NULL) = (sent_back_at IS NULL)",
            name=op.f("ck_screening_decisions_sent_back_by_with_instant"),
        ),
        sa.CheckConstraint(
            "(sent_back_by IS NULL) = (sent_back_reason IS NULL)",
            name=op.f("ck_screening_decisions_sent_back_with_reason"),
        ),
        sa.CheckConstraint(
            "(set_aside_by IS NULL) = (set_aside_at IS NULL) AND (set_aside_by IS NULL) = (set_aside_reason IS NULL)",
            name=op.f("ck_screening_decisions_set_aside_whole"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by",
            name=op.f("ck_screening_decisions_four_eyes"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR sent_back_by IS NULL",
            name=op.f("ck_screening_decisions_confirmed_or_sent_back"),
        ),
        sa.CheckConstraint(
            "length(reason) > 0 AND length(reason_code) > 0", name=op.f("ck_screening_decisions_reason_given")
        ),
        sa.CheckConstraint(
            "set_aside_by IS NULL OR confirmed_by IS NOT NULL",
            name=op.f("ck_screening_decisions_set_aside_when_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["appeal_id"],
            ["screening_appeals.id"],
            name=op.f("fk_screening_decisions_appeal_id_screening_appeals"),
            ondelete="RESTRICT",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["screening_cases.id"],
            name=op.f("fk_screening_decisions_case_id_screening_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["people.id"],
            name=op.f("fk_screening_decisions_confirmed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["merge_into_item_id"],
            ["plan_items.id"],
            name=op.f("fk_screening_decisions_merge_into_item_id_plan_items"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["people.id"],
            name=op.f("fk_screening_decisions_proposed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sent_back_by"],
            ["people.id"],
            name=op.f("fk_screening_decisions_sent_back_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["set_aside_by"],
            ["people.id"],
            name=op.f("fk_screening_decisions_set_aside_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_decisions")),
    )
    with op.batch_alter_table("screening_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_decisions_appeal_id"), ["appeal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_decisions_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_screening_decisions_confirmed_by"), ["confirmed_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_screening_decisions_merge_into_item_id"), ["merge_into_item_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_screening_decisions_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_screening_decisions_sent_back_by"), ["sent_back_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_screening_decisions_set_aside_by"), ["set_aside_by"], unique=False
        )
        batch_op.create_index(
            "uq_screening_decisions_one_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_by IS NULL AND sent_back_by IS NULL"),
            postgresql_where=sa.text("confirmed_by IS NULL AND sent_back_by IS NULL"),
        )

    op.create_table(
        "screening_referrals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency", sa.String(length=500), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("clock_due_on", sa.Date(), nullable=False),
        sa.Column(
            "back_to",
            sa.Enum(
                "waiting",
                "formal_check",
                "merit_check",
                "needs_correction",
                "awaiting_agency",
                "proposed",
                "confirmed",
                "appealed",
                "appeal_proposed",
                "appeal_confirmed",
                "withdrawn",
                name="back_to",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_screening_referrals_answered_with_person"),
        ),
        sa.CheckConstraint(
            "answered_at IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_screening_referrals_answered_is_closed"),
        ),
        sa.CheckConstraint("length(agency) > 0", name=op.f("ck_screening_referrals_agency_named")),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["people.id"],
            name=op.f("fk_screening_referrals_answered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["people.id"],
            name=op.f("fk_screening_referrals_asked_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["screening_cases.id"],
            name=op.f("fk_screening_referrals_case_id_screening_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_referrals")),
    )
    with op.batch_alter_table("screening_referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_referrals_answered_by"), ["answered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_referrals_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_referrals_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "uq_screening_referrals_one_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "screening_appeals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld", "changed", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decision_id IS NULL)",
            name=op.f("ck_screening_appeals_outcome_with_decision"),
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR decision_id IS NOT NULL",
            name=op.f("ck_screening_appeals_released_with_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["screening_cases.id"],
            name=op.f("fk_screening_appeals_case_id_screening_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["screening_decisions.id"],
            name=op.f("fk_screening_appeals_decision_id_screening_decisions"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["filed_by"],
            ["people.id"],
            name=op.f("fk_screening_appeals_filed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["first_decision_id"],
            ["screening_decisions.id"],
            name=op.f("fk_screening_appeals_first_decision_id_screening_decisions"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_appeals")),
        sa.UniqueConstraint("case_id", name=op.f("uq_screening_appeals_case_id")),
    )
    with op.batch_alter_table("screening_appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_appeals_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_screening_appeals_filed_by"), ["filed_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_screening_appeals_first_decision_id"), ["first_decision_id"], unique=False
        )

    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_screening_cases_decision_id_screening_decisions",
            "screening_cases",
            "screening_decisions",
            ["decision_id"],
            ["id"],
            ondelete="RESTRICT",
        )

    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_screening_decisions_appeal_id_screening_appeals",
            "screening_decisions",
            "screening_appeals",
            ["appeal_id"],
            ["id"],
            ondelete="RESTRICT",
        )

    # ### end Alembic commands ###
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TABLE topic_search")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}" if is_sqlite else f"DROP TABLE {table} CASCADE")
    if not is_sqlite:
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
