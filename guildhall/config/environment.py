"""The environment of a hall: every variable it reads, checked here and nowhere else."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from guildhall.config import rails
from guildhall.config.trouble import Trouble

VARIABLES = {
    "GUILDHALL_HOME": "the folder for everything that the hall keeps (var)",
    "GUILDHALL_HOST": "the address it listens on (127.0.0.1)",
    "GUILDHALL_PORT": "the port it listens on (8000)",
    "GUILDHALL_BASE_URL": "its address as people type it (http://localhost and the port)",
    "GUILDHALL_TRUSTED_PROXIES": "how many proxies stand before it, or their addresses (none)",
    "GUILDHALL_SECRET_KEY": "what it signs with, 32 characters or more (made and kept in the home)",
    "GUILDHALL_SOURCE_URL": "where this hall's source is offered (its own page /source)",
    "GUILDHALL_DATABASE_URL": "postgresql://… of a server of your own (an embedded one in the home)",
    "GUILDHALL_MIGRATION_DATABASE_URL": "the same database for the role that owns the tables",
    "GUILDHALL_MAIL_URL": "smtp://, smtp+tls:// or smtps://user:password@host:port (files in the home)",
    "GUILDHALL_MAIL_FROM": "whom its letters come from",
    **rails.VARIABLES,
    "GUILDHALL_THREADS": "how many pages it answers at once (6)",
    "GUILDHALL_DEBUG": "yes for developers only: errors are shown to everybody (no)",
}
"""What can be set, what it means and what holds without it."""

MIGRATION_URL = "GUILDHALL_MIGRATION_DATABASE_URL"
PART = "GUILDHALL_PART"
"""Set by the supervisor alone: which part of the hall a process is."""

_KEPT_SECONDS = 600
_ENGINE = "guildhall.config.postgres.engine"
_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}
_MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_SHORTEST_KEY = 32
_DATABASE_SCHEMES = {"postgresql", "postgres"}
_LAST_PORT = 65535
_MOST_HOPS = 9

type Proxies = int | tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Environment:
    """What the hall was told from outside, ready for the settings."""

    home: Path
    kind: Literal["demo", "own"]
    host: str
    port: int
    threads: int
    base_url: str
    trusted_proxies: Proxies
    source_url: str
    secret_key: str
    debug: bool
    allowed_hosts: list[str]
    trusted_origins: list[str]
    database_url: str
    migration_url: str
    database: dict[str, Any]
    mailer: dict[str, Any]
    mail_from: str
    rails: rails.Rails


def default_home() -> Path:
    """The folder `var` of the clone that this code lies in; of the current folder if it is installed."""
    root = Path(__file__).resolve().parents[2]
    return (root if (root / "pyproject.toml").exists() else Path.cwd()) / "var"


@cache
def environment() -> Environment:
    """Read the environment once.

    Raises:
        Trouble: one sentence for each variable that does not fit.
    """
    return read_environment(os.environ)


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Read and check a set of variables, all of them before complaining about any."""
    reader = _Reader(variables)
    home = reader.home()
    port = reader.number("GUILDHALL_PORT", 8000, low=1, high=_LAST_PORT)
    host = reader.host()
    base_url = reader.base_url(f"http://{as_typed(address_for_ourselves(host))}:{port}")
    database_url = reader.database("GUILDHALL_DATABASE_URL")
    threads = reader.number("GUILDHALL_THREADS", 6, low=1, high=64)
    is_web = variables.get(PART) == "web"
    found = Environment(
        home=home,
        kind=reader.kind(),
        host=host,
        port=port,
        threads=threads,
        base_url=base_url,
        trusted_proxies=reader.proxies(),
        source_url=reader.web_address("GUILDHALL_SOURCE_URL", "/source"),
        secret_key=reader.secret_key(home),
        debug=reader.yes_or_no("GUILDHALL_DEBUG"),
        allowed_hosts=_hosts(base_url, host),
        trusted_origins=[base_url],
        database_url=database_url,
        migration_url=reader.database("GUILDHALL_MIGRATION_DATABASE_URL") or database_url,
        database=database_settings(database_url, kept=is_web),
        mailer=reader.mailer(home),
        mail_from=reader.text("GUILDHALL_MAIL_FROM", f"Guildhall <hall@{urlsplit(base_url).hostname}>"),
        rails=rails.read_rails(variables, reader.problems),
    )
    if reader.problems:
        raise Trouble("\n".join(reader.problems))
    return found


def database_settings(url: str, *, kept: bool = False) -> dict[str, Any]:
    """Django's words for a connection string.

    Args:
        url: a valid one, or nothing for commands that need no database.
        kept: whether a thread keeps its connection from one request to the next. The web server's few threads
            do: a pool's handing out and taking back costs a third of a page.
    """
    facts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    named = {
        "ENGINE": _ENGINE,
        "NAME": facts.pop("dbname", ""),
        "USER": facts.pop("user", ""),
        "PASSWORD": facts.pop("password", ""),
        "HOST": facts.pop("host", ""),
        "PORT": facts.pop("port", ""),
    }
    age = _KEPT_SECONDS if kept else 0
    return named | {"OPTIONS": facts, "CONN_MAX_AGE": age, "CONN_HEALTH_CHECKS": True}


def address_for_ourselves(host: str) -> str:
    """Where this machine reaches what listens on `host`, which may be a word for every address it has."""
    if host in {"127.0.0.1", "0.0.0.0", "::1", "::"}:  # noqa: S104 - asked about, not listened on
        return "localhost"
    return host


