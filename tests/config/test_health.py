"""What watches over a hall asks two addresses; they say no more than they must."""

import pytest
from django.db import connection
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["its line is cut", "it does not answer"])
def test_without_its_database_the_hall_lives_and_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    connection.ensure_connection()
    with monkeypatch.context() as patch:
        if what == "its line is cut":
            connection.connection.close()
        else:
            connection.close()
            patch.setitem(connection.settings_dict, "PORT", "1")
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
        connection.close()
    assert (answer.status_code, answer.json()) == (503, {"database": False})


@pytest.mark.django_db
def test_a_sample_hall_is_not_ready_before_its_year_was_played(client: Client, settings: object) -> None:
    settings.GUILDHALL_KIND = "demo"  # type: ignore[attr-defined]
    assert client.get("/readyz").json()["sample"] is False
