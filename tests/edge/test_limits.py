"""A bucket empties, refuses, and fills again by the database's clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from guildhall.config.tidying import tidy
from guildhall.edge import limits
from guildhall.edge.limits import Limit, may_pass
from guildhall.edge.models import Bucket
from tests.cast import a_person

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

SMALL = Limit("small", burst=3, rate=0.001)
urlpatterns = [
    path("do", lambda _request: HttpResponse()),
    path("api/v1/do", lambda _request: HttpResponse()),
    path("talent/amara", lambda _request: HttpResponse()),
    path("api/v1/talent", lambda _request: HttpResponse()),
]


def test_a_bucket_lets_through_what_it_holds() -> None:
    assert [may_pass(SMALL, "amara") for _try in range(5)] == [True, True, True, False, False]


def test_everybody_has_their_own_bucket() -> None:
    for _try in range(4):
        may_pass(SMALL, "amara")
    assert may_pass(SMALL, "bushra")


def test_a_bucket_fills_with_time_but_never_beyond_its_size() -> None:
    for _try in range(4):
        may_pass(SMALL, "amara")
    Bucket.objects.update(filled_at=F("filled_at") - timedelta(days=30))
    assert [may_pass(SMALL, "amara") for _try in range(4)] == [True, True, True, False]


def test_the_table_is_not_logged() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'edge_bucket'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.parametrize("address", ["/do", "/api/v1/do"])
def test_too_many_writes_are_told_to_wait(client: Client, monkeypatch: Any, address: str) -> None:
    monkeypatch.setattr(limits, "WRITES", SMALL)
    client.force_login(a_person("Eve"))
    statuses = [client.post(address).status_code for _try in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert int(client.post(address)["Retry-After"]) >= 1


@pytest.mark.parametrize("address", ["/talent/amara", "/api/v1/talent"])
def test_B13_whoever_reads_one_profile_after_the_other_is_told_to_wait(
    client: Client, monkeypatch: Any, address: str
) -> None:
    monkeypatch.setattr(limits, "PEOPLE", SMALL)
    assert [client.get(address).status_code for _try in range(4)] == [200, 200, 200, 429]
    assert client.get(address)["Retry-After"] == "1000"
    assert {client.get("/do").status_code for _try in range(10)} == {200}
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_B13_a_reader_who_looks_at_ten_profiles_a_minute_never_meets_it() -> None:
    assert limits.PEOPLE.burst >= 600
    assert limits.PEOPLE.rate * 60 >= 10


def test_what_nobody_took_from_for_a_day_is_put_away() -> None:
    may_pass(SMALL, "amara")
    may_pass(SMALL, "bushra")
    Bucket.objects.filter(name="small:amara").update(filled_at=F("filled_at") - timedelta(days=2))
    tidy(at=timezone.now())
    assert [bucket.name for bucket in Bucket.objects.all()] == ["small:bushra"]


def test_B13_a_visitor_reads_the_api_only_so_fast_and_pages_freely(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "API_VISITORS", SMALL)
    assert [client.get("/api/v1/do").status_code for _try in range(4)][-1] == 429
    assert {client.get("/do").status_code for _try in range(10)} == {200}


def test_A24_a_header_that_anybody_can_write_changes_nothing(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "WRITES", SMALL)
    statuses = [
        client.post("/do", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code for number in range(4)
    ]
    assert statuses[-1] == 429


def test_A24_behind_a_proxy_everybody_has_a_bucket_of_their_own(
    client: Client, monkeypatch: Any, settings: Any
) -> None:
    settings.GUILDHALL_TRUSTED_PROXIES = 1
    monkeypatch.setattr(limits, "WRITES", SMALL)

    def post(*said: str) -> int:
        return client.post("/do", headers={"X-Forwarded-For": ", ".join(said)}).status_code

    assert [post("192.0.2.1") for _try in range(4)] == [200, 200, 200, 429]
    assert [post(f"10.0.0.{number}", "192.0.2.1") for number in range(4)] == [429] * 4
    assert post("192.0.2.1", "192.0.2.2") == 200
