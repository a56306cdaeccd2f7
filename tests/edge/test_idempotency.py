"""Once means once: the same key never has two effects."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import path

from guildhall.edge.models import KeptReply
from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.people.actions import create_token
from tests.cast import NOW, a_person

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
_both_are_here = threading.Barrier(2)


def do(request: Any) -> HttpResponse:
    """A verb whose effect can be counted and whose answer tells one effect from another."""
    event = record_event(
        "thing.done", subject=new_id(), by=request.person and request.person.pk, at=request.at
    )
    if request.POST.get("fail") == "refused":
        raise Unfit("That does not fit.")
    if request.POST.get("fail") == "shown":
        return HttpResponse("not so", status=422)
    if request.POST.get("fail") == "broken":
        raise ValueError
    return JsonResponse({"event": str(event.pk)}, status=201, headers={"Location": f"/things/{event.pk}"})


def do_slowly(request: Any) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.3)")
    return do(request)


urlpatterns = [path("do", do), path("do/other", do), path("do/slowly", do_slowly), path("api/v1/do", do)]
handler500 = "guildhall.edge.handlers.broken"


@pytest.fixture
def inside(client: Client, amara: Any) -> Client:
    client.force_login(amara)
    return client


def effects() -> int:
    return Event.objects.filter(name="thing.done").count()


def test_C04_the_second_try_gets_the_first_answer(inside: Client) -> None:
    asked = {"amount": "10.00", "idempotency_key": "k1"}
    first, second = inside.post("/do", asked), inside.post("/do", asked)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["Location"] == second["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert effects() == 1


def test_without_a_key_every_try_is_its_own(inside: Client) -> None:
    assert inside.post("/do").content != inside.post("/do").content
    assert effects() == 2


def test_the_header_serves_as_well_as_the_field(inside: Client) -> None:
    for _try in range(3):
        inside.post(
            "/api/v1/do",
            '{"amount": "1.00"}',
            content_type="application/json",
            headers={"Idempotency-Key": '"k"'},
        )
    assert effects() == 1


def test_C04_a_key_never_grows_old(inside: Client) -> None:
    first = inside.post("/do", {"idempotency_key": "k"})
    KeptReply.objects.update(at=NOW - timedelta(days=4000))
    assert inside.post("/do", {"idempotency_key": "k"}).content == first.content


@pytest.mark.parametrize(
    "other",
    [
        {"data": {"amount": "10.01", "to": "bushra"}},
        {"data": {"amount": "10.00", "to": "eve"}},
        {"data": {"amount": "10.00"}},
        {"data": {"amount": ["10.00", "10.00"], "to": "bushra"}},
        {"data": {"amount": "10.00", "to": "bushra", "currency": "JPY"}},
        {"data": {"amount": "10.00", "to": "bushra"}, "query_params": {"currency": "JPY"}},
        {"data": "{}", "content_type": "application/json"},
        {"data": {"amount": "10.00", "to": "bushra", "file": "f"}},
    ],
)
def test_C03_the_same_key_for_something_else_is_refused(inside: Client, other: dict[str, Any]) -> None:
    inside.post("/do", {"amount": "10.00", "to": "bushra", "idempotency_key": "k"})
    response = inside.post("/do", headers={"Idempotency-Key": "k"}, **other)
    assert response.status_code == 422
    assert effects() == 1


@pytest.mark.parametrize("method", ["put", "patch", "post"])
def test_C03_json_that_calls_itself_a_form_is_read_byte_by_byte(inside: Client, method: str) -> None:
    def ask(body: str) -> int:
        form = "application/x-www-form-urlencoded"  # what some programs say when they are told nothing
        ask_so = getattr(inside, method)
        headers = {"Idempotency-Key": "k"}
        status: int = ask_so("/api/v1/do", body, content_type=form, headers=headers).status_code
        return status

    assert [ask('{"a": "1+1"}'), ask('{"a": "1+1"}'), ask('{"a": "1 1"}'), ask('{"a": "2"}')] == [
        *(201, 201, 422, 422)
    ]
    assert effects() == 1


def test_C03_no_end_of_the_address_passes_for_the_beginning_of_the_body(inside: Client) -> None:
    def ask(url: str, body: str) -> int:
        response = inside.post(url, body, content_type="text/plain", headers={"Idempotency-Key": "k"})
        return response.status_code

    assert [ask("/api/v1/do?sum=1", "23"), ask("/api/v1/do?sum=12", "3")] == [201, 422]


def test_C03_a_token_that_may_less_reads_no_other_tokens_answer(client: Client, amara: Any) -> None:
    def ask(*scopes: str) -> Any:
        _token, secret = create_token(by=amara, name="trial", scopes=scopes, at=NOW)
        headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {secret}"}
        return client.post("/api/v1/do", "{}", content_type="application/json", headers=headers)

    first = ask("read", "money")
    assert ask("read").status_code == 422
    assert ask("money", "read").content == first.content


def test_C03_a_file_is_part_of_what_is_asked(inside: Client) -> None:
    def post(content: bytes) -> int:
        file = SimpleUploadedFile("sign.svg", content)
        return inside.post("/do", {"idempotency_key": "k", "file": file}).status_code

    assert [post(b"one"), post(b"one"), post(b"two")] == [201, 201, 422]
    assert effects() == 1


def test_C03_a_key_belongs_to_one_person_and_one_address(inside: Client) -> None:
    inside.post("/do", {"idempotency_key": "k"})
    inside.post("/do/other", {"idempotency_key": "k"})
    eve = Client()
    eve.force_login(a_person("Eve"))
    eve.post("/do", {"idempotency_key": "k"})
    assert effects() == 3


def test_the_guard_against_forged_forms_is_not_part_of_what_is_asked(inside: Client) -> None:
    for token in ("one", "two"):
        inside.post("/do", {"idempotency_key": "k", "csrfmiddlewaretoken": token})
    assert effects() == 1


@pytest.mark.parametrize("how", ["refused", "broken"])
def test_what_was_refused_left_nothing_and_may_be_tried_again(inside: Client, how: str) -> None:
    inside.raise_request_exception = False
    status = {"refused": 422, "broken": 500}[how]
    assert inside.post("/do", {"idempotency_key": "k", "fail": how}).status_code == status
    assert effects() == 0
    assert inside.post("/do", {"idempotency_key": "k"}).status_code == 201


def test_a_form_shown_again_keeps_no_answer(inside: Client) -> None:
    inside.post("/do", {"idempotency_key": "k", "fail": "shown"})
    assert not KeptReply.objects.exists()


@pytest.mark.parametrize("key", ["k" * 129, "schlüssel"])
def test_a_key_that_is_none_is_refused(inside: Client, key: str) -> None:
    assert inside.post("/do", {"idempotency_key": key}).status_code == 422
    assert effects() == 0


def test_a_kept_answer_cannot_be_read_in_the_table(inside: Client) -> None:
    answer = inside.post("/do", {"idempotency_key": "k"}).json()["event"]
    assert answer.encode() not in bytes(KeptReply.objects.get().body)


def test_a_kept_answer_under_a_lost_secret_is_still_no_second_effect(inside: Client, settings: Any) -> None:
    inside.post("/do", {"idempotency_key": "k"})
    KeptReply.objects.update(body=b"gAAAAA")
    assert inside.post("/do", {"idempotency_key": "k"}).status_code == 409
    assert effects() == 1


def test_a_visitor_has_no_keys(client: Client) -> None:
    client.post("/do", {"idempotency_key": "k"})
    assert not KeptReply.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_C01_two_at_once_with_one_key_have_one_effect_and_one_answer() -> None:
    amara = a_person("Amara")

    def post(_number: int) -> bytes:
        client = Client()
        client.force_login(amara)
        _both_are_here.wait(timeout=20)
        try:
            return client.post("/do/slowly", {"idempotency_key": "k"}).content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(post, range(2)))
    assert answers[0] == answers[1]
    assert effects() == 1
