"""The ``flask`` command groups: database, worker, ledger, places, accounts, procurement, rulebook, voting, open data,
demo."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.engine import make_url

from portal.accounts import commands as accounts_commands
from portal.accounts import queries as accounts_queries
from portal.audit import keeping
from portal.core import clock, db, grants, i18n, jobs, outbox, state, storage, topics, turns
from portal.core.actor import SYSTEM, Actor, Grant, Permission, Role, Scope
from portal.core.errors import Invalid, PortalError
from portal.information import commands as information_commands
from portal.notifications import commands as notifications_commands
from portal.notifications import queries as notifications_queries
from portal.observation import commands as observation_commands
from portal.observation import queries as observation_queries
from portal.opendata import commands as opendata_commands
from portal.opendata import queries as opendata_queries
from portal.places import commands as places_commands
from portal.places import listing
from portal.procurement import commands as procurement_commands
from portal.procurement import notices
from portal.procurement import queries as procurement_queries
from portal.procurement import words as procurement_words
from portal.rulebook import commands as rulebook_commands
from portal.voting import queries as voting_queries
from portal.voting.commands import board
from portal.voting.commands import roll as voting_roll
from portal.web import mail

BOARD_SECONDS = 10.0
"""How often the worker looks whether a board may grow: it goes through all that was cast."""
GATHERING_SECONDS = 300
"""How often the worker takes into the information centre what other rooms published."""
TIDYING_SECONDS = 24 * 3600
"""How often the worker puts the index of words in order, and takes contents off the disk that no row names."""

database = AppGroup("db", help="The database schema.")
worker = AppGroup("worker", help="Mail and long work.")
chain = AppGroup("ledger", help="The append-only ledger.")
places = AppGroup("places", help="Districts and communities.")
procurement = AppGroup("procurement", help="Contracting processes.")
accounts = AppGroup("accounts", help="The first administrators.")
rulebook = AppGroup("rulebook", help="Figures of law and holidays.")
voting = AppGroup("voting", help="Counting votes, and the keys of rounds.")
demo = AppGroup("demo", help="The demonstration's data.")


def _schema_url(app: Flask) -> str:
    settings = app.config["PORTAL"]
    return str(settings.migrate_database_url or settings.database_url)


@database.command("upgrade")
@click.argument("revision", default="head")
@click.pass_context
def upgrade(context: click.Context, revision: str) -> None:
    """Bring the schema up to a revision (default: the newest), and let the portal's role work in it."""
    from portal.core import migrate  # 12 MB that no page needs

    app = context.obj.load_app()
    migrate.upgrade(_schema_url(app), revision)
    click.echo("The database is up to date.")
    owner, role = (make_url(url).username for url in (_schema_url(app), app.config["PORTAL"].database_url))
    if role and role != owner:
        grants.give(_schema_url(app), role)
        click.echo(f"The role {role} may do what the portal needs, and no more.")


@database.command("downgrade")
@click.argument("revision")
@click.pass_context
def downgrade(context: click.Context, revision: str) -> None:
    """Take the schema back to a revision ("base" empties it)."""
    from portal.core import migrate

    migrate.downgrade(_schema_url(context.obj.load_app()), revision)
    click.echo(f"The database is at {revision}.")


@worker.command("run")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@click.pass_context
def run_worker(context: click.Context, once: bool) -> None:
    """Send due mail and run due jobs until stopped. A step that fails, and a database that is away, do not stop it."""
    from portal.voting.commands import counting  # noqa: F401 - brings NumPy, and the worker's job of counting

    app = context.obj.load_app()
    if app.config["PORTAL"].is_production:
        grants.insist()
    worked = turns.Turns(_steps(app))
    while True:
        done = worked.once()
        if once:
            click.echo(f"{done} done.")
            if worked.failed:
                raise click.ClickException(f"Not done: {', '.join(worked.failed)}. The log says why.")
            return
        if not done:
            time.sleep(worked.pause or 1.0)


