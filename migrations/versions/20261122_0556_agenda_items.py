"""agenda items

The matters of an agenda become rows of their own, so that each can be ticked; what phones send is kept once by its key.

Revision: agenda_items
After: merging_answering_deciding
Written: 2026-11-22 05:56 UTC
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "agenda_items"
down_revision = "merging_answering_deciding"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBER = re.compile(r"^\s*(?:[0-9๐-๙]{1,2}\s*[.)]\s*|[-–•]\s+)")

forums = sa.table("forums", sa.column("id"), sa.column("agenda"))
items = sa.table(
    "forum_agenda_items",
    sa.column("forum_id"),
    sa.column("position"),
    sa.column("matter"),
    sa.column("is_done"),
)


def upgrade() -> None:
    op.create_table(
        "forum_agenda_items",
        sa.Column("id", BIG, nullable=False),
        sa.Column("forum_id", BIG, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forum_id"],
            ["forums.id"],
            name=op.f("fk_forum_agenda_items_forum_id_forums"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_agenda_items")),
        sa.UniqueConstraint("forum_id", "position", name=op.f("uq_forum_agenda_items_forum_id_position")),
    )
    op.create_table(
        "forum_sendings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("forum_id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["forum_id"], ["forums.id"], name=op.f("fk_forum_sendings_forum_id_forums"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_forum_sendings_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_sendings")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_forum_sendings_person_id_key")),
    )
    op.create_index(op.f("ix_forum_sendings_forum_id"), "forum_sendings", ["forum_id"])
    op.create_index(op.f("ix_forum_sendings_received_at"), "forum_sendings", ["received_at"])
    rows = [
        {"forum_id": row.id, "position": position, "matter": matter, "is_done": False}
        for row in op.get_bind().execute(sa.select(forums.c.id, forums.c.agenda)).all()
        for position, matter in enumerate(matters(row.agenda), 1)
    ]
    if rows:
        op.get_bind().execute(sa.insert(items), rows)
    op.drop_column("forums", "agenda")


def downgrade() -> None:
    op.add_column("forums", sa.Column("agenda", sa.Text(), nullable=False, server_default=""))
    texts: dict[int, list[str]] = {}
    for row in op.get_bind().execute(sa.select(items).order_by(items.c.forum_id, items.c.position)):
        texts.setdefault(row.forum_id, []).append(f"{row.position}. {row.matter}")
    for forum_id, lines in texts.items():
        op.get_bind().execute(
            sa.update(forums).where(forums.c.id == forum_id).values(agenda="\n".join(lines))
        )
    with op.batch_alter_table("forums") as batch_op:
        batch_op.alter_column("agenda", server_default=None, existing_type=sa.Text(), existing_nullable=False)
    op.drop_table("forum_sendings")
    op.drop_table("forum_agenda_items")


def matters(agenda: str) -> list[str]:
    """One matter of each line, without its number."""
    lines = (NUMBER.sub("", line, count=1).strip() for line in agenda.splitlines())
    return [line for line in lines if line]
