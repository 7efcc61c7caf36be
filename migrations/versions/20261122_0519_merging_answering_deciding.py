"""merging answering deciding

Steps of the merge workbench that can be taken back, groups of remarks of a hearing, the committee of the plan.

Revision: merging_answering_deciding
After: yearly_review
Written: 2026-11-22 05:19 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "merging_answering_deciding"
down_revision = "yearly_review"
branch_labels = None
depends_on = None


KEPT = ("merge_steps", "plan_committee_interests", "plan_resolutions")
SQLITE = (
    "CREATE TRIGGER tr_{0}_no_update BEFORE UPDATE ON {0} BEGIN SELECT RAISE(ABORT, '{0} is append-only'); END",
    "CREATE TRIGGER tr_{0}_no_delete BEFORE DELETE ON {0} BEGIN SELECT RAISE(ABORT, '{0} is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION {0}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '{0} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_{0}_append_only BEFORE UPDATE OR DELETE ON {0} "
    "FOR EACH ROW EXECUTE FUNCTION {0}_append_only()",
    "CREATE TRIGGER tr_{0}_no_truncate BEFORE TRUNCATE ON {0} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {0}_append_only()",
)


def upgrade() -> None:
    op.create_table(
        "plan_committee_members",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "chair",
                "section_head",
                "outside_agency",
                "peoples_representative",
                "secretary",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("represents", sa.String(length=500), nullable=False),
        sa.Column("order_number", sa.String(length=200), nullable=False),
        sa.Column("order_on", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(until_on IS NULL) = (ended_reason IS NULL)",
            name=op.f("ck_plan_committee_members_ended_with_reason"),
        ),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_plan_committee_members_term_forward")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_plan_committee_members_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_plan_committee_members_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_committee_members")),
    )
    with op.batch_alter_table("plan_committee_members", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_committee_members_district_id"), ["district_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_plan_committee_members_entered_by"), ["entered_by"], unique=False
        )

    op.create_table(
        "hearing_groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_plan_id"],
            ["action_plans.id"],
            name=op.f("fk_hearing_groups_action_plan_id_action_plans"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["people.id"],
            name=op.f("fk_hearing_groups_created_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_groups")),
        sa.UniqueConstraint("action_plan_id", "name", name=op.f("uq_hearing_groups_action_plan_id_name")),
    )
    with op.batch_alter_table("hearing_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_groups_created_by"), ["created_by"], unique=False)

    op.create_table(
        "merge_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "put",
                "share",
                "move",
                "take_out",
                "not_yet",
                "undo",
                "redo",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undoes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(act IN ('undo', 'redo')) = (undoes_id IS NOT NULL)", name=op.f("ck_merge_steps_undo_names_step")
        ),
        sa.ForeignKeyConstraint(
            ["action_plan_id"],
            ["action_plans.id"],
            name=op.f("fk_merge_steps_action_plan_id_action_plans"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["people.id"], name=op.f("fk_merge_steps_done_by_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["merge_steps.id"],
            name=op.f("fk_merge_steps_undoes_id_merge_steps"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_steps")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_merge_steps_undoes_id")),
    )
    with op.batch_alter_table("merge_steps", schema=None) as batch_op:
        batch_op.create_index("ix_merge_steps_action_plan_id_id", ["action_plan_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_steps_done_by"), ["done_by"], unique=False)

    op.create_table(
        "hearing_group_remarks",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_hearing_group_remarks_comment_id_comments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["hearing_groups.id"],
            name=op.f("fk_hearing_group_remarks_group_id_hearing_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_hearing_group_remarks")),
    )
    with op.batch_alter_table("hearing_group_remarks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_group_remarks_group_id"), ["group_id"], unique=False)

    op.create_table(
        "plan_committee_interests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_plan_id"],
            ["action_plans.id"],
            name=op.f("fk_plan_committee_interests_action_plan_id_action_plans"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_plan_committee_interests_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["plan_committee_members.id"],
            name=op.f("fk_plan_committee_interests_member_id_plan_committee_members"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_plan_committee_interests_project_id_projects"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_committee_interests")),
    )
    with op.batch_alter_table("plan_committee_interests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_committee_interests_action_plan_id"), ["action_plan_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_plan_committee_interests_entered_by"), ["entered_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_plan_committee_interests_member_id"), ["member_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_plan_committee_interests_project_id"), ["project_id"], unique=False
        )

    op.create_table(
        "plan_resolutions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forum_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "opinion",
            sa.Enum(
                "supports",
                "supports_changed",
                "sends_back",
                name="opinion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("in_favour", sa.SmallInteger(), nullable=False),
        sa.Column("against", sa.SmallInteger(), nullable=False),
        sa.Column("abstained", sa.SmallInteger(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "opinion = 'sends_back' OR in_favour > against", name=op.f("ck_plan_resolutions_carried")
        ),
        sa.CheckConstraint(
            "in_favour >= 0 AND against >= 0 AND abstained >= 0",
            name=op.f("ck_plan_resolutions_votes_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["action_plan_id"],
            ["action_plans.id"],
            name=op.f("fk_plan_resolutions_action_plan_id_action_plans"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_plan_resolutions_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forums.id"], name=op.f("fk_plan_resolutions_forum_id_forums"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_resolutions")),
    )
    with op.batch_alter_table("plan_resolutions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_resolutions_action_plan_id"), ["action_plan_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_plan_resolutions_entered_by"), ["entered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_resolutions_forum_id"), ["forum_id"], unique=False)

    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in KEPT:
        for statement in SQLITE if is_sqlite else POSTGRESQL:
            op.get_bind().exec_driver_sql(statement.format(table))


def downgrade() -> None:
    with op.batch_alter_table("plan_resolutions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_resolutions_forum_id"))
        batch_op.drop_index(batch_op.f("ix_plan_resolutions_entered_by"))
        batch_op.drop_index(batch_op.f("ix_plan_resolutions_action_plan_id"))

    op.drop_table("plan_resolutions")
    with op.batch_alter_table("plan_committee_interests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_committee_interests_project_id"))
        batch_op.drop_index(batch_op.f("ix_plan_committee_interests_member_id"))
        batch_op.drop_index(batch_op.f("ix_plan_committee_interests_entered_by"))
        batch_op.drop_index(batch_op.f("ix_plan_committee_interests_action_plan_id"))

    op.drop_table("plan_committee_interests")
    with op.batch_alter_table("hearing_group_remarks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_group_remarks_group_id"))

    op.drop_table("hearing_group_remarks")
    with op.batch_alter_table("merge_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_steps_done_by"))
        batch_op.drop_index("ix_merge_steps_action_plan_id_id")

    op.drop_table("merge_steps")
    with op.batch_alter_table("hearing_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_groups_created_by"))

    op.drop_table("hearing_groups")
    with op.batch_alter_table("plan_committee_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_committee_members_entered_by"))
        batch_op.drop_index(batch_op.f("ix_plan_committee_members_district_id"))

    op.drop_table("plan_committee_members")
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.get_bind().exec_driver_sql(f"DROP FUNCTION {table}_append_only()")
