"""Sample years to look at: played once for a whole file of tests, and undone after it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import pytest

type Play = Callable[[datetime], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def year_played(django_db_setup: None, django_db_blocker: Any) -> Play:
    """Play a year that ends at an instant, with nothing in it but the stories and the last days."""
    from django.db import transaction  # noqa: PLC0415 - Django is set up after this module is read

    from guildhall import demo  # noqa: PLC0415 - likewise

    @contextmanager
    def play(end: datetime) -> Iterator[None]:
        with django_db_blocker.unblock(), transaction.atomic():
            demo.build(at=end, progress=lambda _share: None, jobs=0)
            yield
            transaction.set_rollback(True)

    return play
