"""What persons change about themselves."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress

from guildhall.kernel.errors import Unfit
from guildhall.kernel.models import Event
from guildhall.kernel.registry import all_holdings
from guildhall.people.actions import (
    EmailTaken,
    change_email,
    change_password,
    choose_language,
    create_token,
    edit_person,
    join_hall,
)
from guildhall.people.models import Person

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db

FACTS = {"name": "Bushra", "country": "PK", "town": "Hunza", "language": "ur", "timezone": "Asia/Karachi"}


@pytest.fixture
def bushra() -> Person:
    return join_hall(email="bushra@example.org", name="Bushra", country="PK", at=AT)


def test_the_log_says_which_fields_changed_and_not_to_what(bushra: Person) -> None:
    edit_person(by=bushra, at=AT, **FACTS)
    saved = Person.objects.get(pk=bushra.pk)
    assert (saved.town, saved.language, saved.timezone) == ("Hunza", "ur", "Asia/Karachi")
    assert Event.objects.get(name="person.edited").facts == {"fields": ["town", "language", "timezone"]}
    edit_person(by=bushra, at=AT, **FACTS)
    assert Event.objects.filter(name="person.edited").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "WhatsApp 0300 1234567"),
        ("name", "bushra@example.org"),
        ("town", "Hunza, +92 300 1234567"),
        ("town", "t.me/bushra_draws"),
        ("country", "ZZ"),
        ("town", "x" * 81),
        ("language", "tlh"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("timezone", ""),
    ],
)
def test_what_does_not_fit_names_its_field(bushra: Person, field: str, value: str) -> None:
    with pytest.raises(Unfit) as refused:
        edit_person(by=bushra, at=AT, **(FACTS | {field: value}))
    assert refused.value.field == field
    assert Person.objects.get(pk=bushra.pk).town == ""


def test_choosing_a_language_keeps_the_rest(bushra: Person) -> None:
    choose_language(by=bushra, language="ur", at=AT)
    saved = Person.objects.get(pk=bushra.pk)
    assert (saved.language, saved.name, saved.country) == ("ur", "Bushra", "PK")


def test_a_new_password_replaces_the_old_and_is_in_the_log(bushra: Person) -> None:
    before = bushra.get_session_auth_hash()
    change_password(by=bushra, password="a-new-apricot", at=AT)
    saved = Person.objects.get(pk=bushra.pk)
    assert saved.check_password("a-new-apricot")
    assert saved.get_session_auth_hash() != before
    assert Event.objects.filter(name="person.password_changed", subject_id=bushra.id).count() == 1


def test_a_new_address_replaces_the_old(bushra: Person) -> None:
    join_hall(email="amara@example.org", name="Amara", at=AT)
    change_email(by=bushra, email="New@example.org", at=AT)
    assert Person.objects.get(pk=bushra.pk).email == "new@example.org"
    assert list(EmailAddress.objects.filter(user=bushra).values_list("email", "verified")) == [
        ("new@example.org", True)
    ]
    with pytest.raises(EmailTaken):
        change_email(by=bushra, email="amara@example.org", at=AT)


def test_what_the_hall_holds_on_a_person_is_all_there_and_only_theirs(bushra: Person) -> None:
    amara = join_hall(email="amara@example.org", name="Amara", at=AT)
    create_token(by=bushra, name="My phone", scopes=["read"], at=AT)
    create_token(by=amara, name="Canary", scopes=["read"], at=AT)
    held = {
        (each.package, each.what): list(each.rows(bushra.id))
        for each in all_holdings()
        if each.package == "people"
    }
    assert held["people", "person"][0]["email"] == "bushra@example.org"
    assert [row["name"] for row in held["people", "tokens"]] == ["My phone"]
    assert {row["name"] for row in held["people", "what_you_did"]} == {"person.joined", "token.created"}
    assert "Canary" not in str(held)
    assert "digest" not in str(held)


def test_another_language_changes_the_language_alone(bushra: Person) -> None:
    Person.objects.filter(pk=bushra.pk).update(timezone="Lost/Zone", town="Hunza")  # bushra's page is older
    person = choose_language(by=bushra, language="ur", at=AT)
    assert (person.language, person.timezone, person.town) == ("ur", "Lost/Zone", "Hunza")
    assert Event.objects.get(name="person.edited").facts == {"fields": ["language"]}
    with pytest.raises(Unfit):
        choose_language(by=bushra, language="tlh", at=AT)
