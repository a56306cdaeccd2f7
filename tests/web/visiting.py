"""Looking at pages as somebody."""

import re
import time
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from guildhall.people.models import Person


def by(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def just_signed_in(person: Person) -> Client:
    """Somebody who has said their password a moment ago."""
    client = by(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


class _FormReader(HTMLParser):
    """Collects what a browser would send with one form."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.sent: dict[str, str] = {}
        self.area = self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name, value = facts.get("name") or "", facts.get("value") or ""
        if tag == "form":
            self.inside = facts.get("action") == self.action
        elif not self.inside:
            return
        elif tag == "textarea":
            self.area, self.sent[name] = name, ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and ("selected" in facts or self.choice not in self.sent):
            self.sent[self.choice] = value
        elif (
            tag == "input" and name and (facts.get("type") not in {"radio", "checkbox"} or "checked" in facts)
        ):
            self.sent[name] = value

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.sent[self.area] = self.sent[self.area].removeprefix("\n")
            self.area = ""
        elif tag == "form":
            self.inside = False


def filled_in(response: Any, action: str) -> dict[str, str]:
    """Everything that a browser sends with the form of that action, as it stands; without any button."""
    reader = _FormReader(action)
    reader.feed(response.content.decode())
    assert reader.sent, f"no form goes to {action}"
    return reader.sent


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
