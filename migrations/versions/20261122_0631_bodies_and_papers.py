"""bodies and papers

Standing bodies hold forums; a district policy forum has its synthesis of problems and its adopted policy, in editions.

Revision: bodies_and_papers
After: plan_editor
Written: 2026-11-22 06:31 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "bodies_and_papers"
down_revision = "plan_editor"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD = ("monthly", "plan_1", "plan_2", "district_policy", "hearing", "plan_committee")
NEW = (*OLD, "standing_body")
SQLITE = (
    "CREATE TRIGGER tr_forum_papers_no_update BEFORE UPDATE ON forum_papers BEGIN SELECT RAISE(ABORT, 'forum_papers is append-only'); END",
    "CREATE TRIGGER tr_forum_papers_no_delete BEFORE DELETE ON forum_papers BEGIN SELECT RAISE(ABORT, 'forum_papers is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION forum_papers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'forum_papers is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_forum_papers_append_only BEFORE UPDATE OR DELETE ON forum_papers FOR EACH ROW EXECUTE FUNCTION forum_papers_append_only()",
    "CREATE TRIGGER tr_forum_papers_no_truncate BEFORE TRUNCATE ON forum_papers FOR EACH STATEMENT EXECUTE FUNCTION forum_papers_append_only()",
)


def kinds(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="kind", native_enum=False, create_constraint=True, length=40)


def purposes(values: tuple[str, ...]) -> str:
    return "purpose IN ({})".format(", ".join(f"'{value}'" for value in values))


def upgrade() -> None:
    op.create_table(
        "standing_bodies",
        sa.Column("id", BIG, nullable=False),
        sa.Column("district_id", BIG, nullable=False),
        sa.Column("kind", kinds("peoples_council", "youth_council", "network"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("registered_by", BIG, nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "closed_on IS NULL OR since_on IS NULL OR since_on <= closed_on",
            name=op.f("ck_standing_bodies_forward"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id"],
            ["districts.id"],
            name=op.f("fk_standing_bodies_district_id_districts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"],
            ["people.id"],
            name=op.f("fk_standing_bodies_registered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_bodies")),
        sa.UniqueConstraint("district_id", "name", name=op.f("uq_standing_bodies_district_id_name")),
    )
    op.create_index(op.f("ix_standing_bodies_registered_by"), "standing_bodies", ["registered_by"])
    op.create_table(
        "forum_papers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("forum_id", BIG, nullable=False),
        sa.Column("kind", kinds("synthesis", "policy"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_by", BIG, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (reason = '')", name=op.f("ck_forum_papers_reason_with_number")
        ),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forums.id"], name=op.f("fk_forum_papers_forum_id_forums"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.id"],
            name=op.f("fk_forum_papers_published_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_papers")),
        sa.UniqueConstraint("forum_id", "kind", "number", name=op.f("uq_forum_papers_forum_id_kind_number")),
    )
    op.create_index(op.f("ix_forum_papers_published_by"), "forum_papers", ["published_by"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
    with op.batch_alter_table("forums") as batch_op:
        batch_op.add_column(sa.Column("body_id", BIG, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_forums_body_id_standing_bodies"),
            "standing_bodies",
            ["body_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_index(op.f("ix_forums_body_id"), ["body_id"])
        batch_op.drop_constraint(op.f("ck_forums_purpose"), type_="check")
        batch_op.create_check_constraint(op.f("ck_forums_purpose"), purposes(NEW))
        batch_op.create_check_constraint(
            op.f("ck_forums_body_with_purpose"), "(body_id IS NOT NULL) = (purpose = 'standing_body')"
        )


def downgrade() -> None:
    # A meeting of a body stays on record as one of the district; both change at once, as the check wants.
    op.execute("UPDATE forums SET purpose = 'district_policy', body_id = NULL WHERE body_id IS NOT NULL")
    with op.batch_alter_table("forums") as batch_op:
        batch_op.drop_constraint(op.f("ck_forums_body_with_purpose"), type_="check")
        batch_op.drop_constraint(op.f("ck_forums_purpose"), type_="check")
        batch_op.create_check_constraint(op.f("ck_forums_purpose"), purposes(OLD))
        batch_op.drop_index(op.f("ix_forums_body_id"))
        batch_op.drop_constraint(op.f("fk_forums_body_id_standing_bodies"), type_="foreignkey")
        batch_op.drop_column("body_id")
    op.drop_table("forum_papers")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION forum_papers_append_only()")
    op.drop_table("standing_bodies")
