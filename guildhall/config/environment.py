"""The environment of a hall: every variable it reads, checked here and nowhere else."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from environs import Env


@dataclass(frozen=True, slots=True)
class Environment:
    """What the hall was told from outside, ready for the settings."""

    home: Path
    kind: Literal["demo", "own"]
    base_url: str
    port: int
    secret_key: str
    debug: bool
    allowed_hosts: list[str]
    trusted_origins: list[str]
    database: dict[str, Any]
    mailer: dict[str, Any]
    mail_from: str


@cache
def environment() -> Environment:
    """Read the environment once."""
    env = Env()
    home = Path(env.str("GUILDHALL_HOME", "var")).resolve()
    port = env.int("GUILDHALL_PORT", 8000)
    url = env.str("GUILDHALL_DATABASE_URL", "")
    return Environment(
        home=home,
        kind="demo" if env.str("GUILDHALL_KIND", "own") == "demo" else "own",
        base_url=env.str("GUILDHALL_BASE_URL", f"http://localhost:{port}"),
        port=port,
        secret_key=env.str("GUILDHALL_SECRET_KEY", "only-for-commands-that-serve-nobody"),
        debug=env.bool("GUILDHALL_DEBUG", False),
        allowed_hosts=["localhost", "127.0.0.1", "[::1]", "testserver"],
        trusted_origins=[],
        database=env.dj_db_url("GUILDHALL_DATABASE_URL")
        if url
        else {"ENGINE": "django.db.backends.postgresql"},
        mailer={"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
        mail_from=env.str("GUILDHALL_MAIL_FROM", "hall@localhost"),
    )
