"""The matrix of authority: every page and every operation has its line here, and what the line says holds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.api.root import api
from guildhall.edge.models import Bucket
from guildhall.kernel.errors import Unfit
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from guildhall.people.rules import SCOPES
from tests.edge.inventory import (
    SAMPLES,
    Address,
    a_hall_with_one_of_everything,
    fields_of_bodies,
    operations,
    pages,
)
from tests.edge.matrix import (
    API,
    ENTRANCE,
    HIDDEN,
    JUDGES,
    MINE,
    OPEN,
    OPERATORS,
    PAGES,
    SECRET,
    SIGN_IN,
    SIGNED,
    STEPS,
    THEIRS,
    WHO,
)
from tests.web.visiting import by

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(amara: Person, bushra: Person, dalia: Person, olga: Person) -> dict[str, Any]:
    return a_hall_with_one_of_everything(amara, bushra, dalia, olga, at=timezone.now())


def doors(things: dict[str, Any], *who: str) -> Iterator[tuple[Address, str, str]]:
    """The pages for these, each with its address and with every way to knock that it knows."""
    for address in pages():
        if WHO.get(address.name) in who:
            Bucket.objects.all().delete()
            url = address.path.format_map(things)
            for method in ways(url):
                yield address, url, method


def ways(url: str) -> list[str]:
    """How one may knock at a page, as it says itself; a sign of life says nothing and is only read."""
    allowed = by(None).options(url).headers.get("Allow", "GET").split(", ")
    return [method for method in ("GET", "POST") if method in allowed]


def calls(*who: str) -> Iterator[tuple[Address, bytes, str]]:
    """The operations for these, each with a body that fits and the scopes that it needs."""
    fields = fields_of_bodies(api)
    for address in operations():
        allowed, scopes = API.get(address.name, (None, ""))
        if allowed in who:
            Bucket.objects.all().delete()
            said = {name: SAMPLES.get(name, "Some words") for name in fields[address.name]}
            if address.name.endswith("/changes"):
                said = {"items": {"1": "Larger."}, "note": ""}
            yield address, json.dumps(said).encode() if said else b"", scopes


def call(client: Client, address: Address, things: dict[str, Any], body: bytes, **headers: str) -> Any:
    url = address.path.format_map(things)
    return client.generic(address.method, url, body, content_type="application/json", headers=headers)


def test_P1_every_page_and_every_operation_has_its_line() -> None:
    assert {address.name for address in pages()} == set(WHO)
    assert {address.name for address in operations()} == set(API)
    assert len(WHO) == sum(len(names.split()) for names in PAGES.values()), "a page stands in two lines"


def test_P1_a_visitor_sees_what_is_open_and_signs_in_for_the_rest(things: dict[str, Any]) -> None:
    visitor = by(None)
    for address, url, method in doors(things, MINE, THEIRS, JUDGES, OPERATORS):
        answer = visitor.generic(method, url)
        assert answer.status_code == 302, (method, address.name)
        assert answer["Location"].startswith(SIGN_IN), (method, address.name)
    for address, url, method in doors(things, OPEN, SECRET):
        if method == "GET":
            assert visitor.get(url).status_code == (503 if address.name == "readyz" else 200), address.name
    for address, url, method in doors(things, HIDDEN):
        assert visitor.generic(method, url).status_code == 404, address.name
    for address, url, _method in doors(things, SIGNED):
        assert visitor.post(url).status_code == 400, address.name


def test_P1_a_page_turns_every_other_way_to_knock_away(things: dict[str, Any], eve: Person) -> None:
    for address in pages():
        Bucket.objects.all().delete()
        url = address.path.format_map(things)
        known = ways(url)
        assert known, address.name
        for method in {"GET", "POST"} - set(known):
            if address.name not in {"livez", "readyz", *STEPS}:  # the first two answer whoever asks
                for person in (None, eve):
                    assert by(person).generic(method, url).status_code == 405, (method, address.name)


def test_A16_a_step_that_nobody_began_leads_back(things: dict[str, Any], eve: Person) -> None:
    assert set(STEPS) == set(PAGES[ENTRANCE].split())
    for address in pages():
        if address.name in STEPS:
            Bucket.objects.all().delete()
            told = []
            for person, method in ((None, "GET"), (None, "POST"), (eve, "GET"), (eve, "POST")):
                answer = by(person).generic(method, address.path)
                told.append(
                    answer["Location"].partition("?")[0] if answer.status_code == 302 else answer.status_code
                )
            assert tuple(told) == STEPS[address.name], address.name


def test_P1_a_program_without_a_token_is_told_to_sign_in(things: dict[str, Any]) -> None:
    visitor = Client(enforce_csrf_checks=True)
    for address, body, _scopes in calls(MINE, THEIRS, OPERATORS):
        answer = call(visitor, address, things, body)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), address.name
    for address, body, _scopes in calls(OPEN, HIDDEN):
        answer = call(visitor, address, things, body)
        assert answer.status_code == (200 if API[address.name][0] == OPEN else 404), address.name


@pytest.mark.parametrize("stranger", ["eve", "olga"])
def test_A11_what_is_not_yours_is_not_there(
    things: dict[str, Any], stranger: str, request: pytest.FixtureRequest
) -> None:
    """Neither for a stranger nor for an operator, who runs the hall and owns nobody's things."""
    inside = by(request.getfixturevalue(stranger))
    for address, url, method in doors(things, THEIRS, HIDDEN, JUDGES):
        assert inside.generic(method, url).status_code == 404, (method, address.name)
    for address, body, _scopes in calls(THEIRS, HIDDEN):
        assert call(inside, address, things, body).status_code == 404, address.name


