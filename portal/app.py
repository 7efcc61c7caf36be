"""create_app: the house put together. Rooms are listed once, in their order; everything else follows from the list."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import settings as settings_module
from portal.core import address, afterwards, db, i18n, ledger_words, memo, news, storage, topics
from portal.core.actor import Permission
from portal.core.i18n import lazy_gettext as _l
from portal.settings import Settings
from portal.voting import keykeeper
from portal.web import access, device, errors, files, headers, login, render, unchanged
from portal.web.application import Portal
from portal.web.language import LanguagePrefix
from portal.web.pagecache import PageCache
from portal.web.sessions import QuietSessions

ROOMS = (
    "places",
    "rulebook",
    "accounts",
    "notifications",
    "comments",
    "strategy",
    "cycles",
    "forums",
    "plans",
    "screening",
    "voting",
    "actionplan",
    "procurement",
    "observation",
    "progress",
    "information",
    "dossier",
    "audit",
    "opendata",
    "home",
    "glossary",
    "demo",
)
RELEASE = "0.1.0"
MAX_BODY = 12 * 1024 * 1024

# (endpoint, label): shown when the endpoint exists.
NAV = [
    ("home.index", _l("Home")),
    ("actionplan.index", _l("Plans and projects")),
    ("forums.index", _l("Forums")),
    ("voting.index", _l("Votes")),
    ("procurement.index", _l("Procurement")),
    ("home.search", _l("Search")),
]
FOOTER = [
    ("places.index", _l("Districts")),
    ("progress.index", _l("Progress of projects")),
    ("information.index", _l("Information centre")),
    ("strategy.index", _l("Strategy")),
    ("rulebook.index", _l("Rules in figures")),
    ("glossary.index", _l("Glossary")),
    ("opendata.index", _l("Open data")),
    ("home.help", _l("Help")),
    ("home.accessibility", _l("Accessibility")),
    ("home.privacy", _l("Privacy")),
    ("home.terms", _l("Terms")),
]
# (endpoint, label, any of these permissions): the desks of a signed-in person's duties. The first of
# theirs is where people land after signing in.
DESKS: list[tuple[str, object, tuple[Permission, ...]]] = [
    ("screening.inbox", _l("Screening inbox"), (Permission.SCREEN, Permission.SCREEN_CONFIRM)),
    (
        "plans.desk",
        _l("Community desk"),
        (Permission.PLAN_WRITE, Permission.COMMITTEE_KEEP, Permission.PLAN_LATE),
    ),
    ("screening.ours", _l("Our items in screening"), (Permission.PLAN_WRITE,)),
    (
        "actionplan.desk",
        _l("Action plan desk"),
        (Permission.ACTION_PLAN_EDIT, Permission.ACTION_PLAN_APPROVE),
    ),
    ("voting.desk", _l("Voting rounds"), (Permission.ROUND_KEEP, Permission.ROUND_CONFIRM)),
    ("voting.rolls", _l("Voter rolls"), (Permission.ROLL_KEEP,)),
    ("procurement.desk", _l("Procurement desk"), (Permission.PROCUREMENT_EDIT,)),
    ("observation.desk", _l("Observers to confirm"), (Permission.OBSERVER_CONFIRM,)),
    ("progress.desk", _l("Progress reports"), (Permission.PROGRESS_WRITE, Permission.PROGRESS_CERTIFY)),
    ("information.desk", _l("Information centre desk"), (Permission.INFORMATION_KEEP,)),
    ("cycles.desk", _l("Cycles and rules"), (Permission.RULES_PROPOSE, Permission.RULES_CONFIRM)),
    ("strategy.desk", _l("Strategy trees"), (Permission.STRATEGY_EDIT,)),
    ("accounts.committees", _l("Committees"), (Permission.COMMITTEE_KEEP,)),
    ("places.names", _l("Community names"), (Permission.PLACE_EDIT,)),
    ("accounts.residencies", _l("Residence requests"), (Permission.RESIDENCY_CONFIRM,)),
    ("comments.moderation", _l("Moderation"), (Permission.COMMENT_MODERATE,)),
    ("accounts.grants", _l("Roles and grants"), (Permission.GRANT_PROPOSE, Permission.GRANT_CONFIRM)),
    ("rulebook.desk", _l("Legal values and holidays"), (Permission.LAW_EDIT,)),
    ("audit.index", _l("Ledger"), (Permission.LEDGER_READ,)),
    ("voting.paper_rounds", _l("Paper ballots"), (Permission.PAPER_ENTER, Permission.RESULT_CERTIFY)),
    ("observation.mine", _l("My observations"), ()),
    ("notifications.index", _l("Inbox"), ()),
    ("accounts.me", _l("My page"), ()),
]


def import_models() -> None:
    """Import every table, so that the metadata is whole (migrations, tests)."""
    for name in ("jobs", "ledger", "outbox", "receipts", "state", "storage", "topics"):
        import_module(f"portal.core.{name}")
    for room in ROOMS:
        _part(room, "models")


def _part(room: str, part: str) -> ModuleType | None:
    """A room's module, if the room has that part."""
    name = f"portal.{room}.{part}"
    try:
        if find_spec(name) is None:
            return None
    except ModuleNotFoundError:
        return None
    return import_module(name)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application, bound to its database."""
    settings = settings or settings_module.from_environment()
    settings.instance.mkdir(parents=True, exist_ok=True)
    _configure_log()
    import_models()
    db.bind(settings.database_url)
    storage.use_folder(settings.instance / "files")
    address.use(settings.public_url)
    keykeeper.use(settings.key_keeper)
    memo.keep_for(headers.SHARED_SECONDS if settings.has_page_cache else 0)
    unchanged.keep_pages(settings.has_page_cache)

    app = Portal("portal", static_folder=None, template_folder=str(settings_module.ROOT / "templates"))
    app.config.update(
        PORTAL=settings,
        RELEASE=RELEASE,
        NAV=NAV,
        FOOTER=FOOTER,
        DESKS=DESKS,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=login.SESSION_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,  # the row of a session ends with its days, and so may the cookie
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=3000,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.session_interface = QuietSessions()
    app.csrf.init_app(app)
    render.init_app(app)
    headers.init_app(app)
    device.init_app(app)
    errors.init_app(app)
    files.init_app(app)
    _furnish(app)
    access.check_all_marked(app)
    for language in i18n.LANGUAGES:
        i18n.catalogue(language)
    _wrap(app, settings)
    return app


def _furnish(app: Portal) -> None:
    """Bring in every room: its pages, its kinds of topics, its sentences of news, the words of its events, the guards
    of its files, what it tells of the things of earlier rooms."""
    for room in ROOMS:
        if room == "demo" and not app.config["PORTAL"].is_demo:
            continue
        queries, events = _part(room, "queries"), _part(room, "events")
        _introduce(queries)
        if events is not None:
            ledger_words.register(room, events.EVENTS)
        _part(room, "commands")
        views = _part(room, "views")
        if views is not None:
            app.register_blueprint(views.blueprint)
        if room == "accounts" and queries is not None:
            login.init_app(app, queries.actor_of_token)
    commands = import_module("portal.cli") if find_spec("portal.cli") else None
    if commands is not None:
        commands.init_app(app)


def _introduce(queries: ModuleType | None) -> None:
    """What a room's reads offer to the house."""
    for kind in getattr(queries, "KINDS", ()):
        topics.register(kind)
    for event, sentence in getattr(queries, "NEWS", {}).items():
        news.register(event, sentence)
    for owner_kind, may_read in getattr(queries, "FILE_GUARDS", {}).items():
        storage.register_guard(owner_kind, may_read)
    for thing, teller in getattr(queries, "AFTERWARDS", {}).items():
        afterwards.register(thing, teller)
    for what, counter in getattr(queries, "COUNTS", {}).items():
        afterwards.register_counter(what, counter)
    for thing, offerer in getattr(queries, "OFFERS", {}).items():
        afterwards.register_offers(thing, offerer)


def _wrap(app: Portal, settings: Settings) -> None:
    wsgi = headers.Always(LanguagePrefix(app.wsgi_app), is_https=settings.is_production)
    if settings.has_page_cache:
        wsgi = PageCache(wsgi, max_bytes=settings.page_cache_bytes)  # type: ignore[assignment]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        wsgi = ProxyFix(wsgi, x_for=count, x_proto=count, x_host=count)  # type: ignore[assignment]
    app.wsgi_app = wsgi  # type: ignore[method-assign]


def _configure_log() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        cache_logger_on_first_use=True,
    )
