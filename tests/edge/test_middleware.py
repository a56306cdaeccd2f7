"""The edge as a request meets it: who, when, in which language, and what becomes of a refusal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from django.utils import timezone, translation

from guildhall.kernel.errors import NotFound, Refusal, Stale, Unfit
from tests.cast import a_person

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class TooSmall(Unfit):
    code = "too_small"


def show(request: Any) -> JsonResponse:
    return JsonResponse(
        {
            "person": request.person and request.person.name,
            "at": request.at.isoformat(),
            "locale": request.locale,
            "spoken": translation.get_language(),
            "zone": timezone.get_current_timezone_name(),
            "scopes": None if request.scopes is None else sorted(request.scopes),
        }
    )


def refuse(request: HttpRequest, how: str) -> HttpResponse:
    raise {
        "stale": Stale("Somebody was quicker."),
        "unfit": TooSmall("Your price is below the floor.", field="price", rule="minimum_fixed"),
        "refused": Refusal("Not while a case is open."),
        "gone": NotFound(),
        "missing": Http404(),
        "forbidden": PermissionDenied(),
        "broken": ValueError("the secret inside"),
    }[how]


urlpatterns = [
    path("show", show),
    path("api/v1/show", show),
    path("refuse/<how>", refuse),
    path("api/v1/refuse/<how>", refuse),
]
handler400 = "guildhall.edge.handlers.bad_request"
handler403 = "guildhall.edge.handlers.forbidden"
handler404 = "guildhall.edge.handlers.not_found"
handler500 = "guildhall.edge.handlers.broken"


def test_a_visitor_is_nobody_at_this_instant(client: Client) -> None:
    before = datetime.now(tz=UTC)
    seen = client.get("/show").json()
    assert seen["person"] is None
    assert before <= datetime.fromisoformat(seen["at"]) <= datetime.now(tz=UTC)
    assert seen["locale"] == seen["spoken"] == "en"


def test_a_visitor_is_answered_in_the_language_of_their_browser(client: Client) -> None:
    assert client.get("/show", headers={"accept-language": "ur, en;q=0.5"}).json()["locale"] == "ur"


def test_a_person_is_answered_in_their_own_language_and_zone(client: Client) -> None:
    bushra = a_person("Bushra")
    type(bushra).objects.filter(pk=bushra.pk).update(language="ur", timezone="Asia/Karachi")
    client.force_login(bushra)
    seen = client.get("/show", headers={"accept-language": "en"}).json()
    assert (seen["person"], seen["spoken"], seen["zone"]) == ("Bushra", "ur", "Asia/Karachi")
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_zone_that_is_gone_does_not_lock_anybody_out(client: Client) -> None:
    bushra = a_person("Bushra")
    type(bushra).objects.filter(pk=bushra.pk).update(timezone="Mars/Olympus")
    client.force_login(bushra)
    assert client.get("/show").json()["zone"] == "UTC"


def test_A06_somebody_put_out_of_the_hall_is_nobody_at_once(client: Client) -> None:
    eve = a_person("Eve")
    client.force_login(eve)
    type(eve).objects.filter(pk=eve.pk).update(is_active=False)
    assert client.get("/show").json()["person"] is None


@pytest.mark.parametrize(
    ("how", "status"),
    [("stale", 409), ("unfit", 422), ("refused", 409), ("gone", 404), ("missing", 404), ("forbidden", 403)],
)
def test_what_a_view_raises_becomes_a_page_or_a_problem(client: Client, how: str, status: int) -> None:
    page = client.get(f"/refuse/{how}")
    assert page.status_code == status
    assert page["Content-Type"].startswith("text/html")
    problem = client.get(f"/api/v1/refuse/{how}")
    assert problem.status_code == status
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == status


def test_a_refusal_names_its_sentence_field_and_rule(client: Client) -> None:
    assert client.get("/api/v1/refuse/unfit").json() == {
        "type": "about:blank",
        "title": "That does not fit the rules",
        "status": 422,
        "detail": "Your price is below the floor.",
        "code": "too_small",
        "rule": "minimum_fixed",
        "errors": [{"field": "price", "detail": "Your price is below the floor."}],
    }
    page = client.get("/refuse/unfit").content.decode()
    assert "Your price is below the floor." in page
    assert 'href="/rules#minimum_fixed"' in page


@pytest.mark.parametrize("address", ["/refuse/broken", "/api/v1/refuse/broken"])
def test_a_bug_says_nothing_about_the_inside(client: Client, address: str) -> None:
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert b"ValueError" not in response.content


def test_an_address_that_does_not_exist_is_a_designed_404(client: Client) -> None:
    assert "There is nothing here" in client.get("/no/such/page").content.decode()
    assert client.get("/api/v1/no/such").json()["code"] == "not_found"


def test_A24_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    response = client.get("/show", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil.example" not in response.content


def test_text_that_no_table_can_hold_is_refused_at_the_door(client: Client) -> None:
    assert client.get("/show?words=%00").status_code == 400
    assert client.get("/api/v1/show?words=a%00b").json()["code"] == "malformed"


def test_D12_a_form_from_elsewhere_is_refused(settings: Any) -> None:
    settings.CSRF_FAILURE_VIEW = "guildhall.edge.handlers.csrf_failed"
    response = Client(enforce_csrf_checks=True).post("/show")
    assert response.status_code == 403
    assert "grown old" in response.content.decode()


def test_D18_a_body_beyond_the_limit_is_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    client.force_login(a_person("Eve"))
    response = client.post("/show", {"title": "x" * 100})
    assert response.status_code == 413


def test_nothing_private_is_kept_by_a_cache_and_nothing_is_told_by_an_etag(client: Client) -> None:
    assert client.get("/show")["Cache-Control"] == "private, no-cache"
    client.force_login(a_person("Amara"))
    response = client.get("/show")
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response


@pytest.mark.parametrize("size", [300 * 2**20, 10**12, 10**30])
def test_D14_a_body_beyond_all_files_is_turned_away_unread(client: Client, size: int) -> None:
    client.force_login(a_person("Eve"))
    response = client.generic("POST", "/show", b"x", CONTENT_LENGTH=str(size))
    assert response.status_code == 413


def test_D14_files_are_for_people_to_send(client: Client) -> None:
    response = client.generic("POST", "/api/v1/show", b"x", CONTENT_LENGTH=str(6 * 2**20))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language", "anything"])
def test_D18_a_cookie_that_no_table_can_hold_is_refused(client: Client, name: str) -> None:
    client.raise_request_exception = False
    response = client.get("/show", headers={"cookie": f'{name}="12345678\\000"'})
    assert response.status_code == 400


@pytest.mark.parametrize("days", [-400, 400])
def test_E11_what_is_written_bears_the_databases_time(
    client: Client, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    right = datetime.now(tz=UTC)
    wrong = right + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    for method in ("post", "put", "patch", "delete"):
        at = datetime.fromisoformat(getattr(client, method)("/show").json()["at"])
        assert abs(at - right) < timedelta(seconds=60), method
    assert datetime.fromisoformat(client.get("/show").json()["at"]) == wrong
