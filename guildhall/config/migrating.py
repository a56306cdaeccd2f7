"""Bringing a database to the shape that this version wants, and giving the hall its rights in it."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from guildhall.config.trouble import Trouble

WRITTEN_ONCE = (
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

_LOCK = 0x6775696C64  # "guild": two starts on one home migrate one after the other
_SHORT = "5s"

type Report = Callable[[float, float, str], None]


def migrate(report: Report) -> int:
    """Apply what is missing, as the role that owns the tables; the number of steps taken.

    Raises:
        Trouble: the database was migrated by a newer version, or something holds a table for too long.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_SHORT])
    try:
        refuse_what_is_newer()
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not steps:
            return 0
        done = 0

        def heard(action: str, migration: Any = None, fake: Any = None) -> None:
            nonlocal done
            del fake
            done += action == "apply_success"
            report(done, len(steps), str(migration or ""))

        executor.progress_callback = heard
        executor.migrate(executor.loader.graph.leaf_nodes())
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        return len(steps)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def refuse_what_is_newer() -> None:
    """Stop before a database that knows steps which this code does not.

    Raises:
        Trouble: naming the first of them.
    """
    loader = MigrationLoader(connection)
    ours = {app.label for app in apps.get_app_configs()}
    strange = sorted(
        step for step in loader.applied_migrations if step[0] in ours and step not in loader.disk_migrations
    )
    if strange:
        raise Trouble(
            f"This database is newer than this Guildhall: it knows {'.'.join(strange[0])}, which this "
            "version does not. Run the version that made it, or go back to a backup."
        )


def throw_everything_away() -> None:
    """Empty the database, tables and all: as the owner, for a half-built sample hall and nothing else."""
    assert settings.GUILDHALL_KIND == "demo"
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def is_migrated() -> bool:
    """Whether nothing is missing."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def grant_rights(role: str) -> None:
    """Give the running hall's role what it needs and no more. Called as the owner of the tables.

    Args:
        role: a role other than the owner; nothing is done if it is the owner itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() == (role,):
            return
        who = sql.Identifier(role)
        written_once = sql.SQL(", ").join(
            sql.Identifier(apps.get_model(name)._meta.db_table) for name in WRITTEN_ONCE
        )
        by_functions = sql.SQL(", ").join(
            sql.Identifier(apps.get_model(name)._meta.db_table) for name in WRITTEN_BY_FUNCTIONS
        )
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
