"""What banks write, over the API: the pages' verbs, the same refusals."""

import base64
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.config.rails import BankAccount, Rails
from guildhall.payments.models import BankLine
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from tests.builders.bankfiles import HALL_IBAN, Said, camt
from tests.builders.money import a_requested_payout

pytestmark = pytest.mark.django_db
HOME = "/api/v1/operator"


BANK = BankAccount("Gilgit Guildhall", HALL_IBAN, is_iban=True, currencies=("EUR", "USD"))


@pytest.fixture(autouse=True)
def _a_bank(settings: Any) -> None:
    settings.GUILDHALL_RAILS = Rails(bank=BANK)


def program_of(person: Person, *scopes: str) -> Client:
    _token, secret = create_token(by=person, name="trial", scopes=list(scopes), at=timezone.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})


def bring(program: Client, content: bytes) -> Any:
    body = {"name": "may.xml", "content": base64.b64encode(content).decode()}
    return program.post(f"{HOME}/bank/files", body, content_type="application/json")


def test_a_transfer_is_asked_for_and_credited(amara: Person, olga: Person, eve: Person) -> None:
    payer, program = program_of(amara, "read", "money"), program_of(olga, "operate")
    body = {"amount": {"amount": "120.00", "currency": "EUR"}, "rail": "bank"}
    deposit = payer.post("/api/v1/money/deposits", body, content_type="application/json").json()
    transfer = payer.get(f"/api/v1/money/deposits/{deposit['id']}/transfer").json()
    assert (transfer["account"], transfer["amount"]["amount"]) == (HALL_IBAN, "120.00")
    stranger = program_of(eve, "read")
    assert stranger.get(f"/api/v1/money/deposits/{deposit['id']}/transfer").status_code == 404
    content = camt(Said("120.00", transfer["purpose"]), Said("9.00", "who?"))
    file = bring(program, content).json()
    assert (file["state"], file["lines"], file["statements"][0]["closing"]["amount"]) == (
        "booked",
        2,
        "129.00",
    )
    lines = program.get(f"{HOME}/bank/files/{file['id']}/lines").json()["items"]
    assert [each["outcome"] for each in lines] == ["credited", "suspended"]
    again = bring(program, content)
    assert (again.status_code, again.json()["code"]) == (409, "known_file")
    wrong = bring(program, camt(Said("1.00"), closing="2.00"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_a_statement")
    [compared] = program.get(f"{HOME}/bank/comparison").json()
    assert (compared["bank"]["amount"], compared["fits"]) == ("129.00", True)
    [open_line] = program.get(f"{HOME}/bank/lines").json()["items"]
    address = f"{HOME}/bank/lines/{open_line['id']}/explanation"
    done = program.post(address, {"what": "back"}, content_type="application/json").json()
    assert done["purpose"].startswith("RF")
    assert BankLine.objects.get(outcome="known").text == "who?"
    assert program.post(address, {"what": "back"}, content_type="application/json").status_code == 404


def test_a_batch_is_written_as_a_sheet_and_fetched(bushra: Person, olga: Person, settings: Any) -> None:
    settings.GUILDHALL_RAILS = Rails()
    a_requested_payout(bushra, 2_000, timezone.now())
    settings.GUILDHALL_RAILS = Rails(bank=BANK)
    program = program_of(olga, "operate")
    said = {"name": "Karakoram Bank", "columns": "A = account\nS = amount\nR = reference"}
    sheet = program.post(f"{HOME}/sheets", said, content_type="application/json").json()
    assert (sheet["version"], sheet["name"]) == (1, "Karakoram Bank")
    assert program.get(f"{HOME}/sheets").json()["items"][0]["id"] == sheet["id"]
    wrong = program.post(f"{HOME}/sheets", said | {"columns": "A = account"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "columns")
    asked = {"method": "account", "currency": "USD"}
    batch = program.post(f"{HOME}/batches", asked, content_type="application/json").json()
    assert batch["written_as"] == "pain.001.001.09"
    order = program.get(f"{HOME}/batches/{batch['id']}/file")
    assert (order["Content-Type"], b"pain.001.001.09" in order.content) == ("application/xml", True)
    writing = f"{HOME}/batches/{batch['id']}/writing"
    written = program.post(writing, {"sheet": sheet["id"]}, content_type="application/json").json()
    assert written["written_as"] == "Karakoram Bank 1"
    assert program.get(f"{HOME}/batches/{batch['id']}/file").content.startswith(b"A,S,R")


def test_the_columns_are_said_and_read(olga: Person) -> None:
    program = program_of(olga, "operate")
    assert program.get(f"{HOME}/bank/columns").json() is None
    said = {"meanings": {"day": "Date", "amount": "Sum", "fixed": "EUR"}}
    assert program.put(f"{HOME}/bank/columns", said, content_type="application/json").status_code == 200
    assert program.get(f"{HOME}/bank/columns").json()["meanings"]["amount"] == "Sum"
    assert bring(program, b"Date,Sum\n2026-12-01,5.00\n").json()["written_in"].startswith("CSV")
