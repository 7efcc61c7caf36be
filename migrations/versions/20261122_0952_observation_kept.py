"""observation kept

Declarations as they were signed, when an observer came, findings with their own grade, corrections of reports, private
calendar addresses.

Revision: observation_kept
After: releases
Written: 2026-11-22 09:52 UTC
"""

import hashlib
import json
import secrets
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "observation_kept"
down_revision = "releases"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DECLARED = (
    "ข้าพเจ้าขอรับรองว่าตนเองและครอบครัวไม่ได้ยื่นข้อเสนอในการจัดซื้อนี้ ไม่ได้ทำงานให้ผู้ยื่นข้อเสนอ และไม่ได้ประโยชน์หรือเสียประโยชน์จากผลการคัดเลือก "
    "และจะไม่เปิดเผยสิ่งที่เห็นเกี่ยวกับข้อเสนอจนกว่าจะประกาศผู้ชนะ"
)
REPORTS, ANSWERS, DECLARATIONS = "observer_reports", "observer_report_answers", "observer_declarations"
DATED = {REPORTS: "submitted_at", ANSWERS: "answered_at"}

signups = sa.table(
    "observer_signups",
    *(sa.column(name) for name in ("id", "person_id", "state", "asked_at", "decided_at", "step_id")),
    *(sa.column(name) for name in ("arrived_at", "arrived_by", "told_meets_at", "told_place")),
    sa.column("certificate_code"),
)
reports = sa.table(
    REPORTS,
    *(sa.column(name) for name in ("id", "signup_id", "seen", "concerns", "grade", "is_public", "sha256")),
    sa.column("findings", sa.JSON()),
    sa.column("photos", sa.JSON()),
)
files = sa.table("stored_files", *(sa.column(name) for name in ("id", "owner_kind", "owner_id", "sha256")))
declarations = sa.table(
    DECLARATIONS, *(sa.column(name) for name in ("signup_id", "person_id", "text", "language", "signed_at"))
)
steps = sa.table("process_steps", *(sa.column(name) for name in ("id", "meets_at", "place")))


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)