def test_P1_what_is_everybodys_own_is_there_for_eve(things: dict[str, Any], eve: Person) -> None:
    inside = by(eve)
    others = {"home": 302, "readyz": 503}  # who is signed in is led to their work; no worker runs in a test
    for address, url, method in doors(things, MINE, OPEN):
        if method == "GET":
            assert inside.get(url).status_code == others.get(address.name, 200), address.name


def test_A07_the_operators_pages_are_there_for_operators_alone(
    things: dict[str, Any], eve: Person, dalia: Person, olga: Person
) -> None:
    for address, url, method in doors(things, OPERATORS):
        for person in (eve, dalia):
            assert by(person).generic(method, url).status_code == 404, (method, address.name)
        assert by(olga).generic(method, url).status_code not in {401, 403, 404}, (method, address.name)


def test_A07_the_operators_operations_are_there_for_operators_alone(
    things: dict[str, Any], eve: Person, dalia: Person, olga: Person
) -> None:
    """By session and by a token with the scope; a former operator's token opens nothing any more."""
    secret = create_token(by=olga, name="Script", scopes=["operate"], at=timezone.now())[1]
    program = {"authorization": f"Bearer {secret}"}
    less = create_token(by=olga, name="Less", scopes=set(SCOPES) - {"operate"}, at=timezone.now())[1]
    for address, body, _scopes in calls(OPERATORS):
        for person in (eve, dalia):
            assert call(by(person), address, things, body).status_code == 404, address.name
        refused = call(Client(), address, things, body, authorization=f"Bearer {less}")
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope"), address.name
        answer = call(Client(), address, things, body, **program)
        assert answer.status_code not in {401, 403, 404, 422}, (address.name, answer.content)
    Person.objects.filter(pk=olga.pk).update(is_operator=False)
    for address, body, _scopes in calls(OPERATORS):
        assert call(Client(), address, things, body, **program).status_code == 404, address.name
    with pytest.raises(Unfit):
        create_token(by=eve, name="Mine", scopes=["operate"], at=timezone.now())


def test_A07_an_adjudicator_comes_to_a_case_and_no_further(things: dict[str, Any], dalia: Person) -> None:
    judge = by(dalia)
    for address, url, method in doors(things, JUDGES):
        status = judge.generic(method, url).status_code
        assert status not in {401, 403, 404}, (method, address.name)
    of_cases = {"contracts:case", "contracts:case_messages", "contracts:offers", "contracts:case_withdrawal"}
    of_cases |= {"contracts:file"}  # once a case is taken, what was delivered for it
    for address, url, method in doors(things, THEIRS):
        if address.name not in of_cases:
            assert judge.generic(method, url).status_code == 404, (method, address.name)


def test_P1_a_token_does_what_its_scopes_say(things: dict[str, Any], eve: Person) -> None:
    secrets = {
        lacking: create_token(
            by=eve, name=lacking, scopes=set(SCOPES) - {lacking, "operate"}, at=timezone.now()
        )[1]
        for lacking in (*SCOPES, "nothing")
    }
    program = Client()
    for address, body, scopes in calls(MINE, THEIRS):
        for lacking, secret in secrets.items():
            answer = call(program, address, things, body, authorization=f"Bearer {secret}")
            refused = answer.status_code == 403 and answer.json()["code"] == "missing_scope"
            expected = lacking in scopes.split() or scopes == "no token at all"
            files = address.name == "POST /files"  # whose body is none here, and is looked at first
            assert refused == expected or files, (address.name, lacking, answer.content)


def test_P1_a_token_that_may_not_read_sees_what_a_visitor_sees(
    things: dict[str, Any], amara: Person, bushra: Person
) -> None:
    owners = {"job_id": amara, "handle": bushra}
    all_but_reading = set(SCOPES) - {"read", "operate"}
    program = Client()
    for address, body, _scopes in calls(HIDDEN):
        owner = next(person for thing, person in owners.items() if f"{{{thing}}}" in address.path)
        for scopes, status in ((["read"], 200), (all_but_reading, 404)):
            secret = create_token(by=owner, name="program", scopes=scopes, at=timezone.now())[1]
            answer = call(program, address, things, body, authorization=f"Bearer {secret}")
            assert answer.status_code == status, (address.name, scopes)


def test_P1_what_is_described_is_what_is_asked() -> None:
    described = api.get_openapi_schema()["paths"]
    for address in operations():
        operation = described[address.path][address.method.lower()]
        allowed, scopes = API[address.name]
        assert ("security" in operation) == (allowed in {MINE, THEIRS, OPERATORS}), address.name
        if scopes != "no token at all":
            assert operation.get("x-scope", "").split() == scopes.split(), address.name


def test_D12_no_write_is_taken_from_a_page_of_somebody_else(things: dict[str, Any], amara: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(amara)
    for address in pages():
        if WHO.get(address.name) != SIGNED:
            assert browser.post(address.path.format_map(things)).status_code == 403, address.name
    for address, body, _scopes in calls(MINE, THEIRS):
        if address.method != "GET":
            answer = call(browser, address, things, body)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), address.name
