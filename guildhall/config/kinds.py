"""Which kind of hall a database is that of: a sample hall and an operator's own never meet in one.

The home says so too; but a database of the operator's own is reached from any home.
"""

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from guildhall.config.home import in_words
from guildhall.config.trouble import Trouble


def kind_kept() -> str:
    """Which kind of hall made this database; nothing if none has yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.config_kind') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return ""
        cursor.execute("SELECT kind FROM config_kind")
        found = cursor.fetchone()
    return str(found[0]) if found else ""


def refuse_the_other_kind() -> None:
    """Stop before a database in which a hall of the other kind lives.

    Raises:
        Trouble: naming both.
    """
    lives, ours = kind_kept(), settings.GUILDHALL_KIND
    if lives and lives != ours:
        raise Trouble(
            f"The database is that of {in_words(lives)}, and {in_words(ours)} never moves in with it: "
            "let GUILDHALL_DATABASE_URL name another database."
        )


def keep_kind() -> None:
    """Write down whose database this is, as the owner of its tables; the first word holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO config_kind (id, kind) VALUES (1, %s) ON CONFLICT DO NOTHING",
            [settings.GUILDHALL_KIND],
        )
    refuse_the_other_kind()


_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
   AND split_part(proname, '_', 1) = ANY(%s)
"""


@transaction.atomic
def throw_the_sample_away() -> None:
    """Drop the tables and functions of a half-built sample hall, as their owner, and nobody else's."""
    assert settings.GUILDHALL_KIND == kind_kept() == "demo"
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("guildhall.")]
    beside = ["django_migrations", str(settings.CACHES["default"]["LOCATION"])]  # tables without a model
    names = sql.SQL(", ").join(sql.Identifier(name) for name in [*tables, *beside])
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(names).as_string(connection.connection))
        cursor.execute(_FUNCTIONS, [ours])
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function}")
