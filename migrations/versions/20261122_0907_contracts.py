"""contracts

Awards, contracts, amendments and instalments stand for themselves; wordings of draft terms and documents cannot be
changed; a process may be taken over from a public notice. What a process said of its winner, contract and payment becomes
one award, one contract, one instalment.

Revision: contracts
After: ballots_and_board
Written: 2026-11-22 09:07 UTC
"""

import datetime as dt
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "contracts"
down_revision = "ballots_and_board"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHECKS = {
    "nothing_negative": "budget_satang >= 0 AND COALESCE(median_price_satang, 0) >= 0 AND COALESCE(award_satang, 0) >= 0 AND COALESCE(contract_satang, 0) >= 0 AND paid_satang >= 0 AND COALESCE(number_of_tenderers, 0) >= 0",
    "ended_with_day": "(state = 'running') = (ended_on IS NULL)",
    "imported_with_source": "(imported_at IS NULL) = (notice_source IS NULL)",
}
FROZEN = ("step_documents", "step_postponements", "draft_terms", "contract_amendments")
SQLITE = (
    "CREATE TRIGGER tr_step_documents_no_update BEFORE UPDATE ON step_documents BEGIN SELECT RAISE(ABORT, 'step_documents is append-only'); END",
    "CREATE TRIGGER tr_step_documents_no_delete BEFORE DELETE ON step_documents BEGIN SELECT RAISE(ABORT, 'step_documents is append-only'); END",
    "CREATE TRIGGER tr_step_postponements_no_update BEFORE UPDATE ON step_postponements BEGIN SELECT RAISE(ABORT, 'step_postponements is append-only'); END",
    "CREATE TRIGGER tr_step_postponements_no_delete BEFORE DELETE ON step_postponements BEGIN SELECT RAISE(ABORT, 'step_postponements is append-only'); END",
    "CREATE TRIGGER tr_draft_terms_no_update BEFORE UPDATE ON draft_terms BEGIN SELECT RAISE(ABORT, 'draft_terms is append-only'); END",
    "CREATE TRIGGER tr_draft_terms_no_delete BEFORE DELETE ON draft_terms BEGIN SELECT RAISE(ABORT, 'draft_terms is append-only'); END",
    "CREATE TRIGGER tr_contract_amendments_no_update BEFORE UPDATE ON contract_amendments BEGIN SELECT RAISE(ABORT, 'contract_amendments is append-only'); END",
    "CREATE TRIGGER tr_contract_amendments_no_delete BEFORE DELETE ON contract_amendments BEGIN SELECT RAISE(ABORT, 'contract_amendments is append-only'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION step_documents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'step_documents is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_step_documents_append_only BEFORE UPDATE OR DELETE ON step_documents FOR EACH ROW EXECUTE FUNCTION step_documents_append_only()",
    "CREATE TRIGGER tr_step_documents_no_truncate BEFORE TRUNCATE ON step_documents FOR EACH STATEMENT EXECUTE FUNCTION step_documents_append_only()",
    "CREATE FUNCTION step_postponements_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'step_postponements is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_step_postponements_append_only BEFORE UPDATE OR DELETE ON step_postponements FOR EACH ROW EXECUTE FUNCTION step_postponements_append_only()",
    "CREATE TRIGGER tr_step_postponements_no_truncate BEFORE TRUNCATE ON step_postponements FOR EACH STATEMENT EXECUTE FUNCTION step_postponements_append_only()",
    "CREATE FUNCTION draft_terms_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'draft_terms is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_draft_terms_append_only BEFORE UPDATE OR DELETE ON draft_terms FOR EACH ROW EXECUTE FUNCTION draft_terms_append_only()",
    "CREATE TRIGGER tr_draft_terms_no_truncate BEFORE TRUNCATE ON draft_terms FOR EACH STATEMENT EXECUTE FUNCTION draft_terms_append_only()",
    "CREATE FUNCTION contract_amendments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'contract_amendments is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER tr_contract_amendments_append_only BEFORE UPDATE OR DELETE ON contract_amendments FOR EACH ROW EXECUTE FUNCTION contract_amendments_append_only()",
    "CREATE TRIGGER tr_contract_amendments_no_truncate BEFORE TRUNCATE ON contract_amendments FOR EACH STATEMENT EXECUTE FUNCTION contract_amendments_append_only()",
)


