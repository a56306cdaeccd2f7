"""Looking at pages as somebody."""

import re
from typing import Any

from django.test import Client

from guildhall.people.models import Person


def by(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
