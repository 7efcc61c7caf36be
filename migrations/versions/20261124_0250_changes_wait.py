"""changes wait

A project's row is what the edition in force says; what a change of a published plan writes otherwise waits beside it until
its edition is published. Where a change is being made, the rows go back to the edition in force and what was written waits.
The step down writes what waits into the rows again, so that nothing is lost.

Revision: changes_wait
After: words_of_one_kind
Written: 2026-11-24 02:50 UTC
"""

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.core import thai

revision = "changes_wait"
down_revision = "words_of_one_kind"
branch_labels = None
depends_on = None

CHECK = "ck_projects_pending_while_it_stands"
DAYS = ("starts_on", "ends_on")
FIELDS = (
    *(
        "kind",
        "name",
        *DAYS,
        "budget_kind",
        "budget_satang",
        "section",
        "rationale",
        "objectives",
        "outputs",
        "area",
    ),
    *("method", "indicators", "sections_text", "fund_source", "quarters", "code", "printed_number"),
)
PLANS = sa.table("action_plans", sa.column("id"), sa.column("state"), sa.column("reopened_at"))
EDITIONS = sa.table(
    "action_plan_editions", sa.column("action_plan_id"), sa.column("number"), sa.column("body")
)
PROJECTS = sa.table(
    "projects",
    *(sa.column(name) for name in ("id", "action_plan_id", "topic_id", "created_at", "withdrawn_at")),
    *(sa.column(name, sa.Date() if name in DAYS else None) for name in FIELDS),
    sa.column("pending", sa.JSON(none_as_null=True)),
)
NODES = sa.table("project_nodes", sa.column("project_id"), sa.column("node_id"))
TOPICS = sa.table("topics", sa.column("id"), sa.column("title"), sa.column("tokens"))


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def served(project_id: int) -> list[int]:
    rows = sa.select(NODES.c.node_id).where(NODES.c.project_id == project_id).order_by(NODES.c.node_id)
    return list(op.get_bind().scalars(rows))


def write(row: Any, said: dict[str, Any], pending: dict[str, Any] | None) -> None:
    """Give a row other words, its topic with them, and what waits beside it."""
    run = op.get_bind().execute
    values = {name: said[name] for name in FIELDS if name in said}
    values |= {name: dt.date.fromisoformat(values[name]) for name in DAYS if name in values}
    run(sa.update(PROJECTS).where(PROJECTS.c.id == row.id).values(**values, pending=pending))
    if "nodes" in said:
        run(sa.delete(NODES).where(NODES.c.project_id == row.id))
        for node_id in said["nodes"]:
            run(sa.insert(NODES).values(project_id=row.id, node_id=node_id))
    now = row._asdict() | values
    words = thai.tokens(f"{now['name']} {now['code'] or ''} {now['area']} {now['objectives']}")
    run(sa.update(TOPICS).where(TOPICS.c.id == row.topic_id).values(title=now["name"][:500], tokens=words))


def in_force() -> dict[int, dict[str, Any]]:
    """By id, what the edition in force says of the projects of plans that are being changed."""
    other = EDITIONS.alias()
    newest = (
        sa.select(sa.func.max(other.c.number)).where(other.c.action_plan_id == PLANS.c.id).scalar_subquery()
    )
    bodies = op.get_bind().scalars(
        sa.select(EDITIONS.c.body)
        .join_from(EDITIONS, PLANS, EDITIONS.c.action_plan_id == PLANS.c.id)
        .where(PLANS.c.state == "reopened", EDITIONS.c.number == newest)
    )
    return {one["id"]: one for body in bodies for one in json.loads(body)["projects"]}


def upgrade() -> None:
    with op.batch_alter_table("projects") as batch_op:
        batch_op.add_column(sa.Column("pending", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_check_constraint(op.f(CHECK), "pending IS NULL OR withdrawn_at IS NULL")
    run, named = op.get_bind().execute, in_force()
    rows = run(
        sa.select(PROJECTS)
        .join_from(PROJECTS, PLANS, PROJECTS.c.action_plan_id == PLANS.c.id)
        .where(
            PLANS.c.state == "reopened",
            PROJECTS.c.created_at < PLANS.c.reopened_at,
            sa.or_(PROJECTS.c.withdrawn_at.is_(None), PROJECTS.c.withdrawn_at >= PLANS.c.reopened_at),
        )
    ).all()
    changes = []
    for row in rows:
        if row.id in named:
            said = named[row.id] | {"nodes": sorted(one["node"] for one in named[row.id]["nodes"])}
            now = {name: plain(getattr(row, name)) for name in FIELDS} | {"nodes": served(row.id)}
            written = {name: value for name, value in now.items() if value != said[name]}
            if written:
                changes.append((row, {name: said[name] for name in written}, written))
    # One may have been given the code of another: all go back, and what another has again waits for nobody.
    back = {(row.action_plan_id, said["code"]) for row, said, _written in changes if "code" in said}
    for row, said, _written in changes:
        if "code" in said:
            run(sa.update(PROJECTS).where(PROJECTS.c.id == row.id).values(code=None))
    for row, said, written in changes:
        if (row.action_plan_id, written.get("code")) in back:
            del written["code"]
        write(row, said, None if row.withdrawn_at is not None else written or None)


def downgrade() -> None:
    for row in op.get_bind().execute(sa.select(PROJECTS).where(PROJECTS.c.pending.is_not(None))).all():
        write(row, row.pending, None)
    with op.batch_alter_table("projects") as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.drop_column("pending")
