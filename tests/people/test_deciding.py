"""Nobody makes power alone: a second operator confirms, where there is one."""

import pytest

from guildhall.kernel.errors import NotFound
from guildhall.kernel.models import Event
from guildhall.kernel.states import ForbiddenMove
from guildhall.people.actions import (
    RoleNotChanged,
    SecondNeeded,
    WaitsForSecond,
    confirm_roles,
    drop_decision,
    set_roles,
)
from guildhall.people.models import Decision, Person
from guildhall.people.queries import decisions_waiting_for
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def oleg(olga: Person) -> Person:
    return a_person("Oleg", operates=True)


def ask_for(person: Person, *, by: Person, operator: bool = False, adjudicator: bool = False) -> Decision:
    set_roles(person=person, is_operator=operator, is_adjudicator=adjudicator, by=by, at=NOW)
    return Decision.objects.get(subject_id=person.pk, state="asked")


def offices(person: Person) -> tuple[bool, bool]:
    row = Person.objects.get(pk=person.pk)
    return row.is_operator, row.is_adjudicator


def test_A14_an_office_takes_two(olga: Person, oleg: Person, bushra: Person, eve: Person) -> None:
    decision = ask_for(bushra, by=olga, operator=True)
    assert offices(bushra) == (False, False)
    with pytest.raises(SecondNeeded):
        confirm_roles(decision=decision, by=olga, at=NOW)
    with pytest.raises(RoleNotChanged):
        confirm_roles(decision=decision, by=eve, at=NOW)
    with pytest.raises(NotFound):
        drop_decision(decision=decision, by=eve, at=NOW)
    with pytest.raises(WaitsForSecond):
        ask_for(bushra, by=oleg, operator=True)
    confirm_roles(decision=decision, by=oleg, at=NOW)
    assert offices(bushra) == (True, False)
    event = Event.objects.get(name="person.roles_set", subject_id=bushra.pk)
    assert (event.by, event.facts["asked_by"]) == (oleg.pk, str(olga.pk))
    with pytest.raises(ForbiddenMove):
        confirm_roles(decision=decision, by=oleg, at=NOW)


def test_A14_whom_it_concerns_is_not_the_second(olga: Person, oleg: Person, bushra: Person) -> None:
    third = a_person("Third", operates=True)
    decision = ask_for(third, by=olga, operator=True, adjudicator=True)
    with pytest.raises(SecondNeeded):
        confirm_roles(decision=decision, by=third, at=NOW)
    confirm_roles(decision=decision, by=oleg, at=NOW)
    assert offices(third) == (True, True)


def test_a_no_does_nothing_and_it_may_be_asked_again(olga: Person, oleg: Person, bushra: Person) -> None:
    decision = ask_for(bushra, by=olga, adjudicator=True)
    drop_decision(decision=decision, by=oleg, at=NOW)
    with pytest.raises(ForbiddenMove):
        confirm_roles(decision=decision, by=oleg, at=NOW)
    assert offices(bushra) == (False, False)
    drop_decision(decision=ask_for(bushra, by=olga, adjudicator=True), by=olga, at=NOW)
    assert not decisions_waiting_for(olga).exists()


def test_the_only_operator_may_alone_and_the_log_says_so(olga: Person, bushra: Person) -> None:
    set_roles(person=bushra, is_operator=False, is_adjudicator=True, by=olga, at=NOW)
    assert offices(bushra) == (False, True)
    assert Event.objects.get(name="person.roles_set", subject_id=bushra.pk).facts["alone"] is True


def test_nobody_makes_themselves_an_adjudicator(olga: Person, oleg: Person) -> None:
    for operator in (olga, oleg):
        with pytest.raises(RoleNotChanged) as refusal:
            set_roles(person=operator, is_operator=True, is_adjudicator=True, by=operator, at=NOW)
        assert refusal.value.field == "is_adjudicator"
    decision = ask_for(a_person("Third", operates=True), by=oleg, operator=True, adjudicator=True)
    confirm_roles(decision=decision, by=olga, at=NOW)


def test_an_operator_is_dismissed_by_two_and_an_adjudicator_at_once(
    olga: Person, oleg: Person, dalia: Person
) -> None:
    third = a_person("Third", operates=True)
    ask_for(third, by=olga)
    assert offices(third) == (True, False)
    set_roles(person=dalia, is_operator=False, is_adjudicator=False, by=olga, at=NOW)
    assert offices(dalia) == (False, False)


def test_nobody_else_sees_what_waits(olga: Person, oleg: Person, bushra: Person, eve: Person) -> None:
    ask_for(bushra, by=olga, operator=True)
    assert decisions_waiting_for(oleg).count() == 1
    assert not decisions_waiting_for(eve).exists()