def _steps(app: Flask) -> list[turns.Step]:
    """What the worker does, most pressing first. Each is safe to repeat, in transactions of its own."""

    def read_clock() -> None:
        with db.transaction("read"):
            clock.set_offset(state.read()[1])

    def sweep() -> int:
        with db.transaction("read"):
            return storage.sweep()

    def where_due(is_due: Callable[[], Any], act: Callable[[Actor], Any]) -> None:
        with db.transaction("read"):
            if not is_due():
                return
        with db.transaction():
            act(SYSTEM)

    def gather_digests() -> int:
        """What is long is done before anything is held: others write meanwhile."""
        with db.transaction("read"):
            if not (worked_out := notifications_queries.digests_due()):
                return 0
        with db.transaction():
            return notifications_commands.gather_digests(SYSTEM, worked_out)

    def remind(round_id: int) -> None:
        with db.transaction():
            voting_roll.send_reminders(SYSTEM, round_id)

    def remind_all() -> None:
        with db.transaction("read"):
            closing_soon = list(voting_queries.reminders_due())
        reminded.each(closing_soon, remind)

    # What fails for one round is put off for that round.
    boards, keys, reminded = turns.Apart("board"), turns.Apart("key"), turns.Apart("reminders of round")

    def in_app(act: Callable[[], int]) -> int:
        with app.app_context():
            return act()

    return [
        turns.Step("clock", read_clock),
        turns.Step("mail", lambda: outbox.deliver_due(lambda message: mail.deliver(app, message))),
        turns.Step("jobs", lambda: in_app(jobs.run_due)),
        turns.Step("boards", lambda: in_app(lambda: board.extend_due(SYSTEM, boards.each)), BOARD_SECONDS),
        turns.Step("keys", lambda: in_app(lambda: board.destroy_left(SYSTEM, keys.each))),
        turns.Step("reminders", remind_all),
        turns.Step("digests", gather_digests),
        turns.Step(
            "observers",
            lambda: where_due(observation_queries.is_news_due, observation_commands.follow_changes),
        ),
        turns.Step(
            "downloads",
            lambda: where_due(opendata_queries.are_downloads_due, opendata_commands.keep_fresh),
        ),
        turns.Step(
            "documents",
            lambda: where_due(lambda: True, information_commands.gather),
            every=GATHERING_SECONDS,
        ),
        turns.Step("contents", sweep, every=TIDYING_SECONDS),
        turns.Step(
            "words", lambda: where_due(lambda: True, lambda _actor: topics.tidy()), every=TIDYING_SECONDS
        ),
    ]


@chain.command("verify")
@click.option("--head", multiple=True, help="NUMBER:HASH kept outside; may be repeated.")
def verify_ledger(head: tuple[str, ...]) -> None:
    """Recompute the whole hash chain and hold against it what is kept for good; exit 1 on a fault."""
    expected = {int(number): digest for number, _, digest in (kept.partition(":") for kept in head)}
    with db.transaction("read"):
        found = keeping.check(expected)
    for line in found.older:
        click.echo(f"older: {line}")
    if found.fault:
        for fault in (found.fault, *found.others):
            click.echo(f"FAULT: {fault}")
        raise SystemExit(1)
    click.echo(f"sound: {found.entries} entries, {found.rows} rows kept for good, head {found.head}")


@places.command("load")
def load_places() -> None:
    """Bring in the 50 districts and 180 sub-districts; safe to repeat."""
    with db.transaction():
        added = places_commands.load_districts(SYSTEM)
    click.echo(f"{added} rows added.")


@places.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@click.option("--quiet", is_flag=True, help="Leave the warnings out.")
def import_places(file: Path, dry_run: bool, quiet: bool) -> None:
    """Import a list of communities (CSV, UTF-8). With a faulty line nothing is written; exit 1."""
    try:
        lines, remarks = listing.read(file.read_bytes())
    except listing.BrokenList as broken:
        click.echo(f"{file.name}: {broken}. Nothing was written.", err=True)
        raise SystemExit(1) from broken
    with db.transaction() as session:
        try:
            report = places_commands.import_communities(SYSTEM, lines, remarks)
        except places_commands.ListRefused as refused:
            session.rollback()
            for remark in refused.report.remarks:
                click.echo(str(remark), err=True)
            click.echo(f"{len(refused.report.errors)} faulty lines. Nothing was written.", err=True)
            raise SystemExit(1) from refused
        if dry_run:
            session.rollback()
    if not quiet:
        for remark in report.remarks:
            click.echo(str(remark))
    click.echo(
        f"{report.added} added, {report.changed} changed, {report.same} as they were; "
        f"{report.flagged} names need proofing.{' Nothing was written.' if dry_run else ''}"
    )


@rulebook.command("load")
def load_rulebook() -> None:
    """Bring in the built-in figures of law and the holidays; safe to repeat."""
    with db.transaction():
        added = rulebook_commands.load_seeds(SYSTEM)
    click.echo(f"{added} rows added.")


@accounts.command("found")
@click.argument("emails", nargs=3)
@click.option("--order", required=True, help="The order that appoints the three, as it is printed.")
def found_office(emails: tuple[str, str, str], order: str) -> None:
    """Make the first three administrators; each is confirmed by the two others."""
    try:
        with db.transaction():
            accounts_commands.found_office(SYSTEM, emails, order)
    except PortalError as problem:
        raise click.ClickException(str(problem.message)) from problem
    click.echo("Three administrators. Each sets a password at /accounts/forgot.")


