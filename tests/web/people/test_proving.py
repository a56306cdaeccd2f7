"""Whoever proves an address has the account, and nobody who only typed it."""

import pytest
from django.core.cache import cache
from django.test import Client

from guildhall.kernel.models import Event
from guildhall.notices.models import Letter
from guildhall.people.actions import join_hall
from guildhall.people.models import Person
from tests.cast import NOW
from tests.web.people.test_entrance import NEWCOMER, PASSWORD, code_in, is_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def eves_claim() -> Person:
    """Eve has joined with Bushra's address and a password that Eve knows."""
    Client().post("/account/sign-up", NEWCOMER | {"name": "Eve", "password1": "eves-apricot"})
    Letter.objects.all().delete()
    a_while_later()
    return Person.objects.get()


def a_while_later() -> None:
    """So that the hall writes to the same address again."""
    cache.clear()


def comes_in(password: str) -> bool:
    visitor = Client()
    visitor.post("/account/sign-in", {"login": "bushra@example.org", "password": password})
    return is_in(visitor)


def test_A16_a_code_that_proves_the_address_ends_what_others_typed(
    client: Client, eves_claim: Person
) -> None:
    client.post("/account/sign-in/code", {"email": eves_claim.email})
    client.post("/account/sign-in/code/confirmation", {"code": code_in(Letter.objects.get())})
    assert is_in(client)
    assert not comes_in("eves-apricot")
    assert not Person.objects.get().has_usable_password()
    assert Event.objects.filter(name="person.password_changed", subject_id=eves_claim.id).count() == 1


def test_A16_a_lost_password_that_is_not_replaced_is_gone_all_the_same(
    client: Client, eves_claim: Person
) -> None:
    client.post("/account/password/lost", {"email": eves_claim.email})
    answer = client.post("/account/password/lost/code", {"code": code_in(Letter.objects.get())})
    assert answer["Location"] == "/account/password/lost/new"
    assert not comes_in("eves-apricot")
    client.post(answer["Location"], {"password1": "a-found-apricot"})
    assert comes_in("a-found-apricot")


def test_A16_whoever_joins_with_an_unproved_address_takes_its_place(
    client: Client, eves_claim: Person
) -> None:
    answer = client.post("/account/sign-up", NEWCOMER | {"password1": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/address/code")
    client.post("/account/address/code", {"code": code_in(Letter.objects.get())})
    assert is_in(client)
    assert Person.objects.get().name == "Bushra Bano"
    assert comes_in(PASSWORD)
    assert not comes_in("eves-apricot")


def test_A16_a_password_typed_elsewhere_meanwhile_is_gone_with_the_proof(client: Client) -> None:
    client.post("/account/sign-up", NEWCOMER | {"password1": PASSWORD})
    code = code_in(Letter.objects.get())
    a_while_later()
    Client().post("/account/sign-up", NEWCOMER | {"name": "Eve", "password1": "eves-apricot"})
    client.post("/account/address/code", {"code": code})
    assert is_in(client)
    assert not comes_in("eves-apricot")
    assert not comes_in(PASSWORD)


def test_a_password_stands_when_whoever_knows_it_proves_the_address_in_another_browser() -> None:
    Client().post("/account/sign-up", NEWCOMER | {"password1": PASSWORD})
    a_while_later()
    at_home = Client()
    answer = at_home.post("/account/sign-in", {"login": "bushra@example.org", "password": PASSWORD})
    assert answer["Location"] == "/account/address/code"
    at_home.post(answer["Location"], {"code": code_in(Letter.objects.order_by("-id")[0])})
    assert is_in(at_home)
    assert comes_in(PASSWORD)


def test_A16_an_unproved_address_can_be_moved_to_by_whoever_proves_it(
    client: Client, eves_claim: Person
) -> None:
    chen = join_hall(email="chen@example.org", name="Chen", at=NOW)
    client.force_login(chen)
    client.post("/account/address", {"email": eves_claim.email, "action_add": "1"})
    client.post("/account/address/code", {"code": code_in(Letter.objects.get())})
    assert [person.email for person in Person.objects.all()] == ["bushra@example.org"]
    assert Person.objects.get() == chen
