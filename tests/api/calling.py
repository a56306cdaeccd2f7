"""Calling the API as somebody's program."""

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from guildhall.people.actions import create_token
from guildhall.people.models import Person

ALL = ("read", "jobs", "work", "money")


def program(person: Person | None, *scopes: str) -> Client:
    """A program with a token of these scopes, or of all; or one without any."""
    if person is None:
        return Client()
    secret = create_token(by=person, name="test", scopes=scopes or ALL, at=timezone.now())[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> Any:
    answer: Any = client.generic(
        method,
        f"/api/v1{path}",
        b"" if body is None else json.dumps(body).encode(),
        "application/json",
        headers=headers,
    )
    answer.said = answer.json() if answer.content else None
    return answer