@voting.command("tally")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--rule",
    type=click.Choice(["greedy", "greedy-no-skip", "greedy-threshold", "equal-shares"]),
    default="greedy",
    show_default=True,
)
@click.option(
    "--completion",
    type=click.Choice(["none", "utilitarian", "add1", "add1u"]),
    default="none",
    show_default=True,
    help="What becomes of money that Equal Shares leaves over.",
)
@click.option("--start", type=click.Choice(["fraction", "floor"]), default="fraction", show_default=True)
@click.option(
    "--stop", type=click.Choice(["exhaustive", "overspent"]), default="exhaustive", show_default=True
)
@click.option("--utility", type=click.Choice(["cost", "cardinality"]), default="cost", show_default=True)
@click.option(
    "--step-parts",
    "parts",
    type=click.IntRange(0),
    default=0,
    help="add1 in steps of such a part of the first share.",
)
@click.option(
    "--most-steps", "most", type=click.IntRange(0), default=0, help="add1 ends after so many steps."
)
@click.option(
    "--threshold",
    type=click.IntRange(0),
    help="Least score; greedy-threshold without it takes the file's own.",
)
@click.option("--seed", help="Draws the order of equals; else the file's SHA-256.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def tally_file(file: Path, as_json: bool, **options: Any) -> None:
    """Count an election of the Pabulib format. Exit 2 with line and reason if the file cannot be counted."""
    from portal.voting import announce  # brings NumPy, 25 MB that a web worker does not need

    try:
        found = announce.tally_file(file, progress=lambda text: click.echo(text, err=True), **options)
    except announce.CannotCount as problem:
        click.echo(f"{file.name}: {problem}", err=True)
        raise SystemExit(2) from problem
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else announce.as_text(found))


@procurement.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--district", "elsewhere", default="", help="District code for agencies that are no district office."
)
@click.option(
    "--as", "email", help="Whose account enters them; else the city's own officer or administrator."
)
@click.option("--only-sound", is_flag=True, help="Leave faulty lines out.")
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@with_appcontext
def import_notices(file: Path, elsewhere: str, email: str | None, only_sound: bool, dry_run: bool) -> None:
    """Take over public notices (CSV, UTF-8) by their e-GP numbers. With a faulty line nothing is written; exit 1."""
    content = file.read_bytes()
    with db.transaction() as session, i18n.speaking("en"):
        person_id = _entering_person(email)
        if person_id is None:
            raise click.ClickException("Nobody to enter them: name an account with --as.")
        everywhere = Grant(Role.PROCUREMENT, Scope.CITY)
        actor = Actor(id=person_id, grants=(everywhere,), is_system=True, name="command line")
        try:
            judged = procurement_commands.judge_notices(actor, content, elsewhere, _tell_lines)
            for one in judged:
                for trouble in one.notice.troubles:
                    told = procurement_words.fault_text(trouble.fault, trouble.column, trouble.given)
                    click.echo(f"line {one.notice.number}: error: {told}", err=True)
                if one.is_above_limit:
                    click.echo(f"line {one.notice.number}: warning: above the limit of the specific method")
            prefix = current_app.config["PORTAL"].ocid_prefix
            counts = procurement_commands.import_notices(
                actor, judged, content, file.name, ocid_prefix=prefix, only_sound=only_sound
            )
        except (notices.BrokenList, Invalid) as refused:
            session.rollback()
            if isinstance(refused, notices.BrokenList):
                click.echo(f"{file.name}: {refused}.", err=True)
            click.echo("Nothing was written.", err=True)
            raise SystemExit(1) from refused
        if dry_run:
            session.rollback()
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    click.echo(f"{told}.{' Nothing was written.' if dry_run else ''}")


@procurement.command("check")
def check_sums() -> None:
    """Compare the sums each process keeps with its awards, contracts and instalments; exit 1 on a difference."""
    with db.transaction("read"):
        found = list(procurement_queries.wrong_sums())
    for process_id, column, kept, value in found:
        click.echo(f"process {process_id}: {column} is {kept}, should be {value}", err=True)
    if found:
        raise SystemExit(1)
    click.echo("Every sum is right.")


def _entering_person(email: str | None) -> int | None:
    """Whose account stands at the lines: the one named, else the city's procurement officer, else an administrator."""
    if email:
        found = accounts_queries.person_by_email(email)
        return found.id if found else None
    for permission in (Permission.PROCUREMENT_EDIT, Permission.GRANT_PROPOSE):
        people = accounts_queries.officers_with(permission, None)
        if people:
            return people[0]
    return None


def _tell_lines(done: int, total: int) -> None:
    if total > procurement_commands.CHUNK:
        click.echo(f"{done} of {total} lines compared", err=True)


@demo.command("load")
@click.pass_context
def load_demo(context: click.Context) -> None:
    """Load the demonstration once; its accounts are written to ``demo-accounts.json`` in the instance folder."""
    settings = current_app.config["PORTAL"]
    if settings.is_production:
        raise SystemExit("The demonstration is not for production.")
    from portal.demo import load as demo_load  # with what reads and writes workbooks

    demo_load.load(settings.instance / "demo-accounts.json", lambda text: click.echo(f"  {text}"))


def init_app(app: Flask) -> None:
    """Register every group; the demonstration's only there."""
    groups = [database, worker, chain, places, accounts, procurement, rulebook, voting]
    if app.config["PORTAL"].is_demo:
        groups.append(demo)
    for group in groups:
        app.cli.add_command(group)