def upgrade() -> None:
    with op.batch_alter_table("processes") as batch_op:
        batch_op.add_column(sa.Column("egp_url", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("buyer", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("unit", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("notice_source", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("number_of_tenderers", sa.SmallInteger(), nullable=True))
    _end_what_is_over()
    with op.batch_alter_table("processes") as batch_op:
        batch_op.alter_column("buyer", server_default=None)
        batch_op.alter_column("unit", server_default=None)
        for name, rule in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_processes_{name}"), rule)
    op.create_table(
        "awards",
        sa.Column("id", BIG, nullable=False),
        sa.Column("process_id", BIG, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("lot", sa.String(length=500), nullable=False),
        sa.Column("supplier", sa.String(length=500), nullable=False),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.CheckConstraint("amount_satang >= 0", name=op.f("ck_awards_amount_not_negative")),
        sa.CheckConstraint("length(supplier) > 0", name=op.f("ck_awards_supplier_named")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["processes.id"], name=op.f("fk_awards_process_id_processes"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("process_id", "position", name=op.f("uq_awards_process_id_position")),
    )
    op.create_table(
        "tenderers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("process_id", BIG, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("offer_satang", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_tenderers_named")),
        sa.CheckConstraint("offer_satang >= 0", name=op.f("ck_tenderers_offer_not_negative")),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_tenderers_process_id_processes"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenderers")),
        sa.UniqueConstraint("process_id", "position", name=op.f("uq_tenderers_process_id_position")),
    )
    op.create_table(
        "contracts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("process_id", BIG, nullable=False),
        sa.Column("award_id", BIG, nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("signed_ends_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("signed_satang", sa.BigInteger(), nullable=False),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(cancelled_on IS NULL) = (cancel_reason IS NULL)",
            name=op.f("ck_contracts_cancelled_with_reason"),
        ),
        sa.CheckConstraint("length(number) > 0", name=op.f("ck_contracts_numbered")),
        sa.CheckConstraint(
            "signed_satang >= 0 AND amount_satang >= 0", name=op.f("ck_contracts_amount_not_negative")
        ),
        sa.CheckConstraint(
            "starts_on IS NULL OR ((signed_ends_on IS NULL OR starts_on <= signed_ends_on) AND (ends_on IS NULL OR starts_on <= ends_on))",
            name=op.f("ck_contracts_period_forward"),
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_contracts_award_id_awards"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_contracts_process_id_processes"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_contracts_process_id_number")),
    )
    op.create_index(op.f("ix_contracts_award_id"), "contracts", ["award_id"])
    op.create_table(
        "step_postponements",
        sa.Column("id", BIG, nullable=False),
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("was_on", sa.Date(), nullable=False),
        sa.Column("now_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("entered_by", BIG, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_step_postponements_reason_given")),
        sa.CheckConstraint("was_on < now_on", name=op.f("ck_step_postponements_later")),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_step_postponements_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["step_id"],
            ["process_steps.id"],
            name=op.f("fk_step_postponements_step_id_process_steps"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_postponements")),
    )
    op.create_index(op.f("ix_step_postponements_entered_by"), "step_postponements", ["entered_by"])
    op.create_index(op.f("ix_step_postponements_step_id"), "step_postponements", ["step_id"])
    op.create_table(
        "contract_amendments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("contract_id", BIG, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("old_satang", sa.BigInteger(), nullable=False),
        sa.Column("new_satang", sa.BigInteger(), nullable=False),
        sa.Column("old_ends_on", sa.Date(), nullable=True),
        sa.Column("new_ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("entered_by", BIG, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND length(reason) > 0", name=op.f("ck_contract_amendments_reason_given")
        ),
        sa.CheckConstraint(
            "old_satang <> new_satang OR (new_ends_on IS NOT NULL AND (old_ends_on IS NULL OR old_ends_on <> new_ends_on))",
            name=op.f("ck_contract_amendments_something_changes"),
        ),
        sa.CheckConstraint(
            "old_satang >= 0 AND new_satang >= 0", name=op.f("ck_contract_amendments_amount_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_amendments_contract_id_contracts"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["people.id"],
            name=op.f("fk_contract_amendments_entered_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_amendments")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_contract_amendments_contract_id_number")),
    )
    op.create_index(op.f("ix_contract_amendments_entered_by"), "contract_amendments", ["entered_by"])
    op.create_table(
        "contract_instalments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("contract_id", BIG, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("is_advance", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount_satang", sa.BigInteger(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("committee_size", sa.SmallInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_satang", sa.BigInteger(), nullable=True),
        sa.Column("voucher", sa.String(length=200), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "paid_on IS NOT NULL OR voucher = ''", name=op.f("ck_contract_instalments_voucher_when_paid")
        ),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (committee_size IS NULL)",
            name=op.f("ck_contract_instalments_accepted_by_committee"),
        ),
        sa.CheckConstraint(
            "(paid_on IS NULL) = (paid_satang IS NULL)", name=op.f("ck_contract_instalments_paid_with_amount")
        ),
        sa.CheckConstraint(
            "accepted_on IS NULL OR (delivered_on IS NOT NULL AND delivered_on <= accepted_on)",
            name=op.f("ck_contract_instalments_accepted_after_delivery"),
        ),
        sa.CheckConstraint("amount_satang >= 0", name=op.f("ck_contract_instalments_amount_not_negative")),
        sa.CheckConstraint("committee_size > 0", name=op.f("ck_contract_instalments_committee_of_people")),
        sa.CheckConstraint(
            "paid_on IS NULL OR is_advance OR (accepted_on IS NOT NULL AND accepted_on <= paid_on)",
            name=op.f("ck_contract_instalments_paid_after_acceptance"),
        ),
        sa.CheckConstraint(
            "paid_satang >= 0 AND paid_satang <= amount_satang",
            name=op.f("ck_contract_instalments_paid_at_most_due"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"],
            ["contracts.id"],
            name=op.f("fk_contract_instalments_contract_id_contracts"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_instalments")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_contract_instalments_contract_id_number")),
    )
    op.create_index("ix_contract_instalments_due_on", "contract_instalments", ["due_on"])
    op.create_table(
        "draft_terms",
        sa.Column("id", BIG, nullable=False),
        sa.Column("process_id", BIG, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.String(length=500), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("published_by", BIG, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "number >= 1 AND (number = 1) = (changes = '')", name=op.f("ck_draft_terms_changes_with_number")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["step_documents.id"],
            name=op.f("fk_draft_terms_document_id_step_documents"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_draft_terms_process_id_processes"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["people.id"],
            name=op.f("fk_draft_terms_published_by_people"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_terms")),
        sa.UniqueConstraint("document_id", name=op.f("uq_draft_terms_document_id")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_draft_terms_process_id_number")),
    )
    op.create_index(op.f("ix_draft_terms_published_by"), "draft_terms", ["published_by"])
    _carry_drafts()
    _carry_money()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def _table(name: str, *columns: str) -> sa.TableClause:
    typed = {"published_at": sa.DateTime(timezone=True), "created_at": sa.DateTime(timezone=True)}
    return sa.table(
        name,
        *(sa.column(one, typed.get(one) or (sa.Date() if one.endswith("_on") else None)) for one in columns),
    )


def _end_what_is_over() -> None:
    """The day a process ended: that of its last step, else the day it began."""
    processes, steps = (
        _table("processes", "id", "state", "created_at", "ended_on"),
        _table("process_steps", "process_id", "actual_on"),
    )
    rows = op.get_bind().execute(
        sa.select(processes.c.id, processes.c.created_at, sa.func.max(steps.c.actual_on).label("last"))
        .outerjoin(steps, steps.c.process_id == processes.c.id)
        .where(processes.c.state != "running")
        .group_by(processes.c.id, processes.c.created_at)
    )
    for row in rows.all():
        ended = row.last or row.created_at.date()
        op.get_bind().execute(processes.update().where(processes.c.id == row.id).values(ended_on=ended))


def _carry_drafts() -> None:
    """Every wording of draft terms that was published, in order."""
    documents = _table(
        "step_documents", "id", "step_id", "document_type", "text", "published_at", "published_by"
    )
    steps = _table("process_steps", "id", "process_id", "kind", "actual_on", "ends_on")
    drafts = _table(
        "draft_terms",
        "process_id",
        "number",
        "document_id",
        "sha256",
        "changes",
        "ends_on",
        "published_by",
        "published_at",
    )
    rows = op.get_bind().execute(
        sa.select(
            documents,
            steps.c.process_id,
            sa.func.coalesce(steps.c.ends_on, steps.c.actual_on).label("ends_on"),
        )
        .join(steps, steps.c.id == documents.c.step_id)
        .where(
            steps.c.kind == "draft_tor",
            documents.c.document_type == "hearingNotice",
            steps.c.actual_on.is_not(None),
        )
        .order_by(documents.c.id)
    )
    number: dict[int, int] = {}
    for row in rows.all():
        number[row.process_id] = number.get(row.process_id, 0) + 1
        op.get_bind().execute(
            drafts.insert().values(
                process_id=row.process_id,
                number=number[row.process_id],
                document_id=row.id,
                sha256=sha256(row.text.encode()).hexdigest(),
                changes="" if number[row.process_id] == 1 else "แก้ไขร่าง",
                ends_on=row.ends_on,
                published_by=row.published_by,
                published_at=row.published_at,
            )
        )


def _carry_money() -> None:
    """One award, one contract and one instalment for what a process said in its own columns."""
    bind = op.get_bind()
    processes = _table(
        "processes",
        "id",
        "supplier",
        "award_satang",
        "contract_satang",
        "contract_number",
        "paid_satang",
        "created_at",
    )
    steps = _table("process_steps", "process_id", "kind", "actual_on", "committee_size")
    awards = sa.table(
        "awards",
        sa.column("id", BIG),
        *(sa.column(one) for one in ("process_id", "position", "lot", "supplier", "amount_satang")),
        sa.column("announced_on", sa.Date()),
    )
    contracts = sa.table(
        "contracts",
        sa.column("id", BIG),
        *(
            sa.column(one)
            for one in ("process_id", "award_id", "number", "signed_satang", "amount_satang", "version_id")
        ),
        sa.column("signed_on", sa.Date()),
    )
    for row in bind.execute(sa.select(processes).where(processes.c.supplier.is_not(None))).all():
        done = {
            one.kind: one
            for one in bind.execute(
                sa.select(steps).where(steps.c.process_id == row.id, steps.c.actual_on.is_not(None))
            )
        }
        award = done.get("award")
        announced = award.actual_on if award else row.created_at.date()
        bind.execute(
            awards.insert().values(
                process_id=row.id,
                position=1,
                lot="",
                supplier=row.supplier,
                amount_satang=row.award_satang,
                announced_on=announced,
            )
        )
        if row.contract_satang is None:
            continue
        award_id = bind.scalar(sa.select(awards.c.id).where(awards.c.process_id == row.id))
        signed_on = done["contract"].actual_on if "contract" in done else announced
        bind.execute(
            contracts.insert().values(
                process_id=row.id,
                award_id=award_id,
                number=row.contract_number or "–",
                signed_on=signed_on,
                signed_satang=row.contract_satang,
                amount_satang=row.contract_satang,
                version_id=1,
            )
        )
        contract_id = bind.scalar(sa.select(contracts.c.id).where(contracts.c.process_id == row.id))
        _carry_instalment(contract_id, row, done, signed_on)


def _carry_instalment(contract_id: int, row: sa.Row, done: dict[str, sa.Row], signed_on: dt.date) -> None:
    delivered, accepted, paid = (done.get(kind) for kind in ("delivery", "acceptance", "payment"))
    accepted_on = accepted.actual_on if accepted else None
    days = [one for one in (delivered.actual_on if delivered else None, accepted_on) if one]
    paid_on = (
        (max(day for day in (paid.actual_on if paid else signed_on, accepted_on) if day))
        if row.paid_satang
        else None
    )
    instalments = _table(
        "contract_instalments",
        "contract_id",
        "number",
        "what",
        "is_advance",
        "amount_satang",
        "delivered_on",
        "accepted_on",
        "committee_size",
        "paid_on",
        "paid_satang",
        "voucher",
        "version_id",
    )
    op.get_bind().execute(
        instalments.insert().values(
            contract_id=contract_id,
            number=1,
            what="ทั้งสัญญา",
            is_advance=sa.literal(paid_on is not None and accepted_on is None, sa.Boolean()),
            amount_satang=max(row.contract_satang, row.paid_satang),
            delivered_on=min(days) if days else None,
            accepted_on=accepted_on,
            committee_size=(accepted.committee_size or 1) if accepted else None,
            paid_on=paid_on,
            paid_satang=row.paid_satang or None,
            voucher="",
            version_id=1,
        )
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("tr_step_documents_no_update", "tr_step_documents_no_delete") if is_sqlite else ():
        op.execute(f"DROP TRIGGER {name}")
    if not is_sqlite:
        op.execute("DROP TRIGGER tr_step_documents_append_only ON step_documents")
        op.execute("DROP TRIGGER tr_step_documents_no_truncate ON step_documents")
    for table in (
        "draft_terms",
        "contract_instalments",
        "contract_amendments",
        "step_postponements",
        "contracts",
        "tenderers",
        "awards",
    ):
        op.drop_table(table)
    for table in () if is_sqlite else FROZEN:
        op.execute(f"DROP FUNCTION {table}_append_only()")
    with op.batch_alter_table("processes") as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_processes_{name}"), type_="check")
        for column in (
            "number_of_tenderers",
            "ended_on",
            "imported_at",
            "notice_source",
            "unit",
            "buyer",
            "egp_url",
        ):
            batch_op.drop_column(column)