def as_typed(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _hosts(base_url: str, host: str) -> list[str]:
    """The hall's own name, the address it listens on, and the names that this machine has for itself."""
    own, here = urlsplit(base_url).hostname or "", as_typed(address_for_ourselves(host))
    return list(dict.fromkeys([own, here, "localhost", "127.0.0.1", "[::1]"]))


class _Reader:
    """Reads variables and remembers what is wrong with them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.variables.get(name, "").strip() or default

    def complain(self, name: str, rule: str) -> None:
        self.problems.append(f"{name} is {self.variables[name]!r}, but {rule}.")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        text = self.text(name, str(default))
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        self.complain(name, f"it must be a whole number from {low} to {high}")
        return default

    def yes_or_no(self, name: str) -> bool:
        text = self.text(name, "").lower()
        if text not in _YES | _NO:
            self.complain(name, "it must be yes or no")
        return text in _YES

    def kind(self) -> Literal["demo", "own"]:
        text = self.text("GUILDHALL_KIND", "own")
        if text not in {"demo", "own"}:
            self.complain("GUILDHALL_KIND", "it must be demo or own; `demo` and `serve` set it themselves")
            return "own"
        return cast('Literal["demo", "own"]', text)

    def base_url(self, default: str) -> str:
        text = self.text("GUILDHALL_BASE_URL", default).rstrip("/")
        try:
            parts = urlsplit(text)
            fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
            fits = fits and text == f"{parts.scheme}://{parts.netloc}" and "@" not in text
        except ValueError:
            fits = False
        if not fits:
            rule = "it must be http:// or https:// with a host and nothing after it, as in https://hall.example.org"
            self.complain("GUILDHALL_BASE_URL", rule)
            return default
        return text

    def home(self) -> Path:
        text = self.text("GUILDHALL_HOME", str(default_home()))
        try:
            return Path(text).expanduser().resolve()
        except RuntimeError:  # ~somebody, whom this machine does not know
            self.complain("GUILDHALL_HOME", "this machine has no account of that name, and so no home of it")
            return default_home()

    def host(self) -> str:
        text = self.text("GUILDHALL_HOST", "127.0.0.1")
        try:
            text.encode("idna")
        except UnicodeError:
            self.complain("GUILDHALL_HOST", "it must be an address or a name, as in 127.0.0.1 or localhost")
        return text

    def proxies(self) -> Proxies:
        text = self.text("GUILDHALL_TRUSTED_PROXIES", "0")
        if text.isascii() and text.isdigit() and int(text) <= _MOST_HOPS:
            return int(text)
        try:
            return tuple(ip_network(part.strip()) for part in text.split(","))
        except ValueError:
            rule = f"it must be how many stand before the hall, 0 to {_MOST_HOPS}, or their addresses"
            self.complain("GUILDHALL_TRUSTED_PROXIES", rule)
            return 0

    def web_address(self, name: str, default: str) -> str:
        text = self.text(name, default)
        try:
            parts = urlsplit(text)
            fits = text == default or (parts.scheme in {"http", "https"} and bool(parts.hostname))
        except ValueError:
            fits = False
        if not fits:
            self.complain(name, "it must be an address that begins with https:// or http://")
        return text if fits else default

    def secret_key(self, home: Path) -> str:
        text = self.text("GUILDHALL_SECRET_KEY", "")
        if text and len(text) < _SHORTEST_KEY:
            self.problems.append(
                f"GUILDHALL_SECRET_KEY has {len(text)} characters, but it must have {_SHORTEST_KEY} or more."
            )
        try:
            return text or (home / SECRET_KEY_FILE).read_text().strip()
        except OSError:
            return secrets.token_urlsafe(48)  # for commands that serve nobody; see keep_secret_key

    def database(self, name: str) -> str:
        text = self.text(name, "")
        if not text:
            return ""
        try:
            fits = urlsplit(text).scheme in _DATABASE_SCHEMES and conninfo_to_dict(text).get("dbname")
        except (psycopg.Error, ValueError):
            fits = False
        if not fits:
            # Not repeated word for word: it may carry a password.
            self.problems.append(
                f"{name} must look like postgresql://user:password@host:5432/database, and it does not."
            )
            return ""
        return text

    def mailer(self, home: Path) -> dict[str, Any]:
        text = self.text("GUILDHALL_MAIL_URL", "")
        if not text:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"BACKEND": backend, "OPTIONS": {"file_path": str(home / "mail")}}
        parts = urlsplit("")
        try:
            parts = urlsplit(text)
            port = parts.port or _MAIL_SCHEMES[parts.scheme]
            host = parts.hostname
        except (ValueError, KeyError):
            host, port = None, 0
        if not host:
            self.problems.append(
                "GUILDHALL_MAIL_URL must look like smtp://user:password@host:587 "
                "(or smtp+tls://, smtps://), and it does not."
            )
            return {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
        return {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": host,
                "port": port,
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_tls": parts.scheme == "smtp+tls",
                "use_ssl": parts.scheme == "smtps",
                "timeout": 20,
            },
        }


SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the file's name


def keep_secret_key(home: Path) -> None:
    """Make the home's secret key once, readable by its owner only."""
    path = home / SECRET_KEY_FILE
    if not os.environ.get("GUILDHALL_SECRET_KEY"):
        write_once(path, secrets.token_urlsafe(48))


def write_once(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner only; what is there already stays."""
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    try:
        with fresh.open("w") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        path.hardlink_to(fresh)  # fails if another start was quicker, whose word then holds
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
