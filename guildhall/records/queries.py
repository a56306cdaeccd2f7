"""Asking every package."""

import json
from collections.abc import Iterator
from datetime import datetime

from guildhall.kernel.registry import all_holdings
from guildhall.people.models import Person


def take_out_of(person: Person, *, at: datetime) -> Iterator[str]:
    """Everything held on somebody, as the pieces of one JSON document.

    It is written while it is read, row by row, so that a long life in the hall needs no more memory than a
    short one. The keys are ``package.what``; each holds its rows, and why they are kept if they must be.
    """
    yield "{" + f'"person": {json.dumps(str(person.id))}, "taken_at": {json.dumps(at.isoformat())}'
    for holding in all_holdings():
        facts = {"kept_because": holding.kept_because} if holding.kept_because else {}
        yield f",\n{json.dumps(f'{holding.package}.{holding.what}')}: {json.dumps(facts)[:-1]}"
        yield f'{", " if facts else ""}"rows": ['
        for number, row in enumerate(holding.rows(person.id)):
            yield (",\n  " if number else "\n  ") + json.dumps(row, ensure_ascii=False)
        yield "]}"
    yield "\n}\n"
