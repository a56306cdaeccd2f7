"""A list of the API asks the database as often for many rows as for a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guildhall.people.models import Person
from tests.builders.contracts import a_delivered_milestone
from tests.builders.jobs import a_proposal, an_open_job
from tests.builders.talent import a_profile
from tests.web.visiting import by

pytestmark = pytest.mark.django_db


def asked_for(path: str, person: Person) -> int:
    client = by(person)
    client.get(path)  # what is looked up once for all is looked up by now
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(asked.captured_queries)


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("/api/v1/jobs", "bushra"),
        ("/api/v1/jobs/mine", "amara"),
        ("/api/v1/proposals", "bushra"),
        ("/api/v1/contracts", "amara"),
        ("/api/v1/contracts", "bushra"),
        ("/api/v1/money", "amara"),
        ("/api/v1/talent", "amara"),
        ("/api/v1/cases", "amara"),
        ("/api/v1/notices", "bushra"),
    ],
)
def test_a_list_asks_no_more_for_more_rows(path: str, whose: str, amara: Person, bushra: Person) -> None:
    person = {"amara": amara, "bushra": bushra}[whose]
    at = timezone.now()
    a_profile(bushra, at=at)

    def a_row_of_each() -> None:
        a_proposal(an_open_job(amara, at=at), bushra, at=at)
        a_delivered_milestone(amara, bushra)

    a_row_of_each()
    few = asked_for(path, person)
    for _each in range(4):
        a_row_of_each()
    assert asked_for(path, person) <= few
