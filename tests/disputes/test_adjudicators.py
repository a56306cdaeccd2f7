"""Who rules a case, and what they may read while it is theirs."""

from datetime import timedelta

import pytest

from guildhall.disputes.actions import rule_case, speak_in_case, take_case, withdraw_case
from guildhall.disputes.actions.locking import CaseEnded
from guildhall.disputes.actions.offering import NoDivision
from guildhall.disputes.actions.opening import NoReasons
from guildhall.disputes.actions.ruling import OwnCase, TakenByAnother
from guildhall.disputes.background import cry_out
from guildhall.disputes.models import Case, Ruling
from guildhall.disputes.queries import cases_to_rule, cases_visible_to
from guildhall.files.queries import files_visible_to
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound
from guildhall.kernel.models import Event
from guildhall.people.actions import set_roles
from guildhall.people.models import Person
from guildhall.workroom.actions import deliver_work
from guildhall.workroom.queries import conversation_about, conversations_of
from tests.builders.contracts import (
    DAY,
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


def test_a_case_that_is_not_ruled_in_time_is_anybodys(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    take_case(case=case, by=dalia, at=NOW + DAY)
    another = a_person("Another", adjudicates=True)
    with pytest.raises(TakenByAnother):
        take_case(case=case, by=another, at=case.rule_by)
    late = case.rule_by + timedelta(seconds=1)
    take_case(case=case, by=another, at=late)
    rule_case(case=case, to_worker=usd(1), reasons="Because.", by=another, at=late)
    assert (now(case).state, now(case).adjudicator) == ("ruled", another)
    assert not what_is_broken()


def test_a_case_of_somebody_put_out_is_anybodys(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    take_case(case=case, by=dalia, at=NOW)
    Person.objects.filter(pk=dalia.pk).update(is_active=False)
    another = a_person("Another", adjudicates=True)
    assert take_case(case=case, by=another, at=NOW).adjudicator == another


@pytest.mark.parametrize("ends", ["office", "time", "case"])
def test_A13_a_former_adjudicator_is_out_of_the_conversation_and_its_files(
    amara: Person, bushra: Person, dalia: Person, olga: Person, ends: str
) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    take_case(case=case, by=dalia, at=NOW)
    before, after, own = (a_file(one, name=f"{one.name}.pdf") for one in (amara, bushra, dalia))
    speak_in_case(case=case, text="Look.", files=[before], by=amara, at=NOW)
    speak_in_case(case=case, text="And here.", files=[own], by=dalia, at=NOW)
    assert before in files_visible_to(dalia.pk)
    another = a_person("Another", adjudicates=True)
    match ends:
        case "office":
            set_roles(person=dalia, is_operator=False, is_adjudicator=False, by=olga, at=NOW)
            deliver_events(at=NOW, most=1_000)
        case "time":
            take_case(case=case, by=another, at=case.rule_by + DAY)
        case _:
            rule_case(case=case, to_worker=usd(1), reasons="Because.", by=dalia, at=NOW)
    assert not conversations_of(dalia).exists()
    assert set(files_visible_to(dalia.pk)) == {own}
    if ends == "case":
        with pytest.raises(CaseEnded):
            speak_in_case(case=case, text="Still here?", by=amara, at=NOW)
        return
    with pytest.raises(NotFound):
        speak_in_case(case=case, text="I think.", by=dalia, at=NOW)
    speak_in_case(case=case, text="And this.", files=[after], by=bushra, at=NOW)
    told = Event.objects.filter(name="message.said").latest("pk").facts["to"]
    assert str(dalia.pk) not in told
    assert after not in files_visible_to(dalia.pk)
    take_case(case=case, by=another, at=case.rule_by + DAY)
    assert {before, own, after} <= set(files_visible_to(another.pk))
    assert not what_is_broken()


def test_who_takes_it_again_is_in_again(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    file, late = a_file(amara), case.rule_by + DAY
    for person in (dalia, a_person("Another", adjudicates=True), dalia):
        take_case(case=case, by=person, at=late)
    speak_in_case(case=case, text="Look.", files=[file], by=amara, at=late)
    assert file in files_visible_to(dalia.pk)
    speak_in_case(case=case, text="I see.", by=dalia, at=late)


def test_the_adjudicator_sees_a_version_that_comes_later(
    amara: Person, bushra: Person, dalia: Person, eve: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    case = a_case(milestone, by=amara)
    take_case(case=case, by=dalia, at=NOW)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW + DAY)
    deliver_events(at=NOW + DAY, most=1_000)
    assert file in files_visible_to(dalia.pk)
    assert file not in files_visible_to(eve.pk)
    rule_case(case=case, to_worker=usd(1), reasons="Because.", by=dalia, at=NOW + DAY)
    assert file not in files_visible_to(dalia.pk)


def test_a_version_that_comes_after_the_case_is_not_shown(
    amara: Person, bushra: Person, dalia: Person
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    case = a_case(milestone, by=amara)
    take_case(case=case, by=dalia, at=NOW)
    rule_case(case=case, to_worker=usd(1), reasons="Because.", by=dalia, at=NOW + DAY)
    file = a_file(bushra)
    deliver_work(milestone=milestone, note="", items=[], files=[file], by=bushra, at=NOW + DAY)
    deliver_events(at=NOW + DAY, most=1_000)
    assert file not in files_visible_to(dalia.pk)


def cries() -> list[str]:
    waits = Event.objects.filter(name__in=["case.overdue", "case.stranded"])
    return list(waits.order_by("pk").values_list("name", flat=True))


def test_a_case_past_its_day_is_told_of_once(amara: Person, bushra: Person, dalia: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    take_case(case=case, by=dalia, at=NOW)
    assert cry_out(at=case.rule_by) == 0
    for seconds in (1, 61, 100_000):
        cry_out(at=case.rule_by + timedelta(seconds=seconds))
    assert cries() == ["case.overdue"]


def test_a_case_that_nobody_can_rule_is_told_of_once(amara: Person, bushra: Person, dalia: Person) -> None:
    theirs = a_case(a_delivered_milestone(amara, dalia), by=amara)
    a_case(a_delivered_milestone(amara, bushra), by=amara)
    for _time in range(2):
        cry_out(at=NOW + 2 * DAY)
    assert Event.objects.get(name="case.stranded").subject_id == theirs.pk
    Person.objects.filter(pk=dalia.pk).update(is_active=False)
    assert cry_out(at=NOW + 2 * DAY) == 1
    a_person("Another", adjudicates=True)
    a_case(a_delivered_milestone(amara, bushra), by=amara)
    assert cry_out(at=NOW + 2 * DAY) == 0


def test_an_ended_case_is_not_told_of(amara: Person, bushra: Person) -> None:
    case = a_case(a_delivered_milestone(amara, bushra), by=amara)
    withdraw_case(case=case, by=amara, at=NOW + 2 * DAY)
    assert cry_out(at=NOW + 60 * DAY) == 0
