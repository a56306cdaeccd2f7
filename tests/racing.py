"""Letting several do something in the same moment, each with a connection of their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from guildhall.kernel.errors import Refusal

_PATIENCE = 30


def all_at_once(verbs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread, started together: what each returns, or its refusal. All else is a failure."""
    gate = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(_PATIENCE)
            return verb()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def ends_of(verbs: Sequence[Callable[[], Any]]) -> Counter[str]:
    """How they ended, run all at once: ``done``, or the code of the refusal."""
    answers = all_at_once(verbs)
    return Counter(answer.code if isinstance(answer, Refusal) else "done" for answer in answers)
