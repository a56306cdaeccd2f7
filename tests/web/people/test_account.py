"""One's own account: details, tokens, records, language, and the first operator."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.notices.actions import write_letter
from guildhall.people.actions import create_token, make_set_up_link
from guildhall.people.models import Person, Token
from guildhall.people.queries import person_with_token
from tests.cast import NOW

pytestmark = pytest.mark.django_db

DETAILS = {"name": "Bushra B", "country": "PK", "town": "Hunza", "language": "en", "timezone": "Asia/Karachi"}
OWN = ["/account", "/account/details", "/account/tokens", "/account/records", "/account/records.json"]


def streamed(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("path", [*OWN, "/account/address", "/account/password", "/account/again"])
def test_a_visitor_signs_in_first_and_comes_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/account/sign-in?next={path}"


@pytest.mark.parametrize("path", OWN)
def test_nobody_reads_of_another_here(client: Client, bushra: Person, eve: Person, path: str) -> None:
    create_token(by=bushra, name="Zwieback token", scopes=["read"], at=NOW)
    Person.objects.filter(pk=bushra.pk).update(town="Zwieback town")
    client.force_login(eve)
    answer = client.get(path)
    said = streamed(answer).decode() if answer.streaming else answer.text
    assert answer.status_code == 200
    assert "Zwieback" not in said
    assert "bushra@example.org" not in said


def test_details_change_and_keep_what_was_typed_when_they_do_not_fit(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    answer = client.post("/account/details", DETAILS | {"timezone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert 'value="Hunza"' in answer.text
    assert Person.objects.get(pk=bushra.pk).town == ""
    answer = client.post("/account/details", DETAILS)
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    saved = Person.objects.get(pk=bushra.pk)
    assert (saved.name, saved.town, saved.timezone) == ("Bushra B", "Hunza", "Asia/Karachi")
    assert "Hunza" in client.get("/account").text


def test_D13_what_is_not_a_field_of_the_form_is_not_written(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    more = {"is_operator": "on", "is_adjudicator": "on", "email": "x@example.org", "joined_at": "2001-01-01"}
    client.post("/account/details", DETAILS | more)
    saved = Person.objects.get(pk=bushra.pk)
    assert (saved.is_operator, saved.is_adjudicator) == (False, False)
    assert (saved.email, saved.joined_at) == (bushra.email, bushra.joined_at)


def test_D11_a_name_is_text_wherever_it_stands(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    client.post("/account/details", DETAILS | {"name": "<script>alert(1)</script>"})
    for path in OWN[:2]:
        assert "<script>alert" not in client.get(path).text


def test_a_token_is_shown_once_and_works_until_it_is_ended(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    answer = client.post("/account/tokens", {"name": "My phone", "scopes": ["read", "work"]})
    assert answer.status_code == 200
    found = re.search(r"gh_[\w-]{43}", answer.text)
    assert found
    assert person_with_token(found[0]) is not None
    assert found[0] not in client.get("/account/tokens").text
    assert "no-store" in answer["Cache-Control"]
    token = Token.objects.get()
    assert client.post(f"/account/tokens/{token.id}/ending").status_code == 302
    assert person_with_token(found[0]) is None


def test_A11_the_token_of_another_is_not_there(client: Client, bushra: Person, eve: Person) -> None:
    token, secret = create_token(by=bushra, name="My phone", scopes=["read"], at=NOW)
    client.force_login(eve)
    assert client.post(f"/account/tokens/{token.id}/ending").status_code == 404
    assert client.post(f"/account/tokens/{uuid4()}/ending").status_code == 404
    assert Client().post(f"/account/tokens/{token.id}/ending").status_code == 302
    assert person_with_token(secret) is not None


@pytest.mark.parametrize(
    "typed", [{}, {"name": "x"}, {"name": "", "scopes": "read"}, {"name": "x", "scopes": "all"}]
)
def test_half_a_token_is_refused(client: Client, bushra: Person, typed: dict[str, str]) -> None:
    client.force_login(bushra)
    assert client.post("/account/tokens", typed).status_code == 422
    assert not Token.objects.exists()


def test_everything_held_can_be_taken_along(client: Client, bushra: Person, amara: Person) -> None:
    create_token(by=bushra, name="My phone", scopes=["read"], at=NOW)
    write_letter(address=amara.email, subject="Canary", text="Canary", person=amara, at=NOW)
    client.force_login(bushra)
    answer = client.get("/account/records.json")
    assert "attachment" in answer["Content-Disposition"]
    held = json.loads(streamed(answer))
    assert held["person"] == str(bushra.id)
    assert held["people.person"]["rows"][0]["email"] == bushra.email
    assert held["people.tokens"]["rows"][0]["name"] == "My phone"
    assert held["people.what_you_did"]["kept_because"]
    assert "Canary" not in json.dumps(held)


def test_a_visitor_and_a_person_choose_a_language(client: Client, bushra: Person) -> None:
    answer = client.post("/account/language", {"language": "ur", "next": "/account/sign-in"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-in")
    assert 'lang="ur"' in client.get("/account/sign-in").text
    client.force_login(bushra)
    client.post("/account/language", {"language": "ur"})
    assert Person.objects.get(pk=bushra.pk).language == "ur"
    assert client.post("/account/language", {"language": "tlh"}).status_code == 422
    assert client.get("/account/language").status_code == 405


def test_a_way_back_that_is_only_a_word_breaks_nothing(client: Client) -> None:
    assert client.post("/account/language", {"language": "en", "next": "zzz"})["Location"] == "zzz"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_language_does_not_lead_out_of_the_hall(client: Client, back: str) -> None:
    assert client.post("/account/language", {"language": "en", "next": back})["Location"] == "/"


def test_the_first_operator_opens_the_hall(client: Client) -> None:
    path = f"/account/set-up/{make_set_up_link(at=timezone.now())}"
    typed = {"name": "Olga", "email": "olga@example.org", "password": "guildhall-demo"}
    assert client.get(path)["Referrer-Policy"] == "same-origin", "and not no-referrer: see the view"
    assert client.post(path, typed | {"password": "short"}).status_code == 422
    answer = client.post(path, typed)
    assert (answer.status_code, answer["Location"]) == (302, "/operator/")
    assert Person.objects.get().is_operator
    assert client.get("/account").status_code == 200
    assert client.get(path).status_code == 409
    assert Client().post(path, typed | {"email": "eve@example.org"}).status_code == 409
    assert Person.objects.count() == 1


def test_a_made_up_set_up_link_opens_nothing(client: Client) -> None:
    assert client.get("/account/set-up/made-up").status_code == 409
