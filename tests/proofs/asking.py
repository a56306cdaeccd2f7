"""Who asks the hall for something, and asks for the same again after a death."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from tests.api.calling import ALL, send
from tests.api.calling import program as a_program
from tests.cast import a_person

DAY = timedelta(days=1)
_number = count()


def somebody(**facts: Any) -> Person:
    """A person whom nobody has met before: flows must not find each other's money."""
    return a_person(f"P{next(_number)}", at=timezone.now(), **facts)


def asking(person: Person, method: str, path: str, body: Any = None) -> Callable[[], Any]:
    """A request under one key, as a program asks it again that has heard nothing."""
    key, client = str(new_id()), a_program(person, *(("operate",) if person.is_operator else ALL))

    def ask() -> Any:
        answer = send(client, method, path, body, **{"Idempotency-Key": key})
        assert answer.status_code in {200, 201}, answer.content
        return answer.said

    return ask


def doing(verb: Callable[..., Any]) -> Callable[[], Any]:
    """Background work, as the worker does it again after its death; how much there was to do is no answer."""
    at = timezone.now()

    def ask() -> None:
        verb(at=at)

    return ask


def of(minor: int) -> dict[str, str]:
    return {"amount": Money(minor, "USD").amount, "currency": "USD"}
