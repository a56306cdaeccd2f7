"""What has to be true before a hall opens its doors: run by the supervisor as a process of its own.

The supervisor itself never loads Django: it lives as long as the hall and should weigh nothing.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from guildhall.config.environment import Environment, environment
from guildhall.config.hall import load_django, point_django_at, role_of
from guildhall.config.home import open_home
from guildhall.config.progress import Progress
from guildhall.config.trouble import Trouble


def prepare(words: Sequence[str] = ()) -> dict[str, Any]:
    """Migrate, grant, build the sample if this is a sample hall, lay out the static files.

    Args:
        words: how many jobs the sample year has, if not as many as usual.

    Returns:
        What the supervisor tells the person at the terminal.
    """
    env = environment()
    load_django()
    _lay_tables(env)
    lay_out_static_files()
    if env.kind == "demo":
        return _prepare_sample(env, {"jobs": int(words[0])} if words else {})
    return _prepare_own(env.base_url)


def _lay_tables(env: Environment) -> None:
    """Migrate as the owner of the tables, then go on as the running hall."""
    from guildhall.config.migrating import grant_rights, migrate  # noqa: PLC0415 - Django comes first

    point_django_at(env.migration_url)
    with Progress("Laying the tables") as progress:
        migrate(progress)
    grant_rights(role_of(env.database_url))
    point_django_at(env.database_url)


def _prepare_sample(env: Environment, jobs: dict[str, int]) -> dict[str, Any]:
    from guildhall import demo  # noqa: PLC0415 - Django comes first
    from guildhall.config.migrating import throw_everything_away  # noqa: PLC0415

    if demo.is_begun() and not demo.is_built():
        print("The sample hall was interrupted while it was built: it begins anew.", file=sys.stderr)
        point_django_at(env.migration_url)
        throw_everything_away()
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

    from guildhall.people.actions import make_set_up_link  # noqa: PLC0415
    from guildhall.people.queries import hall_has_operator  # noqa: PLC0415

    if hall_has_operator():
        return {}
    secret = make_set_up_link(at=database_time())
    return {"set_up": base_url + reverse("people:set_up", kwargs={"secret": secret})}


def database_time() -> datetime:
    """What time it is, by the database's clock."""
    from django.db import connection  # noqa: PLC0415 - Django comes first

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
        assert isinstance(at, datetime)
        return at


def lay_out_static_files() -> None:
    """Copy our few static files into the home, each with its compressed twins."""
    from django.conf import settings  # noqa: PLC0415 - Django comes first
    from servestatic.compress import Compressor  # noqa: PLC0415

    target = Path(settings.STATIC_ROOT)
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source in settings.STATICFILES_DIRS:
        shutil.copytree(source, fresh, dirs_exist_ok=True)
    fresh.mkdir(exist_ok=True)
    compressor = Compressor(quiet=True)
    for path in [path for path in fresh.rglob("*") if path.is_file()]:
        if compressor.should_compress(path.name):
            for _each in compressor.compress(str(path)):
                pass
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


if __name__ == "__main__":
    try:
        print(json.dumps(prepare(sys.argv[1:])))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(1)
