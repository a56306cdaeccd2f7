"""Every variable of the environment is checked, and every complaint names the variable and its rule."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from guildhall.config.environment import VARIABLES, keep_secret_key, read_environment
from guildhall.config.trouble import Trouble


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("GUILDHALL_PORT", "http", "a whole number from 1 to 65535"),
        ("GUILDHALL_PORT", "0", "a whole number from 1 to 65535"),
        ("GUILDHALL_PORT", "70000", "a whole number from 1 to 65535"),
        ("GUILDHALL_PORT", "٨٠", "a whole number from 1 to 65535"),
        ("GUILDHALL_THREADS", "-1", "a whole number from 1 to 64"),
        ("GUILDHALL_BASE_URL", "hall.example.org", "https://hall.example.org"),
        ("GUILDHALL_BASE_URL", "https://hall.example.org/market", "with a host and nothing after it"),
        ("GUILDHALL_BASE_URL", "http://[::1", "with a host and nothing after it"),
        ("GUILDHALL_BASE_URL", "http://x:99999", "with a host and nothing after it"),
        ("GUILDHALL_BASE_URL", "https://amara@hall.example.org", "with a host and nothing after it"),
        ("GUILDHALL_BASE_URL", "https://hall.example.org#market", "with a host and nothing after it"),
        ("GUILDHALL_BASE_URL", "https://hall.example.org?a", "with a host and nothing after it"),
        ("GUILDHALL_BASE_URL", "http://hall.example.org:0", "with a host and nothing after it"),
        ("GUILDHALL_HOME", "~nosuchaccount/hall", "no account of that name"),
        ("GUILDHALL_HOST", "a" * 64, "an address or a name"),
        ("GUILDHALL_HOST", "hall..example.org", "an address or a name"),
        ("GUILDHALL_TRUSTED_PROXIES", "many", "0 to 9, or their addresses"),
        ("GUILDHALL_TRUSTED_PROXIES", "10", "0 to 9, or their addresses"),
        ("GUILDHALL_TRUSTED_PROXIES", "10.0.0.1/8", "0 to 9, or their addresses"),
        ("GUILDHALL_SECRET_KEY", "short", "32 or more"),
        ("GUILDHALL_DATABASE_URL", "mysql://a@b/c", "postgresql://user:password@host:5432/database"),
        (
            "GUILDHALL_DATABASE_URL",
            "postgresql://a:secret@b/",
            "postgresql://user:password@host:5432/database",
        ),
        ("GUILDHALL_MIGRATION_DATABASE_URL", "nonsense", "postgresql://user:password@host:5432/database"),
        ("GUILDHALL_MAIL_URL", "mail.example.org", "smtp://user:password@host:587"),
        ("GUILDHALL_MAIL_URL", "smtp://host:port", "smtp://user:password@host:587"),
        ("GUILDHALL_STRIPE_URL", "stripe", "https:// or http:// with a host"),
        ("GUILDHALL_STRIPE_URL", "https://api.stripe.com/v1", "a host and nothing after it"),
        ("GUILDHALL_STRIPE_URL", "https://x:secret@api.stripe.com", "a host and nothing after it"),
        ("GUILDHALL_STRIPE_KEY", "sk_test_1", "without GUILDHALL_STRIPE_WEBHOOK_SECRET"),
        ("GUILDHALL_STRIPE_WEBHOOK_SECRET", "whsec_12345678", "without GUILDHALL_STRIPE_KEY"),
        ("GUILDHALL_DEBUG", "perhaps", "yes or no"),
        ("GUILDHALL_KIND", "real", "demo or own"),
    ],
)
def test_what_does_not_fit_is_named_with_its_rule(name: str, value: str, rule: str) -> None:
    with pytest.raises(Trouble) as said:
        read_environment({name: value})
    assert str(said.value).startswith(name)
    assert rule in str(said.value)
    assert "\n" not in str(said.value)
    assert "secret@" not in str(said.value)


def test_the_keys_of_stripe_are_looked_at_and_never_repeated() -> None:
    told = {"GUILDHALL_STRIPE_KEY": "pk_live_secret@1", "GUILDHALL_STRIPE_WEBHOOK_SECRET": "secret@2"}
    with pytest.raises(Trouble) as said:
        read_environment(told)
    assert "must begin with sk_ or rk_" in str(said.value)
    assert "must begin with whsec_" in str(said.value)
    assert "secret@" not in str(said.value)
    told = {"GUILDHALL_STRIPE_KEY": "sk_test_1", "GUILDHALL_STRIPE_WEBHOOK_SECRET": "whsec_12345678"}
    access = read_environment(told).rails.stripe
    assert access is not None
    assert access.url == "https://api.stripe.com"
    assert read_environment({}).rails.stripe is None


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Trouble) as said:
        read_environment({"GUILDHALL_PORT": "x", "GUILDHALL_DEBUG": "x", "GUILDHALL_MAIL_URL": "x"})
    assert str(said.value).count("\n") == 2


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    found = read_environment({"GUILDHALL_HOME": str(tmp_path)})
    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert {"localhost", "127.0.0.1"} <= set(found.allowed_hosts)
    assert found.mailer["OPTIONS"] == {"file_path": str(tmp_path / "mail")}
    assert not found.debug


def test_a_hall_of_its_own_name_trusts_its_own_forms() -> None:
    found = read_environment({"GUILDHALL_BASE_URL": "https://hall.example.org/"})
    assert found.base_url == "https://hall.example.org"
    assert found.allowed_hosts[0] == "hall.example.org"
    assert found.trusted_origins == ["https://hall.example.org"]


def test_proxies_are_counted_or_named() -> None:
    read = {
        told: read_environment({"GUILDHALL_TRUSTED_PROXIES": told}).trusted_proxies
        for told in ("", "2", "10.0.0.7, fd00::/8")
    }
    assert list(read.values()) == [0, 2, (ip_network("10.0.0.7/32"), ip_network("fd00::/8"))]


def test_letters_go_out_by_smtp_with_and_without_encryption() -> None:
    found = read_environment({"GUILDHALL_MAIL_URL": "smtp+tls://amara%40x:p%3Aw@mail.example.org"}).mailer
    assert found["OPTIONS"] == {
        "host": "mail.example.org",
        "port": 587,
        "username": "amara@x",
        "password": "p:w",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 20,
    }
    assert read_environment({"GUILDHALL_MAIL_URL": "smtps://h"}).mailer["OPTIONS"]["port"] == 465


def test_a_database_of_the_operators_own_is_taken_apart_for_django() -> None:
    url = "postgresql://hall:p%40w@db.example.org:6543/guild?sslmode=require"
    found = read_environment({"GUILDHALL_DATABASE_URL": url, "GUILDHALL_PART": "web"})
    assert found.migration_url == url
    assert found.database["NAME"] == "guild"
    assert found.database["PASSWORD"] == "p@w"
    assert found.database["PORT"] == "6543"
    assert found.database["OPTIONS"]["sslmode"] == "require"
    assert found.database["CONN_MAX_AGE"] > 0


def test_the_secret_key_is_made_once_and_for_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUILDHALL_SECRET_KEY", raising=False)
    keep_secret_key(tmp_path)
    key = (tmp_path / "secret-key").read_text()
    keep_secret_key(tmp_path)
    assert (tmp_path / "secret-key").read_text() == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert read_environment({"GUILDHALL_HOME": str(tmp_path)}).secret_key == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_every_variable_that_is_read_is_explained() -> None:
    asked: set[str] = set()

    class Listening(dict[str, str]):
        def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
            asked.add(name)
            return default

    read_environment(Listening())
    assert asked - {"GUILDHALL_KIND", "GUILDHALL_PART"} == set(VARIABLES)
