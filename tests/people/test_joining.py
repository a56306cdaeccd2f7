"""Coming in: one person for each address, tidy names, and no personal data in the log."""

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from guildhall.kernel.errors import Unfit
from guildhall.kernel.models import Event
from guildhall.people.actions import EmailTaken, join_hall
from guildhall.people.models import Person
from guildhall.people.queries import person_with_email

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_somebody_joins_and_the_log_says_so_without_naming_them() -> None:
    bushra = join_hall(
        email="Bushra@Example.org ", name=" Bushra   Bano ", country="PK", password="hunza-apricot", at=AT
    )
    assert (bushra.email, bushra.name, bushra.joined_at) == ("bushra@example.org", "Bushra Bano", AT)
    assert bushra.check_password("hunza-apricot")
    assert EmailAddress.objects.get(user=bushra).verified
    event = Event.objects.get(name="person.joined")
    assert (event.subject_id, event.by, event.at, event.facts) == (bushra.id, bushra.id, AT, {})
    assert person_with_email("BUSHRA@example.org") == bushra


def test_an_address_belongs_to_one_person_in_whatever_case() -> None:
    join_hall(email="amara@example.org", name="Amara", at=AT)
    with pytest.raises(EmailTaken) as refused:
        join_hall(email="AMARA@EXAMPLE.ORG", name="Another", at=AT)
    assert refused.value.field == "email"
    assert Person.objects.count() == 1


def test_A16_who_joins_with_an_address_that_nobody_proved_takes_its_place() -> None:
    eve = join_hall(
        email="bushra@example.org", name="Eve", country="US", password="eves-apricot", confirmed=False, at=AT
    )
    bushra = join_hall(email="bushra@example.org", name="Bushra", country="PK", confirmed=False, at=AT)
    assert (bushra.pk, bushra.name, bushra.country) == (eve.pk, "Bushra", "PK")
    assert not bushra.has_usable_password()
    assert not EmailAddress.objects.get().verified
    EmailAddress.objects.update(verified=True)
    with pytest.raises(EmailTaken):
        join_hall(email="bushra@example.org", name="Eve", password="eves-apricot", at=AT)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a@b@c.org"}, "email"),
        (
            {"email": "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 20 + ".org"},
            "email",
        ),
        ({"name": "   "}, "name"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Eve, telegram: @eve_k"}, "name"),
        ({"country": "XX"}, "country"),
        ({"country": "pk"}, "country"),
        ({"language": "tlh"}, "language"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"password": "eve@example.org"}, "password"),
        ({"name": "Eve of the Orchard", "password": "Eve of the Orchard"}, "password"),
        ({"name": "Eve of the Orchard", "password": "eve-of-the-orchard"}, "password"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field_and_leaves_nothing(
    typed: dict[str, Any], field: str
) -> None:
    facts: dict[str, Any] = {"email": "eve@example.org", "name": "Eve", "at": AT} | typed
    with pytest.raises(Unfit) as refused:
        join_hall(**facts)
    assert refused.value.field == field
    assert refused.value.status == 422
    assert not Person.objects.exists()
    assert not Event.objects.exists()


def test_marks_that_turn_text_round_do_not_survive_in_a_name() -> None:
    person = join_hall(email="x@example.org", name="Ol\u202ega\x00 \n K", at=AT)
    assert person.name == "Olga K"


def test_somebody_without_a_password_has_none_that_anyone_could_guess() -> None:
    person = join_hall(email="x@example.org", name="X", at=AT)
    assert not person.has_usable_password()
    assert not person.check_password("")
