"""The anchor: PostgreSQL's own pgbench, on the same server, in a database beside ours."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

_NAME = "guildhall_pgbench"
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class Pgbench:
    """TPC-B at one scale, prepared, durable.

    Args:
        programs: the folder of PostgreSQL's programs.
        admin_url: the server, as a role that may make databases.
        scale: 100,000 accounts each.
    """

    def __init__(self, programs: Path, admin_url: str, scale: int) -> None:
        self._program = programs / "pgbench"
        self._admin_url = admin_url
        self._facts = conninfo_to_dict(admin_url)
        self.scale = scale

    def fill(self) -> None:
        """Make its tables."""
        self.drop()
        self._as_admin(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_NAME)))
        self._call(["-i", "-q", "-s", str(self.scale)])

    def run(self, *, clients: int, seconds: int) -> float:
        """Transactions a second."""
        said = self._call(
            ["-c", str(clients), "-j", "2", "-M", "prepared", "-n", "-T", str(seconds)],
        )
        found = _TPS.search(said)
        assert found, f"pgbench said no figure: {said}"
        return float(found[1])

    def drop(self) -> None:
        """Leave nothing behind."""
        self._as_admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_NAME)))

    def _as_admin(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            admin.execute(statement)

    def _call(self, arguments: Sequence[str]) -> str:
        facts = self._facts
        where = [
            part
            for flag, name in (("-h", "host"), ("-p", "port"), ("-U", "user"))
            if (value := facts.get(name))
            for part in (flag, str(value))
        ]
        return subprocess.run(
            [self._program, *where, *arguments, _NAME],
            env=os.environ | {"PGPASSWORD": str(facts.get("password") or "")},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
