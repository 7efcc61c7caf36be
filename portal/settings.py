"""Settings: read once from the environment into one frozen object; production refuses to start on weak ones."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ("development", "demo", "test", "production")


class WeakSettings(SystemExit):
    """The process must not start like this; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """``public_url`` is the address in mails; ``mail_url`` is ``smtp://user:password@host:port`` or empty, which
    keeps mails as files below ``instance/mail``; ``ocid_prefix`` is the registered OCDS prefix (the demo's own);
    ``key_keeper`` is where the secrets of voting rounds are kept (``portal.voting.keykeeper``)."""

    env: str
    database_url: str
    migrate_database_url: str
    secret_key: str
    instance: Path
    public_url: str
    mail_url: str
    mail_from: str
    ocid_prefix: str
    page_cache_bytes: int
    trusted_proxies: int
    key_keeper: str

    @property
    def is_demo(self) -> bool:
        return self.env == "demo"

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def has_page_cache(self) -> bool:
        return self.page_cache_bytes > 0


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read PORTAL_* variables. Raises WeakSettings with one plain sentence when something must be set first."""
    environ = os.environ if environ is None else environ
    env = environ.get("PORTAL_ENV", "development")
    if env not in ENVIRONMENTS:
        raise WeakSettings(f"PORTAL_ENV must be one of {', '.join(ENVIRONMENTS)}, not {env!r}.")
    instance = Path(environ.get("PORTAL_INSTANCE", str(ROOT / "instance"))).resolve()
    database_url = environ.get("PORTAL_DATABASE_URL", "")
    if database_url.startswith(("postgres://", "postgresql://")):
        database_url = "postgresql+psycopg://" + database_url.split("://", 1)[1]
    secret = environ.get("PORTAL_SECRET_KEY", "")
    if env == "production":
        _refuse_weak_production(environ, secret, database_url)
    return Settings(
        env=env,
        database_url=database_url or f"sqlite:///{instance / 'portal.sqlite3'}",
        migrate_database_url=environ.get("PORTAL_MIGRATE_DATABASE_URL", ""),
        secret_key=secret or "development-only-" + "0" * 32,
        instance=instance,
        public_url=environ.get("PORTAL_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        mail_url=environ.get("PORTAL_MAIL_URL", ""),
        mail_from=environ.get("PORTAL_MAIL_FROM", "ruamngop@localhost"),
        ocid_prefix=environ.get("PORTAL_OCID_PREFIX", "ocds-213czf"),
        page_cache_bytes=int(
            environ.get("PORTAL_PAGE_CACHE_BYTES", "0" if env == "test" else str(32 * 1024 * 1024))
        ),
        trusted_proxies=int(environ.get("PORTAL_TRUSTED_PROXIES", "0")),
        key_keeper=environ.get(
            "PORTAL_KEY_KEEPER", "" if env == "production" else f"folder:{instance / 'keys'}"
        ),
    )


def _refuse_weak_production(environ: Mapping[str, str], secret: str, database_url: str) -> None:
    if len(secret) < 32 or len(set(secret)) < 10:
        raise WeakSettings("PORTAL_SECRET_KEY must be at least 32 random characters in production.")
    if not database_url.startswith("postgresql+psycopg://"):
        raise WeakSettings("PORTAL_DATABASE_URL must be a PostgreSQL address in production.")
    if not environ.get("PORTAL_PUBLIC_URL", "").startswith("https://"):
        raise WeakSettings("PORTAL_PUBLIC_URL must be the portal's https address in production.")
    if environ.get("PORTAL_KEY_KEEPER", "unix:").partition(":")[0] != "unix":
        raise WeakSettings("PORTAL_KEY_KEEPER must be unix:/path/of/the/socket in production.")
    if not environ.get("PORTAL_OCID_PREFIX"):
        raise WeakSettings("PORTAL_OCID_PREFIX must be the city's own registered OCDS prefix in production.")
