"""Who rules a case, and what they may read while it is theirs."""

import pytest

from guildhall.disputes.actions import (
    rule_case,
    take_case,
)
from guildhall.disputes.actions.offering import NoDivision
from guildhall.disputes.actions.opening import NoReasons
from guildhall.disputes.actions.ruling import OwnCase, TakenByAnother
from guildhall.disputes.models import Case, Ruling
from guildhall.disputes.queries import cases_to_rule, cases_visible_to
from guildhall.files.queries import files_visible_to
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound
from guildhall.people.actions import set_roles
from guildhall.people.models import Person
from guildhall.workroom.actions import deliver_work
from guildhall.workroom.queries import conversation_about
from tests.builders.contracts import (
    a_case,
    a_delivered_milestone,
    a_file,
    a_funded_milestone,
    usd,
    what_is_broken,
)
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_B20_nobody_rules_their_own_case(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, dalia), by=amara)
    with pytest.raises(OwnCase) as refusal:
        rule_case(case=case, to_worker=usd(4_000), reasons="Mine.", by=dalia, at=NOW)
    assert refusal.value.status == 403
    assert case not in cases_to_rule(dalia)
    assert not Ruling.objects.exists()
    del bushra


def test_only_adjudicators_rule_and_one_of_them_at_a_time(
    amara: Person, bushra: Person, eve: Person, dalia: Person
) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    for person in (amara, bushra, eve):
        with pytest.raises(NotFound):
            rule_case(case=case, to_worker=usd(1), reasons="Because.", by=person, at=NOW)
    take_case(case=case, by=dalia, at=NOW)
    take_case(case=case, by=dalia, at=NOW)
    another = a_person("Another", adjudicates=True)
    with pytest.raises(TakenByAnother):
        rule_case(case=case, to_worker=usd(1), reasons="Because.", by=another, at=NOW)
    with pytest.raises(NoReasons):
        rule_case(case=case, to_worker=usd(1), reasons=" ", by=dalia, at=NOW)
    with pytest.raises(NoDivision):
        rule_case(case=case, to_worker=usd(4_001), reasons="Because.", by=dalia, at=NOW)


def test_money_is_never_locked_with_nobody_to_decide(amara: Person, bushra: Person, dalia: Person) -> None:
    """A case whose adjudicator has left the office is open to the next one."""
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    take_case(case=case, by=dalia, at=NOW)
    Person.objects.filter(pk=dalia.pk).update(is_adjudicator=False)
    another = a_person("Another", adjudicates=True)
    assert case in cases_to_rule(another)
    rule_case(case=case, to_worker=usd(1), reasons="Because.", by=another, at=NOW)
    assert now(case).state == "ruled"
    assert not what_is_broken()


def test_the_adjudicator_sees_what_was_delivered_while_the_case_is_open(
    amara: Person, bushra: Person, dalia: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW)
    case = a_case(milestone, by=amara)
    assert file not in files_visible_to(dalia.pk)
    take_case(case=case, by=dalia, at=NOW)
    assert file in files_visible_to(dalia.pk)
    assert conversation_about(f"case:{case.pk}", dalia).subject == f"case:{case.pk}"
    with pytest.raises(NotFound):
        conversation_about(f"contract:{milestone.contract_id}", dalia)
    rule_case(case=case, to_worker=usd(1), reasons="Because.", by=dalia, at=NOW)
    assert file not in files_visible_to(dalia.pk)


def test_A13_whoever_adjudicates_no_longer_opens_nothing_any_more(
    amara: Person, bushra: Person, dalia: Person, olga: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW)
    case = a_case(milestone, by=amara)
    take_case(case=case, by=dalia, at=NOW)
    set_roles(person=dalia, is_operator=False, is_adjudicator=False, by=olga, at=NOW)
    deliver_events(at=NOW, most=1_000)
    assert file not in files_visible_to(dalia.pk)
    assert not cases_visible_to(dalia).exists()
    another = a_person("Another", adjudicates=True)
    take_case(case=case, by=another, at=NOW)
    assert file in files_visible_to(another.pk)
    assert not what_is_broken()


def test_A13_a_case_that_another_takes_over_closes_its_files_to_the_first(
    amara: Person, bushra: Person, dalia: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW)
    case = a_case(milestone, by=amara)
    take_case(case=case, by=dalia, at=NOW)
    Person.objects.filter(pk=dalia.pk).update(is_adjudicator=False)
    take_case(case=case, by=a_person("Another", adjudicates=True), at=NOW)
    assert file not in files_visible_to(dalia.pk)
