"""The matrix of authority: every page and every operation has its line here, and what the line says holds."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.api.root import api
from guildhall.edge.models import Bucket
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
from tests.web.visiting import by

pytestmark = pytest.mark.django_db

OPEN = "everybody"
HIDDEN = "everybody, where its owner shows it"
SECRET = "whoever knows its address"
SIGNED = "a machine that signs what it says"
ENTRANCE = "the sign-in library: whoever is at that step"
MINE = "whoever is signed in, of their own"
THEIRS = "those whom the thing concerns"
JUDGES = "adjudicators"
OPERATORS = "operators"

PAGES: Final = {
    OPEN: "livez readyz home help rules money:books styleguide jobs:jobs talent:people people:language",
    HIDDEN: "jobs:job talent:profile",
    SECRET: "money:practice_bank people:set_up",
    SIGNED: "money:notices",
    ENTRANCE: (
        "account_signup account_login account_request_login_code account_confirm_login_code account_logout"
        " account_inactive account_reauthenticate account_email account_email_verification_sent"
        " account_change_password account_set_password account_reset_password"
        " account_confirm_password_reset_code account_complete_password_reset"
        " account_password_reset_completed"
    ),
    MINE: (
        "jobs:new jobs:mine jobs:sent talent:own contracts:work money:wallet money:statement_file"
        " money:months money:month_file"
        " money:deposits money:payouts money:account people:account people:editing people:tokens"
        " people:records people:take_out notices:notices notices:readings"
    ),
    THEIRS: (
        "jobs:edit jobs:opening jobs:closing jobs:offer jobs:proposal jobs:withdrawal jobs:refusal"
        " jobs:shortlist jobs:acceptance jobs:conversation contracts:room contracts:messages contracts:terms"
        " contracts:ending contracts:feedback contracts:funding contracts:delivery contracts:changes"
        " contracts:approval contracts:refund contracts:refund_asked contracts:refund_withdrawal"
        " contracts:contesting contracts:case contracts:case_messages contracts:offers"
        " contracts:offer_acceptance contracts:case_withdrawal contracts:file people:token_ending"
        " notices:notice"
    ),
    JUDGES: "contracts:cases contracts:taking contracts:ruling",
    OPERATORS: (
        "operator:overview operator:rules operator:rule operator:people operator:person operator:log"
        " operator:log_csv operator:stuck operator:event_trial operator:letter_trial operator:payouts"
        " operator:payout_opening operator:payout_batch operator:payout_file operator:payout_sending"
        " operator:payout_arrivals operator:payout_settlement operator:payout_return"
    ),
}
WHO: Final = {name: who for who, names in PAGES.items() for name in names.split()}
"""Who may come to a page, by its name."""

API: Final = {
    "GET /": (OPEN, ""),
    "GET /jobs": (OPEN, ""),
    "GET /jobs/{job_id}": (HIDDEN, ""),
    "GET /jobs/{job_id}/client/feedback": (HIDDEN, ""),
    "GET /skills": (OPEN, ""),
    "GET /books/heads": (OPEN, ""),
    "GET /talent": (OPEN, ""),
    "GET /talent/{handle}": (HIDDEN, ""),
    "GET /talent/{handle}/feedback": (HIDDEN, ""),
    "GET /jobs/mine": (MINE, "read"),
    "POST /jobs": (MINE, "jobs"),
    "PATCH /jobs/{job_id}": (THEIRS, "jobs"),
    "POST /jobs/{job_id}/opening": (THEIRS, "jobs"),
    "POST /jobs/{job_id}/closing": (THEIRS, "jobs"),
    "GET /jobs/{job_id}/proposals": (THEIRS, "read"),
    "POST /jobs/{job_id}/proposals": (THEIRS, "work"),
    "GET /proposals": (MINE, "read"),
    "GET /proposals/{proposal_id}": (THEIRS, "read"),
    "PATCH /proposals/{proposal_id}": (THEIRS, "work"),
    "POST /proposals/{proposal_id}/withdrawal": (THEIRS, "work"),
    "POST /proposals/{proposal_id}/refusal": (THEIRS, "jobs"),
    "POST /proposals/{proposal_id}/shortlist": (THEIRS, "jobs"),
    "GET /proposals/{proposal_id}/terms": (THEIRS, "read"),
    "POST /proposals/{proposal_id}/acceptance": (THEIRS, "jobs money"),
    "GET /contracts": (MINE, "read"),
    "GET /contracts/{contract_id}": (THEIRS, "read"),
    "GET /contracts/{contract_id}/terms": (THEIRS, "read"),
    "GET /contracts/{contract_id}/ending": (THEIRS, "read"),
    "POST /contracts/{contract_id}/ending": (THEIRS, "money"),
    "GET /contracts/{contract_id}/messages": (THEIRS, "read"),
    "POST /contracts/{contract_id}/messages": (THEIRS, "work"),
    "GET /contracts/{contract_id}/refunds": (THEIRS, "read"),
    "GET /contracts/{contract_id}/feedback": (THEIRS, "read"),
    "PUT /contracts/{contract_id}/feedback": (THEIRS, "work"),
    "GET /milestones/{milestone_id}": (THEIRS, "read"),
    "POST /milestones/{milestone_id}/funding": (THEIRS, "money"),
    "GET /milestones/{milestone_id}/deliveries": (THEIRS, "read"),
    "POST /milestones/{milestone_id}/deliveries": (THEIRS, "work"),
    "GET /milestones/{milestone_id}/refunds": (THEIRS, "read"),
    "POST /milestones/{milestone_id}/refunds": (THEIRS, "money"),
    "POST /milestones/{milestone_id}/cases": (THEIRS, "money"),
    "POST /deliveries/{delivery_id}/changes": (THEIRS, "work"),
    "POST /deliveries/{delivery_id}/approval": (THEIRS, "money"),
    "GET /refunds/{refund_id}": (THEIRS, "read"),
    "POST /refunds/{refund_id}/answer": (THEIRS, "money"),
    "POST /refunds/{refund_id}/withdrawal": (THEIRS, "money"),
    "GET /cases": (MINE, "read"),
    "GET /cases/{case_id}": (THEIRS, "read"),
    "GET /cases/{case_id}/messages": (THEIRS, "read"),
    "POST /cases/{case_id}/messages": (THEIRS, "work"),
    "GET /cases/{case_id}/offers": (THEIRS, "read"),
    "POST /cases/{case_id}/offers": (THEIRS, "money"),
    "POST /cases/{case_id}/withdrawal": (THEIRS, "money"),
    "POST /cases/{case_id}/taking": (THEIRS, "work"),
    "POST /cases/{case_id}/ruling": (THEIRS, "work"),
    "POST /offers/{offer_id}/acceptance": (THEIRS, "money"),
    "POST /files": (MINE, "work"),
    "GET /files/{file_id}": (THEIRS, "read"),
    "GET /money": (MINE, "read"),
    "GET /money/statement": (MINE, "read"),
    "GET /money/months": (MINE, "read"),
    "GET /money/months/{month}": (MINE, "read"),
    "GET /money/deposits": (MINE, "read"),
    "POST /money/deposits": (MINE, "money"),
    "GET /money/deposits/{deposit_id}": (THEIRS, "read"),
    "GET /money/payouts": (MINE, "read"),
    "POST /money/payouts": (MINE, "money"),
    "GET /money/payouts/{payout_id}": (THEIRS, "read"),
    "GET /money/account": (MINE, "read"),
    "PUT /money/account": (MINE, "money"),
    "GET /profile": (MINE, "read"),
    "PUT /profile": (MINE, "work"),
    "GET /me": (MINE, "read"),
    "PATCH /me": (MINE, "work"),
    "GET /me/tokens": (MINE, "read"),
    "POST /me/tokens": (MINE, "no token at all"),
    "DELETE /me/tokens/{token_id}": (THEIRS, "work"),
    "GET /me/records": (MINE, "read"),
    "GET /notices": (MINE, "read"),
    "POST /notices/readings": (MINE, "work"),
}
"""Who may call an operation, and the scopes that a token needs for it."""


SIGN_IN = "/account/sign-in"
STEPS: Final = {
    # the step: what a visitor is told who knocks with GET and with POST, and what Eve is told who is inside
    "account_signup": (200, 422, "/", "/"),
    "account_login": (200, 422, "/", "/"),
    "account_request_login_code": (200, 422, "/", "/"),
    "account_confirm_login_code": (f"{SIGN_IN}/code", f"{SIGN_IN}/code", "/", "/"),
    "account_logout": ("/", "/", 200, "/"),
    "account_inactive": (200, 405, 200, 405),
    "account_reauthenticate": (SIGN_IN, SIGN_IN, 403, 403),  # Eve has no password to say once more
    "account_email": (SIGN_IN, SIGN_IN, 200, "/account/address"),
    "account_email_verification_sent": (SIGN_IN, SIGN_IN, "/account/address", "/account/address"),
    "account_change_password": (SIGN_IN, SIGN_IN, "/account/password/first", "/account/password/first"),
    "account_set_password": (SIGN_IN, SIGN_IN, 200, 422),
    "account_reset_password": (200, 422, 200, 422),
    "account_confirm_password_reset_code": (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN),
    "account_complete_password_reset": ("/account/password/lost",) * 4,
    "account_password_reset_completed": (200, 405, 200, 405),
}
"""What the entrance says to those who have begun nothing: a status, or where it leads back to."""


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
    for address, body, _scopes in calls(MINE, THEIRS):
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
        lacking: create_token(by=eve, name=lacking, scopes=set(SCOPES) - {lacking}, at=timezone.now())[1]
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
    program = Client()
    for address, body, _scopes in calls(HIDDEN):
        owner = next(person for thing, person in owners.items() if f"{{{thing}}}" in address.path)
        for scopes, status in ((["read"], 200), (set(SCOPES) - {"read"}, 404)):
            secret = create_token(by=owner, name="program", scopes=scopes, at=timezone.now())[1]
            answer = call(program, address, things, body, authorization=f"Bearer {secret}")
            assert answer.status_code == status, (address.name, scopes)


def test_P1_what_is_described_is_what_is_asked() -> None:
    described = api.get_openapi_schema()["paths"]
    for address in operations():
        operation = described[address.path][address.method.lower()]
        allowed, scopes = API[address.name]
        assert ("security" in operation) == (allowed in {MINE, THEIRS}), address.name
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
