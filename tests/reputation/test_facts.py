"""A client's record counts what really happened, once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    ask_again,
    mark_delivered,
    propose_refund,
    release_silent_milestones,
)
from guildhall.disputes.actions import accept_offer, offer_split, open_case
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.events import reactions_to
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from guildhall.reputation.actions import record_client_fact
from guildhall.reputation.models import Fact
from guildhall.reputation.queries import client_facts, worker_facts
from guildhall.reputation.rules import ClientFacts, WorkerFacts
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_delivered_milestone,
    a_funded_milestone,
    again,
    usd,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def heard() -> None:
    """Let this package's reactions hear everything, twice, as at least once may mean."""
    for event in [*Event.objects.order_by("id"), *Event.objects.order_by("id")]:
        for reaction in reactions_to(event.name):
            if reaction.__module__.startswith("guildhall.reputation"):
                reaction(event)


def client(person: Person) -> ClientFacts:
    heard()
    return client_facts([person.pk])[person.pk]


def test_nothing_is_known_of_newcomers(amara: Person, bushra: Person) -> None:
    assert client_facts([amara.pk, bushra.pk]) == {amara.pk: ClientFacts(), bushra.pk: ClientFacts()}
    assert worker_facts([bushra.pk])[bushra.pk].is_newcomer
    assert client_facts([]) == {}


def test_the_median_time_to_pay_counts_from_the_delivery(amara: Person, bushra: Person, chen: Person) -> None:
    for worker, days in ((bushra, 1), (chen, 3), (bushra, 30)):
        milestone = a_delivered_milestone(amara, worker)
        approve_milestone(milestone=milestone, by=amara, at=NOW + HOUR + days * DAY)
    facts = client(amara)
    assert (facts.paid, facts.finished, facts.pays_after) == (3, 3, 3 * DAY)
    assert facts.pays_after_days == 3
    assert worker_facts([bushra.pk])[bushra.pk] == WorkerFacts(finished=2, paid_milestones=2)


def test_silence_is_counted_beside_what_was_paid(amara: Person, bushra: Person) -> None:
    a_delivered_milestone(amara, bushra)
    release_silent_milestones(at=NOW + 20 * DAY)
    facts = client(amara)
    assert (facts.paid, facts.paid_silently) == (1, 1)


def test_changes_count_each_time(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    ask_again(milestone=milestone, by=amara, at=NOW)
    mark_delivered(milestone=milestone, by=bushra, at=NOW)
    ask_again(milestone=milestone, by=amara, at=NOW)
    assert client(amara).changes_asked == 2


def test_delivered_work_that_is_not_paid_in_full_is_refused_work(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    case = open_case(milestone=milestone, contested=usd(10_000), reason="No.", by=amara, at=NOW)
    accept_offer(offer=offer_split(case=case, to_worker=usd(1), by=amara, at=NOW), by=bushra, at=NOW)
    facts = client(amara)
    assert (facts.refused, facts.paid) == (1, 1)


def test_what_the_worker_gives_back_unasked_is_no_refusal(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    propose_refund(milestone=milestone, amount=usd(10_000), reason="My mistake.", by=bushra, at=NOW)
    assert client(amara).refused == 0


def test_what_the_client_asked_back_after_a_delivery_is(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    refund = propose_refund(milestone=milestone, amount=usd(10_000), reason="No.", by=amara, at=NOW)
    answer_refund(refund=refund, agree=True, by=bushra, at=NOW)
    facts = client(amara)
    assert (facts.refused, facts.paid, facts.finished) == (1, 0, 0)


def test_an_undelivered_refund_is_nobodys_fault(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    refund = propose_refund(milestone=milestone, amount=usd(10_000), reason="Closed.", by=amara, at=NOW)
    answer_refund(refund=refund, agree=True, by=bushra, at=NOW)
    assert again(milestone).state == "returned"
    assert client(amara) == ClientFacts()


def test_jobs_tell_of_posts_and_hires(amara: Person) -> None:
    for job in ("1", "2", "3", "1"):
        record_client_fact(client=amara, kind="post.opened", subject=f"job:{job}", at=NOW)
    record_client_fact(client=amara, kind="post.filled", subject="job:1", at=NOW)
    facts = client(amara)
    assert (facts.posts, facts.hires, facts.hire_rate) == (3, 1, 33)


def test_the_worker_of_events_brings_them_here(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    approve_milestone(milestone=milestone, by=amara, at=NOW + DAY)
    deliver_events(at=NOW + DAY + timedelta(minutes=1), most=1_000)
    assert Fact.objects.filter(person=amara, kind="paid").exists()


def test_a_page_of_clients_costs_one_query(amara: Person, bushra: Person, chen: Person) -> None:
    with CaptureQueriesContext(connection) as queries:
        client_facts([amara.pk, bushra.pk, chen.pk])
    assert len(queries) == 1
