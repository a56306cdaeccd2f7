"""Offices: given by operators, never left without anyone, always in the log."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from guildhall.kernel.models import Event
from guildhall.people.actions import (
    EmailTaken,
    LinkSpent,
    RoleNotChanged,
    create_operator,
    join_hall,
    make_set_up_link,
    set_roles,
    use_set_up_link,
)
from guildhall.people.models import Person
from guildhall.people.queries import hall_has_operator, person_who_proved, set_up_link_holds

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def olga() -> Person:
    return create_operator(email="olga@example.org", name="Olga", password="guildhall-demo", at=AT)


@pytest.fixture
def dalia() -> Person:
    return join_hall(email="dalia@example.org", name="Dalia", at=AT)


@pytest.mark.django_db
def test_an_operator_gives_an_office_and_the_log_tells_it(olga: Person, dalia: Person) -> None:
    set_roles(person=dalia, is_operator=False, is_adjudicator=True, by=olga, at=AT)
    assert Person.objects.get(pk=dalia.pk).is_adjudicator
    event = Event.objects.get(name="person.roles_set", subject_id=dalia.id)
    assert (event.by, event.facts) == (olga.id, {"is_operator": False, "is_adjudicator": True})


@pytest.mark.django_db
def test_giving_what_somebody_has_says_nothing(olga: Person, dalia: Person) -> None:
    set_roles(person=dalia, is_operator=False, is_adjudicator=False, by=olga, at=AT)
    assert not Event.objects.filter(name="person.roles_set", subject_id=dalia.id).exists()


@pytest.mark.django_db
def test_A08_nobody_raises_themselves(dalia: Person) -> None:
    with pytest.raises(RoleNotChanged):
        set_roles(person=dalia, is_operator=True, is_adjudicator=False, by=dalia, at=AT)
    assert not Person.objects.get(pk=dalia.pk).is_operator


@pytest.mark.django_db
def test_an_operator_cannot_lay_down_their_own_office(olga: Person) -> None:
    with pytest.raises(RoleNotChanged):
        set_roles(person=olga, is_operator=False, is_adjudicator=False, by=olga, at=AT)
    assert hall_has_operator()


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_dismiss_each_other_leave_one(olga: Person, dalia: Person) -> None:
    set_roles(person=dalia, is_operator=True, is_adjudicator=False, by=olga, at=AT)
    _at_once(
        lambda: set_roles(person=olga, is_operator=False, is_adjudicator=False, by=dalia, at=AT),
        lambda: set_roles(person=dalia, is_operator=False, is_adjudicator=False, by=olga, at=AT),
    )
    assert Person.objects.filter(is_operator=True).count() == 1


@pytest.mark.django_db
def test_the_command_promotes_somebody_who_is_here(dalia: Person) -> None:
    create_operator(email="Dalia@example.org", name="ignored", password="", at=AT)
    assert Person.objects.get().is_operator
    assert Person.objects.get().name == "Dalia"


@pytest.mark.django_db
def test_A16_an_address_that_was_only_typed_is_not_promoted_with_its_password() -> None:
    eve = join_hall(email="olga@example.org", name="Eve", password="eves-apricot", confirmed=False, at=AT)
    olga = create_operator(email="Olga@example.org", name="Olga", password="olgas-apricot", at=AT)
    assert (olga.pk, olga.name, olga.is_operator) == (eve.pk, "Olga", True)
    assert olga.check_password("olgas-apricot")
    assert person_who_proved("olga@example.org") == olga


@pytest.mark.django_db
def test_A16_who_types_an_address_first_does_not_keep_the_link_from_its_owner() -> None:
    join_hall(email="olga@example.org", name="Eve", password="eves-apricot", confirmed=False, at=AT)
    secret = make_set_up_link(at=AT)
    olga = use_set_up_link(
        secret=secret, email="olga@example.org", name="Olga", password="olgas-apricot", at=AT
    )
    assert olga.is_operator
    assert Person.objects.get().check_password("olgas-apricot")


@pytest.mark.django_db
def test_A01_a_set_up_link_works_once() -> None:
    secret = make_set_up_link(at=AT)
    assert set_up_link_holds(secret, AT)
    olga = use_set_up_link(
        secret=secret, email="olga@example.org", name="Olga", password="guildhall-demo", at=AT
    )
    assert olga.is_operator
    with pytest.raises(LinkSpent):
        use_set_up_link(secret=secret, email="e@example.org", name="Eve", password="guildhall-demo", at=AT)
    assert not set_up_link_holds(secret, AT)
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_A01_a_set_up_link_grows_old_and_a_newer_one_replaces_it() -> None:
    first = make_set_up_link(at=AT)
    second = make_set_up_link(at=AT + timedelta(hours=1))
    assert not set_up_link_holds(first, AT + timedelta(hours=2))
    assert set_up_link_holds(second, AT + timedelta(hours=2))
    with pytest.raises(LinkSpent):
        use_set_up_link(
            secret=second,
            email="o@example.org",
            name="O",
            password="guildhall-demo",
            at=AT + timedelta(days=3),
        )
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_slip_of_the_pen_does_not_spend_the_link(dalia: Person) -> None:
    secret = make_set_up_link(at=AT)
    with pytest.raises(EmailTaken):
        use_set_up_link(secret=secret, email=dalia.email, name="O", password="guildhall-demo", at=AT)
    assert set_up_link_holds(secret, AT)


@pytest.mark.django_db(transaction=True)
def test_A02_of_32_who_try_one_link_at_once_one_succeeds() -> None:
    secret = make_set_up_link(at=AT)

    def attempt(number: int) -> Callable[[], Person]:
        return lambda: use_set_up_link(
            secret=secret, email=f"p{number}@example.org", name="P", password="guildhall-demo", at=AT
        )

    won = _at_once(*[attempt(number) for number in range(32)])
    assert len(won) == 1
    assert Person.objects.count() == 1


def _at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Run them in threads that start together; what those that were not refused gave back."""
    gate = threading.Barrier(len(verbs))
    won: list[Any] = []
    broken: list[Exception] = []

    def run(verb: Callable[[], Any]) -> None:
        try:
            gate.wait()
            won.append(verb())
        except (LinkSpent, RoleNotChanged):
            pass
        except Exception as error:  # noqa: BLE001 - shown below, in the test's own thread
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    return won
