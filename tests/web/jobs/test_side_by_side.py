"""What came in stands side by side with its letters: a few all together, of many those on the shortlist."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from guildhall.jobs.models import Job
from guildhall.kernel.money import Money
from guildhall.kernel.rules import set_rule
from guildhall.people.models import Person
from tests.builders.jobs import a_proposal, an_open_job
from tests.cast import a_person
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def job(amara: Person, now: datetime) -> Job:
    return an_open_job(amara, at=now, deadline=None)


def proposals_of(job: Job, count: int, now: datetime) -> list[Any]:
    return [
        a_proposal(job, a_person(f"Worker{n} Name"), at=now, letter=f"Letter number {n}.")
        for n in range(1, count + 1)
    ]


def cards_in(response: Any) -> int:
    content: str = response.content.decode()
    _before, _mark, compared = content.partition('<ul class="compare">')
    return compared.partition("</ul>")[0].count("<li")


def test_a_few_stand_side_by_side_with_their_letters(job: Job, amara: Person, now: datetime) -> None:
    proposals_of(job, 3, now)
    page = by(amara).get(f"/jobs/{job.pk}")
    assert cards_in(page) == 3
    for words in ("Letter number 1.", "Letter number 3.", "110.00 USD", "Delivers by"):
        assert words in text_of(page)
    assert "Yours to decide" not in text_of(page), "that is true of all of them"


def test_of_many_the_shortlist_stands_side_by_side(
    job: Job, amara: Person, eve: Person, now: datetime
) -> None:
    sent = proposals_of(job, 7, now)
    page = by(amara).get(f"/jobs/{job.pk}")
    assert cards_in(page) == 0
    assert "Letter number" not in text_of(page)
    assert by(eve).post(f"/proposals/{sent[0].pk}/shortlist", {"listed": "yes"}).status_code == 404
    for proposal in sent[:2]:
        assert by(amara).post(f"/proposals/{proposal.pk}/shortlist", {"listed": "yes"}).status_code == 302
    listed = by(amara).get(f"/jobs/{job.pk}?listed=1")
    assert cards_in(listed) == 2
    assert "Letter number 2." in text_of(listed)
    assert "Off the shortlist" in text_of(listed)


def test_what_was_declined_stands_back(job: Job, amara: Person, now: datetime) -> None:
    [proposal] = proposals_of(job, 1, now)
    by(amara).post(f"/proposals/{proposal.pk}/refusal", {"reason": "price", "note": ""})
    page = by(amara).get(f"/jobs/{job.pk}")
    assert '<li class="out">' in page.content.decode()
    assert "Declined" in text_of(page)
    assert "Shortlist</span>" not in page.content.decode()


def test_the_client_reads_what_it_costs_in_all(job: Job, amara: Person, olga: Person, now: datetime) -> None:
    set_rule(name="client_fee", value=300, reason="Costs.", by=olga.pk, at=now)
    proposals_of(job, 2, now)
    assert job.money is not None
    at_most = Money(job.money.minor * 103 // 100, job.currency)
    page = text_of(by(amara).get(f"/jobs/{job.pk}"))
    assert f"up to {at_most} in all, the hall’s fee included" in page
    assert page.count("113.30 USD in all, fee included") == 2
    assert by(amara).get(f"/api/v1/jobs/{job.pk}").json()["costs_up_to"]["amount"] == at_most.amount
    assert by(olga).get(f"/api/v1/jobs/{job.pk}").json()["costs_up_to"] is None
