"""Bringing a database to the shape that this version wants, and giving the hall its rights in it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from guildhall.config.kinds import keep_kind, refuse_the_other_kind
from guildhall.config.trouble import Trouble

WRITTEN_ONCE = (
    "invoicing.Invoice",
    "invoicing.VatRate",
    "kernel.Event",
    "kernel.RuleChange",
    "ledger.Closing",
    "ledger.Month",
    "ledger.Movement",
    "ledger.Posting",
    "ledger.Seal",
)
"""Tables whose rows the running hall can neither change nor delete."""
WRITTEN_BY_FUNCTIONS = (
    "ledger.Account",
    "ledger.Closing",
    "ledger.Month",
    "ledger.Movement",
    "ledger.Posting",
    "ledger.Seal",
    "ledger.Snapshot",
)
"""Tables that the running hall cannot even write to: functions of their owner do it for it."""
WRITTEN_BY_THE_OWNER = ("config.Kind",)
"""Tables that it only reads: whoever migrates writes them."""

_LOCK = 0x6775696C64  # "guild": two starts on one home migrate one after the other
_SHORT = "5s"
_LEAST_SERVER = 18

type Report = Callable[[float, float, str], None]


def migrate(report: Report) -> int:
    """Apply what is missing, as the role that owns the tables; the number of steps taken.

    Raises:
        Trouble: the server is too old, the database was migrated by a newer version or belongs to a hall of
            the other kind, or the role may not make tables in it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        refuse_old_server(int(cursor.fetchone()[0]))
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_SHORT])
    try:
        refuse_what_is_newer()
        refuse_the_other_kind()
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not steps:
            return 0
        _refuse_without_the_right_to_make_tables()
        done = 0

        def heard(action: str, migration: Any = None, fake: Any = None) -> None:
            nonlocal done
            del fake
            done += action == "apply_success"
            report(done, len(steps), str(migration or ""))

        # Whose database it is comes first: what is interrupted after that can be told from anybody else's.
        _take_steps([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] == "config"], heard)
        keep_kind()
        _take_steps(executor.loader.graph.leaf_nodes(), heard)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        return len(steps)
    finally:
        with suppress(Error), connection.cursor() as cursor:  # with the connection the lock has gone too
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _take_steps(leaves: list[tuple[str, str]], heard: Callable[..., None]) -> None:
    executor = _WholeSteps(connection, heard)
    executor.migrate(leaves)


class _WholeSteps(MigrationExecutor):
    """Takes a step and writes down that it was taken in one transaction.

    Django writes it down afterwards where a step leaves something for its end: whoever was ended in between
    would find the tables there and try to make them again.
    """

    def apply_migration(self, *args: Any, **kwargs: Any) -> Any:
        """Take one step, wholly or not at all."""
        with transaction.atomic():
            return super().apply_migration(*args, **kwargs)


def refuse_old_server(version: int) -> None:
    """Stop before a server that lacks what the hall is built on.

    Raises:
        Trouble: with both versions.
    """
    if version < _LEAST_SERVER * 10_000:
        raise Trouble(
            f"The database's server is PostgreSQL {version // 10_000}, and the hall needs {_LEAST_SERVER} or "
            "newer: upgrade it, or let the hall use its embedded one."
        )


def _refuse_without_the_right_to_make_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_schema_privilege('public', 'CREATE')")
        role, may = cursor.fetchone()
    if not may:
        raise Trouble(
            f"The role {role} may not make tables in this database: let its owner say "
            f"GRANT CREATE ON SCHEMA public TO {role}, or name another role in "
            "GUILDHALL_MIGRATION_DATABASE_URL."
        )


def refuse_what_does_not_fit() -> None:
    """Stop before a database that this version cannot work with as it stands.

    Raises:
        Trouble: it is newer, older, or that of a hall of the other kind.
    """
    refuse_what_is_newer()
    refuse_the_other_kind()
    if not is_migrated():
        raise Trouble("The database is older than this Guildhall, or empty: run `migrate` first.")


def refuse_what_is_newer() -> None:
    """Stop before a database that knows steps which this code does not.

    Raises:
        Trouble: naming the first of them.
    """
    loader = MigrationLoader(connection)
    strange = sorted(step for step in loader.applied_migrations if step not in loader.disk_migrations)
    if strange:
        raise Trouble(
            f"This database is newer than this Guildhall: it knows {'.'.join(strange[0])}, which this "
            "version does not. Run the version that made it, or go back to a backup."
        )


def is_migrated() -> bool:
    """Whether nothing is missing."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def grant_rights(role: str) -> None:
    """Give the running hall's role what it needs and no more, at once. Called as the owner of the tables.

    Args:
        role: a role other than the owner; nothing is done if it is the owner itself.

    Raises:
        Trouble: the role has other ways to change what is written once.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (role,):
            return
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        who = sql.Identifier(role)
        written_once = _tables(WRITTEN_ONCE)
        by_functions = _tables((*WRITTEN_BY_FUNCTIONS, *WRITTEN_BY_THE_OWNER))
        for statement in (
            sql.SQL("GRANT USAGE ON SCHEMA public TO {who}"),
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}"),
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}"),
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {written_once} FROM {who}"),
            sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {by_functions} FROM {who}"),
            sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {who}"),
        ):
            cursor.execute(
                statement.format(who=who, written_once=written_once, by_functions=by_functions).as_string(
                    connection.connection
                )
            )
        _refuse_rights_from_elsewhere(cursor, role)


def _tables(models: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(apps.get_model(name)._meta.db_table) for name in models)


def _refuse_rights_from_elsewhere(cursor: Any, role: str) -> None:
    """A superuser, or a member of the role that owns the tables, keeps every right whatever is revoked."""
    for name in WRITTEN_ONCE:
        table = apps.get_model(name)._meta.db_table
        cursor.execute("SELECT has_table_privilege(%s, %s, 'UPDATE, DELETE, TRUNCATE')", [role, table])
        if cursor.fetchone() == (True,):
            raise Trouble(
                f"The role {role} could change the rows of {table}, which are written once and for all: it "
                "is a superuser, or a member of the role that owns the tables. Let GUILDHALL_DATABASE_URL "
                "name an ordinary role."
            )
