"""The API's door: who may call, what is refused, and how it is said."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import path
from ninja import Schema, Status

from guildhall.api.auth import BySession, ByToken, needs_scope, person_of
from guildhall.api.problems import CarefulParser, answer_in_problems
from guildhall.api.root import HallAPI, api
from guildhall.api.shapes import Asked, Listing, Sum, listing
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Stale
from guildhall.kernel.models import RuleChange
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.people.actions import tokens
from tests.cast import NOW

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

trial = HallAPI(auth=[ByToken(), BySession()], parser=CarefulParser(), urls_namespace="trial")
answer_in_problems(trial)


class Shown(Schema):
    name: str
    price: Sum


class Offer(Asked):
    name: str
    price: Sum
    days: int = 1


class Change(Schema):
    id: int
    name: str


@trial.get("/open", auth=None)
def read_open(request: HallRequest, number: int = 1) -> dict[str, Any]:
    return {"you": request.person and request.person.name, "number": number}


@trial.get("/mine")
@needs_scope("read")
def read_mine(request: HallRequest) -> dict[str, str]:
    return {"you": person_of(request).name}


@trial.post("/offers", response={201: Shown})
@needs_scope("jobs")
def send_offer(request: HallRequest, asked: Offer) -> Status[Shown]:
    return Status(201, Shown(name=asked.name, price=Sum.of(asked.price.money("price"))))


@trial.post("/stale")
def be_late(request: HallRequest) -> None:
    raise Stale("Somebody was quicker.")


@trial.get("/things/{thing_id}", auth=None)
def read_thing(request: HallRequest, thing_id: UUID) -> None: ...


@trial.get("/changes", response=Listing[Change], auth=None)
def list_changes(request: HallRequest, after: str = "", size: int = 20) -> Listing[Change]:
    rows = page_by_key(RuleChange.objects.all(), by=("-id",), after=after, size=size)
    return listing(rows, lambda row: Change(id=row.pk, name=row.name))


urlpatterns = [path("api/v1/trial/", trial.urls), path("api/v1/", api.urls)]
handler400 = "guildhall.edge.handlers.bad_request"
handler403 = "guildhall.edge.handlers.forbidden"
handler404 = "guildhall.edge.handlers.not_found"
handler500 = "guildhall.edge.handlers.broken"
OFFER = {"name": "Sign", "price": {"amount": "10.00", "currency": "USD"}}


def bearer(person: Any, *scopes: str) -> dict[str, str]:
    _token, secret = tokens.create_token(by=person, name="test", scopes=scopes, at=NOW)
    return {"Authorization": f"Bearer {secret}"}


def post(client: Client, address: str, body: Any, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"/api/v1/trial{address}", text, content_type="application/json", headers=headers)


def test_a_visitor_may_read_what_is_open_and_nothing_else(client: Client) -> None:
    assert client.get("/api/v1/trial/open").json() == {"you": None, "number": 1}
    response = client.get("/api/v1/trial/mine")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "not_signed_in"


def test_a_token_speaks_for_its_person(client: Client, bushra: Any) -> None:
    assert client.get("/api/v1/trial/mine", headers=bearer(bushra, "read")).json() == {"you": "Bushra"}


def test_a_token_may_do_what_its_scopes_say_and_no_more(client: Client, bushra: Any) -> None:
    response = post(client, "/offers", OFFER, **bearer(bushra, "read", "money"))
    assert response.status_code == 403
    assert response.json()["code"] == "missing_scope"
    assert post(client, "/offers", OFFER, **bearer(bushra, "jobs")).status_code == 201


@pytest.mark.parametrize("header", ["Bearer gh_nothing", "Bearer ", "Bearer", "Basic YTpi", "gh_nothing"])
def test_A06_a_token_that_is_none_makes_nobody_even_beside_a_session(
    client: Client, bushra: Any, header: str
) -> None:
    client.force_login(bushra)
    assert client.get("/api/v1/trial/mine", headers={"Authorization": header}).status_code == 401


def test_A06_an_ended_token_stops_at_once(client: Client, bushra: Any) -> None:
    headers = bearer(bushra, "read")
    tokens.end_token(token=tokens_of(bushra), by=bushra, at=NOW)
    assert client.get("/api/v1/trial/mine", headers=headers).status_code == 401


def tokens_of(person: Any) -> Any:
    from guildhall.people.queries import tokens_of as asked  # noqa: PLC0415

    return asked(person).get()


def test_a_browser_may_do_all_that_is_its_persons(client: Client, bushra: Any) -> None:
    client.force_login(bushra)
    assert client.get("/api/v1/trial/mine").json() == {"you": "Bushra"}
    assert post(client, "/offers", OFFER).status_code == 201


def test_D12_a_browsers_write_needs_the_token_against_forged_requests(bushra: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bushra)
    response = post(strict, "/offers", OFFER)
    assert response.status_code == 403
    assert response.json()["code"] == "csrf"
    assert post(strict, "/offers", OFFER, **bearer(bushra, "jobs")).status_code == 201


def test_D13_a_field_that_nobody_asked_for_is_refused(client: Client, bushra: Any) -> None:
    response = post(client, "/offers", {**OFFER, "is_operator": True}, **bearer(bushra, "jobs"))
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"field": "is_operator", "detail": "There is no such field here.", "rule": "extra_forbidden"}
    ]


def test_what_does_not_fit_names_the_field_and_the_rule(client: Client, bushra: Any) -> None:
    body = {"price": {"amount": "10.00"}, "days": "soon"}
    problem = post(client, "/offers", body, **bearer(bushra, "jobs")).json()
    assert problem["status"] == 422
    assert {(error["field"], error["rule"]) for error in problem["errors"]} == {
        ("name", "missing"),
        ("price.currency", "missing"),
        ("days", "int_parsing"),
    }


@pytest.mark.parametrize("amount", ["-1", "0.001", "1e3", "NaN", "１００", "1,000", "+5", "", "9" * 24])
def test_C13_what_is_no_amount_is_refused(client: Client, bushra: Any, amount: str) -> None:
    body = {**OFFER, "price": {"amount": amount, "currency": "USD"}}
    response = post(client, "/offers", body, **bearer(bushra, "jobs"))
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "price"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[1]",
        '{"name": NaN}',
        '{"name": 1e999}',
        '{"name": "a\\u0000b"}',
        '{"name": "\\ud800"}',
        "\x00",
    ],
)
def test_D18_a_body_that_is_no_json_is_refused(client: Client, bushra: Any, body: str) -> None:
    response = post(client, "/offers", body, **bearer(bushra, "jobs"))
    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


def test_D18_json_nested_without_end_is_refused(client: Client, bushra: Any) -> None:
    response = post(client, "/offers", "[" * 100_000, **bearer(bushra, "jobs"))
    assert response.status_code in {400, 422}


def test_a_refusal_inside_an_endpoint_is_a_problem(client: Client, bushra: Any) -> None:
    response = post(client, "/stale", {}, **bearer(bushra, "jobs"))
    assert (response.status_code, response.json()["code"]) == (409, "stale")


def test_what_is_no_id_and_what_is_no_address_are_problems(client: Client) -> None:
    assert client.get("/api/v1/trial/things/1").status_code == 422
    assert client.get("/api/v1/nothing").json()["code"] == "not_found"
    assert client.get("/api/v1/trial/open?number=x").json()["errors"][0]["field"] == "number"


def test_a_list_is_read_to_its_end_by_its_cursor(client: Client) -> None:
    for number in range(5):
        RuleChange.objects.create(name=f"rule{number}", value=1, at=NOW, reason="x")
    first = client.get("/api/v1/trial/changes?size=3").json()
    rest = client.get("/api/v1/trial/changes", {"size": 3, "after": first["next"]}).json()
    assert [row["name"] for row in first["items"] + rest["items"]] == [f"rule{n}" for n in (4, 3, 2, 1, 0)]
    assert rest["next"] == ""
    assert client.get("/api/v1/trial/changes?after=nonsense").status_code == 422


def test_C04_a_key_is_honoured_through_a_token(client: Client, bushra: Any) -> None:
    headers = {**bearer(bushra, "jobs"), "Idempotency-Key": "k"}
    first, second = (post(client, "/offers", OFFER, **headers) for _try in range(2))
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert post(client, "/offers", {**OFFER, "name": "Other"}, **headers).status_code == 422


def test_a_sum_is_shown_as_it_is_read() -> None:
    assert Sum.of(Money(500, "JPY")).money() == Money(500, "JPY")


def test_every_operation_documents_its_problems(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for address, operations in described["paths"].items():
        for method, operation in operations.items():
            stated = set(operation["responses"])
            assert {"400", "404", "422", "429"} <= stated, (method, address)
            if operation.get("security"):
                assert {"401", "403"} <= stated, (method, address)
    assert "Problem" in described["components"]["schemas"]


def test_the_door_says_whom_it_takes_you_for(client: Client, eve: Any) -> None:
    assert client.get("/api/v1/").json()["you"] is None
    seen = client.get("/api/v1/", headers=bearer(eve, "read")).json()
    assert (seen["you"], seen["scopes"]) == ("Eve", ["read"])
