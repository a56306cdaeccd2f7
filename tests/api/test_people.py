"""Oneself over the API: the same verbs, the same refusals."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.notices.models import Notice
from guildhall.people.actions import create_token, end_token
from guildhall.people.models import Person, Token
from guildhall.people.queries import person_with_token
from tests.cast import NOW

pytestmark = pytest.mark.django_db

ALL = ("read", "jobs", "work", "money")


def streamed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def program_of(person: Person, *scopes: str) -> Client:
    _token, secret = create_token(by=person, name="trial", scopes=scopes or ALL, at=NOW)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json")


def a_notice(person: Person) -> Notice:
    event = Event.objects.create(id=new_id(), name="message.said", subject_id=new_id(), at=NOW)
    return Notice.objects.create(
        id=new_id(),
        person=person,
        event=event,
        kind="message.said:to",
        facts={"who": "B"},
        url="/x",
        made_at=NOW,
    )


def test_who_one_is(amara: Person) -> None:
    said = program_of(amara).get("/api/v1/me").json()
    assert (said["email"], said["name"], said["country"]) == ("amara@example.org", "Amara", "GB")
    assert "password" not in said


def test_details_change_one_by_one(amara: Person) -> None:
    program = program_of(amara)
    said = send(program, "patch", "/me", {"town": "Leeds"}).json()
    assert (said["town"], said["name"], said["country"]) == ("Leeds", "Amara", "GB")
    answer = send(program, "patch", "/me", {"timezone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "timezone"


@pytest.mark.parametrize(
    "more", [{"is_operator": True}, {"email": "x@example.org"}, {"joined_at": "2001-01-01"}]
)
def test_D13_what_is_not_ones_to_set_is_refused(amara: Person, more: dict[str, Any]) -> None:
    assert send(program_of(amara), "patch", "/me", more).status_code == 422
    saved = Person.objects.get(pk=amara.pk)
    assert (saved.is_operator, saved.email) == (False, "amara@example.org")


def test_tokens_are_listed_without_their_secrets_and_ended(amara: Person) -> None:
    program = program_of(amara)
    other, secret = create_token(by=amara, name="Till", scopes=["read"], at=NOW)
    shown = program.get("/api/v1/me/tokens")
    assert {item["name"] for item in shown.json()["items"]} == {"trial", "Till"}
    assert secret not in shown.text
    assert send(program, "delete", f"/me/tokens/{other.id}").status_code == 200
    assert person_with_token(secret) is None
    assert send(program, "delete", f"/me/tokens/{other.id}").status_code == 404


def test_a_browser_makes_a_token_and_a_token_makes_none(amara: Person) -> None:
    browser = Client()
    browser.force_login(amara)
    made = send(browser, "post", "/me/tokens", {"name": "Till", "scopes": ["read"]})
    assert made.status_code == 201
    assert person_with_token(made.json()["secret"]) is not None
    refused = send(program_of(amara), "post", "/me/tokens", {"name": "Heir", "scopes": ["money"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert not Token.objects.filter(name="Heir").exists()


def test_A06_an_ended_token_opens_nothing_more(amara: Person) -> None:
    token, secret = create_token(by=amara, name="Till", scopes=["read"], at=NOW)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/me").status_code == 200
    end_token(token=token, by=amara, at=NOW)
    assert program.get("/api/v1/me").status_code == 401


def test_A11_the_token_of_another_is_not_there(amara: Person, eve: Person) -> None:
    token, secret = create_token(by=amara, name="Till", scopes=["read"], at=NOW)
    assert send(program_of(eve), "delete", f"/me/tokens/{token.id}").status_code == 404
    assert send(program_of(eve), "delete", f"/me/tokens/{uuid4()}").status_code == 404
    assert person_with_token(secret) is not None


def test_what_one_was_told(amara: Person, eve: Person) -> None:
    a_notice(amara)
    program = program_of(amara)
    [item] = program.get("/api/v1/notices?unread=true").json()["items"]
    assert (item["sentence"], item["url"]) == ("B wrote to you.", "http://localhost:8000/x")
    assert program_of(eve).get("/api/v1/notices").json()["items"] == []
    assert send(program_of(eve), "post", "/notices/readings").json() == {"count": 0}
    assert send(program, "post", "/notices/readings").json() == {"count": 1}
    assert program.get("/api/v1/notices?unread=true").json()["items"] == []
    assert len(program.get("/api/v1/notices").json()["items"]) == 1


def test_everything_held_is_ones_own_to_take(amara: Person, eve: Person) -> None:
    create_token(by=amara, name="Canary", scopes=["read"], at=NOW)
    answer = program_of(amara).get("/api/v1/me/records")
    held = json.loads(streamed(answer))
    assert held["people.person"]["rows"][0]["name"] == "Amara"
    answer = program_of(eve).get("/api/v1/me/records")
    assert "Canary" not in streamed(answer).decode()


CALLS = [
    ("get", "/me", "read", None),
    ("patch", "/me", "work", {"town": "X"}),
    ("get", "/me/tokens", "read", None),
    ("delete", f"/me/tokens/{UUID(int=7)}", "work", None),
    ("get", "/me/records", "read", None),
    ("get", "/notices", "read", None),
    ("post", "/notices/readings", "work", None),
]


@pytest.mark.parametrize(("method", "path", "scope", "body"), CALLS)
def test_each_call_wants_somebody_and_the_scope(
    amara: Person, method: str, path: str, scope: str, body: dict[str, str] | None
) -> None:
    assert send(Client(), method, path, body).status_code == 401
    assert send(Client(headers={"Authorization": "Bearer gh_rubbish"}), method, path, body).status_code == 401
    without = program_of(amara, *[each for each in ALL if each != scope])
    assert send(without, method, path, body).status_code == 403
    assert send(program_of(amara, scope), method, path, body).status_code in {200, 404}
