"""voting rounds

Rounds, their projects and editions, publication areas, the roll, letters' codes, reminders; duties of a voting round.

Revision: voting_rounds
After: bodies_and_papers
Written: 2026-11-22 08:45 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "voting_rounds"
down_revision = "bodies_and_papers"
branch_labels = None
depends_on = None

OLD = (
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
)
NEW = (*OLD[:7], "round_officer", "key_custodian", "paper_clerk", "certifier", *OLD[7:])
SQLITE = (
    "CREATE TRIGGER tr_rounds_frozen BEFORE UPDATE ON rounds WHEN OLD.edition_sha256 IS NOT NULL AND (NEW.id IS NOT OLD.id OR NEW.district_id IS NOT OLD.district_id OR NEW.cycle_id IS NOT OLD.cycle_id OR NEW.replaces_id IS NOT OLD.replaces_id OR NEW.title IS NOT OLD.title OR NEW.about IS NOT OLD.about OR NEW.envelope_satang IS NOT OLD.envelope_satang OR NEW.ballot_type IS NOT OLD.ballot_type OR NEW.max_choices IS NOT OLD.max_choices OR NEW.min_choices IS NOT OLD.min_choices OR NEW.max_points IS NOT OLD.max_points OR NEW.rule IS NOT OLD.rule OR NEW.completion IS NOT OLD.completion OR NEW.start IS NOT OLD.start OR NEW.stop IS NOT OLD.stop OR NEW.utility IS NOT OLD.utility OR NEW.compares IS NOT OLD.compares OR NEW.min_support IS NOT OLD.min_support OR NEW.counts_empty IS NOT OLD.counts_empty OR NEW.shows_ballots IS NOT OLD.shows_ballots OR NEW.min_age IS NOT OLD.min_age OR NEW.cutoff_day IS NOT OLD.cutoff_day OR NEW.opens_at IS NOT OLD.opens_at OR NEW.closes_at IS NOT OLD.closes_at OR NEW.tie_source IS NOT OLD.tie_source OR NEW.tie_commitment IS NOT OLD.tie_commitment OR NEW.edition_sha256 IS NOT OLD.edition_sha256 OR NEW.created_by IS NOT OLD.created_by OR NEW.created_at IS NOT OLD.created_at OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at OR NEW.send_back_note IS NOT OLD.send_back_note OR NEW.topic_id IS NOT OLD.topic_id) BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_rounds_forward BEFORE UPDATE ON rounds WHEN (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS NOT OLD.roll_locked_at OR NEW.roll_count IS NOT OLD.roll_count)) OR (OLD.edition_sha256 IS NOT NULL AND NEW.tie_secret IS NOT OLD.tie_secret AND OLD.tie_secret IS NOT NULL) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state IN ('draft', 'proposed')) OR (OLD.state = 'certified' AND NEW.state <> 'certified') OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') BEGIN SELECT RAISE(ABORT, 'a round goes forward only'); END",
    "CREATE TRIGGER tr_rounds_kept BEFORE DELETE ON rounds WHEN OLD.edition_sha256 IS NOT NULL BEGIN SELECT RAISE(ABORT, 'the rules of a published round are frozen'); END",
    "CREATE TRIGGER tr_candidates_no_more BEFORE INSERT ON candidates WHEN EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the projects of a published round are frozen'); END",
    "CREATE TRIGGER tr_candidates_frozen BEFORE UPDATE ON candidates WHEN (EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) OR EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL)) AND (NEW.id IS NOT OLD.id OR NEW.round_id IS NOT OLD.round_id OR NEW.number IS NOT OLD.number OR NEW.item_id IS NOT OLD.item_id OR NEW.topic_id IS NOT OLD.topic_id OR NEW.community_id IS NOT OLD.community_id OR NEW.name IS NOT OLD.name OR NEW.summary IS NOT OLD.summary OR NEW.place IS NOT OLD.place OR NEW.side IS NOT OLD.side OR NEW.cost_satang IS NOT OLD.cost_satang OR NEW.picture_file_id IS NOT OLD.picture_file_id OR OLD.withdrawn_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the projects of a published round are frozen'); END",
    "CREATE TRIGGER tr_candidates_kept BEFORE DELETE ON candidates WHEN EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the projects of a published round are frozen'); END",
    "CREATE TRIGGER tr_candidate_conflicts_no_more BEFORE INSERT ON candidate_conflicts WHEN EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the projects of a published round are frozen'); END",
    "CREATE TRIGGER tr_candidate_conflicts_frozen BEFORE UPDATE ON candidate_conflicts WHEN EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) OR EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the projects of a published round are frozen'); END",
    "CREATE TRIGGER tr_candidate_conflicts_kept BEFORE DELETE ON candidate_conflicts WHEN EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'the projects of a published round are frozen'); END",
    "CREATE TRIGGER tr_round_editions_no_update BEFORE UPDATE ON round_editions BEGIN SELECT RAISE(ABORT, 'round_editions is append-only'); END",
    "CREATE TRIGGER tr_round_editions_no_delete BEFORE DELETE ON round_editions BEGIN SELECT RAISE(ABORT, 'round_editions is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION rounds_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN IF OLD.edition_sha256 IS NOT NULL THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; ELSIF TG_OP = 'UPDATE' THEN IF OLD.edition_sha256 IS NOT NULL AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.district_id IS DISTINCT FROM OLD.district_id OR NEW.cycle_id IS DISTINCT FROM OLD.cycle_id OR NEW.replaces_id IS DISTINCT FROM OLD.replaces_id OR NEW.title IS DISTINCT FROM OLD.title OR NEW.about IS DISTINCT FROM OLD.about OR NEW.envelope_satang IS DISTINCT FROM OLD.envelope_satang OR NEW.ballot_type IS DISTINCT FROM OLD.ballot_type OR NEW.max_choices IS DISTINCT FROM OLD.max_choices OR NEW.min_choices IS DISTINCT FROM OLD.min_choices OR NEW.max_points IS DISTINCT FROM OLD.max_points OR NEW.rule IS DISTINCT FROM OLD.rule OR NEW.completion IS DISTINCT FROM OLD.completion OR NEW.start IS DISTINCT FROM OLD.start OR NEW.stop IS DISTINCT FROM OLD.stop OR NEW.utility IS DISTINCT FROM OLD.utility OR NEW.compares IS DISTINCT FROM OLD.compares OR NEW.min_support IS DISTINCT FROM OLD.min_support OR NEW.counts_empty IS DISTINCT FROM OLD.counts_empty OR NEW.shows_ballots IS DISTINCT FROM OLD.shows_ballots OR NEW.min_age IS DISTINCT FROM OLD.min_age OR NEW.cutoff_day IS DISTINCT FROM OLD.cutoff_day OR NEW.opens_at IS DISTINCT FROM OLD.opens_at OR NEW.closes_at IS DISTINCT FROM OLD.closes_at OR NEW.tie_source IS DISTINCT FROM OLD.tie_source OR NEW.tie_commitment IS DISTINCT FROM OLD.tie_commitment OR NEW.edition_sha256 IS DISTINCT FROM OLD.edition_sha256 OR NEW.created_by IS DISTINCT FROM OLD.created_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at OR NEW.send_back_note IS DISTINCT FROM OLD.send_back_note OR NEW.topic_id IS DISTINCT FROM OLD.topic_id) THEN RAISE EXCEPTION 'the rules of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; IF (OLD.roll_locked_at IS NOT NULL AND (NEW.roll_locked_at IS DISTINCT FROM OLD.roll_locked_at OR NEW.roll_count IS DISTINCT FROM OLD.roll_count)) OR (OLD.edition_sha256 IS NOT NULL AND NEW.tie_secret IS DISTINCT FROM OLD.tie_secret AND OLD.tie_secret IS NOT NULL) OR (OLD.edition_sha256 IS NOT NULL AND NEW.state IN ('draft', 'proposed')) OR (OLD.state = 'certified' AND NEW.state <> 'certified') OR (OLD.state = 'cancelled' AND NEW.state <> 'cancelled') THEN RAISE EXCEPTION 'a round goes forward only' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE FUNCTION rounds_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rounds is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_rounds_frozen BEFORE INSERT OR UPDATE OR DELETE ON rounds FOR EACH ROW EXECUTE FUNCTION rounds_frozen()",
    "CREATE TRIGGER tr_rounds_no_truncate BEFORE TRUNCATE ON rounds FOR EACH STATEMENT EXECUTE FUNCTION rounds_no_truncate()",
    "CREATE FUNCTION candidates_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'INSERT' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) THEN RAISE EXCEPTION 'the projects of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; ELSIF TG_OP = 'DELETE' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) THEN RAISE EXCEPTION 'the projects of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; ELSE IF (EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) OR EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL)) AND (NEW.id IS DISTINCT FROM OLD.id OR NEW.round_id IS DISTINCT FROM OLD.round_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.item_id IS DISTINCT FROM OLD.item_id OR NEW.topic_id IS DISTINCT FROM OLD.topic_id OR NEW.community_id IS DISTINCT FROM OLD.community_id OR NEW.name IS DISTINCT FROM OLD.name OR NEW.summary IS DISTINCT FROM OLD.summary OR NEW.place IS DISTINCT FROM OLD.place OR NEW.side IS DISTINCT FROM OLD.side OR NEW.cost_satang IS DISTINCT FROM OLD.cost_satang OR NEW.picture_file_id IS DISTINCT FROM OLD.picture_file_id OR OLD.withdrawn_at IS NOT NULL) THEN RAISE EXCEPTION 'the projects of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE FUNCTION candidates_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'candidates is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_candidates_frozen BEFORE INSERT OR UPDATE OR DELETE ON candidates FOR EACH ROW EXECUTE FUNCTION candidates_frozen()",
    "CREATE TRIGGER tr_candidates_no_truncate BEFORE TRUNCATE ON candidates FOR EACH STATEMENT EXECUTE FUNCTION candidates_no_truncate()",
    "CREATE FUNCTION candidate_conflicts_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP <> 'INSERT' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = OLD.round_id AND edition_sha256 IS NOT NULL) THEN RAISE EXCEPTION 'the projects of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP <> 'DELETE' THEN IF EXISTS (SELECT 1 FROM rounds WHERE id = NEW.round_id AND edition_sha256 IS NOT NULL) THEN RAISE EXCEPTION 'the projects of a published round are frozen' USING ERRCODE = 'check_violation'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE FUNCTION candidate_conflicts_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'candidate_conflicts is not emptied' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_candidate_conflicts_frozen BEFORE INSERT OR UPDATE OR DELETE ON candidate_conflicts FOR EACH ROW EXECUTE FUNCTION candidate_conflicts_frozen()",
    "CREATE TRIGGER tr_candidate_conflicts_no_truncate BEFORE TRUNCATE ON candidate_conflicts FOR EACH STATEMENT EXECUTE FUNCTION candidate_conflicts_no_truncate()",
    "CREATE FUNCTION round_editions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'round_editions is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_round_editions_append_only BEFORE UPDATE OR DELETE ON round_editions FOR EACH ROW EXECUTE FUNCTION round_editions_append_only()",
    "CREATE TRIGGER tr_round_editions_no_truncate BEFORE TRUNCATE ON round_editions FOR EACH STATEMENT EXECUTE FUNCTION round_editions_append_only()",
)
FUNCTIONS = (
    "rounds_frozen",
    "rounds_no_truncate",
    "candidates_frozen",
    "candidates_no_truncate",
    "candidate_conflicts_frozen",
    "candidate_conflicts_no_truncate",
    "round_editions_append_only",
)


def roles(values: tuple[str, ...]) -> None:
    with op.batch_alter_table("grants") as batch_op:
        batch_op.drop_constraint(op.f("ck_grants_role"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_grants_role"), "role IN ({})".format(", ".join(f"'{value}'" for value in values))
        )


def upgrade() -> None:
    roles(NEW)
    op.create_table(
        "rounds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "proposed",
                "published",
                "closed",
                "counted",
                "certified",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("envelope_satang", sa.BigInteger(), nullable=False),
        sa.Column(
            "ballot_type",
            sa.Enum(
                "approval",
                "knapsack",
                "points",
                name="ballot_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("max_choices", sa.SmallInteger(), nullable=False),
        sa.Column("min_choices", sa.SmallInteger(), nullable=False),
        sa.Column("max_points", sa.SmallInteger(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "greedy",
                "greedy-no-skip",
                "greedy-threshold",
                "equal-shares",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "completion",
            sa.Enum(
                "none",
                "utilitarian",
                "add1",
                "add1u",
                name="completion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "start",
            sa.Enum("fraction", "floor", name="start", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "stop",
            sa.Enum(
                "exhaustive", "overspent", name="stop", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "utility",
            sa.Enum(
                "cost", "cardinality", name="utility", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("compares", sa.Boolean(), nullable=False),
        sa.Column("min_support", sa.Integer(), nullable=False),
        sa.Column("counts_empty", sa.Boolean(), nullable=False),
        sa.Column("shows_ballots", sa.Boolean(), nullable=False),
        sa.Column("min_age", sa.SmallInteger(), nullable=False),
        sa.Column("cutoff_day", sa.Date(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tie_source", sa.String(length=500), nullable=False),
        sa.Column("tie_commitment", sa.String(length=64), nullable=True),
        sa.Column("tie_secret", sa.String(length=64), nullable=True),
        sa.Column("edition_sha256", sa.String(length=64), nullable=True),
        sa.Column("roll_locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roll_count", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("send_back_note", sa.String(length=500), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason <> '')", name=op.f("ck_rounds_cancelled_with_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('draft', 'proposed')) = (edition_sha256 IS NULL) OR state = 'cancelled'",
            name=op.f("ck_rounds_published_with_edition"),
        ),
        sa.CheckConstraint(
            "ballot_type = 'approval' OR rule <> 'equal-shares'",
            name=op.f("ck_rounds_equal_shares_of_approval"),
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR proposed_by IS NOT NULL", name=op.f("ck_rounds_proposed_with_officer")
        ),
        sa.CheckConstraint(
            "(edition_sha256 IS NULL) = (tie_commitment IS NULL)",
            name=op.f("ck_rounds_edition_with_commitment"),
        ),
        sa.CheckConstraint(
            "(roll_locked_at IS NULL) = (roll_count IS NULL)", name=op.f("ck_rounds_locked_with_count")
        ),
        sa.CheckConstraint("envelope_satang > 0", name=op.f("ck_rounds_envelope_positive")),
        sa.CheckConstraint("max_points BETWEEN 1 AND 500", name=op.f("ck_rounds_points_positive")),
        sa.CheckConstraint("min_age BETWEEN 0 AND 99", name=op.f("ck_rounds_age_possible")),
        sa.CheckConstraint(
            "min_choices BETWEEN 0 AND max_choices AND max_choices <= 500",
            name=op.f("ck_rounds_choices_forward"),
        ),
        sa.CheckConstraint("min_support >= 0", name=op.f("ck_rounds_support_not_negative")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_rounds_forward")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_rounds_created_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_rounds_cycle_id_cycles"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_rounds_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.id"], name=op.f("fk_rounds_proposed_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["rounds.id"], name=op.f("fk_rounds_replaces_id_rounds"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_rounds_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_rounds_topic_id")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rounds_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_rounds_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rounds_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rounds_proposed_by"), ["proposed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_rounds_replaces_id"), ["replaces_id"], unique=False)
        batch_op.create_index(
            "ix_rounds_state_opens_at_closes_at", ["state", "opens_at", "closes_at"], unique=False
        )

    op.create_table(
        "reminder_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_reminder_requests_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_reminder_requests_round_id_rounds"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_requests")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_reminder_requests_round_id_person_id")),
    )
    with op.batch_alter_table("reminder_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_requests_person_id"), ["person_id"], unique=False)

    op.create_table(
        "roll_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL)", name=op.f("ck_roll_requests_decided_with_officer")
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (reason <> '')", name=op.f("ck_roll_requests_refused_with_reason")
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_roll_requests_decided_with_instant")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> person_id", name=op.f("ck_roll_requests_not_own_decision")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_roll_requests_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["people.id"],
            name=op.f("fk_roll_requests_decided_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_roll_requests_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_roll_requests_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_roll_requests_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_requests")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_roll_requests_round_id_person_id")),
    )
    with op.batch_alter_table("roll_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_requests_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_requests_decided_by"), ["decided_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_requests_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_requests_person_id"), ["person_id"], unique=False)

    op.create_table(
        "round_editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("proposed_by <> confirmed_by", name=op.f("ck_round_editions_four_eyes")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["people.id"],
            name=op.f("fk_round_editions_confirmed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"],
            ["people.id"],
            name=op.f("fk_round_editions_proposed_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_editions_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_editions")),
        sa.UniqueConstraint("round_id", name=op.f("uq_round_editions_round_id")),
    )
    with op.batch_alter_table("round_editions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_editions_confirmed_by"), ["confirmed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_editions_proposed_by"), ["proposed_by"], unique=False)

    op.create_table(
        "voting_areas",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "community",
                "subdistrict",
                "district",
                "city",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name_th", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("roll_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_voting_areas_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_areas")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_voting_areas_round_id_code")),
    )
    op.create_table(
        "roll_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("area_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "source",
            sa.Enum("list", "desk", name="source", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_on", sa.Date(), nullable=True),
        sa.Column("paper_on", sa.Date(), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_reason = '')", name=op.f("ck_roll_entries_struck_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_roll_entries_added_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["voting_areas.id"],
            name=op.f("fk_roll_entries_area_id_voting_areas"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_roll_entries_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_roll_entries_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_roll_entries_person_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_roll_entries_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entries")),
        sa.UniqueConstraint("round_id", "person_key", name=op.f("uq_roll_entries_round_id_person_key")),
    )
    with op.batch_alter_table("roll_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_entries_added_by"), ["added_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_entries_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_entries_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_entries_district_id"), ["district_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roll_entries_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_roll_entries_one_account",
            ["round_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )

    op.create_table(
        "letter_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("roll_entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_on", sa.Date(), nullable=True),
        sa.Column("voided_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "redeemed_on IS NULL OR voided_on IS NULL", name=op.f("ck_letter_codes_redeemed_or_voided")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["people.id"], name=op.f("fk_letter_codes_issued_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"],
            ["roll_entries.id"],
            name=op.f("fk_letter_codes_roll_entry_id_roll_entries"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_letter_codes_round_id_rounds"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_letter_codes_code_hash")),
    )
    with op.batch_alter_table("letter_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_codes_issued_by"), ["issued_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_codes_round_id"), ["round_id"], unique=False)
        batch_op.create_index(
            "uq_letter_codes_one_live",
            ["roll_entry_id"],
            unique=True,
            sqlite_where=sa.text("voided_on IS NULL"),
            postgresql_where=sa.text("voided_on IS NULL"),
        )

    op.create_table(
        "candidates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("community_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
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
            nullable=True,
        ),
        sa.Column("cost_satang", sa.BigInteger(), nullable=False),
        sa.Column("picture_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
            name=op.f("ck_candidates_withdrawn_with_reason"),
        ),
        sa.CheckConstraint("cost_satang >= 0", name=op.f("ck_candidates_cost_not_negative")),
        sa.CheckConstraint("number BETWEEN 1 AND 999", name=op.f("ck_candidates_number_readable")),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_candidates_community_id_communities"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["plan_items.id"], name=op.f("fk_candidates_item_id_plan_items"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["picture_file_id"],
            ["stored_files.id"],
            name=op.f("fk_candidates_picture_file_id_stored_files"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_candidates_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_candidates_topic_id_topics"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("round_id", "item_id", name=op.f("uq_candidates_round_id_item_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_candidates_round_id_number")),
    )
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidates_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidates_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidates_picture_file_id"), ["picture_file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidates_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "candidate_conflicts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_candidate_conflicts_ordered")),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["candidates.id"],
            name=op.f("fk_candidate_conflicts_first_id_candidates"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["rounds.id"],
            name=op.f("fk_candidate_conflicts_round_id_rounds"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["candidates.id"],
            name=op.f("fk_candidate_conflicts_second_id_candidates"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_conflicts")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_candidate_conflicts_first_id_second_id")),
    )
    with op.batch_alter_table("candidate_conflicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_conflicts_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_candidate_conflicts_second_id"), ["second_id"], unique=False)

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    with op.batch_alter_table("candidate_conflicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_conflicts_second_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_conflicts_round_id"))

    op.drop_table("candidate_conflicts")
    with op.batch_alter_table("candidates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidates_topic_id"))
        batch_op.drop_index(batch_op.f("ix_candidates_picture_file_id"))
        batch_op.drop_index(batch_op.f("ix_candidates_item_id"))
        batch_op.drop_index(batch_op.f("ix_candidates_community_id"))

    op.drop_table("candidates")
    with op.batch_alter_table("letter_codes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_letter_codes_one_live",
            sqlite_where=sa.text("voided_on IS NULL"),
            postgresql_where=sa.text("voided_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_letter_codes_round_id"))
        batch_op.drop_index(batch_op.f("ix_letter_codes_issued_by"))

    op.drop_table("letter_codes")
    with op.batch_alter_table("roll_entries", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_roll_entries_one_account",
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_roll_entries_person_id"))
        batch_op.drop_index(batch_op.f("ix_roll_entries_district_id"))
        batch_op.drop_index(batch_op.f("ix_roll_entries_community_id"))
        batch_op.drop_index(batch_op.f("ix_roll_entries_area_id"))
        batch_op.drop_index(batch_op.f("ix_roll_entries_added_by"))

    op.drop_table("roll_entries")
    op.drop_table("voting_areas")
    with op.batch_alter_table("round_editions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_editions_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_round_editions_confirmed_by"))

    op.drop_table("round_editions")
    with op.batch_alter_table("roll_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_requests_person_id"))
        batch_op.drop_index(batch_op.f("ix_roll_requests_district_id"))
        batch_op.drop_index(batch_op.f("ix_roll_requests_decided_by"))
        batch_op.drop_index(batch_op.f("ix_roll_requests_community_id"))

    op.drop_table("roll_requests")
    with op.batch_alter_table("reminder_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_requests_person_id"))

    op.drop_table("reminder_requests")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index("ix_rounds_state_opens_at_closes_at")
        batch_op.drop_index(batch_op.f("ix_rounds_replaces_id"))
        batch_op.drop_index(batch_op.f("ix_rounds_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_rounds_district_id"))
        batch_op.drop_index(batch_op.f("ix_rounds_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_rounds_created_by"))

    op.drop_table("rounds")
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
    op.execute(
        "DELETE FROM grants WHERE role IN ('round_officer', 'key_custodian', 'paper_clerk', 'certifier')"
    )
    roles(OLD)
