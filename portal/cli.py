"""The ``flask`` command groups: database, worker, ledger, imports, demo."""

from __future__ import annotations

import time

import click
from flask import Flask
from flask.cli import AppGroup

from portal.core import clock, db, jobs, ledger, migrate, outbox, state
from portal.web import mail

database = AppGroup("db", help="The database schema.")
worker = AppGroup("worker", help="Mail and long work.")
chain = AppGroup("ledger", help="The append-only ledger.")


def _schema_url(app: Flask) -> str:
    settings = app.config["PORTAL"]
    return str(settings.migrate_database_url or settings.database_url)


@database.command("upgrade")
@click.argument("revision", default="head")
@click.pass_context
def upgrade(context: click.Context, revision: str) -> None:
    """Bring the schema up to a revision (default: the newest)."""
    migrate.upgrade(_schema_url(context.obj.load_app()), revision)
    click.echo("The database is up to date.")


@database.command("downgrade")
@click.argument("revision")
@click.pass_context
def downgrade(context: click.Context, revision: str) -> None:
    """Take the schema back to a revision ("base" empties it)."""
    migrate.downgrade(_schema_url(context.obj.load_app()), revision)
    click.echo(f"The database is at {revision}.")


@worker.command("run")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@click.pass_context
def run_worker(context: click.Context, once: bool) -> None:
    """Send due mail and run due jobs until stopped."""
    app = context.obj.load_app()
    while True:
        with db.transaction("read"):
            _, offset = state.read()
        clock.set_offset(offset)
        done = outbox.deliver_due(lambda message: mail.deliver(app, message))
        with app.app_context():
            done += jobs.run_due()
        if once:
            click.echo(f"{done} done.")
            return
        if not done:
            time.sleep(1.0)


@chain.command("verify")
@click.option("--head", multiple=True, help="NUMBER:HASH kept outside; may be repeated.")
def verify_ledger(head: tuple[str, ...]) -> None:
    """Recompute the whole hash chain; exit 1 on a fault."""
    expected = {int(number): digest for number, _, digest in (kept.partition(":") for kept in head)}
    with db.transaction("read"):
        found = ledger.verify(expected or None)
    if found.fault:
        click.echo(f"FAULT: {found.fault}")
        raise SystemExit(1)
    click.echo(f"sound: {found.entries} entries, head {found.head}")


def init_app(app: Flask) -> None:
    """Register every group."""
    for group in (database, worker, chain):
        app.cli.add_command(group)
