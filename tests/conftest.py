"""One PostgreSQL per run, one migrated template, one clone per worker; and no way out to the network.

`GUILDHALL_TEST_DATABASE_URL` names a server to use instead; its role must be a superuser.
"""

import fcntl
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

pytest_plugins = ["tests.cast", "tests.browsing"]

RUN = Path(os.environ.get("GUILDHALL_TEST_RUN") or tempfile.mkdtemp(prefix="guildhall-test-"))
"""This run's folder: made by the process that leads it, named to its workers through the environment."""
LEADS = "GUILDHALL_TEST_RUN" not in os.environ
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

os.environ["GUILDHALL_TEST_RUN"] = str(RUN)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # halls that tests start would each compile everything
sys.dont_write_bytecode = False
for variable in [name for name in os.environ if name.startswith("GUILDHALL_")]:
    if not variable.startswith("GUILDHALL_TEST_"):
        del os.environ[variable]  # what the person at the keyboard has set must not bend a test
os.environ["GUILDHALL_HOME"] = str(RUN / f"home-{WORKER}")
os.environ["DJANGO_SETTINGS_MODULE"] = "guildhall.config.settings"

_server: Any = None


def pytest_configure() -> None:
    """Let PostgreSQL's account into this run's folder, and read the settings, which pytest-django awaits."""
    RUN.chmod(0o711)
    from django.conf import settings  # noqa: PLC0415 - the environment above comes first

    assert settings.DATABASES
    # Right-to-left pages are looked at before their words are there.
    settings.LANGUAGES = [("en", "English"), ("ur", "Urdu")]
    # A password is made to take its time, and hundreds of tests sign somebody in: none is about that.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let every worker read this module before the settings, or all of them would share the leader's home."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Start the server before the first worker is."""
    node.workerinput["guildhall_server"] = _start_server()


def pytest_unconfigure() -> None:
    """Whoever leads the run stops the server and clears the folder."""
    if LEADS:
        if _server is not None:
            _server.stop()
        shutil.rmtree(RUN, ignore_errors=True)


def _start_server() -> str:
    """The address of the server's own database, starting the server at the first call."""
    global _server  # noqa: PLW0603 - one server per run, whichever fixture or hook needs it first
    told = os.environ.get("GUILDHALL_TEST_DATABASE_URL", "")
    if told:
        return told
    from guildhall.config.postgres import server  # noqa: PLC0415 - the environment above comes first

    if _server is None:
        _server = server.Server(RUN / "postgres", server.FORGETFUL)
        _server.start()
    return str(_server.url(server.ADMIN, "postgres"))


@pytest.fixture(scope="session")
def open_folder() -> Path:
    """A folder of this worker that other accounts may enter; pytest keeps its own ones closed."""
    folder = RUN / f"open-{WORKER}"
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest) -> str:
    """The address of the run's PostgreSQL, as its superuser."""
    given = getattr(request.config, "workerinput", {}).get("guildhall_server")
    return given or _start_server()


@pytest.fixture(scope="session")
def django_db_setup(database_server: str, django_db_blocker: Any) -> Iterator[None]:
    """Clone the migrated template for this worker, and point Django at the clone."""
    from django.db import connections  # noqa: PLC0415 - Django is set up after this module is read
    from django.test import TransactionTestCase  # noqa: PLC0415

    run = f"{RUN.name.removeprefix('guildhall-test-')}"
    template, own = f"guildhall_{run}_template", f"guildhall_{run}_{WORKER}"
    with django_db_blocker.unblock(), psycopg.connect(database_server, autocommit=True) as admin:
        with (RUN / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
                _make_template(admin, database_server, template)
        admin.execute(f'CREATE DATABASE "{own}" TEMPLATE "{template}"')
        _point_django_at(database_server, own)
        TransactionTestCase._fixture_teardown = _empty_the_tables  # type: ignore[attr-defined]
        yield
        connections.close_all()
        admin.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
        if os.environ.get("GUILDHALL_TEST_DATABASE_URL") and LEADS:
            admin.execute(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')


def _make_template(admin: "psycopg.Connection[Any]", server: str, template: str) -> None:
    """Migrate once, and keep beside the tables a copy of the rows that migrations put into them."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    unfinished = f"{template}_unfinished"
    admin.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
    admin.execute(f'CREATE DATABASE "{unfinished}"')
    _point_django_at(server, unfinished)
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA first_rows")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')  # noqa: S608 - our own
            if cursor.fetchone() == (True,):
                cursor.execute(f'CREATE TABLE first_rows."{table}" AS TABLE public."{table}"')
    connection.close()
    admin.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')


_EMPTY = """
DO $$
DECLARE
    name text;
    dirty boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO dirty;
        IF dirty THEN
            EXECUTE format('DELETE FROM public.%I', name);
        END IF;
        IF to_regclass(format('first_rows.%I', name)) IS NOT NULL THEN
            EXECUTE format(
                'INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE SELECT * FROM first_rows.%1$I', name
            );
        END IF;
    END LOOP;
END
$$
"""


def _empty_the_tables(_test: Any) -> None:
    """After a test that commits: empty what it filled, triggers asleep, and put back the first rows."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)


def _point_django_at(server: str, database: str) -> None:
    from django.db import connections  # noqa: PLC0415

    connections.close_all()
    facts = conninfo_to_dict(server)
    connections.databases["default"] |= {
        "NAME": database,
        "USER": facts.get("user", ""),
        "PASSWORD": facts.get("password", ""),
        "HOST": facts.get("host", ""),
        "PORT": str(facts.get("port", "")),
        "OPTIONS": {},
        "CONN_MAX_AGE": 0,
    }
    connections["default"].settings_dict = connections.databases["default"]


@pytest.fixture
def database_url() -> str:
    """This worker's database as a connection string, for tests that need a second session."""
    from django.db import connections  # noqa: PLC0415

    facts = connections.databases["default"]
    return make_conninfo(
        dbname=facts["NAME"],
        user=facts["USER"],
        password=facts["PASSWORD"],
        host=facts["HOST"],
        port=facts["PORT"] or None,
    )


@pytest.fixture(autouse=True, scope="session")
def _no_way_out() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test wants to reach {address[0]}")
        real(self, address)

    socket.socket.connect = connect  # type: ignore[assignment,method-assign]
    yield
    socket.socket.connect = real  # type: ignore[method-assign]
