"""A small sample year, played whole: every promise about the data holds at its end."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from guildhall import demo
from guildhall.contracts.models import Contract
from guildhall.jobs.models import Job, Proposal
from guildhall.kernel.models import Delivery
from guildhall.kernel.registry import all_checks
from guildhall.notices.models import Notice
from guildhall.people.models import Person
from guildhall.reputation.models import Feedback

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def heard() -> list[float]:
    return []


def test_a_year_is_played_through_the_real_verbs_and_breaks_nothing(heard: list[float]) -> None:
    assert not demo.is_begun()
    demo.build(at=AT, progress=heard.append, jobs=24)
    assert demo.is_built()
    assert heard[-1] == 1.0
    assert heard == sorted(heard)
    assert not Delivery.objects.exists(), "every event was heard"
    assert broken_promises() == {}
    assert Person.objects.count() == 25 + 60 + 3
    assert Person.objects.exclude(country="").values("country").distinct().count() >= 25
    assert Contract.objects.exists()
    assert Feedback.objects.exists()
    assert Notice.objects.filter(person__email="amara@example.org").exists()

    jumping = Job.objects.get(title="Port of a jumping game to the iPhone")
    assert Proposal.objects.filter(job=jumping).count() == 25
    contract = Contract.objects.get(title=jumping.title)
    assert (contract.state, contract.amount) == ("ended", 297_000)
    stink_bomb = Job.objects.get(title__startswith="Throw a stink bomb")
    assert stink_bomb.state == "draft", "prohibited work is refused and stays where only its author sees it"
    for email, _does in demo.whom_to_sign_in_as()[:-1]:
        assert Person.objects.get(email=email).check_password("guildhall-demo")


def broken_promises() -> dict[str, list[object]]:
    found = {}
    with connection.cursor() as cursor:
        for check in all_checks():
            cursor.execute(check.broken)
            if rows := cursor.fetchall():
                found[check.name] = rows
    return found
