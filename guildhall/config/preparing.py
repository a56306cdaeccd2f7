"""What has to be true before a hall opens its doors: run by the supervisor as a process of its own.

The supervisor itself never loads Django: it lives as long as the hall and should weigh nothing.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from guildhall.config.clock import database_time
from guildhall.config.environment import Environment, environment
from guildhall.config.hall import load_django, point_django_at, role_of
from guildhall.config.home import open_home
from guildhall.config.outside import sentence_about
from guildhall.config.progress import Progress
from guildhall.config.trouble import Trouble

_BUILDING = 0x73616D706C65  # "sample": the advisory lock under which a sample year is played


def prepare(words: Sequence[str] = ()) -> dict[str, Any]:
    """Migrate, grant, build the sample if this is a sample hall, lay out the static files.

    Args:
        words: how many jobs the sample year has, if not as many as usual.

    Returns:
        What the supervisor tells the person at the terminal.
    """
    env = environment()
    load_django()
    from guildhall.config.static_files import lay_out_static_files  # noqa: PLC0415 - Django comes first

    lay_out_static_files()
    if env.kind == "demo":
        with _one_builder(env.migration_url):
            _lay_tables(env)
            return _prepare_sample(env, {"jobs": int(words[0])} if words else {})
    _lay_tables(env)
    return _prepare_own(env.base_url)


def _lay_tables(env: Environment) -> None:
    """Migrate as the owner of the tables, then go on as the running hall."""
    from guildhall.config.migrating import grant_rights, migrate  # noqa: PLC0415 - Django comes first

    point_django_at(env.migration_url)
    with Progress("Laying the tables") as progress:
        migrate(progress)
    grant_rights(role_of(env.database_url))
    point_django_at(env.database_url)


@contextmanager
def _one_builder(url: str) -> Iterator[None]:
    """Let the others wait while one plays the year, on a connection of its own."""
    with psycopg.connect(url, autocommit=True) as line:
        if line.execute("SELECT pg_try_advisory_lock(%s)", [_BUILDING]).fetchone() != (True,):
            print("Another process builds this sample hall: waiting for it.", file=sys.stderr)
            line.execute("SELECT pg_advisory_lock(%s)", [_BUILDING])
        yield


def _prepare_sample(env: Environment, jobs: dict[str, int]) -> dict[str, Any]:
    from guildhall import demo  # noqa: PLC0415 - Django comes first
    from guildhall.config.kinds import throw_the_sample_away  # noqa: PLC0415 - the same

    if demo.is_begun() and not demo.is_built():
        print("The sample hall was interrupted while it was built: it begins anew.", file=sys.stderr)
        point_django_at(env.migration_url)
        throw_the_sample_away()
        for name in ("files", "search", "mail"):
            shutil.rmtree(env.home / name, ignore_errors=True)
        open_home(env.home, env.kind)
        _lay_tables(env)
    if not demo.is_built():
        with Progress("Playing a year of the sample hall") as progress:
            demo.build(at=database_time(), progress=progress, beside=True, **jobs)
    return {"people": demo.whom_to_sign_in_as()}


def _prepare_own(base_url: str) -> dict[str, Any]:
    from django.urls import reverse  # noqa: PLC0415 - Django comes first

    from guildhall.people.actions import make_set_up_link  # noqa: PLC0415 - the same
    from guildhall.people.queries import hall_has_operator  # noqa: PLC0415 - the same

    if hall_has_operator():
        return {}
    secret = make_set_up_link(at=database_time())
    return {"set_up": base_url + reverse("people:set_up", kwargs={"secret": secret})}


if __name__ == "__main__":
    try:
        print(json.dumps(prepare(sys.argv[1:])))
    except Exception as trouble:
        sentence = str(trouble) if isinstance(trouble, Trouble) else sentence_about(trouble)
        if not sentence:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(1)
