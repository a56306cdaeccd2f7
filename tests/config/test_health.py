"""What watches over a hall asks two addresses; they say no more than they must."""

import pytest
from django.test import Client

from guildhall.insights.signs import show_worker_alive
from guildhall.search.actions import rebuild_index


@pytest.mark.django_db
def test_livez_answers_whatever_the_rest_does(client: Client) -> None:
    answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db(transaction=True)
def test_readyz_says_which_part_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "migrated": True, "worker": False, "search": False}
    show_worker_alive()
    rebuild_index()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json().values()) == {True}


@pytest.mark.django_db
def test_a_sample_hall_is_not_ready_before_its_year_was_played(client: Client, settings: object) -> None:
    settings.GUILDHALL_KIND = "demo"  # type: ignore[attr-defined]
    assert client.get("/readyz").json()["sample"] is False