def append_only(table: str) -> None:
    if is_sqlite():
        for verb in ("update", "delete"):
            run(
                f"CREATE TRIGGER tr_{table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    run(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    run(
        f"CREATE TRIGGER tr_{table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )
    run(
        f"CREATE TRIGGER tr_{table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def in_order(table: str) -> None:
    column, name, refusal = DATED[table], f"{table}_in_order", f"{table} takes nothing of the past"
    newest = f"(SELECT max({column}) FROM {table})"  # noqa: S608 - our own names
    if is_sqlite():
        run(
            f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} WHEN NEW.{column} < "
            f"datetime({newest}, '-10 minutes') BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        return
    run(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.{column} < {newest} - interval '10 minutes' THEN "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    run(f"CREATE TRIGGER tr_{name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def open_reports() -> None:
    """Reports can be moved into their new shape; on PostgreSQL the promise is lifted for this transaction alone."""
    if is_sqlite():
        for verb in ("update", "delete"):
            run(f"DROP TRIGGER tr_{REPORTS}_no_{verb}")
    else:
        run(f"ALTER TABLE {REPORTS} DISABLE TRIGGER USER")


def close_reports() -> None:
    if is_sqlite():
        append_only(REPORTS)
    else:
        run(f"ALTER TABLE {REPORTS} ENABLE TRIGGER USER")


def upgrade() -> None:
    op.create_table(
        DECLARATIONS,
        sa.Column("id", BIG, nullable=False),
        sa.Column("signup_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["signup_id"],
            ["observer_signups.id"],
            name=op.f("fk_observer_declarations_signup_id_observer_signups"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_observer_declarations_person_id_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer_declarations")),
    )
    for column in ("signup_id", "person_id"):
        op.create_index(op.f(f"ix_observer_declarations_{column}"), DECLARATIONS, [column])
    op.create_table(
        "observer_feeds",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_observer_feeds_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_observer_feeds")),
    )
    signed = sa.select(
        signups.c.id, signups.c.person_id, sa.literal(DECLARED), sa.literal("th"), signups.c.asked_at
    )
    names = ["signup_id", "person_id", "text", "language", "signed_at"]
    op.get_bind().execute(declarations.insert().from_select(names, signed))
    append_only(DECLARATIONS)
    with op.batch_alter_table("observer_signups") as batch_op:
        batch_op.add_column(sa.Column("told_meets_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("told_place", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "arrived_by",
                sa.Enum("door", "officer", name="arrival", native_enum=False, length=40),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("certificate_code", sa.String(length=200), nullable=True))
    _fill_signups()
    with op.batch_alter_table("observer_signups") as batch_op:
        batch_op.alter_column("told_place", server_default=None)
        batch_op.create_check_constraint(
            op.f("ck_observer_signups_arrival"), "arrived_by IN ('door', 'officer')"
        )
        batch_op.create_check_constraint(
            op.f("ck_observer_signups_attended_since"),
            "(arrived_at IS NULL) = (arrived_by IS NULL) AND (arrived_at IS NOT NULL) = (state = 'attended')",
        )
        batch_op.create_unique_constraint(op.f("uq_observer_signups_certificate_code"), ["certificate_code"])
    open_reports()
    with op.batch_alter_table(REPORTS) as batch_op:
        batch_op.add_column(sa.Column("corrects_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("findings", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("photos", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("sending_key", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
    _fill_reports()
    with op.batch_alter_table(REPORTS) as batch_op:
        for column, kind in (("findings", sa.JSON()), ("photos", sa.JSON()), ("sha256", sa.String(64))):
            batch_op.alter_column(column, existing_type=kind, nullable=False)
        batch_op.drop_column("concerns")
        batch_op.drop_constraint(op.f("uq_observer_reports_signup_id"), type_="unique")
        batch_op.create_unique_constraint(op.f("uq_observer_reports_corrects_id"), ["corrects_id"])
        batch_op.create_unique_constraint(op.f("uq_observer_reports_sending_key"), ["sending_key"])
        batch_op.create_foreign_key(
            op.f("fk_observer_reports_corrects_id_observer_reports"),
            REPORTS,
            ["corrects_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_index(op.f("ix_observer_reports_signup_id"), ["signup_id"])
    op.create_index(
        "uq_observer_reports_first",
        REPORTS,
        ["signup_id"],
        unique=True,
        sqlite_where=sa.text("corrects_id IS NULL"),
        postgresql_where=sa.text("corrects_id IS NULL"),
    )
    close_reports()
    in_order(REPORTS)
    in_order(ANSWERS)


def _fill_signups() -> None:
    connection = op.get_bind()
    came = signups.c.state == "attended"
    connection.execute(
        signups.update().where(came).values(arrived_at=signups.c.decided_at, arrived_by="officer")
    )
    of_step = steps.c.id == signups.c.step_id
    connection.execute(
        signups.update().values(
            told_meets_at=sa.select(steps.c.meets_at).where(of_step).scalar_subquery(),
            told_place=sa.select(steps.c.place).where(of_step).scalar_subquery(),
        )
    )
    for found in connection.execute(sa.select(reports.c.signup_id)).all():
        connection.execute(
            signups.update()
            .where(signups.c.id == found.signup_id)
            .values(certificate_code=secrets.token_hex(8))
        )


def _fill_reports() -> None:
    connection = op.get_bind()
    old = sa.select(
        *(reports.c[name] for name in ("id", "signup_id", "seen", "concerns", "grade", "is_public"))
    )
    for found in connection.execute(old).all():
        of_report = (files.c.owner_kind == "observer_report", files.c.owner_id == found.id)
        photos = (
            connection.execute(sa.select(files.c.sha256).where(*of_report).order_by(files.c.id))
            .scalars()
            .all()
        )
        findings = [{"grade": found.grade, "text": found.concerns}] if found.concerns else []
        content = {
            "corrects": None,
            "findings": findings,
            "is_public": bool(found.is_public),
            "photos": list(photos),
            "seen": found.seen,
            "signup": found.signup_id,
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(
            reports.update()
            .where(reports.c.id == found.id)
            .values(
                findings=findings,
                photos=list(photos),
                sha256=hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest(),
            )
        )
        connection.execute(
            files.update().where(*of_report).values(owner_kind="observer_signup", owner_id=found.signup_id)
        )


def downgrade() -> None:
    if is_sqlite():
        for table in (REPORTS, ANSWERS):
            run(f"DROP TRIGGER tr_{table}_in_order")
    open_reports()
    with op.batch_alter_table(REPORTS) as batch_op:
        batch_op.drop_index("uq_observer_reports_first")
        batch_op.drop_index(op.f("ix_observer_reports_signup_id"))
        batch_op.drop_constraint(op.f("fk_observer_reports_corrects_id_observer_reports"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_observer_reports_corrects_id"), type_="unique")
        batch_op.drop_constraint(op.f("uq_observer_reports_sending_key"), type_="unique")
        batch_op.add_column(sa.Column("concerns", sa.Text(), nullable=False, server_default=""))
    _give_back_words()
    _drop_older_wordings()
    with op.batch_alter_table(REPORTS) as batch_op:
        for column in ("corrects_id", "findings", "photos", "sending_key", "sha256"):
            batch_op.drop_column(column)
        batch_op.alter_column("concerns", existing_type=sa.Text(), server_default=None)
        batch_op.create_unique_constraint(op.f("uq_observer_reports_signup_id"), ["signup_id"])
    close_reports()
    if not is_sqlite():
        for table in (REPORTS, ANSWERS):
            run(f"DROP TRIGGER tr_{table}_in_order ON {table}")
            run(f"DROP FUNCTION {table}_in_order()")
    with op.batch_alter_table("observer_signups") as batch_op:
        batch_op.drop_constraint(op.f("ck_observer_signups_attended_since"), type_="check")
        batch_op.drop_constraint(op.f("ck_observer_signups_arrival"), type_="check")
        batch_op.drop_constraint(op.f("uq_observer_signups_certificate_code"), type_="unique")
        for column in ("told_meets_at", "told_place", "arrived_at", "arrived_by", "certificate_code"):
            batch_op.drop_column(column)
    op.drop_table("observer_feeds")
    op.drop_table(DECLARATIONS)
    if not is_sqlite():
        run(f"DROP FUNCTION {DECLARATIONS}_append_only()")


def _give_back_words() -> None:
    """Questions and concerns are one text again; pictures belong to the report, the newest first."""
    connection = op.get_bind()
    rows = sa.select(reports.c.id, reports.c.signup_id, reports.c.findings).order_by(reports.c.id.desc())
    for found in connection.execute(rows).all():
        concerns = "\n\n".join(one["text"] for one in found.findings if one["grade"] != "no_concern")
        connection.execute(reports.update().where(reports.c.id == found.id).values(concerns=concerns))
        connection.execute(
            files.update()
            .where(files.c.owner_kind == "observer_signup", files.c.owner_id == found.signup_id)
            .values(owner_kind="observer_report", owner_id=found.id)
        )


def _drop_older_wordings() -> None:
    """Only the newest wording of a report finds a place in the old shape, with its own answer."""
    if is_sqlite():
        for verb in ("update", "delete"):
            run(f"DROP TRIGGER tr_{ANSWERS}_no_{verb}")
    else:
        run(f"ALTER TABLE {ANSWERS} DISABLE TRIGGER USER")
    stale = "SELECT corrects_id FROM observer_reports WHERE corrects_id IS NOT NULL"
    op.execute(f"CREATE TEMPORARY TABLE stale AS {stale}")
    op.execute(f"DELETE FROM {ANSWERS} WHERE report_id IN (SELECT corrects_id FROM stale)")  # noqa: S608 - our names
    op.execute(f"DELETE FROM {REPORTS} WHERE id IN (SELECT corrects_id FROM stale)")  # noqa: S608 - our names
    op.execute("DROP TABLE stale")
    if is_sqlite():
        append_only(ANSWERS)
    else:
        run(f"ALTER TABLE {ANSWERS} ENABLE TRIGGER USER")
