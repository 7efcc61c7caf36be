"""items as handed in

What the newest edition an item stands in says of its title, its side and its money, for lists and search.

Revision: items_as_handed_in
After: roll_strikes_and_caps
Written: 2026-11-22 23:30 UTC
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "items_as_handed_in"
down_revision = "roll_strikes_and_caps"
branch_labels = None
depends_on = None

PLANS = sa.table("plans", sa.column("id"), sa.column("submitted_at"))
ITEMS = sa.table(
    "plan_items",
    sa.column("id"),
    sa.column("plan_id"),
    sa.column("title"),
    sa.column("side"),
    sa.column("budget_satang"),
    sa.column("created_at"),
    sa.column("kept_title"),
    sa.column("kept_side"),
    sa.column("kept_satang"),
)
EDITIONS = sa.table(
    "plan_editions", sa.column("id"), sa.column("plan_id"), sa.column("number"), sa.column("body", sa.Text())
)


def upgrade() -> None:
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_title", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("kept_side", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("kept_satang", sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_plan_items_kept_side"),
            "kept_side IN ('physical', 'economy', 'social', 'health', 'mind')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_plan_items_kept_whole"),
            "(kept_title IS NULL) = (kept_side IS NULL) AND (kept_title IS NULL) = (kept_satang IS NULL)",
        )
    _fill()


def _fill() -> None:
    """From the editions, the oldest first, so that the newest an item stands in has the last word; of a plan that has
    none, as its items stand."""
    connection = op.get_bind()
    write = (
        sa.update(ITEMS)
        .where(ITEMS.c.id == sa.bindparam("item_id"))
        .values(
            kept_title=sa.bindparam("new_title"),
            kept_side=sa.bindparam("new_side"),
            kept_satang=sa.bindparam("new_satang"),
        )
    )
    found = connection.execute(sa.select(EDITIONS.c.id).order_by(EDITIONS.c.plan_id, EDITIONS.c.number)).all()
    for edition in found:
        body = connection.execute(sa.select(EDITIONS.c.body).where(EDITIONS.c.id == edition.id)).scalar_one()
        rows = [
            {
                "item_id": one["id"],
                "new_title": one["title"],
                "new_side": one["side"],
                "new_satang": one["budget_satang"],
            }
            for one in json.loads(body)["content"]["items"]
        ]
        if rows:
            connection.execute(write, rows)
    handed_in = sa.exists().where(PLANS.c.id == ITEMS.c.plan_id, ITEMS.c.created_at <= PLANS.c.submitted_at)
    connection.execute(
        sa.update(ITEMS)
        .where(handed_in, ~sa.exists().where(EDITIONS.c.plan_id == ITEMS.c.plan_id))
        .values(kept_title=ITEMS.c.title, kept_side=ITEMS.c.side, kept_satang=ITEMS.c.budget_satang)
    )


def downgrade() -> None:
    with op.batch_alter_table("plan_items", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_plan_items_kept_whole"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_plan_items_kept_side"), type_="check")
        batch_op.drop_column("kept_satang")
        batch_op.drop_column("kept_side")
        batch_op.drop_column("kept_title")
